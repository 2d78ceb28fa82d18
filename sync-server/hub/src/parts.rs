//! Cuts the register into parts that travel one after the other.

use crate::store::StoreError;
use chain::{Entry, Segment, Verified};
use ids::{ChainId, TenantId};

/// Entries of about so many bytes together, and one at least.
pub(crate) fn within(bytes: usize) -> impl FnMut(&Entry) -> bool {
    let mut taken = 0;
    move |entry| {
        let first = taken == 0;
        taken += entry.size();
        first || taken <= bytes
    }
}

/// What stands in `segments` behind the entry `after`, as long as there is `room`; and whether anything is left. A
/// chain that is not among them means the beginning.
pub(crate) fn behind(
    mut segments: Vec<Segment>,
    tenant: TenantId,
    after: Option<(ChainId, u64)>,
    room: impl FnMut(&Entry) -> bool,
) -> Result<(Vec<Segment>, bool), StoreError> {
    let first = after.and_then(|(chain, _)| segments.iter().position(|segment| segment.chain == chain));
    let segments = segments.split_off(first.unwrap_or(0));
    lacking(segments, tenant, |chain| after.filter(|after| after.0 == chain).map_or(0, |(_, seq)| seq), room)
}

/// What stands in `segments` behind the last entry that is `held` of each chain, as long as there is `room`; and whether
/// anything is left.
pub(crate) fn lacking(
    segments: Vec<Segment>,
    tenant: TenantId,
    held: impl Fn(ChainId) -> u64,
    mut room: impl FnMut(&Entry) -> bool,
) -> Result<(Vec<Segment>, bool), StoreError> {
    let had = |entry: &Verified| entry.place.seq <= held(entry.place.chain);
    let mut part: Vec<Segment> = Vec::new();
    for segment in segments {
        let entries = segment.linked(tenant).map_err(|error| StoreError::Damaged(error.to_string()))?;
        let mut new = entries.into_iter().filter(|entry| !had(entry)).peekable();
        let Some(begin) = new.peek().map(|entry| entry.place) else { continue };
        let mut kept = Segment { chain: begin.chain, from: begin.seq, prev: begin.prev, entries: Vec::new() };
        let mut full = false;
        for entry in new {
            full = !room(&entry.entry);
            if full {
                break;
            }
            kept.entries.push(entry.entry);
        }
        part.extend((!kept.entries.is_empty()).then_some(kept));
        if full {
            return Ok((part, true));
        }
    }
    Ok((part, false))
}
