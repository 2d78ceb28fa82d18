//! A peer with keys: a suitcase, or the desk, as a process over its disk.

mod anew;
mod exchange;
mod facts;
mod judged;
pub mod keyring;
pub mod letters;
mod reborn;
mod room;
pub mod store;

use crate::dice::Dice;
use crate::plant::Plant;
use crate::world::disk::{Disk, Done};
use crate::world::sealed::{self, Key, Own};
use chain::{Courier, Draft, Probe, Segment, Verified};
use ids::{ChainId, RecordId};
use signing::{Hash, VerifyingKey};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use store::PeerStore;

pub struct Peer {
    pub disk: Disk<PeerStore>,
    pub images: Vec<PeerStore>,
    pub courier: Courier,
    pub alive: bool,
    /// Restored from an image, or doubled, without any sign of it so far.
    pub unaware: bool,
    /// How far its clock is off, ms.
    pub skew: i64,
    pending: Option<exchange::Pending>,
    /// Brought since the last full round: what lies beyond a hole has no anchor, and must not hold up what follows.
    brought: BTreeSet<(ChainId, u64)>,
    /// What the hub said it lacks, since the process began.
    owed: BTreeMap<ChainId, u64>,
    /// The heads were stated since the process began.
    stated: bool,
    /// The hub does not know us.
    introduce: bool,
    blocked_by: Option<(ChainId, u64)>,
    /// The question where the own chain parts, while it is asked.
    probe: Option<Probe>,
    /// The key of this unlocking, only ever in memory.
    epoch: Option<Key>,
}

impl Peer {
    pub fn new(store: PeerStore) -> Self {
        let waits_for = if store.plant == Some(Plant::SavedBeforeDurable) { 3 } else { 1 };
        Self {
            disk: Disk::new(store, waits_for),
            images: Vec::new(),
            courier: Courier::default(),
            alive: true,
            unaware: false,
            skew: 0,
            pending: None,
            brought: BTreeSet::new(),
            owed: BTreeMap::new(),
            stated: false,
            introduce: false,
            blocked_by: None,
            probe: None,
            epoch: None,
        }
    }

    /// What its clock says.
    pub const fn clock(&self, now: u64) -> i64 {
        (now as i64).saturating_add(self.skew)
    }

    /// Whose answers are our hub's, whatever its clock says.
    fn hub_keys(&self) -> Vec<VerifyingKey> {
        self.disk.live.register.hubs()
    }

    /// Appends to the own chain; durable when this returns. The first entry after an anchor names it.
    pub fn write(&mut self, mut draft: Draft) -> Done<Rc<Verified>> {
        let store = &mut self.disk.live;
        draft.header.after = store.unnamed.take().map(|anchor| anchor.hash());
        let written = store.keep.append(store.writes, draft, &store.key.clone());
        store.look_at(std::slice::from_ref(&written));
        self.disk.commit()?;
        Ok(written)
    }

    /// An act on a record, under its newest key; a new record is made in the epoch of this unlocking. `None` if this peer
    /// does not have it, or writes nothing now.
    pub fn act(
        &mut self,
        record: RecordId,
        (number, padding): (u64, usize),
        dice: &mut Dice,
    ) -> Done<Option<Rc<Verified>>> {
        let is_new = self.disk.live.ring.newest(record).is_none();
        let store = &mut self.disk.live;
        match (store.is_desk, is_new) {
            (true, _) if !store.may_write() => return Ok(None),
            (true, true) => store.make(record, dice),
            (true, false) => store.about_to_write(record, dice),
            (false, true) => {
                let key = self.begin_epoch_if_none(dice).of_record(record);
                self.disk.live.ring_mut().put(record, (1, key));
            }
            (false, false) => {}
        }
        let Some(key) = self.disk.live.ring.newest(record) else { return Ok(None) };
        self.write(sealed::act(record, number, key, padding)).map(Some)
    }

    /// The key of this unlocking, told to the centre in the same transaction as what it seals first.
    pub fn begin_epoch_if_none(&mut self, dice: &mut Dice) -> Key {
        if let Some(key) = self.epoch {
            return key;
        }
        let key = Key(dice.number());
        let store = &mut self.disk.live;
        store.keep.append(store.writes, Own::Epoch(key).draft(store.centre_key()), &store.key.clone());
        self.epoch = Some(key);
        key
    }

    /// Locked and opened again: an epoch of its own.
    pub const fn lock(&mut self) {
        self.epoch = None;
    }

    /// The process ends and starts again.
    pub fn crash(&mut self) {
        self.disk.crash();
        self.disk.mend();
        self.pending = None;
        self.brought.clear();
        self.owed.clear();
        (self.introduce, self.stated) = (false, false);
        self.blocked_by = None;
        (self.probe, self.epoch) = (None, None);
        self.courier = Courier::default();
    }

    /// Takes over pieces of another peer's chain to bring them along, if they fit what it holds.
    pub fn carry(&mut self, segment: Segment) -> Done<()> {
        self.take_over(segment);
        self.disk.live.obey();
        self.disk.commit()
    }

    fn take_over(&mut self, segment: Segment) {
        let store = &mut self.disk.live;
        let chain = segment.chain;
        // Its own chain a peer only writes: what a twin of this disk wrote under the same name is the hub's to show.
        if store.own().contains(&chain) {
            return;
        }
        let Some(author) = store.register.author(chain) else { return };
        if store.plant == Some(Plant::SkipSignature) {
            for entry in segment.linked(store.community.tenant).unwrap_or_default() {
                store.keep.put(entry);
            }
            return;
        }
        if let Ok(new) = store.keep.take(segment, &author) {
            store.offers.insert(chain);
            let new: Vec<_> = new.iter().filter_map(|seq| store.keep.get(chain, *seq).cloned()).collect();
            store.look_at(&new);
        }
    }

    /// Takes over pieces of a chain that nobody certified, unverified: the hub's to judge.
    pub fn carry_unknown(&mut self, segment: Segment, author: &VerifyingKey) -> Done<()> {
        let chain = segment.chain;
        if self.disk.live.keep.take(segment, author).is_ok() {
            self.disk.live.offers.insert(chain);
        }
        self.disk.commit()
    }
}

/// A letter's name.
pub type Letter = (Hash, Vec<u8>);
