//! Reads a body within a size, a time and a share of memory.

use super::Patience;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

/// Why a body was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    TooLarge,
    TooSlow,
    Cut,
    NoMemory,
}

/// The bytes, and their share of memory until it is dropped.
pub(super) struct Read {
    pub bytes: Vec<u8>,
    _share: Option<OwnedSemaphorePermit>,
}

/// How long a KiB may take on the way.
const SLOWEST: Duration = Duration::from_secs(1);

/// Reads at most `limit` bytes. `memory` has one permit for each KiB that all bodies together may take.
pub(super) async fn read(
    mut body: Incoming,
    limit: usize,
    patience: &Patience,
    memory: &Arc<Semaphore>,
) -> Result<Read, Fault> {
    // What the client announces is refused before a byte of it is read.
    if body.size_hint().lower() > limit as u64 {
        return Err(Fault::TooLarge);
    }
    // The end of patience moves on with what comes: so slow and no slower.
    let mut end = std::pin::pin!(sleep(patience.body));
    let mut bytes = Vec::new();
    let mut share: Option<OwnedSemaphorePermit> = None;
    loop {
        let frame = tokio::select! {
            frame = timeout(patience.piece, body.frame()) => frame.map_err(|_| Fault::TooSlow)?,
            () = &mut end => return Err(Fault::TooSlow),
        };
        let Some(frame) = frame else { return Ok(Read { bytes, _share: share }) };
        let frame = frame.map_err(|_| Fault::Cut)?;
        let Ok(piece) = frame.into_data() else { continue };
        if bytes.len() + piece.len() > limit {
            return Err(Fault::TooLarge);
        }
        bytes.extend_from_slice(&piece);
        let later = end.deadline() + SLOWEST * piece.len() as u32 / 1024;
        end.as_mut().reset(later);
        let held = share.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = bytes.capacity().div_ceil(1024).saturating_sub(held);
        if more > 0 {
            let new = memory.clone().try_acquire_many_owned(more as u32).map_err(|_| Fault::NoMemory)?;
            match &mut share {
                Some(share) => share.merge(new),
                None => share = Some(new),
            }
        }
    }
}
