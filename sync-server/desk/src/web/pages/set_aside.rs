//! «Карантин»: entries that are kept and not among the records, until a person decides.

use super::super::ask::{Answer, Ask, Section, as_sentence, said, sentence, status_of};
use super::super::guard::go_to;
use super::typed::Typed;
use super::{facts, show};
use crate::app::{DeskError, Run, SetAside};
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

/// Entries of one chain: where one thing is to be said of all of them, it is said once.
struct Together {
    title: String,
    words: String,
    address: String,
    id: String,
    /// How many can be let in.
    acceptable: usize,
    accept: String,
    decline: String,
}

struct Entry {
    /// Before the first of a chain that has several.
    together: Option<Together>,
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
    if matches!(ask.query("done").as_str(), "accept" | "decline" | "accept-all" | "decline-all") {
        page.notices.push(Notice::new(Tone::Ok, t.text(&format!("set-aside-{}", ask.query("done")))));
    }
    let status = error.map_or(StatusCode::OK, |error| status_of(error.kind));
    let mut shown = Vec::with_capacity(entries.len());
    for of_chain in entries.chunk_by(|a, b| a.chain == b.chain) {
        let first = shown.len();
        shown.extend(of_chain.iter().map(|entry| entry_of(t, entry)));
        shown[first].together = together(t, of_chain);
    }
    Ok(show(status, &List { page, entries: shown }))
}

fn together(t: Texts, of_chain: &[SetAside]) -> Option<Together> {
    let [first, .., last] = of_chain else { return None };
    let acceptable = of_chain.iter().filter(|entry| entry.acceptable).count();
    Some(Together {
        title: t.with("aside-all", "place", facts::place(t, first.suitcase)),
        words: t.count("aside-all-words", of_chain.len() as u64),
        address: format!("/set-aside/{}/{}-{}", first.chain, first.seq, last.seq),
        id: format!("all-{}", first.chain),
        acceptable,
        accept: t.count("aside-all-in", acceptable as u64),
        decline: t.count("aside-all-leave", of_chain.len() as u64),
    })
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
        together: None,
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

/// Lets one in, or a run of them.
pub(crate) async fn accept(ask: Ask, typed: Typed) -> Answer {
    let (chain, seq) = (ask.param("chain"), ask.param("seq"));
    let done = ask
        .work(move |desk, by| {
            let (Ok(chain), Ok(run)) = (chain.parse(), seq.parse::<Run>()) else { return Err(unknown()) };
            desk.accept_set_aside(by, chain, run, &typed.get("reason"))
        })
        .await;
    after(&ask, done, "accept").await
}

/// Leaves one where it is, or a run of them, with a reason.
pub(crate) async fn decline(ask: Ask, typed: Typed) -> Answer {
    let (chain, seq) = (ask.param("chain"), ask.param("seq"));
    let done = ask
        .work(move |desk, by| {
            let (Ok(chain), Ok(run)) = (chain.parse(), seq.parse::<Run>()) else { return Err(unknown()) };
            desk.decline_set_aside(by, chain, run, &typed.get("reason"))
        })
        .await;
    after(&ask, done, "decline").await
}

async fn after(ask: &Ask, done: Result<usize, DeskError>, what: &str) -> Result<Response, super::super::ask::Refusal> {
    match done {
        Ok(1) => Ok(go_to(&format!("/set-aside?done={what}"))),
        Ok(_) => Ok(go_to(&format!("/set-aside?done={what}-all"))),
        Err(error) => listed(ask, Some(error)).await,
    }
}

fn unknown() -> DeskError {
    DeskError::not_found(
        "такого відкладеного запису немає: оновіть список",
        "there is no such entry set aside: reload the list",
    )
}
