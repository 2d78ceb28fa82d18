//! What a scrub reads: entries with everything that says where they belong, in the order in which they came.

use super::bytes;
use super::entries::State;
use crate::PeerError;
use chain::{Entry, Kind};
use ids::{ChainId, RecordId};
use rusqlite::{Connection, OptionalExtension, Row};
use signing::Hash;
use signing::canonical::Reader;

/// An entry's row as it stands, with its chain's.
pub struct Held {
    /// Order of arrival.
    pub id: i64,
    /// Number of its chain's row.
    pub row: i64,
    /// The chain, and up to which number it is held without a hole; `None`: it has no row.
    pub chain: Option<(ChainId, u64)>,
    /// Its number.
    pub seq: u64,
    /// The hash of the one before, as its row says.
    pub prev: Hash,
    /// Its hash, as its row says.
    pub hash: Hash,
    /// Kind, record and peer as its row says.
    pub kind: i64,
    /// Which record its row names.
    pub record: Option<Vec<u8>>,
    /// Which peer its row names.
    pub peer: Option<Vec<u8>>,
    /// Among the records.
    pub taken: bool,
    /// `None`: its bytes are none.
    pub entry: Option<Entry>,
}

const AFTER: &str = "
    SELECT e.id, e.chain, c.name, c.seq, e.seq, e.prev, e.hash, e.kind, e.record, e.peer, e.state, e.bytes
    FROM entry e LEFT JOIN chain c ON c.id = e.chain WHERE e.id > ?1 ORDER BY e.id LIMIT ?2";

fn held(row: &Row<'_>) -> rusqlite::Result<Held> {
    // A value of another length is no hash: it fits nothing.
    let hash = |column| Ok::<_, rusqlite::Error>(Hash(row.get::<_, Vec<u8>>(column)?.try_into().unwrap_or([0; 32])));
    let name = row.get::<_, Option<Vec<u8>>>(2)?.and_then(|name| name.try_into().ok()).map(ChainId::from_bytes);
    let mut reader = Reader::new(row.get_ref(11)?.as_blob()?);
    Ok(Held {
        id: row.get(0)?,
        row: row.get(1)?,
        chain: name.zip(row.get::<_, Option<i64>>(3)?.map(|end| end.max(0) as u64)),
        seq: row.get::<_, i64>(4)?.max(0) as u64,
        prev: hash(5)?,
        hash: hash(6)?,
        kind: row.get(7)?,
        record: row.get(8)?,
        peer: row.get(9)?,
        taken: row.get::<_, i64>(10)? == State::Taken as i64,
        entry: Entry::read(&mut reader).and_then(|entry| reader.end().map(|()| entry)).ok(),
    })
}

/// The next entries after a number of arrival.
pub fn entries(connection: &Connection, after: i64, most: usize) -> Result<Vec<Held>, PeerError> {
    let mut statement = connection.prepare_cached(AFTER)?;
    let found = statement.query_map((after, most as i64), held)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// To which entry the index leads at a place: its order of arrival, and its hash.
pub fn at(connection: &Connection, row: i64, seq: u64) -> Result<Option<(i64, Hash)>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT id, hash FROM entry WHERE chain = ?1 AND seq = ?2")?;
    let found = statement.query_row((row, seq as i64), |row| Ok((row.get(0)?, Hash(bytes(row, 1)?))));
    Ok(found.optional()?)
}

/// Whether the index leads from a record to an entry.
pub fn is_under(connection: &Connection, record: &[u8], id: i64) -> Result<bool, PeerError> {
    let sql = "SELECT 1 FROM entry INDEXED BY entry_record WHERE record = ?1 AND id = ?2";
    Ok(connection.prepare_cached(sql)?.query_row((record, id), |_| Ok(())).optional()?.is_some())
}

const RECORDS: &str = "SELECT record FROM entry INDEXED BY entry_record WHERE record > ?1 AND kind = ?2 AND state = 1
    GROUP BY record ORDER BY record LIMIT ?3";

/// The next records after one that any taken change is about, by their names.
pub fn records(connection: &Connection, after: Option<RecordId>, most: usize) -> Result<Vec<RecordId>, PeerError> {
    let after = after.map_or(Vec::new(), |record| record.as_bytes().to_vec());
    let mut statement = connection.prepare_cached(RECORDS)?;
    let found = statement
        .query_map((after, Kind::CHANGE.code(), most as i64), |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The next table by name.
pub fn table_after(connection: &Connection, name: &str) -> Result<Option<String>, PeerError> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name > ?1 ORDER BY name LIMIT 1";
    Ok(connection.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?)
}

/// What is wrong with how a table's pages hang together, a sentence a place.
pub fn check_table(connection: &Connection, name: &str) -> Result<Vec<String>, PeerError> {
    let lines = salvage::asked(connection, &format!("PRAGMA quick_check('{}')", name.replace('\'', "''")))?;
    Ok(crate::store::in_our_words(&lines, Some(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;
    use signing::Secret;

    #[test]
    fn no_slice_reads_more_than_it_looks_at() {
        let dir = tempfile::tempdir().unwrap();
        let connection = store::create(&dir.path().join("valiza.db"), &Secret::new([1; 32])).unwrap();
        for (sql, values) in [(AFTER, 2), (RECORDS, 3)] {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let nulls = vec![rusqlite::types::Null; values];
            let steps = statement.query_map(rusqlite::params_from_iter(nulls), |row| row.get::<_, String>(3)).unwrap();
            let plan: Vec<String> = steps.map(Result::unwrap).collect();
            assert!(plan.iter().all(|step| !step.contains("TEMP B-TREE") && !step.starts_with("SCAN")), "{plan:?}");
        }
    }
}
