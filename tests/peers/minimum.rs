//! The community asks for a later program: whoever is too old goes on recording, sends nothing that it would seal, hears
//! the news, and says what to do.

use chain::{Fact, RefusalCode};
use peer::carry::Stick;
use peer::{Filter, Peer};
use records::Kind;
use valiza_tests::world::{Member, World, request_fields};

fn record(peer: &Peer, number: &'static str) {
    peer.act(move |act| act.create(Kind::Request, &request_fields(number, "Коваленко"))).unwrap();
}

fn count(peer: &Peer) -> u64 {
    peer.read(|view| view.count(&Filter::default())).unwrap()
}

fn waiting(peer: &Peer) -> u64 {
    peer.read(|view| view.whereabouts(Kind::Request, "hub")).unwrap().waiting_entries
}

/// A suitcase that has handed its first request over, in a community that then asks for this.
fn scene(protocol: u16, suite: u8) -> (World, Member) {
    let mut world = World::new();
    let seven = world.suitcase(7);
    record(seven.peer(), "7-1");
    world.exchange(seven.peer()).unwrap();
    world.centre();
    world.desk.peer().act(move |act| act.register_fact(&Fact::Minimum { protocol, suite })).unwrap();
    (world, seven)
}

#[test]
fn a_program_that_cannot_seal_as_the_community_asks_keeps_its_work_and_says_so() {
    let (world, seven) = scene(1, 2);
    // The desk's own program is too old as well: its public news goes out all the same, else nobody would learn of it.
    let desk = world.exchange(world.desk.peer()).unwrap();
    assert!(desk.refusals.iter().any(|refusal| refusal.code == RefusalCode::Protocol), "{desk:?}");
    world.exchange(seven.peer()).unwrap();
    assert_eq!(seven.peer().register().unwrap().minimum(), (1, 2), "the news came");
    record(seven.peer(), "7-2");
    let (waits, held) = (waiting(seven.peer()), count(world.desk.peer()));
    assert!(waits > 0);
    for _ in 0..2 {
        let contact = world.exchange(seven.peer()).unwrap();
        let codes: Vec<RefusalCode> = contact.refusals.iter().map(|refusal| refusal.code).collect();
        assert_eq!((contact.sent, codes), (0, vec![RefusalCode::Protocol]));
        assert!(contact.refusals[0].code.to_string().contains("оновіть"));
    }
    let stick = tempfile::tempdir().unwrap();
    let refused = seven.peer().carry_out(&Stick::at(stick.path()).unwrap(), "hub").unwrap_err();
    assert!(refused.to_string().contains("оновіть"), "{refused}");
    // It goes on recording, nothing is lost of it, and later news still comes.
    record(seven.peer(), "7-3");
    assert_eq!(count(seven.peer()), 3);
    assert!(waiting(seven.peer()) > waits);
    world.desk.peer().act(|act| act.register_fact(&Fact::KeptDays(9))).unwrap();
    world.exchange(world.desk.peer()).unwrap();
    world.exchange(seven.peer()).unwrap();
    assert_eq!(seven.peer().register().unwrap().kept_days(), Some(9));
    world.centre();
    assert_eq!(count(world.desk.peer()), held, "nothing of it is at the centre yet");
    assert_eq!(seven.peer().verify().unwrap().faults, Vec::<String>::new());
}

#[test]
fn a_minimum_that_every_program_meets_changes_nothing() {
    let (world, seven) = scene(chain::PROTOCOL, sealing::SUITE);
    world.centre();
    world.exchange(seven.peer()).unwrap();
    record(seven.peer(), "7-2");
    let contact = world.exchange(seven.peer()).unwrap();
    assert!(contact.refusals.is_empty() && contact.sent > 0, "{contact:?}");
    world.centre();
    assert_eq!(count(world.desk.peer()), 2);
}

#[test]
fn below_the_lowest_protocol_nobody_talks_and_everybody_is_told() {
    let (world, seven) = scene(2, 1);
    world.exchange(world.desk.peer()).unwrap();
    record(seven.peer(), "7-2");
    for _ in 0..2 {
        let contact = world.exchange(seven.peer()).unwrap();
        assert!(contact.refusals.iter().any(|refusal| refusal.code == RefusalCode::Protocol), "{contact:?}");
    }
    assert!(waiting(seven.peer()) > 0);
    assert_eq!(count(seven.peer()), 2);
}

/// The desk's register with one fact of a later version behind it, before anybody has heard of it.
fn published(world: &World, code: u8) {
    world.desk.peer().act(move |act| act.register_fact(&Fact::Later(code))).unwrap();
}

#[test]
fn a_fact_of_a_later_version_below_128_is_passed_over_by_everybody() {
    let mut world = World::new();
    let seven = world.suitcase(7);
    for code in [0, 16, 127] {
        published(&world, code);
    }
    world.desk.peer().act(|act| act.register_fact(&Fact::KeptDays(9))).unwrap();
    world.centre();
    record(seven.peer(), "7-1");
    for _ in 0..2 {
        let contact = world.exchange(seven.peer()).unwrap();
        assert!(contact.refusals.is_empty(), "{contact:?}");
    }
    let register = seven.peer().register().unwrap();
    assert_eq!((register.minimum(), register.not_understood()), ((1, 1), None));
    assert_eq!(register.kept_days(), Some(9), "what stands behind them is read");
    world.centre();
    assert_eq!(count(world.desk.peer()), 1);
    assert_eq!(seven.peer().verify().unwrap().faults, Vec::<String>::new());
}

#[test]
fn a_fact_that_must_be_understood_stops_the_reader_that_does_not_know_it() {
    for code in [128, 200, 255] {
        let mut world = World::new();
        let (mut seven, eight) = (world.suitcase(7), world.suitcase(8));
        record(seven.peer(), "7-1");
        world.exchange(seven.peer()).unwrap();
        world.centre();
        let held = count(world.desk.peer());
        // A hub of the later version would hand it out; this one knows nothing of it yet.
        published(&world, code);
        seven.peer().take_register(world.desk.peer().register_segments().unwrap()).unwrap();
        assert_eq!(seven.peer().register().unwrap().not_understood(), Some(code));
        record(seven.peer(), "7-2");
        let waits = waiting(seven.peer());
        for _ in 0..2 {
            let contact = world.exchange(seven.peer()).unwrap();
            let codes: Vec<RefusalCode> = contact.refusals.iter().map(|refusal| refusal.code).collect();
            assert_eq!((contact.sent, codes), (0, vec![RefusalCode::Protocol]));
            assert!(contact.refusals[0].code.to_string().contains("програма застаріла для цієї громади: оновіть її"));
        }
        let stick = tempfile::tempdir().unwrap();
        let refused = seven.peer().carry_out(&Stick::at(stick.path()).unwrap(), "hub").unwrap_err();
        assert!(refused.to_string().contains("оновіть"), "{refused}");
        // It goes on recording, over a restart as well, and nothing is lost of it.
        seven.close();
        seven.open();
        record(seven.peer(), "7-3");
        assert_eq!(count(seven.peer()), 3);
        assert!(waiting(seven.peer()) > waits);
        assert_eq!(seven.peer().verify().unwrap().faults, Vec::<String>::new());
        // Who has not heard of it is not stopped by somebody else's lack of knowledge.
        record(eight.peer(), "8-1");
        assert!(world.exchange(eight.peer()).unwrap().refusals.is_empty());
        assert_eq!(waiting(eight.peer()), 0);
        assert_eq!(count(world.desk.peer()), held);
    }
}

#[test]
fn a_hub_that_does_not_understand_says_so_and_its_suitcases_lose_nothing() {
    let mut world = World::new();
    let seven = world.suitcase(7);
    published(&world, 128);
    let told = |contact: &peer::sync::Contact| contact.refusals.iter().map(|one| one.code).collect::<Vec<_>>();
    let desk = world.exchange(world.desk.peer()).unwrap();
    // The desk's own program is no later one than the hub's here: it is told of both.
    assert_eq!(told(&desk), [RefusalCode::Answerer, RefusalCode::Protocol]);
    record(seven.peer(), "7-1");
    let waits = waiting(seven.peer());
    let contact = world.exchange(seven.peer()).unwrap();
    assert_eq!(told(&contact), [RefusalCode::Answerer]);
    assert!(contact.refusals[0].code.to_string().contains("програма вузла обміну застаріла"));
    assert_eq!((waiting(seven.peer()), count(seven.peer())), (waits, 1));
    assert_eq!(seven.peer().register().unwrap().not_understood(), None, "nothing was handed out");
}
