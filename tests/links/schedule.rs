//! When it is tried again: batches adapt, dead networks say nothing about batches, a tunnel is waited through.

use super::scene::{SHORT, Scene, runtime};
use chain::Courier;
use peer::sync::{LinkError, SyncError};
use std::time::Duration;
use valiza_tests::chaos::{Chaos, Cut, End, Fate, Way, Weather};
use valiza_tests::served;

#[test]
fn a_network_that_is_dead_leaves_the_batch_alone_and_cuts_make_it_small() {
    runtime().block_on(async {
        let mut scene = Scene::new(Weather::default()).await;
        scene.record(40);
        let mut courier = Courier::default();
        let first = courier.load(0, true).batch;
        scene.chaos.turn(|_| Fate { answer: Some(b"HTTP/1.1 302 Found\r\n\r\n"), ..Fate::default() });
        scene.sync(&mut courier).await.unwrap_err();
        assert_eq!(courier.load(0, true).batch, first, "a portal says nothing about batches");
        // Room for a handshake and one entry, and for no second.
        let cut = Some(Cut { way: Way::Up, after: 1_500, end: End::Reset });
        scene.chaos.turn(move |_| Fate { cut, ..Fate::default() });
        for _ in 0..4 {
            if scene.sync(&mut courier).await.is_ok() {
                break;
            }
        }
        assert_eq!(scene.waiting(), 0, "single entries reach home: {courier:?}");
        let small = courier.load(0, true).batch;
        assert!(small < 1_500, "{small}");
        // The link is well again: batches grow.
        scene.chaos.turn(|_| Fate::default());
        for _ in 0..40 {
            scene.record(6);
            scene.sync(&mut courier).await.unwrap();
        }
        let grown = courier.load(0, true).batch;
        assert!(grown > 4 * small.max(400), "{small} grew to {grown} only: {courier:?}");
        scene.all_is_well();
    });
}

#[test]
fn what_a_contact_learnt_serves_the_next_program_too() {
    runtime().block_on(async {
        let mut scene = Scene::new(Weather::default()).await;
        let cut = Some(Cut { way: Way::Both, after: 12_000, end: End::Reset });
        scene.chaos.turn(move |_| Fate { cut, ..Fate::default() });
        scene.record(100);
        scene.sync_in_the_end(3).await;
        let learnt = scene.chaos.passed();
        scene.chaos.turn(move |_| Fate { cut, ..Fate::default() });
        scene.record(100);
        // A courier that knows nothing, as a command has it.
        scene.sync(&mut Courier::default()).await.unwrap();
        let known = scene.chaos.passed();
        assert!(known.connections < learnt.connections, "{known:?} after {learnt:?}");
        scene.all_is_well();
    });
}

/// On and off: what is under way when the network goes is sent again when it is back, in one contact.
#[test]
fn a_tunnel_is_waited_through() {
    runtime().block_on(async {
        let tunnel = Some((Duration::from_millis(700), Duration::from_millis(900)));
        let weather = Weather { up: Some(40_000), down: Some(40_000), tunnel, ..Weather::default() };
        let mut scene = Scene::new(weather).await;
        scene.record(150);
        let mut courier = Courier::default();
        let mut attempts = 0;
        while scene.waiting() > 0 {
            attempts += 1;
            assert!(attempts < 30, "it never gets through");
            match scene.sync(&mut courier).await {
                Ok(_) => {}
                Err(SyncError::Link(LinkError::Unreachable | LinkError::Silent | LinkError::Cut | LinkError::Away)) => {
                }
                Err(other) => panic!("{other:?}"),
            }
        }
        scene.all_is_well();
    });
}

/// The network goes with a message under way and stays away: what is sent when it is back is not made for cuts.
#[test]
fn a_network_that_goes_says_nothing_about_what_a_connection_carries() {
    runtime().block_on(async {
        let mut scene = Scene::new(Weather::default()).await;
        let tunnel = Some((Duration::from_millis(400), Duration::from_secs(600)));
        scene.chaos.turn(|_| Fate::default());
        scene.record(100);
        let away = Weather { up: Some(40_000), down: Some(40_000), tunnel, ..Weather::default() };
        let gone = Chaos::start(scene.hub, away, |_| Fate::default()).await;
        let mut courier = Courier::default();
        let mut link = served::link(&scene.world, gone.address).with_patience(SHORT);
        let error = peer::sync::sync(scene.peer(), &mut link, "hub", &mut courier).await.unwrap_err();
        assert!(matches!(error, SyncError::Link(LinkError::Unreachable)), "{error:?}");
        assert!(gone.passed().up > 4_000, "nothing was under way: {:?}", gone.passed());
        assert_eq!(courier.reach().bounds().1, None, "{courier:?}");
        let waiting = scene.waiting();
        scene.sync(&mut courier).await.unwrap();
        assert_eq!(scene.chaos.passed().connections, 1, "in one go");
        assert!(waiting >= 100, "{waiting}");
        scene.all_is_well();
    });
}

/// A long answer on a slow link takes as long as it takes: only silence ends it.
#[test]
fn a_long_answer_is_not_mistaken_for_silence() {
    runtime().block_on(async {
        let mut scene = Scene::new(Weather::default()).await;
        scene.record(150);
        scene.sync(&mut Courier::default()).await.unwrap();
        scene.chaos.turn(|_| Fate::default());
        scene.chaos.weather(Weather { down: Some(20_000), ..Weather::default() });
        let begun = tokio::time::Instant::now();
        let (mut link, desk) = (scene.link(), scene.world.desk.peer());
        let contact = peer::sync::sync(desk, &mut link, "hub", &mut Courier::default()).await.unwrap();
        assert!(contact.received > 150, "{contact:?}");
        assert!(begun.elapsed() > 6 * SHORT.silence, "too quick to prove anything: {:?}", begun.elapsed());
        assert_eq!(scene.chaos.passed().connections, 1, "in one go");
    });
}

/// What comes down is cut to the link as well: a large answer reaches a desk over a link that is cut all the time.
#[test]
fn an_answer_is_made_to_fit_a_link_that_is_cut() {
    runtime().block_on(async {
        let mut scene = Scene::new(Weather::default()).await;
        scene.record(150);
        scene.sync(&mut Courier::default()).await.unwrap();
        let cut = Some(Cut { way: Way::Down, after: 9_000, end: End::Reset });
        scene.chaos.turn(move |_| Fate { cut, ..Fate::default() });
        let (mut link, desk) = (scene.link(), scene.world.desk.peer());
        let contact = peer::sync::sync(desk, &mut link, "hub", &mut Courier::default()).await.unwrap();
        assert!(contact.received > 150, "{contact:?}");
        scene.chaos.turn(|_| Fate::default());
        scene.all_is_well();
    });
}
