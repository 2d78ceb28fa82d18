//! Coming in and going out: signing in, unsealing, signing out; and what every page asks for.

use super::super::ask::{self, Ask, Door};
use super::super::guard::{cookie, go_to};
use super::show;
use super::typed::Typed;
use crate::app::{Desk, DeskError};
use ::pages::{Density, ErrorSummary, Field, Input, Page, SignIn, Texts};
use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "entry.html")]
pub(super) struct Entry {
    pub page: Page,
    pub words: String,
    pub form: SignIn,
}

/// What the pages of this console add to the common stylesheet.
pub(crate) async fn stylesheet() -> Response {
    let head = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    (head, include_str!("../desk.css")).into_response()
}

/// The first page.
pub(crate) async fn start() -> Response {
    go_to("/queue")
}

/// The sentence of the header.
pub(crate) async fn status(ask: Ask) -> Response {
    show(StatusCode::OK, &ask::status(ask.t, &ask.worker.desk))
}

fn entry(door: &Door, key: &str, to: String, login: &str, error: Option<&DeskError>) -> Response {
    let t = door.t;
    let mut page = Page::new(t, Density::Desk, t.text(&format!("{key}-title")), door.path.clone());
    page.errors = error.map(|error| ErrorSummary::plain(t, ask::sentence(t, error)));
    let login = Field::new(
        t,
        "login",
        t.text("login"),
        Input::Text { value: login.to_owned(), mode: "text", autocomplete: "username", width: 0 },
    );
    let secret = Field::new(t, "passphrase", t.text("passphrase"), Input::Secret { autocomplete: "current-password" });
    let form = SignIn {
        to,
        fields: vec![login, secret],
        button: t.text(&format!("{key}-button")),
        help: t.text(&format!("{key}-help")),
    };
    let status = error.map_or(StatusCode::OK, |error| ask::status_of(error.kind));
    show(status, &Entry { page, words: t.text(&format!("{key}-words")), form })
}

/// The form for signing in.
pub(crate) async fn sign_in(door: Door) -> Response {
    if door.site.office.desk().is_err() {
        return go_to("/unseal");
    }
    let to = ask::query_of(&door.path, "to");
    entry(&door, "sign-in", to_sign_in(&to), "", None)
}

fn to_sign_in(to: &str) -> String {
    if to.is_empty() { "/sign-in".into() } else { ::pages::address::with("/sign-in", "to", ask::own_address(to)) }
}

/// Login and passphrase: a session, or why not.
pub(crate) async fn signed_in(door: Door, typed: Typed) -> Response {
    let Ok(desk) = door.site.office.desk() else { return go_to("/unseal") };
    let to = ask::query_of(&door.path, "to");
    let login = typed.get("login");
    match desk.sign_in(&login, &typed.secret("passphrase")).await {
        Ok(account) => go_on(&door, &desk, account.login.as_str(), &to).await,
        Err(error) => entry(&door, "sign-in", to_sign_in(&to), &login, Some(&error)),
    }
}

/// The form for unsealing.
pub(crate) async fn unseal(door: Door) -> Response {
    if door.site.office.desk().is_ok() {
        return go_to("/sign-in");
    }
    entry(&door, "unseal", "/unseal".into(), "", None)
}

/// An administrator's passphrase: the desk opens, and its administrator is signed in.
pub(crate) async fn unsealed(door: Door, typed: Typed) -> Response {
    let (office, login, passphrase) = (Arc::clone(&door.site.office), typed.get("login"), typed.secret("passphrase"));
    let given = (login.clone(), passphrase.clone());
    let opened = tokio::task::spawn_blocking(move || office.unseal(&given.0, &given.1)).await;
    let desk = match opened {
        Ok(Ok(desk)) => desk,
        Ok(Err(error)) => return entry(&door, "unseal", "/unseal".into(), &login, Some(&error)),
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    // Two people may have unsealed at once: the second one's passphrase has not been looked at yet.
    match desk.sign_in(&login, &passphrase).await {
        Ok(account) => go_on(&door, &desk, account.login.as_str(), "").await,
        Err(_) => go_to("/sign-in"),
    }
}

/// After a right passphrase: the code, if one is owed; for an administrator without one, once, the page that sets it
/// up; else the page that was asked for.
async fn go_on(door: &Door, desk: &Arc<Desk>, login: &str, to: &str) -> Response {
    let (worker, whose) = (Arc::clone(desk), login.to_owned());
    let asked = tokio::task::spawn_blocking(move || Ok((worker.needs_code(&whose)?, worker.ask_for_factor(&whose)?)));
    let (owes, first) = match asked.await {
        Ok(Ok(asked)) => asked,
        Ok(Err(error)) => return entry(door, "sign-in", to_sign_in(to), login, Some(&error)),
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    if owes {
        let token = door.site.sessions.open_owing(desk, login, door.token.as_deref());
        let next = if to.is_empty() { "/sign-in/code".to_owned() } else { address_with(to) };
        let mut response = go_to(&next);
        set_cookie(&mut response, &cookie(&door.site, &token));
        return response;
    }
    if first {
        let back = ::pages::address::with("/code?first=1", "to", ask::own_address(to));
        return begin(door, desk, login, &back);
    }
    begin(door, desk, login, to)
}

fn address_with(to: &str) -> String {
    ::pages::address::with("/sign-in/code", "to", ask::own_address(to))
}

pub(super) fn begin(door: &Door, desk: &Desk, login: &str, to: &str) -> Response {
    let token = door.site.sessions.open(desk, login, door.token.as_deref());
    let mut response = go_to(ask::own_address(to));
    set_cookie(&mut response, &cookie(&door.site, &token));
    response
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = cookie.parse() {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// The session ends.
pub(crate) async fn sign_out(door: Door) -> Response {
    if let Some(token) = &door.token {
        door.site.sessions.close(token);
    }
    let mut response = go_to("/sign-in");
    set_cookie(&mut response, &cookie(&door.site, ""));
    response
}

/// A field for a new passphrase.
pub(crate) fn new_passphrase(t: Texts, name: &str) -> Field {
    Field::new(t, name, t.text("new-passphrase"), Input::Secret { autocomplete: "new-password" })
        .hint(t.text("new-passphrase-hint"))
}
