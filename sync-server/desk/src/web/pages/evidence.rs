//! The evidence file of a case: what it is, and the file.

use super::super::ask::{Answer, Ask, Section};
use super::facts::request_address;
use super::{Form, Part, parts};
use ::pages::{Notice, Tone};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;

/// What it is, before it is taken.
pub(crate) async fn about(ask: Ask) -> Answer {
    let number = ask.param("number");
    let asked = number.clone();
    let (number, root) = ask.get(move |desk, by| desk.before_evidence(by, &asked)).await?;
    let t = ask.t;
    let page = ask.page(t.with("evidence-title", "number", &number), Some(Section::Queue)).await;
    let grouped: Vec<&str> = root.as_bytes().chunks(8).filter_map(|part| std::str::from_utf8(part).ok()).collect();
    let all = vec![
        Part::Notice(Notice::new(Tone::Wait, t.text("evidence-confidential"))),
        Part::Words(t.text("evidence-words")),
        Part::Words(t.with("evidence-root", "root", grouped.join(" "))),
        Part::Words(t.text("evidence-check")),
        Part::Form(Form {
            to: format!("{}/evidence", request_address(&number)),
            fields: Vec::new(),
            button: t.text("evidence-take"),
            tone: "button-primary",
        }),
        Part::Link(request_address(&number), t.text("evidence-back")),
    ];
    Ok(parts(StatusCode::OK, page, all))
}

/// The file.
pub(crate) async fn file(ask: Ask) -> Answer {
    let number = ask.param("number");
    let file = ask.get(move |desk, by| desk.evidence(by, &number)).await?;
    // Letters of a receipt number are Cyrillic, which no header carries.
    let name: String = file.number.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}.valiza-evidence\"", name.trim_end_matches('-'))),
    ];
    Ok((headers, file.bytes).into_response())
}
