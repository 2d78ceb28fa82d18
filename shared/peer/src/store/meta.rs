//! Single values under a name.

use crate::PeerError;
use rusqlite::{Connection, OptionalExtension};

/// Reads one.
pub fn get(connection: &Connection, key: &str) -> Result<Option<Vec<u8>>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

/// Writes one.
pub fn put(connection: &Connection, key: &str, value: &[u8]) -> Result<(), PeerError> {
    connection.prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)")?.execute((key, value))?;
    Ok(())
}

/// Takes one away.
pub fn remove(connection: &Connection, key: &str) -> Result<(), PeerError> {
    connection.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([key])?;
    Ok(())
}
