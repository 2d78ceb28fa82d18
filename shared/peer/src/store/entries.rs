//! Entries, own and foreign, as on the wire.

use super::{bytes, chains};
use crate::PeerError;
use chain::{Entry, Kind, Link, Place, Segment, Verified};
use ids::{ChainId, RecordId, TenantId};
use rusqlite::{Connection, OptionalExtension, Row};
use signing::Hash;
use signing::canonical::{Reader, Writer};

/// How far an entry has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not looked at, or its key has not come yet.
    Waiting = 0,
    /// Among the records, or its fact is taken.
    Taken = 1,
    /// Kept, and not among the records: see the exception.
    NotTaken = 2,
    /// Not for this peer to open.
    Passed = 3,
    /// Of a record that was given up: see [`super::forgotten`].
    Forgotten = 4,
    /// The same, and its body is gone from here as well.
    Bare = 5,
}

/// A stored entry.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Order of arrival.
    pub id: i64,
    /// The entry with its place and hash.
    pub entry: Verified,
}

const COLUMNS: &str = "e.id, c.name, e.seq, e.hash, e.prev, e.bytes";

fn stored(row: &Row<'_>, tenant: TenantId) -> rusqlite::Result<Result<Stored, PeerError>> {
    let place =
        Place { tenant, chain: ChainId::from_bytes(bytes(row, 1)?), seq: row.get(2)?, prev: Hash(bytes(row, 4)?) };
    let (id, hash) = (row.get(0)?, Hash(bytes(row, 3)?));
    let encoded = row.get_ref(5)?.as_blob()?;
    let mut reader = Reader::new(encoded);
    let entry = Entry::read(&mut reader).and_then(|entry| reader.end().map(|()| entry));
    Ok(entry.map(|entry| Stored { id, entry: Verified { place, entry, hash } }).map_err(PeerError::from))
}

fn collect(
    connection: &Connection,
    tenant: TenantId,
    sql: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<Stored>, PeerError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(stored(row, tenant)??);
    }
    Ok(found)
}

/// Keeps an entry and moves the chain's contiguous end over it and whatever waited behind it. `false` if it was
/// there already. The caller has compared hashes.
pub fn put(connection: &Connection, entry: &Verified, state: State) -> Result<bool, PeerError> {
    let place = &entry.place;
    let row = chains::row(connection, place.chain)?;
    let header = &entry.entry.header;
    let mut w = Writer::with_capacity(entry.entry.size());
    entry.entry.write(&mut w);
    let inserted = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO entry (chain, seq, hash, prev, kind, record, peer, bytes, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((
            row,
            place.seq as i64,
            entry.hash.0,
            place.prev.0,
            header.kind.code(),
            header.record.map(|id| *id.as_bytes()),
            header.peer.map(|id| *id.as_bytes()),
            w.finish(),
            state as i64,
        ))?;
    if inserted == 1 {
        move_end(connection, row, place.chain, Link { seq: place.seq, hash: entry.hash })?;
    } else if entry.entry.body.bytes().is_some() {
        return fill(connection, row, entry, state);
    }
    Ok(inserted == 1)
}

/// A grant that is not the centre's: whatever asks who was told of a record asks by the reader, and does not find it. An
/// order to erase finds it by its record, and the entry itself stays as it is.
pub fn unlist(connection: &Connection, place: &Place) -> Result<(), PeerError> {
    let mut unlist = connection.prepare_cached(
        "UPDATE entry SET peer = NULL WHERE chain = (SELECT id FROM chain WHERE name = ?1) AND seq = ?2",
    )?;
    unlist.execute((place.chain.as_bytes(), place.seq as i64))?;
    Ok(())
}

/// Puts the body into an entry that came without it: the same hash, so the same body. What was erased stays as it is;
/// what was given up is given up still, until a grant of the record is looked at.
fn fill(connection: &Connection, row: i64, entry: &Verified, state: State) -> Result<bool, PeerError> {
    let mut held = connection.prepare_cached(
        "SELECT id, hash, bytes, state FROM entry WHERE chain = ?1 AND seq = ?2 AND state IN (0, 2, 5)",
    )?;
    let found = held.query_row((row, entry.place.seq as i64), |row| {
        // The first byte says whether the body was left out.
        let hollow = row.get_ref(2)?.as_blob()?.first().is_some_and(|tag| tag & 0x80 != 0);
        Ok((row.get::<_, i64>(0)?, Hash(bytes(row, 1)?), hollow, row.get::<_, i64>(3)? == State::Bare as i64))
    });
    let Some((id, hash, true, bare)) = found.optional()? else { return Ok(false) };
    let state = if bare { State::Forgotten } else { state };
    if hash != entry.hash {
        return Ok(false);
    }
    let mut w = Writer::with_capacity(entry.entry.size());
    entry.entry.write(&mut w);
    let mut fill = connection.prepare_cached("UPDATE entry SET bytes = ?2, state = ?3 WHERE id = ?1")?;
    Ok(fill.execute((id, w.finish(), state as i64))? == 1)
}

fn move_end(connection: &Connection, row: i64, chain: ChainId, new: Link) -> Result<(), PeerError> {
    let mut end = chains::end(connection, chain)?;
    if end.seq + 1 != new.seq {
        return Ok(());
    }
    end = new;
    while let Some(hash) = hash_at(connection, chain, end.seq + 1)? {
        end = Link { seq: end.seq + 1, hash };
    }
    chains::set_end(connection, row, end)
}

/// What is held at a number.
pub fn hash_at(connection: &Connection, chain: ChainId, seq: u64) -> Result<Option<Hash>, PeerError> {
    let mut statement = connection
        .prepare_cached("SELECT e.hash FROM entry e JOIN chain c ON c.id = e.chain WHERE c.name = ?1 AND e.seq = ?2")?;
    let hash = statement.query_row((chain.as_bytes(), seq as i64), |row| Ok(Hash(bytes(row, 0)?)));
    Ok(hash.optional()?)
}

/// What the entry at a number says of the one before it.
pub fn prev_at(connection: &Connection, chain: ChainId, seq: u64) -> Result<Option<Hash>, PeerError> {
    let mut statement = connection
        .prepare_cached("SELECT e.prev FROM entry e JOIN chain c ON c.id = e.chain WHERE c.name = ?1 AND e.seq = ?2")?;
    let prev = statement.query_row((chain.as_bytes(), seq as i64), |row| Ok(Hash(bytes(row, 0)?)));
    Ok(prev.optional()?)
}

/// Numbers of one chain's entries up to `until` that wait.
pub fn waiting_of(connection: &Connection, chain: ChainId, until: u64) -> Result<Vec<u64>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT e.seq FROM entry e JOIN chain c ON c.id = e.chain
         WHERE c.name = ?1 AND e.state = 0 AND e.seq <= ?2 ORDER BY e.seq",
    )?;
    let found = statement.query_map((chain.as_bytes(), until as i64), |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// One entry.
pub fn at(connection: &Connection, tenant: TenantId, chain: ChainId, seq: u64) -> Result<Option<Stored>, PeerError> {
    let sql = format!("SELECT {COLUMNS} FROM entry e JOIN chain c ON c.id = e.chain WHERE c.name = ?1 AND e.seq = ?2");
    Ok(collect(connection, tenant, &sql, (chain.as_bytes(), seq as i64))?.pop())
}

/// A run of one chain from a number on, at least one entry and then as many as fit into `budget` bytes.
pub fn run(connection: &Connection, chain: ChainId, from: u64, budget: usize) -> Result<Option<Segment>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT e.seq, e.prev, e.bytes FROM entry e JOIN chain c ON c.id = e.chain
         WHERE c.name = ?1 AND e.seq >= ?2 ORDER BY e.seq LIMIT ?3",
    )?;
    let mut rows = statement.query((chain.as_bytes(), from as i64, chain::limits::SEGMENT_ENTRIES as i64))?;
    let mut segment: Option<Segment> = None;
    let mut taken = 0;
    while let Some(row) = rows.next()? {
        let seq: u64 = row.get(0)?;
        let encoded = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let next = segment.as_ref().map_or(from, |s| s.from + s.entries.len() as u64);
        taken += encoded.len();
        if seq != next || (segment.is_some() && taken > budget) {
            break;
        }
        let entry = Entry::read(&mut Reader::new(encoded))?;
        let start = || Ok::<_, PeerError>(Segment { chain, from, prev: Hash(bytes(row, 1)?), entries: Vec::new() });
        let run = match &mut segment {
            Some(run) => run,
            none => none.insert(start()?),
        };
        run.entries.push(entry);
    }
    Ok(segment)
}

/// The first number from `from` on under which something is held.
pub fn next_held(connection: &Connection, chain: ChainId, from: u64) -> Result<Option<u64>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT e.seq FROM entry e JOIN chain c ON c.id = e.chain
         WHERE c.name = ?1 AND e.seq >= ?2 ORDER BY e.seq LIMIT 1",
    )?;
    Ok(statement.query_row((chain.as_bytes(), from as i64), |row| row.get(0)).optional()?)
}

/// Whether an entry from a number on has lost its body because its record was given up.
pub fn has_bare(connection: &Connection, chain: ChainId, from: u64) -> Result<bool, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM entry e JOIN chain c ON c.id = e.chain WHERE c.name = ?1 AND e.seq >= ?2 AND e.state = 5 LIMIT 1",
    )?;
    Ok(statement.query_row((chain.as_bytes(), from as i64), |_| Ok(())).optional()?.is_some())
}

/// The first entries of chains that say which chain they continue, in order of arrival.
pub fn rebirths(connection: &Connection) -> Result<Vec<Segment>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT c.name, e.bytes FROM chain c JOIN entry e ON e.chain = c.id AND e.seq = 1 AND e.kind = ?1 ORDER BY e.id",
    )?;
    let mut rows = statement.query([Kind::REBIRTH.code()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let entry = Entry::read(&mut Reader::new(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?))?;
        let chain = ChainId::from_bytes(bytes(row, 0)?);
        found.push(Segment { chain, from: 1, prev: Hash::ZERO, entries: vec![entry] });
    }
    Ok(found)
}

/// How many there are.
pub fn count(connection: &Connection) -> Result<u64, PeerError> {
    Ok(connection.prepare_cached("SELECT count(*) FROM entry")?.query_row([], |row| row.get(0))?)
}

/// An entry that waits to be looked at, without its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    /// Order of arrival.
    pub id: i64,
    /// Whose.
    pub chain: ChainId,
    /// Its number.
    pub seq: u64,
    /// What it is.
    pub kind: Option<Kind>,
    /// What it is about.
    pub record: Option<RecordId>,
}

/// Entries that wait to be looked at, in order of arrival, after `after`.
pub fn waiting(connection: &Connection, after: i64, limit: usize) -> Result<Vec<Waiting>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT e.id, c.name, e.seq, e.kind, e.record FROM entry e JOIN chain c ON c.id = e.chain
         WHERE e.state = 0 AND e.id > ?1 ORDER BY e.id LIMIT ?2",
    )?;
    let waiting = |row: &Row<'_>| {
        let record: Option<[u8; 16]> = row.get(4)?;
        Ok(Waiting {
            id: row.get(0)?,
            chain: ChainId::from_bytes(bytes(row, 1)?),
            seq: row.get(2)?,
            kind: Kind::from_code(row.get(3)?),
            record: record.map(RecordId::from_bytes),
        })
    };
    let found = statement.query_map((after, limit as i64), waiting)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// One entry by its order of arrival.
pub fn by_arrival(connection: &Connection, tenant: TenantId, id: i64) -> Result<Option<Stored>, PeerError> {
    let sql = format!("SELECT {COLUMNS} FROM entry e JOIN chain c ON c.id = e.chain WHERE e.id = ?1");
    Ok(collect(connection, tenant, &sql, [id])?.pop())
}

/// Chains with a change of a record that arrived before an entry and waits.
pub fn waiting_before(connection: &Connection, record: RecordId, id: i64) -> Result<Vec<ChainId>, PeerError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT DISTINCT c.name FROM entry e INDEXED BY entry_record JOIN chain c ON c.id = e.chain
         WHERE e.record = ?1 AND e.id < ?2 AND e.kind = {} AND e.state = 0",
        Kind::CHANGE.code()
    ))?;
    let found = statement.query_map((record.as_bytes(), id), |row| Ok(ChainId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// How many changes of one record are taken.
pub fn count_of_record(connection: &Connection, record: RecordId) -> Result<usize, PeerError> {
    // As the index is written, which answers alone.
    let mut statement =
        connection.prepare_cached("SELECT count(*) FROM entry WHERE record = ?1 AND kind = 1 AND state = 1")?;
    Ok(statement.query_row([record.as_bytes()], |row| row.get(0))?)
}

/// The changes of one record that are taken, in order of arrival.
pub fn of_record(connection: &Connection, tenant: TenantId, record: RecordId) -> Result<Vec<Stored>, PeerError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entry e JOIN chain c ON c.id = e.chain
         WHERE e.record = ?1 AND e.kind = {} AND e.state = 1 ORDER BY e.id",
        Kind::CHANGE.code()
    );
    collect(connection, tenant, &sql, [record.as_bytes()])
}

/// The changes that one chain wrote about a record after a number, ascending.
pub fn own_about(
    connection: &Connection,
    tenant: TenantId,
    chain: ChainId,
    record: RecordId,
    after: u64,
) -> Result<Vec<Stored>, PeerError> {
    changes_by(connection, tenant, (chain, record), ("AND e.seq > ?3 ORDER BY e.seq", after as i64))
}

/// At most so many of them, those that arrived first: no more is read, however many there are.
pub fn first_own_about(
    connection: &Connection,
    tenant: TenantId,
    chain: ChainId,
    record: RecordId,
    most: usize,
) -> Result<Vec<Stored>, PeerError> {
    changes_by(connection, tenant, (chain, record), ("ORDER BY e.id LIMIT ?3", most as i64))
}

/// The index is named: a record has few entries, while a chain that was long without a network has very many. `which`: the
/// end of the query, and the number in it.
fn changes_by(
    connection: &Connection,
    tenant: TenantId,
    (chain, record): (ChainId, RecordId),
    (which, number): (&str, i64),
) -> Result<Vec<Stored>, PeerError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entry e INDEXED BY entry_record JOIN chain c ON c.id = e.chain
         WHERE e.record = ?1 AND c.name = ?2 AND e.kind = {} {which}",
        Kind::CHANGE.code()
    );
    collect(connection, tenant, &sql, (record.as_bytes(), chain.as_bytes(), number))
}

/// Every entry of one chain, ascending, a page at a time.
pub fn of_chain(
    connection: &Connection,
    tenant: TenantId,
    chain: ChainId,
    after: u64,
    limit: usize,
) -> Result<Vec<Stored>, PeerError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entry e JOIN chain c ON c.id = e.chain
         WHERE c.name = ?1 AND e.seq > ?2 ORDER BY e.seq LIMIT ?3"
    );
    collect(connection, tenant, &sql, (chain.as_bytes(), after as i64, limit as i64))
}

/// Places of all entries about a record, changes and grants, whatever became of them, in order of arrival.
pub fn places_of_record(connection: &Connection, record: RecordId) -> Result<Vec<(ChainId, u64)>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT c.name, e.seq FROM entry e JOIN chain c ON c.id = e.chain WHERE e.record = ?1 ORDER BY e.id",
    )?;
    let found =
        statement.query_map([record.as_bytes()], |row| Ok((ChainId::from_bytes(bytes(row, 0)?), row.get(1)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The newest entry of a chain up to a number that names an anchor among those that are known, looked for among
/// `most` entries.
pub fn naming(
    connection: &Connection,
    chain: ChainId,
    until: u64,
    most: u64,
    known: impl Fn(&Hash) -> bool,
) -> Result<Option<(u64, Hash)>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT e.seq, e.bytes FROM entry e JOIN chain c ON c.id = e.chain
         WHERE c.name = ?1 AND e.seq <= ?2 AND e.seq > ?3 ORDER BY e.seq DESC",
    )?;
    let mut rows = statement.query((chain.as_bytes(), until as i64, until.saturating_sub(most) as i64))?;
    while let Some(row) = rows.next()? {
        let encoded = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        let after = Entry::read(&mut Reader::new(encoded))?.header.after;
        if let Some(after) = after.filter(&known) {
            return Ok(Some((row.get(0)?, after)));
        }
    }
    Ok(None)
}

/// The `own` entries of one chain after a number and up to another, ascending, at most so many.
pub fn own_facts(
    connection: &Connection,
    tenant: TenantId,
    chain: ChainId,
    (after, until): (u64, u64),
    limit: usize,
) -> Result<Vec<Stored>, PeerError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entry e JOIN chain c ON c.id = e.chain
         WHERE c.name = ?1 AND e.seq > ?2 AND e.seq <= ?3 AND e.kind = {} ORDER BY e.seq LIMIT ?4",
        Kind::OWN.code()
    );
    collect(connection, tenant, &sql, (chain.as_bytes(), after as i64, until as i64, limit as i64))
}

/// Facts in `own` entries that arrived after one, in order of arrival, but those of one chain.
pub fn own_after(
    connection: &Connection,
    tenant: TenantId,
    but: ChainId,
    after: i64,
    limit: usize,
) -> Result<Vec<Stored>, PeerError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entry e JOIN chain c ON c.id = e.chain
         WHERE e.kind = {} AND e.id > ?1 AND c.name <> ?2 ORDER BY e.id LIMIT ?3",
        Kind::OWN.code()
    );
    collect(connection, tenant, &sql, (after, but.as_bytes(), limit as i64))
}

/// The newest fact in an `own` entry of a chain.
pub fn newest_own(connection: &Connection, tenant: TenantId, chain: ChainId) -> Result<Option<Stored>, PeerError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entry e JOIN chain c ON c.id = e.chain
         WHERE c.name = ?1 AND e.kind = {} ORDER BY e.seq DESC LIMIT 1",
        Kind::OWN.code()
    );
    Ok(collect(connection, tenant, &sql, [chain.as_bytes()])?.pop())
}

/// True if some grant of this record for this peer is held, whether it was withdrawn later or not.
pub fn is_granted(connection: &Connection, record: RecordId, peer: ChainId) -> Result<bool, PeerError> {
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM entry WHERE record = ?1 AND kind = ?2 AND peer = ?3 LIMIT 1")?;
    let found = statement.query_row((record.as_bytes(), Kind::GRANT.code(), peer.as_bytes()), |_| Ok(()));
    Ok(found.optional()?.is_some())
}

/// All records that any taken change is about.
pub fn records(connection: &Connection) -> Result<Vec<RecordId>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT record, min(id) FROM entry WHERE record IS NOT NULL AND kind = ?1 AND state = 1
         GROUP BY record ORDER BY 2",
    )?;
    let found = statement.query_map([Kind::CHANGE.code()], |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Remembers how far an entry has come.
pub fn set_state(connection: &Connection, id: i64, state: State) -> Result<(), PeerError> {
    connection.prepare_cached("UPDATE entry SET state = ?2 WHERE id = ?1")?.execute((id, state as i64))?;
    Ok(())
}

/// As [`set_state`], by place.
pub fn set_state_at(connection: &Connection, chain: ChainId, seq: u64, state: State) -> Result<(), PeerError> {
    connection
        .prepare_cached(
            "UPDATE entry SET state = ?3 WHERE chain = (SELECT id FROM chain WHERE name = ?1) AND seq = ?2",
        )?
        .execute((chain.as_bytes(), seq as i64, state as i64))?;
    Ok(())
}

/// How far an entry has come, as it is stored.
pub fn state_at(connection: &Connection, chain: ChainId, seq: u64) -> Result<Option<i64>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT e.state FROM entry e JOIN chain c ON c.id = e.chain WHERE c.name = ?1 AND e.seq = ?2",
    )?;
    Ok(statement.query_row((chain.as_bytes(), seq as i64), |row| row.get(0)).optional()?)
}

/// The newest change of a record in a chain up to a number, 0 if there is none.
pub fn newest_about(connection: &Connection, chain: ChainId, record: RecordId, until: u64) -> Result<u64, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(max(e.seq), 0) FROM entry e INDEXED BY entry_record JOIN chain c ON c.id = e.chain
         WHERE e.record = ?2 AND c.name = ?1 AND e.kind = ?3 AND e.seq <= ?4",
    )?;
    let until = i64::try_from(until).unwrap_or(i64::MAX);
    let values = (chain.as_bytes(), record.as_bytes(), Kind::CHANGE.code(), until);
    Ok(statement.query_row(values, |row| row.get(0))?)
}

/// Answered by an index alone.
const BETWEEN: &str = "SELECT count(*), coalesce(sum(length(e.bytes)), 0) FROM entry e
     WHERE e.chain = (SELECT id FROM chain WHERE name = ?1) AND e.seq > ?2 AND e.seq <= ?3";

/// Number and bytes of a chain's entries after a number and up to another.
pub fn between(connection: &Connection, chain: ChainId, after: u64, until: u64) -> Result<(u64, u64), PeerError> {
    let mut statement = connection.prepare_cached(BETWEEN)?;
    let until = i64::try_from(until).unwrap_or(i64::MAX);
    Ok(statement.query_row((chain.as_bytes(), after as i64, until), |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Answered by an index alone, too.
const SIZES: &str = "SELECT e.seq, length(e.bytes) FROM entry e
     WHERE e.chain = (SELECT id FROM chain WHERE name = ?1) AND e.seq > ?2 ORDER BY e.seq";

/// Up to which number a chain's entries after a number fit into so many bytes, how many these are, and their bytes.
pub fn fitting(connection: &Connection, chain: ChainId, after: u64, room: u64) -> Result<(u64, u64, u64), PeerError> {
    let mut statement = connection.prepare_cached(SIZES)?;
    let mut rows = statement.query((chain.as_bytes(), after as i64))?;
    let (mut last, mut count, mut bytes) = (after, 0, 0);
    while let Some(row) = rows.next()? {
        let size: u64 = row.get(1)?;
        if bytes + size > room {
            break;
        }
        (last, count, bytes) = (row.get(0)?, count + 1, bytes + size);
    }
    Ok((last, count, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;
    use signing::Secret;

    #[test]
    fn what_waits_is_weighed_without_reading_it() {
        let dir = tempfile::tempdir().unwrap();
        let connection = store::create(&dir.path().join("valiza.db"), &Secret::new([1; 32])).unwrap();
        for weighed in [BETWEEN, SIZES] {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {weighed}")).unwrap();
            let nulls = vec![rusqlite::types::Null; statement.parameter_count()];
            let steps = statement.query_map(rusqlite::params_from_iter(nulls), |row| row.get::<_, String>(3)).unwrap();
            let plan: Vec<String> = steps.map(Result::unwrap).collect();
            assert!(plan.iter().any(|step| step.contains("COVERING INDEX entry_size")), "{plan:?}");
        }
    }
}
