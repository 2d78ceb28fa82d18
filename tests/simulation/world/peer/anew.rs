//! The centre has a new key: what was sealed to the one before and the centre has not opened is told again.

use crate::world::peer::Peer;
use crate::world::peer::store::PeerStore;
use crate::world::sealed::{Key, Own, Place};
use chain::{Kind, Standing};
use ids::RecordId;
use std::collections::BTreeSet;

impl Peer {
    /// Follows the centre to its new key, in the transaction that learns of it. The key of the epoch under way was told to
    /// the old one alone, so another begins.
    pub(super) fn follow_the_centre(&mut self, clock: i64) {
        let store = &mut self.disk.live;
        let centre = store.centre_key();
        let continued = matches!(store.register.standing(store.writes, clock), Standing::Continued { .. });
        if store.is_desk || store.sealed_to == centre || continued || store.doubt.is_some() {
            return;
        }
        let mut facts = Vec::new();
        if let Some(before) = self.epoch {
            let next = Key(before.0.rotate_left(29) ^ 0x9e37_79b9_7f4a_7c15);
            facts.push(Own::Epoch(next));
            self.epoch = Some(next);
        }
        let (records, again) = store.not_opened();
        let keys = records.into_iter().map(|record| store.ring.of(record).into_iter().map(move |key| (record, key)));
        facts.extend(keys.map(Iterator::collect::<Vec<_>>).filter(|keys| !keys.is_empty()).map(Own::Kept));
        facts.extend(again.into_iter().map(|(place, plain)| Own::Again(place, plain)));
        let (key, chain) = (store.key.clone(), store.writes);
        for fact in facts {
            store.keep.append(chain, fact.draft(centre), &key);
        }
        store.sealed_to = centre;
    }
}

impl PeerStore {
    /// Records that own chains wrote about and facts that they told, as far as the centre has not opened them.
    fn not_opened(&self) -> (BTreeSet<RecordId>, Vec<(Place, Vec<u8>)>) {
        let (mut records, mut facts) = (BTreeSet::new(), Vec::new());
        for chain in self.written_chains() {
            let opened = self.opened_until(chain);
            for entry in self.keep.until(chain, self.written_until(chain)) {
                let (place, header) = ((chain, entry.place.seq), &entry.entry.header);
                if place.1 <= opened && !self.unopened.contains(&place) {
                    continue;
                }
                match (header.kind, entry.entry.body.bytes().and_then(|body| body.get(8..))) {
                    (Kind::CHANGE, _) => records.extend(header.record),
                    (Kind::OWN, Some(plain)) => facts.push((place, plain.to_vec())),
                    _ => {}
                }
            }
        }
        (records, facts)
    }
}
