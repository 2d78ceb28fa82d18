//! Which word of which centre reaches how far: at a suitcase the newest verdict on each of its chains, at a desk what it told
//! whom.

use super::bytes;
use crate::PeerError;
use chain::{Judged, Link};
use ids::ChainId;
use rusqlite::{Connection, OptionalExtension};
use signing::Hash;

/// Tables that databases of earlier programs lack.
pub fn prepare(connection: &Connection) -> Result<(), PeerError> {
    Ok(connection.execute_batch(include_str!("told.sql"))?)
}

/// Keeps a verdict on an own chain, by the entry that brought it. What the same case chain said later stays.
pub fn put_judged(connection: &Connection, chain: ChainId, judged: &Judged) -> Result<(), PeerError> {
    let Judged { case, entry, up_to } = judged;
    connection
        .prepare_cached(
            "INSERT INTO judged (chain, by_chain, by_seq, by_hash, seq, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (chain, by_chain) DO UPDATE SET by_seq = ?3, by_hash = ?4, seq = ?5, hash = ?6 WHERE by_seq < ?3",
        )?
        .execute((
            chain.as_bytes(),
            case.as_bytes(),
            entry.seq as i64,
            entry.hash.0,
            up_to.seq as i64,
            up_to.hash.0,
        ))?;
    Ok(())
}

/// The newest verdict of a case chain on an own chain.
pub fn judged(connection: &Connection, chain: ChainId, case: ChainId) -> Result<Option<Judged>, PeerError> {
    let mut find = connection
        .prepare_cached("SELECT by_seq, by_hash, seq, hash FROM judged WHERE chain = ?1 AND by_chain = ?2")?;
    let found = find.query_row((chain.as_bytes(), case.as_bytes()), |row| {
        let link = |at: usize| Ok::<_, rusqlite::Error>(Link { seq: row.get(at)?, hash: Hash(bytes(row, at + 1)?) });
        Ok(Judged { case, entry: link(0)?, up_to: link(2)? })
    });
    Ok(found.optional()?)
}

/// Remembers up to where a case chain told a suitcase of a chain of its line.
pub fn put_told(
    connection: &Connection,
    (chain, reader): (ChainId, ChainId),
    case: ChainId,
    up_to: u64,
) -> Result<(), PeerError> {
    connection
        .prepare_cached(
            "INSERT INTO told_verdict (chain, reader, by_chain, seq) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (chain, reader, by_chain) DO UPDATE SET seq = max(seq, ?4)",
        )?
        .execute((chain.as_bytes(), reader.as_bytes(), case.as_bytes(), up_to as i64))?;
    Ok(())
}

/// Up to where it did; `None`: not at all.
pub fn told(
    connection: &Connection,
    (chain, reader): (ChainId, ChainId),
    case: ChainId,
) -> Result<Option<u64>, PeerError> {
    let mut find =
        connection.prepare_cached("SELECT seq FROM told_verdict WHERE chain = ?1 AND reader = ?2 AND by_chain = ?3")?;
    Ok(find.query_row((chain.as_bytes(), reader.as_bytes(), case.as_bytes()), |row| row.get(0)).optional()?)
}
