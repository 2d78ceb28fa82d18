//! What happens to a community besides its daily work, recorded: a record handed to another suitcase and taken back, a
//! laptop whose disk was put back, a person erased, a suitcase stolen, the centre's keys changed and the old ones destroyed.

use crate::exchange::{Recording, reads, record, replayed};
use chain::Fact;
use clock::Clock;
use ids::RecordId;
use peer::Peer;
use records::Edit;
use signing::Validity;
use std::collections::BTreeSet;
use valiza_tests::world::{Member, World};

const ALWAYS: Validity = Validity { not_before: 0, not_after: i64::MAX };

fn phone(peer: &Peer, record: RecordId, number: &'static str) {
    peer.act(move |act| act.edit(record, |_, _| Ok((vec![Edit::new("phone", number)], ())))).unwrap();
}

fn text(peer: &Peer, number: &str) -> String {
    let rows = peer.read(|view| view.list(&peer::Filter::default(), peer::Order::Number, 0, 99)).unwrap();
    let row = rows.into_iter().find(|row| row.number.as_deref() == Some(number)).unwrap();
    format!("{:?}", peer.read(|view| view.document(row.record)).unwrap().values())
}

#[test]
fn a_life_of_version_1_is_taken_in_and_a_desk_made_from_the_kit_reads_what_was_left_of_it() {
    let world = replayed("life");
    let desk = world.desk.peer();
    reads(desk, &[("7-1", "Коваленко"), ("7-3", "Гук"), ("7-304", "Шульга"), ("8-1", "Їжак"), ("9-1", "Мороз")]);
    assert!(text(desk, "7-1").contains("+380501112233"), "who was handed the record wrote in it");
    let register = desk.register().unwrap();
    assert_eq!(register.erasures().count(), 1);
    assert_eq!(register.suitcases().count(), 4, "three, and the life that one of them began");
    assert_eq!(register.unconfirmed().count(), 0);
    let waiting = desk.read(|view| view.exceptions(None)).unwrap();
    assert_eq!(waiting.len(), 1, "what the stolen suitcase wrote afterwards waits for a person: {waiting:?}");
    assert_eq!(desk.read(|view| view.old_secrets()).unwrap(), 1, "none of a key that was destroyed");
    // And it goes on: a new suitcase of today works in the old community.
    let mut world = world;
    let new = world.suitcase(10);
    record(&new, "10-1", "Мельник");
    world.exchange(new.peer()).unwrap();
    world.centre();
    assert!(crate::exchange::requests(world.desk.peer()).iter().any(|row| row.0.as_deref() == Some("10-1")));
}

/// A disk that was put back goes on under a new name, which a person confirms.
fn begin_anew(world: &World, written: &mut Recording, suitcase: &mut Member, others: [&Member; 2]) {
    let image = suitcase.image();
    record(suitcase, "7-3", "Гук");
    written.exchange(world, suitcase);
    suitcase.put_back(&image);
    record(suitcase, "7-304", "Шульга");
    written.settle(world, &[suitcase, others[0], others[1]]);
    let waits = world.desk.peer().register().unwrap().unconfirmed().next().expect("it began anew").chain;
    world.desk.peer().act(move |act| act.confirm_rebirth(waits, ALWAYS)).unwrap();
    written.settle(world, &[suitcase, others[0], others[1]]);
}

fn erase(world: &World, gone: RecordId) {
    world.desk.peer().act(move |act| act.order_erasure(&BTreeSet::from([gone]))).unwrap();
    world.desk.peer().obey().unwrap();
}

fn steal(world: &World, suitcase: &Member) {
    let chain = suitcase.peer().chain();
    let fact = Fact::Revocation { chain, from: world.clock.now().0, reason: "викрадено".into() };
    world.desk.peer().act(move |act| act.register_fact(&fact)).unwrap();
    while world.desk.peer().act(move |act| act.renew_keys_of(chain, 10)).unwrap() > 0 {}
}

fn change_keys(world: &World, written: &mut Recording, all: &[&Member]) {
    world.desk.peer().rotate(world.root.signing_key(), ALWAYS, "admin").unwrap();
    while world.desk.peer().tell_again().unwrap() {}
    written.settle(world, all);
    while world.desk.peer().tell_again().unwrap() {}
    written.centre(world);
    let state = world.desk.peer().rotation_state("hub").unwrap().unwrap();
    assert_eq!((state.facts_left, state.keys_left, state.unsent), (0, 0, 0), "{state:?}");
    world.desk.peer().destroy_old_keys().unwrap();
    written.settle(world, all);
}

#[test]
#[ignore = "records what later versions replay: see the README there"]
fn record_the_next_version() {
    let mut world = World::new();
    let mut written = Recording::default();
    let (mut first, second, third) = (world.suitcase(7), world.suitcase(8), world.suitcase(9));
    written.exchange(&world, &world.desk);
    let shared = record(&first, "7-1", "Коваленко");
    let gone = record(&first, "7-2", "Стиранко");
    record(&second, "8-1", "Їжак");
    record(&third, "9-1", "Мороз");
    written.settle(&world, &[&first, &second, &third]);
    let to = second.peer().chain();
    world.desk.peer().act(move |act| act.grant(shared, to)).unwrap();
    written.settle(&world, &[&first, &second]);
    phone(second.peer(), shared, "+380501112233");
    written.settle(&world, &[&first, &second]);
    begin_anew(&world, &mut written, &mut first, [&second, &third]);
    erase(&world, gone);
    written.settle(&world, &[&first, &second, &third]);
    world.desk.peer().act(move |act| act.withdraw_grant(shared, to)).unwrap();
    written.settle(&world, &[&first, &second]);
    world.clock.advance(std::time::Duration::from_secs(3_600));
    steal(&world, &third);
    record(&third, "9-2", "Ярема");
    written.settle(&world, &[&first, &second, &third]);
    change_keys(&world, &mut written, &[&first, &second]);
    written.write(&world, "life");
}
