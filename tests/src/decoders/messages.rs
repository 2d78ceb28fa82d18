//! What travels: requests, answers, entries, carriages, handovers, enrolments.

use super::again;
use super::cast::{ASKED, LINEAGE, SUITCASE, TENANT, hub_key, suitcase_key};
use chain::{
    Anchor, Answer, Carriage, CarriageAnswer, Dialogue, EnrolmentAnswer, EnrolmentRequest, Entry, Fate, Handover, Link,
    Request, RestoreAnswer, RestoreRequest, Segment,
};
use ids::ChainId;
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{Hash, Label, SigningKey};

pub const ENTRIES: &[(&str, usize)] = &[
    ("entry-own", 0),
    ("entry-change", 0),
    ("entry-change-after", 0),
    ("entry-change-dropped", 0),
    ("entry-grant", 0),
    ("entry-grant-withdrawn", 0),
    ("entry-to", 0),
    ("entry-register", 0),
    ("entry-later", 0),
];

pub const ENROLMENT_ANSWERS: &[(&str, usize)] =
    &[("enrolment-answer-waiting", 0), ("enrolment-answer-full", 0), ("enrolment-answer-register", 0)];

pub const RESTORES: &[(&str, usize)] =
    &[("restore-question", 64), ("restore-question-shown", 64), ("restore-answer-stale", 64), ("restore-answer", 64)];

/// All of a message but its signature: what the type keeps.
fn fields(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len() - 64]
}

/// `what` of all before it.
fn whole<T>(bytes: &[u8], read: impl FnOnce(&mut Reader<'_>) -> Result<T, DecodeError>) -> Result<T, DecodeError> {
    let mut r = Reader::new(bytes);
    let value = read(&mut r)?;
    r.end()?;
    Ok(value)
}

pub fn request(bytes: &[u8]) {
    if let Ok(request) = Request::decode(bytes) {
        assert!(fields(&request.encode(&suitcase_key())) == fields(bytes));
        for segment in request.segments {
            let _ = segment.linked(request.tenant);
        }
    }
}

/// As a hub with our key says it: what a peer then does with it is decided here, too.
pub fn answer(bytes: &[u8]) {
    let covered = [&ASKED.0, bytes].concat();
    let signed = [bytes, &hub_key().sign(Label::ExchangeAnswer, &covered).0].concat();
    let read = Answer::decode(&signed, &ASKED, TENANT, &[hub_key().public()]).expect("our hub's signature");
    let Ok((mut answer, _)) = read else { return };
    assert!(answer.encode(&ASKED, &hub_key()) == signed);
    let held = |_: ChainId, seq: u64| (seq < 4).then_some(Hash([seq as u8; 32]));
    let mut dialogue = Dialogue { lineage: Some(LINEAGE), ..Dialogue::default() };
    dialogue.anchored.insert(SUITCASE, Link { seq: 2, hash: Hash([2; 32]) });
    let before = dialogue.clone();
    let taken = dialogue.absorb(answer.clone(), &[SUITCASE], held);
    assert!(taken.is_ok() || dialogue == before, "an answer that contradicts changes nothing");
    if let Ok(news) = taken {
        assert!(news.anchors.iter().all(Anchor::is_signed), "no unsigned anchor is kept");
    }
    let _ = answer.contradicts(&[SUITCASE], held);
    assert!(answer.anchors.iter().all(|anchor| {
        let held = held(SUITCASE, anchor.end.seq) == Some(anchor.end.hash);
        anchor.chain != SUITCASE || anchor.end.seq == 0 || held || !anchor.is_signed()
    }));
}

pub fn segment(bytes: &[u8]) {
    let read = whole(bytes, Segment::read);
    if let Ok(segment) = read.clone() {
        let _ = segment.clone().linked(TENANT);
        let _ = segment.last();
    }
    again(bytes, read, |segment| {
        let mut w = Writer::new();
        segment.write(&mut w);
        w.finish()
    });
}

pub fn entry(bytes: &[u8]) {
    again(bytes, whole(bytes, Entry::read), |entry| {
        let mut w = Writer::new();
        entry.write(&mut w);
        assert_eq!(w.len(), entry.size());
        let place = Link { seq: 6, hash: Hash([6; 32]) }.next(TENANT, SUITCASE);
        assert_eq!(entry.hash(&place), entry.without_body().hash(&place), "a dropped body leaves the hash");
        w.finish()
    });
}

pub fn anchor(bytes: &[u8]) {
    again(bytes, Anchor::decode(bytes), Anchor::encode);
    let _ = Anchor::decode(bytes).map(|anchor| (anchor.is_signed(), anchor.hash()));
}

pub fn carriage(bytes: &[u8]) {
    if let Ok(carriage) = Carriage::decode(bytes) {
        assert!(fields(&carriage.encode(&suitcase_key())) == fields(bytes));
    }
}

pub fn carriage_answer(bytes: &[u8]) {
    let covered = [&ASKED.0, bytes].concat();
    let signed = [bytes, &hub_key().sign(Label::CarriageAnswer, &covered).0].concat();
    let read = CarriageAnswer::decode(&signed, &ASKED, &[hub_key().public()]).expect("our hub's signature");
    again(&signed, read, |answer| answer.encode(&ASKED, &hub_key()));
}

pub fn handover(bytes: &[u8]) {
    again(bytes, Handover::decode(bytes), Handover::encode);
}

pub fn fates(bytes: &[u8]) {
    again(bytes, Fate::decode_all(bytes), |fates| Fate::encode_all(fates));
}

/// The bytes with the sender's own key where it belongs, and its signature.
fn by_own_key(bytes: &[u8], at: usize, label: Label, key: &SigningKey) -> Option<Vec<u8>> {
    let mut signed = bytes.to_vec();
    signed.get_mut(at..at + 32)?.copy_from_slice(&key.public().0);
    let signature = key.sign(label, &signed);
    signed.extend_from_slice(&signature.0);
    Some(signed)
}

pub fn enrolment(bytes: &[u8]) {
    let _ = EnrolmentRequest::decode(bytes);
    let Some(signed) = by_own_key(bytes, 49, Label::Enrolment, &suitcase_key()) else { return };
    again(&signed, EnrolmentRequest::decode(&signed), |request| request.encode(&suitcase_key()));
}

pub fn enrolment_answer(bytes: &[u8]) {
    again(bytes, EnrolmentAnswer::decode(bytes), EnrolmentAnswer::encode);
}

/// The question by which a lost desk comes back, and its answer.
pub fn restore(bytes: &[u8]) {
    let _ = RestoreRequest::decode(bytes);
    if let Some(signed) = by_own_key(bytes, 1, Label::Restore, &suitcase_key()) {
        again(&signed, RestoreRequest::decode(&signed), |request| request.encode(&suitcase_key()));
    }
    let _ = RestoreAnswer::decode(bytes, &ASKED);
    let Some(fields) = by_own_key(bytes, 17, Label::Restore, &hub_key()).map(|named| fields(&named).to_vec()) else {
        return;
    };
    let covered = [&ASKED.0, &fields[..]].concat();
    let signed = [&fields[..], &hub_key().sign(Label::RestoreAnswer, &covered).0].concat();
    let read = RestoreAnswer::decode(&signed, &ASKED).expect("the signature of the hub that it names");
    again(&signed, read, |answer| answer.encode(&ASKED, &hub_key()));
}
