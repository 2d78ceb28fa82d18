//! One tenant's rows inside a transaction.

use crate::store::StoreError;
use crate::store::ledger::{ChainRow, GrantRow, Ledger, RecordRow};
use chain::{Held, Kind, Link, Verified};
use ids::{ChainId, RecordId, TenantId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use signing::Hash;
use signing::canonical::Writer;

/// Bits of a place that are the position.
pub(super) const POSITION_BITS: u32 = 50;

/// The rows of tenant `number`.
pub(super) struct Rows<'a> {
    pub connection: &'a Connection,
    pub number: i64,
}

impl<'a> Rows<'a> {
    pub fn of(connection: &'a Connection, tenant: TenantId) -> Result<Self, StoreError> {
        let mut find = connection.prepare_cached("SELECT number FROM tenants WHERE id = ?1")?;
        let number = find.query_row([tenant.as_bytes()], |row| row.get(0)).optional()?;
        Ok(Self { connection, number: number.ok_or(StoreError::UnknownTenant)? })
    }

    /// Where the tenant's entry with this position stands in the table.
    pub fn place(&self, position: u64) -> i64 {
        self.number << POSITION_BITS | position.min((1 << POSITION_BITS) - 1) as i64
    }

    pub fn position_of(&self, place: i64) -> u64 {
        (place - (self.number << POSITION_BITS)) as u64
    }

    pub fn position(&self) -> Result<u64, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT position FROM tenants WHERE number = ?1")?;
        Ok(find.query_row([self.number], |row| row.get(0))?)
    }

    pub fn find_chain(&self, chain: ChainId) -> Result<Option<ChainRow>, StoreError> {
        let mut find = self.connection.prepare_cached(
            "SELECT number, end_seq, end_hash, last, hour, taken, bytes, register FROM chains WHERE tenant = ?1 AND id = ?2",
        )?;
        Ok(find.query_row(params![self.number, chain.as_bytes()], chain_row).optional()?)
    }
}

fn chain_row(row: &Row<'_>) -> rusqlite::Result<ChainRow> {
    Ok(ChainRow {
        number: row.get(0)?,
        end: Link { seq: row.get(1)?, hash: Hash(row.get(2)?) },
        last: row.get(3)?,
        hour: row.get(4)?,
        taken: row.get(5)?,
        bytes: row.get(6)?,
        register: row.get(7)?,
    })
}

impl Ledger for Rows<'_> {
    fn position(&mut self) -> Result<u64, StoreError> {
        Rows::position(self)
    }

    fn keep_position(&mut self, position: u64) -> Result<(), StoreError> {
        let mut keep = self.connection.prepare_cached("UPDATE tenants SET position = ?2 WHERE number = ?1")?;
        keep.execute(params![self.number, position])?;
        Ok(())
    }

    fn chain(&mut self, chain: ChainId) -> Result<ChainRow, StoreError> {
        if let Some(row) = self.find_chain(chain)? {
            return Ok(row);
        }
        let mut make =
            self.connection.prepare_cached("INSERT INTO chains (tenant, id, end_hash) VALUES (?1, ?2, ?3)")?;
        let number = make.insert(params![self.number, chain.as_bytes(), Hash::ZERO.0])? as u64;
        Ok(ChainRow { number, end: Link::EMPTY, last: 0, hour: 0, taken: 0, bytes: 0, register: false })
    }

    fn keep_chain(&mut self, row: &ChainRow) -> Result<(), StoreError> {
        let mut keep = self.connection.prepare_cached(
            "UPDATE chains SET end_seq = ?2, end_hash = ?3, last = ?4, hour = ?5, taken = ?6, bytes = ?7, register = ?8
             WHERE number = ?1",
        )?;
        let ChainRow { number, end, last, hour, taken, bytes, register } = row;
        keep.execute(params![number, end.seq, end.hash.0, last, hour, taken, bytes, register])?;
        Ok(())
    }

    fn held(&mut self, chain: u64, seq: u64) -> Result<Option<Held>, StoreError> {
        let mut find =
            self.connection.prepare_cached("SELECT hash, prev FROM entries WHERE chain = ?1 AND seq = ?2")?;
        let held = |row: &Row<'_>| Ok(Held { hash: Hash(row.get(0)?), prev: Hash(row.get(1)?) });
        Ok(find.query_row(params![chain, seq], held).optional()?)
    }

    fn record(&mut self, record: RecordId, creator: Option<u64>) -> Result<RecordRow, StoreError> {
        let mut find = self
            .connection
            .prepare_cached("SELECT number, creator, shared, erased FROM records WHERE tenant = ?1 AND id = ?2")?;
        let known = |row: &Row<'_>| {
            Ok(RecordRow { number: row.get(0)?, creator: row.get(1)?, shared: row.get(2)?, erased: row.get(3)? })
        };
        let Some(mut row) = find.query_row(params![self.number, record.as_bytes()], known).optional()? else {
            let mut make =
                self.connection.prepare_cached("INSERT INTO records (tenant, id, creator) VALUES (?1, ?2, ?3)")?;
            let number = make.insert(params![self.number, record.as_bytes(), creator])? as u64;
            return Ok(RecordRow { number, creator, shared: false, erased: false });
        };
        if row.creator.is_none() && creator.is_some() {
            let mut keep = self.connection.prepare_cached("UPDATE records SET creator = ?2 WHERE number = ?1")?;
            keep.execute(params![row.number, creator])?;
            row.creator = creator;
        }
        Ok(row)
    }

    fn insert(&mut self, position: u64, chain: u64, record: Option<u64>, entry: &Verified) -> Result<(), StoreError> {
        let mut bytes = Writer::with_capacity(entry.entry.size());
        entry.entry.write(&mut bytes);
        let record = record.filter(|_| entry.entry.header.kind == Kind::CHANGE);
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO entries (place, chain, seq, record, prev, hash, entry) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let (place, seq) = (self.place(position), entry.place.seq);
        insert.execute(params![place, chain, seq, record, entry.place.prev.0, entry.hash.0, bytes.finish()])?;
        Ok(())
    }

    fn grant(&mut self, record: u64, peer: u64) -> Result<Option<GrantRow>, StoreError> {
        let mut find =
            self.connection.prepare_cached("SELECT by, seq, open FROM grants WHERE record = ?1 AND peer = ?2")?;
        let grant = |row: &Row<'_>| Ok(GrantRow { by: row.get(0)?, seq: row.get(1)?, open: row.get(2)? });
        Ok(find.query_row(params![record, peer], grant).optional()?)
    }

    fn keep_grant(&mut self, record: u64, peer: u64, grant: GrantRow) -> Result<(), StoreError> {
        let mut keep = self.connection.prepare_cached(
            "INSERT INTO grants (record, peer, by, seq, open) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (record, peer) DO UPDATE SET by = excluded.by, seq = excluded.seq, open = excluded.open",
        )?;
        keep.execute(params![record, peer, grant.by, grant.seq, grant.open])?;
        if grant.open {
            let mut share = self.connection.prepare_cached("UPDATE records SET shared = 1 WHERE number = ?1")?;
            share.execute([record])?;
        }
        Ok(())
    }

    fn readers(&mut self, record: u64) -> Result<Vec<u64>, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT peer FROM grants WHERE record = ?1 AND open = 1")?;
        Ok(find.query_map([record], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    fn changes(&mut self, record: u64, except: Option<u64>) -> Result<Vec<u64>, StoreError> {
        let mut find = self
            .connection
            .prepare_cached("SELECT place FROM entries WHERE record = ?1 AND chain IS NOT ?2 ORDER BY place")?;
        let places = find.query_map(params![record, except], |row| row.get::<_, i64>(0))?;
        Ok(places.map(|place| place.map(|place| self.position_of(place))).collect::<Result<_, _>>()?)
    }

    fn is_erased(&mut self, record: RecordId) -> Result<bool, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT erased FROM records WHERE tenant = ?1 AND id = ?2")?;
        let erased = find.query_row(params![self.number, record.as_bytes()], |row| row.get(0)).optional()?;
        Ok(erased.unwrap_or(false))
    }

    fn erase_record(&mut self, record: &RecordRow, id: RecordId) -> Result<u64, StoreError> {
        self.mark_erased(record)?;
        self.drop_bodies_about(record, id)
    }

    fn erase_entry(&mut self, chain: u64, seq: u64) -> Result<u64, StoreError> {
        self.mark_erased_entry(chain, seq)?;
        self.drop_body_of_own(chain, seq)
    }

    fn is_erased_entry(&mut self, chain: u64, seq: u64) -> Result<bool, StoreError> {
        let mut find = self.connection.prepare_cached("SELECT 1 FROM erased_entries WHERE chain = ?1 AND seq = ?2")?;
        Ok(find.query_row(params![chain, seq], |_| Ok(())).optional()?.is_some())
    }

    fn deliver(&mut self, peer: u64, cause: u64, index: u64, position: u64) -> Result<(), StoreError> {
        let mut deliver =
            self.connection.prepare_cached("INSERT INTO inbox (peer, position, nth, place) VALUES (?1, ?2, ?3, ?4)")?;
        deliver.execute(params![peer, cause, index, self.place(position)])?;
        Ok(())
    }
}
