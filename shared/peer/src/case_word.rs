//! What of a chain is the centre's word. Whoever has a suitcase writes grants and verdicts into its chain as he likes, and
//! whoever has a desk that was replaced goes on in its case chain.

use crate::PeerError;
use crate::store::entries;
use chain::Register;
use ids::ChainId;
use rusqlite::Connection;

/// True of a case chain, up to the end that its successor stated. If another entry than the stated one stands there, all of
/// it is somebody else's.
pub(crate) fn is_centres(
    connection: &Connection,
    register: &Register,
    (chain, seq): (ChainId, u64),
) -> Result<bool, PeerError> {
    if !register.is_case(chain) {
        return Ok(false);
    }
    let Some(stated) = register.case_end(chain) else { return Ok(true) };
    let held = entries::hash_at(connection, chain, stated.end.seq)?;
    Ok(seq <= stated.end.seq && held.is_none_or(|held| held == stated.end.hash))
}
