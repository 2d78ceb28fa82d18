//! One community on a bad day: peers, a hub, a network, and everything that goes wrong between them.

pub mod community;
mod desk;
pub mod hub;
pub mod keep;
mod network;
pub mod peer;
mod planted;
mod rest;

use crate::dice::Dice;
use crate::ledger::{self, Ledger};
use crate::plant::Plant;
use ::hub::store::MemoryStore;
use chain::{Draft, RefusalCode, Register, Segment};
use community::{Community, TENANT, a_chain, a_key, public};
use hub::Machine;
use keep::{Keep, segments};
use network::{Letter, Network, What};
use peer::{Peer, act};
use signing::{SigningKey, VerifyingKey};
use std::rc::Rc;

/// Number of the desk among the peers.
pub const DESK: usize = 0;
/// 15.01.2027, where the runs begin.
const START: i64 = 1_800_000_000_000;

pub struct World {
    dice: Dice,
    now: i64,
    community: Community,
    hub: Machine,
    peers: Vec<Peer>,
    network: Network,
    ledger: Ledger,
    acts: u64,
    /// How often the hub's disk was put back or emptied.
    hub_life: u64,
    /// Pieces of a chain that nobody certified.
    stranger: (Vec<Segment>, VerifyingKey),
}

/// What a run went through; equal for equal seeds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Suitcases that ended with another chain than they began with.
    pub rebirths: usize,
    /// How often the hub's disk was put back or emptied.
    pub hub_lives: u64,
    /// Refusals for a fork, and for want of a certificate, that are shown in the end.
    pub forks: usize,
    pub unknown: usize,
    /// Entries kept aside as another branch.
    strays: usize,
    acts: u64,
    /// The next number of the dice.
    last: u64,
}

/// How often what goes wrong in one run, of a thousand steps.
struct Weather {
    steps: usize,
    hub_restores: u64,
    images: u64,
    destroyed: u64,
    crashes: u64,
}

impl World {
    pub fn new(seed: u64, plant: Option<Plant>) -> Self {
        let mut dice = Dice::new(seed);
        let community = Community::new(&mut dice);
        let suitcases: Vec<_> = (0..2 + dice.below(3)).map(|_| (a_chain(&mut dice), a_key(&mut dice))).collect();
        let (mut keep, mut register) = (Keep::default(), Register::new(TENANT, community.root));
        let mut facts = community.first_facts().to_vec();
        let certify = |(number, (chain, key)): (usize, &(_, Rc<SigningKey>))| {
            community.suitcase(number + 1, *chain, key.public(), None)
        };
        facts.extend(suitcases.iter().enumerate().map(certify));
        let write = |fact| keep.append(community.register, public(fact), &community.desk_key);
        let written: Vec<_> = facts.iter().map(write).collect();
        for segment in segments(&written) {
            register.take(segment).expect("the desk's own register");
        }
        let known = (keep, Rc::new(register));
        let hub = Machine::new(&community, plant);
        let all = [(community.case, community.desk_key.clone())].into_iter().chain(suitcases);
        let mut peers: Vec<Peer> =
            all.enumerate().map(|(number, (chain, key))| Peer::new(number, chain, key, known.clone(), plant)).collect();
        peers[DESK].disk.live.offers.insert(community.register);
        peers[DESK].disk.commit();
        let stranger = a_stranger(&mut dice);
        let network = Network::new(&mut dice);
        Self {
            dice,
            now: START,
            community,
            hub,
            peers,
            network,
            ledger: Ledger::default(),
            acts: 0,
            hub_life: 0,
            stranger,
        }
    }

    /// A bad day, then a quiet one after which everything must be where it belongs.
    pub fn run(mut self) -> Result<Tally, String> {
        let weather = Weather {
            steps: 20 + self.dice.below(90),
            hub_restores: [0, 10, 40][self.dice.below(3)],
            images: [0, 30, 80][self.dice.below(3)],
            destroyed: [0, 0, 15][self.dice.below(3)],
            crashes: [0, 30, 100][self.dice.below(3)],
        };
        for step in 0..weather.steps {
            self.step(&weather).map_err(|violation| format!("step {step}: {violation}"))?;
        }
        self.quiet_day()?;
        Ok(self.tally())
    }

    fn tally(&mut self) -> Tally {
        let stores = || self.peers.iter().map(|peer| peer.disk.saved());
        let shown =
            |code: fn(&RefusalCode) -> bool| stores().flat_map(|s| s.shown.values()).filter(|r| code(&r.code)).count();
        Tally {
            rebirths: stores().filter(|s| s.offers.contains(&s.writes) && s.sender != s.first).count(),
            hub_lives: self.hub_life,
            forks: shown(|code| matches!(code, RefusalCode::Fork { .. })),
            unknown: shown(|code| *code == RefusalCode::UnknownChain),
            strays: stores().map(|s| s.strays.len()).sum(),
            acts: self.acts,
            last: self.dice.number(),
        }
    }

    fn step(&mut self, weather: &Weather) -> Result<(), String> {
        self.now += self.dice.below(120_000) as i64;
        if self.dice.happens(weather.crashes) {
            self.crash()?;
        }
        if self.dice.happens(weather.hub_restores) {
            self.hub_goes_back();
        }
        if self.dice.happens(weather.images) {
            self.image_or_restore()?;
        }
        if self.dice.happens(weather.destroyed) {
            let number = 1 + self.dice.below(self.peers.len() - 1);
            self.peers[number].alive = false;
        }
        let number = self.dice.below(self.peers.len());
        match self.dice.below(100) {
            0..30 => self.record(number)?,
            30..55 => self.send(number),
            55..88 => {
                self.deliver()?;
                self.deliver()?;
            }
            88..95 => self.meet(number),
            95..97 => self.grant()?,
            97 => self.meet_a_stranger(number),
            _ => self.hub.back_up(),
        }
        self.ledger.check_anchored(&self.hub)
    }

    /// An officer, or the desk, does something.
    fn record(&mut self, number: usize) -> Result<(), String> {
        for _ in 0..1 + self.dice.below(3) {
            self.acts += 1;
            let (record, padding) = (self.dice.below(4) as u8, [4, 40, 400][self.dice.below(3)]);
            self.write(number, act(record, self.acts, padding))?;
        }
        Ok(())
    }

    fn write(&mut self, number: usize, draft: Draft) -> Result<(), String> {
        let peer = &mut self.peers[number];
        if !peer.alive {
            return Ok(());
        }
        let written = peer.write(draft);
        self.ledger.wrote(number, peer.unaware, &written)
    }

    fn send(&mut self, number: usize) {
        let peer = &mut self.peers[number];
        let patient = peer.waits() || peer.courier.wait(self.now as u64) > 0;
        if !peer.alive || patient && self.dice.happens(800) {
            return;
        }
        self.post(number);
    }

    /// Sends, whatever is still under way.
    fn post(&mut self, number: usize) {
        let peer = &mut self.peers[number];
        let bytes = peer.compose(self.now as u64, &mut self.dice);
        self.network.post(Letter { peer: number, what: What::Request, life: self.hub_life, bytes });
    }

    fn deliver(&mut self) -> Result<(), String> {
        let Some(letter) = self.network.arrival(&mut self.dice) else {
            return Ok(());
        };
        let dies = self.dice.happens(120);
        self.arrive(letter, dies)
    }

    fn arrive(&mut self, letter: Letter, dies: bool) -> Result<(), String> {
        let Letter { peer, what, life, bytes } = letter;
        match what {
            What::Request => {
                let answer = self.hub.handle(&bytes, self.now, &mut self.dice);
                if let Some(bytes) = answer {
                    self.network.post(Letter { peer, what: What::Answer, life: self.hub_life, bytes });
                }
            }
            What::Answer if self.peers[peer].alive => self.answered(peer, &bytes, life, dies)?,
            What::Answer => {}
        }
        Ok(())
    }

    fn answered(&mut self, number: usize, bytes: &[u8], life: u64, dies: bool) -> Result<(), String> {
        let peer = &mut self.peers[number];
        let news = peer.absorb(bytes, self.now as u64, dies, &self.community, &mut self.dice);
        // What a hub said before its disk was put back is void; the peers' copies heal it.
        let anchors = news.iter().filter(|_| life == self.hub_life).flat_map(|news| &news.anchors);
        anchors.for_each(|anchor| self.ledger.promised(anchor));
        if number == DESK && news.is_some() {
            for written in desk::work(peer, &self.community) {
                self.ledger.wrote(DESK, false, &written)?;
            }
        }
        ledger::check_reader(number, self.peers[number].disk.saved(), &self.hub, &self.community)
    }

    /// The hub, or a peer, ends and starts again.
    fn crash(&mut self) -> Result<(), String> {
        let number = self.dice.below(self.peers.len() + 1);
        let Some(peer) = self.peers.get_mut(number) else {
            self.hub.crash();
            return self.ledger.check_anchored(&self.hub);
        };
        peer.crash();
        self.ledger.check_saved(number, peer)?;
        ledger::check_reader(number, peer.disk.saved(), &self.hub, &self.community)
    }

    /// The hub is restored from an older copy, or its disk is new.
    fn hub_goes_back(&mut self) {
        if self.hub.copies.is_empty() || self.dice.happens(200) {
            self.hub.restore(MemoryStore::new(), false);
        } else {
            let copy = self.hub.copies[self.dice.below(self.hub.copies.len())].copy();
            let marked = self.dice.happens(500);
            self.hub.restore(copy, marked);
        }
        self.ledger.hub_restored();
        self.hub_life += 1;
    }

    /// A suitcase's disk is copied, or put back to such a copy.
    fn image_or_restore(&mut self) -> Result<(), String> {
        let number = 1 + self.dice.below(self.peers.len() - 1);
        let peer = &mut self.peers[number];
        if !peer.alive {
            return Ok(());
        }
        if peer.images.is_empty() || self.dice.happens(500) {
            peer.images.push(peer.disk.saved().clone());
            return Ok(());
        }
        let image = peer.images[self.dice.below(peer.images.len())].clone();
        self.ledger.peer_restored(number, &image);
        let marked = self.dice.happens(500);
        peer.restore(image, marked, &self.community, &mut self.dice);
        self.ledger.check_saved(number, peer)
    }

    /// One suitcase gives another a piece of its chain to bring along.
    fn meet(&mut self, number: usize) {
        let other = 1 + self.dice.below(self.peers.len() - 1);
        let (from, to) = (&self.peers[other], &self.peers[number]);
        if other == number || !from.alive || !to.alive {
            return;
        }
        let store = &from.disk.live;
        let mut entries = store.keep.from(store.writes, store.dialogue.unsent_from(store.writes));
        entries.drain(..self.dice.below(entries.len() + 1));
        entries.truncate(1 + self.dice.below(entries.len() + 1));
        segments(&entries).into_iter().for_each(|segment| self.peers[number].carry(segment));
    }

    fn meet_a_stranger(&mut self, number: usize) {
        let (pieces, author) = &self.stranger;
        let piece = pieces[self.dice.below(pieces.len())].clone();
        if self.peers[number].alive {
            self.peers[number].carry_unknown(piece, author);
        }
    }

    fn grant(&mut self) -> Result<(), String> {
        let number = 1 + self.dice.below(self.peers.len() - 1);
        let (record, reader) = (self.dice.below(4) as u8, self.peers[number].disk.live.writes);
        let written = desk::grant(&mut self.peers[DESK], record, reader);
        self.ledger.wrote(DESK, false, &written)
    }
}

fn a_stranger(dice: &mut Dice) -> (Vec<Segment>, VerifyingKey) {
    let (chain, key) = (a_chain(dice), a_key(dice));
    let mut keep = Keep::default();
    let written: Vec<_> = (0..4).map(|number| keep.append(chain, act(9, u64::MAX - number, 20), &key)).collect();
    let pieces = written.chunks(2).flat_map(segments).collect();
    debug_assert_eq!(TENANT, written[0].place.tenant);
    (pieces, key.public())
}
