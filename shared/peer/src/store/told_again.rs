//! Facts that are told once more, because the key that they were sealed to goes.

use super::bytes;
use super::entries::{self, Stored};
use crate::PeerError;
use crate::facts::ToldAgain;
use chain::Kind;
use ids::{ChainId, RecordId, TenantId};
use rusqlite::{Connection, OptionalExtension};
use zeroize::Zeroizing;

/// Tables that databases of earlier programs lack.
pub fn prepare(connection: &Connection) -> Result<(), PeerError> {
    Ok(connection.execute_batch(include_str!("told_again.sql"))?)
}

/// Keeps what the entry at `by` tells again of another one. The newest telling stays.
pub fn put(
    connection: &Connection,
    (chain, seq): (ChainId, u64),
    plain: &[u8],
    by: (ChainId, u64),
) -> Result<(), PeerError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO told_again (chain, seq, plain, by_chain, by_seq) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((chain.as_bytes(), seq as i64, plain, by.0.as_bytes(), by.1 as i64))?;
    Ok(())
}

/// The fact at a place, if it was told again.
pub fn plain(connection: &Connection, chain: ChainId, seq: u64) -> Result<Option<Zeroizing<Vec<u8>>>, PeerError> {
    let mut find = connection.prepare_cached("SELECT plain FROM told_again WHERE chain = ?1 AND seq = ?2")?;
    let found = find.query_row((chain.as_bytes(), seq as i64), |row| row.get::<_, Vec<u8>>(0)).optional()?;
    Ok(found.map(Zeroizing::new))
}

/// Where a fact was told again.
pub fn told_at(connection: &Connection, chain: ChainId, seq: u64) -> Result<Option<(ChainId, u64)>, PeerError> {
    let mut find =
        connection.prepare_cached("SELECT by_chain, by_seq FROM told_again WHERE chain = ?1 AND seq = ?2")?;
    let found =
        find.query_row((chain.as_bytes(), seq as i64), |row| Ok((ChainId::from_bytes(bytes(row, 0)?), row.get(1)?)));
    Ok(found.optional()?)
}

/// What an entry told again goes with it.
pub fn forget_by(connection: &Connection, (chain, seq): (ChainId, u64)) -> Result<(), PeerError> {
    connection
        .prepare_cached("DELETE FROM told_again WHERE by_chain = ?1 AND by_seq = ?2")?
        .execute((chain.as_bytes(), seq as i64))?;
    Ok(())
}

/// Facts in `own` entries that arrived after one, in their order; those of one chain left out.
pub fn facts_after(
    connection: &Connection,
    tenant: TenantId,
    but: ChainId,
    after: i64,
    limit: usize,
) -> Result<Vec<Stored>, PeerError> {
    entries::own_after(connection, tenant, but, after, limit)
}

/// How many such facts arrived after one.
pub fn count_after(connection: &Connection, but: ChainId, after: i64) -> Result<u64, PeerError> {
    let mut count = connection.prepare_cached(
        "SELECT count(*) FROM entry e JOIN chain c ON c.id = e.chain WHERE e.kind = ?1 AND e.id > ?2 AND c.name <> ?3",
    )?;
    Ok(count.query_row((Kind::OWN.code(), after, but.as_bytes()), |row| row.get(0))?)
}

/// The records with keys here that a case chain does not hold: neither granted to itself there, nor kept there.
const UNKEPT: &str = "FROM (SELECT DISTINCT record FROM record_key) k
    WHERE NOT EXISTS (SELECT 1 FROM kept_key h WHERE h.record = k.record AND h.chain = ?1)
    AND NOT EXISTS (SELECT 1 FROM erased_record x WHERE x.record = k.record)
    AND NOT EXISTS (SELECT 1 FROM entry e JOIN chain c ON c.id = e.chain AND c.name = ?1
                    WHERE e.kind = ?2 AND e.peer = ?1 AND e.record = k.record)";

/// At most so many of these records.
pub fn unkept(connection: &Connection, case: ChainId, most: usize) -> Result<Vec<RecordId>, PeerError> {
    let mut find = connection.prepare_cached(&format!("SELECT k.record {UNKEPT} LIMIT ?3"))?;
    let found = find.query_map((case.as_bytes(), Kind::GRANT.code(), most as i64), |row| {
        Ok(RecordId::from_bytes(bytes(row, 0)?))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// How many there are.
pub fn count_unkept(connection: &Connection, case: ChainId) -> Result<u64, PeerError> {
    let mut count = connection.prepare_cached(&format!("SELECT count(*) {UNKEPT}"))?;
    Ok(count.query_row((case.as_bytes(), Kind::GRANT.code()), |row| row.get(0))?)
}

/// Remembers what a suitcase told, until the centre has opened it.
pub fn put_own(connection: &Connection, chain: ChainId, seq: u64, plain: &[u8]) -> Result<(), PeerError> {
    connection.prepare_cached("INSERT OR REPLACE INTO own_fact (chain, seq, plain) VALUES (?1, ?2, ?3)")?.execute((
        chain.as_bytes(),
        seq as i64,
        plain,
    ))?;
    Ok(())
}

/// Forgets what the centre has opened.
pub fn forget_own(connection: &Connection, chain: ChainId, until: u64) -> Result<(), PeerError> {
    connection
        .prepare_cached("DELETE FROM own_fact WHERE chain = ?1 AND seq <= ?2")?
        .execute((chain.as_bytes(), until as i64))?;
    Ok(())
}

/// What the centre has not opened yet, in order.
pub fn own_unopened(connection: &Connection) -> Result<Vec<ToldAgain>, PeerError> {
    let mut find = connection.prepare_cached("SELECT chain, seq, plain FROM own_fact ORDER BY chain, seq")?;
    let found = find.query_map([], |row| {
        let (chain, seq) = (ChainId::from_bytes(bytes(row, 0)?), row.get(1)?);
        Ok(ToldAgain { chain, seq, plain: Zeroizing::new(row.get::<_, Vec<u8>>(2)?) })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Whether a chain told anything again that counts as the centre's word.
pub fn is_by(connection: &Connection, chain: ChainId) -> Result<bool, PeerError> {
    let mut find = connection.prepare_cached("SELECT 1 FROM told_again WHERE by_chain = ?1 LIMIT 1")?;
    Ok(find.query_row([chain.as_bytes()], |_| Ok(())).optional()?.is_some())
}
