//! Where the chains of a desk end that another one follows.
//!
//! A desk writes one **succession**, about the predecessor that its certificate names; the first counts. What that one's
//! register says behind the stated entry counts for nobody: its key may be in other hands. Revocations alone count
//! wherever they stand: nothing that was revoked comes back. A suitcase that was certified there may be the thief's or
//! one whose certificate the hub had lost: it waits for a person ([`Standing::Unconfirmed`](super::Standing)). What the
//! case chain says behind its own end is set aside: no grant, no verdict, no fact of it counts.

use super::{Register, Stated};
use crate::entry::Link;
use ids::ChainId;

/// The ends of a predecessor's chains, stated in entry `seq` of its successor's register.
#[derive(Debug, Clone, Copy)]
pub(super) struct Succession {
    pub seq: u64,
    pub before: ChainId,
    pub end: Link,
    pub case_end: Link,
}

/// Where a case chain ends, and which entry of which register says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseEnd {
    /// The last entry that counts.
    pub end: Link,
    /// Register chain and number.
    pub stated: (ChainId, u64),
}

impl Register {
    /// Those that no succession leaves behind.
    pub(super) fn counting<'a, T>(&'a self, stated: &'a [Stated<T>]) -> impl Iterator<Item = &'a Stated<T>> {
        stated.iter().filter(|one| self.counts(one.register, one.seq))
    }

    /// Does what this entry of a register chain publishes count? Several desks may have followed one: the earliest end
    /// is the one, in whatever order their registers arrive. Nothing of a chain counts that is another one at its end
    /// than the successor saw: somebody has the old key and wrote it anew.
    pub(super) fn counts(&self, register: ChainId, seq: u64) -> bool {
        self.counts_within(register, seq, self.desks.len())
    }

    /// `successors` at most are asked: two desks that each name the other as predecessor would never end.
    fn counts_within(&self, register: ChainId, seq: u64, successors: usize) -> bool {
        let ends = self.binding(register, successors).map(|(_, one)| one.end);
        let Some(end) = ends.min_by_key(|end| end.seq) else { return true };
        let another = self.hash_at(register, end.seq).is_some_and(|held| held != end.hash);
        seq <= end.seq && !another
    }

    /// What its successors say of a desk.
    fn binding(&self, register: ChainId, successors: usize) -> impl Iterator<Item = (ChainId, &Succession)> {
        // A desk that had itself been replaced by then says nothing about the one before it.
        let binds = move |(by, one): &(&ChainId, &Succession)| {
            one.before == register && (successors == 0 || self.counts_within(**by, one.seq, successors - 1))
        };
        self.successions.iter().filter(binds).map(|(by, one)| (*by, one))
    }

    /// Where this case chain ends; `None` for one that goes on. Of several ends the earliest.
    pub fn case_end(&self, case: ChainId) -> Option<CaseEnd> {
        let desk = self.desk_of(case).filter(|desk| desk.case == case)?;
        let ends = self.binding(desk.register, self.desks.len());
        let ends = ends.map(|(by, one)| CaseEnd { end: one.case_end, stated: (by, one.seq) });
        ends.min_by_key(|one| (one.end.seq, one.stated))
    }

    /// Whether the centre said one thing after another, given by chain and number, in whatever order they arrive: by number
    /// within one case chain, and a desk speaks after the one that it goes on for. Of two desks of which neither goes on for
    /// the other, neither does.
    pub fn is_said_after(&self, one: (ChainId, u64), other: (ChainId, u64)) -> bool {
        if one.0 == other.0 { one.1 > other.1 } else { self.follows(one.0, other.0) }
    }

    /// Whether an entry of a case chain stands behind its end.
    pub fn is_behind_case_end(&self, case: ChainId, seq: u64) -> bool {
        self.case_end(case).is_some_and(|stated| seq > stated.end.seq)
    }

    /// True for the chains of a desk that no other one follows.
    pub fn is_at_work(&self, chain: ChainId) -> bool {
        let followed = |register| self.desks.values().any(|(desk, _)| desk.predecessor == Some(register));
        self.desk_of(chain).is_some_and(|desk| !followed(desk.register))
    }

    /// Whether the desk's agreement secret was destroyed, by its own word or a successor's.
    pub fn is_destroyed(&self, register: ChainId) -> bool {
        self.counting(&self.destroyed).any(|one| one.what == register)
    }

    /// Whether any desk's was.
    pub fn is_any_destroyed(&self) -> bool {
        self.counting(&self.destroyed).next().is_some()
    }

    /// The case chain of the desk at work; `chain` itself if there is none.
    pub fn at_work(&self, chain: ChainId) -> ChainId {
        self.current_desk().map_or(chain, |desk| desk.case)
    }
}
