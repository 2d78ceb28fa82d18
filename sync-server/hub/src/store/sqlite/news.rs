//! What readers get.

use super::rows::Rows;
use crate::store::reading::{Collector, Row, join};
use crate::store::{EVERYBODY, Point, Reader, Reading, StoreError};
use chain::{Entry, Kind, Segment};
use ids::ChainId;
use rusqlite::{OptionalExtension, params};
use signing::Hash;
use signing::canonical;

const INBOX: &str = "
    SELECT i.position, i.nth, c.id, e.seq, e.prev, e.hash, e.entry
    FROM inbox i CROSS JOIN entries e ON e.place = i.place CROSS JOIN chains c ON c.number = e.chain
    WHERE i.peer = ?1 AND (i.position, i.nth) > (?2, ?3) ORDER BY i.position, i.nth";

const FIRST_WAITING: &str = "
    SELECT position, nth FROM inbox WHERE peer = ?1 AND (position, nth) > (?2, ?3) ORDER BY position, nth LIMIT 1";

/// The log without two chains' entries after `?3`.
const LOG: &str = "
    SELECT e.place, c.id, e.seq, e.prev, e.hash, e.entry FROM entries e CROSS JOIN chains c ON c.number = e.chain
    WHERE e.place > ?1 AND e.place <= ?2 AND (e.place <= ?3 OR e.chain NOT IN (?4, ?5)) ORDER BY e.place";

const REGISTER: &str = "
    SELECT e.place, c.id, e.seq, e.prev, e.hash, e.entry
    FROM chains c JOIN entries e ON e.chain = c.number AND e.seq <= c.end_seq
    WHERE c.tenant = ?1 AND c.register = 1 ORDER BY c.number, e.seq";

/// The first entries of a community's chains that are of one kind, which the low bits of an entry's first byte tell.
const FIRST_OF_KIND: &str = "
    SELECT e.place, c.id, e.seq, e.prev, e.hash, e.entry FROM chains c JOIN entries e ON e.chain = c.number AND e.seq = 1
    WHERE c.tenant = ?1 AND substr(hex(substr(e.entry, 1, 1)), 2, 1) = ?2 ORDER BY c.number";

fn row(point: Point, row: &rusqlite::Row<'_>, first: usize) -> Result<Row, StoreError> {
    let bytes = row.get_ref(first + 4)?.as_blob().map_err(|error| StoreError::Damaged(error.to_string()))?;
    let entry = Entry::read(&mut canonical::Reader::new(bytes));
    Ok(Row {
        point,
        chain: ChainId::from_bytes(row.get(first)?),
        seq: row.get(first + 1)?,
        prev: Hash(row.get(first + 2)?),
        hash: Hash(row.get(first + 3)?),
        entry: entry.map_err(|error| StoreError::Damaged(error.to_string()))?,
    })
}

/// The next row of [`INBOX`].
fn next(rows: &mut rusqlite::Rows<'_>) -> Result<Option<Row>, StoreError> {
    let Some(found) = rows.next()? else { return Ok(None) };
    let point = Point { position: found.get(0)?, index: found.get(1)? };
    row(point, found, 2).map(Some)
}

impl Rows<'_> {
    pub fn read(&self, reader: Reader, from: Option<Point>, budget: usize) -> Result<Reading, StoreError> {
        let end = self.position()?;
        let from = from.filter(|from| from.position <= end);
        let start = from.unwrap_or_default();
        let everybody = self.number_of(EVERYBODY)?;
        match reader {
            Reader::Suitcase(chain) => {
                let mut collector = Collector::new(start, budget, None);
                self.inbox([self.number_of(chain)?, everybody], start, &mut collector)?;
                Ok(collector.finish())
            }
            Reader::RegisterOnly(chain) => {
                let mut collector = Collector::new(start, budget, self.first_waiting(chain, start)?);
                self.inbox([0, everybody], start, &mut collector)?;
                Ok(collector.finish())
            }
            Reader::Desk { register, case } => {
                let own_until = from.map_or(end, |from| from.index);
                let mut collector = Collector::new(Point { position: start.position, index: 0 }, budget, None);
                self.log([register, case], start.position, own_until, &mut collector)?;
                Ok(collector.finish_log(end, own_until))
            }
        }
    }

    /// 0, which is nobody's number, for a chain that is not known.
    fn number_of(&self, chain: ChainId) -> Result<u64, StoreError> {
        Ok(self.find_chain(chain)?.map_or(0, |row| row.number))
    }

    /// Two inboxes merged, each read only as far as the budget goes. Number 0 is nobody's.
    fn inbox(&self, [a, b]: [u64; 2], from: Point, collector: &mut Collector) -> Result<(), StoreError> {
        let index = from.index.min(i64::MAX as u64);
        let mut find = [self.connection.prepare_cached(INBOX)?, self.connection.prepare_cached(INBOX)?];
        let [first, second] = &mut find;
        let mut first = first.query(params![a, from.position, index])?;
        let mut second = second.query(params![b, from.position, index])?;
        let (mut one, mut other) = (next(&mut first)?, next(&mut second)?);
        loop {
            let earlier = match (&one, &other) {
                (Some(one), Some(other)) => one.point < other.point,
                (one, _) => one.is_some(),
            };
            let found = match earlier {
                true => std::mem::replace(&mut one, next(&mut first)?),
                false if other.is_some() => std::mem::replace(&mut other, next(&mut second)?),
                false => None,
            };
            if !found.is_some_and(|found| collector.add(found)) {
                return Ok(());
            }
        }
    }

    fn first_waiting(&self, reader: ChainId, from: Point) -> Result<Option<Point>, StoreError> {
        let mut find = self.connection.prepare_cached(FIRST_WAITING)?;
        let after = params![self.number_of(reader)?, from.position, from.index.min(i64::MAX as u64)];
        let point = |row: &rusqlite::Row<'_>| Ok(Point { position: row.get(0)?, index: row.get(1)? });
        Ok(find.query_row(after, point).optional()?)
    }

    fn log(&self, own: [ChainId; 2], from: u64, own_until: u64, collector: &mut Collector) -> Result<(), StoreError> {
        let mut find = self.connection.prepare_cached(LOG)?;
        let [a, b] = [self.number_of(own[0])?, self.number_of(own[1])?];
        let bounds = [self.place(from), self.place(u64::MAX), self.place(own_until)];
        let mut rows = find.query(params![bounds[0], bounds[1], bounds[2], a, b])?;
        while let Some(found) = rows.next()? {
            let point = Point { position: self.position_of(found.get(0)?), index: 0 };
            if !collector.add(row(point, found, 1)?) {
                break;
            }
        }
        Ok(())
    }

    pub fn register(&self) -> Result<Vec<Segment>, StoreError> {
        self.segments(REGISTER, params![self.number])
    }

    pub fn rebirths(&self) -> Result<Vec<Segment>, StoreError> {
        self.segments(FIRST_OF_KIND, params![self.number, format!("{:X}", Kind::REBIRTH.code())])
    }

    fn segments(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<Segment>, StoreError> {
        let mut find = self.connection.prepare_cached(sql)?;
        let mut rows = find.query(values)?;
        let mut found = Vec::new();
        while let Some(entry) = rows.next()? {
            found.push(row(Point::default(), entry, 1)?);
        }
        Ok(join(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader far behind asks for a small piece: what it costs must not grow with what waits.
    #[test]
    fn no_question_sorts_or_scans_what_waits() {
        let folder = tempfile::tempdir().unwrap();
        let connection = crate::store::sqlite::open::writer(&folder.path().join("hub.db")).unwrap();
        for sql in [INBOX, FIRST_WAITING, LOG] {
            let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let nulls = vec![rusqlite::types::Null; explain.parameter_count()];
            let plan = explain.query_map(rusqlite::params_from_iter(nulls), |row| row.get::<_, String>(3)).unwrap();
            let plan: Vec<String> = plan.map(Result::unwrap).collect();
            let slow = plan.iter().any(|step| step.contains("TEMP B-TREE") || step.contains("MATERIALIZE"));
            let scans = plan.iter().any(|step| step.starts_with("SCAN") && !step.starts_with("SCAN i"));
            assert!(!slow && !scans, "{plan:#?}");
        }
    }
}
