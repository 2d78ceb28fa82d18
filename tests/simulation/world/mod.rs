//! Communities on a bad day: peers, a hub, a network, and everything that goes wrong between them.

pub mod community;
mod desk;
pub mod disk;
pub mod hub;
pub mod keep;
mod network;
pub mod peer;
mod proved;
mod quiet;
mod rotations;
pub mod sealed;
mod shelf;
mod steps;
mod sticks;
mod tally;

pub use desk::LATER;
pub use tally::Tally;

use crate::dice::Dice;
use crate::invariants::{self, Ledger, Shown, Violation};
use crate::plant::Plant;
use crate::weather::Weather;
use chain::{Answer, Draft, Register, Request, Segment, limits};
use community::{Community, a_chain, a_key, public};
use disk::{Done, Fault, Trouble};
use hub::Machine;
use ids::{ChainId, RecordId};
use keep::{Keep, segments};
use network::{Letter, Network, What};
use peer::Peer;
use peer::keyring::Keyring;
use peer::store::PeerStore;
use sealed::{Key, act};
use signing::{SigningKey, VerifyingKey};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use sticks::Stick;

/// 15.01.2027, where the runs begin.
const START: i64 = 1_800_000_000_000;

pub struct World {
    dice: Dice,
    weather: Weather,
    pub now: i64,
    pub communities: Vec<Rc<Community>>,
    pub hub: Machine,
    pub peers: Vec<Peer>,
    network: Network,
    sticks: Vec<Stick>,
    /// Copies of sticks that may be put in the place of one.
    old_sticks: Vec<Stick>,
    pub ledger: Ledger,
    acts: u64,
    /// How often the hub's disk was put back or emptied.
    hub_life: u64,
    /// The furthest ends of the registers that it held before.
    hub_had: BTreeMap<ChainId, u64>,
    /// Pieces of a chain that nobody certified.
    stranger: (Vec<Segment>, VerifyingKey),
    /// Peers whose disks may have changed in this step.
    touched: BTreeSet<usize>,
    counts: tally::Counts,
    /// The quiet day has come.
    calm: bool,
    /// What must be at the centre in the evening of that day: acts, each with its record.
    pub owed: BTreeMap<u64, RecordId>,
}

impl World {
    pub fn new(seed: u64, plant: Option<Plant>) -> Self {
        proved::forget();
        let mut dice = Dice::new(seed);
        let weather = Weather::draw(&mut dice);
        let hub_seed = dice.bytes();
        let communities: Vec<_> =
            (0..weather.communities).map(|_| Rc::new(Community::new(hub_seed, &mut dice))).collect();
        let hub = Machine::new(&communities, weather.processes, plant);
        let mut peers = Vec::new();
        for (nth, community) in communities.iter().enumerate() {
            let suitcases = if nth == 0 { weather.suitcases } else { 1 };
            peers.extend(settle(community, suitcases, peers.len(), plant, &mut dice));
        }
        let stranger = a_stranger(&communities[0], &mut dice);
        let network = Network::new(&mut dice);
        let sticks = vec![Stick::default(); 1 + dice.below(2)];
        let mut world = Self {
            dice,
            weather,
            now: START,
            communities,
            hub,
            peers,
            network,
            sticks,
            old_sticks: Vec::new(),
            ledger: Ledger::default(),
            acts: 0,
            hub_life: 0,
            hub_had: BTreeMap::new(),
            stranger,
            touched: BTreeSet::new(),
            counts: tally::Counts::default(),
            calm: false,
            owed: BTreeMap::new(),
        };
        world.ledger.centres = world.communities.iter().flat_map(|one| [one.register, one.case]).collect();
        world.ledger.strange = world.stranger.0.iter().map(|piece| piece.chain).collect();
        (0..world.peers.len()).for_each(|number| world.note(number));
        world
    }

    /// A bad day, then a quiet one after which everything must be where it belongs.
    pub fn run(mut self) -> Result<Tally, Violation> {
        for step in 0..self.weather.steps {
            self.step().map_err(|violation| violation.at(step))?;
        }
        self.quiet_day()?;
        Ok(self.tally())
    }

    /// The desk of a peer's community.
    pub fn desk_of(&self, number: usize) -> usize {
        let community = &self.peers[number].disk.saved().community;
        let is_theirs = |peer: &Peer| {
            let store = peer.disk.saved();
            store.is_desk && store.community.tenant == community.tenant
        };
        self.peers.iter().position(is_theirs).unwrap_or_default()
    }

    /// Lets a peer do something that may fail at any of its writes.
    fn let_it<T>(&mut self, number: usize, work: impl FnOnce(&mut Peer) -> Done<T>) -> Option<T> {
        if self.weather.disks > 0 && self.dice.happens(self.weather.disks) {
            let fault = [Fault::Full, Fault::DiesBefore, Fault::DiesAfter][self.dice.below(3)];
            self.peers[number].disk.fail(self.dice.below(4), fault);
        }
        let done = work(&mut self.peers[number]);
        self.peers[number].disk.mend();
        self.touched.insert(number);
        if let Err(trouble) = &done {
            self.counts.failed_writes += 1;
            // An epoch that began in what was rolled back was never told.
            self.peers[number].lock();
            if *trouble == Trouble::Died {
                self.peers[number].crash();
            }
        }
        self.note(number);
        done.ok()
    }

    /// What is on a disk was written.
    fn note(&mut self, number: usize) {
        self.ledger.note_written(number, &self.peers[number]);
    }

    /// An officer writes, and is told whether it is saved.
    fn write(&mut self, number: usize, draft: Draft) {
        if !self.peers[number].alive || !self.peers[number].disk.live.may_write() {
            return;
        }
        if let Some(written) = self.let_it(number, |peer| peer.write(draft)) {
            self.ledger.called_saved(number, &written);
        }
    }

    /// Sends, whatever is still under way.
    fn post(&mut self, number: usize) {
        let budget = if self.calm { limits::BUDGET } else { [600, 4_000, limits::BUDGET][self.dice.below(3)] };
        let bytes = self.peers[number].compose(self.now as u64, budget, &mut self.dice);
        self.network.post(Letter { peer: number, what: What::Request, bytes });
    }

    fn arrive(&mut self, letter: Letter) -> Result<(), Violation> {
        let Letter { peer, what, bytes } = letter;
        match what {
            What::Request => {
                let device = self.peers[peer].clock(self.now as u64);
                let asked = self.about_to_answer(peer, &bytes);
                let answer = self.hub.handle(&bytes, (self.now, device), &mut self.dice);
                if let Some(answer) = answer {
                    self.show(peer, asked, &bytes, &answer)?;
                    self.network.post(Letter { peer, what: What::Answer, bytes: answer });
                }
            }
            What::Answer if self.peers[peer].alive => self.answered(peer, &bytes),
            What::Answer => {}
        }
        Ok(())
    }

    /// What is known of a request before the hub looks at it.
    fn about_to_answer(&self, peer: usize, bytes: &[u8]) -> Option<(Request, bool)> {
        let request = Request::decode(bytes).ok()?;
        let community = &self.peers[peer].disk.saved().community;
        let revoked = self.ledger.is_revoked_at(&self.hub, community, request.sender);
        Some((request, revoked))
    }

    /// Looks at an answer as whoever sees it does.
    fn show(
        &mut self,
        peer: usize,
        asked: Option<(Request, bool)>,
        bytes: &[u8],
        answer: &[u8],
    ) -> Result<(), Violation> {
        let Some((request, revoked)) = asked else { return Ok(()) };
        let community = self.peers[peer].disk.saved().community.clone();
        let keys = [hub::keys(community.hub_seed).public()];
        let decoded = Answer::decode(answer, &Request::hash(bytes), request.tenant, &keys);
        let Some(Ok((answer, _))) = decoded else { return Ok(()) };
        answer.anchors.iter().for_each(|anchor| self.ledger.gave(anchor));
        let time = self.hub.clock(self.now);
        let shown = Shown { community, request, revoked, by_hand: false, time, answer };
        invariants::check_shown(self, &shown)
    }

    fn answered(&mut self, number: usize, bytes: &[u8]) {
        let now = self.now as u64;
        let dice = &mut Dice::new(self.dice.number());
        let Some(Some(news)) = self.let_it(number, |peer| peer.absorb(bytes, now, dice)) else { return };
        self.took(number, &news);
    }

    /// A peer took news in.
    fn took(&mut self, number: usize, news: &chain::News) {
        news.anchors.iter().for_each(|anchor| self.ledger.promised(anchor));
        if self.peers[number].disk.live.is_desk {
            let writing = self.writing();
            let now = self.now as u64;
            let dice = &mut Dice::new(self.dice.number());
            self.let_it(number, |peer| peer.work(&writing, now, dice));
        }
    }

    /// Chains that a living laptop writes.
    fn writing(&self) -> BTreeSet<ChainId> {
        self.peers.iter().filter(|peer| peer.alive).map(|peer| peer.disk.saved().writes).collect()
    }
}

/// A community's desk and suitcases, each of which knows the register.
fn settle(
    community: &Rc<Community>,
    suitcases: usize,
    first: usize,
    plant: Option<Plant>,
    dice: &mut Dice,
) -> Vec<Peer> {
    let suitcases: Vec<(_, Rc<SigningKey>)> = (0..suitcases).map(|_| (a_chain(dice), a_key(dice))).collect();
    let mut keep = Keep::new(community.tenant);
    let mut register = Register::new(community.tenant, community.root);
    let desk = (community.register, community.case, &*community.desk_key);
    let mut facts = community.first_facts(desk, (community.centre, None)).to_vec();
    let certify = |(number, (chain, key)): (usize, &(_, Rc<SigningKey>))| {
        community.suitcase(number + 1, (*chain, key.public(), None), START, &community.desk_key)
    };
    facts.extend(suitcases.iter().enumerate().map(certify));
    let write = |fact| keep.append(community.register, public(fact), &community.desk_key);
    let written: Vec<_> = facts.iter().map(write).collect();
    for segment in segments(&written) {
        register.take(segment).expect("the desk's own register");
    }
    let known = (keep, Rc::new(register));
    let ring = Keyring::new(community.shared, &suitcases.iter().map(|(chain, _)| *chain).collect::<Vec<_>>());
    let all = [(community.case, community.desk_key.clone())].into_iter().chain(suitcases);
    let peer = |(nth, who): (usize, _)| {
        let place = (first + nth, (nth == 0).then_some(community.register));
        Peer::new(PeerStore::new(place, community.clone(), who, known.clone(), ring.clone(), plant))
    };
    all.enumerate().map(peer).collect()
}

fn a_stranger(community: &Community, dice: &mut Dice) -> (Vec<Segment>, VerifyingKey) {
    let (chain, key) = (a_chain(dice), a_key(dice));
    let mut keep = Keep::new(community.tenant);
    let written: Vec<_> = (0..4).map(|number| keep.append(chain, a_foreign_act(9, u64::MAX - number), &key)).collect();
    (written.chunks(2).flat_map(segments).collect(), key.public())
}

/// Sealed with a key that nobody has.
fn a_foreign_act(record: u8, number: u64) -> Draft {
    act(RecordId::from_bytes([record; 16]), number, (1, Key(0)), 20)
}
