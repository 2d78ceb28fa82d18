//! One answer to many requests: what it needs is asked before, what became of each is told after.

use super::super::ask::{Answer, Ask, Section, own_address, said, sentence, status_of};
use super::super::guard::go_to;
use super::marks::{mark_fields, stamp_of};
use super::typed::Typed;
use super::{Part, facts, parts, show};
use crate::app::{BulkAnswer, DeskError};
use crate::app::{Stamp, StampKind};
use ::pages::{Cell, Column, ErrorSummary, Field, Notice, Page, Row, Table, Tag, Tone, address};
use askama::Template;
use axum::http::StatusCode;

#[derive(Template)]
#[template(path = "bulk.html")]
struct Asked {
    page: Page,
    words: String,
    answer: &'static str,
    back: String,
    numbers: Vec<String>,
    fields: Vec<Field>,
    button: String,
}

/// Does it, or asks for what it needs.
pub(crate) async fn answer(ask: Ask, typed: Typed) -> Answer {
    let numbers = typed.names("pick:");
    let back = own_address(&typed.get("back")).to_owned();
    let answer = match typed.get("do").as_str() {
        "claim" => BulkAnswer::Claim,
        "release" => BulkAnswer::Release,
        "accept" => BulkAnswer::Accept,
        "number" => BulkAnswer::Number,
        "note" if typed.get("bulk-text").is_empty() => {
            return ask_for(&ask, &typed, "note", numbers, &back, None).await;
        }
        "note" => BulkAnswer::Note { text: typed.get("bulk-text") },
        "hand_over" if typed.get("bulk-day").is_empty() => {
            return ask_for(&ask, &typed, "hand_over", numbers, &back, None).await;
        }
        "hand_over" => BulkAnswer::HandOver {
            provider: typed.get("bulk-provider"),
            stamp: stamp_of(&typed, StampKind::HandOver, "bulk"),
        },
        _ => {
            let error = DeskError::refused("виберіть, що зробити з вибраними", "choose what to do with the chosen");
            return Err(ask.refusal(&error).await);
        }
    };
    if matches!(&answer, BulkAnswer::HandOver { stamp, .. } if stamp.person.is_empty()) {
        let error = DeskError::refused("впишіть, хто прийняв справи", "write who took the cases");
        return ask_for(&ask, &typed, "hand_over", numbers, &back, Some(error)).await;
    }
    match ask.work(move |desk, by| desk.answer_many(by, &numbers, &answer)).await {
        Ok(id) => Ok(go_to(&address::with(&format!("/queue/outcome/{id}"), "back", &back))),
        Err(error) => Err(ask.refusal(&error).await),
    }
}

async fn ask_for(
    ask: &Ask,
    typed: &Typed,
    answer: &'static str,
    numbers: Vec<String>,
    back: &str,
    error: Option<DeskError>,
) -> Answer {
    let t = ask.t;
    if numbers.is_empty() {
        let error = DeskError::refused(
            "нічого не вибрано: позначте звернення в першому стовпчику",
            "nothing is chosen: mark requests in the first column",
        );
        return Err(ask.refusal(&error).await);
    }
    let now = ask.get(|desk, _| Ok(desk.clock().now())).await?;
    let fields = if answer == "note" {
        vec![Field::lines(t, "bulk-text", t.text("label-note"))]
    } else {
        let stamp = if error.is_some() {
            stamp_of(typed, StampKind::HandOver, "bulk")
        } else {
            Stamp::new(StampKind::HandOver)
        };
        let provider = Field::text(t, "bulk-provider", t.text("label-hand-over")).optional();
        let provider = provider.hint(t.text("hint-bulk-provider")).value(typed.get("bulk-provider"));
        let mut fields = vec![provider];
        fields.extend(mark_fields(t, StampKind::HandOver, "bulk", &stamp, &::pages::format::date(now)));
        fields
    };
    let words = t.count("bulk-chosen", numbers.len() as u64);
    let mut page = ask.page(t.text(&format!("do-{}", answer.replace('_', "-"))), Some(Section::Queue)).await;
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let status = error.map_or(StatusCode::OK, |error| status_of(error.kind));
    let button = t.text("bulk-do");
    Ok(show(status, &Asked { page, words, answer, back: back.to_owned(), numbers, fields, button }))
}

/// What became of each.
pub(crate) async fn outcome(ask: Ask) -> Answer {
    let back = own_address(&ask.query("back")).to_owned();
    let id = ask.param("id").parse().unwrap_or(0);
    let Some(outcomes) = ask.get(move |desk, by| Ok(desk.outcomes(by, id))).await? else { return Ok(go_to(&back)) };
    let t = ask.t;
    let done = outcomes.rows.iter().filter(|row| row.done == Ok(true)).count();
    let refused = outcomes.rows.iter().filter(|row| row.done.is_err()).count();
    let title = t.text(&format!("do-{}", outcomes.answer.replace('_', "-")));
    let mut page = ask.page(title, Some(Section::Queue)).await;
    let tone = if refused == 0 { Tone::Ok } else { Tone::Wait };
    let all = outcomes.rows.len();
    let words = t.say("bulk-done", &[("done", done.into()), ("all", all.into()), ("refused", refused.into())]);
    page.notices.push(Notice::new(tone, words));
    let rows = outcomes.rows.iter().map(|row| {
        let (tag, why) = match &row.done {
            Ok(true) => (Tag::new(t.text("bulk-row-done"), Tone::Ok), String::new()),
            Ok(false) => (Tag::new(t.text("bulk-row-same"), Tone::Plain), String::new()),
            Err(why) => (Tag::new(t.text("bulk-row-refused"), Tone::Stop), said(t, &why.uk, &why.en)),
        };
        Row {
            cells: vec![
                Cell::Link(facts::request_address(&row.number), row.number.clone()),
                Cell::Text(row.applicant.clone()),
                Cell::State(tag),
                Cell::Text(why),
            ],
            marked: row.done.is_err(),
        }
    });
    let columns = ["col-number", "col-applicant", "bulk-outcome", "bulk-why"].map(|key| Column::new(t.text(key)));
    let table = Table {
        t,
        caption: t.text("bulk-caption"),
        quiet_caption: true,
        columns: columns.into(),
        rows: rows.collect(),
        empty: String::new(),
    };
    Ok(parts(StatusCode::OK, page, vec![Part::Table(table), Part::Link(back, t.text("to-queue"))]))
}
