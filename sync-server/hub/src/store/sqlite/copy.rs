//! Copies of the file for backups: made while the hub writes, checked entry by entry.

use super::rows::Rows;
use super::{derived, open};
use super::{lineage, tenant_row};
use crate::hub::meet_all;
use crate::store::{StoreError, Tenant};
use chain::{ChainHead, Entry, Link, Place, Register};
use ids::{ChainId, LineageId, TenantId};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use signing::canonical::Reader;
use signing::{Hash, VerifyingKey};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

/// What a copy holds, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// The life of the store that was copied.
    pub lineage: Option<LineageId>,
    /// Communities, with the highest position of each one's log.
    pub tenants: Vec<(Tenant, u64)>,
    /// Up to where each chain is held without a hole.
    pub heads: Vec<ChainHead>,
    /// Entries that were checked.
    pub entries: u64,
    /// One sentence each. Empty: all is well.
    pub faults: Vec<String>,
}

/// Copies the database at `from` into a new file. A hub that has it open goes on writing: the copy is made in one step
/// over one view of everything.
pub fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    if !from.exists() || to.exists() {
        let words = "немає чого або куди копіювати / nothing to copy, or the copy is there already";
        return Err(StoreError::Engine(words.to_owned()));
    }
    let source = open::reader(from)?;
    open::known_version(&source)?;
    let mut target = Connection::open(to)?;
    target.pragma_update(None, "synchronous", "FULL")?;
    let backup = Backup::new(&source, &mut target)?;
    for _ in 0..100 {
        match backup.step(-1)? {
            StepResult::Done => {
                drop(backup);
                return target.close().map_err(|(_, error)| error.into());
            }
            StepResult::More => {}
            _ => std::thread::sleep(Duration::from_millis(100)),
        }
    }
    Err(StoreError::Busy)
}

/// Checks a copy that nobody writes: SQLite's pages, each community's register up to its root, every entry's hash and
/// link and signature, and that all other rows are what follows from the
/// entries. Nothing is written, not even beside it.
pub fn check(path: &Path) -> Result<Checked, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    check_through(&Connection::open_with_flags(unchanging(path), flags)?)
}

/// As [`check`], of the hub's own database, as of now, while the hub goes on writing or does not run.
pub fn check_in_use(path: &Path) -> Result<Checked, StoreError> {
    let connection = open::reader(path)?;
    connection.execute_batch("BEGIN DEFERRED")?;
    check_through(&connection)
}

fn check_through(connection: &Connection) -> Result<Checked, StoreError> {
    open::known_version(connection)?;
    let mut checked = Checked { lineage: lineage(connection)?, ..Checked::default() };
    checked.faults.extend(pages(connection)?);
    match of_tenants(connection, &mut checked) {
        // A place is known: that the rest does not read is its doing.
        Err(StoreError::Damaged(_)) if !checked.faults.is_empty() => Ok(checked),
        looked => looked.map(|()| checked),
    }
}

fn of_tenants(connection: &Connection, checked: &mut Checked) -> Result<(), StoreError> {
    let mut find = connection.prepare("SELECT id, root FROM tenants ORDER BY number")?;
    let tenants: Vec<Tenant> = find.query_map([], tenant_row)?.collect::<Result<_, _>>()?;
    for tenant in tenants {
        let rows = Rows::of(connection, tenant.id)?;
        checked.tenants.push((tenant, rows.position()?));
        of_tenant(&rows, &tenant, checked)?;
    }
    Ok(())
}

/// What SQLite finds wrong with the pages, a sentence a place; its own words are for the log.
pub(super) fn pages(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let lines = salvage::asked(connection, "PRAGMA integrity_check(20)")?;
    let told = salvage::told(&lines, None);
    if !told.is_empty() {
        tracing::warn!(?lines, "SQLite finds the hub's database damaged");
    }
    Ok(told)
}

/// A file that nobody changes needs no lock and no files beside it.
fn unchanging(path: &Path) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri + "?immutable=1"
}

fn of_tenant(rows: &Rows<'_>, tenant: &Tenant, checked: &mut Checked) -> Result<(), StoreError> {
    let mut register = Register::new(tenant.id, tenant.root);
    for segment in rows.register()? {
        if let Err(error) = register.take(segment) {
            checked.faults.push(format!("реєстр громади {}: {error} / register", tenant.id));
            break;
        }
    }
    meet_all(&mut register, rows.rebirths()?);
    let mut find = rows.connection.prepare("SELECT number, id, end_seq, end_hash FROM chains WHERE tenant = ?1")?;
    let chains = find.query_map([rows.number], |row| {
        let end = Link { seq: row.get(2)?, hash: Hash(row.get(3)?) };
        Ok((row.get::<_, i64>(0)?, ChainHead { chain: ChainId::from_bytes(row.get(1)?), end }))
    })?;
    for chain in chains {
        let (number, head) = chain?;
        if head.end.seq > 0 {
            checked.heads.push(head);
        }
        follow(rows, number, (tenant.id, head), register.author(head.chain), checked)?;
    }
    if checked.faults.is_empty() { derived::compare(rows, tenant, &register, checked, &|| Ok(())) } else { Ok(()) }
}

/// One chain from its first entry to its last.
fn follow(
    rows: &Rows<'_>,
    number: i64,
    (tenant, head): (TenantId, ChainHead),
    author: Option<VerifyingKey>,
    checked: &mut Checked,
) -> Result<(), StoreError> {
    let mut find =
        rows.connection.prepare_cached("SELECT seq, prev, hash, entry FROM entries WHERE chain = ?1 ORDER BY seq")?;
    let mut found = find.query([number])?;
    let mut before = Link::EMPTY;
    // Held without a hole up to here.
    let mut end = Link::EMPTY;
    while let Some(row) = found.next()? {
        let (seq, prev, hash) = (row.get(0)?, Hash(row.get(1)?), Hash(row.get(2)?));
        let bytes = row.get_ref(3)?.as_blob().unwrap_or_default();
        checked.entries += 1;
        let mut fault = |what: &str| checked.faults.push(format!("ланцюг {}, запис № {seq}: {what}", head.chain));
        if seq == before.seq + 1 && prev != before.hash {
            fault("не продовжує попередній / does not follow the one before");
        }
        let place = Place { tenant, chain: head.chain, seq, prev };
        match Entry::read(&mut Reader::new(bytes)) {
            Ok(entry) if entry.hash(&place) == hash => {
                // Each by itself: taken in were also runs on their last signature, but readers get them in other cuts.
                if author.is_some_and(|author| !entry.is_valid(&place, &author)) {
                    fault("не підписано його автором / not signed by its author");
                }
            }
            Ok(_) => fault("хеш не збігається / the hash differs"),
            Err(error) => fault(&format!("не читається ({error}) / does not read")),
        }
        before = Link { seq, hash };
        if seq == end.seq + 1 {
            end = before;
        }
    }
    if author.is_none() && before.seq > 0 {
        checked.faults.push(format!("ланцюг {}: автора в реєстрі немає / the register names no author", head.chain));
    }
    if end != head.end {
        checked.faults.push(format!("ланцюг {}: кінець не збігається / the end differs", head.chain));
    }
    Ok(())
}
