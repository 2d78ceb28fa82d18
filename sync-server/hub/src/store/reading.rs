//! Cuts news to a budget and joins neighbours of one chain into segments.

use super::{Point, Reading};
use chain::{Entry, Segment, limits};
use ids::ChainId;
use signing::Hash;

/// One entry that a reader may have, as an engine finds it.
pub(super) struct Row {
    pub point: Point,
    pub chain: ChainId,
    pub seq: u64,
    pub prev: Hash,
    pub hash: Hash,
    pub entry: Entry,
}

/// Bytes a segment takes beside its entries: chain, from, prev, count.
const SEGMENT_HEAD: usize = 56;

pub(super) struct Collector {
    budget: usize,
    spent: usize,
    ceiling: Option<Point>,
    reading: Reading,
    end: Option<(u64, Hash)>,
}

impl Collector {
    /// Starts after `from`. The point does not move to `ceiling` or beyond it: something waits there that the reader
    /// may not have yet.
    pub fn new(from: Point, budget: usize, ceiling: Option<Point>) -> Self {
        let reading = Reading { segments: Vec::new(), point: from, more: false };
        Self { budget, spent: 0, ceiling, reading, end: None }
    }

    /// False if there is no room: then this entry and all after it wait.
    pub fn add(&mut self, row: Row) -> bool {
        let joined = self.joins(&row);
        let size = row.entry.size() + if joined { 0 } else { SEGMENT_HEAD };
        let room = self.spent + size <= self.budget || (self.spent == 0 && self.budget > 0);
        if !room || (!joined && self.reading.segments.len() >= limits::MESSAGE_SEGMENTS) {
            self.reading.more = true;
            return false;
        }
        self.spent += size;
        self.end = Some((row.seq, row.hash));
        match self.reading.segments.last_mut().filter(|_| joined) {
            Some(segment) => segment.entries.push(row.entry),
            None => {
                let (chain, from, prev) = (row.chain, row.seq, row.prev);
                self.reading.segments.push(Segment { chain, from, prev, entries: vec![row.entry] });
            }
        }
        if self.ceiling.is_none_or(|ceiling| row.point < ceiling) {
            self.reading.point = row.point;
        }
        true
    }

    fn joins(&self, row: &Row) -> bool {
        let last = self.reading.segments.last();
        last.is_some_and(|last| last.chain == row.chain && last.entries.len() < limits::SEGMENT_ENTRIES)
            && self.end.is_some_and(|(seq, hash)| seq + 1 == row.seq && hash == row.prev)
    }

    /// What was collected.
    pub fn finish(self) -> Reading {
        let mut reading = self.reading;
        // A reader that may not go on would ask for ever.
        reading.more &= self.ceiling.is_none();
        reading
    }

    /// As [`Collector::finish`] for a desk, which has then read the log up to `end`.
    pub fn finish_log(self, end: u64, own_until: u64) -> Reading {
        let mut reading = self.reading;
        if !reading.more {
            reading.point.position = reading.point.position.max(end);
        }
        reading.point.index = if reading.point.position < own_until { own_until } else { 0 };
        reading
    }
}

/// All entries of `rows`, joined without a budget, each chain's own rows in order.
pub(super) fn join(rows: impl IntoIterator<Item = Row>) -> Vec<Segment> {
    let mut collector = Collector::new(Point::default(), usize::MAX / 2, None);
    for row in rows {
        if !collector.add(row) {
            break;
        }
    }
    collector.finish().segments
}
