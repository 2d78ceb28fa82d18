//! The report on a lost suitcase, for the screen and for paper.

use super::super::ask::{Answer, Ask, Section, sentence, status_of};
use super::super::guard::go_to;
use super::suitcases::{number, renewed};
use super::typed::Typed;
use super::{Form, Part, parts, unread};
use crate::app::{DeskError, LostReport, OnBoard, PersonOnBoard, SuitcaseState};
use ::pages::format::date_time;
use ::pages::{Cell, Column, ErrorSummary, Field, Row, SummaryGroup, SummaryList, Table, Texts};
use axum::http::StatusCode;
use clock::Time;

/// The report.
pub(crate) async fn report(ask: Ask) -> Answer {
    shown(&ask, &Typed::default(), None).await
}

async fn shown(ask: &Ask, typed: &Typed, error: Option<DeskError>) -> Answer {
    let (given, chain) = (number(ask), ask.query("chain").parse().ok());
    let (report, now) = ask.get(move |desk, by| Ok((desk.lost_report(by, given?, chain)?, desk.clock().now()))).await?;
    let t = ask.t;
    let suitcase = &report.suitcase;
    let mut page = ask.page(t.with("lost-title", "number", suitcase.number), Some(Section::Suitcases)).await;
    page.path = format!("/suitcases/{}/lost", suitcase.number);
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let made = t.with("lost-made", "time", date_time(now));
    let mut all = vec![Part::Words(made), Part::Print(t.text("lost-print"))];
    all.push(Part::Facts(SummaryList { t, groups: vec![contact(t, &report), numbers(t, &report)] }));
    all.extend([Part::Heading(t.text("lost-steps")), Part::Steps(steps(t, &report))]);
    all.push(Part::Heading(t.count("lost-people", report.people.len() as u64)));
    all.push(Part::Words(t.text("lost-people-words")));
    all.extend(unread::notice(t, "lost-unread", &report.unread).map(Part::Notice));
    all.push(Part::Table(people(t, &report.people)));
    if suitcase.lost.is_none() {
        all.push(Part::Heading(t.text("lost-note-title")));
        all.push(Part::Form(Form {
            to: format!("/suitcases/{}/lost", suitcase.number),
            fields: vec![
                Field::lines(t, "what", t.text("lost-what")).hint(t.text("lost-what-hint")).value(typed.get("what")),
            ],
            button: t.text("lost-note"),
            tone: "",
        }));
    }
    all.push(Part::Link(format!("/suitcases/{}", suitcase.number), t.text("to-suitcase")));
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

fn contact(t: Texts, report: &LostReport) -> SummaryGroup {
    let time = |at: Option<i64>| at.map_or_else(|| t.text("unknown"), |at| date_time(Time(at)));
    let suitcase = &report.suitcase;
    let drafts = report.drafts.map_or_else(|| t.text("unknown"), |drafts| drafts.to_string());
    let state = match &suitcase.state {
        SuitcaseState::Revoked { from, .. } => t.with("suitcase-revoked", "day", date_time(Time(*from))),
        _ => t.text("lost-not-revoked"),
    };
    let mut group = SummaryGroup::new(t.text("lost-contact"), "")
        .row(t.text("col-laptop"), suitcase.name.clone())
        .row(t.text("col-place"), suitcase.place.clone())
        .row(t.text("col-state"), state)
        .row(t.text("col-heard"), time(suitcase.heard_at))
        .row(t.text("last-word"), time(report.last_word))
        .row(t.text("lost-unknown-after"), time(report.unknown_after))
        .row(t.text("col-not-arrived"), t.count("missing-n", suitcase.missing))
        .row(t.text("lost-drafts"), drafts)
        .row(t.text("col-aside"), suitcase.set_aside.to_string())
        .row(t.text("lost-records"), report.records.to_string())
        .row(t.text("lost-given-up"), report.given_up.to_string());
    if report.late_given_up > 0 {
        group = group.row(t.text("lost-late-given-up"), report.late_given_up.to_string());
    }
    if let Some(renewal) = &suitcase.renewal {
        group = group.row(t.text("keys-renewed"), renewed(t, renewal));
    }
    if let Some((what, by, at)) = &suitcase.lost {
        let said = [("what", what.clone().into()), ("by", by.clone().into()), ("time", date_time(Time(*at)).into())];
        group = group.row(t.text("suitcase-lost"), t.say("lost-said", &said));
    }
    group
}

fn numbers(t: Texts, report: &LostReport) -> SummaryGroup {
    let void = report.void.iter().map(|(number, reason)| format!("{number} ({reason})"));
    let or_none = |list: Vec<String>| if list.is_empty() { t.text("none") } else { list.join(", ") };
    let later = report
        .unknown_after
        .map_or_else(|| t.text("lost-all-doubtful"), |at| t.with("lost-later-doubtful", "time", date_time(Time(at))));
    let mut group = SummaryGroup::new(t.text("lost-numbers"), "")
        .row(t.text("lost-used"), or_none(report.used.clone()))
        .row(t.text("lost-void"), or_none(void.collect()))
        .row(t.text("lost-doubtful"), or_none(report.doubtful.clone()));
    if report.late_void > 0 {
        group = group.row(t.text("lost-late-void"), report.late_void.to_string());
    }
    group.row(t.text("lost-later"), later)
}

/// What is to be done, with what is done already said.
fn steps(t: Texts, report: &LostReport) -> Vec<String> {
    let suitcase = &report.suitcase;
    let revoked = matches!(suitcase.state, SuitcaseState::Revoked { .. });
    let done = |key: &str, done: bool| {
        let words = t.text(key);
        if done { format!("{words} — {}", t.text("lost-done")) } else { words }
    };
    let mut steps = vec![
        done("lost-step-note", suitcase.lost.is_some()),
        done("lost-step-revoke", revoked),
        done("lost-step-keys", suitcase.renewal.is_some_and(|renewal| renewal.left == 0)),
        t.text("lost-step-passphrases"),
        t.text("lost-step-police"),
        t.text("lost-step-people"),
    ];
    if report.people.iter().any(|person| person.data.contains(&OnBoard::Health)) {
        steps.push(t.text("lost-step-health"));
    }
    steps.extend([t.text("lost-step-numbers"), t.text("lost-step-aside"), t.text("lost-step-invite")]);
    steps
}

fn people(t: Texts, people: &[PersonOnBoard]) -> Table {
    let columns = ["lost-name", "lost-born", "lost-phone", "lost-requests", "lost-data"];
    let text = |text: &str| Cell::Text(if text.is_empty() { "—".to_owned() } else { text.to_owned() });
    let row = |person: &PersonOnBoard| {
        let data: Vec<String> = person.data.iter().map(|kind| t.text(&format!("data-{}", kind.text()))).collect();
        let mut requests = person.requests.join(", ");
        if person.granted {
            requests = format!("{requests} {}", t.text("lost-granted"));
        }
        Row {
            cells: vec![
                text(&person.name),
                text(&day(&person.born)),
                text(&person.phone),
                text(requests.trim()),
                text(&data.join(", ")),
            ],
            marked: person.data.contains(&OnBoard::Health),
        }
    };
    Table {
        t,
        caption: t.text("lost-people-caption"),
        quiet_caption: true,
        columns: columns.map(|key| Column::new(t.text(key))).into(),
        rows: people.iter().map(row).collect(),
        empty: t.text("lost-nobody"),
    }
}

/// `YYYY-MM-DD` as people write it.
fn day(text: &str) -> String {
    let mut parts: Vec<&str> = text.split('-').collect();
    parts.reverse();
    parts.join(".")
}

/// Notes that the suitcase is lost.
pub(crate) async fn note(ask: Ask, typed: Typed) -> Answer {
    let (given, what) = (number(&ask), typed.get("what"));
    match ask.work(move |desk, by| desk.report_lost(by, given?, &what)).await {
        Ok(()) => Ok(go_to(&format!("/suitcases/{}?done=lost", ask.param("number")))),
        Err(error) => shown(&ask, &typed, Some(error)).await,
    }
}
