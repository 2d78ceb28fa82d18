//! What goes on waiting, whatever it says: that is told by its place, before it is read and its signature checked.

use super::Reading;
use crate::PeerError;
use crate::asleep::Awaited;
use crate::case_word;
use crate::store::entries::{self, Waiting};
use crate::store::{forgotten, keys};
use chain::{Kind, Standing};
use ids::{ChainId, RecordId};

impl Reading<'_> {
    /// True if there is nothing new for it.
    pub(super) fn rests(&mut self, waiting: &Waiting) -> Result<bool, PeerError> {
        if self.register.author(waiting.chain).is_none() || self.waits_for_a_person(waiting) {
            return Ok(true);
        }
        let change = waiting.record.filter(|_| waiting.kind == Some(Kind::CHANGE));
        match change {
            Some(record) if !self.is_to_be_set_aside(waiting, record)? => {
                Ok(self.is_too_early(waiting, record)? || self.sleeps(waiting, Some(record))?)
            }
            Some(_) => Ok(false),
            None => self.sleeps(waiting, None),
        }
    }

    /// What a new chain says waits until a person has confirmed that it goes on for the one before; so does what a suitcase
    /// says that only a replaced desk certified, behind its end.
    fn waits_for_a_person(&self, waiting: &Waiting) -> bool {
        let chain = waiting.chain;
        let new = self.register.rebirth(chain).is_some() || self.register.certified_late(chain).is_some();
        let waits = match self.register.standing(chain, self.now) {
            Standing::Unconfirmed => true,
            // Declined: at the centre a person may let an entry in all the same.
            Standing::Revoked { .. } => !self.is_desk() && self.register.suitcase(chain).is_none(),
            _ => false,
        };
        new && waits && waiting.kind != Some(Kind::REBIRTH) && !self.identity.is_ours(chain)
    }

    /// True for a change that waits for nothing any more: its author was revoked or goes on as another chain, its desk was
    /// replaced, its record was given up.
    fn is_to_be_set_aside(&self, waiting: &Waiting, record: RecordId) -> Result<bool, PeerError> {
        if !self.is_desk() {
            return forgotten::contains(self.connection, record);
        }
        let at = (waiting.chain, waiting.seq);
        let replaced =
            self.register.is_case(waiting.chain) && !case_word::is_centres(self.connection, self.register, at)?;
        Ok((replaced || self.is_shut_out(at)) && !self.is_let_in(at)?)
    }

    /// True for what a revoked suitcase says, and for what one says behind the end that another chain goes on from.
    pub(super) fn is_shut_out(&self, (chain, seq): (ChainId, u64)) -> bool {
        matches!(self.register.standing(chain, self.now), Standing::Revoked { .. })
            || self.register.end_of_continued(chain).is_some_and(|end| seq > end.seq)
    }

    /// True if what it waited for when it was looked at has not grown since.
    fn sleeps(&mut self, waiting: &Waiting, record: Option<RecordId>) -> Result<bool, PeerError> {
        let now = match (self.asleep.awaits(waiting.id), record) {
            (Some(Awaited::Changes(_)), Some(record)) => Awaited::Changes(self.count_of(record)?),
            (Some(Awaited::Keys(..)), Some(record)) => self.known_keys((waiting.chain, waiting.seq), record)?,
            (Some(_), _) => Awaited::Entries(self.asleep.round()),
            (None, _) => return Ok(false),
        };
        Ok(!self.asleep.stirs(waiting.id, now))
    }

    /// How many changes of a record are taken: asked once for all that wait for it.
    pub(super) fn count_of(&mut self, record: RecordId) -> Result<usize, PeerError> {
        if let Some(count) = self.counts.get(&record) {
            return Ok(*count);
        }
        let count = entries::count_of_record(self.connection, record)?;
        self.counts.insert(record, count);
        Ok(count)
    }

    /// What could open a change of a record.
    pub(super) fn known_keys(&self, (chain, seq): (ChainId, u64), record: RecordId) -> Result<Awaited, PeerError> {
        let epoch = keys::epoch_of(self.connection, chain, seq)?;
        Ok(Awaited::Keys(epoch, keys::count_of_record(self.connection, record)?))
    }
}
