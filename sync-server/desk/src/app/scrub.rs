//! Looking through everything that the desk keeps, while it is open.

use super::Desk;
use peer::Scrubbed;
use std::sync::Arc;
use std::time::Duration;

/// Between the end of a look through everything and the beginning of the next, unless somebody says otherwise.
pub const SCRUB_EVERY: Duration = peer::SCRUB_EVERY;

impl Desk {
    /// What is known to be damaged here, and when everything was looked at last.
    pub fn scrubbed(&self) -> Scrubbed {
        self.peer.scrubbed()
    }
}

/// Looks through everything until the caller drops this future. Another number of damages is told to the pages.
pub async fn keep_scrubbing(desk: Arc<Desk>, every: Duration) {
    let (peer, clock) = (Arc::clone(&desk.peer), Arc::clone(&desk.tools.clock));
    peer::keep_scrubbing(peer, clock, every, || true, || desk.tell()).await;
}
