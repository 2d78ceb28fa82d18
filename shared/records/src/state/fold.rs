//! The fold over a record's events.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::contest::{self, Verdicts};
use super::undo::{TakenBack, taken_back};
use super::{Seen, Steps, side};
use crate::event::Event;

/// Why an event has no effect. It is shown all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ignored {
    /// The step is not possible from the state before it.
    NotPossible,
    /// Only the centre may write it.
    NotEntitled,
    /// It names an event that does not exist, or itself.
    UnknownPrevious,
    /// A higher-ranked or chosen decision stands in its place.
    LostToAnother,
    /// Another event said the same before.
    Repeat,
    /// Its author took it back.
    TakenBack,
    /// A code of a newer version of the program.
    UnknownCode,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate<S> {
    /// It led to this state.
    Led(S),
    /// It changes no state: a resolution, a correction.
    Side,
    /// It has no effect.
    Ignored(Ignored),
}

/// One event with its fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedEvent<S> {
    /// The event's id.
    pub id: String,
    /// What its author wrote.
    pub event: Event,
    /// Whether the centre wrote it.
    pub by_desk: bool,
    /// What became of it.
    pub fate: Fate<S>,
}

/// Decisions taken without seeing each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// The id of the one that stands for now.
    pub standing: String,
    /// The ids of the others.
    pub others: Vec<String>,
    /// Whether a person has chosen.
    pub settled: bool,
}

/// The state and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateLog<S> {
    /// The state; `None` before any event.
    pub state: Option<S>,
    /// The last event that led to it: what the next event names as its `prev`.
    pub tip: Option<String>,
    /// All events in the order in which they count.
    pub events: Vec<LoggedEvent<S>>,
    /// Decisions that somebody should look at, or has.
    pub contests: Vec<Contest>,
}

impl<S> StateLog<S> {
    /// Contests nobody has settled.
    pub fn open_contests(&self) -> impl Iterator<Item = &Contest> {
        self.contests.iter().filter(|contest| !contest.settled)
    }
}

/// Derive the state. The result depends on the set of events only, not on their order.
pub fn derive<S: Steps>(events: Vec<Seen>) -> StateLog<S> {
    let undone = taken_back::<S>(&events);
    let (order, strays) = topological::<S>(events);
    let verdicts = contest::judge::<S>(&order, &undone.events);
    let mut log = StateLog { state: None, tip: None, events: Vec::with_capacity(order.len()), contests: Vec::new() };
    for seen in order {
        let fate = fate(&log, &seen, &verdicts, &undone);
        if let Fate::Led(state) = fate {
            log.state = Some(state);
            log.tip = Some(seen.id.clone());
        }
        log.events.push(LoggedEvent { id: seen.id, event: seen.event, by_desk: seen.by_desk, fate });
    }
    let stray = |seen: Seen| LoggedEvent {
        id: seen.id,
        event: seen.event,
        by_desk: seen.by_desk,
        fate: Fate::Ignored(Ignored::UnknownPrevious),
    };
    log.events.extend(strays.into_iter().map(stray));
    log.contests = verdicts.contests;
    log
}

fn fate<S: Steps>(log: &StateLog<S>, seen: &Seen, verdicts: &Verdicts, undone: &TakenBack) -> Fate<S> {
    if seen.event.code == side::UNDONE && !undone.by.contains(&seen.id) {
        return Fate::Ignored(Ignored::NotPossible);
    }
    if is_side(&seen.event) {
        return Fate::Side;
    }
    if undone.events.contains(&seen.id) {
        return Fate::Ignored(Ignored::TakenBack);
    }
    let Some(code) = S::code(&seen.event.code) else { return Fate::Ignored(Ignored::UnknownCode) };
    if !entitled::<S>(seen, code) {
        return Fate::Ignored(Ignored::NotEntitled);
    }
    if verdicts.lost.contains(&seen.id) {
        return Fate::Ignored(Ignored::LostToAnother);
    }
    if verdicts.repeats.contains(&seen.id) {
        return Fate::Ignored(Ignored::Repeat);
    }
    let next = match log.state {
        None => S::first(code),
        Some(state) => state.step(code),
    };
    next.map_or(Fate::Ignored(Ignored::NotPossible), Fate::Led)
}

pub(super) fn is_side(event: &Event) -> bool {
    side::ALL.contains(&event.code.as_str())
}

pub(super) fn entitled<S: Steps>(seen: &Seen, code: S::Code) -> bool {
    seen.by_desk || S::suitcase_may(code)
}

/// Every event after the one it names. Of those that are free, steps come before decisions, so that a decision is not
/// undone by a step whose author had not seen it; then the earliest by (time, id). Events that name nothing known, or
/// each other in a ring, are returned apart.
fn topological<S: Steps>(events: Vec<Seen>) -> (Vec<Seen>, Vec<Seen>) {
    let ids: HashSet<String> = events.iter().map(|seen| seen.id.clone()).collect();
    let place = |seen: &Seen| {
        let decides = S::code(&seen.event.code).is_some_and(|code| S::decision_rank(code).is_some());
        (decides, seen.event.at, seen.id.clone())
    };
    let mut children: HashMap<String, Vec<Seen>> = HashMap::new();
    let mut free = BTreeMap::new();
    let mut strays = BTreeMap::new();
    for seen in events {
        let prev = seen.event.prev.clone();
        if prev.is_empty() {
            free.insert(place(&seen), seen);
        } else if ids.contains(&prev) && prev != seen.id {
            children.entry(prev).or_default().push(seen);
        } else {
            strays.insert(place(&seen), seen);
        }
    }
    let mut order = Vec::new();
    while let Some((_, seen)) = free.pop_first() {
        for child in children.remove(&seen.id).unwrap_or_default() {
            free.insert(place(&child), child);
        }
        order.push(seen);
    }
    strays.extend(children.into_values().flatten().map(|seen| (place(&seen), seen)));
    (order, strays.into_values().collect())
}
