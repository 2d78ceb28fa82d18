//! What the desk keeps beside its peer's records, in the same encrypted database: when entries arrived (made anew, it is
//! only less exact about the past), and who did and saw what (made anew from the desks' case chains; what is not told
//! in a chain yet is the rows that are not `told`).

use ids::{ChainId, RecordId};
use peer::PeerError;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row};

/// Makes the table where it is missing.
pub fn prepare(connection: &Connection) -> Result<(), PeerError> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS arrival (
             chain BLOB NOT NULL,
             seq   INTEGER NOT NULL,  -- the chain was held up to this entry
             at    INTEGER NOT NULL,  -- the hub's clock, ms since 1970
             PRIMARY KEY (chain, seq)
         ) STRICT, WITHOUT ROWID;
         CREATE TABLE IF NOT EXISTS trace (
             id     INTEGER PRIMARY KEY,
             at     INTEGER NOT NULL,  -- ms since 1970
             by     TEXT NOT NULL,     -- login
             what   TEXT NOT NULL,     -- what was done or seen, by its name
             record BLOB,              -- whose data
             about  TEXT NOT NULL,
             told   INTEGER NOT NULL   -- 1: read from a chain
         ) STRICT;
         CREATE INDEX IF NOT EXISTS trace_at ON trace (at, id);
         CREATE INDEX IF NOT EXISTS trace_by ON trace (by, at, id);
         CREATE INDEX IF NOT EXISTS trace_what ON trace (what, at, id);
         CREATE INDEX IF NOT EXISTS trace_record ON trace (record, at, id) WHERE record IS NOT NULL;
         CREATE INDEX IF NOT EXISTS trace_untold ON trace (id) WHERE told = 0;",
    )?;
    crate::store_drafts::prepare(connection)
}

/// As if the disk took no line about who did and saw what, or did again.
#[cfg(test)]
pub fn refuse_traces(connection: &Connection, refuse: bool) -> Result<(), PeerError> {
    let full = "CREATE TRIGGER full BEFORE INSERT ON trace BEGIN SELECT RAISE(ABORT, 'full'); END;";
    Ok(connection.execute_batch(if refuse { full } else { "DROP TRIGGER full" })?)
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

/// Something somebody did or saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// When, ms since 1970.
    pub at: i64,
    /// Login.
    pub by: String,
    /// What, by its name.
    pub what: String,
    /// Whose data; `None` where it is about no record.
    pub record: Option<RecordId>,
    /// A number, a filter, a login; may be empty.
    pub about: String,
}

/// Which traces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TraceFilter {
    /// Of this login.
    pub by: Option<String>,
    /// Of these kinds; all if empty.
    pub what: Vec<String>,
    /// About this record.
    pub record: Option<RecordId>,
    /// At or after, ms since 1970.
    pub from: Option<i64>,
    /// Before, ms since 1970.
    pub until: Option<i64>,
}

/// Keeps a trace.
pub fn put_trace(connection: &Connection, trace: &Trace, told: bool) -> Result<(), PeerError> {
    let sql = "INSERT INTO trace (at, by, what, record, about, told) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let record = trace.record.map(|record| *record.as_bytes());
    connection.prepare_cached(sql)?.execute((trace.at, &trace.by, &trace.what, record, &trace.about, told))?;
    Ok(())
}

/// Forgets one trace that was read from a chain: another fact there says the same and more.
pub fn drop_trace(connection: &Connection, trace: &Trace) -> Result<(), PeerError> {
    let sql = "DELETE FROM trace WHERE id = (SELECT id FROM trace
               WHERE told = 1 AND at = ?1 AND by = ?2 AND what = ?3 AND about = ?4 LIMIT 1)";
    connection.prepare_cached(sql)?.execute((trace.at, &trace.by, &trace.what, &trace.about))?;
    Ok(())
}

fn read_trace(row: &Row<'_>) -> rusqlite::Result<Trace> {
    let record: Option<[u8; 16]> = row.get(3)?;
    let record = record.map(RecordId::from_bytes);
    Ok(Trace { at: row.get(0)?, by: row.get(1)?, what: row.get(2)?, record, about: row.get(4)? })
}

/// What is in no chain yet, the oldest first.
pub fn untold(connection: &Connection) -> Result<Vec<Trace>, PeerError> {
    let sql = "SELECT at, by, what, record, about FROM trace WHERE told = 0 ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_map([], read_trace)?.collect::<Result<_, _>>()?)
}

/// How many are in no chain yet, and since when, ms since 1970.
pub fn untold_since(connection: &Connection) -> Result<(u64, Option<i64>), PeerError> {
    let mut statement = connection.prepare_cached("SELECT count(*), min(at) FROM trace WHERE told = 0")?;
    Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// They are in a chain now, from which they are read like all others.
pub fn forget_untold(connection: &Connection) -> Result<(), PeerError> {
    connection.prepare_cached("DELETE FROM trace WHERE told = 0")?.execute([])?;
    Ok(())
}

fn conditions(filter: &TraceFilter) -> (String, Vec<Value>) {
    let (mut all, mut values) = (vec!["1".to_owned()], Vec::new());
    let mut add = |condition: String, found: Vec<Value>| {
        all.push(condition);
        values.extend(found);
    };
    if let Some(record) = filter.record {
        add("record = ?".into(), vec![record.as_bytes().to_vec().into()]);
    }
    if let Some(by) = &filter.by {
        add("by = ?".into(), vec![by.clone().into()]);
    }
    if !filter.what.is_empty() {
        let marks = vec!["?"; filter.what.len()].join(", ");
        add(format!("what IN ({marks})"), filter.what.iter().cloned().map(Value::from).collect());
    }
    if let Some(from) = filter.from {
        add("at >= ?".into(), vec![from.into()]);
    }
    if let Some(until) = filter.until {
        add("at < ?".into(), vec![until.into()]);
    }
    (all.join(" AND "), values)
}

/// A page of traces, the newest first.
pub fn traces(
    connection: &Connection,
    filter: &TraceFilter,
    offset: usize,
    limit: usize,
) -> Result<Vec<Trace>, PeerError> {
    let (wanted, mut values) = conditions(filter);
    let sql = format!(
        "SELECT at, by, what, record, about FROM trace WHERE {wanted} ORDER BY at DESC, id DESC LIMIT ? OFFSET ?"
    );
    values.extend([limit, offset].map(|number| Value::from(i64::try_from(number).unwrap_or(i64::MAX))));
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_map(rusqlite::params_from_iter(values), read_trace)?.collect::<Result<_, _>>()?)
}

/// How many traces there are.
pub fn count_traces(connection: &Connection, filter: &TraceFilter) -> Result<u64, PeerError> {
    let (wanted, values) = conditions(filter);
    let mut statement = connection.prepare_cached(&format!("SELECT count(*) FROM trace WHERE {wanted}"))?;
    Ok(statement.query_row(rusqlite::params_from_iter(values), |row| row.get(0))?)
}
