//! What was promised in a run, beside the parts that must keep it. A violation is a sentence.

use crate::world::community::Community;
use crate::world::hub::Machine;
use crate::world::peer::{Peer, PeerStore};
use chain::{Anchor, Link, Verified};
use ids::ChainId;
use signing::Hash;
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Ledger {
    /// Every entry that was ever written.
    written: BTreeMap<(ChainId, u64), Hash>,
    /// What each peer told its officer is saved, in this life of its disk.
    saved: BTreeMap<usize, Vec<(ChainId, u64, Hash)>>,
    /// The furthest anchor that anybody was given, in this life of the hub's disk.
    anchored: BTreeMap<ChainId, Link>,
}

impl Ledger {
    /// An officer was told «saved».
    pub fn wrote(&mut self, peer: usize, unaware: bool, entry: &Verified) -> Result<(), String> {
        let place = (entry.place.chain, entry.place.seq);
        let before = self.written.insert(place, entry.hash);
        if before.is_some_and(|before| before != entry.hash) && !unaware {
            return Err(format!("peer {peer} wrote number {} of {} twice and could have known", place.1, place.0));
        }
        self.saved.entry(peer).or_default().push((place.0, place.1, entry.hash));
        Ok(())
    }

    /// A peer was given an anchor.
    pub fn promised(&mut self, anchor: &Anchor) {
        let end = self.anchored.entry(anchor.chain).or_insert(Link::EMPTY);
        if anchor.end.seq > end.seq {
            *end = anchor.end;
        }
    }

    /// The hub's disk was put back or emptied: what it promised before is void.
    pub fn hub_restored(&mut self) {
        self.anchored.clear();
    }

    /// A peer's disk was put back to `image`: what it saved after that is gone with it.
    pub fn peer_restored(&mut self, peer: usize, image: &PeerStore) {
        let saved = self.saved.entry(peer).or_default();
        saved.retain(|(chain, seq, hash)| {
            image.keep.hash_at(*chain, *seq) == Some(*hash) || image.strays.contains_key(hash)
        });
    }

    /// «Saved» means: on this disk, whatever crashed since.
    pub fn check_saved(&self, number: usize, peer: &Peer) -> Result<(), String> {
        let store = peer.disk.saved();
        // What parted from a chain was kept beside it.
        let here = |(chain, seq, hash): &&(ChainId, u64, Hash)| {
            store.keep.hash_at(*chain, *seq) == Some(*hash) || store.strays.contains_key(hash)
        };
        let saved = self.saved.get(&number).into_iter().flatten();
        match saved.into_iter().find(|entry| !here(entry)) {
            Some((chain, seq, _)) => Err(format!("peer {number} lost entry {seq} of {chain} that it called saved")),
            None => Ok(()),
        }
    }

    /// «Anchored» means: on the hub's disk, whatever crashed since.
    pub fn check_anchored(&self, hub: &Machine) -> Result<(), String> {
        let lost = |(chain, end): &(&ChainId, &Link)| {
            let (whole, held) = hub.held(**chain, end.seq);
            whole.seq < end.seq || held != Some(end.hash)
        };
        match self.anchored.iter().find(lost) {
            Some((chain, end)) => Err(format!("the hub lost {chain}, which it anchored up to {}", end.seq)),
            None => Ok(()),
        }
    }
}

/// What a cursor has passed was stored by its reader.
pub fn check_reader(number: usize, peer: &PeerStore, hub: &Machine, community: &Community) -> Result<(), String> {
    let Some(cursor) = peer.dialogue.cursor.filter(|cursor| Some(cursor.lineage) == hub.lineage()) else {
        return Ok(());
    };
    let ahead = hub.unread(community, peer.sender, Some(cursor));
    let passed = hub.unread(community, peer.sender, None);
    let is_ahead = |entry: &Verified| ahead.iter().any(|other| other.hash == entry.hash);
    match passed.into_iter().find(|entry| !is_ahead(entry) && !peer.holds(entry)) {
        Some(entry) => {
            let (seq, chain) = (entry.place.seq, entry.place.chain);
            Err(format!("peer {number} passed {cursor:?} and does not hold entry {seq} of {chain}"))
        }
        None => Ok(()),
    }
}

/// A store is what its chains say: whole up to the end, each entry joined to the one before.
pub fn check_chains(who: &str, keep: &crate::world::keep::Keep) -> Result<(), String> {
    for (chain, rows) in keep.chains() {
        let whole = (1..=rows.end.seq).all(|seq| rows.entries.contains_key(&seq));
        let joined = rows.entries.iter().all(|(seq, e)| match rows.entries.get(&(seq - 1)) {
            Some(before) => before.hash == e.place.prev,
            None => true,
        });
        let stopped = !rows.entries.contains_key(&(rows.end.seq + 1));
        if !(whole && joined && stopped) {
            return Err(format!("{who} holds a broken {chain}: whole {whole}, joined {joined}, stopped {stopped}"));
        }
    }
    Ok(())
}
