//! Who reads what: grants and withdrawals, by their numbers within one case chain, in whatever order they arrive.

use super::{Fate, Reading};
use crate::PeerError;
use crate::case_word;
use crate::seals;
use crate::store::entries::{self, Stored};
use crate::store::forgotten;
use crate::store::keys;
use chain::Place;
use ids::{ChainId, RecordId};

impl Reading<'_> {
    pub(super) fn grant(&mut self, stored: &Stored) -> Result<Fate, PeerError> {
        let (place, header) = (&stored.entry.place, &stored.entry.entry.header);
        let (Some(record), Some(peer)) = (header.record, header.peer) else { return Ok(Fate::Passed) };
        if !self.register.is_case(place.chain) {
            // Nobody but the centre grants. A row of an earlier program is listed still.
            entries::unlist(self.connection, place)?;
            return Ok(Fate::Passed);
        }
        // A body that was left out on the way is no withdrawal: that has an empty one.
        let Some(body) = stored.entry.entry.body.bytes() else { return Ok(self.hollow(stored)) };
        let ours = self.identity.is_ours(peer);
        if body.is_empty() {
            return self.withdrawal(place, record, peer);
        }
        if self.was_taken_back_behind(place, record, peer)? {
            return Ok(Fate::Taken);
        }
        // A restored desk opens what its predecessor granted itself.
        let for_me = self.identity.is_ours(peer) || (self.is_desk() && self.register.is_case(peer));
        if !for_me {
            keys::put_writer(self.connection, record, peer)?;
            return Ok(if self.is_desk() { Fate::Taken } else { Fate::Passed });
        }
        let opened = self.secrets().find_map(|secret| seals::open_grant(secret, place, record, peer, body).ok());
        let Some(granted) = opened else {
            // Of a desk whose secret is gone: the keys stand in a case chain once more.
            let known = self.is_desk() && keys::newest_record_key(self.connection, record)?.is_some();
            return Ok(if known { Fate::Taken } else { Fate::Waiting });
        };
        for (generation, key) in &granted {
            keys::put_record_key(self.connection, record, *generation, key)?;
        }
        self.wake_unopened(std::iter::once(record))?;
        keys::put_writer(self.connection, record, peer)?;
        if ours {
            forgotten::set_taken_back(self.connection, record, false)?;
            if forgotten::remove(self.connection, record)? {
                self.woken += forgotten::awake(self.connection, record)?;
            }
        }
        Ok(Fate::Taken)
    }

    /// The centre takes the record back, unless it has said something since that arrived before this.
    fn withdrawal(&self, place: &Place, record: RecordId, peer: ChainId) -> Result<Fate, PeerError> {
        for chain in self.register.line(peer) {
            if self.said_since(place, record, chain)?.is_none() {
                keys::remove_writer(self.connection, record, chain)?;
            }
        }
        let last = self.said_since(place, record, self.register.living(peer))?.is_none()
            && self.said_since(place, record, peer)?.is_none();
        if last && self.identity.is_ours(peer) && !forgotten::contains(self.connection, record)? {
            forgotten::set_taken_back(self.connection, record, true)?;
        }
        Ok(Fate::Taken)
    }

    /// What stands behind a hole of the case chain arrives before what is in it: a grant may have been taken back since.
    fn was_taken_back_behind(&self, place: &Place, record: RecordId, peer: ChainId) -> Result<bool, PeerError> {
        let line = self.register.line(self.register.living(peer)).filter(|chain| *chain != peer);
        for chain in std::iter::once(peer).chain(line) {
            let covers = chain == peer || self.register.line(chain).any(|before| before == peer);
            if covers && self.said_since(place, record, chain)? == Some(true) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What the centre said to a chain about a record later than at this place and arrived before it: whether the last of
    /// that takes the record back; `None` if there is nothing.
    fn said_since(&self, place: &Place, record: RecordId, chain: ChainId) -> Result<Option<bool>, PeerError> {
        let words = keys::words(self.connection, record, chain)?.into_iter();
        let mut since = words.filter(|(at, _)| self.register.is_said_after(*at, (place.chain, place.seq)));
        case_word::last_of(self.connection, self.register, &mut since)
    }

    /// Whether the last that the centre said to a chain about a record takes the record back.
    pub(super) fn is_taken_back(&self, record: RecordId, chain: ChainId) -> Result<bool, PeerError> {
        case_word::is_taken_back(self.connection, self.register, (record, chain))
    }
}
