//! The quiet day: faults stop, and within a few rounds everything must be where it belongs.

use crate::ledger;
use crate::world::peer::{PeerStore, act_of};
use crate::world::{DESK, World};
use chain::{Kind, Verdict};
use std::collections::BTreeSet;

/// Rounds in which each peer talks until it has nothing left to say.
const ROUNDS: usize = 8;
/// Exchanges in one round; a courier that was cut often sends single entries.
const EXCHANGES: usize = 400;

impl World {
    pub(super) fn quiet_day(&mut self) -> Result<(), String> {
        while let Some(letter) = self.network.next() {
            self.arrive(letter, false)?;
        }
        for peer in self.peers.iter_mut().filter(|peer| peer.alive) {
            peer.crash();
        }
        self.hub.crash();
        self.ledger.check_anchored(&self.hub)?;
        let owed = self.acts_alive();
        let mut unsettled = String::new();
        for _ in 0..ROUNDS {
            for number in 0..self.peers.len() {
                self.talk(number)?;
            }
            match self.settled(&owed) {
                Ok(()) => return self.check_all(),
                Err(what) => unsettled = what,
            }
        }
        Err(format!("after {ROUNDS} quiet rounds: {unsettled}"))
    }

    fn check_all(&self) -> Result<(), String> {
        self.hub.check(&self.community)?;
        for (number, peer) in self.peers.iter().enumerate() {
            ledger::check_chains(&format!("peer {number}"), &peer.disk.saved().keep)?;
            self.ledger.check_saved(number, peer)?;
        }
        self.ledger.check_anchored(&self.hub)
    }

    /// One peer talks to the hub over a good line until both have nothing new.
    fn talk(&mut self, number: usize) -> Result<(), String> {
        for _ in 0..EXCHANGES {
            if !self.peers[number].alive {
                return Ok(());
            }
            self.now += 1_000;
            let before = self.peers[number].disk.saved().dialogue.cursor;
            self.send_now(number);
            while let Some(letter) = self.network.next() {
                self.arrive(letter, false)?;
            }
            let store = &self.peers[number].disk.saved();
            let moved = store.dialogue.cursor != before;
            if !moved && self.peers[number].is_quiet() {
                return Ok(());
            }
        }
        Err(format!("peer {number} talks for ever"))
    }

    fn send_now(&mut self, number: usize) {
        self.peers[number].courier.hurry();
        self.post(number);
    }

    /// Acts that somebody holds who must bring them.
    fn acts_alive(&self) -> BTreeSet<u64> {
        let alive = self.peers.iter().filter(|peer| peer.alive).map(|peer| peer.disk.saved());
        let with_peers = alive.flat_map(|store| {
            let given_back = store.keep.entries().filter(|entry| store.gives_back(entry));
            given_back.chain(store.strays.values())
        });
        let with_hub = self.hub.entries(&self.community);
        with_peers.filter_map(|entry| act_of(entry)).chain(with_hub.iter().filter_map(act_of)).collect()
    }

    fn settled(&self, owed: &BTreeSet<u64>) -> Result<(), String> {
        let desk = self.peers[DESK].disk.saved();
        for peer in self.peers.iter().filter(|peer| peer.alive) {
            self.at_rest(peer.disk.saved(), desk)?;
        }
        let acts = |store: &PeerStore| -> BTreeSet<u64> {
            store.keep.entries().chain(store.strays.values()).filter_map(|entry| act_of(entry)).collect()
        };
        let at_desk = acts(desk);
        match owed.iter().find(|act| !at_desk.contains(act) && !self.shown_somewhere(**act)) {
            Some(act) => Err(format!("act {act} is neither at the centre nor shown as refused")),
            None => Ok(()),
        }
    }

    /// One peer: heard, read and answered to the end.
    fn at_rest(&self, peer: &PeerStore, desk: &PeerStore) -> Result<(), String> {
        let who = format!("peer {}", peer.number);
        let own =
            if peer.number == DESK { vec![self.community.register, self.community.case] } else { vec![peer.writes] };
        for chain in &own {
            let (end, anchored) = (peer.keep.end(*chain), peer.dialogue.unsent_from(*chain) - 1);
            if end.seq != anchored || self.hub.held(*chain, end.seq).1 != (end.seq > 0).then_some(end.hash) {
                return Err(format!("{who}: {} of {} entries are anchored", anchored, end.seq));
            }
        }
        let unread = self.hub.unread(&self.community, peer.sender, None);
        if let Some(entry) = unread.iter().find(|entry| !peer.holds(entry)) {
            return Err(format!("{who}: {:?} was never handed to it", entry.place));
        }
        if peer.register.head(self.community.register) != desk.register.head(self.community.register) {
            return Err(format!("{who}: knows an older register"));
        }
        let end = peer.keep.end(peer.writes);
        if peer.number != DESK && end.seq > 0 && !has_verdict(peer, self.community.case, end) {
            let (opened, judged) = (desk.keep.end(peer.writes), desk.judged.get(&peer.writes));
            return Err(format!("{who}: no verdict up to {end:?}; the desk has {opened:?}, judged {judged:?}"));
        }
        Ok(())
    }

    /// Somebody who is there holds the act in a chain whose refusal is shown on its pages.
    fn shown_somewhere(&self, act: u64) -> bool {
        self.peers.iter().filter(|peer| peer.alive).map(|peer| peer.disk.saved()).any(|store| {
            store.keep.entries().any(|entry| act_of(entry) == Some(act) && store.shown.contains_key(&entry.place.chain))
        })
    }
}

fn has_verdict(peer: &PeerStore, case: ids::ChainId, end: chain::Link) -> bool {
    let verdicts = peer.keep.from(case, 1).into_iter().filter(|entry| entry.entry.header.kind == Kind::TO);
    let mut read = verdicts.filter_map(|entry| Verdict::decode(entry.entry.body.bytes()?).ok());
    read.any(|verdict| verdict.chain == peer.writes && verdict.up_to == end)
}
