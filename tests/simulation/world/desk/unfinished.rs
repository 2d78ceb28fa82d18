//! What a desk before said and of what only a part came back: the next key of a record that was taken back, and grants of
//! a key in force.

use crate::dice::Dice;
use crate::plant::Plant;
use crate::world::peer::store::PeerStore;
use ids::{ChainId, RecordId};

impl PeerStore {
    pub(super) fn finish_words(&mut self, dice: &mut Dice) {
        let taken_back: Vec<RecordId> = self
            .ring
            .records()
            .into_iter()
            .filter(|record| self.closed_and_readable(*record).into_iter().any(|one| !self.gave_up(*record, one)))
            .collect();
        if self.plant != Some(Plant::RevokedReadsOn) {
            taken_back.into_iter().for_each(|record| self.renew_key(record, dice));
        }
        if self.plant == Some(Plant::NewKeyForNobody) || self.has_holes() {
            return;
        }
        for record in self.ring.records() {
            for holder in self.holders(record) {
                if !self.knows_newest(holder, record) {
                    self.grant(record, holder);
                }
            }
        }
    }

    /// Chains to which the record was closed and that know its newest key.
    pub(super) fn closed_and_readable(&self, record: RecordId) -> Vec<ChainId> {
        let all = (record, ChainId::from_bytes([0; 16]))..;
        let words = self.ring.words.range(all).take_while(|((of, _), _)| *of == record);
        let closed = words.filter(|((_, chain), word)| !word.open && !self.register.is_case(*chain));
        closed.map(|((_, chain), _)| *chain).filter(|chain| self.knows_newest(*chain, record)).collect()
    }

    /// By itself, and it was granted nothing since.
    fn gave_up(&self, record: RecordId, chain: ChainId) -> bool {
        let granted = self.ring.granted.get(&(record, chain)).copied().unwrap_or(0);
        self.ring.by_itself.get(&(record, chain)).is_some_and(|heard| *heard > granted)
    }

    /// In a hole of a case chain may stand that a record was taken back.
    fn has_holes(&self) -> bool {
        self.register.desks().any(|(desk, ..)| self.keep.last(desk.case) > self.keep.end(desk.case).seq)
    }
}
