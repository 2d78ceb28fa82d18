//! Which keys a peer has, and what the centre knows of who has which: in the order in which the entries came, as the
//! programs know it.

use crate::plant::Plant;
use crate::world::peer::store::PeerStore;
use crate::world::sealed::{Generation, Key, Own, Place, SHARED, granted, named, seal_of, shared_records};
use chain::{Erased, Kind, Register, Standing, Verified};
use ids::{ChainId, RecordId};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What the centre said to somebody about a record.
#[derive(Clone, Copy)]
pub struct Word {
    at: Place,
    /// When it was looked at.
    pub arrival: u64,
    /// A grant, no withdrawal.
    pub open: bool,
}

impl Word {
    /// By number within one case chain; a desk speaks after the one that it goes on for.
    pub fn is_said_after(&self, other: &Self, register: &Register) -> bool {
        if self.at.0 == other.at.0 { self.at.1 > other.at.1 } else { register.follows(self.at.0, other.at.0) }
    }

    /// The same; between two that go on for the same one by arrival.
    pub fn is_after(&self, other: &Self, register: &Register) -> bool {
        let apart = self.at.0 != other.at.0 && !other.is_said_after(self, register);
        self.is_said_after(other, register) || (apart && self.arrival > other.arrival)
    }
}

#[derive(Clone, Default)]
pub struct Keyring {
    keys: BTreeMap<(RecordId, u32), Key>,
    /// Further keys of a generation: a record may be made twice.
    others: BTreeSet<(RecordId, u32, Key)>,
    /// The centre's: `None` once an epoch is dropped.
    pub epochs: BTreeMap<Place, Option<Key>>,
    /// The centre's: facts of single keys, and of which records.
    pub kept: BTreeMap<Place, Vec<RecordId>>,
    /// The centre's: who may write what.
    pub writers: BTreeSet<(RecordId, ChainId)>,
    /// The newest grant or withdrawal.
    pub words: BTreeMap<(RecordId, ChainId), Word>,
    /// Who made a record.
    pub born: BTreeMap<RecordId, ChainId>,
    /// The centre's: changes that did not open yet.
    pub unopened: Vec<Rc<Verified>>,
    /// The centre's: facts that nothing opens.
    pub unread: BTreeSet<Place>,
    /// The centre's: facts as it told them again, and where.
    pub told: BTreeMap<Place, (Place, Vec<u8>)>,
    /// The centre's: what suitcases told again of entries that have not come.
    pub early: Vec<(Place, Own)>,
    /// The centre's: how much of a revoked chain was held then.
    pub held: BTreeMap<ChainId, u64>,
    /// The centre's: what suitcases gave up and is not closed yet, and when it was heard.
    pub gave_up: Vec<(ChainId, u64, Vec<RecordId>)>,
    /// The centre's: when it heard last that a suitcase gave a record up by itself, and when a grant of it came last.
    pub by_itself: BTreeMap<(RecordId, ChainId), u64>,
    pub granted: BTreeMap<(RecordId, ChainId), u64>,
    /// The centre's: whether the last that it closed was closed because the suitcase gave it up.
    pub closings: BTreeMap<(RecordId, ChainId), bool>,
    /// What this suitcase gave up, and what was taken back from it and is here still.
    pub forgotten: BTreeSet<RecordId>,
    pub taken_back: BTreeSet<RecordId>,
    /// Records that a begun form is about.
    pub drafts: BTreeSet<RecordId>,
    /// How many entries were looked at.
    pub arrivals: u64,
}

impl Keyring {
    /// As everybody begins.
    pub fn new(shared: Key, suitcases: &[ChainId]) -> Self {
        let mut ring = Self::default();
        for record in shared_records() {
            ring.put(record, (1, shared.of_record(record)));
            ring.writers.extend(suitcases.iter().map(|chain| (record, *chain)));
        }
        ring
    }

    /// The first one known of a generation is written under.
    pub fn put(&mut self, record: RecordId, (generation, key): Generation) {
        if *self.keys.entry((record, generation)).or_insert(key) != key {
            self.others.insert((record, generation, key));
        }
    }

    pub fn forget(&mut self, record: RecordId) {
        self.keys.retain(|(of, _), _| *of != record);
        self.others.retain(|(of, ..)| *of != record);
    }

    pub fn of(&self, record: RecordId) -> Vec<Generation> {
        let first = self.keys.range((record, 0)..=(record, u32::MAX)).map(|((_, generation), key)| (*generation, *key));
        let others = self.others.range((record, 0, Key(0))..=(record, u32::MAX, Key(u64::MAX)));
        first.chain(others.map(|(_, generation, key)| (*generation, *key))).collect()
    }

    pub fn newest(&self, record: RecordId) -> Option<Generation> {
        let newest = self.keys.range((record, 0)..=(record, u32::MAX)).next_back();
        newest.map(|((_, generation), key)| (*generation, *key))
    }

    pub fn all(&self) -> impl Iterator<Item = Key> {
        self.keys.values().copied().chain(self.others.iter().map(|one| one.2))
    }

    /// Records with a key; for a centre those that it has read.
    pub fn read(&self) -> impl Iterator<Item = RecordId> {
        let is_read = |record: &RecordId| self.born.contains_key(record) || record.as_bytes()[0] < SHARED;
        self.records().into_iter().filter(is_read)
    }

    /// Records with a key.
    pub fn records(&self) -> BTreeSet<RecordId> {
        self.keys.keys().map(|(record, _)| *record).collect()
    }

    fn knows_of(&self, record: RecordId) -> bool {
        let here =
            self.drafts.contains(&record) || self.forgotten.contains(&record) || self.taken_back.contains(&record);
        here || self.newest(record).is_some()
    }

    pub fn opens(&self, record: RecordId, (generation, key): Generation) -> bool {
        self.keys.get(&(record, generation)) == Some(&key) || self.others.contains(&(record, generation, key))
    }

    /// The epoch in force when a chain wrote this number, unless it was dropped; where it stands.
    pub fn epoch_before(&self, (chain, seq): Place) -> Option<(u64, Key)> {
        let (at, key) = self.epochs.range((chain, 0)..(chain, seq)).next_back()?;
        Some((at.1, (*key)?))
    }

    pub fn epoch_after(&self, (chain, seq): Place) -> Option<u64> {
        self.epochs.range((chain, seq + 1)..=(chain, u64::MAX)).next().map(|(at, _)| at.1)
    }
}

impl PeerStore {
    pub fn ring_mut(&mut self) -> &mut Keyring {
        Rc::make_mut(&mut self.ring)
    }

    /// Looks at what is new on the disk.
    pub fn look_at(&mut self, entries: &[Rc<Verified>]) {
        for entry in entries {
            match entry.entry.header.kind {
                Kind::GRANT => self.look_at_grant(entry),
                Kind::OWN if self.is_desk => self.look_at_own(entry),
                Kind::TO if !self.is_desk => self.unheard.push(entry.clone()),
                Kind::CHANGE if self.is_desk => self.ring_mut().unopened.push(entry.clone()),
                _ => {}
            }
        }
        if self.is_desk && !self.ring.early.is_empty() {
            self.look_at_early();
        }
        if self.is_desk && !self.ring.unopened.is_empty() {
            self.open_changes();
        }
    }

    fn look_at_grant(&mut self, entry: &Verified) {
        let header = &entry.entry.header;
        let (Some(record), Some(peer)) = (header.record, header.peer) else { return };
        let Some(body) = entry.entry.body.bytes() else { return };
        if !self.register.is_case(entry.place.chain) || self.register.is_erased(record) {
            return;
        }
        let (keys, open) = (granted(body), !body.is_empty());
        let line: Vec<ChainId> = self.register.line(peer).collect();
        let living = self.register.living(peer);
        let covering: Vec<ChainId> =
            self.register.line(living).filter(|one| self.register.line(*one).any(|before| before == peer)).collect();
        let (desk, ours) = (self.is_desk, self.is_ours(peer));
        let secret = self.register.desk_of(peer).is_some_and(|of| self.secrets.contains(&named(&of.agreement)));
        let by_kit = desk && secret && (ours || self.plant != Some(Plant::KitWithoutSecrets));
        let stays_given_up = self.plant == Some(Plant::GivenUpForGood) && self.ring.forgotten.contains(&record);
        let register = self.register.clone();
        let ring = self.ring_mut();
        ring.arrivals += 1;
        let word = Word { at: (entry.place.chain, entry.place.seq), arrival: ring.arrivals, open };
        if open {
            ring.granted.insert((record, peer), word.arrival);
        }
        // What stands behind a hole arrives before what is in it.
        let behind = |ring: &Keyring, chain: ChainId| {
            let said = ring.words.get(&(record, chain)).copied();
            said.filter(|said| said.is_said_after(&word, &register)).map(|said| said.open)
        };
        let taken_back_since = covering.iter().chain([&peer]).any(|one| behind(ring, *one) == Some(false));
        let said_since = behind(ring, peer).is_some() || behind(ring, living).is_some();
        if behind(ring, peer).is_none() {
            ring.words.insert((record, peer), word);
        }
        if open && !taken_back_since {
            ring.writers.insert((record, peer));
        } else if !open {
            for chain in line {
                if behind(ring, chain).is_none() {
                    ring.writers.remove(&(record, chain));
                }
            }
        }
        if ours && !open && !said_since && !ring.forgotten.contains(&record) {
            ring.taken_back.insert(record);
        }
        if open && !taken_back_since && (ours || by_kit) && !stays_given_up {
            keys.into_iter().for_each(|one| ring.put(record, one));
            if ours {
                ring.taken_back.remove(&record);
                ring.forgotten.remove(&record);
            }
        }
    }

    /// Changes that open make their first author the record's maker. What a new chain says waits until it is confirmed,
    /// and what a person must look at makes nobody a maker.
    fn open_changes(&mut self) {
        let waiting = std::mem::take(&mut self.ring_mut().unopened);
        let (opened, still): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|entry| self.opens(entry));
        self.ring_mut().unopened = still;
        for entry in opened {
            let Some((record, generation)) = seal_of(&entry) else { continue };
            let chain = entry.place.chain;
            let closed = |name| self.ring.words.get(&(record, name)).is_some_and(|word| !word.open);
            let taken_back = self.register.names_of(chain).any(closed);
            let ring = self.ring_mut();
            ring.put(record, generation);
            if let Entry::Vacant(unborn) = ring.born.entry(record) {
                unborn.insert(chain);
                // What was everybody's has its writers from the start.
                if !taken_back && record.as_bytes()[0] >= SHARED {
                    ring.writers.insert((record, chain));
                }
            }
        }
    }

    /// By a key that is here, or by the epoch in which it was written.
    fn opens(&self, entry: &Verified) -> bool {
        let Some((record, generation)) = seal_of(entry) else { return true };
        let chain = entry.place.chain;
        let waits = match self.register.standing(chain, 0) {
            Standing::Unconfirmed => true,
            // What was there when it was revoked counts, also for a desk that reads it later.
            Standing::Revoked { .. } => {
                let declined = self.register.suitcase(chain).is_none();
                declined || self.ring.held.get(&chain).is_none_or(|held| entry.place.seq > *held)
            }
            _ => self.register.end_of_continued(chain).is_some_and(|end| entry.place.seq > end.seq),
        };
        !waits && self.can_read(entry, record, generation)
    }

    /// Whether the bytes open, whoever wrote them.
    pub fn can_read(&self, entry: &Verified, record: RecordId, generation: Generation) -> bool {
        let epoch = self.ring.epoch_before((entry.place.chain, entry.place.seq));
        let derived = epoch.filter(|_| generation.0 == 1).map(|(_, key)| key.of_record(record));
        // A suitcase that began anew makes a record again of which it believes that nobody has seen it.
        self.ring.opens(record, generation) || derived == Some(generation.1)
    }

    /// Keys of what orders name go; the place of an epoch stays, so that nothing is tried with the one before.
    pub fn forget_erased(&mut self, erased: &Erased) {
        let named: Vec<RecordId> =
            erased.records.iter().filter(|record| self.ring.knows_of(**record)).copied().collect();
        let epochs = erased.entries.iter().filter(|place| self.ring.epochs.get(place).is_some_and(Option::is_some));
        let epochs: Vec<Place> = epochs.copied().collect();
        if named.is_empty() && epochs.is_empty() {
            return;
        }
        let ring = self.ring_mut();
        for record in named {
            ring.forget(record);
            ring.drafts.remove(&record);
            ring.forgotten.remove(&record);
            ring.taken_back.remove(&record);
        }
        ring.epochs.extend(epochs.into_iter().map(|place| (place, None)));
        // What an entry told again goes with it.
        ring.told.retain(|_, (by, _)| !erased.entries.contains(by));
        ring.unread.retain(|place| !erased.entries.contains(place));
    }

    pub fn is_ours(&self, chain: ChainId) -> bool {
        chain == self.writes || self.ends.contains_key(&chain)
    }
}
