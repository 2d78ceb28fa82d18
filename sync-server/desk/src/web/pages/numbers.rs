//! The register of receipt numbers: its page and its file.

use super::super::ask::{Answer, Ask, Section, sentence, status_of};
use super::super::csv;
use super::{facts, filters, show};
use crate::app::{DeskError, NumberPage, NumberQuery, NumberRow, NumberState, typed_day};
use ::pages::{Cell, Column, ErrorSummary, Notice, Page, Pagination, Row, Table, Tag, Texts, Tone, address, format};
use askama::Template;
use axum::http::StatusCode;

/// Lines of the file at most.
const MOST_LINES: usize = 100_000;

#[derive(Template)]
#[template(path = "numbers.html")]
struct Shown {
    page: Page,
    asked: Asked,
    suitcases: Vec<(String, String)>,
    states: Vec<(&'static str, String)>,
    counts: String,
    table: Table,
    pagination: Pagination,
    sheet: String,
}

/// What the address says.
#[derive(Debug, Clone)]
struct Asked {
    suitcase: String,
    from: String,
    to: String,
    state: String,
    page: String,
}

impl Asked {
    fn of(ask: &Ask) -> Self {
        let [suitcase, from, to, state, page] = ["suitcase", "from", "to", "state", "page"].map(|name| ask.query(name));
        Self { suitcase, from, to, state, page }
    }

    fn address(&self, path: &str) -> String {
        let values = [("suitcase", &self.suitcase), ("from", &self.from), ("to", &self.to), ("state", &self.state)];
        let filled = values.into_iter().filter(|(_, value)| !value.is_empty());
        filled.fold(path.to_owned(), |address, (name, value)| address::with(&address, name, value))
    }

    fn are_set(&self) -> bool {
        [&self.suitcase, &self.from, &self.to, &self.state].iter().any(|text| !text.is_empty())
    }

    fn query(&self) -> Result<NumberQuery, DeskError> {
        let day = |text: &str| if text.is_empty() { Ok(None) } else { typed_day(text).map(Some) };
        Ok(NumberQuery {
            suitcase: self.suitcase.parse().ok(),
            from: day(&self.from)?,
            to: day(&self.to)?,
            state: NumberState::from_text(&self.state),
            page: self.page.parse().unwrap_or(1),
            size: 100,
        })
    }
}

/// The page.
pub(crate) async fn list(ask: Ask) -> Answer {
    let asked = Asked::of(&ask);
    let wanted = asked.clone();
    let found = ask.work(move |desk, by| desk.numbers(by, &wanted.query()?)).await;
    let (found, error) = match found {
        Ok(found) => (found, None),
        Err(error) => (NumberPage { page: 1, size: 100, ..NumberPage::default() }, Some(error)),
    };
    let suitcases = filters::choices(&ask).await?.suitcases;
    let t = ask.t;
    let mut page = ask.page(t.text("numbers"), Some(Section::Journal)).await;
    let status = error.as_ref().map_or(StatusCode::OK, |error| status_of(error.kind));
    page.errors = error.map(|error| ErrorSummary::plain(t, sentence(t, &error)));
    for (suitcase, n) in &found.missing {
        let words = t.say("numbers-missing", &[("suitcase", (*suitcase).into()), ("n", (*n).into())]);
        page.notices.push(Notice::new(Tone::Wait, words));
    }
    page.notices.extend(found.not_opened.iter().map(|one| Notice::new(Tone::Wait, not_opened(t, *one))));
    let [used, void, doubtful] = found.counts;
    let counts =
        t.say("numbers-counts", &[("used", used.into()), ("void", void.into()), ("doubtful", doubtful.into())]);
    let pagination = Pagination {
        t,
        path: asked.address("/numbers"),
        page: found.page as u64,
        per_page: found.size as u64,
        total: found.total,
    };
    let shown = Shown {
        page,
        suitcases,
        states: NumberState::ALL.map(|state| (state.text(), state_words(t, state))).into(),
        counts,
        table: table(t, &found.rows),
        pagination,
        sheet: asked.address("/numbers.csv"),
        asked,
    };
    Ok(show(status, &shown))
}

/// What the register cannot say of a suitcase, because more is set aside than is opened for a page.
fn not_opened(t: Texts, (suitcase, n): (u16, u64)) -> String {
    t.say("numbers-not-opened", &[("suitcase", suitcase.into()), ("n", n.into())])
}

fn state_words(t: Texts, state: NumberState) -> String {
    t.text(&format!("number-{}", state.text()))
}

/// Why it is void, why it is in doubt.
fn why(t: Texts, row: &NumberRow) -> String {
    let doubts = row.doubts.iter().map(|doubt| t.text(&format!("doubt-{}", doubt.text())));
    let reason = Some(row.reason.clone()).filter(|reason| !reason.is_empty());
    let erased = row.erased.then(|| t.text("number-erased"));
    reason.into_iter().chain(erased).chain(doubts).collect::<Vec<_>>().join("; ")
}

fn entries(row: &NumberRow) -> String {
    row.entries.iter().map(|seq| format!("№ {seq}")).collect::<Vec<_>>().join(", ")
}

fn day(row: &NumberRow) -> String {
    row.day.map(format::civil).unwrap_or_default()
}

fn table(t: Texts, rows: &[NumberRow]) -> Table {
    let columns = ["number-number", "col-suitcase", "number-day", "number-state", "number-entry", "number-why"];
    let tone = |state| match state {
        NumberState::Used => Tone::Ok,
        NumberState::Void => Tone::Plain,
        NumberState::Doubtful => Tone::Stop,
    };
    let line = |row: &NumberRow| Row {
        cells: vec![
            match row.requests {
                _ if row.erased => Cell::Text(row.number.clone()),
                0 => Cell::Text(row.number.clone()),
                _ => Cell::Link(facts::request_address(&row.number), row.number.clone()),
            },
            Cell::Text(if row.suitcase == 0 { String::new() } else { row.suitcase.to_string() }),
            Cell::Text(day(row)),
            Cell::State(Tag::new(state_words(t, row.state), tone(row.state))),
            Cell::Text(entries(row)),
            Cell::Text(why(t, row)),
        ],
        marked: row.state == NumberState::Doubtful,
    };
    Table {
        t,
        caption: t.text("numbers-caption"),
        quiet_caption: true,
        columns: columns.iter().map(|key| Column::new(t.text(key))).collect(),
        rows: rows.iter().map(line).collect(),
        empty: t.text("numbers-empty"),
    }
}

/// The register as a file.
pub(crate) async fn sheet(ask: Ask) -> Answer {
    let asked = Asked::of(&ask);
    let (rows, unknown) = ask
        .get(move |desk, by| {
            let query = NumberQuery { size: csv::AT_ONCE, ..asked.query()? };
            let mut unknown = Vec::new();
            let rows = csv::every_page(MOST_LINES, |page| {
                let found = desk.numbers(by, &NumberQuery { page, ..query.clone() })?;
                unknown = found.not_opened;
                Ok::<_, DeskError>(found.rows)
            })?;
            Ok((rows, unknown))
        })
        .await?;
    let t = ask.t;
    let heads = ["number-number", "col-suitcase", "number-day", "number-state", "number-entry", "number-why"];
    let mut lines = vec![heads.iter().map(|key| t.text(key)).collect::<Vec<_>>()];
    lines.extend(rows.iter().map(|row| {
        let suitcase = if row.suitcase == 0 { String::new() } else { row.suitcase.to_string() };
        vec![row.number.clone(), suitcase, day(row), state_words(t, row.state), entries(row), why(t, row)]
    }));
    // A file has no notice above it: what it cannot say stands in its last lines.
    lines.extend(unknown.into_iter().map(|one| {
        let mut line = vec![String::new(); heads.len()];
        (line[1], line[heads.len() - 1]) = (one.0.to_string(), not_opened(t, one));
        line
    }));
    Ok(csv::file("numbers", &lines))
}
