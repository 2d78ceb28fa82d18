//! Chains as a store keeps them, cheap to copy as a whole (a copy is what a disk has after a commit).

use chain::{Admission, Draft, Erased, Held, Kind, Link, Refusal, Segment, Verified, admit};
use ids::{ChainId, RecordId, TenantId};
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

/// Many chains of one community.
#[derive(Clone)]
pub struct Keep {
    tenant: TenantId,
    chains: BTreeMap<ChainId, Rc<Rows>>,
}

fn none() -> Rc<Rows> {
    Rc::new(Rows { entries: BTreeMap::new(), end: Link::EMPTY })
}

impl Keep {
    pub const fn new(tenant: TenantId) -> Self {
        Self { tenant, chains: BTreeMap::new() }
    }

    pub fn chains(&self) -> impl Iterator<Item = (ChainId, &Rows)> {
        self.chains.iter().map(|(chain, rows)| (*chain, &**rows))
    }

    pub fn entries(&self) -> impl Iterator<Item = &Rc<Verified>> {
        self.chains.values().flat_map(|rows| rows.entries.values())
    }

    pub fn get(&self, chain: ChainId, seq: u64) -> Option<&Rc<Verified>> {
        self.chains.get(&chain)?.entries.get(&seq)
    }

    pub fn hash_at(&self, chain: ChainId, seq: u64) -> Option<Hash> {
        self.get(chain, seq).map(|e| e.hash)
    }

    pub fn end(&self, chain: ChainId) -> Link {
        self.chains.get(&chain).map_or(Link::EMPTY, |rows| rows.end)
    }

    /// The true rules of intake, from the `chain` crate. Gives the numbers that are new.
    pub fn take(&mut self, segment: Segment, author: &VerifyingKey) -> Result<Vec<u64>, Refusal> {
        let rows = self.chains.entry(segment.chain).or_insert_with(none);
        let Ok(judged) = admit(segment, self.tenant, author, |seq| rows.held(seq));
        let admission: Admission = judged?;
        let Ok(end) = admission.advance(rows.end, |seq| rows.held(seq));
        let new: Vec<u64> = admission.new.iter().map(|e| e.place.seq).collect();
        let rows = Rc::make_mut(rows);
        rows.end = end;
        rows.entries.extend(admission.new.into_iter().map(|e| (e.place.seq, Rc::new(e))));
        Ok(new)
    }

    /// The planted mistake: what came is the whole chain.
    pub fn replace(&mut self, chain: ChainId, entries: Vec<Verified>) {
        let end = entries.last().map_or(Link::EMPTY, |last| Link { seq: last.place.seq, hash: last.hash });
        let entries = entries.into_iter().map(|entry| (entry.place.seq, Rc::new(entry))).collect();
        self.chains.insert(chain, Rc::new(Rows { entries, end }));
    }

    /// The planted mistake: nobody asks who signed it.
    pub fn put(&mut self, entry: Verified) {
        let rows = Rc::make_mut(self.chains.entry(entry.place.chain).or_insert_with(none));
        rows.entries.entry(entry.place.seq).or_insert_with(|| Rc::new(entry));
        while let Some(next) = rows.entries.get(&(rows.end.seq + 1)) {
            rows.end = Link { seq: next.place.seq, hash: next.hash };
        }
    }

    /// Writes an own entry at the chain's end.
    pub fn append(&mut self, chain: ChainId, draft: Draft, key: &SigningKey) -> Rc<Verified> {
        let place = self.end(chain).next(self.tenant, chain);
        let (entry, end) = draft.sign(&place, key);
        let written = Rc::new(Verified { place, entry, hash: end.hash });
        let rows = Rc::make_mut(self.chains.entry(chain).or_insert_with(none));
        rows.end = end;
        rows.entries.insert(end.seq, written.clone());
        written
    }

    /// Drops the bodies that orders cover. Hashes stay.
    pub fn erase(&mut self, erased: &Erased) {
        for rows in self.chains.values_mut() {
            let covered = |entry: &&Rc<Verified>| is_covered(erased, entry);
            let shells: Vec<_> = rows.entries.values().filter(covered).map(|entry| Rc::new(shell(entry))).collect();
            if !shells.is_empty() {
                let rows = Rc::make_mut(rows);
                rows.entries.extend(shells.into_iter().map(|entry| (entry.place.seq, entry)));
            }
        }
    }

    /// Drops the bodies of grants of a record, in the chains of whoever may grant.
    pub fn drop_grants(&mut self, record: RecordId, by: impl Fn(ChainId) -> bool) {
        for (_, rows) in self.chains.iter_mut().filter(|(chain, _)| by(**chain)) {
            let about = |e: &&Rc<Verified>| {
                let header = &e.entry.header;
                header.kind == Kind::GRANT && header.record == Some(record) && e.entry.body.bytes().is_some()
            };
            let shells: Vec<_> = rows.entries.values().filter(about).map(|entry| Rc::new(shell(entry))).collect();
            if !shells.is_empty() {
                Rc::make_mut(rows).entries.extend(shells.into_iter().map(|entry| (entry.place.seq, entry)));
            }
        }
    }

    /// A chain's first entry.
    pub fn first(&self, chain: ChainId) -> Vec<Rc<Verified>> {
        self.get(chain, 1).into_iter().cloned().collect()
    }

    /// Takes a chain's entries from a number on out of it.
    pub fn part(&mut self, chain: ChainId, from: u64) -> Vec<Rc<Verified>> {
        let Some(rows) = self.chains.get_mut(&chain) else { return Vec::new() };
        let rows = Rc::make_mut(rows);
        let parted: Vec<_> = rows.entries.split_off(&from).into_values().collect();
        rows.end = rows.entries.last_key_value().map_or(Link::EMPTY, |(seq, e)| Link { seq: *seq, hash: e.hash });
        parted
    }

    /// What is held of a chain up to a number.
    pub fn until(&self, chain: ChainId, last: u64) -> impl Iterator<Item = &Rc<Verified>> {
        self.chains.get(&chain).into_iter().flat_map(move |rows| rows.entries.range(..=last).map(|(_, entry)| entry))
    }

    /// The last number held of a chain, beyond any hole.
    pub fn last(&self, chain: ChainId) -> u64 {
        self.chains.get(&chain).and_then(|rows| rows.entries.last_key_value()).map_or(0, |(seq, _)| *seq)
    }

    /// Everything held of a chain from a number on.
    pub fn from(&self, chain: ChainId, from: u64) -> Vec<Rc<Verified>> {
        self.chains
            .get(&chain)
            .map(|rows| rows.entries.range(from..).map(|(_, e)| e.clone()).collect())
            .unwrap_or_default()
    }
}

/// An order covers an entry that has a body still.
pub fn is_covered(erased: &Erased, entry: &Verified) -> bool {
    entry.entry.body.bytes().is_some() && erased.covers(&entry.place, &entry.entry.header)
}

/// What stays of an entry.
pub fn shell(entry: &Verified) -> Verified {
    Verified { entry: entry.entry.clone().without_body(), ..entry.clone() }
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
