//! A record's state, derived from its events by one deterministic function.
//!
//! States are never stored. Events are only added, each names the state event its author saw; whoever holds the same
//! events derives the same state, in whatever order they arrived. An event whose step is not allowed is kept, shown
//! and ignored. Two decisions taken without seeing each other are flagged for a person; until one is chosen, the
//! higher-ranked stands.

mod contest;
mod fold;
mod request;
mod undo;
mod visit;

use crate::event::Event;

pub use fold::{Contest, Fate, Ignored, LoggedEvent, StateLog, derive};
pub use request::{Outcome, RequestCode, RequestState};
pub use undo::UNDO_WITHIN;
pub use visit::{VisitCode, VisitState};

/// Codes that change no state, for every kind.
pub mod side {
    /// A person chose among differing values of the field named in `about`.
    pub const RESOLVED: &str = "resolved";
    /// A person chose among contested decisions: `about` is the chosen event's id.
    pub const SETTLED: &str = "settled";
    /// Fields were corrected; `about` lists their keys by comma.
    pub const CORRECTED: &str = "corrected";
    /// The author of the event in `about` takes it back, in time and before anybody went on from it.
    pub const UNDONE: &str = "undone";
    /// A clerk of the centre has taken the request.
    pub const CLAIMED: &str = "claimed";
    /// The clerk in `about` has it no more; `reason` where somebody else took it away.
    pub const RELEASED: &str = "released";
    /// A mark of the routing sheet: `about` is its number, `reason` its text, see [`crate::Stamp`].
    pub const STAMPED: &str = "stamped";
    /// The applicant was told: `about` is the way, `reason` the words.
    pub const NOTIFIED: &str = "notified";
    /// The control date was put off to the day in `about`, for `reason`.
    pub const PROLONGED: &str = "prolonged";
    /// A person looked: it does not repeat the request whose id is in `about`.
    pub const NOT_DUPLICATE: &str = "not_duplicate";

    /// All of them.
    pub const ALL: [&str; 10] =
        [RESOLVED, SETTLED, CORRECTED, UNDONE, CLAIMED, RELEASED, STAMPED, NOTIFIED, PROLONGED, NOT_DUPLICATE];
}

/// An event as the fold sees it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The event's id (the key without `e/`).
    pub id: String,
    /// What its author wrote.
    pub event: Event,
    /// Whether the centre wrote it.
    pub by_desk: bool,
}

/// The states of one kind and the steps between them.
pub trait Steps: Copy + Eq + std::fmt::Debug {
    /// What can happen.
    type Code: Copy + Eq + std::fmt::Debug;
    /// The text of a code in an event.
    fn code_text(code: Self::Code) -> &'static str;
    /// The state's label on pages, Ukrainian and English.
    fn words(self) -> (&'static str, &'static str);
    /// The code a text names; `None` for side codes and codes of newer versions.
    fn code(text: &str) -> Option<Self::Code>;
    /// The state after the first event; `None` if the record cannot begin so.
    fn first(code: Self::Code) -> Option<Self>;
    /// The state after `code` happened in this one; `None` if it cannot happen here.
    fn step(self, code: Self::Code) -> Option<Self>;
    /// Whether a suitcase may write the code, too; the centre may write all.
    fn suitcase_may(code: Self::Code) -> bool;
    /// Whether its author may take such a step back for a while. The first event is none.
    fn may_be_undone(code: Self::Code) -> bool;
    /// The rank of a decision; `None` for steps that are no decision. Of two contested decisions the higher stands.
    fn decision_rank(code: Self::Code) -> Option<u8>;
}

#[cfg(test)]
mod tests;
