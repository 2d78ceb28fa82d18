//! What the centre, a root or a suitcase signs: facts, registers, certificates, verdicts, statements, evidence.

use super::again;
use super::cast::{
    CASE, REGISTER, SUITCASE, TENANT, TIME, desk_key, first_facts, register as known, register_segment, root_key,
    root_public, suitcase_key,
};
use chain::{Draft, EndOfShift, Fact, Header, Kind, Link, Rebirth, Register, Segment, Verdict};
use evidence::Evidence;
use ids::ChainId;
use signing::{DeskCertificate, Hash, HubCertificate, Label, SuitcaseCertificate};

pub const FACTS: &[(&str, usize)] = &[
    ("fact-desk", 0),
    ("fact-suitcase", 0),
    ("fact-hub", 0),
    ("fact-revocation", 0),
    ("fact-minimum", 0),
    ("fact-release", 0),
    ("fact-release-piece", 0),
    ("fact-centre", 0),
    ("fact-succession", 0),
    ("fact-continuation", 0),
];

pub const CERTIFICATES: &[(&str, usize)] =
    &[("certificate-desk", 64), ("certificate-suitcase", 64), ("certificate-hub", 64)];

/// Facts of later versions are kept as they are by whoever stores them, and not written again from what was read.
pub fn fact(bytes: &[u8]) {
    if let Ok(fact) = Fact::decode(bytes)
        && !matches!(fact, Fact::Later(_))
    {
        assert!(fact.encode() == bytes);
    }
}

/// Facts that a desk signed: the input is bodies, each behind its length of two bytes.
pub fn register(bytes: &[u8]) {
    let mut bodies: Vec<Vec<u8>> = first_facts().into();
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first_chunk::<2>().filter(|_| bodies.len() < 64) {
        let length = usize::from(u16::from_be_bytes(*length)).min(after.len());
        let (body, after) = after.split_at(length);
        bodies.push(with_certificates_signed(body));
        rest = after;
    }
    let segment = register_segment(bodies);
    let mut register = Register::new(TENANT, root_public());
    let Ok(new) = register.take(segment.clone()) else {
        assert_eq!(register.head(REGISTER).seq, 0, "all of a segment or nothing");
        return;
    };
    assert_eq!(new.len(), segment.entries.len());
    assert_eq!(register.take(segment).map(|new| new.len()), Ok(0), "known entries say nothing new");
    let chains: Vec<ChainId> = register.suitcases().map(|s| s.chain).chain([SUITCASE, CASE]).collect();
    for chain in chains {
        for time in [i64::MIN, 0, TIME, i64::MAX] {
            let _ = register.standing(chain, time);
        }
        let _ = (register.author(chain), register.living(chain), register.end_of_continued(chain));
        assert!(register.ancestors(chain).count() <= 64);
    }
    let _ = (
        register.hubs(),
        register.minimum(),
        register.releases().len(),
        register.centre_details(),
        register.current_desk(),
    );
}

/// A certificate inside a fact is signed as the desk would.
fn with_certificates_signed(body: &[u8]) -> Vec<u8> {
    let (mut certificate, label, fact): (_, _, fn(Vec<u8>) -> Fact) = match Fact::decode(body) {
        Ok(Fact::Suitcase(certificate)) => (certificate, Label::SuitcaseCertificate, Fact::Suitcase),
        Ok(Fact::Hub(certificate)) => (certificate, Label::HubCertificate, Fact::Hub),
        _ => return body.to_vec(),
    };
    let Some(fields) = certificate.len().checked_sub(64) else { return body.to_vec() };
    let signature = desk_key().sign(label, &certificate[..fields]);
    certificate[fields..].copy_from_slice(&signature.0);
    fact(certificate).encode()
}

/// The first entry of a chain that continues the suitcase's, with the last word of the suitcase's key.
pub fn rebirth(bytes: &[u8]) {
    let body = [bytes, &suitcase_key().sign(Label::Rebirth, bytes).0].concat();
    let read = Rebirth::decode(&body);
    let Ok(rebirth) = read else { return };
    assert!(rebirth.sign(&suitcase_key()) == body);
    let header = Header { kind: Kind::REBIRTH, record: None, peer: None, after: None };
    let (entry, _) = Draft { header, body }.sign(&Link::EMPTY.next(TENANT, rebirth.chain), &desk_key());
    let segment = Segment { chain: rebirth.chain, from: 1, prev: Hash::ZERO, entries: vec![entry] };
    let mut register = known().clone();
    let met = register.meet(&segment);
    assert_eq!(met, register.author(rebirth.chain).is_some() && known().author(rebirth.chain).is_none());
    let _ = (register.unconfirmed().count(), register.ancestors(rebirth.chain).count());
}

pub fn certificates(bytes: &[u8]) {
    let signed = |label, key: &signing::SigningKey| [bytes, &key.sign(label, bytes).0].concat();
    let desk = signed(Label::DeskCertificate, &root_key());
    again(&desk, DeskCertificate::verify(&desk, &root_public()), |one| one.sign(&root_key()));
    let suitcase = signed(Label::SuitcaseCertificate, &desk_key());
    again(&suitcase, SuitcaseCertificate::verify(&suitcase, &desk_key().public()), |one| one.sign(&desk_key()));
    let hub = signed(Label::HubCertificate, &desk_key());
    again(&hub, HubCertificate::verify(&hub, &desk_key().public()), |one| one.sign(&desk_key()));
}

pub fn verdict(bytes: &[u8]) {
    again(bytes, Verdict::decode(bytes), Verdict::encode);
}

pub fn end_of_shift(bytes: &[u8]) {
    let read = EndOfShift::decode(bytes);
    again(bytes, read, |(statement, signature)| EndOfShift::joined(statement.fields(), signature));
    let Some((fields, _)) = bytes.split_last_chunk::<64>() else { return };
    let signed = [fields, &suitcase_key().sign(Label::EndOfShift, fields).0].concat();
    if let Ok(statement) = EndOfShift::verified(&signed, known()) {
        assert_eq!(statement.tenant, TENANT);
    }
}

/// What stands in a file is checked to its end; a file that was signed by nobody proves nothing.
pub fn evidence(bytes: &[u8]) {
    let read = Evidence::decode(bytes);
    again(bytes, read, |(evidence, signature)| Evidence::joined(evidence.fields(), signature));
    let report = evidence::check(bytes, &root_public().fingerprint().0.0);
    for lang in [true, false] {
        let _ = evidence::told(&report, lang);
    }
}
