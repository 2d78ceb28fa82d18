//! Suitcases that go on under a new chain, because their disk was put back from a copy or is there twice: a person says
//! whether it is the same laptop.

use super::accounts::Rank;
use super::administration::AdministrationFact;
use super::enrolments::valid_from;
use super::{Desk, DeskError};
use crate::store;
use chain::{Fact, Reason, Rebirth, limits};
use ids::ChainId;
use signing::SuitcaseCertificate;

/// A chain that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnconfirmedRow {
    /// The new chain: names it in commands.
    pub chain: ChainId,
    /// The suitcase whose number it goes on with.
    pub number: u16,
    /// What its owner calls the laptop.
    pub name: String,
    /// How it was noticed that it begins anew; `None`: a desk that was replaced certified it, behind its end.
    pub reason: Option<Reason>,
    /// When, by the laptop's clock or the replaced desk's, ms since 1970.
    pub at: i64,
    /// When its newest entry arrived, ms since 1970.
    pub heard_at: Option<i64>,
    /// How many of its entries wait here.
    pub entries: u64,
    /// When the new chain was heard of first, ms since 1970.
    pub begun_at: Option<i64>,
    /// When the chain before was heard of last: if that was after the new one began, two laptops are at work.
    pub before_heard_at: Option<i64>,
    /// The number is confirmed for another laptop already, or for another life of this disk.
    pub number_taken: bool,
}

impl UnconfirmedRow {
    /// The chain before grew after the new one had begun: there are two laptops. By the centre's clock, for a laptop's
    /// may be wrong; if it did not grow, nothing is shown.
    pub fn is_doubled(&self) -> bool {
        self.before_heard_at.zip(self.begun_at).is_some_and(|(before, begun)| before > begun)
    }
}

impl Desk {
    /// All chains that wait, by number.
    pub fn unconfirmed(&self) -> Result<Vec<UnconfirmedRow>, DeskError> {
        let register = self.peer.register()?;
        let mut rows = Vec::new();
        for rebirth in register.unconfirmed() {
            let Rebirth { chain, predecessor, reason, at, .. } = *rebirth;
            let Some(number) = Self::number_of(&register, chain) else { continue };
            let (begun_at, heard_at, entries, before_heard_at) = self.peer.read(|view| {
                let heard = |chain| store::newest_arrival(view.connection(), chain);
                let at = |arrival: Option<(u64, i64)>| arrival.map(|(_, at)| at);
                let begun_at = store::arrival_of(view.connection(), chain, 1)?;
                Ok((begun_at, at(heard(chain)?), view.end(chain)?.seq, at(heard(predecessor)?)))
            })?;
            rows.push(UnconfirmedRow {
                chain,
                number,
                name: String::new(),
                reason: Some(reason),
                at,
                heard_at,
                entries,
                begun_at,
                before_heard_at,
                number_taken: register.end_of_continued(predecessor).is_some(),
            });
        }
        for certificate in register.late_suitcases() {
            rows.push(self.late_row(certificate)?);
        }
        let book = self.book()?;
        for row in &mut rows {
            row.name = book.name_of(&register, row.chain).to_owned();
        }
        rows.sort_by_key(|row| (row.number, row.at, row.chain));
        Ok(rows)
    }

    /// How many chains wait, and of how many of them two laptops are at work.
    pub fn count_unconfirmed(&self) -> Result<(usize, usize), DeskError> {
        let rows = self.unconfirmed()?;
        Ok((rows.len(), rows.iter().filter(|row| row.is_doubled()).count()))
    }

    fn late_row(&self, certificate: &SuitcaseCertificate) -> Result<UnconfirmedRow, DeskError> {
        let SuitcaseCertificate { chain, number, validity, .. } = *certificate;
        let (begun_at, heard, entries) = self.peer.read(|view| {
            let connection = view.connection();
            let begun_at = store::arrival_of(connection, chain, 1)?;
            Ok((begun_at, store::newest_arrival(connection, chain)?, view.end(chain)?.seq))
        })?;
        Ok(UnconfirmedRow {
            chain,
            number,
            name: String::new(),
            reason: None,
            at: validity.not_before,
            heard_at: heard.map(|(_, at)| at),
            entries,
            begun_at,
            before_heard_at: None,
            number_taken: false,
        })
    }

    /// It is the suitcase: the new chain is certified, the one before ends here, and its records go over. Gives back its
    /// number.
    pub fn confirm_rebirth(&self, by: &str, chain: ChainId) -> Result<u16, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let row = self.waiting_chain(chain)?;
        let validity = valid_from(self.now());
        let late = row.reason.is_none();
        if late && !self.live_chains(row.number)?.is_empty() {
            let number = row.number;
            return Err(DeskError::refused(
                format!(
                    "валіза з номером {number} вже працює, два ноутбуки писали б однакові номери: не визнавайте цей і запросіть його з іншим номером"
                ),
                format!(
                    "suitcase {number} is at work, and two laptops would write the same numbers: do not acknowledge this one and invite it under another number"
                ),
            ));
        }
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            match act.register().certified_late(chain).copied().filter(|_| late) {
                Some(certificate) => act.certify_suitcase(&SuitcaseCertificate { validity, ..certificate })?,
                None => act.confirm_rebirth(chain, validity)?,
            }
            act.own(&AdministrationFact::Confirmed { chain, same: true, by, at }.to_own()).map(|_| ())
        })?;
        tracing::info!(%chain, number = row.number, "a suitcase goes on under a new chain");
        // What waited is looked at now, not at the next contact.
        self.peer.absorb()?;
        self.peer.write_verdicts()?;
        Ok(row.number)
    }

    /// It is not: nothing goes down to it, what it sent is set aside for a person, and the records that were on its disk go
    /// on under new keys.
    pub fn decline_rebirth(&self, by: &str, chain: ChainId, reason: &str) -> Result<u16, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let reason = reason.trim();
        let reason = reason[..reason.floor_char_boundary(limits::SENTENCE)].trim_end().to_owned();
        if reason.is_empty() {
            return Err(DeskError::refused(
                "впишіть, чому ноутбук не визнано",
                "write why the laptop is not acknowledged",
            ));
        }
        let row = self.waiting_chain(chain)?;
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            act.register_fact(&Fact::Revocation { chain, from: at, reason })?;
            act.own(&AdministrationFact::Confirmed { chain, same: false, by, at }.to_own())?;
            act.take_back_from_declined(chain)
        })?;
        self.peer.absorb()?;
        self.renew_keys()?;
        Ok(row.number)
    }

    fn waiting_chain(&self, chain: ChainId) -> Result<UnconfirmedRow, DeskError> {
        self.unconfirmed()?.into_iter().find(|row| row.chain == chain).ok_or_else(|| {
            DeskError::not_found(
                "цей ноутбук більше не чекає на підтвердження: перегляньте список валіз",
                "this laptop no longer waits to be confirmed: look at the list of suitcases",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::SuitcaseState;
    use super::super::testing::{self, Town};
    use super::*;

    /// A suitcase that recorded one request, began anew, and recorded another.
    fn reborn(town: &mut Town) -> ChainId {
        let suitcase = town.suitcase(7);
        suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        let old = suitcase.peer.chain();
        suitcase.peer.begin_anew().unwrap();
        suitcase.record("Шевчук", "Петро");
        town.carry_up(&suitcase);
        assert_ne!(suitcase.peer.chain(), old);
        suitcase.peer.chain()
    }

    fn total(town: &Town) -> usize {
        town.desk.queue("admin", &Default::default()).unwrap().total as usize
    }

    #[test]
    fn a_confirmed_chain_goes_on_with_its_number_and_name() {
        let mut town = testing::town();
        let chain = reborn(&mut town);
        let rows = town.desk.unconfirmed().unwrap();
        assert_eq!((rows[0].chain, rows[0].number, rows[0].name.as_str()), (chain, 7, "Ноутбук 7"));
        assert_eq!((rows.len(), rows[0].reason, total(&town)), (1, Some(Reason::Marker), 1));
        assert!(rows[0].heard_at.is_some() && !rows[0].is_doubled(), "{rows:?}");
        let later = |before_heard_at| UnconfirmedRow { before_heard_at, ..rows[0].clone() };
        let begun = rows[0].begun_at.unwrap();
        assert_eq!([None, Some(begun), Some(begun + 1)].map(|at| later(at).is_doubled()), [false, false, true]);
        town.desk.set_place("admin", 7, "старостинський округ Гиряві Ісківці").unwrap();
        assert!(town.desk.confirm_rebirth("o.koval", chain).is_err(), "an administrator says so");
        assert_eq!(town.desk.confirm_rebirth("admin", chain).unwrap(), 7);
        assert_eq!((town.desk.unconfirmed().unwrap(), total(&town)), (vec![], 2));
        let rows = town.desk.suitcases().unwrap();
        let row = rows.iter().find(|row| row.chain == chain).unwrap();
        assert_eq!((row.name.as_str(), row.place.as_str()), ("Ноутбук 7", "старостинський округ Гиряві Ісківці"));
        let states: Vec<_> = rows.into_iter().map(|row| (row.chain, row.state)).collect();
        assert!(states.contains(&(chain, SuitcaseState::Live)), "{states:?}");
        assert!(states.iter().any(|(_, state)| *state == SuitcaseState::Continued), "{states:?}");
        assert_eq!(town.desk.live_chains(7).unwrap(), [chain], "what is asked of suitcase 7 is asked of this one");
        assert!(town.desk.confirm_rebirth("admin", chain).is_err(), "once");
    }

    #[test]
    fn a_declined_chain_is_set_aside_until_a_person_lets_it_in() {
        let mut town = testing::town();
        let chain = reborn(&mut town);
        assert!(town.desk.decline_rebirth("admin", chain, "  ").is_err());
        assert_eq!(town.desk.decline_rebirth("admin", chain, "чужий ноутбук").unwrap(), 7);
        assert_eq!((town.desk.unconfirmed().unwrap(), total(&town)), (vec![], 1));
        town.desk.after_restore().unwrap();
        assert_eq!(total(&town), 1, "a desk that is made again lets nothing in by itself");
        let late = town.desk.set_aside("admin").unwrap();
        assert_eq!(late.len(), 1, "{late:?}");
        town.desk.accept_set_aside("admin", late[0].chain, late[0].seq, "таки наш").unwrap();
        assert_eq!(total(&town), 2);
        assert_eq!(town.desk.live_chains(7).unwrap().len(), 1, "the chain before goes on");
    }

    #[test]
    fn what_was_on_a_declined_laptop_goes_on_under_keys_that_it_does_not_have() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let number = suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        let (old, record) = (suitcase.peer.chain(), town.desk.request_of(&number).unwrap());
        suitcase.peer.begin_anew().unwrap();
        let chain = suitcase.peer.chain();
        town.carry_up(&suitcase);
        let newest = |town: &Town| -> u32 {
            let query = "SELECT max(generation) FROM record_key WHERE record = ?1";
            town.desk
                .peer
                .act(move |act| Ok(act.connection().query_row(query, [record.as_bytes()], |row| row.get(0))?))
                .unwrap()
        };
        assert_eq!(newest(&town), 1);
        town.desk.decline_rebirth("admin", chain, "чужий ноутбук").unwrap();
        assert_eq!(newest(&town), 2);
        let register = town.desk.peer.register().unwrap();
        let (writers, known) = town
            .desk
            .peer
            .read(|view| Ok((view.writers(record)?, view.still_readable(&register, chain, usize::MAX)?)))
            .unwrap();
        assert!(writers.contains(&old) && known.is_empty(), "the suitcase itself goes on: {writers:?}, {known:?}");
        assert_eq!(town.desk.renew_keys().unwrap(), 0, "once");
    }
}
