//! The desk's pages: sign-in, the queue, requests, suitcases, accounts.
//!
//! | who | may see |
//! |---|---|
//! | nobody | signing in; unsealing, while the desk is sealed |
//! | clerk | queue, requests, entries set aside, the own passphrase |
//! | administrator | and suitcases, accounts |
//!
//! One table of routes (`routes::ROUTES`) says who may go where. Nothing here reads the store: pages call
//! [`crate::app`] alone.

mod ask;
mod csv;
mod guard;
mod pages;
mod routes;
mod serving;
#[cfg(test)]
mod tests;

pub(crate) use pages::set_aside::reason as aside_reason;
pub use serving::serve;

use crate::app::{Office, Sessions};
use ::pages::headers::{self, Reach};
use ::pages::{Phrases, assets, keep_language};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::{StatusCode, Uri};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use rustls::ServerConfig;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

/// The Fluent files of one language, one after another.
macro_rules! phrases {
    ($lang:literal) => {
        [
            include_str!(concat!("../../texts/", $lang, ".ftl")),
            include_str!(concat!("../../texts/catalogue.", $lang, ".ftl")),
            include_str!(concat!("../../texts/administration.", $lang, ".ftl")),
            include_str!(concat!("../../texts/queues.", $lang, ".ftl")),
            include_str!(concat!("../../texts/numbers.", $lang, ".ftl")),
            include_str!(concat!("../../texts/erasures.", $lang, ".ftl")),
        ]
        .concat()
    };
}

/// The words of the desk's pages.
pub(crate) static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&phrases!("uk"), &phrases!("en")));

/// The longest form: a refusal with its ground is a few hundred bytes.
const MOST_BYTES: usize = 64 * 1024;
/// The most that a form with files may bring: a whole release of the catalogue as text.
const MOST_UPLOADED: usize = 5 * 1024 * 1024;
/// The longest wait for a page; Argon2 on a busy machine is the slowest.
const MOST_TIME: Duration = Duration::from_secs(30);

/// How the pages are served.
#[derive(Clone, Default)]
pub struct Options {
    /// Certificate and key. `None` is plain HTTP: for the loopback address, or behind a proxy on the same machine.
    pub tls: Option<Arc<ServerConfig>>,
    /// Names under which the pages are reached, without ports; any other `Host` is refused, which keeps foreign sites
    /// from reaching a loopback address under a name of theirs. Empty: `localhost` and the loopback addresses.
    pub hosts: Vec<String>,
    /// A proxy in front speaks TLS: cookies and headers are as for TLS.
    pub behind_tls: bool,
}

impl Options {
    fn reach(&self) -> Reach {
        if self.tls.is_some() || self.behind_tls { Reach::Https } else { Reach::Loopback }
    }

    fn allows(&self, host: &str) -> bool {
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        if self.hosts.is_empty() {
            return matches!(name, "localhost" | "127.0.0.1" | "::1");
        }
        self.hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(name))
    }
}

/// What every page is made from.
pub(crate) struct Site {
    pub(crate) office: Arc<Office>,
    pub(crate) sessions: Sessions,
    pub(crate) options: Options,
}

impl Site {
    /// TLS is spoken with the browser.
    pub(crate) fn is_https(&self) -> bool {
        self.options.reach() == Reach::Https
    }
}

/// All pages over one office. [`serve`] puts them on a listener.
pub fn router(office: Arc<Office>, options: Options) -> Router {
    let reach = options.reach();
    let site = Arc::new(Site { office, sessions: Sessions::default(), options });
    let pages = routes::router(&site)
        .fallback(pages::message::not_found)
        .method_not_allowed_fallback(pages::message::wrong_method)
        .with_state(Arc::clone(&site))
        .merge(assets::router())
        .layer(from_fn(keep_language))
        .layer(CsrfLayer::new())
        .layer(RequestBodyLimitLayer::new(MOST_UPLOADED))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, MOST_TIME))
        .layer(from_fn_with_state(Arc::clone(&site), pages::message::in_words))
        .layer(from_fn_with_state(site, host_is_ours))
        .layer(CatchPanicLayer::custom(pages::message::after_panic));
    headers::secure(pages, reach)
}

async fn host_is_ours(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let named = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host = named.or_else(|| Uri::authority(request.uri()).map(|authority| authority.as_str()));
    if host.is_some_and(|host| site.options.allows(host)) {
        return next.run(request).await;
    }
    let words = "Ця адреса тут не відома: відкрийте сторінки за адресою, яку назвала програма.\n\
        This address is not known here: open the pages at the address that the program printed.\n";
    (StatusCode::MISDIRECTED_REQUEST, words).into_response()
}
