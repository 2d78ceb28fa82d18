//! Decision beats edit: values written in the field after a decision, or without having seen it, are proposals.
//!
//! The value that stands is what the centre and the work before the decision say. automerge itself knows no such rule
//! and lets a later writing take the place of an earlier one, so for the few keys that late work touched the writings
//! are gone through one by one.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use automerge::ChangeHash;
use automerge::legacy::{Key, OpType};
use ids::ChainId;

use crate::Value;
use crate::document::{Document, Node, Written, chain_of};
use crate::schema::{self, Rule};
use crate::view::{IsDesk, Register};

/// One writing of one key.
struct Writing {
    id: (u64, ChainId),
    value: Option<Value>,
    replaces: Vec<(u64, ChainId)>,
    at: i64,
    late: bool,
}

/// The registers that differ from what automerge says, given the change that holds the decision in force.
/// `resolved` names for each key the changes in which the centre chose its value.
pub(super) fn proposals(
    document: &Document,
    is_desk: IsDesk<'_>,
    decision: &Node,
    resolved: &BTreeMap<String, Vec<&Node>>,
) -> BTreeMap<String, Register> {
    let late: HashSet<ChangeHash> = document
        .history
        .nodes()
        .iter()
        .filter(|node| !is_desk(node.actor) && !decision.has_seen(node))
        .map(|node| node.hash)
        .collect();
    if late.is_empty() {
        return BTreeMap::new();
    }
    let changes = document.doc.get_changes(&[]);
    let decoded: Vec<_> = changes.iter().map(|change| (change.hash(), change.decode())).collect();
    let touched: BTreeSet<&str> = decoded
        .iter()
        .filter(|(hash, _)| late.contains(hash))
        .flat_map(|(_, change)| &change.operations)
        .filter_map(|op| protected(document, &op.key))
        .collect();
    let mut writings: BTreeMap<String, Vec<Writing>> = BTreeMap::new();
    for (hash, change) in &decoded {
        let Some(node) = document.history.get(hash) else { continue };
        for (number, op) in (change.start_op.get()..).zip(&change.operations) {
            let Some(key) = protected(document, &op.key).filter(|key| touched.contains(key)) else { continue };
            let chosen = resolved.get(key).is_some_and(|nodes| nodes.iter().any(|choice| choice.has_seen(node)));
            writings.entry(key.to_owned()).or_default().push(Writing {
                id: (number, node.actor),
                value: match &op.action {
                    OpType::Put(scalar) => Value::from_scalar(scalar),
                    _ => None,
                },
                replaces: op.pred.iter().filter_map(|pred| Some((pred.0, chain_of(&pred.1)?))).collect(),
                at: node.at,
                late: late.contains(hash) && !chosen,
            });
        }
    }
    writings.into_iter().map(|(key, writings)| (key, standing(&writings))).collect()
}

/// The key, if the rule protects it.
fn protected<'a>(document: &Document, key: &'a Key) -> Option<&'a str> {
    let Key::Map(key) = key else { return None };
    let field = schema::field(document.kind(), key)?;
    (field.rule == Rule::DecisionBeatsEdit).then_some(key.as_str())
}

fn standing(writings: &[Writing]) -> Register {
    let replaced_by = |late: bool| -> HashSet<(u64, ChainId)> {
        writings
            .iter()
            .filter(|writing| late || !writing.late)
            .flat_map(|writing| writing.replaces.iter().copied())
            .collect()
    };
    let (by_all, by_timely) = (replaced_by(true), replaced_by(false));
    let written = |writing: &Writing| {
        Some(Written { value: writing.value.clone()?, by: writing.id.1, at: writing.at, op: writing.id.0 })
    };
    let pick = |late: bool, replaced: &HashSet<(u64, ChainId)>| -> Vec<Written> {
        let left = writings.iter().filter(|writing| writing.late == late && !replaced.contains(&writing.id));
        let mut values: Vec<Written> = left.filter_map(written).collect();
        values.sort_by_key(|written| std::cmp::Reverse((written.op, written.by)));
        let mut seen = BTreeSet::new();
        values.retain(|written| seen.insert(written.value.clone()));
        values
    };
    let values = pick(false, &by_timely);
    let mut proposals = pick(true, &by_all);
    proposals.retain(|proposal| values.first().is_none_or(|standing| standing.value != proposal.value));
    Register { values, proposals }
}
