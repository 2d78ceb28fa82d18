//! The language of a page: Ukrainian unless the person chose English.

use axum::extract::{FromRequestParts, Request};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::convert::Infallible;

use crate::address;

/// A language of the pages. Handlers take it as an axum extractor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Ukrainian, the first language.
    #[default]
    Uk,
    /// English, complete but second.
    En,
}

impl Lang {
    /// The name of the query parameter and of the cookie that carry the choice.
    pub const NAME: &'static str = "lang";

    /// The code in `lang="…"`, in the query and in the cookie: `uk` or `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Uk => "uk",
            Self::En => "en",
        }
    }

    /// The other language, for the switch.
    pub const fn other(self) -> Self {
        match self {
            Self::Uk => Self::En,
            Self::En => Self::Uk,
        }
    }

    /// The language's name in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Uk => "Українська",
            Self::En => "English",
        }
    }

    /// From a code; `None` for any other text.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "uk" => Some(Self::Uk),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The query's choice, else the cookie's, else Ukrainian.
    pub fn of(query: Option<&str>, headers: &HeaderMap) -> Self {
        asked(query).or_else(|| remembered(headers)).unwrap_or_default()
    }
}

fn asked(query: Option<&str>) -> Option<Lang> {
    address::value(query?, Lang::NAME).and_then(|code| Lang::from_code(&code))
}

fn remembered(headers: &HeaderMap) -> Option<Lang> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == Lang::NAME)
        .and_then(|(_, code)| Lang::from_code(code))
}

impl<S: Sync> FromRequestParts<S> for Lang {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts.uri.query(), &parts.headers))
    }
}

/// Middleware (`axum::middleware::from_fn(keep_language)`): a choice in the query is kept for a year in a cookie.
pub async fn keep_language(request: Request, next: Next) -> Response {
    let chosen = asked(request.uri().query());
    let mut response = next.run(request).await;
    let cookie = match chosen {
        Some(Lang::Uk) => "lang=uk; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
        Some(Lang::En) => "lang=en; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
        None => return response,
    };
    response.headers_mut().append(SET_COOKIE, HeaderValue::from_static(cookie));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_beats_cookie_and_nonsense_is_ukrainian() {
        let mut headers = HeaderMap::new();
        assert_eq!(Lang::of(None, &headers), Lang::Uk);
        headers.insert(COOKIE, HeaderValue::from_static("session=1; lang=en"));
        assert_eq!(Lang::of(None, &headers), Lang::En);
        assert_eq!(Lang::of(Some("page=2&lang=uk"), &headers), Lang::Uk);
        assert_eq!(Lang::of(Some("lang=xx"), &headers), Lang::En);
    }
}
