//! A peer with keys: a suitcase, or the desk. Its chains, what it carries for others, its dialogue with the hub.

use crate::dice::Dice;
use crate::plant::Plant;
use crate::world::community::{Community, TENANT, a_chain, a_key};
use crate::world::keep::{Disk, Keep, segments};
use chain::{
    Answer, ChainHead, Courier, Dialogue, Draft, ExceptionCode, Header, Kind, Link, News, Offered, Probe, Reason,
    Refusal, RefusalCode, Register, Request, Segment, Standing, Trouble, Verdict, Verified, limits,
};
use ids::{ChainId, RecordId};
use signing::{Hash, SigningKey};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What is on a peer's disk.
#[derive(Clone)]
pub struct PeerStore {
    pub number: usize,
    /// The chain it began with.
    pub first: ChainId,
    /// The chain it writes.
    pub writes: ChainId,
    pub key: Rc<SigningKey>,
    pub keep: Keep,
    /// Entries of another branch than the one in `keep`.
    pub strays: BTreeMap<Hash, Rc<Verified>>,
    pub register: Rc<Register>,
    pub dialogue: Dialogue,
    /// As whom it speaks; another sender has another token and cursor.
    pub sender: ChainId,
    sender_key: Rc<SigningKey>,
    /// Chains that it wrote before, up to where their entries are its own.
    pub ends: BTreeMap<ChainId, u64>,
    /// Own and carried chains.
    pub offers: BTreeSet<ChainId>,
    /// Chains it merely reads, of which the hub lost everything from a number on.
    pub owed: BTreeMap<ChainId, u64>,
    /// Say at the next contact where the chains end.
    pub state_heads: bool,
    /// The hub does not know us.
    pub introduce: bool,
    /// What the pages show.
    pub shown: BTreeMap<ChainId, Refusal>,
    /// Segments that are not brought again in this lineage.
    refused: BTreeSet<(ChainId, u64)>,
    /// Another life of this disk is known somewhere: the own chain is compared next.
    doubt: Option<Reason>,
    /// The first number that the centre knows otherwise.
    known: Option<u64>,
    /// For the desk: up to where each chain has its verdict.
    pub judged: BTreeMap<ChainId, u64>,
    /// For the desk: which contradictions were told to whoever writes the chain.
    pub told: BTreeSet<(ChainId, u64)>,
}

/// A message that waits for its answer.
struct Pending {
    hash: Hash,
    brought: Vec<(ChainId, u64)>,
    stated_heads: bool,
    full: bool,
    probe: Option<Probe>,
}

/// The peer as a process over its disk.
pub struct Peer {
    pub disk: Disk<PeerStore>,
    pub images: Vec<PeerStore>,
    pub courier: Courier,
    pub alive: bool,
    /// Restored from an image without any sign of it so far.
    pub unaware: bool,
    pending: Option<Pending>,
    /// Brought since the last full round: what lies beyond a hole has no anchor, and must not hold up what follows.
    brought: BTreeSet<(ChainId, u64)>,
    blocked_by: Option<(ChainId, u64)>,
    /// The question where the own chain parts, while it is asked.
    probe: Option<Probe>,
    plant: Option<Plant>,
}

impl Peer {
    pub fn new(
        number: usize,
        writes: ChainId,
        key: Rc<SigningKey>,
        (keep, register): (Keep, Rc<Register>),
        plant: Option<Plant>,
    ) -> Self {
        let store = PeerStore {
            number,
            first: writes,
            writes,
            sender: writes,
            sender_key: key.clone(),
            key,
            keep,
            strays: BTreeMap::new(),
            register,
            dialogue: Dialogue::default(),
            ends: BTreeMap::new(),
            offers: BTreeSet::from([writes]),
            owed: BTreeMap::new(),
            state_heads: false,
            introduce: false,
            shown: BTreeMap::new(),
            refused: BTreeSet::new(),
            doubt: None,
            known: None,
            told: BTreeSet::new(),
            judged: BTreeMap::new(),
        };
        Self {
            disk: Disk::new(store),
            images: Vec::new(),
            courier: Courier::default(),
            alive: true,
            unaware: false,
            pending: None,
            brought: BTreeSet::new(),
            blocked_by: None,
            probe: None,
            plant,
        }
    }

    /// Appends to the own chain; durable when this returns.
    pub fn write(&mut self, draft: Draft) -> Rc<Verified> {
        let store = &mut self.disk.live;
        let written = store.keep.append(store.writes, draft, &store.key.clone());
        self.disk.commit();
        written
    }

    /// The process ends and starts again; at each start it says where its chains end.
    pub fn crash(&mut self) {
        self.disk.crash();
        self.pending = None;
        self.brought.clear();
        self.blocked_by = None;
        self.probe = None;
        self.courier = Courier::default();
        self.disk.live.state_heads = true;
        self.disk.commit();
    }

    /// The disk is put back to an older state. `marked` if something outside it tells so.
    pub fn restore(&mut self, image: PeerStore, marked: bool, community: &Community, dice: &mut Dice) {
        self.disk.live = image;
        self.disk.commit();
        self.crash();
        self.unaware = !marked;
        if marked {
            self.rebirth(Reason::Marker, None, community, dice);
        }
    }

    /// Goes on under a new chain, and writes again in it what only this life has. `parted`: its first number.
    fn rebirth(&mut self, reason: Reason, parted: Option<u64>, community: &Community, dice: &mut Dice) {
        self.unaware = false;
        let store = &mut self.disk.live;
        (store.doubt, store.known) = (None, None);
        if self.plant == Some(Plant::ReusedChain) {
            self.disk.commit();
            return;
        }
        let (old, old_key) = (store.writes, store.key.clone());
        let from = parted.unwrap_or(store.keep.end(old).seq + 1);
        let branch = store.keep.part(old, from);
        let end = store.keep.end(old);
        (store.writes, store.key) = (a_chain(dice), a_key(dice));
        store.offers.insert(store.writes);
        store.ends.insert(old, end.seq);
        let key = store.key.clone();
        let first = community.rebirth((store.writes, &key), (old, end), reason, &old_key);
        store.keep.append(store.writes, first, &key);
        for entry in &branch {
            if entry.entry.header.kind == Kind::CHANGE {
                let body = entry.entry.body.bytes().unwrap_or_default().to_vec();
                let header = Header { after: None, ..entry.entry.header };
                store.keep.append(store.writes, Draft { header, body }, &key);
            }
        }
        store.strays.extend(branch.into_iter().map(|entry| (entry.hash, entry)));
        store.meet_itself();
        store.speak_as();
        self.disk.commit();
    }

    /// Takes over pieces of another peer's chain to bring them along, if they fit what it holds.
    pub fn carry(&mut self, segment: Segment) {
        let store = &mut self.disk.live;
        let chain = segment.chain;
        let author = store.register.author(chain);
        if author.is_some_and(|author| store.keep.take(segment, &author).is_ok()) {
            store.offers.insert(chain);
            self.disk.commit();
        }
    }

    /// Takes over pieces of a chain that nobody certified, unverified: the hub's to judge.
    pub fn carry_unknown(&mut self, segment: Segment, author: &signing::VerifyingKey) {
        let chain = segment.chain;
        if self.disk.live.keep.take(segment, author).is_ok() {
            self.disk.live.offers.insert(chain);
            self.disk.commit();
        }
    }

    /// True while a message has no answer.
    pub const fn waits(&self) -> bool {
        self.pending.is_some()
    }

    /// The next message, signed. A message that was never answered counts as cut off.
    pub fn compose(&mut self, now: u64, dice: &mut Dice) -> Vec<u8> {
        if self.pending.take().is_some() {
            self.courier.failed(now, Trouble::Cut, dice.number() as u16);
        }
        if self.probe.is_none() && self.disk.live.doubt.is_some() {
            let store = &self.disk.live;
            self.probe = Some(Probe::new(store.writes, store.keep.end(store.writes).seq));
        }
        let probe = self.probe.clone();
        let (entries, full) = if probe.is_some() { (Vec::new(), false) } else { self.batch() };
        let store = &self.disk.live;
        let mut brought = segments(&entries);
        if store.introduce {
            for (desk, _, _) in store.register.desks() {
                brought.extend(segments(&store.keep.from(desk.register, 1)));
            }
            // Those before it make it known to a hub that lost everything.
            let line = store.ends.keys().chain([&store.writes]);
            brought.extend(line.filter_map(|chain| segments(&store.keep.first(*chain)).pop()));
        }
        let whole = store.keep.chains().filter(|(_, rows)| rows.end.seq > 0);
        let ends = whole.map(|(chain, rows)| ChainHead { chain, end: rows.end }).collect();
        let (heads, stated_heads) = match &probe {
            Some(probe) => (store.heads_at(probe), false),
            None if store.state_heads => (ends, true),
            None => (vec![], false),
        };
        let offered = Offered { segments: brought, heads };
        let budget = [600, 4_000, limits::BUDGET][dice.below(3)];
        let request = store.dialogue.compose(TENANT, store.sender, offered, budget);
        let bytes = request.encode(&store.sender_key);
        let brought = entries.iter().map(|e| (e.place.chain, e.place.seq)).collect();
        self.pending = Some(Pending { hash: Request::hash(&bytes), brought, stated_heads, full, probe });
        self.disk.commit();
        bytes
    }

    /// What is not anchored yet, in the courier's portion; true if there is more.
    fn batch(&mut self) -> (Vec<Rc<Verified>>, bool) {
        let store = &self.disk.live;
        let mut waiting = store.waiting();
        if let (Some(Plant::RefusalBlocks), Some((chain, from))) = (self.plant, self.blocked_by) {
            waiting.retain(|e| e.place.chain == chain && e.place.seq >= from);
        } else {
            waiting.retain(|e| !store.is_refused(e));
            let rest: Vec<_> = waiting.iter().filter(|e| !self.brought.contains(&mark(e))).cloned().collect();
            if rest.is_empty() {
                self.brought.clear();
            } else {
                waiting = rest;
            }
        }
        let (mut room, mut portion) = (self.courier.batch(), Vec::new());
        for entry in &waiting {
            if !portion.is_empty() && room < entry.entry.size() {
                return (portion, true);
            }
            room = room.saturating_sub(entry.entry.size());
            portion.push(entry.clone());
        }
        (portion, false)
    }

    /// Takes an answer in. `dies` if the process ends in the middle of it. Gives the news if it was one.
    pub fn absorb(
        &mut self,
        bytes: &[u8],
        now: u64,
        dies: bool,
        community: &Community,
        dice: &mut Dice,
    ) -> Option<News> {
        let pending = self.pending.as_ref()?;
        let keys = self.disk.live.register.hubs(None);
        let mut answer = Answer::decode(bytes, &pending.hash, TENANT, &keys)?.ok()?.0;
        let pending = self.pending.take()?;
        let store = &mut self.disk.live;
        let own = store.own();
        let keep = store.keep.clone();
        let hash_at = |chain, seq| keep.hash_at(chain, seq);
        let doubt = if store.number == super::DESK { None } else { answer.contradicts(&own, hash_at) };
        store.doubt = store.doubt.or(doubt);
        let news = store.dialogue.absorb(answer, &own, hash_at).ok()?;
        if self.plant == Some(Plant::CursorBeforeEntries) {
            self.disk.commit();
        }
        if dies {
            self.crash();
            return None;
        }
        self.courier.succeeded(now, pending.full, news.more, 60_000);
        if let Some(probe) = pending.probe.clone() {
            self.compared(probe, &news, community, dice);
        }
        self.brought.extend(pending.brought.iter().copied());
        self.use_news(&news, &pending, community.case);
        self.disk.commit();
        Some(news)
    }

    /// Goes on asking where the own chain parts; once that is known, goes on under a new one.
    fn compared(&mut self, mut probe: Probe, news: &News, community: &Community, dice: &mut Dice) {
        self.probe = None;
        if probe.chain() != self.disk.live.writes {
            return;
        }
        probe.learn(&news.refusals, &news.needed);
        if probe.is_done() {
            let reason = self.disk.live.doubt.unwrap_or(Reason::Fork);
            let known = self.disk.live.known.filter(|seq| *seq <= probe.end());
            let parted = probe.parted(reason == Reason::Fork).into_iter().chain(known).min();
            self.rebirth(reason, parted, community, dice);
        } else {
            self.probe = Some(probe);
        }
    }

    fn use_news(&mut self, news: &News, pending: &Pending, case: ChainId) {
        let store = &mut self.disk.live;
        store.introduce = news.introduce;
        if pending.stated_heads {
            store.state_heads = false;
        }
        if news.reborn {
            store.state_heads = true;
            store.refused.clear();
            self.brought.clear();
        }
        for segment in &news.segments {
            store.learn(segment.clone());
        }
        store.hear(&news.segments, case);
        if matches!(store.register.standing(store.writes, 0), Standing::Continued { .. }) {
            store.doubt.get_or_insert(Reason::Continued);
        }
        store.owed.retain(|chain, _| !news.anchors.iter().any(|anchor| anchor.chain == *chain));
        // The hub says what it lacks: an older anchor does not count against that.
        for needed in news.needed.iter().filter(|needed| !store.keep.from(needed.chain, needed.from).is_empty()) {
            store.owed.insert(needed.chain, needed.from);
        }
        self.blocked_by = news.refusals.first().map(|refusal| (refusal.chain, refusal.from));
        for refusal in news.refusals.iter().filter(|refusal| refusal.from > 0) {
            store.shown.insert(refusal.chain, *refusal);
            match refusal.code {
                RefusalCode::UnknownChain | RefusalCode::Quota => {}
                // Seen to by a comparison; it is no refusal for good.
                RefusalCode::Fork { .. } if refusal.chain == store.writes || pending.probe.is_some() => {}
                _ => {
                    store.refused.insert((refusal.chain, refusal.from));
                }
            }
        }
    }

    /// True if nothing waits to be brought but what was refused or lies beyond a hole, and nothing is on its way.
    pub fn is_quiet(&self) -> bool {
        let store = &self.disk.live;
        let rest = |e: &Rc<Verified>| !store.is_refused(e) && !self.brought.contains(&mark(e));
        !store.state_heads && !store.introduce && store.doubt.is_none() && !store.waiting().iter().any(rest)
    }
}

fn mark(entry: &Rc<Verified>) -> (ChainId, u64) {
    (entry.place.chain, entry.place.seq)
}

impl PeerStore {
    /// Chains that nobody else writes.
    fn own(&self) -> Vec<ChainId> {
        match self.register.desk_of(self.writes) {
            Some(desk) => vec![desk.register, desk.case],
            None => vec![self.writes],
        }
    }

    /// Speaks as the chain that it writes. A new name begins a new dialogue; what is anchored of the others stays so.
    fn speak_as(&mut self) {
        self.sender = self.writes;
        self.sender_key = self.key.clone();
        let mut anchored = std::mem::take(&mut self.dialogue.anchored);
        anchored.retain(|chain, link| self.ends.get(chain).is_none_or(|end| link.seq <= *end));
        self.dialogue = Dialogue { lineage: self.dialogue.lineage, anchored, ..Dialogue::default() };
        self.state_heads = true;
    }

    /// The new chain has an author for everybody who asks this register.
    fn meet_itself(&mut self) {
        for segment in segments(&self.keep.first(self.writes)) {
            Rc::make_mut(&mut self.register).meet(&segment);
        }
    }

    fn heads_at(&self, probe: &Probe) -> Vec<ChainHead> {
        let head = |seq| {
            let hash = self.keep.hash_at(probe.chain(), seq)?;
            Some(ChainHead { chain: probe.chain(), end: Link { seq, hash } })
        };
        probe.numbers().into_iter().filter_map(head).collect()
    }

    /// All entries that the hub has not anchored, chain by chain.
    fn waiting(&self) -> Vec<Rc<Verified>> {
        let from = |chain: &ChainId| {
            let unsent = self.offers.contains(chain).then(|| self.dialogue.unsent_from(*chain));
            let owed = self.owed.get(chain).copied();
            [unsent, owed].into_iter().flatten().min()
        };
        let chains: BTreeSet<ChainId> = self.offers.iter().chain(self.owed.keys()).copied().collect();
        // Of a chain before a rebirth only what this life shares with the others is this peer's to bring.
        let ours = |e: &Rc<Verified>| self.ends.get(&e.place.chain).is_none_or(|end| e.place.seq <= *end);
        chains.iter().filter_map(|chain| Some(self.keep.from(*chain, from(chain)?))).flatten().filter(ours).collect()
    }

    fn is_refused(&self, entry: &Verified) -> bool {
        let (chain, seq) = (entry.place.chain, entry.place.seq);
        self.refused.range((chain, 0)..=(chain, seq)).next().is_some()
    }

    /// Stores what came down: verified entry by entry, the register first of all.
    pub fn learn(&mut self, segment: Segment) {
        let chain = segment.chain;
        let public = segment.entries.iter().any(|e| e.header.kind == Kind::REGISTER);
        if public && Rc::make_mut(&mut self.register).take(segment.clone()).is_err() {
            return;
        }
        if self.register.author(chain).is_none() {
            Rc::make_mut(&mut self.register).meet(&segment);
        }
        let Some(author) = self.register.author(chain) else { return };
        let Ok(entries) = segment.clone().valid(TENANT, &author) else { return };
        if self.keep.take(segment, &author).is_err() {
            // Another branch than ours: kept aside, for a person.
            self.strays.extend(entries.into_iter().map(|e| (e.hash, Rc::new(e))));
        }
    }

    /// A verdict about the own chain that names an entry which is not ours, or a fork: the centre knows another life.
    fn hear(&mut self, segments: &[Segment], case: ChainId) {
        let entries = segments.iter().filter(|segment| segment.chain == case).flat_map(|segment| &segment.entries);
        let told = entries.filter(|e| e.header.kind == Kind::TO && e.header.peer == Some(self.writes));
        let verdicts: Vec<Verdict> = told.filter_map(|e| Verdict::decode(e.body.bytes()?).ok()).collect();
        for verdict in verdicts.iter().filter(|verdict| verdict.chain == self.writes) {
            let forks = verdict.exceptions.iter().filter(|one| one.code == ExceptionCode::Fork);
            let first = forks.map(|one| one.seq).min();
            let held = self.keep.hash_at(verdict.chain, verdict.up_to.seq);
            if first.is_some() || held.is_some_and(|held| held != verdict.up_to.hash) {
                self.doubt = Some(Reason::Fork);
                self.known = self.known.into_iter().chain(first).min();
            }
        }
    }

    /// True if this peer brings the entry to a hub that lost it: of its own and carried chains all, of those it reads what
    /// it holds without a hole from the first on. A single entry that was handed to it is not its to bring back.
    pub fn gives_back(&self, entry: &Verified) -> bool {
        let Verified { place, .. } = entry;
        self.offers.contains(&place.chain) || place.seq <= self.keep.end(place.chain).seq
    }

    /// True if this entry is here in whatever way.
    pub fn holds(&self, entry: &Verified) -> bool {
        self.keep.hash_at(entry.place.chain, entry.place.seq) == Some(entry.hash)
            || self.strays.contains_key(&entry.hash)
    }
}

/// An act: a change of one record with a body that is told apart by its number.
pub fn act(record: u8, number: u64, padding: usize) -> Draft {
    let record = RecordId::from_bytes([record; 16]);
    let mut body = number.to_be_bytes().to_vec();
    body.resize(8 + padding, 0xa5);
    Draft { header: Header { kind: Kind::CHANGE, record: Some(record), peer: None, after: None }, body }
}

/// The number of the act in an entry, if it is one.
pub fn act_of(entry: &Verified) -> Option<u64> {
    let is_act = entry.entry.header.kind == Kind::CHANGE;
    let body = entry.entry.body.bytes()?;
    if is_act { Some(u64::from_be_bytes(body.first_chunk::<8>().copied()?)) } else { None }
}
