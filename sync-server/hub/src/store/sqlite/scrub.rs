//! The same checks as of a copy, of the hub's own database while it works: entries in small slices, one after the other
//! in the order in which they came, and what follows from them with as many pauses as the caller makes.

use super::copy::Checked;
use super::rows::Rows;
use super::{derived, open, tenant_row};
use crate::hub::meet_all;
use crate::store::{StoreError, Tenant};
use chain::{ChainHead, Entry, Link, Place, Register};
use ids::ChainId;
use rusqlite::{Connection, OptionalExtension, Row, params};
use signing::Hash;
use signing::canonical::Reader;

/// A connection of its own, and the registers as they were when the cycle began.
pub struct Scrub {
    connection: Connection,
    communities: Vec<(Tenant, i64, Register)>,
}

/// A slice of the log that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slice {
    /// From where the next one begins; `None` if this was the last.
    pub next: Option<i64>,
    /// Entries that were looked at.
    pub entries: u64,
    /// One sentence each.
    pub faults: Vec<String>,
}

/// An entry's row as it stands.
struct Found {
    place: i64,
    number: u64,
    seq: u64,
    prev: Hash,
    hash: Hash,
    bytes: Vec<u8>,
    /// Its chain and the community's number.
    chain: Option<(ChainId, i64)>,
}

const SLICE: &str = "
    SELECT e.place, e.chain, e.seq, e.prev, e.hash, e.entry, c.id, c.tenant
    FROM entries e LEFT JOIN chains c ON c.number = e.chain WHERE e.place > ?1 ORDER BY e.place LIMIT ?2";

impl Scrub {
    /// Opens beside the hub.
    pub fn open(path: &std::path::Path) -> Result<Self, StoreError> {
        let mut scrub = Self { connection: open::reader(path)?, communities: Vec::new() };
        scrub.read_registers()?;
        Ok(scrub)
    }

    fn read_registers(&mut self) -> Result<(), StoreError> {
        let mut find = self.connection.prepare("SELECT id, root, number FROM tenants ORDER BY number")?;
        let tenants = find.query_map([], |row| Ok((tenant_row(row)?, row.get(2)?)))?;
        let tenants: Vec<(Tenant, i64)> = tenants.collect::<Result<_, _>>()?;
        drop(find);
        self.communities.clear();
        for (tenant, number) in tenants {
            let rows = Rows { connection: &self.connection, number };
            let mut register = Register::new(tenant.id, tenant.root);
            for segment in rows.register()? {
                // What is wrong with it the slice says that it stands in.
                if register.take(segment).is_err() {
                    break;
                }
            }
            meet_all(&mut register, rows.rebirths()?);
            self.communities.push((tenant, number, register));
        }
        Ok(())
    }

    /// Looks at the next entries behind `after`, at most `most`: their hashes, links, signatures, and whether the index
    /// leads to them.
    pub fn slice(&mut self, after: i64, most: usize) -> Result<Slice, StoreError> {
        let mut find = self.connection.prepare(SLICE)?;
        let row = |row: &Row<'_>| {
            let chain = row.get::<_, Option<[u8; 16]>>(6)?.map(ChainId::from_bytes).zip(row.get(7)?);
            let (prev, hash) = (Hash(row.get(3)?), Hash(row.get(4)?));
            let (place, number, seq) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Found { place, number, seq, prev, hash, bytes: row.get(5)?, chain })
        };
        let found = find.query_map(params![after, most], row)?.collect::<Result<Vec<Found>, _>>()?;
        drop(find);
        // Whoever was certified since the cycle began is known now.
        let unknown = |found: &Found| found.chain.is_some_and(|(chain, tenant)| self.author(chain, tenant).is_none());
        if found.iter().any(unknown) {
            self.read_registers()?;
        }
        let mut slice = Slice { next: found.last().map(|last| last.place), ..Slice::default() };
        slice.next = slice.next.filter(|_| found.len() == most);
        for one in &found {
            slice.entries += 1;
            if let Some(what) = self.wrong(one)? {
                let chain = one.chain.map_or_else(|| "?".to_owned(), |(chain, _)| chain.to_string());
                slice.faults.push(format!("ланцюг {chain}, запис № {}: {what}", one.seq));
            }
        }
        Ok(slice)
    }

    fn author(&self, chain: ChainId, tenant: i64) -> Option<(&Tenant, signing::VerifyingKey)> {
        let (of, _, register) = self.communities.iter().find(|(_, number, _)| *number == tenant)?;
        Some((of, register.author(chain)?))
    }

    fn wrong(&self, found: &Found) -> Result<Option<&'static str>, StoreError> {
        let author = found.chain.and_then(|(chain, tenant)| Some((chain, self.author(chain, tenant)?)));
        let Some((chain, (tenant, author))) = author else {
            return Ok(Some("автора в реєстрі немає / the register names no author"));
        };
        let place = Place { tenant: tenant.id, chain, seq: found.seq, prev: found.prev };
        let Ok(entry) = Entry::read(&mut Reader::new(&found.bytes)) else {
            return Ok(Some("не читається / does not read"));
        };
        if entry.hash(&place) != found.hash {
            return Ok(Some("хеш не збігається / the hash differs"));
        }
        if !entry.is_valid(&place, &author) {
            return Ok(Some("не підписано його автором / not signed by its author"));
        }
        let mut find =
            self.connection.prepare_cached("SELECT place, hash FROM entries WHERE chain = ?1 AND seq = ?2")?;
        let mut at = |seq: u64| {
            let row = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, Hash(row.get(1)?)));
            find.query_row(params![found.number, seq], row).optional()
        };
        if at(found.seq)?.is_none_or(|(place, _)| place != found.place) {
            return Ok(Some("покажчик веде не до нього / the index does not lead to it"));
        }
        let before = if found.seq == 1 { Some((0, Hash::ZERO)) } else { at(found.seq - 1)? };
        if before.is_some_and(|(_, hash)| hash != found.prev) {
            return Ok(Some("не продовжує попередній / does not follow the one before"));
        }
        Ok(None)
    }

    /// Looks at everything else in one view of the database: its pages, and whether who may read what follows from the
    /// entries. `breathe` is called after each entry: it may pause, or end the work with [`StoreError::Busy`].
    pub fn rows(&mut self, breathe: &derived::Breath<'_>) -> Result<Vec<String>, StoreError> {
        self.read_registers()?;
        self.connection.execute_batch("BEGIN DEFERRED")?;
        let found = self.rows_in_view(breathe);
        self.connection.execute_batch("ROLLBACK")?;
        found
    }

    fn rows_in_view(&self, breathe: &derived::Breath<'_>) -> Result<Vec<String>, StoreError> {
        let mut checked = Checked::default();
        checked.faults.extend(super::copy::pages(&self.connection)?);
        match self.communities_in_view(&mut checked, breathe) {
            // A place is known: that the rest does not read is its doing.
            Err(StoreError::Damaged(_)) if !checked.faults.is_empty() => Ok(checked.faults),
            looked => looked.map(|()| checked.faults),
        }
    }

    fn communities_in_view(&self, checked: &mut Checked, breathe: &derived::Breath<'_>) -> Result<(), StoreError> {
        for (tenant, number, register) in &self.communities {
            let rows = Rows { connection: &self.connection, number: *number };
            let mut find = self.connection.prepare("SELECT id, end_seq, end_hash FROM chains WHERE tenant = ?1")?;
            let heads = find.query_map([number], |row| {
                let end = Link { seq: row.get(1)?, hash: Hash(row.get(2)?) };
                Ok(ChainHead { chain: ChainId::from_bytes(row.get(0)?), end })
            })?;
            checked.heads = heads.collect::<Result<_, _>>()?;
            if checked.faults.is_empty() {
                derived::compare(&rows, tenant, register, checked, breathe)?;
            }
        }
        Ok(())
    }
}
