//! Which entries of others' chains this community's desks took in, as their case chains say.

use super::bytes;
use super::entries::State;
use crate::PeerError;
use crate::facts::Run;
use chain::Link;
use ids::ChainId;
use rusqlite::{Connection, OptionalExtension, Row};
use signing::Hash;

/// The table, which databases of earlier programs lack.
pub fn prepare(connection: &Connection) -> Result<(), PeerError> {
    Ok(connection.execute_batch(include_str!("taken_in.sql"))?)
}

fn run(chain: ChainId, row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run { chain, first: row.get(0)?, last: Link { seq: row.get(1)?, hash: Hash(bytes(row, 2)?) } })
}

/// Runs of a chain in their order: none touches another.
pub fn runs(connection: &Connection, chain: ChainId) -> Result<Vec<Run>, PeerError> {
    let mut find =
        connection.prepare_cached("SELECT first, last, hash FROM taken_in WHERE chain = ?1 ORDER BY first")?;
    let found = find.query_map([chain.as_bytes()], |row| run(chain, row))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The run that an entry is part of.
pub fn run_over(connection: &Connection, chain: ChainId, seq: u64) -> Result<Option<Run>, PeerError> {
    let mut find = connection.prepare_cached(
        "SELECT first, last, hash FROM taken_in WHERE chain = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1",
    )?;
    let found = find.query_row((chain.as_bytes(), seq as i64), |row| run(chain, row)).optional()?;
    Ok(found.filter(|run| seq <= run.last.seq))
}

/// Adds a run; it becomes one with those that it touches.
pub fn put(connection: &Connection, new: &Run) -> Result<(), PeerError> {
    let mut whole = *new;
    for run in runs(connection, new.chain)? {
        if run.first <= new.last.seq.saturating_add(1) && new.first <= run.last.seq.saturating_add(1) {
            whole.first = whole.first.min(run.first);
            whole.last = if run.last.seq > whole.last.seq { run.last } else { whole.last };
            connection
                .prepare_cached("DELETE FROM taken_in WHERE chain = ?1 AND first = ?2")?
                .execute((run.chain.as_bytes(), run.first as i64))?;
        }
    }
    let Run { chain, first, last } = whole;
    connection.prepare_cached("INSERT INTO taken_in (chain, first, last, hash) VALUES (?1, ?2, ?3, ?4)")?.execute((
        chain.as_bytes(),
        first as i64,
        last.seq as i64,
        last.hash.0,
    ))?;
    Ok(())
}

/// Runs of a chain that were taken in and stand in no fact yet, at most `most` of them.
pub fn untold(connection: &Connection, chain: ChainId, most: usize) -> Result<Vec<Run>, PeerError> {
    let (mut found, mut from) = (Vec::new(), 1);
    let told = runs(connection, chain)?;
    for gap_ends in told.iter().map(|run| run.first - 1).chain([i64::MAX as u64]) {
        taken_between(connection, chain, (from, gap_ends), most, &mut found)?;
        let over = told.iter().find(|run| run.first > gap_ends);
        from = over.map_or(from, |run| run.last.seq + 1);
    }
    Ok(found)
}

/// Neither waiting nor set aside.
fn taken_between(
    connection: &Connection,
    chain: ChainId,
    (from, to): (u64, u64),
    most: usize,
    found: &mut Vec<Run>,
) -> Result<(), PeerError> {
    if from > to {
        return Ok(());
    }
    let mut find = connection.prepare_cached(
        "SELECT e.seq, e.hash FROM entry e JOIN chain c ON c.id = e.chain
         WHERE c.name = ?1 AND e.seq BETWEEN ?2 AND ?3 AND e.state NOT IN (?4, ?5) ORDER BY e.seq",
    )?;
    let states = (State::Waiting as i64, State::NotTaken as i64);
    let mut rows = find.query((chain.as_bytes(), from as i64, to as i64, states.0, states.1))?;
    while let Some(row) = rows.next()? {
        let entry = Link { seq: row.get(0)?, hash: Hash(bytes(row, 1)?) };
        let full = found.len() == most;
        match found.last_mut() {
            Some(run) if run.last.seq + 1 == entry.seq => run.last = entry,
            _ if full => return Ok(()),
            _ => found.push(Run { chain, first: entry.seq, last: entry }),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAIN: ChainId = ChainId::from_bytes([7; 16]);

    fn of(first: u64, last: u64) -> Run {
        Run { chain: CHAIN, first, last: Link { seq: last, hash: Hash([last as u8; 32]) } }
    }

    #[test]
    fn runs_that_touch_become_one() {
        let connection = Connection::open_in_memory().unwrap();
        prepare(&connection).unwrap();
        for run in [of(1, 3), of(8, 9), of(5, 5), of(20, 30)] {
            put(&connection, &run).unwrap();
        }
        assert_eq!(runs(&connection, CHAIN).unwrap(), [of(1, 3), of(5, 5), of(8, 9), of(20, 30)]);
        put(&connection, &of(4, 7)).unwrap();
        put(&connection, &of(22, 24)).unwrap();
        assert_eq!(runs(&connection, CHAIN).unwrap(), [of(1, 9), of(20, 30)]);
        for (seq, over) in [(1, Some(of(1, 9))), (9, Some(of(1, 9))), (10, None), (30, Some(of(20, 30))), (31, None)] {
            assert_eq!(run_over(&connection, CHAIN, seq).unwrap(), over, "{seq}");
        }
        assert_eq!(run_over(&connection, ChainId::from_bytes([8; 16]), 1).unwrap(), None);
    }
}
