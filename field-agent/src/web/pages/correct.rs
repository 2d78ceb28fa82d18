//! A correction: the same form, filled, with a reason.

use super::draft::{FormPage, Kind};
use crate::app::{AppError, Form};
use crate::web::form_fields::{Fields, Show};
use crate::web::form_sections::Known;
use crate::web::frame::{self, html};
use crate::web::guard::{Answer, Officer, redirect};
use crate::web::posted::{self, Pairs, value};
use axum::extract::Path;
use axum::http::StatusCode;
use pages::{Field, address};

/// The form with what stands.
pub async fn show(officer: Officer, Path(number): Path<String>) -> Answer {
    let same = number.clone();
    let form = officer.ask(move |agent| agent.form_of_request(&same)).await?;
    page(&officer, number, form, "", None, Show::Typed).await
}

/// Keeps the correction; with errors the form comes back as it was typed.
pub async fn post(officer: Officer, Path(number): Path<String>, axum::Form(pairs): axum::Form<Pairs>) -> Answer {
    let mut typed = posted::form(&pairs);
    let reason = value(&pairs, "reason").to_owned();
    let saves = value(&pairs, "do") == "correct";
    let (same, why) = (number.clone(), reason.clone());
    let (form, done) = officer
        .ask(move |agent| {
            // Service and consent stand as they were given.
            let held = agent.form_of_request(&same)?;
            (typed.service, typed.consent, typed.resident) = (held.service, held.consent, held.resident);
            agent.prune(&mut typed);
            let done = saves.then(|| agent.correct_by_form(&same, &typed, &why));
            Ok((typed, done))
        })
        .await?;
    match done {
        Some(Ok(changed)) => Ok(redirect(&format!("/requests/{}", address::encode(&changed.number)), None)),
        Some(Err(error)) => page(&officer, number, form, &reason, Some(error), Show::All).await,
        None => page(&officer, number, form, &reason, None, Show::Typed).await,
    }
}

async fn page(
    officer: &Officer,
    number: String,
    mut form: Form,
    reason: &str,
    error: Option<AppError>,
    show: Show,
) -> Answer {
    let t = officer.t;
    let (form, findings, known) = officer
        .ask(move |agent| {
            agent.name_places(&mut form);
            let findings = agent.check(&form)?.findings;
            let known = Known::about(agent, &form, "")?;
            Ok((form, findings, known))
        })
        .await?;
    let here = format!("/requests/{}", address::encode(&number));
    let mut page = officer.page(t.with("correct-title", "number", &number), "/requests").await?;
    page.path = format!("{here}/correct");
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page.errors = error
        .filter(|error| !matches!(error, AppError::Findings(_)))
        .as_ref()
        .and_then(|error| frame::plain_error(t, error));
    let why = Field::text(t, "reason", t.text("why-corrected")).value(reason).hint(t.text("hint-why-corrected"));
    let kind = Kind {
        to: format!("{here}/correct"),
        reason: Some(why),
        autosave: String::new(),
        discard: String::new(),
        saved: String::new(),
        edition: 0,
        tab: String::new(),
        clashes: Vec::new(),
    };
    let mut fields = Fields::new(t, &form, &findings, show);
    Ok(html(status, &FormPage::of(page, &mut fields, &known, kind)))
}
