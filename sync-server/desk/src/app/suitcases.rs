//! The suitcases of the community: how they stand, how old their news is, and how one is revoked.

use super::accounts::Rank;
use super::administration::{AdministrationFact, Said};
use super::facts::DeskFact;
use super::renewal::KeyRenewal;
use super::{Desk, DeskError};
use crate::store;
use chain::{Fact, Register, Standing, limits};
use ids::ChainId;
use std::collections::BTreeSet;

/// How a suitcase stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SuitcaseState {
    /// Works.
    Live,
    /// Its certificate has run out; it is renewed when the suitcase is heard of.
    Expired,
    /// Its number goes on under another chain: the disk was put back from a copy.
    Continued,
    /// Revoked.
    Revoked {
        /// ms since 1970.
        from: i64,
        /// Why.
        reason: String,
    },
}

/// A suitcase as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuitcaseRow {
    /// «Валіза 7».
    pub number: u16,
    /// What its owner calls the laptop.
    pub name: String,
    /// Its chain.
    pub chain: ChainId,
    /// How it stands.
    pub state: SuitcaseState,
    /// Until when its certificate holds, ms since 1970.
    pub certified_until: i64,
    /// When its newest entry arrived, ms since 1970; `None` if none has.
    pub heard_at: Option<i64>,
    /// How many of its entries are held.
    pub entries: u64,
    /// How many of them are set aside.
    pub set_aside: usize,
    /// Where it is, as an administrator wrote; may be empty.
    pub place: String,
    /// It was reported lost: what happened, by whom, ms since 1970.
    pub lost: Option<Said>,
    /// Who opened it last, by its own word; empty if it never said.
    pub officer: String,
    /// How it stands by its own last word; `None` before that.
    pub stated: Option<peer::StateOfPeer>,
    /// Entries that it had written before the last one that is held, and that are not held.
    pub missing: u64,
    /// Of a revoked one: how far the records that it could read have new keys.
    pub renewal: Option<KeyRenewal>,
}

impl Desk {
    /// All suitcases, by number.
    pub fn suitcases(&self) -> Result<Vec<SuitcaseRow>, DeskError> {
        let register = self.peer.register()?;
        let now = self.now().0;
        let mut rows = Vec::new();
        for certificate in register.suitcases() {
            let chain = certificate.chain;
            let state = match register.standing(chain, now) {
                Standing::Revoked { from } => {
                    let reason = register.revocation(chain).map_or("", |(_, reason)| reason).to_owned();
                    SuitcaseState::Revoked { from, reason }
                }
                Standing::Expired => SuitcaseState::Expired,
                Standing::Continued { .. } => SuitcaseState::Continued,
                _ => SuitcaseState::Live,
            };
            let (heard_at, entries, missing, set_aside) = self.peer.read(|view| {
                let heard = store::newest_arrival(view.connection(), chain)?.map(|(_, at)| at);
                Ok((heard, view.end(chain)?.seq, view.missing(chain)?, view.exceptions(Some(chain))?.len()))
            })?;
            rows.push(SuitcaseRow {
                number: certificate.number,
                name: String::new(),
                chain,
                state,
                certified_until: certificate.validity.not_after,
                heard_at,
                entries,
                set_aside,
                place: String::new(),
                lost: None,
                officer: String::new(),
                stated: None,
                missing,
                renewal: None,
            });
        }
        self.add_what_is_said(&register, &mut rows)?;
        self.add_renewals(&register, &mut rows)?;
        rows.sort_by_key(|row| (row.number, row.certified_until));
        Ok(rows)
    }

    /// What its owner, administrators and the suitcase itself say.
    fn add_what_is_said(&self, register: &Register, rows: &mut [SuitcaseRow]) -> Result<(), DeskError> {
        {
            let book = self.book()?;
            for row in &mut *rows {
                row.name = book.name_of(register, row.chain).to_owned();
                row.place = book.place_of(register, row.chain).to_owned();
                row.lost = book.administration.lost.get(&row.chain).cloned();
            }
        }
        let stated = self.stated()?;
        for row in rows {
            let Some(said) = stated.get(&row.chain) else { continue };
            row.officer.clone_from(&said.officer);
            row.stated = said.state.as_ref().map(|(_, state)| state.clone());
        }
        Ok(())
    }

    /// Where suitcase `number` is from now on: «старостинський округ Гиряві Ісківці».
    pub fn set_place(&self, by: &str, number: u16, place: &str) -> Result<(), DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let chain = self.live_chains(number)?.into_iter().next_back().ok_or_else(|| no_suitcase(number))?;
        let place: String = place.trim().chars().filter(|c| !c.is_control()).take(120).collect();
        self.decide(by, move |by, at| AdministrationFact::Place { chain, place, by, at })
    }

    /// From now on nothing but its revocation goes down to this suitcase, and what it sends is set aside until a person
    /// has looked. The records that it could read go on under new keys, see `Desk::renew_keys`.
    pub fn revoke(&self, by: &str, number: u16, reason: &str) -> Result<(), DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let reason = reason.trim();
        let reason = reason[..reason.floor_char_boundary(limits::SENTENCE)].trim_end().to_owned();
        if reason.is_empty() {
            return Err(DeskError::refused("впишіть причину відкликання", "write why it is revoked"));
        }
        let chains = self.live_chains(number)?;
        if chains.is_empty() {
            return Err(no_suitcase(number));
        }
        // What was read beyond a hole counts, too, and so does what fills it later: it was written before.
        let held = self.peer.read(|view| {
            chains.iter().map(|chain| Ok((*chain, view.last_held(*chain)?))).collect::<Result<Vec<_>, _>>()
        })?;
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            for (chain, seq) in held {
                act.register_fact(&Fact::Revocation { chain, from: at, reason: reason.clone() })?;
                act.own(&DeskFact::HeldAtRevocation { chain, seq, by: by.clone(), at }.to_own())?;
            }
            Ok(())
        })?;
        self.renew_keys().map(|_| ())
    }

    /// Chains of a number that are not revoked, and for which no other one goes on.
    pub(crate) fn live_chains(&self, number: u16) -> Result<Vec<ChainId>, DeskError> {
        let register = self.peer.register()?;
        let chains = register.suitcases().filter(|suitcase| suitcase.number == number).map(|suitcase| suitcase.chain);
        let lives = |chain: &ChainId| register.revocation(*chain).is_none() && register.living(*chain) == *chain;
        Ok(chains.filter(lives).collect())
    }

    /// Every chain that was written under a suitcase's number, also those that nobody has confirmed or that were
    /// declined.
    pub(crate) fn chains_known_of(register: &chain::Register, number: u16) -> BTreeSet<ChainId> {
        let certified = register.suitcases().chain(register.late_suitcases()).map(|certificate| certificate.chain);
        let begun_anew = register.unconfirmed().chain(register.declined()).map(|rebirth| rebirth.chain);
        let known = certified.chain(begun_anew);
        known.filter(|chain| Self::number_of(register, *chain) == Some(number)).collect()
    }

    /// Which suitcase writes a chain; `None` for the centre's.
    pub(crate) fn number_of(register: &chain::Register, chain: ChainId) -> Option<u16> {
        let line = std::iter::once(chain).chain(register.ancestors(chain));
        line.filter_map(|chain| register.suitcase(chain)).map(|certificate| certificate.number).next()
    }
}

pub(crate) fn no_suitcase(number: u16) -> DeskError {
    DeskError::not_found(
        format!("валізи {number} немає або її вже відкликано: перегляньте список валіз"),
        format!("there is no suitcase {number} or it is revoked already: look at the list of suitcases"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    /// The hub takes what lies behind a hole: what stands in it may have used numbers.
    #[test]
    fn what_has_not_arrived_is_counted_here_and_in_the_register_of_numbers() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        for last in ["Коваль", "Гук", "Ткач"] {
            suitcase.record(last, "Ганна");
        }
        let chain = suitcase.peer.chain();
        let last = suitcase.peer.read(|view| view.end(chain)).unwrap().seq;
        let newest = suitcase.peer.read(|view| view.segment(chain, last, usize::MAX)).unwrap();
        town.desk.peer.take_register(newest.into_iter().collect()).unwrap();
        let seen = || {
            let numbers = town.desk.numbers("admin", &super::super::NumberQuery::default()).unwrap();
            (town.desk.suitcases().unwrap()[0].missing, numbers.missing)
        };
        assert_eq!(seen(), (last - 1, vec![(7, last - 1)]));
        town.carry_up(&suitcase);
        assert_eq!(seen(), (0, vec![]));
    }

    #[test]
    fn what_a_revoked_suitcase_sends_is_set_aside_until_accepted() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        assert!(town.desk.revoke("admin", 7, " ").is_err());
        town.desk.revoke("admin", 7, "викрадено з автомобіля").unwrap();
        suitcase.record("Шевчук", "Петро");
        town.carry_up(&suitcase);
        let row = town.desk.suitcases().unwrap().remove(0);
        assert!(matches!(&row.state, SuitcaseState::Revoked { reason, .. } if reason.contains("викрадено")));
        assert_eq!(row.name, "Ноутбук 7");
        let late = town.desk.set_aside("admin").unwrap();
        assert_eq!(late.len(), 1);
        assert_eq!(town.desk.queue("admin", &Default::default()).unwrap().total, 1);
        town.desk.accept_set_aside("admin", late[0].chain, late[0].seq, "ноутбук знайшовся").unwrap();
        assert_eq!(town.desk.queue("admin", &Default::default()).unwrap().total, 2);
        assert!(town.desk.set_aside("admin").unwrap().is_empty());
        assert!(town.desk.revoke("admin", 7, "ще раз").is_err());
    }

    #[test]
    fn the_longest_reason_of_a_revocation_is_one_that_the_register_can_hold() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        // Four bytes a sign, and one that the limit would cut in two.
        town.desk.revoke("admin", 7, &format!("я{}", "🚚".repeat(300))).unwrap();
        let row = town.desk.suitcases().unwrap().remove(0);
        let SuitcaseState::Revoked { reason, .. } = row.state else { panic!("not revoked: {:?}", row.state) };
        assert_eq!(reason, format!("я{}", "🚚".repeat(149)));
        // What the desk wrote is read wherever its register goes.
        town.carry_down(&suitcase);
        assert!(suitcase.peer.register().unwrap().revocation(row.chain).is_some());
    }
}
