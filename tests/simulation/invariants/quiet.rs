//! Of the evening of a quiet day: all that could be done is done.

use super::on_disks::reader_of;
use crate::world::peer::store::PeerStore;
use crate::world::sealed::act_of;
use crate::world::{LATER, World};
use chain::{ExceptionCode, Refusal, RefusalCode, Standing, Verified};
use hub::store::Reader;
use ids::RecordId;
use std::collections::{BTreeMap, BTreeSet};

/// Everybody who is there.
fn alive(world: &World) -> impl Iterator<Item = &PeerStore> {
    world.peers.iter().filter(|peer| peer.alive).map(|peer| peer.disk.saved())
}

fn desk_of<'a>(world: &'a World, store: &PeerStore) -> &'a PeerStore {
    world.peers[world.desk_of(store.number)].disk.saved()
}

/// A suitcase in force; any other gets the register and no more.
fn in_force(world: &World, store: &PeerStore) -> bool {
    store.is_desk || desk_of(world, store).register.standing(store.writes, world.now) == Standing::Live
}

pub fn own_is_anchored(world: &World) -> Result<(), String> {
    for store in alive(world) {
        for chain in store.own() {
            let (end, anchored) = (store.keep.end(chain), store.dialogue.unsent_from(chain) - 1);
            let held = world.hub.held(&store.community, chain, end.seq).1;
            if end.seq != anchored || held != (end.seq > 0).then_some(end.hash) {
                let at_hub = world.hub.held(&store.community, chain, 0).0.seq;
                let (shown, doubt) = (store.shown.get(&chain).map(|refusal| refusal.code), store.doubt);
                let what = format!("the hub has {at_hub}, shown {shown:?}, doubt {doubt:?}");
                return Err(format!("peer {}: {anchored} of {} entries are anchored; {what}", store.number, end.seq));
            }
        }
    }
    Ok(())
}

pub fn read_to_the_end(world: &World) -> Result<(), String> {
    for store in alive(world) {
        let reader = if in_force(world, store) { reader_of(store) } else { Reader::RegisterOnly(store.writes) };
        let unread = world.hub.unread(&store.community, reader, None);
        if let Some(entry) = unread.iter().find(|entry| !store.holds(entry)) {
            return Err(format!("peer {}: {:?} was never handed to it", store.number, entry.place));
        }
    }
    Ok(())
}

pub fn register_is_known(world: &World) -> Result<(), String> {
    for store in alive(world) {
        let desk = desk_of(world, store);
        if desk.register.desks().any(|(one, end, _)| store.register.head(one.register) != end) {
            return Err(format!("peer {} knows an older register", store.number));
        }
    }
    Ok(())
}

pub fn verdict_is_given(world: &World) -> Result<(), String> {
    for store in alive(world).filter(|store| !store.is_desk && in_force(world, store)) {
        let end = store.keep.end(store.writes);
        let judged = |(verdict, _): (chain::Verdict, _)| verdict.chain == store.writes && verdict.up_to == end;
        if end.seq > 0 && !store.verdicts().any(judged) {
            let desk = desk_of(world, store);
            let (opened, judged) = (desk.keep.end(store.writes), desk.judged.get(&(store.writes, store.writes)));
            return Err(format!(
                "peer {}: no verdict up to {end:?}; the desk has {opened:?}, judged {judged:?}",
                store.number
            ));
        }
    }
    Ok(())
}

/// Of everybody in force, put back from a copy or not. With two branches of a chain a person must look first.
pub fn shift_may_end(world: &World) -> Result<(), String> {
    for peer in world.peers.iter().filter(|peer| peer.alive) {
        let store = peer.disk.saved();
        let asks = !store.is_desk && in_force(world, store) && store.keep.end(store.writes).seq > 0;
        if asks && !has_another_branch(world, store) {
            peer.end_of_shift().map_err(|left| format!("peer {} may not end its shift: {left:?}", store.number))?;
        }
    }
    Ok(())
}

/// The hub, or the centre, holds another entry under a number of what was written here; or behind a hole one that follows
/// another entry: then the hub refuses what was written here, and the centre keeps it aside, as a fork.
fn has_another_branch(world: &World, store: &PeerStore) -> bool {
    let desk = desk_of(world, store);
    store.written_chains().into_iter().any(|chain| {
        let fork = |one: &Refusal| matches!(one.code, RefusalCode::Fork { .. });
        let refused = store.ends.contains_key(&chain) && store.shown.get(&chain).is_some_and(fork);
        refused
            || store.keep.until(chain, store.written_until(chain)).any(|entry| {
                let seq = entry.place.seq;
                let at_hub = world.hub.held(&store.community, chain, seq).1;
                let aside = desk.strays.values().any(|stray| stray.hash == entry.hash);
                aside || [at_hub, desk.keep.hash_at(chain, seq)].into_iter().flatten().any(|held| held != entry.hash)
            })
    })
}

/// Acts that somebody holds who must bring them, or that the hub holds.
pub fn acts_alive(world: &World) -> BTreeMap<u64, RecordId> {
    let act = |entry: &Verified| Some((act_of(entry)?, entry.entry.header.record?));
    let held = |store: &PeerStore| -> Vec<(u64, RecordId)> {
        store.keep.entries().chain(store.strays.values()).filter_map(|entry| act(entry)).collect()
    };
    let with_hub = world.communities.iter().flat_map(|community| world.hub.entries(community, None));
    let with_hub: Vec<_> = with_hub.filter_map(|entry| act(&entry)).collect();
    alive(world).flat_map(held).chain(with_hub).collect()
}

pub fn acts_arrive(world: &World) -> Result<(), String> {
    let desks = || world.peers.iter().map(|peer| peer.disk.saved()).filter(|store| store.is_desk);
    let held = desks().flat_map(|desk| desk.keep.entries().chain(desk.strays.values()));
    let at_desks: BTreeSet<u64> = held.filter_map(|entry| act_of(entry)).collect();
    let erased = |record: RecordId| desks().any(|desk| desk.register.is_erased(record));
    let missing = |(act, record): &(&u64, &RecordId)| {
        !at_desks.contains(act) && !erased(**record) && !shown_somewhere(world, **act)
    };
    match world.owed.iter().find(missing) {
        Some((act, _)) => Err(format!("act {act} is neither at the centre nor shown as refused")),
        None => Ok(()),
    }
}

/// Somebody who is there holds the act in a chain whose refusal is shown on its pages.
fn shown_somewhere(world: &World, act: u64) -> bool {
    alive(world).any(|store| {
        store.keep.entries().any(|entry| act_of(entry) == Some(act) && store.shown.contains_key(&entry.place.chain))
    })
}

pub fn later_waits_for_upgrade(world: &World) -> Result<(), String> {
    for store in alive(world).filter(|store| !store.is_desk && in_force(world, store)) {
        let named = |seq: u64| {
            let about = store.verdicts().filter(|(verdict, _)| verdict.chain == store.writes);
            let mut exceptions = about.flat_map(|(verdict, _)| verdict.exceptions);
            exceptions.any(|one| one.seq == seq && one.code == ExceptionCode::LaterVersion)
        };
        let own = store.keep.from(store.writes, 1);
        let later = own.iter().filter(|entry| entry.entry.header.kind.code() >= LATER);
        if let Some(entry) = later.into_iter().find(|entry| !named(entry.place.seq)) {
            return Err(format!("peer {} was not told that {:?} waits for an upgrade", store.number, entry.place));
        }
    }
    Ok(())
}

pub fn hub_is_whole(world: &World) -> Result<(), String> {
    for community in &world.communities {
        for (chain, entries) in world.hub.chains(community) {
            let whole = (1..).take_while(|seq| entries.contains_key(seq)).count() as u64;
            let joined =
                entries.values().all(|e| entries.get(&(e.place.seq - 1)).is_none_or(|b| b.hash == e.place.prev));
            let end = world.hub.held(community, chain, 0).0;
            if end.seq != whole || !joined || entries.get(&whole).is_some_and(|e| e.hash != end.hash) {
                return Err(format!("the hub holds {chain} up to {whole} and says {}; joined {joined}", end.seq));
            }
        }
    }
    Ok(())
}
