//! What a suitcase that began anew knows of its chains of before: what is anchored, what is judged, what may be given up,
//! and what its pages say of it.

use crate::rebirth::{confirm_all, nothing_is_left, record, settle};
use chain::Verdict;
use clock::Clock;
use peer::{Message, Peer, Why};
use records::{Edit, Kind};
use std::time::Duration;
use valiza_tests::world::{Member, World, withdrawn_by_applicant};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Requests here alone, on their way, at the centre.
fn places(peer: &Peer) -> (u64, u64, u64) {
    let found = peer.read(|view| view.whereabouts(Kind::Request, "hub")).unwrap();
    (found.here, found.on_the_way, found.at_centre)
}

/// A laptop with some history at the centre and a closed request that nobody has but it.
fn with_unsent(world: &mut World) -> (Member, ids::RecordId, tempfile::TempDir) {
    let mut laptop = world.suitcase(7);
    for number in ["7-1", "7-2", "7-3"] {
        record(laptop.peer(), number);
    }
    settle(world, &[&laptop]);
    let image = laptop.image();
    let only_here = record(laptop.peer(), "7-4");
    withdrawn_by_applicant(laptop.peer(), only_here);
    (laptop, only_here, image)
}

/// The twin's entries stand at the centre under the numbers of what the laptop had not sent. The centre's verdict is about
/// those, and nothing of the laptop's is given up for it.
#[test]
fn a_verdict_on_a_twins_entries_lets_nothing_of_this_laptop_go() {
    for before_confirmed in [false, true] {
        let mut world = World::new();
        let (laptop, only_here, image) = with_unsent(&mut world);
        let twin = laptop.twin(&image);
        laptop.peer().begin_anew().unwrap();
        for number in ["8-1", "8-2", "8-3"] {
            record(twin.peer(), number);
        }
        if before_confirmed {
            settle(&world, &[&twin]);
        } else {
            world.exchange(twin.peer()).unwrap();
        }
        world.exchange(laptop.peer()).unwrap();
        world.centre();
        assert_eq!(confirm_all(&world), 1);
        record(twin.peer(), "8-4");
        world.exchange(twin.peer()).unwrap();
        settle(&world, &[&laptop]);
        world.clock.advance(DAY * 31);
        let (register, now) = (laptop.peer().register().unwrap(), world.clock.now().0);
        let due = laptop.peer().read(|view| view.out_of_scope(&register, now, 30)).unwrap();
        assert!(due.iter().all(|due| due.row.record != only_here), "nobody else has it");
        assert_eq!(laptop.peer().forget(vec![(only_here, Why::ByHand)]).unwrap(), 0);
        assert!(laptop.peer().read(|view| view.document(only_here)).is_ok());
        // The pages say that it is only here, and the shift does not end over it.
        assert_eq!(places(laptop.peer()), (1, 0, 3), "before: {before_confirmed}");
        let (present, chains) = laptop.peer().own_state("hub").unwrap();
        let left = chain::nothing_left(&present, &chains).unwrap_err();
        assert!(left.iter().any(|one| matches!(one, chain::Left::OtherBranch { .. })), "{left:?}");
    }
}

/// History at the centre, some entries unsent, and then the mark beside the database was ahead.
#[test]
fn a_shift_ends_after_a_rebirth_with_unsent_entries_and_again_after_the_hub_was_lost() {
    let mut world = World::new();
    let (laptop, _, _image) = with_unsent(&mut world);
    laptop.peer().begin_anew().unwrap();
    assert_eq!(places(laptop.peer()), (1, 0, 3), "what the centre has stays there, what is here stays here");
    // The new chain first: its own entries say nothing of those before it.
    record(laptop.peer(), "7-5");
    settle(&world, &[&laptop]);
    assert_eq!(places(laptop.peer()).0, 0);
    assert_eq!(confirm_all(&world), 1);
    settle(&world, &[&laptop]);
    assert_eq!(places(laptop.peer()), (0, 0, 5));
    nothing_is_left(laptop.peer());
    world.lose_hub();
    settle(&world, &[&laptop]);
    nothing_is_left(laptop.peer());
}

/// A laptop that is put back from a copy and never speaks under its old name again: the centre told that one, and tells
/// the new one once more.
#[test]
fn what_was_told_to_the_chain_before_is_told_to_the_one_that_goes_on() {
    let mut world = World::new();
    let mut laptop = world.suitcase(7);
    let request = record(laptop.peer(), "7-1");
    withdrawn_by_applicant(laptop.peer(), request);
    world.exchange(laptop.peer()).unwrap();
    let image = laptop.image();
    record(laptop.peer(), "7-2");
    settle(&world, &[&laptop]);
    laptop.put_back(&image);
    laptop.peer().begin_anew().unwrap();
    settle(&world, &[&laptop]);
    confirm_all(&world);
    settle(&world, &[&laptop]);
    nothing_is_left(laptop.peer());
    assert_eq!(places(laptop.peer()), (0, 0, 1), "what the disk forgot comes back as the centre's");
    world.clock.advance(DAY * 31);
    assert_eq!(laptop.peer().forget(vec![(request, Why::Old)]).unwrap(), 1, "the centre has it");
    // Much is said afterwards, and that word is not forgotten over it.
    let (chain, register) = (laptop.peer().chain(), world.desk.peer().register().unwrap());
    let (centre, head) = register.current_desk().map(|desk| (desk.register, register.head(desk.register))).unwrap();
    settle(&world, &[&laptop]);
    let up_to = laptop.peer().read(|view| view.end(chain)).unwrap();
    let again = Message::Verdict(Verdict { chain, up_to, register: (centre, head), exceptions: Vec::new() });
    world.desk.peer().act(move |act| (0..210).try_for_each(|_| act.tell(chain, &again))).unwrap();
    settle(&world, &[&laptop]);
    nothing_is_left(laptop.peer());
}

#[test]
fn a_shift_of_a_laptop_that_began_anew_ends_under_the_centres_new_keys() {
    let mut world = World::new();
    let (laptop, _, _image) = with_unsent(&mut world);
    laptop.peer().begin_anew().unwrap();
    settle(&world, &[&laptop]);
    confirm_all(&world);
    settle(&world, &[&laptop]);
    nothing_is_left(laptop.peer());
    let always = signing::Validity { not_before: 0, not_after: i64::MAX };
    world.desk.peer().rotate(world.root.signing_key(), always, "admin").unwrap();
    while world.desk.peer().tell_again().unwrap() {}
    settle(&world, &[&laptop]);
    nothing_is_left(laptop.peer());
    // A desk made again from the kit has told nobody anything yet.
    world.exchange(world.desk.peer()).unwrap();
    world.lose_desk();
    settle(&world, &[&laptop]);
    nothing_is_left(laptop.peer());
}

/// Two lives of one disk that both went on and were both confirmed: each hears of the part that is its own.
#[test]
fn both_lives_of_a_disk_end_their_shifts() {
    let mut world = World::new();
    let (laptop, _, image) = with_unsent(&mut world);
    let twin = laptop.twin(&image);
    record(twin.peer(), "8-1");
    for member in [&laptop, &twin] {
        world.exchange(member.peer()).unwrap();
    }
    settle(&world, &[&laptop, &twin]);
    for _ in 0..2 {
        confirm_all(&world);
        settle(&world, &[&laptop, &twin]);
    }
    assert_eq!(world.desk.peer().register().unwrap().unconfirmed().count(), 0);
    nothing_is_left(laptop.peer());
    nothing_is_left(twin.peer());
}

/// What was written before the rebirth and never sent keeps a request here, though it was edited since and that was sent.
#[test]
fn a_request_is_here_as_long_as_any_of_its_changes_is() {
    let mut world = World::new();
    let (laptop, only_here, image) = with_unsent(&mut world);
    let twin = laptop.twin(&image);
    for number in ["8-1", "8-2", "8-3"] {
        record(twin.peer(), number);
    }
    settle(&world, &[&twin]);
    laptop.peer().begin_anew().unwrap();
    let edit = vec![Edit::new("phone", "+380501112233")];
    laptop.peer().act(move |act| act.edit(only_here, |_, _| Ok((edit, ())))).unwrap();
    settle(&world, &[&laptop]);
    confirm_all(&world);
    settle(&world, &[&laptop]);
    assert_eq!(places(laptop.peer()), (1, 0, 3), "the hub holds another's entries under those numbers");
    let own: Vec<_> = laptop.peer().read(|view| view.pending("hub", 0, 9)).unwrap().0;
    assert_eq!(own.len(), 1);
    assert_eq!((own[0].row.record, own[0].whereabout), (only_here, peer::Whereabout::Here));
    let filter = peer::Filter { kind: Some(Kind::Request), ..peer::Filter::default() };
    for (place, count) in
        [(peer::Whereabout::Here, 1), (peer::Whereabout::OnTheWay, 0), (peer::Whereabout::AtCentre, 3)]
    {
        let found = laptop.peer().read(|view| view.count(&view.placed(filter.clone(), place, "hub")?)).unwrap();
        assert_eq!(found, count, "{place:?}");
    }
    let before = places(laptop.peer());
    laptop.peer().rebuild().unwrap();
    assert_eq!(places(laptop.peer()), before);
    // The file for a court says of it what the pages say.
    let file = laptop.peer().evidence(only_here, "7-4", Default::default()).unwrap();
    let words = evidence::Evidence::decode(&file).unwrap().0.words;
    let former = laptop.peer().read(|view| view.former()).unwrap()[0].chain;
    let unsent: Vec<_> = words.iter().filter(|word| word.chain == former).map(|word| word.word).collect();
    assert!(!unsent.is_empty() && unsent.iter().all(|word| *word == evidence::Word::NOT_JUDGED), "{words:?}");
}

/// Nobody told this disk of it: the hub forgot with it, and the centre speaks to the key of an unlocking that it lost. What
/// the centre says of a fork every life of a disk can open.
#[test]
fn a_laptop_that_was_put_back_hears_of_the_fork_though_the_hub_was_lost_too() {
    let mut world = World::new();
    let mut laptop = world.suitcase(7);
    let image = laptop.image();
    let forgotten = record(laptop.peer(), "7-1");
    world.exchange(laptop.peer()).unwrap();
    laptop.put_back(&image);
    world.centre();
    world.lose_hub();
    let again = record(laptop.peer(), "7-2");
    let before = laptop.peer().chain();
    settle(&world, &[&laptop]);
    assert_ne!(laptop.peer().chain(), before, "it goes on under a name of its own");
    assert_eq!(confirm_all(&world), 1);
    settle(&world, &[&laptop]);
    let (present, chains) = laptop.peer().own_state("hub").unwrap();
    let closed = chain::nothing_left(&present, &chains).unwrap();
    assert_eq!(closed.len(), 1, "of the chain before it has not one entry");
    assert_eq!(places(laptop.peer()), (0, 0, 1));
    for request in [again, forgotten] {
        assert!(world.desk.peer().read(|view| view.document(request)).is_ok(), "the centre has both");
    }
}

/// Another life of the disk goes on for this chain, and nobody here knows which numbers it spent before it did: what the
/// centre's new keys ask for is told in the chain that this life begins.
#[test]
fn who_follows_the_centre_to_new_keys_writes_nothing_in_a_chain_that_another_continued() {
    let mut world = World::new();
    let mut laptop = world.suitcase(7);
    record(laptop.peer(), "7-1");
    world.exchange(laptop.peer()).unwrap();
    let image = laptop.image();
    let twin = laptop.twin(&image);
    let before = twin.peer().chain();
    let end = twin.peer().read(|view| view.end(before)).unwrap();
    laptop.peer().begin_anew().unwrap();
    settle(&world, &[&laptop]);
    assert_eq!(confirm_all(&world), 1);
    settle(&world, &[&laptop]);
    let always = signing::Validity { not_before: 0, not_after: i64::MAX };
    world.desk.peer().rotate(world.root.signing_key(), always, "admin").unwrap();
    while world.desk.peer().tell_again().unwrap() {}
    settle(&world, &[&laptop]);
    settle(&world, &[&twin]);
    let former = twin.peer().read(|view| view.former()).unwrap();
    assert_eq!(former.iter().map(|one| (one.chain, one.end)).collect::<Vec<_>>(), [(before, end.seq)]);
    // Nothing is lost by it.
    let on_twin = record(twin.peer(), "8-1");
    world.desk.peer().destroy_old_keys().unwrap();
    for _ in 0..2 {
        confirm_all(&world);
        settle(&world, &[&laptop, &twin]);
    }
    assert!(world.desk.peer().read(|view| view.document(on_twin)).is_ok());
    for member in [&laptop, &twin] {
        nothing_is_left(member.peer());
    }
}

/// Numbers that were given out since the copy was made are not given out again.
#[test]
fn a_count_that_came_back_from_a_copy_goes_on_behind_what_was_given_out() {
    let mut world = World::new();
    let mut laptop = world.suitcase(7);
    let next = |peer: &Peer| peer.act(|act| act.next_receipt_number()).unwrap().counter();
    assert_eq!(next(laptop.peer()), 1);
    let image = laptop.image();
    let given: Vec<u16> = (0..20).map(|_| next(laptop.peer())).collect();
    laptop.put_back(&image);
    laptop.peer().begin_anew().unwrap();
    let after = next(laptop.peer());
    assert!(!given.contains(&after) && after > 300, "{after}");
    // However often it is put back, somebody can record.
    for _ in 0..chain::limits::REBIRTHS - 1 {
        laptop.peer().begin_anew().unwrap();
    }
    assert!(next(laptop.peer()) < 999);
}
