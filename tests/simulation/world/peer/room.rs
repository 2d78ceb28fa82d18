//! A suitcase gives up what it does not need: keys and the grants that brought them; begun forms, and what they are about.

use crate::dice::Dice;
use crate::plant::Plant;
use crate::world::disk::Done;
use crate::world::peer::Peer;
use crate::world::peer::store::PeerStore;
use crate::world::sealed::Own;
use chain::Kind;
use ids::RecordId;
use std::collections::BTreeSet;

impl Peer {
    /// Gives up what was taken back and, of the rest, some: what is closed for long. Gives back what went.
    pub fn make_room(&mut self, of_the_rest: u64, dice: &mut Dice) -> Done<Vec<RecordId>> {
        let store = &self.disk.live;
        let due: Vec<RecordId> = store.due(|_| dice.happens(of_the_rest));
        let store = &mut self.disk.live;
        let key = store.key.clone();
        let (back, old): (Vec<_>, Vec<_>) =
            due.iter().copied().partition(|record| store.ring.taken_back.contains(record));
        for (taken_back, records) in [(true, back), (false, old)].into_iter().filter(|(_, records)| !records.is_empty())
        {
            let draft = Own::GaveUp(taken_back, records).draft(store.centre_key());
            store.keep.append(store.writes, draft, &key);
        }
        for record in &due {
            store.ring_mut().forget(*record);
            let register = store.register.clone();
            store.keep.drop_grants(*record, |chain| register.is_case(chain));
            store.ring_mut().taken_back.remove(record);
            store.ring_mut().forgotten.insert(*record);
        }
        self.disk.commit()?;
        Ok(due)
    }

    /// A form is begun about a record that is here, or an older one is finished.
    pub fn begin_form(&mut self, record: RecordId) -> Done<()> {
        let ring = self.disk.live.ring_mut();
        if !ring.drafts.remove(&record) {
            ring.drafts.insert(record);
        }
        self.disk.commit()
    }
}

impl PeerStore {
    /// What may go: nothing that the centre has not opened, nothing that a form is about.
    fn due(&self, mut is_old: impl FnMut(RecordId) -> bool) -> Vec<RecordId> {
        let ring = &self.ring;
        let keeps_nothing = self.plant == Some(Plant::FormsForgotten);
        let free = |record: &RecordId| !ring.drafts.contains(record) || keeps_nothing;
        let back = |record: &RecordId| ring.taken_back.contains(record) && self.plant != Some(Plant::TakenBackStays);
        let mut due: BTreeSet<RecordId> =
            ring.records().into_iter().filter(|record| is_old(*record) || back(record)).collect();
        due.retain(|record| free(record) && (self.is_settled(*record) || self.plant == Some(Plant::ForgetsTooEarly)));
        due.into_iter().collect()
    }

    /// Whether the centre opened all that was written here about a record.
    pub fn is_settled(&self, record: RecordId) -> bool {
        let about = |e: &chain::Verified| e.entry.header.kind == Kind::CHANGE && e.entry.header.record == Some(record);
        let unopened =
            |(chain, seq): &(ids::ChainId, u64)| self.keep.get(*chain, *seq).is_some_and(|entry| about(entry));
        if self.unopened.iter().any(unopened) {
            return false;
        }
        self.written_chains().into_iter().all(|chain| {
            let entries = self.keep.from(chain, 1);
            let until = self.written_until(chain);
            let last = entries.iter().filter(|e| e.place.seq <= until && about(e)).map(|e| e.place.seq).max();
            last.is_none_or(|last| self.opened_until(chain) >= last)
        })
    }
}
