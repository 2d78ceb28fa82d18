//! What residents asked and were told on visits: the list, one of them, and the list as a file.

use super::super::ask::{Answer, Ask, Section, said, sentence, status_of};
use super::super::csv;
use super::filters::{Filters, choices};
use super::{Part, facts, parts, show, unread};
use crate::app::{
    ConsultationOutcome, ConsultationPage, ConsultationQuery, ConsultationRow, Desk, DeskError, How, Unread,
};
use ::pages::format::phone;
use ::pages::{
    Cell, Column, ErrorSummary, Page, Pagination, Row, SummaryGroup, SummaryList, SummaryRow, Table, Tag, Texts, Tone,
};
use askama::Template;
use axum::http::StatusCode;

/// Lines of the file at most.
const MOST_LINES: usize = 10_000;
const PER_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "consultations.html")]
struct Shown {
    page: Page,
    filters: Filters,
    are_set: bool,
    officers: Vec<String>,
    suitcases: Vec<(String, String)>,
    outcomes: Vec<(&'static str, String)>,
    table: Table,
    pagination: Pagination,
    total: u64,
    sheet: String,
}

fn query_of(filters: &Filters, desk: &Desk) -> Result<ConsultationQuery, DeskError> {
    let asked = filters.journal(desk)?;
    Ok(ConsultationQuery {
        from: asked.from,
        until: asked.until,
        officer: filters.officer.clone(),
        outcome: filters.state.clone(),
        suitcase: asked.suitcase,
        search: asked.search,
        page: asked.page,
        size: PER_PAGE,
    })
}

/// The list.
pub(crate) async fn list(ask: Ask) -> Answer {
    let filters = Filters::of(&ask);
    let asked = filters.clone();
    let found = ask.work(move |desk, by| desk.consultations(by, &query_of(&asked, desk)?, How::Consultations)).await;
    let (found, error) = match found {
        Ok(found) => (found, None),
        Err(error) => {
            (ConsultationPage { rows: Vec::new(), unread: Vec::new(), total: 0, page: 1, size: PER_PAGE }, Some(error))
        }
    };
    let suitcases = choices(&ask).await?.suitcases;
    let officers = ask.get(|desk, _| desk.consultants()).await?;
    let t = ask.t;
    let mut page = ask.page(t.text("consultations"), Some(Section::Consultations)).await;
    let status = error.as_ref().map_or(StatusCode::OK, |error| status_of(error.kind));
    page.errors = error.map(|error| ErrorSummary::plain(t, sentence(t, &error)));
    page.notices.extend(unread::notice(t, "list-unread", &found.unread));
    let are_set = filters.are_set();
    let shown = Shown {
        page,
        are_set,
        officers,
        suitcases,
        outcomes: ConsultationOutcome::ALL.map(|outcome| (outcome.text(), words_of(t, outcome))).into(),
        table: table(t, &found.rows, are_set),
        pagination: Pagination {
            t,
            path: filters.address("/consultations"),
            page: found.page as u64,
            per_page: found.size as u64,
            total: found.total,
        },
        total: found.total,
        sheet: filters.address("/consultations.csv"),
        filters,
    };
    Ok(show(status, &shown))
}

fn words_of(t: Texts, outcome: ConsultationOutcome) -> String {
    let (uk, en) = outcome.label();
    said(t, uk, en)
}

/// What is still owed stands out.
fn tag(t: Texts, outcome: ConsultationOutcome) -> Tag {
    let tone = if outcome == ConsultationOutcome::Later { Tone::Wait } else { Tone::Plain };
    Tag::new(words_of(t, outcome), tone)
}

/// The service, else what was asked, in one line; and the other in a second one.
fn about(t: Texts, row: &ConsultationRow) -> (String, String) {
    let service = said(t, &row.service.0, &row.service.1);
    if service.is_empty() { (row.topic.clone(), String::new()) } else { (service, row.topic.clone()) }
}

fn address(row: &ConsultationRow) -> String {
    format!("/consultations/{}", row.record)
}

fn place(t: Texts, row: &ConsultationRow) -> String {
    facts::place(t, row.suitcase.and_then(|number| u16::try_from(number).ok()))
}

fn table(t: Texts, rows: &[ConsultationRow], are_set: bool) -> Table {
    let columns = ["consulted-at", "consulted-about", "consulted-answer", "consulted-outcome", "consulted-by"];
    let lines = rows.iter().map(|row| {
        let (first, second) = about(t, row);
        Row {
            cells: vec![
                Cell::Link(address(row), facts::moment(t, row.at)),
                Cell::Lines(first, second),
                Cell::Text(row.answer.clone()),
                Cell::State(tag(t, row.outcome)),
                Cell::Lines(row.officer_name.clone(), place(t, row)),
            ],
            marked: row.outcome == ConsultationOutcome::Later,
        }
    });
    Table {
        t,
        caption: t.text("consultations"),
        quiet_caption: true,
        columns: columns.iter().map(|key| Column::new(t.text(key))).collect(),
        rows: lines.collect(),
        empty: t.text(if are_set { "queue-nothing-found" } else { "consultations-empty" }),
    }
}

/// Where it took place, in words.
fn channel(t: Texts, row: &ConsultationRow) -> String {
    match row.channel.as_str() {
        "visit" | "desk" | "phone" => t.text(&format!("consulted-on-{}", row.channel)),
        other => other.to_owned(),
    }
}

/// What the file and the page of one say, by the keys of their names.
fn answers(t: Texts, row: &ConsultationRow) -> [(&'static str, Vec<String>); 11] {
    let differing = row.differing.iter().map(|(uk, en)| said(t, uk, en)).collect::<Vec<_>>().join(", ");
    let phone = if row.phone.is_empty() { String::new() } else { phone(&row.phone) };
    [
        ("consulted-at", vec![facts::moment(t, row.at)]),
        ("consulted-where", vec![channel(t, row), place(t, row)]),
        ("consulted-by", vec![row.officer_name.clone(), row.officer.clone()]),
        ("consulted-who", vec![row.who.clone()]),
        ("consulted-phone", vec![phone]),
        ("consulted-service", vec![said(t, &row.service.0, &row.service.1)]),
        ("consulted-topic", row.topic.lines().map(str::to_owned).collect()),
        ("consulted-outcome", vec![words_of(t, row.outcome)]),
        ("consulted-answer", row.answer.lines().map(str::to_owned).collect()),
        ("consulted-notes", row.notes.clone()),
        ("consulted-differing", vec![differing]),
    ]
}

/// One consultation.
pub(crate) async fn one(ask: Ask) -> Answer {
    let record = ask.param("record");
    let row = ask.get(move |desk, by| desk.consultation(by, &record)).await?;
    let t = ask.t;
    let title = t.with("consultation-of", "time", facts::moment(t, row.at));
    let page = ask.page(title, Some(Section::Consultations)).await;
    let rows = answers(t, &row).into_iter().map(|(key, value)| SummaryRow {
        label: t.text(key),
        value: value.into_iter().filter(|line| !line.is_empty()).collect(),
        remark: String::new(),
        change: String::new(),
    });
    let group = SummaryGroup { title: t.text("consultation-recorded"), change: String::new(), rows: rows.collect() };
    let back = Part::Link("/consultations".into(), t.text("to-consultations"));
    Ok(parts(StatusCode::OK, page, vec![Part::Facts(SummaryList { t, groups: vec![group] }), back]))
}

/// The list as a file, the newest first.
pub(crate) async fn sheet(ask: Ask) -> Answer {
    let filters = Filters::of(&ask);
    let rows = ask
        .get(move |desk, by| {
            let query = ConsultationQuery { size: csv::AT_ONCE, ..query_of(&filters, desk)? };
            desk.consultations_fit(by, &query, MOST_LINES)?;
            csv::every_page(MOST_LINES, |page| {
                let query = ConsultationQuery { page, ..query.clone() };
                let found = desk.consultations(by, &query, How::ConsultationFile)?;
                Unread::none_of(&found.unread)?;
                Ok(found.rows)
            })
        })
        .await?;
    let t = ask.t;
    let heads = ["at", "where", "by", "who", "phone", "service", "topic", "outcome", "answer", "notes", "differing"];
    let mut lines = vec![heads.map(|key| t.text(&format!("consulted-{key}"))).to_vec()];
    lines.extend(rows.iter().map(|row| {
        let filled = |value: Vec<String>| value.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>();
        answers(t, row).into_iter().map(|(_, value)| filled(value).join("; ")).collect::<Vec<_>>()
    }));
    Ok(csv::file("consultations", &lines))
}
