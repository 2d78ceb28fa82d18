//! The desk is lost, and the hub has only a part of what it said: the one that is made from the kit makes it whole.

use crate::disasters::restore;
use crate::rebirth::{confirm_all, settle};
use ids::RecordId;
use peer::Peer;
use records::{Edit, Kind};
use valiza_tests::world::{World, request_fields};

fn edit(peer: &Peer, record: RecordId, value: &'static str) {
    peer.act(move |act| act.edit(record, |_, _| Ok((vec![Edit::new("phone", value)], ())))).unwrap();
}

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
