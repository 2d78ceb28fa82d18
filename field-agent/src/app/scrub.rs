//! Looking through everything that the suitcase keeps, while it is open.

use super::Agent;
use peer::{Scrubbed, keep_scrubbing};
use std::sync::Arc;
use std::time::Duration;

/// Between the end of a look through everything and the beginning of the next, unless somebody says otherwise.
pub const SCRUB_EVERY: Duration = peer::SCRUB_EVERY;

impl Agent {
    /// What is known to be damaged, and when everything was looked at last.
    pub fn scrubbed(&self) -> Scrubbed {
        self.peer.scrubbed()
    }

    /// Looks through everything until the caller drops this future, but not while a contact is under way. For a runtime of
    /// several threads.
    pub async fn keep_scrubbing(self: Arc<Self>, every: Duration) {
        let may = || !self.sync_state.borrow().working;
        let told = || self.changes.send_modify(|count| *count += 1);
        keep_scrubbing(Arc::clone(&self.peer), Arc::clone(&self.clock), every, may, told).await;
    }
}
