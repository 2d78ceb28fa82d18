//! What somebody was shut out of: nothing that is written later opens for them, whatever they took along.

use crate::disasters::restore;
use crate::exchange::record;
use chain::{Fact, Kind as EntryKind};
use clock::Clock;
use ids::RecordId;
use peer::{OwnFact, Peer, Role, SCRUB_EVERY, Scrub, ToldAgain};
use records::{Edit, Kind};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use valiza_tests::world::{Member, World, request_fields};

/// Of [`valiza_tests::world::request_fields`].
pub const AT_FIRST: &str = "+380671234567";

pub fn edit(peer: &Peer, record: RecordId, value: &'static str) {
    peer.act(move |act| act.edit(record, |_, _| Ok((vec![Edit::new("phone", value)], ())))).unwrap();
}

pub fn phone(peer: &Peer, record: RecordId) -> Vec<String> {
    let all = peer.read(|view| view.document(record)).unwrap().values();
    let written = all.get("phone").into_iter().flatten();
    written.filter_map(|written| written.value.as_text().map(str::to_owned)).collect()
}

fn revoke(world: &World, suitcase: &Member) {
    let chain = suitcase.peer().chain();
    let fact = Fact::Revocation { chain, from: world.clock.now().0, reason: "викрадено".into() };
    world.desk.peer().act(move |act| act.register_fact(&fact)).unwrap();
}

fn renew(world: &World, suitcase: &Member, most: usize) -> usize {
    let chain = suitcase.peer().chain();
    world.desk.peer().act(move |act| act.renew_keys_of(chain, most)).unwrap()
}

fn still_readable(world: &World, suitcase: &Member) -> BTreeSet<RecordId> {
    let register = world.desk.peer().register().unwrap();
    world.desk.peer().read(|view| view.still_readable(&register, suitcase.peer().chain(), 999)).unwrap()
}

fn left(world: &World, suitcase: &Member) -> usize {
    still_readable(world, suitcase).len()
}

/// All that the hub keeps comes to a suitcase, whoever may have it: its disk and the suitcase are in one hand.
pub fn whole_hub(world: &World, thief: &Member) {
    let Role::Desk { register } = world.desk.peer().role() else { panic!("a desk") };
    let mut chains = vec![register, world.desk.peer().chain()];
    chains.extend(world.desk.peer().register().unwrap().suitcases().map(|certificate| certificate.chain));
    for chain in chains {
        let mut from = 1;
        while let Some(segment) = world.desk.peer().read(|view| view.segment(chain, from, 1 << 20)).unwrap() {
            from = segment.last() + 1;
            thief.peer().take_register(vec![segment]).unwrap();
        }
    }
    thief.peer().absorb().unwrap();
}

/// Suitcase 7 made a request and 8 was granted it; both have it.
pub fn shared(world: &mut World) -> (Member, Member, RecordId) {
    let (first, second) = (world.suitcase(7), world.suitcase(8));
    let request = record(first.peer(), "7-1");
    world.exchange(first.peer()).unwrap();
    world.exchange(second.peer()).unwrap();
    world.centre();
    let other = second.peer().chain();
    world.desk.peer().act(move |act| act.grant(request, other)).unwrap();
    world.centre();
    world.exchange(second.peer()).unwrap();
    (first, second, request)
}

#[test]
fn a_stolen_suitcase_with_its_passphrase_and_the_hubs_disk_opens_nothing_that_was_written_later() {
    let mut world = World::new();
    let (stolen, other, request) = shared(&mut world);
    revoke(&world, &stolen);
    assert_eq!((left(&world, &stolen), renew(&world, &stolen, 10), left(&world, &stolen)), (1, 1, 0));
    edit(world.desk.peer(), request, "+380500000001");
    world.centre();
    world.exchange(other.peer()).unwrap();
    assert_eq!(phone(other.peer(), request), ["+380500000001"]);
    edit(other.peer(), request, "+380500000002");
    world.exchange(other.peer()).unwrap();
    world.centre();
    assert_eq!(phone(world.desk.peer(), request), ["+380500000002"]);
    whole_hub(&world, &stolen);
    assert_eq!(phone(stolen.peer(), request), [AT_FIRST]);
    for peer in [world.desk.peer(), other.peer()] {
        assert_eq!(peer.verify().unwrap().faults, Vec::<String>::new());
    }
}

/// Who reads a record writes a grant of it into its own chain: for the centre that says nothing of who has which key.
#[test]
fn a_grant_that_a_suitcase_writes_keeps_no_record_under_its_old_key() {
    let mut world = World::new();
    let (stolen, other, request) = shared(&mut world);
    let accomplice = other.peer().chain();
    other.peer().act(move |act| act.grant(request, accomplice)).unwrap();
    world.exchange(other.peer()).unwrap();
    world.centre();
    revoke(&world, &stolen);
    assert_eq!((left(&world, &stolen), renew(&world, &stolen, 10), left(&world, &stolen)), (1, 1, 0));
    assert_eq!(world.desk.peer().verify().unwrap().faults, Vec::<String>::new());
    // Neither whoever checks everything at once nor the scrub takes it for damage.
    let mut scrub = Scrub::new(Arc::clone(world.desk.peer()), world.clock.clone(), SCRUB_EVERY);
    while world.desk.peer().scrubbed().ended.is_none() {
        world.clock.advance(Duration::from_millis(1));
        scrub.work();
    }
    assert_eq!(world.desk.peer().scrubbed().faults, Vec::<String>::new());
}

/// A laptop that begins anew and is declined has what its disk had, whatever it granted itself before anybody looked.
#[test]
fn what_a_declined_laptop_granted_itself_hides_nothing_that_it_reads() {
    let mut world = World::new();
    let (_first, mut second, request) = shared(&mut world);
    let image = second.image();
    let thief = second.twin(&image);
    record(second.peer(), "8-1");
    record(thief.peer(), "8-2");
    world.exchange(second.peer()).unwrap();
    assert!(world.exchange(thief.peer()).unwrap().began_anew);
    let chain = thief.peer().chain();
    thief.peer().act(move |act| act.grant(request, chain)).unwrap();
    world.exchange(thief.peer()).unwrap();
    world.centre();
    let fact = Fact::Revocation { chain, from: world.clock.now().0, reason: "викрадено".into() };
    let declined = move |act: &mut peer::Act<'_>| {
        act.register_fact(&fact)?;
        act.take_back_from_declined(chain)
    };
    world.desk.peer().act(declined).unwrap();
    world.desk.peer().absorb().unwrap();
    assert!(still_readable(&world, &thief).contains(&request));
    renew(&world, &thief, 10);
    assert_eq!(left(&world, &thief), 0);
    edit(world.desk.peer(), request, "+380500000002");
    world.centre();
    whole_hub(&world, &thief);
    assert_eq!(phone(thief.peer(), request), [AT_FIRST]);
    world.exchange(second.peer()).unwrap();
    assert_eq!(phone(second.peer(), request), ["+380500000002"]);
}

#[test]
fn without_new_keys_it_would_open_it() {
    let mut world = World::new();
    let (stolen, other, request) = shared(&mut world);
    revoke(&world, &stolen);
    // Another suitcase that has not heard of it writes under the key that all of them have.
    edit(other.peer(), request, "+380500000001");
    world.exchange(other.peer()).unwrap();
    world.centre();
    assert_eq!(phone(world.desk.peer(), request), ["+380500000001"]);
    whole_hub(&world, &stolen);
    assert_eq!(phone(stolen.peer(), request), ["+380500000001"], "this is what the renewal is against");
}

#[test]
fn the_centre_itself_never_writes_under_a_key_that_a_revoked_suitcase_knows() {
    let mut world = World::new();
    let (stolen, other, request) = shared(&mut world);
    revoke(&world, &other);
    edit(world.desk.peer(), request, "+380500000001");
    assert_eq!(left(&world, &other), 0, "the record that was written in was the first");
    world.centre();
    whole_hub(&world, &other);
    assert_eq!(phone(other.peer(), request), [AT_FIRST]);
    world.exchange(stolen.peer()).unwrap();
    assert_eq!(phone(stolen.peer(), request), ["+380500000001"], "its maker was not revoked and reads on");
}

/// What a suitcase tells again is its own facts, and no change of anybody's: a revoked one lets nothing in itself, and for
/// what never comes nobody waits.
#[test]
fn a_revoked_suitcase_lets_nothing_in_by_telling_it_again() {
    let mut world = World::new();
    let (revoked, other) = (world.suitcase(7), world.suitcase(8));
    world.exchange(revoked.peer()).unwrap();
    revoke(&world, &revoked);
    let request = record(revoked.peer(), "7-1");
    let chain = revoked.peer().chain();
    let seq = revoked.peer().read(|view| view.end(chain)).unwrap().seq;
    let told = |seq| ToldAgain { chain, seq, plain: OwnFact::KeptKeys(Vec::new()).encode() };
    let told = OwnFact::ToldAgain(vec![told(seq), told(seq + 1_000)]);
    revoked.peer().act(move |act| act.own(&told).map(|_| ())).unwrap();
    world.exchange(revoked.peer()).unwrap();
    world.centre();
    let desk = world.desk.peer();
    let aside: Vec<u64> = desk.read(|view| view.exceptions(Some(chain))).unwrap().iter().map(|one| one.1.seq).collect();
    assert_eq!((aside, desk.absorb().unwrap().waiting), (vec![seq], 0));
    assert!(desk.read(|view| view.row(request)).unwrap().is_none());
    record(other.peer(), "8-1");
    world.exchange(other.peer()).unwrap();
    world.centre();
    assert_eq!(desk.read(|view| view.count(&peer::Filter::default())).unwrap(), 1);
}

/// A record's next key is the centre's to draw, whoever says that there is one.
#[test]
fn the_centre_never_writes_under_a_key_that_a_suitcase_made_up() {
    let mut world = World::new();
    let (maker, revoked, request) = shared(&mut world);
    revoke(&world, &revoked);
    assert_eq!(renew(&world, &revoked, 10), 1);
    let made_up = [9; 32];
    let write = move |act: &mut peer::Act<'_>| {
        let key = "INSERT INTO record_key (record, generation, key) VALUES (?1, 9, ?2)";
        act.connection().execute(key, (request.as_bytes(), made_up))?;
        act.edit(request, |_, _| Ok((vec![Edit::new("phone", "+380509999999")], ())))?;
        let key = sealing::RecordKey::from_bytes(signing::Secret::new(made_up));
        act.own(&OwnFact::KeptKeys(vec![(request, 9, key)])).map(|_| ())
    };
    revoked.peer().act(write).unwrap();
    world.exchange(revoked.peer()).unwrap();
    world.centre();
    edit(world.desk.peer(), request, "+380500000001");
    world.centre();
    whole_hub(&world, &revoked);
    assert!(!phone(revoked.peer(), request).contains(&"+380500000001".to_owned()));
    world.exchange(maker.peer()).unwrap();
    assert_eq!(phone(maker.peer(), request), ["+380500000001"]);
}

/// Whoever names records that there are not makes no work at the centre.
#[test]
fn records_that_only_a_revoked_suitcase_wrote_about_get_no_keys() {
    let mut world = World::new();
    let revoked = world.suitcase(7);
    world.exchange(revoked.peer()).unwrap();
    revoke(&world, &revoked);
    ["7-1", "7-2"].into_iter().for_each(|number| _ = record(revoked.peer(), number));
    // So it tells their keys one by one.
    let always = signing::Validity { not_before: 0, not_after: i64::MAX };
    world.desk.peer().rotate(world.root.signing_key(), always, "admin").unwrap();
    revoked.peer().take_register(world.desk.peer().register_segments().unwrap()).unwrap();
    world.exchange(revoked.peer()).unwrap();
    world.centre();
    assert_eq!(world.desk.peer().read(|view| view.exceptions(None)).unwrap().len(), 2);
    assert_eq!((left(&world, &revoked), renew(&world, &revoked, 10)), (0, 0));
}

/// Two lives of one disk make the same record. What came of the revoked one waits for a person; when the centre told the
/// epoch again, that one's key of the record is the first that is known here.
#[test]
fn nothing_is_written_under_the_key_of_a_revoked_laptop_whose_own_words_wait_for_a_person() {
    for by_and_by in [true, false] {
        let mut world = World::new();
        let (revoked, other) = (world.suitcase(7), world.suitcase(8));
        let same = RecordId::from_bytes([9; 16]);
        revoke(&world, &revoked);
        for suitcase in [&revoked, &other] {
            let make = move |act: &mut peer::Act<'_>| act.create_as(Kind::Request, same, &request_fields("7-1", "Гук"));
            suitcase.peer().act(make).unwrap();
        }
        world.exchange(revoked.peer()).unwrap();
        world.centre();
        assert_eq!(world.desk.peer().read(|view| view.exceptions(None)).unwrap().len(), 1);
        let always = signing::Validity { not_before: 0, not_after: i64::MAX };
        world.desk.peer().rotate(world.root.signing_key(), always, "admin").unwrap();
        while world.desk.peer().tell_again().unwrap() {}
        world.exchange(other.peer()).unwrap();
        world.centre();
        if by_and_by {
            assert_eq!((renew(&world, &revoked, 10), left(&world, &revoked)), (1, 0));
        }
        edit(world.desk.peer(), same, "+380500000001");
        assert_eq!(left(&world, &revoked), 0);
        world.centre();
        world.exchange(other.peer()).unwrap();
        assert_eq!(phone(other.peer(), same), ["+380500000001"]);
        whole_hub(&world, &revoked);
        assert_eq!(phone(revoked.peer(), same), [AT_FIRST]);
    }
}

#[test]
fn what_others_write_under_the_key_before_opens_as_ever() {
    let mut world = World::new();
    let (stolen, other, request) = shared(&mut world);
    edit(other.peer(), request, "+380500000009");
    revoke(&world, &stolen);
    renew(&world, &stolen, 10);
    edit(world.desk.peer(), request, "+380500000001");
    world.centre();
    world.exchange(other.peer()).unwrap();
    world.centre();
    let mut both = phone(world.desk.peer(), request);
    both.sort();
    assert_eq!(both, ["+380500000001", "+380500000009"]);
}

#[test]
fn the_work_goes_on_after_a_restart_and_in_a_centre_made_again_from_the_kit() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let requests: Vec<RecordId> = ["7-1", "7-2", "7-3"].map(|number| record(suitcase.peer(), number)).into();
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
    revoke(&world, &suitcase);
    assert_eq!(renew(&world, &suitcase, 1), 1);
    world.desk.close();
    world.desk.open();
    assert_eq!((left(&world, &suitcase), renew(&world, &suitcase, 1)), (2, 1));
    let waiting = still_readable(&world, &suitcase);
    let renewed = *requests.iter().find(|request| !waiting.contains(request)).unwrap();
    edit(world.desk.peer(), renewed, "+380500000001");
    world.centre();
    let root = sealing::AgreementSecret::from_bytes(world.root.agreement_secret());
    world.lose_desk();
    world.exchange(world.desk.peer()).unwrap();
    let register = world.desk.peer().register().unwrap();
    for (desk, _, sealed) in register.desks() {
        if let Ok(secret) = peer::seals::open_desk_secret(&root, desk.register, sealed) {
            world.desk.peer().add_secret(secret).unwrap();
        }
    }
    world.desk.peer().look_again().unwrap();
    world.exchange(world.desk.peer()).unwrap();
    for (chain, exception) in world.desk.peer().read(|view| view.exceptions(None)).unwrap() {
        // As a restored desk does with what it had opened before the revocation.
        world.desk.peer().accept_exception(chain, exception.seq).unwrap();
    }
    assert_eq!((left(&world, &suitcase), renew(&world, &suitcase, 10), left(&world, &suitcase)), (1, 1, 0));
    // What was sealed with a second key opens in the new centre, which was granted it by nobody but the one before.
    let readable = |request: &RecordId| world.desk.peer().read(|view| view.document(*request)).is_ok();
    assert!(requests.iter().all(readable));
    assert_eq!(phone(world.desk.peer(), renewed), ["+380500000001"]);
    assert_eq!(world.desk.peer().verify().unwrap().faults, Vec::<String>::new());
}

/// What a desk said counts as later than what the one said that it goes on for, also where that arrives later.
#[test]
fn who_has_the_newest_key_of_a_new_desk_is_not_forgotten_when_the_old_ones_words_arrive_last() {
    let mut world = World::new();
    let (_first, second, request) = shared(&mut world);
    let third = world.suitcase(9);
    world.exchange(third.peer()).unwrap();
    revoke(&world, &second);
    assert_eq!(renew(&world, &second, 10), 1, "a second key, granted to the centre and the maker");
    world.centre();
    let kit = sealing::AgreementSecret::from_bytes(world.root.agreement_secret());
    let case = |world: &World| {
        let desk = world.desk.peer();
        desk.read(|view| view.segment(desk.chain(), 1, 1 << 20)).unwrap().unwrap()
    };
    let old = case(&world);
    world.lose_desk();
    restore(&world, &kit);
    let ninth = third.peer().chain();
    world.desk.peer().act(move |act| act.grant(request, ninth)).unwrap();
    world.centre();
    world.exchange(third.peer()).unwrap();
    let (register, new) = (world.desk.peer().register_segments().unwrap(), case(&world));
    world.lose_desk();
    for segments in [register, vec![new], vec![old]] {
        world.desk.peer().take_register(segments).unwrap();
    }
    restore(&world, &kit);
    revoke(&world, &third);
    assert_eq!((left(&world, &second), left(&world, &third)), (0, 1));
    assert_eq!((renew(&world, &third, 10), left(&world, &third)), (1, 0), "and that comes to an end");
    edit(world.desk.peer(), request, "+380500000001");
    world.centre();
    whole_hub(&world, &third);
    assert_eq!(phone(third.peer(), request), [AT_FIRST]);
}

#[test]
fn whose_grant_was_taken_back_reads_what_it_had_and_all_of_it_once_it_is_granted_again() {
    let mut world = World::new();
    let (first, second, request) = shared(&mut world);
    let other = second.peer().chain();
    world.desk.peer().act(move |act| act.withdraw_grant(request, other)).unwrap();
    edit(world.desk.peer(), request, "+380500000001");
    world.centre();
    whole_hub(&world, &second);
    assert_eq!(phone(second.peer(), request), [AT_FIRST]);
    world.exchange(first.peer()).unwrap();
    assert_eq!(phone(first.peer(), request), ["+380500000001"]);
    world.desk.peer().act(move |act| act.grant(request, other)).unwrap();
    edit(world.desk.peer(), request, "+380500000002");
    world.centre();
    world.exchange(second.peer()).unwrap();
    assert_eq!(phone(second.peer(), request), ["+380500000002"]);
    let grants = world.desk.peer().read(|view| view.segment(world.desk.peer().chain(), 1, 1 << 20)).unwrap().unwrap();
    let grants = grants.entries.iter().filter(|entry| entry.header.kind == EntryKind::GRANT).count();
    assert_eq!(grants, 5, "two by name, one taken back, and with the new key one for the centre and one for its maker");
}

#[test]
fn what_is_taken_back_from_a_suitcase_that_began_anew_does_not_come_back_under_its_name_of_before() {
    let mut world = World::new();
    let (suitcase, other) = (world.suitcase(7), world.suitcase(8));
    let request = record(suitcase.peer(), "7-1");
    world.exchange(suitcase.peer()).unwrap();
    world.exchange(other.peer()).unwrap();
    world.centre();
    let second = other.peer().chain();
    world.desk.peer().act(move |act| act.grant(request, second)).unwrap();
    suitcase.peer().begin_anew().unwrap();
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
    let chain = suitcase.peer().chain();
    let always = signing::Validity { not_before: 0, not_after: i64::MAX };
    world.desk.peer().act(move |act| act.confirm_rebirth(chain, always)).unwrap();
    world.desk.peer().absorb().unwrap();
    world.centre();
    world.exchange(suitcase.peer()).unwrap();
    world.desk.peer().act(move |act| act.withdraw_grant(request, chain)).unwrap();
    // Another one is shut out later: the next key goes to who still holds the record, and to nobody else.
    revoke(&world, &other);
    renew(&world, &other, 10);
    edit(world.desk.peer(), request, "+380500000001");
    world.centre();
    whole_hub(&world, &suitcase);
    assert_eq!(phone(suitcase.peer(), request), [AT_FIRST]);
}

/// The case chain from a number on, as it lies behind a hole at whoever was handed no more.
fn deliver_from(world: &World, to: &Member, from: u64) {
    let chain = world.desk.peer().chain();
    let segment = world.desk.peer().read(|view| view.segment(chain, from, 1 << 20)).unwrap().unwrap();
    to.peer().take_register(vec![segment]).unwrap();
    to.peer().absorb().unwrap();
}

/// Entries of the case chain that are grants, by number.
fn grants(world: &World) -> Vec<u64> {
    let chain = world.desk.peer().chain();
    let all = world.desk.peer().read(|view| view.segment(chain, 1, 1 << 20)).unwrap().unwrap();
    let numbered = (1..).zip(&all.entries);
    numbered.filter(|(_, entry)| entry.header.kind == EntryKind::GRANT).map(|(seq, _)| seq).collect()
}

#[test]
fn a_grant_that_arrives_after_it_was_taken_back_gives_nothing_and_one_that_follows_it_does() {
    let mut world = World::new();
    let (first, second) = (world.suitcase(7), world.suitcase(8));
    let request = record(first.peer(), "7-1");
    world.exchange(first.peer()).unwrap();
    world.exchange(second.peer()).unwrap();
    world.centre();
    let (chain, other) = (first.peer().chain(), second.peer().chain());
    world.desk.peer().act(move |act| act.grant(request, other)).unwrap();
    world.desk.peer().act(move |act| act.withdraw_grant(request, other)).unwrap();
    let told = grants(&world);
    let of_first = world.desk.peer().read(|view| view.segment(chain, 1, 1 << 20)).unwrap().unwrap();
    second.peer().take_register(vec![of_first]).unwrap();
    deliver_from(&world, &second, told[1]);
    deliver_from(&world, &second, told[0]);
    assert!(second.peer().read(|view| view.document(request)).is_err(), "what was taken back stays so");
    // Granted once more; the withdrawal before it arrives last.
    world.desk.peer().act(move |act| act.grant(request, other)).unwrap();
    let third = world.suitcase(9);
    let ninth = third.peer().chain();
    world.exchange(third.peer()).unwrap();
    world.desk.peer().act(move |act| act.grant(request, ninth)).unwrap();
    let before = grants(&world).len();
    world.desk.peer().act(move |act| act.withdraw_grant(request, ninth)).unwrap();
    world.desk.peer().act(move |act| act.grant(request, ninth)).unwrap();
    let told = grants(&world);
    let of_first = world.desk.peer().read(|view| view.segment(chain, 1, 1 << 20)).unwrap().unwrap();
    third.peer().take_register(vec![of_first]).unwrap();
    deliver_from(&world, &third, told[told.len() - 1]);
    deliver_from(&world, &third, told[before]);
    assert_eq!(phone(third.peer(), request), [AT_FIRST]);
    let (register, now) = (third.peer().register().unwrap(), world.clock.now().0);
    let due = third.peer().read(|view| view.out_of_scope(&register, now, 365)).unwrap();
    assert!(due.is_empty(), "nothing that is granted now is given up: {due:?}");
    deliver_from(&world, &second, grants(&world)[0]);
    assert_eq!(phone(second.peer(), request), [AT_FIRST]);
}
