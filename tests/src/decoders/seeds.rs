//! Where corpora begin: golden files, and honest bytes of what has none.

use super::cast::{CASE, LINEAGE, REGISTER, SUITCASE, TENANT, TIME, first_facts, hub_key, register, suitcase_key};
use super::contents::{ME, documents};
use super::{corpus, golden};
use catalogue::ReleaseSource;
use chain::{Anchor, Exception, ExceptionCode, Fact, Link, Verdict};
use ids::EpochId;
use papers::Statement;
use peer::{Adopted, Identity, Message, OwnFact, Role, Run, StateOfPeer};
use records::event::Event;
use records::{Edit, Paper, PaperForm};
use sealing::{AgreementSecret, Cost, EpochKey, Login, Passphrase, RecoveryCode, SeededEntropy, Vault};
use signing::{Hash, Root, Secret};

/// Honest inputs of a target, golden files first.
pub fn seeds(target: &super::Target) -> Vec<Vec<u8>> {
    let kept = |(name, behind): &(&str, usize)| {
        let mut bytes = golden(name);
        bytes.truncate(bytes.len() - behind);
        bytes
    };
    let mut all: Vec<Vec<u8>> = target.golden.iter().map(kept).collect();
    all.extend(honest(target.name));
    all
}

fn honest(target: &str) -> Vec<Vec<u8>> {
    match target {
        "register" => vec![later_facts(), Vec::new()],
        "own-fact" => own_facts().iter().map(|fact| fact.encode().to_vec()).collect(),
        "message" => vec![Message::Verdict(verdict()).encode()],
        "desk-fact" => desk_facts(),
        "sealed-body" | "sealed-to" => sealed(target),
        "vault" => vec![vault()],
        "identity" => vec![identity()],
        "change-body" | "opened-body" => bodies(target == "opened-body"),
        "gate" => changes(),
        "decoder-pipe" => vec![job()],
        "scalars" => scalars(),
        "release-packed" => {
            vec![ReleaseSource::parse(&golden("release")).and_then(|one| one.packed(None)).expect("packs")]
        }
        "catalogue-file" => catalogue_files(),
        "typed" => lines(&[
            "1408212320",
            "+380671234567",
            "Ковальчук Ганна",
            "UA53060070010095240",
            "01.02.1938",
            "7-211126-014-К4Е",
        ]),
        "form" => vec![form()],
        "words" => words(),
        "statement" => statements(),
        "manifest" => vec![MANIFEST.as_bytes().to_vec()],
        "marks" => vec![format!("{LINEAGE} 1207\n").into_bytes()],
        _ => Vec::new(),
    }
}

fn lines(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// Facts behind the first ones, as the target reads them.
fn later_facts() -> Vec<u8> {
    let end = Link { seq: 3, hash: Hash([3; 32]) };
    let facts = [
        Fact::Revocation { chain: SUITCASE, from: TIME, reason: "викрадено".to_owned() },
        Fact::Minimum { protocol: 1, suite: 1 },
        Fact::Succession { register: REGISTER, end, case_end: end },
        Fact::Continuation { chain: CASE, predecessor: SUITCASE, end },
    ];
    let golden = ["fact-release", "fact-release-piece", "fact-centre", "fact-suitcase"].map(golden);
    let bodies = facts.iter().map(Fact::encode).chain(golden).chain(first_facts());
    bodies.flat_map(|body| [&(body.len() as u16).to_be_bytes()[..], &body].concat()).collect()
}

fn verdict() -> Verdict {
    let exceptions =
        vec![Exception { seq: 2, code: ExceptionCode::Gate, sentence: "невідомий вигляд".to_owned() }];
    let end = Link { seq: 3, hash: Hash([3; 32]) };
    Verdict { chain: SUITCASE, up_to: end, register: (REGISTER, register().head(REGISTER)), exceptions }
}

fn own_facts() -> Vec<OwnFact> {
    let anchor = Anchor::sign(TENANT, LINEAGE, SUITCASE, Link { seq: 7, hash: Hash([5; 32]) }, TIME, &hub_key());
    let reception = AgreementSecret::from_bytes(Secret::new([9; 32])).public();
    let state = StateOfPeer {
        at: TIME,
        program: "0.1.0".into(),
        release: 3,
        clock_ahead: Some(-90_000),
        waiting_entries: 300,
        officers: vec![("olena".into(), "Шевчук Олена Іванівна".into())],
        officer: "olena".into(),
        ..StateOfPeer::default()
    };
    let entries = vec![Adopted { seq: 7, hash: Hash([7; 32]), became: 3, sealed: b"sealed".to_vec() }];
    vec![
        OwnFact::Epoch {
            epoch: EpochId::from_bytes([1; 16]),
            key: EpochKey::from_bytes(Secret::new([2; 32])),
            reception,
            officer: "olena".into(),
            at: TIME,
        },
        OwnFact::Lock { officer: "olena".into(), at: TIME },
        OwnFact::ClockJump { before: TIME, after: TIME + 9 },
        OwnFact::VoidedNumber { number: "7-211126-014-К4Е".into(), reason: "зіпсовано".into() },
        OwnFact::ReleaseTaken { number: 4, digest: Hash([4; 32]) },
        OwnFact::ReleaseRefused { number: 4, digest: Hash([4; 32]), reason: "обірвано".into() },
        OwnFact::NamedAnchors(vec![anchor; 2]),
        OwnFact::State(Box::new(state)),
        OwnFact::Recovery { vault: [4; 16], sealed: vec![7; 80], spent: true },
        OwnFact::Recovered { officer: "olena".into(), at: TIME },
        OwnFact::Adopted { chain: SUITCASE, entries },
        OwnFact::TakenIn(vec![Run { chain: SUITCASE, first: 3, last: Link { seq: 7, hash: Hash([5; 32]) } }]),
        OwnFact::Other(70, b"\x01fields".to_vec()),
    ]
}

/// What somebody with another key sealed.
fn sealed(target: &str) -> Vec<Vec<u8>> {
    let mut entropy = SeededEntropy::new(8);
    if target == "sealed-to" {
        let reader = AgreementSecret::from_bytes(Secret::new([8; 32])).public();
        return vec![sealing::seal_to(&reader, b"valiza/1/stick", b"", b"letter", &mut entropy).expect("it seals")];
    }
    let key = sealing::RecordKey::from_bytes(Secret::new([8; 32]));
    let place = sealing::BodyContext { tenant: TENANT, chain: SUITCASE, seq: 7, kind: 1, record: None };
    vec![sealing::seal_body(&key, 1, &place, b"body", &mut entropy).expect("it seals")]
}

/// Of each code of the desk a few fields: the fuzzer finds the rest.
fn desk_facts() -> Vec<Vec<u8>> {
    let mut w = signing::canonical::Writer::new();
    w.u8(1).fixed(SUITCASE.as_bytes()).u64(7).text("olena").i64(TIME).text("чому");
    let with_chain = w.finish();
    let mut w = signing::canonical::Writer::new();
    w.u8(1).text("olena").text("Шевчук Олена").u8(1).u8(1).text("$argon2id$v=19$m=65536,t=3,p=1$AA$AA");
    w.text("admin").i64(TIME);
    let with_texts = w.finish();
    (64..=105).flat_map(|code| [[&[code][..], &with_chain].concat(), [&[code][..], &with_texts].concat()]).collect()
}

fn vault() -> Vec<u8> {
    let mut entropy = SeededEntropy::new(3);
    let (login, passphrase) = (Login::new("olena").expect("a login"), Passphrase::typed("verba kalyna dub klen"));
    let (mut vault, key) = Vault::create(&login, &passphrase, Cost::FLOOR, &mut entropy).expect("a vault");
    let desk = AgreementSecret::from_bytes(Secret::new([9; 32])).public();
    vault.set_recovery(&key, &desk, &mut entropy).expect("a recovery slot");
    let mut bytes = vault.encode();
    bytes.truncate(bytes.len() - 32);
    bytes
}

fn identity() -> Vec<u8> {
    let identity = Identity {
        tenant: TENANT,
        root: super::cast::root_public(),
        hub: "https://cnap.example:8443".into(),
        role: Role::Desk { register: REGISTER },
        chain: CASE,
        number: 7,
        seed: Secret::new([2; 32]),
        agreement: AgreementSecret::from_bytes(Secret::new([9; 32])),
        former: Vec::new(),
    };
    identity.encode().to_vec()
}

/// Changes that [`ME`] would honestly write to the documents of the target, each behind the document's number.
fn changes() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for (which, document) in (0u8..).zip(documents()) {
        for edits in
            [vec![Edit::new("phone", "+380931112233")], vec![Edit::new("a.last", "Мельник"), Edit::new("f.x", "1")]]
        {
            if let Ok(Some(change)) = document.clone().edit(ME, TIME, &edits) {
                all.push([&[which][..], change.as_bytes()].concat());
            }
        }
    }
    let id = documents()[3].id();
    let fields = crate::world::request_fields("7-211126-014-К4Е", "Коваль");
    let (_, birth) = records::Document::create(records::Kind::Request, id, ME, TIME, &fields).expect("a birth");
    all.push([&[3][..], birth.as_bytes()].concat());
    all
}

fn bodies(packed: bool) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for change in changes() {
        let body = records::body::Body {
            kind: records::Kind::Request,
            officer: "olena".into(),
            at: TIME,
            change: change[1..].to_vec(),
        };
        // Stored as it is, where it is the inside of a seal.
        all.push(if packed { [&[0][..], &body.encode()].concat() } else { body.encode() });
    }
    all
}

/// Record, kind, actor, no changes before, the change.
fn job() -> Vec<u8> {
    let change = changes().pop().expect("the birth");
    let mut w = signing::canonical::Writer::new();
    w.fixed(documents()[3].id().as_bytes()).u8(3).fixed(ME.as_bytes()).count(0).bytes(&change[1..]);
    w.finish()
}

fn scalars() -> Vec<Vec<u8>> {
    let event = Event {
        at: TIME,
        code: "accepted".into(),
        prev: "0000000000001".into(),
        by: "olena".into(),
        reason: "чому | бо\\так".into(),
        about: "a.last".into(),
    };
    let paper = Paper {
        seen: true,
        form: PaperForm::Copy,
        sheets: 3,
        returned: true,
        name: "Довідка".into(),
        details: "№ 17".into(),
    };
    let stamp = "2026-11-23|Гук С. \\p начальник|2026-12-21|||Управління|".to_owned();
    [event.encode(), paper.encode(), stamp].map(String::into_bytes).into()
}

/// The small ones of ours; all of them stand behind the number under which the target looks for them.
fn catalogue_files() -> Vec<Vec<u8>> {
    let source = ReleaseSource::embedded();
    let numbered = (0u8..).zip(source.files());
    let small = numbered.filter(|(_, (_, text))| text.len() < 10_000);
    small.map(|(which, (_, text))| [&[which][..], text.as_bytes()].concat()).collect()
}

fn form() -> Vec<u8> {
    "service=housing-subsidy\na.last=Коваль\na.born~date=01.02.1938\na.rnokpp~digits=14 0821 2320\nphone~phone=067 123 45 67\n\
     f.area~figures=45,5\nd.application~seen=1\nd.application~sheets=2\nconsent~by=self\nconsent~part1=1\na.last~reason=так\n\
     reg.kat~place=Глобине\nreg.kat~place~code=UA53060070010095240\nedition=3\ntab=one\nbase={}\nshown=a.last,phone\n\
     visit.at~date=21.11.2026\nphone~fix=+380671234567\n"
        .as_bytes()
        .to_vec()
}

fn words() -> Vec<Vec<u8>> {
    let kit = Root::from_seed(Secret::new([4; 32])).words().join(" ");
    let first: Vec<&str> = (0..11).map(signing::word).collect();
    let with_last = |last: u16| format!("{} {}", first.join(" "), signing::word(last));
    let code = (0..2_048).map(with_last).find(|words| RecoveryCode::from_words(words).is_ok()).expect("one in sixteen");
    vec![kit.into_bytes(), code.into_bytes()]
}

fn statements() -> Vec<Vec<u8>> {
    let statement = Statement {
        number: "7-211126-014-К4Е".into(),
        service: "housing-subsidy".into(),
        at: TIME,
        papers: 4,
        entry: [7; 8],
        chain: SUITCASE,
    };
    let signature = suitcase_key().sign(signing::Label::Statement, &statement.fields());
    let (statement_text, shift) = (statement.to_text(&signature), golden("end-of-shift"));
    vec![statement.fields(), statement_text.into_bytes(), papers::shift_to_text(&shift).into_bytes()]
}

const MANIFEST: &str = "valiza-backup 1\nmade 1795255200000 2026-11-21T10:00:00.000Z\nprogram 0.1.0\n\
    half hub 1\nlineage 04040404-0404-0404-0404-040404040404\nposition 1207\n\
    file hub/hub.db 4096 0707070707070707070707070707070707070707070707070707070707070707\nhalf desk 0\n";

/// Everything that a target is replayed with: what it began from, and its corpus.
pub fn inputs(target: &super::Target) -> Vec<Vec<u8>> {
    let mut all = seeds(target);
    all.extend(corpus(target.name));
    all
}
