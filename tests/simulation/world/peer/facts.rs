//! What a desk makes of facts that authors tell the centre about themselves, once or again.

use crate::world::peer::store::PeerStore;
use crate::world::sealed::{Generation, Own, Place, seal_of, sealed_to};
use chain::{Kind, Standing, Verified};
use ids::{ChainId, RecordId};

impl PeerStore {
    pub(super) fn look_at_own(&mut self, entry: &Verified) {
        let Some(body) = entry.entry.body.bytes() else { return };
        let place = (entry.place.chain, entry.place.seq);
        match self.plain_of(place, body) {
            Some(plain) => self.take_fact(place, Own::of_plain(&plain)),
            None => _ = self.ring_mut().unread.insert(place),
        }
    }

    /// As it was told again, or with a key that is here.
    pub fn plain_of(&self, place: Place, body: &[u8]) -> Option<Vec<u8>> {
        let told = self.ring.told.get(&place).map(|(_, plain)| plain.clone());
        let opens = self.secrets.contains(&sealed_to(body));
        told.or_else(|| body.get(8..).filter(|_| opens).map(<[u8]>::to_vec))
    }

    fn take_fact(&mut self, place: Place, fact: Own) {
        let of_the_centre = self.register.is_case(place.0);
        match fact {
            Own::Epoch(key) => _ = self.ring_mut().epochs.insert(place, Some(key)),
            Own::EpochWas => _ = self.ring_mut().epochs.insert(place, None),
            Own::Kept(keys) if of_the_centre => {
                let keys: Vec<_> = keys.into_iter().filter(|(record, _)| !self.register.is_erased(*record)).collect();
                let ring = self.ring_mut();
                ring.kept.insert(place, keys.iter().map(|(record, _)| *record).collect());
                keys.into_iter().for_each(|(record, key)| ring.put(record, key));
            }
            Own::Kept(keys) => {
                if !self.take_own_keys(place, &keys) {
                    self.ring_mut().early.push((place, Own::Kept(keys)));
                }
            }
            Own::Held(chain, seq) if of_the_centre => _ = self.ring_mut().held.insert(chain, seq),
            Own::GaveUp(taken_back, records) => {
                let ring = self.ring_mut();
                ring.arrivals += 1;
                let heard = ring.arrivals;
                if !taken_back {
                    ring.by_itself.extend(records.iter().map(|record| ((*record, place.0), heard)));
                }
                ring.gave_up.push((place.0, ring.arrivals, records));
            }
            Own::Again(of, plain) => self.told_again(place, of, plain),
            Own::Held(..) | Own::Other => {}
        }
    }

    /// Facts of entries whose key is gone: what a desk says of any of them, and a suitcase of its own.
    fn told_again(&mut self, by: Place, of: Place, plain: Vec<u8>) {
        let fact = Own::of_plain(&plain);
        if self.register.standing(by.0, 0) == Standing::Unconfirmed {
            self.ring_mut().early.push((by, Own::Again(of, plain)));
            return;
        }
        if self.register.is_case(by.0) {
            self.ring_mut().told.insert(of, (by, plain));
            if matches!(fact, Own::Epoch(_) | Own::EpochWas) {
                self.take_fact(of, fact.clone());
            }
        } else if !self.line_of(by.0).contains(&of.0) {
            return;
        }
        if self.ring_mut().unread.remove(&of) {
            self.take_fact(of, fact);
        } else if self.keep.hash_at(of.0, of.1).is_none() {
            // What stands behind a hole arrives before what is in it; what a laptop says that began anew, before what it said
            // in the chain before.
            self.ring_mut().early.push((by, Own::Again(of, fact.plain())));
        }
    }

    fn line_of(&self, chain: ChainId) -> Vec<ChainId> {
        std::iter::once(chain).chain(self.register.ancestors(chain)).collect()
    }

    /// Only what opens a change of the suitcase's own is taken, of a generation that there is. `false`: something of that has
    /// not come yet.
    fn take_own_keys(&mut self, place: Place, keys: &[(RecordId, Generation)]) -> bool {
        let line = self.line_of(place.0);
        let mut all = true;
        for (record, key) in keys {
            if self.register.is_erased(*record) {
                continue;
            }
            let own: Vec<_> = line.iter().flat_map(|chain| self.keep.from(*chain, 1)).collect();
            let about = |entry: &Verified| entry.entry.header.record == Some(*record);
            let mut own = own.iter().filter(|one| one.entry.header.kind == Kind::CHANGE && about(one)).peekable();
            // The next one is the centre's to draw.
            let newest = self.ring.newest(*record).map_or(1, |(newest, _)| newest);
            if own.peek().is_none() || key.0 > newest {
                all = false;
            } else if own.any(|one| seal_of(one) == Some((*record, *key))) {
                let ring = self.ring_mut();
                ring.put(*record, *key);
                let kept = ring.kept.entry(place).or_default();
                if !kept.contains(record) {
                    kept.push(*record);
                }
            }
        }
        all
    }

    /// What the facts are about may have come now.
    pub(super) fn look_at_early(&mut self) {
        for (place, fact) in std::mem::take(&mut self.ring_mut().early) {
            self.take_fact(place, fact);
        }
    }
}
