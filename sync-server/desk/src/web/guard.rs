//! Who is asking, and whether they may.

use super::Site;
use super::pages::message;
use super::routes::{Need, Row, Verb};
use crate::app::{Desk, Rank};
use ::pages::{Lang, address};
use axum::extract::{Request, State};
use axum::http::header::{COOKIE, LOCATION};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Somebody who is signed in.
#[derive(Clone)]
pub(crate) struct Worker {
    pub desk: Arc<Desk>,
    pub login: String,
    pub name: String,
    pub rank: Rank,
    pub token: String,
    /// Gets no further than setting up a second factor.
    pub owes_factor: bool,
}

/// Where somebody may go who has to set up a second factor first.
const WITHOUT_FACTOR: [&str; 2] = ["/code", "/status"];

/// The cookie's name. `__Host-` makes browsers insist on TLS, on this host alone, on the whole site.
pub(crate) fn cookie_name(site: &Site) -> &'static str {
    if site.is_https() { "__Host-desk" } else { "desk" }
}

/// The cookie that carries a token; an empty one takes it away.
pub(crate) fn cookie(site: &Site, token: &str) -> String {
    let name = cookie_name(site);
    let secure = if site.is_https() { "; Secure" } else { "" };
    let age = if token.is_empty() { "; Max-Age=0" } else { "" };
    format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")
}

/// The token that the browser shows.
pub(crate) fn token_of(site: &Site, headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(site);
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, token)| token.to_owned())
}

/// «See there», with a body for nobody.
pub(crate) fn go_to(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, address.to_owned())]).into_response()
}

/// Lets through who may, by the row of the table that led here.
pub(crate) async fn guard(
    State((site, row)): State<(Arc<Site>, &'static Row)>,
    mut request: Request,
    next: Next,
) -> Response {
    // The table is what counts: a route that it says only looks does nothing.
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    if looks != (row.verb == Verb::Get) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let Need::Account(rank) = row.need else { return next.run(request).await };
    let Ok(desk) = site.office.desk() else { return go_to("/unseal") };
    let Some(worker) = worker(&site, desk, request.headers(), !row.quiet).await else {
        let back = request.uri().path_and_query().map_or("/queue", |path| path.as_str());
        let wants_page = request.method() == Method::GET && !row.quiet && back != "/";
        return go_to(&if wants_page { address::with("/sign-in", "to", back) } else { "/sign-in".to_owned() });
    };
    if worker.rank < rank {
        return message::not_allowed(Lang::of(request.uri().query(), request.headers()));
    }
    if worker.owes_factor && !WITHOUT_FACTOR.contains(&row.path) {
        return go_to("/code");
    }
    request.extensions_mut().insert(worker);
    next.run(request).await
}

async fn worker(site: &Arc<Site>, desk: Arc<Desk>, headers: &HeaderMap, touch: bool) -> Option<Worker> {
    let token = token_of(site, headers)?;
    let asked = (Arc::clone(site), Arc::clone(&desk), token.clone());
    // An account that was disabled a moment ago is nobody's any more.
    let known = tokio::task::spawn_blocking(move || {
        let (site, desk, token) = asked;
        let login = site.sessions.login_of(&desk, &token, touch)?;
        let state = desk.factor_state(&login).ok()?;
        Some((desk.account(&login).ok()?, login, state.required && state.since.is_none()))
    });
    let (account, login, owes_factor) = known.await.ok()??;
    Some(Worker { desk, login, name: account.name, rank: account.rank, token, owes_factor })
}
