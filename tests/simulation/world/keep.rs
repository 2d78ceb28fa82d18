//! Chains as a store keeps them, cheap to copy as a whole (a copy is what a disk has after a commit).

use crate::world::community::TENANT;
use chain::{Admission, Draft, Held, Link, Refusal, Segment, Verified, admit};
use ids::ChainId;
use signing::{Hash, SigningKey, VerifyingKey};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::rc::Rc;

/// One chain: what is held, and up to where it is whole.
#[derive(Clone)]
pub struct Rows {
    pub entries: BTreeMap<u64, Rc<Verified>>,
    pub end: Link,
}

impl Rows {
    fn held(&self, seq: u64) -> Result<Option<Held>, Infallible> {
        Ok(self.entries.get(&seq).map(|e| Held { hash: e.hash, prev: e.place.prev }))
    }
}

/// Many chains.
#[derive(Clone, Default)]
pub struct Keep(BTreeMap<ChainId, Rc<Rows>>);

impl Keep {
    pub fn chains(&self) -> impl Iterator<Item = (ChainId, &Rows)> {
        self.0.iter().map(|(chain, rows)| (*chain, &**rows))
    }

    pub fn entries(&self) -> impl Iterator<Item = &Rc<Verified>> {
        self.0.values().flat_map(|rows| rows.entries.values())
    }

    pub fn get(&self, chain: ChainId, seq: u64) -> Option<&Rc<Verified>> {
        self.0.get(&chain)?.entries.get(&seq)
    }

    pub fn hash_at(&self, chain: ChainId, seq: u64) -> Option<Hash> {
        self.get(chain, seq).map(|e| e.hash)
    }

    pub fn end(&self, chain: ChainId) -> Link {
        self.0.get(&chain).map_or(Link::EMPTY, |rows| rows.end)
    }

    /// The true rules of intake, from the `chain` crate. Gives the numbers that are new.
    pub fn take(&mut self, segment: Segment, author: &VerifyingKey) -> Result<Vec<u64>, Refusal> {
        let empty = || Rc::new(Rows { entries: BTreeMap::new(), end: Link::EMPTY });
        let rows = self.0.entry(segment.chain).or_insert_with(empty);
        let Ok(judged) = admit(segment, TENANT, author, |seq| rows.held(seq));
        let admission: Admission = judged?;
        let Ok(end) = admission.advance(rows.end, |seq| rows.held(seq));
        let new: Vec<u64> = admission.new.iter().map(|e| e.place.seq).collect();
        let rows = Rc::make_mut(rows);
        rows.end = end;
        rows.entries.extend(admission.new.into_iter().map(|e| (e.place.seq, Rc::new(e))));
        Ok(new)
    }

    /// Writes an own entry at the chain's end.
    pub fn append(&mut self, chain: ChainId, draft: Draft, key: &SigningKey) -> Rc<Verified> {
        let place = self.end(chain).next(TENANT, chain);
        let (entry, end) = draft.sign(&place, key);
        let written = Rc::new(Verified { place, entry, hash: end.hash });
        let empty = || Rc::new(Rows { entries: BTreeMap::new(), end: Link::EMPTY });
        let rows = Rc::make_mut(self.0.entry(chain).or_insert_with(empty));
        rows.end = end;
        rows.entries.insert(end.seq, written.clone());
        written
    }

    /// A chain's first entry.
    pub fn first(&self, chain: ChainId) -> Vec<Rc<Verified>> {
        self.get(chain, 1).into_iter().cloned().collect()
    }

    /// Takes a chain's entries from a number on out of it.
    pub fn part(&mut self, chain: ChainId, from: u64) -> Vec<Rc<Verified>> {
        let Some(rows) = self.0.get_mut(&chain) else { return Vec::new() };
        let rows = Rc::make_mut(rows);
        let parted: Vec<_> = rows.entries.split_off(&from).into_values().collect();
        rows.end = rows.entries.last_key_value().map_or(Link::EMPTY, |(seq, e)| Link { seq: *seq, hash: e.hash });
        parted
    }

    /// Everything held of a chain from a number on.
    pub fn from(&self, chain: ChainId, from: u64) -> Vec<Rc<Verified>> {
        self.0.get(&chain).map(|rows| rows.entries.range(from..).map(|(_, e)| e.clone()).collect()).unwrap_or_default()
    }
}

/// Entries as they travel: neighbours in one segment.
pub fn segments(entries: &[Rc<Verified>]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for e in entries {
        match segments.last_mut() {
            Some(last) if last.chain == e.place.chain && last.last() + 1 == e.place.seq => {
                last.entries.push(e.entry.clone());
            }
            _ => segments.push(Segment {
                chain: e.place.chain,
                from: e.place.seq,
                prev: e.place.prev,
                entries: vec![e.entry.clone()],
            }),
        }
    }
    segments
}

/// A disk: what is in use, and what a crash leaves.
pub struct Disk<T: Clone> {
    pub live: T,
    saved: T,
}

impl<T: Clone> Disk<T> {
    pub fn new(state: T) -> Self {
        Self { live: state.clone(), saved: state }
    }

    /// After this, a crash keeps all that is live now.
    pub fn commit(&mut self) {
        self.saved = self.live.clone();
    }

    pub fn crash(&mut self) {
        self.live = self.saved.clone();
    }

    pub const fn saved(&self) -> &T {
        &self.saved
    }
}
