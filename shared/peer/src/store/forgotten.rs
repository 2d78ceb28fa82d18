//! Records whose keys and rows a suitcase gave up because the centre has them: what of it stays here.

use super::entries::State;
use super::{bytes, erased};
use crate::PeerError;
use chain::{Entry, Kind};
use ids::{ChainId, RecordId};
use rusqlite::{Connection, OptionalExtension, Row};
use signing::canonical::Reader;

/// Tables that databases of earlier programs lack.
pub fn prepare(connection: &Connection) -> Result<(), PeerError> {
    Ok(connection.execute_batch(
        "-- What a suitcase gave up: the number on paper tells whoever asks for it, nothing else does.
         CREATE TABLE IF NOT EXISTS forgotten (
             record BLOB PRIMARY KEY,
             number TEXT,
             why    INTEGER NOT NULL,
             at     INTEGER NOT NULL
         ) STRICT, WITHOUT ROWID;
         -- What the centre took back and is not given up yet.
         CREATE TABLE IF NOT EXISTS taken_back (record BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
         -- Whose sealed bytes are still here, and whose are not.
         CREATE INDEX IF NOT EXISTS entry_given_up ON entry (chain, seq) WHERE state = 4;
         CREATE INDEX IF NOT EXISTS entry_bare ON entry (chain, seq) WHERE state = 5;",
    )?)
}

/// Why a record was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Closed, or unused, for longer than the centre wants it held.
    Old = 1,
    /// The centre took it back.
    TakenBack = 2,
    /// An officer did not want it here any longer.
    ByHand = 3,
}

impl Why {
    /// By its code.
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Old),
            2 => Some(Self::TakenBack),
            3 => Some(Self::ByHand),
            _ => None,
        }
    }
}

/// A record that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten {
    /// Which.
    pub record: RecordId,
    /// The number on paper.
    pub number: Option<String>,
    /// Why.
    pub why: Why,
    /// Device time, ms since 1970.
    pub at: i64,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Forgotten> {
    let why = Why::from_code(row.get(2)?).unwrap_or(Why::Old);
    Ok(Forgotten { record: RecordId::from_bytes(bytes(row, 0)?), number: row.get(1)?, why, at: row.get(3)? })
}

const COLUMNS: &str = "record, number, why, at";

/// Remembers that it was given up.
pub fn put(connection: &Connection, one: &Forgotten) -> Result<(), PeerError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO forgotten (record, number, why, at) VALUES (?1, ?2, ?3, ?4)")?
        .execute((one.record.as_bytes(), &one.number, one.why as i64, one.at))?;
    Ok(())
}

/// It is held again. False if it was not given up.
pub fn remove(connection: &Connection, record: RecordId) -> Result<bool, PeerError> {
    let mut statement = connection.prepare_cached("DELETE FROM forgotten WHERE record = ?1")?;
    Ok(statement.execute([record.as_bytes()])? > 0)
}

/// Whether it was given up.
pub fn contains(connection: &Connection, record: RecordId) -> Result<bool, PeerError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM forgotten WHERE record = ?1")?;
    Ok(statement.query_row([record.as_bytes()], |_| Ok(())).optional()?.is_some())
}

/// The one with this number on paper.
pub fn by_number(connection: &Connection, number: &str) -> Result<Option<Forgotten>, PeerError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM forgotten WHERE number = ?1 LIMIT 1"))?;
    Ok(statement.query_row([number], read).optional()?)
}

/// The last that were given up, at most so many, and how many there are.
pub fn newest(connection: &Connection, most: usize) -> Result<(Vec<Forgotten>, u64), PeerError> {
    let sql = format!("SELECT {COLUMNS} FROM forgotten ORDER BY at DESC, record LIMIT ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map([i64::try_from(most).unwrap_or(i64::MAX)], read)?;
    let found = found.collect::<Result<_, _>>()?;
    Ok((found, connection.query_row("SELECT count(*) FROM forgotten", [], |row| row.get(0))?))
}

/// The centre took the record back, or gave it.
pub fn set_taken_back(connection: &Connection, record: RecordId, taken: bool) -> Result<(), PeerError> {
    let sql = if taken {
        "INSERT OR IGNORE INTO taken_back (record) VALUES (?1)"
    } else {
        "DELETE FROM taken_back WHERE record = ?1"
    };
    connection.prepare_cached(sql)?.execute([record.as_bytes()])?;
    Ok(())
}

/// What the centre took back and is still here.
pub fn taken_back(connection: &Connection) -> Result<Vec<RecordId>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT record FROM taken_back ORDER BY record")?;
    let found = statement.query_map([], |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The highest number of a record's changes in each chain, and whether one of them waits or was not taken.
pub fn written(connection: &Connection, record: RecordId) -> Result<Vec<(ChainId, u64, bool)>, PeerError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT c.name, max(e.seq), max(e.state IN (0, 2)) FROM entry e INDEXED BY entry_record JOIN chain c ON c.id = e.chain
         WHERE e.record = ?1 AND e.kind = {} GROUP BY c.name",
        Kind::CHANGE.code()
    ))?;
    let found = statement
        .query_map([record.as_bytes()], |row| Ok((ChainId::from_bytes(bytes(row, 0)?), row.get(1)?, row.get(2)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Changes of the record are not among the records any more, or are to be looked at again. Gives back how many.
pub fn set_states(connection: &Connection, record: RecordId, from: State, to: State) -> Result<usize, PeerError> {
    let changed = connection
        .prepare_cached(&format!(
            "UPDATE entry SET state = ?3 WHERE record = ?1 AND state = ?2 AND kind = {}",
            Kind::CHANGE.code()
        ))?
        .execute((record.as_bytes(), from as i64, to as i64))?;
    Ok(changed)
}

/// The changes of a record that was given up are to be looked at again: those that are bare wait for their bodies. Gives
/// back how many.
pub fn awake(connection: &Connection, record: RecordId) -> Result<usize, PeerError> {
    let sealed = set_states(connection, record, State::Forgotten, State::Waiting)?;
    Ok(sealed + set_states(connection, record, State::Bare, State::Waiting)?)
}

/// Drops the bodies of a chain's entries up to a number whose records were given up. Gives back how many, and how long
/// they were.
pub fn drop_bodies(connection: &Connection, chain: ChainId, until: u64) -> Result<(u64, u64), PeerError> {
    let mut find = connection.prepare_cached(
        "SELECT e.id, e.bytes FROM entry e JOIN chain c ON c.id = e.chain WHERE c.name = ?1 AND e.seq <= ?2 AND e.state = 4",
    )?;
    let found = find.query_map((chain.as_bytes(), until as i64), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let found: Vec<(i64, Vec<u8>)> = found.collect::<Result<_, _>>()?;
    let mut dropped = (0, 0);
    let mut keep = connection.prepare_cached("UPDATE entry SET bytes = ?2, state = ?3 WHERE id = ?1")?;
    for (id, encoded) in found {
        let entry = Entry::read(&mut Reader::new(&encoded))?;
        let body = entry.body.bytes().map_or(0, <[u8]>::len) as u64;
        keep.execute((id, erased::hollow(&entry), State::Bare as i64))?;
        dropped = (dropped.0 + 1, dropped.1 + body);
    }
    Ok(dropped)
}

/// Entries of what was given up whose sealed bytes are here, and whose are not.
pub fn sealed(connection: &Connection) -> Result<(u64, u64), PeerError> {
    let count = |state: State| {
        let sql = format!("SELECT count(*) FROM entry WHERE state = {}", state as i64);
        connection.prepare_cached(&sql)?.query_row([], |row| row.get(0))
    };
    Ok((count(State::Forgotten)?, count(State::Bare)?))
}
