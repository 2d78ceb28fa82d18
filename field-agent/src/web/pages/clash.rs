//! Two tabs typed into one draft: both texts side by side, and a person puts them together.

use super::draft::draft_id;
use crate::app::{SeenTexts, TextDifference};
use crate::web::guard::{Answer, Officer, redirect};
use crate::web::posted::{Pairs, value};
use crate::web::readable::{capital, said};
use axum::extract::Path;
use clock::Time;
use pages::{Texts, format};

/// What another tab sent, beside what the draft holds.
pub struct Clash {
    /// Where the choice is posted to.
    pub to: String,
    /// Names the tab.
    pub tab: String,
    /// When its text came, ms since 1970.
    pub at: i64,
    /// «Інша вкладка о 14:05 зберегла інше».
    pub title: String,
    /// Where they differ.
    pub rows: Vec<ClashRow>,
}

/// One difference.
pub struct ClashRow {
    /// The key.
    pub key: String,
    /// What is asked.
    pub label: String,
    /// What the draft holds; «—» for nothing.
    pub here: String,
    /// What the other tab sent.
    pub there: String,
}

/// The texts of other tabs in words; those that say the same are left out.
pub fn clashes(t: Texts, to: &str, all: &[(String, i64, Vec<TextDifference>)]) -> Vec<Clash> {
    let shown = |text: &str| if text.is_empty() { "—".to_owned() } else { text.to_owned() };
    let row = |one: &TextDifference| ClashRow {
        key: one.key.clone(),
        label: capital(said(t.lang, &one.label)),
        here: shown(&one.here),
        there: shown(&one.there),
    };
    let clash = |(tab, at, differences): &(String, i64, Vec<TextDifference>)| Clash {
        to: to.to_owned(),
        tab: tab.clone(),
        at: *at,
        title: t.with("clash-title", "time", format::clock_time(Time(*at))),
        rows: differences.iter().map(row).collect(),
    };
    all.iter().map(clash).collect()
}

/// The choice: of each difference the draft's text or the other tab's.
pub async fn choose(officer: Officer, Path(id): Path<String>, axum::Form(pairs): axum::Form<Pairs>) -> Answer {
    let key = draft_id(&officer, &id)?;
    let seen = SeenTexts {
        edition: value(&pairs, "edition").parse().unwrap_or_default(),
        tab: value(&pairs, "tab").to_owned(),
        at: value(&pairs, "at").parse().unwrap_or_default(),
    };
    let theirs: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| value == "there")
        .filter_map(|(name, _)| name.strip_prefix("take~").map(str::to_owned))
        .collect();
    // Where either text is newer by now, the page shows both again.
    officer.ask(move |agent| agent.put_together(key, &seen, &theirs)).await?;
    Ok(redirect(&format!("/drafts/{id}"), None))
}
