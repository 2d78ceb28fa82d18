//! Dropping bodies so that their bytes leave the files: `secure_delete` overwrites what a page loses, and the log beside
//! the file is brought over and cut to nothing afterwards.

use super::rows::Rows;
use crate::store::StoreError;
use crate::store::ledger::RecordRow;
use chain::{Entry, Erased, Kind};
use ids::{ChainId, RecordId};
use rusqlite::{Connection, params};
use signing::canonical::{Reader, Writer};
use std::time::Duration;

/// Changes of a record.
const CHANGES: &str = "SELECT place, entry FROM entries WHERE record = ?1 ORDER BY place";

/// Everything else that names a record and has a body; the conditions are those of the index.
const ABOUT: &str = "
    SELECT place, entry FROM entries INDEXED BY entries_about
    WHERE record IS NULL AND substr(hex(substr(entry, 1, 1)), 1, 1) IN ('1', '3', '5', '7')
    AND substr(entry, 2, 16) = ?1 AND place > ?2 AND place < ?3";

/// How long the log waits to be emptied.
const PATIENCE: Duration = Duration::from_millis(500);

const OWN: &str = "SELECT place, entry FROM entries WHERE chain = ?1 AND seq = ?2";

impl Rows<'_> {
    pub fn mark_erased(&self, record: &RecordRow) -> Result<(), StoreError> {
        let mut mark = self.connection.prepare_cached("UPDATE records SET erased = 1 WHERE number = ?1")?;
        mark.execute([record.number])?;
        Ok(())
    }

    pub fn mark_erased_entry(&self, chain: u64, seq: u64) -> Result<(), StoreError> {
        let mut mark =
            self.connection.prepare_cached("INSERT OR IGNORE INTO erased_entries (chain, seq) VALUES (?1, ?2)")?;
        mark.execute(params![chain, seq])?;
        Ok(())
    }

    pub fn drop_bodies_about(&self, record: &RecordRow, id: RecordId) -> Result<u64, StoreError> {
        let bounds = [self.place(0), (self.number + 1) << super::rows::POSITION_BITS];
        let changes = self.drop_bodies(CHANGES, params![record.number], |_| true)?;
        Ok(changes + self.drop_bodies(ABOUT, params![id.as_bytes(), bounds[0], bounds[1]], |_| true)?)
    }

    pub fn drop_body_of_own(&self, chain: u64, seq: u64) -> Result<u64, StoreError> {
        self.drop_bodies(OWN, params![chain, seq], |entry| entry.header.kind == Kind::OWN)
    }

    fn drop_bodies(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        covered: impl Fn(&Entry) -> bool,
    ) -> Result<u64, StoreError> {
        let mut find = self.connection.prepare_cached(sql)?;
        let found = find.query_map(values, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        let found = found.collect::<Result<Vec<_>, _>>()?;
        let mut dropped = 0;
        for (place, bytes) in found {
            let read = Entry::read(&mut Reader::new(&bytes));
            let entry = read.map_err(|error| StoreError::Damaged(error.to_string()))?;
            if entry.body.bytes().is_none() || !covered(&entry) {
                continue;
            }
            let mut left = Writer::new();
            entry.without_body().write(&mut left);
            let mut keep = self.connection.prepare_cached("UPDATE entries SET entry = ?2 WHERE place = ?1")?;
            keep.execute(params![place, left.finish()])?;
            dropped += 1;
        }
        Ok(dropped)
    }

    pub fn erased(&self) -> Result<Erased, StoreError> {
        let mut records = self.connection.prepare_cached("SELECT id FROM records WHERE tenant = ?1 AND erased = 1")?;
        let records = records.query_map([self.number], |row| Ok(RecordId::from_bytes(row.get(0)?)))?;
        let mut entries = self.connection.prepare_cached(
            "SELECT c.id, e.seq FROM erased_entries e JOIN chains c ON c.number = e.chain WHERE c.tenant = ?1",
        )?;
        let entries = entries.query_map([self.number], |row| Ok((ChainId::from_bytes(row.get(0)?), row.get(1)?)))?;
        Ok(Erased { records: records.collect::<Result<_, _>>()?, entries: entries.collect::<Result<_, _>>()? })
    }
}

/// Brings the log over to the file and cuts it to nothing. False if readers held it up: then it is due again. Waits for
/// them only so long that new work is not held up.
pub(super) fn empty_log(connection: &Connection) -> Result<bool, StoreError> {
    connection.busy_timeout(PATIENCE)?;
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    connection.busy_timeout(super::open::PATIENCE)?;
    Ok(busy? == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_a_record_is_found_by_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let connection = crate::store::sqlite::open::writer(&folder.path().join("hub.db")).unwrap();
        for sql in [CHANGES, ABOUT, OWN] {
            let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let nulls = vec![rusqlite::types::Null; explain.parameter_count()];
            let plan = explain.query_map(rusqlite::params_from_iter(nulls), |row| row.get::<_, String>(3)).unwrap();
            let plan: Vec<String> = plan.map(Result::unwrap).collect();
            assert!(plan.iter().all(|step| step.starts_with("SEARCH")), "{plan:?}");
        }
    }
}
