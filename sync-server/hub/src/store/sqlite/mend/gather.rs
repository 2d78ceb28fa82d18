//! Everything in damaged files that might be an entry, held against the ids that it might belong to: what hashes to the
//! hash that stands beside it is as it was written, wherever it was found.

use super::pages::{Pages, Value};
use crate::store::{StoreError, Tenant};
use chain::{EnrolmentRequest, Entry, Fact, Kind, Place};
use ids::ChainId;
use rusqlite::{Connection, Row, params};
use signing::canonical::Reader;
use signing::{DeskCertificate, Hash};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Too much for memory: SQLite's own temporary file, gone with the connection. `loose`: whose chain is not known.
/// `found`: hashes as it should. `kept`: believed.
const SCRATCH: &str = "
    CREATE TABLE loose (id INTEGER PRIMARY KEY, source INTEGER, number INTEGER, place INTEGER, seq INTEGER, prev BLOB,
        hash BLOB, entry BLOB) STRICT;
    CREATE TABLE found (id INTEGER PRIMARY KEY, chain BLOB, seq INTEGER, hash BLOB, prev BLOB, place INTEGER,
        kind INTEGER, entry BLOB, kept INTEGER NOT NULL DEFAULT 0, UNIQUE (chain, seq, hash)) STRICT;
    BEGIN;";

/// A request to be enrolled: chain, when it was asked last, bytes, invitation.
pub(super) type Enrolment = (ChainId, i64, Vec<u8>, Vec<u8>);

/// What damaged files may hold.
pub(super) struct Gathered {
    pub scratch: Connection,
    tenant: Tenant,
    sources: u64,
    /// Which chain a number of one of the files stands for, as rows say that may be damaged.
    ids: BTreeMap<(u64, u64), BTreeSet<ChainId>>,
    /// How far chains went, as rows say that may be damaged.
    pub told: BTreeMap<ChainId, u64>,
    pub enrolments: BTreeMap<ChainId, Enrolment>,
}

/// An entry as it was found.
struct Loose {
    id: i64,
    at: (u64, u64),
    place: i64,
    seq: u64,
    prev: Hash,
    hash: Hash,
    bytes: Vec<u8>,
}

impl Gathered {
    pub fn new(tenant: &Tenant) -> Result<Self, StoreError> {
        let scratch = Connection::open("")?;
        scratch.execute_batch(SCRATCH)?;
        let (ids, told, enrolments) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Ok(Self { scratch, tenant: *tenant, sources: 0, ids, told, enrolments })
    }

    /// Reads a file with the log beside it, and once more without: of a page that stands in both either may be damaged.
    pub fn read(&mut self, path: &Path, log: &Path) -> Result<(), StoreError> {
        let mut pages = Pages::open(path, Some(log))?;
        self.read_pages(&mut pages)?;
        if pages.has_log() {
            self.read_pages(&mut Pages::open(path, None)?)?;
        }
        self.sources += 1;
        Ok(())
    }

    fn read_pages(&mut self, pages: &mut Pages) -> Result<(), StoreError> {
        for number in pages.numbers() {
            for (row, values) in pages.rows(number) {
                self.row(row, &values)?;
            }
        }
        Ok(())
    }

    /// Which table a row is of, its columns tell.
    fn row(&mut self, row: Option<i64>, values: &[Value]) -> Result<(), StoreError> {
        use Value::{Blob, Int, Null};
        match (row, values) {
            (Some(place), [Null, chain, seq, Null | Int(_), prev, hash, Blob(entry)]) => {
                let numbers = (chain.number(), seq.number(), prev.bytes::<32>(), hash.bytes::<32>());
                let (Some(chain), Some(seq), Some(prev), Some(hash)) = numbers else { return Ok(()) };
                let mut keep = self.scratch.prepare_cached(
                    "INSERT INTO loose (source, number, place, seq, prev, hash, entry) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?;
                keep.execute(params![self.sources, chain, place, seq, prev, hash, entry])?;
            }
            (Some(number), [Null, Int(_), id, _, end, last, ..]) if end.bytes::<32>().is_some() => {
                if let (Ok(number), Some(id)) = (u64::try_from(number), id.bytes()) {
                    let chain = ChainId::from_bytes(id);
                    self.ids.entry((self.sources, number)).or_default().insert(chain);
                    let told = self.told.entry(chain).or_default();
                    *told = (*told).max(last.number().unwrap_or(0));
                }
            }
            // Of the index beside the table of chains, and of the one beside that of records, which does no harm.
            (None, [Int(_), id, number]) => {
                if let (Some(number), Some(id)) = (number.number(), id.bytes()) {
                    self.ids.entry((self.sources, number)).or_default().insert(ChainId::from_bytes(id));
                }
            }
            (Some(_), [Int(_), chain, Int(time), Blob(request), Blob(invitation)]) => {
                let chain = chain.bytes().map(ChainId::from_bytes);
                let asked = EnrolmentRequest::decode(request).ok();
                if let (Some(chain), Some(asked)) = (chain, asked)
                    && (asked.chain, asked.tenant) == (chain, self.tenant.id)
                    && (invitation.is_empty() || *invitation == asked.invitation)
                {
                    self.enrolments.insert(chain, (chain, *time, request.clone(), invitation.clone()));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Says whose chain it is of every entry whose number stands for an id under which it hashes as it should.
    pub fn settle(&self) -> Result<(), StoreError> {
        self.settle_by(|at| self.ids.get(&at).into_iter().flatten().copied().collect())
    }

    /// The same of what is left, with ids that the register names. Where the table of chains is gone, nothing says which
    /// number is which; one entry tells for all.
    pub fn settle_with(&mut self, known: &BTreeSet<ChainId>) -> Result<(), StoreError> {
        let mut numbers: BTreeMap<(u64, u64), BTreeSet<ChainId>> = BTreeMap::new();
        self.each_loose(|entry| {
            if !numbers.contains_key(&entry.at)
                && let Some(id) = known.iter().find(|id| self.reads(&entry, **id).is_some())
            {
                numbers.insert(entry.at, BTreeSet::from([*id]));
            }
            Ok(())
        })?;
        self.ids.extend(numbers);
        self.settle()
    }

    /// Chains of desks that entries of whose chains nothing is known begin, vouched for by the root.
    pub fn desks(&self) -> Result<BTreeSet<ChainId>, StoreError> {
        let mut known = BTreeSet::new();
        self.each_loose(|entry| {
            let read = Entry::read(&mut Reader::new(&entry.bytes)).ok();
            let body =
                read.as_ref().filter(|read| read.header.kind == Kind::REGISTER).and_then(|read| read.body.bytes());
            if let Some(Ok(Fact::Desk { certificate, .. })) = body.map(Fact::decode)
                && let Ok(desk) = DeskCertificate::verify(&certificate, &self.tenant.root)
            {
                known.extend([desk.register, desk.case]);
            }
            Ok(())
        })?;
        Ok(known)
    }

    /// The entry, if it hashes to the hash beside it as this chain's.
    fn reads(&self, loose: &Loose, chain: ChainId) -> Option<Entry> {
        let entry = Entry::read(&mut Reader::new(&loose.bytes)).ok()?;
        let place = Place { tenant: self.tenant.id, chain, seq: loose.seq, prev: loose.prev };
        (entry.hash(&place) == loose.hash).then_some(entry)
    }

    fn each_loose(&self, mut work: impl FnMut(Loose) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let mut find =
            self.scratch.prepare("SELECT id, source, number, place, seq, prev, hash, entry FROM loose ORDER BY id")?;
        let loose = |row: &Row<'_>| {
            let (prev, hash) = (Hash(row.get(5)?), Hash(row.get(6)?));
            let at = (row.get(1)?, row.get(2)?);
            Ok(Loose { id: row.get(0)?, at, place: row.get(3)?, seq: row.get(4)?, prev, hash, bytes: row.get(7)? })
        };
        let found = find.query_map([], loose)?;
        found.into_iter().try_for_each(|entry| work(entry?))
    }

    fn settle_by(&self, candidates: impl Fn((u64, u64)) -> Vec<ChainId>) -> Result<(), StoreError> {
        let mut settled = Vec::new();
        self.each_loose(|loose| {
            for chain in candidates(loose.at) {
                let Some(entry) = self.reads(&loose, chain) else { continue };
                let mut keep = self.scratch.prepare_cached(
                    "INSERT OR IGNORE INTO found (chain, seq, hash, prev, place, kind, entry)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?;
                let (kind, prev) = (entry.header.kind.code(), loose.prev.0);
                let values =
                    params![chain.as_bytes(), loose.seq, loose.hash.0, prev, loose.place, kind, loose.bytes.as_slice()];
                keep.execute(values)?;
                settled.push(loose.id);
                break;
            }
            Ok(())
        })?;
        let mut drop = self.scratch.prepare("DELETE FROM loose WHERE id = ?1")?;
        settled.into_iter().try_for_each(|id| drop.execute([id]).map(|_| ()))?;
        Ok(())
    }

    /// Entries that hash as they should.
    pub fn found(&self) -> Result<u64, StoreError> {
        Ok(self.scratch.query_row("SELECT count(*) FROM found", [], |row| row.get(0))?)
    }
}
