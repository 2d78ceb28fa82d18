//! «Довідка»: the keys, and what the words of the header mean.

use crate::web::frame::html;
use crate::web::guard::{Answer, Officer};
use askama::Template;
use axum::http::StatusCode;
use pages::Page;

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    page: Page,
    keys: Vec<(&'static str, String)>,
    words: Vec<(String, String)>,
}

/// The keys: key and phrase.
const KEYS: [(&str, &str); 10] = [
    ("N", "key-new"),
    ("F2", "key-search"),
    ("Alt+1 … Alt+5", "key-sections"),
    ("↓ ↑", "key-rows"),
    ("Enter", "key-open"),
    ("Ctrl+Enter", "key-on"),
    ("Esc", "key-back"),
    ("Ctrl+P", "key-print"),
    ("Alt+L", "key-lock"),
    ("?", "key-keys"),
];

/// The page.
pub async fn show(officer: Officer) -> Answer {
    let t = officer.t;
    let page = officer.page(t.text("nav-help"), "/help").await?;
    let words = ["here", "on-the-way", "at-the-centre", "draft"];
    let words = words.map(|word| (t.text(&format!("help-{word}-word")), t.text(&format!("help-{word}"))));
    let keys = KEYS.map(|(key, phrase)| (key, t.text(phrase)));
    Ok(html(StatusCode::OK, &Help { page, keys: keys.into(), words: words.into() }))
}
