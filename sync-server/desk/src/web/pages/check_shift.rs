//! An end-of-shift statement, scanned or pasted, compared with what the centre holds.

use super::super::ask::{Answer, Ask, Section, as_sentence, said, sentence, status_of};
use super::typed::Typed;
use super::{Form, Part, parts};
use crate::app::{DeskError, ShiftCheck};
use ::pages::format::date_time;
use ::pages::{ErrorSummary, Field, Notice, SummaryGroup, SummaryList, Texts, Tone};
use axum::http::StatusCode;
use clock::Time;

/// The form.
pub(crate) async fn form(ask: Ask) -> Answer {
    shown(&ask, "", None, None).await
}

/// What was scanned or pasted.
pub(crate) async fn check(ask: Ask, typed: Typed) -> Answer {
    let text = typed.get("code");
    let given = text.clone();
    match ask.work(move |desk, by| desk.check_shift(by, &given)).await {
        Ok(found) => shown(&ask, "", Some(found), None).await,
        Err(error) => shown(&ask, &text, None, Some(error)).await,
    }
}

async fn shown(ask: &Ask, typed: &str, found: Option<ShiftCheck>, error: Option<DeskError>) -> Answer {
    let t = ask.t;
    let mut page = ask.page(t.text("check-shift"), Some(Section::Journal)).await;
    page.path = "/check-shift".into();
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let mut all = Vec::new();
    if let Some(found) = found {
        all.extend(notices(t, &found).into_iter().map(Part::Notice));
        all.push(Part::Facts(SummaryList { t, groups: vec![facts(t, &found)] }));
    }
    all.push(Part::Words(t.text("check-shift-words")));
    all.push(Part::Form(Form {
        to: "/check-shift".into(),
        fields: vec![Field::lines(t, "code", t.text("check-shift-code")).value(typed)],
        button: t.text("check-shift-button"),
        tone: "button-primary",
    }));
    all.push(Part::Link("/numbers".into(), t.text("to-numbers")));
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

fn notices(t: Texts, found: &ShiftCheck) -> Vec<Notice> {
    let mut all = Vec::new();
    if found.faults.is_empty() {
        all.push(Notice::new(Tone::Ok, t.text("check-shift-holds")));
    } else {
        let faults = found.faults.iter().map(|(uk, en)| as_sentence(&said(t, uk, en)));
        let words = [t.text("check-shift-not")].into_iter().chain(faults).collect::<Vec<_>>().join(" ");
        all.push(Notice::new(Tone::Stop, words));
    }
    if found.later > 0 {
        all.push(Notice::new(Tone::Wait, t.count("check-shift-later", found.later)));
    }
    if found.remarks.0 > 0 {
        let words = [("n", found.remarks.0.into()), ("still", found.remarks.1.into())];
        let notice = Notice::new(Tone::Wait, t.say("check-shift-remarks", &words));
        all.push(notice.link("/set-aside", t.text("set-aside")));
    }
    all
}

fn facts(t: Texts, found: &ShiftCheck) -> SummaryGroup {
    let mut group = SummaryGroup::new(t.text("check-shift-facts"), "")
        .row(t.text("col-suitcase"), found.suitcase.to_string())
        .row(t.text("check-shift-officer"), found.officer.as_str())
        .row(t.text("check-shift-at"), date_time(Time(found.at)))
        .row(t.text("check-shift-today"), found.requests.0.to_string())
        .row(t.text("check-shift-all"), found.requests.1.to_string());
    for (seq, anchored) in &found.chains {
        group = group
            .row(t.text("check-shift-last"), format!("№ {seq}"))
            .row(t.text("check-shift-anchored"), date_time(Time(*anchored)));
    }
    for (service, changed) in &found.drafts {
        group = group.row(t.text("check-shift-draft"), format!("{service} {}", date_time(Time(*changed))));
    }
    group
}
