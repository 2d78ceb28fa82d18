//! What suitcases are told of a backup: up to where it holds each chain. A month after that they drop the sealed bytes of
//! what they gave up.

use super::super::{Desk, DeskError};
use chain::{ChainHead, Fact, limits};
use clock::Time;
use ids::ChainId;

/// Suitcases wait for a month anyway, and everybody keeps the register whole: once a week says enough.
const AGAIN: i64 = 7 * 24 * 3_600_000;

impl Desk {
    /// Tells of a backup that was made at `at` and holds these chains, unless it was done within a week. Gives back
    /// whether it was.
    pub(super) fn tell_covered(&self, at: Time, heads: &[ChainHead]) -> Result<bool, DeskError> {
        let register = self.peer.register()?;
        let young = register.covered_at().is_some_and(|told| (0..AGAIN).contains(&at.0.saturating_sub(told)));
        let further = |head: &&ChainHead| {
            !register.is_register(head.chain) && head.end.seq > register.covered(head.chain, i64::MAX)
        };
        let ends: Vec<(ChainId, u64)> = heads.iter().filter(further).map(|head| (head.chain, head.end.seq)).collect();
        if young || ends.is_empty() {
            return Ok(false);
        }
        self.peer.act(move |act| {
            for page in ends.chunks(limits::COVERED_CHAINS) {
                act.register_fact(&Fact::Covered { at: at.0, ends: page.to_vec() })?;
            }
            Ok(())
        })?;
        Ok(true)
    }

    /// When the newest backup was made that suitcases were told of, ms since 1970.
    pub fn covered_at(&self) -> Result<Option<i64>, DeskError> {
        Ok(self.peer.register()?.covered_at())
    }
}
