//! «Консультації»: the list with its counts, and the short form for one more.

use crate::app::{AppError, ConsultationForm, ConsultationQuery, ConsultationRow, outcomes};
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer, redirect};
use crate::web::posted::{Pairs, value};
use crate::web::readable::{self, either};
use askama::Template;
use axum::Form;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use clock::Time;
use pages::{
    Cell, Column, ErrorSummary, Field, Options, Page, Pagination, Row, Table, Tag, Texts, Tone, address, format,
};

const PER_PAGE: usize = 25;

#[derive(Template)]
#[template(path = "consultations.html")]
struct Consultations {
    page: Page,
    counts: Vec<String>,
    search: String,
    outcome: Field,
    table: Table,
    pages: Pagination,
    owed: Vec<Owed>,
}

/// An answer that is still owed.
struct Owed {
    record: String,
    words: String,
    answer: Field,
}

#[derive(Template)]
#[template(path = "consultation.html")]
struct Consultation {
    page: Page,
    fields: Vec<Field>,
    /// Record of the resident who asks; empty for anybody.
    resident: String,
}

/// The list.
pub async fn show(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    list(&officer, &query.unwrap_or_default(), None, None).await
}

/// `typed`: the record and the answer that could not be kept.
async fn list(officer: &Officer, query: &str, error: Option<AppError>, typed: Option<(&str, &str)>) -> Answer {
    let t = officer.t;
    let asked = |name: &str| address::value(query, name).unwrap_or_default();
    let (search, outcome) = (asked("q"), asked("outcome"));
    let number = asked("page").parse::<u64>().unwrap_or(1).clamp(1, 1_000_000);
    let known = outcomes().any(|(code, _)| code == outcome);
    let wanted = ConsultationQuery {
        search: search.chars().take(200).collect(),
        outcome: if known { outcome.clone() } else { String::new() },
        offset: usize::try_from(number - 1).unwrap_or(0).saturating_mul(PER_PAGE),
        limit: PER_PAGE,
    };
    let ((rows, total), counts) =
        officer.ask(move |agent| Ok((agent.consultations(&wanted)?, agent.consultation_counts()?))).await?;
    let mut page = officer.page(t.text("consultations-title"), "/day").await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page.errors = error.map(|error| ErrorSummary::plain(t, readable::of_error(t.lang, &error)));
    let empty = if query.is_empty() { "no-consultations-yet" } else { "no-such-consultations" };
    let words = outcomes().map(|(code, name)| (code, either(t.lang, name.uk, name.en)));
    let view = Consultations {
        counts: vec![
            t.count("consulted-today", counts.today),
            t.count("consulted-month", counts.month),
            t.count("consulted-all", counts.all),
        ],
        owed: rows.iter().filter(|row| row.outcome == "later").map(|row| owed(t, row, typed)).collect(),
        outcome: Field::select(t, "outcome", t.text("field-outcome"), Options::new(words, &[outcome.as_str()])),
        table: table(t, &rows, t.text(empty)),
        pages: Pagination {
            t,
            path: format!("/consultations?{query}").trim_end_matches('?').to_owned(),
            page: number,
            per_page: PER_PAGE as u64,
            total,
        },
        search,
        page,
    };
    Ok(html(status, &view))
}

fn owed(t: Texts, row: &ConsultationRow, typed: Option<(&str, &str)>) -> Owed {
    let words = [row.who.as_str(), row.about.as_str(), row.phone.as_str()];
    let words = words.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let label = t.with("owed-answer", "who", &words);
    let typed = typed.filter(|(record, _)| *record == row.record).map_or("", |(_, text)| text);
    let answer = Field::text(t, format!("answer-{}", row.record), label).value(typed);
    Owed { answer, record: row.record.clone(), words }
}

fn table(t: Texts, rows: &[ConsultationRow], empty: String) -> Table {
    let columns = ["column-time", "column-about", "column-who", "field-outcome", "column-said", "column-place"];
    let line = |row: &ConsultationRow| {
        let topic = if row.topic == row.about { String::new() } else { row.topic.clone() };
        Row {
            cells: vec![
                Cell::Text(format::date_time(Time(row.created))),
                Cell::Lines(row.about.clone(), topic),
                Cell::Lines(row.who.clone(), row.phone.clone()),
                Cell::State(outcome_tag(t, row)),
                Cell::Text(row.answer.clone()),
                Cell::State(super::requests::place_tag(t.lang, row.place)),
            ],
            marked: row.outcome == "later",
        }
    };
    Table {
        t,
        caption: t.text("consultations-caption"),
        quiet_caption: true,
        columns: columns.map(|phrase| Column::new(t.text(phrase))).into(),
        rows: rows.iter().map(line).collect(),
        empty,
    }
}

/// What came of it, with its colour.
pub fn outcome_tag(t: Texts, row: &ConsultationRow) -> Tag {
    let tone = if row.outcome == "later" { Tone::Wait } else { Tone::Plain };
    Tag::new(either(t.lang, row.outcome_name.uk, row.outcome_name.en), tone)
}

/// The form; from a resident's page it knows who asks.
pub async fn new(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    let record = address::value(&query.unwrap_or_default(), "resident").unwrap_or_default();
    let mut typed = ConsultationForm::default();
    if !record.is_empty() {
        let asked = record.clone();
        let who = officer.ask(move |agent| agent.resident_page(&asked)).await?.who;
        typed = ConsultationForm { resident: record, who: who.name, phone: who.phone, ..typed };
    }
    form(&officer, &typed, None).await
}

async fn form(officer: &Officer, typed: &ConsultationForm, error: Option<AppError>) -> Answer {
    let t = officer.t;
    let mut page = officer.page(t.text("consultation-title"), "/day").await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page.errors = error.map(|error| ErrorSummary::plain(t, readable::of_error(t.lang, &error)));
    let name = officer.agent.service_name(&typed.service);
    let shown = name.map_or_else(String::new, |words| readable::said(t.lang, &words).to_owned());
    let words = outcomes().map(|(code, name)| (code, either(t.lang, name.uk, name.en)));
    let chosen = if typed.outcome.is_empty() { "answered" } else { typed.outcome.as_str() };
    let fields = vec![
        Field::suggest(t, "service", t.text("field-about-service"), "/suggest/services")
            .value(shown)
            .code(typed.service.as_str())
            .hint(t.text("hint-about-service"))
            .optional(),
        Field::text(t, "topic", t.text("field-topic")).value(typed.topic.as_str()).optional(),
        Field::choice(t, "outcome", t.text("field-outcome"), Options::new(words, &[chosen])),
        Field::lines(t, "answer", t.text("field-answer")).value(typed.answer.as_str()).optional(),
        Field::text(t, "who", t.text("field-who")).value(typed.who.as_str()).hint(t.text("hint-who")).optional(),
        Field::phone(t, "phone", t.text("field-phone")).value(typed.phone.as_str()).optional(),
    ];
    Ok(html(status, &Consultation { page, fields, resident: typed.resident.clone() }))
}

/// One more.
pub async fn record(officer: Officer, Form(pairs): Form<Pairs>) -> Answer {
    let text = |name: &str| value(&pairs, name).to_owned();
    let mut typed = ConsultationForm {
        who: text("who"),
        phone: text("phone"),
        service: text("service~code"),
        topic: text("topic"),
        outcome: text("outcome"),
        answer: text("answer"),
        resident: text("resident"),
    };
    // Without a script, or typed on after choosing, the words are all there is.
    if typed.service.is_empty() {
        let words = [text("service"), text("topic")];
        typed.topic = words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(": ");
    }
    let kept = typed.clone();
    let back = match typed.resident.as_str() {
        "" => "/consultations".to_owned(),
        record => format!("/residents/{}", address::encode(record)),
    };
    match officer.try_ask(move |agent| agent.consult(&kept)).await? {
        Ok(_) => Ok(redirect(&back, None)),
        Err(error) => form(&officer, &typed, Some(error)).await,
    }
}

/// The answer that was owed was given.
pub async fn answer(officer: Officer, Path(record): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let said = value(&pairs, &format!("answer-{record}")).to_owned();
    let (of, kept) = (record.clone(), said.clone());
    match officer.try_ask(move |agent| agent.answer_consultation(&of, &kept)).await? {
        Ok(()) => Ok(redirect("/consultations", None)),
        Err(error) => list(&officer, "outcome=later", Some(error), Some((&record, &said))).await,
    }
}
