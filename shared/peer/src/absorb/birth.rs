//! Whose a record is: of the suitcase that wrote its first change. Names of records stand in the open in every entry, so who
//! has read them, at the hub or on a disk, may write a first change of its own under the name of one that waits.

use super::Reading;
use crate::PeerError;
use crate::store::entries::{self, Stored, Waiting};
use crate::store::{keys, sync};
use chain::{Kind, Standing};
use ids::{ChainId, RecordId};
use std::collections::BTreeSet;

impl Reading<'_> {
    /// A desk that came back reads everything again, and what the one before it said of that comes last: until all is here, it
    /// goes by what that one took in. Else whoever wrote second would come first.
    pub(super) fn is_too_early(&mut self, waiting: &Waiting, record: RecordId) -> Result<bool, PeerError> {
        Ok(self.catching_up
            && !self.register.is_case(waiting.chain)
            && self.count_of(record)? == 0
            && !self.is_let_in((waiting.chain, waiting.seq))?)
    }

    /// True if another suitcase's change of the record came before this one and waits still: for a person who confirms that
    /// laptop, for a key, for what stands before it. What a revoked suitcase wrote holds up nobody, and the lives of one
    /// laptop make a record together.
    pub(super) fn is_contested(&self, stored: &Stored, record: RecordId) -> Result<bool, PeerError> {
        let chain = stored.entry.place.chain;
        if !self.is_desk() || self.register.is_case(chain) {
            return Ok(false);
        }
        let lives: BTreeSet<ChainId> = self.lives(chain).collect();
        let waiting = entries::waiting_before(self.connection, record, stored.id)?.into_iter();
        let mut others = waiting.filter(|other| self.lives(*other).all(|life| !lives.contains(&life)));
        Ok(others.any(|other| !matches!(self.register.standing(other, self.now), Standing::Revoked { .. })))
    }

    /// A change that waited is set aside: what came second under the name of its record is no longer contested by it.
    pub(super) fn wake_second(&mut self, stored: &Stored) -> Result<(), PeerError> {
        let record = stored.entry.entry.header.record;
        if let Some(record) = record.filter(|_| self.is_desk() && stored.entry.entry.header.kind == Kind::CHANGE)
            && self.count_of(record)? == 0
        {
            self.woken += sync::wake_proposals(self.connection, record, stored.id)?;
        }
        Ok(())
    }

    fn lives(&self, chain: ChainId) -> impl Iterator<Item = ChainId> {
        std::iter::once(chain).chain(self.register.ancestors(chain))
    }

    /// Who wrote a record's first change may write on in it, unless the centre has taken it back since.
    pub(super) fn name_maker(&self, record: RecordId, chain: ChainId) -> Result<(), PeerError> {
        for name in self.register.names_of(chain).filter(|_| self.is_desk()) {
            if self.is_taken_back(record, name)? {
                return Ok(());
            }
        }
        keys::put_writer(self.connection, record, chain)
    }
}
