//! One entry of a chain.
//!
//! The hash covers this header, in this order, and so the body by its hash; the signature stands outside, and the
//! body can be dropped while the chain still verifies.
//!
//! | header field | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | tenant, chain | 16, 16 |
//! | seq, from 1 | 8 |
//! | hash of the entry before; zeros in the first | 32 |
//! | tag: kind in the low four bits, 0x10 record, 0x20 peer, 0x40 after | 1 |
//! | record, if 0x10 | 16 |
//! | peer, if 0x20 | 16 |
//! | after: hash of an anchor, if 0x40 | 32 |
//! | length of the body | 4 |
//! | hash of the body | 32 |

use ids::{ChainId, RecordId, TenantId};
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{Hash, Label, Signature, SigningKey, VerifyingKey};

use crate::limits;

/// What an entry is, in clear for whoever stores it. Codes 7 to 15 are of later versions: such entries are stored and
/// anchored, and their readers say that they wait for an upgrade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(u8);

impl Kind {
    /// A sealed change of one record.
    pub const CHANGE: Self = Self(1);
    /// A record's key sealed to one peer; an empty body takes it back.
    pub const GRANT: Self = Self(2);
    /// A public fact signed by the desk.
    pub const REGISTER: Self = Self(3);
    /// A small fact sealed to the centre.
    pub const OWN: Self = Self(4);
    /// A message sealed to one peer.
    pub const TO: Self = Self(5);

    /// The first entry of a chain that goes on where another one ended: public, vouched for by the other's key.
    pub const REBIRTH: Self = Self(6);

    /// From its code, 1 to 15.
    pub fn from_code(code: u8) -> Option<Self> {
        (1..=15).contains(&code).then_some(Self(code))
    }

    /// Its code.
    pub const fn code(self) -> u8 {
        self.0
    }

    /// Whether a record and a peer are named; `None` for kinds of later versions, which may do as they like.
    const fn names(self) -> Option<(bool, bool)> {
        match self.0 {
            1 => Some((true, false)),
            2 => Some((true, true)),
            3 | 4 | 6 => Some((false, false)),
            5 => Some((false, true)),
            _ => None,
        }
    }
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Whose community.
    pub tenant: TenantId,
    /// Whose chain.
    pub chain: ChainId,
    /// From 1.
    pub seq: u64,
    /// Hash of the entry before, [`Hash::ZERO`] before the first.
    pub prev: Hash,
}

/// The end of a chain: where the next entry is joined on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Number of the last entry, 0 in an empty chain.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
}

impl Link {
    /// Of an empty chain.
    pub const EMPTY: Self = Self { seq: 0, hash: Hash::ZERO };

    /// The place of the next entry.
    pub const fn next(&self, tenant: TenantId, chain: ChainId) -> Place {
        Place { tenant, chain, seq: self.seq + 1, prev: self.hash }
    }
}

/// The body, or what is left of it after erasure or pruning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Sealed bytes (public ones in `register`).
    Present(Vec<u8>),
    /// Length and hash stay, so that the chain verifies.
    Dropped {
        /// Bytes it had.
        length: u32,
        /// Its hash.
        hash: Hash,
    },
}

impl Body {
    fn length(&self) -> u32 {
        match self {
            Self::Present(bytes) => bytes.len() as u32,
            Self::Dropped { length, .. } => *length,
        }
    }

    fn hash(&self) -> Hash {
        match self {
            Self::Present(bytes) => Hash::of(Label::Body, bytes),
            Self::Dropped { hash, .. } => *hash,
        }
    }

    /// The bytes, if they are still there.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Present(bytes) => Some(bytes),
            Self::Dropped { .. } => None,
        }
    }
}

/// What an author decides about an entry before it has a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// What it is.
    pub kind: Kind,
    /// Which record, for `change` and `grant`.
    pub record: Option<RecordId>,
    /// Which peer, for `grant` and `to`.
    pub peer: Option<ChainId>,
    /// The newest anchor its author had seen, named once by the first entry after it: not before that time.
    pub after: Option<Hash>,
}

/// An entry that is about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is.
    pub header: Header,
    /// Sealed for its place (the seal binds it).
    pub body: Vec<u8>,
}

impl Draft {
    /// Joins the entry on at `place` and signs it. The caller keeps to [`limits::BODY`].
    pub fn sign(self, place: &Place, key: &SigningKey) -> (Entry, Link) {
        let body = Body::Present(self.body);
        let hash = hash(place, &self.header, &body);
        let signature = key.sign(Label::EntrySignature, &hash.0);
        (Entry { header: self.header, body, signature }, Link { seq: place.seq, hash })
    }
}

/// An entry as it is stored and sent; its place is known from what it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub header: Header,
    /// The body or what is left of it.
    pub body: Body,
    /// The author's, over the hash.
    pub signature: Signature,
}

const RECORD: u8 = 0x10;
const PEER: u8 = 0x20;
const AFTER: u8 = 0x40;
const DROPPED: u8 = 0x80;

fn write_header(w: &mut Writer, header: &Header, dropped: bool) {
    let flag = |set: bool, bit: u8| if set { bit } else { 0 };
    w.u8(header.kind.code()
        | flag(header.record.is_some(), RECORD)
        | flag(header.peer.is_some(), PEER)
        | flag(header.after.is_some(), AFTER)
        | flag(dropped, DROPPED));
    if let Some(record) = header.record {
        w.fixed(record.as_bytes());
    }
    if let Some(peer) = header.peer {
        w.fixed(peer.as_bytes());
    }
    if let Some(after) = header.after {
        w.fixed(&after.0);
    }
}

fn read_header(r: &mut Reader<'_>) -> Result<(Header, bool), DecodeError> {
    let tag = r.u8()?;
    let kind = Kind::from_code(tag & 0x0f).ok_or(DecodeError::Unknown(tag))?;
    let named = (tag & RECORD != 0, tag & PEER != 0);
    if kind.names().is_some_and(|expected| expected != named) {
        return Err(DecodeError::NotCanonical);
    }
    let record = if named.0 { Some(RecordId::from_bytes(r.fixed()?)) } else { None };
    let peer = if named.1 { Some(ChainId::from_bytes(r.fixed()?)) } else { None };
    let after = if tag & AFTER != 0 { Some(Hash(r.fixed()?)) } else { None };
    Ok((Header { kind, record, peer, after }, tag & DROPPED != 0))
}

fn hash(place: &Place, header: &Header, body: &Body) -> Hash {
    let mut w = Writer::with_capacity(192);
    w.u8(1).fixed(place.tenant.as_bytes()).fixed(place.chain.as_bytes()).u64(place.seq).fixed(&place.prev.0);
    write_header(&mut w, header, false);
    w.u32(body.length()).fixed(&body.hash().0);
    Hash::of(Label::Entry, &w.finish())
}

impl Entry {
    /// The hash at this place.
    pub fn hash(&self, place: &Place) -> Hash {
        hash(place, &self.header, &self.body)
    }

    /// *Valid*: its own signature verifies at this place. Every reader asks this before it believes an entry.
    pub fn is_valid(&self, place: &Place, author: &VerifyingKey) -> bool {
        author.verifies(Label::EntrySignature, &self.hash(place).0, &self.signature)
    }

    /// The same entry without its body.
    pub fn without_body(&self) -> Self {
        let body = Body::Dropped { length: self.body.length(), hash: self.body.hash() };
        Self { body, ..self.clone() }
    }

    /// tag, ids, length and body (or length and hash), signature.
    pub fn write(&self, w: &mut Writer) {
        write_header(w, &self.header, matches!(self.body, Body::Dropped { .. }));
        w.count(u64::from(self.body.length()));
        match &self.body {
            Body::Present(bytes) => w.fixed(bytes),
            Body::Dropped { hash, .. } => w.fixed(&hash.0),
        };
        w.fixed(&self.signature.0);
    }

    /// Reads what [`Entry::write`] wrote; a body over [`limits::BODY`] is refused before it is copied.
    pub fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (header, dropped) = read_header(r)?;
        let length = r.count_to(limits::BODY)?;
        let body = if dropped {
            Body::Dropped { length: length as u32, hash: Hash(r.fixed()?) }
        } else {
            Body::Present(r.slice(length)?.to_vec())
        };
        Ok(Self { header, body, signature: Signature(r.fixed()?) })
    }

    /// Bytes that [`Entry::write`] takes.
    pub fn size(&self) -> usize {
        let mut w = Writer::new();
        write_header(&mut w, &self.header, false);
        w.count(u64::from(self.body.length()));
        w.len() + self.body.bytes().map_or(32, <[u8]>::len) + 64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signing::Secret;

    fn key() -> SigningKey {
        SigningKey::from_seed(&Secret::new([1; 32]))
    }

    fn place() -> Place {
        Link::EMPTY.next(TenantId::from_bytes([1; 16]), ChainId::from_bytes([2; 16]))
    }

    fn change() -> Draft {
        let header = Header {
            kind: Kind::CHANGE,
            record: Some(RecordId::from_bytes([3; 16])),
            peer: None,
            after: Some(Hash([4; 32])),
        };
        Draft { header, body: vec![5; 40] }
    }

    fn written(entry: &Entry) -> Vec<u8> {
        let mut w = Writer::new();
        entry.write(&mut w);
        w.finish()
    }

    #[test]
    fn an_entry_is_read_back_with_and_without_its_body() {
        let (entry, link) = change().sign(&place(), &key());
        for form in [entry.clone(), entry.without_body()] {
            let bytes = written(&form);
            assert_eq!(bytes.len(), form.size());
            let mut r = Reader::new(&bytes);
            let back = Entry::read(&mut r).unwrap();
            r.end().unwrap();
            assert_eq!(back, form);
            assert_eq!(back.hash(&place()), link.hash, "a dropped body leaves the hash as it was");
            assert!(back.is_valid(&place(), &key().public()));
        }
    }

    #[test]
    fn the_signature_binds_the_place() {
        let (entry, _) = change().sign(&place(), &key());
        let elsewhere = [
            Place { seq: 2, ..place() },
            Place { prev: Hash([9; 32]), ..place() },
            Place { chain: ChainId::from_bytes([9; 16]), ..place() },
            Place { tenant: TenantId::from_bytes([9; 16]), ..place() },
        ];
        for other in elsewhere {
            assert!(!entry.is_valid(&other, &key().public()));
        }
    }

    #[test]
    fn a_kind_that_names_the_wrong_things_is_refused() {
        let (mut entry, _) = change().sign(&place(), &key());
        entry.header.record = None;
        assert_eq!(Entry::read(&mut Reader::new(&written(&entry))), Err(DecodeError::NotCanonical));
        entry.header.kind = Kind::from_code(9).unwrap();
        assert!(Entry::read(&mut Reader::new(&written(&entry))).is_ok(), "later versions may name what they like");
        assert_eq!(Entry::read(&mut Reader::new(&[0])), Err(DecodeError::Unknown(0)));
    }

    #[test]
    fn an_oversized_body_is_refused_before_it_is_copied() {
        let mut w = Writer::new();
        w.u8(4).count(limits::BODY as u64 + 1);
        assert_eq!(Entry::read(&mut Reader::new(&w.finish())), Err(DecodeError::TooLong));
    }
}
