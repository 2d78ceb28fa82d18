//! The gate: what stands before automerge for every change this store did not write itself.
//!
//! automerge's decoder is no place for hostile bytes: some panic, some allocate gigabytes, some apply and can never be
//! loaded again. The gate admits only the small part of the format that our own programs write. It reads the bytes
//! itself (`chunk`, bounded, no panic), checks them against the record's history and the schema (`rules`),
//! writes the change anew with automerge's encoder, and admits it only if every byte is the same. What automerge is
//! given has then been made by automerge, on this machine.

mod chunk;
mod column;
mod refusal;
mod rules;

use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
use automerge::{ActorId, Change, ChangeHash, ExpandedChange};
use ids::ChainId;

pub use refusal::{GateRefusal, RefusalCode};

use crate::Edit;
use crate::document::Document;
use crate::schema::Kind;

/// A change is at most so many bytes.
pub const MAX_CHANGE_BYTES: usize = 64 * 1024;
/// Operations in one change.
pub const MAX_OPS: usize = 512;
/// Dependencies of one change.
pub const MAX_DEPS: usize = 64;
/// Other actors one change may name.
pub const MAX_ACTORS: usize = 64;
/// Values one operation may replace.
pub const MAX_PREDS: usize = 64;
/// Values all operations of one change may replace together.
pub const MAX_PREDS_IN_ALL: usize = 4096;
/// The highest number an operation may have.
pub const MAX_OP: u64 = 10_000_000;
/// The latest time a change may bear: 2^43 ms, the year 2248. Unbelievable times below it are flagged by others.
pub const MAX_TIME: i64 = 1 << 43;

/// A change that may be applied to the document it was admitted for, in the state it was admitted at.
#[derive(Debug, Clone)]
pub struct Admitted {
    change: Change,
}

impl Admitted {
    pub(crate) fn into_change(self) -> Change {
        self.change
    }

    pub(crate) fn hash_and_deps(&self) -> (ChangeHash, &[ChangeHash]) {
        (self.change.hash(), self.change.deps())
    }

    /// The raw bytes, equal to those that were offered.
    pub fn bytes(&self) -> &[u8] {
        self.change.raw_bytes()
    }

    /// The author's device time as the change bears it, milliseconds since 1970.
    pub fn at(&self) -> i64 {
        self.change.timestamp()
    }
}

/// The gate. It has no state of its own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gate;

impl Gate {
    /// Whether `bytes` are a change of `document` that `actor` (the chain whose entry carried them) may have written.
    /// `kind` is what the entry's body says; for any bytes this neither panics nor does more than bounded work.
    pub fn admit(document: &Document, kind: Kind, actor: ChainId, bytes: &[u8]) -> Result<Admitted, GateRefusal> {
        let chunk = chunk::read(bytes)?;
        if chunk.actor != actor {
            return Err(RefusalCode::Actor.into());
        }
        if kind != document.kind() {
            return Err(RefusalCode::Birth.into());
        }
        rules::check(document, &chunk)?;
        let change = encode(&chunk)?;
        same_bytes(change.raw_bytes(), bytes)?;
        Ok(Admitted { change })
    }

    /// What a change writes, without a document: for the first change of a record, whose list row needs no document.
    /// Only the form is checked; [`Gate::admit`] decides.
    pub fn peek(bytes: &[u8]) -> Result<Vec<Edit>, GateRefusal> {
        let chunk = chunk::read(bytes)?;
        Ok(chunk.ops.into_iter().filter_map(|op| Some(Edit { key: op.key.to_owned(), value: op.value? })).collect())
    }
}

fn encode(chunk: &chunk::Chunk<'_>) -> Result<Change, RefusalCode> {
    let id = |(number, by): &(u64, ChainId)| OpId(*number, ActorId::from(by.as_bytes().as_slice()));
    let operations = chunk
        .ops
        .iter()
        .map(|op| Op {
            action: op.value.as_ref().map_or(OpType::Delete, |value| OpType::Put(value.to_scalar())),
            obj: ObjectId::Root,
            key: Key::Map(op.key.into()),
            pred: op.preds.iter().map(id).collect(),
            insert: false,
        })
        .collect();
    Ok(Change::from(ExpandedChange {
        operations,
        actor_id: ActorId::from(chunk.actor.as_bytes().as_slice()),
        hash: None,
        seq: chunk.seq,
        start_op: chunk.start_op.try_into().map_err(|_| RefusalCode::StartOp)?,
        time: chunk.at,
        message: None,
        deps: chunk.deps.iter().map(|dep| ChangeHash(*dep)).collect(),
        extra_bytes: Vec::new(),
        author: None,
    }))
}

fn same_bytes(ours: &[u8], theirs: &[u8]) -> Result<(), RefusalCode> {
    const CHECKSUM: std::ops::Range<usize> = 4..8;
    if ours == theirs {
        return Ok(());
    }
    let only_the_checksum = ours.len() == theirs.len() && ours[CHECKSUM.end..] == theirs[CHECKSUM.end..];
    Err(if only_the_checksum { RefusalCode::Checksum } else { RefusalCode::NotCanonical })
}

#[cfg(test)]
mod tests;
