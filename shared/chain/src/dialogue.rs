//! What a peer remembers about one answerer, and what it makes of an answer. No IO: the peer's store keeps it.

use crate::anchor::Anchor;
use crate::entry::Link;
use crate::exchange::{Answer, ChainHead, Cursor, Needed, Request, Token};
use crate::refusal::{Refusal, RefusalCode};
use crate::segment::Segment;
use ids::{ChainId, LineageId, TenantId};
use signing::Hash;
use std::collections::BTreeMap;

/// State of one peer towards one answerer. Lost, it costs repeats and never an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialogue {
    /// Of the last answer.
    pub lineage: Option<LineageId>,
    /// Of the last answer.
    pub token: Option<Token>,
    /// Of the last answer.
    pub cursor: Option<Cursor>,
    /// Up to where each offered chain is anchored in this lineage.
    pub anchored: BTreeMap<ChainId, Link>,
}

/// What is brought along in one message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offered {
    /// Entries.
    pub segments: Vec<Segment>,
    /// Ends of chains that could be brought, where the answerer may have lost something.
    pub heads: Vec<ChainHead>,
}

/// What an answer changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct News {
    /// Keep these.
    pub anchors: Vec<Anchor>,
    /// Verify and store these.
    pub segments: Vec<Segment>,
    /// Show these.
    pub refusals: Vec<Refusal>,
    /// The answerer lacks these: send from here.
    pub needed: Vec<Needed>,
    /// The answerer does not know the sender: bring the register.
    pub introduce: bool,
    /// The answerer lost its memory: everything counts as unanchored and is offered again.
    pub reborn: bool,
    /// Ask again at once.
    pub more: bool,
    /// For a desk.
    pub enrolments: Vec<Vec<u8>>,
}

/// An answer that contradicts what this peer knows. Nothing of it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// An anchor's own signature does not verify.
    #[error("квитанція центру пошкоджена / the centre's anchor is damaged")]
    Anchor,
    /// The answerer says it holds another entry, or more, than this peer wrote: the peer was restored from a copy, or
    /// somebody else writes its chain.
    #[error(
        "у центрі є записи цієї валізи, яких немає на цьому ноутбуці (№ {seq}): ноутбук відновлено з копії? / the centre holds entries of this suitcase that this laptop lacks ({seq})"
    )]
    Ahead {
        /// Whose chain.
        chain: ChainId,
        /// Which number.
        seq: u64,
    },
}

impl Dialogue {
    /// From where on a chain is to be sent.
    pub fn unsent_from(&self, chain: ChainId) -> u64 {
        self.anchored.get(&chain).map_or(1, |end| end.seq + 1)
    }

    /// The next message.
    pub fn compose(&self, tenant: TenantId, sender: ChainId, offered: Offered, budget: u32) -> Request {
        let Offered { segments, heads } = offered;
        Request { tenant, sender, token: self.token, cursor: self.cursor, budget, heads, segments }
    }

    /// Takes in an answer whose signature was checked. `own` are the chains that this peer writes; `hash_at` tells what
    /// it holds at a number of any chain (`None` for a number it does not hold).
    ///
    /// An anchor of an own chain for something else than what this peer wrote is an error. Of a chain that it merely
    /// carries the answerer may well hold more, or another branch: more is kept as the mark up to which nothing need
    /// be brought, another branch is passed over (its refusal says so).
    pub fn absorb(
        &mut self,
        mut answer: Answer,
        own: &[ChainId],
        mut hash_at: impl FnMut(ChainId, u64) -> Option<Hash>,
    ) -> Result<News, AnswerError> {
        let mut other_branches = Vec::new();
        for anchor in &answer.anchors {
            if !anchor.is_signed() {
                return Err(AnswerError::Anchor);
            }
            let held = hash_at(anchor.chain, anchor.end.seq);
            if anchor.end.seq == 0 || held == Some(anchor.end.hash) {
                continue;
            }
            if own.contains(&anchor.chain) {
                return Err(AnswerError::Ahead { chain: anchor.chain, seq: anchor.end.seq });
            }
            if held.is_some() {
                other_branches.push(anchor.chain);
            }
        }
        answer.anchors.retain(|anchor| !other_branches.contains(&anchor.chain));
        let reborn = self.lineage.is_some_and(|before| before != answer.lineage);
        if reborn {
            self.anchored.clear();
        }
        self.lineage = Some(answer.lineage);
        self.token = Some(answer.token);
        self.cursor = Some(Cursor { lineage: answer.lineage, position: answer.position, index: answer.index });
        for anchor in &answer.anchors {
            self.anchored.insert(anchor.chain, anchor.end);
        }
        Ok(News {
            introduce: answer.refusals.iter().any(|r| r.code == RefusalCode::UnknownChain && r.from == 0),
            more: answer.more || answer.stale,
            reborn,
            anchors: answer.anchors,
            segments: answer.segments,
            refusals: answer.refusals,
            needed: answer.needed,
            enrolments: answer.enrolments,
        })
    }
}
