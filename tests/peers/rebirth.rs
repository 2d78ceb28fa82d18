//! Laptops whose disk was put back from a copy, or is there twice: both lives' work arrives once, under numbers that
//! nobody else has.

use chain::{Courier, ExceptionCode, Reason, Standing};
use clock::Clock;
use peer::sync::Session;
use peer::{Filter, Order, OwnFact, Peer};
use records::{Edit, Kind};
use std::collections::BTreeMap;
use valiza_tests::world::{Member, World, request_fields};

pub fn record(peer: &Peer, number: &'static str) -> ids::RecordId {
    peer.act(move |act| act.create(Kind::Request, &request_fields(number, "Коваленко"))).unwrap()
}

fn set(peer: &Peer, record: ids::RecordId, key: &'static str, value: &'static str) {
    peer.act(move |act| act.edit(record, |_, _| Ok((vec![Edit::new(key, value)], ())))).unwrap();
}

/// Numbers on paper and how many records have each.
fn numbers(peer: &Peer) -> BTreeMap<String, usize> {
    let rows = peer.read(|view| view.list(&Filter::default(), Order::Number, 0, 99)).unwrap();
    let mut found = BTreeMap::new();
    for row in rows {
        *found.entry(row.number.unwrap_or_default()).or_default() += 1;
    }
    found
}

fn values(peer: &Peer, record: ids::RecordId, key: &str) -> Vec<String> {
    let document = peer.read(|view| view.document(record)).unwrap();
    let all = document.values().remove(key).unwrap_or_default();
    let mut texts: Vec<String> = all.iter().filter_map(|one| Some(one.value.as_text()?.to_owned())).collect();
    texts.sort();
    texts
}

/// Everybody talks until nobody has anything new.
pub fn settle(world: &World, members: &[&Member]) {
    for _ in 0..4 {
        for member in members {
            world.exchange(member.peer()).unwrap();
        }
        world.centre();
    }
}

/// A person at the centre confirms every chain that waits; with the newest of a line those before it. Gives back how many
/// times that was done.
pub fn confirm_all(world: &World) -> usize {
    let register = world.desk.peer().register().unwrap();
    let waiting: Vec<_> = register.unconfirmed().collect();
    let goes_on = |chain| waiting.iter().any(|rebirth| rebirth.predecessor == chain);
    let newest: Vec<_> = waiting.iter().map(|rebirth| rebirth.chain).filter(|chain| !goes_on(*chain)).collect();
    for chain in &newest {
        let (chain, validity) = (*chain, signing::Validity { not_before: 0, not_after: i64::MAX });
        world.desk.peer().act(move |act| act.confirm_rebirth(chain, validity)).unwrap();
    }
    newest.len()
}

/// A contact over a link that carries little at once, cut after so many messages.
fn small_messages(world: &World, peer: &Peer, messages: usize) {
    let mut session = Session::new("hub");
    for _ in 0..messages {
        let message = session.next(peer, 1_000).unwrap();
        let answer = world.hub.answer(&message, world.clock.now()).unwrap();
        session.answered(peer, &answer, &mut Courier::default()).unwrap();
    }
}

fn is_whole(peer: &Peer) {
    assert_eq!(peer.verify().unwrap().faults, Vec::<String>::new());
    let before = peer.rows_as_text().unwrap();
    peer.rebuild().unwrap();
    assert_eq!(peer.rows_as_text().unwrap(), before);
}

/// A shift may end: of every chain that the laptop ever wrote all is anchored and judged.
pub fn nothing_is_left(peer: &Peer) {
    let (present, chains) = peer.own_state("hub").unwrap();
    let closed = chain::nothing_left(&present, &chains).unwrap();
    assert_eq!(closed.len(), chains.len());
}

const ALL: [&str; 5] = ["7-1", "7-2", "7-3", "7-4", "7-5"];

fn each_once(peer: &Peer, expected: &[&str]) {
    let expected: BTreeMap<String, usize> = expected.iter().map(|number| ((*number).to_owned(), 1)).collect();
    assert_eq!(numbers(peer), expected);
}

#[test]
fn a_laptop_put_back_from_a_copy_goes_on_and_nothing_is_written_twice() {
    let mut world = World::new();
    let mut laptop = world.suitcase(7);
    let first = record(laptop.peer(), "7-1");
    world.exchange(laptop.peer()).unwrap();
    world.centre();
    let image = laptop.image();
    record(laptop.peer(), "7-2");
    set(laptop.peer(), first, "phone", "+380501111111");
    world.exchange(laptop.peer()).unwrap();
    world.centre();
    let old = laptop.peer().chain();
    // The disk is put back: the laptop has forgotten 7-2, and goes on recording before anybody tells it.
    laptop.put_back(&image);
    let third = record(laptop.peer(), "7-3");
    set(laptop.peer(), third, "phone", "+380502222222");
    set(laptop.peer(), first, "phone", "+380503333333");
    let contact = world.exchange(laptop.peer()).unwrap();
    assert!(contact.began_anew && contact.refusals.iter().all(|refusal| refusal.chain != old), "{contact:?}");
    let reborn = laptop.peer().read(|view| view.reborn()).unwrap().unwrap();
    assert_eq!((reborn.before, reborn.reason), (old, Reason::Fork));
    assert!(reborn.written_again >= 3, "{reborn:?}");
    assert_ne!(laptop.peer().chain(), old);
    // It works at once; the centre keeps what it sends until a person has confirmed it.
    record(laptop.peer(), "7-4");
    settle(&world, &[&laptop]);
    each_once(world.desk.peer(), &["7-1", "7-2"]);
    let waiting = |peer: &Peer| peer.read(|view| view.whereabouts(Kind::Request, "hub")).unwrap();
    assert_eq!((waiting(laptop.peer()).here, waiting(laptop.peer()).waiting_entries), (0, 0), "everything is anchored");
    assert_eq!(waiting(laptop.peer()).at_centre, 0, "and nothing has its verdict");
    assert_eq!(confirm_all(&world), 1);
    record(laptop.peer(), "7-5");
    settle(&world, &[&laptop]);
    each_once(world.desk.peer(), &ALL);
    each_once(laptop.peer(), &ALL);
    assert_eq!(waiting(laptop.peer()).on_the_way, 0);
    assert_eq!(values(world.desk.peer(), first, "phone"), ["+380501111111", "+380503333333"], "both are kept");
    assert_eq!(values(laptop.peer(), first, "phone"), values(world.desk.peer(), first, "phone"));
    assert_eq!(values(world.desk.peer(), third, "phone"), ["+380502222222"]);
    nothing_is_left(laptop.peer());
    is_whole(laptop.peer());
    is_whole(world.desk.peer());
    // The next change of a record of the old chain comes down to the new one.
    set(world.desk.peer(), first, "a.first", "Олена");
    settle(&world, &[&laptop]);
    assert_eq!(values(laptop.peer(), first, "a.first"), ["Олена"]);
}

#[test]
fn a_laptop_put_back_that_wrote_nothing_yet_loses_nothing_either() {
    let mut world = World::new();
    let mut laptop = world.suitcase(7);
    record(laptop.peer(), "7-1");
    let image = laptop.image();
    record(laptop.peer(), "7-2");
    world.exchange(laptop.peer()).unwrap();
    world.centre();
    laptop.put_back(&image);
    assert!(world.exchange(laptop.peer()).unwrap().began_anew);
    assert_eq!(laptop.peer().read(|view| view.reborn()).unwrap().unwrap().reason, Reason::Ahead);
    record(laptop.peer(), "7-3");
    settle(&world, &[&laptop]);
    assert_eq!(confirm_all(&world), 1);
    settle(&world, &[&laptop]);
    each_once(world.desk.peer(), &ALL[..3]);
    each_once(laptop.peer(), &ALL[..3]);
}

#[test]
fn a_mark_that_is_ahead_begins_anew_without_any_network() {
    let mut world = World::new();
    let mut laptop = world.suitcase(7);
    record(laptop.peer(), "7-1");
    let image = laptop.image();
    record(laptop.peer(), "7-2");
    world.exchange(laptop.peer()).unwrap();
    laptop.put_back(&image);
    laptop.peer().begin_anew().unwrap();
    record(laptop.peer(), "7-3");
    laptop.close();
    laptop.open();
    record(laptop.peer(), "7-4");
    settle(&world, &[&laptop]);
    confirm_all(&world);
    settle(&world, &[&laptop]);
    each_once(world.desk.peer(), &ALL[..4]);
    each_once(laptop.peer(), &ALL[..4]);
    nothing_is_left(laptop.peer());
    is_whole(laptop.peer());
}

/// Two laptops from one image, both at work, either first at the hub.
#[test]
fn a_doubled_laptop_loses_nobodys_work() {
    for first_is_twin in [false, true] {
        let mut world = World::new();
        let mut laptop = world.suitcase(7);
        let shared = record(laptop.peer(), "7-1");
        world.exchange(laptop.peer()).unwrap();
        world.centre();
        let twin = {
            let image = laptop.image();
            laptop.twin(&image)
        };
        record(laptop.peer(), "7-2");
        set(laptop.peer(), shared, "phone", "+380501111111");
        record(twin.peer(), "7-3");
        set(twin.peer(), shared, "phone", "+380502222222");
        let order = if first_is_twin { [&twin, &laptop] } else { [&laptop, &twin] };
        assert!(!world.exchange(order[0].peer()).unwrap().began_anew);
        assert!(world.exchange(order[1].peer()).unwrap().began_anew);
        settle(&world, &order);
        assert_eq!(confirm_all(&world), 1);
        record(order[1].peer(), "7-4");
        let old = order[0].peer().chain();
        record(order[0].peer(), "7-5");
        settle(&world, &order);
        each_once(world.desk.peer(), &ALL[..4]);
        assert_eq!(values(world.desk.peer(), shared, "phone"), ["+380501111111", "+380502222222"]);
        is_whole(order[1].peer());
        // The other laptop's number goes on elsewhere now: what it still brought waits for a person, and it learns of it
        // and begins anew, too.
        let register = order[0].peer().register().unwrap();
        assert!(matches!(register.standing(old, 0), Standing::Continued { .. }));
        let reborn = order[0].peer().read(|view| view.reborn()).unwrap().unwrap();
        assert_eq!((reborn.before, reborn.reason), (old, Reason::Continued));
        let set_aside = world.desk.peer().read(|view| view.exceptions(Some(old))).unwrap();
        let change = set_aside.iter().find(|(_, exception)| exception.code == ExceptionCode::Quarantined).unwrap();
        world.desk.peer().accept_exception(old, change.1.seq).unwrap();
        each_once(world.desk.peer(), &ALL);
        record(order[0].peer(), "7-6");
        settle(&world, &order);
        each_once(world.desk.peer(), &ALL);
        assert_eq!(confirm_all(&world), 1);
        settle(&world, &order);
        let all: Vec<&str> = ALL.into_iter().chain(["7-6"]).collect();
        each_once(world.desk.peer(), &all);
        is_whole(world.desk.peer());
        is_whole(order[0].peer());
    }
}

/// Whose life goes on is all that a person confirmed: where the chain before ended, a twin of its disk fills in otherwise.
#[test]
fn what_a_twin_brings_in_place_of_what_is_still_under_way_waits_for_a_person() {
    let mut world = World::new();
    let mut laptop = world.suitcase(7);
    record(laptop.peer(), "7-1");
    world.exchange(laptop.peer()).unwrap();
    world.centre();
    let records = |laptop: &Member| {
        for _ in 0..20 {
            record(laptop.peer(), "7-2");
        }
    };
    records(&laptop);
    let twin = {
        let image = laptop.image();
        laptop.twin(&image)
    };
    records(&laptop);
    let old = laptop.peer().chain();
    laptop.peer().begin_anew().unwrap();
    // The link breaks when the centre's hub knows of the new chain and lacks most of the old one.
    let known = |messages| {
        small_messages(&world, laptop.peer(), messages);
        world.centre();
        let register = world.desk.peer().register().unwrap();
        register.rebirth(laptop.peer().chain()).copied()
    };
    let rebirth = (1..9).find_map(known).expect("the desk hears of the new chain");
    let held = |world: &World| world.desk.peer().read(|view| view.exceptions(Some(old))).unwrap().len();
    assert_eq!((confirm_all(&world), held(&world)), (1, 0));
    let counted = numbers(world.desk.peer()).get("7-2").copied().unwrap_or_default();
    assert!(counted < 20 && rebirth.end.seq > 40, "{counted} came, {rebirth:?}");
    record(twin.peer(), "7-3");
    let _ = world.exchange(twin.peer());
    world.centre();
    assert_eq!(numbers(world.desk.peer()).get("7-3"), None, "nobody let it in");
    assert!(held(&world) > 0, "and it is shown");
}

/// Put back again and again, before anybody at the centre looks.
#[test]
fn a_chain_that_waits_to_be_confirmed_may_be_put_back_itself() {
    let mut world = World::new();
    let mut laptop = world.suitcase(7);
    record(laptop.peer(), "7-1");
    let image = laptop.image();
    record(laptop.peer(), "7-2");
    world.exchange(laptop.peer()).unwrap();
    laptop.put_back(&image);
    assert!(world.exchange(laptop.peer()).unwrap().began_anew);
    let image = laptop.image();
    record(laptop.peer(), "7-3");
    world.exchange(laptop.peer()).unwrap();
    laptop.put_back(&image);
    record(laptop.peer(), "7-4");
    assert!(world.exchange(laptop.peer()).unwrap().began_anew);
    settle(&world, &[&laptop]);
    let register = world.desk.peer().register().unwrap();
    assert_eq!(register.unconfirmed().count(), 2);
    let chain = laptop.peer().chain();
    let validity = signing::Validity { not_before: 0, not_after: i64::MAX };
    world.desk.peer().act(move |act| act.confirm_rebirth(chain, validity)).unwrap();
    settle(&world, &[&laptop]);
    each_once(world.desk.peer(), &ALL[..4]);
    each_once(laptop.peer(), &ALL[..4]);
    is_whole(laptop.peer());
    is_whole(world.desk.peer());
}

/// An answerer that lies at each contact, or a disk that is put back every morning, makes no endless line of chains;
/// the officer goes on recording meanwhile.
#[test]
fn a_laptop_that_was_put_back_too_often_waits_for_a_person_and_goes_on_recording() {
    let mut world = World::new();
    let laptop = world.suitcase(7);
    record(laptop.peer(), "7-1");
    settle(&world, &[&laptop]);
    for _ in 0..chain::limits::REBIRTHS {
        laptop.peer().begin_anew().unwrap();
    }
    let last = laptop.peer().chain();
    laptop.peer().begin_anew().unwrap();
    assert_eq!(laptop.peer().chain(), last, "no further chain");
    record(laptop.peer(), "7-2");
    let told = world.exchange(laptop.peer()).unwrap_err().to_string();
    assert!(told.contains("надто часто починали з копії"), "{told}");
    // What it wrote goes up all the same, so that a person sees it and can confirm it.
    settle(&world, &[&laptop]);
    assert!(confirm_all(&world) >= 1);
    settle(&world, &[&laptop]);
    each_once(world.desk.peer(), &ALL[..2]);
    laptop.peer().begin_anew().unwrap();
    assert_ne!(laptop.peer().chain(), last, "it may be put back again");
    record(laptop.peer(), "7-3");
    settle(&world, &[&laptop]);
    confirm_all(&world);
    settle(&world, &[&laptop]);
    each_once(world.desk.peer(), &ALL[..3]);
    nothing_is_left(laptop.peer());
    is_whole(laptop.peer());
}

#[test]
fn what_the_centre_had_opened_stays_at_the_centre() {
    let mut world = World::new();
    let mut laptop = world.suitcase(7);
    record(laptop.peer(), "7-1");
    settle(&world, &[&laptop]);
    record(laptop.peer(), "7-2");
    let image = laptop.image();
    record(laptop.peer(), "7-3");
    world.exchange(laptop.peer()).unwrap();
    laptop.put_back(&image);
    assert!(world.exchange(laptop.peer()).unwrap().began_anew);
    let requests = |peer: &Peer| {
        let found = peer.read(|view| view.whereabouts(Kind::Request, "hub")).unwrap();
        (found.here, found.on_the_way, found.at_centre)
    };
    assert_eq!(requests(laptop.peer()), (0, 1, 1), "7-1 is at the centre");
    is_whole(laptop.peer());
    // Put back once more before anybody confirmed it: what the hub holds of the chain before, it holds.
    laptop.peer().begin_anew().unwrap();
    assert_eq!(requests(laptop.peer()), (0, 1, 1));
    is_whole(laptop.peer());
}

/// The centre has read a request that the hub lost before the suitcase heard of it; by then a twin of the laptop has
/// written something else under the same numbers. So the suitcase makes the request again, and it has two first keys. A
/// record begins once: what the suitcase made again is set aside for a person, and what the centre has stays as it is.
#[test]
fn a_request_that_was_made_twice_stays_whole_and_the_second_beginning_is_set_aside() {
    let mut world = World::new();
    let mut laptop = world.suitcase(7);
    world.exchange(laptop.peer()).unwrap();
    let image = laptop.image();
    let twin = laptop.twin(&image);
    let request = record(laptop.peer(), "7-1");
    world.exchange(laptop.peer()).unwrap();
    world.exchange(world.desk.peer()).unwrap();
    let at_first = values(world.desk.peer(), request, "phone");
    world.lose_hub();
    record(twin.peer(), "7-2");
    world.exchange(twin.peer()).unwrap();
    assert!(world.exchange(laptop.peer()).unwrap().began_anew);
    settle(&world, &[&laptop, &twin]);
    assert_eq!(confirm_all(&world), 2, "the centre holds the laptop's entries and the hub the twin's: both begin anew");
    settle(&world, &[&laptop, &twin]);
    assert_eq!(numbers(world.desk.peer()).get("7-2"), Some(&1), "and what the twin wrote is there, once");
    let set_aside = {
        let chain = laptop.peer().chain();
        world.desk.peer().read(|view| view.exceptions(Some(chain))).unwrap()
    };
    let codes: Vec<_> = set_aside.iter().map(|(_, exception)| exception.code).collect();
    assert_eq!(codes, [ExceptionCode::Gate], "{set_aside:?}");
    // Nothing of the request is in the way of what follows.
    set(world.desk.peer(), request, "a.first", "Олена");
    settle(&world, &[&laptop, &twin]);
    assert_eq!(values(world.desk.peer(), request, "a.first"), ["Олена"]);
    assert_eq!(values(world.desk.peer(), request, "phone"), at_first);
    is_whole(world.desk.peer());
    is_whole(laptop.peer());
}

/// What parted is told again in facts of its own size: two that fit by themselves do not fit together.
#[test]
fn large_facts_of_another_life_are_told_again_one_by_one() {
    let mut world = World::new();
    let mut seven = world.suitcase(7);
    record(seven.peer(), "7-1");
    settle(&world, &[&seven]);
    let image = seven.image();
    record(seven.peer(), "7-2");
    world.exchange(seven.peer()).unwrap();
    seven.put_back(&image);
    for size in [26_000, 40_000, 64_000] {
        seven.peer().act(move |act| act.own(&OwnFact::Other(70, vec![7; size])).map(|_| ())).unwrap();
    }
    record(seven.peer(), "7-3");
    settle(&world, &[&seven]);
    assert_eq!(confirm_all(&world), 1, "it began anew");
    settle(&world, &[&seven]);
    assert_eq!(numbers(world.desk.peer()).len(), 3);
    let chain = seven.peer().chain();
    let facts = world.desk.peer().read(|view| view.facts(chain, 0)).unwrap();
    let sizes = facts.into_iter().filter_map(|(_, fact)| match fact {
        OwnFact::Other(70, bytes) => Some(bytes.len()),
        _ => None,
    });
    assert_eq!(sizes.collect::<Vec<_>>(), [26_000, 40_000, 64_000]);
}
