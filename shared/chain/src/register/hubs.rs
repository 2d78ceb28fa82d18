//! Whose answers and anchors are our hub's. A key that was stolen is ended by a fact: it answers nobody any more, and
//! the anchors that it dates from then on are nobody's.

use super::Register;
use crate::anchor::Anchor;
use signing::{HubCertificate, VerifyingKey};

impl Register {
    /// Keys whose answers are our hub's at `time`; none that was ended, whenever. A clock that is obviously wrong is not
    /// a reason to fall silent: pass `None` for «any time».
    pub fn hubs(&self, time: Option<i64>) -> Vec<VerifyingKey> {
        let valid = |hub: &&HubCertificate| time.is_none_or(|time| hub.validity.covers(time));
        let certified = self.counting(&self.hubs).map(|hub| &hub.what).filter(valid).map(|hub| hub.signing);
        certified.filter(|key| self.hub_ended(*key).is_none()).collect()
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
