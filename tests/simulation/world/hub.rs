//! The real hub over its store in memory, and around it what a machine does to it: crashes, backups, restores.

use crate::dice::Dice;
use crate::plant::Plant;
use crate::world::community::{Community, TENANT};
use crate::world::planted::HoleRefuser;
use chain::{Cursor, Link, Segment, Verified};
use clock::Time;
use hub::store::{MemoryStore, Point, Reader, Store};
use hub::{Hub, HubKeys, Marker};
use ids::ChainId;
use signing::{Hash, RootPublic, Secret};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The machine on which the hub runs.
pub struct Machine {
    hub: Hub,
    store: Arc<MemoryStore>,
    /// What a crash leaves, if it is less than what was written.
    saved: Option<(MemoryStore, Option<Marker>)>,
    pub copies: Vec<MemoryStore>,
    seed: [u8; 32],
    root: RootPublic,
    plant: Option<Plant>,
    starts: u64,
}

/// The hub's keys from a seed that outlives its store.
pub fn keys(seed: [u8; 32]) -> HubKeys {
    HubKeys::from_seed(&Secret::new(seed))
}

impl Machine {
    pub fn new(community: &Community, plant: Option<Plant>) -> Self {
        let (seed, root) = (community.hub_seed, community.root);
        let store = Arc::new(MemoryStore::new());
        let hub = open(&store, seed, root, None, plant, 0);
        let saved = (plant == Some(Plant::AnchorBeforeDurable)).then(|| (store.copy(), None));
        Self { hub, store, saved, copies: Vec::new(), seed, root, plant, starts: 0 }
    }

    /// One exchange. `None` if there is no signed answer.
    pub fn handle(&mut self, bytes: &[u8], now: i64, dice: &mut Dice) -> Option<Vec<u8>> {
        let answer = self.hub.answer(bytes, Time(now)).ok();
        self.save(dice);
        answer
    }

    /// The planted mistake: the disk gets it some time after the answer.
    fn save(&mut self, dice: &mut Dice) {
        let marker = self.hub.marker().ok();
        let store = &self.store;
        if let Some(saved) = self.saved.as_mut().filter(|_| dice.happens(250)) {
            *saved = (store.copy(), marker);
        }
    }

    /// The process ends and starts again over what is on its disk.
    pub fn crash(&mut self) {
        match &self.saved {
            Some((store, marker)) => self.start(store.copy(), *marker),
            None => self.start(self.store.copy(), self.hub.marker().ok()),
        }
    }

    /// Remembers what a backup would hold.
    pub fn back_up(&mut self) {
        self.copies.push(self.store.copy());
    }

    /// Puts an older copy back. `marked` if the marker outside the database tells that there was more.
    pub fn restore(&mut self, copy: MemoryStore, marked: bool) {
        let marker = if marked { self.hub.marker().ok() } else { None };
        self.start(copy, marker);
        if let Some(saved) = &mut self.saved {
            *saved = (self.store.copy(), self.hub.marker().ok());
        }
    }

    fn start(&mut self, store: MemoryStore, marker: Option<Marker>) {
        self.starts += 1;
        self.store = Arc::new(store);
        self.hub = open(&self.store, self.seed, self.root, marker, self.plant, self.starts);
    }

    fn reader(&self, community: &Community, chain: ChainId) -> Reader {
        let Community { register, case, .. } = *community;
        if chain == case { Reader::Desk { register, case } } else { Reader::Suitcase(chain) }
    }

    /// What this reader may have and has not read at `cursor`.
    pub fn unread(&self, community: &Community, reader: ChainId, cursor: Option<Cursor>) -> Vec<Verified> {
        let point = cursor.map(|c| Point { position: c.position, index: c.index });
        let reading = self.store.read(TENANT, self.reader(community, reader), point, usize::MAX);
        reading.expect("memory does not fail").segments.into_iter().flat_map(placed).collect()
    }

    /// Everything on its disk.
    pub fn entries(&self, community: &Community) -> Vec<Verified> {
        self.unread(community, community.case, None)
    }

    /// Up to where a chain is whole, and what is held at one number.
    pub fn held(&self, chain: ChainId, seq: u64) -> (Link, Option<Hash>) {
        let held = self.store.holdings(TENANT, &[(chain, seq)]).expect("memory does not fail");
        (held[0].end, held[0].asked)
    }

    /// Its present life.
    pub fn lineage(&self) -> Option<ids::LineageId> {
        self.store.lineage().expect("memory does not fail")
    }

    /// Each chain is whole up to its end and joined entry by entry.
    pub fn check(&self, community: &Community) -> Result<(), String> {
        let mut chains: BTreeMap<ChainId, BTreeMap<u64, Verified>> = BTreeMap::new();
        for entry in self.entries(community) {
            chains.entry(entry.place.chain).or_default().insert(entry.place.seq, entry);
        }
        for (chain, entries) in chains {
            let whole = (1..).take_while(|seq| entries.contains_key(seq)).count() as u64;
            let joined =
                entries.values().all(|e| entries.get(&(e.place.seq - 1)).is_none_or(|b| b.hash == e.place.prev));
            let end = self.held(chain, 0).0;
            if end.seq != whole || !joined || entries.get(&whole).is_some_and(|e| e.hash != end.hash) {
                return Err(format!("the hub holds {chain} up to {whole} and says {}; joined {joined}", end.seq));
            }
        }
        Ok(())
    }
}

fn open(
    store: &Arc<MemoryStore>,
    seed: [u8; 32],
    root: RootPublic,
    marker: Option<Marker>,
    plant: Option<Plant>,
    starts: u64,
) -> Hub {
    let count = AtomicU64::new(starts << 32);
    let draw = move || {
        let mut dice = Dice::new(count.fetch_add(1, Ordering::Relaxed) ^ u64::from(seed[0]) << 56);
        dice.bytes()
    };
    let shared: Arc<dyn Store> = store.clone();
    let shared = if plant == Some(Plant::HoleBlocks) { Arc::new(HoleRefuser(shared)) } else { shared };
    let hub = Hub::open(shared, keys(seed), marker, draw).expect("memory does not fail");
    hub.create_tenant(TENANT, root).expect("memory does not fail");
    hub
}

/// Entries with their places and hashes, as the segment says.
fn placed(segment: Segment) -> Vec<Verified> {
    let mut end = Link { seq: segment.from - 1, hash: segment.prev };
    let place = |entry: chain::Entry| {
        let place = end.next(TENANT, segment.chain);
        let hash = entry.hash(&place);
        end = Link { seq: place.seq, hash };
        Verified { place, entry, hash }
    };
    segment.entries.into_iter().map(place).collect()
}
