//! What lines with suggestions ask while a person types.

use super::residents;
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer};
use crate::web::readable::said;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use pages::{Suggestion, Suggestions, address};

/// Settlements of the codifier.
pub async fn places(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    let words = words(query);
    let found = officer.ask(move |agent| agent.place_choices(&words)).await?;
    let item = |place: crate::app::PlaceChoice| Suggestion {
        value: place.name.clone(),
        code: place.code,
        words: place.name,
        ..Suggestion::default()
    };
    Ok(html(StatusCode::OK, &Suggestions { items: found.into_iter().map(item).collect() }))
}

/// Services of the catalogue.
pub async fn services(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    let words = words(query);
    let lang = officer.t.lang;
    let found = officer.ask(move |agent| agent.service_choices(&words)).await?;
    let item = |one: crate::app::ServiceChoice| {
        let name = said(lang, &one.name).to_owned();
        let rest = [&one.allowed, &one.term, &one.fee].map(|words| said(lang, words)).join(" · ");
        // The questions of the chosen service come at once.
        let press = "service".to_owned();
        Suggestion { words: format!("{name} · {rest}"), value: name, code: one.slug, press }
    };
    Ok(html(StatusCode::OK, &Suggestions { items: found.into_iter().map(item).collect() }))
}

/// Residents known here: whoever is taken fills the form.
pub async fn residents(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    let words = words(query);
    let found = officer.ask(move |agent| agent.resident_choices(&words, 0)).await?.0;
    let item = |one: crate::app::ResidentChoice| Suggestion {
        value: one.name.split(' ').next().unwrap_or_default().to_owned(),
        code: one.record.clone(),
        words: residents::in_a_line(&one),
        press: format!("resident:{}", one.record),
    };
    Ok(html(StatusCode::OK, &Suggestions { items: found.into_iter().take(SHOWN).map(item).collect() }))
}

/// Ten are enough to choose from.
const SHOWN: usize = 10;

fn words(query: Option<String>) -> String {
    address::value(&query.unwrap_or_default(), "q").unwrap_or_default().chars().take(200).collect()
}
