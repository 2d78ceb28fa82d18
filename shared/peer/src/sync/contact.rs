//! One contact: message after message until neither side has anything more to say, or the allowance is spent. A link
//! that is cut gets smaller batches; a hub that is being restarted is waited for a moment.

use super::driver::{Contact, Session, SyncError};
use super::http::Link;
use super::run::Run;
use super::stranger::{self, Learnt};
use super::trouble::LinkError;
use crate::ledger::Ledger;
use crate::{Peer, PeerError};
use chain::{Courier, Load};
use std::sync::Arc;
use std::time::Duration;

/// Cuts in a row after which the caller's schedule decides. From the largest batch down to a single entry it is halved
/// eighteen times; a link that brings nothing home in so many attempts is no link now.
const CUTS: u32 = 20;
/// A connection on which nothing moves costs the patience of many that are cut.
const SILENCE: u32 = 7;
/// Waits for a hub that is rolled over to a new version, ms: it ends within eight seconds and starts within one.
const WAITS: [u64; 8] = [50, 150, 400, 800, 1_600, 2_500, 2_500, 2_500];
/// So many of these waits where the hub was not there lately: then nobody knows that it will be.
const WAITS_FOR_A_STRANGER: usize = 5;
/// Bytes that a message costs beside its bytes, both ways: HTTP, TLS, an answer without entries.
pub(super) const HEAD: u64 = 1_100;
/// Bytes of a message around its entries.
const WRAP: u64 = 400;
/// Less than this is not begun.
const LEAST: u64 = 2 * 1024;

/// How much a contact may take. Nothing named is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Allowance {
    /// Bytes through the network, both ways, TLS included.
    pub bytes: Option<u64>,
    /// From its beginning to its end.
    pub time: Option<Duration>,
}

/// Exchanges until neither side has anything more to say, then looks at what came.
pub async fn sync(
    peer: &Arc<Peer>,
    link: &mut Link,
    answerer: &str,
    courier: &mut Courier,
) -> Result<Contact, SyncError> {
    sync_within(peer, link, answerer, courier, &Allowance::default()).await
}

/// As [`sync`], and ends between two messages before more is used than allowed: no message is begun that would not fit,
/// as far as the speed of the last messages tells. What is left goes on next time where this one stopped.
pub async fn sync_within(
    peer: &Arc<Peer>,
    link: &mut Link,
    answerer: &str,
    courier: &mut Courier,
    allowance: &Allowance,
) -> Result<Contact, SyncError> {
    let mut run = Run::begin(peer, link, answerer, courier, allowance).await?;
    let mut session = Session::new(answerer);
    let ended = converse(&mut run, &mut session).await;
    let heard = session.contact.rounds > 0;
    let kept = tokio::task::block_in_place(|| if heard { run.pace.keep(peer, answerer, run.courier) } else { Ok(()) });
    // What did arrive is looked at whatever ended the contact; what waited before waits on if nothing did.
    if session.contact.received > 0 {
        session.contact.absorbed = blocking(peer, Ledger::absorb).await?;
    }
    ended?;
    kept?;
    Ok(session.contact)
}

/// Message after message. Who answers is asked for first where the last contact left that open.
async fn converse(run: &mut Run<'_>, session: &mut Session) -> Result<(), SyncError> {
    let mut stranger = None;
    if stranger::is_open(run.peer, &session.answerer).await? {
        match stranger::learn_hubs(run, &session.answerer).await? {
            Learnt::Hubs => {}
            Learnt::Spent { kept } => return spent(session, (!kept).then_some(SyncError::NotSigned)),
            // It may be a hub that is known after all: its next answer says so.
            Learnt::Stranger(error) => stranger = Some(error),
        }
    }
    loop {
        match run.round(session).await {
            Ok(Next::More) if session.contact.rounds > 100_000 => return Err(SyncError::Stuck),
            Ok(Next::More) => {}
            Ok(Next::Spent) => return spent(session, stranger.filter(|_| session.contact.rounds == 0)),
            Ok(Next::Done) => return Ok(()),
            Err(SyncError::NotSigned) => {
                if let Some(error) = stranger {
                    return Err(error);
                }
                match stranger::learn_hubs(run, &session.answerer).await? {
                    // Each time the register knows more keys than before, so there is an end.
                    Learnt::Hubs => *session = session.anew(),
                    Learnt::Spent { kept } => return spent(session, (!kept).then_some(SyncError::NotSigned)),
                    Learnt::Stranger(error) => return Err(error),
                }
            }
            Err(SyncError::Link(error)) => run.get_over(error).await?,
            Err(error) => return Err(error),
        }
    }
}

/// No more is allowed. A contact that brought nothing says why instead: repeated, it would look like one that goes on.
fn spent(session: &mut Session, instead: Option<SyncError>) -> Result<(), SyncError> {
    session.contact.spent = true;
    instead.map_or(Ok(()), Err)
}

/// How often a hub is waited for.
pub(super) const fn waits_for(is_of_lately: bool) -> usize {
    if is_of_lately { WAITS.len() } else { WAITS_FOR_A_STRANGER }
}

/// What follows a message.
pub(super) enum Next {
    More,
    Done,
    Spent,
}

/// What went wrong in a row.
#[derive(Default)]
pub(super) struct Hurt {
    pub cuts: u32,
    pub waits: usize,
    /// A connection was cut in this contact: the next one is opened before it is needed.
    pub ever: bool,
}

impl Run<'_> {
    /// Whether it is worth trying again at once or in a moment; else the error.
    pub(super) async fn get_over(&mut self, error: LinkError) -> Result<(), LinkError> {
        self.link.renew();
        if self.left_time().await.is_ok_and(|left| left == Some(0)) {
            return Err(error);
        }
        let cost = match error {
            LinkError::Cut => 1,
            LinkError::Silent => SILENCE,
            _ => CUTS + 1,
        };
        if self.hurt.cuts + cost <= CUTS {
            self.hurt.cuts += cost;
            self.hurt.ever = true;
            if error == LinkError::Silent {
                // One that was opened meanwhile may lead as far as this one.
                self.link.forget_spare();
            }
            return Ok(());
        }
        // A link that was cut may be away for a moment; one that never was there is somebody else's to wait for.
        let passing = error.is_passing() || (error == LinkError::Unreachable && self.hurt.ever);
        let Some(wait) = WAITS[..self.waits].get(self.hurt.waits).filter(|_| passing) else { return Err(error) };
        self.hurt.waits += 1;
        tokio::time::sleep(Duration::from_millis(*wait)).await;
        Ok(())
    }

    /// The load that still fits what may be used; `None`: nothing does.
    pub(super) async fn allowed(&self, load: Load, moves: bool) -> Result<Option<Load>, SyncError> {
        let left = match (self.left_bytes(), self.left_time().await?) {
            (None, None) => return Ok(Some(load)),
            (_, Some(0)) => return Ok(None),
            (bytes, None) => bytes,
            (bytes, Some(time)) => {
                let speed = self.pace.speed;
                let moving = time.saturating_sub(speed.round_trip());
                // Before anything was measured small batches find out.
                let rate = speed.up().unwrap_or(8 * 1024);
                let in_time = moving.saturating_mul(rate) / 1_000;
                Some(bytes.map_or(in_time, |bytes| bytes.min(in_time)))
            }
        };
        let Some(room) = left.map(|left| left.saturating_sub(HEAD + WRAP)) else { return Ok(Some(load)) };
        if room < LEAST - HEAD - WRAP {
            return Ok(None);
        }
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        let batch = load.batch.min(room);
        let down = if moves { room - batch } else { room };
        let budget = load.budget.min(u32::try_from(down).unwrap_or(u32::MAX));
        Ok(Some(Load { batch, budget, ..load }))
    }

    pub(super) fn left_bytes(&self) -> Option<u64> {
        let used = self.link.traffic().both() - self.before.both();
        self.allowance.bytes.map(|bytes| bytes.saturating_sub(used))
    }

    /// In ms.
    async fn left_time(&self) -> Result<Option<u64>, SyncError> {
        let Some(time) = self.allowance.time else { return Ok(None) };
        let used = times(self.peer).await?.1.saturating_sub(self.begun);
        Ok(Some(u64::try_from(time.saturating_sub(used).as_millis()).unwrap_or(u64::MAX)))
    }
}

/// What the clock says and its steady count.
pub(super) async fn times(peer: &Arc<Peer>) -> Result<(clock::Time, Duration), PeerError> {
    blocking(peer, |ledger| Ok((ledger.clock.now(), ledger.clock.steady()))).await
}

pub(super) async fn blocking<T: Send + 'static>(
    peer: &Arc<Peer>,
    work: impl FnOnce(&mut Ledger) -> Result<T, PeerError> + Send + 'static,
) -> Result<T, PeerError> {
    let peer = Arc::clone(peer);
    tokio::task::spawn_blocking(move || peer.with_ledger(work)).await.map_err(|_| PeerError::Closed)?
}
