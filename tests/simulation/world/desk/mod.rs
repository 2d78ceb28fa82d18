//! What makes a peer the desk: it confirms, gives verdicts, grants and revokes. The person is here, too.

mod again;
mod erasure;
mod keys;
mod rotation;
mod unfinished;
mod verdicts;

use crate::dice::Dice;
use crate::plant::Plant;
use crate::world::community::{DAY, public};
use crate::world::disk::Done;
use crate::world::keep::segments;
use crate::world::peer::Peer;
use crate::world::peer::store::PeerStore;
use crate::world::sealed::Own;
use chain::{Draft, Fact, Rebirth, Standing, Verified};
use ids::ChainId;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Kinds from here on are of later versions.
pub const LATER: u8 = 7;
/// A certificate that ends so soon is renewed, ms.
const RENEWED_BEFORE: i64 = 120 * DAY;

impl Peer {
    /// Confirms what goes on for a suitcase, and says what it has opened: one transaction each. `writing` tells which
    /// chains a living laptop writes, as a person finds out by telephone.
    pub fn work(&mut self, writing: &BTreeSet<ChainId>, now: u64, dice: &mut Dice) -> Done<()> {
        let time = self.clock(now);
        let store = &mut self.disk.live;
        if !store.may_write() {
            return Ok(());
        }
        store.renew(time);
        store.confirm(writing, time);
        // What waited for that is looked at now.
        store.look_at(&[]);
        self.disk.commit()?;
        self.disk.live.hand_over();
        self.disk.live.judge();
        self.disk.commit()?;
        self.disk.live.renew_keys(dice);
        self.disk.commit()?;
        self.disk.live.close_given_up();
        self.disk.live.erase_what_is_due();
        self.disk.commit()?;
        self.disk.live.finish_words(dice);
        self.disk.commit()
    }

    /// Revokes a chain; what was there until now counts.
    pub fn revoke(&mut self, chain: ChainId, time: i64) -> Done<()> {
        if self.disk.live.may_write() {
            self.disk.live.revoke(chain, time);
        }
        self.disk.commit()
    }

    /// Publishes a fact.
    pub fn publish(&mut self, fact: &Fact) -> Done<()> {
        if self.disk.live.may_write() {
            self.disk.live.publish(fact);
        }
        self.disk.commit()
    }
}

impl PeerStore {
    fn publish(&mut self, fact: &Fact) {
        let key = self.key.clone();
        let entry = self.keep.append(self.register_chain, public(fact), &key);
        segments(std::slice::from_ref(&entry)).into_iter().for_each(|segment| self.learn(segment));
        self.look_at(std::slice::from_ref(&entry));
    }

    fn revoke(&mut self, chain: ChainId, time: i64) {
        self.publish(&revocation(chain, time));
        self.tell(Own::Held(chain, self.keep.last(chain)).draft(self.centre_key()));
    }

    fn say(&mut self, draft: Draft) -> Rc<Verified> {
        let key = self.key.clone();
        self.keep.append(self.writes, draft, &key)
    }

    /// Certificates that run out are made anew.
    fn renew(&mut self, time: i64) {
        let ends = |chain: &ChainId| matches!(self.register.standing(*chain, time), Standing::Live | Standing::Expired);
        let soon = |until: i64| until.saturating_sub(time) < RENEWED_BEFORE;
        let all = self.register.suitcases().filter(|s| soon(s.validity.not_after) && ends(&s.chain));
        for old in all.copied().collect::<Vec<_>>() {
            let number = usize::from(old.number);
            let key = self.key.clone();
            let fact = self.community.suitcase(number, (old.chain, old.signing, old.predecessor), time, &key);
            self.publish(&fact);
        }
    }

    /// A person confirms a chain that goes on for a known suitcase.
    /// Of two laptops that claim one number one is declined, or the one that is gone is revoked.
    fn confirm(&mut self, writing: &BTreeSet<ChainId>, time: i64) {
        loop {
            let certified = |rebirth: &&Rebirth| {
                let revoked = self.register.revocation(rebirth.predecessor).is_some();
                !revoked && self.register.suitcase(rebirth.predecessor).is_some()
            };
            let Some(rebirth) = self.register.unconfirmed().find(certified).copied() else { return };
            let Rebirth { chain, predecessor, signing, .. } = rebirth;
            let number = self.register.suitcase(predecessor).map_or(0, |before| usize::from(before.number));
            if self.plant != Some(Plant::RebirthTwiceConfirmed) {
                let rivals: Vec<ChainId> = self.living(number).into_iter().filter(|one| *one != predecessor).collect();
                if rivals.iter().any(|rival| writing.contains(rival)) {
                    self.publish(&revocation(chain, time));
                    self.take_back_from_declined(chain);
                    continue;
                }
                rivals.into_iter().for_each(|rival| self.revoke(rival, time));
            }
            let says = self.plant == Some(Plant::ContinuedWhereItSays);
            let end = if says { rebirth.end } else { self.keep.end(predecessor) };
            let key = self.key.clone();
            let certificate = self.community.suitcase(number, (chain, signing, Some(predecessor)), time, &key);
            self.publish(&certificate);
            self.publish(&Fact::Continuation { chain, predecessor, end });
        }
    }

    /// Chains of one suitcase that are in force.
    pub fn living(&self, number: usize) -> Vec<ChainId> {
        let mine = self.register.suitcases().filter(|one| usize::from(one.number) == number).map(|one| one.chain);
        mine.filter(|chain| matches!(self.register.standing(*chain, 0), Standing::Live | Standing::Expired)).collect()
    }
}

/// From a time on.
fn revocation(chain: ChainId, from: i64) -> Fact {
    Fact::Revocation { chain, from, reason: "lost".into() }
}
