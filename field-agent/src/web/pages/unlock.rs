//! The way in: the address with the launch token, the passphrase, the lock.

use crate::app::{AppError, Entry};
use crate::web::console::Console;
use crate::web::frame::{self, html};
use crate::web::guard::{Answer, Officer, Refused, Visitor, cookie, redirect};
use crate::web::posted::{Pairs, value};
use askama::Template;
use axum::Form;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use pages::{Density, Field, Input, Lang, Options, Page, SignIn, Texts, address};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "unlock.html")]
struct Unlock {
    page: Page,
    form: SignIn,
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
    let next = own_path(&address::value(&query.unwrap_or_default(), "next").unwrap_or_default());
    if visitor.entry == Entry::Unlocked {
        return Ok(redirect(&next, None));
    }
    form(&visitor, StatusCode::OK, "", &next, None)
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
        Err(error) => form(&visitor, StatusCode::FORBIDDEN, &login, &next, Some(&error)),
    }
}

/// Locks: the keys leave the memory.
pub async fn lock(officer: Officer) -> Response {
    let console = Arc::clone(&officer.console);
    drop(officer);
    console.lock();
    redirect("/unlock", None)
}

fn form(visitor: &Visitor, status: StatusCode, login: &str, next: &str, error: Option<&AppError>) -> Answer {
    let t = visitor.t;
    let logins = visitor.console.logins().map_err(|error| Refused::new(frame::of_error(t, &error)))?;
    let mut page = Page::new(t, Density::Field, t.text("unlock-title"), address::with("/unlock", "next", next));
    page.place = t.text("brand");
    page.errors = error.and_then(|error| frame::plain_error(t, error));
    let form = SignIn {
        to: address::with("/unlock", "next", next),
        fields: vec![who(t, &logins, login), secret(t)],
        button: t.text("unlock"),
        help: t.text("unlock-help"),
    };
    Ok(html(status, &Unlock { page, form }))
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
