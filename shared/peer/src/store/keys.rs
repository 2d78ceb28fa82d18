//! Keys of records, reception keys, epoch keys. The file is encrypted under the vault key, so they lie here as they are.

use super::bytes;
use crate::PeerError;
use chain::Kind;
use ids::{ChainId, RecordId};
use rusqlite::{Connection, OptionalExtension};
use sealing::{AgreementSecret, EpochKey, RecordKey};
use signing::{AgreementPublicKey, Secret};

/// Indexes that databases of earlier programs lack: who was granted what, who may write what.
pub fn prepare(connection: &Connection) -> Result<(), PeerError> {
    let grant = Kind::GRANT.code();
    Ok(connection.execute_batch(&format!(
        "CREATE INDEX IF NOT EXISTS entry_granted ON entry (peer, record, id) WHERE kind = {grant};
         CREATE INDEX IF NOT EXISTS writer_chain ON writer (chain);"
    ))?)
}

/// A record's key of one generation.
pub fn record_key(connection: &Connection, record: RecordId, generation: u32) -> Result<Option<RecordKey>, PeerError> {
    let mut statement =
        connection.prepare_cached("SELECT key FROM record_key WHERE record = ?1 AND generation = ?2")?;
    let key = statement.query_row((record.as_bytes(), generation), |row| Ok(Secret::new(bytes(row, 0)?)));
    Ok(key.optional()?.map(RecordKey::from_bytes))
}

/// The newest generation and its key.
pub fn newest_record_key(connection: &Connection, record: RecordId) -> Result<Option<(u32, RecordKey)>, PeerError> {
    let mut statement = connection
        .prepare_cached("SELECT generation, key FROM record_key WHERE record = ?1 ORDER BY generation DESC LIMIT 1")?;
    let found = statement.query_row([record.as_bytes()], |row| Ok((row.get(0)?, Secret::new(bytes(row, 1)?))));
    Ok(found.optional()?.map(|(generation, key)| (generation, RecordKey::from_bytes(key))))
}

/// Every key of a record with its generation, the newest last.
pub fn record_keys(connection: &Connection, record: RecordId) -> Result<Vec<(u32, RecordKey)>, PeerError> {
    let mut statement =
        connection.prepare_cached("SELECT generation, key FROM record_key WHERE record = ?1 ORDER BY generation")?;
    let found = statement.query_map([record.as_bytes()], |row| Ok((row.get(0)?, Secret::new(bytes(row, 1)?))))?;
    found
        .map(|row| row.map(|(generation, key)| (generation, RecordKey::from_bytes(key))))
        .collect::<Result<_, _>>()
        .map_err(PeerError::from)
}

/// Keeps a key. The first one known of a generation stays.
pub fn put_record_key(
    connection: &Connection,
    record: RecordId,
    generation: u32,
    key: &RecordKey,
) -> Result<(), PeerError> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO record_key (record, generation, key) VALUES (?1, ?2, ?3)")?
        .execute((record.as_bytes(), generation, key.expose()))?;
    Ok(())
}

/// Forgets the keys of a record that nobody else has seen, or that was erased.
pub fn forget_record_keys(connection: &Connection, record: RecordId) -> Result<(), PeerError> {
    connection.prepare_cached("DELETE FROM record_key WHERE record = ?1")?.execute([record.as_bytes()])?;
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

/// Who may write the record; empty for one that nobody has made yet.
pub fn writers(connection: &Connection, record: RecordId) -> Result<Vec<ChainId>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT chain FROM writer WHERE record = ?1")?;
    let found = statement.query_map([record.as_bytes()], |row| Ok(ChainId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Records that a chain may write.
pub fn written_by(connection: &Connection, chain: ChainId) -> Result<Vec<RecordId>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT record FROM writer WHERE chain = ?1 ORDER BY record")?;
    let found = statement.query_map([chain.as_bytes()], |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
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

/// What a chain knows of the newest key of the records `h.record`: a centre that draws a key grants it to itself before
/// it grants it to others, so whoever was granted nothing since does not know it. What was granted before the centre drew
/// any key is read with the first one.
fn knows_newest() -> String {
    let grant = Kind::GRANT.code();
    format!(
        "EXISTS (SELECT 1 FROM record_key k WHERE k.record = h.record)
         AND coalesce((SELECT max(s.id) FROM entry s JOIN chain a ON a.id = s.chain
                       WHERE s.record = h.record AND s.kind = {grant} AND s.peer = a.name), 0)
          <= coalesce((SELECT max(g.id) FROM entry g
                       WHERE g.kind = {grant} AND g.peer = ?1 AND g.record = h.record), 0)"
    )
}

/// Records of [`records_of`] whose newest key the chain knows, at most so many.
pub fn readable_now(connection: &Connection, chain: ChainId, most: usize) -> Result<Vec<RecordId>, PeerError> {
    let (grant, knows) = (Kind::GRANT.code(), knows_newest());
    let mut statement = connection.prepare_cached(&format!(
        "WITH h (record) AS (SELECT record FROM writer WHERE chain = ?1
             UNION SELECT record FROM entry WHERE kind = {grant} AND peer = ?1 AND record IS NOT NULL)
         SELECT h.record FROM h WHERE {knows} ORDER BY h.record LIMIT ?2"
    ))?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let found = statement.query_map((chain.as_bytes(), most), |row| Ok(RecordId::from_bytes(bytes(row, 0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Whether a chain that read the record once knows its newest key.
pub fn is_readable_now(connection: &Connection, chain: ChainId, record: RecordId) -> Result<bool, PeerError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT 1 FROM (SELECT ?2 AS record) h WHERE {}", knows_newest()))?;
    let found = statement.query_row((chain.as_bytes(), record.as_bytes()), |_| Ok(()));
    Ok(found.optional()?.is_some())
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

/// All reception keys, the newest first.
pub fn receptions(connection: &Connection) -> Result<Vec<AgreementSecret>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT secret FROM reception ORDER BY made DESC")?;
    let found = statement.query_map([], |row| Ok(AgreementSecret::from_bytes(Secret::new(bytes(row, 0)?))))?;
    Ok(found.collect::<Result<_, _>>()?)
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
