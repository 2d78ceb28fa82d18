//! «Збережено»: the number, large; what happens next; the опис.

use crate::web::frame::html;
use crate::web::guard::{Answer, Officer};
use crate::web::readable;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use pages::qr::Svg;
use pages::{Notice, Page, Tone, address, format};

#[derive(Template)]
#[template(path = "saved.html")]
struct Saved {
    page: Page,
    number: String,
    spoken: String,
    qr: Option<Svg>,
    next: Vec<String>,
    here: String,
    can_repeat: bool,
}

/// The page.
pub async fn show(officer: Officer, Path(number): Path<String>) -> Answer {
    let t = officer.t;
    let (request, code) = officer.ask(move |agent| Ok((agent.request(&number)?, agent.statement(&number)?))).await?;
    let mut page = officer.page(t.text("saved-title"), "/requests").await?;
    page.notices.push(Notice::new(Tone::Ok, t.text("saved-words")));
    let next = vec![
        t.with("next-print", "name", readable::short_name(&request.applicant)),
        t.with("next-handover", "date", readable::day(&request.handover_due)),
        t.with("next-due", "date", readable::day(&request.due)),
    ];
    let saved = Saved {
        page,
        spoken: format::spoken(&request.number),
        qr: pages::qr::svg(code.as_bytes()).ok(),
        next,
        here: format!("/requests/{}", address::encode(&request.number)),
        can_repeat: !request.resident.is_empty(),
        number: request.number,
    };
    Ok(html(StatusCode::OK, &saved))
}
