//! «Продовжити»: what was sent while the screen was locked, to be sent once more or thrown away.

use crate::web::frame::html;
use crate::web::guard::{Answer, Officer, redirect};
use crate::web::held::Held;
use askama::Template;
use axum::extract::Path;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::IntoResponse;
use pages::{Page, Texts, format};

#[derive(Template)]
#[template(path = "held.html")]
struct HeldPage {
    page: Page,
    forms: Vec<Line>,
}

/// One form that waits.
struct Line {
    id: u64,
    what: String,
    when: String,
    /// What was typed in words of one's own; the rest of a long form is in its fields.
    texts: Vec<String>,
    pairs: Vec<(String, String)>,
}

/// Names of inputs that hold words of one's own.
const TEXTS: [&str; 11] = [
    "number",
    "note-text",
    "reason",
    "withdraw-reason",
    "supplement-text",
    "deliver-text",
    "topic",
    "answer",
    "who",
    "value",
    "code",
];

/// The page.
pub async fn show(officer: Officer) -> Answer {
    let t = officer.t;
    let held = officer.console.held_of(officer.agent.officer());
    if held.is_empty() {
        return Ok(redirect("/day", None));
    }
    let page = officer.page(t.text("held-title"), "/day").await?;
    Ok(html(StatusCode::OK, &HeldPage { page, forms: held.into_iter().map(|one| line(t, one)).collect() }))
}

fn line(t: Texts, held: Held) -> Line {
    let own = |name: &str| TEXTS.contains(&name) || name.starts_with("answer-");
    let typed = held.pairs.iter().filter(|(name, text)| own(name) && !text.trim().is_empty());
    Line {
        id: held.id,
        what: what(t, &held.path),
        when: t.with("held-when", "time", format::date_time(held.at)),
        texts: typed.map(|(_, text)| text.clone()).collect(),
        pairs: held.pairs,
    }
}

/// What was about to be done, by the address it was sent to.
pub fn what(t: Texts, path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let of_request = |number: &str, phrase: &str| {
        let number = pages::address::value(&format!("n={number}"), "n").unwrap_or_default();
        t.with(phrase, "number", number)
    };
    match parts[..] {
        ["requests", number, "note"] => of_request(number, "held-note"),
        ["requests", number, "notes", ..] => of_request(number, "held-notes"),
        ["requests", number, "correct"] => of_request(number, "held-correct"),
        ["requests", number, "withdraw"] => of_request(number, "held-withdraw"),
        ["requests", number, "supplement"] => of_request(number, "held-supplement"),
        ["requests", number, "deliver"] => of_request(number, "held-deliver"),
        ["requests", number, "conflicts", ..] => of_request(number, "held-conflict"),
        ["requests", number, "undo", ..] => of_request(number, "held-undo"),
        ["requests", number, ..] => of_request(number, "held-request"),
        ["drafts", _, "finish"] => t.text("held-finish"),
        ["drafts", ..] => t.text("held-draft"),
        ["consultations", ..] => t.text("held-consultation"),
        ["numbers"] => t.text("void-button"),
        ["residents", _, "same"] => t.text("held-same"),
        _ => t.text("held-other"),
    }
}

/// Once more: the browser sends the same form to where it was meant for.
pub async fn resend(officer: Officer, Path(id): Path<String>) -> Answer {
    let id = id.parse().unwrap_or_default();
    let Some(held) = officer.console.let_go(officer.agent.officer(), id) else {
        return Ok(redirect("/continue", None));
    };
    let Ok(to) = HeaderValue::from_str(&held.path) else { return Ok(redirect("/continue", None)) };
    Ok((StatusCode::TEMPORARY_REDIRECT, [(LOCATION, to)]).into_response())
}

/// Thrown away.
pub async fn drop(officer: Officer, Path(id): Path<String>) -> Answer {
    officer.console.let_go(officer.agent.officer(), id.parse().unwrap_or_default());
    Ok(redirect("/continue", None))
}
