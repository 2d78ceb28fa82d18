//! One row a record, for lists, counts and search. Derived from the changes; `rebuild` makes them again.

use super::{bytes, meta, row_alike};
use crate::PeerError;
use ids::{ChainId, RecordId};
use records::Kind;
use records::projection::PROJECTION_VERSION;
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
    /// When that number was given, ms since 1970.
    pub registered: Option<i64>,
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
    /// Login of the officer who recorded it.
    pub officer: String,
    /// Login of the clerk who has it; empty for nobody and once it is closed.
    pub holder: String,
    /// The applicant's tax number. Of a resident what tells people apart, by space: `n` and the tax number, `u` and the
    /// УНЗР, `b` and the date of birth. May be empty.
    pub person: String,
    /// Ids of records that look like it and were told apart by a person, by space. Of a resident also those that were
    /// joined with it, with `=` before each.
    pub apart: String,
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
            registered: None,
            created: 0,
            changed: 0,
            conflicts: 0,
            flags: 0,
            creator: ChainId::from_bytes([0; 16]),
            officer: String::new(),
            holder: String::new(),
            person: String::new(),
            apart: String::new(),
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

    /// Whether a person has decided if this record and another are about the same.
    pub fn has_decided(&self, other: RecordId) -> bool {
        let other = other.to_string();
        self.apart.split(' ').any(|id| id.strip_prefix('=').unwrap_or(id) == other)
    }

    /// Records of the same person.
    pub fn joined_with(&self) -> impl Iterator<Item = RecordId> {
        self.apart.split(' ').filter_map(|id| id.strip_prefix('=')?.parse().ok())
    }
}

/// Numbers after the first and up to the second of each; ascending, none touches the next.
pub type Spans = Vec<(u64, u64)>;

/// Which rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only these states; all if empty.
    pub states: Vec<String>,
    /// Only of these creators; of all if empty.
    pub creators: Vec<ChainId>,
    /// Only of this service.
    pub service: Option<String>,
    /// Only rows with conflicts, proposals or contested decisions.
    pub differing: bool,
    /// Folded words, each of which must begin a word of the record.
    pub words: Vec<String>,
    /// Made (with `registered`: registered) at or after, ms since 1970.
    pub from: Option<i64>,
    /// Made (with `registered`: registered) before, ms since 1970.
    pub until: Option<i64>,
    /// Only what this clerk has.
    pub holder: Option<String>,
    /// Only what no clerk has.
    pub unheld: bool,
    /// Only recorded by this officer.
    pub officer: Option<String>,
    /// Only undecided requests that look like another one.
    pub alike: bool,
    /// Only what has a number in the journal.
    pub registered: bool,
    /// Only whose newest own entry's number is in one of these spans.
    pub own: Option<Spans>,
    /// With `own`: those that have none as well.
    pub own_none: bool,
    /// Only of these records, at most a few hundred.
    pub records: Option<Vec<RecordId>>,
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
    /// As they were given numbers in the journal; leaves out what has none.
    Registered,
    /// The last registered first; leaves out what has no number.
    LastRegistered,
}

pub(super) const COLUMNS: &str = "r.record, r.kind, r.number, r.state, r.title, r.service, r.official, r.created,
    r.changed, r.conflicts, r.flags, r.creator, r.own_seq, r.registered, r.officer, r.holder, r.person, r.apart";

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<RecordRow> {
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
        registered: row.get(13)?,
        officer: row.get(14)?,
        holder: row.get(15)?,
        person: row.get(16)?,
        apart: row.get(17)?,
    })
}

/// Keeps the row, but for what it is found by. `own_seq` of a row that exists stays. Gives the row's id for [`index`].
pub fn put(connection: &Connection, row: &RecordRow, sort: &[u8]) -> Result<i64, PeerError> {
    let before = row_alike::likeness(connection, row.record)?;
    connection
        .prepare_cached(
            "INSERT INTO record (record, kind, number, state, title, service, official, created, changed, conflicts,
                                 flags, creator, own_seq, sort, registered, officer, holder, person, apart, undecided)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
             ON CONFLICT (record) DO UPDATE SET number = ?3, state = ?4, title = ?5, service = ?6, official = ?7,
                 created = ?8, changed = ?9, conflicts = ?10, flags = ?11, creator = ?12, sort = ?14, registered = ?15,
                 officer = ?16, holder = ?17, person = ?18, apart = ?19, undecided = ?20",
        )?
        .execute(rusqlite::params![
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
            row.registered,
            &row.officer,
            &row.holder,
            &row.person,
            &row.apart,
            row_alike::is_undecided(row),
        ])?;
    row_alike::compare(connection, row.record, before)?;
    let id = connection
        .prepare_cached("SELECT rowid FROM record WHERE record = ?1")?
        .query_row([row.record.as_bytes()], |row| row.get(0))?;
    Ok(id)
}

/// Keeps by what folded text a row is found. Of many rows all are put first and indexed then: the full-text index
/// writes itself out whenever another statement could be taken back alone, as [`put`]'s can.
pub fn index(connection: &Connection, id: i64, search: &str) -> Result<(), PeerError> {
    connection.prepare_cached("INSERT OR REPLACE INTO search (rowid, text) VALUES (?1, ?2)")?.execute((id, search))?;
    Ok(())
}

/// Takes a record's row away, with the words that it is found by.
pub fn remove(connection: &Connection, record: RecordId) -> Result<(), PeerError> {
    let mut find = connection.prepare_cached("SELECT rowid, kind, state FROM record WHERE record = ?1")?;
    let found = find.query_row([record.as_bytes()], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, u8>(1)?, row.get::<_, String>(2)?))
    });
    let Some((id, kind, state)) = found.optional()? else { return Ok(()) };
    let before = row_alike::likeness(connection, record)?;
    connection.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([id])?;
    connection.prepare_cached("DELETE FROM record WHERE record = ?1")?.execute([record.as_bytes()])?;
    connection
        .prepare_cached("UPDATE tally SET count = count - 1 WHERE kind = ?1 AND state = ?2")?
        .execute((kind, state))?;
    row_alike::compare(connection, record, before)
}

/// The newest own entry about a record.
pub fn set_own_seq(connection: &Connection, record: RecordId, seq: u64) -> Result<(), PeerError> {
    connection
        .prepare_cached("UPDATE record SET own_seq = ?2 WHERE record = ?1")?
        .execute((record.as_bytes(), seq as i64))?;
    Ok(())
}

/// Nothing of what is here is this peer's own any more.
pub fn disown(connection: &Connection) -> Result<(), PeerError> {
    connection.execute("UPDATE record SET own_seq = 0 WHERE own_seq > 0", [])?;
    Ok(())
}

/// Records whose newest own entry's number is after one and up to another.
pub fn of_numbers(connection: &Connection, after: u64, until: u64) -> Result<Vec<RecordId>, PeerError> {
    let sql =
        "SELECT record FROM record INDEXED BY record_own WHERE kind IN (1, 2, 3, 4) AND own_seq > ?1 AND own_seq <= ?2";
    let mut find = connection.prepare_cached(sql)?;
    let found = find.query_map((after as i64, until as i64), |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
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

/// All rows go, and the tables are those of this program; `rebuild` makes the rows again.
pub fn clear(connection: &Connection) -> Result<(), PeerError> {
    connection.execute_batch(include_str!("rows.sql"))?;
    meta::put(connection, "rows", &PROJECTION_VERSION.to_be_bytes())
}

/// The records that the lists show.
pub fn all(connection: &Connection) -> Result<Vec<RecordId>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT record FROM record ORDER BY rowid")?;
    let found = statement.query_map([], |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// False if the rows were made by a program that makes other ones.
pub fn are_current(connection: &Connection) -> Result<bool, PeerError> {
    Ok(meta::get(connection, "rows")?.is_some_and(|version| version == PROJECTION_VERSION.to_be_bytes()))
}

/// A number of a day counts as given out: the next one comes after it.
pub fn spend_number(connection: &Connection, day: (i16, i8, i8), number: u16) -> Result<(), PeerError> {
    let day = i64::from(day.0) * 10_000 + i64::from(day.1) * 100 + i64::from(day.2);
    connection
        .prepare_cached(
            "INSERT INTO counter (day, last) VALUES (?1, ?2) ON CONFLICT (day) DO UPDATE SET last = max(last, ?2)",
        )?
        .execute((day, i64::from(number)))?;
    Ok(())
}

/// How many numbers of a day are passed over where its count came back from a copy: more than anybody records in a day.
const PASSED: i64 = 300;

/// The day's count may have come back from a copy: it goes on where nothing was given out since, and at most half of what
/// is left goes, so that a disk that is put back again and again does not keep anybody from recording.
pub fn pass_over(connection: &Connection, day: (i16, i8, i8)) -> Result<(), PeerError> {
    let day = i64::from(day.0) * 10_000 + i64::from(day.1) * 100 + i64::from(day.2);
    connection
        .prepare_cached(
            "INSERT INTO counter (day, last) VALUES (?1, ?2)
             ON CONFLICT (day) DO UPDATE SET last = last + min(?2, (999 - last) / 2)",
        )?
        .execute((day, PASSED))?;
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
