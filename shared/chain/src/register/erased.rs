//! What the register orders to be erased.

use super::Register;
use crate::erasure::{Erased, Erasure};
use ids::{ChainId, RecordId};

impl Register {
    /// The orders that count, in the order in which they arrived. What is published behind the end of a desk that was
    /// replaced does not: who stole its key destroys nothing. The successor repeats what was rightly ordered there.
    pub fn erasures(&self) -> impl Iterator<Item = &Erasure> {
        self.counting(&self.erasures).map(|one| one.what.as_ref())
    }

    /// True if an order names the record.
    pub fn is_erased(&self, record: RecordId) -> bool {
        self.erasures().any(|order| order.records.contains(&record))
    }

    /// Everything that is to be dropped. `held` tells up to where a case chain is held without a hole: entries with keys
    /// go only when the keys that are kept are there. Whoever keeps no case chain passes `u64::MAX`.
    pub fn erased(&self, held: impl Fn(ChainId) -> u64) -> Erased {
        let mut erased = Erased::default();
        for order in self.erasures() {
            erased.records.extend(&order.records);
            if order.kept.is_none_or(|(case, seq)| held(case) >= seq) {
                erased.entries.extend(&order.entries);
            }
        }
        erased
    }
}
