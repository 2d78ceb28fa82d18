//! New keys for records that somebody could read who must not read on: a revoked suitcase, or one whose grant was taken
//! back. What they had they may have kept, and the hub's disk may fall into the same hands; what is written under a key that
//! they never got stays closed to them.
//!
//! The centre draws the record's next key, grants it to itself, so that a centre made again from the kit has it, and then
//! to all who still hold the record. Which records are left to do follows from the entries alone: those whose newest key
//! a shut-out chain knows. So the work may be cut off anywhere and goes on where it was.

use crate::PeerError;
use crate::act::Act;
use crate::identity::Role;
use crate::peer::View;
use crate::store::keys;
use chain::Register;
use ids::{ChainId, RecordId};
use std::collections::BTreeSet;

/// Revoked suitcases, with the chains that they wrote before and for which no living one goes on.
fn shut_out(register: &Register) -> BTreeSet<ChainId> {
    let revoked = |chain: &ChainId| register.revocation(*chain).is_some();
    let all = register.suitcases().map(|certificate| certificate.chain).filter(revoked);
    all.flat_map(|chain| line_of(register, chain)).collect()
}

/// A revoked suitcase's chain and those before it that ended in it.
fn line_of(register: &Register, chain: ChainId) -> impl Iterator<Item = ChainId> {
    let ended = move |before: &ChainId| register.revocation(register.living(*before)).is_some();
    std::iter::once(chain).chain(register.ancestors(chain).filter(ended))
}

impl View<'_> {
    /// For a desk: records that a revoked suitcase's chain could read and whose newest key it knows, at most so many.
    pub fn still_readable(
        &self,
        register: &Register,
        chain: ChainId,
        most: usize,
    ) -> Result<BTreeSet<RecordId>, PeerError> {
        let mut found = BTreeSet::new();
        for chain in line_of(register, chain) {
            found.extend(keys::readable_now(self.connection, chain, most.saturating_sub(found.len()))?);
        }
        Ok(found)
    }
}

impl Act<'_> {
    /// Gives at most so many of the records that a revoked suitcase could read their next key; how many were left to do
    /// before is not more than what comes back, unless that is `most`.
    pub fn renew_keys_of(&mut self, chain: ChainId, most: usize) -> Result<usize, PeerError> {
        let (register, tenant, own) = (self.register_after().clone(), self.tenant(), self.own_chain());
        let view = View { connection: self.connection(), tenant, chain: own };
        let records = view.still_readable(&register, chain, most)?;
        for record in &records {
            self.renew_key(*record)?;
        }
        Ok(records.len())
    }

    /// Draws the record's next key and grants it to all who still hold the record. What others write under the keys
    /// before, because they have not heard of it yet, opens as ever.
    pub fn renew_key(&mut self, record: RecordId) -> Result<(), PeerError> {
        self.draw_next_key(record)?;
        let own = self.own_chain();
        self.grant(record, own)?;
        for reader in self.holders(record)? {
            self.grant(record, reader)?;
        }
        Ok(())
    }

    /// Before a centre writes in a record that somebody shut out could read on, the record gets its next key. That
    /// happens for all such records by and by; what is written is never earlier than that.
    pub(crate) fn renew_key_if_known(&mut self, record: RecordId) -> Result<(), PeerError> {
        let Role::Desk { .. } = self.role() else { return Ok(()) };
        let shut_out = shut_out(self.register_after());
        if shut_out.is_empty() {
            return Ok(());
        }
        for reader in keys::readers_of(self.connection(), record)?.into_iter().filter(|chain| shut_out.contains(chain))
        {
            if keys::is_readable_now(self.connection(), reader, record)? {
                return self.renew_key(record);
            }
        }
        Ok(())
    }

    /// The living suitcases that may write the record: its maker and those who were granted it.
    fn holders(&self, record: RecordId) -> Result<BTreeSet<ChainId>, PeerError> {
        let register = self.register_after();
        let holds = |chain: &ChainId| register.suitcase(*chain).is_some() && register.revocation(*chain).is_none();
        let writers = keys::writers(self.connection(), record)?;
        Ok(writers.into_iter().map(|chain| register.living(chain)).filter(holds).collect())
    }
}
