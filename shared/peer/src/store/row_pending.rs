//! The rows of records about which this peer wrote, by the numbers of its entries.

use super::rows::{COLUMNS, RecordRow, Spans, read};
use crate::PeerError;
use records::Kind;
use rusqlite::Connection;

/// The kinds are named so that the index over kind and number serves.
fn written(spans: &Spans) -> String {
    let within = spans.iter().map(|(after, until)| format!("own_seq > {after} AND own_seq <= {until}"));
    let within: Vec<String> = within.collect();
    let within = if within.is_empty() { "0".to_owned() } else { within.join(" OR ") };
    format!("FROM record INDEXED BY record_own WHERE kind IN (1, 2, 3, 4) AND ({within})")
}

/// A page of the rows, of every kind, whose newest own entry's number is in one of these spans; what was written first before.
///
/// The page is chosen within the index: very many may wait, and only the page's rows are read.
pub fn written_in(
    connection: &Connection,
    spans: &Spans,
    offset: usize,
    limit: usize,
) -> Result<Vec<RecordRow>, PeerError> {
    let page = format!("SELECT rowid {} ORDER BY own_seq LIMIT ?1 OFFSET ?2", written(spans));
    let sql = format!("SELECT {COLUMNS} FROM record r WHERE r.rowid IN ({page}) ORDER BY r.own_seq");
    let mut statement = connection.prepare(&sql)?;
    let found = statement.query_map((limit as i64, offset as i64), read)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// How many there are.
pub fn count_written_in(connection: &Connection, spans: &Spans) -> Result<u64, PeerError> {
    let sql = format!("SELECT count(*) {}", written(spans));
    Ok(connection.prepare(&sql)?.query_row([], |row| row.get(0))?)
}

/// How many records of one kind have their newest own entry after a number and up to another.
pub fn count_between(connection: &Connection, kind: Kind, after: u64, until: u64) -> Result<u64, PeerError> {
    let sql = "SELECT count(*) FROM record INDEXED BY record_own WHERE kind = ?1 AND own_seq > ?2 AND own_seq <= ?3";
    let between = (kind.code(), after as i64, i64::try_from(until).unwrap_or(i64::MAX));
    Ok(connection.prepare_cached(sql)?.query_row(between, |row| row.get(0))?)
}
