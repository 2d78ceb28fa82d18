//! Taking back: for ten minutes the author of an event may say that it was a mistake. Nothing is deleted; the event and
//! its taking back both stay in the log, and the state is as if neither had happened.

use super::fold::is_side;
use super::{Seen, Steps, side};
use std::collections::{HashMap, HashSet};

/// How long after an event it may be taken back, milliseconds of the author's clock.
pub const UNDO_WITHIN: i64 = 10 * 60 * 1000;

/// Ids of the events that were taken back, and of those that did it.
#[derive(Debug, Default)]
pub(super) struct TakenBack {
    pub events: HashSet<String>,
    pub by: HashSet<String>,
}

/// What was taken back: by its own author, in time, and nobody had gone on from it.
pub(super) fn taken_back<S: Steps>(events: &[Seen]) -> TakenBack {
    let mut out = TakenBack::default();
    let undoing: Vec<&Seen> = events.iter().filter(|seen| seen.event.code == side::UNDONE).collect();
    if undoing.is_empty() {
        return out;
    }
    let by_id: HashMap<&str, &Seen> = events.iter().map(|seen| (seen.id.as_str(), seen)).collect();
    let built_on: HashSet<&str> =
        events.iter().filter(|seen| !is_side(&seen.event)).map(|seen| seen.event.prev.as_str()).collect();
    for undo in undoing {
        let Some(target) = by_id.get(undo.event.about.as_str()) else { continue };
        let same_author = target.by_desk == undo.by_desk && target.event.by == undo.event.by;
        let in_time = (0..=UNDO_WITHIN).contains(&undo.event.at.saturating_sub(target.event.at));
        // The birth is no step.
        let is_step = !target.event.prev.is_empty() && S::code(&target.event.code).is_some_and(S::may_be_undone);
        let seen_last = undo.event.prev == target.id;
        if same_author && in_time && is_step && seen_last && !built_on.contains(target.id.as_str()) {
            out.events.insert(target.id.clone());
            out.by.insert(undo.id.clone());
        }
    }
    out
}
