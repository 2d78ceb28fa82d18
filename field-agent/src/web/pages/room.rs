//! «Звільнити валізу»: what may leave the laptop, and what left it.

use crate::app::{AppError, DueRow, GivenUpRow};
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer, redirect};
use crate::web::posted::{Pairs, value};
use crate::web::readable;
use askama::Template;
use axum::Form;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use clock::Time;
use pages::{Cell, Column, ErrorSummary, Field, Notice, Page, Row, Table, Texts, Tone, address, format};

#[derive(Template)]
#[template(path = "room.html")]
struct RoomPage {
    page: Page,
    words: String,
    days: Field,
    due: Table,
    gone: Table,
    /// Something may leave.
    any: bool,
    asked: String,
    /// How much of what left is here as sealed bytes.
    sealed: String,
}

/// `?days=7` shows what is closed for longer than a week; `?done=3` says how many left.
pub async fn show(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    let query = query.unwrap_or_default();
    let days = address::value(&query, "days").unwrap_or_default();
    let done = address::value(&query, "done").and_then(|count| count.parse::<u64>().ok());
    page(&officer, &days, done, None).await
}

/// Lets it leave.
pub async fn make(officer: Officer, Form(pairs): Form<Pairs>) -> Answer {
    let typed = value(&pairs, "days").to_owned();
    let asked = match days(&typed) {
        Ok(asked) => asked,
        Err(error) => return page(&officer, &typed, None, Some(error)).await,
    };
    match officer.try_ask(move |agent| agent.make_room(asked)).await? {
        Ok(gone) => Ok(redirect(&format!("/room?done={gone}"), None)),
        Err(error) => page(&officer, &typed, None, Some(error)).await,
    }
}

/// Nothing typed: as the centre set.
fn days(typed: &str) -> Result<Option<u16>, AppError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| {
        AppError::input("впишіть кількість днів цифрами, від 0 до 730", "write the number of days in digits, 0 to 730")
    })
}

async fn page(officer: &Officer, typed: &str, done: Option<u64>, error: Option<AppError>) -> Answer {
    let t = officer.t;
    let (asked, error) = match (days(typed), error) {
        (Ok(asked), error) => (asked, error),
        (Err(wrong), error) => (None, error.or(Some(wrong))),
    };
    let (room, error) = match officer.try_ask(move |agent| agent.room(asked)).await? {
        Ok(room) => (Some(room), error),
        Err(wrong) => (None, error.or(Some(wrong))),
    };
    let mut page = officer.page(t.text("room-title"), "/exchange").await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page.errors = error.map(|error| ErrorSummary::plain(t, readable::of_error(t.lang, &error)));
    if let Some(done) = done {
        page.notices.push(Notice::new(Tone::Ok, t.count("room-done", done)));
    }
    let kept = room.as_ref().map_or(0, |room| room.kept_days);
    let sealed = room.as_ref().map(|room| (room.sealed, room.bare)).filter(|counts| *counts != (0, 0));
    let sealed = sealed.map_or_else(String::new, |(sealed, bare)| {
        t.say("room-sealed", &[("sealed", sealed.into()), ("bare", bare.into())])
    });
    let (due, gone, total) = room.map_or_else(Default::default, |room| (room.due, room.given_up, room.given_up_total));
    let field = Field::digits(t, "days", t.text("room-days")).wide(5).optional().value(typed);
    let view = RoomPage {
        page,
        words: t.count("room-words", u64::from(kept)),
        days: field.hint(t.text("room-days-hint")),
        any: !due.is_empty(),
        due: due_table(t, &due),
        gone: gone_table(t, &gone, total),
        asked: typed.to_owned(),
        sealed,
    };
    Ok(html(status, &view))
}

fn due_table(t: Texts, due: &[DueRow]) -> Table {
    let row = |one: &DueRow| {
        let kind = t.text(&format!("room-{}", one.kind));
        Row {
            cells: vec![
                Cell::Lines(if one.number.is_empty() { kind.clone() } else { one.number.clone() }, kind),
                Cell::Text(one.title.clone()),
                Cell::Text(format::date_time(Time(one.changed))),
                Cell::Text(t.text(&format!("room-why-{}", one.why.replace('_', "-")))),
            ],
            marked: false,
        }
    };
    let columns = ["column-number", "column-applicant", "room-column-changed", "room-column-why"];
    Table {
        t,
        caption: t.text("room-due"),
        quiet_caption: false,
        columns: columns.map(|phrase| Column::new(t.text(phrase))).into(),
        rows: due.iter().map(row).collect(),
        empty: t.text("room-nothing"),
    }
}

fn gone_table(t: Texts, gone: &[GivenUpRow], total: u64) -> Table {
    let row = |one: &GivenUpRow| Row {
        cells: vec![
            Cell::Text(if one.number.is_empty() { "—".to_owned() } else { one.number.clone() }),
            Cell::Text(t.text(&format!("room-why-{}", one.why.replace('_', "-")))),
            Cell::Text(format::date_time(Time(one.at))),
        ],
        marked: false,
    };
    let columns = ["column-number", "room-column-why", "room-column-gone"];
    Table {
        t,
        caption: t.count("room-gone", total),
        quiet_caption: false,
        columns: columns.map(|phrase| Column::new(t.text(phrase))).into(),
        rows: gone.iter().map(row).collect(),
        empty: t.text("room-none-gone"),
    }
}
