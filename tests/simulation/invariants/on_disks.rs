//! Of what is on a disk: a peer's, the hub's.

use crate::world::World;
use crate::world::keep::is_covered;
use crate::world::peer::store::PeerStore;
use chain::{Cursor, Verified};
use hub::store::{Point, Reader};

fn store(world: &World, number: usize) -> &PeerStore {
    world.peers[number].disk.saved()
}

pub fn saved_stays(world: &World, number: usize) -> Result<(), String> {
    match world.ledger.lost(number, store(world, number)) {
        Some((chain, seq)) => Err(format!("peer {number} lost entry {seq} of {chain} that it called saved")),
        None => Ok(()),
    }
}

pub fn no_number_twice(world: &World, _: usize) -> Result<(), String> {
    world.ledger.twice.clone().map_or(Ok(()), Err)
}

pub fn held_was_written(world: &World, number: usize) -> Result<(), String> {
    let store = store(world, number);
    let mut held = store.keep.entries().chain(store.strays.values());
    match held.find(|entry| !was_written(world, entry)) {
        Some(entry) => Err(format!("peer {number} holds {:?}, which nobody wrote", entry.place)),
        None => Ok(()),
    }
}

fn was_written(world: &World, entry: &Verified) -> bool {
    world.ledger.written.contains(&entry.hash) || world.ledger.strange.contains(&entry.place.chain)
}

pub fn cursor_behind_holdings(world: &World, number: usize) -> Result<(), String> {
    let store = store(world, number);
    let Some(cursor) = store.dialogue.cursor.filter(|cursor| Some(cursor.lineage) == world.hub.lineage()) else {
        return Ok(());
    };
    let Cursor { position, index, .. } = cursor;
    let reader = reader_of(store);
    let ahead = world.hub.unread(&store.community, reader, Some(Point { position, index }));
    let passed = world.hub.unread(&store.community, reader, None);
    let is_ahead = |entry: &Verified| ahead.iter().any(|other| other.hash == entry.hash);
    match passed.into_iter().find(|entry| !store.holds(entry) && !is_ahead(entry)) {
        Some(entry) => {
            let (seq, chain) = (entry.place.seq, entry.place.chain);
            let kind = entry.entry.header.kind;
            Err(format!("peer {number} passed {cursor:?} and does not hold {kind:?} {seq} of {chain}"))
        }
        None => Ok(()),
    }
}

/// As whom it reads while nothing is held against it.
pub fn reader_of(store: &PeerStore) -> Reader {
    let (register, case) = (store.register_chain, store.writes);
    if store.is_desk { Reader::Desk { register, case } } else { Reader::Suitcase(store.writes) }
}

/// Whole up to the end, each entry joined to the one before, and not more.
pub fn chains_are_joined(world: &World, number: usize) -> Result<(), String> {
    for (chain, rows) in store(world, number).keep.chains() {
        let whole = (1..=rows.end.seq).all(|seq| rows.entries.contains_key(&seq));
        let joined = rows.entries.iter().all(|(seq, e)| match rows.entries.get(&(seq - 1)) {
            Some(before) => before.hash == e.place.prev,
            None => true,
        });
        let stopped = !rows.entries.contains_key(&(rows.end.seq + 1));
        if !(whole && joined && stopped) {
            let what = format!("whole {whole}, joined {joined}, stopped {stopped}");
            return Err(format!("peer {number} holds a broken {chain}: {what}"));
        }
    }
    Ok(())
}

pub fn no_act_counts_twice(world: &World, number: usize) -> Result<(), String> {
    match store(world, number).counted.values().find(|count| **count > 1) {
        Some(count) => Err(format!("peer {number} counts one act {count} times")),
        None => Ok(()),
    }
}

pub fn erased_is_gone(world: &World, number: usize) -> Result<(), String> {
    let store = store(world, number);
    let erased = store.erased();
    let mut held = store.keep.entries().chain(store.strays.values());
    match held.find(|entry| !erased.is_empty() && is_covered(&erased, entry)) {
        Some(entry) => {
            Err(format!("peer {number} holds the body of {:?}, which was ordered to be erased", entry.place))
        }
        None => Ok(()),
    }
}

pub fn one_living_chain(world: &World, number: usize) -> Result<(), String> {
    let store = store(world, number);
    if !store.is_desk {
        return Ok(());
    }
    let mut numbers: Vec<u16> = store.register.suitcases().map(|suitcase| suitcase.number).collect();
    numbers.dedup();
    match numbers.into_iter().map(usize::from).find(|one| store.living(*one).len() > 1) {
        Some(one) => Err(format!("suitcase {one} has the chains {:?} in force", store.living(one))),
        None => Ok(()),
    }
}

pub fn anchored_is_durable(world: &World) -> Result<(), String> {
    for (chain, (tenant, end)) in world.ledger.anchored() {
        let community = world.communities.iter().find(|community| community.tenant == *tenant);
        let held = community.map(|community| world.hub.held(community, *chain, end.seq));
        if held.is_none_or(|(whole, held)| whole.seq < end.seq || held != Some(end.hash)) {
            return Err(format!("the hub lost {chain}, which it anchored up to {}", end.seq));
        }
    }
    Ok(())
}

pub fn hub_holds_what_was_written(world: &World) -> Result<(), String> {
    let mut read = world.ledger.read.borrow_mut();
    for community in &world.communities {
        let end = world.hub.position(community);
        let from = read.insert(community.tenant, end).unwrap_or_default();
        if from >= end {
            continue;
        }
        let new = world.hub.entries(community, Some(Point { position: from, index: u64::MAX }));
        if let Some(entry) = new.iter().find(|entry| !was_written(world, entry)) {
            return Err(format!("the hub holds {:?}, which nobody wrote", entry.place));
        }
    }
    Ok(())
}
