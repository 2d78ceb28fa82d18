//! «Довідка»: what each page is for, the keys, what the words of the header mean, what officers ask most.

use crate::web::frame::html;
use crate::web::guard::{Answer, Officer};
use askama::Template;
use axum::http::StatusCode;
use pages::Page;

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    page: Page,
    parts: Vec<Part>,
    keys: Vec<(&'static str, String)>,
    words: Vec<(String, String)>,
    answers: Vec<(String, Vec<String>)>,
}

/// What one page is for.
struct Part {
    id: &'static str,
    title: String,
    words: Vec<String>,
    link: &'static str,
}

/// The keys: key and phrase.
const KEYS: [(&str, &str); 12] = [
    ("N", "key-new"),
    ("K", "new-consultation"),
    ("F2", "key-search"),
    ("Alt+1 … Alt+5", "key-sections"),
    ("↓ ↑", "key-rows"),
    ("Enter", "key-open"),
    ("Ctrl+Enter", "key-on"),
    ("Esc", "key-back"),
    ("Ctrl+P", "key-print"),
    ("Alt+L", "key-lock-screen"),
    ("Ctrl+Alt+L", "lock-vault"),
    ("?", "key-keys"),
];

/// Pages in the order of a day: id here, title, address; empty where it needs a request.
const PARTS: [(&str, &str, &str); 10] = [
    ("day", "nav-day", "/day"),
    ("form", "new-request", "/requests/new"),
    ("request", "help-request-title", ""),
    ("conflicts", "help-conflicts-title", ""),
    ("requests", "nav-requests", "/requests"),
    ("residents", "nav-residents", "/residents"),
    ("consultations", "consultations-title", "/consultations"),
    ("exchange", "nav-exchange", "/exchange"),
    ("releases", "releases-title", "/releases"),
    ("verify", "verify-title", "/verify"),
];

/// What officers ask most.
const QUESTIONS: [&str; 6] = ["lost", "nolink", "clock", "passphrase", "mistake", "locks"];

/// The page.
pub async fn show(officer: Officer) -> Answer {
    let t = officer.t;
    let page = officer.page(t.text("nav-help"), "/help").await?;
    let words = ["here", "on-the-way", "at-the-centre", "set-aside", "draft"];
    let words = words.map(|word| (t.text(&format!("help-{word}-word")), t.text(&format!("help-{word}"))));
    let lines = |phrase: &str| t.text(phrase).lines().map(str::to_owned).collect::<Vec<_>>();
    let parts =
        PARTS.map(|(id, title, link)| Part { id, title: t.text(title), words: lines(&format!("help-of-{id}")), link });
    let keys = KEYS.map(|(key, phrase)| (key, t.text(phrase)));
    let answers = QUESTIONS.map(|question| (t.text(&format!("ask-{question}")), lines(&format!("answer-{question}"))));
    let view = Help { page, parts: parts.into(), keys: keys.into(), words: words.into(), answers: answers.into() };
    Ok(html(StatusCode::OK, &view))
}
