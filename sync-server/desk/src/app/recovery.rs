//! The code that opens a suitcase's vault once, read out by telephone to an officer who forgot the passphrase.

use super::accounts::Rank;
use super::administration::{AdministrationFact, Said};
use super::suitcases::no_suitcase;
use super::{Desk, DeskError, ErrorKind};
use crate::store::{self, Trace};
use ids::ChainId;
use signing::{Hash, Label};

/// How it stands with a suitcase's recovery code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoverySlot {
    /// The suitcase has sent one.
    pub ready: bool,
    /// The newest one was read out, the last time: to whom, by whom, ms since 1970.
    pub read_out: Option<Said>,
    /// The last that was used changed the passphrase of this login, ms since 1970 by the suitcase's clock.
    pub used: Option<(String, i64)>,
}

/// The newest sealed code of a suitcase: vault, sealed code, and the hash that names it.
type Sealed = ([u8; 16], Vec<u8>, Hash);

impl Desk {
    /// How it stands with a suitcase's recovery code.
    pub fn recovery_slot(&self, by: &str, chain: ChainId) -> Result<RecoverySlot, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let Some((_, _, hash)) = self.sealed_code(chain)? else {
            return Ok(RecoverySlot { ready: false, read_out: None, used: None });
        };
        let used = self.stated()?.get(&chain).and_then(|stated| stated.recovered.back().cloned());
        let used = used.map(|(_, login, at)| (login, at));
        let read_out = self.book()?.administration.read_out.get(&hash).cloned();
        Ok(RecoverySlot { ready: true, read_out, used })
    }

    /// Whose passphrases suitcases say that the centre's words changed, as lines of the list of who did what.
    pub(super) fn follow_recoveries(&self) -> Result<(), DeskError> {
        let register = self.peer.register()?;
        let recovered: Vec<_> = {
            let all = self.stated()?;
            all.iter().map(|(chain, stated)| (*chain, stated.recovered.clone())).collect()
        };
        for (chain, all) in recovered.into_iter().filter(|(_, all)| !all.is_empty()) {
            let number = Self::number_of(&register, chain).unwrap_or_default();
            self.peer.act(move |act| {
                let mark = format!("recovered {chain}");
                let told = act.value(&mark)?.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes);
                for (seq, login, at) in all.iter().filter(|(seq, ..)| *seq > told) {
                    // An officer's login may be a clerk's as well: the suitcase stands beside it.
                    let (by, what) = (format!("{login}@{number}"), "recovered".to_owned());
                    let trace = Trace { at: *at, by, what, record: None, about: chain.to_string() };
                    store::put_trace(act.connection(), &trace, true)?;
                    act.put_value(&mark, &seq.to_be_bytes())?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn sealed_code(&self, chain: ChainId) -> Result<Option<Sealed>, DeskError> {
        let newest = self.stated()?.get(&chain).and_then(|stated| stated.recovery.clone());
        Ok(newest.map(|(vault, sealed)| {
            let hash = Hash::of(Label::ReadOut, &sealed);
            (vault, sealed, hash)
        }))
    }

    /// Twelve words that open the vault of suitcase `number` once. Each reading is noted first, then told; the same words
    /// are read again until the suitcase sends others: a call that breaks off must not cost the suitcase. `to` says to
    /// whom they are read and how that person was identified.
    pub fn read_out(&self, by: &str, number: u16, to: &str) -> Result<[&'static str; 12], DeskError> {
        let _turn = self.accounts_turn();
        self.must_be(by, Rank::Administrator)?;
        let to = to.trim();
        let to = to[..to.floor_char_boundary(chain::limits::SENTENCE)].trim_end().to_owned();
        if to.chars().count() < 5 {
            return Err(DeskError::refused(
                "впишіть, кому диктуєте код і як переконалися, що це та людина",
                "write to whom you read the code and how you made sure who it is",
            ));
        }
        let chain = self.live_chains(number)?.into_iter().next_back().ok_or_else(|| no_suitcase(number))?;
        let Some((vault, sealed, hash)) = self.sealed_code(chain)? else {
            return Err(DeskError::refused(
                "валіза ще не надіслала коду: він з’являється після першого входу і зв’язку з центром",
                "the suitcase has sent no code yet: there is one after its first unlocking and contact",
            ));
        };
        let code = self.peer.read(|view| view.recovery_code(&vault, &sealed))?.ok_or_else(|| {
            DeskError::new(
                ErrorKind::Damaged,
                "код валізи не відкривається ключами цього центру: він з’явиться наново після наступного входу на валізі",
                "the suitcase's code does not open with this desk's keys: there is a new one after its next unlocking",
            )
        })?;
        self.decide(by, move |by, at| AdministrationFact::ReadOut { chain, code: hash, to, by, at })?;
        Ok(code.words())
    }
}
