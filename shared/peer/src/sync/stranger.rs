//! An answer that no hub signed which this suitcase knows. Perhaps the hub has a new key and the news of it went by: who was
//! away while the old key answered can learn of it from nobody else. The register says whose word counts and needs no
//! signature but its own, and a hub gives it to each suitcase that it certifies, without a token.

use super::SyncError;
use super::contact::blocking;
use super::parts::Part;
use super::run::Run;
use super::trouble::LinkError;
use crate::{Peer, PeerError, Role};
use chain::EnrolmentRequest;
use signing::VerifyingKey;
use std::sync::Arc;

/// What came of asking.
pub(super) enum Learnt {
    /// The register names other keys of hubs than were known; who answered may have one of them.
    Hubs,
    /// Who answered is a stranger.
    Nothing,
    /// He says that this suitcase is one.
    Unintroduced,
    /// No more was allowed.
    Spent,
}

/// Asks the answerer for the register, until it names other keys of hubs than were known.
pub(super) async fn learn_hubs(run: &mut Run<'_>) -> Result<Learnt, SyncError> {
    // What was sent ahead is answered by the same stranger.
    run.aloft = None;
    let Some(request) = request(run.peer).await? else { return Ok(Learnt::Nothing) };
    let before = keys(run.peer).await?;
    loop {
        let more = match run.part(&request, true).await {
            Ok(None) => return Ok(Learnt::Spent),
            Ok(Some(Part::Given { new, more })) => new > 0 && more,
            Ok(Some(Part::Waiting)) => return Ok(Learnt::Unintroduced),
            Ok(Some(Part::Full)) => false,
            Err(error) => match of_a_stranger(error) {
                None => false,
                Some(error) => return Err(error),
            },
        };
        if keys(run.peer).await? != before {
            return Ok(Learnt::Hubs);
        }
        if !more {
            return Ok(Learnt::Nothing);
        }
    }
}

/// `None`: he knows no better. Else it is the link's or this peer's own trouble.
fn of_a_stranger(error: SyncError) -> Option<SyncError> {
    match error {
        SyncError::Peer(PeerError::Register(error)) => {
            tracing::warn!(%error, "a stranger's register is not the community's");
            None
        }
        SyncError::Link(LinkError::Cut | LinkError::Silent | LinkError::Unreachable) | SyncError::Peer(_) => {
            Some(error)
        }
        SyncError::Link(ref link) if link.is_passing() => Some(error),
        error => {
            tracing::warn!(%error, "a stranger gives no register");
            None
        }
    }
}

async fn request(peer: &Arc<Peer>) -> Result<Option<Vec<u8>>, SyncError> {
    let asked = blocking(peer, |ledger| {
        let identity = &ledger.identity;
        Ok(match identity.role {
            Role::Suitcase => {
                let (key, agreement) = (identity.signing_key(), identity.agreement.public());
                Some(EnrolmentRequest::again(identity.tenant, identity.chain, &key, agreement).encode(&key))
            }
            // It certifies hubs itself.
            Role::Desk { .. } => None,
        })
    });
    Ok(asked.await?)
}

async fn keys(peer: &Arc<Peer>) -> Result<Vec<VerifyingKey>, SyncError> {
    Ok(blocking(peer, |ledger| Ok(ledger.hub_keys())).await?)
}
