//! A peer with keys: a suitcase, or the desk. Its chains, what it carries for others, its dialogue with the hub.

use crate::dice::Dice;
use crate::plant::Plant;
use crate::world::community::{Community, TENANT, a_chain, a_key};
use crate::world::keep::{Disk, Keep, segments};
use chain::{
    Answer, AnswerError, ChainHead, Courier, Dialogue, Draft, ExceptionCode, Header, Kind, News, Offered, Refusal,
    RefusalCode, Register, Request, Segment, Trouble, Verdict, Verified, limits,
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
    /// Request to certify the chain it writes, until the register has it.
    pub enrolment: Option<Vec<u8>>,
    /// For the desk: what asks to be certified.
    pub asking: Vec<Vec<u8>>,
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
            offers: BTreeSet::from([writes]),
            owed: BTreeMap::new(),
            state_heads: false,
            introduce: false,
            shown: BTreeMap::new(),
            refused: BTreeSet::new(),
            enrolment: None,
            asking: Vec::new(),
            judged: BTreeMap::new(),
            told: BTreeSet::new(),
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
            self.rebirth(community, dice);
        }
    }

    /// Opens a new chain and adopts into it what only this branch has.
    fn rebirth(&mut self, community: &Community, dice: &mut Dice) {
        self.unaware = false;
        if self.plant == Some(Plant::ReusedChain) {
            return;
        }
        let store = &mut self.disk.live;
        let (old, anchored) = (store.writes, store.dialogue.unsent_from(store.writes));
        store.writes = a_chain(dice);
        store.key = a_key(dice);
        store.offers.insert(store.writes);
        store.enrolment = Some(community.enrolment(store.number, store.writes, &store.key));
        for entry in store.keep.from(old, anchored) {
            let body = entry.entry.body.bytes().unwrap_or_default().to_vec();
            let header = Header { after: None, ..entry.entry.header };
            store.keep.append(store.writes, Draft { header, body }, &store.key.clone());
        }
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
        self.disk.live.speak_as();
        let (entries, full) = self.batch();
        let store = &self.disk.live;
        let mut brought = segments(&entries);
        if store.introduce {
            for (desk, _, _) in store.register.desks() {
                brought.extend(segments(&store.keep.from(desk.register, 1)));
            }
        }
        let whole = store.keep.chains().filter(|(_, rows)| rows.end.seq > 0);
        let heads = whole.map(|(chain, rows)| ChainHead { chain, end: rows.end }).collect();
        let heads = if store.state_heads { heads } else { vec![] };
        let stated_heads = store.state_heads;
        let offered = Offered { segments: brought, heads };
        let budget = [600, 4_000, limits::BUDGET][dice.below(3)];
        let request = store.dialogue.compose(TENANT, store.sender, offered, budget);
        let bytes = request.encode(&store.sender_key);
        let brought = entries.iter().map(|e| (e.place.chain, e.place.seq)).collect();
        self.pending = Some(Pending { hash: Request::hash(&bytes), brought, stated_heads, full });
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
        let answer = Answer::decode(bytes, &pending.hash, TENANT, &keys)?.ok()?.0;
        let pending = self.pending.take()?;
        let store = &mut self.disk.live;
        let own = store.own();
        let keep = store.keep.clone();
        let news = match store.dialogue.absorb(answer, &own, |chain, seq| keep.hash_at(chain, seq)) {
            Ok(news) => news,
            Err(AnswerError::Anchor) => return None,
            Err(AnswerError::Ahead { .. }) => {
                self.rebirth(community, dice);
                return None;
            }
        };
        if self.plant == Some(Plant::CursorBeforeEntries) {
            self.disk.commit();
        }
        if dies {
            self.crash();
            return None;
        }
        self.courier.succeeded(now, pending.full, news.more, 60_000);
        self.brought.extend(pending.brought.iter().copied());
        self.use_news(&news, &pending, community, dice);
        self.disk.commit();
        Some(news)
    }

    fn use_news(&mut self, news: &News, pending: &Pending, community: &Community, dice: &mut Dice) {
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
        store.owed.retain(|chain, _| !news.anchors.iter().any(|anchor| anchor.chain == *chain));
        // The hub says what it lacks: an older anchor does not count against that.
        for needed in news.needed.iter().filter(|needed| !store.keep.from(needed.chain, needed.from).is_empty()) {
            store.owed.insert(needed.chain, needed.from);
        }
        store.asking.clone_from(&news.enrolments);
        self.blocked_by = news.refusals.first().map(|refusal| (refusal.chain, refusal.from));
        // The centre opened something else than we wrote: it knows another branch of our chain.
        let mut forked = store.is_contradicted(&news.segments, community.case);
        for refusal in news.refusals.iter().filter(|refusal| refusal.from > 0) {
            store.shown.insert(refusal.chain, *refusal);
            match refusal.code {
                RefusalCode::UnknownChain | RefusalCode::Quota => {}
                RefusalCode::Fork { .. } if refusal.chain == store.writes => forked = true,
                _ => {
                    store.refused.insert((refusal.chain, refusal.from));
                }
            }
        }
        if forked {
            self.rebirth(community, dice);
        }
    }

    /// True if nothing waits to be brought but what was refused or lies beyond a hole, and nothing is on its way.
    pub fn is_quiet(&self) -> bool {
        let store = &self.disk.live;
        let rest = |e: &Rc<Verified>| !store.is_refused(e) && !self.brought.contains(&mark(e));
        !store.state_heads && !store.introduce && !store.waiting().iter().any(rest)
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

    /// Speaks as the newest own chain that the register knows. A new name begins a new dialogue.
    fn speak_as(&mut self) {
        if self.sender != self.writes && self.register.author(self.writes).is_some() {
            self.sender = self.writes;
            self.sender_key = self.key.clone();
            self.enrolment = None;
            self.dialogue = Dialogue { lineage: self.dialogue.lineage, ..Dialogue::default() };
            self.state_heads = true;
        }
    }

    /// All entries that the hub has not anchored, chain by chain.
    fn waiting(&self) -> Vec<Rc<Verified>> {
        let from = |chain: &ChainId| {
            let unsent = self.offers.contains(chain).then(|| self.dialogue.unsent_from(*chain));
            let owed = self.owed.get(chain).copied();
            [unsent, owed].into_iter().flatten().min()
        };
        let chains: BTreeSet<ChainId> = self.offers.iter().chain(self.owed.keys()).copied().collect();
        chains.iter().filter_map(|chain| Some(self.keep.from(*chain, from(chain)?))).flatten().collect()
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
        let Some(author) = self.register.author(chain) else { return };
        let Ok(entries) = segment.clone().valid(TENANT, &author) else { return };
        if self.keep.take(segment, &author).is_err() {
            // Another branch than ours: kept aside, for a person.
            self.strays.extend(entries.into_iter().map(|e| (e.hash, Rc::new(e))));
        }
    }

    /// True if a verdict about the own chain names an entry that is not ours, or a fork.
    fn is_contradicted(&self, segments: &[Segment], case: ChainId) -> bool {
        let entries = segments.iter().filter(|segment| segment.chain == case).flat_map(|segment| &segment.entries);
        let mut verdicts = entries
            .filter(|e| e.header.kind == Kind::TO && e.header.peer == Some(self.writes))
            .filter_map(|e| Verdict::decode(e.body.bytes()?).ok());
        verdicts.any(|v| {
            let ours = v.up_to.seq == 0 || self.keep.hash_at(v.chain, v.up_to.seq) == Some(v.up_to.hash);
            v.chain == self.writes && (!ours || v.exceptions.iter().any(|e| e.code == ExceptionCode::Fork))
        })
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
