//! «Кінець зміни»: what is left, or the statement that nothing is; and numbers that were not used.

use crate::app::{AppError, ShiftEnd, ShiftLeft, ShiftOver};
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer, redirect};
use crate::web::posted::{Pairs, value};
use crate::web::readable::{self, capital, either};
use askama::Template;
use axum::Form;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use clock::Time;
use pages::{
    Cell, Column, ErrorSummary, Field, Notice, Page, PaperPage, Row, SummaryGroup, SummaryList, Table, Texts, Tone,
    address, format,
};

#[derive(Template)]
#[template(path = "shift.html")]
struct Shift {
    page: Page,
    todo: Vec<String>,
    items: Option<Table>,
    drafts: Vec<(String, String)>,
    stay: Option<Field>,
    over: Option<Over>,
    query: &'static str,
}

struct Over {
    facts: SummaryList,
    code: String,
}

fn drafts_stay(query: Option<String>) -> bool {
    address::value(&query.unwrap_or_default(), "drafts").is_some()
}

/// How the shift stands.
pub async fn show(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    let t = officer.t;
    let stay = drafts_stay(query);
    let end = officer.ask(move |agent| agent.end_of_shift(stay)).await?;
    let mut page = officer.page(t.text("endshift"), "/exchange").await?;
    let query = if stay { "?drafts=stay" } else { "" };
    let nothing =
        Shift { page: page.clone(), todo: Vec::new(), items: None, drafts: Vec::new(), stay: None, over: None, query };
    let shift = match end {
        ShiftEnd::Left(left) => {
            page.notices.push(Notice::new(Tone::Wait, t.text("endshift-not-yet")));
            Shift {
                todo: left.todo.iter().map(|(uk, en)| capital(either(t.lang, uk, en))).collect(),
                items: items(t, &left),
                drafts: drafts(t, &left),
                stay: (!left.drafts.is_empty() || stay).then(|| {
                    Field::check(t, "drafts", t.text("endshift-drafts-stay"), stay).hint(t.text("endshift-drafts-why"))
                }),
                page,
                ..nothing
            }
        }
        ShiftEnd::Over(over) => {
            page.notices.push(Notice::new(Tone::Ok, t.text("endshift-over")));
            if !over.remarks.is_empty() {
                page.notices.push(Notice::new(Tone::Wait, t.count("endshift-remarks", over.remarks.len())));
            }
            let facts = facts(t, &over);
            Shift { page, over: Some(Over { facts, code: over.code }), ..nothing }
        }
    };
    Ok(html(StatusCode::OK, &shift))
}

fn items(t: Texts, left: &ShiftLeft) -> Option<Table> {
    let columns = ["column-number", "column-what", "column-state", "column-since"];
    let rows: Vec<Row> = left.items.iter().map(|item| super::exchange::short_line(t, item)).collect();
    (!rows.is_empty()).then(|| Table {
        t,
        caption: t.text("endshift-items"),
        quiet_caption: false,
        columns: columns.map(|phrase| Column::new(t.text(phrase))).into(),
        rows,
        empty: String::new(),
    })
}

/// Address and words of each draft.
fn drafts(t: Texts, left: &ShiftLeft) -> Vec<(String, String)> {
    let unnamed = |who: &str| if who.is_empty() { t.text("draft-unnamed") } else { who.to_owned() };
    let line = |draft: &crate::app::FormDraft| {
        let words = format!("{} · {}", unnamed(&draft.applicant), format::date_time(Time(draft.changed)));
        (format!("/drafts/{}", draft.id), words)
    };
    left.drafts.iter().map(line).collect()
}

fn facts(t: Texts, over: &ShiftOver) -> SummaryList {
    let mut group = SummaryGroup::new(t.text("endshift-facts"), "")
        .row(t.text("endshift-today"), over.today.to_string())
        .row(t.text("endshift-all"), over.requests.to_string())
        .row(t.text("endshift-last"), format!("№ {}", over.last_entry))
        .row(t.text("endshift-anchored"), format::date_time(Time(over.anchored_at)));
    for remark in &over.remarks {
        let label = t.with("entry-number", "seq", remark.seq);
        group = group.row(label, [remark.number.as_str(), &remark.why].join(" ").trim());
    }
    for draft in &over.drafts {
        group = group
            .row(t.text("endshift-drafts"), format!("{} {}", draft.service, format::date_time(Time(draft.changed))));
    }
    SummaryList { t, groups: vec![group] }
}

/// One exchange, then the same page.
pub async fn exchange(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    officer.agent.hurry();
    // The attempt begins at once; a moment later the page has something to say about it.
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    Ok(redirect(if drafts_stay(query) { "/shift?drafts=stay" } else { "/shift" }, None))
}

/// The statement; back to the page that says what is left if there is none.
async fn over(officer: &Officer, stay: bool) -> Result<Option<Box<ShiftOver>>, crate::web::guard::Refused> {
    Ok(match officer.ask(move |agent| agent.end_of_shift(stay)).await? {
        ShiftEnd::Over(over) => Some(over),
        ShiftEnd::Left(_) => None,
    })
}

/// The statement on A4.
pub async fn paper(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    let stay = drafts_stay(query);
    let Some(over) = over(&officer, stay).await? else { return Ok(redirect("/shift", None)) };
    let sheet = officer.ask(move |agent| agent.shift_sheet(&over)).await?;
    let back = if stay { "/shift?drafts=stay" } else { "/shift" }.to_owned();
    Ok(html(StatusCode::OK, &PaperPage { back, ..PaperPage::new(officer.t, false, vec![sheet]) }))
}

/// The statement as a text file.
pub async fn file(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    let Some(over) = over(&officer, drafts_stay(query)).await? else { return Ok(redirect("/shift", None)) };
    let name = format!("valiza-{}-{}.txt", officer.agent.suitcase_number(), officer.agent.today());
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, officer.agent.shift_text(&over)).into_response())
}

#[derive(Template)]
#[template(path = "void.html")]
struct Void {
    page: Page,
    fields: Vec<Field>,
    table: Table,
}

/// Numbers that were not used.
pub async fn numbers(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    let done = address::value(&query.unwrap_or_default(), "done").is_some();
    void_page(&officer, ("", ""), done, None).await
}

/// One more.
pub async fn void(officer: Officer, Form(pairs): Form<Pairs>) -> Answer {
    let (number, reason) = (value(&pairs, "number").to_owned(), value(&pairs, "reason").to_owned());
    let typed = (number.clone(), reason.clone());
    match officer.try_ask(move |agent| agent.void_number(&number, &reason)).await? {
        Ok(_) => Ok(redirect("/numbers?done=1", None)),
        Err(error) => void_page(&officer, (&typed.0, &typed.1), false, Some(error)).await,
    }
}

async fn void_page(officer: &Officer, typed: (&str, &str), done: bool, error: Option<AppError>) -> Answer {
    let t = officer.t;
    let mut page = officer.page(t.text("void-title"), "/exchange").await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page.errors = error.map(|error| ErrorSummary::plain(t, readable::of_error(t.lang, &error)));
    if done {
        page.notices.push(Notice::new(Tone::Ok, t.text("void-done")));
    }
    let fields = vec![
        Field::text(t, "number", t.text("void-number")).value(typed.0),
        Field::text(t, "reason", t.text("void-reason")).value(typed.1).hint(t.text("void-hint")),
    ];
    let all = officer.ask(|agent| agent.voided_numbers()).await?;
    let row = |one: &crate::app::Voided| Row {
        cells: vec![
            Cell::Text(one.number.clone()),
            Cell::Text(one.reason.clone()),
            Cell::Text(format::date_time(Time(one.at))),
        ],
        marked: false,
    };
    let columns = ["column-number", "void-column-reason", "void-column-when"];
    let table = Table {
        t,
        caption: t.text("void-list"),
        quiet_caption: false,
        columns: columns.map(|phrase| Column::new(t.text(phrase))).into(),
        rows: all.iter().map(row).collect(),
        empty: t.text("void-none"),
    };
    Ok(html(status, &Void { page, fields, table }))
}
