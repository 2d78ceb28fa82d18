//! What copies of the desk hold, by the centre's own word.

use super::Register;
use ids::ChainId;
use std::collections::BTreeMap;

/// A copy of the desk.
#[derive(Debug, Clone)]
pub(super) struct Covered {
    pub at: i64,
    pub ends: BTreeMap<ChainId, u64>,
}

impl Register {
    /// Up to which entry a chain is in a copy of the desk that was made at `until` or before; 0 if it is in none. A desk
    /// that was replaced is believed up to its end: who stole its key makes nobody drop anything.
    pub fn covered(&self, chain: ChainId, until: i64) -> u64 {
        let copies = self.counting(&self.covered).filter(|one| one.what.at <= until);
        copies.filter_map(|one| one.what.ends.get(&chain).copied()).max().unwrap_or(0)
    }

    /// When the newest copy of the desk was made that suitcases were told of.
    pub fn covered_at(&self) -> Option<i64> {
        self.counting(&self.covered).map(|one| one.what.at).max()
    }
}
