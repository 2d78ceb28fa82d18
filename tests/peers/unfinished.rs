//! The desk is lost, and the hub has only a part of what it said: the one that is made from the kit makes it whole.

use crate::disasters::restore;
use crate::rebirth::{confirm_all, settle};
use crate::renewal::{AT_FIRST, edit, phone, shared, whole_hub};
use chain::Courier;
use clock::Clock;
use ids::{ChainId, RecordId};
use peer::sync::Session;
use peer::{Peer, Unfinished, Why};
use records::Kind;
use valiza_tests::world::{World, request_fields};

/// A record that two lives of one disk make under one name.
fn make(peer: &Peer, record: RecordId) {
    let fields = request_fields("7-1", "Гук");
    peer.act(move |act| act.create_as(Kind::Request, record, &fields)).unwrap();
}

/// What was taken back from a laptop stays so under its next name, also at a desk that never saw its first making.
#[test]
fn what_a_laptop_makes_again_under_its_next_name_stays_taken_back() {
    let mut world = World::new();
    let kit = sealing::AgreementSecret::from_bytes(world.root.agreement_secret());
    let mut laptop = world.suitcase(7);
    settle(&world, &[&laptop]);
    let (image, same, before) = (laptop.image(), RecordId::from_bytes([9; 16]), laptop.peer().chain());
    make(laptop.peer(), same);
    settle(&world, &[&laptop]);
    world.desk.peer().act(move |act| act.withdraw_grant(same, before)).unwrap();
    laptop.put_back(&image);
    laptop.peer().begin_anew().unwrap();
    make(laptop.peer(), same);
    settle(&world, &[&laptop]);
    assert_eq!(confirm_all(&world), 1);
    let now = laptop.peer().chain();
    let writers = |world: &World| world.desk.peer().read(|view| view.writers(same)).unwrap();
    assert!(![before, now].iter().any(|chain| writers(&world).contains(chain)));
    let desk = world.desk.peer();
    let (register, case) = (desk.register_segments().unwrap(), desk.chain());
    let case = desk.read(|view| view.segment(case, 1, 1 << 20)).unwrap().unwrap();
    // The first making is nowhere any more.
    world.lose_hub();
    world.lose_desk();
    for segments in [register, vec![case]] {
        world.desk.peer().take_register(segments).unwrap();
    }
    world.centre();
    settle(&world, &[&laptop]);
    restore(&world, &kit);
    assert!(world.desk.peer().read(|view| view.document(same)).is_ok());
    assert!(![before, now].iter().any(|chain| writers(&world).contains(chain)), "{:?}", writers(&world));
    edit(laptop.peer(), same, "+380500000001");
    settle(&world, &[&laptop]);
    let aside = world.desk.peer().read(|view| view.exceptions(Some(now))).unwrap();
    assert_eq!(aside.len(), 1, "a proposal: {aside:?}");
}

/// A contact over a link that carries an entry at a time, cut after so many; `true` if nothing was left to say.
fn entry_by_entry(world: &World, entries: usize) -> bool {
    let mut session = Session::new("hub");
    for _ in 0..entries {
        let message = session.next(world.desk.peer(), 1).unwrap();
        let answer = world.hub.answer(&message, world.clock.now()).unwrap();
        if !session.answered(world.desk.peer(), &answer, &mut Courier::default()).unwrap() {
            return true;
        }
    }
    false
}

fn nobody_gave_up(_: ChainId, _: RecordId) -> Option<u64> {
    None
}

fn unfinished(world: &World, gave_up: &dyn Fn(ChainId, RecordId) -> Option<u64>) -> Unfinished {
    let register = world.desk.peer().register().unwrap();
    let look = |after| {
        let found = |view: &peer::View<'_>| view.unfinished(&register, (after, view.last_arrival()?), gave_up);
        world.desk.peer().read(found).unwrap()
    };
    assert_eq!(look(0), look(1), "all, and all that came behind the first entry");
    look(0)
}

/// Gives back of how many chains a newest key was drawn, and how many grants there were beside.
fn finish(world: &World) -> (usize, usize) {
    let left = unfinished(world, &nobody_gave_up);
    let (shut_out, granted) = world.desk.peer().act(move |act| act.finish(&left)).unwrap();
    assert!(unfinished(world, &nobody_gave_up).is_empty(), "once is enough");
    (shut_out.len(), granted)
}

/// Whatever the hub has of it: from whom the record was taken back opens nothing that is written later, or holds it as
/// before; and who holds it reads on.
#[test]
fn a_record_that_was_taken_back_is_closed_or_not_wherever_the_contact_broke_off_before_the_desk_was_lost() {
    let (mut cut_after_the_withdrawal, mut cut_before_a_grant) = (0, 0);
    for entries in 1.. {
        let mut world = World::new();
        let kit = sealing::AgreementSecret::from_bytes(world.root.agreement_secret());
        let (first, second, request) = shared(&mut world);
        let other = second.peer().chain();
        world.desk.peer().act(move |act| act.withdraw_grant(request, other)).unwrap();
        let whole = entry_by_entry(&world, entries);
        world.lose_desk();
        restore(&world, &kit);
        let (drawn, granted) = finish(&world);
        (cut_after_the_withdrawal, cut_before_a_grant) =
            (cut_after_the_withdrawal + drawn, cut_before_a_grant + granted);
        world.centre();
        world.exchange(first.peer()).unwrap();
        edit(first.peer(), request, "+380500000001");
        world.exchange(first.peer()).unwrap();
        world.centre();
        assert_eq!(phone(world.desk.peer(), request), ["+380500000001"], "{entries} entries");
        edit(world.desk.peer(), request, "+380500000002");
        world.centre();
        world.exchange(first.peer()).unwrap();
        assert_eq!(phone(first.peer(), request), ["+380500000002"], "{entries} entries");
        let holds = world.desk.peer().read(|view| view.writers(request)).unwrap().contains(&other);
        whole_hub(&world, &second);
        let reads = if holds { "+380500000002" } else { AT_FIRST };
        assert_eq!(phone(second.peer(), request), [reads], "{entries} entries");
        if whole {
            assert!(!holds);
            break;
        }
    }
    assert_eq!((cut_after_the_withdrawal, cut_before_a_grant), (1, 1), "each cut was among them");
}

/// What a suitcase gave up by itself is closed to it, and goes on under its key: nobody took it back.
#[test]
fn what_a_suitcase_gave_up_by_itself_gets_no_key_for_that() {
    let mut world = World::new();
    let (first, second, request) = shared(&mut world);
    let chain = second.peer().chain();
    settle(&world, &[&second]);
    assert_eq!(second.peer().forget(vec![(request, Why::Old)]).unwrap(), 1);
    settle(&world, &[&second]);
    let told = world.desk.peer().read(|view| view.end(chain)).unwrap().seq;
    let close = move |act: &mut peer::Act<'_>| act.close_forgotten(chain, told, &[request]);
    assert_eq!(world.desk.peer().act(close).unwrap(), 1);
    let gave_up = |of: ChainId, record: RecordId| ((of, record) == (chain, request)).then_some(told);
    assert!(unfinished(&world, &gave_up).is_empty());
    assert_eq!(unfinished(&world, &nobody_gave_up).closed, [(request, chain)]);
    // What the centre itself writes is closed to it all the same.
    edit(world.desk.peer(), request, "+380500000001");
    assert!(unfinished(&world, &nobody_gave_up).is_empty());
    world.centre();
    world.exchange(first.peer()).unwrap();
    assert_eq!(phone(first.peer(), request), ["+380500000001"]);
}
