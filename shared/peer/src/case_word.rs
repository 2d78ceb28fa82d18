//! What of a chain is the centre's word. Whoever has a suitcase writes grants and verdicts into its chain as he likes, and
//! whoever has a desk that was replaced goes on in its case chain.

use crate::PeerError;
use crate::store::entries;
use crate::store::keys::{self, Word};
use chain::Register;
use ids::{ChainId, RecordId};
use rusqlite::Connection;

/// True of a case chain, up to the end that its successor stated. If another entry than the stated one stands there, all of
/// it is somebody else's.
pub(crate) fn is_centres(
    connection: &Connection,
    register: &Register,
    (chain, seq): (ChainId, u64),
) -> Result<bool, PeerError> {
    if !register.is_case(chain) {
        return Ok(false);
    }
    let Some(stated) = register.case_end(chain) else { return Ok(true) };
    let held = entries::hash_at(connection, chain, stated.end.seq)?;
    Ok(seq <= stated.end.seq && held.is_none_or(|held| held == stated.end.hash))
}

/// Whether the last that the centre said to a chain about a record takes the record back.
pub(crate) fn is_taken_back(
    connection: &Connection,
    register: &Register,
    (record, chain): (RecordId, ChainId),
) -> Result<bool, PeerError> {
    let mut words = keys::words(connection, record, chain)?.into_iter();
    Ok(last_of(connection, register, &mut words)? == Some(true))
}

/// Whether the last of these that is the centre's word takes the record back; `None` if there is none, or its body was
/// left out.
pub(crate) fn last_of(
    connection: &Connection,
    register: &Register,
    words: &mut dyn Iterator<Item = Word>,
) -> Result<Option<bool>, PeerError> {
    let mut last: Option<Word> = None;
    for next in words {
        let counts = is_centres(connection, register, next.0)?;
        if counts && last.is_none_or(|last| !register.is_said_after(last.0, next.0)) {
            last = Some(next);
        }
    }
    Ok(last.and_then(|(_, word)| word))
}
