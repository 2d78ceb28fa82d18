//! What a desk took in, it says in its case chain. Whether a change is let in depends on when: before its suitcase was
//! revoked, before a grant was taken back, or because a person said so. A desk that the kit makes again, or one whose
//! database was repaired, reads everything at once; by its own words of before it judges nothing a second time.

use crate::PeerError;
use crate::act::Act;
use crate::facts::{OwnFact, RUNS, Run};
use crate::ledger::Ledger;
use crate::store::entries::{self, State};
use crate::store::{chains, sync, taken_in};
use chain::{ExceptionCode, Place, limits};
use rusqlite::Connection;

impl Ledger {
    /// Writes what was taken in since the last time.
    pub(crate) fn tell_taken_in(&mut self) -> Result<(), PeerError> {
        loop {
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
                return Ok(());
            }
        }
    }
}

fn tell(act: &mut Act<'_>, runs: Vec<Run>) -> Result<(), PeerError> {
    runs.iter().try_for_each(|run| taken_in::put(act.connection(), run))?;
    act.own(&OwnFact::TakenIn(runs)).map(|_| ())
}

/// A case chain says so: what was set aside meanwhile, because it came first, is looked at again. Gives back how many.
pub(crate) fn take(connection: &Connection, runs: &[Run]) -> Result<usize, PeerError> {
    let mut woken = 0;
    for run in runs.iter().filter(|run| (1..=run.last.seq).contains(&run.first) && run.last.seq <= limits::SEQ) {
        taken_in::put(connection, run)?;
        for (chain, exception) in sync::exceptions(connection, Some(run.chain), false)? {
            let (seq, by_time) = (exception.seq, depends_on_when(exception.code));
            if by_time && (run.first..=run.last.seq).contains(&seq) {
                entries::set_state_at(connection, chain, seq, State::Waiting)?;
                woken += 1;
            }
        }
    }
    Ok(woken)
}

fn depends_on_when(code: ExceptionCode) -> bool {
    matches!(code, ExceptionCode::Quarantined | ExceptionCode::Proposal)
}

/// True if a desk took this entry in before. Of a chain that is another one there, nothing.
pub(crate) fn was(connection: &Connection, place: &Place) -> Result<bool, PeerError> {
    let Some(run) = taken_in::run_over(connection, place.chain, place.seq)? else { return Ok(false) };
    let held = entries::hash_at(connection, place.chain, run.last.seq)?;
    Ok(held.is_none_or(|held| held == run.last.hash))
}
