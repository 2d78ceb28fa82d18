//! What was dropped by order, and how its bytes leave the file: `secure_delete` overwrites what a page loses, the
//! full-text index is written anew, and the log beside the file is brought over and cut to nothing.

use super::bytes;
use super::entries::State;
use crate::PeerError;
use chain::{Entry, Erased, Kind, Place};
use ids::{ChainId, RecordId, TenantId};
use rusqlite::{Connection, OptionalExtension};
use signing::Hash;
use signing::canonical::{Reader, Writer};

/// Tables that databases of earlier programs lack.
pub fn prepare(connection: &Connection) -> Result<(), PeerError> {
    Ok(connection.execute_batch(include_str!("erased.sql"))?)
}

/// Everything that was dropped here.
pub fn told(connection: &Connection) -> Result<Erased, PeerError> {
    let mut records = connection.prepare_cached("SELECT record FROM erased_record")?;
    let records = records.query_map([], |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    let mut entries = connection.prepare_cached("SELECT chain, seq FROM erased_entry")?;
    let entries = entries.query_map([], |row| Ok((ChainId::from_bytes(bytes(row, 0)?), row.get(1)?)))?;
    Ok(Erased { records: records.collect::<Result<_, _>>()?, entries: entries.collect::<Result<_, _>>()? })
}

/// Whether a record was dropped here.
pub fn is_erased(connection: &Connection, record: RecordId) -> Result<bool, PeerError> {
    let mut find = connection.prepare_cached("SELECT 1 FROM erased_record WHERE record = ?1")?;
    Ok(find.query_row([record.as_bytes()], |_| Ok(())).optional()?.is_some())
}

/// Remembers that the epoch of a chain's first entry about a record does not make the record's key.
pub fn clear_epoch(connection: &Connection, record: RecordId, (chain, seq): (ChainId, u64)) -> Result<(), PeerError> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO cleared_epoch (record, chain, seq) VALUES (?1, ?2, ?3)")?
        .execute((record.as_bytes(), chain.as_bytes(), seq as i64))?;
    Ok(())
}

/// Whether that is remembered.
pub fn is_cleared(connection: &Connection, record: RecordId, (chain, seq): (ChainId, u64)) -> Result<bool, PeerError> {
    let mut find =
        connection.prepare_cached("SELECT 1 FROM cleared_epoch WHERE record = ?1 AND chain = ?2 AND seq = ?3")?;
    Ok(find.query_row((record.as_bytes(), chain.as_bytes(), seq as i64), |_| Ok(())).optional()?.is_some())
}

/// Remembers what is dropped now.
pub fn mark(connection: &Connection, erased: &Erased) -> Result<(), PeerError> {
    let mut mark = connection.prepare_cached("INSERT OR IGNORE INTO erased_record (record) VALUES (?1)")?;
    for record in &erased.records {
        mark.execute([record.as_bytes()])?;
    }
    let mut mark = connection.prepare_cached("INSERT OR IGNORE INTO erased_entry (chain, seq) VALUES (?1, ?2)")?;
    for (chain, seq) in &erased.entries {
        mark.execute((chain.as_bytes(), *seq as i64))?;
    }
    Ok(())
}

/// An entry that is about to lose its body.
pub struct Bodied {
    /// Whose.
    pub chain: ChainId,
    /// Its number.
    pub seq: u64,
    /// What it is.
    pub kind: Kind,
    /// How far it had come.
    pub taken: bool,
    id: i64,
    entry: Entry,
}

const BODIED: &str = "SELECT e.id, c.name, e.seq, e.state, e.bytes FROM entry e JOIN chain c ON c.id = e.chain WHERE";

fn bodied(connection: &Connection, of: &str, values: impl rusqlite::Params) -> Result<Vec<Bodied>, PeerError> {
    let mut find = connection.prepare_cached(&format!("{BODIED} {of}"))?;
    let mut rows = find.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let entry = Entry::read(&mut Reader::new(row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?))?;
        if entry.body.bytes().is_some() {
            let taken = row.get::<_, i64>(3)? == State::Taken as i64;
            let chain = ChainId::from_bytes(bytes(row, 1)?);
            found.push(Bodied { chain, seq: row.get(2)?, kind: entry.header.kind, taken, id: row.get(0)?, entry });
        }
    }
    Ok(found)
}

/// Entries about a record that have a body.
pub fn about(connection: &Connection, record: RecordId) -> Result<Vec<Bodied>, PeerError> {
    bodied(connection, "e.record = ?1", [record.as_bytes()])
}

/// The entry at a place, if it has a body.
pub fn at(connection: &Connection, (chain, seq): (ChainId, u64)) -> Result<Option<Bodied>, PeerError> {
    Ok(bodied(connection, "c.name = ?1 AND e.seq = ?2", (chain.as_bytes(), seq as i64))?.pop())
}

/// Drops the body. Nobody looks at the entry again.
pub fn drop_body(connection: &Connection, bodied: &Bodied) -> Result<(), PeerError> {
    connection.prepare_cached("UPDATE entry SET bytes = ?2, state = ?3 WHERE id = ?1")?.execute((
        bodied.id,
        hollow(&bodied.entry),
        State::Passed as i64,
    ))?;
    Ok(())
}

/// The entry without its body, as it is kept.
pub(super) fn hollow(entry: &Entry) -> Vec<u8> {
    let mut w = Writer::new();
    entry.without_body().write(&mut w);
    w.finish()
}

/// Drops the bodies of own entries that stand beside their chain.
pub fn drop_strays(connection: &Connection, tenant: TenantId, erased: &Erased) -> Result<(), PeerError> {
    let mut find = connection.prepare_cached("SELECT chain, seq, hash, prev, bytes FROM stray")?;
    let found = find.query_map([], |row| {
        let place =
            Place { tenant, chain: ChainId::from_bytes(bytes(row, 0)?), seq: row.get(1)?, prev: Hash(bytes(row, 3)?) };
        Ok((place, bytes::<32>(row, 2)?, row.get::<_, Vec<u8>>(4)?))
    })?;
    for (place, hash, encoded) in found.collect::<Result<Vec<_>, _>>()? {
        let entry = Entry::read(&mut Reader::new(&encoded))?;
        if entry.body.bytes().is_some() && erased.covers(&place, &entry.header) {
            connection
                .prepare_cached("UPDATE stray SET bytes = ?4 WHERE chain = ?1 AND seq = ?2 AND hash = ?3")?
                .execute((place.chain.as_bytes(), place.seq as i64, hash, hollow(&entry)))?;
        }
    }
    Ok(())
}

/// Takes drafts away that name a record. Gives back how many.
pub fn drop_drafts(connection: &Connection, record: RecordId) -> Result<usize, PeerError> {
    let mut remove = connection.prepare_cached("DELETE FROM draft WHERE instr(form, ?1) > 0 OR instr(body, ?1) > 0")?;
    Ok(remove.execute([record.to_string()])?)
}

/// A key of the record was written into a case chain, beside those of the others at that place.
pub fn put_kept_key(connection: &Connection, (chain, seq): (ChainId, u64), record: RecordId) -> Result<(), PeerError> {
    connection.prepare_cached("INSERT OR IGNORE INTO kept_key (chain, seq, record) VALUES (?1, ?2, ?3)")?.execute((
        chain.as_bytes(),
        seq as i64,
        record.as_bytes(),
    ))?;
    Ok(())
}

/// Where keys of a record were written.
pub fn kept_at(connection: &Connection, record: RecordId) -> Result<Vec<(ChainId, u64)>, PeerError> {
    let mut find = connection.prepare_cached("SELECT chain, seq FROM kept_key WHERE record = ?1")?;
    let found = find.query_map([record.as_bytes()], |row| Ok((ChainId::from_bytes(bytes(row, 0)?), row.get(1)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Whose keys were written at a place.
pub fn kept_beside(connection: &Connection, (chain, seq): (ChainId, u64)) -> Result<Vec<RecordId>, PeerError> {
    let mut find = connection.prepare_cached("SELECT record FROM kept_key WHERE chain = ?1 AND seq = ?2")?;
    let found = find.query_map((chain.as_bytes(), seq as i64), |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Writes the full-text index anew: what was taken out of it stands in its pages until then.
pub fn renew_search(connection: &Connection) -> Result<(), PeerError> {
    connection.execute("INSERT INTO search (search) VALUES ('optimize')", [])?;
    Ok(())
}

/// Brings the log over to the file and cuts it to nothing. False if a reader held it up: then it is due again.
pub fn empty_log(connection: &Connection) -> Result<bool, PeerError> {
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}
