//! Taking back: for ten minutes the author of an event may say that it was a mistake. Nothing is deleted; the event and
//! its taking back both stay in the log, and the state is as if neither had happened.

use super::fold::{Fate, Ignored, LoggedEvent, StateLog, is_side};
use super::{Seen, Steps, side};
use crate::event::Event;
use std::collections::{HashMap, HashSet};

/// How long after an event it may be taken back, milliseconds of the author's clock.
pub const UNDO_WITHIN: i64 = 10 * 60 * 1000;

/// Ids of the events that were taken back, and of those that did it.
#[derive(Debug, Default)]
pub(super) struct TakenBack {
    pub events: HashSet<String>,
    pub by: HashSet<String>,
}

/// What was taken back: by its own author, in time, and nobody had gone on from it. A step that was taken back itself
/// is nothing to have gone on with, so that steps are taken back one after another, the newest first.
pub(super) fn taken_back<S: Steps>(events: &[Seen]) -> TakenBack {
    let mut out = TakenBack::default();
    let undoing: Vec<&Seen> = events.iter().filter(|seen| seen.event.code == side::UNDONE).collect();
    if undoing.is_empty() {
        return out;
    }
    let by_id: HashMap<&str, &Seen> = events.iter().map(|seen| (seen.id.as_str(), seen)).collect();
    let mut wanted: HashMap<&str, Vec<&Seen>> = HashMap::new();
    for undo in undoing {
        let target = by_id.get(undo.event.about.as_str()).filter(|target| may_take_back::<S>(undo, target));
        if let Some(target) = target {
            wanted.entry(target.id.as_str()).or_default().push(undo);
        }
    }
    // How many steps that still count were built on an event.
    let mut built_on: HashMap<&str, usize> = HashMap::new();
    for seen in events.iter().filter(|seen| !is_side(&seen.event)) {
        *built_on.entry(seen.event.prev.as_str()).or_default() += 1;
    }
    let mut free: Vec<&str> = wanted.keys().copied().filter(|id| !built_on.contains_key(id)).collect();
    while let Some(id) = free.pop() {
        out.events.insert(id.to_owned());
        out.by.extend(wanted.get(id).into_iter().flatten().map(|undo| undo.id.clone()));
        let Some(before) = by_id.get(id).map(|seen| seen.event.prev.as_str()) else { continue };
        if let Some(left) = built_on.get_mut(before) {
            *left = left.saturating_sub(1);
            if *left == 0 && wanted.contains_key(before) && !out.events.contains(before) {
                free.push(before);
            }
        }
    }
    out
}

fn may_take_back<S: Steps>(undo: &Seen, target: &Seen) -> bool {
    let same_author = target.by_desk == undo.by_desk && target.event.by == undo.event.by;
    let in_time = (0..=UNDO_WITHIN).contains(&undo.event.at.saturating_sub(target.event.at));
    let seen_last = undo.event.prev == target.id;
    same_author && in_time && is_step::<S>(&target.event) && seen_last
}

/// The birth is no step.
fn is_step<S: Steps>(event: &Event) -> bool {
    !event.prev.is_empty() && S::code(&event.code).is_some_and(S::may_be_undone)
}

impl<S: Steps> StateLog<S> {
    /// The last step, if nobody went on from it and it is one that may be taken back. Whose it is and how long ago it
    /// was, is for the one who asks to look at.
    #[must_use]
    pub fn last_step(&self) -> Option<&LoggedEvent<S>> {
        let tip = self.tip.as_deref()?;
        let goes_on = |logged: &LoggedEvent<S>| {
            logged.event.prev == tip
                && !is_side(&logged.event)
                && !matches!(logged.fate, Fate::Ignored(Ignored::TakenBack))
        };
        let last = self.events.iter().find(|logged| logged.id == tip)?;
        (is_step::<S>(&last.event) && !self.events.iter().any(goes_on)).then_some(last)
    }
}
