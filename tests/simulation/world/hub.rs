//! The real hub over its store in memory, and around it what a machine does to it: crashes, backups, restores, a full
//! disk, a wrong clock, a second process over the same store.

use crate::dice::Dice;
use crate::plant::Plant;
use crate::world::community::Community;
use crate::world::shelf::Shelf;
use chain::{Carriage, Link, Request, Segment, Token, Verified, limits};
use clock::Time;
use hub::store::{MemoryStore, Point, Reader, Store};
use hub::{Hub, HubKeys, Marker};
use ids::ChainId;
use signing::{Hash, RootPublic, Secret};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Who takes part: the hub's keys, and the communities it serves.
#[derive(Clone)]
struct House {
    seed: [u8; 32],
    communities: Vec<(ids::TenantId, RootPublic)>,
    plant: Option<Plant>,
    /// Processes over one store.
    processes: usize,
}

/// The machine on which the hub runs.
pub struct Machine {
    hubs: Vec<Hub>,
    shelf: Arc<Shelf>,
    /// What a crash leaves, if it is less than what was written.
    saved: Option<(MemoryStore, Option<Marker>)>,
    pub copies: Vec<MemoryStore>,
    house: House,
    starts: u64,
    /// How far its clock is off, ms.
    pub skew: i64,
}

/// The hub's keys from a seed that outlives its store.
pub fn keys(seed: [u8; 32]) -> HubKeys {
    HubKeys::from_seed(&Secret::new(seed))
}

impl Machine {
    pub fn new(communities: &[Rc<Community>], processes: usize, plant: Option<Plant>) -> Self {
        let house = House {
            seed: communities[0].hub_seed,
            communities: communities.iter().map(|one| (one.tenant, one.root)).collect(),
            plant,
            processes,
        };
        let shelf = Arc::new(Shelf::new(MemoryStore::new(), false, plant));
        let hubs = house.open(&shelf, None, 0);
        let saved = (plant == Some(Plant::AnchorBeforeDurable)).then(|| (shelf.store.copy(), None));
        Self { hubs, shelf, saved, copies: Vec::new(), house, starts: 0, skew: 0 }
    }

    /// What its clock says.
    pub const fn clock(&self, now: i64) -> i64 {
        now.saturating_add(self.skew)
    }

    /// One exchange with one of its processes. `None` if there is no signed answer. `device`: the sender's clock.
    pub fn handle(&mut self, bytes: &[u8], (now, device): (i64, i64), dice: &mut Dice) -> Option<Vec<u8>> {
        let time = match self.house.plant {
            Some(Plant::ClockTrusted) => device,
            Some(Plant::TokenIgnored) => self.time_for_any_token(bytes, now),
            _ => self.clock(now),
        };
        let answer = self.hubs[dice.below(self.hubs.len())].answer(bytes, Time(time)).ok();
        self.save(dice);
        answer
    }

    /// Letters that somebody brings.
    pub fn handle_carriage(&mut self, bytes: &[u8], now: i64, dice: &mut Dice) -> Option<Vec<u8>> {
        Carriage::decode(bytes).ok()?;
        let answer = self.hubs[dice.below(self.hubs.len())].carry(bytes, Time(self.clock(now))).ok();
        self.save(dice);
        answer
    }

    /// The planted mistake: a token that is too old is looked at as if it were new.
    fn time_for_any_token(&self, bytes: &[u8], now: i64) -> i64 {
        let token = Request::decode(bytes).ok().and_then(|request| request.token);
        let old = token.filter(|token| is_older(token, limits::TOKEN_LIFE, self.clock(now)));
        old.map_or(self.clock(now), |token| token.time)
    }

    /// The planted mistake: the disk gets it some time after the answer.
    fn save(&mut self, dice: &mut Dice) {
        let marker = self.hubs[0].marker().ok();
        let store = &self.shelf.store;
        if let Some(saved) = self.saved.as_mut().filter(|_| dice.happens(250)) {
            *saved = (store.copy(), marker);
        }
    }

    /// No room on its disk, or room again.
    pub fn set_full(&self, full: bool) {
        self.shelf.full.store(full, Ordering::Relaxed);
    }

    /// The process ends and starts again over what is on its disk.
    pub fn crash(&mut self) {
        match &self.saved {
            Some((store, marker)) => self.start(store.copy(), *marker, false),
            None => self.start(self.shelf.store.copy(), self.hubs[0].marker().ok(), false),
        }
    }

    /// Remembers what a backup would hold.
    pub fn back_up(&mut self) {
        self.copies.push(self.shelf.store.copy());
    }

    /// Puts an older copy back. `marked` if the marker outside the database tells that there was more.
    pub fn restore(&mut self, copy: MemoryStore, marked: bool) {
        let marker = if marked { self.hubs[0].marker().ok() } else { None };
        self.start(copy, marker, true);
        if let Some(saved) = &mut self.saved {
            *saved = (self.shelf.store.copy(), self.hubs[0].marker().ok());
        }
    }

    fn start(&mut self, store: MemoryStore, marker: Option<Marker>, restored: bool) {
        self.starts += 1;
        self.shelf = Arc::new(Shelf::new(store, restored, self.house.plant));
        self.hubs = self.house.open(&self.shelf, marker, self.starts);
    }

    /// What this reader may have and has not read from a point on.
    pub fn unread(&self, community: &Community, reader: Reader, from: Option<Point>) -> Vec<Verified> {
        let reading = self.shelf.store.read(community.tenant, reader, from, usize::MAX);
        let segments = reading.expect("memory does not fail").segments;
        segments.into_iter().flat_map(|segment| placed(community, segment)).collect()
    }

    /// Everything on its disk of one community from a point on.
    pub fn entries(&self, community: &Community, from: Option<Point>) -> Vec<Verified> {
        let Community { register, case, .. } = *community;
        self.unread(community, Reader::Desk { register, case }, from)
    }

    /// The registers of a community, as it tells them to whoever has the kit.
    pub fn register(&self, community: &Community) -> Vec<Segment> {
        self.shelf.store.register(community.tenant).expect("memory does not fail")
    }

    /// The highest position of a community's log.
    pub fn position(&self, community: &Community) -> u64 {
        self.shelf.store.position(community.tenant).expect("memory does not fail")
    }

    /// Up to where a chain is whole, and what is held at one number.
    pub fn held(&self, community: &Community, chain: ChainId, seq: u64) -> (Link, Option<Hash>) {
        let held = self.shelf.store.holdings(community.tenant, &[(chain, seq)]).expect("memory does not fail");
        (held[0].end, held[0].asked)
    }

    /// Its present life.
    pub fn lineage(&self) -> Option<ids::LineageId> {
        self.shelf.store.lineage().expect("memory does not fail")
    }

    /// Every chain that it holds of a community, by number.
    pub fn chains(&self, community: &Community) -> BTreeMap<ChainId, BTreeMap<u64, Verified>> {
        let mut chains: BTreeMap<ChainId, BTreeMap<u64, Verified>> = BTreeMap::new();
        for entry in self.entries(community, None) {
            chains.entry(entry.place.chain).or_default().insert(entry.place.seq, entry);
        }
        chains
    }
}

/// Too old to be handed anything for.
pub const fn is_older(token: &Token, life: i64, time: i64) -> bool {
    time.saturating_sub(token.time).saturating_abs() > life
}

impl House {
    /// Every process opens the store for itself.
    fn open(&self, shelf: &Arc<Shelf>, marker: Option<Marker>, starts: u64) -> Vec<Hub> {
        let open = |process: u64| {
            let count = AtomicU64::new((starts * 4 + process) << 32);
            let salt = u64::from(self.seed[0]) << 56;
            let draw = move || Dice::new(count.fetch_add(1, Ordering::Relaxed) ^ salt).bytes();
            let shared: Arc<dyn Store> = shelf.clone();
            let marker = marker.filter(|_| process == 0);
            let hub = Hub::open(shared, keys(self.seed), marker, draw).expect("memory does not fail");
            for (tenant, root) in &self.communities {
                hub.create_tenant(*tenant, *root).expect("memory does not fail");
            }
            hub
        };
        (0..self.processes as u64).map(open).collect()
    }
}

/// Entries with their places and hashes, as the segment says.
pub fn placed(community: &Community, segment: Segment) -> Vec<Verified> {
    segment.linked(community.tenant).unwrap_or_default()
}
