//! The queue as its page shows it: each row with its term in working days, the age of its suitcase's news, and who took
//! it.

use super::accounts::Rank;
use super::routing::name_of;
use super::{Desk, DeskError, QueueQuery, QueueRow};
use crate::store;
use clock::Time;
use ids::RecordId;
use std::collections::{BTreeMap, BTreeSet};

/// A row of the queue with what the page says beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueLine {
    /// The row.
    pub row: QueueRow,
    /// Working days until «передати до»; 0 is today, less is overdue. `None` where nothing has to be handed over.
    pub days_left: Option<i32>,
    /// Who has it, by name or else login; empty for nobody.
    pub taken_by: String,
    /// The clerk who asks has it.
    pub mine: bool,
    /// When the newest entry of its suitcase arrived, ms since 1970; `None` for the centre's own and before any.
    pub heard_at: Option<i64>,
    /// May a clerk take it now?
    pub takeable: bool,
}

/// A page of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueLines {
    /// Its rows.
    pub lines: Vec<QueueLine>,
    /// Rows of all pages together.
    pub total: u64,
    /// Which page, from 1.
    pub page: usize,
    /// Rows of a page.
    pub size: usize,
}

impl Desk {
    /// A page of the queue with everything its table says.
    pub fn queue_lines(&self, by: &str, query: &QueueQuery) -> Result<QueueLines, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let page = self.queue(by, query)?;
        let lines = self.lines(by, page.rows)?;
        Ok(QueueLines { lines, total: page.total, page: page.page, size: page.size })
    }

    fn lines(&self, by: &str, rows: Vec<QueueRow>) -> Result<Vec<QueueLine>, DeskError> {
        let heard = self.heard_of_suitcases()?;
        let names = self.names()?;
        let line = |row: QueueRow| QueueLine {
            days_left: self.working_days_until(&row.handover_due),
            taken_by: if row.holder.is_empty() { String::new() } else { name_of(&names, &row.holder) },
            mine: row.holder == by,
            heard_at: row.suitcase.and_then(|number| heard.get(&number).copied()),
            takeable: row.holder.is_empty() && !row.closed,
            row,
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// The lines of records, as they are now; of those that are gone there is none.
    pub(crate) fn lines_of(&self, by: &str, records: &[RecordId]) -> Result<Vec<(RecordId, QueueLine)>, DeskError> {
        let rows = self.peer.read(|view| {
            let found: Result<Vec<_>, _> = records.iter().map(|record| view.row(*record)).collect();
            Ok(found?.into_iter().flatten().collect::<Vec<_>>())
        })?;
        let ids: Vec<RecordId> = rows.iter().map(|row| row.record).collect();
        let rows = self.queue_rows(rows)?;
        Ok(ids.into_iter().zip(self.lines(by, rows)?).collect())
    }

    /// When each suitcase was heard of last, by number; of several chains with one number the newest counts.
    fn heard_of_suitcases(&self) -> Result<BTreeMap<u16, i64>, DeskError> {
        let register = self.peer.register()?;
        let mut heard: BTreeMap<u16, i64> = BTreeMap::new();
        self.peer.read(|view| {
            for suitcase in register.suitcases() {
                if let Some((_, at)) = store::newest_arrival(view.connection(), suitcase.chain)? {
                    let newest = heard.entry(suitcase.number).or_insert(at);
                    *newest = at.max(*newest);
                }
            }
            Ok(())
        })?;
        Ok(heard)
    }

    /// Working days from today to a day `YYYY-MM-DD`: 0 for today, negative once it is over. `None` if it is no day.
    pub(crate) fn working_days_until(&self, day: &str) -> Option<i32> {
        let due = day.parse().ok()?;
        let (calendar, mut at) = (self.calendar(), self.now().kyiv()?.date());
        let mut days = 0;
        // A year of waiting is told as a year: the count only has to say how urgent it is.
        while at < due && days < 366 {
            at = at.tomorrow().ok()?;
            days += i32::from(calendar.is_working(at));
        }
        while at > due && days > -366 {
            days -= i32::from(calendar.is_working(at));
            at = at.yesterday().ok()?;
        }
        Some(days)
    }

    /// The first moment of a day `YYYY-MM-DD` in Kyiv, ms since 1970. `None` if it is no day.
    pub fn start_of_day(&self, day: &str) -> Option<i64> {
        let noon = self.now().kyiv()?.with().date(day.parse().ok()?).build().ok()?;
        Some(noon.start_of_day().ok()?.timestamp().as_millisecond())
    }

    /// The first moment after a day `YYYY-MM-DD` in Kyiv, ms since 1970. `None` if it is no day.
    pub fn end_of_day(&self, day: &str) -> Option<i64> {
        let next = Time(self.start_of_day(day)?).kyiv()?.tomorrow().ok()?.start_of_day().ok()?;
        Some(next.timestamp().as_millisecond())
    }

    /// Numbers of all suitcases, ascending.
    pub fn suitcase_numbers(&self) -> Result<Vec<u16>, DeskError> {
        let numbers: BTreeSet<u16> = self.peer.register()?.suitcases().map(|suitcase| suitcase.number).collect();
        Ok(numbers.into_iter().collect())
    }

    /// Logins of all officers who recorded requests.
    pub fn officers(&self) -> Result<Vec<String>, DeskError> {
        Ok(self.peer.read(|view| view.officers(records::Kind::Request))?)
    }

    /// Logins and names of all accounts, by login.
    pub fn clerks(&self) -> Result<Vec<(String, String)>, DeskError> {
        let names = self.names()?;
        Ok(names.keys().map(|login| (login.clone(), name_of(&names, login))).collect())
    }

    /// Slugs and names (Ukrainian, English) of all services of the catalogue, for the filter.
    pub fn service_names(&self) -> Vec<(String, (String, String))> {
        let services = self.catalogue().services().iter();
        services.map(|service| (service.slug.clone(), (service.name.uk.clone(), service.name.en.clone()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;
    use crate::app::Answer;

    #[test]
    fn a_line_says_its_term_its_news_and_who_took_it() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let number = suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        let first =
            |town: &testing::Town| town.desk.queue_lines("admin", &QueueQuery::default()).unwrap().lines.remove(0);
        let line = first(&town);
        // Taken on a Saturday: the next working day is Monday.
        assert_eq!((line.row.handover_due.as_str(), line.days_left), ("2026-11-23", Some(1)));
        assert_eq!(line.heard_at, Some(town.clock_now()));
        assert!(line.takeable && line.taken_by.is_empty());
        town.desk.answer("admin", &number, Answer::Accept).unwrap();
        let line = first(&town);
        assert_eq!(line.taken_by, "Адміністратор");
        assert!(!line.takeable);
        town.clock.advance(std::time::Duration::from_secs(4 * 24 * 3600));
        assert_eq!(first(&town).days_left, Some(-2));
    }

    #[test]
    fn days_begin_and_end_in_kyiv() {
        let town = testing::town();
        let (from, to) = (town.desk.start_of_day("2026-11-21").unwrap(), town.desk.end_of_day("2026-11-21").unwrap());
        assert_eq!(to - from, 24 * 3600 * 1000);
        assert!(from < town.clock_now() && town.clock_now() < to);
        assert_eq!(town.desk.start_of_day("21.11.2026"), None);
        assert_eq!(town.desk.end_of_day("2026-02-30"), None);
    }
}
