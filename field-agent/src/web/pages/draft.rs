//! «Нове звернення»: one scrolling page whose every word is kept as a draft.

use super::clash::{Clash, clashes};
use crate::app::{Agent, AppError, DraftBody, Form, Kept};
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
use clock::Time;
use pages::{ErrorSummary, Field, Notice, Page, TaskList, Texts, Tone, address, format};

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
    chosen: Option<Field>,
    service: String,
    is_new: bool,
    reason: Option<Field>,
    saved: String,
    discard: String,
    edition: u64,
    tab: String,
    consent_text: String,
    shown: String,
    base: String,
    clashes: Vec<Clash>,
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
    /// The edition of the draft that the page shows; 0 where there is none.
    pub edition: u64,
    /// A name of the page's own.
    pub tab: String,
    /// Texts of other tabs.
    pub clashes: Vec<Clash>,
    /// What stands in a request that is corrected; empty for a new one.
    pub base: String,
}

/// An empty form under a fresh address. Nothing is kept until something is typed.
pub async fn new(officer: Officer) -> Answer {
    let id = officer.ask(|agent| Ok(agent.fresh_draft())).await?;
    Ok(redirect(&format!("/drafts/{id}"), None))
}

/// What the page of a draft shows, gathered in one turn.
struct Opened {
    body: DraftBody,
    is_kept: bool,
    findings: Vec<crate::app::Finding>,
    known: Known,
    release: Vec<crate::app::Words>,
    in_force: u32,
    vanished: Vec<crate::app::Vanished>,
    clashes: Vec<(String, i64, Vec<crate::app::TextDifference>)>,
    tab: String,
}

impl Opened {
    fn of(agent: &Agent, key: [u8; 16], words: &str) -> Result<Self, AppError> {
        let kept = agent.draft_body(key)?;
        let is_kept = kept.is_some();
        let mut body = kept.unwrap_or_default();
        let clashes = body
            .others
            .iter()
            .map(|other| (other.tab.clone(), other.at, agent.text_differences(&body.form, &other.form)))
            .collect();
        let (release, vanished) = (agent.release_change(&body)?, agent.vanished(&body));
        agent.name_places(&mut body.form);
        let findings = agent.check(&body.form)?.findings;
        let known = Known::about(agent, &body.form, words)?;
        let in_force = agent.catalogue().release().number;
        Ok(Self { is_kept, findings, known, release, in_force, vanished, clashes, tab: agent.fresh_draft(), body })
    }
}

/// The form with what was typed.
pub async fn show(officer: Officer, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let t = officer.t;
    let query = query.unwrap_or_default();
    let show = if address::value(&query, "check").is_some() { Show::All } else { Show::Typed };
    let words = address::value(&query, "service").unwrap_or_default();
    let key = draft_id(&officer, &id)?;
    let opened = officer.ask(move |agent| Opened::of(agent, key, &words)).await?;
    let mut page = officer.page(t.text("new-request"), "/requests").await?;
    page.notices.extend(notices(t, &opened, &id));
    if opened.body.discarded.is_some() {
        return Ok(html(
            StatusCode::OK,
            &pages::Message { words: Vec::new(), link: Some(("/day".into(), t.text("nav-day"))), page },
        ));
    }
    let kind = Kind {
        to: format!("/drafts/{id}"),
        reason: None,
        autosave: format!("/drafts/{id}/autosave"),
        discard: if opened.is_kept { format!("/drafts/{id}/discard") } else { String::new() },
        saved: if opened.is_kept { t.text("draft-kept") } else { String::new() },
        edition: opened.body.edition,
        tab: opened.tab.clone(),
        clashes: clashes(t, &format!("/drafts/{id}/clash"), &opened.clashes),
        base: String::new(),
    };
    let mut fields = Fields::new(t, &opened.body.form, &opened.findings, show).of_draft(&opened.body);
    Ok(html(StatusCode::OK, &FormPage::of(page, &mut fields, &opened.known, kind)))
}

/// What should be known before one goes on: the draft was thrown away, the catalogue is another, answers have no
/// question any more.
fn notices(t: Texts, opened: &Opened, id: &str) -> Vec<Notice> {
    let mut notices = Vec::new();
    if let Some(until) = opened.body.restorable_until() {
        let until = format::clock_time(Time(until));
        let words = t.with("draft-discarded", "until", until);
        notices.push(Notice::new(Tone::Wait, words).action(format!("/drafts/{id}/restore"), t.text("undo")));
        return notices;
    }
    if !opened.release.is_empty() {
        let changes: Vec<&str> = opened.release.iter().map(|words| said(t.lang, words)).collect();
        let title = t.count("release-changed", opened.in_force);
        let notice = Notice::new(Tone::Wait, changes.join("; ")).title(title);
        notices.push(notice.action(format!("/drafts/{id}/release"), t.text("release-seen")));
    }
    if !opened.vanished.is_empty() {
        let lines: Vec<String> =
            opened.vanished.iter().map(|one| format!("{}: {}", said(t.lang, &one.label), one.text)).collect();
        notices.push(Notice::new(Tone::Wait, lines.join("; ")).title(t.text("answers-vanished")));
    }
    notices
}

impl FormPage {
    /// The page around the form's sections.
    pub fn of(mut page: Page, fields: &mut Fields<'_>, known: &Known, kind: Kind) -> Self {
        let (t, form) = (fields.t, fields.form);
        let is_new = kind.reason.is_none();
        let chosen = if is_new { fields.chosen() } else { None };
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
            chosen,
            service: form.service.clone(),
            is_new,
            reason: kind.reason,
            saved: kind.saved,
            discard: kind.discard,
            edition: kind.edition,
            tab: kind.tab,
            consent_text: known.consent_text.clone(),
            shown: if is_new { String::new() } else { fields.placed().collect::<Vec<_>>().join(",") },
            base: kind.base,
            clashes: kind.clashes,
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
        (t.text("card-fee"), fee(t, card)),
    ];
    if !said(t.lang, &card.payee).is_empty() {
        rows.push((t.text("card-payee"), said(t.lang, &card.payee).to_owned()));
    }
    if card.fee_due && !exempt.is_empty() {
        rows.push((t.text("card-exempt"), exempt.join("; ")));
    }
    rows.push((t.text("card-provider"), card.providers.clone()));
    rows
}

/// What is to be paid, with how it comes about.
pub fn fee(t: Texts, card: &crate::app::ServiceCard) -> String {
    let (fee, basis) = (said(t.lang, &card.fee), said(t.lang, &card.fee_basis));
    if basis.is_empty() { fee.to_owned() } else { format!("{fee} ({basis})") }
}

/// One of the form's buttons: everything typed is kept first.
pub async fn post(officer: Officer, Path(id): Path<String>, axum::Form(pairs): axum::Form<Pairs>) -> Answer {
    let key = draft_id(&officer, &id)?;
    let typed = posted::typed(&pairs);
    let pressed = value(&pairs, "do").to_owned();
    let (pressed, about) =
        pressed.split_once(':').map_or((pressed.clone(), String::new()), |(a, b)| (a.into(), b.into()));
    let words = value(&pairs, "service").to_owned();
    let picked = typed.form.service != value(&pairs, "service~now");
    let (button, what) = (pressed.clone(), about.clone());
    let (kept, clear, fresh) = officer
        .ask(move |agent| {
            let kept = agent.type_into_draft(key, &typed, |body| {
                match button.as_str() {
                    "resident" => take_resident(agent, body, &what)?,
                    "not-resident" => body.form.resident.clear(),
                    "fill" => agent.fill_in(&mut body.form, &what),
                    _ => {}
                }
                Ok(())
            })?;
            if kept == Kept::Gone {
                // The request was saved from another tab: what is typed here is not lost, it is a draft of its own.
                let id = agent.fresh_draft();
                agent.keep_draft(agent.draft_id(&id), &typed.form)?;
                return Ok((kept, false, id));
            }
            let ready = button == "review" && kept == Kept::Here && agent.is_ready(key)?;
            Ok((kept, ready, String::new()))
        })
        .await?;
    let draft = format!("/drafts/{id}");
    match kept {
        Kept::Here => {}
        Kept::Beside => return Ok(redirect(&format!("{draft}#clash"), None)),
        Kept::Gone => return Ok(redirect(&format!("/drafts/{fresh}?check=1"), None)),
    }
    let to = match pressed.as_str() {
        "review" if clear => format!("{draft}/review"),
        "review" => format!("{draft}?check=1"),
        // What is known is filled in: on with what the person wants, as from a resident's own page.
        "resident" => format!("{draft}#part-service"),
        "not-resident" | "find" => format!("{draft}#part-applicant"),
        "services" => address::with("/services", "draft", &id),
        "service" if picked || words.is_empty() => format!("{draft}#part-service"),
        "service" => format!("{}#part-service", address::with(&draft, "service", &words)),
        "row" => format!("{draft}#part-answers"),
        "fill" => format!("{draft}#question-{about}"),
        _ => draft,
    };
    Ok(redirect(&to, None))
}

/// What is known about the resident fills what is empty; what was typed stays.
fn take_resident(agent: &Agent, body: &mut DraftBody, record: &str) -> Result<(), AppError> {
    let known = agent.form_of_resident(record)?;
    let form: &mut Form = &mut body.form;
    // What was typed to find the person is the beginning of what is known.
    let begins = |typed: &str, known: &str| known.to_lowercase().starts_with(&typed.trim().to_lowercase());
    for (key, text) in known.fields {
        let held = form.fields.entry(key).or_default();
        if held.trim().is_empty() || begins(held, &text) {
            *held = text;
        }
    }
    for (key, text) in known.visit {
        form.visit.entry(key).or_insert(text);
    }
    form.resident = known.resident;
    Ok(())
}

/// The page saves itself a second after the last key.
pub async fn autosave(officer: Officer, Path(id): Path<String>, axum::Form(pairs): axum::Form<Pairs>) -> Answer {
    let key = draft_id(&officer, &id)?;
    let typed = posted::typed(&pairs);
    let (kept, at) =
        officer.ask(move |agent| Ok((agent.type_into_draft(key, &typed, |_| Ok(()))?, agent.now()))).await?;
    let t = officer.t;
    Ok(match kept {
        Kept::Here => t.with("saved-at", "time", format::clock_time(at)).into_response(),
        Kept::Beside => (StatusCode::CONFLICT, t.text("saved-beside")).into_response(),
        Kept::Gone => (StatusCode::CONFLICT, t.text("saved-already")).into_response(),
    })
}

/// Throws the draft away; the page says until when it can be brought back.
pub async fn discard(officer: Officer, Path(id): Path<String>) -> Answer {
    let key = draft_id(&officer, &id)?;
    officer.ask(move |agent| agent.discard_draft(key)).await?;
    Ok(redirect(&format!("/drafts/{id}"), None))
}

/// «Повернути».
pub async fn restore(officer: Officer, Path(id): Path<String>) -> Answer {
    let key = draft_id(&officer, &id)?;
    let back = officer.ask(move |agent| agent.restore_draft(key)).await?;
    if !back {
        return Ok(frame::alone(officer.t.lang, StatusCode::CONFLICT, "draft-gone-title", "draft-gone"));
    }
    Ok(redirect(&format!("/drafts/{id}"), None))
}

/// The differences of the catalogue's release were looked through.
pub async fn release(officer: Officer, Path(id): Path<String>) -> Answer {
    let key = draft_id(&officer, &id)?;
    officer.ask(move |agent| agent.take_release(key)).await?;
    Ok(redirect(&format!("/drafts/{id}"), None))
}

/// A service chosen from the list of all.
pub async fn choose(officer: Officer, Path(id): Path<String>, axum::Form(pairs): axum::Form<Pairs>) -> Answer {
    let key = draft_id(&officer, &id)?;
    let slug = value(&pairs, "service").to_owned();
    officer.ask(move |agent| agent.choose_service(key, &slug)).await?;
    Ok(redirect(&format!("/drafts/{id}#part-answers"), None))
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
