//! A hub that was put back from an old copy and does not know it, met by somebody who has no token to show that: what it
//! lost is brought all the same.

use crate::rebirth::{confirm_all, nothing_is_left, record, settle};
use hub::store::{MemoryStore, Store};
use std::sync::Arc;
use std::time::Duration;
use valiza_tests::world::{Member, World};

/// A suitcase sent a request, which the hub anchored and has lost. `meanwhile` happens in between. The copy that the hub was
/// put back from.
fn scene(meanwhile: impl FnOnce(&World, &Member)) -> (World, Member, Arc<MemoryStore>) {
    let store = Arc::new(MemoryStore::new());
    let mut world = World::over(store.clone());
    let laptop = world.suitcase(7);
    settle(&world, &[&laptop]);
    let copy = Arc::new(store.copy());
    record(laptop.peer(), "7-1");
    world.exchange(laptop.peer()).unwrap();
    meanwhile(&world, &laptop);
    world.put_hub_back(copy.clone());
    // The hub's log has gone beyond what the suitcase has read of it, so no position shows it either.
    world.clock.advance(Duration::from_secs(3_600));
    let other = world.suitcase(8);
    record(other.peer(), "8-1");
    world.exchange(other.peer()).unwrap();
    (world, laptop, copy)
}

fn at_centre(world: &World) -> u64 {
    world.desk.peer().read(|view| view.count(&peer::Filter::default())).unwrap()
}

#[test]
fn whoever_begins_anew_brings_it_of_the_chain_before() {
    let (world, laptop, _) = scene(|_, _| ());
    laptop.peer().begin_anew().unwrap();
    settle(&world, &[&laptop]);
    assert_eq!(confirm_all(&world), 1);
    settle(&world, &[&laptop]);
    assert_eq!(at_centre(&world), 2);
    nothing_is_left(laptop.peer());
}

#[test]
fn a_desk_that_came_back_from_a_copy_brings_it_though_the_suitcase_is_gone() {
    let (mut world, laptop, hub) = scene(|world, _| world.centre());
    let chain = laptop.peer().chain();
    let tenant = world.tenant;
    let held = || hub.holdings(tenant, &[(chain, 0)]).unwrap()[0].end.seq;
    let all = laptop.peer().read(|view| view.end(chain)).unwrap().seq;
    assert!(held() < all);
    drop(laptop);
    let image = world.desk.image();
    world.desk.put_back(&image);
    world.desk.peer().begin_from_a_copy("hub").unwrap();
    world.centre();
    assert_eq!(held(), all);
}
