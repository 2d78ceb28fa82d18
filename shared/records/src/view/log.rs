//! Events, notes and other things that are only ever added.

use std::collections::{BTreeMap, BTreeSet};

use ids::{ChainId, RecordId};

use super::{IsDesk, Registers, late};
use crate::document::{Document, Node};
use crate::event::{Event, split};
use crate::state::{Fate, Seen, StateLog, Steps, derive, side};

/// A note, `n/<id>` = `t|by|text` with the escapes of [`crate::event`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The note's id.
    pub id: String,
    /// The author's device time, milliseconds since 1970.
    pub at: i64,
    /// Login of its author.
    pub by: String,
    /// The chain it was written on.
    pub chain: ChainId,
    /// The text.
    pub text: String,
    /// Whether it was withdrawn (`x/<id>` names it); shown struck out.
    pub withdrawn: bool,
}

/// An event that joins two residents or undoes it, `s/<id>` = `t|joined or undone|by|resident|reason`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameAs {
    /// The author's device time, milliseconds since 1970.
    pub at: i64,
    /// `true` joins, `false` undoes.
    pub joined: bool,
    /// Login of its author.
    pub by: String,
    /// The other resident.
    pub other: RecordId,
    /// Why.
    pub reason: String,
}

/// All events as the fold takes them. A key with two values (never written by our programs) gives two events.
pub(super) fn events(registers: &Registers, is_desk: IsDesk<'_>) -> Vec<Seen> {
    let mut out = Vec::new();
    for (id, register) in registers.family("e/") {
        for (place, written) in register.values.iter().enumerate() {
            let Some(event) = written.value.as_text().and_then(Event::decode) else { continue };
            let id = if place == 0 { id.to_owned() } else { format!("{id}#{place}") };
            out.push(Seen { id, event, by_desk: is_desk(written.by) });
        }
    }
    out
}

/// Derive the state and put late work aside.
pub(super) fn derive_state<S: Steps>(
    document: &Document,
    registers: &mut Registers,
    is_desk: IsDesk<'_>,
    decided: impl Fn(S) -> bool,
) -> StateLog<S> {
    let log = derive::<S>(events(registers, is_desk));
    let mut decision = None;
    let mut was_decided = false;
    for event in &log.events {
        if let Fate::Led(state) = event.fate {
            let is_decided = decided(state);
            // Only what the centre decided is protected; what a suitcase closed itself it may still mend.
            if is_decided && !was_decided && event.by_desk {
                decision = Some(event.id.as_str());
                was_decided = true;
            }
            was_decided &= is_decided;
        }
    }
    let writer = |id: &str| writer_of(document, registers, id);
    if let Some(node) = decision.filter(|_| was_decided).and_then(writer) {
        let mut resolved: BTreeMap<String, Vec<&Node>> = BTreeMap::new();
        for event in log.events.iter().filter(|event| event.by_desk && event.event.code == side::RESOLVED) {
            resolved.entry(event.event.about.clone()).or_default().extend(writer(&event.id));
        }
        let late = late::proposals(document, is_desk, node, &resolved);
        registers.set_aside(late);
    }
    log
}

/// The change that holds an event.
fn writer_of<'a>(document: &'a Document, registers: &Registers, id: &str) -> Option<&'a Node> {
    let (key, place) = id.split_once('#').map_or((id, 0), |(key, place)| (key, place.parse().unwrap_or(0)));
    let written = registers.get(&format!("e/{key}"))?.values.get(place)?;
    document.history.writer(written.by, written.op)
}

/// Ids of the events that different authors wrote without seeing each other's.
pub(super) fn concurrent<S>(document: &Document, registers: &Registers, log: &StateLog<S>) -> BTreeSet<String> {
    let nodes: Vec<(&str, &Node)> = log
        .events
        .iter()
        .filter_map(|event| Some((event.id.as_str(), writer_of(document, registers, &event.id)?)))
        .collect();
    let mut out = BTreeSet::new();
    for (place, (id, node)) in nodes.iter().enumerate() {
        for (other_id, other) in &nodes[place + 1..] {
            if node.actor != other.actor && !node.has_seen(other) && !other.has_seen(node) {
                out.extend([(*id).to_owned(), (*other_id).to_owned()]);
            }
        }
    }
    out
}

/// Notes that are struck out: `x/<id>` = `t|by|note` strikes one out, `t|by|note|back` brings it back, the last counts.
fn withdrawn_notes(registers: &Registers) -> BTreeSet<&str> {
    let mut last: BTreeMap<&str, (i64, &str, bool)> = BTreeMap::new();
    for (id, register) in registers.family("x/") {
        let mut parts = register.text().split('|');
        let at = parts.next().and_then(|at| at.parse().ok()).unwrap_or(0);
        let Some(note) = parts.nth(1) else { continue };
        let mark = (at, id, parts.next() != Some("back"));
        let held = last.entry(note).or_insert(mark);
        *held = mark.max(*held);
    }
    last.into_iter().filter(|(_, mark)| mark.2).map(|(note, _)| note).collect()
}

/// All notes, by time.
pub(super) fn notes(registers: &Registers) -> Vec<Note> {
    let withdrawn = withdrawn_notes(registers);
    let mut out = Vec::new();
    for (id, register) in registers.family("n/") {
        for written in &register.values {
            let parts = split(written.value.as_text().unwrap_or_default());
            let [at, by, text] = &parts[..] else { continue };
            out.push(Note {
                id: id.to_owned(),
                at: at.parse().unwrap_or(written.at),
                by: by.clone(),
                chain: written.by,
                text: text.clone(),
                withdrawn: withdrawn.contains(id),
            });
        }
    }
    out.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    out
}

/// All joining and undoing, by time.
pub(super) fn same_as(registers: &Registers) -> Vec<SameAs> {
    let mut out: Vec<SameAs> = registers
        .family("s/")
        .filter_map(|(_, register)| {
            let parts = split(register.text());
            let [at, what, by, other, reason] = &parts[..] else { return None };
            Some(SameAs {
                at: at.parse().ok()?,
                joined: what == "joined",
                by: by.clone(),
                other: other.parse().ok()?,
                reason: reason.clone(),
            })
        })
        .collect();
    out.sort_by_key(|event| (event.at, event.other, event.joined));
    out
}
