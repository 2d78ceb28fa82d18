//! Foreign changes are decoded where no key is: in a process of their own, which may die without harm.
//!
//! The gate refuses everything that is known to hurt automerge; this is the second line. What the process admits is
//! a change that passed the gate, and loaded together with the record's earlier changes.

mod child;
mod protocol;

pub use child::ChildProcess;
pub use protocol::serve;

use ids::{ChainId, RecordId};
use records::{Document, Gate, Kind};

/// A change to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Of which record.
    pub record: RecordId,
    /// What the body says it is.
    pub kind: Kind,
    /// The record's changes that were taken before, in an order in which none comes before what it depends on.
    pub prior: Vec<Vec<u8>>,
    /// The chain whose entry carried it.
    pub actor: ChainId,
    /// The change.
    pub change: Vec<u8>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// It may be applied.
    Admitted,
    /// What it depends on has not come yet.
    Waiting,
    /// It may not, because (Ukrainian / English).
    Refused(String),
    /// The process died or took too long over it.
    Died,
}

/// Judges changes: [`ChildProcess`] in programs, [`InProcess`] inside that process and in tests.
pub trait Decode: Send {
    /// Judges one.
    fn judge(&mut self, job: &Job) -> Judgement;
}

/// Judges where it stands.
pub struct InProcess;

impl Decode for InProcess {
    fn judge(&mut self, job: &Job) -> Judgement {
        let prior = job.prior.iter().map(Vec::as_slice);
        let Ok(document) = Document::from_own(job.kind, job.record, prior) else {
            return Judgement::Refused(
                "збережені зміни запису пошкоджено / the record's stored changes are damaged".into(),
            );
        };
        let admitted = match Gate::admit(&document, job.kind, job.actor, &job.change) {
            Ok(admitted) => admitted,
            Err(refusal) if refusal.is_waiting() => return Judgement::Waiting,
            Err(refusal) => return Judgement::Refused(refusal.sentence().to_string()),
        };
        let heads_after = document.heads_with(&admitted);
        // A change can apply well and yet make a document that never loads again: it is loaded as every reader will.
        let changes = job.prior.iter().chain([&job.change]).map(Vec::as_slice);
        match Document::from_own(job.kind, job.record, changes) {
            Ok(again) if again.heads() == heads_after => Judgement::Admitted,
            _ => Judgement::Refused("зміна псує запис / the change poisons the record".into()),
        }
    }
}
