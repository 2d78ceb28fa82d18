//! «Збережено»: the number, large; what happens next; the опис.

use crate::app::AppError;
use crate::web::frame::{self, html};
use crate::web::guard::{Answer, Officer, redirect};
use crate::web::posted::{Pairs, value};
use crate::web::readable::{self, said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use pages::qr::Svg;
use pages::{Field, Notice, Options, Page, Tone, address, format};

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
    visit: Option<VisitEnd>,
}

/// How the visit ends: asked once, when all services are recorded.
struct VisitEnd {
    to: String,
    outcome: Field,
    why: Field,
}

/// «Завершити відвідування».
pub async fn end_visit(officer: Officer, Path(number): Path<String>, axum::Form(pairs): axum::Form<Pairs>) -> Answer {
    let (outcome, why) = (value(&pairs, "outcome").to_owned(), value(&pairs, "why").to_owned());
    let same = number.clone();
    let done = officer
        .try_ask(move |agent| match agent.visit_of_request(&same)? {
            Some(visit) => agent.end_visit(&visit.record, &outcome, &why),
            None => Ok(false),
        })
        .await?;
    match done {
        Ok(_) => Ok(redirect(&format!("/requests/{}/saved", address::encode(&number)), None)),
        Err(error) => page(&officer, number, Some(error)).await,
    }
}

/// The page.
pub async fn show(officer: Officer, Path(number): Path<String>) -> Answer {
    page(&officer, number, None).await
}

async fn page(officer: &Officer, number: String, error: Option<AppError>) -> Answer {
    let t = officer.t;
    let (request, code, visit) = officer
        .ask(move |agent| Ok((agent.request(&number)?, agent.statement(&number)?, agent.visit_of_request(&number)?)))
        .await?;
    let here = format!("/requests/{}", address::encode(&request.number));
    let mut page = officer.page(t.text("saved-title"), "/requests").await?;
    page.notices.push(Notice::new(Tone::Ok, t.text("saved-words")));
    page.path = format!("{here}/saved");
    page.errors = error.as_ref().and_then(|error| frame::plain_error(t, error));
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    if let Some(visit) = visit.as_ref().filter(|visit| visit.state != "on_site") {
        let words = t.with("visit-ended", "outcome", said(t.lang, &visit.outcome));
        page.notices.push(Notice::new(Tone::Plain, words));
    }
    let visit = visit.filter(|visit| visit.is_open).map(|_| VisitEnd {
        to: format!("{here}/visit"),
        outcome: Field::choice(
            t,
            "outcome",
            t.text("visit-outcome"),
            Options::new(["done", "partly_done"].map(|code| (code, t.text(&format!("visit-{code}")))), &["done"]),
        ),
        why: Field::text(t, "why", t.text("visit-why")).optional(),
    });
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
        here,
        can_repeat: !request.resident.is_empty(),
        visit,
        number: request.number,
    };
    Ok(html(status, &saved))
}
