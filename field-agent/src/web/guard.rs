//! Who may ask: the right host, a known browser, an unlocked suitcase.

use super::console::Console;
use super::frame;
use crate::app::{Agent, AppError, Entry, SessionToken};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use pages::{Lang, Texts};
use std::sync::Arc;

/// Another name that leads to this address (a name of the internet that was turned to 127.0.0.1) is no name of ours.
pub async fn own_host_only(State(console): State<Arc<Console>>, request: Request, next: Next) -> Response {
    let named = request.uri().authority().map(|authority| authority.as_str().to_owned());
    let host = named.or_else(|| request.headers().get(HOST)?.to_str().ok().map(str::to_owned));
    if host.is_some_and(|host| console.is_own_host(&host)) {
        return next.run(request).await;
    }
    let lang = Lang::of(request.uri().query(), request.headers());
    frame::alone(lang, StatusCode::MISDIRECTED_REQUEST, "foreign-host-title", "foreign-host")
}

/// The token in the browser's cookie.
pub fn token(console: &Console, headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == console.cookie()).map(|(_, value)| value.to_owned())
}

/// The cookie that gives a browser its token. It ends with the browser.
pub fn cookie(console: &Console, token: &SessionToken) -> Option<HeaderValue> {
    let line = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", console.cookie(), token.text());
    HeaderValue::from_str(&line).ok()
}

/// «See other», with a cookie if there is one to give.
pub fn redirect(to: &str, cookie: Option<HeaderValue>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    // Addresses are made of encoded texts; one that is no header all the same leads to the start.
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, to);
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// The way to the passphrase. Pages that a browser holds for its back button go: without JavaScript they could be shown.
pub fn locked_out(to: &str) -> Response {
    let mut response = redirect(to, None);
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    response
}

/// An answer that is not the page that was asked for.
pub struct Refused(Box<Response>);

impl Refused {
    /// This answer.
    pub fn new(answer: Response) -> Self {
        Self(Box::new(answer))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// What a handler gives back.
pub type Answer = Result<Response, Refused>;

/// A browser that was given the program's address.
pub struct Visitor {
    pub console: Arc<Console>,
    pub t: Texts,
    pub token: String,
    pub entry: Entry,
}

impl FromRequestParts<Arc<Console>> for Visitor {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Refused> {
        let t = texts(parts);
        let token = token(console, &parts.headers);
        // A fragment that refreshes itself is no sign that anybody is there, unless it says that somebody types.
        let alive = parts.uri.path() != "/status" || parts.uri.query() == Some("typing");
        let entry = console.entry(token.as_deref(), alive);
        match token {
            Some(token) if entry != Entry::Stranger => Ok(Self { console: Arc::clone(console), t, token, entry }),
            _ => Err(Refused::new(frame::alone(t.lang, StatusCode::FORBIDDEN, "stranger-title", "stranger"))),
        }
    }
}

/// An officer at the open suitcase.
pub struct Officer {
    pub console: Arc<Console>,
    pub agent: Arc<Agent>,
    pub t: Texts,
    /// Path and query that were asked for.
    pub path: String,
}

impl FromRequestParts<Arc<Console>> for Officer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Refused> {
        let visitor = Visitor::from_request_parts(parts, console).await?;
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        match console.agent() {
            Some(agent) if visitor.entry == Entry::Unlocked => {
                Ok(Self { console: Arc::clone(console), agent, t: visitor.t, path })
            }
            _ if path.starts_with("/status") => Err(Refused::new(StatusCode::FORBIDDEN.into_response())),
            _ => {
                let back = if parts.method == Method::GET { path } else { "/".to_owned() };
                Err(Refused::new(locked_out(&pages::address::with("/unlock", "next", &back))))
            }
        }
    }
}

fn texts(parts: &Parts) -> Texts {
    Texts::with_own(Lang::of(parts.uri.query(), &parts.headers), &super::PHRASES)
}

impl Officer {
    /// Asks `app` beside the others who are served, and says what went wrong on a page.
    pub async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Agent) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Refused> {
        match self.try_ask(work).await {
            Ok(answer) => answer.map_err(|error| Refused::new(frame::of_error(self.t, &error))),
            Err(refused) => Err(refused),
        }
    }

    /// The same where the handler has its own words for what went wrong.
    pub async fn try_ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Agent) -> Result<T, AppError> + Send + 'static,
    ) -> Result<Result<T, AppError>, Refused> {
        let agent = Arc::clone(&self.agent);
        let done = tokio::task::spawn_blocking(move || work(&agent)).await;
        done.map_err(|_| {
            Refused::new(frame::alone(self.t.lang, StatusCode::INTERNAL_SERVER_ERROR, "broken-title", "broken"))
        })
    }
}
