//! An answer that no hub signed which this suitcase knows. Perhaps the hub has a new key and the news of it went by: who was
//! away while the old key answered can learn of it from nobody else. The register says whose word counts and needs no
//! signature but its own, and a hub gives it to each suitcase that it certifies, without a token.

use super::SyncError;
use super::contact::blocking;
use super::http::Link;
use crate::{Peer, PeerError, Role};
use chain::{EnrolmentAnswer, EnrolmentRequest, Kind, Segment, limits};
use std::sync::Arc;

/// Asks the answerer for the register. `true`: it names other keys of hubs than were known; who answered may have one of them.
pub(super) async fn learn_hubs(peer: &Arc<Peer>, link: &mut Link) -> Result<bool, SyncError> {
    let asked = blocking(peer, |ledger| {
        let identity = &ledger.identity;
        let request = match identity.role {
            Role::Suitcase => {
                let (key, agreement) = (identity.signing_key(), identity.agreement.public());
                EnrolmentRequest::again(identity.tenant, identity.chain, &key, agreement).encode(&key)
            }
            // It certifies hubs itself.
            Role::Desk { .. } => return Ok(None),
        };
        Ok(Some((request, ledger.hub_keys())))
    });
    let Some((request, before)) = asked.await? else { return Ok(false) };
    let answer = link.post("/v1/enrol", request, limits::MESSAGE).await?;
    let Ok(EnrolmentAnswer::Register(mut segments)) = EnrolmentAnswer::decode(&answer) else { return Ok(false) };
    // Nothing else is taken from somebody who is not known.
    segments.retain(is_register);
    blocking(peer, move |ledger| {
        match ledger.store_segments(segments) {
            Err(PeerError::Register(error)) => {
                tracing::warn!(%error, "a stranger's register is not the community's");
                return Ok(false);
            }
            stored => stored?,
        };
        Ok(ledger.hub_keys() != before)
    })
    .await
    .map_err(SyncError::from)
}

fn is_register(segment: &Segment) -> bool {
    segment.entries.iter().all(|entry| entry.header.kind == Kind::REGISTER)
}
