//! Who did and saw what, for administrators: all of it, or about one request.

use super::super::ask::{Answer, Ask, Section, sentence, status_of};
use super::super::csv;
use super::filters::moment;
use super::{facts, show};
use crate::app::{Desk, DeskError, TracePage, TraceQuery, TraceRow};
use ::pages::{Cell, Column, ErrorSummary, Page, Pagination, Row, Table, Texts, address};
use askama::Template;
use axum::http::StatusCode;

/// Lines of the file at most.
const MOST_LINES: usize = 20_000;

#[derive(Template)]
#[template(path = "audit.html")]
struct Shown {
    page: Page,
    asked: Asked,
    people: Vec<(String, String)>,
    table: Table,
    pagination: Pagination,
    sheet: String,
}

/// What the address says.
#[derive(Debug, Clone)]
struct Asked {
    by: String,
    what: String,
    number: String,
    from: String,
    to: String,
    page: String,
}

impl Asked {
    fn of(ask: &Ask) -> Self {
        let [by, what, number, from, to, page] =
            ["by", "what", "number", "from", "to", "page"].map(|name| ask.query(name));
        Self { by, what, number, from, to, page }
    }

    fn address(&self, path: &str) -> String {
        let values =
            [("by", &self.by), ("what", &self.what), ("number", &self.number), ("from", &self.from), ("to", &self.to)];
        let filled = values.into_iter().filter(|(_, value)| !value.is_empty());
        filled.fold(path.to_owned(), |address, (name, value)| address::with(&address, name, value))
    }

    fn query(&self, desk: &Desk) -> Result<TraceQuery, DeskError> {
        Ok(TraceQuery {
            by: self.by.clone(),
            what: self.what.clone(),
            number: self.number.clone(),
            from: moment(&self.from, |day| desk.start_of_day(day))?,
            until: moment(&self.to, |day| desk.end_of_day(day))?,
            page: self.page.parse().unwrap_or(1),
            size: 100,
        })
    }
}

/// The list.
pub(crate) async fn audit(ask: Ask) -> Answer {
    let asked = Asked::of(&ask);
    let wanted = asked.clone();
    let found = ask.work(move |desk, by| desk.traces(by, &wanted.query(desk)?)).await;
    let (found, error) = match found {
        Ok(found) => (found, None),
        Err(error) => (TracePage { rows: Vec::new(), total: 0, page: 1, size: 100 }, Some(error)),
    };
    let people = ask.get(|desk, _| desk.clerks()).await?;
    let t = ask.t;
    let mut page = ask.page(t.text("audit"), Some(Section::Audit)).await;
    let status = error.as_ref().map_or(StatusCode::OK, |error| status_of(error.kind));
    page.errors = error.map(|error| ErrorSummary::plain(t, sentence(t, &error)));
    let here = asked.address("/audit");
    let shown = Shown {
        page,
        people,
        table: table(t, &found.rows),
        pagination: Pagination {
            t,
            path: here,
            page: found.page as u64,
            per_page: found.size as u64,
            total: found.total,
        },
        sheet: asked.address("/audit.csv"),
        asked,
    };
    Ok(show(status, &shown))
}

/// What somebody did or saw, in words.
fn words(t: Texts, row: &TraceRow) -> String {
    let key = format!("trace-{}", row.trace.what.replace('_', "-"));
    let words = t.text(&key);
    // A later version may write kinds that this one has no words for.
    if words.contains('⟦') { row.trace.what.clone() } else { words }
}

/// Who it was; what nobody did, the centre did by itself.
fn name(t: Texts, row: &TraceRow) -> String {
    if row.trace.by.is_empty() { t.text("trace-the-desk") } else { row.name.clone() }
}

/// Which record, where it has no number.
fn record(row: &TraceRow) -> String {
    row.trace.record.map(|record| record.to_string()).unwrap_or_default()
}

fn table(t: Texts, rows: &[TraceRow]) -> Table {
    let columns = ["trace-at", "trace-by", "trace-what", "trace-request", "trace-about"];
    let lines = rows.iter().map(|row| Row {
        cells: vec![
            Cell::Text(facts::moment(t, row.trace.at)),
            Cell::Lines(name(t, row), if row.name == row.trace.by { String::new() } else { row.trace.by.clone() }),
            Cell::Text(words(t, row)),
            match (&row.number, &row.consultation) {
                (Some(number), _) => Cell::Link(facts::request_address(number), number.clone()),
                (None, Some(record)) => Cell::Link(format!("/consultations/{record}"), t.text("consultation")),
                (None, None) if row.is_resident => Cell::Lines(t.text("trace-resident"), record(row)),
                (None, None) => Cell::Text(String::new()),
            },
            Cell::Text(row.trace.about.clone()),
        ],
        marked: false,
    });
    Table {
        t,
        caption: t.text("audit-caption"),
        quiet_caption: false,
        columns: columns.iter().map(|key| Column::new(t.text(key))).collect(),
        rows: lines.collect(),
        empty: t.text("audit-empty"),
    }
}

/// The list as a file.
pub(crate) async fn sheet(ask: Ask) -> Answer {
    let asked = Asked::of(&ask);
    let rows = ask
        .get(move |desk, by| {
            let query = TraceQuery { size: csv::AT_ONCE, ..asked.query(desk)? };
            desk.take_audit_along(by, &asked.address("/audit.csv"))?;
            csv::every_page(MOST_LINES, |page| Ok(desk.traces(by, &TraceQuery { page, ..query.clone() })?.rows))
        })
        .await?;
    let t = ask.t;
    let heads = ["trace-at", "trace-by", "trace-login", "trace-what", "trace-request", "trace-about"];
    let mut lines = vec![heads.iter().map(|key| t.text(key)).collect::<Vec<_>>()];
    lines.extend(rows.iter().map(|row| {
        let resident = row.is_resident.then(|| format!("{} {}", t.text("trace-resident"), record(row)));
        let number = row.number.clone().or_else(|| row.consultation.clone()).or(resident).unwrap_or_default();
        let (by, about) = (row.trace.by.clone(), row.trace.about.clone());
        vec![facts::moment(t, row.trace.at), name(t, row), by, words(t, row), number, about]
    }));
    Ok(csv::file("audit", &lines))
}
