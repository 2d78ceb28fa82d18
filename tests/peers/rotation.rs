//! The desk takes new keys, and the old ones are destroyed: nothing is lost by it, and nothing that they opened opens.

use chain::{ExceptionCode, Fact};
use clock::Clock;
use hub::store::{MemoryStore, Offer, Role, Store};
use ids::RecordId;
use peer::sync::Session;
use peer::{Filter, OwnFact, Peer, seals};
use records::{Edit, Kind};
use sealing::AgreementSecret;
use signing::Validity;
use std::collections::BTreeSet;
use std::sync::Arc;
use valiza_tests::world::{Member, World, request_fields};

const ALWAYS: Validity = Validity { not_before: 0, not_after: i64::MAX };

fn record(peer: &Peer, number: &'static str) -> RecordId {
    peer.act(move |act| act.create(Kind::Request, &request_fields(number, "Коваленко"))).unwrap()
}

fn count(peer: &Peer) -> u64 {
    peer.read(|view| view.count(&Filter::default())).unwrap()
}

fn rotate(world: &World) {
    world.desk.peer().rotate(world.root.signing_key(), ALWAYS, "admin").unwrap();
}

fn tell_all(world: &World) {
    while world.desk.peer().tell_again().unwrap() {}
    world.centre();
}

fn meet(world: &World, suitcase: &Member) {
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
    world.exchange(suitcase.peer()).unwrap();
}

fn void(peer: &Peer, number: &'static str) {
    let fact = OwnFact::VoidedNumber { number: number.into(), reason: "зім’ято".into() };
    peer.act(move |act| act.own(&fact).map(|_| ())).unwrap();
}

fn voided(desk: &Peer, chain: ids::ChainId) -> Vec<String> {
    let facts = desk.read(|view| view.facts(chain, 0)).unwrap();
    let number = |fact| match fact {
        OwnFact::VoidedNumber { number, .. } => Some(number),
        _ => None,
    };
    facts.into_iter().filter_map(|(_, fact)| number(fact)).collect()
}

/// A desk of the kit, as the restore command makes it: secrets that were destroyed are left alone.
fn restore(world: &mut World) {
    world.lose_desk();
    world.exchange(world.desk.peer()).unwrap();
    let kit = AgreementSecret::from_bytes(world.root.agreement_secret());
    let register = world.desk.peer().register().unwrap();
    for (desk, _, sealed) in register.desks().filter(|(desk, ..)| !register.is_destroyed(desk.register)) {
        world.desk.peer().add_secret(seals::open_desk_secret(&kit, desk.register, sealed).unwrap()).unwrap();
    }
    world.desk.peer().look_again().unwrap();
    world.centre();
}

fn waiting_and_aside(peer: &Peer) -> (usize, usize) {
    let waiting = peer.absorb().unwrap().waiting;
    (waiting, peer.read(|view| view.exceptions(None)).unwrap().len())
}

/// What a suitcase tells again may arrive before what it tells of: the hub takes what lies behind a hole.
#[test]
fn what_is_told_again_is_heard_though_it_came_first() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    meet(&world, &suitcase);
    let chain = suitcase.peer().chain();
    void(suitcase.peer(), "7-9");
    let request = record(suitcase.peer(), "7-1");
    let head = suitcase.peer().read(|view| view.end(chain)).unwrap().seq;
    rotate(&world);
    tell_all(&world);
    world.desk.peer().destroy_old_keys().unwrap();
    suitcase.peer().take_register(world.desk.peer().register_segments().unwrap()).unwrap();
    let tail = suitcase.peer().read(|view| view.segment(chain, head + 1, 1_000_000)).unwrap().unwrap();
    assert!(tail.entries.len() >= 2, "keys and facts are told again");
    world.desk.peer().take_register(vec![tail]).unwrap();
    world.desk.peer().absorb().unwrap();
    for _ in 0..2 {
        meet(&world, &suitcase);
    }
    assert_eq!(waiting_and_aside(world.desk.peer()), (0, 0));
    assert_eq!(voided(world.desk.peer(), chain), ["7-9"]);
    assert!(world.desk.peer().read(|view| view.document(request)).is_ok());
}

fn confirm(world: &World, chain: ids::ChainId) {
    world.desk.peer().act(move |act| act.confirm_rebirth(chain, ALWAYS)).unwrap();
    world.desk.peer().absorb().unwrap();
}

/// What a revoked suitcase had sent is under way while the desk takes new keys. The suitcase never comes back; a person lets
/// it in, and it opens.
#[test]
fn what_a_revoked_suitcase_had_sent_opens_though_it_comes_after_the_old_keys() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    record(suitcase.peer(), "7-1");
    meet(&world, &suitcase);
    let late = record(suitcase.peer(), "7-2");
    world.exchange(suitcase.peer()).unwrap();
    let chain = suitcase.peer().chain();
    let fact = Fact::Revocation { chain, from: world.clock.now().0, reason: "викрадено".into() };
    world.desk.peer().act(move |act| act.register_fact(&fact)).unwrap();
    rotate(&world);
    tell_all(&world);
    world.desk.peer().destroy_old_keys().unwrap();
    world.centre();
    // That desk knows the old epoch still; one made from the kit has what was told again alone.
    restore(&mut world);
    let desk = world.desk.peer();
    let aside = desk.read(|view| view.exceptions(Some(chain))).unwrap();
    for (chain, exception) in aside.into_iter().filter(|(_, one)| one.code != ExceptionCode::TakenLater) {
        assert_eq!(exception.code, ExceptionCode::Quarantined);
        desk.accept_exception(chain, exception.seq).unwrap();
    }
    assert_eq!((waiting_and_aside(desk).0, count(desk)), (0, 2));
    assert!(desk.read(|view| view.document(late)).is_ok());
}

/// A laptop that began anew tells again what it had told in the chain before. That chain comes last, behind its end, and a
/// person lets it in.
#[test]
fn what_is_told_again_of_the_chain_before_is_heard_though_that_is_let_in_later() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    meet(&world, &suitcase);
    let before = suitcase.peer().chain();
    let head = suitcase.peer().read(|view| view.end(before)).unwrap().seq;
    void(suitcase.peer(), "7-9");
    rotate(&world);
    tell_all(&world);
    world.desk.peer().destroy_old_keys().unwrap();
    suitcase.peer().begin_anew().unwrap();
    suitcase.peer().take_register(world.desk.peer().register_segments().unwrap()).unwrap();
    let chain = suitcase.peer().chain();
    let pieces = |chain, from| suitcase.peer().read(|view| view.segment(chain, from, 1_000_000)).unwrap().unwrap();
    world.desk.peer().take_register(vec![pieces(chain, 1)]).unwrap();
    confirm(&world, chain);
    world.desk.peer().take_register(vec![pieces(before, head + 1)]).unwrap();
    world.desk.peer().absorb().unwrap();
    let aside = world.desk.peer().read(|view| view.exceptions(Some(before))).unwrap();
    assert!(!aside.is_empty());
    for (chain, exception) in aside {
        world.desk.peer().accept_exception(chain, exception.seq).unwrap();
    }
    assert_eq!(waiting_and_aside(world.desk.peer()), (0, 0));
    for _ in 0..2 {
        meet(&world, &suitcase);
    }
    assert_eq!(voided(world.desk.peer(), chain), ["7-9"]);
}

/// A laptop told its keys again, and only then learns that it parted from a twin before that.
#[test]
fn what_was_told_again_in_numbers_that_a_twin_took_is_told_once_more() {
    let store = Arc::new(MemoryStore::new());
    let mut world = World::over(store.clone());
    let mut suitcase = world.suitcase(7);
    meet(&world, &suitcase);
    let chain = suitcase.peer().chain();
    let author = world.desk.peer().register().unwrap().author(chain).unwrap();
    let to_hub = |world: &World, suitcase: &Member, from| {
        let segment = suitcase.peer().read(|view| view.segment(chain, from, 1_000_000)).unwrap().unwrap();
        let offer = Offer { segment, author, role: Role::Suitcase };
        assert!(store.accept(world.tenant, world.clock.now().0, vec![offer]).unwrap().remove(0).is_ok());
    };
    let request = record(suitcase.peer(), "7-1");
    let head = suitcase.peer().read(|view| view.end(chain)).unwrap().seq;
    let image = suitcase.image();
    let twin = suitcase.twin(&image);
    // What both have comes when the old key is gone: the centre says so of each entry.
    rotate(&world);
    tell_all(&world);
    world.desk.peer().destroy_old_keys().unwrap();
    to_hub(&world, &suitcase, 1);
    world.centre();
    suitcase.peer().take_register(world.desk.peer().register_segments().unwrap()).unwrap();
    assert!(suitcase.peer().read(|view| view.end(chain)).unwrap().seq > head, "told again");
    record(twin.peer(), "7-2");
    record(twin.peer(), "7-3");
    to_hub(&world, &twin, head + 1);
    drop(twin);
    for _ in 0..3 {
        meet(&world, &suitcase);
        let waiting: Vec<_> = world.desk.peer().register().unwrap().unconfirmed().map(|one| one.chain).collect();
        waiting.into_iter().for_each(|chain| confirm(&world, chain));
    }
    assert_ne!(suitcase.peer().chain(), chain);
    assert!(world.desk.peer().read(|view| view.document(request)).is_ok());
    let aside = world.desk.peer().read(|view| view.exceptions(Some(chain))).unwrap();
    assert_eq!(aside.into_iter().filter(|(_, exception)| exception.seq <= head).count(), 0);
}

#[test]
fn a_kit_brings_everything_back_after_the_old_secret_is_destroyed() {
    let mut world = World::new();
    let (seven, eight) = (world.suitcase(7), world.suitcase(8));
    let shared = record(seven.peer(), "7-1");
    record(seven.peer(), "7-2");
    void(seven.peer(), "7-3");
    meet(&world, &seven);
    let own = world.desk.peer().act(|act| act.create(Kind::Request, &request_fields("0-1", "Гук"))).unwrap();
    let to = eight.peer().chain();
    world.desk.peer().act(move |act| act.grant(shared, to)).unwrap();
    world.desk.peer().act(move |act| act.withdraw_grant(own, to)).unwrap();
    meet(&world, &eight);
    let old = world.desk.peer().register().unwrap().centre_agreement().unwrap();
    let case = world.desk.peer().chain();
    rotate(&world);
    let refused = world.desk.peer().rotate(world.root.signing_key(), ALWAYS, "admin").unwrap_err();
    assert!(refused.to_string().contains("вже розпочато"), "{refused}");
    // What was sealed before anybody heard of it still opens.
    let late = record(seven.peer(), "7-4");
    void(seven.peer(), "7-5");
    world.exchange(seven.peer()).unwrap();
    world.centre();
    assert_eq!(count(world.desk.peer()), 4);
    meet(&world, &seven);
    meet(&world, &eight);
    let edit = vec![Edit::new("phone", "+380501112233")];
    world.desk.peer().act(move |act| act.edit(late, |_, _| Ok((edit, ())))).unwrap();
    tell_all(&world);
    let state = world.desk.peer().rotation_state("hub").unwrap().unwrap();
    assert_eq!((state.facts_left, state.keys_left, state.unsent), (0, 0, 0), "{state:?}");
    meet(&world, &eight);
    record(eight.peer(), "8-1");
    meet(&world, &eight);
    while world.desk.peer().tell_again().unwrap() {}
    let state = world.desk.peer().rotation_state("hub").unwrap().unwrap();
    assert!(state.suitcases.iter().all(|one| one.knows && one.at_work), "{state:?}");
    world.desk.peer().destroy_old_keys().unwrap();
    world.centre();
    assert_eq!(world.desk.peer().read(|view| view.old_secrets()).unwrap(), 0);
    assert!(world.desk.peer().rotation_state("hub").unwrap().is_none());
    assert_ne!(world.desk.peer().register().unwrap().centre_agreement(), Some(old));
    assert_ne!(world.desk.peer().chain(), case);
    assert_eq!(world.desk.peer().verify().unwrap().faults, Vec::<String>::new());
    // It goes on over a restart, and so does the suitcase.
    world.desk.close();
    world.desk.open();
    record(seven.peer(), "7-6");
    meet(&world, &seven);
    let (all, chain) = (count(world.desk.peer()), seven.peer().chain());
    assert_eq!((all, voided(world.desk.peer(), chain)), (6, vec!["7-3".to_owned(), "7-5".to_owned()]));
    restore(&mut world);
    let desk = world.desk.peer();
    assert_eq!((count(desk), voided(desk, chain)), (all, vec!["7-3".to_owned(), "7-5".to_owned()]));
    assert_eq!(waiting_and_aside(desk), (0, 0));
    assert_eq!(desk.read(|view| view.old_secrets()).unwrap(), 1, "of the desk with the new keys, none before it");
    record(seven.peer(), "7-7");
    meet(&world, &seven);
    assert_eq!(count(world.desk.peer()), all + 1, "the epoch under way opens for it, too");
}

/// The epoch, the records and the facts of a suitcase that heard of nothing are sealed to a key that is gone.
#[test]
fn a_suitcase_that_was_away_loses_nothing() {
    let mut world = World::new();
    let (seven, eight) = (world.suitcase(7), world.suitcase(8));
    record(seven.peer(), "7-1");
    meet(&world, &seven);
    record(seven.peer(), "7-2");
    void(seven.peer(), "7-3");
    record(eight.peer(), "8-1");
    rotate(&world);
    tell_all(&world);
    world.desk.peer().destroy_old_keys().unwrap();
    world.centre();
    // One brings it before it hears of the new keys: the answer is lost.
    let message = Session::new("hub").next(seven.peer(), chain::Courier::default().batch()).unwrap();
    world.hub.answer(&message, world.clock.now()).unwrap();
    world.centre();
    let aside = world.desk.peer().read(|view| view.exceptions(Some(seven.peer().chain()))).unwrap();
    assert!(aside.iter().any(|(_, one)| one.sentence.contains("старого ключа центру")), "{aside:?}");
    meet(&world, &seven);
    meet(&world, &eight);
    meet(&world, &seven);
    let desk = world.desk.peer();
    assert_eq!((count(desk), voided(desk, seven.peer().chain())), (3, vec!["7-3".to_owned()]));
    assert_eq!(waiting_and_aside(desk), (0, 0));
    assert_eq!(waiting_and_aside(seven.peer()), (0, 0), "it was told that all of it is there");
    restore(&mut world);
    assert_eq!((count(world.desk.peer()), waiting_and_aside(world.desk.peer())), (3, (0, 0)));
}

#[test]
fn what_was_erased_stays_erased_and_what_is_told_again_can_be_erased() {
    let mut world = World::new();
    let seven = world.suitcase(7);
    let (first, second, third) =
        (record(seven.peer(), "7-1"), record(seven.peer(), "7-2"), record(seven.peer(), "7-3"));
    // They are told again beside the epoch, whose key is not: to erase a record made in it takes nothing of them along.
    void(seven.peer(), "7-8");
    void(seven.peer(), "7-9");
    meet(&world, &seven);
    seven.peer().act(|act| act.begin_epoch()).unwrap();
    meet(&world, &seven);
    let erase = |world: &World, record: RecordId| {
        world.desk.peer().act(move |act| act.order_erasure(&BTreeSet::from([record])).map(|_| ())).unwrap();
        world.desk.peer().obey().unwrap();
        world.centre();
    };
    erase(&world, first);
    rotate(&world);
    tell_all(&world);
    erase(&world, second);
    meet(&world, &seven);
    tell_all(&world);
    world.desk.peer().destroy_old_keys().unwrap();
    world.centre();
    let chain = seven.peer().chain();
    assert_eq!(voided(world.desk.peer(), chain), ["7-8", "7-9"]);
    restore(&mut world);
    let desk = world.desk.peer();
    assert_eq!((count(desk), voided(desk, chain)), (1, vec!["7-8".to_owned(), "7-9".to_owned()]));
    assert_eq!([first, second, third].map(|one| desk.read(|view| Ok(view.opens(one))).unwrap()), [false, false, true]);
    assert_eq!(desk.verify().unwrap().faults, Vec::<String>::new());
}

/// Rotation is one transaction, telling again one for each portion: whatever is on the disk in between goes on.
#[test]
fn a_desk_that_stops_anywhere_goes_on() {
    let mut world = World::new();
    let seven = world.suitcase(7);
    for number in ["7-1", "7-2", "7-3"] {
        record(seven.peer(), number);
    }
    meet(&world, &seven);
    let before = world.desk.image();
    rotate(&world);
    for _ in 0..20 {
        world.desk.close();
        world.desk.open();
        if !world.desk.peer().tell_again().unwrap() {
            break;
        }
    }
    world.desk.close();
    world.desk.open();
    world.centre();
    meet(&world, &seven);
    world.desk.peer().destroy_old_keys().unwrap();
    world.centre();
    world.desk.close();
    world.desk.open();
    assert_eq!((count(world.desk.peer()), waiting_and_aside(world.desk.peer())), (3, (0, 0)));
    // A copy of before the rotation learns that another desk follows it, and writes nothing.
    let copy = world.desk.twin(&before);
    world.exchange(copy.peer()).unwrap();
    let refused = copy.peer().act(|act| act.register_fact(&Fact::KeptDays(9))).unwrap_err();
    assert!(refused.to_string().contains("замінено іншим"), "{refused}");
}

/// What a chain says that waits for a person has been opened by nobody when the old keys go.
#[test]
fn a_laptop_that_began_anew_and_waits_for_a_person_loses_nothing() {
    let mut world = World::new();
    let mut seven = world.suitcase(7);
    record(seven.peer(), "7-1");
    meet(&world, &seven);
    let image = seven.image();
    record(seven.peer(), "7-2");
    meet(&world, &seven);
    seven.put_back(&image);
    record(seven.peer(), "7-303");
    meet(&world, &seven);
    record(seven.peer(), "7-304");
    meet(&world, &seven);
    let waits = world.desk.peer().register().unwrap().unconfirmed().next().expect("it began anew").chain;
    assert_eq!(count(world.desk.peer()), 2);
    rotate(&world);
    tell_all(&world);
    world.desk.peer().destroy_old_keys().unwrap();
    world.desk.peer().act(move |act| act.confirm_rebirth(waits, ALWAYS)).unwrap();
    world.centre();
    assert_eq!((count(world.desk.peer()), waiting_and_aside(world.desk.peer())), (4, (0, 0)));
    meet(&world, &seven);
    restore(&mut world);
    assert_eq!((count(world.desk.peer()), waiting_and_aside(world.desk.peer())), (4, (0, 0)));
}

#[test]
fn keys_can_be_changed_twice() {
    let mut world = World::new();
    let seven = world.suitcase(7);
    record(seven.peer(), "7-1");
    void(seven.peer(), "7-9");
    meet(&world, &seven);
    for number in ["7-2", "7-3"] {
        rotate(&world);
        record(seven.peer(), number);
        meet(&world, &seven);
        tell_all(&world);
        world.desk.peer().destroy_old_keys().unwrap();
        world.centre();
    }
    meet(&world, &seven);
    restore(&mut world);
    let desk = world.desk.peer();
    assert_eq!((count(desk), waiting_and_aside(desk)), (3, (0, 0)));
    assert_eq!(voided(desk, seven.peer().chain()), ["7-9"]);
}

/// The hub was put back from a copy and nobody knows it: under its new name the desk has no token that would show it, and yet
/// the register of the keys between comes back, with what was said in it.
#[test]
fn what_a_hub_lost_unnoticed_is_brought_though_keys_were_changed_twice() {
    // Whether the desk has something more to say in the register of before, or not.
    for all_is_told in [true, false] {
        lose_unnoticed(all_is_told);
    }
}

fn lose_unnoticed(all_is_told: bool) {
    let store = Arc::new(MemoryStore::new());
    let mut world = World::over(store.clone());
    let (seven, eight) = (world.suitcase(7), world.suitcase(8));
    meet(&world, &seven);
    let copy = store.copy();
    rotate(&world);
    world.desk.peer().act(|act| act.register_fact(&Fact::Minimum { protocol: 1, suite: 1 })).unwrap();
    world.centre();
    tell_all(&world);
    world.desk.peer().destroy_old_keys().unwrap();
    if all_is_told {
        world.centre();
    }
    world.put_hub_back(Arc::new(copy));
    // Work goes on, and the hub's log beyond what the desk has read of it.
    world.clock.advance(std::time::Duration::from_secs(3_600));
    record(seven.peer(), "7-1");
    world.exchange(seven.peer()).unwrap();
    rotate(&world);
    for _ in 0..2 {
        world.centre();
        meet(&world, &seven);
        meet(&world, &eight);
    }
    let register = world.desk.peer().register().unwrap();
    assert_eq!(register.desks().count(), 3);
    for peer in [seven.peer(), eight.peer()] {
        let known = peer.register().unwrap();
        for (desk, end, _) in register.desks() {
            assert_eq!(known.head(desk.register), end);
        }
    }
}

/// The new case chain comes before the old one, as over a stick: what was said last counts all the same.
#[test]
fn a_grant_of_before_that_comes_after_it_was_taken_back_opens_nothing() {
    let mut world = World::new();
    let (seven, eight) = (world.suitcase(7), world.suitcase(8));
    let request = record(seven.peer(), "7-1");
    meet(&world, &seven);
    let (old, to) = (world.desk.peer().chain(), eight.peer().chain());
    world.desk.peer().act(move |act| act.grant(request, to)).unwrap();
    rotate(&world);
    world.desk.peer().act(move |act| act.withdraw_grant(request, to)).unwrap();
    tell_all(&world);
    let new = world.desk.peer().chain();
    assert_ne!(new, old);
    let all = |chain| world.desk.peer().read(|view| view.segment(chain, 1, 1 << 20)).unwrap().unwrap();
    eight.peer().take_register(world.desk.peer().register_segments().unwrap()).unwrap();
    for chain in [new, old, seven.peer().chain()] {
        eight.peer().take_register(vec![all(chain)]).unwrap();
        eight.peer().absorb().unwrap();
    }
    assert!(!eight.peer().read(|view| Ok(view.opens(request))).unwrap());
    assert_eq!(count(eight.peer()), 0);
}
