//! «Карантин»: entries that are kept and not among the records, until a person decides.

use super::super::ask::{Answer, Ask, Section, as_sentence, said, sentence, status_of};
use super::super::guard::go_to;
use super::typed::Typed;
use super::{facts, show};
use crate::app::{DeskError, SetAside};
use ::pages::{ErrorSummary, Notice, Page, Texts, Tone};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

#[derive(Template)]
#[template(path = "set_aside.html")]
struct List {
    page: Page,
    entries: Vec<Entry>,
}

struct Entry {
    title: String,
    why: String,
    href: String,
    about: String,
    address: String,
    id: String,
    acceptable: bool,
}

/// The list.
pub(crate) async fn list(ask: Ask) -> Answer {
    listed(&ask, None).await
}

async fn listed(ask: &Ask, error: Option<DeskError>) -> Answer {
    let entries = ask.get(|desk, by| desk.set_aside(by)).await?;
    let t = ask.t;
    let mut page = ask.page(t.text("set-aside"), Some(Section::SetAside)).await;
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    if matches!(ask.query("done").as_str(), "accept" | "decline") {
        page.notices.push(Notice::new(Tone::Ok, t.text(&format!("set-aside-{}", ask.query("done")))));
    }
    let status = error.map_or(StatusCode::OK, |error| status_of(error.kind));
    let shown = List { page, entries: entries.iter().map(|entry| entry_of(t, entry)).collect() };
    Ok(show(status, &shown))
}

/// Why an entry was set aside, for pages and commands.
pub(crate) fn reason(t: Texts, entry: &SetAside) -> String {
    let code = t.text(&format!("aside-{}", entry.code.replace('_', "-")));
    let (uk, en) = entry.sentence.split_once(" / ").unwrap_or((&entry.sentence, &entry.sentence));
    let words = said(t, uk, en);
    // What a person decides on is said by the code; of what cannot be let in, the sentence says what to do.
    if entry.acceptable || words.is_empty() { code } else { format!("{code} {}", as_sentence(&words)) }
}

fn entry_of(t: Texts, entry: &SetAside) -> Entry {
    let number = entry.number.clone().unwrap_or_default();
    let about = match (number.is_empty(), entry.name.is_empty()) {
        (true, true) => String::new(),
        (true, false) => entry.name.clone(),
        (false, true) => t.with("aside-about", "number", number.clone()),
        (false, false) => format!("{} · {}", t.with("aside-about", "number", number.clone()), entry.name),
    };
    Entry {
        title: format!("{} · {}", facts::place(t, entry.suitcase), t.count("entry-n", entry.seq)),
        why: reason(t, entry),
        // What is not among the records has no page.
        href: if entry.is_here && !number.is_empty() { facts::request_address(&number) } else { String::new() },
        about,
        address: format!("/set-aside/{}/{}", entry.chain, entry.seq),
        id: format!("reason-{}-{}", entry.chain, entry.seq),
        acceptable: entry.acceptable,
    }
}

/// Lets one in.
pub(crate) async fn accept(ask: Ask, typed: Typed) -> Answer {
    let (chain, seq) = (ask.param("chain"), ask.param("seq"));
    let done = ask
        .work(move |desk, by| {
            let (Ok(chain), Ok(seq)) = (chain.parse(), seq.parse()) else { return Err(unknown()) };
            desk.accept_set_aside(by, chain, seq, &typed.get("reason"))
        })
        .await;
    after(&ask, done, "accept").await
}

/// Leaves one where it is, with a reason.
pub(crate) async fn decline(ask: Ask, typed: Typed) -> Answer {
    let (chain, seq) = (ask.param("chain"), ask.param("seq"));
    let done = ask
        .work(move |desk, by| {
            let (Ok(chain), Ok(seq)) = (chain.parse(), seq.parse()) else { return Err(unknown()) };
            desk.decline_set_aside(by, chain, seq, &typed.get("reason"))
        })
        .await;
    after(&ask, done, "decline").await
}

async fn after(ask: &Ask, done: Result<(), DeskError>, what: &str) -> Result<Response, super::super::ask::Refusal> {
    match done {
        Ok(()) => Ok(go_to(&format!("/set-aside?done={what}"))),
        Err(error) => listed(ask, Some(error)).await,
    }
}

fn unknown() -> DeskError {
    DeskError::not_found(
        "такого відкладеного запису немає: оновіть список",
        "there is no such entry set aside: reload the list",
    )
}
