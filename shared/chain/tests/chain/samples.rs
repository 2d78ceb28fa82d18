//! Chains and messages to test with: fixed keys, bodies drawn by the test.

use chain::{Draft, Entry, Header, Kind, Link, Segment, Verified};
use ids::{ChainId, LineageId, RecordId, TenantId};
use proptest::prelude::*;
use signing::{Hash, Secret, Signature, SigningKey};

pub const TENANT: TenantId = TenantId::from_bytes([1; 16]);
pub const CHAIN: ChainId = ChainId::from_bytes([2; 16]);
pub const LINEAGE: LineageId = LineageId::from_bytes([3; 16]);

pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&Secret::new([seed; 32]))
}

pub fn own(body: &[u8]) -> Draft {
    Draft { header: Header { kind: Kind::OWN, record: None, peer: None, after: None }, body: body.to_vec() }
}

/// Appends one entry for each body to a chain that ends at `end`.
pub fn append(chain: ChainId, mut end: Link, key: &SigningKey, bodies: &[Vec<u8>]) -> Vec<Verified> {
    let write = |body: &Vec<u8>| {
        let place = end.next(TENANT, chain);
        let (entry, link) = own(body).sign(&place, key);
        end = link;
        Verified { place, entry, hash: link.hash }
    };
    bodies.iter().map(write).collect()
}

/// A chain of `length` entries; `branch` makes bodies, and so hashes, differ from `from` on.
pub fn written(length: u64, branch: Option<(u64, u8)>) -> Vec<Verified> {
    let body = |seq: u64| match branch {
        Some((from, mark)) if seq >= from => vec![mark, seq as u8],
        _ => vec![0, seq as u8],
    };
    append(CHAIN, Link::EMPTY, &key(1), &(1..=length).map(body).collect::<Vec<_>>())
}

/// Entries `from..=to` of a chain that is held whole.
pub fn cut(entries: &[Verified], from: u64, to: u64) -> Segment {
    let run = &entries[from as usize - 1..to as usize];
    Segment {
        chain: run[0].place.chain,
        from,
        prev: run[0].place.prev,
        entries: run.iter().map(|e| e.entry.clone()).collect(),
    }
}

prop_compose! {
    pub fn a_hash()(bytes: [u8; 32]) -> Hash { Hash(bytes) }
}

prop_compose! {
    pub fn a_chain()(bytes: [u8; 16]) -> ChainId { ChainId::from_bytes(bytes) }
}

/// A number that an entry may have; small ones are as likely as large ones.
pub fn a_seq() -> impl Strategy<Value = u64> {
    prop_oneof![0..300u64, 0..=chain::limits::SEQ]
}

prop_compose! {
    pub fn a_link()(seq in a_seq(), hash in a_hash()) -> Link { Link { seq, hash } }
}

prop_compose! {
    pub fn a_signature()(a: [u8; 32], b: [u8; 32]) -> Signature {
        let mut bytes = [0; 64];
        bytes[..32].copy_from_slice(&a);
        bytes[32..].copy_from_slice(&b);
        Signature(bytes)
    }
}

/// A header whose kind names what it must; kinds of later versions name what they like.
pub fn a_header() -> impl Strategy<Value = Header> {
    (1u8..=15, any::<[u8; 16]>(), a_chain(), prop::option::of(a_hash()), any::<(bool, bool)>()).prop_map(
        |(code, record, peer, after, free)| {
            let (names_record, names_peer) = match code {
                1 => (true, false),
                2 => (true, true),
                3 | 4 | 6 => (false, false),
                5 => (false, true),
                _ => free,
            };
            Header {
                kind: Kind::from_code(code).expect("1 to 15"),
                record: names_record.then_some(RecordId::from_bytes(record)),
                peer: names_peer.then_some(peer),
                after,
            }
        },
    )
}

prop_compose! {
    pub fn an_entry()(
        header in a_header(),
        body in prop::collection::vec(any::<u8>(), 0..200),
        dropped: bool,
        signature in a_signature(),
    ) -> Entry {
        let entry = Entry { header, body: chain::Body::Present(body), signature };
        if dropped { entry.without_body() } else { entry }
    }
}

prop_compose! {
    pub fn a_segment()(
        chain in a_chain(),
        from in 0..=chain::limits::SEQ - 4,
        prev in a_hash(),
        entries in prop::collection::vec(an_entry(), 0..4),
    ) -> Segment {
        Segment { chain, from, prev, entries }
    }
}
