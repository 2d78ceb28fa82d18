//! What the centre told this peer: messages in a case chain, the newest first.

use super::entries::{self, Stored};
use crate::PeerError;
use chain::Kind;
use ids::{ChainId, TenantId};
use rusqlite::Connection;

/// Taken messages of one case chain to one peer, the newest first.
pub fn messages(
    connection: &Connection,
    tenant: TenantId,
    (case, to): (ChainId, ChainId),
    limit: usize,
) -> Result<Vec<Stored>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT e.seq FROM entry e JOIN chain c ON c.id = e.chain
         WHERE c.name = ?1 AND e.kind = ?2 AND e.peer = ?3 AND e.state = 1 ORDER BY e.seq DESC LIMIT ?4",
    )?;
    let found =
        statement.query_map((case.as_bytes(), Kind::TO.code(), to.as_bytes(), limit as i64), |row| row.get(0))?;
    let mut all = Vec::new();
    for seq in found {
        all.extend(entries::at(connection, tenant, case, seq?)?);
    }
    Ok(all)
}
