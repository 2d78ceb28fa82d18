//! A new database of what a damaged one still holds and what proves itself: every entry by its hash, its author's
//! signature and its place in the chain, the register up to the root. All other rows are made again from the entries. Who
//! may read what, and what orders erased, is not taken from the damaged file but from the register.

mod believe;
mod gather;
mod pages;

use super::derived::Roles;
use super::open;
use super::rows::Rows;
use crate::store::ledger::{self, Ledger as _};
use crate::store::{StoreError, Tenant};
use believe::Believed;
use chain::{Entry, Place, Register, Verified};
use gather::Gathered;
use ids::{ChainId, LineageId};
use rusqlite::{Connection, params};
use signing::Hash;
use signing::canonical::Reader;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Numbers of a chain that were held and are not any more, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// Whose.
    pub chain: ChainId,
    /// The first.
    pub from: u64,
    /// The last.
    pub to: u64,
}

/// What became of a damaged database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mended {
    /// Chains that the new one holds something of.
    pub chains: usize,
    /// Entries in it.
    pub entries: u64,
    /// What is known to be missing, as far as the damaged file tells.
    pub lost: Vec<Lost>,
}

/// Makes a new database at `to`, which must not be there, from everything in `sources` that proves itself. Of several
/// files each gives what the ones before it lack. Beside a file its log is read as well. Nothing but `to` is written.
/// The new database begins the life `lineage`: everybody's cursors and anchors are void, so that all look what it lacks.
pub fn mend(sources: &[PathBuf], to: &Path, tenant: &Tenant, lineage: LineageId) -> Result<Mended, StoreError> {
    let mut gathered = Gathered::new(tenant)?;
    for source in sources {
        gathered.read(source, &log_of(source))?;
    }
    let register = believe::register(&mut gathered, tenant)?;
    let believed = believe::choose(&gathered, tenant, &register)?;
    let mut new = open::writer(to)?;
    new.pragma_update(None, "foreign_keys", "OFF")?;
    let transaction = new.transaction()?;
    let entries = build(&transaction, &gathered, tenant, &register, &believed, lineage)?;
    transaction.commit()?;
    // One file, with nothing beside it that a rename could leave behind.
    new.pragma_update(None, "journal_mode", "DELETE")?;
    new.close().map_err(|(_, error)| StoreError::from(error))?;
    let told = gathered.told.iter().filter(|(chain, _)| register.author(**chain).is_some());
    let lost = told.flat_map(|(chain, last)| missing(*chain, *last, believed.get(chain))).collect();
    Ok(Mended { chains: believed.len(), entries, lost })
}

/// The log beside a database.
pub fn log_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

fn missing(chain: ChainId, last: u64, believed: Option<&Believed>) -> Vec<Lost> {
    let runs = believed.map_or(&[][..], |one| &one.runs);
    let (mut next, mut lost) = (1, Vec::new());
    for (from, to) in runs.iter().copied().chain([(last.saturating_add(1), last)]) {
        if from > next {
            lost.push(Lost { chain, from: next, to: from - 1 });
        }
        next = next.max(to + 1);
    }
    lost
}

/// Stores everything that is believed, in the order in which it once came.
fn build(
    new: &Connection,
    gathered: &Gathered,
    tenant: &Tenant,
    register: &Register,
    believed: &BTreeMap<ChainId, Believed>,
    lineage: LineageId,
) -> Result<u64, StoreError> {
    let root = [tenant.root.signing.0, tenant.root.agreement.0].concat();
    new.execute("INSERT INTO tenants (id, root) VALUES (?1, ?2)", params![tenant.id.as_bytes(), root])?;
    new.execute("UPDATE meta SET lineage = ?1", [lineage.as_bytes()])?;
    let mut rows = Rows::of(new, tenant.id)?;
    // Before the bodies come: none that an order names is written.
    let ordered = register.erased(|case| believed.get(&case).map_or(0, |one| one.end.seq));
    ledger::erase(&mut rows, &ordered)?;
    let mut roles = Roles::of(register);
    let mut find = gathered
        .scratch
        .prepare("SELECT chain, seq, prev, hash, entry FROM found WHERE kept = 1 ORDER BY place, id")?;
    let mut found = find.query([])?;
    let mut position = 0;
    while let Some(row) = found.next()? {
        let chain = ChainId::from_bytes(row.get(0)?);
        let place = Place { tenant: tenant.id, chain, seq: row.get(1)?, prev: Hash(row.get(2)?) };
        let bytes = row.get_ref(4)?.as_blob().unwrap_or_default();
        let entry = Entry::read(&mut Reader::new(bytes)).map_err(|error| StoreError::Damaged(error.to_string()))?;
        let role = roles.next(chain, place.seq);
        let author = rows.chain(chain)?.number;
        position += 1;
        ledger::store(&mut rows, author, role, position, &Verified { place, entry, hash: Hash(row.get(3)?) })?;
    }
    for (chain, one) in believed {
        let mut row = rows.chain(*chain)?;
        row.end = one.end;
        row.last = one.runs.last().map_or(0, |run| run.1);
        row.register = register.is_register(*chain);
        rows.keep_chain(&row)?;
    }
    rows.keep_position(position)?;
    let enrol = "INSERT INTO enrolments (tenant, chain, time, request, invitation) VALUES (?1, ?2, ?3, ?4, ?5)";
    for (chain, time, request, invitation) in gathered.enrolments.values() {
        new.execute(enrol, params![rows.number, chain.as_bytes(), time, request, invitation])?;
    }
    Ok(position)
}
