//! Cut at every place of a small exchange, both ways; cut every so many bytes of a large one.

use super::scene::{Scene, runtime};
use chain::Courier;
use peer::sync::{Session, SyncError};
use valiza_tests::chaos::{Cut, End, Fate, Way, Weather};

/// Bytes between two places at which a connection is cut, over TCP with TLS; a prime, so that no structure is missed.
const STRIDE: u64 = 3;
/// A new contact as it is seen on the wire beside its entries: TLS with a certificate, heads, answers.
const CONTACT: u64 = 6_000;

/// Every single byte of the message and of its answer, without a network between: a part of either is nothing at all.
#[test]
fn a_message_or_answer_cut_at_any_byte_is_none() {
    runtime().block_on(async {
        let mut scene = Scene::new(Weather::default()).await;
        scene.record(2);
        scene.sync_in_the_end(1).await;
        scene.record(3);
        let (hub, now) = (&scene.world.hub, clock::Clock::now(scene.world.clock.as_ref()));
        let held = scene.held();
        let (mut session, mut courier) = (Session::new("hub"), Courier::default());
        let message = session.next(scene.peer(), courier.batch()).unwrap();
        for end in 0..message.len() {
            assert!(hub.answer(&message[..end], now).is_err(), "a message of {end} bytes was answered");
        }
        assert_eq!(scene.held(), held, "a part was taken for a message");
        let answer = hub.answer(&message, now).unwrap();
        for end in 0..answer.len() {
            // The same message once more, as after a cut: its bytes need not be the same, so the answer is another's.
            let refused = session.answered(scene.peer(), &answer[..end], &mut courier).unwrap_err();
            assert!(matches!(refused, SyncError::NotSigned), "an answer of {end} bytes: {refused:?}");
            assert_eq!(scene.waiting(), 3, "a part was taken for an answer");
            let again = session.next(scene.peer(), courier.batch()).unwrap();
            assert_eq!(again, message, "what was lost is said again, word for word");
        }
        let mut more = session.answered(scene.peer(), &answer, &mut courier).unwrap();
        while more {
            let message = session.next(scene.peer(), courier.batch()).unwrap();
            more = session.answered(scene.peer(), &hub.answer(&message, now).unwrap(), &mut courier).unwrap();
        }
        assert_eq!(scene.held(), held + 3, "nothing lost, nothing doubled");
        scene.all_is_well();
        println!("{} + {} places", message.len(), answer.len());
    });
}

/// Over TCP and TLS, each connection cut at another byte, by reset, by closing, by silence.
fn cut_everywhere(way: Way) {
    runtime().block_on(async {
        let mut scene = Scene::new(Weather::default()).await;
        scene.record(1);
        scene.sync_in_the_end(1).await;
        scene.chaos.turn(|_| Fate::default());
        scene.record(1);
        scene.sync_in_the_end(1).await;
        let whole = scene.chaos.passed();
        let length = if way == Way::Up { whole.up } else { whole.down };
        let mut places = 0;
        for (turn, after) in (0..length + STRIDE).step_by(STRIDE as usize).enumerate() {
            let end = match turn % 25 {
                0 => End::Silence,
                turn if turn % 2 == 0 => End::Reset,
                _ => End::Close,
            };
            let cut = Some(Cut { way, after, end });
            scene.chaos.turn(move |connection| Fate { cut: cut.filter(|_| connection == 0), ..Fate::default() });
            scene.record(1);
            let held = scene.held();
            scene.sync_in_the_end(2).await;
            assert_eq!(scene.waiting(), 0, "cut after {after} by {end:?}");
            assert_eq!(scene.held(), held + 1, "cut after {after} by {end:?}");
            // One batch was sent again, and one new contact was paid for it.
            let passed = scene.chaos.passed();
            let most = 2 * (whole.up + whole.down) + CONTACT;
            assert!(passed.up + passed.down <= most, "cut after {after} by {end:?}: {passed:?}, whole {whole:?}");
            places += 1;
        }
        assert!(places > 300, "too few places to prove anything: {places}");
        scene.all_is_well();
        println!("{way:?}: {places} places of {length} bytes");
    });
}

#[test]
fn a_contact_cut_anywhere_on_the_way_up_converges() {
    cut_everywhere(Way::Up);
}

#[test]
fn a_contact_cut_anywhere_on_the_way_down_converges() {
    cut_everywhere(Way::Down);
}

/// Cuts far more often than a batch takes: everything arrives, and what is sent again stays within bounds.
#[test]
fn a_link_that_is_cut_every_so_many_bytes_brings_everything_home_both_ways() {
    // Of 4,000 bytes the handshake takes most: whether an answer passes is a matter of some bytes, and one run in twenty
    // needs 83 connections where others need 25 to 50.
    for (after, requests, most) in [(4_000, 100, 8.0), (9_000, 150, 2.5), (20_000, 300, 1.8)] {
        runtime().block_on(async {
            let mut scene = Scene::new(Weather::default()).await;
            scene.sync_in_the_end(1).await;
            scene.chaos.turn(|_| Fate::default());
            scene.record(requests);
            scene.sync_in_the_end(1).await;
            let whole = scene.chaos.passed();
            let cut = Some(Cut { way: Way::Both, after, end: End::Reset });
            scene.chaos.turn(move |_| Fate { cut, ..Fate::default() });
            scene.record(requests);
            scene.sync_in_the_end(3).await;
            let passed = scene.chaos.passed();
            let ratio = (passed.up + passed.down) as f64 / (whole.up + whole.down) as f64;
            println!("cut every {after}: {} connections, {ratio:.2} times the bytes", passed.connections);
            assert!(passed.connections > 3, "it was not cut");
            assert!(ratio < most, "{ratio}: {passed:?} for {whole:?}");
            // The answers of the centre come down over the same link.
            scene.world.centre();
            let before = scene.chaos.passed();
            let contact = scene.sync_in_the_end(3).await;
            assert!(contact.received > 0 && scene.chaos.passed().down > before.down);
            scene.all_is_well();
        });
    }
}

/// Silence costs its patience and no more.
#[test]
fn a_half_open_connection_is_noticed_and_what_it_held_is_sent_again() {
    runtime().block_on(async {
        let mut scene = Scene::new(Weather::default()).await;
        scene.sync_in_the_end(1).await;
        scene.record(30);
        // The handshake goes through, the message does not.
        let cut = Some(Cut { way: Way::Up, after: 2_500, end: End::Silence });
        scene.chaos.turn(move |connection| Fate { cut: cut.filter(|_| connection == 0), ..Fate::default() });
        let begun = tokio::time::Instant::now();
        scene.sync(&mut Courier::default()).await.unwrap();
        assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
        assert_eq!(scene.chaos.passed().connections.min(2), 2);
        scene.all_is_well();
    });
}
