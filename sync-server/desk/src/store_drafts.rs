//! Releases of the catalogue that are being prepared: local rows, in no chain. A desk that was restored from its kit has
//! none; the files can be uploaded again.

use peer::PeerError;
use rusqlite::{Connection, OptionalExtension, Row};

/// A release that is being prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its key.
    pub id: i64,
    /// What it is for, in the administrator's words; may be empty.
    pub title: String,
    /// Number of the release that it was begun from.
    pub base: u32,
    /// First day it is to be used, `2027-01-01`.
    pub effective_from: String,
    /// Counts its changes: who changes it says which state he saw.
    pub revision: i64,
    /// Who changed it last.
    pub by: String,
    /// When, ms since 1970.
    pub at: i64,
}

/// Makes the tables where they are missing.
pub fn prepare(connection: &Connection) -> Result<(), PeerError> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS release_draft (
             id             INTEGER PRIMARY KEY AUTOINCREMENT,
             title          TEXT NOT NULL,
             base           INTEGER NOT NULL,  -- number of the release it was begun from
             effective_from TEXT NOT NULL,     -- 2027-01-01
             revision       INTEGER NOT NULL,
             by             TEXT NOT NULL,
             at             INTEGER NOT NULL   -- ms since 1970
         ) STRICT;
         CREATE TABLE IF NOT EXISTS release_draft_file (
             draft INTEGER NOT NULL REFERENCES release_draft (id) ON DELETE CASCADE,
             name  TEXT NOT NULL,              -- services/land.json
             text  TEXT NOT NULL,
             PRIMARY KEY (draft, name)
         ) STRICT, WITHOUT ROWID;",
    )?;
    Ok(())
}

const COLUMNS: &str = "id, title, base, effective_from, revision, by, at";

fn draft(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        id: row.get(0)?,
        title: row.get(1)?,
        base: row.get(2)?,
        effective_from: row.get(3)?,
        revision: row.get(4)?,
        by: row.get(5)?,
        at: row.get(6)?,
    })
}

/// All of them, the newest first.
pub fn all(connection: &Connection) -> Result<Vec<Draft>, PeerError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM release_draft ORDER BY id DESC LIMIT 100"))?;
    let found = statement.query_map([], draft)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// One of them.
pub fn get(connection: &Connection, id: i64) -> Result<Option<Draft>, PeerError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM release_draft WHERE id = ?1"))?;
    Ok(statement.query_row([id], draft).optional()?)
}

/// A new one; gives back its key. `id` and `revision` of what is given do not count.
pub fn add(connection: &Connection, new: &Draft) -> Result<i64, PeerError> {
    connection
        .prepare_cached(
            "INSERT INTO release_draft (title, base, effective_from, revision, by, at) VALUES (?1, ?2, ?3, 1, ?4, ?5)",
        )?
        .execute((&new.title, new.base, &new.effective_from, &new.by, new.at))?;
    Ok(connection.last_insert_rowid())
}

/// Keeps what changed about one, under its next revision. False if somebody changed it since `changed.revision`.
pub fn put(connection: &Connection, changed: &Draft) -> Result<bool, PeerError> {
    let rows = connection
        .prepare_cached(
            "UPDATE release_draft SET title = ?3, base = ?4, effective_from = ?5, by = ?6, at = ?7,
             revision = revision + 1 WHERE id = ?1 AND revision = ?2",
        )?
        .execute((
            changed.id,
            changed.revision,
            &changed.title,
            changed.base,
            &changed.effective_from,
            &changed.by,
            changed.at,
        ))?;
    Ok(rows == 1)
}

/// Takes one away with its files.
pub fn remove(connection: &Connection, id: i64) -> Result<(), PeerError> {
    connection.prepare_cached("DELETE FROM release_draft_file WHERE draft = ?1")?.execute([id])?;
    connection.prepare_cached("DELETE FROM release_draft WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// The files that differ from those of published releases, by name.
pub fn files(connection: &Connection, id: i64) -> Result<Vec<(String, String)>, PeerError> {
    let mut statement =
        connection.prepare_cached("SELECT name, text FROM release_draft_file WHERE draft = ?1 ORDER BY name")?;
    let found = statement.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Keeps a file of a draft.
pub fn put_file(connection: &Connection, id: i64, name: &str, text: &str) -> Result<(), PeerError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO release_draft_file (draft, name, text) VALUES (?1, ?2, ?3)")?
        .execute((id, name, text))?;
    Ok(())
}

/// Takes a file of a draft away: that of the release before counts again.
pub fn remove_file(connection: &Connection, id: i64, name: &str) -> Result<(), PeerError> {
    connection.prepare_cached("DELETE FROM release_draft_file WHERE draft = ?1 AND name = ?2")?.execute((id, name))?;
    Ok(())
}
