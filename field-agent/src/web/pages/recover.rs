//! «Забули пароль?»: twelve words that the centre reads out open the suitcase once, and a new passphrase is set.

use crate::app::{AppError, Entry};
use crate::web::frame::{self, html};
use crate::web::guard::{Answer, Refused, Visitor, cookie, redirect};
use crate::web::posted::{Pairs, value};
use crate::web::readable;
use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use pages::{Density, ErrorSummary, Field, Input, Options, Page, SignIn};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "recover.html")]
struct Recover {
    page: Page,
    form: SignIn,
}

/// The form.
pub async fn show(visitor: Visitor) -> Answer {
    form(&visitor, StatusCode::OK, "", None)
}

/// The words and the new passphrase.
pub async fn recover(visitor: Visitor, Form(pairs): Form<Pairs>) -> Answer {
    let t = visitor.t;
    // Spaces around a passphrase belong to it as it was typed.
    let secret =
        |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, text)| text.clone()).unwrap_or_default();
    let (login, words) = (value(&pairs, "officer").to_owned(), secret("words"));
    let (new, again) = (secret("new"), secret("again"));
    if new != again {
        return form(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &login, Some(t.text("new-differs")));
    }
    let (console, old, officer) = (Arc::clone(&visitor.console), visitor.token.clone(), login.clone());
    let runtime = tokio::runtime::Handle::current();
    let done = tokio::task::spawn_blocking(move || {
        // The exchange that is started here runs beside the pages.
        let _entered = runtime.enter();
        console.recover(&old, &officer, &words, &new)
    });
    let broken = |_| Refused::new(frame::alone(t.lang, StatusCode::INTERNAL_SERVER_ERROR, "broken-title", "broken"));
    match done.await.map_err(broken)? {
        Ok(session) => Ok(redirect("/day", cookie(&visitor.console, &session))),
        Err(error) => form(&visitor, StatusCode::FORBIDDEN, &login, Some(said(&visitor, &error))),
    }
}

fn said(visitor: &Visitor, error: &AppError) -> String {
    readable::of_error(visitor.t.lang, error)
}

fn form(visitor: &Visitor, status: StatusCode, login: &str, error: Option<String>) -> Answer {
    let t = visitor.t;
    if visitor.entry == Entry::Unlocked {
        return Ok(redirect("/day", None));
    }
    if visitor.console.agent().is_some() {
        // Behind a locked screen an officer's work goes on: it is no way round their passphrase.
        return Ok(redirect("/unlock", None));
    }
    let logins = visitor.console.logins().map_err(|error| Refused::new(frame::of_error(t, &error)))?;
    let chosen =
        if logins.iter().any(|known| known == login) { login } else { logins.first().map_or("", String::as_str) };
    let mut page = Page::new(t, Density::Field, t.text("recover-title"), "/recover");
    page.place = t.text("brand");
    page.errors = error.map(|words| ErrorSummary::plain(t, words));
    let words = logins.iter().map(|login| (login.clone(), login.clone()));
    let new =
        |name: &str, label: &str| Field::new(t, name, t.text(label), Input::Secret { autocomplete: "new-password" });
    let fields = vec![
        Field::choice(t, "officer", t.text("field-officer"), Options::new(words, &[chosen])),
        Field::new(t, "words", t.text("field-recovery-words"), Input::Secret { autocomplete: "off" })
            .hint(t.text("hint-recovery-words")),
        new("new", "field-new-passphrase").hint(t.text("hint-new-passphrase")),
        new("again", "field-new-again"),
    ];
    let form = SignIn { to: "/recover".into(), fields, button: t.text("recover-send"), help: String::new() };
    Ok(html(status, &Recover { page, form }))
}
