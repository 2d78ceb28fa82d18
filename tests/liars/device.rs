//! An enrolled device that lies: what it writes reaches the centre and others, and holds up neither.

use crate::author::Author;
use crate::scene;
use chain::{Draft, Fact, Header, Kind, Link, Request, Segment};
use ids::{ChainId, RecordId};
use peer::decoder::{Decode, InProcess, Job, Judgement};
use peer::{Identity, Peer, Role};
use records::{Document, Edit};
use sealing::{AgreementSecret, Entropy, SeededEntropy};
use signing::{Hash, Secret};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use valiza_tests::world::{NOON, World, request_fields};

fn record(peer: &Peer, number: &str) -> RecordId {
    let fields = request_fields(number, "Коваль");
    peer.act(move |act| act.create(records::Kind::Request, &fields)).expect("a record")
}

/// A certified chain whose entries are any bytes.
fn certified(world: &World, number: u16) -> Identity {
    let mut entropy = SeededEntropy::new(u64::from(number) * 97);
    let drawn: &mut dyn Entropy = &mut entropy;
    let identity = Identity {
        tenant: world.tenant,
        root: world.public,
        hub: "https://hub.test".into(),
        role: Role::Suitcase,
        chain: ChainId::from_random(drawn.array()),
        number,
        seed: Secret::new(drawn.array()),
        agreement: AgreementSecret::generate(drawn),
        former: Vec::new(),
    };
    world.certify(&identity);
    identity
}

/// An entry that a device makes up: kind, record, peer, body.
type MadeUp = (Kind, Option<RecordId>, Option<ChainId>, Vec<u8>);

/// Brings such entries to the hub.
fn bring(world: &World, identity: &Identity, drafts: Vec<MadeUp>) {
    let (key, mut end, mut entries) = (identity.signing_key(), Link::EMPTY, Vec::new());
    for (kind, record, peer, body) in drafts {
        let draft = Draft { header: Header { kind, record, peer, after: None }, body };
        let (entry, link) = draft.sign(&end.next(world.tenant, identity.chain), &key);
        (end, entries) = (link, [entries, vec![entry]].concat());
    }
    let segments = vec![Segment { chain: identity.chain, from: 1, prev: Hash::ZERO, entries }];
    let request = Request {
        tenant: world.tenant,
        sender: identity.chain,
        token: None,
        cursor: None,
        budget: 0,
        heads: Vec::new(),
        segments,
    };
    world.hub.answer(&request.encode(&key), NOON).expect("it is certified");
}

/// A chain that begins as a desk's does is a suitcase's all the same, and its reader reads on.
#[test]
fn a_device_that_poses_as_a_desk_does_not_stop_the_centre() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let liar = certified(&world, 66);
    world.centre();
    let desk = Fact::Desk { certificate: vec![7; 200], sealed: vec![1; 48] };
    let register = (Kind::REGISTER, None, None, desk.encode());
    let others = [
        (Kind::REGISTER, None, None, b"no fact".to_vec()),
        (Kind::TO, None, Some(suitcase.peer().chain()), b"no message".to_vec()),
        (Kind::GRANT, Some(RecordId::from_bytes([7; 16])), Some(suitcase.peer().chain()), b"no key".to_vec()),
        (Kind::GRANT, Some(RecordId::from_bytes([7; 16])), Some(liar.chain), Vec::new()),
        (Kind::REBIRTH, None, None, b"no life".to_vec()),
        (Kind::from_code(15).expect("of later versions"), None, Some(suitcase.peer().chain()), vec![0; 600]),
        (Kind::CHANGE, Some(RecordId::from_bytes([8; 16])), None, Vec::new()),
        (Kind::OWN, None, None, Vec::new()),
    ];
    bring(&world, &liar, [vec![register], others.to_vec()].concat());
    record(suitcase.peer(), "7-1");
    for _ in 0..2 {
        world.exchange(suitcase.peer()).expect("the hub answers");
        world.centre();
    }
    world.exchange(suitcase.peer()).expect("the hub answers");
    let (end, told) = suitcase
        .peer()
        .read(|view| Ok((view.end(view_of(&suitcase))?, view.verdict_end(view_of(&suitcase))?)))
        .expect("it reads");
    assert_eq!(end.seq, told, "the centre read on");
    let held = world.desk.peer().read(|view| view.end(liar.chain)).expect("it reads").seq;
    assert_eq!(held, 9, "and keeps what the liar wrote");
    for peer in [world.desk.peer(), suitcase.peer()] {
        assert_eq!(peer.verify().expect("it verifies").faults, Vec::<String>::new());
    }
}

fn view_of(member: &valiza_tests::world::Member) -> ChainId {
    member.peer().chain()
}

/// Judges where it stands, and counts.
struct Counting(Arc<AtomicUsize>);

impl Decode for Counting {
    fn judge(&mut self, job: &Job) -> Judgement {
        self.0.fetch_add(1, Ordering::Relaxed);
        InProcess.judge(job)
    }
}

/// Changes that depend on one another, written in the wrong order: each absorbing would look at all of them for each one
/// that it takes. It does not, and what others write meanwhile is taken at once.
#[test]
fn changes_in_the_wrong_order_cost_the_centre_a_bounded_number_of_looks() {
    const MANY: usize = 400;
    let mut world = World::new();
    let victim = world.suitcase(7);
    let mut liar = Author::enrol(&world, 66);
    let shared = record(victim.peer(), "7-1");
    world.centre();
    liar.exchange(&world);
    world.exchange(victim.peer()).expect("the hub answers");
    world.centre();
    let to = liar.chain();
    world.desk.peer().act(move |act| act.grant(shared, to)).expect("granted");
    world.centre();
    liar.exchange(&world);
    let mut document: Document = liar.document(shared);
    let changes: Vec<Vec<u8>> = (0..MANY)
        .map(|n| scene::write(&mut document, to, &[Edit::new("f.note", format!("{n}"))]).into_bytes())
        .collect();
    changes.into_iter().rev().for_each(|change| {
        liar.put(shared, change);
    });
    liar.exchange(&world);
    let looks = Arc::new(AtomicUsize::new(0));
    world.desk.close();
    world.desk.open_with(Box::new(Counting(Arc::clone(&looks))));
    const CONTACTS: usize = 6;
    for contact in 0..CONTACTS {
        let edit = Edit::new("phone", format!("+38050111220{contact}"));
        let act = victim.peer().act(move |act| act.edit(shared, |_, _| Ok((vec![edit], ()))));
        act.expect("the maker edits");
        world.exchange(victim.peer()).expect("the hub answers");
        world.centre();
        let document = world.desk.peer().read(|view| view.document(shared)).expect("it reads");
        let phone = document.values()["phone"][0].value.as_text().map(str::to_owned);
        assert_eq!(phone, Some(format!("+38050111220{contact}")), "honest work is not held up");
    }
    let looked = looks.load(Ordering::Relaxed);
    // Each once, and in each absorbing so many again; without a bound it is their square.
    let bound = MANY + CONTACTS * 2 * 80;
    println!("{MANY} changes in the wrong order: {looked} looks in {CONTACTS} contacts");
    assert!(looked <= bound, "{looked} looks, at most {bound}");
    assert_eq!(world.desk.peer().verify().expect("it verifies").faults, Vec::<String>::new());
}
