//! The second step of signing in.

use super::super::ask::{self, Door};
use super::super::guard::go_to;
use super::second_factor::code_field;
use super::typed::Typed;
use super::{entry, show};
use crate::app::DeskError;
use ::pages::{Density, ErrorSummary, Page, SignIn};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Who has given the passphrase with this browser and owes a code.
async fn owing(door: &Door) -> Option<(Arc<crate::app::Desk>, String)> {
    let desk = door.site.office.desk().ok()?;
    let (site, asked, token) = (Arc::clone(&door.site), Arc::clone(&desk), door.token.clone()?);
    let login = tokio::task::spawn_blocking(move || site.sessions.owing(&asked, &token)).await.ok()??;
    Some((desk, login))
}

/// The form for the code.
pub(crate) async fn form(door: Door) -> Response {
    if owing(&door).await.is_none() {
        return go_to("/sign-in");
    }
    asked(&door, None)
}

fn asked(door: &Door, error: Option<&DeskError>) -> Response {
    let t = door.t;
    let mut page = Page::new(t, Density::Desk, t.text("second-title"), door.path.clone());
    page.errors = error.map(|error| ErrorSummary::plain(t, ask::sentence(t, error)));
    let to = ask::query_of(&door.path, "to");
    let form = SignIn {
        to: if to.is_empty() { "/sign-in/code".into() } else { ::pages::address::with("/sign-in/code", "to", &to) },
        fields: vec![code_field(t, "second-code")],
        button: t.text("second-button"),
        help: t.text("second-help"),
    };
    let status = error.map_or(StatusCode::OK, |error| ask::status_of(error.kind));
    show(status, &entry::Entry { page, words: t.text("second-words"), form })
}

/// A right code: a session.
pub(crate) async fn entered(door: Door, typed: Typed) -> Response {
    let Some((desk, login)) = owing(&door).await else { return go_to("/sign-in") };
    let to = ask::query_of(&door.path, "to");
    let (worker, whose, code) = (Arc::clone(&desk), login.clone(), typed.get("code"));
    let checked = tokio::task::spawn_blocking(move || worker.check_code(&whose, &code)).await;
    match checked {
        Ok(Ok(())) => entry::begin(&door, &desk, &login, &to),
        Ok(Err(error)) => asked(&door, Some(&error)),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
