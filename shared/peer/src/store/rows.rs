//! One row a record, for lists, counts and search. Derived from the changes; `rebuild` makes them again.

use super::bytes;
use crate::PeerError;
use ids::{ChainId, RecordId};
use records::Kind;
use rusqlite::{Connection, OptionalExtension, Row};

/// A record as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// Which record.
    pub record: RecordId,
    /// What it is.
    pub kind: Kind,
    /// The number on paper.
    pub number: Option<String>,
    /// Its derived state, by its code.
    pub state: String,
    /// Who or what it is about.
    pub title: String,
    /// The service, by its slug; empty if there is none.
    pub service: String,
    /// The centre's journal number.
    pub official: Option<String>,
    /// When it was made, device time, ms since 1970.
    pub created: i64,
    /// When it was last changed, device time, ms since 1970.
    pub changed: i64,
    /// Fields in which people differ.
    pub conflicts: u32,
    /// Bits of [`RecordRow::PROPOSALS`] and others.
    pub flags: u32,
    /// Who made it.
    pub creator: ChainId,
    /// Newest own entry about it, 0 if none.
    pub own_seq: u64,
}

impl Default for RecordRow {
    fn default() -> Self {
        Self {
            record: RecordId::from_bytes([0; 16]),
            kind: Kind::Request,
            number: None,
            state: String::new(),
            title: String::new(),
            service: String::new(),
            official: None,
            created: 0,
            changed: 0,
            conflicts: 0,
            flags: 0,
            creator: ChainId::from_bytes([0; 16]),
            own_seq: 0,
        }
    }
}

impl RecordRow {
    /// Late edits of a decided record wait for a person.
    pub const PROPOSALS: u32 = 1;
    /// Two decisions were taken without seeing each other.
    pub const CONTESTED: u32 = 2;
    /// The device's clock was obviously wrong when it was made.
    pub const CLOCK: u32 = 4;
}

/// Which rows.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only these states; all if empty.
    pub states: Vec<String>,
    /// Only of this creator.
    pub creator: Option<ChainId>,
    /// Only of this service.
    pub service: Option<String>,
    /// Only rows with conflicts, proposals or contested decisions.
    pub differing: bool,
    /// Folded words, each of which must begin a word of the record.
    pub words: Vec<String>,
    /// Made at or after, ms since 1970.
    pub from: Option<i64>,
    /// Made before, ms since 1970.
    pub until: Option<i64>,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first: what is due first.
    Oldest,
    /// By name, in Ukrainian order.
    Title,
    /// By number on paper.
    Number,
    /// By state.
    State,
    /// By service.
    Service,
    /// The last changed first.
    Changed,
}

impl Order {
    const fn sql(self) -> &'static str {
        match self {
            Self::Newest => "r.created DESC, r.record",
            Self::Oldest => "r.created, r.record",
            Self::Title => "r.sort, r.created, r.record",
            Self::Number => "r.number, r.record",
            Self::State => "r.state, r.created, r.record",
            Self::Service => "r.service, r.created, r.record",
            Self::Changed => "r.changed DESC, r.record",
        }
    }
}

const COLUMNS: &str = "r.record, r.kind, r.number, r.state, r.title, r.service, r.official, r.created, r.changed,
                       r.conflicts, r.flags, r.creator, r.own_seq";

fn read(row: &Row<'_>) -> rusqlite::Result<RecordRow> {
    Ok(RecordRow {
        record: RecordId::from_bytes(bytes(row, 0)?),
        kind: Kind::from_code(row.get(1)?).unwrap_or(Kind::Request),
        number: row.get(2)?,
        state: row.get(3)?,
        title: row.get(4)?,
        service: row.get(5)?,
        official: row.get(6)?,
        created: row.get(7)?,
        changed: row.get(8)?,
        conflicts: row.get(9)?,
        flags: row.get(10)?,
        creator: ChainId::from_bytes(bytes(row, 11)?),
        own_seq: row.get(12)?,
    })
}

/// Keeps the row and what it is found by: folded text. `own_seq` of a row that exists stays.
pub fn put(connection: &Connection, row: &RecordRow, search: &str, sort: &[u8]) -> Result<(), PeerError> {
    let id: i64 = connection
        .prepare_cached(
            "INSERT INTO record (record, kind, number, state, title, service, official, created, changed, conflicts,
                                 flags, creator, own_seq, sort)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (record) DO UPDATE SET number = ?3, state = ?4, title = ?5, service = ?6, official = ?7,
                 created = ?8, changed = ?9, conflicts = ?10, flags = ?11, creator = ?12, sort = ?14
             RETURNING rowid",
        )?
        .query_row(
            (
                row.record.as_bytes(),
                row.kind.code(),
                &row.number,
                &row.state,
                &row.title,
                &row.service,
                &row.official,
                row.created,
                row.changed,
                row.conflicts,
                row.flags,
                row.creator.as_bytes(),
                row.own_seq as i64,
                sort,
            ),
            |row| row.get(0),
        )?;
    connection.prepare_cached("INSERT OR REPLACE INTO search (rowid, text) VALUES (?1, ?2)")?.execute((id, search))?;
    Ok(())
}

/// The newest own entry about a record.
pub fn set_own_seq(connection: &Connection, record: RecordId, seq: u64) -> Result<(), PeerError> {
    connection
        .prepare_cached("UPDATE record SET own_seq = ?2 WHERE record = ?1")?
        .execute((record.as_bytes(), seq as i64))?;
    Ok(())
}

/// One row.
pub fn get(connection: &Connection, record: RecordId) -> Result<Option<RecordRow>, PeerError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM record r WHERE r.record = ?1"))?;
    Ok(statement.query_row([record.as_bytes()], read).optional()?)
}

/// The record with this number on paper or in the centre's journal.
pub fn by_number(connection: &Connection, number: &str) -> Result<Option<RecordRow>, PeerError> {
    let sql = format!("SELECT {COLUMNS} FROM record r WHERE r.number = ?1 OR r.official = ?1 LIMIT 1");
    Ok(connection.prepare_cached(&sql)?.query_row([number], read).optional()?)
}

/// The FTS5 expression of folded words: each begins a word. Only letters and digits come through, so nothing a person
/// types is syntax.
fn expression(words: &[String]) -> Option<String> {
    let clean = |word: &String| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let terms: Vec<String> =
        words.iter().map(clean).filter(|word| !word.is_empty()).map(|word| format!("\"{word}\"*")).collect();
    (!terms.is_empty()).then(|| terms.join(" "))
}

const WHERE: &str = "(?1 IS NULL OR r.kind = ?1)
    AND (?2 = '' OR instr(?2, ' ' || r.state || ' ') > 0)
    AND (?3 IS NULL OR r.creator = ?3) AND (?4 IS NULL OR r.service = ?4)
    AND (NOT ?5 OR r.conflicts > 0 OR r.flags & 3 != 0)
    AND (?6 IS NULL OR r.rowid IN (SELECT rowid FROM search WHERE search MATCH ?6))
    AND (?7 IS NULL OR r.created >= ?7) AND (?8 IS NULL OR r.created < ?8)";

type Values = (Option<u8>, String, Option<[u8; 16]>, Option<String>, bool, Option<String>, Option<i64>, Option<i64>);

fn values(filter: &Filter) -> Values {
    let states = if filter.states.is_empty() { String::new() } else { format!(" {} ", filter.states.join(" ")) };
    (
        filter.kind.map(Kind::code),
        states,
        filter.creator.map(|c| *c.as_bytes()),
        filter.service.clone(),
        filter.differing,
        expression(&filter.words),
        filter.from,
        filter.until,
    )
}

/// A page of rows.
pub fn list(
    connection: &Connection,
    filter: &Filter,
    order: Order,
    offset: usize,
    limit: usize,
) -> Result<Vec<RecordRow>, PeerError> {
    let order = order.sql();
    let sql = format!("SELECT {COLUMNS} FROM record r WHERE {WHERE} ORDER BY {order} LIMIT ?9 OFFSET ?10");
    let (a, b, c, d, e, f, g, h) = values(filter);
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map((a, b, c, d, e, f, g, h, limit as i64, offset as i64), read)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// How many rows there are.
pub fn count(connection: &Connection, filter: &Filter) -> Result<u64, PeerError> {
    let mut statement = connection.prepare_cached(&format!("SELECT count(*) FROM record r WHERE {WHERE}"))?;
    Ok(statement.query_row(values(filter), |row| row.get(0))?)
}

/// How many records of a kind have their newest own entry after `anchored`, up to it but after `opened`, up to both.
pub fn whereabouts(connection: &Connection, kind: Kind, anchored: u64, opened: u64) -> Result<[u64; 3], PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(sum(own_seq > ?2), 0), coalesce(sum(own_seq <= ?2 AND own_seq > ?3), 0),
                coalesce(sum(own_seq <= ?2 AND own_seq <= ?3), 0)
         FROM record WHERE kind = ?1 AND own_seq > 0",
    )?;
    let counts = |row: &Row<'_>| Ok([row.get(0)?, row.get(1)?, row.get(2)?]);
    Ok(statement.query_row((kind.code(), anchored as i64, opened as i64), counts)?)
}

/// All rows go; `rebuild` makes them again.
pub fn clear(connection: &Connection) -> Result<(), PeerError> {
    connection.execute_batch("DELETE FROM record; INSERT INTO search (search) VALUES ('delete-all');")?;
    Ok(())
}

/// The day's next receipt number, counted from 1. `day`: year, month, day.
pub fn next_number(connection: &Connection, day: (i16, i8, i8)) -> Result<u16, PeerError> {
    let day = i64::from(day.0) * 10_000 + i64::from(day.1) * 100 + i64::from(day.2);
    let mut statement = connection.prepare_cached(
        "INSERT INTO counter (day, last) VALUES (?1, 1) ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last",
    )?;
    let last: i64 = statement.query_row([day], |row| row.get(0))?;
    u16::try_from(last).ok().filter(|n| *n <= 999).ok_or(PeerError::NoMoreNumbers)
}
