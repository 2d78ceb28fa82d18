//! What suitcases state of themselves in their own facts, read on from where the last look ended.
//!
//! Whoever holds a suitcase unlocked writes what it says. Until it is revoked nobody can tell that from an officer's word.
//! Behind what the desk held of it when it was revoked nothing counts that would take something off a report or settle a
//! number: see [`Stated`], fact by fact.

use super::{Desk, DeskError};
use chain::Register;
use ids::{ChainId, ReceiptNumber, RecordId};
use peer::{OwnFact, StateOfPeer, Why};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{MutexGuard, PoisonError};

/// Numbers of one suitcase that are kept as void, and as many that it voided too late. What is declared void beyond
/// that stays in doubt. Each is some 700 bytes at most; an honest suitcase spoils a few papers a week.
const VOIDED: usize = 10_000;
/// Changes of a passphrase with the centre's words that are kept: each becomes a line of the list of who did what when
/// that is looked at next. Of more the oldest are dropped.
const RECOVERED: usize = 100;
/// Anchors of one suitcase that are kept, some 5 MB: ten a day for five years. Without the later ones an evidence file of
/// its entries says «not before» by the anchors that the desk has itself.
const ANCHORS: usize = 20_000;

/// What one suitcase has stated. Its size has limits of its own, whatever the suitcase says and how often.
#[derive(Debug, Default)]
pub struct Stated {
    /// The newest state, with the number of its entry, and who opened it last, whoever says so: the list of suitcases
    /// shows it as the suitcase's own word, and of one that is revoked that is worth seeing, too.
    pub state: Option<(u64, StateOfPeer)>,
    /// The newest state that counts: what the report on its loss says of drafts and of its last word.
    pub believed_state: Option<StateOfPeer>,
    /// The newest code that opens its vault once: vault, sealed code. Of a revoked suitcase none is read out, so it does
    /// not matter which one it names.
    pub recovery: Option<([u8; 16], Vec<u8>)>,
    /// Whose passphrases the centre's words changed, the newest last: entry, login, ms since 1970. Only what counts: it
    /// becomes a line with an officer's login, and a thief would write such lines.
    pub recovered: VecDeque<(u64, String, i64)>,
    /// Receipt numbers that it declared void, with why; the first reason stands. Only what counts.
    pub voided: BTreeMap<String, String>,
    /// Anchors that its entries name, by hash: what was written after one was written not before its time. A hub signed
    /// them, so each proves the same whoever tells of it, and after a revocation as before.
    pub anchors: BTreeMap<signing::Hash, chain::Anchor>,
    /// Who opened it last.
    pub officer: String,
    /// Records that it gave up, and when by its clock, ms since 1970. What was granted again since is among them. Only
    /// what counts, and only records that the desk knows it had.
    pub forgotten: BTreeMap<RecordId, i64>,
    /// In which entry it said last that it gave a record up by itself, not because it was taken back.
    pub given_up: BTreeMap<RecordId, u64>,
    /// Of those that it gave up the ones that were not looked at yet: number of the entry that says so, records.
    pub to_close: Vec<(u64, Vec<RecordId>)>,
    /// What it said too late.
    pub late: Late,
    believed_to: Option<u64>,
    read_to: u64,
}

/// What a suitcase said behind its revocation: not believed, and told as such.
#[derive(Debug, Default)]
pub struct Late {
    /// Records that it said it gave up.
    pub forgotten: BTreeSet<RecordId>,
    /// Numbers of its own that it declared void.
    pub voided: BTreeSet<ReceiptNumber>,
}

/// What the desk knows of a suitcase by itself.
struct Known<'a> {
    number: Option<u16>,
    had: &'a mut dyn FnMut(RecordId) -> Result<bool, peer::PeerError>,
}

impl Stated {
    fn take(&mut self, seq: u64, fact: OwnFact, known: &mut Known<'_>) -> Result<(), peer::PeerError> {
        let counts = self.believed_to.is_none_or(|last| seq <= last);
        match fact {
            OwnFact::State(state) => {
                self.officer.clone_from(&state.officer);
                if counts {
                    self.believed_state = Some((*state).clone());
                }
                self.state = Some((seq, *state));
            }
            OwnFact::Recovery { vault, sealed, .. } => self.recovery = Some((vault, sealed)),
            OwnFact::Recovered { officer, at } if counts => {
                self.recovered.push_back((seq, officer, at));
                if self.recovered.len() > RECOVERED {
                    self.recovered.pop_front();
                }
            }
            OwnFact::VoidedNumber { number, reason } if counts => {
                let new = Some(reason).filter(|_| self.voided.len() < VOIDED && !self.voided.contains_key(&number));
                self.voided.extend(new.map(|reason| (number, reason)));
            }
            OwnFact::VoidedNumber { number, .. } => {
                let own = number.parse::<ReceiptNumber>().ok().filter(|one| Some(one.suitcase()) == known.number);
                self.late.voided.extend(own.filter(|_| self.late.voided.len() < VOIDED));
            }
            OwnFact::NamedAnchors(anchors) => {
                let room = ANCHORS.saturating_sub(self.anchors.len());
                self.anchors.extend(anchors.into_iter().take(room).map(|anchor| (anchor.hash(), anchor)));
            }
            OwnFact::Forgotten { at, why, mut records } => {
                let mut had = Vec::new();
                for record in records.drain(..) {
                    if (known.had)(record)? {
                        had.push(record);
                    }
                }
                if counts {
                    self.forgotten.extend(had.iter().map(|record| (*record, at)));
                    if why != Why::TakenBack {
                        self.given_up.extend(had.iter().map(|record| (*record, seq)));
                    }
                    self.to_close.extend((!had.is_empty()).then_some((seq, had)));
                } else {
                    self.late.forgotten.extend(had);
                }
            }
            OwnFact::Epoch { officer, .. } => self.officer = officer,
            _ => {}
        }
        Ok(())
    }
}

impl Desk {
    /// What all suitcases have stated, up to the newest that is held.
    pub(crate) fn stated(&self) -> Result<MutexGuard<'_, BTreeMap<ChainId, Stated>>, DeskError> {
        let register = self.peer.register()?;
        let held = self.book()?.held_at_revocation.clone();
        let mut all = self.stated.lock().unwrap_or_else(PoisonError::into_inner);
        self.peer.read(|view| {
            for chain in register.suitcases().map(|certificate| certificate.chain) {
                let stated = all.entry(chain).or_default();
                let believed_to = believed_to(&register, &held, chain);
                if stated.believed_to != believed_to {
                    // It was revoked meanwhile: what counts of it is read anew.
                    *stated = Stated { believed_to, ..Stated::default() };
                }
                let end = view.end(chain)?.seq;
                if end <= stated.read_to {
                    continue;
                }
                let mut records: Option<BTreeSet<RecordId>> = None;
                let mut had = |record| {
                    let records = match &mut records {
                        Some(records) => records,
                        empty => empty.insert(view.records_of(chain)?.into_iter().collect()),
                    };
                    Ok(records.contains(&record))
                };
                let mut known = Known { number: Self::number_of(&register, chain), had: &mut had };
                // What lies beyond a hole is read when the hole is filled.
                let unread = (stated.read_to, end);
                view.each_fact(chain, unread, |seq, fact| stated.take(seq, fact, &mut known))?;
                stated.read_to = end;
            }
            Ok(())
        })?;
        Ok(all)
    }
}

/// The last entry of a chain whose facts count; `None` if all do, because its suitcase is not revoked. Of a revoked chain
/// what the desk held of it then; of those before it in the same suitcase what the one that goes on for it says is its
/// end, for whoever has the suitcase can still write under their names. Where nobody here said how much was held (a
/// stolen desk revoked it behind its end), nothing counts: the report is too long rather than too short.
fn believed_to(register: &Register, held: &BTreeMap<ChainId, u64>, chain: ChainId) -> Option<u64> {
    let revoked = |chain| register.revocation(chain).is_some();
    if !revoked(chain) && !revoked(register.living(chain)) {
        return None;
    }
    let ended = || register.end_of_continued(chain).map(|end| end.seq);
    Some(held.get(&chain).copied().or_else(ended).unwrap_or(0))
}
