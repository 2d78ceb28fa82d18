//! Keys of records, reception keys, epoch keys. The file is encrypted under the vault key, so they lie here as they are.

use super::bytes;
use crate::PeerError;
use chain::{Entry, Kind};
use ids::{ChainId, RecordId};
use rusqlite::{Connection, OptionalExtension};
use sealing::{AgreementSecret, EpochKey, RecordKey};
use signing::canonical::Reader;
use signing::{AgreementPublicKey, Secret};
use std::collections::BTreeSet;

/// Indexes that databases of earlier programs lack: who was granted what, who may write what.
pub fn prepare(connection: &Connection) -> Result<(), PeerError> {
    let grant = Kind::GRANT.code();
    Ok(connection.execute_batch(&format!(
        "CREATE INDEX IF NOT EXISTS entry_granted ON entry (peer, record, id) WHERE kind = {grant};
         CREATE INDEX IF NOT EXISTS writer_chain ON writer (chain);
         -- How many changes of a record are taken is asked for each that waits for others of it.
         CREATE INDEX IF NOT EXISTS entry_changes ON entry (record) WHERE kind = 1 AND state = 1;
         -- Which own entry told the centre of a reception key.
         CREATE TABLE IF NOT EXISTS reception_told (
             public BLOB PRIMARY KEY,
             chain  BLOB NOT NULL,
             seq    INTEGER NOT NULL
         ) STRICT, WITHOUT ROWID;
         -- Further keys of a generation: a suitcase that began anew, or two lives of one disk, may have made a record twice.
         CREATE TABLE IF NOT EXISTS other_key (
             record     BLOB NOT NULL,
             generation INTEGER NOT NULL,
             key        BLOB NOT NULL,
             PRIMARY KEY (record, generation, key)
         ) STRICT, WITHOUT ROWID;"
    ))?)
}

/// A record is made so many times more at most, or what was written under the keys beyond is not opened: a suitcase that
/// makes one again and again fills nobody's disk.
const OTHER_KEYS: i64 = 8;

/// The newest generation and its key.
pub fn newest_record_key(connection: &Connection, record: RecordId) -> Result<Option<(u32, RecordKey)>, PeerError> {
    let mut statement = connection
        .prepare_cached("SELECT generation, key FROM record_key WHERE record = ?1 ORDER BY generation DESC LIMIT 1")?;
    let found = statement.query_row([record.as_bytes()], |row| Ok((row.get(0)?, Secret::new(bytes(row, 1)?))));
    Ok(found.optional()?.map(|(generation, key)| (generation, RecordKey::from_bytes(key))))
}

/// The keys of one generation, the one known first at the front; mostly there is one.
pub fn keys_of_generation(
    connection: &Connection,
    record: RecordId,
    generation: u32,
) -> Result<Vec<RecordKey>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT key, 0 AS later FROM record_key WHERE record = ?1 AND generation = ?2
         UNION ALL SELECT key, 1 FROM other_key WHERE record = ?1 AND generation = ?2 ORDER BY later",
    )?;
    let found = statement
        .query_map((record.as_bytes(), generation), |row| Ok(RecordKey::from_bytes(Secret::new(bytes(row, 0)?))))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Every key of a record with its generation, the newest last.
pub fn record_keys(connection: &Connection, record: RecordId) -> Result<Vec<(u32, RecordKey)>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT generation, key, 0 AS later FROM record_key WHERE record = ?1
         UNION ALL SELECT generation, key, 1 FROM other_key WHERE record = ?1 ORDER BY generation, later",
    )?;
    let found = statement.query_map([record.as_bytes()], |row| Ok((row.get(0)?, Secret::new(bytes(row, 1)?))))?;
    found
        .map(|row| row.map(|(generation, key)| (generation, RecordKey::from_bytes(key))))
        .collect::<Result<_, _>>()
        .map_err(PeerError::from)
}

/// How many keys of a record are here.
pub fn count_of_record(connection: &Connection, record: RecordId) -> Result<usize, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT (SELECT count(*) FROM record_key WHERE record = ?1) + (SELECT count(*) FROM other_key WHERE record = ?1)",
    )?;
    Ok(statement.query_row([record.as_bytes()], |row| row.get(0))?)
}

/// Keeps a key. The first one known of a generation is the one that is written under; further ones open what was
/// written under them. `false`: there are too many of the record already, and it is not kept.
pub fn put_record_key(
    connection: &Connection,
    record: RecordId,
    generation: u32,
    key: &RecordKey,
) -> Result<bool, PeerError> {
    let is_first = connection
        .prepare_cached("INSERT OR IGNORE INTO record_key (record, generation, key) VALUES (?1, ?2, ?3)")?
        .execute((record.as_bytes(), generation, key.expose()))?;
    if is_first > 0 {
        return Ok(true);
    }
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO other_key (record, generation, key) SELECT ?1, ?2, ?3
             WHERE NOT EXISTS (SELECT 1 FROM record_key WHERE record = ?1 AND generation = ?2 AND key = ?3)
             AND (SELECT count(*) FROM other_key WHERE record = ?1) < ?4",
        )?
        .execute((record.as_bytes(), generation, key.expose(), OTHER_KEYS))?;
    let known = keys_of_generation(connection, record, generation)?;
    Ok(known.iter().any(|one| one.expose() == key.expose()))
}

/// Forgets the keys of a record that nobody else has seen, or that was erased.
pub fn forget_record_keys(connection: &Connection, record: RecordId) -> Result<(), PeerError> {
    for table in ["record_key", "other_key"] {
        let forget = format!("DELETE FROM {table} WHERE record = ?1");
        connection.prepare_cached(&forget)?.execute([record.as_bytes()])?;
    }
    Ok(())
}

/// The chain may write the record.
pub fn put_writer(connection: &Connection, record: RecordId, chain: ChainId) -> Result<(), PeerError> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO writer (record, chain) VALUES (?1, ?2)")?
        .execute((record.as_bytes(), chain.as_bytes()))?;
    Ok(())
}

/// The chain may no longer write the record.
pub fn remove_writer(connection: &Connection, record: RecordId, chain: ChainId) -> Result<(), PeerError> {
    connection
        .prepare_cached("DELETE FROM writer WHERE record = ?1 AND chain = ?2")?
        .execute((record.as_bytes(), chain.as_bytes()))?;
    Ok(())
}

/// A grant or a withdrawal: its place, and whether it takes the record back; `None` if its body was left out.
pub type Word = ((ChainId, u64), Option<bool>);

/// What entries say to a chain about a record, in the order in which they arrived. Whether their chains are the centre's the
/// register knows.
pub fn words(connection: &Connection, record: RecordId, chain: ChainId) -> Result<Vec<Word>, PeerError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT c.name, e.seq, e.bytes FROM entry e JOIN chain c ON c.id = e.chain
         WHERE e.kind = {} AND e.peer = ?2 AND e.record = ?1 ORDER BY e.id",
        Kind::GRANT.code()
    ))?;
    let word = |row: &rusqlite::Row<'_>| {
        let place = (ChainId::from_bytes(bytes(row, 0)?), row.get(1)?);
        Ok((place, row.get::<_, Vec<u8>>(2)?))
    };
    let found = statement.query_map((record.as_bytes(), chain.as_bytes()), word)?;
    found
        .map(|found| found.map_err(PeerError::from).and_then(|(at, encoded)| Ok((at, is_withdrawal(&encoded)?))))
        .collect()
}

/// A grant with an empty body. One whose body was left out, on the way or because it was given up, says nothing: whoever
/// leaves bodies out must not keep a withdrawal from counting.
fn is_withdrawal(encoded: &[u8]) -> Result<Option<bool>, PeerError> {
    Ok(Entry::read(&mut Reader::new(encoded))?.body.bytes().map(<[u8]>::is_empty))
}

/// Who may write the record; empty for one that nobody has made yet.
pub fn writers(connection: &Connection, record: RecordId) -> Result<Vec<ChainId>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT chain FROM writer WHERE record = ?1")?;
    let found = statement.query_map([record.as_bytes()], |row| Ok(ChainId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Whether a chain may write a record and was granted or refused nothing about it since it wrote entry `seq`.
pub fn is_held_since(connection: &Connection, chain: ChainId, record: RecordId, seq: u64) -> Result<bool, PeerError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT 1 FROM writer w JOIN entry told JOIN chain c ON c.id = told.chain AND c.name = w.chain
         WHERE w.record = ?2 AND w.chain = ?1 AND told.seq = ?3
         AND NOT EXISTS (SELECT 1 FROM entry g
                         WHERE g.kind = {} AND g.peer = ?1 AND g.record = ?2 AND g.id > told.id)",
        Kind::GRANT.code()
    ))?;
    let found = statement.query_row((chain.as_bytes(), record.as_bytes(), seq as i64), |_| Ok(()));
    Ok(found.optional()?.is_some())
}

/// Records that a chain may write.
pub fn written_by(connection: &Connection, chain: ChainId) -> Result<Vec<RecordId>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT record FROM writer WHERE chain = ?1 ORDER BY record")?;
    let found = statement.query_map([chain.as_bytes()], |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Records that a chain changed up to this number.
pub fn written_until(connection: &Connection, chain: ChainId, last: u64) -> Result<Vec<RecordId>, PeerError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT DISTINCT e.record FROM entry e JOIN chain c ON c.id = e.chain
         WHERE c.name = ?1 AND e.seq <= ?2 AND e.kind = {} AND e.record IS NOT NULL",
        Kind::CHANGE.code()
    ))?;
    let last = i64::try_from(last).unwrap_or(i64::MAX);
    let found = statement.query_map((chain.as_bytes(), last), |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Chains with changes of a record that are not among its changes: what waits, and what was set aside.
pub fn authors_aside(connection: &Connection, record: RecordId) -> Result<Vec<ChainId>, PeerError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT DISTINCT c.name FROM entry e INDEXED BY entry_record JOIN chain c ON c.id = e.chain
         WHERE e.record = ?1 AND e.kind = {} AND e.state <> 1",
        Kind::CHANGE.code()
    ))?;
    let found = statement.query_map([record.as_bytes()], |row| Ok(ChainId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Records that somebody may write and that such changes of a chain are about. A record that nobody else made or was
/// granted is nobody's yet.
pub fn records_aside(connection: &Connection, chain: ChainId) -> Result<Vec<RecordId>, PeerError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT DISTINCT e.record FROM entry e JOIN chain c ON c.id = e.chain
         WHERE c.name = ?1 AND e.kind = {} AND e.state <> 1 AND e.record IS NOT NULL
         AND EXISTS (SELECT 1 FROM writer w WHERE w.record = e.record)",
        Kind::CHANGE.code()
    ))?;
    let found = statement.query_map([chain.as_bytes()], |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The last entry that arrived; 0 if there is none.
pub fn last_arrival(connection: &Connection) -> Result<i64, PeerError> {
    Ok(connection.query_row("SELECT coalesce(max(id), 0) FROM entry", [], |row| row.get(0))?)
}

/// Records that somebody may write, of which a change arrived after one entry and up to another.
pub fn changed_between(connection: &Connection, after: i64, until: i64) -> Result<Vec<RecordId>, PeerError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT DISTINCT e.record FROM entry e WHERE e.id > ?1 AND e.id <= ?2 AND e.kind = {} AND e.record IS NOT NULL
         AND EXISTS (SELECT 1 FROM writer w WHERE w.record = e.record)",
        Kind::CHANGE.code()
    ))?;
    let found = statement.query_map((after, until), |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// All records that a chain may write or was ever granted, and so can read: what it had once it keeps.
pub fn records_of(connection: &Connection, chain: ChainId) -> Result<Vec<RecordId>, PeerError> {
    let grant = Kind::GRANT.code();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT record FROM writer WHERE chain = ?1
         UNION SELECT record FROM entry WHERE kind = {grant} AND peer = ?1 AND record IS NOT NULL ORDER BY record"
    ))?;
    let found = statement.query_map([chain.as_bytes()], |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Who may write a record or was ever granted it.
pub fn readers_of(connection: &Connection, record: RecordId) -> Result<Vec<ChainId>, PeerError> {
    let grant = Kind::GRANT.code();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT chain FROM writer WHERE record = ?1
         UNION SELECT peer FROM entry WHERE kind = {grant} AND record = ?1 AND peer IS NOT NULL"
    ))?;
    let found = statement.query_map([record.as_bytes()], |row| Ok(ChainId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Records about which something was said to somebody, and of which a grant, a withdrawal or a change arrived after one
/// entry and up to another.
pub fn said_about_between(connection: &Connection, after: i64, until: i64) -> Result<Vec<RecordId>, PeerError> {
    let (grant, change) = (Kind::GRANT.code(), Kind::CHANGE.code());
    let mut statement = connection.prepare_cached(&format!(
        "SELECT DISTINCT e.record FROM entry e
         WHERE e.id > ?1 AND e.id <= ?2 AND e.kind IN ({grant}, {change}) AND e.record IS NOT NULL
         AND EXISTS (SELECT 1 FROM entry g INDEXED BY entry_record WHERE g.record = e.record AND g.kind = {grant})"
    ))?;
    let found = statement.query_map((after, until), |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Records that were taken back from somebody, whoever said so.
pub fn withdrawn(connection: &Connection) -> Result<BTreeSet<RecordId>, PeerError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT record, bytes FROM entry INDEXED BY entry_granted WHERE kind = {} AND record IS NOT NULL",
        Kind::GRANT.code()
    ))?;
    let mut found = BTreeSet::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if is_withdrawal(&row.get::<_, Vec<u8>>(1)?)? == Some(true) {
            found.insert(RecordId::from_bytes(bytes(row, 0)?));
        }
    }
    Ok(found)
}

/// Whether a chain was granted a record after its entry `seq` had arrived.
pub fn is_granted_since(
    connection: &Connection,
    chain: ChainId,
    record: RecordId,
    seq: u64,
) -> Result<bool, PeerError> {
    let mut find = connection
        .prepare_cached("SELECT e.id FROM entry e JOIN chain c ON c.id = e.chain WHERE c.name = ?1 AND e.seq = ?2")?;
    let told: Option<i64> = find.query_row((chain.as_bytes(), seq as i64), |row| row.get(0)).optional()?;
    let Some(told) = told else { return Ok(true) };
    let mut since = connection.prepare_cached(&format!(
        "SELECT bytes FROM entry WHERE kind = {} AND peer = ?1 AND record = ?2 AND id > ?3",
        Kind::GRANT.code()
    ))?;
    let found = since.query_map((chain.as_bytes(), record.as_bytes(), told), |row| row.get::<_, Vec<u8>>(0))?;
    for encoded in found {
        if is_withdrawal(&encoded?)? == Some(false) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Where something was said to a chain about a record, in the order in which it arrived. Whether it was the centre the
/// register knows.
pub fn said_to(connection: &Connection, record: RecordId, chain: ChainId) -> Result<Vec<Said>, PeerError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT c.name, e.seq, e.id FROM entry e JOIN chain c ON c.id = e.chain
         WHERE e.kind = {} AND e.peer = ?2 AND e.record = ?1 ORDER BY e.id",
        Kind::GRANT.code()
    ))?;
    let found = statement.query_map((record.as_bytes(), chain.as_bytes()), |row| {
        Ok(Said { at: (ChainId::from_bytes(bytes(row, 0)?), row.get(1)?), arrival: row.get(2)? })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// A grant or a withdrawal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// Chain and number.
    pub at: (ChainId, u64),
    /// Greater for what arrived later.
    pub arrival: i64,
}

/// Records that one chain may write, whose key is here, and that another was never granted.
pub fn not_handed_over(connection: &Connection, from: ChainId, to: ChainId) -> Result<Vec<RecordId>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT w.record FROM writer w WHERE w.chain = ?1
         AND EXISTS (SELECT 1 FROM record_key k WHERE k.record = w.record)
         AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.record = w.record AND e.kind = ?3 AND e.peer = ?2)",
    )?;
    let values = (from.as_bytes(), to.as_bytes(), Kind::GRANT.code());
    let found = statement.query_map(values, |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Keeps a reception key.
pub fn put_reception(connection: &Connection, secret: &AgreementSecret, made: i64) -> Result<(), PeerError> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO reception (public, secret, made) VALUES (?1, ?2, ?3)")?
        .execute((secret.public().0, secret.expose(), made))?;
    Ok(())
}

/// Entry `seq` of a chain told the centre of a reception key.
pub fn put_reception_told(
    connection: &Connection,
    public: AgreementPublicKey,
    (chain, seq): (ChainId, u64),
) -> Result<(), PeerError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO reception_told (public, chain, seq) VALUES (?1, ?2, ?3)")?
        .execute((public.0, chain.as_bytes(), seq as i64))?;
    Ok(())
}

/// Destroys the reception keys that are older than the newest one of which the centre knows, as it has opened the chain up
/// to `opened`: what it seals from then on is sealed to that one or to a newer one. None while something sealed waits to
/// be opened. Those that a certificate names stay. Gives back how many went.
pub fn retire_receptions(connection: &Connection, chain: ChainId, opened: u64) -> Result<usize, PeerError> {
    let mut newest = connection.prepare_cached("SELECT max(seq) FROM reception_told WHERE chain = ?1 AND seq <= ?2")?;
    let newest: Option<i64> = newest.query_row((chain.as_bytes(), opened as i64), |row| row.get(0))?;
    let Some(newest) = newest else { return Ok(0) };
    let (grant, to) = (Kind::GRANT.code(), Kind::TO.code());
    let mut waits = connection
        .prepare_cached(&format!("SELECT 1 FROM entry WHERE state = 0 AND kind IN ({grant}, {to}) LIMIT 1"))?;
    if waits.query_row([], |_| Ok(())).optional()?.is_some() {
        return Ok(0);
    }
    let mut retire = connection.prepare_cached(
        "DELETE FROM reception WHERE made <> 0
         AND public IN (SELECT public FROM reception_told WHERE chain = ?1 AND seq < ?2)",
    )?;
    Ok(retire.execute((chain.as_bytes(), newest))?)
}

/// All reception keys, the newest first.
pub fn receptions(connection: &Connection) -> Result<Vec<AgreementSecret>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT secret FROM reception ORDER BY made DESC")?;
    let found = statement.query_map([], |row| Ok(AgreementSecret::from_bytes(Secret::new(bytes(row, 0)?))))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Destroys all reception keys but one.
pub fn destroy_receptions(connection: &Connection, but: AgreementPublicKey) -> Result<usize, PeerError> {
    Ok(connection.prepare_cached("DELETE FROM reception WHERE public <> ?1")?.execute([but.0])?)
}

/// The keys that certificates of this peer name, or that its first entries do: 0 stands for when they were made.
pub fn certified_receptions(connection: &Connection) -> Result<Vec<AgreementSecret>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT secret FROM reception WHERE made = 0")?;
    let found = statement.query_map([], |row| Ok(AgreementSecret::from_bytes(Secret::new(bytes(row, 0)?))))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// An epoch key that a desk has opened.
pub fn put_epoch(
    connection: &Connection,
    (chain, seq): (ChainId, u64),
    key: &EpochKey,
    reception: AgreementPublicKey,
    officer: &str,
) -> Result<(), PeerError> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO epoch (chain, seq, key, reception, officer) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((chain.as_bytes(), seq as i64, key.expose(), reception.0, officer))?;
    Ok(())
}

/// The epoch key in force when a chain wrote this number; `None` also if it was dropped.
pub fn epoch_at(connection: &Connection, chain: ChainId, seq: u64) -> Result<Option<EpochKey>, PeerError> {
    Ok(epoch_before(connection, chain, seq)?.map(|(_, key)| key))
}

/// The same with the number of the epoch's entry.
pub fn epoch_before(connection: &Connection, chain: ChainId, seq: u64) -> Result<Option<(u64, EpochKey)>, PeerError> {
    let mut statement = connection
        .prepare_cached("SELECT seq, key FROM epoch WHERE chain = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT 1")?;
    let found = statement.query_row((chain.as_bytes(), seq as i64), |row| {
        let dropped = row.get_ref(1)?.as_blob()?.is_empty();
        let key = if dropped { None } else { Some(EpochKey::from_bytes(Secret::new(bytes(row, 1)?))) };
        Ok((row.get(0)?, key))
    });
    Ok(found.optional()?.and_then(|(seq, key)| Some((seq, key?))))
}

/// The number of the entry that began the epoch in which a chain wrote this number, as far as it is known; else 0.
pub fn epoch_of(connection: &Connection, chain: ChainId, seq: u64) -> Result<u64, PeerError> {
    let mut find =
        connection.prepare_cached("SELECT coalesce(max(seq), 0) FROM epoch WHERE chain = ?1 AND seq < ?2")?;
    Ok(find.query_row((chain.as_bytes(), seq as i64), |row| row.get(0))?)
}

/// True if the entry at this place is known to begin an epoch, whether its key is still there or was dropped.
pub fn is_epoch(connection: &Connection, (chain, seq): (ChainId, u64)) -> Result<bool, PeerError> {
    let mut find = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM epoch WHERE chain = ?1 AND seq = ?2)")?;
    Ok(find.query_row((chain.as_bytes(), seq as i64), |row| row.get(0))?)
}

/// The number of the epoch of a chain after one.
pub fn epoch_after(connection: &Connection, chain: ChainId, seq: u64) -> Result<Option<u64>, PeerError> {
    let mut statement =
        connection.prepare_cached("SELECT seq FROM epoch WHERE chain = ?1 AND seq > ?2 ORDER BY seq LIMIT 1")?;
    Ok(statement.query_row((chain.as_bytes(), seq as i64), |row| row.get(0)).optional()?)
}

/// Drops an epoch's key. That there was one stays: what was written in it is not tried with the key of the one before.
pub fn empty_epoch(connection: &Connection, (chain, seq): (ChainId, u64)) -> Result<(), PeerError> {
    connection
        .prepare_cached("UPDATE epoch SET key = x'' WHERE chain = ?1 AND seq = ?2")?
        .execute((chain.as_bytes(), seq as i64))?;
    Ok(())
}

/// The newest reception key that a chain has told of.
pub fn reception_of(connection: &Connection, chain: ChainId) -> Result<Option<AgreementPublicKey>, PeerError> {
    let mut statement =
        connection.prepare_cached("SELECT reception FROM epoch WHERE chain = ?1 ORDER BY seq DESC LIMIT 1")?;
    let key = statement.query_row([chain.as_bytes()], |row| Ok(AgreementPublicKey(bytes(row, 0)?)));
    Ok(key.optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;
    use sealing::SeededEntropy;

    #[test]
    fn a_reception_key_goes_once_the_centre_knows_a_newer_one_and_nothing_waits() {
        let dir = tempfile::tempdir().unwrap();
        let connection = store::create(&dir.path().join("valiza.db"), &Secret::new([1; 32])).unwrap();
        prepare(&connection).unwrap();
        let (chain, mut entropy) = (ChainId::from_bytes([4; 16]), SeededEntropy::new(1));
        let mut kept = |made: i64| {
            let secret = AgreementSecret::generate(&mut entropy);
            put_reception(&connection, &secret, made).unwrap();
            secret.public()
        };
        let (certified, first, second, third) = (kept(0), kept(10), kept(20), kept(30));
        for (public, seq) in [(first, 1), (second, 5), (third, 9)] {
            put_reception_told(&connection, public, (chain, seq)).unwrap();
        }
        let left = || receptions(&connection).unwrap().iter().map(AgreementSecret::public).collect::<Vec<_>>();
        assert_eq!(
            (retire_receptions(&connection, chain, 4).unwrap(), left().len()),
            (0, 4),
            "there is no newer one yet"
        );
        let waiting = "INSERT INTO chain (name, hash) VALUES (zeroblob(16), zeroblob(32));
            INSERT INTO entry (chain, seq, hash, prev, kind, bytes, state) VALUES (1, 1, zeroblob(32), zeroblob(32), 2, x'', 0);";
        connection.execute_batch(waiting).unwrap();
        assert_eq!(retire_receptions(&connection, chain, 8).unwrap(), 0, "a grant waits");
        connection.execute_batch("UPDATE entry SET state = 1").unwrap();
        assert_eq!(retire_receptions(&connection, chain, 8).unwrap(), 1);
        assert_eq!(left(), [third, second, certified]);
    }
}
