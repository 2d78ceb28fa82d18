//! A hub without its database, a centre without its machine.

use clock::Clock;
use peer::{Filter, Peer};
use records::Kind;
use sealing::AgreementSecret;
use valiza_tests::world::{World, request_fields};

fn record(peer: &Peer, number: &'static str) {
    peer.act(move |act| act.create(Kind::Request, &request_fields(number, "Коваленко"))).unwrap();
}

fn count(peer: &Peer) -> u64 {
    peer.read(|view| view.count(&Filter::default())).unwrap()
}

#[test]
fn a_hub_that_lost_its_database_is_healed_by_suitcase_and_desk() {
    let mut world = World::new();
    let (first, second) = (world.suitcase(7), world.suitcase(8));
    record(first.peer(), "7-1");
    record(second.peer(), "8-1");
    world.exchange(first.peer()).unwrap();
    world.exchange(second.peer()).unwrap();
    world.centre();
    world.lose_hub();
    record(first.peer(), "7-2");
    let contact = world.exchange(first.peer()).unwrap();
    assert!(contact.reborn);
    world.centre();
    assert_eq!(count(world.desk.peer()), 3, "the new request came through the empty hub");
    // The second suitcase stays away: what it had brought comes back from the desk.
    world.centre();
    let kit = AgreementSecret::from_bytes(world.root.agreement_secret());
    world.lose_desk();
    restore(&world, &kit);
    assert_eq!(count(world.desk.peer()), 3, "the hub had all of it again");
}

#[test]
fn a_lost_centre_comes_back_from_kit_and_hub() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    record(suitcase.peer(), "7-1");
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
    world.desk.peer().act(|act| act.create(Kind::Request, &request_fields("0-1", "Гук"))).unwrap();
    world.centre();
    let before = world.desk.peer().read(|view| view.list(&Filter::default(), peer::Order::Number, 0, 9)).unwrap();
    world.lose_desk();
    assert_eq!(count(world.desk.peer()), 0);
    let kit = AgreementSecret::from_bytes(world.root.agreement_secret());
    restore(&world, &kit);
    let after = world.desk.peer().read(|view| view.list(&Filter::default(), peer::Order::Number, 0, 9)).unwrap();
    let essence = |rows: &[peer::RecordRow]| {
        rows.iter()
            .map(|row| (row.record, row.number.clone(), row.state.clone(), row.title.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(essence(&after), essence(&before));
    // The suitcase goes on with the new centre.
    record(suitcase.peer(), "7-2");
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
    world.exchange(suitcase.peer()).unwrap();
    assert_eq!(count(world.desk.peer()), 3);
    record(suitcase.peer(), "7-3");
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
    assert_eq!(count(world.desk.peer()), 4);
}

/// What the restore command does with the kit: predecessors' secrets open what was sealed to them.
pub fn restore(world: &World, kit: &AgreementSecret) {
    world.exchange(world.desk.peer()).unwrap();
    let register = world.desk.peer().register().unwrap();
    for (desk, _, sealed) in register.desks() {
        let secret = peer::seals::open_desk_secret(kit, desk.register, sealed).unwrap();
        world.desk.peer().add_secret(secret).unwrap();
    }
    world.desk.peer().look_again().unwrap();
    world.centre();
}

/// Everything from the hub is stored; the program dies before it looks at any of it.
fn store_only(world: &World, peer: &Peer) {
    let (mut courier, mut session) = (chain::Courier::default(), peer::sync::Session::new("hub"));
    loop {
        let message = session.next(peer, courier.batch()).unwrap();
        let answer = world.hub.answer(&message, world.clock.now()).unwrap();
        if !session.answered(peer, &answer, &mut courier).unwrap() {
            return;
        }
    }
}

fn set_aside(peer: &Peer) -> usize {
    peer.read(|view| view.exceptions(None)).unwrap().len()
}

#[test]
fn what_a_killed_centre_had_stored_is_looked_at_before_any_verdict() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    record(suitcase.peer(), "7-1");
    world.exchange(suitcase.peer()).unwrap();
    store_only(&world, world.desk.peer());
    world.desk.close();
    world.desk.open();
    assert!(world.desk.peer().write_verdicts().unwrap() > 0);
    world.exchange(world.desk.peer()).unwrap();
    world.exchange(suitcase.peer()).unwrap();
    assert_eq!((set_aside(suitcase.peer()), count(world.desk.peer())), (0, 1));
}

#[test]
fn a_verdict_that_came_too_early_is_taken_back_whatever_the_entry_was() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    record(suitcase.peer(), "7-1");
    world.exchange(suitcase.peer()).unwrap();
    store_only(&world, world.desk.peer());
    world.desk.peer().write_verdicts().unwrap();
    world.exchange(world.desk.peer()).unwrap();
    world.exchange(suitcase.peer()).unwrap();
    assert!(set_aside(suitcase.peer()) >= 2, "an epoch and a change among them");
    world.centre();
    world.exchange(suitcase.peer()).unwrap();
    assert_eq!((set_aside(suitcase.peer()), set_aside(world.desk.peer())), (0, 0));
}
