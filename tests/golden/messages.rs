//! Every kind of bytes that travels or lasts, once.

use crate::Sample;
use crate::cast::{
    CASE, LINEAGE, RECORD, REGISTER, SUITCASE, TENANT, TIME, agreement, case_chain, desk_certificate, desk_key, facts,
    header, hub_certificate, hub_key, invitation, register_chain, root_public, segment, suitcase_certificate,
    suitcase_chain, suitcase_key, written,
};
use catalogue::ReleaseSource;
use chain::{
    Anchor, Answer, CentreDetails, ChainHead, ClosedChain, Cursor, Draft, DraftLeft, EndOfShift, EnrolmentAnswer,
    EnrolmentRequest, Entry, Erasure, Exception, ExceptionCode, Fact, Invitation, Kind, Link, Needed, Reason, Rebirth,
    Refusal, RefusalCode, ReleaseHead, Request, Segment, Token, Verdict,
};
use evidence::{Evidence, Word};
use signing::canonical::{Reader, Writer};
use signing::{DeskCertificate, Hash, HubCertificate, Label, Secret, SigningKey, SuitcaseCertificate};

/// What the golden answers answer.
pub const ASKED: Hash = Hash([0x90; 32]);

pub fn all() -> Vec<Sample> {
    [entries(), exchange(), crate::by_hand::all(), decisions(), enrolment(), crate::restore::all()]
        .into_iter()
        .flatten()
        .collect()
}

fn entry_bytes(entry: &Entry) -> Vec<u8> {
    let mut w = Writer::new();
    entry.write(&mut w);
    w.finish()
}

fn entry_again(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut r = Reader::new(bytes);
    let entry = Entry::read(&mut r).ok()?;
    r.end().ok()?;
    Some(entry_bytes(&entry))
}

fn segment_bytes(segment: &Segment) -> Vec<u8> {
    let mut w = Writer::new();
    segment.write(&mut w);
    w.finish()
}

fn segment_again(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut r = Reader::new(bytes);
    let segment = Segment::read(&mut r).ok()?;
    r.end().ok()?;
    segment.clone().valid(TENANT, &suitcase_key().public()).ok()?;
    Some(segment_bytes(&segment))
}

fn entries() -> Vec<Sample> {
    let (suitcase, case, register) = (suitcase_chain(), case_chain(), register_chain());
    let names_all = header(Kind::from_code(9).expect("1 to 15"), Some(RECORD), Some(SUITCASE), None);
    let later = written(SUITCASE, &suitcase_key(), vec![Draft { header: names_all, body: vec![0xa9; 8] }]);
    let sample = |name, entry: &Entry| Sample { name, bytes: entry_bytes(entry), again: entry_again };
    vec![
        sample("entry-own", &suitcase.0[0]),
        sample("entry-change", &suitcase.0[1]),
        sample("entry-change-after", &suitcase.0[2]),
        sample("entry-change-dropped", &suitcase.0[1].without_body()),
        sample("entry-grant", &case.0[0]),
        sample("entry-grant-withdrawn", &case.0[1]),
        sample("entry-to", &case.0[2]),
        sample("entry-register", &register.0[4]),
        sample("entry-later", &later.0[0]),
        Sample { name: "segment", bytes: segment_bytes(&segment(SUITCASE, &suitcase, 2)), again: segment_again },
    ]
}

pub fn token() -> Token {
    Token::give(&Secret::new([6; 32]), TENANT, SUITCASE, LINEAGE, TIME, 300)
}

fn anchor(end: Link) -> Anchor {
    Anchor::sign(TENANT, LINEAGE, SUITCASE, end, TIME, &hub_key())
}

fn request_again(bytes: &[u8]) -> Option<Vec<u8>> {
    let request = Request::decode(bytes).ok()?;
    Request::is_signed(bytes, &suitcase_key().public()).then(|| request.encode(&suitcase_key()))
}

fn answer_again(bytes: &[u8]) -> Option<Vec<u8>> {
    let (answer, key) = Answer::decode(bytes, &ASKED, TENANT, &[hub_key().public()])?.ok()?;
    (key == hub_key().public() && answer.anchors.iter().all(Anchor::is_signed))
        .then(|| answer.encode(&ASKED, &hub_key()))
}

fn exchange() -> Vec<Sample> {
    let suitcase = suitcase_chain();
    let first = Request {
        tenant: TENANT,
        sender: SUITCASE,
        token: None,
        cursor: None,
        budget: 262_144,
        heads: vec![],
        segments: vec![],
    };
    let full = Request {
        token: Some(token()),
        cursor: Some(Cursor { lineage: LINEAGE, position: 300, index: 2 }),
        heads: vec![ChainHead { chain: SUITCASE, end: suitcase.1[2] }],
        segments: vec![segment(SUITCASE, &suitcase, 2)],
        ..first.clone()
    };
    let nothing = Answer {
        lineage: LINEAGE,
        time: TIME,
        token: token(),
        position: 300,
        index: 2,
        more: false,
        stale: false,
        further: 0,
        anchors: vec![],
        segments: vec![],
        refusals: vec![],
        needed: vec![],
        enrolments: vec![],
    };
    let fork = RefusalCode::Fork { seq: 4, held: Hash([0x71; 32]) };
    let everything = Answer {
        more: true,
        stale: true,
        further: 0,
        anchors: vec![anchor(suitcase.1[2])],
        segments: vec![segment(CASE, &case_chain(), 3)],
        refusals: vec![
            Refusal { chain: SUITCASE, from: 4, code: fork },
            Refusal { chain: CASE, from: 1, code: RefusalCode::UnknownChain },
        ],
        needed: vec![Needed { chain: REGISTER, from: 130 }],
        enrolments: vec![enrolment_request()],
        ..nothing.clone()
    };
    let request =
        |name, request: Request| Sample { name, bytes: request.encode(&suitcase_key()), again: request_again };
    let answer = |name, answer: Answer| Sample { name, bytes: answer.encode(&ASKED, &hub_key()), again: answer_again };
    vec![
        request("request-empty", first),
        request("request-full", full),
        answer("answer-empty", nothing),
        answer("answer-full", everything),
        Sample {
            name: "anchor",
            bytes: anchor(suitcase.1[2]).encode(),
            again: |bytes| Anchor::decode(bytes).ok().filter(Anchor::is_signed).map(|anchor| anchor.encode()),
        },
    ]
}

fn fact_again(bytes: &[u8]) -> Option<Vec<u8>> {
    Fact::decode(bytes).ok().map(|fact| fact.encode())
}

/// Two files of a release, without sense: the codec does not look into them.
fn small_release() -> ReleaseSource {
    let files = [("territories.txt", "# Перелік\n"), ("catalogue.json", "{}\n")];
    ReleaseSource::from_files(files.map(|(name, text)| (name.to_owned(), text.to_owned()))).expect("names of files")
}

fn release_head() -> ReleaseHead {
    ReleaseHead {
        number: 2,
        effective_from: "2027-01-01".to_owned(),
        base: Hash([0x73; 32]),
        digest: small_release().digest(),
        audience: vec![SUITCASE],
        pieces: 2,
        piece: vec![0xb1; 8],
    }
}

fn release_piece() -> Fact {
    Fact::ReleasePiece { digest: small_release().digest(), which: 2, piece: vec![0xb2; 4] }
}

fn centre_details() -> Fact {
    Fact::Centre(CentreDetails {
        community: "Глобинська громада".to_owned(),
        centre: "ЦНАП".to_owned(),
        hromada: "UA53020110000044819".to_owned(),
        ..CentreDetails::default()
    })
}

fn succession() -> Fact {
    let end = chain::Link { seq: 5, hash: Hash([0x74; 32]) };
    let case_end = chain::Link { seq: 300, hash: Hash([0x77; 32]) };
    Fact::Succession { register: BEFORE, end, case_end }
}

/// The chain before the suitcase's.
const BEFORE: ids::ChainId = ids::ChainId::from_bytes([0x21; 16]);

fn rebirth() -> Rebirth {
    Rebirth {
        tenant: TENANT,
        chain: SUITCASE,
        signing: suitcase_key().public(),
        agreement: agreement(0x61),
        predecessor: BEFORE,
        end: Link { seq: 5, hash: Hash([0x75; 32]) },
        reason: Reason::Fork,
        at: TIME,
    }
}

fn continuation() -> Fact {
    Fact::Continuation { chain: SUITCASE, predecessor: BEFORE, end: Link { seq: 300, hash: Hash([0x76; 32]) } }
}

fn erasure() -> Fact {
    Fact::Erasure(Erasure { records: vec![RECORD], entries: vec![(SUITCASE, 1)], kept: Some((CASE, 300)) })
}

/// The key of the chain before.
fn key_before() -> SigningKey {
    SigningKey::from_seed(&Secret::new([5; 32]))
}

/// The suitcase's second and third entry, of which the third is about another record: its body is left out.
fn evidence() -> Evidence {
    let (suitcase, register) = (suitcase_chain(), register_chain());
    let mut run = segment(SUITCASE, &suitcase, 2);
    run.entries[1] = run.entries[1].without_body();
    Evidence {
        tenant: TENANT,
        root: root_public(),
        record: RECORD,
        number: "7-211126-014-К4Х".to_owned(),
        maker: CASE,
        made: TIME,
        register: vec![segment(REGISTER, &register, 1)],
        runs: vec![run],
        anchors: vec![anchor(suitcase.1[2])],
        keys: vec![(1, sealing::RecordKey::from_bytes(Secret::new([0x77; 32])))],
        words: vec![Word { chain: SUITCASE, seq: 2, word: 0 }],
    }
}

fn end_of_shift() -> EndOfShift {
    let end = suitcase_chain().1[2];
    EndOfShift {
        tenant: TENANT,
        suitcase: 7,
        at: TIME,
        officer: "olena".to_owned(),
        register: (REGISTER, register_chain().1[4]),
        requests: (2, 130),
        drafts: vec![DraftLeft { service: "housing-subsidy".to_owned(), changed: TIME }],
        chains: vec![ClosedChain {
            chain: SUITCASE,
            end,
            anchor: anchor(end),
            verdict: (CASE, case_chain().1[2]),
            exceptions: vec![(2, ExceptionCode::Proposal)],
        }],
    }
}

fn decisions() -> Vec<Sample> {
    let [desk, suitcase, hub, revocation, minimum] = facts().map(|fact| fact.encode());
    let verdict = Verdict {
        chain: SUITCASE,
        up_to: suitcase_chain().1[2],
        register: (REGISTER, register_chain().1[4]),
        exceptions: vec![
            Exception {
                seq: 2, code: ExceptionCode::Gate, sentence: "невідомий вигляд запису".to_owned()
            },
            Exception { seq: 3, code: ExceptionCode::Fork, sentence: String::new() },
        ],
    };
    vec![
        Sample {
            name: "verdict",
            bytes: verdict.encode(),
            again: |bytes| Verdict::decode(bytes).ok().map(|verdict| verdict.encode()),
        },
        Sample {
            name: "end-of-shift",
            bytes: end_of_shift().sign(&suitcase_key()),
            again: |bytes| {
                let (statement, signature) = EndOfShift::decode(bytes).ok()?;
                Some(EndOfShift::joined(statement.fields(), &signature))
            },
        },
        Sample {
            name: "evidence",
            bytes: {
                let fields = evidence().fields();
                let signature = desk_key().sign(Label::Evidence, &fields);
                Evidence::joined(fields, &signature)
            },
            again: |bytes| {
                let (evidence, signature) = Evidence::decode(bytes).ok()?;
                Some(Evidence::joined(evidence.fields(), &signature))
            },
        },
        Sample { name: "fact-desk", bytes: desk, again: fact_again },
        Sample { name: "fact-suitcase", bytes: suitcase, again: fact_again },
        Sample { name: "fact-hub", bytes: hub, again: fact_again },
        Sample { name: "fact-revocation", bytes: revocation, again: fact_again },
        Sample { name: "fact-minimum", bytes: minimum, again: fact_again },
        Sample { name: "fact-release", bytes: Fact::Release(release_head()).encode(), again: fact_again },
        Sample { name: "fact-centre", bytes: centre_details().encode(), again: fact_again },
        Sample { name: "fact-succession", bytes: succession().encode(), again: fact_again },
        Sample { name: "fact-continuation", bytes: continuation().encode(), again: fact_again },
        Sample { name: "fact-kept-days", bytes: Fact::KeptDays(300).encode(), again: fact_again },
        Sample {
            name: "fact-covered",
            bytes: Fact::Covered { at: 1_790_000_000_000, ends: vec![(SUITCASE, 300), (CASE, 7)] }.encode(),
            again: fact_again,
        },
        Sample {
            name: "fact-hub-ended",
            bytes: Fact::HubEnded { key: hub_key().public(), from: TIME }.encode(),
            again: fact_again,
        },
        Sample { name: "fact-destroyed", bytes: Fact::Destroyed { register: BEFORE }.encode(), again: fact_again },
        Sample { name: "fact-erasure", bytes: erasure().encode(), again: fact_again },
        Sample {
            name: "rebirth",
            bytes: rebirth().sign(&key_before()),
            again: |bytes| {
                Rebirth::is_signed(bytes, &key_before().public()).then_some(())?;
                Some(Rebirth::decode(bytes).ok()?.sign(&key_before()))
            },
        },
        Sample { name: "fact-release-piece", bytes: release_piece().encode(), again: fact_again },
        Sample {
            name: "release",
            bytes: small_release().canonical_bytes(),
            again: |bytes| Some(ReleaseSource::parse(bytes).ok()?.canonical_bytes()),
        },
        Sample {
            name: "certificate-desk",
            bytes: desk_certificate(),
            again: |bytes| Some(DeskCertificate::verify(bytes, &root_public()).ok()?.sign(&crate::cast::root())),
        },
        Sample {
            name: "certificate-suitcase",
            bytes: suitcase_certificate(),
            again: |bytes| Some(SuitcaseCertificate::verify(bytes, &desk_key().public()).ok()?.sign(&desk_key())),
        },
        Sample {
            name: "certificate-hub",
            bytes: hub_certificate(),
            again: |bytes| Some(HubCertificate::verify(bytes, &desk_key().public()).ok()?.sign(&desk_key())),
        },
    ]
}

fn enrolment_request() -> Vec<u8> {
    let key = suitcase_key();
    EnrolmentRequest::new(&invitation(), SUITCASE, &key, agreement(0x61), "Ноутбук Олени").encode(&key)
}

fn enrolment_answer_again(bytes: &[u8]) -> Option<Vec<u8>> {
    EnrolmentAnswer::decode(bytes).ok().map(|answer| answer.encode())
}

fn enrolment() -> Vec<Sample> {
    let answer = |name, answer: EnrolmentAnswer| Sample { name, bytes: answer.encode(), again: enrolment_answer_again };
    let register = EnrolmentAnswer::Register(vec![segment(REGISTER, &register_chain(), 1)]);
    vec![
        Sample {
            name: "invitation",
            bytes: invitation().to_text().into_bytes(),
            again: |bytes| {
                let text = std::str::from_utf8(bytes).ok()?;
                Some(Invitation::from_text(text).ok()?.to_text().into_bytes())
            },
        },
        Sample {
            name: "enrolment-request",
            bytes: enrolment_request(),
            again: |bytes| Some(EnrolmentRequest::decode(bytes).ok()?.encode(&suitcase_key())),
        },
        answer("enrolment-answer-waiting", EnrolmentAnswer::Waiting),
        answer("enrolment-answer-full", EnrolmentAnswer::Full),
        answer("enrolment-answer-register", register),
    ]
}
