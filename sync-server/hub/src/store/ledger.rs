//! What taking in means, said once for all engines: which entries are new, which positions they get, who may read them.
//!
//! | entry | goes to |
//! |---|---|
//! | `register` of a register chain | everybody |
//! | a chain's first entry that says which chain it continues | everybody: what the new chain writes comes to readers that must know its author |
//! | `grant` of a case chain | its peer; if it opens the record, then all changes of it that are there (index 1, 2, …, in order of position), and all that come |
//! | `grant` with an empty body | its peer, and nothing of the record later |
//! | `change` | the author of the record's first stored change, unless the centre took it back, and whoever has a grant; never its own author |
//! | `to` of a case chain, and kinds of later versions there that name a peer | that peer |
//! | all others | nobody; desks read the log |
//!
//! A body that an order of erasure names is not stored: its length and hash are. Who may read the entry stays as it was,
//! so that a reader's cursor goes on over it.
//!
//! Only the centre puts anything into an inbox by naming it: it certified whom it names. What a suitcase names gets no
//! row at all, so no suitcase fills another's inbox, or everybody's, or the table of chains.

use super::{EVERYBODY, Offer, Role, StoreError, Taken};
use chain::{Body, Entry, Erased, Held, Kind, Link, Refusal, RefusalCode, Verified, admit, limits};
use ids::{ChainId, RecordId, TenantId};
use std::borrow::Cow;

/// One chain's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChainRow {
    /// The engine's number for it, from 1.
    pub number: u64,
    /// Up to where it is held without a hole.
    pub end: Link,
    /// The highest number held.
    pub last: u64,
    /// The hour since 1970 that `taken` counts.
    pub hour: i64,
    /// Entries taken in that hour.
    pub taken: u64,
    /// Bytes of those entries.
    pub bytes: u64,
    /// True for a register chain.
    pub register: bool,
}

/// One record's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RecordRow {
    /// The engine's number for it.
    pub number: u64,
    /// Whose change of it was stored first; `None` before there is one.
    pub creator: Option<u64>,
    /// True once anybody was granted it.
    pub shared: bool,
    /// True once an order named it: bodies about it are not kept.
    pub erased: bool,
}

/// The newest grant or withdrawal of one record for one peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GrantRow {
    /// Which chain said so.
    pub by: u64,
    /// Under which number.
    pub seq: u64,
    /// Granted, or withdrawn.
    pub open: bool,
}

/// The rows of one tenant inside one transaction.
pub(super) trait Ledger {
    /// The highest position so far; locked until the transaction ends.
    fn position(&mut self) -> Result<u64, StoreError>;
    fn keep_position(&mut self, position: u64) -> Result<(), StoreError>;
    /// The chain's row, made if there is none; locked until the transaction ends.
    fn chain(&mut self, chain: ChainId) -> Result<ChainRow, StoreError>;
    fn keep_chain(&mut self, row: &ChainRow) -> Result<(), StoreError>;
    fn held(&mut self, chain: u64, seq: u64) -> Result<Option<Held>, StoreError>;
    /// The record's row, made if there is none; `creator` is set if it has none yet.
    fn record(&mut self, record: RecordId, creator: Option<u64>) -> Result<RecordRow, StoreError>;
    fn insert(&mut self, position: u64, chain: u64, record: Option<u64>, entry: &Verified) -> Result<(), StoreError>;
    fn grant(&mut self, record: u64, peer: u64) -> Result<Option<GrantRow>, StoreError>;
    /// Keeps the grant; an open one marks the record as shared.
    fn keep_grant(&mut self, record: u64, peer: u64, grant: GrantRow) -> Result<(), StoreError>;
    /// Peers with an open grant.
    fn readers(&mut self, record: u64) -> Result<Vec<u64>, StoreError>;
    /// Positions of all changes of the record by others than `except`, ascending.
    fn changes(&mut self, record: u64, except: Option<u64>) -> Result<Vec<u64>, StoreError>;
    /// Whether the record is marked as erased.
    fn is_erased(&mut self, record: RecordId) -> Result<bool, StoreError>;
    /// Marks the record as erased and drops all bodies about it. Gives back how many there were.
    fn erase_record(&mut self, record: &RecordRow, id: RecordId) -> Result<u64, StoreError>;
    /// Remembers that an `own` entry holds erased keys, and drops its body if it is here.
    fn erase_entry(&mut self, chain: u64, seq: u64) -> Result<u64, StoreError>;
    /// Whether [`Ledger::erase_entry`] was told so.
    fn is_erased_entry(&mut self, chain: u64, seq: u64) -> Result<bool, StoreError>;
    /// One row of an inbox.
    fn deliver(&mut self, peer: u64, cause: u64, index: u64, position: u64) -> Result<(), StoreError>;
}

/// 01.01.2026, ms since 1970: positions count from here.
const FIRST_DAY: i64 = 1_767_225_600_000;
/// Positions that one millisecond has room for; far more than any disk takes.
const A_MILLISECOND: u32 = 8;
/// However wrong the clock, positions have room to go on.
const HIGHEST_FLOOR: u64 = 1 << 49;

/// No position that is given at `now` lies below this. A store that was put back from a copy, and does not know it, would
/// otherwise give positions out twice: readers that passed them in its life before would never see what stands there now.
fn floor(now: i64) -> u64 {
    let since = now.saturating_sub(FIRST_DAY).max(0) as u64;
    since.min(HIGHEST_FLOOR >> A_MILLISECOND) << A_MILLISECOND
}

/// Bytes of a chain's first entry that says which chain it continues, with room for another version.
const LONGEST_REBIRTH: usize = 512;

/// Takes in `offers` in order.
pub(super) fn accept(
    ledger: &mut impl Ledger,
    tenant: TenantId,
    now: i64,
    offers: Vec<Offer>,
) -> Result<Vec<Result<Taken, Refusal>>, StoreError> {
    let before = ledger.position()?.max(floor(now));
    let mut position = before;
    let mut results = Vec::with_capacity(offers.len());
    for offer in offers {
        results.push(take(ledger, tenant, now, offer, &mut position)?);
    }
    if position > before {
        ledger.keep_position(position)?;
    }
    Ok(results)
}

fn take(
    ledger: &mut impl Ledger,
    tenant: TenantId,
    now: i64,
    offer: Offer,
    position: &mut u64,
) -> Result<Result<Taken, Refusal>, StoreError> {
    let Offer { segment, author, role } = offer;
    let (chain, from) = (segment.chain, segment.from);
    let refuse = |code| Ok(Err(Refusal { chain, from, code }));
    if segment.last() > limits::SEQ {
        return refuse(RefusalCode::Form);
    }
    let mut row = ledger.chain(chain)?;
    if segment.last() > row.end.seq.saturating_add(limits::BEYOND_A_HOLE) {
        return refuse(RefusalCode::Hole);
    }
    let before = row;
    let last = segment.last();
    let mut brought = None;
    let admission = admit(segment, tenant, &author, |seq| held(ledger, &before, seq))?;
    let admission = match admission {
        Ok(admission) => admission,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Some(entry) = admission.new.last().filter(|entry| entry.place.seq == last) {
        brought = Some(entry.hash);
    } else if let Some(same) = held(ledger, &before, last)? {
        brought = Some(same.hash);
    }
    let Some(hash) = brought else {
        return refuse(RefusalCode::Form);
    };
    let new = admission.new.len() as u64;
    if new > 0 {
        let bytes = admission.new.iter().map(|entry| entry.entry.size() as u64).sum();
        if !count(&mut row, role, now, new, bytes) {
            return refuse(RefusalCode::Quota);
        }
        row.end = admission.advance(row.end, |seq| held(ledger, &before, seq))?;
        row.last = row.last.max(admission.new.last().map_or(0, |entry| entry.place.seq));
        row.register |= role == Role::Register;
        ledger.keep_chain(&row)?;
        for entry in &admission.new {
            *position += 1;
            store(ledger, row.number, role, *position, entry)?;
        }
    }
    Ok(Ok(Taken { end: row.end, last: row.last, brought: Link { seq: last, hash }, new }))
}

/// Asks the engine only for numbers that can be there.
fn held(ledger: &mut impl Ledger, row: &ChainRow, seq: u64) -> Result<Option<Held>, StoreError> {
    if seq == 0 || seq > row.last { Ok(None) } else { ledger.held(row.number, seq) }
}

/// Counts towards the hour's quota; false if that is used up. The centre itself has none: it heals a lost hub.
pub(super) fn count(row: &mut ChainRow, role: Role, now: i64, new: u64, bytes: u64) -> bool {
    let hour = now.div_euclid(3_600_000);
    if row.hour != hour {
        (row.hour, row.taken, row.bytes) = (hour, 0, 0);
    }
    row.taken = row.taken.saturating_add(new);
    row.bytes = row.bytes.saturating_add(bytes);
    let room = row.taken <= limits::QUOTA_ENTRIES_PER_HOUR && row.bytes <= limits::QUOTA_BYTES_PER_HOUR;
    role != Role::Suitcase || room
}

/// Drops what is held of what orders name, and remembers them for what comes later.
pub(super) fn erase(ledger: &mut impl Ledger, erased: &Erased) -> Result<u64, StoreError> {
    let mut dropped = 0;
    for id in &erased.records {
        let record = ledger.record(*id, None)?;
        dropped += ledger.erase_record(&record, *id)?;
    }
    for (chain, seq) in &erased.entries {
        let chain = ledger.chain(*chain)?.number;
        dropped += ledger.erase_entry(chain, *seq)?;
    }
    Ok(dropped)
}

/// The entry as it may be kept.
fn kept(entry: &Verified, erased: bool) -> Cow<'_, Verified> {
    if erased && entry.entry.body.bytes().is_some() {
        Cow::Owned(Verified { entry: entry.entry.without_body(), ..entry.clone() })
    } else {
        Cow::Borrowed(entry)
    }
}

/// Stores one entry at a position, with everything that follows from it.
pub(super) fn store(
    ledger: &mut impl Ledger,
    author: u64,
    role: Role,
    position: u64,
    entry: &Verified,
) -> Result<(), StoreError> {
    let header = &entry.entry.header;
    match (header.kind, header.record, header.peer) {
        (Kind::CHANGE, Some(record), _) => {
            let record = ledger.record(record, Some(author))?;
            ledger.insert(position, author, Some(record.number), &kept(entry, record.erased))?;
            change(ledger, author, &record, position)
        }
        (Kind::GRANT, Some(record), Some(peer)) if role == Role::Case && peer != EVERYBODY => {
            let record = ledger.record(record, None)?;
            let peer = ledger.chain(peer)?.number;
            ledger.insert(position, author, None, &kept(entry, record.erased))?;
            ledger.deliver(peer, position, 0, position)?;
            let grant = GrantRow { by: author, seq: entry.place.seq, open: !is_empty(&entry.entry) };
            open_or_close(ledger, &record, peer, grant, position)
        }
        (kind, named, peer) => {
            let erased = match named {
                Some(record) => ledger.is_erased(record)?,
                None => kind == Kind::OWN && ledger.is_erased_entry(author, entry.place.seq)?,
            };
            ledger.insert(position, author, None, &kept(entry, erased))?;
            let reader = match peer {
                _ if kind == Kind::REGISTER => (role == Role::Register).then_some(EVERYBODY),
                _ if is_rebirth(entry) => Some(EVERYBODY),
                Some(peer) if kind != Kind::GRANT => (role == Role::Case && peer != EVERYBODY).then_some(peer),
                _ => None,
            };
            match reader {
                Some(reader) => {
                    let reader = ledger.chain(reader)?.number;
                    ledger.deliver(reader, position, 0, position)
                }
                None => Ok(()),
            }
        }
    }
}

/// Where such an entry stands it was believed before it came here; a longer one says something else.
fn is_rebirth(entry: &Verified) -> bool {
    let short = entry.entry.body.bytes().is_some_and(|body| body.len() <= LONGEST_REBIRTH);
    entry.entry.header.kind == Kind::REBIRTH && entry.place.seq == 1 && short
}

fn is_empty(entry: &Entry) -> bool {
    match &entry.body {
        Body::Present(bytes) => bytes.is_empty(),
        Body::Dropped { length, .. } => *length == 0,
    }
}

fn change(ledger: &mut impl Ledger, author: u64, record: &RecordRow, position: u64) -> Result<(), StoreError> {
    let creator = record.creator.filter(|creator| *creator != author);
    let is_taken_back = match creator {
        Some(creator) => ledger.grant(record.number, creator)?.is_some_and(|grant| !grant.open),
        None => false,
    };
    if let Some(creator) = creator.filter(|_| !is_taken_back) {
        ledger.deliver(creator, position, 0, position)?;
    }
    if record.shared {
        for reader in ledger.readers(record.number)? {
            if reader != author && Some(reader) != record.creator {
                ledger.deliver(reader, position, 0, position)?;
            }
        }
    }
    Ok(())
}

fn open_or_close(
    ledger: &mut impl Ledger,
    record: &RecordRow,
    peer: u64,
    grant: GrantRow,
    position: u64,
) -> Result<(), StoreError> {
    let before = ledger.grant(record.number, peer)?;
    // Entries beyond a hole come early: what the same chain said later stays.
    if before.is_some_and(|before| before.by == grant.by && before.seq > grant.seq) {
        return Ok(());
    }
    ledger.keep_grant(record.number, peer, grant)?;
    let has_all = before.map_or(record.creator == Some(peer), |before| before.open);
    if grant.open && !has_all {
        // Who was shut out may have given up what it wrote itself as well.
        let except = Some(peer).filter(|_| before.is_none());
        for (index, change) in (1..).zip(ledger.changes(record.number, except)?) {
            ledger.deliver(peer, position, index, change)?;
        }
    }
    Ok(())
}
