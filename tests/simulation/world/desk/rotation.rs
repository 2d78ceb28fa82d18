//! New keys for a desk, and the end of the old ones: it succeeds itself, tells again what only the old key opens, and
//! destroys that.

use crate::dice::Dice;
use crate::plant::Plant;
use crate::world::community::{a_chain, a_key};
use crate::world::desk::erasure::Span;
use crate::world::disk::Done;
use crate::world::peer::Peer;
use crate::world::peer::store::PeerStore;
use crate::world::sealed::{Key, Own, Place, sealed_to};
use chain::{Fact, Kind};
use ids::RecordId;

/// Facts, or keys of records, that are told again in one transaction.
const PORTION: usize = 12;

impl Peer {
    /// The kit is at hand: new keys and chains, in one transaction.
    pub fn begin_rotation(&mut self, dice: &mut Dice) -> Done<()> {
        if self.disk.live.may_write() && !self.disk.live.rotating {
            self.disk.live.rotate(dice);
        }
        self.disk.commit()
    }

    /// A portion of what only old keys open.
    pub fn tell_again(&mut self) -> Done<()> {
        if self.disk.live.may_write() && self.disk.live.rotating {
            self.disk.live.tell_a_portion();
        }
        self.disk.commit()
    }

    /// The old keys are destroyed, and the register says so.
    pub fn finish_rotation(&mut self) -> Done<()> {
        if self.disk.live.may_write() && self.disk.live.rotating {
            self.disk.live.destroy_old_keys();
        }
        self.disk.commit()
    }
}

impl PeerStore {
    fn rotate(&mut self, dice: &mut Dice) {
        let (before, case) = (self.register_chain, self.writes);
        let (end, case_end) = (self.register.head(before), self.keep.end(case));
        let (register, chain, key, centre) = (a_chain(dice), a_chain(dice), a_key(dice), Key(dice.number()));
        let [desk, hub] = self.community.first_facts((register, chain, &key), (centre, Some(before)));
        self.ends.extend([(before, end.seq), (case, case_end.seq)]);
        self.offers.extend([register, chain]);
        (self.register_chain, self.writes, self.first, self.key) = (register, chain, chain, key);
        self.secrets.insert(centre);
        self.judged.clear();
        self.told.clear();
        (self.dialogue.token, self.unnamed) = (None, None);
        // Only a token would show a hub that was put back from a copy and does not know it.
        self.state_heads = true;
        self.rotating = true;
        for fact in [desk, Fact::Succession { register: before, end, case_end }, hub] {
            self.publish(&fact);
        }
    }

    fn tell_a_portion(&mut self) {
        let facts = self.facts_left();
        if facts.is_empty() {
            let mut records = self.records_left();
            records.truncate(PORTION);
            let keys: Vec<_> =
                records.iter().flat_map(|record| self.ring.of(*record).into_iter().map(|key| (*record, key))).collect();
            if !keys.is_empty() {
                self.tell(Own::Kept(keys).draft(self.centre_key()));
            }
            return;
        }
        for (place, plain) in facts.into_iter().take(PORTION) {
            let again = match Own::of_plain(&plain) {
                // Their keys are kept and their facts told one by one; a suitcase's word stands nowhere else.
                Own::Kept(_) => Own::Kept(Vec::new()).plain(),
                Own::Again(..) if self.register.is_case(place.0) => Own::Kept(Vec::new()).plain(),
                Own::Epoch(key) if self.keep_all_of(place, key) => Own::EpochWas.plain(),
                _ => plain,
            };
            let by = self.say(Own::Again(place, again.clone()).draft(self.centre_key()));
            self.ring_mut().told.insert(place, ((by.place.chain, by.place.seq), again));
        }
    }

    /// Keeps the keys of all records that were made in an epoch, opened or not, if nothing more comes under it. What waits
    /// for a person, or was declined, nobody has looked at, and what a revoked suitcase had sent may be under way.
    fn keep_all_of(&mut self, at: Place, key: Key) -> bool {
        let span = Span { at, key, next: self.ring.epoch_after(at) };
        let over = self.is_followed(&span) && self.register.suitcase(at.0).is_some();
        if over {
            for (record, key) in self.made_in(&span) {
                self.ring_mut().put(record, (1, key));
            }
        }
        over
    }

    /// Facts that only keys of before open and that do not stand in the new case chain.
    fn facts_left(&self) -> Vec<(Place, Vec<u8>)> {
        let (own, now) = (self.writes, self.centre_key());
        let facts = self.keep.entries().filter(|e| e.entry.header.kind == Kind::OWN && e.place.chain != own);
        let left = facts.filter_map(|entry| {
            let (place, body) = ((entry.place.chain, entry.place.seq), entry.entry.body.bytes()?);
            let told = self.ring.told.get(&place).is_some_and(|(by, _)| by.0 == own);
            if told || sealed_to(body) == now { None } else { Some((place, self.plain_of(place, body)?)) }
        });
        left.collect()
    }

    /// Records whose keys the new case chain does not hold: neither granted to itself there, nor kept there.
    fn records_left(&self) -> Vec<RecordId> {
        let kept =
            |record: &RecordId| self.ring.kept.iter().any(|(place, of)| place.0 == self.writes && of.contains(record));
        let granted = |record: &RecordId| self.ring.words.contains_key(&(*record, self.writes));
        let here = self.ring.records().into_iter().filter(|record| !self.register.is_erased(*record));
        here.filter(|record| !kept(record) && !granted(record)).collect()
    }

    /// Everything stands in the new case chain, and the hub has it.
    pub fn may_destroy_old_keys(&self) -> bool {
        let sent = |chain| self.dialogue.unsent_from(chain) > self.written_until(chain);
        let told = self.plant == Some(Plant::DestroyedTooEarly)
            || self.facts_left().is_empty() && self.records_left().is_empty();
        self.rotating && told && self.written_chains().into_iter().all(sent)
    }

    fn destroy_old_keys(&mut self) {
        let before: Vec<_> = self.register.desks().map(|(desk, ..)| desk.register).collect();
        for register in before {
            if register != self.register_chain && !self.register.is_destroyed(register) {
                self.publish(&Fact::Destroyed { register });
            }
        }
        self.secrets = [self.centre_key()].into();
        self.rotating = false;
    }
}
