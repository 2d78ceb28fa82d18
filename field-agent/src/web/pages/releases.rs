//! «Випуски каталогу»: which one counts fees and terms today, which is next and from when, what changes in words, and
//! which were not taken and why.

use crate::app::ReleaseRow;
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer};
use crate::web::readable::{self, either};
use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use pages::{Cell, Column, Notice, Page, Row, Table, Tag, Texts, Tone, address};

#[derive(Template)]
#[template(path = "releases.html")]
struct ReleasesPage {
    page: Page,
    table: Table,
    /// What the difference is between: two numbers in words; empty if there is nothing to compare.
    between: String,
    changes: Vec<String>,
}

/// The page. `?from=1&to=2` compares two of them; else the one in force with the one after it, or before it.
pub async fn show(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    let t = officer.t;
    let query = query.unwrap_or_default();
    let number = |name: &str| address::value(&query, name).and_then(|text| text.parse::<u32>().ok());
    let asked = number("from").zip(number("to"));
    let (rows, refused, compared) = officer
        .ask(move |agent| {
            let rows = agent.releases();
            let pair = asked.or_else(|| compared(&rows));
            let changes = pair.map(|(from, to)| agent.release_changes(from, to).map(|changes| (from, to, changes)));
            Ok((rows, agent.refused_releases(), changes.transpose()?))
        })
        .await?;
    let mut page = officer.page(t.text("releases-title"), "/exchange").await?;
    for one in &refused {
        let words = either(t.lang, &one.uk, &one.en);
        page.notices.push(Notice::new(Tone::Stop, words).title(t.text("release-refused")));
    }
    if let Some(next) = rows.iter().rev().find(|row| row.planned) {
        let values = [("n", next.number.into()), ("date", readable::day(&next.effective_from).into())];
        page.notices.push(Notice::new(Tone::Plain, t.say("release-next", &values)));
    }
    let (between, changes) = match compared {
        None => (String::new(), Vec::new()),
        Some((from, to, changes)) => {
            let values = [("from", from.into()), ("to", to.into())];
            let words = changes.iter().map(|change| {
                let words = change.words();
                either(t.lang, &words.uk, &words.en).to_owned()
            });
            (t.say("release-difference", &values), words.collect())
        }
    };
    Ok(html(StatusCode::OK, &ReleasesPage { page, table: table(t, &rows), between, changes }))
}

/// The two that an officer wants to compare: what comes with what is, else what is with what was. The newest first.
fn compared(rows: &[ReleaseRow]) -> Option<(u32, u32)> {
    let place = rows.iter().position(|row| row.in_force)?;
    let number = |place: usize| rows.get(place).map(|row| row.number);
    let next = place.checked_sub(1).and_then(number);
    match (next, number(place), number(place + 1)) {
        (Some(next), Some(now), _) => Some((now, next)),
        (None, Some(now), Some(before)) => Some((before, now)),
        _ => None,
    }
}

fn table(t: Texts, rows: &[ReleaseRow]) -> Table {
    let columns = ["column-release", "column-from", "column-state", "column-services", "column-difference"];
    let older = |place: usize| rows.get(place + 1).map(|row| row.number);
    let line = |(place, row): (usize, &ReleaseRow)| {
        let state = match row {
            ReleaseRow { in_force: true, .. } => Tag::new(t.text("release-in-force"), Tone::Ok),
            ReleaseRow { planned: true, .. } => Tag::new(t.text("release-planned"), Tone::Wait),
            ReleaseRow { trial: true, .. } => Tag::new(t.text("release-trial"), Tone::Wait),
            _ => Tag::new(t.text("release-past"), Tone::Plain),
        };
        let number = t.with("release-number", "n", row.number);
        let compare = match older(place) {
            Some(older) => {
                let to = format!("/releases?from={older}&to={}", row.number);
                Cell::Link(to, t.with("release-compare", "n", older))
            }
            None => Cell::Text(t.text("release-first")),
        };
        let trial = if row.trial { t.text("release-trial-here") } else { String::new() };
        Row {
            cells: vec![
                Cell::Lines(number, trial),
                Cell::Text(readable::day(&row.effective_from)),
                Cell::State(state),
                Cell::Text(row.services.to_string()),
                compare,
            ],
            marked: false,
        }
    };
    Table {
        t,
        caption: t.text("releases-caption"),
        quiet_caption: true,
        columns: columns.map(|phrase| Column::new(t.text(phrase))).into(),
        rows: rows.iter().enumerate().map(line).collect(),
        empty: String::new(),
    }
}
