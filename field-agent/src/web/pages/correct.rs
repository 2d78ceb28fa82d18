//! A correction: the same form, filled, with a reason.

use super::draft::{FormPage, Kind};
use crate::app::{AppError, Finding, Form};
use crate::web::form_fields::{Fields, Show};
use crate::web::form_sections::Known;
use crate::web::frame::{self, html};
use crate::web::guard::{Answer, Officer, redirect};
use crate::web::posted::{self, Pairs, value};
use axum::extract::Path;
use axum::http::StatusCode;
use pages::{Field, address};

/// A correction under way.
struct Open {
    form: Form,
    /// What stands in the request, for the next page to compare with.
    base: Form,
    clashes: Vec<Finding>,
}

/// The form with what stands.
pub async fn show(officer: Officer, Path(number): Path<String>) -> Answer {
    let same = number.clone();
    let form = officer.ask(move |agent| agent.form_to_correct(&same)).await?;
    let open = Open { base: form.clone(), form, clashes: Vec::new() };
    page(&officer, number, open, "", None, Show::Typed).await
}

/// Keeps the correction; with errors the form comes back as it was typed.
pub async fn post(officer: Officer, Path(number): Path<String>, axum::Form(pairs): axum::Form<Pairs>) -> Answer {
    let sent = posted::correction(&pairs);
    let reason = value(&pairs, "reason").to_owned();
    let saves = value(&pairs, "do") == "correct";
    let (same, why) = (number.clone(), reason.clone());
    let (laid, done) = officer
        .ask(move |agent| {
            let laid = agent.lay_correction(&same, sent)?;
            let done = saves.then(|| agent.correct_laid(&same, &laid, &why));
            Ok((laid, done))
        })
        .await?;
    let show = if done.is_some() || !laid.clashes.is_empty() { Show::All } else { Show::Typed };
    let open = Open { form: laid.form, base: laid.base, clashes: laid.clashes };
    match done {
        Some(Ok(changed)) => Ok(redirect(&format!("/requests/{}", address::encode(&changed.number)), None)),
        Some(Err(error)) => page(&officer, number, open, &reason, Some(error), show).await,
        None => page(&officer, number, open, &reason, None, show).await,
    }
}

async fn page(
    officer: &Officer,
    number: String,
    open: Open,
    reason: &str,
    error: Option<AppError>,
    show: Show,
) -> Answer {
    let t = officer.t;
    let (same, Open { mut form, base, mut clashes }) = (number.clone(), open);
    let (form, findings, known) = officer
        .ask(move |agent| {
            agent.name_places(&mut form);
            let mut findings = agent.check_correction(&same, &form)?;
            findings.append(&mut clashes);
            let known = Known::of_request(agent, &same, &form)?;
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
        base: base.as_base(),
    };
    let mut fields = Fields::new(t, &form, &findings, show);
    Ok(html(status, &FormPage::of(page, &mut fields, &known, kind)))
}
