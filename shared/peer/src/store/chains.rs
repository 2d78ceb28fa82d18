//! Chains and where their unbroken part ends.

use super::bytes;
use crate::PeerError;
use chain::{ChainHead, Link};
use ids::ChainId;
use rusqlite::{Connection, OptionalExtension};
use signing::Hash;

/// The row of a chain; made when it is first seen.
pub fn row(connection: &Connection, chain: ChainId) -> Result<i64, PeerError> {
    let mut find = connection.prepare_cached("SELECT id FROM chain WHERE name = ?1")?;
    if let Some(id) = find.query_row([chain.as_bytes()], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    connection
        .prepare_cached("INSERT INTO chain (name, seq, hash) VALUES (?1, 0, ?2)")?
        .execute((chain.as_bytes(), Hash::ZERO.0))?;
    Ok(connection.last_insert_rowid())
}

/// The contiguous end; empty for a chain that is not known.
pub fn end(connection: &Connection, chain: ChainId) -> Result<Link, PeerError> {
    let mut statement = connection.prepare_cached("SELECT seq, hash FROM chain WHERE name = ?1")?;
    let end = statement.query_row([chain.as_bytes()], |row| Ok(Link { seq: row.get(0)?, hash: Hash(bytes(row, 1)?) }));
    Ok(end.optional()?.unwrap_or(Link::EMPTY))
}

/// The last number of a chain that is held, beyond any hole; 0 for none.
pub fn last(connection: &Connection, chain: ChainId) -> Result<u64, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(max(e.seq), 0) FROM entry e JOIN chain c ON c.id = e.chain WHERE c.name = ?1",
    )?;
    Ok(statement.query_row([chain.as_bytes()], |row| row.get(0))?)
}

/// Moves the contiguous end.
pub fn set_end(connection: &Connection, id: i64, end: Link) -> Result<(), PeerError> {
    connection.prepare_cached("UPDATE chain SET seq = ?2, hash = ?3 WHERE id = ?1")?.execute((
        id,
        end.seq as i64,
        end.hash.0,
    ))?;
    Ok(())
}

/// All chains of which anything is held.
pub fn names(connection: &Connection) -> Result<Vec<ChainId>, PeerError> {
    Ok(all(connection)?.into_iter().map(|head| head.chain).collect())
}

/// All chains of which an unbroken part is held.
pub fn heads(connection: &Connection) -> Result<Vec<ChainHead>, PeerError> {
    Ok(all(connection)?.into_iter().filter(|head| head.end.seq > 0).collect())
}

/// The last entry held of every chain, beyond any hole; behind them the last before each hole.
pub fn lasts(connection: &Connection) -> Result<Vec<ChainHead>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT c.name, e.seq, e.hash FROM entry e JOIN chain c ON c.id = e.chain
         WHERE NOT EXISTS (SELECT 1 FROM entry n WHERE n.chain = e.chain AND n.seq = e.seq + 1)
         ORDER BY EXISTS (SELECT 1 FROM entry n WHERE n.chain = e.chain AND n.seq > e.seq), c.id, e.seq",
    )?;
    let lasts = statement.query_map([], |row| {
        let end = Link { seq: row.get(1)?, hash: Hash(bytes(row, 2)?) };
        Ok(ChainHead { chain: ChainId::from_bytes(bytes(row, 0)?), end })
    })?;
    Ok(lasts.collect::<Result<_, _>>()?)
}

/// All chains; of some only single entries may be held.
pub fn all(connection: &Connection) -> Result<Vec<ChainHead>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT name, seq, hash FROM chain ORDER BY id")?;
    let heads = statement.query_map([], |row| {
        let end = Link { seq: row.get(1)?, hash: Hash(bytes(row, 2)?) };
        Ok(ChainHead { chain: ChainId::from_bytes(bytes(row, 0)?), end })
    })?;
    Ok(heads.collect::<Result<_, _>>()?)
}
