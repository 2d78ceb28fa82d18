//! A suitcase gives up what it does not need any more: nothing on it opens that, nothing of it is lost.

use crate::exchange::{record, whereabouts};
use clock::Clock;
use ids::{ChainId, RecordId};
use peer::{OwnFact, Peer, Why};
use records::Edit;
use std::time::Duration;
use valiza_tests::world::{Member, World, withdrawn_by_applicant};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn note(peer: &Peer, record: RecordId, phone: &'static str) {
    peer.act(move |act| act.edit(record, |_, _| Ok((vec![Edit::new("phone", phone)], ())))).unwrap();
}

fn due(world: &World, peer: &Peer, days: u16) -> Vec<(RecordId, Why)> {
    let (register, now) = (peer.register().unwrap(), world.clock.now().0);
    let due = peer.read(|view| view.out_of_scope(&register, now, days)).unwrap();
    due.into_iter().map(|due| (due.row.record, due.why)).collect()
}

fn is_held(peer: &Peer, record: RecordId) -> bool {
    let read = peer.read(|view| Ok((view.row(record)?.is_some(), view.document(record).is_ok()))).unwrap();
    assert_eq!(read.0, read.1);
    read.0
}

fn there_and_back(world: &World, peer: &Peer) {
    world.exchange(peer).unwrap();
    world.centre();
    world.exchange(peer).unwrap();
}

fn sound(peer: &Peer) {
    assert_eq!(peer.verify().unwrap().faults, Vec::<String>::new());
    let before = peer.rows_as_text().unwrap();
    peer.rebuild().unwrap();
    assert_eq!(peer.rows_as_text().unwrap(), before);
}

/// A suitcase whose request was withdrawn; the centre knows.
fn closed(world: &mut World) -> (Member, RecordId) {
    let suitcase = world.suitcase(7);
    let request = record(suitcase.peer(), "7-1");
    withdrawn_by_applicant(suitcase.peer(), request);
    there_and_back(world, suitcase.peer());
    (suitcase, request)
}

#[test]
fn what_is_closed_for_long_goes_and_neither_keys_nor_words_stay() {
    let mut world = World::new();
    let (mut suitcase, request) = closed(&mut world);
    let open = record(suitcase.peer(), "7-2");
    there_and_back(&world, suitcase.peer());
    assert_eq!(due(&world, suitcase.peer(), 30), [], "it was closed today");
    world.clock.advance(DAY * 31);
    assert_eq!(due(&world, suitcase.peer(), 30), [(request, Why::Old)]);
    let entries = suitcase.peer().read(|view| view.end(suitcase.peer().chain())).unwrap().seq;
    assert_eq!(suitcase.peer().forget(due(&world, suitcase.peer(), 30)).unwrap(), 1);
    assert!(!is_held(suitcase.peer(), request) && is_held(suitcase.peer(), open));
    let told = suitcase.peer().read(|view| view.forgotten_by_number("7-1")).unwrap().unwrap();
    assert_eq!((told.record, told.why), (request, Why::Old));
    let filter = peer::Filter { words: vec!["коваленко".into()], ..Default::default() };
    assert_eq!(suitcase.peer().read(|view| view.count(&filter)).unwrap(), 1, "the open one is found by its words");
    sound(suitcase.peer());
    // It stays so after a restart, and the bytes are still there for a hub that lost everything.
    suitcase.close();
    suitcase.open();
    assert!(!is_held(suitcase.peer(), request));
    world.lose_hub();
    there_and_back(&world, suitcase.peer());
    assert_eq!(whereabouts(suitcase.peer()), (0, 0, 1));
    let anchor = suitcase.peer().read(|view| view.newest_anchor(suitcase.peer().chain())).unwrap().unwrap();
    assert_eq!(anchor.end.seq, entries + 1, "the new hub has all of it, and that something was given up");
    sound(world.desk.peer());
    assert!(is_held(world.desk.peer(), request), "the centre has it");
    let facts = world.desk.peer().read(|view| view.facts(suitcase.peer().chain(), entries)).unwrap();
    assert!(matches!(&facts[0].1, OwnFact::Forgotten { why: Why::Old, records, .. } if *records == [request]));
}

#[test]
fn nothing_goes_that_the_centre_has_not_opened_or_has_set_aside() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let request = record(suitcase.peer(), "7-1");
    withdrawn_by_applicant(suitcase.peer(), request);
    world.clock.advance(DAY * 31);
    let asked = vec![(request, Why::ByHand)];
    assert_eq!((due(&world, suitcase.peer(), 30), suitcase.peer().forget(asked.clone()).unwrap()), (vec![], 0));
    world.exchange(suitcase.peer()).unwrap();
    assert_eq!((due(&world, suitcase.peer(), 30), suitcase.peer().forget(asked.clone()).unwrap()), (vec![], 0));
    world.centre();
    world.exchange(suitcase.peer()).unwrap();
    note(suitcase.peer(), request, "+380500000001");
    assert_eq!(suitcase.peer().forget(asked).unwrap(), 0, "one more change waits");
    assert!(is_held(suitcase.peer(), request));
}

#[test]
fn what_was_taken_back_goes_and_comes_back_whole_when_it_is_granted_again() {
    let mut world = World::new();
    let (first, second) = (world.suitcase(7), world.suitcase(8));
    let request = record(first.peer(), "7-1");
    there_and_back(&world, first.peer());
    world.exchange(second.peer()).unwrap();
    world.centre();
    for suitcase in [&first, &second] {
        let chain = suitcase.peer().chain();
        world.desk.peer().act(move |act| act.grant(request, chain)).unwrap();
    }
    there_and_back(&world, second.peer());
    note(second.peer(), request, "+380500000001");
    there_and_back(&world, second.peer());
    there_and_back(&world, first.peer());
    for suitcase in [&first, &second] {
        let chain = suitcase.peer().chain();
        world.desk.peer().act(move |act| act.withdraw_grant(request, chain)).unwrap();
    }
    world.centre();
    for suitcase in [&first, &second] {
        there_and_back(&world, suitcase.peer());
        assert_eq!(due(&world, suitcase.peer(), 30), [(request, Why::TakenBack)], "however new it is");
        assert_eq!(suitcase.peer().forget(due(&world, suitcase.peer(), 30)).unwrap(), 1);
        assert!(!is_held(suitcase.peer(), request));
        sound(suitcase.peer());
    }
    // Meanwhile the centre goes on; neither its maker nor the other hears of it.
    note(world.desk.peer(), request, "+380500000002");
    world.centre();
    for suitcase in [&first, &second] {
        there_and_back(&world, suitcase.peer());
        assert!(!is_held(suitcase.peer(), request));
        let chain = suitcase.peer().chain();
        world.desk.peer().act(move |act| act.grant(request, chain)).unwrap();
    }
    world.centre();
    for suitcase in [&first, &second] {
        there_and_back(&world, suitcase.peer());
        assert!(is_held(suitcase.peer(), request));
        let all = suitcase.peer().read(|view| view.document(request)).unwrap().values();
        assert_eq!(all["phone"][0].value.as_text(), Some("+380500000002"));
        assert_eq!(suitcase.peer().read(|view| view.forgotten(9)).unwrap(), (vec![], 0));
        sound(suitcase.peer());
    }
    assert_eq!(whereabouts(first.peer()), (0, 0, 1));
}

/// The desk says that a copy of it holds all that it holds.
fn tell_of_a_copy(world: &World, suitcase: ChainId) {
    let (desk, at) = (world.desk.peer(), world.clock.now().0);
    let end = |chain| (chain, desk.read(|view| view.end(chain)).unwrap().seq);
    let ends = vec![end(suitcase), end(desk.chain())];
    desk.act(move |act| act.register_fact(&chain::Fact::Covered { at, ends })).unwrap();
    world.centre();
}

#[test]
fn sealed_bytes_go_a_month_after_a_copy_of_the_desk_holds_them_and_come_back_with_a_grant() {
    let mut world = World::new();
    let (suitcase, request) = closed(&mut world);
    let peer = suitcase.peer();
    let chain = peer.chain();
    let untouched = record(peer, "7-2");
    there_and_back(&world, peer);
    let before = peer.read(|view| view.document(request)).unwrap().values();
    assert_eq!(peer.forget(vec![(request, Why::ByHand)]).unwrap(), 1);
    let (sealed, bare) = peer.sealed_of_forgotten().unwrap();
    assert!(sealed >= 2 && bare == 0);
    there_and_back(&world, peer);
    world.clock.advance(DAY * 40);
    there_and_back(&world, peer);
    assert_eq!(peer.drop_covered().unwrap().entries, 0, "no copy of the desk was told of");
    tell_of_a_copy(&world, chain);
    there_and_back(&world, peer);
    world.clock.advance(DAY * 31);
    assert_eq!(peer.drop_covered().unwrap().entries, 0, "the hub has not said that a month is over");
    let later = record(peer, "7-3");
    there_and_back(&world, peer);
    let dropped = peer.drop_covered().unwrap();
    assert!(dropped.entries == sealed && dropped.bytes > 100, "{dropped:?}");
    assert_eq!(peer.sealed_of_forgotten().unwrap(), (0, sealed));
    assert_eq!(peer.drop_covered().unwrap().entries, 0, "once");
    assert!(is_held(peer, untouched) && is_held(peer, later));
    sound(peer);

    // A hub that lost everything hears of new work at once, and of the rest as soon as the desk was there.
    world.lose_hub();
    let newer = record(peer, "7-4");
    world.exchange(peer).unwrap();
    world.exchange(peer).unwrap();
    world.centre();
    assert!(is_held(world.desk.peer(), newer), "new work is not held up by what the suitcase gave up");
    there_and_back(&world, peer);
    assert_eq!(whereabouts(peer).0, 0);
    let end = peer.read(|view| view.end(chain)).unwrap();
    let anchor = peer.read(|view| view.newest_anchor(chain)).unwrap().unwrap();
    assert_eq!(anchor.end, end, "everything is anchored");
    sound(world.desk.peer());

    world.desk.peer().act(move |act| act.close_forgotten(chain, end.seq, &[request])).unwrap();
    world.desk.peer().act(move |act| act.grant(request, chain)).unwrap();
    world.centre();
    there_and_back(&world, peer);
    assert_eq!(peer.read(|view| view.document(request)).unwrap().values(), before, "its own words are back");
    assert_eq!(peer.sealed_of_forgotten().unwrap(), (0, 0));
    sound(peer);
}

#[test]
fn sealed_bytes_stay_until_the_centre_has_read_that_the_record_was_given_up() {
    let mut world = World::new();
    let (suitcase, request) = closed(&mut world);
    let peer = suitcase.peer();
    tell_of_a_copy(&world, peer.chain());
    world.clock.advance(DAY * 40);
    record(peer, "7-2");
    there_and_back(&world, peer);
    assert_eq!(peer.forget(vec![(request, Why::ByHand)]).unwrap(), 1);
    assert_eq!(peer.drop_covered().unwrap().entries, 0, "it may be granting the record");
    there_and_back(&world, peer);
    assert!(peer.drop_covered().unwrap().entries > 0);
}
