//! Only the difference travels.

use crate::community::{of_suitcase, publish, with_2027};
use chain::Courier;
use clock::Clock;
use jiff::civil::date;
use peer::Peer;
use peer::sync::Session;
use valiza_tests::world::World;

/// Everything between a peer and the hub, in bytes down and up.
fn exchange(world: &World, peer: &Peer) -> (usize, usize) {
    let (mut courier, mut session, mut bytes) = (Courier::default(), Session::new("hub"), (0, 0));
    loop {
        let message = session.next(peer, courier.batch()).expect("a message");
        let answer = world.hub.answer(&message, world.clock.now()).expect("the hub answers");
        bytes.0 += answer.len();
        bytes.1 += message.len();
        if !session.answered(peer, &answer, &mut courier).expect("a good answer") {
            peer.absorb().expect("it is looked at");
            return bytes;
        }
    }
}

#[test]
fn a_change_of_one_fee_reaches_a_suitcase_in_a_few_hundred_bytes() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    exchange(&world, world.desk.peer());
    exchange(&world, suitcase.peer());
    let nothing = exchange(&world, suitcase.peer());
    let source = with_2027(world.desk.peer(), "2027-01-01", "3500.00");
    publish(&world, &source);
    let news = exchange(&world, suitcase.peer());
    let down = news.0 - nothing.0;
    println!(
        "one fee of a release of {} bytes: {down} bytes more to a suitcase than an exchange without news ({} down, {} up)",
        source.canonical_bytes().len(),
        nothing.0,
        nothing.1
    );
    assert!(down < 600, "{down}");
    assert_eq!(of_suitcase(suitcase.peer()).in_force(date(2027, 1, 1)).number, 2);
}
