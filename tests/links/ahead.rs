//! Messages that are sent before the last one is answered: in order, or with the one before them lost.

use super::scene::{Scene, runtime};
use chain::Courier;
use clock::Clock;
use peer::sync::{Contact, Session, sync};
use valiza_tests::chaos::{Cut, End, Fate, Way, Weather};
use valiza_tests::served;

#[test]
fn what_was_lost_alone_is_sent_again_and_not_what_was_sent_behind_it() {
    runtime().block_on(async {
        for lost in [false, true] {
            let mut scene = Scene::new(Weather::default()).await;
            scene.record(60);
            let (hub, now, peer) = (&scene.world.hub, scene.world.clock.now(), scene.peer());
            let (held, waited) = (scene.held(), scene.waiting());
            let (mut session, mut courier) = (Session::new("hub"), Courier::default());
            session.budget = 0;
            let first = session.next(peer, 6_000).unwrap();
            let second = session.following(peer, 6_000).unwrap().expect("more is left");
            let behind = if lost {
                let answer = hub.answer(&second, now).unwrap();
                let behind = scene.held() - held;
                session.lost();
                assert!(session.answered(peer, &answer, &mut courier).is_ok());
                assert_eq!(scene.waiting(), waited, "nothing is confirmed over a gap");
                let again = session.next(peer, 6_000).unwrap();
                assert_eq!(again.len(), first.len(), "the gap and no more");
                session.answered(peer, &hub.answer(&again, now).unwrap(), &mut courier).unwrap();
                behind
            } else {
                session.answered(peer, &hub.answer(&first, now).unwrap(), &mut courier).unwrap();
                let before = scene.held();
                assert!(session.answered(peer, &hub.answer(&second, now).unwrap(), &mut courier).unwrap());
                scene.held() - before
            };
            assert!(behind > 3, "{behind}");
            let confirmed = scene.held() - held;
            assert!(confirmed > behind);
            assert_eq!(scene.waiting(), waited - confirmed, "both are confirmed");
            scene.sync_in_the_end(1).await;
            scene.all_is_well();
        }
    });
}

#[test]
fn nothing_is_sent_behind_the_last_message_or_one_that_has_to_be_answered_first() {
    runtime().block_on(async {
        let mut scene = Scene::new(Weather::default()).await;
        scene.record(3);
        let (hub, now, peer) = (&scene.world.hub, scene.world.clock.now(), scene.peer());
        let (mut session, mut courier) = (Session::new("hub"), Courier::default());
        assert_eq!(session.following(peer, 6_000).unwrap(), None, "behind nothing");
        let all = session.next(peer, 100_000).unwrap();
        assert_eq!(session.following(peer, 6_000).unwrap(), None, "nothing is left");
        session.answered(peer, &hub.answer(&all, now).unwrap(), &mut courier).unwrap();
        assert_eq!(session.following(peer, 6_000).unwrap(), None, "it was answered");
        assert!(session.answered(peer, &[], &mut courier).is_err(), "no answer is awaited");
        scene.sync_in_the_end(1).await;
        scene.all_is_well();
    });
}

/// Slow and cut: where the cuts are known most messages are on the wire before the last one is answered, and little is
/// sent twice. How much time that saves is the bench's to measure.
#[test]
fn while_one_answer_is_awaited_the_next_message_is_on_the_wire() {
    runtime().block_on(async {
        let round_trip = std::time::Duration::from_millis(200);
        let slow = Weather { up: Some(20_000), down: Some(20_000), round_trip, tunnel: None };
        let mut scene = Scene::new(slow).await;
        let cut = Some(Cut { way: Way::Both, after: 20_000, end: End::Reset });
        let mut contact = Contact::default();
        let mut whole = scene.chaos.passed();
        for cut in [None, cut, cut] {
            scene.chaos.turn(move |_| Fate { cut, ..Fate::default() });
            scene.record(150);
            // With the programs' own patience: this network is slow and not silent.
            let mut link = served::link(&scene.world, scene.chaos.address);
            contact = sync(scene.peer(), &mut link, "hub", &mut Courier::default()).await.unwrap();
            if cut.is_none() {
                whole = scene.chaos.passed();
            }
        }
        let passed = scene.chaos.passed();
        let ratio = (passed.up + passed.down) as f64 / (whole.up + whole.down) as f64;
        println!("{} of {} ahead, {ratio:.2} times the bytes, {passed:?}", contact.ahead, contact.rounds);
        assert!(passed.connections > 4, "it was not cut: {passed:?}");
        assert!(contact.ahead * 2 >= contact.rounds, "{} of {}", contact.ahead, contact.rounds);
        assert!(ratio < 1.35, "{ratio}: {passed:?} for {whole:?}");
        scene.chaos.turn(|_| Fate::default());
        scene.all_is_well();
    });
}
