//! Register segments in a request: they vouch for themselves up to the root, so a hub that lost everything learns the
//! community from whoever brings it. So does the first entry of a chain that continues a known suitcase's.

use crate::hub::Community;
use crate::store::{Offer, Role};
use chain::{Body, Kind, Needed, Refusal, RefusalCode, Register, RegisterError, Segment};
use std::collections::BTreeSet;
use std::sync::{Arc, MutexGuard, PoisonError};

/// A register, as it will be when the offers are stored.
pub(crate) struct Learnt<'a> {
    /// With everything new.
    pub register: Arc<Register>,
    /// True if it differs from the community's.
    pub grown: bool,
    /// Register segments to store, and beginnings of chains.
    pub offers: Vec<Offer>,
    /// Segments that are no register's and wait for the sender to be known.
    pub others: Vec<Segment>,
    /// Register segments that were not believed.
    pub refusals: Vec<Refusal>,
    /// Register entries that are missing.
    pub needed: Vec<Needed>,
    /// Nobody else makes the register grow until this is dropped.
    _growing: Option<MutexGuard<'a, ()>>,
}

impl<'a> Learnt<'a> {
    /// Sorts the segments and believes what can be believed.
    pub fn from(community: &'a Community, segments: Vec<Segment>) -> Self {
        let before = community.register();
        let (register, others): (Vec<_>, Vec<_>) =
            segments.into_iter().partition(|s| is_register(&before, s) || is_rebirth(&before, s));
        let growing = (!register.is_empty()).then(|| community.growing.lock().unwrap_or_else(PoisonError::into_inner));
        // Read again: somebody else may have made it grow before the lock was ours.
        let mut learnt = Self {
            register: community.register(),
            grown: false,
            offers: Vec::new(),
            others,
            refusals: Vec::new(),
            needed: Vec::new(),
            _growing: growing,
        };
        // The same again is read once: whoever need not say who it is gets no work out of the hub by repeating itself.
        let mut seen = BTreeSet::new();
        for segment in register.into_iter().filter(|segment| seen.insert((segment.chain, segment.from, segment.last())))
        {
            if is_register(&learnt.register, &segment) { learnt.take(segment) } else { learnt.meet(segment) }
        }
        learnt
    }

    /// A beginning vouches for itself, as a register does: it is stored whoever brings it, and before all else, because
    /// readers have to know the author of what stands behind it in the log.
    fn meet(&mut self, segment: Segment) {
        // An empty shell in the place of what is still to come is for the author to bring, as always.
        let hollow = segment.entries.iter().any(|entry| matches!(entry.body, Body::Dropped { .. }));
        // The community's own register is copied once a message at most: anybody may send what is not believed.
        if hollow || !Arc::make_mut(&mut self.register).meet(&segment) {
            self.others.push(segment);
            return;
        }
        tracing::warn!(chain = %segment.chain, "a suitcase goes on under another chain");
        self.grown = true;
        if let Some(author) = self.register.author(segment.chain) {
            self.offers.push(Offer { segment, author, role: Role::Suitcase });
        }
    }

    fn take(&mut self, segment: Segment) {
        let (chain, from) = (segment.chain, segment.from);
        let known = self.register.is_register(chain) && segment.last() <= self.register.head(chain).seq;
        if !known {
            // All of a segment is taken or nothing, so what is refused leaves the copy as it was.
            match Arc::make_mut(&mut self.register).take(segment.clone()) {
                Ok(_) => self.grown = true,
                Err(RegisterError::Gap(from)) => {
                    self.needed.push(Needed { chain, from });
                    return;
                }
                Err(error) => {
                    if self.refusals.is_empty() {
                        tracing::warn!(%chain, from, %error, "a register segment is not believed");
                    }
                    self.refusals.push(Refusal { chain, from, code: RefusalCode::Register });
                    return;
                }
            }
        }
        if let Some(author) = self.register.author(chain) {
            self.offers.push(Offer { segment, author, role: Role::Register });
        }
    }
}

/// The beginning of a chain that nobody knows and that says it continues another one.
fn is_rebirth(register: &Register, segment: &Segment) -> bool {
    let begins = segment.entries.first().is_some_and(|first| first.header.kind == Kind::REBIRTH);
    begins && register.author(segment.chain).is_none()
}

/// Of a known register, or of an unknown chain that begins like one.
fn is_register(register: &Register, segment: &Segment) -> bool {
    let begins_like_one = || segment.entries.first().is_some_and(|first| first.header.kind == Kind::REGISTER);
    register.is_register(segment.chain) || (register.author(segment.chain).is_none() && begins_like_one())
}
