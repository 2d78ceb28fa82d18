//! The second half of the gate: a change against the record's history and the schema.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ChangeHash, ObjId, ROOT, ReadDoc};
use ids::ChainId;

use super::chunk::{Chunk, Op};
use super::refusal::{GateRefusal, RefusalCode};
use super::{MAX_OP, MAX_TIME};
use crate::Value;
use crate::document::{Document, Node, chain_of};
use crate::schema::{self, Rule};

/// Everything that depends on the document.
pub(super) fn check(document: &Document, chunk: &Chunk<'_>) -> Result<(), GateRefusal> {
    if document.is_full() {
        return Err(RefusalCode::Full.into());
    }
    if !(0..=MAX_TIME).contains(&chunk.at) {
        return Err(RefusalCode::Time.into());
    }
    let deps: Vec<ChangeHash> = chunk.deps.iter().map(|dep| ChangeHash(*dep)).collect();
    check_place(document, chunk, &deps)?;
    let is_birth = document.is_empty();
    if is_birth {
        check_birth(document, chunk)?;
    }
    let seen = seen_heads(document, chunk, &deps)?;
    let at_heads = document.doc.get_heads() == seen;
    let mut keys = BTreeSet::new();
    for op in &chunk.ops {
        if !keys.insert(op.key) {
            return Err(RefusalCode::TwiceInOneChange.about(op.key));
        }
        let visible = match (is_birth, at_heads) {
            (true, _) => BTreeSet::new(),
            (_, true) => visible(document, op.key, None),
            (_, false) => visible(document, op.key, Some(&seen)),
        };
        check_op(document, op, is_birth, &visible)?;
    }
    Ok(())
}

/// Dependencies, sequence and numbering fit what the document holds.
fn check_place(document: &Document, chunk: &Chunk<'_>, deps: &[ChangeHash]) -> Result<(), RefusalCode> {
    if deps.is_empty() {
        if !document.is_empty() {
            // A second beginning of one record, or a repeat of the first.
            return Err(if document.history.count_of(chunk.actor) >= chunk.seq {
                RefusalCode::Seq
            } else {
                RefusalCode::Deps
            });
        }
        return if chunk.seq != 1 {
            Err(RefusalCode::Seq)
        } else if chunk.start_op != 1 {
            Err(RefusalCode::StartOp)
        } else {
            Ok(())
        };
    }
    let Some((clock, max_op)) = document.history.seen_by(deps) else { return Err(RefusalCode::Waiting) };
    let seen_own = clock.get(&chunk.actor).copied().unwrap_or(0);
    // The author has seen all of its own changes, and this is the next one.
    if chunk.seq != seen_own.saturating_add(1) || document.history.count_of(chunk.actor) != seen_own {
        return Err(RefusalCode::Seq);
    }
    if chunk.start_op != max_op + 1 || chunk.start_op + chunk.ops.len() as u64 > MAX_OP {
        return Err(RefusalCode::StartOp);
    }
    Ok(())
}

/// The heads an author saw: its dependencies without its own last change, which automerge names beside them even if
/// they imply it. No other dependency may be implied by another.
fn seen_heads(document: &Document, chunk: &Chunk<'_>, deps: &[ChangeHash]) -> Result<Vec<ChangeHash>, RefusalCode> {
    let nodes: Vec<_> = deps.iter().filter_map(|dep| document.history.get(dep)).collect();
    let implied = |a: &Node| nodes.iter().any(|b| a.hash != b.hash && b.has_seen(a));
    let is_own_last = |a: &Node| a.actor == chunk.actor && a.seq() + 1 == chunk.seq;
    let mut heads = Vec::with_capacity(deps.len());
    for node in &nodes {
        match (implied(node), is_own_last(node)) {
            (false, _) => heads.push(node.hash),
            (true, true) => {}
            (true, false) => return Err(RefusalCode::Deps),
        }
    }
    Ok(heads)
}

/// A record's first change has what every record has, and is this record's.
fn check_birth(document: &Document, chunk: &Chunk<'_>) -> Result<(), RefusalCode> {
    let held: BTreeMap<&str, &Value> = chunk.ops.iter().filter_map(|op| Some((op.key, op.value.as_ref()?))).collect();
    let id = document.id().to_string();
    let ours = held.get("id").and_then(|value| value.as_text()) == Some(id.as_str());
    let known = held.get("v").and_then(|value| value.as_int()) == Some(schema::SCHEMA_VERSION);
    if ours && known && held.contains_key("created") { Ok(()) } else { Err(RefusalCode::Birth) }
}

/// What the author saw under a key, as numbers and authors of operations, ascending.
fn visible(document: &Document, key: &str, deps: Option<&[ChangeHash]>) -> BTreeSet<(u64, ChainId)> {
    let all = match deps {
        None => document.doc.get_all(&ROOT, key),
        Some(deps) => document.doc.get_all_at(&ROOT, key, deps),
    };
    let id = |id: &ObjId| match id {
        ObjId::Id(number, actor, _) => Some((*number, chain_of(actor)?)),
        ObjId::Root => None,
    };
    all.unwrap_or_default().iter().filter_map(|(_, at)| id(at)).collect()
}

fn check_op(
    document: &Document,
    op: &Op<'_>,
    is_birth: bool,
    visible: &BTreeSet<(u64, ChainId)>,
) -> Result<(), GateRefusal> {
    let Some(field) = schema::field(document.kind(), op.key) else { return Err(RefusalCode::Key.about(op.key)) };
    match field.rule {
        Rule::FixedAtBirth if !is_birth => return Err(RefusalCode::WrittenOnce.about(op.key)),
        Rule::AppendOnly | Rule::Counter if !visible.is_empty() => return Err(RefusalCode::WrittenOnce.about(op.key)),
        Rule::FirstProvenWins if visible.len() == 1 => return Err(RefusalCode::WrittenOnce.about(op.key)),
        _ => {}
    }
    match &op.value {
        Some(value) if !field.holds(value) => Err(RefusalCode::Value.about(op.key)),
        Some(_) => {
            // automerge lets a put replace all that its author saw, no more and no less.
            if op.preds.iter().eq(visible.iter()) { Ok(()) } else { Err(RefusalCode::Pred.about(op.key)) }
        }
        None => {
            // Writing the value that already wins a conflict is spelled as a deletion of the others.
            let chosen_stays = op.preds.len() < visible.len() && !op.preds.is_empty();
            let known = op.preds.iter().all(|pred| visible.contains(pred));
            match (known, chosen_stays) {
                (false, _) => Err(RefusalCode::Pred.about(op.key)),
                (true, false) => Err(RefusalCode::Delete.about(op.key)),
                (true, true) => Ok(()),
            }
        }
    }
}
