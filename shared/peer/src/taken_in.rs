//! What a desk took in, it says in its case chain. Whether a change is let in depends on when: before its suitcase was
//! revoked, before a grant was taken back, or because a person said so. A desk that the kit makes again, or one whose
//! database was repaired, reads everything at once; by its own words of before it judges nothing a second time.

use crate::PeerError;
use crate::act::Act;
use crate::facts::{OwnFact, RUNS, Run};
use crate::ledger::Ledger;
use crate::store::entries;
use crate::store::{chains, taken_in};
use chain::{Link, Place, limits};
use ids::ChainId;
use rusqlite::Connection;
use signing::Hash;

/// Facts that are written at once; the next verdicts go on.
const FACTS: usize = 20;

impl Ledger {
    /// Writes what was taken in since the last time.
    pub(crate) fn tell_taken_in(&mut self) -> Result<(), PeerError> {
        for _ in 0..FACTS {
            let mut runs: Vec<Run> = Vec::new();
            for chain in chains::names(&self.connection)? {
                if chain != self.identity.chain && !self.register.is_register(chain) {
                    runs.extend(taken_in::untold(&self.connection, chain, RUNS - runs.len())?);
                }
            }
            let full = runs.len() == RUNS;
            if !runs.is_empty() {
                self.act(move |act| tell(act, runs))?;
            }
            if !full {
                break;
            }
        }
        Ok(())
    }
}

fn tell(act: &mut Act<'_>, runs: Vec<Run>) -> Result<(), PeerError> {
    runs.iter().try_for_each(|run| taken_in::put(act.connection(), run).map(|_| ()))?;
    act.own(&OwnFact::TakenIn(runs)).map(|_| ())
}

/// The case chain `speaker` says so: what was set aside meanwhile, because it came first, is looked at again. Nobody
/// speaks of its own chain. Gives back how many.
pub(crate) fn take(connection: &Connection, speaker: ChainId, runs: &[Run]) -> Result<usize, PeerError> {
    let mut woken = 0;
    for run in runs {
        let possible = (1..=run.last.seq).contains(&run.first) && run.last.seq <= limits::SEQ;
        if possible && run.chain != speaker && taken_in::put(connection, run)? {
            woken += taken_in::wake(connection, run)?;
        }
    }
    Ok(woken)
}

/// This entry was not held before. By its hash the words about those before it count from now on, also if it is erased or
/// waits itself: they are looked at again.
pub(crate) fn arrived(connection: &Connection, place: &Place, hash: Hash) -> Result<(), PeerError> {
    for run in taken_in::ending(connection, place.chain, Link { seq: place.seq, hash })? {
        taken_in::wake(connection, &run)?;
    }
    Ok(())
}

/// True if a desk took this entry in before. Of a chain that ends otherwise here, or is not here yet, the words say nothing:
/// who has a desk's key could else let in what nobody has written yet.
pub(crate) fn was(connection: &Connection, (chain, seq): (ChainId, u64)) -> Result<bool, PeerError> {
    let Some(run) = taken_in::run_over(connection, chain, seq)? else { return Ok(false) };
    Ok(entries::hash_at(connection, chain, run.last.seq)? == Some(run.last.hash))
}
