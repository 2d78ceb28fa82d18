//! The way in: the address with the launch token, the passphrase, the lock.

use crate::app::{AppError, Entry, Lock};
use crate::web::console::Console;
use crate::web::frame::{self, html};
use crate::web::guard::{Answer, Officer, Refused, Visitor, cookie, locked_out, redirect};
use crate::web::posted::{Pairs, value};
use askama::Template;
use axum::Form;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use pages::{Density, Field, Input, Lang, Notice, Options, Page, SignIn, Texts, Tone, address};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "unlock.html")]
struct Unlock {
    page: Page,
    form: SignIn,
    /// The keys are in memory: only the screen is locked.
    is_open: bool,
    can_recover: bool,
}

/// The start: the day, which asks for the passphrase if need be.
pub async fn start(_: Visitor) -> Response {
    redirect("/day", None)
}

/// The address that the program shows once.
pub async fn launch(State(console): State<Arc<Console>>, lang: Lang, Path(token): Path<String>) -> Response {
    match console.launched(&token) {
        Some(session) => redirect("/day", cookie(&console, &session)),
        None => frame::alone(lang, StatusCode::FORBIDDEN, "stranger-title", "stranger"),
    }
}

/// The form that asks who works and for the passphrase.
pub async fn show(visitor: Visitor, RawQuery(query): RawQuery) -> Answer {
    let query = query.unwrap_or_default();
    let next = own_path(&address::value(&query, "next").unwrap_or_default());
    if visitor.entry == Entry::Unlocked {
        return Ok(redirect(&next, None));
    }
    let is_lost = address::value(&query, "lost").is_some();
    form(&visitor, StatusCode::OK, "", &next, None, is_lost)
}

/// What became of a form that was sent meanwhile; nothing of what it says.
fn what_became(t: Texts, console: &Console, is_lost: bool) -> Option<Notice> {
    let held = console.agent().map_or(0, |agent| console.held_of(agent.officer()).len());
    if is_lost {
        return Some(Notice::new(Tone::Stop, t.text("held-lost")));
    }
    (held > 0).then(|| Notice::new(Tone::Wait, t.text("held-waits")))
}

/// The passphrase.
pub async fn unlock(visitor: Visitor, RawQuery(query): RawQuery, Form(pairs): Form<Pairs>) -> Answer {
    let next = own_path(&address::value(&query.unwrap_or_default(), "next").unwrap_or_default());
    let login = value(&pairs, "officer").to_owned();
    // Spaces around a passphrase belong to it as it was typed.
    let passphrase = pairs.iter().find(|(name, _)| name == "passphrase").map(|(_, text)| text.clone());
    let (console, old, officer) = (Arc::clone(&visitor.console), visitor.token.clone(), login.clone());
    let work = move || console.unlock(&old, &officer, &passphrase.unwrap_or_default());
    let broken =
        || Refused::new(frame::alone(visitor.t.lang, StatusCode::INTERNAL_SERVER_ERROR, "broken-title", "broken"));
    let runtime = tokio::runtime::Handle::current();
    let done = tokio::task::spawn_blocking(move || {
        // The exchange that is started here runs beside the pages.
        let _entered = runtime.enter();
        work()
    });
    match done.await.map_err(|_| broken())? {
        Ok(session) => Ok(redirect(&next, cookie(&visitor.console, &session))),
        Err(error) => form(&visitor, StatusCode::FORBIDDEN, &login, &next, Some(&error), false),
    }
}

/// Screen lock: everything is hidden, what runs goes on.
pub async fn lock(officer: Officer) -> Response {
    officer.console.lock_screen();
    locked_out("/unlock")
}

/// Vault lock: the keys leave the memory. Whoever was given the address may lock, unlocked or not.
pub async fn lock_vault(visitor: Visitor) -> Response {
    let console = Arc::clone(&visitor.console);
    // It writes its last fact: not where others wait.
    let locked = tokio::task::spawn_blocking(move || console.lock_vault()).await;
    if locked.is_err() {
        tracing::error!("the lock fell over");
    }
    locked_out("/unlock")
}

/// A lock at the word of a command, which proves itself with the token in the suitcase's folder.
pub async fn lock_by_command(State(console): State<Arc<Console>>, Form(pairs): Form<Pairs>) -> StatusCode {
    let token = value(&pairs, "token").to_owned();
    if !console.obeys(&token) {
        return StatusCode::FORBIDDEN;
    }
    let Some(lock) = Lock::from_text(value(&pairs, "lock")) else { return StatusCode::UNPROCESSABLE_ENTITY };
    match tokio::task::spawn_blocking(move || console.lock_as(lock)).await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn form(
    visitor: &Visitor,
    status: StatusCode,
    login: &str,
    next: &str,
    error: Option<&AppError>,
    is_lost: bool,
) -> Answer {
    let t = visitor.t;
    let agent = visitor.console.agent();
    let logins = match &agent {
        // Behind a locked screen one officer's work goes on: nobody else can take it over.
        Some(agent) => vec![agent.officer().to_owned()],
        None => visitor.console.logins().map_err(|error| Refused::new(frame::of_error(t, &error)))?,
    };
    let is_open = agent.is_some();
    let title = t.text(if is_open { "screen-locked-title" } else { "unlock-title" });
    let mut page = Page::new(t, Density::Field, title, address::with("/unlock", "next", next));
    page.place = t.text("brand");
    page.errors = error.and_then(|error| frame::plain_error(t, error));
    page.notices.extend(what_became(t, &visitor.console, is_lost));
    let form = SignIn {
        to: address::with("/unlock", "next", next),
        fields: vec![who(t, &logins, login), secret(t)],
        button: t.text("unlock"),
        help: t.text("unlock-help"),
    };
    Ok(html(status, &Unlock { page, form, is_open, can_recover: !is_open }))
}

/// Several officers are all in sight; a single one need not be chosen.
fn who(t: Texts, logins: &[String], chosen: &str) -> Field {
    let chosen =
        if logins.iter().any(|login| login == chosen) { chosen } else { logins.first().map_or("", String::as_str) };
    let words = logins.iter().map(|login| (login.clone(), login.clone()));
    Field::choice(t, "officer", t.text("field-officer"), Options::new(words, &[chosen]))
}

fn secret(t: Texts) -> Field {
    Field::new(t, "passphrase", t.text("field-passphrase"), Input::Secret { autocomplete: "current-password" })
}

/// Only a page of this program: never another host, never a page that only posts.
fn own_path(next: &str) -> String {
    let own = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\n', '\r']);
    if own && !next.starts_with("/unlock") && !next.starts_with("/launch") {
        next.to_owned()
    } else {
        "/day".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn the_way_on_stays_in_the_house() {
        assert_eq!(own_path("/requests?state=new"), "/requests?state=new");
        for foreign in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/unlock?next=/unlock", "day"]
        {
            assert_eq!(own_path(foreign), "/day", "{foreign}");
        }
    }
}
