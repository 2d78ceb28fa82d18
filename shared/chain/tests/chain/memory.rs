//! The smallest store that keeps chains for good: a map, and the end up to which it is whole.

use crate::samples::{CHAIN, TENANT, key};
use chain::{Anchor, Held, Link, Refusal, Segment, Verified, admit};
use ids::LineageId;
use std::collections::BTreeMap;
use std::convert::Infallible;

/// One chain as a store holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    pub entries: BTreeMap<u64, Verified>,
    pub end: Link,
}

impl Default for Memory {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), end: Link::EMPTY }
    }
}

impl Memory {
    fn held(&self, seq: u64) -> Result<Option<Held>, Infallible> {
        Ok(self.entries.get(&seq).map(|e| Held { hash: e.hash, prev: e.place.prev }))
    }

    /// Takes a segment in; gives how many entries were new and how many repeats.
    pub fn take(&mut self, segment: Segment) -> Result<(usize, usize), Refusal> {
        let Ok(judged) = admit(segment, TENANT, &key(1).public(), |seq| self.held(seq));
        let admission = judged?;
        let Ok(end) = admission.advance(self.end, |seq| self.held(seq));
        self.end = end;
        let counted = (admission.new.len(), admission.repeats);
        self.entries.extend(admission.new.into_iter().map(|entry| (entry.place.seq, entry)));
        Ok(counted)
    }

    /// What it says about what it holds.
    pub fn anchor(&self, lineage: LineageId, time: i64) -> Anchor {
        Anchor::sign(TENANT, lineage, CHAIN, self.end, time, &key(9))
    }
}
