//! Who can read what: keys that were renewed, given up, erased.

use super::promises::Ledger;
use crate::world::World;
use crate::world::peer::store::PeerStore;
use crate::world::sealed::{Generation, Key, Own, granted, seal_of};
use chain::{ExceptionCode, Kind, Link, RefusalCode, Standing, Verified};
use ids::{ChainId, RecordId};
use std::collections::BTreeSet;

/// A suitcase before and after it made room.
pub struct Room<'a> {
    pub before: &'a PeerStore,
    pub gone: &'a [RecordId],
}

fn store(world: &World, number: usize) -> &PeerStore {
    world.peers[number].disk.saved()
}

fn alive(world: &World) -> impl Iterator<Item = &PeerStore> {
    world.peers.iter().filter(|peer| peer.alive).map(|peer| peer.disk.saved())
}

fn desks(world: &World) -> impl Iterator<Item = &PeerStore> {
    alive(world).filter(|store| store.is_desk)
}

impl Ledger {
    /// What the owner of this disk has, and what the hub's disk has for whoever writes this chain.
    pub fn note_keys(&mut self, store: &PeerStore, entry: Option<&Verified>) {
        match entry {
            None => {
                self.knows.entry(store.writes).or_default().extend(store.ring.all());
                self.closings.extend(store.ring.closings.iter());
            }
            Some(entry) => {
                if let (Kind::GRANT, Some(peer), Some(body)) =
                    (entry.entry.header.kind, entry.entry.header.peer, entry.entry.body.bytes())
                {
                    let place = (entry.place.chain, entry.place.seq);
                    self.told.insert(place, (peer, granted(body).into_iter().map(|(_, key)| key).collect()));
                }
            }
        }
    }

    /// A centre writes: whoever it shut out must not have the key.
    pub fn note_act(&mut self, store: &PeerStore, entry: &Verified) {
        let Some((record, (generation, key))) = seal_of(entry).filter(|_| store.is_desk) else { return };
        if let Some(reader) = self.shut_out_of(store, record).into_iter().find(|reader| self.knows(*reader, key)) {
            self.read_on = Some(format!(
                "the centre wrote in {record} under generation {generation}, which {reader} has, who is shut out"
            ));
        }
    }

    fn knows(&self, chain: ChainId, key: Key) -> bool {
        let told = || self.told.values().any(|(peer, keys)| *peer == chain && keys.contains(&key));
        self.knows.get(&chain).is_some_and(|keys| keys.contains(&key)) || told()
    }

    /// Who was revoked, declined, or had the record taken back. What a suitcase gave up by itself it was not shut out of.
    fn shut_out_of(&self, desk: &PeerStore, record: RecordId) -> BTreeSet<ChainId> {
        let taken_back =
            desk.ring.words.iter().filter(|((of, _), word)| *of == record && !word.open).map(|(of, _)| of.1);
        let taken_back = taken_back.filter(|chain| self.closings.get(&(record, *chain)) != Some(&true));
        desk.shut_out().into_iter().chain(taken_back).collect()
    }
}

pub fn shut_out_reads_nothing_new(world: &World, number: usize) -> Result<(), String> {
    match &world.ledger.read_on {
        Some(what) if store(world, number).is_desk => Err(what.clone()),
        _ => Ok(()),
    }
}

/// The newest key of each record is nobody's who is shut out.
pub fn new_keys_are_known_to_holders_only(world: &World) -> Result<(), String> {
    for desk in desks(world) {
        for record in desk.ring.read() {
            let Some((generation, key)) = desk.ring.newest(record) else { continue };
            if let Some(reader) =
                world.ledger.shut_out_of(desk, record).into_iter().find(|one| world.ledger.knows(*one, key))
            {
                return Err(format!(
                    "{reader} is shut out of {record} and has its newest key, generation {generation}"
                ));
            }
        }
    }
    Ok(())
}

fn in_force(world: &World, store: &PeerStore) -> bool {
    let desk = world.peers[world.desk_of(store.number)].disk.saved();
    !store.is_desk && desk.register.standing(store.writes, world.now) == Standing::Live
}

pub fn holders_read_on(world: &World) -> Result<(), String> {
    // Who was put back from a copy and does not know it is looked at when it has begun anew.
    let aware = world.peers.iter().filter(|peer| peer.alive && !peer.unaware).map(|peer| peer.disk.saved());
    for store in aware.filter(|store| in_force(world, store)) {
        let desk = world.peers[world.desk_of(store.number)].disk.saved();
        for record in desk.ring.records() {
            if !desk.ring.writers.contains(&(record, store.writes)) || store.ring.forgotten.contains(&record) {
                continue;
            }
            let lacks =
                desk.ring.newest(record).filter(|(generation, key)| !store.ring.opens(record, (*generation, *key)));
            if let Some((generation, _)) = lacks {
                let has = store.ring.of(record);
                let number = store.number;
                return Err(format!("peer {number} holds {record} and does not open generation {generation}: {has:?}"));
            }
        }
        // The centre counts on what a suitcase says that it gave up, and on nothing else.
        let closed = |record: &&RecordId| desk.ring.words.get(&(**record, store.writes)).is_some_and(|word| word.open);
        if let Some(record) = store.ring.forgotten.iter().find(closed) {
            return Err(format!(
                "peer {} was granted {record} after it gave it up, and does not have it",
                store.number
            ));
        }
    }
    Ok(())
}

/// What came from a revoked laptop waits for a person, each entry by itself: it opens by any epoch of its chain, unless an
/// order to erase did not wait for it.
fn could_open(world: &World, desk: &PeerStore, entry: &Verified, record: RecordId, generation: Generation) -> bool {
    let chain = entry.place.chain;
    let revoked = matches!(desk.register.standing(chain, 0), Standing::Revoked { .. });
    let mut epochs = desk.ring.epochs.range((chain, 0)..(chain, entry.place.seq)).filter_map(|(_, key)| *key);
    let last = desk.ring.epochs.range((chain, 0)..(chain, entry.place.seq)).next_back();
    let held = last.and_then(|(place, _)| world.ledger.named.get(place));
    let dropped = held.is_some_and(|held| entry.place.seq > *held);
    // A laptop that began anew because of its mark, while a twin of it had already brought other entries under the numbers
    // that it had not sent: its pages show what the hub refused, and the epoch in it is there alone.
    let wrote = |store: &&PeerStore| store.written_chains().contains(&chain);
    let refused = world.peers.iter().map(|peer| peer.disk.saved()).filter(wrote).any(|store| {
        let fork = |before| store.shown.get(before).is_some_and(|one| matches!(one.code, RefusalCode::Fork { .. }));
        store.ends.keys().any(fork)
    });
    // What came of the chain before after it ended waits for a person, and keys of epochs in it with it.
    let let_in = desk.register.ancestors(chain).any(|before| {
        let mut epochs = desk.ring.epochs.range((before, 0)..=(before, u64::MAX)).filter_map(|(_, key)| *key);
        generation.0 == 1 && epochs.any(|key| key.of_record(record) == generation.1)
    });
    // Sealed to a key that was destroyed without waiting for this suitcase, which never came back to tell it again; or for
    // this life of it: one that was put back from a copy does not have the fact, and others bring it late.
    let has = |seq: u64| alive(world).any(|store| store.is_ours(chain) && seq <= store.written_until(chain));
    let before = (chain, 0)..(chain, entry.place.seq);
    let untold = desk.ring.unread.range(before.clone()).any(|(_, seq)| !has(*seq));
    // The desk of before told the fact of another life's entry again, which it held under that number; the hub lost that
    // one, and the desk from the kit holds this life's: what is told again names a number, and no hash. No laptop that goes
    // on has this one for its own: what it had of it, it wrote anew.
    let told_of_another =
        desk.ring.told.range(before).any(|(place, (_, told))| !has(place.1) && is_told_of_another(desk, *place, told));
    desk.can_read(entry, record, generation)
        || refused
        || untold
        || told_of_another
        || let_in
        || revoked && generation.0 == 1 && (dropped || epochs.any(|key| key.of_record(record) == generation.1))
}

/// What was told again of a place is no fact of the entry that is held there. An epoch that is over and keys that are kept
/// one by one are told again as such.
fn is_told_of_another(desk: &PeerStore, (chain, seq): (ChainId, u64), told: &[u8]) -> bool {
    let held = desk.keep.get(chain, seq).and_then(|entry| entry.entry.body.bytes()).map(Own::read);
    held.is_some_and(|held| match (Own::of_plain(told), held) {
        (Own::EpochWas, Own::Epoch(_)) => false,
        (Own::Kept(none), Own::Kept(_) | Own::Again(..)) if none.is_empty() => false,
        (told, held) => told != held,
    })
}

/// Of everything that came to the centre from whom it certified.
pub fn centre_opens_all(world: &World) -> Result<(), String> {
    for desk in desks(world) {
        let erased = desk.erased();
        for entry in desk.keep.entries() {
            let Some((record, generation)) = seal_of(entry) else { continue };
            let certified =
                desk.register.suitcase(entry.place.chain).is_some() || desk.register.is_case(entry.place.chain);
            let behind = desk.register.end_of_continued(entry.place.chain).is_some_and(|end| entry.place.seq > end.seq);
            let whole = entry.place.seq <= desk.keep.end(entry.place.chain).seq;
            if certified
                && whole
                && !behind
                && !erased.records.contains(&record)
                && !could_open(world, desk, entry, record, generation)
            {
                let has = desk.ring.of(record);
                return Err(format!(
                    "the centre does not open {:?} of {record}, {generation:?}: it has {has:?}",
                    entry.place
                ));
            }
        }
    }
    Ok(())
}

/// Facts of whoever is in force, in all chains that it wrote.
pub fn facts_stay_readable(world: &World) -> Result<(), String> {
    for store in alive(world).filter(|store| in_force(world, store)) {
        let desk = world.peers[world.desk_of(store.number)].disk.saved();
        // Under a number of ours a twin of this disk may have brought another entry: that one only the twin has.
        let ours = |(chain, seq): &&(ChainId, u64)| {
            let written = store.is_ours(*chain) && *seq <= store.written_until(*chain);
            written && store.keep.hash_at(*chain, *seq) == desk.keep.hash_at(*chain, *seq)
        };
        if let Some((chain, seq)) = desk.ring.unread.iter().find(ours) {
            return Err(format!(
                "the centre does not open the fact {seq} of {chain}, which is peer {}'s",
                store.number
            ));
        }
    }
    Ok(())
}

pub fn only_its_scope_is_held(world: &World) -> Result<(), String> {
    for store in alive(world).filter(|store| in_force(world, store)) {
        let desk = world.peers[world.desk_of(store.number)].disk.saved();
        for record in store.ring.records() {
            let word = desk.ring.words.get(&(record, store.writes));
            let taken_back = word.is_some_and(|word| !word.open);
            let named = store
                .verdicts()
                .any(|(verdict, _)| verdict.exceptions.iter().any(|one| one.code == ExceptionCode::Fork));
            if taken_back && !store.ring.drafts.contains(&record) && store.is_settled(record) && !named {
                return Err(format!("peer {} reads {record}, which was taken back", store.number));
            }
        }
    }
    Ok(())
}

/// No entry that is left makes or holds the key of a record that was erased, but in an epoch that goes on.
pub fn erased_keys_are_gone(world: &World) -> Result<(), String> {
    for desk in desks(world) {
        let erased = desk.erased();
        if let Some(record) = erased.records.iter().find(|record| desk.ring.newest(**record).is_some()) {
            return Err(format!("the centre has a key of {record}, which was erased"));
        }
        for ((chain, seq), key) in &desk.ring.epochs {
            let Some(key) = key else { continue };
            let over = desk.ring.epoch_after((*chain, *seq)).is_some_and(|next| desk.keep.end(*chain).seq >= next);
            let made = world.ledger.made.get(key).into_iter().flatten().find(|record| erased.records.contains(record));
            if let Some(record) = made.filter(|record| over && wrote(desk, *chain, **record)) {
                return Err(format!(
                    "the epoch {seq} of {chain} stays and makes the key of {record}, which was erased"
                ));
            }
        }
        let facts = desk.keep.entries().filter(|entry| desk.register.is_case(entry.place.chain));
        for entry in facts {
            let kept = match entry.entry.body.bytes().map(Own::read) {
                Some(Own::Kept(kept)) if entry.entry.header.kind == Kind::OWN => kept,
                _ => continue,
            };
            if let Some((record, _)) = kept.iter().find(|(record, _)| erased.records.contains(record)) {
                return Err(format!("{:?} holds the key of {record}, which was erased", entry.place));
            }
        }
    }
    Ok(())
}

fn wrote(desk: &PeerStore, chain: ChainId, record: RecordId) -> bool {
    desk.keep.from(chain, 1).iter().any(|entry| entry.entry.header.record == Some(record))
}

/// What anybody here has read in a register stays in force.
pub fn erased_stays_erased(world: &World) -> Result<(), String> {
    for store in alive(world) {
        let desk = world.peers[world.desk_of(store.number)].disk.saved();
        let ordered = world.ledger.orders_seen(&store.keep);
        if let Some(record) = ordered.into_iter().find(|record| !desk.register.is_erased(*record)) {
            return Err(format!(
                "peer {} has read the order to erase {record}, and the centre does not know it",
                store.number
            ));
        }
        let revoked = world.ledger.revocations_seen(&store.keep);
        if let Some(chain) = revoked.into_iter().find(|chain| desk.register.revocation(*chain).is_none()) {
            return Err(format!(
                "peer {} has read that {chain} is revoked, and the centre does not know it",
                store.number
            ));
        }
    }
    Ok(())
}

/// The end that the register names of a continued chain is an entry that the centre has.
pub fn continued_where_held(world: &World, number: usize) -> Result<(), String> {
    let store = store(world, number);
    if !store.is_desk || !store.may_write() {
        return Ok(());
    }
    // One from the kit has what the hub had, which may be another life's: the desk before it held what was brought to it.
    let from_kit = store.ends.is_empty() && store.register.desks().count() > 1;
    for chain in store.register.suitcases().map(|suitcase| suitcase.chain) {
        let known = |end: &Link| !from_kit || world.hub.held(&store.community, chain, end.seq).1 == Some(end.hash);
        let end = store.register.end_of_continued(chain).filter(|end| end.seq > 0).filter(known);
        if let Some(end) = end.filter(|end| store.keep.hash_at(chain, end.seq) != Some(end.hash)) {
            return Err(format!("{chain} is continued at {}, which the centre does not hold", end.seq));
        }
    }
    Ok(())
}

/// Two verdicts on one chain agree about every entry that both name.
pub fn verdicts_agree(world: &World, number: usize) -> Result<(), String> {
    let store = store(world, number);
    if !store.is_desk {
        return Ok(());
    }
    for (verdict, _) in store.verdicts() {
        let (chain, up_to) = (verdict.chain, verdict.up_to);
        match world.ledger.judged.borrow_mut().insert((chain, up_to.seq), up_to.hash) {
            None => world.ledger.opened.borrow_mut().extend(store.keep.until(chain, up_to.seq).map(|entry| entry.hash)),
            Some(said) if said != up_to.hash => return Err(format!("two verdicts on {chain} differ at {}", up_to.seq)),
            Some(_) => {}
        }
    }
    Ok(())
}

pub fn forgets_after_the_verdict(world: &World, room: &Room<'_>) -> Result<(), String> {
    let opened = world.ledger.opened.borrow();
    for record in room.gone {
        let about =
            |entry: &&Verified| entry.entry.header.record == Some(*record) && entry.entry.header.kind == Kind::CHANGE;
        for chain in room.before.written_chains() {
            let until = room.before.written_until(chain);
            let entries = room.before.keep.from(chain, 1);
            let mut own = entries.iter().map(|entry| &**entry).filter(about).filter(|entry| entry.place.seq <= until);
            if let Some(entry) = own.find(|entry| !opened.contains(&entry.hash)) {
                return Err(format!("{record} was given up and the centre has not opened {:?}", entry.place));
            }
        }
    }
    Ok(())
}

pub fn begun_forms_stay(_: &World, room: &Room<'_>) -> Result<(), String> {
    match room.gone.iter().find(|record| room.before.ring.drafts.contains(record)) {
        Some(record) => Err(format!("{record} was given up and a begun form is about it")),
        None => Ok(()),
    }
}
