//! One resident: what is known, other records of the same person, requests and visits; and pairs that may be one.

use super::residents::in_a_line;
use super::{consultations, requests};
use crate::app::{AppError, ConsultationRow, Likeness, ListRow, Pair, ResidentPage, VisitShown};
use crate::web::frame::{self, html};
use crate::web::guard::{Answer, Officer, redirect};
use crate::web::posted::{Pairs, value};
use crate::web::readable::{self, capital, said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use clock::Time;
use pages::{Field, Page, SummaryGroup, SummaryList, SummaryRow, Tag, Texts, address, format};

#[derive(Template)]
#[template(path = "resident.html")]
struct ResidentView {
    page: Page,
    here: String,
    differs: bool,
    record: String,
    facts: SummaryList,
    joined: Vec<JoinedLine>,
    pairs: Vec<PairShown>,
    requests: Vec<RequestLine>,
    visits: Vec<String>,
    consultations: Vec<ConsultationLine>,
}

/// A consultation in a line.
struct ConsultationLine {
    about: String,
    outcome: Tag,
    when: String,
    said: String,
}

fn consultation_line(t: Texts, row: &ConsultationRow) -> ConsultationLine {
    ConsultationLine {
        about: row.about.clone(),
        outcome: consultations::outcome_tag(t, row),
        when: format::date_time(Time(row.created)),
        said: row.answer.clone(),
    }
}

#[derive(Template)]
#[template(path = "duplicates.html")]
struct Duplicates {
    page: Page,
    pairs: Vec<PairShown>,
    all: bool,
}

/// Another record of the same person.
struct JoinedLine {
    href: String,
    who: String,
    when: String,
    record: String,
    reason: Field,
}

/// A request in a line.
struct RequestLine {
    href: String,
    number: String,
    service: String,
    state: Tag,
    when: String,
}

fn request_line(t: Texts, row: &ListRow) -> RequestLine {
    RequestLine {
        href: format!("/requests/{}", address::encode(&row.number)),
        number: row.number.clone(),
        service: row.service_name.clone(),
        state: requests::state_tag(t.lang, &row.state, row.state_name),
        when: format::date_time(Time(row.created)),
    }
}

/// Two records side by side.
pub struct PairShown {
    /// Where the decision is posted to.
    to: String,
    /// The other record.
    record: String,
    title: String,
    one: (String, String),
    other: (String, String),
    differs: Vec<(String, String, String)>,
    reason: Field,
}

/// The page.
pub async fn show(officer: Officer, Path(record): Path<String>) -> Answer {
    page(&officer, record, None).await
}

async fn page(officer: &Officer, record: String, error: Option<AppError>) -> Answer {
    let t = officer.t;
    let same = record.clone();
    let resident = officer.ask(move |agent| agent.resident_page(&same)).await?;
    let here = format!("/residents/{record}");
    let mut page = officer.page(resident.who.name.clone(), "/residents").await?;
    page.path = here.clone();
    page.errors = error.as_ref().and_then(|error| frame::plain_error(t, error));
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let view = ResidentView {
        differs: resident.differs,
        facts: facts(t, &resident),
        joined: resident.joined.iter().enumerate().map(|(at, one)| joined(t, at, one)).collect(),
        pairs: resident.alike.iter().enumerate().map(|(at, pair)| shown(t, at, pair, &here)).collect(),
        requests: resident.requests.iter().map(|row| request_line(t, row)).collect(),
        consultations: resident.consultations.iter().map(|row| consultation_line(t, row)).collect(),
        visits: resident.visits.iter().map(|visit| visit_line(t, visit)).collect(),
        here,
        record,
        page,
    };
    Ok(html(status, &view))
}

fn facts(t: Texts, resident: &ResidentPage) -> SummaryList {
    let mut group = SummaryGroup::new(t.text("known-of-resident"), "");
    for (label, text) in &resident.facts {
        group.rows.push(SummaryRow::new(own_label(t, label), readable::day(text)));
    }
    SummaryList { t, groups: vec![group] }
}

/// «особа: прізвище» is the person's own: the page is about nobody else.
fn own_label(t: Texts, label: &crate::app::Words) -> String {
    let label = said(t.lang, label);
    let own = ["особа: ", "person: "].iter().find_map(|whose| label.strip_prefix(whose));
    capital(own.unwrap_or(label).split(" (").next().unwrap_or_default())
}

fn joined(t: Texts, at: usize, one: &crate::app::Joined) -> JoinedLine {
    let when = [
        ("time", format::date_time(Time(one.at)).into()),
        ("who", one.by.as_str().into()),
        ("reason", one.reason.as_str().into()),
    ];
    JoinedLine {
        href: format!("/residents/{}", one.other.record),
        who: in_a_line(&one.other),
        when: t.say("joined-by", &when),
        record: one.other.record.clone(),
        reason: Field::text(t, format!("reason~undo{at}"), t.text("why-not-same")).hint(t.text("undo-joining-hint")),
    }
}

fn shown(t: Texts, at: usize, pair: &Pair, to: &str) -> PairShown {
    let phrase = match pair.likeness {
        Likeness::SameNumber => "likeness-number",
        Likeness::SameNameAndBirth => "likeness-born",
        Likeness::Similar => "likeness-similar",
    };
    let dash = |text: &str| if text.is_empty() { "—".to_owned() } else { readable::day(text) };
    let row = |(label, a, b): &(crate::app::Words, String, String)| (own_label(t, label), dash(a), dash(b));
    let link = |one: &crate::app::ResidentChoice| (format!("/residents/{}", one.record), in_a_line(one));
    PairShown {
        to: to.to_owned(),
        record: pair.other.record.clone(),
        title: t.text(phrase),
        one: link(&pair.one),
        other: link(&pair.other),
        differs: pair.differs.iter().map(row).collect(),
        reason: Field::text(t, format!("reason~{at}"), t.text("why-same")),
    }
}

/// A visit in a line: when, where, how it ended.
pub fn visit_line(t: Texts, visit: &VisitShown) -> String {
    let outcome = said(t.lang, &visit.outcome);
    let outcome = if visit.why.is_empty() { outcome.to_owned() } else { format!("{outcome}: {}", visit.why) };
    let parts = [format::date_time(Time(visit.arrived)), visit.address.clone(), outcome];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The visit of a request as a group of facts.
pub fn visit_group(t: Texts, visit: &VisitShown) -> SummaryGroup {
    let mut group = SummaryGroup::new(t.text("group-visit"), "");
    let mut push = |label: &str, text: String| {
        if !text.is_empty() {
            group.rows.push(SummaryRow::new(t.text(label), text));
        }
    };
    push("visit-arrived", format::date_time(Time(visit.arrived)));
    push("section-address", visit.address.clone());
    let categories: Vec<&str> = visit.categories.iter().map(|words| said(t.lang, words)).collect();
    push("field-cat", categories.join("; "));
    push("field-proof", said(t.lang, &visit.proof).to_owned());
    push("field-proof_no", visit.proof_number.clone());
    push("field-proof_date", readable::day(&visit.proof_date));
    push("field-proof_until", readable::day(&visit.proof_until));
    let outcome = said(t.lang, &visit.outcome);
    let why = if visit.why.is_empty() { String::new() } else { format!(": {}", visit.why) };
    push("visit-outcome", format!("{outcome}{why}"));
    group
}

/// «Це одна людина» or «Це різні люди», with a reason.
pub async fn same(officer: Officer, Path(record): Path<String>, axum::Form(pairs): axum::Form<Pairs>) -> Answer {
    let (other, back) = (value(&pairs, "other").to_owned(), value(&pairs, "back").to_owned());
    let reason = pairs.iter().find(|(name, _)| name.starts_with("reason~")).map(|(_, text)| text.clone());
    let is_same = value(&pairs, "do") == "same";
    let one = record.clone();
    let done =
        officer.try_ask(move |agent| agent.same_person(&one, &other, is_same, &reason.unwrap_or_default())).await?;
    match done {
        Ok(()) if back == "duplicates" => Ok(redirect("/residents/duplicates", None)),
        Ok(()) => Ok(redirect(&format!("/residents/{record}"), None)),
        Err(error) => page(&officer, record, Some(error)).await,
    }
}

/// «Можливо, та сама людина»: all pairs.
pub async fn duplicates(officer: Officer) -> Answer {
    let t = officer.t;
    let (pairs, all) = officer.ask(|agent| agent.duplicates()).await?;
    let page = officer.page(t.text("duplicates"), "/residents").await?;
    let to = |pair: &Pair| format!("/residents/{}", pair.one.record);
    let pairs = pairs.iter().enumerate().map(|(at, pair)| shown(t, at, pair, &to(pair))).collect();
    Ok(html(StatusCode::OK, &Duplicates { page, pairs, all }))
}
