//! What a desk before said and of what only a part came back, with the kit or over a copy: it is made whole with the
//! exchanges that follow, see [`peer::Unfinished`].

use super::administration::AdministrationFact;
use super::{Desk, DeskError};
use ids::{ChainId, RecordId};
use peer::Unfinished;
use std::sync::{MutexGuard, PoisonError};

/// Records of one act: each is a grant for the centre and one for every suitcase that holds it.
const AN_ACT: usize = 200;

impl Desk {
    /// Draws next keys that were not drawn, or did not come back, when a record was taken back from a suitcase, and grants
    /// the key in force to holders that were not granted it. After a start everything is looked at, from then on what
    /// came. Gives back how many entries that called for.
    pub(crate) fn finish_words(&self) -> Result<usize, DeskError> {
        let (register, after) = (self.peer.register()?, *self.words_looked_at());
        let until = self.peer.read(|view| view.last_arrival())?;
        if until <= after {
            return Ok(0);
        }
        let mut unfinished = {
            let stated = self.stated()?;
            let gave_up = |chain: ChainId, record: RecordId| {
                stated.get(&chain).and_then(|stated| stated.given_up.get(&record)).copied()
            };
            self.peer.read(|view| view.unfinished(&register, (after, until), &gave_up))?
        };
        let left = unfinished.closed.len() > AN_ACT || unfinished.lacking.len() > AN_ACT;
        unfinished.closed.truncate(AN_ACT);
        unfinished.lacking.truncate(AN_ACT);
        let count = if unfinished.is_empty() { 0 } else { self.finish(unfinished)? };
        // What nothing can be sealed to is not tried again and again.
        if !left || count == 0 {
            *self.words_looked_at() = until;
        }
        Ok(count)
    }

    fn finish(&self, unfinished: Unfinished) -> Result<usize, DeskError> {
        let count = self.peer.act(move |act| {
            let (shut_out, granted) = act.finish(&unfinished)?;
            let at = act.now().0;
            let mut count = granted;
            for (chain, records) in shut_out {
                act.own(&AdministrationFact::KeysRenewed { chain, records, at }.to_own())?;
                count += records as usize;
            }
            Ok(count)
        })?;
        if count > 0 {
            tracing::warn!(count, "keys of records that a desk before had not handed out whole were drawn or granted");
            self.tell();
            self.hurry.notify_one();
        }
        Ok(count)
    }

    /// Everything is looked at again: what waited may count now.
    pub(super) fn look_for_unfinished_words(&self) {
        *self.words_looked_at() = 0;
    }

    fn words_looked_at(&self) -> MutexGuard<'_, i64> {
        self.words_looked_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, Town};
    use peer::Why;

    /// Suitcase 8 was granted a request of suitcase 7; the desk's chain says that it was closed to it, and no more.
    fn closed(town: &mut Town) -> (testing::Suitcase, testing::Suitcase, String) {
        let (seven, eight) = (town.suitcase(7), town.suitcase(8));
        let number = seven.record("Коваль", "Ганна");
        town.carry_up(&seven);
        town.carry_up(&eight);
        town.desk.grant("admin", &number, 8, "").unwrap();
        town.carry_down(&eight);
        town.carry_across(&seven, &eight);
        eight.note(&number, "була тут");
        town.carry_up(&eight);
        (seven, eight, number)
    }

    fn close(town: &Town, suitcase: &testing::Suitcase, number: &str) {
        let (record, chain) = (town.desk.request_of(number).unwrap(), suitcase.peer.chain());
        // In the last entry of the suitcase nothing was given up.
        let seq = town.desk.peer.read(|view| view.end(chain)).unwrap().seq;
        let close = move |act: &mut peer::Act<'_>| act.close_forgotten(chain, seq, &[record]);
        assert_eq!(town.desk.peer.act(close).unwrap(), 1);
    }

    fn renewed(town: &Town) -> Vec<String> {
        let rows =
            town.desk.traces("admin", &super::super::TraceQuery { size: 99, ..Default::default() }).unwrap().rows;
        rows.into_iter().map(|row| row.trace).filter(|t| t.what == "keys_renewed").map(|t| t.about).collect()
    }

    #[test]
    fn a_record_that_was_taken_back_by_half_gets_its_next_key_once() {
        for after_a_start in [true, false] {
            let mut town = testing::town();
            let (seven, eight, number) = closed(&mut town);
            assert!(!town.desk.digest(town.clock_now(), false).unwrap());
            close(&town, &eight, &number);
            if after_a_start {
                town.desk.look_for_unfinished_words();
            }
            assert!(town.desk.digest(town.clock_now(), false).unwrap());
            assert_eq!(renewed(&town), [format!("{}: 1", eight.peer.chain())]);
            assert!(!town.desk.digest(town.clock_now(), false).unwrap(), "once");
            town.carry_down(&seven);
            seven.note(&number, "далі без восьмої");
            town.carry_across(&seven, &eight);
            let notes = |town: &Town| town.desk.view_of(town.desk.request_of(&number).unwrap()).unwrap().notes.len();
            town.carry_up(&seven);
            town.carry_down(&eight);
            assert_eq!((notes(&town), eight.view(&number).notes.len()), (2, 1));
        }
    }

    #[test]
    fn what_a_suitcase_gave_up_by_itself_gets_no_key_unless_it_was_granted_again_and_taken_back() {
        let mut town = testing::town();
        let (_seven, eight, number) = closed(&mut town);
        town.carry_down(&eight);
        let record = town.desk.request_of(&number).unwrap();
        assert_eq!(eight.peer.forget(vec![(record, Why::Old)]).unwrap(), 1);
        town.carry_up(&eight);
        let writers = |town: &Town| town.desk.peer.read(|view| view.writers(record)).unwrap();
        assert!(!writers(&town).contains(&eight.peer.chain()), "it was closed");
        town.desk.look_for_unfinished_words();
        assert!(!town.desk.digest(town.clock_now(), false).unwrap());
        town.desk.grant("admin", &number, 8, "").unwrap();
        eight.record("Мороз", "Іван");
        town.carry_up(&eight);
        close(&town, &eight, &number);
        assert!(town.desk.digest(town.clock_now(), false).unwrap());
        assert_eq!(renewed(&town).len(), 1);
    }
}
