//! A suitcase whose disk was put back, or doubled, goes on under a new chain.

use crate::dice::Dice;
use crate::plant::Plant;
use crate::world::community::{a_chain, a_key};
use crate::world::disk::Done;
use crate::world::peer::Peer;
use crate::world::peer::store::PeerStore;
use crate::world::sealed::{Key, Own, SHARED, seal_of, sealed_anew};
use chain::{Draft, Header, Kind, News, Probe, Reason};
use ids::RecordId;

impl Peer {
    /// The disk is put back to an older state. `marked` if something outside it tells so.
    pub fn restore(&mut self, image: PeerStore, marked: bool, now: u64, dice: &mut Dice) {
        self.disk.live = image;
        self.disk.force();
        self.crash();
        self.unaware = !marked;
        if marked {
            self.rebirth(Reason::Marker, None, now, dice);
            self.disk.force();
        }
    }

    /// Goes on under a new chain, and writes again in it what only this life has. `parted`: its first number. One
    /// transaction: the caller commits.
    fn rebirth(&mut self, reason: Reason, parted: Option<u64>, now: u64, dice: &mut Dice) {
        let at = self.clock(now);
        let store = &mut self.disk.live;
        (store.doubt, store.known) = (None, None);
        if store.plant == Some(Plant::ReusedChain) {
            self.unaware = false;
            return;
        }
        let (old, old_key) = (store.writes, store.key.clone());
        let from = parted.unwrap_or(store.keep.end(old).seq + 1);
        let until = store.keep.end(old).seq;
        let branch = store.keep.part(old, from);
        if branch
            .iter()
            .filter(|entry| entry.entry.header.kind == Kind::OWN)
            .any(|entry| entry.entry.body.bytes().map(Own::read).is_some_and(|fact| fact.is_told_again()))
        {
            // The centre may never open it there: it is told once more.
            store.sealed_to = Key(0);
        }
        // The records are made anew without what parted; what lies behind a hole is not this life's.
        branch.iter().for_each(|entry| _ = store.counted.remove(&entry.hash));
        let end = store.keep.end(old);
        (store.writes, store.key) = (a_chain(dice), a_key(dice));
        store.offers.insert(store.writes);
        store.ends.insert(old, end.seq);
        let key = store.key.clone();
        let first = store.community.rebirth((store.writes, &key), (old, end), reason, (&old_key, at));
        store.keep.append(store.writes, first, &key);
        self.epoch = None;
        let epoch = self.begin_epoch_if_none(dice);
        let store = &mut self.disk.live;
        for entry in branch.iter().filter(|entry| entry.place.seq <= until) {
            if let (Some((record, _)), Some(body)) = (seal_of(entry), entry.entry.body.bytes()) {
                // Nobody else has seen a record of which nothing is left: it is made anew.
                if !store.is_seen(record) {
                    store.ring_mut().forget(record);
                    store.ring_mut().put(record, (1, epoch.of_record(record)));
                }
                let Some(newest) = store.ring.newest(record) else { continue };
                let body = sealed_anew(body, newest);
                let header = Header { after: None, ..entry.entry.header };
                store.keep.append(store.writes, Draft { header, body }, &key);
            }
        }
        store.strays.extend(branch.into_iter().map(|entry| (entry.hash, entry)));
        store.meet_itself();
        store.speak_anew();
        self.unaware = false;
    }

    /// Goes on asking where the own chain parts; once that is known, goes on under a new one.
    pub(super) fn compared(&mut self, mut probe: Probe, news: &News, now: u64, dice: &mut Dice) -> Done<()> {
        self.probe = None;
        if probe.chain() != self.disk.live.writes {
            return Ok(());
        }
        probe.learn(&news.refusals, &news.needed);
        if probe.is_done() {
            let reason = self.disk.live.doubt.unwrap_or(Reason::Fork);
            let known = self.disk.live.known.filter(|seq| *seq <= probe.end());
            let opened = self.disk.live.opened_until(probe.chain());
            let parted = probe.parted(reason == Reason::Fork, opened).into_iter().chain(known).min();
            let was_unaware = self.unaware;
            self.rebirth(reason, parted, now, dice);
            return self.disk.commit().inspect_err(|_| self.unaware = was_unaware);
        }
        self.probe = Some(probe);
        Ok(())
    }
}

impl PeerStore {
    /// Something of the record is held beside what parted, and opens here.
    fn is_seen(&self, record: RecordId) -> bool {
        let opens = |e: &&std::rc::Rc<chain::Verified>| {
            seal_of(e).is_some_and(|(about, generation)| about == record && self.ring.opens(record, generation))
        };
        record.as_bytes()[0] < SHARED || self.keep.entries().any(|e| opens(&e))
    }
}
