//! What is on a peer's disk, and what follows from it.

use crate::plant::Plant;
use crate::world::community::Community;
use crate::world::keep::{Keep, is_covered, segments, shell};
use crate::world::peer::keyring::Keyring;
use crate::world::peer::letters::Sent;
use crate::world::proved;
use crate::world::sealed::{Key, named};
use chain::{
    Anchor, ChainHead, Dialogue, Erased, Judged, Kind, Link, Probe, Reason, Refusal, Register, Segment, Verdict,
    Verified,
};
use ids::{ChainId, LineageId};
use signing::{Hash, SigningKey};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A letter of another suitcase: its sender, its bytes, the hub's answer when there is one.
pub type Kept = (ChainId, Vec<u8>, Option<Vec<u8>>);

/// How a desk came back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CatchingUp {
    /// From a copy that knew this life of the hub.
    Copy(Option<LineageId>),
    /// From the kit.
    Kit,
}

#[derive(Clone)]
pub struct PeerStore {
    pub number: usize,
    pub is_desk: bool,
    /// The register that a desk writes.
    pub register_chain: ChainId,
    pub community: Rc<Community>,
    /// The chain it began with.
    pub first: ChainId,
    /// The chain it writes.
    pub writes: ChainId,
    pub key: Rc<SigningKey>,
    pub keep: Keep,
    /// Entries of another branch than the one in `keep`.
    pub strays: BTreeMap<Hash, Rc<Verified>>,
    /// How often each act counts among the records.
    pub counted: BTreeMap<Hash, u32>,
    pub register: Rc<Register>,
    pub dialogue: Dialogue,
    /// Chains that it wrote before, up to where their entries are its own.
    pub ends: BTreeMap<ChainId, u64>,
    /// Own and carried chains.
    pub offers: BTreeSet<ChainId>,
    /// Say at the next contact where the chains end.
    pub state_heads: bool,
    /// What the pages show.
    pub shown: BTreeMap<ChainId, Refusal>,
    /// Segments that are not brought again in this lineage.
    pub refused: BTreeSet<(ChainId, u64)>,
    /// Another life of this disk is known somewhere: the own chain is compared next.
    pub doubt: Option<Reason>,
    /// The first number that the centre knows otherwise.
    pub known: Option<u64>,
    /// The newest anchor of the own chain that no entry names yet.
    pub unnamed: Option<Anchor>,
    /// The first anchor of each end of own chains, and the newest of each.
    pub anchors: Rc<BTreeMap<(ChainId, u64), Anchor>>,
    pub last_anchors: BTreeMap<ChainId, Anchor>,
    /// Words of the centre that were not looked at yet.
    pub unheard: Vec<Rc<Verified>>,
    /// The newest verdict of each case chain on each own chain, and up to where the centre opened what was written here.
    pub heard: BTreeMap<(ChainId, ChainId), Judged>,
    pub opened: BTreeMap<ChainId, u64>,
    /// Own letters that went out by hand.
    pub sent: BTreeMap<Hash, Sent>,
    /// Letters of others that are carried, each with its answer when there is one.
    pub kept: BTreeMap<Hash, Kept>,
    /// For the desk: which keys of the centre it has.
    pub secrets: BTreeSet<Key>,
    /// For the desk: new keys were taken, and the old ones are not destroyed yet.
    pub rotating: bool,
    /// For a suitcase: to which key of the centre it seals.
    pub sealed_to: Key,
    /// For a suitcase: what the centre has and could not open.
    pub unopened: BTreeSet<(ChainId, u64)>,
    /// Keys, and what is known of others'.
    pub ring: Rc<Keyring>,
    /// A desk that came back writes nothing before it has read everything.
    pub catching_up: Option<CatchingUp>,
    /// For the desk: up to where each chain has its verdict, for each who is told of it.
    pub judged: BTreeMap<(ChainId, ChainId), u64>,
    /// For the desk: which contradictions of a chain were told to whom.
    pub told: BTreeSet<(ChainId, ChainId, u64)>,
    pub plant: Option<Plant>,
}

impl PeerStore {
    pub fn new(
        (number, register_chain): (usize, Option<ChainId>),
        community: Rc<Community>,
        (writes, key): (ChainId, Rc<SigningKey>),
        (keep, register): (Keep, Rc<Register>),
        ring: Keyring,
        plant: Option<Plant>,
    ) -> Self {
        let offers = [writes].into_iter().chain(register_chain).collect();
        let centre = community.centre;
        Self {
            number,
            is_desk: register_chain.is_some(),
            register_chain: register_chain.unwrap_or(writes),
            community,
            first: writes,
            writes,
            key,
            keep,
            strays: BTreeMap::new(),
            counted: BTreeMap::new(),
            register,
            dialogue: Dialogue::default(),
            ends: BTreeMap::new(),
            offers,
            state_heads: false,
            shown: BTreeMap::new(),
            refused: BTreeSet::new(),
            doubt: None,
            known: None,
            unnamed: None,
            anchors: Rc::default(),
            last_anchors: BTreeMap::new(),
            unheard: Vec::new(),
            heard: BTreeMap::new(),
            opened: BTreeMap::new(),
            sent: BTreeMap::new(),
            kept: BTreeMap::new(),
            secrets: register_chain.map(|_| centre).into_iter().collect(),
            rotating: false,
            sealed_to: centre,
            unopened: BTreeSet::new(),
            ring: Rc::new(ring),
            catching_up: None,
            judged: BTreeMap::new(),
            told: BTreeSet::new(),
            plant,
        }
    }

    /// What facts are sealed to now.
    pub fn centre_key(&self) -> Key {
        self.register.centre_agreement().map_or(self.community.centre, |key| named(&key))
    }

    /// Chains that nobody else writes.
    pub fn own(&self) -> Vec<ChainId> {
        if self.is_desk { vec![self.register_chain, self.writes] } else { vec![self.writes] }
    }

    /// The chains that it writes, and the shared part of those that it wrote before.
    pub fn written_chains(&self) -> Vec<ChainId> {
        self.own().into_iter().chain(self.ends.keys().copied()).collect()
    }

    pub fn written_until(&self, chain: ChainId) -> u64 {
        self.ends.get(&chain).copied().unwrap_or_else(|| self.keep.end(chain).seq)
    }

    /// A new name begins a new dialogue; what is anchored of the other chains stays so.
    pub fn speak_anew(&mut self) {
        let mut anchored = std::mem::take(&mut self.dialogue.anchored);
        anchored.retain(|chain, link| self.ends.get(chain).is_none_or(|end| link.seq <= *end));
        self.dialogue = Dialogue { lineage: self.dialogue.lineage, anchored, ..Dialogue::default() };
        self.unnamed = None;
        // Only a token would show a hub that was put back from a copy and does not know it.
        self.state_heads = true;
    }

    /// The new chain has an author for everybody who asks this register.
    pub fn meet_itself(&mut self) {
        for segment in segments(&self.keep.first(self.writes)) {
            Rc::make_mut(&mut self.register).meet(&segment);
        }
    }

    pub fn heads_at(&self, probe: &Probe) -> Vec<ChainHead> {
        let head = |seq| {
            let hash = self.keep.hash_at(probe.chain(), seq)?;
            Some(ChainHead { chain: probe.chain(), end: Link { seq, hash } })
        };
        probe.numbers().into_iter().filter_map(head).collect()
    }

    /// Where the chains end that this peer could give back to a hub that lost its memory: up to the last entry held,
    /// beyond any hole, and before every hole.
    pub fn heads(&self) -> Vec<ChainHead> {
        let ends = |(chain, rows): (ChainId, &crate::world::keep::Rows)| {
            let until = self.written_until_or_end(chain);
            let held = rows.entries.range(..=until);
            let centre = self.register.is_case(chain) || self.register.is_register(chain);
            let end = held.clone().next_back().map(|(seq, _)| *seq);
            let last =
                held.filter(|(seq, _)| Some(**seq) == end || (!centre && !rows.entries.contains_key(&(**seq + 1))));
            let head =
                |(seq, entry): (&u64, &Rc<Verified>)| ChainHead { chain, end: Link { seq: *seq, hash: entry.hash } };
            last.map(head).collect::<Vec<_>>()
        };
        self.keep.chains().flat_map(ends).collect()
    }

    /// Of a chain before a rebirth only what this life shares with the others is this peer's to bring.
    fn written_until_or_end(&self, chain: ChainId) -> u64 {
        self.ends.get(&chain).copied().unwrap_or(u64::MAX)
    }

    /// All entries that the hub has not anchored, chain by chain, and what it lacks of others.
    pub fn waiting(&self, owed: &BTreeMap<ChainId, u64>) -> Vec<Rc<Verified>> {
        let from = |chain: &ChainId| {
            let unsent = self.offers.contains(chain).then(|| self.dialogue.unsent_from(*chain));
            [unsent, owed.get(chain).copied()].into_iter().flatten().min()
        };
        let chains: BTreeSet<ChainId> = self.offers.iter().chain(owed.keys()).copied().collect();
        let written = self.written_chains();
        // A shell of another's entry is its author's to bring, or the centre's.
        let empty = |e: &Rc<Verified>| e.entry.body.bytes().is_none() && !written.contains(&e.place.chain);
        let ours =
            |e: &Rc<Verified>| e.place.seq <= self.written_until_or_end(e.place.chain) && (self.is_desk || !empty(e));
        chains.iter().filter_map(|chain| Some(self.keep.from(*chain, from(chain)?))).flatten().filter(ours).collect()
    }

    pub fn is_refused(&self, entry: &Verified) -> bool {
        let (chain, seq) = (entry.place.chain, entry.place.seq);
        self.refused.range((chain, 0)..=(chain, seq)).next().is_some()
    }

    /// Stores what came down: verified entry by entry, the register first of all.
    pub fn learn(&mut self, segment: Segment) {
        let chain = segment.chain;
        let public = segment.entries.first().is_some_and(|e| e.header.kind == Kind::REGISTER);
        let introduces = self.register.is_register(chain) || self.register.author(chain).is_none();
        if public && introduces && Rc::make_mut(&mut self.register).take(segment.clone()).is_err() {
            return;
        }
        if self.register.author(chain).is_none() {
            Rc::make_mut(&mut self.register).meet(&segment);
        }
        let Some(author) = self.register.author(chain) else { return };
        let Ok(entries) = proved::valid(segment.clone(), self.community.tenant, &author) else { return };
        if self.plant == Some(Plant::SnapshotReplacesChain) && !self.own().contains(&chain) {
            self.keep.replace(chain, entries);
            return;
        }
        if let Ok(new) = self.keep.take(segment, &author) {
            return self.learnt(&entries, &new);
        }
        // Something in it is of another branch than ours, and is kept aside for a person. The rest fits.
        for entry in entries {
            let alone = segments(&[Rc::new(entry.clone())]).pop().map(|piece| self.keep.take(piece, &author));
            match alone {
                Some(Ok(new)) => self.learnt(&[entry], &new),
                _ => _ = self.strays.insert(entry.hash, Rc::new(entry)),
            }
        }
    }

    fn learnt(&mut self, entries: &[Verified], new: &[u64]) {
        let again = self.plant == Some(Plant::RepeatCountedTwice);
        let is_new = |entry: &&Verified| again || new.contains(&entry.place.seq);
        let acts = entries.iter().filter(|e| e.entry.header.kind == Kind::CHANGE).filter(is_new);
        acts.for_each(|entry| *self.counted.entry(entry.hash).or_default() += 1);
        let of = entries.first().map(|entry| entry.place.chain);
        let new: Vec<_> = new.iter().filter_map(|seq| self.keep.get(of?, *seq).cloned()).collect();
        self.look_at(&new);
    }

    /// Drops what the register orders; keys only when those beside them are held elsewhere.
    pub fn obey(&mut self) {
        let erased = self.erased();
        if erased.is_empty() {
            return;
        }
        self.forget_erased(&erased);
        self.keep.erase(&erased);
        let covered = self.strays.iter().filter(|(_, entry)| is_covered(&erased, entry));
        let shells: Vec<_> = covered.map(|(hash, entry)| (*hash, Rc::new(shell(entry)))).collect();
        self.strays.extend(shells);
    }

    /// May write.
    pub const fn may_write(&self) -> bool {
        self.catching_up.is_none()
    }

    /// What the orders that are known here name.
    pub fn erased(&self) -> Erased {
        // A suitcase keeps single entries of the case chain only; what it drops, the centre has.
        self.register.erased(|case| if self.is_desk { self.keep.end(case).seq } else { u64::MAX })
    }

    /// Verdicts that came down, each with the entry that brought it.
    pub fn verdicts(&self) -> impl Iterator<Item = (Verdict, &Rc<Verified>)> {
        let case = self.keep.chains().filter(|(chain, _)| self.register.is_case(*chain));
        let told = case.flat_map(|(_, rows)| rows.entries.values()).filter(|e| e.entry.header.kind == Kind::TO);
        told.filter_map(|e| Some((Verdict::decode(e.entry.body.bytes()?).ok()?, e)))
    }

    /// True if this entry is here in whatever way.
    pub fn holds(&self, entry: &Verified) -> bool {
        self.keep.hash_at(entry.place.chain, entry.place.seq) == Some(entry.hash)
            || self.strays.contains_key(&entry.hash)
    }
}
