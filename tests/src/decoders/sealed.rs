//! What is sealed, and what stands inside the seals.

use super::again;
use super::cast::{SUITCASE, TENANT};
use ids::RecordId;
use peer::carry::piece::{HEAD, PLAIN, Piece, Tried};
use peer::{Identity, Message, OwnFact};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use sealing::{
    AgreementSecret, BodyContext, MAX_PLAIN, RecordKey, SeededEntropy, Vault, open_body, open_from, seal_body,
};
use signing::Secret;
use signing::canonical::Writer;

/// A stick's file as its reader opens it: the zeros behind the piece may be left out.
pub fn piece(bytes: &[u8]) {
    let _ = Piece::decode(bytes);
    let mut padded = bytes.to_vec();
    padded.resize(PLAIN.max(bytes.len()), 0);
    let read = Piece::decode(&padded);
    if let Ok(piece) = &read {
        assert!(HEAD + piece.bytes.len() <= PLAIN);
    }
    again(&padded, read, |piece| piece.encode().to_vec());
    let secret = AgreementSecret::from_bytes(Secret::new([9; 32]));
    assert!(!matches!(Piece::open(bytes, &[secret]), Tried::Piece(_)), "nobody sealed it");
}

pub fn own_fact(bytes: &[u8]) {
    again(bytes, OwnFact::decode(bytes), |fact| fact.encode().to_vec());
}

pub fn message(bytes: &[u8]) {
    again(bytes, Message::decode(bytes), Message::encode);
}

/// The desk's own facts: the code first.
pub fn desk_fact(bytes: &[u8]) {
    let Some((code, fields)) = bytes.split_first() else { return };
    if let Some(again) = desk::app::own_fact_again(*code, fields) {
        assert!(again == fields, "read, and written again as something else");
    }
}

fn key() -> RecordKey {
    RecordKey::from_bytes(Secret::new([7; 32]))
}

fn place() -> BodyContext {
    BodyContext { tenant: TENANT, chain: SUITCASE, seq: 7, kind: 1, record: Some(RecordId::from_bytes([0x40; 16])) }
}

/// Any bytes where a sealed body should be.
pub fn body(bytes: &[u8]) {
    let _ = (sealing::generation_of(bytes), sealing::suite_of(bytes));
    assert!(open_body(|_| Some(key()), &place(), bytes).is_err(), "nobody sealed it");
    let plain = &bytes[..bytes.len().min(MAX_PLAIN)];
    let sealed = seal_body(&key(), 1, &place(), plain, &mut SeededEntropy::new(1)).expect("it fits");
    assert!(open_body(|_| Some(key()), &place(), &sealed).as_deref() == Ok(plain));
}

/// What somebody with the record's key put inside the seal: dictionary, frame, padding are his.
pub fn opened(bytes: &[u8]) {
    const NONCE: [u8; 12] = [5; 12];
    let inside = &bytes[..bytes.len().min(MAX_PLAIN)];
    let mut w = Writer::new();
    w.u8(1).fixed(TENANT.as_bytes()).fixed(SUITCASE.as_bytes()).u64(7).u8(1);
    w.u8(1).fixed(&[0x40; 16]).u32(1);
    let mut padded = inside.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(16), 0);
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).expect("32 bytes"));
    let nonce = Nonce::assume_unique_for_key(NONCE);
    cipher.seal_in_place_append_tag(nonce, Aad::from(w.finish()), &mut padded).expect("short enough");
    let sealed = [&[1, 1], &NONCE[..], &padded].concat();
    match open_body(|_| Some(key()), &place(), &sealed) {
        Ok(plain) => {
            assert!(plain.len() <= MAX_PLAIN);
            let _ = records::body::Body::decode(&plain);
        }
        Err(error) => assert!(error != sealing::OpenError::Tampered, "the seal is right, so it was opened"),
    }
}

pub fn sealed_to(bytes: &[u8]) {
    let secret = AgreementSecret::from_bytes(Secret::new([9; 32]));
    assert!(open_from(&secret, b"valiza/1/stick", b"", bytes).is_err(), "nobody sealed it");
}

/// The checksum behind a vault is made right.
pub fn vault(bytes: &[u8]) {
    let _ = Vault::decode(bytes);
    let sum = ring::digest::digest(&ring::digest::SHA256, bytes);
    let summed = [bytes, sum.as_ref()].concat();
    again(&summed, Vault::decode(&summed), Vault::encode);
}

pub fn identity(bytes: &[u8]) {
    if let Ok(identity) = Identity::decode(bytes)
        && bytes[0] == 2
    {
        assert!(*identity.encode() == *bytes);
    }
}
