//! Suitcase, hub and centre: there and back.

use chain::{Body, Entry, ExceptionCode, Header, Kind as EntryKind, Link, Segment};
use clock::Clock;
use ids::RecordId;
use peer::{Filter, Peer, Whereabouts};
use records::{Document, Edit, Kind};
use signing::{Label, Signature};
use valiza_tests::world::{World, request_fields};

pub fn record(peer: &Peer, number: &str) -> RecordId {
    let fields = request_fields(number, "Коваленко");
    peer.act(move |act| act.create(Kind::Request, &fields)).unwrap()
}

fn edit(peer: &Peer, record: RecordId, key: &'static str, value: &'static str) {
    peer.act(move |act| act.edit(record, |_, _| Ok((vec![Edit::new(key, value)], ())))).unwrap();
}

fn document(peer: &Peer, record: RecordId) -> Document {
    peer.read(|view| view.document(record)).unwrap()
}

fn values(peer: &Peer, record: RecordId, key: &str) -> Vec<String> {
    let all = document(peer, record).values();
    let mut texts: Vec<String> =
        all.get(key).into_iter().flatten().filter_map(|w| w.value.as_text().map(str::to_owned)).collect();
    texts.sort();
    texts
}

pub fn whereabouts(peer: &Peer) -> (u64, u64, u64) {
    let Whereabouts { here, on_the_way, at_centre, .. } =
        peer.read(|view| view.whereabouts(Kind::Request, "hub")).unwrap();
    (here, on_the_way, at_centre)
}

#[test]
fn a_request_goes_to_the_centre_once_and_the_answer_comes_back() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let request = record(suitcase.peer(), "7-1");
    assert_eq!(whereabouts(suitcase.peer()), (1, 0, 0));
    world.exchange(suitcase.peer()).unwrap();
    assert_eq!(whereabouts(suitcase.peer()), (0, 1, 0));
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
    let rows = world.desk.peer().read(|view| view.list(&Filter::default(), Default::default(), 0, 10)).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].number.as_deref(), Some("7-1"));
    edit(world.desk.peer(), request, "official", "Ж-1");
    world.centre();
    world.exchange(suitcase.peer()).unwrap();
    assert_eq!(whereabouts(suitcase.peer()), (0, 0, 1));
    assert_eq!(values(suitcase.peer(), request, "official"), ["Ж-1"]);
    for peer in [suitcase.peer(), world.desk.peer()] {
        assert_eq!(peer.verify().unwrap().faults, Vec::<String>::new());
        let before = peer.rows_as_text().unwrap();
        peer.rebuild().unwrap();
        assert_eq!(peer.rows_as_text().unwrap(), before);
    }
}

#[test]
fn an_entry_is_proved_not_before_one_anchor_and_not_after_the_next() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    record(suitcase.peer(), "7-1");
    world.exchange(suitcase.peer()).unwrap();
    let seen = world.clock.now().0;
    world.clock.advance(std::time::Duration::from_secs(3600));
    let request = record(suitcase.peer(), "7-2");
    let proof = |peer: &Peer| peer.read(|view| view.provenance(request)).unwrap().remove(0);
    assert_eq!((proof(suitcase.peer()).not_before, proof(suitcase.peer()).not_after), (Some(seen), None));
    world.clock.advance(std::time::Duration::from_secs(3600));
    world.exchange(suitcase.peer()).unwrap();
    let proof = proof(suitcase.peer());
    assert_eq!((proof.not_before, proof.not_after), (Some(seen), Some(world.clock.now().0)));
    assert_eq!(proof.at, seen + 3_600_000);
}

#[test]
fn nothing_new_costs_one_round_and_sends_nothing() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    record(suitcase.peer(), "7-1");
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
    world.exchange(suitcase.peer()).unwrap();
    let contact = world.exchange(suitcase.peer()).unwrap();
    assert_eq!((contact.rounds, contact.sent, contact.received), (1, 0, 0));
}

#[test]
fn two_suitcases_edit_one_request_and_nothing_is_lost() {
    let mut world = World::new();
    let (first, second) = (world.suitcase(7), world.suitcase(8));
    let request = record(first.peer(), "7-1");
    world.exchange(first.peer()).unwrap();
    world.exchange(second.peer()).unwrap();
    world.centre();
    let other = second.peer().chain();
    world.desk.peer().act(move |act| act.grant(request, other)).unwrap();
    world.centre();
    world.exchange(second.peer()).unwrap();
    assert_eq!(values(second.peer(), request, "a.last"), ["Коваленко"], "the grant brought what was there before");

    edit(first.peer(), request, "phone", "+380501112233");
    edit(second.peer(), request, "email", "g@example.org");
    edit(first.peer(), request, "a.last", "Коваль");
    edit(second.peer(), request, "a.last", "Ковальчук");
    for _ in 0..2 {
        world.exchange(first.peer()).unwrap();
        world.exchange(second.peer()).unwrap();
        world.centre();
    }
    world.exchange(first.peer()).unwrap();
    for peer in [first.peer(), second.peer(), world.desk.peer()] {
        assert_eq!(values(peer, request, "phone"), ["+380501112233"]);
        assert_eq!(values(peer, request, "email"), ["g@example.org"]);
        assert_eq!(values(peer, request, "a.last"), ["Коваль", "Ковальчук"]);
        let row = peer.read(|view| view.row(request)).unwrap().unwrap();
        assert_eq!(row.conflicts, 1);
    }
    edit(world.desk.peer(), request, "a.last", "Коваль");
    world.centre();
    for peer in [first.peer(), second.peer()] {
        world.exchange(peer).unwrap();
        assert_eq!(values(peer, request, "a.last"), ["Коваль"]);
        assert_eq!(peer.read(|view| view.row(request)).unwrap().unwrap().conflicts, 0);
    }
}

#[test]
fn a_suitcase_without_a_grant_proposes_and_does_not_write() {
    let mut world = World::new();
    let (first, second) = (world.suitcase(7), world.suitcase(8));
    let request = record(first.peer(), "7-1");
    world.exchange(first.peer()).unwrap();
    world.exchange(second.peer()).unwrap();
    world.centre();
    let other = second.peer().chain();
    world.desk.peer().act(move |act| act.grant(request, other)).unwrap();
    world.centre();
    world.exchange(second.peer()).unwrap();
    world.desk.peer().act(move |act| act.withdraw_grant(request, other)).unwrap();
    world.centre();
    edit(second.peer(), request, "a.last", "Інша");
    world.exchange(second.peer()).unwrap();
    world.centre();
    assert_eq!(values(world.desk.peer(), request, "a.last"), ["Коваленко"]);
    let exceptions = world.desk.peer().read(|view| view.exceptions(Some(other))).unwrap();
    assert_eq!(exceptions.len(), 1);
    assert_eq!(exceptions[0].1.code, ExceptionCode::Proposal);
    // The centre goes on with the record before somebody lets the proposal in.
    edit(world.desk.peer(), request, "a.first", "Олена");
    world.exchange(second.peer()).unwrap();
    let told = second.peer().read(|view| view.exceptions(None)).unwrap();
    assert_eq!(told, exceptions, "the verdict brings the reason to the suitcase");
    world.desk.peer().accept_exception(other, exceptions[0].1.seq).unwrap();
    assert_eq!(values(world.desk.peer(), request, "a.last"), ["Інша"]);
    assert_eq!(world.desk.peer().verify().unwrap().faults, Vec::<String>::new());
    world.centre();
    world.exchange(second.peer()).unwrap();
    assert_eq!(second.peer().read(|view| view.exceptions(None)).unwrap(), [], "the next verdict takes it back");
    // One entry was let in, not its author.
    edit(second.peer(), request, "a.last", "Третя");
    world.exchange(second.peer()).unwrap();
    world.centre();
    assert_eq!(values(world.desk.peer(), request, "a.last"), ["Інша"]);
}

#[test]
fn many_exceptions_of_one_suitcase_leave_the_others_their_verdicts() {
    let mut world = World::new();
    let (first, second, third) = (world.suitcase(7), world.suitcase(8), world.suitcase(9));
    let request = record(first.peer(), "7-1");
    record(third.peer(), "9-1");
    for suitcase in [&first, &second, &third] {
        world.exchange(suitcase.peer()).unwrap();
    }
    world.centre();
    let other = second.peer().chain();
    world.desk.peer().act(move |act| act.grant(request, other)).unwrap();
    world.centre();
    world.exchange(second.peer()).unwrap();
    world.desk.peer().act(move |act| act.withdraw_grant(request, other)).unwrap();
    world.centre();
    // Together their sentences are longer than one sealed body may be.
    for n in 0..450 {
        let note = vec![Edit::new("summary", format!("зміна {n}"))];
        second.peer().act(move |act| act.edit(request, |_, _| Ok((note, ())))).unwrap();
    }
    record(third.peer(), "9-2");
    world.exchange(second.peer()).unwrap();
    world.exchange(third.peer()).unwrap();
    world.centre();
    for suitcase in [&second, &third] {
        world.exchange(suitcase.peer()).unwrap();
    }
    assert_eq!(second.peer().read(|view| view.exceptions(None)).unwrap().len(), 450);
    assert_eq!(whereabouts(third.peer()), (0, 0, 2));
}

#[test]
fn a_register_fact_that_nobody_could_read_is_not_written() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let chain = suitcase.peer().chain();
    let fact = chain::Fact::Revocation { chain, from: 0, reason: "═".repeat(250) };
    assert!(world.desk.peer().act(move |act| act.register_fact(&fact)).is_err());
    world.desk.close();
    world.desk.open();
    let fact = chain::Fact::Revocation { chain, from: 0, reason: "викрадено".into() };
    world.desk.peer().act(move |act| act.register_fact(&fact)).unwrap();
    assert!(world.desk.peer().register().unwrap().revocation(chain).is_some());
}

#[test]
fn an_unsigned_entry_in_a_run_stops_nobody() {
    let mut world = World::new();
    let (hostile, honest) = (world.suitcase(7), world.suitcase(8));
    let end = hostile.peer().read(|view| view.end(hostile.peer().chain())).unwrap();
    let header = Header { kind: EntryKind::OWN, record: None, peer: None, after: None };
    let entry = |signature| Entry { header, body: Body::Present(vec![1; 40]), signature };
    let first = end.next(world.tenant, hostile.peer().chain());
    let forged = entry(Signature([7; 64]));
    let second = Link { seq: first.seq, hash: forged.hash(&first) }.next(world.tenant, first.chain);
    let hash = entry(Signature([0; 64])).hash(&second);
    let signed = entry(hostile.peer().sign(Label::EntrySignature, hash.0.to_vec()).unwrap());
    let run = |entries| Segment { chain: first.chain, from: first.seq, prev: first.prev, entries };
    let desk = world.desk.peer();
    desk.take_register(vec![run(vec![forged.clone()])]).unwrap();
    assert_eq!(desk.read(|view| view.end(first.chain)).unwrap(), end, "anybody could have made it");
    desk.take_register(vec![run(vec![forged, signed])]).unwrap();
    desk.absorb().unwrap();
    let exceptions = desk.read(|view| view.exceptions(Some(first.chain))).unwrap();
    assert_eq!(exceptions[0].1.code, ExceptionCode::Signature);
    record(honest.peer(), "8-1");
    world.exchange(honest.peer()).unwrap();
    world.centre();
    world.exchange(honest.peer()).unwrap();
    assert_eq!(whereabouts(honest.peer()), (0, 0, 1));
}

#[test]
fn late_work_of_a_revoked_suitcase_is_quarantined_and_not_lost() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    record(suitcase.peer(), "7-1");
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
    record(suitcase.peer(), "7-2");
    let chain = suitcase.peer().chain();
    let fact = chain::Fact::Revocation { chain, from: 0, reason: "викрадено".into() };
    world.desk.peer().act(move |act| act.register_fact(&fact)).unwrap();
    world.centre();
    let contact = world.exchange(suitcase.peer()).unwrap();
    assert_eq!(contact.received, 1, "the revocation alone goes down to a revoked suitcase");
    let register = suitcase.peer().register().unwrap();
    assert_eq!(register.revocation(chain), Some((0, "викрадено")), "it knows, signed by the desk");
    world.centre();
    let count = |world: &World| world.desk.peer().read(|view| view.count(&Filter::default())).unwrap();
    assert_eq!(count(&world), 1);
    let exceptions = world.desk.peer().read(|view| view.exceptions(Some(chain))).unwrap();
    assert_eq!(exceptions.len(), 1);
    assert_eq!(exceptions[0].1.code, ExceptionCode::Quarantined);
    world.desk.peer().accept_exception(chain, exceptions[0].1.seq).unwrap();
    assert_eq!(count(&world), 2, "a person let it in");
    assert_eq!(world.desk.peer().verify().unwrap().faults, Vec::<String>::new());
}
