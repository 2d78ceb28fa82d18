//! What was promised in a run, beside the parts that must keep it.

use crate::world::World;
use crate::world::community::Community;
use crate::world::hub::Machine;
use crate::world::keep::Keep;
use crate::world::peer::Peer;
use crate::world::peer::store::PeerStore;
use crate::world::sealed::{Key, Own, seal_of};
use chain::{Anchor, Erased, Erasure, Fact, Kind, Link, Verified};
use ids::{ChainId, RecordId, TenantId};
use signing::Hash;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// An entry: its chain, its number, its hash.
type Stand = (ChainId, u64, Hash);

#[derive(Default)]
pub struct Ledger {
    /// Every entry that was ever on its author's disk.
    pub written: BTreeSet<Hash>,
    places: BTreeMap<(ChainId, u64), Hash>,
    /// Up to where each own chain of a peer was looked at.
    noted: BTreeMap<(usize, ChainId), u64>,
    /// A number that was spent twice by somebody who could know.
    pub twice: Option<String>,
    /// What each peer told its officer is saved, in this life of its disk.
    saved: BTreeMap<usize, BTreeSet<(ChainId, u64, Hash)>>,
    /// Anchors that the hub gave in this life of its disk.
    given: BTreeSet<Hash>,
    /// The furthest of them that anybody took.
    anchored: BTreeMap<ChainId, (TenantId, Link)>,
    /// Who was ever granted what.
    pub granted: BTreeSet<(RecordId, ChainId)>,
    /// The register's entry that revokes a chain.
    revocations: BTreeMap<ChainId, (ChainId, u64, Hash)>,
    /// The register's entries that order to erase.
    orders: Vec<(ChainId, u64, Hash, Erasure)>,
    /// Chains of nobody.
    pub strange: BTreeSet<ChainId>,
    /// Whose change of a record the hub stored first, in this life of its disk.
    creators: RefCell<BTreeMap<(TenantId, RecordId), ChainId>>,
    /// Register and case chains of all desks.
    pub centres: BTreeSet<ChainId>,
    /// Which keys whoever writes a chain ever had.
    pub(super) knows: BTreeMap<ChainId, BTreeSet<Key>>,
    /// Which keys lie in a grant, and for whom: the hub's disk has them for whoever steals that.
    pub(super) told: BTreeMap<(ChainId, u64), (ChainId, Vec<Key>)>,
    /// What each epoch made.
    pub(super) made: BTreeMap<Key, BTreeSet<RecordId>>,
    /// Whether what the centre closed was closed because the suitcase gave it up.
    pub(super) closings: BTreeMap<(RecordId, ChainId), bool>,
    /// Epochs that orders name, and how much of their chain the centre held when it first named them.
    pub(super) named: BTreeMap<(ChainId, u64), u64>,
    /// What somebody shut out can read.
    pub(super) read_on: Option<String>,
    /// What verdicts said.
    pub(super) judged: RefCell<BTreeMap<(ChainId, u64), Hash>>,
    /// Entries that verdicts cover.
    pub(super) opened: RefCell<BTreeSet<Hash>>,
    /// Where registers of desks that were replaced end: the successor's fact, what it ends.
    ends: Vec<(Stand, (ChainId, Link))>,
    /// Up to where each community's log was looked at.
    pub read: RefCell<BTreeMap<TenantId, u64>>,
}

impl Ledger {
    /// An officer was told «saved».
    pub fn called_saved(&mut self, peer: usize, entry: &Verified) {
        self.saved.entry(peer).or_default().insert((entry.place.chain, entry.place.seq, entry.hash));
    }

    /// Looks at what is new on a disk in the chains that its owner writes.
    pub fn note_written(&mut self, number: usize, peer: &Peer) {
        let store = peer.disk.saved();
        for chain in store.written_chains() {
            let noted = self.noted.entry((number, chain)).or_default();
            let (from, end) = (*noted + 1, store.written_until(chain));
            *noted = end;
            for entry in store.keep.from(chain, from).into_iter().filter(|entry| entry.place.seq <= end) {
                self.note_keys(store, Some(&entry));
                if !self.written.contains(&entry.hash) {
                    self.note_act(store, &entry);
                }
                self.note_made(store, &entry);
                self.note_order(store, &entry);
                self.note(number, peer.unaware, &entry);
            }
        }
        // What was written and parted from its chain between two looks.
        let parted = store.strays.values().filter(|entry| store.ends.contains_key(&entry.place.chain));
        self.written.extend(parted.map(|entry| entry.hash));
        self.note_keys(store, None);
    }

    /// How much was here that an order must leave readable.
    fn note_order(&mut self, store: &PeerStore, entry: &Verified) {
        let fact = entry.entry.body.bytes().filter(|_| entry.entry.header.kind == Kind::REGISTER).map(Fact::decode);
        let Some(Ok(Fact::Erasure(order))) = fact else { return };
        for place in order.entries {
            self.named.entry(place).or_insert(store.keep.end(place.0).seq);
        }
    }

    /// Which epoch makes the key of a record.
    fn note_made(&mut self, store: &PeerStore, entry: &Verified) {
        let Some((record, (1, key))) = seal_of(entry) else { return };
        let own = store.keep.from(entry.place.chain, 1);
        let epochs = own.iter().filter(|one| one.entry.header.kind == Kind::OWN).filter_map(|one| {
            match Own::read(one.entry.body.bytes()?) {
                Own::Epoch(epoch) => Some(epoch),
                _ => None,
            }
        });
        for epoch in epochs.filter(|epoch| epoch.of_record(record) == key) {
            self.made.entry(epoch).or_default().insert(record);
        }
    }

    /// Records whose erasure these chains order.
    pub fn orders_seen(&self, keep: &Keep) -> Vec<RecordId> {
        let seen = self.orders.iter().filter(|(chain, seq, hash, _)| keep.hash_at(*chain, *seq) == Some(*hash));
        seen.flat_map(|(.., order)| order.records.iter().copied()).collect()
    }

    /// Chains that these chains revoke.
    pub fn revocations_seen(&self, keep: &Keep) -> Vec<ChainId> {
        let seen =
            self.revocations.iter().filter(|(_, (register, seq, hash))| keep.hash_at(*register, *seq) == Some(*hash));
        seen.map(|(chain, _)| *chain).collect()
    }

    fn note(&mut self, number: usize, unaware: bool, entry: &Verified) {
        let place = (entry.place.chain, entry.place.seq);
        // A copy that is put back has what was written before.
        let is_new = self.written.insert(entry.hash);
        let before = self.places.insert(place, entry.hash);
        if is_new && before.is_some_and(|before| before != entry.hash) && !unaware {
            self.twice =
                Some(format!("peer {number} wrote number {} of {} twice and could have known", place.1, place.0));
        }
        self.saved.entry(number).or_default().insert((place.0, place.1, entry.hash));
        let header = &entry.entry.header;
        let body = entry.entry.body.bytes().unwrap_or_default();
        match (header.kind, header.record, header.peer) {
            // A suitcase's grant has the same form, begins otherwise, and counts for nothing.
            (Kind::GRANT, Some(record), Some(reader))
                if self.centres.contains(&place.0) && body.first() == Some(&1) =>
            {
                self.granted.insert((record, reader));
            }
            (Kind::REGISTER, ..) => match Fact::decode(body) {
                Ok(Fact::Revocation { chain, .. }) => {
                    self.revocations.entry(chain).or_insert((place.0, place.1, entry.hash));
                }
                Ok(Fact::Succession { register, end, .. }) => {
                    self.ends.push(((place.0, place.1, entry.hash), (register, end)));
                }
                Ok(Fact::Erasure(order)) => self.orders.push((place.0, place.1, entry.hash, order)),
                _ => {}
            },
            _ => {}
        }
    }

    /// Entries of a chain from a number on that left no disk.
    pub fn nobody_saw(&mut self, chain: ChainId, from: u64) {
        self.places.retain(|(of, seq), _| *of != chain || *seq < from);
        self.told.retain(|(of, seq), _| *of != chain || *seq < from);
    }

    /// The hub gave an anchor.
    pub fn gave(&mut self, anchor: &Anchor) {
        self.given.insert(anchor.hash());
    }

    /// A peer took an anchor. What a hub said before its disk was put back is void: the peers' copies heal it.
    pub fn promised(&mut self, anchor: &Anchor) {
        let known = self.anchored.get(&anchor.chain).map_or(0, |(_, end)| end.seq);
        if anchor.end.seq > known && self.given.contains(&anchor.hash()) {
            self.anchored.insert(anchor.chain, (anchor.tenant, anchor.end));
        }
    }

    /// The hub's disk was put back or emptied.
    pub fn hub_restored(&mut self) {
        self.anchored.clear();
        self.given.clear();
        self.creators.get_mut().clear();
        self.read.get_mut().clear();
    }

    /// A peer's disk was put back to `image`: what it saved after that is gone with it.
    pub fn peer_restored(&mut self, peer: usize, image: &PeerStore) {
        self.saved.entry(peer).or_default().retain(|entry| is_here(image, entry));
        for ((owner, chain), noted) in &mut self.noted {
            if *owner == peer {
                *noted = (*noted).min(image.keep.end(*chain).seq);
            }
        }
    }

    /// A disk is there twice from now on.
    pub fn doubled(&mut self, peer: usize, twin: usize) {
        let saved = self.saved.get(&peer).cloned().unwrap_or_default();
        self.saved.insert(twin, saved);
        let noted: Vec<_> =
            self.noted.iter().filter(|((owner, _), _)| *owner == peer).map(|(k, n)| (k.1, *n)).collect();
        self.noted.extend(noted.into_iter().map(|(chain, noted)| ((twin, chain), noted)));
    }

    /// What was called saved and is not on the disk.
    pub fn lost(&self, number: usize, store: &PeerStore) -> Option<(ChainId, u64)> {
        let mut saved = self.saved.get(&number).into_iter().flatten();
        saved.find(|entry| !is_here(store, entry)).map(|(chain, seq, _)| (*chain, *seq))
    }

    /// What was anchored.
    pub fn anchored(&self) -> impl Iterator<Item = (&ChainId, &(TenantId, Link))> {
        self.anchored.iter()
    }

    /// Does the hub hold the register's entry that revokes this chain, and all before it?
    pub fn is_revoked_at(&self, hub: &Machine, community: &Community, chain: ChainId) -> bool {
        let Some((register, seq, hash)) = self.revocations.get(&chain) else { return false };
        let (end, held) = hub.held(community, *register, *seq);
        end.seq >= *seq && held == Some(*hash)
    }

    /// What the orders name that the hub holds, with all of the register before them.
    pub fn ordered_at(&self, hub: &Machine, community: &Community) -> Erased {
        let mut erased = Erased::default();
        let holds = |chain, seq, hash| {
            let (end, held) = hub.held(community, chain, seq);
            end.seq >= seq && held == Some(hash)
        };
        let end_before = |end: &Link, seq| end.seq < seq;
        for (register, seq, hash, order) in &self.orders {
            if !holds(*register, *seq, *hash) {
                continue;
            }
            // What a desk ordered behind the end that its successor saw counts for nobody.
            let ended = |((by, at, fact), (before, end)): &_| {
                before == register && end_before(end, *seq) && holds(*by, *at, *fact)
            };
            if self.ends.iter().any(ended) {
                continue;
            }
            erased.records.extend(order.records.iter().copied());
            let kept = order.kept.is_none_or(|(case, until)| hub.held(community, case, 0).0.seq >= until);
            erased.entries.extend(order.entries.iter().copied().filter(|_| kept));
        }
        erased
    }

    /// Whose change of a record the hub stored first.
    pub fn creator(&self, hub: &Machine, community: &Community, record: RecordId) -> Option<ChainId> {
        let mut creators = self.creators.borrow_mut();
        if let Some(known) = creators.get(&(community.tenant, record)) {
            return Some(*known);
        }
        let of_it =
            |entry: &&Verified| entry.entry.header.kind == Kind::CHANGE && entry.entry.header.record == Some(record);
        let creator = hub.entries(community, None).iter().find(of_it).map(|entry| entry.place.chain)?;
        creators.insert((community.tenant, record), creator);
        Some(creator)
    }
}

/// What parted from a chain was kept beside it.
fn is_here(store: &PeerStore, (chain, seq, hash): &(ChainId, u64, Hash)) -> bool {
    store.keep.hash_at(*chain, *seq) == Some(*hash) || store.strays.contains_key(hash)
}

/// As many entries after an export as before it.
pub fn exporting_deletes_nothing(_: &World, number: usize, (before, after): (usize, usize)) -> Result<(), String> {
    if after >= before {
        return Ok(());
    }
    Err(format!("peer {number} held {before} entries before letters went out, and holds {after} now"))
}

/// The centre holds every entry of a suitcase that says so.
pub fn shift_leaves_nothing(world: &World, number: usize, over: &[(ChainId, u64)]) -> Result<(), String> {
    let desk = world.peers[world.desk_of(number)].disk.saved();
    let store = world.peers[number].disk.saved();
    for chain in store.written_chains() {
        let closed = over.iter().find(|(closed, _)| *closed == chain).map_or(0, |(_, end)| *end);
        let mut entries = store.keep.from(chain, 1);
        // Of a chain before a rebirth others' entries may have come down, too.
        entries.retain(|entry| entry.place.seq <= store.written_until(chain));
        if let Some(left) = entries.iter().find(|entry| entry.place.seq > closed || !desk.holds(entry)) {
            return Err(format!(
                "peer {number} ended its shift and the centre lacks entry {} of {chain}",
                left.place.seq
            ));
        }
    }
    Ok(())
}
