//! What suitcases state of themselves in their own facts, read on from where the last look ended.

use super::{Desk, DeskError};
use ids::{ChainId, RecordId};
use peer::{OwnFact, StateOfPeer};
use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

/// What one suitcase has stated.
#[derive(Debug, Default)]
pub struct Stated {
    /// The newest state, with the number of its entry.
    pub state: Option<(u64, StateOfPeer)>,
    /// The newest code that opens its vault once: vault, sealed code.
    pub recovery: Option<([u8; 16], Vec<u8>)>,
    /// Whose passphrases the centre's words changed: entry, login, ms since 1970.
    pub recovered: Vec<(u64, String, i64)>,
    /// Receipt numbers that it declared void, with why.
    pub voided: Vec<(String, String)>,
    /// Anchors that its entries name, by hash: what was written after one was written not before its time.
    pub anchors: BTreeMap<signing::Hash, chain::Anchor>,
    /// Who opened it last.
    pub officer: String,
    /// Records that it gave up, and when by its clock, ms since 1970. What was granted again since is among them.
    pub forgotten: BTreeMap<RecordId, i64>,
    /// Of these the ones that were not looked at yet: number of the entry that says so, records.
    pub to_close: Vec<(u64, Vec<RecordId>)>,
    read_to: u64,
}

impl Stated {
    fn take(&mut self, seq: u64, fact: OwnFact) {
        match fact {
            OwnFact::State(state) => {
                self.officer.clone_from(&state.officer);
                self.state = Some((seq, *state));
            }
            OwnFact::Recovery { vault, sealed, .. } => self.recovery = Some((vault, sealed)),
            OwnFact::Recovered { officer, at } => self.recovered.push((seq, officer, at)),
            OwnFact::VoidedNumber { number, reason } => self.voided.push((number, reason)),
            OwnFact::NamedAnchors(anchors) => {
                self.anchors.extend(anchors.into_iter().map(|anchor| (anchor.hash(), anchor)));
            }
            OwnFact::Forgotten { at, records, .. } => {
                self.forgotten.extend(records.iter().map(|record| (*record, at)));
                self.to_close.push((seq, records));
            }
            OwnFact::Epoch { officer, .. } => self.officer = officer,
            _ => {}
        }
    }
}

impl Desk {
    /// What all suitcases have stated, up to the newest that is held.
    pub(crate) fn stated(&self) -> Result<MutexGuard<'_, BTreeMap<ChainId, Stated>>, DeskError> {
        let register = self.peer.register()?;
        let mut all = self.stated.lock().unwrap_or_else(PoisonError::into_inner);
        self.peer.read(|view| {
            for chain in register.suitcases().map(|certificate| certificate.chain) {
                let stated = all.entry(chain).or_default();
                let end = view.end(chain)?.seq;
                if end <= stated.read_to {
                    continue;
                }
                for (seq, fact) in view.facts(chain, stated.read_to)? {
                    // What lies beyond a hole is read when the hole is filled.
                    if seq <= end {
                        stated.take(seq, fact);
                    }
                }
                stated.read_to = end;
            }
            Ok(())
        })?;
        Ok(all)
    }
}
