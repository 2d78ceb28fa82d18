//! Requests that look the same, side by side: a person says whether one repeats the other.

use super::super::ask::{Answer, Ask, Section, said, sentence, status_of};
use super::super::guard::go_to;
use super::typed::Typed;
use super::{Form, Part, facts, held, parts};
use crate::app::{Answer as Decision, DeskError, ErrorKind, Twin};
use ::pages::format::{phone, tax_number};
use ::pages::{Cell, Column, ErrorSummary, Field, Notice, Row, Table, Texts, Tone, address};
use axum::http::StatusCode;

/// Where a request is compared with those that look like it.
pub(crate) fn twins_address(number: &str) -> String {
    format!("{}/twins", facts::request_address(number))
}

/// The comparison.
pub(crate) async fn twins(ask: Ask) -> Answer {
    compared(&ask, None).await
}

async fn compared(ask: &Ask, tried: Option<(&str, &Typed, DeskError)>) -> Answer {
    let number = ask.param("number");
    let twins = ask.get(move |desk, by| desk.twins(by, &number)).await?;
    let t = ask.t;
    let this = &twins.this;
    let mut page = ask.page(t.with("twins-title", "number", &this.number), Some(Section::Queue)).await;
    page.errors = tried.as_ref().map(|(_, _, error)| ErrorSummary::plain(t, sentence(t, error)));
    if matches!(ask.query("done").as_str(), "not_duplicate" | "duplicate") {
        page.notices.push(Notice::new(Tone::Ok, t.text(&format!("done-{}", ask.query("done").replace('_', "-")))));
    }
    let mut all = vec![Part::Words(t.text(if twins.others.is_empty() { "twins-none" } else { "twins-words" }))];
    for other in &twins.others {
        all.push(Part::Heading(t.with("twins-with", "number", &other.number)));
        all.push(Part::Table(table(t, this, other)));
        all.push(Part::Link(facts::request_address(&other.number), t.with("twins-open", "number", &other.number)));
        let to =
            |verdict: &str| format!("{}/{}/{verdict}", twins_address(&this.number), address::encode(&other.number));
        let typed = tried.as_ref().filter(|(of, _, _)| *of == other.number).map(|(_, typed, _)| *typed);
        let reason = typed.map(|typed| typed.get(&reason_of(&other.number))).unwrap_or_default();
        all.push(Part::Form(Form {
            to: to("duplicate"),
            fields: Vec::new(),
            button: t.say("twins-repeat", &[("this", (&*this.number).into()), ("of", (&*other.number).into())]),
            tone: "button",
        }));
        all.push(Part::Form(Form {
            to: to("apart"),
            fields: vec![Field::text(t, reason_of(&other.number), t.text("label-apart")).value(reason)],
            button: t.text("twins-apart"),
            tone: "button-primary",
        }));
    }
    all.push(Part::Link(facts::request_address(&this.number), t.text("back-to-request")));
    all.push(Part::Link("/queue?group=duplicates".into(), t.text("to-duplicates")));
    let status = tried.map_or(StatusCode::OK, |(_, _, error)| status_of(error.kind));
    Ok(parts(status, page, all))
}

/// The field of the reason beside one of several requests: each has a label of its own.
fn reason_of(number: &str) -> String {
    format!("reason-{number}")
}

fn table(t: Texts, this: &Twin, other: &Twin) -> Table {
    let day = |day: &str| if day.is_empty() { String::new() } else { facts::day(day) };
    let place = |twin: &Twin| facts::place(t, twin.suitcase.and_then(|number| u16::try_from(number).ok()));
    type Of<'a> = Box<dyn Fn(&Twin) -> String + 'a>;
    let lines: [(&str, Of<'_>); 12] = [
        ("col-applicant", Box::new(|twin| twin.applicant.clone())),
        ("twin-born", Box::new(|twin| day(&twin.born))),
        ("twin-rnokpp", Box::new(|twin| tax_number(&twin.rnokpp))),
        ("twin-address", Box::new(|twin| twin.address.clone())),
        ("twin-phone", Box::new(|twin| phone(&twin.phone))),
        ("col-service", Box::new(|twin| said(t, &twin.service.0, &twin.service.1))),
        ("twin-summary", Box::new(|twin| twin.summary.clone())),
        ("col-taken", Box::new(|twin| facts::moment(t, twin.submitted_at))),
        ("col-suitcase", Box::new(place)),
        ("twin-officer", Box::new(|twin| twin.officer.clone())),
        ("col-state", Box::new(|twin| said(t, twin.state.0, twin.state.1))),
        ("col-official", Box::new(|twin| twin.official.clone())),
    ];
    let rows = lines.iter().map(|(key, of)| {
        let (a, b) = (of(this), of(other));
        let differs = t.text(if a == b { "twin-same" } else { "twin-differs" });
        Row { marked: a != b, cells: vec![Cell::Text(t.text(key)), Cell::Text(a), Cell::Text(b), Cell::Text(differs)] }
    });
    let columns = vec![
        Column::new(t.text("twin-field")),
        Column::new(this.number.clone()),
        Column::new(other.number.clone()),
        Column::new(t.text("twin-compared")),
    ];
    Table {
        t,
        caption: t.text("twins-caption"),
        quiet_caption: true,
        columns,
        rows: rows.collect(),
        empty: String::new(),
    }
}

/// What a person found.
pub(crate) async fn decide(ask: Ask, typed: Typed) -> Answer {
    let (number, of, verdict) = (ask.param("number"), ask.param("other"), ask.param("verdict"));
    let (answer, done) = match verdict.as_str() {
        "duplicate" => (Decision::Duplicate { of: of.clone() }, "duplicate"),
        "apart" => (Decision::NotDuplicate { of: of.clone(), reason: typed.get(&reason_of(&of)) }, "not_duplicate"),
        _ => return Ok(go_to(&twins_address(&number))),
    };
    let (to, despite) = (number.clone(), typed.get(held::DESPITE));
    match ask.work(move |desk, by| desk.answer_despite(by, &to, answer, &despite)).await {
        Ok(_) if done == "duplicate" => Ok(go_to(&address::with(&facts::request_address(&number), "done", done))),
        Ok(_) => Ok(go_to(&address::with(&twins_address(&number), "done", done))),
        Err(error) if error.kind == ErrorKind::Held => held::asked(&ask, &number, &typed).await,
        Err(error) => compared(&ask, Some((&of, &typed, error))).await,
    }
}
