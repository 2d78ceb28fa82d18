//! Orders to erase: what the register names is dropped here as soon as it is known, and on arrival ever after.
//!
//! Bodies, keys, the row and its words, drafts, letters that are kept for others: everything that holds a content or a
//! key of the record. Places, hashes and signatures stay, so chains verify, and what was anchored stays anchored. All of
//! it is one transaction; what was cut off before it is done at the next start.

use crate::PeerError;
use crate::act::Act;
use crate::identity::Role;
use crate::ledger::Ledger;
use crate::peer::{Peer, View};
use crate::split::Split;
use crate::store::{chains, erased, forgotten, keys, letters, rows, sync, told_again};
use chain::{Erased, Erasure, Exception, ExceptionCode, Fact, Kind, Place, Request, Verified, limits};
use ids::{ChainId, RecordId, TenantId};
use rusqlite::{Connection, TransactionBehavior};
use std::collections::BTreeSet;
use std::time::Duration;

/// How long the log waits for readers before it is left to the next time.
const PATIENCE: Duration = Duration::from_secs(1);

impl Ledger {
    /// What the register orders, as far as it may be carried out here: a desk keeps an epoch until the single keys of the
    /// records beside the erased ones are here.
    fn ordered(&self) -> Erased {
        let desk = matches!(self.identity.role, Role::Desk { .. });
        let held = |case| chains::end(&self.connection, case).map_or(0, |end| end.seq);
        self.register.erased(|case| if desk { held(case) } else { u64::MAX })
    }

    /// Carries out what is not carried out yet.
    pub(crate) fn obey(&mut self) -> Result<(), PeerError> {
        let ordered = self.ordered();
        let owed = ordered.beyond(&self.erased);
        if owed.is_empty() {
            return self.empty_log();
        }
        let desk = matches!(self.identity.role, Role::Desk { .. });
        let own = self.identity.chain;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut wrote_own = false;
        for record in &owed.records {
            wrote_own |= forget_record(&transaction, *record, own, desk.then_some(&self.register))?;
        }
        for place in &owed.entries {
            if let Some(bodied) = erased::at(&transaction, *place)?.filter(|bodied| bodied.kind == Kind::OWN) {
                erased::drop_body(&transaction, &bodied)?;
            }
            keys::empty_epoch(&transaction, *place)?;
            told_again::forget_by(&transaction, *place)?;
        }
        erased::drop_strays(&transaction, self.identity.tenant, &owed)?;
        forget_letters(&transaction, self.identity.tenant, &owed, desk)?;
        erased::mark(&transaction, &owed)?;
        transaction.commit()?;
        tracing::warn!(records = owed.records.len(), entries = owed.entries.len(), "erased by order of the centre");
        self.erased.records.extend(owed.records);
        self.erased.entries.extend(owed.entries);
        self.log_due = true;
        if wrote_own && !desk && self.epoch.is_some() {
            // The key in memory still makes the key of what was erased, and the centre can drop its own copy only when
            // it knows that nothing more comes under it.
            self.act(|act| act.begin_epoch())?;
        }
        erased::renew_search(&self.connection)?;
        self.empty_log()
    }

    /// The dropped bytes leave the log beside the database as soon as nobody reads an older state.
    pub(crate) fn empty_log(&mut self) -> Result<(), PeerError> {
        if self.log_due {
            self.connection.busy_timeout(PATIENCE)?;
            let emptied = erased::empty_log(&self.connection);
            self.connection.busy_timeout(crate::store::PATIENCE)?;
            self.log_due = !emptied?;
        }
        Ok(())
    }
}

/// True if the own chain wrote about it.
fn forget_record(
    connection: &Connection,
    record: RecordId,
    own: ChainId,
    desk: Option<&chain::Register>,
) -> Result<bool, PeerError> {
    let mut wrote_own = false;
    for bodied in erased::about(connection, record)? {
        erased::drop_body(connection, &bodied)?;
        wrote_own |= bodied.chain == own && bodied.kind == Kind::CHANGE;
        let waited = bodied.kind == Kind::CHANGE && !bodied.taken;
        if waited && desk.is_some_and(|register| !register.is_case(bodied.chain)) {
            sync::put_exception(connection, bodied.chain, &exception(bodied.seq), false)?;
        }
    }
    keys::forget_record_keys(connection, record)?;
    rows::remove(connection, record)?;
    forgotten::remove(connection, record)?;
    forgotten::set_taken_back(connection, record, false)?;
    erased::drop_drafts(connection, record)?;
    Ok(wrote_own)
}

/// What the author of an erased entry is told.
pub(crate) fn exception(seq: u64) -> Exception {
    let sentence = "дані особи стерто за розпорядженням центру: зміну не збережено / erased by order of the centre: the change is not kept";
    Exception { seq, code: ExceptionCode::Erased, sentence: sentence.into() }
}

/// Whether a letter brings a body that is to be dropped.
pub(crate) fn brings(tenant: TenantId, erased: &Erased, letter: &[u8]) -> bool {
    let Ok(request) = Request::decode(letter) else { return false };
    let mut entries = request.segments.iter().flat_map(|segment| {
        let chain = segment.chain;
        let numbered = segment.entries.iter().zip(segment.from..);
        numbered.map(move |(entry, seq)| (Place { tenant, chain, seq, prev: segment.prev }, entry))
    });
    entries.any(|(place, entry)| entry.body.bytes().is_some() && erased.covers(&place, &entry.header))
}

/// Letters of others that bring such a body. One that was not answered travels on: nobody here can open it, it brings
/// other work as well, and the hub keeps nothing of what was erased. Of an answered one only the answer is needed; a
/// desk would ask with it again, and lets it go.
fn forget_letters(connection: &Connection, tenant: TenantId, owed: &Erased, desk: bool) -> Result<(), PeerError> {
    for (hash, answered) in letters::kept_hashes(connection)? {
        if !brings(tenant, owed, &letters::kept_bytes(connection, hash)?) {
            continue;
        }
        if desk {
            letters::let_go(connection, hash)?;
        } else if answered {
            letters::empty(connection, hash)?;
        }
    }
    Ok(())
}

/// An entry as it is kept here, and whether an order covers it.
pub(crate) fn as_kept(erased: &Erased, entry: Verified) -> (Verified, bool) {
    if erased.covers(&entry.place, &entry.entry.header) {
        (Verified { entry: entry.entry.without_body(), ..entry }, true)
    } else {
        (entry, false)
    }
}

/// What only a centre does.
impl Act<'_> {
    /// Orders that records be erased: first the keys that lie beside theirs are kept, then the register names them.
    /// Again, it names only what it could not name before: epochs that were not over then. The caller obeys itself,
    /// after the act ([`Peer::obey`]).
    pub fn order_erasure(&mut self, records: &BTreeSet<RecordId>) -> Result<Split, PeerError> {
        let named = self.register().erased(|_| u64::MAX);
        let split = self.split(records)?;
        let mut new = records.iter().filter(|record| !named.records.contains(record)).copied().peekable();
        let mut entries = split.entries.iter().copied().peekable();
        while new.peek().is_some() || entries.peek().is_some() {
            let order = Erasure {
                records: new.by_ref().take(limits::ERASURE_RECORDS).collect(),
                entries: entries.by_ref().take(limits::ERASURE_ENTRIES).collect(),
                kept: split.kept,
            };
            self.register_fact(&Fact::Erasure(order))?;
        }
        Ok(split)
    }
}

impl Peer {
    /// Carries out the orders of the register that are not carried out yet.
    pub fn obey(&self) -> Result<(), PeerError> {
        self.with_ledger(Ledger::obey)
    }
}

impl View<'_> {
    /// Whether the centre has ordered that a record be erased, and it is gone here.
    pub fn is_erased(&self, record: RecordId) -> Result<bool, PeerError> {
        erased::is_erased(self.connection, record)
    }

    /// How many records were erased here by order.
    pub fn erased_count(&self) -> Result<usize, PeerError> {
        Ok(erased::told(self.connection)?.records.len())
    }
}
