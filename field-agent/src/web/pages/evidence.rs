//! The evidence file of a request: what it is, and the file.

use crate::web::frame::html;
use crate::web::guard::{Answer, Officer};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use pages::{Notice, Page, Tone, address};

#[derive(Template)]
#[template(path = "evidence.html")]
struct Evidence {
    page: Page,
    here: String,
    root: String,
}

/// What it is, before it is taken.
pub async fn show(officer: Officer, Path(number): Path<String>) -> Answer {
    let t = officer.t;
    let (number, root) =
        officer.ask(move |agent| Ok((agent.request(&number)?.number, agent.root_fingerprint()?))).await?;
    let mut page = officer.page(t.with("evidence-title", "number", &number), "/requests").await?;
    page.notices.push(Notice::new(Tone::Wait, t.text("evidence-confidential")));
    let grouped: Vec<&str> = root.as_bytes().chunks(8).filter_map(|part| std::str::from_utf8(part).ok()).collect();
    let here = format!("/requests/{}", address::encode(&number));
    Ok(html(StatusCode::OK, &Evidence { page, here, root: t.with("evidence-root", "root", grouped.join(" ")) }))
}

/// The file.
pub async fn file(officer: Officer, Path(number): Path<String>) -> Answer {
    let (number, bytes) = officer.ask(move |agent| agent.evidence(&number)).await?;
    // Letters of a receipt number are Cyrillic, which no header carries.
    let name: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}.valiza-evidence\"", name.trim_end_matches('-'))),
    ];
    Ok((headers, bytes).into_response())
}
