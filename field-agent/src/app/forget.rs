//! «Звільнити валізу»: what is closed and at the centre leaves the laptop, so that who steals it does not find it. By
//! itself after every contact, by the centre's days; earlier if the officer wants it.

use super::{Agent, AppError};
use peer::{Due, Forgotten, KEPT_DAYS, Why};
use records::schema::Kind;
use serde::Serialize;

/// Under this name the database keeps when it was last looked for what may go, ms since 1970 (8).
const LOOKED: &str = "looked for what may go";
/// So often is enough, ms: it reads every request.
const AGAIN: i64 = 3_600_000;
/// So many of what left are shown.
const SHOWN: usize = 100;

/// Something that may leave the suitcase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DueRow {
    /// The number on paper; empty for what has none.
    pub number: String,
    /// Who it is about.
    pub title: String,
    /// What it is: `request`, `resident`, `visit`, `consultation`.
    pub kind: &'static str,
    /// When it was last changed, device time, ms since 1970.
    pub changed: i64,
    /// `old`, `taken_back`.
    pub why: &'static str,
}

/// Something that left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GivenUpRow {
    /// The number on paper; empty for what had none.
    pub number: String,
    /// `old`, `taken_back`, `by_hand`.
    pub why: &'static str,
    /// When, device time, ms since 1970.
    pub at: i64,
}

/// What left and what may leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Room {
    /// For how many days the centre wants held what is closed.
    pub kept_days: u16,
    /// What may leave, by the days that were asked about.
    pub due: Vec<DueRow>,
    /// What left last.
    pub given_up: Vec<GivenUpRow>,
    /// How much left in all.
    pub given_up_total: u64,
    /// Entries of what left whose sealed bytes are still here.
    pub sealed: u64,
    /// Entries of what left whose sealed bytes went as well.
    pub bare: u64,
}

/// The reason's name in JSON and in the keys of phrases.
const fn name(why: Why) -> &'static str {
    match why {
        Why::Old => "old",
        Why::TakenBack => "taken_back",
        Why::ByHand => "by_hand",
    }
}

const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Request => "request",
        Kind::Resident => "resident",
        Kind::Visit => "visit",
        Kind::Consultation => "consultation",
    }
}

impl Agent {
    /// For how many days the centre wants held what is closed.
    pub fn kept_days(&self) -> Result<u16, AppError> {
        Ok(self.peer.register()?.kept_days().unwrap_or(KEPT_DAYS))
    }

    /// What left and what may leave: what is closed for longer than `older_than` days, else than the centre's.
    pub fn room(&self, older_than: Option<u16>) -> Result<Room, AppError> {
        let kept_days = self.kept_days()?;
        let due = self.due(older_than.unwrap_or(kept_days))?.into_iter().map(|due| DueRow {
            number: due.row.number.unwrap_or_default(),
            title: due.row.title,
            kind: kind_name(due.row.kind),
            changed: due.row.changed,
            why: name(due.why),
        });
        let due = due.collect();
        let (given_up, given_up_total) = self.peer.read(|view| view.forgotten(SHOWN))?;
        let row =
            |one: Forgotten| GivenUpRow { number: one.number.unwrap_or_default(), why: name(one.why), at: one.at };
        let (sealed, bare) = self.peer.sealed_of_forgotten()?;
        let given_up = given_up.into_iter().map(row).collect();
        Ok(Room { kept_days, due, given_up, given_up_total, sealed, bare })
    }

    /// Lets it leave. Gives back how many records went; what the centre has not opened never goes.
    pub fn make_room(&self, older_than: Option<u16>) -> Result<usize, AppError> {
        let kept_days = self.kept_days()?;
        let days = older_than.unwrap_or(kept_days);
        // What goes by the centre's days goes by these, whoever asked for it.
        let late = self.now().0.saturating_sub(i64::from(kept_days) * 24 * 3_600_000);
        let why = |due: &Due| match due.why {
            Why::Old if days < kept_days && due.row.changed >= late => Why::ByHand,
            why => why,
        };
        let due = self.due(days)?.iter().map(|due| (due.row.record, why(due))).collect();
        let gone = self.peer.forget(due)?;
        if gone > 0 {
            self.recorded();
        }
        Ok(gone)
    }

    /// After a contact: what is due goes, and the sealed bytes of what went before, looked for once in an hour.
    pub(super) fn make_room_when_due(&self) -> Result<usize, AppError> {
        let now = self.now().0;
        let looked = self.peer.read(|view| view.value(LOOKED))?.and_then(|bytes| bytes.try_into().ok());
        let age = looked.map(|at| now.saturating_sub(i64::from_be_bytes(at)));
        if age.is_some_and(|age| (0..AGAIN).contains(&age)) {
            return Ok(0);
        }
        self.peer.act(move |act| act.put_value(LOOKED, &now.to_be_bytes()))?;
        let gone = self.make_room(None)?;
        let dropped = self.peer.drop_covered()?;
        if dropped.entries > 0 {
            tracing::info!(
                entries = dropped.entries,
                bytes = dropped.bytes,
                "sealed bytes that the centre's copies hold left"
            );
        }
        Ok(gone)
    }

    fn due(&self, days: u16) -> Result<Vec<Due>, AppError> {
        let (register, now) = (self.peer.register()?, self.now());
        // By a clock at 1970 or 2099 everything or nothing would be old.
        if !now.is_plausible() {
            return Err(AppError::WrongClock { shown: now.to_string() });
        }
        Ok(self.peer.read(|view| view.out_of_scope(&register, now.0, days))?)
    }
}

#[cfg(test)]
mod tests {
    use crate::app::ErrorKind;
    use crate::app::testing::{agent, sample_form};
    use std::time::Duration;

    #[test]
    fn what_is_closed_and_at_the_centre_leaves_and_whoever_asks_for_its_number_is_told() {
        let (bench, agent) = agent();
        let closed = agent.save(&sample_form(), None).unwrap();
        let open = agent.save(&sample_form(), None).unwrap();
        agent.withdraw(&closed.number, "передумала").unwrap();
        assert_eq!((agent.room(Some(0)).unwrap().due, agent.make_room(Some(0)).unwrap()), (vec![], 0));
        bench.centre.take_from(&agent.peer);
        bench.centre.give_to(&agent.peer);
        bench.clock.advance(Duration::from_secs(24 * 3600));
        assert_eq!(agent.room(None).unwrap().due, [], "the centre wants it held for a month");
        let due = agent.room(Some(0)).unwrap().due;
        assert_eq!(due[0].number, closed.number);
        assert!(due.iter().all(|due| due.number != open.number), "{due:?}");
        assert_eq!(agent.make_room(Some(0)).unwrap(), due.len());
        let error = agent.find(&closed.number).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert!(error.to_string().contains("передано до центру, на валізі його вже немає"), "{error}");
        assert!(agent.find(&open.number).is_ok());
        let room = agent.room(None).unwrap();
        assert_eq!(room.given_up_total, due.len() as u64);
        assert!(room.given_up.iter().any(|one| one.number == closed.number && one.why == "by_hand"));
        // A number that stands on a paper is not free because the request is not here.
        assert!(agent.void_number(&closed.number, "немає").is_err());
        assert_eq!(agent.verify().unwrap().faults, Vec::<String>::new());
    }

    #[test]
    fn it_goes_by_itself_once_the_centres_days_are_over() {
        let (bench, agent) = agent();
        let closed = agent.save(&sample_form(), None).unwrap();
        agent.withdraw(&closed.number, "передумала").unwrap();
        bench.centre.take_from(&agent.peer);
        bench.centre.give_to(&agent.peer);
        bench.clock.advance(Duration::from_secs(15 * 24 * 3600));
        assert_eq!(agent.make_room_when_due().unwrap(), 0);
        bench.centre.desk.act(|act| act.register_fact(&chain::Fact::KeptDays(14))).unwrap();
        bench.centre.give_to(&agent.peer);
        assert_eq!(agent.make_room_when_due().unwrap(), 0, "within the hour nobody looks again");
        bench.clock.advance(Duration::from_secs(3600));
        assert!(agent.make_room_when_due().unwrap() > 0);
        assert!(agent.room(None).unwrap().given_up.iter().all(|one| one.why == "old"));
    }

    #[test]
    fn what_a_draft_is_about_stays_until_the_draft_is_saved() {
        let (bench, agent) = agent();
        let closed = agent.save(&sample_form(), None).unwrap();
        agent.withdraw(&closed.number, "передумала").unwrap();
        bench.centre.take_from(&agent.peer);
        bench.centre.give_to(&agent.peer);
        bench.clock.advance(Duration::from_secs(24 * 3600));
        let begun = crate::app::Form { resident: closed.resident.to_string(), ..sample_form() };
        let draft = agent.keep_draft(None, &begun).unwrap();
        agent.make_room(Some(0)).unwrap();
        assert!(agent.find(&closed.number).is_err(), "the closed request went");
        let saved = agent.save(&agent.draft(draft).unwrap().unwrap(), Some(draft)).unwrap();
        assert_eq!(saved.resident, closed.resident);
    }
}
