//! Whose a record is: of the suitcase that wrote its first change. Names of records stand in the open in every entry, so who
//! has read them, at the hub or on a disk, may write a first change of its own under the name of one that waits.

use super::Reading;
use crate::PeerError;
use crate::store::entries::{self, Stored, Waiting};
use crate::store::keys;
use chain::Standing;
use ids::{ChainId, RecordId};
use std::collections::BTreeSet;

impl Reading<'_> {
    /// A desk that came back reads everything again, in the order of chains and not in that of days: until all is here, it
    /// goes by what the one before it took in. Else whoever wrote second would come first.
    pub(super) fn is_too_early(&self, waiting: &Waiting, record: RecordId) -> Result<bool, PeerError> {
        Ok(self.catching_up
            && !self.register.is_case(waiting.chain)
            && entries::count_of_record(self.connection, record)? == 0
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
