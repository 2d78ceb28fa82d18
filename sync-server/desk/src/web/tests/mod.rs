//! The pages as a browser meets them: a real desk over a folder of its own, requests straight into the router.

mod administration;
mod backups;
mod catalogue;
mod clerks;
mod entering;
mod erasures;
mod held;
mod matrix;
mod queue;
mod requests;
mod routes;
mod serving;
mod speed;
mod suitcases;

use super::{Options, router};
use crate::app::testing::{self, PASSPHRASE, Town};
use crate::app::{Office, Rank};
use ::pages::address::encode;
use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use std::sync::Arc;
use tower::ServiceExt;

pub(super) const CLERK_PASSPHRASE: &str = "човен ліхтар вулик ґанок їжак";

/// An answer, read.
pub(super) struct Got {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Got {
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    pub fn set_cookie(&self) -> String {
        let all = self.headers.get_all(SET_COOKIE).iter();
        all.map(|value| value.to_str().unwrap()).find(|cookie| cookie.contains("desk=")).unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.body.contains(words), "{} does not say {words:?}:\n{}", self.status, self.body);
        self
    }
}

/// Somebody with a browser.
#[derive(Clone)]
pub(super) struct Browser {
    router: Router,
    pub cookie: String,
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self { router, cookie: String::new() }
    }

    pub async fn send(&self, request: Request<Body>) -> Got {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!body.contains('⟦'), "a phrase is missing: {}", body.split('⟦').nth(1).unwrap_or_default());
        Got { status: parts.status, headers: parts.headers, body }
    }

    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header(HOST, "localhost:8080");
        if self.cookie.is_empty() { request } else { request.header(COOKIE, &self.cookie) }
    }

    pub async fn get(&self, path: &str) -> Got {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        let request = self.request(Method::POST, path).header("sec-fetch-site", "same-origin");
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(pairs.join("&"))).unwrap()).await
    }

    pub async fn sign_in(&mut self, login: &str, passphrase: &str) -> Got {
        let got = self.post("/sign-in", &[("login", login), ("passphrase", passphrase)]).await;
        self.cookie = got.set_cookie().split(';').next().unwrap_or_default().to_owned();
        got
    }
}

/// The pages of a town, with an administrator and a clerk who are signed in.
pub(super) struct Bench {
    pub town: Town,
    pub nobody: Browser,
    pub clerk: Browser,
    pub admin: Browser,
}

pub(super) async fn bench() -> Bench {
    let town = testing::town();
    town.desk.add_account("admin", "o.koval", "Коваль Олена", Rank::Clerk, CLERK_PASSPHRASE).unwrap();
    let nobody = Browser::new(router(Office::around(Arc::clone(&town.desk)), Options::default()));
    let (mut clerk, mut admin) = (nobody.clone(), nobody.clone());
    assert_eq!(clerk.sign_in("o.koval", CLERK_PASSPHRASE).await.status, StatusCode::SEE_OTHER);
    assert_eq!(admin.sign_in("admin", PASSPHRASE).await.status, StatusCode::SEE_OTHER);
    Bench { town, nobody, clerk, admin }
}

/// The address of a request's page.
pub(super) fn request_path(number: &str) -> String {
    format!("/requests/{}", encode(number))
}
