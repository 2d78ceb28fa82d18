//! Which entries of others' chains this community's desks took in, as their case chains say.

use super::bytes;
use super::entries::{self, State};
use crate::PeerError;
use crate::facts::Run;
use chain::{ExceptionCode, Kind, Link};
use ids::ChainId;
use rusqlite::{Connection, OptionalExtension, Row};
use signing::Hash;

/// The tables, which databases of earlier programs lack.
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

/// Whether the run's last entry is held, under its hash.
fn is_held(connection: &Connection, run: &Run) -> Result<bool, PeerError> {
    Ok(entries::hash_at(connection, run.chain, run.last.seq)? == Some(run.last.hash))
}

/// Adds a run; it becomes one with those that it touches, and counts by the last one's hash. `false`: its last entry is not
/// held, and nothing is said by it before it is. Who has a desk's key may say anything of what nobody wrote, so such a run
/// stands apart: else it would take along the words that count.
pub fn put(connection: &Connection, new: &Run) -> Result<bool, PeerError> {
    if !is_held(connection, new)? {
        put_ahead(connection, new)?;
        return Ok(false);
    }
    let mut find = connection.prepare_cached(
        "SELECT first, last, hash FROM taken_in WHERE chain = ?1 AND first <= ?3 AND last >= ?2 ORDER BY first",
    )?;
    let (before, behind) = (new.first.saturating_sub(1), new.last.seq.saturating_add(1));
    let touched = find.query_map((new.chain.as_bytes(), before as i64, behind as i64), |row| run(new.chain, row))?;
    let touched: Vec<Run> = touched.collect::<Result<_, _>>()?;
    let mut whole = *new;
    for run in touched {
        connection
            .prepare_cached("DELETE FROM taken_in WHERE chain = ?1 AND first = ?2")?
            .execute((run.chain.as_bytes(), run.first as i64))?;
        // Of an earlier program, or of an entry that a damaged disk lost.
        if !is_held(connection, &run)? {
            put_ahead(connection, &run)?;
            continue;
        }
        whole.first = whole.first.min(run.first);
        whole.last = if run.last.seq > whole.last.seq { run.last } else { whole.last };
    }
    let Run { chain, first, last } = whole;
    connection.prepare_cached("INSERT INTO taken_in (chain, first, last, hash) VALUES (?1, ?2, ?3, ?4)")?.execute((
        chain.as_bytes(),
        first as i64,
        last.seq as i64,
        last.hash.0,
    ))?;
    Ok(true)
}

fn put_ahead(connection: &Connection, run: &Run) -> Result<(), PeerError> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO taken_in_ahead (chain, last, hash, first) VALUES (?1, ?2, ?3, ?4)")?
        .execute((run.chain.as_bytes(), run.last.seq as i64, run.last.hash.0, run.first as i64))?;
    Ok(())
}

/// An entry is held from now on. Gives back the runs that end with it, which count now.
pub fn ending(connection: &Connection, chain: ChainId, last: Link) -> Result<Vec<Run>, PeerError> {
    let at = (chain.as_bytes(), last.seq as i64, last.hash.0);
    let mut find =
        connection.prepare_cached("SELECT first FROM taken_in_ahead WHERE chain = ?1 AND last = ?2 AND hash = ?3")?;
    let found = find.query_map(at, |row| Ok(Run { chain, first: row.get(0)?, last }))?;
    let mut found: Vec<Run> = found.collect::<Result<_, _>>()?;
    // One that an earlier program wrote, or whose end a damaged disk had lost.
    let back = run_over(connection, chain, last.seq)?.filter(|run| run.last == last);
    if !found.is_empty() {
        connection
            .prepare_cached("DELETE FROM taken_in_ahead WHERE chain = ?1 AND last = ?2 AND hash = ?3")?
            .execute(at)?;
    }
    for run in &found {
        put(connection, run)?;
    }
    found.extend(back);
    Ok(found)
}

/// What was set aside of a run because of when it seemed to come is looked at again. Gives back how many entries.
pub fn wake(connection: &Connection, run: &Run) -> Result<usize, PeerError> {
    let codes = [ExceptionCode::Quarantined, ExceptionCode::Proposal].map(ExceptionCode::code);
    let mut find = connection
        .prepare_cached("SELECT seq FROM exception WHERE chain = ?1 AND seq BETWEEN ?2 AND ?3 AND code IN (?4, ?5)")?;
    let aside = find
        .query_map((run.chain.as_bytes(), run.first as i64, run.last.seq as i64, codes[0], codes[1]), |row| {
            row.get(0)
        })?;
    let aside: Vec<u64> = aside.collect::<Result<_, _>>()?;
    aside.iter().try_for_each(|seq| entries::set_state_at(connection, run.chain, *seq, State::Waiting))?;
    Ok(aside.len())
}

/// Runs of a chain with changes that were taken in and stand in no fact yet, at most `most` of them. A run reaches over
/// what is no change, and ends with a change.
pub fn untold(connection: &Connection, chain: ChainId, most: usize) -> Result<Vec<Run>, PeerError> {
    let (mut found, mut from) = (Vec::new(), 1);
    for told in runs(connection, chain)? {
        if !is_held(connection, &told)? {
            continue;
        }
        taken_between(connection, chain, (from, told.first.saturating_sub(1)), most, &mut found)?;
        from = told.last.seq + 1;
    }
    taken_between(connection, chain, (from, i64::MAX as u64), most, &mut found)?;
    Ok(found)
}

fn taken_between(
    connection: &Connection,
    chain: ChainId,
    (from, to): (u64, u64),
    most: usize,
    found: &mut Vec<Run>,
) -> Result<(), PeerError> {
    // As the index is written: it holds nothing of what was set aside, however much that is.
    let mut find = connection.prepare_cached(
        "SELECT e.seq FROM entry e JOIN chain c ON c.id = e.chain
         WHERE c.name = ?1 AND e.seq BETWEEN ?2 AND ?3 AND e.state = 1 AND e.kind = 1 ORDER BY e.seq",
    )?;
    let mut rows = find.query((chain.as_bytes(), from as i64, to as i64))?;
    let mut reached = from - 1;
    let mut run: Option<Run> = None;
    while let Some(row) = rows.next()? {
        let seq: u64 = row.get(0)?;
        let bridged = seq == reached + 1 || is_bridged(connection, chain, (reached, seq))?;
        reached = seq;
        let last = Link { seq, hash: entries::hash_at(connection, chain, seq)?.unwrap_or(Hash::ZERO) };
        match run.as_mut() {
            Some(run) if bridged => run.last = last,
            _ => {
                found.extend(run.take());
                if found.len() == most {
                    return Ok(());
                }
                // What stands before the first one is part of it, unless something there was set aside.
                let first = if bridged { from } else { seq };
                run = Some(Run { chain, first, last });
            }
        }
    }
    found.extend(run);
    Ok(())
}

/// True if all between two entries is here, and none of it a change: those that were taken in are looked at one by one.
fn is_bridged(connection: &Connection, chain: ChainId, (after, before): (u64, u64)) -> Result<bool, PeerError> {
    let mut find = connection.prepare_cached(
        "SELECT e.kind FROM entry e JOIN chain c ON c.id = e.chain
         WHERE c.name = ?1 AND e.seq > ?2 AND e.seq < ?3 ORDER BY e.seq",
    )?;
    let mut rows = find.query((chain.as_bytes(), after as i64, before as i64))?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        if row.get::<_, u8>(0)? == Kind::CHANGE.code() {
            return Ok(false);
        }
        count += 1;
    }
    Ok(count == before - after - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAIN: ChainId = ChainId::from_bytes([7; 16]);

    fn of(first: u64, last: u64) -> Run {
        Run { chain: CHAIN, first, last: Link { seq: last, hash: Hash([last as u8; 32]) } }
    }

    fn store() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(include_str!("schema.sql")).unwrap();
        prepare(&connection).unwrap();
        connection
            .execute("INSERT INTO chain (id, name, hash) VALUES (1, ?1, zeroblob(32))", [CHAIN.as_bytes()])
            .unwrap();
        connection
    }

    /// As [`of`] names it; a change that was taken in.
    fn hold(connection: &Connection, seq: u64) {
        connection
            .execute(
                "INSERT INTO entry (chain, seq, hash, prev, kind, bytes, state) VALUES (1, ?1, ?2, zeroblob(32), 1, x'', 1)",
                (seq as i64, [seq as u8; 32]),
            )
            .unwrap();
    }

    #[test]
    fn runs_that_touch_become_one() {
        let connection = store();
        (1..=30).for_each(|seq| hold(&connection, seq));
        for run in [of(1, 3), of(8, 9), of(5, 5), of(20, 30)] {
            assert!(put(&connection, &run).unwrap());
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

    #[test]
    fn a_run_whose_end_is_not_held_takes_no_words_from_others() {
        let connection = store();
        (1..=5).for_each(|seq| hold(&connection, seq));
        let another = Run { last: Link { seq: 4, hash: Hash([99; 32]) }, ..of(1, 4) };
        for unknown in [of(1, 200), another, of(3, 200), of(3, 201)] {
            assert!(!put(&connection, &unknown).unwrap());
        }
        assert!(put(&connection, &of(1, 3)).unwrap() && !put(&connection, &of(2, 200)).unwrap());
        assert_eq!(runs(&connection, CHAIN).unwrap(), [of(1, 3)]);
        assert_eq!(untold(&connection, CHAIN, 10).unwrap(), [of(4, 5)], "the others tell nothing");
        // Each of those that end there counts once that is held, and only then; those that end elsewhere wait on.
        hold(&connection, 200);
        assert_eq!(ending(&connection, CHAIN, Link { seq: 200, hash: Hash([98; 32]) }).unwrap(), []);
        assert_eq!(ending(&connection, CHAIN, of(1, 200).last).unwrap(), [of(1, 200), of(2, 200), of(3, 200)]);
        assert_eq!(runs(&connection, CHAIN).unwrap(), [of(1, 200)]);
        hold(&connection, 201);
        assert_eq!(ending(&connection, CHAIN, of(1, 201).last).unwrap(), [of(3, 201)]);
        assert_eq!(runs(&connection, CHAIN).unwrap(), [of(1, 201)]);
    }

    #[test]
    fn what_an_earlier_program_wrote_counts_when_its_end_comes_and_is_in_nobodys_way_before() {
        let connection = store();
        (1..=5).for_each(|seq| hold(&connection, seq));
        let earlier = "INSERT INTO taken_in (chain, first, last, hash) VALUES (?1, 1, 200, ?2)";
        connection.execute(earlier, (CHAIN.as_bytes(), [200_u8; 32])).unwrap();
        assert_eq!(untold(&connection, CHAIN, 10).unwrap(), [of(1, 5)]);
        put(&connection, &of(2, 3)).unwrap();
        assert_eq!(runs(&connection, CHAIN).unwrap(), [of(2, 3)]);
        hold(&connection, 200);
        assert!(ending(&connection, CHAIN, of(1, 200).last).unwrap().contains(&of(1, 200)));
        assert_eq!(runs(&connection, CHAIN).unwrap(), [of(1, 200)]);
    }
}
