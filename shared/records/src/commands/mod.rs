//! Edits as commands: what people do, checked against what the record says now, written as one change.

mod consultation;
mod desk_work;
mod edits;
mod new_request;
mod refusal;
mod request;
mod resident;
mod visit;

pub use consultation::{ConsultationCommand, NewConsultation, create_consultation, edit_consultation};
pub use desk_work::WAYS;
pub use new_request::{NewRequest, create_request};
pub use refusal::CommandError;
pub use request::{RequestCommand, edit_request};
pub use resident::{NewResident, ResidentCommand, create_resident, edit_resident};
pub use visit::{NewVisit, VisitCommand, create_visit, edit_visit};

use ids::ChainId;

use crate::EntryId;

/// Who acts, when, with which random bytes.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    /// The chain the change will lie in; the automerge actor.
    pub actor: ChainId,
    /// Whether that chain is the centre's.
    pub is_desk: bool,
    /// Login of the officer or clerk, at most 64 bytes.
    pub officer: &'a str,
    /// Device time, milliseconds since 1970.
    pub at: i64,
    /// Fresh random bytes, never used for another act: they name the act's events and notes.
    pub random: [u8; 16],
}

impl Act<'_> {
    /// The id of the act's `place`-th entry; an act has at most four.
    fn entry(&self, place: usize) -> EntryId {
        let mut random = [0; 4];
        random.copy_from_slice(&self.random[place * 4..place * 4 + 4]);
        EntryId::new(self.at, random)
    }

    /// The act's day, `YYYY-MM-DD`, in Kyiv. A clock at 1970 must not make everybody unborn: outside the years
    /// in which anybody acts it is a day before which everybody was born.
    fn today(&self) -> String {
        self.day(0)
    }

    /// The day as many days later, as [`Act::today`].
    fn day(&self, later: i64) -> String {
        let second = jiff::Timestamp::from_millisecond(self.at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let zone = jiff::tz::TimeZone::get("Europe/Kyiv").unwrap_or(jiff::tz::TimeZone::UTC);
        let date = second.to_zoned(zone).date();
        let date = date.saturating_add(jiff::Span::new().days(later));
        if !(2024..2090).contains(&date.year()) {
            return "2090-12-31".to_owned();
        }
        format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_obviously_wrong_makes_nobody_unborn() {
        let act = |at| Act { actor: ChainId::from_bytes([1; 16]), is_desk: false, officer: "o", at, random: [0; 16] };
        assert_eq!(act(1_795_255_200_000).today(), "2026-11-21");
        // Half past midnight in Kyiv is the evening before in Greenwich: who is born today is born.
        assert_eq!(act(1_795_300_200_000).today(), "2026-11-22");
        for odd in [0, -1, 4_070_908_800_000, i64::MAX, i64::MIN] {
            assert_eq!(act(odd).today(), "2090-12-31");
        }
    }
}
