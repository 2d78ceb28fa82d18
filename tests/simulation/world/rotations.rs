//! The centre takes new keys, while suitcases are away.

use super::World;
use super::peer::Peer;
use crate::dice::Dice;
use crate::invariants::Violation;
use chain::Standing;

/// Portions within which everything is told again.
const TELLINGS: usize = 200;

impl World {
    /// New keys are taken; or, while that is under way, a portion is told again, or the old keys are destroyed.
    pub(super) fn rotate(&mut self) {
        let number = self.a_suitcase();
        let desk = self.desk_of(number);
        let store = &self.peers[desk].disk.live;
        if !store.may_write() {
            return;
        }
        let (before, rotating, may_end) = (store.writes, store.rotating, store.may_destroy_old_keys());
        let dice = &mut Dice::new(self.dice.number());
        if !rotating {
            self.let_it(desk, |peer| peer.begin_rotation(dice));
        } else if may_end && (self.everybody_knows(desk) || self.dice.happens(400)) {
            self.let_it(desk, Peer::finish_rotation);
            self.counts.destroyed += usize::from(!self.peers[desk].disk.live.rotating);
        } else {
            self.let_it(desk, Peer::tell_again);
        }
        let store = self.peers[desk].disk.saved();
        if store.writes != before {
            self.counts.rotations += 1;
            self.ledger.centres.extend(store.own());
            // What was copied before is another desk's.
            self.peers[desk].images.clear();
        }
    }

    /// Every suitcase at work seals to the new key.
    fn everybody_knows(&self, desk: usize) -> bool {
        let (desk, now) = (self.peers[desk].disk.saved(), self.now);
        let mut at_work = desk
            .register
            .suitcases()
            .map(|one| one.chain)
            .filter(|chain| desk.register.standing(*chain, now) == Standing::Live);
        at_work.all(|chain| desk.newest_is_sealed_to_us(chain))
    }

    /// The administrator ends what was begun: some suitcases may be gone for good.
    pub(super) fn end_rotations(&mut self) -> Result<(), Violation> {
        for desk in (0..self.peers.len()).filter(|number| self.peers[*number].disk.live.rotating).collect::<Vec<_>>() {
            for _ in 0..TELLINGS {
                if self.peers[desk].disk.live.may_destroy_old_keys() {
                    self.let_it(desk, Peer::finish_rotation);
                    self.counts.destroyed += 1;
                    self.settle_down()?;
                    break;
                }
                self.let_it(desk, Peer::tell_again);
                self.talk(desk)?;
            }
        }
        Ok(())
    }

    /// After a quiet day the desk is lost: what it was told under keys that are destroyed stands at the hub once more.
    pub(super) fn try_the_kit(&mut self) -> Result<(), Violation> {
        for desk in (0..self.peers.len()).filter(|number| self.peers[*number].disk.live.is_desk).collect::<Vec<_>>() {
            if self.hub_has_the_centre(desk) {
                self.rebuild_desk(desk);
                self.counts.kits_after += 1;
            }
        }
        self.settle_down()
    }
}
