//! What travels by hand: carriages, handovers, the inside of a stick's file.

use crate::Sample;
use crate::cast::{SUITCASE, TENANT, hub_key, suitcase_key};
use crate::messages::{ASKED, token};
use chain::{Carriage, CarriageAnswer, Fate, Handover, Undelivered};
use peer::carry::piece::{HEAD, PLAIN, Piece, Way, cut};
use signing::Hash;

pub fn all() -> Vec<Sample> {
    let letters = vec![vec![0xc1; 12], vec![0xc2; 8]];
    let carriage = Carriage { tenant: TENANT, carrier: SUITCASE, token: Some(token()), letters };
    let answers = vec![Ok(vec![0xd1; 12]), Err(Undelivered::Room)];
    let answer = CarriageAnswer { token: token(), stale: false, further: 0, answers };
    let handover = Handover { collected: vec![Hash([0x91; 32])], asked: vec![ASKED], letters: vec![vec![0xc1; 12]] };
    let later = CarriageAnswer { answers: vec![Err(Undelivered::Later)], ..answer.clone() };
    let fates = [Fate::Answered(vec![0xd1; 12]), Fate::Kept];
    let piece = cut(Way::Down, SUITCASE, ASKED, &[0xd1; 12]).expect("a short message").remove(0);
    vec![
        Sample { name: "carriage", bytes: carriage.encode(&suitcase_key()), again: carriage_again },
        Sample { name: "carriage-answer", bytes: answer.encode(&ASKED, &hub_key()), again: answer_again },
        Sample { name: "carriage-answer-later", bytes: later.encode(&ASKED, &hub_key()), again: answer_again },
        Sample {
            name: "handover",
            bytes: handover.encode(),
            again: |bytes| Handover::decode(bytes).ok().map(|handover| handover.encode()),
        },
        Sample {
            name: "handover-answer",
            bytes: Fate::encode_all(&fates),
            again: |bytes| Fate::decode_all(bytes).ok().map(|fates| Fate::encode_all(&fates)),
        },
        Sample {
            name: "handover-answer-later",
            bytes: Fate::encode_all(&[Fate::Later]),
            again: |bytes| Fate::decode_all(bytes).ok().map(|fates| Fate::encode_all(&fates)),
        },
        Sample { name: "stick-piece", bytes: piece.encode()[..HEAD + 12].to_vec(), again: piece_again },
    ]
}

fn carriage_again(bytes: &[u8]) -> Option<Vec<u8>> {
    let carriage = Carriage::decode(bytes).ok()?;
    Carriage::is_signed(bytes, &suitcase_key().public()).then(|| carriage.encode(&suitcase_key()))
}

fn answer_again(bytes: &[u8]) -> Option<Vec<u8>> {
    let answer = CarriageAnswer::decode(bytes, &ASKED, &[hub_key().public()])?.ok()?;
    Some(answer.encode(&ASKED, &hub_key()))
}

/// The zeros behind the piece are not kept.
fn piece_again(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut padded = bytes.to_vec();
    padded.resize(PLAIN, 0);
    let piece = Piece::decode(&padded).ok().filter(|piece| HEAD + piece.bytes.len() == bytes.len())?;
    Some(piece.encode()[..bytes.len()].to_vec())
}
