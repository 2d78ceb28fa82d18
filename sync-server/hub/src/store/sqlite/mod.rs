//! The embedded engine: one SQLite file, one writing thread, readers beside it (WAL). A returned write is on disk
//! (`synchronous = FULL`).

mod copy;
mod derived;
mod erased;
mod mend;
mod news;
mod open;
mod rows;
mod scrub;
mod writer;

pub use copy::{Checked, check, check_in_use, copy};
pub use mend::{Lost, Mended, log_of, mend};
pub use scrub::{Scrub, Slice};

use super::{
    ENROLMENT_LIFE, ENROLMENTS, ENROLMENTS_OF_INVITATION, Holding, Offer, Point, Reader, Reading, Store, StoreError,
    Taken, Tenant, ledger,
};
use chain::{Erased, Link, Refusal, Segment};
use ids::{ChainId, LineageId, TenantId};
use ledger::Ledger as _;
use rows::Rows;
use rusqlite::{Connection, OptionalExtension, Row, params};
use signing::{AgreementPublicKey, RootPublic, VerifyingKey};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use writer::Writer;

/// Reading connections that are kept open.
const KEPT_READERS: usize = 8;

/// Everything in one file (beside it SQLite's `-wal` and `-shm`). A copy for backup is made with SQLite's backup API
/// or while nothing runs.
pub struct SqliteStore {
    path: PathBuf,
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
}

impl SqliteStore {
    /// Opens the file or makes it. The folder must be there and on a local disk.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let writer = Writer::start(open::writer(path)?)?;
        Ok(Self { path: path.to_owned(), writer, readers: Mutex::new(Vec::new()) })
    }

    /// One consistent view for everything that `work` asks.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = || self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle().pop();
        let connection = kept.map_or_else(|| open::reader(&self.path), Ok)?;
        connection.execute_batch("BEGIN DEFERRED")?;
        let result = work(&connection);
        connection.execute_batch("ROLLBACK")?;
        let mut readers = idle();
        if readers.len() < KEPT_READERS {
            readers.push(connection);
        }
        result
    }

    fn of<T>(&self, tenant: TenantId, work: impl FnOnce(&Rows<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.read(|connection| work(&Rows::of(connection, tenant)?))
    }
}

fn tenant_row(row: &Row<'_>) -> rusqlite::Result<Tenant> {
    let root: [u8; 64] = row.get(1)?;
    let (mut signing, mut agreement) = ([0; 32], [0; 32]);
    signing.copy_from_slice(&root[..32]);
    agreement.copy_from_slice(&root[32..]);
    let root = RootPublic { signing: VerifyingKey(signing), agreement: AgreementPublicKey(agreement) };
    Ok(Tenant { id: TenantId::from_bytes(row.get(0)?), root })
}

fn lineage(connection: &Connection) -> Result<Option<LineageId>, StoreError> {
    let mut find = connection.prepare_cached("SELECT lineage FROM meta")?;
    let bytes: Option<[u8; 16]> = find.query_row([], |row| row.get(0))?;
    Ok(bytes.map(LineageId::from_bytes))
}

/// All but the newest `?3` requests of a tenant beside that of `?2`; `?4` is an invitation, or NULL for all.
const OLD_ENROLMENTS: &str = "
    DELETE FROM enrolments WHERE tenant = ?1 AND (?4 IS NULL OR invitation = ?4) AND chain <> ?2 AND chain NOT IN (
        SELECT chain FROM enrolments WHERE tenant = ?1 AND (?4 IS NULL OR invitation = ?4) AND chain <> ?2
        ORDER BY time DESC, chain DESC LIMIT ?3)";

fn put_enrolment(
    rows: &Rows<'_>,
    chain: ChainId,
    invitation: [u8; 16],
    bytes: &[u8],
    now: i64,
) -> Result<(), StoreError> {
    let Rows { connection, number } = rows;
    let (id, alive) = (chain.as_bytes(), now.saturating_sub(ENROLMENT_LIFE));
    connection.execute("DELETE FROM enrolments WHERE tenant = ?1 AND time < ?2", params![number, alive])?;
    let mut make_room = connection.prepare_cached(OLD_ENROLMENTS)?;
    make_room.execute(params![number, id, ENROLMENTS_OF_INVITATION - 1, Some(invitation)])?;
    make_room.execute(params![number, id, ENROLMENTS - 1, None::<[u8; 16]>])?;
    let put = "INSERT INTO enrolments (tenant, chain, time, request, invitation) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (tenant, chain) DO UPDATE SET
               time = excluded.time, request = excluded.request, invitation = excluded.invitation";
    connection.execute(put, params![number, id, now, bytes, invitation])?;
    Ok(())
}

impl Store for SqliteStore {
    fn create_tenant(&self, tenant: &Tenant) -> Result<(), StoreError> {
        let tenant = *tenant;
        self.writer.write(move |connection| {
            let find = "SELECT id, root FROM tenants WHERE id = ?1";
            let known = connection.query_row(find, [tenant.id.as_bytes()], tenant_row).optional()?;
            match known {
                Some(known) if known.root == tenant.root => Ok(()),
                Some(_) => Err(StoreError::OtherRoot),
                None => {
                    let root = [tenant.root.signing.0, tenant.root.agreement.0].concat();
                    let make = "INSERT INTO tenants (id, root) VALUES (?1, ?2)";
                    connection.execute(make, params![tenant.id.as_bytes(), root])?;
                    Ok(())
                }
            }
        })
    }

    fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        self.read(|connection| {
            let mut find = connection.prepare_cached("SELECT id, root FROM tenants ORDER BY number")?;
            Ok(find.query_map([], tenant_row)?.collect::<Result<_, _>>()?)
        })
    }

    fn lineage(&self) -> Result<Option<LineageId>, StoreError> {
        self.read(lineage)
    }

    fn renew_lineage(&self, before: Option<LineageId>, next: LineageId) -> Result<LineageId, StoreError> {
        self.writer.write(move |connection| match lineage(connection)? {
            Some(present) if Some(present) != before => Ok(present),
            _ => {
                connection.execute("UPDATE meta SET lineage = ?1", [next.as_bytes()])?;
                Ok(next)
            }
        })
    }

    fn position(&self, tenant: TenantId) -> Result<u64, StoreError> {
        self.of(tenant, |rows| rows.position())
    }

    fn register(&self, tenant: TenantId) -> Result<Vec<Segment>, StoreError> {
        self.of(tenant, |rows| rows.register())
    }

    fn rebirths(&self, tenant: TenantId) -> Result<Vec<Segment>, StoreError> {
        self.of(tenant, |rows| rows.rebirths())
    }

    fn holdings(&self, tenant: TenantId, asked: &[(ChainId, u64)]) -> Result<Vec<Holding>, StoreError> {
        self.read(|connection| {
            let mut rows = Rows::of(connection, tenant)?;
            let mut holding = |(chain, seq): &(ChainId, u64)| match rows.find_chain(*chain)? {
                None => Ok(Holding { end: Link::EMPTY, last: 0, asked: None }),
                Some(row) => {
                    let held = if *seq > row.last { None } else { rows.held(row.number, *seq)? };
                    Ok(Holding { end: row.end, last: row.last, asked: held.map(|held| held.hash) })
                }
            };
            asked.iter().map(&mut holding).collect()
        })
    }

    fn accept(
        &self,
        tenant: TenantId,
        now: i64,
        offers: Vec<Offer>,
    ) -> Result<Vec<Result<Taken, Refusal>>, StoreError> {
        self.writer.write(move |connection| {
            let mut rows = Rows::of(connection, tenant)?;
            ledger::accept(&mut rows, tenant, now, offers)
        })
    }

    fn erase(&self, tenant: TenantId, erased: &Erased) -> Result<u64, StoreError> {
        let erased = erased.clone();
        let dropped =
            self.writer.write(move |connection| ledger::erase(&mut Rows::of(connection, tenant)?, &erased))?;
        self.writer.empty_log_soon();
        // Work of its own, so that the log is emptied before this returns, if no reader is in the way.
        self.writer.write(|_| Ok(()))?;
        Ok(dropped)
    }

    fn erased(&self, tenant: TenantId) -> Result<Erased, StoreError> {
        self.of(tenant, |rows| rows.erased())
    }

    fn read(
        &self,
        tenant: TenantId,
        reader: Reader,
        from: Option<Point>,
        budget: usize,
    ) -> Result<Reading, StoreError> {
        self.of(tenant, |rows| rows.read(reader, from, budget))
    }

    fn put_enrolment(
        &self,
        tenant: TenantId,
        chain: ChainId,
        invitation: [u8; 16],
        bytes: &[u8],
        now: i64,
    ) -> Result<(), StoreError> {
        let bytes = bytes.to_vec();
        self.writer
            .write(move |connection| put_enrolment(&Rows::of(connection, tenant)?, chain, invitation, &bytes, now))
    }

    fn enrolments(&self, tenant: TenantId, now: i64) -> Result<Vec<(ChainId, Vec<u8>)>, StoreError> {
        self.of(tenant, |rows| {
            let mut find = rows.connection.prepare_cached(
                "SELECT chain, request FROM enrolments WHERE tenant = ?1 AND time >= ?2 ORDER BY time, chain",
            )?;
            let oldest = now.saturating_sub(ENROLMENT_LIFE);
            let waiting = |row: &Row<'_>| Ok((ChainId::from_bytes(row.get(0)?), row.get(1)?));
            Ok(find.query_map(params![rows.number, oldest], waiting)?.collect::<Result<_, _>>()?)
        })
    }

    fn drop_enrolments(&self, tenant: TenantId, chains: &[ChainId]) -> Result<(), StoreError> {
        let chains = chains.to_vec();
        self.writer.write(move |connection| {
            let rows = Rows::of(connection, tenant)?;
            let mut drop = connection.prepare_cached("DELETE FROM enrolments WHERE tenant = ?1 AND chain = ?2")?;
            chains.iter().try_for_each(|chain| drop.execute(params![rows.number, chain.as_bytes()]).map(|_| ()))?;
            Ok(())
        })
    }
}
