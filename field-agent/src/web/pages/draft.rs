//! «Нове звернення»: one scrolling page whose every word is kept as a draft.

use crate::app::{Agent, AppError, Form};
use crate::web::form_fields::{Fields, Show};
use crate::web::form_sections::{Known, Section, sections, tasks};
use crate::web::frame::{self, html};
use crate::web::guard::{Answer, Officer, Refused, redirect};
use crate::web::posted::{self, Pairs, value};
use crate::web::readable::{self, said};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use pages::{ErrorSummary, Field, Page, TaskList, Texts, address, format};

/// The whole form: a new request or a correction.
#[derive(Template)]
#[template(path = "form.html")]
pub struct FormPage {
    page: Page,
    tasks: TaskList,
    to: String,
    autosave: String,
    sections: Vec<Section>,
    card: Vec<(String, String)>,
    card_name: String,
    alike: Vec<Alike>,
    resident: String,
    resident_name: String,
    service: String,
    is_new: bool,
    reason: Option<Field>,
    saved: String,
    discard: String,
}

/// A known resident who may be the applicant.
struct Alike {
    record: String,
    words: String,
}

/// What tells a new request's page from a correction's.
pub struct Kind {
    /// Where the form posts to.
    pub to: String,
    /// Why it is corrected; `None` for a new request.
    pub reason: Option<Field>,
    /// Where it is saved while typing; empty for nowhere.
    pub autosave: String,
    /// Where a draft is thrown away; empty where there is none.
    pub discard: String,
    /// When it was saved; empty if never.
    pub saved: String,
}

/// An empty form under a fresh address. Nothing is kept until something is typed.
pub async fn new(officer: Officer) -> Answer {
    let id = officer.ask(|agent| Ok(agent.fresh_draft())).await?;
    Ok(redirect(&format!("/drafts/{id}"), None))
}

/// The form with what was typed.
pub async fn show(officer: Officer, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let t = officer.t;
    let query = query.unwrap_or_default();
    let show = if address::value(&query, "check").is_some() { Show::All } else { Show::Typed };
    let words = address::value(&query, "service").unwrap_or_default();
    let key = draft_id(&officer, &id)?;
    let (form, findings, known, kept) = officer
        .ask(move |agent| {
            let kept = agent.draft(key)?;
            let mut form = kept.clone().unwrap_or_default();
            agent.name_places(&mut form);
            let findings = agent.check(&form)?.findings;
            let known = Known::about(agent, &form, &words)?;
            Ok((form, findings, known, kept.is_some()))
        })
        .await?;
    let kind = Kind {
        to: format!("/drafts/{id}"),
        reason: None,
        autosave: format!("/drafts/{id}/autosave"),
        discard: if kept { format!("/drafts/{id}/discard") } else { String::new() },
        saved: if kept { t.text("draft-kept") } else { String::new() },
    };
    let page = officer.page(t.text("new-request"), "/requests").await?;
    let mut fields = Fields::new(t, &form, &findings, show);
    Ok(html(StatusCode::OK, &FormPage::of(page, &mut fields, &known, kind)))
}

impl FormPage {
    /// The page around the form's sections.
    pub fn of(mut page: Page, fields: &mut Fields<'_>, known: &Known, kind: Kind) -> Self {
        let (t, form) = (fields.t, fields.form);
        let is_new = kind.reason.is_none();
        let sections = sections(fields, known, is_new);
        page.errors = fields.summary().or(page.errors.take());
        let review = is_new.then(|| "#part-review".to_owned());
        Self {
            tasks: tasks(t, &sections, review),
            to: kind.to,
            autosave: kind.autosave,
            card: card(t, known),
            card_name: known.card.as_ref().map(|card| said(t.lang, &card.name).to_owned()).unwrap_or_default(),
            alike: if is_new { known.alike.iter().map(|one| alike(t, one)).collect() } else { Vec::new() },
            resident: form.resident.clone(),
            resident_name: known.resident.clone(),
            service: form.service.clone(),
            is_new,
            reason: kind.reason,
            saved: kind.saved,
            discard: kind.discard,
            sections,
            page,
        }
    }
}

fn alike(t: Texts, one: &crate::app::ResidentChoice) -> Alike {
    let parts = [
        one.name.clone(),
        readable::day(&one.born),
        if one.tax_number.is_empty() { String::new() } else { format::tax_number(&one.tax_number) },
        one.address.clone(),
    ];
    let words: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Alike { record: one.record.clone(), words: t.with("known-here", "who", words.join(", ")) }
}

/// What is to be known about the service, beside its name.
fn card(t: Texts, known: &Known) -> Vec<(String, String)> {
    let Some(card) = &known.card else { return Vec::new() };
    let reasons: Vec<&str> = card.reasons.iter().map(|words| said(t.lang, words)).collect();
    let allowed = readable::capital(said(t.lang, &card.allowed));
    let basis = said(t.lang, &card.due_basis);
    let basis = if card.due_is_stated { basis.to_owned() } else { t.with("estimated", "basis", basis) };
    let exempt: Vec<&str> = card.exempt.iter().map(|words| said(t.lang, words)).collect();
    let mut rows = vec![
        (
            t.text("card-allowed"),
            if reasons.is_empty() { allowed } else { format!("{allowed}: {}", reasons.join("; ")) },
        ),
        (t.text("card-due"), format!("{} ({basis})", readable::day(&card.due))),
        (t.text("card-handover"), readable::day(&card.handover_due)),
        (t.text("card-fee"), said(t.lang, &card.fee).to_owned()),
    ];
    if card.fee_due && !exempt.is_empty() {
        rows.push((t.text("card-exempt"), exempt.join("; ")));
    }
    rows.push((t.text("card-provider"), card.providers.clone()));
    rows
}

/// One of the form's buttons: everything typed is kept first.
pub async fn post(officer: Officer, Path(id): Path<String>, axum::Form(pairs): axum::Form<Pairs>) -> Answer {
    let key = draft_id(&officer, &id)?;
    let mut form = posted::form(&pairs);
    let pressed = value(&pairs, "do").to_owned();
    let (pressed, about) =
        pressed.split_once(':').map_or((pressed.clone(), String::new()), |(a, b)| (a.into(), b.into()));
    let words = value(&pairs, "service").to_owned();
    let picked = form.service != value(&pairs, "service~now");
    let button = pressed.clone();
    let clear = officer
        .ask(move |agent| {
            match button.as_str() {
                "resident" => take_resident(agent, &mut form, &about)?,
                "not-resident" => form.resident.clear(),
                _ => {}
            }
            agent.prune(&mut form);
            agent.keep_draft(Some(key), &form)?;
            Ok(button == "review" && agent.check(&form)?.is_clear())
        })
        .await?;
    let draft = format!("/drafts/{id}");
    let to = match pressed.as_str() {
        "review" if clear => format!("{draft}/review"),
        "review" => format!("{draft}?check=1"),
        "resident" | "not-resident" | "find" => format!("{draft}#part-applicant"),
        "service" if picked || words.is_empty() => format!("{draft}#part-service"),
        "service" => format!("{}#part-service", address::with(&draft, "service", &words)),
        "row" => format!("{draft}#part-answers"),
        _ => draft,
    };
    Ok(redirect(&to, None))
}

/// What is known about the resident fills what is empty; what was typed stays.
fn take_resident(agent: &Agent, form: &mut Form, record: &str) -> Result<(), AppError> {
    let known = agent.form_of_resident(record)?;
    for (key, text) in known.fields {
        form.fields.entry(key).or_insert(text);
    }
    form.resident = known.resident;
    Ok(())
}

/// The page saves itself a second after the last key.
pub async fn autosave(officer: Officer, Path(id): Path<String>, axum::Form(pairs): axum::Form<Pairs>) -> Answer {
    let key = draft_id(&officer, &id)?;
    let form = posted::form(&pairs);
    let at = officer
        .ask(move |agent| {
            agent.keep_draft(Some(key), &form)?;
            Ok(agent.now())
        })
        .await?;
    Ok(officer.t.with("saved-at", "time", format::clock_time(at)).into_response())
}

/// Throws the draft away.
pub async fn discard(officer: Officer, Path(id): Path<String>) -> Answer {
    let key = draft_id(&officer, &id)?;
    officer.ask(move |agent| agent.discard_draft(key)).await?;
    Ok(redirect("/day", None))
}

/// The draft that an address names.
pub fn draft_id(officer: &Officer, text: &str) -> Result<[u8; 16], Refused> {
    officer.agent.draft_id(text).ok_or_else(|| {
        Refused::new(frame::alone(officer.t.lang, StatusCode::NOT_FOUND, "not-found-title", "no-such-page"))
    })
}

/// What stops a form, for pages that show nothing else.
pub fn summary(t: Texts, words: String) -> Option<ErrorSummary> {
    Some(ErrorSummary::plain(t, words))
}
