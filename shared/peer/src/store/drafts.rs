//! Drafts: rows, never entries. Saved while somebody types, gone when the act is saved.

use super::bytes;
use crate::PeerError;
use rusqlite::{Connection, OptionalExtension};

/// What was typed so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Made by whoever starts the form.
    pub id: [u8; 16],
    /// Which form, in the program's own terms.
    pub form: String,
    /// The form's content, in the program's own terms.
    pub body: String,
    /// Device time of the last change, ms since 1970.
    pub changed: i64,
}

/// Keeps one.
pub fn put(connection: &Connection, draft: &Draft) -> Result<(), PeerError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO draft (id, form, body, changed) VALUES (?1, ?2, ?3, ?4)")?
        .execute((draft.id, &draft.form, &draft.body, draft.changed))?;
    Ok(())
}

/// One of them.
pub fn get(connection: &Connection, id: [u8; 16]) -> Result<Option<Draft>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT id, form, body, changed FROM draft WHERE id = ?1")?;
    Ok(statement.query_row([id], read).optional()?)
}

/// All, the newest first.
pub fn all(connection: &Connection) -> Result<Vec<Draft>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT id, form, body, changed FROM draft ORDER BY changed DESC")?;
    Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
}

/// Takes one away.
pub fn remove(connection: &Connection, id: [u8; 16]) -> Result<(), PeerError> {
    connection.prepare_cached("DELETE FROM draft WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft { id: bytes(row, 0)?, form: row.get(1)?, body: row.get(2)?, changed: row.get(3)? })
}
