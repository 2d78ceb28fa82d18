//! Facts that authors tell the centre about themselves, once or again.

use super::{Fate, Reading};
use crate::asleep::Awaited;
use crate::facts::{OwnFact, ToldAgain};
use crate::rotation::NO_KEY;
use crate::store::entries::{self, State, Stored};
use crate::store::{keys, sync, told_again};
use crate::{PeerError, own_facts, split, taken_in};
use chain::{ExceptionCode, Place, limits};
use ids::{ChainId, RecordId};
use sealing::EpochKey;
use signing::AgreementPublicKey;

impl Reading<'_> {
    /// A fact. One that waits is opened again only so often: whoever tells of what never comes slows nobody down.
    pub(super) fn own(&mut self, stored: &Stored) -> Result<Fate, PeerError> {
        if !self.is_desk() {
            return Ok(Fate::Passed);
        }
        let fate = self.fact(stored)?;
        if matches!(fate, Fate::Waiting) {
            self.asleep.put(stored.id, stored.entry.place.chain, Awaited::Entries(self.asleep.round()));
        }
        Ok(fate)
    }

    fn fact(&mut self, stored: &Stored) -> Result<Fate, PeerError> {
        let place = &stored.entry.place;
        let Some(body) = stored.entry.entry.body.bytes() else { return Ok(self.hollow(stored)) };
        let Some(plain) = own_facts::plain(self.connection, self.secrets(), place, body)? else {
            let sentence = match self.register.is_any_destroyed() {
                true => {
                    "запечатано для старого ключа центру, якого вже немає: валіза надішле це ще раз, щойно дізнається про новий / sealed to the centre's old key, which is gone: the suitcase sends it again as soon as it knows the new one"
                }
                false => "центр не має ключа до цього запису / the centre has no key to this entry",
            };
            return Ok(Fate::Exception(ExceptionCode::Unopened, sentence.into()));
        };
        match OwnFact::decode(&plain) {
            Ok(OwnFact::Epoch { key, reception, officer, .. }) => {
                self.take_epoch((place.chain, place.seq), &key, reception, &officer)?;
                Ok(Fate::Taken)
            }
            Ok(OwnFact::KeptKeys(keys)) if !self.register.is_case(place.chain) => {
                let (known, at) = ((place.tenant, self.register), (place.chain, place.seq));
                let (new, all) = split::take_own_keys(self.connection, known, at, &keys)?;
                self.wake_unopened(new.into_iter())?;
                Ok(if all { Fate::Taken } else { Fate::Waiting })
            }
            Ok(OwnFact::ToldAgain(told)) => self.told_again(place, told),
            Ok(OwnFact::TakenIn(runs)) if self.register.is_case(place.chain) => {
                self.woken += taken_in::take(self.connection, place.chain, &runs)?;
                Ok(Fate::Taken)
            }
            Ok(OwnFact::KeptKeys(keys)) if self.register.is_case(place.chain) => {
                split::take_keys(self.connection, (place.chain, place.seq), &keys)?;
                self.wake_unopened(keys.iter().map(|(record, ..)| *record))?;
                Ok(Fate::Taken)
            }
            Ok(_) => Ok(Fate::Taken),
            Err(_) => Ok(Fate::Exception(ExceptionCode::LaterVersion, String::new())),
        }
    }

    /// Keys of these records came: a change that opened with none of those before may open now.
    pub(super) fn wake_unopened(&mut self, records: impl Iterator<Item = RecordId>) -> Result<(), PeerError> {
        for record in records {
            self.woken += sync::wake_unopened(self.connection, record)?;
        }
        Ok(())
    }

    /// An epoch; told again without its key it only says that there was one.
    fn take_epoch(
        &self,
        at: (ChainId, u64),
        key: &EpochKey,
        reception: AgreementPublicKey,
        officer: &str,
    ) -> Result<(), PeerError> {
        keys::put_epoch(self.connection, at, key, reception, officer)?;
        if *key.expose() == NO_KEY { keys::empty_epoch(self.connection, at) } else { Ok(()) }
    }

    /// Facts of entries whose key is gone: what a desk says of any of them, and a suitcase of its own.
    fn told_again(&mut self, at: &Place, told: Vec<ToldAgain>) -> Result<Fate, PeerError> {
        if !self.register.is_case(at.chain) {
            return self.told_by_suitcase(at, told);
        }
        for ToldAgain { chain, seq, plain } in told {
            told_again::put(self.connection, (chain, seq), &plain, (at.chain, at.seq))?;
            if let Ok(OwnFact::Epoch { key, reception, officer, .. }) = OwnFact::decode(&plain) {
                self.take_epoch((chain, seq), &key, reception, &officer)?;
            }
            // What the centre tells again is looked at again: it may tell of others itself.
            if entries::state_at(self.connection, chain, seq)? == Some(State::NotTaken as i64) {
                entries::set_state_at(self.connection, chain, seq, State::Waiting)?;
                self.woken += 1;
            }
        }
        Ok(Fate::Taken)
    }

    /// Of its own facts alone, and of those that did not open: a change that waits for a person goes on waiting for one.
    fn told_by_suitcase(&mut self, at: &Place, told: Vec<ToldAgain>) -> Result<Fate, PeerError> {
        let own = self.own_parts(at.chain);
        // For what a revoked one says of entries that are not here nobody waits.
        let awaited = self.register.revocation(self.register.living(at.chain)).is_none();
        let mut early = false;
        for ToldAgain { chain, seq, plain } in told {
            let Some((_, end)) = own.iter().find(|(part, _)| *part == chain) else { continue };
            match *end {
                // Whoever goes on for it has not said yet up to where.
                None => early = true,
                Some(end) if seq > end => {}
                Some(_) if sync::is_unopened_fact(self.connection, chain, seq)? => {
                    if let Ok(OwnFact::Epoch { key, reception, officer, .. }) = OwnFact::decode(&plain) {
                        self.take_epoch((chain, seq), &key, reception, &officer)?;
                    }
                    entries::set_state_at(self.connection, chain, seq, State::Taken)?;
                    sync::resolve_exception(self.connection, chain, seq)?;
                }
                Some(_) => {
                    // What stands behind a hole arrives before what is in it, and the chain of before may come, or be let
                    // in, after the one that goes on for it.
                    let state = entries::state_at(self.connection, chain, seq)?;
                    early |= state.is_none_or(|state| state == State::Waiting as i64);
                }
            }
        }
        Ok(if early && awaited { Fate::Waiting } else { Fate::Taken })
    }

    /// A suitcase's chain and those before it, each with the last number that is this life's own: behind that stands what a
    /// twin of its disk wrote. A laptop that was declined speaks for its own chain alone.
    fn own_parts(&self, chain: ChainId) -> Vec<(ChainId, Option<u64>)> {
        let mut parts = vec![(chain, Some(limits::SEQ))];
        let mut after = chain;
        for before in self.register.line(chain).filter(|before| *before != chain) {
            parts.push((before, self.register.rebirth(after).map(|rebirth| rebirth.end.seq)));
            after = before;
        }
        parts
    }
}
