//! Whether anything is left on a suitcase: a function of what it holds of its own chains and of what it was answered.

use crate::anchor::Anchor;
use crate::entry::Link;
use crate::verdict::ExceptionCode;
use ids::{ChainId, LineageId, TenantId};
use signing::VerifyingKey;

/// A verdict, by the entry of the centre's case chain that brought it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// The case chain.
    pub case: ChainId,
    /// The entry in it.
    pub entry: Link,
    /// Up to where it judges the suitcase's chain.
    pub up_to: Link,
}

/// What a suitcase knows of one chain that it writes, or wrote before a rebirth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnChain {
    /// Which.
    pub chain: ChainId,
    /// Where it ends here.
    pub end: Link,
    /// The newest anchor of it that is kept.
    pub anchor: Option<Anchor>,
    /// The verdict about it that reaches furthest.
    pub verdict: Option<Judged>,
    /// Entries that the centre holds and has not taken among its records.
    pub exceptions: Vec<(u64, ExceptionCode)>,
}

/// Whose word counts now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// The community.
    pub tenant: TenantId,
    /// The life of the hub's store that answered last. `None`: no hub has answered.
    pub lineage: Option<LineageId>,
    /// Keys of the community's hubs.
    pub hubs: Vec<VerifyingKey>,
    /// Case chain of the desk at work.
    pub case: Option<ChainId>,
}

/// A chain of which nothing is left behind, with what proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedChain {
    /// Which.
    pub chain: ChainId,
    /// Its last entry.
    pub end: Link,
    /// The hub's anchor of that entry.
    pub anchor: Anchor,
    /// The case chain whose verdict covers it, and the entry in it.
    pub verdict: (ChainId, Link),
    /// What lies at the centre and is not among its records. Named, never hidden.
    pub exceptions: Vec<(u64, ExceptionCode)>,
}

/// Why a shift is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    /// Not one entry of any chain was ever written: there is nothing to say.
    Nothing,
    /// Entries that no hub of the community holds in the present life of its store.
    NotAnchored {
        /// Whose.
        chain: ChainId,
        /// The last entry that is anchored; 0 for none.
        after: u64,
        /// How many.
        entries: u64,
    },
    /// Entries that the desk at work has given no verdict on.
    NotJudged {
        /// Whose.
        chain: ChainId,
        /// The last entry that is judged; 0 for none.
        after: u64,
        /// How many.
        entries: u64,
    },
    /// Hub or centre know another entry under a number, or more entries than are here.
    OtherBranch {
        /// Whose.
        chain: ChainId,
        /// Under which number.
        seq: u64,
    },
}

/// Every own chain with its anchor and its verdict; or all that is left, chain by chain.
pub fn nothing_left(present: &Present, chains: &[OwnChain]) -> Result<Vec<ClosedChain>, Vec<Left>> {
    let (mut closed, mut left) = (Vec::new(), Vec::new());
    // Of a chain that was never begun nothing can be left.
    for own in chains.iter().filter(|own| own.end.seq > 0) {
        let anchor = own.anchor.filter(|anchor| counts(present, own.chain, anchor));
        let verdict = own.verdict.filter(|verdict| present.case == Some(verdict.case));
        let anchored = reaches(own, anchor.map(|anchor| anchor.end));
        let judged = reaches(own, verdict.map(|verdict| verdict.up_to));
        match (anchor, verdict, anchored, judged) {
            (Some(anchor), Some(verdict), Reach::Whole, Reach::Whole) => closed.push(ClosedChain {
                chain: own.chain,
                end: own.end,
                anchor,
                verdict: (verdict.case, verdict.entry),
                exceptions: own.exceptions.clone(),
            }),
            (_, _, anchored, judged) => {
                left.extend(anchored.left(own, |chain, after, entries| Left::NotAnchored { chain, after, entries }));
                left.extend(judged.left(own, |chain, after, entries| Left::NotJudged { chain, after, entries }));
            }
        }
    }
    left.dedup();
    match (closed.is_empty(), left.is_empty()) {
        (_, false) => Err(left),
        (true, true) => Err(vec![Left::Nothing]),
        (false, true) => Ok(closed),
    }
}

/// An anchor of an earlier life of the hub's store proves when, but not that the bytes are there now.
fn counts(present: &Present, chain: ChainId, anchor: &Anchor) -> bool {
    anchor.chain == chain
        && anchor.tenant == present.tenant
        && present.lineage == Some(anchor.lineage)
        && present.hubs.contains(&anchor.answerer)
        && anchor.is_signed()
}

/// How much of a chain a word covers.
enum Reach {
    Whole,
    UpTo(u64),
    Other(u64),
}

fn reaches(own: &OwnChain, end: Option<Link>) -> Reach {
    let end = end.unwrap_or(Link::EMPTY);
    if end.seq < own.end.seq {
        Reach::UpTo(end.seq)
    } else if end == own.end {
        Reach::Whole
    } else {
        Reach::Other(end.seq)
    }
}

impl Reach {
    fn left(self, own: &OwnChain, short: impl FnOnce(ChainId, u64, u64) -> Left) -> Option<Left> {
        match self {
            Self::Whole => None,
            Self::UpTo(after) => Some(short(own.chain, after, own.end.seq - after)),
            Self::Other(seq) => Some(Left::OtherBranch { chain: own.chain, seq }),
        }
    }
}
