//! A hub without its database, a centre without its machine.

use chain::Restoring;
use clock::Clock;
use ids::{ChainId, RecordId};
use peer::{Filter, Peer};
use records::{Edit, Kind};
use sealing::AgreementSecret;
use valiza_tests::world::{Member, World, request_fields};

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

/// The suitcase that wrote a change is gone, the centre has not read it, the hub lost it: one reader has the entry, and
/// none of those before it.
fn a_single_reader() -> (World, Member, RecordId) {
    let mut world = World::new();
    let (first, second) = (world.suitcase(7), world.suitcase(8));
    let fields = request_fields("7-1", "Коваленко");
    let request = first.peer().act(move |act| act.create(Kind::Request, &fields)).unwrap();
    world.exchange(first.peer()).unwrap();
    world.centre();
    let reader = second.peer().chain();
    world.desk.peer().act(move |act| act.grant(request, reader)).unwrap();
    world.centre();
    world.exchange(second.peer()).unwrap();
    // Not for the reader, so what comes next stands behind a hole at it.
    record(first.peer(), "7-2");
    let edit = vec![Edit::new("phone", "+380501112233")];
    first.peer().act(move |act| act.edit(request, |_, _| Ok((edit, ())))).unwrap();
    world.exchange(first.peer()).unwrap();
    assert!(world.exchange(second.peer()).unwrap().received > 0);
    world.lose_hub();
    (world, second, request)
}

/// The new one, which the request had not when it was made.
fn has_phone(peer: &Peer, request: RecordId) -> bool {
    let values = peer.read(|view| view.document(request)).unwrap().values();
    values["phone"].iter().any(|written| written.value.as_text() == Some("+380501112233"))
}

#[test]
fn what_a_single_reader_holds_comes_back_to_a_hub_that_lost_it() {
    let (world, reader, request) = a_single_reader();
    let contact = world.exchange(reader.peer()).unwrap();
    assert!(contact.reborn);
    let again = world.exchange(reader.peer()).unwrap();
    assert_eq!((again.rounds, again.sent), (1, 0), "a hole that nobody can fill is not talked about for ever");
    world.centre();
    assert!(has_phone(reader.peer(), request));
    assert!(has_phone(world.desk.peer(), request), "the reader was the last that had it");
}

/// Also when it breaks off before the empty hub was told who the reader is.
#[test]
fn what_a_single_reader_holds_comes_back_wherever_the_contact_breaks_off() {
    for messages in 1.. {
        let (world, reader, request) = a_single_reader();
        let (ended, _) = world.break_off(reader.peer(), messages).unwrap();
        world.exchange(reader.peer()).unwrap();
        world.centre();
        assert!(has_phone(world.desk.peer(), request), "cut after {messages} messages");
        if ended {
            return;
        }
    }
}

#[test]
fn a_contact_that_breaks_off_anywhere_still_brings_all_that_the_hub_lacks() {
    let mut world = World::new();
    let suitcases = [7, 8].map(|number| world.suitcase(number));
    for suitcase in &suitcases {
        record(suitcase.peer(), "1");
        world.exchange(suitcase.peer()).unwrap();
    }
    world.centre();
    world.lose_hub();
    let whole = world.exchange(world.desk.peer()).unwrap();
    assert!(whole.reborn && whole.sent > 4);
    for messages in 1.. {
        world.lose_hub();
        let (ended, before) = world.break_off(world.desk.peer(), messages).unwrap();
        let after = world.exchange(world.desk.peer()).unwrap();
        assert!(before.sent + after.sent >= whole.sent, "cut after {messages}: {} and {}", before.sent, after.sent);
        if ended {
            return;
        }
    }
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
    begin(world, kit);
    let new = world.desk.peer();
    world.exchange(new).unwrap();
    assert!(!new.is_catching_up().unwrap());
    world.centre();
}

/// The same up to where it reads what the hub holds.
pub fn begin(world: &World, kit: &AgreementSecret) {
    let (mut restoring, key) = (Restoring::new(world.public, [5; 16]), world.root.signing_key());
    let told = loop {
        let answer = world.hub.restore(&restoring.question(&key), world.clock.now()).unwrap();
        if let Some(told) = restoring.answered(&answer).unwrap() {
            break told;
        }
    };
    let new = world.desk.peer();
    new.take_register(told.segments).unwrap();
    for (desk, _, sealed) in told.register.desks() {
        new.add_secret(peer::seals::open_desk_secret(kit, desk.register, sealed).unwrap()).unwrap();
    }
    new.begin_from_a_copy("hub").unwrap();
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

/// A hub that lost its memory, or part of it, begins one new life, and everybody hears of it once.
#[test]
fn a_new_life_begins_once_and_is_told_once() {
    let store = std::sync::Arc::new(hub::store::MemoryStore::new());
    let mut world = World::over(store.clone());
    let (first, second) = (world.suitcase(7), world.suitcase(8));
    let settle = |world: &World| {
        world.exchange(first.peer()).unwrap();
        world.exchange(second.peer()).unwrap();
        world.centre();
    };
    record(first.peer(), "7-1");
    settle(&world);
    let copy = store.copy();
    record(first.peer(), "7-2");
    record(second.peer(), "8-1");
    (0..3).for_each(|_| settle(&world));
    for part in [true, false] {
        if part {
            world.put_hub_back(std::sync::Arc::new(copy.copy()))
        } else {
            world.lose_hub()
        }
        let mut told = [0; 3];
        for _ in 0..5 {
            for (peer, told) in [first.peer(), second.peer(), world.desk.peer()].into_iter().zip(&mut told) {
                *told += usize::from(world.exchange(peer).unwrap().reborn);
            }
            world.centre();
        }
        // The desk exchanges within `centre` as well: it may have heard there.
        assert!(told[0] == 1 && told[1] == 1 && told[2] <= 1, "part {part}: {told:?}");
        for peer in [first.peer(), second.peer(), world.desk.peer()] {
            let quiet = world.exchange(peer).unwrap();
            assert_eq!((quiet.rounds, quiet.sent, quiet.reborn), (1, 0, false), "part {part}: {quiet:?}");
        }
    }
    assert_eq!(count(world.desk.peer()), 3);
}

/// The centre grants what one suitcase made to another, and both have heard of it.
fn share(world: &World, maker: &Member, reader: &Member, request: RecordId) {
    let to = reader.peer().chain();
    world.exchange(maker.peer()).unwrap();
    world.centre();
    world.desk.peer().act(move |act| act.grant(request, to)).unwrap();
    for _ in 0..2 {
        world.centre();
        world.exchange(maker.peer()).unwrap();
        world.exchange(reader.peer()).unwrap();
    }
}

/// Hub, desk and author were put back to before a change that one reader has; the author wrote on, and the reader got what
/// came later of it. By the last entry alone nobody would see that the two lives are not one.
#[test]
fn a_reader_that_holds_a_change_of_a_lost_life_says_so() {
    let mut world = World::new();
    let (mut seven, eight) = (world.suitcase(7), world.suitcase(8));
    let request = seven.peer().act(|act| act.create(Kind::Request, &request_fields("7-1", "Коваленко"))).unwrap();
    let phone = |peer: &Peer, value: &'static str| {
        peer.act(move |act| act.edit(request, |_, _| Ok((vec![Edit::new("phone", value)], ())))).unwrap();
    };
    share(&world, &seven, &eight, request);
    let (suitcase, desk) = (seven.image(), world.desk.image());
    phone(seven.peer(), "+380501111111");
    world.exchange(seven.peer()).unwrap();
    world.exchange(eight.peer()).unwrap();
    assert!(
        format!("{:?}", eight.peer().read(|view| view.document(request)).unwrap().values()).contains("+380501111111")
    );
    seven.put_back(&suitcase);
    world.desk.put_back(&desk);
    world.lose_hub();
    world.centre();
    record(seven.peer(), "7-2");
    record(seven.peer(), "7-3");
    phone(seven.peer(), "+380502222222");
    world.exchange(seven.peer()).unwrap();
    // The newest of it comes to the reader by another way than this hub.
    let chain = seven.peer().chain();
    let newest = seven.peer().read(|view| view.segment(chain, view.end(chain)?.seq, 1 << 20)).unwrap().unwrap();
    eight.peer().take_register(vec![newest]).unwrap();
    let contact = world.exchange(eight.peer()).unwrap();
    let forks = contact.refusals.iter().filter(|one| matches!(one.code, chain::RefusalCode::Fork { .. }));
    assert_eq!(forks.map(|one| one.chain).collect::<Vec<_>>(), [seven.peer().chain()], "{contact:?}");
}

/// The hub lost its memory and knows another life of a suitcase than a reader does. What the reader holds of the lost one is
/// not laid behind the end of the one that goes on, where that would come to it and could not go on.
#[test]
fn a_reader_lays_nothing_of_a_lost_life_into_the_way_of_the_one_that_goes_on() {
    let mut world = World::new();
    let (mut seven, eight) = (world.suitcase(7), world.suitcase(8));
    let request = seven.peer().act(|act| act.create(Kind::Request, &request_fields("7-1", "Коваленко"))).unwrap();
    share(&world, &seven, &eight, request);
    let suitcase = seven.image();
    // Every second entry is the reader's: the others are holes to it.
    for (number, phone) in [("7-2", "+380501111112"), ("7-3", "+380501111113"), ("7-4", "+380501111114")] {
        let edit = vec![Edit::new("phone", phone)];
        seven.peer().act(move |act| act.edit(request, |_, _| Ok((edit, ())))).unwrap();
        record(seven.peer(), number);
    }
    world.exchange(seven.peer()).unwrap();
    assert!(world.exchange(eight.peer()).unwrap().received > 0);
    seven.put_back(&suitcase);
    world.lose_hub();
    record(seven.peer(), "7-5");
    world.exchange(seven.peer()).unwrap();
    let contact = world.exchange(eight.peer()).unwrap();
    let refused: Vec<ChainId> = contact.refusals.iter().map(|one| one.chain).collect();
    assert_eq!(refused, [seven.peer().chain()], "said once: {contact:?}");
    let words = eight.peer().refusal_words(&contact.refusals).unwrap();
    assert!(words.len() == 1 && words[0].contains("валізи № 7") && words[0].contains("suitcase 7"), "{words:?}");
    let quiet = world.exchange(eight.peer()).unwrap();
    assert_eq!((quiet.rounds, quiet.sent, quiet.refusals), (1, 0, Vec::new()), "and not for ever");
    for number in ["7-6", "7-7", "7-8", "7-9"] {
        record(seven.peer(), number);
    }
    let contact = world.exchange(seven.peer()).unwrap();
    assert!(!contact.began_anew && contact.refusals.is_empty(), "nothing is in its way: {contact:?}");
    world.centre();
    world.exchange(seven.peer()).unwrap();
    let whereabouts = seven.peer().read(|view| view.whereabouts(Kind::Request, "hub")).unwrap();
    assert_eq!((whereabouts.here, whereabouts.on_the_way), (0, 0));
}
