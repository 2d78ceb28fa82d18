//! What the centre's clerks noted of a request, read from its events: who has it, marks of the routing sheet, notices,
//! a control date that was put off, look-alikes that were told apart.

use std::collections::{BTreeSet, HashSet};

use ids::RecordId;

use super::RequestView;
use crate::event::Event;
use crate::state::{Fate, Ignored, LoggedEvent, RequestState, side};
use crate::{Stamp, StampKind};

/// Who has a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Login of the clerk.
    pub by: String,
    /// The centre's clock, milliseconds since 1970.
    pub at: i64,
}

/// A mark of the routing sheet as it was put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampEntry {
    /// The mark.
    pub stamp: Stamp,
    /// The event's id.
    pub id: String,
    /// When it was written, milliseconds since 1970.
    pub at: i64,
    /// Login of who wrote it.
    pub by: String,
    /// A step said it and nobody has put the mark itself: its day is the day of `at`.
    pub from_step: bool,
    /// A later mark of the kind stands in its place.
    pub replaced: bool,
}

/// The applicant was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeEntry {
    /// When, milliseconds since 1970.
    pub at: i64,
    /// Login of who told.
    pub by: String,
    /// How: `phone`, `post`, `email`, `person` or another word.
    pub way: String,
    /// What was said; may be empty.
    pub text: String,
}

type Logged = LoggedEvent<RequestState>;

impl RequestView {
    fn by_centre<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Logged> {
        self.log.events.iter().filter(move |logged| logged.by_desk && logged.event.code == code)
    }

    /// Which clerk has it: the first who claimed it since it was nobody's.
    pub fn holder(&self) -> Option<Claim> {
        let mut holder: Option<Claim> = None;
        for Logged { event, by_desk, .. } in &self.log.events {
            match event.code.as_str() {
                side::CLAIMED if *by_desk => {
                    holder.get_or_insert(Claim { by: event.by.clone(), at: event.at });
                }
                // A release names whose claim it ends: one that crossed another's claim ends nothing.
                side::RELEASED if *by_desk => holder = holder.filter(|claim| claim.by != event.about),
                _ => {}
            }
        }
        holder
    }

    /// Every mark of the routing sheet, by kind and then by time; of each kind the last one that is not `replaced`
    /// stands. Where a step says what nobody stamped, the step counts as the mark.
    pub fn stamps(&self) -> Vec<StampEntry> {
        let undone: HashSet<&str> = self.undone().collect();
        let mut all: Vec<StampEntry> = Vec::new();
        for logged in &self.log.events {
            let written = (logged.event.code == side::STAMPED && !undone.contains(logged.event.prev.as_str()))
                .then(|| Stamp::decode(&logged.event.about, &logged.event.reason))
                .flatten()
                // Suitcases hand results over; everything else happens at the centre.
                .filter(|stamp| logged.by_desk || stamp.kind == StampKind::Receipt);
            let from_step = written.is_none();
            let Some(stamp) = written.or_else(|| of_step(logged)) else { continue };
            let Event { at, by, .. } = &logged.event;
            all.push(StampEntry { stamp, id: logged.id.clone(), at: *at, by: by.clone(), from_step, replaced: false });
        }
        // A mark that was put for a step says more than the step: steps beside marks of their kind go.
        let stamped: BTreeSet<StampKind> = all.iter().filter(|e| !e.from_step).map(|e| e.stamp.kind).collect();
        all.retain(|entry| !entry.from_step || !stamped.contains(&entry.stamp.kind));
        all.sort_by_key(|entry| entry.stamp.kind);
        for at in 1..all.len() {
            if all[at].stamp.kind == all[at - 1].stamp.kind {
                all[at - 1].replaced = true;
            }
        }
        all
    }

    /// The mark of a kind that stands.
    pub fn stamp(&self, kind: StampKind) -> Option<StampEntry> {
        self.stamps().into_iter().rev().find(|entry| entry.stamp.kind == kind && !entry.replaced)
    }

    fn undone(&self) -> impl Iterator<Item = &str> {
        let gone = self.log.events.iter().filter(|logged| logged.fate == Fate::Ignored(Ignored::TakenBack));
        gone.map(|logged| logged.id.as_str())
    }

    /// Every time the applicant was told, by time.
    pub fn told(&self) -> Vec<NoticeEntry> {
        let entry = |logged: &Logged| NoticeEntry {
            at: logged.event.at,
            by: logged.event.by.clone(),
            way: logged.event.about.clone(),
            text: logged.event.reason.clone(),
        };
        self.by_centre(side::NOTIFIED).map(entry).collect()
    }

    /// The day to which the control date was put off last, `YYYY-MM-DD`.
    pub fn prolonged_to(&self) -> Option<&str> {
        self.by_centre(side::PROLONGED).last().map(|logged| logged.event.about.as_str())
    }

    /// Whether a person set the fee by itself, with its ground: then it follows from no answer.
    pub fn fee_is_settled(&self) -> bool {
        self.log.events.iter().any(|logged| logged.event.code == side::CORRECTED && logged.event.about == "fee")
    }

    /// Requests that look like this one and do not repeat it, as a person found.
    pub fn told_apart(&self) -> BTreeSet<RecordId> {
        self.by_centre(side::NOT_DUPLICATE).filter_map(|logged| logged.event.about.parse().ok()).collect()
    }

    /// When it got its number in the journal, milliseconds since 1970.
    pub fn registered_at(&self) -> Option<i64> {
        let mut given = self.by_centre("registered").filter(|logged| matches!(logged.fate, Fate::Led(_)));
        given.next().map(|logged| logged.event.at)
    }

    /// When the centre's work on it ended, milliseconds since 1970: «знято з контролю». `None` while it goes on.
    pub fn decided_at(&self) -> Option<i64> {
        let mut since = None;
        for logged in &self.log.events {
            if let Fate::Led(state) = logged.fate {
                since = if state.is_decided() { since.or(Some(logged.event.at)) } else { None };
            }
        }
        since
    }
}

/// What a step says as a mark.
fn of_step(logged: &Logged) -> Option<Stamp> {
    let Fate::Led(_) = logged.fate else { return None };
    let event = &logged.event;
    let (kind, number, text) = match event.code.as_str() {
        "registered" => (StampKind::Registration, event.about.as_str(), ""),
        "handed_over" => (StampKind::HandOver, "", event.about.as_str()),
        "ready" => (StampKind::Return, "", event.reason.as_str()),
        "delivered" => (StampKind::Receipt, "", event.reason.as_str()),
        _ => return None,
    };
    Some(Stamp { number: number.to_owned(), text: text.to_owned(), ..Stamp::new(kind) })
}
