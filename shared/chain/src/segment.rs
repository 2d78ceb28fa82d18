//! A run of entries of one chain as it travels.
//!
//! | field | bytes |
//! |---|---|
//! | chain | 16 |
//! | from: number of the first entry | count |
//! | prev: hash of the entry before the first | 32 |
//! | entries | count, then each (see [`Entry`]) |

use crate::entry::{Entry, Link, Place};
use crate::limits;
use crate::verdict::{below_limit, read_seq};
use ids::{ChainId, TenantId};
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{Hash, VerifyingKey};

/// Entries `from` to `from + entries.len() - 1` of one chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Whose chain.
    pub chain: ChainId,
    /// Number of the first entry, from 1.
    pub from: u64,
    /// Hash of the entry before the first.
    pub prev: Hash,
    /// Not empty.
    pub entries: Vec<Entry>,
}

/// Why a segment is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    /// No entries, number 0, or numbers beyond `u64`.
    #[error("the segment is empty or its numbers are impossible")]
    Numbers,
    /// A signature does not verify: changed on the way, or not the author's.
    #[error("entry {seq} is not signed by the chain's author")]
    Signature {
        /// Of which entry.
        seq: u64,
    },
}

/// An entry with its place and hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Where it stands.
    pub place: Place,
    /// The entry.
    pub entry: Entry,
    /// Its hash at that place.
    pub hash: Hash,
}

impl Segment {
    /// Computes places and hashes. Nothing is verified yet: for a reader that looks at each entry alone.
    pub fn linked(self, tenant: TenantId) -> Result<Vec<Verified>, SegmentError> {
        let last = self.from.checked_add(self.entries.len() as u64);
        if self.from == 0 || self.entries.is_empty() || last.is_none() {
            return Err(SegmentError::Numbers);
        }
        let mut end = Link { seq: self.from - 1, hash: self.prev };
        let link = |entry: Entry| {
            let place = end.next(tenant, self.chain);
            let hash = entry.hash(&place);
            end = Link { seq: place.seq, hash };
            Verified { place, entry, hash }
        };
        Ok(self.entries.into_iter().map(link).collect())
    }

    /// *Authentic*: the last signature verifies and so vouches for all below it. Enough to store, one check a segment.
    pub fn authentic(self, tenant: TenantId, author: &VerifyingKey) -> Result<Vec<Verified>, SegmentError> {
        let entries = self.linked(tenant)?;
        check(entries.last(), author)?;
        Ok(entries)
    }

    /// Whether each entry that `asked` picks verifies by its own signature. Who stores a segment that will be cut again
    /// asks this of every entry that may come to a reader alone and that the reader cannot go on without.
    pub fn signed_alone(
        &self,
        tenant: TenantId,
        author: &VerifyingKey,
        asked: impl Fn(&Entry) -> bool,
    ) -> Result<(), SegmentError> {
        if !self.entries.iter().any(&asked) {
            return Ok(());
        }
        let entries = self.clone().linked(tenant)?;
        entries.iter().filter(|entry| asked(&entry.entry)).try_for_each(|entry| check(Some(entry), author))
    }

    /// *Valid*: every signature verifies. What a reader asks for, so that all readers decide alike.
    pub fn valid(self, tenant: TenantId, author: &VerifyingKey) -> Result<Vec<Verified>, SegmentError> {
        let entries = self.linked(tenant)?;
        entries.iter().try_for_each(|entry| check(Some(entry), author))?;
        Ok(entries)
    }

    /// Number of the last entry.
    pub fn last(&self) -> u64 {
        self.from.saturating_add(self.entries.len() as u64).saturating_sub(1)
    }

    /// Chain, from, prev, entries.
    pub fn write(&self, w: &mut Writer) {
        w.fixed(self.chain.as_bytes()).count(self.from).fixed(&self.prev.0).count(self.entries.len() as u64);
        self.entries.iter().for_each(|entry| entry.write(w));
    }

    /// Reads what [`Segment::write`] wrote.
    pub fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (chain, from, prev) = (ChainId::from_bytes(r.fixed()?), read_seq(r)?, Hash(r.fixed()?));
        let count = r.count_to(limits::SEGMENT_ENTRIES)?;
        below_limit(from + count as u64)?;
        let entries = (0..count).map(|_| Entry::read(r)).collect::<Result<_, _>>()?;
        Ok(Self { chain, from, prev, entries })
    }
}

fn check(entry: Option<&Verified>, author: &VerifyingKey) -> Result<(), SegmentError> {
    let Some(Verified { place, entry, hash }) = entry else {
        return Err(SegmentError::Numbers);
    };
    let signed = author.verifies(signing::Label::EntrySignature, &hash.0, &entry.signature);
    if signed { Ok(()) } else { Err(SegmentError::Signature { seq: place.seq }) }
}
