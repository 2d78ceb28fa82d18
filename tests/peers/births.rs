//! Whose a record is. Its name stands in the open at the hub: a suitcase in a thief's hands, with the hub's disk beside it,
//! writes a first change of its own under the name of what still waits at the desk.

use crate::disasters::{begin, restore};
use crate::rebirth::confirm_all;
use chain::{ExceptionCode, Fact, Segment};
use clock::Clock;
use ids::{ChainId, RecordId};
use peer::{Filter, Peer, PeerError};
use records::{Edit, Kind};
use sealing::AgreementSecret;
use valiza_tests::world::{Member, World, request_fields};

fn record(peer: &Peer, number: &'static str) -> RecordId {
    peer.act(move |act| act.create(Kind::Request, &request_fields(number, "Коваленко"))).unwrap()
}

/// A record of another kind under the same name.
fn usurp(thief: &Member, record: RecordId) {
    let fields = [Edit::new("a.last", "Ткач"), Edit::new("a.first", "Марія")];
    thief.peer().act(move |act| act.create_as(Kind::Resident, record, &fields)).unwrap();
}

fn phone(peer: &Peer, record: RecordId, number: &'static str) {
    peer.act(move |act| act.edit(record, |_, _| Ok((vec![Edit::new("phone", number)], ())))).unwrap();
}

fn said(peer: &Peer, record: RecordId) -> Option<String> {
    let document = peer.read(|view| view.document(record)).unwrap();
    assert_eq!(document.kind(), Kind::Request);
    Some(document.values().get("phone")?[0].value.as_text()?.to_owned())
}

fn aside(peer: &Peer, chain: ChainId) -> Vec<ExceptionCode> {
    let all = peer.read(|view| view.exceptions(Some(chain))).unwrap();
    all.into_iter().map(|(_, one)| one.code).filter(|code| *code != ExceptionCode::TakenLater).collect()
}

fn revoke(world: &World, chain: ChainId) {
    let fact = Fact::Revocation { chain, from: world.clock.now().0, reason: "списано".into() };
    world.desk.peer().act(move |act| act.register_fact(&fact)).unwrap();
}

fn settle(world: &World, members: &[&Member]) {
    for _ in 0..2 {
        members.iter().for_each(|member| drop(world.exchange(member.peer()).unwrap()));
        world.centre();
    }
}

/// What a laptop recorded that began anew waits until a person has confirmed it.
#[test]
fn what_waits_for_a_person_is_not_taken_over() {
    let mut world = World::new();
    let (mut maker, thief) = (world.suitcase(7), world.suitcase(8));
    record(maker.peer(), "7-1");
    let image = maker.image();
    record(maker.peer(), "7-2");
    settle(&world, &[&maker, &thief]);
    maker.put_back(&image);
    let request = record(maker.peer(), "7-3");
    settle(&world, &[&maker]);
    assert!(world.desk.peer().read(|view| view.row(request)).unwrap().is_none(), "it waits");
    usurp(&thief, request);
    settle(&world, &[&thief]);
    let (desk, stranger) = (world.desk.peer(), thief.peer().chain());
    assert_eq!(aside(desk, stranger), [ExceptionCode::Proposal]);
    assert_eq!(confirm_all(&world), 1);
    phone(maker.peer(), request, "+380501112233");
    settle(&world, &[&maker, &thief]);
    assert_eq!(said(desk, request).as_deref(), Some("+380501112233"));
    assert_eq!((aside(desk, maker.peer().chain()), aside(desk, stranger)), (vec![], vec![ExceptionCode::Proposal]));
    assert_eq!(desk.verify().unwrap().faults, Vec::<String>::new());
}

/// If the one that waits is declined, a person may let the other one in, and it goes on.
#[test]
fn who_came_second_goes_on_once_a_person_has_said_so() {
    let mut world = World::new();
    let (mut maker, second) = (world.suitcase(7), world.suitcase(8));
    record(maker.peer(), "7-1");
    let image = maker.image();
    record(maker.peer(), "7-2");
    settle(&world, &[&maker, &second]);
    maker.put_back(&image);
    let request = record(maker.peer(), "7-3");
    settle(&world, &[&maker]);
    second.peer().act(move |act| act.create_as(Kind::Request, request, &request_fields("8-1", "Гук"))).unwrap();
    settle(&world, &[&second]);
    let (desk, chain) = (world.desk.peer(), second.peer().chain());
    let (_, exception) = desk.read(|view| view.exceptions(Some(chain))).unwrap().remove(0);
    desk.accept_exception(chain, exception.seq).unwrap();
    phone(second.peer(), request, "+380507654321");
    settle(&world, &[&second]);
    assert_eq!((said(desk, request).as_deref(), aside(desk, chain)), (Some("+380507654321"), vec![]));
}

/// The desk of the kit reads all chains anew. What a suitcase had brought that was revoked since comes in by the words of the
/// desk before, which arrive later, also where the contact breaks off before them.
#[test]
fn a_desk_made_from_the_kit_takes_nobody_for_the_maker_whom_the_one_before_did_not() {
    let mut world = World::new();
    let (maker, thief) = (world.suitcase(7), world.suitcase(8));
    let request = record(maker.peer(), "7-1");
    phone(maker.peer(), request, "+380501112233");
    settle(&world, &[&maker]);
    usurp(&thief, request);
    let honest = record(thief.peer(), "8-1");
    settle(&world, &[&thief]);
    let (chain, stranger) = (maker.peer().chain(), thief.peer().chain());
    revoke(&world, chain);
    world.centre();
    let late = record(thief.peer(), "8-2");
    settle(&world, &[&thief]);
    let kit = AgreementSecret::from_bytes(world.root.agreement_secret());
    let as_before = |desk: &Peer| {
        assert_eq!(said(desk, request).as_deref(), Some("+380501112233"));
        assert_eq!((aside(desk, chain), aside(desk, stranger)), (vec![], vec![ExceptionCode::Proposal]));
        let is_here = |own: RecordId| desk.read(|view| view.row(own)).unwrap().is_some();
        assert!(is_here(honest) && is_here(late));
        assert_eq!(desk.read(|view| view.count(&Filter::default())).unwrap(), 3);
        assert_eq!(desk.verify().unwrap().faults, Vec::<String>::new());
    };
    world.lose_desk();
    restore(&world, &kit);
    as_before(world.desk.peer());
    // Only the thief's entries come, and the network is gone.
    let of_thief = world.desk.peer().read(|view| view.segment(stranger, 1, 1 << 20)).unwrap().unwrap();
    world.lose_desk();
    begin(&world, &kit);
    let desk = world.desk.peer();
    desk.take_register(vec![of_thief]).unwrap();
    assert_eq!(desk.absorb().unwrap().waiting, 3);
    let written = desk.act(|act| act.create(Kind::Request, &request_fields("0-1", "Гук")));
    assert!(matches!(written, Err(PeerError::CatchingUp)), "{written:?}");
    world.desk.close();
    world.desk.open();
    world.exchange(world.desk.peer()).unwrap();
    // What people had decided is to be looked through, whatever happens to the program until it was.
    world.desk.close();
    world.desk.open();
    assert!(world.desk.peer().has_come_back().unwrap());
    world.desk.peer().decisions_hold().unwrap();
    assert!(!world.desk.peer().has_come_back().unwrap());
    world.centre();
    as_before(world.desk.peer());
}

/// What came second is no proposal any more once what came first is set aside; nobody has to let it in.
#[test]
fn what_came_second_is_in_once_the_first_is_declined() {
    let mut world = World::new();
    let (mut first, maker) = (world.suitcase(7), world.suitcase(8));
    record(first.peer(), "7-1");
    let image = first.image();
    record(first.peer(), "7-2");
    settle(&world, &[&first, &maker]);
    first.put_back(&image);
    let request = record(first.peer(), "7-3");
    settle(&world, &[&first]);
    maker.peer().act(move |act| act.create_as(Kind::Request, request, &request_fields("8-1", "Гук"))).unwrap();
    phone(maker.peer(), request, "+380507654321");
    settle(&world, &[&maker]);
    let (desk, stranger, chain) = (world.desk.peer(), first.peer().chain(), maker.peer().chain());
    // What was written in it since waits with it.
    assert_eq!(aside(desk, chain), [ExceptionCode::Proposal, ExceptionCode::Unopened]);
    revoke(&world, stranger);
    desk.absorb().unwrap();
    assert_eq!((said(desk, request).as_deref(), aside(desk, chain)), (Some("+380507654321"), vec![]));
    assert!(aside(desk, stranger).contains(&ExceptionCode::Quarantined));
    phone(maker.peer(), request, "+380501234567");
    settle(&world, &[&maker]);
    assert_eq!((said(desk, request).as_deref(), aside(desk, chain)), (Some("+380501234567"), vec![]));
}

/// A hole before the entry that tells of an epoch: everything behind waits, and opens once that has come.
#[test]
fn what_waits_for_a_key_opens_when_it_comes() {
    const MANY: usize = 300;
    let mut world = World::new();
    let maker = world.suitcase(7);
    let make = |act: &mut peer::Act<'_>| {
        (0..MANY).try_for_each(|_| act.create(Kind::Request, &request_fields("7-1", "Гук")).map(|_| ()))
    };
    maker.peer().act(make).unwrap();
    let (desk, chain) = (world.desk.peer(), maker.peer().chain());
    let behind = |from: u64| {
        let mut next = from;
        let run = || {
            let segment: Segment = maker.peer().read(|view| view.segment(chain, next, 1 << 20)).unwrap()?;
            next = segment.from + segment.entries.len() as u64;
            Some(segment)
        };
        std::iter::from_fn(run).collect()
    };
    desk.take_register(behind(2)).unwrap();
    for _ in 0..3 {
        let absorbed = desk.absorb().unwrap();
        assert_eq!((absorbed.taken, absorbed.waiting, absorbed.not_taken), (0, MANY, 0));
    }
    desk.take_register(behind(1)).unwrap();
    desk.absorb().unwrap();
    assert_eq!(desk.read(|view| view.count(&Filter::default())).unwrap(), MANY as u64);
    assert_eq!(aside(desk, chain), []);
}

/// A change under a key of its own is set aside where another one of the generation is known; it is looked at again when the
/// record's first entry brings that key.
#[test]
fn what_another_key_did_not_open_is_looked_at_again_when_its_own_comes() {
    let mut world = World::new();
    let (maker, second) = (world.suitcase(7), world.suitcase(8));
    let request = record(maker.peer(), "7-1");
    settle(&world, &[&maker]);
    let to = second.peer().chain();
    world.desk.peer().act(move |act| act.grant(request, to)).unwrap();
    settle(&world, &[&second]);
    phone(second.peer(), request, "+380507654321");
    settle(&world, &[&second]);
    let desk = world.desk.peer();
    // As if the desk had read the second one's change first, and knew another key of the record.
    let unread = move |act: &mut peer::Act<'_>| {
        let connection = act.connection();
        connection.execute("UPDATE record_key SET key = zeroblob(32) WHERE record = ?1", [request.as_bytes()])?;
        connection.execute("UPDATE entry SET state = 0 WHERE record = ?1 AND kind = 1", [request.as_bytes()])?;
        let last = "UPDATE entry SET id = (SELECT max(id) + 1 FROM entry) WHERE record = ?1 AND kind = 1
                    AND chain <> (SELECT id FROM chain WHERE name = ?2)";
        let first = last.replace("<>", "=");
        connection.execute(&first, (request.as_bytes(), to.as_bytes()))?;
        connection.execute(last, (request.as_bytes(), to.as_bytes()))?;
        Ok(())
    };
    desk.act(unread).unwrap();
    desk.absorb().unwrap();
    assert_eq!((said(desk, request).as_deref(), aside(desk, to)), (Some("+380507654321"), vec![]));
}
