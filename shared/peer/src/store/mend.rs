//! What a repair asks of the damaged database and of the new one that is made of it.

use super::entries::State;
use super::{bytes, chains, erased, forgotten, keys, letters, taken_in, told, told_again};
use crate::{PeerError, lost_numbers};
use chain::{Entry, Kind, Link, Place, Verified};
use ids::{ChainId, RecordId, TenantId};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use salvage::{Copied, SalvageError, Wanted};
use signing::canonical::Reader;
use signing::{Hash, Secret};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Tables that are made again from others: their loss is none.
const DERIVED: [&str; 2] = ["record", "tally"];

/// What nobody else may have, and how its rows are told from others: entries prove themselves afterwards, keys by what
/// they open. Of two tables of keys one row looks like the other, so a key that is found so is tried as either.
const SCATTERED: [Wanted<'_>; 6] = [
    Wanted { table: "entry", condition: "seq > 0 AND length(hash) = 32 AND length(prev) = 32" },
    Wanted { table: "chain", condition: "length(name) = 16 AND length(hash) = 32" },
    Wanted { table: "stray", condition: "length(chain) = 16 AND length(hash) = 32 AND length(prev) = 32" },
    Wanted { table: "record_key", condition: "length(record) = 16 AND length(key) = 32" },
    Wanted { table: "other_key", condition: "length(record) = 16 AND length(key) = 32" },
    Wanted { table: "draft", condition: "length(id) = 16" },
];
const ONE_KEY_ONCE: &str =
    "DELETE FROM other_key WHERE EXISTS (SELECT 1 FROM record_key k WHERE k.record = other_key.record
    AND k.generation = other_key.generation AND k.key = other_key.key)";

/// All tables of a peer, those that later programs added among them.
pub fn prepare(connection: &Connection) -> Result<(), PeerError> {
    letters::prepare(connection)?;
    erased::prepare(connection)?;
    keys::prepare(connection)?;
    forgotten::prepare(connection)?;
    taken_in::prepare(connection)?;
    told::prepare(connection)?;
    told_again::prepare(connection)
}

/// Opens the damaged file: nothing is written to it, its log is not brought over.
fn open(path: &Path, key: &Secret<32>) -> rusqlite::Result<Connection> {
    let connection = open_to_lay_out(path, key)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// The same for whoever writes what is never committed.
fn open_to_lay_out(path: &Path, key: &Secret<32>) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    super::prepare(&connection, key).map_err(|error| match error {
        PeerError::Sql(error) => error,
        _ => rusqlite::Error::InvalidQuery,
    })?;
    Ok(connection)
}

/// Copies what can be read into the new database. Gives what became of each table that is not derived; all of them are
/// absent if no way leads to any row.
pub fn salvage(path: &Path, key: &Secret<32>, fresh: &Connection) -> Result<Vec<Copied>, PeerError> {
    fresh.execute_batch("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE")?;
    let done = copy(path, key, fresh);
    fresh.execute_batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    match done {
        Ok(copied) => Ok(copied.into_iter().filter(|one| !DERIVED.contains(&one.table.as_str())).collect()),
        Err(SalvageError::Nothing(error)) => {
            tracing::error!(%error, "nothing of the database can be read");
            let tables = salvage::tables(fresh).map_err(|_| PeerError::Damaged("schema".into()))?;
            let absent = |table: salvage::Table| Copied { table: table.name, absent: true, ..Copied::default() };
            Ok(tables.into_iter().map(absent).filter(|one| !DERIVED.contains(&one.table.as_str())).collect())
        }
        Err(SalvageError::New(error)) => Err(error.into()),
    }
}

fn copy(path: &Path, key: &Secret<32>, fresh: &Connection) -> Result<Vec<Copied>, SalvageError> {
    let old = open(path, key).map_err(SalvageError::Nothing)?;
    salvage::missing(&old, fresh, |_| false)?;
    drop(old);
    let tables = salvage::tables(fresh)?;
    let copied = salvage::copy(|| open(path, key), fresh, &tables)?;
    if copied.iter().any(|one| !one.is_whole() && !DERIVED.contains(&one.table.as_str())) {
        let found = salvage::scattered(|| open_to_lay_out(path, key), fresh, &tables, &SCATTERED)?;
        tracing::warn!(rows = found, "found on pages that nothing leads to");
        fresh.execute_batch(ONE_KEY_ONCE).map_err(SalvageError::New)?;
    }
    Ok(copied)
}

/// Which entries there were, by an index, as far as that can be read: those that are named and not read are lost.
pub fn named_by_index(path: &Path, key: &Secret<32>) -> BTreeSet<(i64, u64)> {
    let mut found = BTreeSet::new();
    for order in ["ASC", "DESC"] {
        let Ok(old) = open(path, key) else { break };
        let sql = format!("SELECT chain, seq FROM entry INDEXED BY entry_size ORDER BY chain {order}, seq {order}");
        let Ok(mut statement) = old.prepare(&sql) else { break };
        let Ok(mut rows) = statement.query([]) else { break };
        while let Ok(Some(row)) = rows.next() {
            if let (Ok(chain), Ok(seq)) = (row.get(0), row.get(1)) {
                found.insert((chain, seq));
            }
        }
    }
    found
}

/// A row of `entry` as it was read.
pub struct Row {
    /// Its number of arrival.
    pub id: i64,
    /// The number of its chain's row.
    pub chain: i64,
    /// Its number in the chain.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
    /// Of the one before.
    pub prev: Hash,
    /// `None`: no entry.
    pub entry: Option<Entry>,
}

/// Rows after a number, in order of arrival.
pub fn rows(connection: &Connection, after: i64, limit: usize) -> Result<Vec<Row>, PeerError> {
    let mut statement = connection
        .prepare_cached("SELECT id, chain, seq, hash, prev, bytes FROM entry WHERE id > ?1 ORDER BY id LIMIT ?2")?;
    let found = statement.query_map((after, limit as i64), |row| {
        let encoded = row.get_ref(5)?.as_blob()?;
        let mut reader = Reader::new(encoded);
        let entry = Entry::read(&mut reader).and_then(|entry| reader.end().map(|()| entry)).ok();
        let hash =
            |column| Ok::<_, rusqlite::Error>(Hash(row.get::<_, Vec<u8>>(column)?.try_into().unwrap_or([0; 32])));
        Ok(Row {
            id: row.get(0)?,
            chain: row.get(1)?,
            seq: row.get::<_, i64>(2)?.max(0) as u64,
            hash: hash(3)?,
            prev: hash(4)?,
            entry,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Takes away what is no entry of its author.
pub fn remove(connection: &Connection, id: i64) -> Result<(), PeerError> {
    connection.prepare_cached("DELETE FROM entry WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Chains by the numbers of their rows, each with the end that the row states.
pub fn chains(connection: &Connection) -> Result<BTreeMap<i64, (ChainId, u64)>, PeerError> {
    let mut statement = connection.prepare("SELECT id, name, seq FROM chain WHERE length(name) = 16")?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, (ChainId::from_bytes(bytes(row, 1)?), row.get(2)?))))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Gives a chain its row back.
pub fn put_chain(connection: &Connection, row: i64, chain: ChainId) -> Result<(), PeerError> {
    let sql = "INSERT OR IGNORE INTO chain (id, name, seq, hash) VALUES (?1, ?2, 0, zeroblob(32))";
    connection.prepare_cached(sql)?.execute((row, chain.as_bytes()))?;
    Ok(())
}

/// Chains that any table names: one of them wrote the entries whose chain's row is lost.
pub fn candidates(connection: &Connection) -> Result<BTreeSet<ChainId>, PeerError> {
    let mut found = BTreeSet::new();
    let names = "SELECT chain FROM writer UNION SELECT chain FROM anchor UNION SELECT chain FROM verdict
        UNION SELECT chain FROM named_anchor UNION SELECT chain FROM exception UNION SELECT chain FROM epoch
        UNION SELECT chain FROM reception_told UNION SELECT peer FROM entry WHERE peer IS NOT NULL";
    let mut statement = connection.prepare(names)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        found.extend(row.get::<_, [u8; 16]>(0).map(ChainId::from_bytes));
    }
    Ok(found)
}

/// The unbroken part of a chain, by its entries, and its last number, beyond any hole.
pub fn extent(connection: &Connection, row: i64) -> Result<(Link, u64), PeerError> {
    let mut statement = connection.prepare_cached("SELECT seq, hash FROM entry WHERE chain = ?1 ORDER BY seq")?;
    let mut rows = statement.query([row])?;
    let (mut end, mut last) = (Link::EMPTY, 0);
    while let Some(row) = rows.next()? {
        last = row.get(0)?;
        if last == end.seq + 1 {
            end = Link { seq: last, hash: Hash(bytes(row, 1)?) };
        }
    }
    Ok((end, last))
}

/// Moves every chain's end to where its unbroken part ends.
pub fn set_ends(connection: &Connection) -> Result<(), PeerError> {
    for (row, (chain, _)) in chains(connection)? {
        let end = lost_numbers::end_behind(connection, chain, extent(connection, row)?.0)?;
        chains::set_end(connection, row, end)?;
    }
    Ok(())
}

/// Numbers of a chain's entries between two that are not here.
pub fn lacking(connection: &Connection, chain: ChainId, from: u64, until: u64) -> Result<Vec<u64>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq FROM entry WHERE chain = (SELECT id FROM chain WHERE name = ?1) AND seq BETWEEN ?2 AND ?3",
    )?;
    let held = statement.query_map((chain.as_bytes(), from as i64, until as i64), |row| row.get::<_, u64>(0))?;
    let held: BTreeSet<u64> = held.collect::<Result<_, _>>()?;
    Ok((from..=until).filter(|seq| !held.contains(seq)).collect())
}

/// Everything that gives keys or says what counts is looked at once more: what it made may be lost.
pub fn look_again(connection: &Connection) -> Result<(), PeerError> {
    let kinds = [Kind::OWN, Kind::GRANT, Kind::TO].map(|kind| kind.code().to_string()).join(", ");
    let sql = format!(
        "UPDATE entry SET state = {} WHERE state = 2 OR (state IN (1, 3) AND kind IN ({kinds}))",
        State::Waiting as i64
    );
    connection.execute(&sql, [])?;
    Ok(())
}

/// A record as the lists showed it.
pub struct Listed {
    /// Which.
    pub record: RecordId,
    /// The number on paper.
    pub number: Option<String>,
    /// Who or what it is about.
    pub title: String,
    /// The newest own entry about it, 0 if none.
    pub own_seq: u64,
}

/// Records as the lists showed them.
pub fn listed(connection: &Connection) -> Result<Vec<Listed>, PeerError> {
    let mut statement = connection.prepare("SELECT record, number, title, own_seq FROM record ORDER BY created")?;
    let found = statement.query_map([], |row| {
        let record = RecordId::from_bytes(bytes(row, 0)?);
        Ok(Listed { record, number: row.get(1)?, title: row.get(2)?, own_seq: row.get(3)? })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The lists are made anew at the next start.
pub fn forget_lists(connection: &Connection) -> Result<(), PeerError> {
    super::rows::clear(connection)?;
    super::meta::remove(connection, "rows")
}

/// Receipt numbers given out, by day.
pub fn counters(connection: &Connection) -> Result<Vec<(i64, i64)>, PeerError> {
    let mut statement = connection.prepare("SELECT day, last FROM counter ORDER BY day")?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// No number of a day up to this one is given out again.
pub fn count_on(connection: &Connection, day: i64, last: i64) -> Result<(), PeerError> {
    let sql = "INSERT INTO counter (day, last) VALUES (?1, ?2) ON CONFLICT (day) DO UPDATE SET last = max(last, ?2)";
    connection.prepare_cached(sql)?.execute((day, last))?;
    Ok(())
}

/// All of it lies in the file itself when this returns.
pub fn settle(connection: Connection) -> Result<(), PeerError> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    connection.close().map_err(|(_, error)| PeerError::from(error))
}

/// The hash that a chain's last anchor names for a number.
pub fn anchored_hash(connection: &Connection, chain: ChainId, seq: u64) -> Result<Option<Hash>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT bytes FROM anchor WHERE chain = ?1 AND seq = ?2 LIMIT 1")?;
    let found: Option<Vec<u8>> = statement.query_row((chain.as_bytes(), seq as i64), |row| row.get(0)).optional()?;
    Ok(found.and_then(|bytes| chain::Anchor::decode(&bytes).ok()).map(|anchor| anchor.end.hash))
}

/// The highest number of a chain that anybody has anchored.
pub fn highest_anchor(connection: &Connection, chain: ChainId) -> Result<u64, PeerError> {
    let mut statement = connection.prepare_cached("SELECT coalesce(max(seq), 0) FROM anchor WHERE chain = ?1")?;
    Ok(statement.query_row([chain.as_bytes()], |row| row.get(0))?)
}

/// A row as an entry at its place.
pub fn at_place(row: &Row, tenant: TenantId, chain: ChainId) -> Option<Verified> {
    let place = Place { tenant, chain, seq: row.seq, prev: row.prev };
    let entry = row.entry.clone().filter(|entry| row.seq > 0 && entry.hash(&place) == row.hash)?;
    Some(Verified { place, entry, hash: row.hash })
}
