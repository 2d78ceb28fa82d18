//! Messages to the hub and what their answers change.

use crate::dice::Dice;
use crate::plant::Plant;
use crate::world::disk::Done;
use crate::world::keep::segments;
use crate::world::peer::Peer;
use crate::world::peer::store::{CatchingUp, PeerStore};
use chain::{
    Anchor, Answer, Cursor, Dialogue, News, Offered, Probe, Reason, Refusal, RefusalCode, Request, Segment, Standing,
    Trouble, Verified,
};
use ids::ChainId;
use signing::Hash;
use std::rc::Rc;

/// A message that waits for its answer.
pub(super) struct Pending {
    hash: Hash,
    brought: Vec<(ChainId, u64)>,
    stated_heads: bool,
    full: bool,
    probe: Option<Probe>,
}

impl Peer {
    /// True while a message has no answer.
    pub const fn waits(&self) -> bool {
        self.pending.is_some()
    }

    /// The next message, signed. A message that was never answered counts as cut off.
    pub fn compose(&mut self, now: u64, budget: u32, dice: &mut Dice) -> Vec<u8> {
        if self.pending.take().is_some() {
            self.courier.failed(now, Trouble::Cut, dice.number() as u16);
        }
        let store = &self.disk.live;
        if self.probe.is_none() && store.doubt.is_some() {
            self.probe = Some(Probe::new(store.writes, store.keep.end(store.writes).seq));
        }
        let probe = self.probe.clone();
        let (entries, full) = if probe.is_some() { (Vec::new(), false) } else { self.batch() };
        let store = &self.disk.live;
        let mut brought = if self.introduce { store.introduction() } else { Vec::new() };
        brought.extend(segments(&entries));
        let (heads, stated_heads) = match &probe {
            Some(probe) => (store.heads_at(probe), false),
            None if store.state_heads && !self.stated => (store.heads(), true),
            None => (vec![], false),
        };
        let offered = Offered { segments: brought, heads };
        let request = store.dialogue.compose(store.community.tenant, store.writes, offered, budget);
        let bytes = request.encode(&store.key);
        let brought = entries.iter().map(mark).collect();
        self.pending = Some(Pending { hash: Request::hash(&bytes), brought, stated_heads, full, probe });
        bytes
    }

    /// What is not anchored yet, in the courier's portion; true if there is more.
    fn batch(&mut self) -> (Vec<Rc<Verified>>, bool) {
        let store = &self.disk.live;
        let mut waiting = store.waiting(&self.owed);
        if let (Some(Plant::RefusalBlocks), Some((chain, from))) = (store.plant, self.blocked_by) {
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

    /// Takes an answer in. Gives the news if it was one.
    pub fn absorb(&mut self, bytes: &[u8], now: u64, dice: &mut Dice) -> Done<Option<News>> {
        let Some(pending) = self.pending.as_ref() else { return Ok(None) };
        let keys = self.hub_keys();
        let decoded = Answer::decode(bytes, &pending.hash, self.disk.live.community.tenant, &keys);
        let Some(Ok((answer, _))) = decoded else { return Ok(None) };
        let Some(pending) = self.pending.take() else { return Ok(None) };
        let Some(news) = self.take_answer(answer, pending.stated_heads, now)? else { return Ok(None) };
        self.courier.succeeded(now, pending.full, news.more, 60_000);
        if pending.stated_heads {
            // What the hub held once it may have lost since.
            self.brought.retain(|(chain, seq)| !news.needed.iter().any(|one| one.chain == *chain && one.from <= *seq));
        }
        self.brought.extend(pending.brought.iter().copied());
        self.remember(&news, pending.probe.is_some())?;
        if let Some(probe) = pending.probe {
            self.compared(probe, &news, now, dice)?;
        }
        Ok(Some(news))
    }

    /// What an answer to the message on its way refuses.
    pub fn refusals_in(&self, bytes: &[u8]) -> Vec<Refusal> {
        let Some(pending) = self.pending.as_ref() else { return Vec::new() };
        let keys = self.disk.live.register.hubs();
        let decoded = Answer::decode(bytes, &pending.hash, self.disk.live.community.tenant, &keys);
        decoded.and_then(Result::ok).map(|(answer, _)| answer.refusals).unwrap_or_default()
    }

    /// First the news, then the cursor: a crash between the two brings repeats.
    pub(super) fn take_answer(&mut self, mut answer: Answer, stated_heads: bool, now: u64) -> Done<Option<News>> {
        let clock = self.clock(now);
        let store = &mut self.disk.live;
        let (own, keep, before) = (store.own(), store.keep.clone(), store.dialogue.clone());
        let hash_at = |chain, seq| keep.hash_at(chain, seq);
        let mut doubt = if store.is_desk { None } else { answer.contradicts(&own, hash_at) };
        let coming_back = store.catching_up;
        let mut missing = Vec::new();
        if coming_back.is_some() {
            // More than the copy held is what is being asked for.
            let ahead =
                |anchor: &Anchor| own.contains(&anchor.chain) && hash_at(anchor.chain, anchor.end.seq).is_none();
            (missing, answer.anchors) = answer.anchors.into_iter().partition(ahead);
        }
        // A hub that handed out nothing yet has not heard that everything is wanted.
        let unheard = coming_back.is_some() && answer.stale && before.cursor.is_none();
        let mut dialogue = before.clone();
        let Ok(mut news) = dialogue.absorb(answer, &own, hash_at) else { return Ok(None) };
        if unheard {
            dialogue.cursor = None;
        }
        store.keep_to_own(&mut dialogue, &before);
        if store.plant == Some(Plant::StaleLineage) && news.reborn {
            news.reborn = false;
            trust_the_old(before, &mut dialogue);
        }
        if store.plant == Some(Plant::CursorBeforeEntries) {
            store.dialogue = dialogue.clone();
            self.disk.commit()?;
        }
        let store = &mut self.disk.live;
        store.doubt = store.doubt.or(doubt);
        news.segments.iter().for_each(|segment| store.learn(segment.clone()));
        self.follow_the_centre(clock);
        let store = &mut self.disk.live;
        store.hear();
        store.obey();
        self.disk.commit()?;
        let store = &mut self.disk.live;
        if matches!(store.register.standing(store.writes, clock), Standing::Continued { .. }) {
            doubt.get_or_insert(Reason::Continued);
        }
        store.doubt = store.doubt.or(doubt);
        store.keep_anchors(&news);
        // A contact that breaks off here still owes the heads at the next one.
        store.state_heads |= news.reborn;
        // Who does not know us has not looked at them.
        self.stated = (self.stated || stated_heads && !news.introduce) && !news.reborn;
        store.dialogue = dialogue;
        let came =
            missing.iter().all(|anchor| store.keep.hash_at(anchor.chain, anchor.end.seq) == Some(anchor.end.hash));
        let whole = came && !unheard && !news.more && store.dialogue.cursor.is_some();
        store.catching_up = store.catching_up.filter(|how| match how {
            CatchingUp::Copy(knew) => !whole || knew.is_some_and(|knew| store.dialogue.lineage != Some(knew)),
            CatchingUp::Kit => !whole,
        });
        self.disk.commit()?;
        Ok(Some(news))
    }

    /// What the process, and not the disk, knows of an answer; and what its pages show.
    fn remember(&mut self, news: &News, probing: bool) -> Done<()> {
        let store = &mut self.disk.live;
        self.introduce = news.introduce;
        if news.reborn {
            store.refused.clear();
            self.brought.clear();
            self.owed.clear();
        }
        self.owed.retain(|chain, _| !news.anchors.iter().any(|anchor| anchor.chain == *chain));
        // The hub says what it lacks: an older anchor does not count against that.
        for needed in news.needed.iter().filter(|needed| !store.keep.from(needed.chain, needed.from).is_empty()) {
            self.owed.insert(needed.chain, needed.from);
        }
        self.blocked_by = news.refusals.first().map(|refusal| (refusal.chain, refusal.from));
        for refusal in news.refusals.iter().filter(|refusal| refusal.from > 0) {
            store.shown.insert(refusal.chain, *refusal);
            match refusal.code {
                // Who is not known yet and has an entry that looks like a register's is known after the introduction.
                RefusalCode::UnknownChain | RefusalCode::Quota | RefusalCode::Register => {}
                // Seen to by a comparison; it is no refusal for good.
                RefusalCode::Fork { .. } if refusal.chain == store.writes || probing => {}
                _ => {
                    store.refused.insert((refusal.chain, refusal.from));
                }
            }
        }
        // All that the hub lacked and is here was brought.
        if self.stated && !self.owes() {
            self.disk.live.state_heads = false;
        }
        self.disk.commit()
    }

    /// Something that the hub said it lacks is still to be brought.
    fn owes(&self) -> bool {
        let store = &self.disk.live;
        let of_owed = |e: &Rc<Verified>| self.owed.get(&e.place.chain).is_some_and(|from| *from <= e.place.seq);
        let rest = |e: &Rc<Verified>| of_owed(e) && !store.is_refused(e) && !self.brought.contains(&mark(e));
        store.waiting(&self.owed).iter().any(rest)
    }

    /// True if nothing waits to be brought but what was refused or lies beyond a hole, and nothing is on its way.
    pub fn is_quiet(&self) -> bool {
        let store = &self.disk.live;
        let rest = |e: &Rc<Verified>| !store.is_refused(e) && !self.brought.contains(&mark(e));
        let left = store.waiting(&self.owed).iter().any(rest);
        !store.state_heads && !self.introduce && store.doubt.is_none() && !left
    }
}

impl PeerStore {
    /// Who we are, for a hub that does not know: the register, and how this chain came about.
    fn introduction(&self) -> Vec<Segment> {
        let registers = self.register.desks().map(|(desk, _, _)| self.keep.from(desk.register, 1));
        let mut brought: Vec<Segment> = registers.flat_map(|entries| segments(&entries)).collect();
        // Those before it make it known to a hub that lost everything.
        let line = self.ends.keys().chain([&self.writes]);
        brought.extend(line.filter_map(|chain| segments(&self.keep.first(*chain)).pop()));
        brought
    }

    fn keep_anchors(&mut self, news: &News) {
        let own = self.written_chains();
        for anchor in news.anchors.iter().filter(|anchor| own.contains(&anchor.chain)) {
            let of_end = (anchor.chain, anchor.end.seq);
            if !self.anchors.contains_key(&of_end) {
                Rc::make_mut(&mut self.anchors).insert(of_end, *anchor);
            }
            self.last_anchors.insert(anchor.chain, *anchor);
            if anchor.chain == self.writes {
                self.unnamed = Some(*anchor);
            }
        }
    }

    /// Behind its end a chain of before is another life's: nothing written here counts as sent because the hub holds more.
    fn keep_to_own(&self, dialogue: &mut Dialogue, before: &Dialogue) {
        let same = before.lineage == dialogue.lineage;
        for (chain, until) in &self.ends {
            if dialogue.anchored.get(chain).is_some_and(|end| end.seq > *until) {
                dialogue.anchored.remove(chain);
                let known = before.anchored.get(chain).filter(|end| same && end.seq <= *until);
                dialogue.anchored.extend(known.map(|end| (*chain, *end)));
            }
        }
    }
}

/// The planted mistake: what was said in another life of the hub's store still counts.
fn trust_the_old(before: Dialogue, dialogue: &mut Dialogue) {
    let lineage = dialogue.lineage;
    let Dialogue { anchored, cursor, .. } = before;
    dialogue.anchored.extend(anchored);
    if let (Some(lineage), Some(cursor)) = (lineage, cursor) {
        dialogue.cursor = Some(Cursor { lineage, ..cursor });
    }
}

fn mark(entry: &Rc<Verified>) -> (ChainId, u64) {
    (entry.place.chain, entry.place.seq)
}
