//! Entries that part from what is held of the same chain: own ones after a rebirth, and others that came from elsewhere.

use super::{chains, entries, mend};
use crate::PeerError;
use chain::{Link, Verified};
use ids::ChainId;
use rusqlite::{Connection, params};
use signing::canonical::Writer;

/// Takes a chain's entries from a number on out of the chain, and keeps them beside it. Gives the chain's new end.
pub fn part(connection: &Connection, chain: ChainId, from: u64) -> Result<Link, PeerError> {
    let row = chains::row(connection, chain)?;
    let anchored = mend::anchored_hash(connection, chain, from.saturating_sub(1))?;
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO stray (chain, seq, hash, prev, bytes)
             SELECT ?1, seq, hash, prev, bytes FROM entry WHERE chain = ?2 AND seq >= ?3",
        )?
        .execute(params![chain.as_bytes(), row, from as i64])?;
    connection
        .prepare_cached("DELETE FROM entry WHERE chain = ?1 AND seq >= ?2")?
        .execute(params![row, from as i64])?;
    for table in ["exception", "named_anchor", "anchor"] {
        let forget = format!("DELETE FROM {table} WHERE chain = ?1 AND seq >= ?2");
        connection.prepare_cached(&forget)?.execute(params![chain.as_bytes(), from as i64])?;
    }
    let held = entries::hash_at(connection, chain, from.saturating_sub(1))?;
    // Where something was lost the end may be known by its anchor alone, and what is unbroken ends before it.
    let (unbroken, _) = mend::extent(connection, row)?;
    chains::set_end(connection, row, unbroken)?;
    Ok(match held.or(anchored) {
        Some(hash) if from > 1 => Link { seq: from - 1, hash },
        _ => unbroken,
    })
}

/// Lives of one disk of which one number is kept beside the chain. An honest one begins anew under another chain before it is
/// put back so often; who has a suitcase's key could else sign without end.
const LIVES: usize = chain::limits::REBIRTHS;

/// Keeps one that contradicts what is held of its chain, unless as many of that number are kept already.
pub fn keep(connection: &Connection, entry: &Verified) -> Result<(), PeerError> {
    let Verified { place, entry, hash } = entry;
    let mut w = Writer::with_capacity(entry.size());
    entry.write(&mut w);
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO stray (chain, seq, hash, prev, bytes) SELECT ?1, ?2, ?3, ?4, ?5
             WHERE (SELECT count(*) FROM stray WHERE chain = ?1 AND seq = ?2) < ?6",
        )?
        .execute(params![place.chain.as_bytes(), place.seq as i64, hash.0, place.prev.0, w.finish(), LIVES as i64])?;
    Ok(())
}

/// How many of a chain are kept.
pub fn count(connection: &Connection, chain: ChainId) -> Result<u64, PeerError> {
    let mut statement = connection.prepare_cached("SELECT count(*) FROM stray WHERE chain = ?1")?;
    Ok(statement.query_row([chain.as_bytes()], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chain::{Draft, Header, Kind, Place};
    use ids::TenantId;
    use signing::{Secret, SigningKey};

    #[test]
    fn so_many_lives_of_a_number_are_kept_and_no_more() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(include_str!("schema.sql")).unwrap();
        let (tenant, chain) = (TenantId::from_bytes([1; 16]), ChainId::from_bytes([7; 16]));
        let key = SigningKey::from_seed(&Secret::new([3; 32]));
        let life = |seq, body: u8| {
            let place = Place { tenant, chain, seq, prev: signing::Hash([9; 32]) };
            let header = Header { kind: Kind::OWN, record: None, peer: None, after: None };
            let (entry, link) = Draft { header, body: vec![body] }.sign(&place, &key);
            Verified { place, entry, hash: link.hash }
        };
        for body in 0..20 {
            keep(&connection, &life(5, body)).unwrap();
            keep(&connection, &life(5, 0)).unwrap();
        }
        assert_eq!(count(&connection, chain).unwrap(), LIVES as u64);
        keep(&connection, &life(6, 0)).unwrap();
        assert_eq!(count(&connection, chain).unwrap(), LIVES as u64 + 1, "each number by itself");
    }
}
