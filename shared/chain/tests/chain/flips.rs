//! One bit changed on the way is noticed, wherever it is.

use crate::samples::{CHAIN, LINEAGE, TENANT, cut, key, written};
use chain::{Anchor, Answer, ChainHead, Cursor, Link, Needed, Refusal, RefusalCode, Request, Token};
use signing::{Hash, Secret};

fn each_flip(bytes: &[u8], mut refused: impl FnMut(&[u8]) -> bool) {
    let mut changed = bytes.to_vec();
    for bit in 0..bytes.len() * 8 {
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(refused(&changed), "bit {bit} of {} bytes", bytes.len());
        changed[bit / 8] ^= 1 << (bit % 8);
    }
}

fn token() -> Token {
    Token::give(&Secret::new([4; 32]), TENANT, CHAIN, LINEAGE, 1_800_000_000_000, 3)
}

#[test]
fn a_request_with_a_flipped_bit_is_not_its_senders() {
    let chain = written(2, None);
    let request = Request {
        tenant: TENANT,
        sender: CHAIN,
        token: Some(token()),
        cursor: Some(Cursor { lineage: LINEAGE, position: 900, index: 1 }),
        budget: 65_536,
        heads: vec![ChainHead { chain: CHAIN, end: Link { seq: 2, hash: chain[1].hash } }],
        segments: vec![cut(&chain, 2, 2)],
    };
    let bytes = request.encode(&key(1));
    let author = key(1).public();
    assert!(Request::is_signed(&bytes, &author));
    each_flip(&bytes, |changed| !Request::is_signed(changed, &author));
    assert!(!Request::is_signed(&bytes, &key(2).public()));
    assert!(!Request::is_signed(&bytes[..63], &author));
}

#[test]
fn an_answer_with_a_flipped_bit_is_no_answer() {
    let chain = written(2, None);
    let end = Link { seq: 2, hash: chain[1].hash };
    let time = 1_800_000_000_000;
    let answer = Answer {
        lineage: LINEAGE,
        time,
        token: token(),
        position: 70,
        index: 0,
        more: true,
        stale: false,
        further: 0,
        anchors: vec![Anchor::sign(TENANT, LINEAGE, CHAIN, end, time, &key(9))],
        segments: vec![],
        refusals: vec![Refusal { chain: CHAIN, from: 2, code: RefusalCode::Fork { seq: 2, held: Hash([5; 32]) } }],
        needed: vec![Needed { chain: CHAIN, from: 3 }],
        enrolments: vec![],
    };
    let asked = Hash([6; 32]);
    let bytes = answer.encode(&asked, &key(9));
    let keys = [key(8).public(), key(9).public()];
    let read = |bytes: &[u8], asked: &Hash| Answer::decode(bytes, asked, TENANT, &keys);
    assert_eq!(read(&bytes, &asked), Some(Ok((answer, keys[1]))));
    each_flip(&bytes, |changed| read(changed, &asked).is_none());
    assert_eq!(read(&bytes, &Hash([7; 32])), None, "the answer to another request");
    assert_eq!(read(b"<html>Welcome to the hotel</html>", &asked), None);
    assert_eq!(Answer::decode(&bytes, &asked, TENANT, &keys[..1]), None, "signed by nobody we know");
}

#[test]
fn an_anchor_with_a_flipped_bit_is_not_the_answerers() {
    let anchor = Anchor::sign(TENANT, LINEAGE, CHAIN, Link { seq: 7, hash: Hash([1; 32]) }, 12, &key(9));
    each_flip(&anchor.encode(), |changed| {
        !Anchor::decode(changed).is_ok_and(|a| a.is_signed() && a.answerer == key(9).public())
    });
}

#[test]
fn an_entry_with_a_flipped_bit_is_not_its_authors() {
    let chain = written(2, None);
    let mut w = signing::canonical::Writer::new();
    cut(&chain, 2, 2).write(&mut w);
    each_flip(&w.finish(), |changed| {
        let mut r = signing::canonical::Reader::new(changed);
        match chain::Segment::read(&mut r) {
            Ok(segment) => segment.chain != CHAIN || segment.authentic(TENANT, &key(1).public()).is_err(),
            Err(_) => true,
        }
    });
}

#[test]
fn a_token_is_its_answerers_own() {
    let secret = Secret::new([4; 32]);
    assert!(token().is_ours(&secret, TENANT, CHAIN, LINEAGE));
    assert!(!token().is_ours(&Secret::new([5; 32]), TENANT, CHAIN, LINEAGE));
    assert!(!token().is_ours(&secret, TENANT, ids::ChainId::from_bytes([9; 16]), LINEAGE));
    assert!(!token().is_ours(&secret, ids::TenantId::from_bytes([9; 16]), CHAIN, LINEAGE));
    assert!(!token().is_ours(&secret, TENANT, CHAIN, ids::LineageId::from_bytes([9; 16])));
    let mut w = signing::canonical::Writer::new();
    token().write(&mut w);
    each_flip(&w.finish(), |changed| {
        let mut r = signing::canonical::Reader::new(changed);
        !Token::read(&mut r).is_ok_and(|t| t.is_ours(&secret, TENANT, CHAIN, LINEAGE))
    });
}
