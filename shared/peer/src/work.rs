//! What one chain wrote, entry by entry, opened: for a list of who did what.

use crate::act::Act;
use crate::facts::OwnFact;
use crate::peer::View;
use crate::store::entries::{self, Stored};
use crate::store::keys;
use crate::{PeerError, own_facts, records_in_store as shelf};
use chain::Kind;
use ids::{ChainId, RecordId, TenantId};
use records::{Edit, Gate};
use rusqlite::Connection;

/// One entry, as far as this peer can open it.
#[derive(Debug)]
pub struct Work {
    /// Its number.
    pub seq: u64,
    /// What it did.
    pub what: Done,
}

/// What an entry did.
#[derive(Debug)]
pub enum Done {
    /// Changed a record.
    Changed {
        /// Which.
        record: RecordId,
        /// Login of who did it, as the writer states it.
        officer: String,
        /// Device time, ms since 1970.
        at: i64,
        /// Every value it wrote.
        edits: Vec<Edit>,
    },
    /// Told a fact.
    Told(OwnFact),
    /// Something else, or something that does not open here.
    Other,
}

fn opened(connection: &Connection, stored: &Stored) -> Result<Done, PeerError> {
    let header = &stored.entry.entry.header;
    if header.kind == Kind::OWN {
        let Some(body) = stored.entry.entry.body.bytes() else { return Ok(Done::Other) };
        let secrets = keys::receptions(connection)?;
        let plain = own_facts::plain(connection, &secrets, &stored.entry.place, body)?;
        let fact = plain.and_then(|plain| OwnFact::decode(&plain).ok());
        return Ok(fact.map_or(Done::Other, Done::Told));
    }
    let (true, Some(record)) = (header.kind == Kind::CHANGE, header.record) else { return Ok(Done::Other) };
    let Ok(body) = shelf::open_change(connection, stored) else { return Ok(Done::Other) };
    let Ok(edits) = Gate::peek(&body.change) else { return Ok(Done::Other) };
    Ok(Done::Changed { record, officer: body.officer, at: body.at, edits })
}

fn of_chain(
    connection: &Connection,
    tenant: TenantId,
    chain: ChainId,
    after: u64,
    limit: usize,
) -> Result<Vec<Work>, PeerError> {
    let found = entries::of_chain(connection, tenant, chain, after, limit)?;
    let work = |stored: &Stored| Ok(Work { seq: stored.entry.place.seq, what: opened(connection, stored)? });
    found.iter().map(work).collect()
}

impl View<'_> {
    /// What a chain wrote after a number, at most `limit` entries.
    pub fn work_of(&self, chain: ChainId, after: u64, limit: usize) -> Result<Vec<Work>, PeerError> {
        of_chain(self.connection, self.tenant, chain, after, limit)
    }
}

impl Act<'_> {
    /// As [`View::work_of`], as of this act.
    pub fn work_of(&self, chain: ChainId, after: u64, limit: usize) -> Result<Vec<Work>, PeerError> {
        of_chain(self.connection(), self.tenant(), chain, after, limit)
    }
}
