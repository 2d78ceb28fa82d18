//! Reads a body within a size, a time and a share of memory.

use super::Patience;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

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
    let start = Instant::now();
    let mut bytes = Vec::new();
    let mut share: Option<OwnedSemaphorePermit> = None;
    loop {
        let slowest = start + patience.body + Duration::from_secs(bytes.len() as u64 / 1024);
        let deadline = slowest.min(Instant::now() + patience.piece);
        let frame = match timeout_at(deadline, body.frame()).await {
            Err(_) => return Err(Fault::TooSlow),
            Ok(None) => return Ok(Read { bytes, _share: share }),
            Ok(Some(frame)) => frame.map_err(|_| Fault::Cut)?,
        };
        let Ok(piece) = frame.into_data() else { continue };
        if bytes.len() + piece.len() > limit {
            return Err(Fault::TooLarge);
        }
        bytes.extend_from_slice(&piece);
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
