//! What makes a peer the desk: it confirms, gives verdicts, grants and revokes. The person is here, too.

use crate::plant::Plant;
use crate::world::community::{DAY, public};
use crate::world::disk::Done;
use crate::world::keep::segments;
use crate::world::peer::Peer;
use crate::world::peer::store::PeerStore;
use chain::{Draft, Erasure, Exception, ExceptionCode, Fact, Header, Kind, Rebirth, Standing, Verdict};
use ids::{ChainId, RecordId};
use std::collections::BTreeSet;

/// Kinds from here on are of later versions.
pub const LATER: u8 = 7;
/// A certificate that ends so soon is renewed, ms.
const RENEWED_BEFORE: i64 = 120 * DAY;

impl Peer {
    /// Confirms what goes on for a suitcase, and says what it has opened: one transaction each. `writing` tells which
    /// chains a living laptop writes, as a person finds out by telephone.
    pub fn work(&mut self, writing: &BTreeSet<ChainId>, now: u64) -> Done<()> {
        let time = self.clock(now);
        let store = &mut self.disk.live;
        store.renew(time);
        store.confirm(writing, time);
        self.disk.commit()?;
        self.disk.live.judge();
        self.disk.commit()?;
        self.disk.live.tell_of_forks();
        self.disk.commit()
    }

    /// Publishes a fact.
    pub fn publish(&mut self, fact: &Fact) -> Done<()> {
        self.disk.live.publish(fact);
        self.disk.commit()
    }

    /// Orders a record, and keys of it, to be erased. The keys that were beside them are written again before.
    pub fn order_to_erase(&mut self, record: RecordId, key: Option<(ChainId, u64)>) -> Done<()> {
        let store = &mut self.disk.live;
        let kept = key.map(|_| {
            let header = Header { kind: Kind::OWN, record: None, peer: None, after: None };
            store.say(Draft { header, body: vec![5; 60] });
            (store.community.case, store.keep.end(store.community.case).seq)
        });
        let order = Erasure { records: vec![record], entries: key.into_iter().collect(), kept };
        store.publish(&Fact::Erasure(order));
        store.obey();
        self.disk.commit()
    }

    /// Lets a suitcase read a record, or no longer.
    pub fn grant(&mut self, record: u8, peer: ChainId, open: bool) -> Done<()> {
        let header = Header {
            kind: Kind::GRANT,
            record: Some(RecordId::from_bytes([record; 16])),
            peer: Some(peer),
            after: None,
        };
        self.write(Draft { header, body: if open { vec![1; 80] } else { Vec::new() } }).map(|_| ())
    }
}

impl PeerStore {
    fn publish(&mut self, fact: &Fact) {
        let community = self.community.clone();
        let entry = self.keep.append(community.register, public(fact), &community.desk_key);
        segments(std::slice::from_ref(&entry)).into_iter().for_each(|segment| self.learn(segment));
    }

    fn say(&mut self, draft: Draft) {
        let community = self.community.clone();
        self.keep.append(community.case, draft, &community.desk_key);
    }

    /// What contradicts the branch that is known was kept aside; whoever writes that chain must hear of it.
    fn tell_of_forks(&mut self) {
        let places: Vec<_> = self.strays.values().map(|stray| (stray.place.chain, stray.place.seq)).collect();
        for (chain, seq) in places {
            if self.told.insert((chain, seq)) {
                let fork = Exception { seq, code: ExceptionCode::Fork, sentence: String::new() };
                let draft = self.verdict(chain, vec![fork]);
                self.say(draft);
            }
        }
    }

    /// Certificates that run out are made anew.
    fn renew(&mut self, time: i64) {
        let ends = |chain: &ChainId| matches!(self.register.standing(*chain, time), Standing::Live | Standing::Expired);
        let soon = |until: i64| until.saturating_sub(time) < RENEWED_BEFORE;
        let all = self.register.suitcases().filter(|s| soon(s.validity.not_after) && ends(&s.chain));
        for old in all.copied().collect::<Vec<_>>() {
            let number = usize::from(old.number);
            let fact = self.community.suitcase(number, old.chain, old.signing, old.predecessor, time);
            self.publish(&fact);
        }
    }

    /// A person confirms a chain that goes on for a known suitcase; what that one's records were, the new chain reads.
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
                    continue;
                }
                rivals.into_iter().for_each(|rival| self.publish(&revocation(rival, time)));
            }
            let end = self.keep.end(predecessor);
            let certificate = self.community.suitcase(number, chain, signing, Some(predecessor), time);
            self.publish(&certificate);
            self.publish(&Fact::Continuation { chain, predecessor, end });
            let of_before = self.keep.from(predecessor, 1);
            let records: BTreeSet<RecordId> = of_before.iter().filter_map(|e| e.entry.header.record).collect();
            for record in records.into_iter().filter(|record| !self.register.is_erased(*record)).collect::<Vec<_>>() {
                let header = Header { kind: Kind::GRANT, record: Some(record), peer: Some(chain), after: None };
                self.say(Draft { header, body: vec![1; 80] });
            }
        }
    }

    /// Chains of one suitcase that are in force.
    pub fn living(&self, number: usize) -> Vec<ChainId> {
        let mine = self.register.suitcases().filter(|one| usize::from(one.number) == number).map(|one| one.chain);
        mine.filter(|chain| matches!(self.register.standing(*chain, 0), Standing::Live | Standing::Expired)).collect()
    }

    fn judge(&mut self) {
        let chains: Vec<ChainId> = self.register.suitcases().map(|s| s.chain).collect();
        for chain in chains {
            let (end, judged) = (self.keep.end(chain).seq, self.judged.get(&chain).copied().unwrap_or_default());
            if end <= judged {
                continue;
            }
            let new = self.keep.from(chain, judged + 1).into_iter().filter(|entry| entry.place.seq <= end);
            let later = new.filter(|entry| entry.entry.header.kind.code() >= LATER);
            let waits = later.map(|entry| Exception {
                seq: entry.place.seq,
                code: ExceptionCode::LaterVersion,
                sentence: String::new(),
            });
            let draft = self.verdict(chain, waits.collect());
            self.say(draft);
            self.judged.insert(chain, end);
        }
    }

    /// Of a chain that was continued the suitcase hears under its new one.
    fn verdict(&self, chain: ChainId, exceptions: Vec<Exception>) -> Draft {
        let register = (self.community.register, self.keep.end(self.community.register));
        let verdict = Verdict { chain, up_to: self.keep.end(chain), register, exceptions };
        let header = Header { kind: Kind::TO, record: None, peer: Some(self.register.living(chain)), after: None };
        Draft { header, body: verdict.encode() }
    }
}

/// From a time on.
pub fn revocation(chain: ChainId, from: i64) -> Fact {
    Fact::Revocation { chain, from, reason: "lost".into() }
}
