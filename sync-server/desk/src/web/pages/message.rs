//! Pages that only say something: not found, not allowed, broken off.

use super::super::PHRASES;
use super::show;
use ::pages::{Density, Lang, Message, Page, Texts};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::sync::Arc;

/// The key of the title for a status.
pub(crate) fn title_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "title-not-found",
        StatusCode::FORBIDDEN => "title-not-allowed",
        StatusCode::UNPROCESSABLE_ENTITY => "title-refused",
        StatusCode::SERVICE_UNAVAILABLE => "title-busy",
        _ => "title-broken",
    }
}

/// The page with these words in its frame.
pub(crate) fn respond(page: Page, status: StatusCode, words: Vec<String>) -> Response {
    let link = Some(("/queue".to_owned(), page.t.text("to-queue")));
    show(status, &Message { page, words, link })
}

fn bare(lang: Lang, status: StatusCode, words: &str) -> Response {
    let t = Texts::with_own(lang, &PHRASES);
    let page = Page::new(t, Density::Desk, t.text(title_of(status)), "/queue");
    respond(page, status, vec![t.text(words)])
}

/// No such address.
pub(crate) async fn not_found(uri: Uri, headers: HeaderMap) -> Response {
    bare(Lang::of(uri.query(), &headers), StatusCode::NOT_FOUND, "no-such-page")
}

/// The address is there, but is used otherwise.
pub(crate) async fn wrong_method(uri: Uri, headers: HeaderMap) -> Response {
    bare(Lang::of(uri.query(), &headers), StatusCode::METHOD_NOT_ALLOWED, "wrong-method")
}

/// Only an administrator may.
pub(crate) fn not_allowed(lang: Lang) -> Response {
    bare(lang, StatusCode::FORBIDDEN, "only-administrator")
}

/// Middleware: a refusal without words (from a layer that guards the pages) gets its page.
pub(crate) async fn in_words(State(_): State<Arc<super::super::Site>>, request: Request, next: Next) -> Response {
    let lang = Lang::of(request.uri().query(), request.headers());
    let response = next.run(request).await;
    let status = response.status();
    let html = response.headers().get(CONTENT_TYPE).is_some_and(|mime| mime.as_bytes().starts_with(b"text/html"));
    if !(status.is_client_error() || status.is_server_error()) || html {
        return response;
    }
    let words = match status {
        StatusCode::FORBIDDEN => "foreign-form",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::REQUEST_TIMEOUT => "too-slow",
        StatusCode::NOT_FOUND => "no-such-page",
        StatusCode::METHOD_NOT_ALLOWED => "wrong-method",
        status if status.is_client_error() => "bad-form",
        _ => "broken-off",
    };
    let mut page = bare(lang, status, words);
    for name in [ALLOW, LOCATION] {
        if let Some(value) = response.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

/// What is left to say after a panic: it was logged where it happened.
pub(crate) fn after_panic(_: Box<dyn Any + Send + 'static>) -> axum::http::Response<Body> {
    tracing::error!("a page panicked");
    bare(Lang::Uk, StatusCode::INTERNAL_SERVER_ERROR, "broken-off").into_response()
}
