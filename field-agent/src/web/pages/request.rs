//! One request: facts in the order of the paper, where it is, what happened, what may be done now.

use super::requests::{place_tag, state_tag};
use super::review::address_line;
use crate::app::{AppError, Changed, Contested, FieldRow, Form as AppForm, HappenedRow, RequestPage, Words};
use crate::web::frame::{self, html};
use crate::web::guard::{Answer, Officer, redirect};
use crate::web::posted::{Pairs, value};
use crate::web::readable::{self, capital, either};
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use clock::Time;
use pages::{
    Event, Field, Notice, Page, SummaryGroup, SummaryList, SummaryRow, Tag, Texts, Timeline, Tone, address, format,
};

#[derive(Template)]
#[template(path = "request.html")]
struct Request {
    page: Page,
    request: RequestPage,
    here: String,
    state: Tag,
    place: Tag,
    facts: SummaryList,
    timeline: Timeline,
    notes: Vec<NoteLine>,
    printed: String,
    reason: Field,
    brought: Field,
    delivered: Field,
    note: Field,
}

/// What the log says in codes, in words.
struct Said {
    who: String,
    about: Words,
}

struct NoteLine {
    id: String,
    words: String,
    when: String,
    withdrawn: bool,
}

/// The page.
pub async fn show(officer: Officer, Path(number): Path<String>) -> Answer {
    page(&officer, number, None).await
}

async fn page(officer: &Officer, number: String, error: Option<AppError>) -> Answer {
    let t = officer.t;
    let (request, form, said, visit) = officer
        .ask(move |agent| {
            let request = agent.request(&number)?;
            let mut form = agent.form_of_request(&number)?;
            agent.name_places(&mut form);
            let said = request.happened.iter().map(|event| {
                let name = if event.by_centre { String::new() } else { agent.officer_name(&event.by)? };
                let who = if name.is_empty() { event.by.clone() } else { readable::short_name(&name) };
                Ok(Said { who, about: Words::new(event.about_uk.as_str(), event.about_en.as_str()) })
            });
            let said = said.collect::<Result<Vec<Said>, AppError>>()?;
            let visit = agent.visit_of_request(&request.number)?;
            Ok((request, form, said, visit))
        })
        .await?;
    let mut page = officer.page(t.with("request-title", "number", &request.number), "/requests").await?;
    let here = format!("/requests/{}", address::encode(&request.number));
    page.path = here.clone();
    page.notices.extend(notices(t, &request, &said, &here));
    page.errors = error.as_ref().and_then(|error| frame::plain_error(t, error));
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let line = |name: &str, label: &str| Field::text(t, name, t.text(label));
    let notes = request.notes.iter().map(|note| NoteLine {
        id: note.id.clone(),
        words: note.text.clone(),
        when: format!("{} · {}", format::date_time(Time(note.at)), note.by),
        withdrawn: note.withdrawn,
    });
    let view = Request {
        state: state_tag(t.lang, &request.state, request.state_name),
        place: place_tag(t.lang, request.place),
        facts: SummaryList {
            t,
            groups: facts(t, &request, &form, &said)
                .into_iter()
                .chain(visit.map(|visit| super::resident::visit_group(t, &visit)))
                .collect(),
        },
        timeline: Timeline {
            t,
            events: request.happened.iter().zip(&said).rev().map(|(event, said)| happened(t, event, said)).collect(),
        },
        notes: notes.collect(),
        printed: if request.prints == 0 { t.text("never-printed") } else { t.count("printed-n", request.prints) },
        reason: line("withdraw-reason", "why-withdrawn"),
        brought: line("supplement-text", "what-was-brought"),
        delivered: line("deliver-text", "how-delivered").optional(),
        note: line("note-text", "note-words"),
        here,
        request,
        page,
    };
    Ok(html(status, &view))
}

fn notices(t: Texts, request: &RequestPage, said: &[Said], here: &str) -> Vec<Notice> {
    let mut notices = Vec::new();
    if let Some(undo) = &request.undo {
        let values = [
            ("what", either(t.lang, &undo.uk, &undo.en).into()),
            ("time", format::clock_time(Time(undo.until)).into()),
        ];
        let to = format!("{here}/undo/{}", address::encode(&undo.event));
        notices.push(Notice::new(Tone::Plain, t.say("undo-words", &values)).action(to, t.text("undo")));
    }
    for contest in &request.contests {
        notices.push(contested(t, contest));
    }
    let proposals = request.conflicts.iter().filter(|conflict| conflict.is_proposal).count();
    if proposals > 0 {
        let notice = Notice::new(Tone::Wait, t.text("proposals-words")).title(t.count("proposals-title", proposals));
        notices.push(notice.link(format!("{here}/conflicts"), t.text("show")));
    }
    let open = request.conflicts.len() - proposals;
    if open > 0 {
        let words = t.count("differences-here", open);
        notices.push(Notice::new(Tone::Wait, words).link(format!("{here}/conflicts"), t.text("choose-value")));
    }
    // What the centre said last stands out: it is what the officer came to see.
    let mut answers = request.happened.iter().zip(said).rev().filter(|(event, _)| event.by_centre && !event.ignored);
    let answer = answers.next().filter(|(answer, _)| !answer.reason.is_empty() || !answer.about.is_empty());
    if let Some((answer, said)) = answer {
        let about = readable::said(t.lang, &said.about);
        let title = t.with("centre-says", "what", either(t.lang, &answer.uk, &answer.en));
        let tone = if request.can_supplement { Tone::Wait } else { Tone::Plain };
        let words: Vec<&str> = [about, answer.reason.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
        notices.push(Notice::new(tone, words.join(" · ")).title(title));
    }
    for why in &request.set_aside {
        notices.push(Notice::new(Tone::Stop, why.clone()).title(t.text("set-aside")));
    }
    if request.wrong_clock {
        notices.push(Notice::new(Tone::Wait, t.text("clock-was-wrong-here")));
    }
    notices
}

/// Decisions that were taken without one knowing of the other.
fn contested(t: Texts, contest: &Contested) -> Notice {
    let word = |(uk, en): &(String, String)| either(t.lang, uk, en).to_owned();
    let others = contest.others.iter().map(word).collect::<Vec<_>>().join(", ");
    let values = [("standing", word(&contest.standing).into()), ("others", others.into())];
    let phrase = if contest.settled { "contest-settled" } else { "contest-open" };
    let tone = if contest.settled { Tone::Plain } else { Tone::Wait };
    Notice::new(tone, t.say(phrase, &values)).title(t.text("contest-title"))
}

/// Written by the program, shown elsewhere on the page, or of no use to a reader.
const QUIET: [&str; 11] = [
    "release",
    "submitted",
    "channel",
    "officer_name",
    "suitcase",
    "offline",
    "a.resident",
    "r.resident",
    "c.text",
    "c.at",
    "visit",
];

/// Groups of the paper: phrase and keys.
const GROUPS: [(&str, &[&str]); 5] = [
    ("section-applicant", &["a."]),
    ("group-representative", &["r."]),
    ("section-address", &["phone", "email", "contact_other", "delivery"]),
    ("section-answers", &["f.", "summary"]),
    ("section-case", &[""]),
];

fn facts(t: Texts, request: &RequestPage, form: &AppForm, said: &[Said]) -> Vec<SummaryGroup> {
    let mut groups: Vec<SummaryGroup> = Vec::new();
    let mut service = SummaryGroup::new(t.text("section-service"), "");
    service.rows.push(SummaryRow::new(t.text("section-service"), request.service_name.as_str()));
    service.rows.push(SummaryRow::new(t.text("submitted"), format::date_time(Time(request.submitted))));
    let officer = said.first().map_or(request.officer.as_str(), |first| first.who.as_str());
    service.rows.push(SummaryRow::new(t.text("officer"), officer));
    service.rows.push(SummaryRow::new(t.text("card-handover"), readable::day(&request.handover_due)));
    service.rows.push(SummaryRow::new(t.text("card-due"), readable::day(&request.due)));
    service.rows.push(SummaryRow::new(t.text("official"), request.official.as_str()));
    groups.push(service);
    let mut left: Vec<&FieldRow> = request.fields.iter().filter(|row| !QUIET.contains(&row.key.as_str())).collect();
    left.retain(|row| !["due", "handover_due"].contains(&row.key.as_str()));
    // An address is read in one line.
    left.retain(|row| !["pr.", "pa."].iter().any(|prefix| row.key.starts_with(prefix)));
    for (phrase, keys) in GROUPS {
        let (own, rest): (Vec<&FieldRow>, Vec<&FieldRow>) = left
            .into_iter()
            .partition(|row| keys.iter().any(|key| row.key.starts_with(key) && !row.key.starts_with("w.")));
        left = rest;
        let reasons = &request.fields;
        let rows = own.into_iter().map(|row| fact(t, row, reasons));
        let mut group = SummaryGroup::new(t.text(phrase), "");
        for prefix in ["pr", "pa"].into_iter().filter(|_| phrase == "section-address") {
            let line = address_line(form, prefix);
            if !line.is_empty() {
                group.rows.push(SummaryRow::new(t.text(&format!("group-{prefix}")), line));
            }
        }
        group.rows.extend(rows);
        if !group.rows.is_empty() {
            groups.push(group);
        }
        if phrase == "section-answers" {
            groups.extend(papers(t, request));
        }
    }
    groups
}

fn fact(t: Texts, row: &FieldRow, all: &[FieldRow]) -> SummaryRow {
    let label = either(t.lang, &row.uk, &row.en);
    // «заявник: прізвище» stands in the group «Заявник» already; what is in brackets explains codes, which are words here.
    let own = ["a.", "r."].iter().any(|prefix| row.key.starts_with(prefix));
    let label = if own { label.split_once(": ").map_or(label, |(_, label)| label) } else { label };
    let label = if row.key.starts_with("f.") { label } else { label.split(" (").next().unwrap_or(label) };
    let mut fact = SummaryRow::new(capital(label), readable::value(t, &row.key, &row.value));
    let why = all.iter().find(|other| other.key.strip_prefix("w.") == Some(row.key.as_str()));
    fact.remark = why.map(|why| t.with("kept-because", "reason", &why.value)).unwrap_or_default();
    fact
}

fn papers(t: Texts, request: &RequestPage) -> Option<SummaryGroup> {
    let mut group = SummaryGroup::new(t.text("section-papers"), "");
    for paper in &request.papers {
        let mut parts = Vec::new();
        if paper.seen {
            parts.push(t.text("field-paper-seen"));
        }
        if !paper.form.is_empty() {
            parts.push(t.text(&format!("paper-{}", paper.form)));
        }
        if paper.sheets > 0 {
            parts.push(t.count("sheets-n", paper.sheets));
        }
        if paper.returned {
            parts.push(t.text("field-paper-returned"));
        }
        parts.push(paper.details.clone());
        parts.retain(|part| !part.is_empty());
        let name = if t.lang == ::pages::Lang::En { &paper.name_en } else { &paper.name };
        group.rows.push(SummaryRow::new(name.as_str(), capital(&parts.join(", "))));
    }
    (!group.rows.is_empty()).then_some(group)
}

fn happened(t: Texts, event: &HappenedRow, said: &Said) -> Event {
    let mut details: Vec<String> = [capital(readable::said(t.lang, &said.about)), event.reason.clone()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    if event.taken_back {
        details.push(t.text("event-taken-back"));
    } else if event.ignored {
        details.push(t.text("event-ignored"));
    } else if event.concurrent {
        details.push(t.text("event-merged"));
    }
    Event {
        title: capital(either(t.lang, &event.uk, &event.en)),
        when: format::date_time(Time(event.at)),
        bounds: bounds(t, event.not_before, event.not_after),
        who: said.who.clone(),
        place: either(t.lang, &event.place_uk, &event.place_en).to_owned(),
        details,
        state: None,
    }
}

/// What the hub's anchors prove about the time: «доведено: не раніше 21.11.2026 09:58, не пізніше 10:41».
fn bounds(t: Texts, not_before: Option<i64>, not_after: Option<i64>) -> String {
    let whole = |at: i64| format::date_time(Time(at));
    match (not_before, not_after) {
        (None, None) => t.text("bounds-none"),
        (Some(from), None) => t.with("bounds-from", "from", whole(from)),
        (None, Some(until)) => t.with("bounds-until", "until", whole(until)),
        (Some(from), Some(until)) => {
            let until = readable::moment(t, until, from);
            t.say("bounds-both", &[("from", whole(from).into()), ("until", until.into())])
        }
    }
}

/// The applicant withdraws.
pub async fn withdraw(officer: Officer, Path(number): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let reason = value(&pairs, "withdraw-reason").to_owned();
    let same = number.clone();
    let done = officer.try_ask(move |agent| agent.withdraw(&same, &reason)).await?;
    after(&officer, number, done).await
}

/// What was asked for has come.
pub async fn supplement(officer: Officer, Path(number): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let text = value(&pairs, "supplement-text").to_owned();
    let same = number.clone();
    let done = officer.try_ask(move |agent| agent.supplement(&same, &[], &text)).await?;
    after(&officer, number, done).await
}

/// The result was handed over.
pub async fn deliver(officer: Officer, Path(number): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let text = value(&pairs, "deliver-text").to_owned();
    let same = number.clone();
    let done = officer.try_ask(move |agent| agent.deliver(&same, &text)).await?;
    after(&officer, number, done).await
}

/// A note.
pub async fn note(officer: Officer, Path(number): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let text = value(&pairs, "note-text").to_owned();
    let same = number.clone();
    let done = officer.try_ask(move |agent| agent.note(&same, &text)).await?;
    after(&officer, number, done).await
}

/// Strikes a note out.
pub async fn withdraw_note(officer: Officer, Path((number, note)): Path<(String, String)>) -> Answer {
    let same = number.clone();
    let done = officer.try_ask(move |agent| agent.withdraw_note(&same, &note)).await?;
    after(&officer, number, done).await
}

/// A struck-out note stands again.
pub async fn restore_note(officer: Officer, Path((number, note)): Path<(String, String)>) -> Answer {
    let same = number.clone();
    let done = officer.try_ask(move |agent| agent.restore_note(&same, &note)).await?;
    after(&officer, number, done).await
}

/// The officer's own last step is taken back.
pub async fn undo(officer: Officer, Path((number, event)): Path<(String, String)>) -> Answer {
    let same = number.clone();
    let done = officer.try_ask(move |agent| agent.undo(&same, &event)).await?;
    after(&officer, number, done).await
}

/// Back to the page, or the page with what went wrong.
async fn after(officer: &Officer, number: String, done: Result<Changed, AppError>) -> Answer {
    match done {
        Ok(changed) => Ok(redirect(&format!("/requests/{}", address::encode(&changed.number)), None)),
        Err(error) => page(officer, number, Some(error)).await,
    }
}
