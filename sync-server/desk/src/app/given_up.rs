//! What suitcases gave up: nothing of it goes down to them any more, and nobody who steals one finds it there. For how
//! many days they hold what is closed is the centre's to say.

use super::accounts::Rank;
use super::administration::AdministrationFact;
use super::{Desk, DeskError};
use chain::Fact;
use ids::{ChainId, RecordId};
use std::collections::BTreeSet;

/// Days that may be set: a day to two years.
const DAYS: std::ops::RangeInclusive<u16> = 1..=730;

impl Desk {
    /// For how many days suitcases hold what is closed.
    pub fn kept_days(&self) -> Result<u16, DeskError> {
        Ok(self.peer.register()?.kept_days().unwrap_or(peer::KEPT_DAYS))
    }

    /// Says so from now on; suitcases learn of it at their next contact. The same again is nothing new.
    pub fn set_kept_days(&self, by: &str, days: u16) -> Result<(), DeskError> {
        self.must_be(by, Rank::Administrator)?;
        if !DAYS.contains(&days) {
            return Err(DeskError::refused(
                "завершене тримають на валізах від 1 до 730 днів",
                "suitcases hold what is closed for 1 to 730 days",
            ));
        }
        if self.kept_days()? == days {
            return Ok(());
        }
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            act.register_fact(&Fact::KeptDays(days))?;
            act.own(&AdministrationFact::KeptDays { days, by, at }.to_own()).map(|_| ())
        })
    }

    /// Closes what suitcases said they gave up. Gives back how many records.
    pub(crate) fn close_forgotten(&self) -> Result<usize, DeskError> {
        let told: Vec<(ChainId, u64, Vec<RecordId>)> = {
            let stated = self.stated()?;
            let each = |(chain, stated): (&ChainId, &super::stated::Stated)| {
                let chain = *chain;
                stated.to_close.iter().map(move |(seq, records)| (chain, *seq, records.clone())).collect::<Vec<_>>()
            };
            stated.iter().flat_map(each).collect()
        };
        let mut closed = 0;
        for (chain, seq, records) in told {
            closed += self.peer.act(move |act| act.close_forgotten(chain, seq, &records))?;
            if let Some(stated) = self.stated()?.get_mut(&chain) {
                stated.to_close.retain(|(of, _)| *of != seq);
            }
        }
        Ok(closed)
    }

    /// Of the records that a suitcase could read once those that it gave up and was not granted again: by its own word.
    pub(super) fn given_up(&self, chain: ChainId) -> Result<BTreeSet<RecordId>, DeskError> {
        let told: BTreeSet<RecordId> =
            self.stated()?.get(&chain).map(|stated| stated.forgotten.keys().copied().collect()).unwrap_or_default();
        let held: BTreeSet<RecordId> = self.peer.read(|view| view.written_by(chain))?.into_iter().collect();
        Ok(told.difference(&held).copied().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;

    use peer::Why;

    #[test]
    fn what_a_suitcase_gave_up_is_not_on_it_until_it_is_granted_again() {
        let mut town = testing::town();
        let seven = town.suitcase(7);
        let [first, second] = ["Ганна", "Марія"].map(|name| seven.record("Коваль", name));
        town.carry_up(&seven);
        town.carry_down(&seven);
        let record = town.desk.request_of(&first).unwrap();
        assert_eq!(seven.peer.forget(vec![(record, Why::ByHand)]).unwrap(), 1);
        let on_it = |town: &testing::Town| {
            let report = town.desk.lost_report("admin", 7, None).unwrap();
            (report.people.iter().map(|one| one.name.clone()).collect::<Vec<_>>(), report.given_up)
        };
        assert_eq!(on_it(&town).0.len(), 2, "the centre has not heard of it");
        town.carry_up(&seven);
        assert_eq!(on_it(&town), (vec!["Коваль Марія".to_owned()], 1));
        let used = town.desk.lost_report("admin", 7, None).unwrap().used;
        assert_eq!(used.len(), 2, "its numbers are its numbers");
        // A desk that forgot what it looked at closes nothing twice, and nothing that was granted since.
        assert_eq!(town.desk.grant("admin", &first, 7, "").unwrap(), 1);
        *town.desk.stated.lock().unwrap() = Default::default();
        assert_eq!(town.desk.close_forgotten().unwrap(), 0);
        assert_eq!(on_it(&town).1, 0);
        town.carry_down(&seven);
        assert_eq!((seven.state_of(&first), seven.state_of(&second)), ("accepted", "accepted"));
    }

    #[test]
    fn for_how_long_suitcases_hold_what_is_closed_is_published_and_noted() {
        let mut town = testing::town();
        let seven = town.suitcase(7);
        assert_eq!(town.desk.kept_days().unwrap(), 30);
        for days in [0, 731] {
            assert!(town.desk.set_kept_days("admin", days).is_err());
        }
        town.desk.set_kept_days("admin", 14).unwrap();
        town.desk.set_kept_days("admin", 14).unwrap();
        town.carry_down(&seven);
        assert_eq!(seven.peer.register().unwrap().kept_days(), Some(14));
        let rows = town.desk.traces("admin", &super::super::TraceQuery { size: 9, ..Default::default() }).unwrap().rows;
        let noted: Vec<_> = rows.iter().filter(|row| row.trace.what == "kept_days").collect();
        assert_eq!((noted.len(), noted[0].trace.about.as_str(), noted[0].trace.by.as_str()), (1, "14 d", "admin"));
    }
}
