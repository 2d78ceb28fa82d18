//! A suitcase that lies in every field of what it sends, well signed with the key that the centre certified; and a
//! hub of two communities that must not be moved by it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod town;

use chain::{
    Body, Carriage, CarriageAnswer, ChainHead, Cursor, Kind, Link, Reason, Rebirth, RefusalCode, Request, Token, limits,
};
use hub::Rejected;
use hub::store::{MemoryStore, Reader, Store};
use ids::{ChainId, LineageId, TenantId};
use signing::{AgreementPublicKey, Hash, Secret};
use std::collections::BTreeSet;
use std::sync::Arc;
use town::*;

/// Two communities on one hub: the liar and an honest suitcase in the first, a third in the second.
struct Scene {
    town: Town,
    elsewhere: Town,
    liar: Pen,
    honest: Pen,
    stranger: Pen,
    /// The liar's own good token, and captured ones.
    token: Token,
    theirs: Token,
    foreign: Token,
    lineage: LineageId,
}

impl Scene {
    fn new() -> Self {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let (mut town, mut elsewhere) = (Town::new(1, Arc::clone(&store)), Town::new(5, store));
        let (mut liar, mut honest) = (town.suitcase(7), town.suitcase(8));
        let mut stranger = elsewhere.suitcase(40);
        liar.own(b"epoch");
        liar.change(record(7), b"mine");
        honest.change(record(8), b"theirs");
        stranger.change(record(9), b"elsewhere");
        let ours = town.ask(&liar, None, None, liar.since(1));
        let theirs = town.ask(&honest, None, None, honest.since(1));
        let foreign = elsewhere.ask(&stranger, None, None, stranger.since(1));
        town.case.to(honest.chain, b"a verdict for the honest one");
        town.case.to(liar.chain, b"a verdict for the liar");
        town.push_case(1);
        elsewhere.case.to(stranger.chain, b"a verdict elsewhere");
        elsewhere.push_case(1);
        let (token, lineage) = (ours.token, ours.lineage);
        Self { town, elsewhere, liar, honest, stranger, token, theirs: theirs.token, foreign: foreign.token, lineage }
    }

    fn request(&self) -> Request {
        Town::request(&self.liar, Some(self.token), None, Vec::new())
    }

    /// What the hub holds of everybody but the liar.
    fn others(&self) -> Vec<String> {
        let held = |town: &Town, pens: &[&Pen]| {
            let asked: Vec<(ChainId, u64)> = pens.iter().map(|pen| (pen.chain, pen.end().seq)).collect();
            format!("{:?}", town.store.holdings(town.tenant, &asked).unwrap())
        };
        let reads = |town: &Town, pen: &Pen| {
            let reading = town.store.read(town.tenant, Reader::Suitcase(pen.chain), None, usize::MAX >> 1).unwrap();
            format!("{:?}", reading.segments)
        };
        vec![
            held(&self.town, &[&self.honest, &self.town.register, &self.town.case]),
            held(&self.elsewhere, &[&self.stranger, &self.elsewhere.register, &self.elsewhere.case]),
            reads(&self.town, &self.honest),
            reads(&self.elsewhere, &self.stranger),
            format!("{:?}", self.town.hub.marker().unwrap().lineage),
        ]
    }
}

/// What may come of a lie.
enum Comes {
    /// No answer, and a sentence.
    Rejected,
    /// An answer that hands out nothing sealed.
    Nothing,
    /// An answer with this refusal.
    Refused(fn(&RefusalCode) -> bool),
    /// What the liar may have anyway.
    Own,
}

type Lie = (&'static str, &'static str, fn(&Scene, &mut Request), Comes);

fn renamed(pen: &Pen, chain: ChainId) -> chain::Segment {
    chain::Segment { chain, ..pen.part(1, pen.end().seq) }
}

const LIES: &[Lie] = &[
    ("tenant", "another community's", |scene, r| r.tenant = scene.elsewhere.tenant, Comes::Nothing),
    ("tenant", "nobody's", |_, r| r.tenant = TenantId::from_random([0x70; 16]), Comes::Rejected),
    ("sender", "the honest one", |scene, r| r.sender = scene.honest.chain, Comes::Rejected),
    ("sender", "the centre", |scene, r| r.sender = scene.town.case.chain, Comes::Rejected),
    ("sender", "somebody of another community", |scene, r| r.sender = scene.stranger.chain, Comes::Nothing),
    ("sender", "everybody", |_, r| r.sender = ChainId::from_bytes([0; 16]), Comes::Nothing),
    ("token", "none", |_, r| r.token = None, Comes::Nothing),
    ("token", "the honest one's", |scene, r| r.token = Some(scene.theirs), Comes::Nothing),
    ("token", "another community's", |scene, r| r.token = Some(scene.foreign), Comes::Nothing),
    (
        "token",
        "made at home",
        |scene, r| {
            let (tenant, sender) = (r.tenant, r.sender);
            r.token = Some(Token::give(&Secret::new([1; 32]), tenant, sender, scene.lineage, NOON.0, 1 << 40));
        },
        Comes::Nothing,
    ),
    (
        "cursor",
        "beyond the end",
        |scene, r| {
            r.cursor = Some(Cursor { lineage: scene.lineage, position: u64::MAX, index: u64::MAX });
        },
        Comes::Own,
    ),
    (
        "cursor",
        "of a life that never was",
        |_, r| {
            r.cursor = Some(Cursor { lineage: LineageId::from_random([0x71; 16]), position: 1, index: 1 });
        },
        Comes::Own,
    ),
    ("budget", "the highest", |_, r| r.budget = limits::BUDGET, Comes::Own),
    (
        "heads",
        "of everybody, four thousand times",
        |scene, r| {
            let chains = [scene.honest.chain, scene.stranger.chain, scene.town.case.chain, scene.town.register.chain];
            let head = |n: usize| ChainHead {
                chain: chains[n % 4],
                end: Link { seq: limits::SEQ, hash: Hash([n as u8; 32]) },
            };
            r.heads = (0..limits::MESSAGE_HEADS).map(head).collect();
        },
        Comes::Own,
    ),
    (
        "heads",
        "numbers beyond all",
        |scene, r| {
            r.heads = vec![ChainHead { chain: scene.liar.chain, end: Link { seq: u64::MAX, hash: Hash::ZERO } }];
        },
        Comes::Rejected,
    ),
    (
        "segments",
        "its own entries as the honest one's",
        |scene, r| {
            r.segments = vec![renamed(&scene.liar, scene.honest.chain)];
        },
        Comes::Refused(|code| matches!(code, RefusalCode::Signature | RefusalCode::Fork { .. })),
    ),
    (
        "segments",
        "its own entries as the centre's",
        |scene, r| {
            r.segments = vec![renamed(&scene.liar, scene.town.case.chain)];
        },
        Comes::Refused(|code| matches!(code, RefusalCode::Signature | RefusalCode::Fork { .. })),
    ),
    (
        "segments",
        "its own entries as the register",
        |scene, r| {
            r.segments = vec![renamed(&scene.liar, scene.town.register.chain)];
        },
        Comes::Refused(|code| {
            *code == RefusalCode::Register || matches!(code, RefusalCode::Signature | RefusalCode::Fork { .. })
        }),
    ),
    (
        "segments",
        "another community's entries",
        |scene, r| r.segments = scene.stranger.since(1),
        Comes::Refused(|code| *code == RefusalCode::UnknownChain),
    ),
    (
        "segments",
        "another community's register",
        |scene, r| r.segments = scene.elsewhere.register.since(1),
        Comes::Refused(|code| *code == RefusalCode::Register),
    ),
    (
        "segments",
        "beyond every number",
        |scene, r| {
            r.segments = vec![chain::Segment { from: u64::MAX - 1, ..scene.liar.part(1, 2) }];
        },
        Comes::Rejected,
    ),
    (
        "segments",
        "nothing",
        |scene, r| {
            r.segments =
                vec![chain::Segment { chain: scene.liar.chain, from: 3, prev: Hash::ZERO, entries: Vec::new() }];
        },
        Comes::Refused(|code| *code == RefusalCode::Form),
    ),
    (
        "segments",
        "the honest one's entry as an empty shell",
        |scene, r| {
            let mut shell = scene.honest.part(1, 1);
            shell.entries[0] = shell.entries[0].without_body();
            r.segments = vec![shell];
        },
        Comes::Refused(|code| *code == RefusalCode::Form),
    ),
    (
        "segments",
        "a shell of another length",
        |scene, r| {
            let mut shell = scene.liar.part(2, 2);
            shell.entries[0].body = Body::Dropped { length: 60_000, hash: Hash([9; 32]) };
            r.segments = vec![shell];
        },
        Comes::Refused(|code| matches!(code, RefusalCode::Signature | RefusalCode::Fork { .. })),
    ),
];

/// Every lie is told alone. Nothing that is not the liar's own moves, and nothing comes down that is not for it.
#[test]
fn whatever_a_suitcase_says_nothing_moves_that_is_not_its_own() {
    let scene = Scene::new();
    let (before, mine) = (scene.others(), scene.liar.chain);
    for (field, name, tell, comes) in LIES {
        let mut request = scene.request();
        tell(&scene, &mut request);
        let bytes = request.encode(&scene.liar.key);
        let answered = scene.town.hub.answer(&bytes, NOON);
        assert_eq!(scene.others(), before, "{field}: {name}");
        let answer = match (answered, comes) {
            (Err(rejected), Comes::Rejected) => {
                assert!(rejected.to_string().contains(" / "), "{field}: {name}: {rejected}");
                continue;
            }
            (Err(rejected), _) => panic!("{field}: {name}: {rejected}"),
            (Ok(_), Comes::Rejected) => panic!("{field}: {name}: it was answered"),
            (Ok(bytes_of_answer), _) => {
                let keys = [scene.town.hub.public()];
                chain::Answer::decode(&bytes_of_answer, &Request::hash(&bytes), request.tenant, &keys)
                    .unwrap()
                    .unwrap()
                    .0
            }
        };
        let public = |chain: ChainId| chain == scene.town.register.chain;
        let sealed: Vec<ChainId> = answer.segments.iter().map(|s| s.chain).filter(|chain| !public(*chain)).collect();
        match comes {
            Comes::Nothing => assert_eq!(sealed, [], "{field}: {name}"),
            Comes::Refused(code) => {
                assert!(answer.refusals.iter().any(|r| code(&r.code)), "{field}: {name}: {:?}", answer.refusals);
                assert!(answer.refusals.iter().all(|r| r.code.to_string().contains(" / ")));
            }
            Comes::Own | Comes::Rejected => {}
        }
        let for_the_liar = |segment: &chain::Segment| {
            public(segment.chain)
                || segment.entries.iter().all(|entry| entry.header.peer == Some(mine) || segment.chain == mine)
        };
        assert!(answer.segments.iter().all(for_the_liar), "{field}: {name}: another's news came down");
        assert!(answer.anchors.iter().all(|anchor| anchor.chain == mine || public(anchor.chain)), "{field}: {name}");
    }
    let lied: BTreeSet<&str> = LIES.iter().map(|(field, ..)| *field).collect();
    // A new field has to be lied in, too.
    let Request { tenant: _, sender: _, token: _, cursor: _, budget: _, heads: _, segments: _ } = scene.request();
    assert_eq!(lied, BTreeSet::from(["tenant", "sender", "token", "cursor", "budget", "heads", "segments"]));
    // And the honest ones go on as if nothing had been.
    let answer = scene.town.ask(&scene.honest, None, None, Vec::new());
    assert_eq!(anchor_of(&answer, scene.honest.chain), Some(scene.honest.end()));
    assert_eq!(
        scene.town.read_all(&scene.honest).iter().filter(|(chain, _)| *chain == scene.town.case.chain).count(),
        1
    );
}

#[test]
fn a_captured_pull_is_of_no_use_later_nor_to_anybody_else() {
    let scene = Scene::new();
    let pull = Town::request(&scene.honest, Some(scene.theirs), None, Vec::new()).encode(&scene.honest.key);
    let later = clock::Time(NOON.0 + limits::SUITCASE_TOKEN_LIFE + 1);
    let read = |bytes: Vec<u8>| {
        let keys = [scene.town.hub.public()];
        chain::Answer::decode(&bytes, &Request::hash(&pull), scene.town.tenant, &keys).unwrap().unwrap().0
    };
    let answer = read(scene.town.hub.answer(&pull, later).unwrap());
    assert!(answer.stale && answer.segments.is_empty());
    // The carrier's own good token does not make another's captured one good for longer than letters live.
    let letters = vec![pull.clone()];
    let token = scene.town.ask_at(&scene.liar, later, &Town::request(&scene.liar, None, None, Vec::new())).token;
    let carriage = Carriage { tenant: scene.town.tenant, carrier: scene.liar.chain, token: Some(token), letters };
    let bytes = carriage.encode(&scene.liar.key);
    let far = clock::Time(NOON.0 + limits::CARRIED_TOKEN_LIFE + 1);
    let carried = |now: clock::Time| {
        let answer = scene.town.hub.carry(&bytes, now).unwrap();
        CarriageAnswer::decode(&answer, &Carriage::hash(&bytes), &[scene.town.hub.public()]).unwrap().unwrap()
    };
    assert!(carried(far).stale, "the carrier has to be here and now");
    for answer in carried(later).answers {
        // Sealed to the honest one, and opened by nobody else.
        assert!(read(answer.unwrap()).anchors.iter().all(|anchor| anchor.chain == scene.honest.chain));
    }
}

fn reborn(before: &Pen, chain: ChainId, seed: u8) -> Pen {
    let mut pen = Pen::new(before.tenant, chain, key(seed));
    let said = Rebirth {
        tenant: before.tenant,
        chain,
        signing: pen.key.public(),
        agreement: AgreementPublicKey([7; 32]),
        predecessor: before.chain,
        end: before.end(),
        reason: Reason::Fork,
        at: 1,
    };
    pen.write(Kind::REBIRTH, None, None, &said.sign(&before.key));
    pen
}

/// Whoever has one key makes as many as it likes. All that goes on for one certified chain counts together.
#[test]
fn a_tree_of_rebirths_does_not_grow_beyond_what_one_laptop_may_have() {
    let mut town = Town::in_memory();
    let (mut liar, mut unlucky) = (town.suitcase(7), town.suitcase(8));
    liar.own(b"epoch");
    unlucky.own(b"epoch");
    for pen in [&liar, &unlucky] {
        town.ask(pen, None, None, pen.since(1));
    }
    let mut believed = vec![liar];
    let mut tried = 0u8;
    // Breadth first: eight of each, as long as any is believed.
    let mut at = 0;
    while at < believed.len() && tried < 100 {
        for _ in 0..9 {
            tried += 1;
            let pen = reborn(
                &believed[at],
                ChainId::from_random(std::array::from_fn(|i| if i == 0 { 0xee } else { tried })),
                tried,
            );
            let answer = town.ask(&pen, None, None, pen.since(1));
            if answer.refusals.is_empty() {
                believed.push(pen);
            }
        }
        at += 1;
    }
    assert_eq!(believed.len() - 1, limits::REBIRTHS, "of {tried} tried");
    let pen = reborn(&unlucky, ChainId::from_random([99; 16]), 99);
    assert_eq!(town.ask(&pen, None, None, pen.since(1)).refusals, [], "another suitcase's are counted for themselves");
}

/// Entries beyond a hole are kept, but not without end.
#[test]
fn what_waits_beyond_a_hole_has_a_bound_and_what_is_missing_is_asked_for() {
    let mut town = Town::in_memory();
    let mut liar = town.suitcase(7);
    (0..4).for_each(|_| {
        liar.own(b"entry");
    });
    let at = |from| chain::Segment { from, prev: Hash([1; 32]), ..liar.part(3, 4) };
    // Numbers are part of what is signed, so a far segment is made by the key's holder.
    let far = |from: u64| {
        let mut pen = Pen::new(town.tenant, liar.chain, key(7));
        pen.links = vec![Link { seq: from - 1, hash: Hash([1; 32]) }];
        let place = pen.end().next(town.tenant, liar.chain);
        let header = chain::Header { kind: Kind::OWN, record: None, peer: None, after: None };
        let (entry, _) = chain::Draft { header, body: b"far".to_vec() }.sign(&place, &pen.key);
        chain::Segment { entries: vec![entry], ..at(from) }
    };
    let answer = town.ask(&liar, None, None, vec![far(limits::BEYOND_A_HOLE)]);
    assert_eq!(answer.refusals, []);
    let answer = town.ask(&liar, None, None, vec![far(limits::BEYOND_A_HOLE + 1)]);
    assert_eq!(answer.refusals[0].code, RefusalCode::Hole);
    assert!(answer.needed.iter().any(|needed| needed.chain == liar.chain && needed.from == 1), "{:?}", answer.needed);
    let answer = town.ask(&liar, None, None, liar.since(1));
    assert_eq!(anchor_of(&answer, liar.chain), Some(liar.end()), "honest work is not held up by an old hole");
}

/// A sender that asks too much at once or in a minute waits; others do not.
#[test]
fn one_sender_s_flood_is_its_own_trouble() {
    let scene = Scene::new();
    let ask = |pen: &Pen| scene.town.hub.answer(&Town::request(pen, None, None, Vec::new()).encode(&pen.key), NOON);
    let refused = (0..=limits::SENDER_A_MINUTE).find_map(|_| ask(&scene.liar).err());
    let Some(Rejected::TooMany { retry_after_s }) = refused else { panic!("{refused:?}") };
    assert!((1..=60).contains(&retry_after_s));
    assert!(ask(&scene.honest).is_ok());
    let elsewhere = Town::request(&scene.stranger, None, None, Vec::new()).encode(&scene.stranger.key);
    assert!(scene.elsewhere.hub.answer(&elsewhere, NOON).is_ok());
}
