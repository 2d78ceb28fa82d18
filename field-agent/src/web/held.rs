//! What an officer sent and the lock refused: kept until the passphrase is given, so that nothing typed is lost.
//!
//! It is held in the memory of this process alone, only while the screen is locked and the suitcase itself is open (its
//! keys are in memory then, too), for the officer whose suitcase that is. The vault lock throws it away.

use super::FORM_BYTES;
use super::console::Console;
use super::guard::{redirect, token};
use super::posted::Pairs;
use crate::app::Entry;
use axum::extract::{FromRequest, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use clock::Time;
use std::sync::Arc;

/// So many at once; the oldest makes room.
const MOST: usize = 8;

/// One form that was refused.
#[derive(Clone)]
pub struct Held {
    /// Names it on the page.
    pub id: u64,
    /// Login of the officer whose screen was locked.
    pub officer: String,
    /// Where it was sent to, with its query.
    pub path: String,
    /// Names and values, as they were sent.
    pub pairs: Pairs,
    /// Device time.
    pub at: Time,
}

/// The forms that wait for the passphrase.
#[derive(Default)]
pub struct HeldForms {
    next: u64,
    all: Vec<Held>,
}

impl HeldForms {
    /// Holds one more.
    pub fn hold(&mut self, officer: String, path: String, pairs: Pairs, at: Time) {
        if self.all.iter().any(|held| held.path == path && held.pairs == pairs) {
            return;
        }
        if self.all.len() >= MOST {
            self.all.remove(0);
        }
        self.next += 1;
        self.all.push(Held { id: self.next, officer, path, pairs, at });
    }

    /// Those of this officer, oldest first.
    pub fn of(&self, officer: &str) -> Vec<Held> {
        self.all.iter().filter(|held| held.officer == officer).cloned().collect()
    }

    /// Lets one of this officer's go, and gives it back.
    pub fn let_go(&mut self, officer: &str, id: u64) -> Option<Held> {
        let at = self.all.iter().position(|held| held.id == id && held.officer == officer)?;
        Some(self.all.remove(at))
    }

    /// Throws all away.
    pub fn clear(&mut self) {
        self.all = Vec::new();
    }
}

/// Whether a form sent to this address says something that could be lost.
fn is_worth_holding(path: &str) -> bool {
    let ours = ["/unlock", "/lock", "/recover", "/launch", "/exchange/now", "/continue"];
    let own = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r']);
    own && !ours.iter().any(|ours| path.starts_with(ours)) && !path.ends_with("/autosave")
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/x-www-form-urlencoded")
}

/// Holds what a locked screen refuses. With the vault locked nothing may stay in memory: then it is said that it is
/// lost.
pub async fn hold_refused(State(console): State<Arc<Console>>, request: Request, next: Next) -> Response {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    if request.method() != Method::POST || !is_form(request.headers()) || !is_worth_holding(&path) {
        return next.run(request).await;
    }
    let token = token(&console, request.headers());
    if console.entry(token.as_deref(), true) != Entry::Known {
        return next.run(request).await;
    }
    let lost = || redirect("/unlock?lost=1", None);
    let Some(agent) = console.agent() else { return lost() };
    let (officer, at) = (agent.officer().to_owned(), agent.now());
    let Ok(body) = axum::body::to_bytes(request.into_body(), FORM_BYTES).await else { return lost() };
    let Some(pairs) = read(body).await else { return lost() };
    match console.hold(&agent, officer, path, pairs, at) {
        true => redirect("/unlock?next=%2Fcontinue", None),
        false => lost(),
    }
}

/// The names and values of a form's body.
async fn read(body: axum::body::Bytes) -> Option<Pairs> {
    let request = Request::post("/").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = request.body(axum::body::Body::from(body)).ok()?;
    axum::Form::<Pairs>::from_request(request, &()).await.ok().map(|axum::Form(pairs)| pairs)
}
