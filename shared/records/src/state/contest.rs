//! Decisions taken without seeing each other: which stands, and what a person should look at.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::fold::{Contest, entitled, is_side};
use super::{Seen, Steps, side};

/// What the fold needs to know about decisions.
#[derive(Debug, Default)]
pub(super) struct Verdicts {
    /// Decisions in whose place another stands.
    pub lost: HashSet<String>,
    /// Decisions that say what a standing one says.
    pub repeats: HashSet<String>,
    pub contests: Vec<Contest>,
}

/// `order` is topological: every event after the one it names. `undone`: ids of decisions that were taken back.
pub(super) fn judge<S: Steps>(order: &[Seen], undone: &HashSet<String>) -> Verdicts {
    let tree = Tree::of(order);
    let mut decisions = possible_decisions::<S>(order);
    decisions.retain(|(place, _)| !undone.contains(&order[*place].id));
    if decisions.len() < 2 {
        return Verdicts::default();
    }
    let chosen = choices(order);
    let choice = |place: usize| chosen.get(order[place].id.as_str());
    // The one a person chose, then the higher rank, then the earlier.
    decisions.sort_by(|a, b| {
        let age = |place: usize| (order[place].event.at, &order[place].id);
        choice(b.0).cmp(&choice(a.0)).then(b.1.cmp(&a.1)).then_with(|| age(a.0).cmp(&age(b.0)))
    });
    let mut verdicts = Verdicts::default();
    let mut standing: Vec<usize> = Vec::new();
    let mut contested: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (place, _) in decisions {
        match standing.iter().find(|other| tree.concurrent(place, **other)) {
            None => standing.push(place),
            Some(other) if says_the_same(&order[place], &order[*other]) => {
                verdicts.repeats.insert(order[place].id.clone());
            }
            Some(other) => {
                verdicts.lost.insert(order[place].id.clone());
                contested.entry(*other).or_default().push(order[place].id.clone());
            }
        }
    }
    verdicts.contests = contested
        .into_iter()
        .map(|(place, others)| Contest { standing: order[place].id.clone(), others, settled: choice(place).is_some() })
        .collect();
    verdicts
}

fn says_the_same(a: &Seen, b: &Seen) -> bool {
    (&a.event.code, &a.event.about, &a.event.reason) == (&b.event.code, &b.event.about, &b.event.reason)
}

/// Chosen event → time and id of the last choice of it. Only the centre chooses.
fn choices(order: &[Seen]) -> HashMap<&str, (i64, &str)> {
    let mut out: HashMap<&str, (i64, &str)> = HashMap::new();
    for seen in order.iter().filter(|seen| seen.by_desk && seen.event.code == side::SETTLED) {
        let mark = (seen.event.at, seen.id.as_str());
        let held = out.entry(&seen.event.about).or_insert(mark);
        *held = mark.max(*held);
    }
    out
}

/// Place and rank of each decision that was possible to its author: on the chain of events that led to it alone.
fn possible_decisions<S: Steps>(order: &[Seen]) -> Vec<(usize, u8)> {
    let mut states: HashMap<&str, Option<S>> = HashMap::new();
    let mut out = Vec::new();
    for (place, seen) in order.iter().enumerate() {
        let before = states.get(seen.event.prev.as_str()).copied().flatten();
        let code = S::code(&seen.event.code).filter(|code| !is_side(&seen.event) && entitled::<S>(seen, *code));
        let next = code.and_then(|code| match before {
            None => S::first(code),
            Some(state) => state.step(code),
        });
        states.insert(&seen.id, next.or(before));
        if let (Some(_), Some(rank)) = (next, code.and_then(S::decision_rank)) {
            out.push((place, rank));
        }
    }
    out
}

/// The tree of events by `prev`, as nested intervals: ancestor and concurrent in one comparison each.
struct Tree {
    spans: Vec<(usize, usize)>,
}

impl Tree {
    fn of(order: &[Seen]) -> Self {
        let places: HashMap<&str, usize> =
            order.iter().enumerate().map(|(place, seen)| (seen.id.as_str(), place)).collect();
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); order.len()];
        let mut roots = Vec::new();
        for (place, seen) in order.iter().enumerate() {
            match places.get(seen.event.prev.as_str()) {
                Some(parent) => children[*parent].push(place),
                None => roots.push(place),
            }
        }
        let mut spans = vec![(0, 0); order.len()];
        let mut clock = 0;
        // Not recursive: a hostile record may hold a chain of thousands.
        let mut stack: Vec<(usize, bool)> = roots.into_iter().map(|root| (root, false)).collect();
        while let Some((place, done)) = stack.pop() {
            clock += 1;
            if done {
                spans[place].1 = clock;
                continue;
            }
            spans[place].0 = clock;
            stack.push((place, true));
            stack.extend(children[place].iter().map(|child| (*child, false)));
        }
        Self { spans }
    }

    fn concurrent(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.spans[a], self.spans[b]);
        a.1 < b.0 || b.1 < a.0
    }
}
