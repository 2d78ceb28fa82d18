//! What the catalogue's pages are put together from, and what their forms send.

use super::super::Site;
use super::super::ask::{Ask, as_sentence, said};
use super::show;
use crate::app::{DeskError, Uploaded};
use ::pages::{Field, Notice, Page, SummaryList, Table, Texts};
use askama::Template;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "catalogue.html")]
struct CataloguePage {
    page: Page,
    blocks: Vec<Block>,
}

/// One part of a page, in order.
pub(crate) enum Block {
    /// A paragraph.
    Words(String),
    /// A second heading: its id and words.
    Heading(&'static str, String),
    /// Sentences one below the other.
    List(Vec<String>),
    /// A table.
    Table(Table),
    /// Lines of what is known.
    Facts(SummaryList),
    /// Something to be seen before what follows.
    Notice(Notice),
    /// Ways on: address and words.
    Links(Vec<(String, String)>),
    /// A list that opens: its summary, then address (or nothing) and words.
    Folded(String, Vec<(String, String)>),
    /// Something to fill in.
    Form(Filled),
}

/// A form of the catalogue's pages.
pub(crate) struct Filled {
    pub to: String,
    pub hidden: Vec<(&'static str, String)>,
    pub fields: Vec<Field>,
    /// Label and hint of the files that it sends.
    pub upload: Option<(String, String)>,
    pub button: String,
    pub tone: &'static str,
}

impl Filled {
    /// A button, with what is filled in before it.
    pub fn new(to: impl Into<String>, button: String, fields: Vec<Field>) -> Self {
        Self { to: to.into(), hidden: Vec::new(), fields, upload: None, button, tone: "" }
    }

    pub fn tone(mut self, tone: &'static str) -> Self {
        self.tone = tone;
        self
    }

    pub fn hidden(mut self, name: &'static str, value: impl ToString) -> Self {
        self.hidden.push((name, value.to_string()));
        self
    }

    pub fn upload(mut self, label: String, hint: String) -> Self {
        self.upload = Some((label, hint));
        self
    }
}

pub(crate) fn page(status: StatusCode, page: Page, blocks: Vec<Block>) -> Response {
    show(status, &CataloguePage { page, blocks })
}

/// `2027-01-01` as `01.01.2027`.
pub(crate) fn written(day: Date) -> String {
    ::pages::format::civil(day)
}

/// A text of the catalogue as a sentence in the page's language.
pub(crate) fn told(t: Texts, text: &crate::app::Text) -> String {
    as_sentence(&said(t, &text.uk, &text.en))
}

/// The number that a path names.
pub(crate) fn numbered<T: std::str::FromStr>(ask: &Ask, name: &str) -> Result<T, DeskError> {
    ask.param(name).parse().map_err(|_| {
        DeskError::not_found("такої сторінки в каталозі немає: перегляньте список", "no such page: look at the list")
    })
}

/// What a form with files sent.
#[derive(Default)]
pub(crate) struct Sent {
    texts: BTreeMap<String, String>,
    pub files: Vec<Uploaded>,
}

/// Files and fields of one form.
const PARTS: usize = 80;
/// Characters of one text beside the files.
const LONGEST: usize = 1_000;

impl Sent {
    /// A text, trimmed; empty if it was not sent.
    pub fn get(&self, name: &str) -> String {
        self.texts.get(name).map(|text| text.trim().to_owned()).unwrap_or_default()
    }
}

/// A body that ended early was cut by its limit: to a browser that went away nobody answers.
fn broken(error: MultipartError) -> Response {
    let status = error.status();
    if status.is_server_error() { StatusCode::PAYLOAD_TOO_LARGE.into_response() } else { status.into_response() }
}

impl FromRequest<Arc<Site>> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Response> {
        let mut parts = Multipart::from_request(request, site).await.map_err(IntoResponse::into_response)?;
        let mut sent = Self::default();
        for _ in 0..PARTS {
            let Some(part) = parts.next_field().await.map_err(broken)? else { return Ok(sent) };
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(broken)?;
            match file {
                Some(name) => sent.files.push(Uploaded { name, bytes: bytes.to_vec() }),
                None => {
                    let text = String::from_utf8_lossy(&bytes).chars().take(LONGEST).collect();
                    sent.texts.insert(name, text);
                }
            }
        }
        Err(StatusCode::PAYLOAD_TOO_LARGE.into_response())
    }
}
