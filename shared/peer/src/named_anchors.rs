//! What the centre is told of the anchors that own entries name: the proof of «not before», which otherwise only the
//! laptop has.

use crate::PeerError;
use crate::act::Act;
use crate::facts::{ANCHORS, OwnFact};
use crate::store::{meta, sync};
use ids::ChainId;

/// The name in `meta` of the last entry whose anchor was told, as a number (8).
fn told(chain: ChainId) -> String {
    format!("told anchors {chain}")
}

impl Act<'_> {
    /// Tells the centre of anchors that entries name and that it was not told of. Gives back how many.
    pub fn tell_named_anchors(&mut self) -> Result<usize, PeerError> {
        let chain = self.own_chain();
        let name = told(chain);
        let last =
            meta::get(self.connection(), &name)?.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes);
        let found = sync::named_anchors(self.connection(), chain, last, ANCHORS)?;
        let Some((newest, _)) = found.last() else { return Ok(0) };
        let newest = *newest;
        let anchors: Vec<_> = found.into_iter().map(|(_, anchor)| anchor).collect();
        let count = anchors.len();
        self.own(&OwnFact::NamedAnchors(anchors))?;
        meta::put(self.connection(), &name, &newest.to_be_bytes())?;
        Ok(count)
    }
}
