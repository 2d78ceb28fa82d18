//! What a store that keeps chains for good decides about a segment: which entries are new, or why the whole segment
//! is refused. It asks about form only; what an entry is *about* is the centre's verdict.

use crate::entry::Link;
use crate::refusal::{Refusal, RefusalCode};
use crate::segment::{Segment, SegmentError, Verified};
use ids::TenantId;
use signing::{Hash, VerifyingKey};

/// What the store holds at one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Of the entry itself.
    pub hash: Hash,
    /// Of the one before it.
    pub prev: Hash,
}

/// What is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// Entries the store does not hold yet, ascending; there may be holes before and between them.
    pub new: Vec<Verified>,
    /// How many it held already.
    pub repeats: usize,
}

/// Judges one segment. `held` tells what the store holds at a number of this chain.
///
/// One signature is verified for the whole segment. A number that is held with another hash is a *fork*: two
/// laptops write one chain, or one was restored from a copy. Then nothing of the segment is taken and both sides
/// say so. A segment beyond a hole is stored; it is the anchor that waits at the hole.
pub fn admit<E>(
    segment: Segment,
    tenant: TenantId,
    author: &VerifyingKey,
    mut held: impl FnMut(u64) -> Result<Option<Held>, E>,
) -> Result<Result<Admission, Refusal>, E> {
    let (chain, from) = (segment.chain, segment.from);
    let refuse = |code| Ok(Err(Refusal { chain, from, code }));
    let entries = match segment.authentic(tenant, author) {
        Ok(entries) => entries,
        Err(SegmentError::Numbers) => return refuse(RefusalCode::Form),
        Err(SegmentError::Signature { .. }) => return refuse(RefusalCode::Signature),
    };
    let fork = |seq, held| refuse(RefusalCode::Fork { seq, held });
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
        return refuse(RefusalCode::Form);
    };
    let (next, last) = (last.place.seq + 1, last.hash);
    if from == 1 && first.place.prev != Hash::ZERO {
        return refuse(RefusalCode::Form);
    }
    if let Some(before) = held(from - 1)?.filter(|before| before.hash != first.place.prev) {
        return fork(from - 1, before.hash);
    }
    let mut admission = Admission { new: Vec::with_capacity(entries.len()), repeats: 0 };
    for entry in entries {
        match held(entry.place.seq)? {
            None => admission.new.push(entry),
            Some(same) if same.hash == entry.hash => admission.repeats += 1,
            Some(other) => return fork(entry.place.seq, other.hash),
        }
    }
    if let Some(after) = held(next)?.filter(|after| after.prev != last) {
        return fork(next, after.hash);
    }
    Ok(Ok(admission))
}

impl Admission {
    /// Where an anchored end moves to when the new entries are stored: over everything without a hole. `held` as in
    /// [`admit`], for what the store already had beyond the hole that these entries fill.
    pub fn advance<E>(&self, anchored: Link, mut held: impl FnMut(u64) -> Result<Option<Held>, E>) -> Result<Link, E> {
        let mut end = anchored;
        let mut new = self.new.iter().skip_while(|entry| entry.place.seq <= anchored.seq).peekable();
        loop {
            let next = end.seq + 1;
            if let Some(entry) = new.next_if(|entry| entry.place.seq == next) {
                end = Link { seq: next, hash: entry.hash };
            } else if let Some(already) = held(next)? {
                end = Link { seq: next, hash: already.hash };
            } else {
                return Ok(end);
            }
        }
    }
}
