//! An order to erase: public, so it holds ids only. Whoever keeps chains drops the bodies that it names, those that come
//! later as well; hashes and signatures stay, and every chain verifies as before.
//!
//! Fields of the fact: records: count, then 16 each; entries: count, then chain 16 and number `u64` each; kept: option of
//! the centre's case chain 16 and a number of it `u64`.
//!
//! A record key may lie in an entry beside the keys of other records: an epoch is one, a fact of single keys another.
//! Such an entry is named by its place, and before that the centre writes the keys of all other records again into its
//! case chain. `kept` says where these end: whoever keeps that chain drops the named entries only when it holds it up to
//! there, so that no order makes unreadable what it does not name.

use crate::entry::{Header, Kind, Place};
use crate::limits;
use ids::{ChainId, RecordId};
use signing::canonical::{DecodeError, Reader, Writer};
use std::collections::BTreeSet;

/// What one order names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Erasure {
    /// Every body of an entry about these goes: changes, grants.
    pub records: Vec<RecordId>,
    /// `own` entries that hold a key of these records.
    pub entries: Vec<(ChainId, u64)>,
    /// Up to where the keys that were beside them are written again: a case chain and its number.
    pub kept: Option<(ChainId, u64)>,
}

impl Erasure {
    /// Whether a reader takes it.
    pub fn fits(&self) -> bool {
        self.records.len() <= limits::ERASURE_RECORDS && self.entries.len() <= limits::ERASURE_ENTRIES
    }

    pub(crate) fn write<'a>(&self, w: &'a mut Writer) -> &'a mut Writer {
        w.count(self.records.len() as u64);
        for record in &self.records {
            w.fixed(record.as_bytes());
        }
        w.count(self.entries.len() as u64);
        for (chain, seq) in &self.entries {
            w.fixed(chain.as_bytes()).u64(*seq);
        }
        w.option(self.kept, |w, (chain, seq)| {
            w.fixed(chain.as_bytes()).u64(seq);
        })
    }

    pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let place = |r: &mut Reader<'_>| Ok((ChainId::from_bytes(r.fixed()?), r.u64()?));
        let count = r.count_to(limits::ERASURE_RECORDS)?;
        let records = (0..count).map(|_| Ok(RecordId::from_bytes(r.fixed()?))).collect::<Result<_, DecodeError>>()?;
        let count = r.count_to(limits::ERASURE_ENTRIES)?;
        let entries = (0..count).map(|_| place(r)).collect::<Result<_, DecodeError>>()?;
        Ok(Self { records, entries, kept: r.option(place)? })
    }
}

/// What all orders of a register name together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Erased {
    /// Records.
    pub records: BTreeSet<RecordId>,
    /// Entries that hold their keys.
    pub entries: BTreeSet<(ChainId, u64)>,
}

impl Erased {
    /// True if it names nothing.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.entries.is_empty()
    }

    /// Whether the body of an entry goes. A register and the first entry of a reborn chain are never dropped: they say
    /// who may write.
    pub fn covers(&self, place: &Place, header: &Header) -> bool {
        match header.kind {
            Kind::REGISTER | Kind::REBIRTH => false,
            Kind::OWN => self.entries.contains(&(place.chain, place.seq)),
            _ => header.record.is_some_and(|record| self.records.contains(&record)),
        }
    }

    /// What of it `before` does not name.
    pub fn beyond(&self, before: &Self) -> Self {
        Self {
            records: self.records.difference(&before.records).copied().collect(),
            entries: self.entries.difference(&before.entries).copied().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::entry::Link;
    use ids::TenantId;

    fn order() -> Erasure {
        let chain = ChainId::from_bytes([2; 16]);
        Erasure {
            records: vec![RecordId::from_bytes([4; 16])],
            entries: vec![(chain, 258)],
            kept: Some((ChainId::from_bytes([3; 16]), 7)),
        }
    }

    #[test]
    fn the_bytes_are_the_documented_ones_and_read_back() {
        let fact = Fact::Erasure(order());
        let bytes = fact.encode();
        let parts: [&[u8]; 5] = [&[1, 11, 1], &[4; 16], &[1], &[2; 16], &[0, 0, 0, 0, 0, 0, 1, 2, 1]];
        assert_eq!(bytes, [parts.concat(), vec![3; 16], vec![0, 0, 0, 0, 0, 0, 0, 7]].concat());
        assert_eq!(Fact::decode(&bytes).unwrap(), fact);
        assert!((2..bytes.len()).all(|cut| Fact::decode(&bytes[..cut]).is_err()));
    }

    #[test]
    fn an_order_of_the_largest_size_fits_an_entry_and_a_larger_one_is_refused() {
        let largest = Erasure {
            records: vec![RecordId::from_bytes([4; 16]); limits::ERASURE_RECORDS],
            entries: vec![(ChainId::from_bytes([2; 16]), 1); limits::ERASURE_ENTRIES],
            ..order()
        };
        assert!(largest.fits() && Fact::Erasure(largest.clone()).encode().len() <= limits::BODY);
        let mut larger = largest.clone();
        larger.records.push(RecordId::from_bytes([5; 16]));
        assert!(!larger.fits() && Fact::decode(&Fact::Erasure(larger).encode()).is_err());
        let entries = vec![(ChainId::from_bytes([2; 16]), 1); limits::ERASURE_ENTRIES + 1];
        assert!(Fact::decode(&Fact::Erasure(Erasure { entries, ..largest }).encode()).is_err());
    }

    #[test]
    fn what_says_who_may_write_is_never_dropped() {
        let Erasure { records, entries, .. } = order();
        let erased = Erased { records: records.into_iter().collect(), entries: entries.into_iter().collect() };
        let place = Link { seq: 257, hash: signing::Hash::ZERO }
            .next(TenantId::from_bytes([1; 16]), ChainId::from_bytes([2; 16]));
        let header = |code, record: Option<u8>| Header {
            kind: Kind::from_code(code).unwrap(),
            record: record.map(|n| RecordId::from_bytes([n; 16])),
            peer: None,
            after: None,
        };
        let covered = [header(1, Some(4)), header(2, Some(4)), header(4, None), header(9, Some(4))];
        assert!(covered.iter().all(|header| erased.covers(&place, header)));
        let kept = [header(3, None), header(6, None), header(1, Some(5)), header(5, None), header(9, None)];
        assert!(kept.iter().all(|header| !erased.covers(&place, header)));
        assert!(!erased.covers(&Place { seq: 259, ..place }, &header(4, None)));
    }
}
