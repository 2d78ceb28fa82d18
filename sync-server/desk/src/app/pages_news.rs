//! What changed on a list since its page was made: of each row, and what came to it.

use super::accounts::Rank;
use super::{Desk, DeskError, QueueLine, QueueQuery};
use ids::RecordId;

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Requests that are in the list and were not on it.
    pub came: u64,
    /// The list has grown shorter.
    pub fewer: bool,
    /// The rows of the page as they are now.
    pub rows: Vec<RowNews>,
}

/// A row of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowNews {
    /// As it is now.
    pub line: QueueLine,
    /// It belongs into the list no more.
    pub gone: bool,
}

impl Desk {
    /// How often what pages show has changed since the desk was opened.
    pub fn version(&self) -> u64 {
        *self.changed.borrow()
    }

    /// What changed on a list that had `total` rows, of which a page shows those with these numbers.
    pub fn news(&self, by: &str, query: &QueueQuery, total: u64, numbers: &[String]) -> Result<News, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let records: Vec<RecordId> = self.peer.read(|view| {
            let mut found = Vec::new();
            for number in numbers.iter().take(500) {
                let row = match number.parse() {
                    Ok(id) => view.row(id)?,
                    Err(_) => view.by_number(number)?,
                };
                found.extend(row.map(|row| row.record));
            }
            Ok(found)
        })?;
        let mut filter = self.filter(by, query)?;
        // Whether somebody is among those who asked for something is told by a search, which is noted, and not by the way.
        let searched = !filter.words.is_empty();
        let (now, shown) = self.peer.read(|view| {
            let now = if searched { total } else { view.count(&filter)? };
            filter.records = Some(records.clone());
            Ok((now, view.list(&filter, peer::Order::Oldest, 0, records.len())?))
        })?;
        let still: Vec<RecordId> = shown.iter().map(|row| row.record).collect();
        let gone = (records.len() - still.len()) as u64;
        let mut rows = Vec::with_capacity(records.len());
        for (record, line) in self.lines_of(by, &records)? {
            rows.push(RowNews { line, gone: !still.contains(&record) });
        }
        let came = if searched { 0 } else { now.saturating_sub(total.saturating_sub(gone)) };
        Ok(News { came, fewer: now < total, rows })
    }
}
