//! A hub that hands out entries without their bodies: their hashes are right, so nothing is forged. Nobody may come to
//! believe that the centre has what it never got.

use crate::hub::through;
use chain::{Answer, Kind};
use peer::{Filter, Peer};
use valiza_tests::world::{World, request_fields};

fn record(peer: &Peer, number: &str) -> ids::RecordId {
    let fields = request_fields(number, "Коваль");
    peer.act(move |act| act.create(records::Kind::Request, &fields)).expect("a record")
}

/// Leaves out the bodies of all entries of a kind.
fn hollowed(answer: &mut Answer, kind: Kind) {
    for entry in answer.segments.iter_mut().flat_map(|segment| &mut segment.entries) {
        if entry.header.kind == kind {
            *entry = entry.without_body();
        }
    }
}

#[test]
fn a_body_that_the_hub_keeps_back_is_never_at_the_centre() {
    for kind in [Kind::CHANGE, Kind::OWN] {
        let mut world = World::new();
        let suitcase = world.suitcase(7);
        world.centre();
        for number in 0..3 {
            record(suitcase.peer(), &format!("7-{number}"));
        }
        world.exchange(suitcase.peer()).expect("an honest hub");
        through(&world, world.desk.peer(), |answer| hollowed(answer, kind)).expect("it reads what it gets");
        world.centre();
        world.exchange(suitcase.peer()).expect("an honest hub");
        let told = suitcase.peer().read(|view| view.exceptions(Some(suitcase.peer().chain()))).expect("it reads");
        assert!(!told.is_empty(), "{kind:?}: the officer is told that the centre does not have it");
        let seen = world.desk.peer().read(|view| view.count(&Filter::default())).expect("rows");
        assert_eq!(seen, 0, "{kind:?}: without bodies or keys there is nothing to see");
        // The bytes are still at the suitcase. A hub that begins anew gets them, and the centre what it lacked.
        world.lose_hub();
        for _ in 0..3 {
            world.exchange(suitcase.peer()).expect("a new hub");
            world.centre();
        }
        world.exchange(suitcase.peer()).expect("a new hub");
        let seen = world.desk.peer().read(|view| view.count(&Filter::default())).expect("rows");
        assert_eq!(seen, 3, "{kind:?}: everything is there");
        let told = suitcase.peer().read(|view| view.exceptions(Some(suitcase.peer().chain()))).expect("it reads");
        assert_eq!(told, [], "{kind:?}: and the officer is told so");
        assert_eq!(world.desk.peer().verify().expect("it verifies").faults, Vec::<String>::new());
    }
}

/// A grant without its body is no withdrawal: that has an empty one, signed so.
#[test]
fn a_grant_that_the_hub_emptied_takes_nothing_away() {
    let mut world = World::new();
    let (maker, reader) = (world.suitcase(7), world.suitcase(8));
    let shared = record(maker.peer(), "7-1");
    for _ in 0..2 {
        world.exchange(maker.peer()).expect("an honest hub");
        world.exchange(reader.peer()).expect("an honest hub");
        world.centre();
    }
    let to = reader.peer().chain();
    world.desk.peer().act(move |act| act.grant(shared, to)).expect("granted");
    world.centre();
    through(&world, reader.peer(), |answer| hollowed(answer, Kind::GRANT)).expect("it reads what it gets");
    assert!(reader.peer().read(|view| view.document(shared)).is_err(), "it has no key yet");
    world.lose_hub();
    world.centre();
    for _ in 0..2 {
        world.exchange(maker.peer()).expect("a new hub");
        world.centre();
        world.exchange(reader.peer()).expect("a new hub");
    }
    let document = reader.peer().read(|view| view.document(shared)).expect("the key came");
    assert_eq!(document.values()["a.last"][0].value.as_text(), Some("Коваль"));
}
