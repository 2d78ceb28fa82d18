//! What was promised in a run, beside the parts that must keep it.

use crate::world::World;
use crate::world::community::Community;
use crate::world::hub::Machine;
use crate::world::peer::Peer;
use crate::world::peer::store::PeerStore;
use chain::{Anchor, Erased, Erasure, Fact, Kind, Link, Verified};
use ids::{ChainId, RecordId, TenantId};
use signing::Hash;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

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
    revocations: BTreeMap<ChainId, (u64, Hash)>,
    /// The register's entries that order to erase.
    orders: Vec<(ChainId, u64, Hash, Erasure)>,
    /// Chains of nobody.
    pub strange: BTreeSet<ChainId>,
    /// Whose change of a record the hub stored first, in this life of its disk.
    creators: RefCell<BTreeMap<(TenantId, RecordId), ChainId>>,
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
        for chain in store.own() {
            let noted = self.noted.entry((number, chain)).or_default();
            let (from, end) = (*noted + 1, store.keep.end(chain).seq);
            *noted = end;
            for entry in store.keep.from(chain, from) {
                self.note(number, peer.unaware, &entry);
            }
        }
    }

    fn note(&mut self, number: usize, unaware: bool, entry: &Verified) {
        let place = (entry.place.chain, entry.place.seq);
        self.written.insert(entry.hash);
        let before = self.places.insert(place, entry.hash);
        if before.is_some_and(|before| before != entry.hash) && !unaware {
            self.twice =
                Some(format!("peer {number} wrote number {} of {} twice and could have known", place.1, place.0));
        }
        self.saved.entry(number).or_default().insert((place.0, place.1, entry.hash));
        let header = &entry.entry.header;
        let body = entry.entry.body.bytes().unwrap_or_default();
        match (header.kind, header.record, header.peer) {
            // A suitcase's grant has the same form, begins otherwise, and counts for nothing.
            (Kind::GRANT, Some(record), Some(reader)) if body.first() == Some(&1) => {
                self.granted.insert((record, reader));
            }
            (Kind::REGISTER, ..) => match Fact::decode(body) {
                Ok(Fact::Revocation { chain, .. }) => {
                    self.revocations.entry(chain).or_insert((place.1, entry.hash));
                }
                Ok(Fact::Erasure(order)) => self.orders.push((place.0, place.1, entry.hash, order)),
                _ => {}
            },
            _ => {}
        }
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
        let Some((seq, hash)) = self.revocations.get(&chain) else { return false };
        let (end, held) = hub.held(community, community.register, *seq);
        end.seq >= *seq && held == Some(*hash)
    }

    /// What the orders name that the hub holds, with all of the register before them.
    pub fn ordered_at(&self, hub: &Machine, community: &Community) -> Erased {
        let mut erased = Erased::default();
        for (register, seq, hash, order) in &self.orders {
            let (end, held) = hub.held(community, *register, *seq);
            if *register != community.register || end.seq < *seq || held != Some(*hash) {
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
