//! New keys for the records that a revoked suitcase could read: a few in one act, the rest with the next exchanges, and
//! after a restart from where it was.

use super::administration::AdministrationFact;
use super::suitcases::SuitcaseState;
use super::{Desk, DeskError, SuitcaseRow};
use chain::Register;
use ids::ChainId;
use std::collections::BTreeSet;
use std::sync::{MutexGuard, PoisonError};

/// Records of one act: each is a grant for the centre and one for every suitcase that still holds it.
const AN_ACT: usize = 200;

/// How far the records that a revoked suitcase could read have new keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyRenewal {
    /// Records that got one because of it.
    pub done: u64,
    /// Records that wait for theirs.
    pub left: usize,
    /// When the last one got it, ms since 1970; `None` if none has.
    pub at: Option<i64>,
}

impl Desk {
    /// Gives some of the records that revoked suitcases could read their next keys. Gives back how many; 0 once no
    /// revoked suitcase can read what is written from now on.
    pub(crate) fn renew_keys(&self) -> Result<usize, DeskError> {
        let register = self.peer.register()?;
        if self.news_looked_at().is_none() {
            let until = self.peer.read(|view| view.last_arrival())?;
            *self.news_looked_at() = Some(until);
        }
        for chain in peer::revoked_or_declined(&register) {
            if self.renewed().contains(&chain) {
                continue;
            }
            let count = self.peer.act(move |act| {
                let count = act.renew_keys_of(chain, AN_ACT)?;
                if count > 0 {
                    let (records, at) = (u32::try_from(count).unwrap_or(u32::MAX), act.now().0);
                    act.own(&AdministrationFact::KeysRenewed { chain, records, at }.to_own())?;
                }
                Ok(count)
            })?;
            if count < AN_ACT {
                self.renewed().insert(chain);
            }
            if count > 0 {
                self.tell();
                self.hurry.notify_one();
                return Ok(count);
            }
        }
        Ok(0)
    }

    /// News came. What a revoked laptop wrote and what waits for a person has a key of its record, and that record may be
    /// among the news: then its chain is looked at again.
    pub(super) fn look_among_news(&self) -> Result<(), DeskError> {
        // Before [`Desk::renew_keys`] has looked at all chains none needs to be looked at again.
        let Some(after) = *self.news_looked_at() else { return Ok(()) };
        let register = self.peer.register()?;
        let (until, known) = self.peer.read(|view| {
            let until = view.last_arrival()?;
            Ok((until, view.shut_out_in_news(&register, (after, until))?))
        })?;
        self.renewed().retain(|chain| !known.contains(chain));
        *self.news_looked_at() = Some(until);
        Ok(())
    }

    /// A revoked suitcase may know keys that nobody looked for before: what it wrote was let in, keys of its epochs
    /// were kept one by one.
    pub(crate) fn look_for_known_keys(&self) {
        self.renewed().clear();
        self.look_for_unfinished_words();
    }

    pub(super) fn add_renewals(&self, register: &Register, rows: &mut [SuitcaseRow]) -> Result<(), DeskError> {
        let known = self.book()?.administration.renewed.clone();
        for row in rows.iter_mut().filter(|row| matches!(row.state, SuitcaseState::Revoked { .. })) {
            let (done, at) = known.get(&row.chain).map_or((0, None), |(count, at)| (*count, Some(*at)));
            let left = if self.renewed().contains(&row.chain) {
                0
            } else {
                self.peer.read(|view| view.still_readable(register, row.chain, usize::MAX))?.len()
            };
            row.renewal = Some(KeyRenewal { done, left, at });
        }
        Ok(())
    }

    fn news_looked_at(&self) -> MutexGuard<'_, Option<i64>> {
        self.news_looked_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn renewed(&self) -> MutexGuard<'_, BTreeSet<ChainId>> {
        self.renewed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[test]
    fn many_records_get_new_keys_act_by_act_and_only_once() {
        let mut town = testing::town();
        let (seven, eight) = (town.suitcase(7), town.suitcase(8));
        let numbers: Vec<String> = (0..AN_ACT + 30).map(|_| seven.record("Коваль", "Ганна")).collect();
        let others = eight.record("Мороз", "Іван");
        town.carry_up(&seven);
        town.carry_up(&eight);
        town.desk.grant("admin", &numbers[0], 8, "").unwrap();
        let renewal = |town: &testing::Town| town.desk.suitcases().unwrap().remove(0).renewal;
        assert_eq!(renewal(&town), None);
        town.desk.revoke("admin", 7, "викрадено").unwrap();
        let at = Some(town.clock_now());
        assert_eq!(renewal(&town), Some(KeyRenewal { done: AN_ACT as u64, left: 30, at }));
        // Whoever goes on has only the chains: nothing else remembers how far it was.
        town.desk.look_for_known_keys();
        assert!(town.desk.digest(town.clock_now(), false).unwrap());
        assert_eq!(renewal(&town), Some(KeyRenewal { done: AN_ACT as u64 + 30, left: 0, at }));
        assert!(!town.desk.digest(town.clock_now(), false).unwrap(), "nothing is renewed twice");
        // The other suitcase reads on what it holds and was never asked about its own.
        town.carry_down(&eight);
        town.carry_across(&seven, &eight);
        town.desk.answer("admin", &numbers[0], super::super::Answer::Accept).unwrap();
        town.desk.answer("admin", &others, super::super::Answer::Accept).unwrap();
        town.carry_down(&eight);
        assert_eq!((eight.state_of(&numbers[0]), eight.state_of(&others)), ("in_work", "in_work"));
        let rows =
            town.desk.traces("admin", &super::super::TraceQuery { size: 99, ..Default::default() }).unwrap().rows;
        let told: Vec<_> = rows.iter().filter(|row| row.trace.what == "keys_renewed").collect();
        assert_eq!(told.len(), 2);
        assert!(told[1].trace.about.ends_with(": 200") || told[0].trace.about.ends_with(": 200"));
        assert_eq!(town.desk.verify("admin").unwrap().faults, Vec::<String>::new());
    }

    #[test]
    fn late_work_of_a_revoked_suitcase_that_is_let_in_goes_on_under_a_key_it_does_not_know() {
        let mut town = testing::town();
        let seven = town.suitcase(7);
        town.desk.revoke("admin", 7, "викрадено").unwrap();
        seven.record("Шевчук", "Петро");
        town.carry_up(&seven);
        let late = town.desk.set_aside("admin").unwrap().remove(0);
        town.desk.accept_set_aside("admin", late.chain, late.seq, "ноутбук знайшовся").unwrap();
        let left = |town: &testing::Town| town.desk.suitcases().unwrap().remove(0).renewal.unwrap().left;
        assert_eq!(left(&town), 1);
        town.desk.digest(town.clock_now(), false).unwrap();
        assert_eq!(left(&town), 0);
    }

    #[test]
    fn a_record_that_comes_later_than_what_waits_of_a_revoked_suitcase_gets_its_next_key() {
        let mut town = testing::town();
        let (seven, eight) = (town.suitcase(7), town.suitcase(8));
        town.desk.revoke("admin", 7, "викрадено").unwrap();
        let register = town.desk.peer.register().unwrap();
        let revoked = seven.peer.chain();
        // Two lives of one disk make the same record.
        let same = ids::RecordId::from_bytes([9; 16]);
        let make = move |act: &mut peer::Act<'_>| act.create_as(records::Kind::Request, same, &[]);
        seven.peer.act(make).unwrap();
        town.carry_up(&seven);
        assert!(town.desk.renewed().contains(&revoked));
        let renewals = |town: &testing::Town| town.desk.suitcases().unwrap().remove(0).renewal.unwrap();
        assert_eq!((renewals(&town).done, renewals(&town).left), (0, 0));
        eight.peer.act(make).unwrap();
        town.carry_up(&eight);
        let known = town.desk.peer.read(|view| view.still_readable(&register, revoked, usize::MAX)).unwrap();
        assert_eq!((renewals(&town).done, known.len()), (1, 0));
    }
}
