//! An answer that no hub signed which this suitcase knows. Perhaps the hub has a new key and the news of it went by: who was
//! away while the old key answered can learn of it from nobody else. The register says whose word counts and needs no
//! signature but its own, and a hub gives it to each suitcase that it certifies, without a token.

use super::SyncError;
use super::contact::blocking;
use super::parts::Part;
use super::run::Run;
use super::trouble::LinkError;
use crate::ledger::Ledger;
use crate::store::meta;
use crate::{Peer, PeerError, Role};
use chain::EnrolmentRequest;
use signing::VerifyingKey;
use std::sync::Arc;

/// What came of asking.
pub(super) enum Learnt {
    /// The register names other keys of hubs than were known; who answered may have one of them.
    Hubs,
    /// Who answered is a stranger, or says that this suitcase is one.
    Stranger(SyncError),
    /// No more was allowed.
    Spent {
        /// Something came of the register, and was kept.
        kept: bool,
    },
}

/// Asks the answerer for the register, until it names other keys of hubs than were known. A contact that ends before that
/// is known leaves a note: the next one asks first. Its first message would be lost on a stranger again, and where little
/// is allowed a contact, would leave no room for the question ever.
pub(super) async fn learn_hubs(run: &mut Run<'_>, answerer: &str) -> Result<Learnt, SyncError> {
    note(run.peer, answerer, true).await?;
    let learnt = ask(run).await?;
    if !matches!(learnt, Learnt::Spent { .. }) {
        note(run.peer, answerer, false).await?;
    }
    Ok(learnt)
}

async fn ask(run: &mut Run<'_>) -> Result<Learnt, SyncError> {
    // What was sent ahead is answered by the same stranger.
    run.aloft = None;
    let Some(request) = request(run.peer).await? else { return Ok(Learnt::Stranger(SyncError::NotSigned)) };
    let before = keys(run.peer).await?;
    let mut kept = false;
    loop {
        let more = match run.part(&request, true).await {
            Ok(None) => return Ok(Learnt::Spent { kept }),
            Ok(Some(Part::Given { new, more })) => {
                kept |= new > 0;
                new > 0 && more
            }
            Ok(Some(Part::Waiting)) => return Ok(Learnt::Stranger(SyncError::Unintroduced)),
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
            return Ok(Learnt::Stranger(SyncError::NotSigned));
        }
    }
}

/// Whether a contact ended before it was known who answers.
pub(super) async fn is_open(peer: &Arc<Peer>, answerer: &str) -> Result<bool, SyncError> {
    let name = noted(answerer);
    Ok(blocking(peer, move |ledger| Ok(meta::get(&ledger.connection, &name)?.is_some())).await?)
}

async fn note(peer: &Arc<Peer>, answerer: &str, is_open: bool) -> Result<(), SyncError> {
    let name = noted(answerer);
    let written = move |ledger: &mut Ledger| match is_open {
        true => meta::put(&ledger.connection, &name, &[1]),
        false => meta::remove(&ledger.connection, &name),
    };
    Ok(blocking(peer, written).await?)
}

fn noted(answerer: &str) -> String {
    format!("stranger {answerer}")
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
