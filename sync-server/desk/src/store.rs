//! What the desk keeps beside its peer's records, in the same encrypted database: when entries arrived. Made anew, it
//! is only less exact about the past.

use ids::ChainId;
use peer::PeerError;
use rusqlite::{Connection, OptionalExtension};

/// Makes the table where it is missing.
pub fn prepare(connection: &Connection) -> Result<(), PeerError> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS arrival (
             chain BLOB NOT NULL,
             seq   INTEGER NOT NULL,  -- the chain was held up to this entry
             at    INTEGER NOT NULL,  -- the hub's clock, ms since 1970
             PRIMARY KEY (chain, seq)
         ) STRICT, WITHOUT ROWID;",
    )?;
    Ok(())
}

/// The chain is held up to `seq` now.
pub fn put_arrival(connection: &Connection, chain: ChainId, seq: u64, at: i64) -> Result<(), PeerError> {
    connection.prepare_cached("INSERT OR IGNORE INTO arrival (chain, seq, at) VALUES (?1, ?2, ?3)")?.execute((
        chain.as_bytes(),
        seq as i64,
        at,
    ))?;
    Ok(())
}

/// When an entry had arrived.
pub fn arrival_of(connection: &Connection, chain: ChainId, seq: u64) -> Result<Option<i64>, PeerError> {
    let mut statement =
        connection.prepare_cached("SELECT at FROM arrival WHERE chain = ?1 AND seq >= ?2 ORDER BY seq LIMIT 1")?;
    Ok(statement.query_row((chain.as_bytes(), seq as i64), |row| row.get(0)).optional()?)
}

/// Up to where a chain was held at its last growth, and when that was.
pub fn newest_arrival(connection: &Connection, chain: ChainId) -> Result<Option<(u64, i64)>, PeerError> {
    let mut statement =
        connection.prepare_cached("SELECT seq, at FROM arrival WHERE chain = ?1 ORDER BY seq DESC LIMIT 1")?;
    Ok(statement.query_row([chain.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}
