//! Whose answers and anchors are our hub's. A key that was stolen is ended by a fact: it answers nobody any more, and
//! the anchors that it dates from then on are nobody's.

use super::Register;
use crate::anchor::Anchor;
use signing::{HubCertificate, VerifyingKey};

impl Register {
    /// Keys whose answers are our hub's, each once; none that was ended, whenever. From when to when a certificate holds is
    /// not asked: the clock of whoever asks may be wrong, and what the centre has not ended counts.
    pub fn hubs(&self) -> Vec<VerifyingKey> {
        let certified = self.counting(&self.hubs).map(|hub| hub.what.signing);
        let mut keys = Vec::new();
        for key in certified.filter(|key| self.hub_ended(*key).is_none()) {
            // Each desk certifies the hub anew.
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    /// Every key of a hub that was ever certified, once, with its newest certificate, the one certified last behind the
    /// others; and from when on it is ended.
    pub fn hub_certificates(&self) -> Vec<(HubCertificate, Option<i64>)> {
        let mut stated: Vec<_> = self.counting(&self.hubs).collect();
        stated.sort_by_key(|one| (self.depth(one.register), one.register, one.seq));
        let mut all: Vec<HubCertificate> = Vec::new();
        for one in stated {
            all.retain(|known| known.signing != one.what.signing);
            all.push(one.what);
        }
        all.into_iter().map(|certificate| (certificate, self.hub_ended(certificate.signing))).collect()
    }

    /// From which time of its own on a hub's key says nothing, ms since 1970: the earliest that was stated.
    pub fn hub_ended(&self, key: VerifyingKey) -> Option<i64> {
        self.counting(&self.ended_hubs).filter(|one| one.what.0 == key).map(|one| one.what.1).min()
    }

    /// True for an anchor that a hub of ours signed before its key was ended, if it was. Whoever stole the key may date
    /// an anchor as he likes: what counts is that the end is stated early enough.
    pub fn is_our_anchor(&self, anchor: &Anchor) -> bool {
        let certified = self.counting(&self.hubs).any(|hub| hub.what.signing == anchor.answerer);
        let in_time = self.hub_ended(anchor.answerer).is_none_or(|from| anchor.time < from);
        anchor.tenant == self.tenant && certified && in_time && anchor.is_signed()
    }
}
