//! Receipt numbers as they stand in requests, for a register of all of them.

use super::bytes;
use crate::PeerError;
use chain::Kind as EntryKind;
use ids::{ChainId, RecordId};
use records::Kind;
use rusqlite::Connection;

/// A number that a request has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberUse {
    /// As printed.
    pub number: String,
    /// The request.
    pub record: RecordId,
    /// Who made it.
    pub chain: ChainId,
    /// Its first entry in that chain; `None` if it is not held.
    pub seq: Option<u64>,
    /// Device time at which it was made, ms since 1970.
    pub made: i64,
}

/// All numbers of requests; of one suitcase if it is named, by what stands before the first dash.
pub fn used(connection: &Connection, suitcase: Option<u16>) -> Result<Vec<NumberUse>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT r.number, r.record, r.creator, r.created,
                (SELECT min(e.seq) FROM entry e JOIN chain c ON c.id = e.chain
                 WHERE e.record = r.record AND e.kind = ?2 AND c.name = r.creator)
         FROM record r WHERE r.kind = ?1 AND r.number IS NOT NULL AND r.number >= ?3 AND (?4 = '' OR r.number < ?4)",
    )?;
    // «-» comes right before «.».
    let (from, until) = suitcase.map_or_else(Default::default, |n| (format!("{n}-"), format!("{n}.")));
    let found = statement.query_map((Kind::Request.code(), EntryKind::CHANGE.code(), from, until), |row| {
        Ok(NumberUse {
            number: row.get(0)?,
            record: RecordId::from_bytes(bytes(row, 1)?),
            chain: ChainId::from_bytes(bytes(row, 2)?),
            made: row.get(3)?,
            seq: row.get(4)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}
