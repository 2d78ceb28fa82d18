//! «Обмін»: what has not reached the centre, how the last attempt went, when the next one is.

use crate::app::{ListQuery, SyncState, Where};
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer, redirect};
use crate::web::readable;
use askama::Template;
use axum::http::StatusCode;
use clock::Time;
use pages::{Cell, Column, Notice, Page, Row, SummaryGroup, SummaryList, Table, Texts, Tone, address, format};

/// The most rows shown; the list of requests has the others.
const MOST: usize = 100;

#[derive(Template)]
#[template(path = "exchange.html")]
struct Exchange {
    page: Page,
    contact: SummaryList,
    table: Table,
}

/// The page.
pub async fn show(officer: Officer) -> Answer {
    let t = officer.t;
    let (status, rows) = officer
        .ask(|agent| {
            let all = ListQuery { limit: usize::MAX >> 1, ..ListQuery::default() };
            let rows = agent.list(&all)?.0.into_iter().filter(|row| row.place != Where::AtCentre).take(MOST);
            Ok((agent.status()?, rows.collect::<Vec<_>>()))
        })
        .await?;
    let state = officer.agent.sync_state().borrow().clone();
    let mut page = officer.page(t.text("nav-exchange"), "/exchange").await?;
    for refusal in &status.refusals {
        page.notices.push(Notice::new(Tone::Stop, both(t, refusal)).title(t.text("hub-refused")));
    }
    for aside in &status.set_aside {
        let notice =
            Notice::new(Tone::Stop, both(t, &aside.why)).title(t.with("set-aside-of", "number", &aside.number));
        let known = !aside.number.is_empty();
        let link = format!("/requests/{}", address::encode(&aside.number));
        page.notices.push(if known { notice.link(link, t.text("open")) } else { notice });
    }
    let contact = SummaryList { t, groups: vec![contact(t, &status, &state)] };
    Ok(html(StatusCode::OK, &Exchange { page, contact, table: table(t, &rows) }))
}

/// Sentences of the core say both languages.
fn both(t: Texts, sentence: &str) -> String {
    let (uk, en) = sentence.split_once(" / ").unwrap_or((sentence, sentence));
    readable::capital(readable::either(t.lang, uk, en))
}

fn contact(t: Texts, status: &crate::app::Status, state: &SyncState) -> SummaryGroup {
    let last = state.succeeded.or(status.last_contact);
    let last = last.map_or_else(|| t.text("never"), |at| format::date_time(Time(at)));
    let attempt = match (&state.trouble, state.working) {
        (_, true) => t.text("sending-now"),
        (Some(trouble), _) => both(t, trouble),
        (None, _) => {
            t.say("last-attempt-good", &[("sent", state.last.sent.into()), ("received", state.last.received.into())])
        }
    };
    let next = if state.working { String::new() } else { t.count("next-attempt", state.next_in.div_ceil(1_000)) };
    let waiting = t.say(
        "entries-wait",
        &[("n", status.waiting_entries.into()), ("size", format::bytes(status.waiting_bytes, t.lang).into())],
    );
    SummaryGroup::new(t.text("contact"), "")
        .row(t.text("waits"), waiting)
        .row(t.text("last-success"), last)
        .row(t.text("last-attempt"), attempt)
        .row(t.text("next-attempt-label"), next)
        .row(t.text("hub-address"), status.hub.as_str())
}

fn table(t: Texts, rows: &[crate::app::ListRow]) -> Table {
    let row = |row: &crate::app::ListRow| Row {
        cells: vec![
            Cell::Link(format!("/requests/{}", address::encode(&row.number)), row.number.clone()),
            Cell::Lines(row.service_name.clone(), row.applicant.clone()),
            Cell::State(super::requests::place_tag(t.lang, row.place)),
            Cell::Text(format::date_time(Time(row.changed))),
        ],
        marked: false,
    };
    let columns = ["column-number", "column-what", "column-place", "column-since"];
    Table {
        t,
        caption: t.text("exchange-caption"),
        quiet_caption: true,
        columns: columns.map(|phrase| Column::new(t.text(phrase))).into(),
        rows: rows.iter().map(row).collect(),
        empty: t.text("all-at-centre"),
    }
}

/// «Спробувати зараз».
pub async fn now(officer: Officer) -> Answer {
    officer.agent.hurry();
    // The attempt begins at once; a moment later the page has something to say about it.
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    Ok(redirect("/exchange", None))
}
