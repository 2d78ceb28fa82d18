//! The rows of records about which this peer wrote after a number of its chain.

use super::rows::{COLUMNS, RecordRow, read};
use crate::PeerError;
use records::Kind;
use rusqlite::Connection;

/// The kinds are named so that the index over kind and number serves.
const WRITTEN_AFTER: &str = "FROM record INDEXED BY record_own WHERE kind IN (1, 2, 3, 4) AND own_seq > ?1";

/// A page of the rows, of every kind, whose newest own entry is after a number; what was written first before.
///
/// The page is chosen within the index: very many may wait, and only the page's rows are read.
pub fn written_after(
    connection: &Connection,
    seq: u64,
    offset: usize,
    limit: usize,
) -> Result<Vec<RecordRow>, PeerError> {
    let page = format!("SELECT rowid {WRITTEN_AFTER} ORDER BY own_seq LIMIT ?2 OFFSET ?3");
    let sql = format!("SELECT {COLUMNS} FROM record r WHERE r.rowid IN ({page}) ORDER BY r.own_seq");
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map((seq as i64, limit as i64, offset as i64), read)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// How many there are.
pub fn count_written_after(connection: &Connection, seq: u64) -> Result<u64, PeerError> {
    let sql = format!("SELECT count(*) {WRITTEN_AFTER}");
    Ok(connection.prepare_cached(&sql)?.query_row([seq as i64], |row| row.get(0))?)
}

/// How many records of one kind have their newest own entry after a number and up to another.
pub fn count_between(connection: &Connection, kind: Kind, after: u64, until: u64) -> Result<u64, PeerError> {
    let sql = "SELECT count(*) FROM record INDEXED BY record_own WHERE kind = ?1 AND own_seq > ?2 AND own_seq <= ?3";
    let between = (kind.code(), after as i64, i64::try_from(until).unwrap_or(i64::MAX));
    Ok(connection.prepare_cached(sql)?.query_row(between, |row| row.get(0))?)
}
