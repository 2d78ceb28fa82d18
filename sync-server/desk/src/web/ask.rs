//! What a page knows of the one who asks: language, address, account; and the frame it answers in.

use super::guard::{self, Worker};
use super::pages::message;
use super::{PHRASES, Site};
use crate::app::{Desk, DeskError, ErrorKind, Rank};
use ::pages::format::{clock_time, date, date_time};
use ::pages::{Density, Lang, NavItem, Notice, Page, Status, Texts, Tone};
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

/// Somebody at the door: nobody yet.
pub(crate) struct Door {
    pub site: Arc<Site>,
    pub t: Texts,
    /// Path and query.
    pub path: String,
    pub token: Option<String>,
}

impl FromRequestParts<Arc<Site>> for Door {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Infallible> {
        let lang = Lang::of(parts.uri.query(), &parts.headers);
        Ok(Self {
            t: Texts::with_own(lang, &PHRASES),
            path: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            token: guard::token_of(site, &parts.headers),
            site: Arc::clone(site),
        })
    }
}

/// Somebody who is signed in, on a route that needs it.
pub(crate) struct Ask {
    pub site: Arc<Site>,
    pub t: Texts,
    /// Path and query.
    pub path: String,
    pub worker: Worker,
    params: BTreeMap<String, String>,
}

impl FromRequestParts<Arc<Site>> for Ask {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Response> {
        let Ok(Door { site, t, path, .. }) = Door::from_request_parts(parts, site).await;
        let params = Path::<BTreeMap<String, String>>::from_request_parts(parts, &site).await;
        let params = params.map(|Path(params)| params).unwrap_or_default();
        // The guard put it there; a route without a guard has nobody to show anything to.
        let Some(worker) = parts.extensions.get::<Worker>().cloned() else { return Err(guard::go_to("/sign-in")) };
        Ok(Self { site, t, path, worker, params })
    }
}

/// Which section of the console a page is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Queue,
    Journal,
    Consultations,
    Audit,
    SetAside,
    Sticks,
    Backups,
    Catalogue,
    Suitcases,
    Accounts,
    Protection,
    Passphrase,
}

/// A page that says why not.
pub(crate) struct Refusal(Box<Response>);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// What a handler answers.
pub(crate) type Answer = Result<Response, Refusal>;

impl Ask {
    /// A part of the path, by its name in the table of routes.
    pub fn param(&self, name: &str) -> String {
        self.params.get(name).cloned().unwrap_or_default()
    }

    /// A value of the query, trimmed; empty if there is none.
    pub fn query(&self, name: &str) -> String {
        query_of(&self.path, name)
    }

    /// Has the desk do something on a thread that may block.
    pub async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Desk, &str) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, DeskError> {
        let (desk, login) = (Arc::clone(&self.worker.desk), self.worker.login.clone());
        let done = tokio::task::spawn_blocking(move || work(&desk, &login)).await;
        done.unwrap_or_else(|_| Err(broken()))
    }

    /// As [`Ask::work`]; an error is a page of its own.
    pub async fn get<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Desk, &str) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, Refusal> {
        match self.work(work).await {
            Ok(value) => Ok(value),
            Err(error) => Err(self.refusal(&error).await),
        }
    }

    /// The page that says what is wrong and what to do.
    pub async fn refusal(&self, error: &DeskError) -> Refusal {
        if error.kind == ErrorKind::Sealed {
            return Refusal(Box::new(guard::go_to("/unseal")));
        }
        let status = status_of(error.kind);
        let title = self.t.text(message::title_of(status));
        let page = self.page(title, None).await;
        Refusal(Box::new(message::respond(page, status, vec![sentence(self.t, error)])))
    }

    /// The frame of a page.
    pub async fn page(&self, title: impl Into<String>, section: Option<Section>) -> Page {
        let mut page = Page::new(self.t, Density::Desk, title, self.path.clone());
        let known =
            self.work(|desk, _| Ok((desk.profile()?.name, desk.count_set_aside()?, desk.count_unconfirmed()?.0)));
        let (place, set_aside, laptops) = known.await.unwrap_or_default();
        page.place = place;
        page.nav = self.sections(section, set_aside, laptops);
        page.status = Some(status(self.t, &self.worker.desk));
        let damaged = self.worker.desk.scrubbed().faults.len();
        if damaged > 0 {
            let words = self.t.count("desk-damaged-words", damaged);
            page.notices.push(Notice::new(Tone::Stop, words).title(self.t.text("desk-damaged")));
        }
        page.lock_to = Some("/sign-out".into());
        page.person = self.worker.name.clone();
        page
    }

    fn sections(&self, current: Option<Section>, set_aside: usize, laptops: usize) -> Vec<NavItem> {
        let item = |section, href: &str, key| NavItem::new(href, self.t.text(key)).current(current == Some(section));
        let aside = item(Section::SetAside, "/set-aside", "set-aside").count(set_aside as u64);
        let journal = item(Section::Journal, "/journal", "journal");
        let asked = item(Section::Consultations, "/consultations", "consultations");
        let mut sections = vec![item(Section::Queue, "/queue", "queues"), journal, asked, aside];
        sections.push(item(Section::Catalogue, "/catalogue", "catalogue"));
        sections.push(item(Section::Sticks, "/sticks", "sticks"));
        if self.worker.rank >= Rank::Administrator {
            sections.push(item(Section::Backups, "/backups", "backups"));
            sections.push(item(Section::Audit, "/audit", "audit"));
            // Laptops that began anew are an alarm: on other days there is nothing to count here.
            let suitcases = item(Section::Suitcases, "/suitcases", "suitcases");
            sections.push(if laptops > 0 { suitcases.count(laptops as u64) } else { suitcases });
            sections.push(item(Section::Accounts, "/accounts", "people"));
            sections.push(item(Section::Protection, "/protection", "protection"));
        }
        sections.push(item(Section::Passphrase, "/passphrase", "own-passphrase"));
        sections
    }
}

/// The sentence of the header. It says the same as long as nothing changes, so that it is not read out again.
pub(crate) fn status(t: Texts, desk: &Desk) -> Status {
    let contact = desk.hub_contact();
    let since = |at: i64| {
        let (at, now) = (clock::Time(at), desk.clock().now());
        if date(at) == date(now) { clock_time(at) } else { date_time(at) }
    };
    let damaged = !desk.scrubbed().faults.is_empty();
    let sentence = match (&contact.trouble, contact.answered_at) {
        _ if contact.catching_up => t.text(if contact.kit_needed { "hub-cannot-prove" } else { "hub-catching-up" }),
        _ if damaged => t.text("desk-damaged"),
        (Some(_), Some(at)) => t.say("hub-lost", &[("time", since(at).into()), ("n", contact.waiting.into())]),
        (Some(_), None) => t.count("hub-unreached", contact.waiting),
        (None, _) if contact.healing => t.text("hub-healing"),
        (None, _) if contact.hub_faults > 0 => t.count("hub-damaged", contact.hub_faults),
        (None, Some(_)) if contact.tried => t.text("hub-there"),
        (None, _) => t.text("hub-not-yet"),
    };
    Status { t, counts: None, sentence, refresh: Some(("/status".into(), 5)) }
}

/// The error in the page's language, as a sentence.
pub(crate) fn sentence(t: Texts, error: &DeskError) -> String {
    let words: &str = match t.lang {
        Lang::Uk => &error.sentence.uk,
        Lang::En => &error.sentence.en,
    };
    as_sentence(words)
}

/// With a capital letter in front and a full stop behind.
pub(crate) fn as_sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if words.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", characters.as_str())
}

pub(crate) fn status_of(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::Held => StatusCode::CONFLICT,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::NotAllowed => StatusCode::FORBIDDEN,
        ErrorKind::NoConnection | ErrorKind::Busy | ErrorKind::Sealed => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Damaged => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// So many characters of a value of a query: an address to go back to carries a whole filter.
const MOST_OF_QUERY: usize = 2_000;

pub(crate) fn query_of(path: &str, name: &str) -> String {
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let value = ::pages::address::value(query, name).unwrap_or_default();
    value.trim().chars().take(MOST_OF_QUERY).collect()
}

/// One of two languages.
pub(crate) fn said(t: Texts, uk: &str, en: &str) -> String {
    match t.lang {
        Lang::Uk => uk.to_owned(),
        Lang::En => en.to_owned(),
    }
}

/// An address of this site, else the queue: a form must not lead elsewhere.
pub(crate) fn own_address(back: &str) -> &str {
    let plain = back.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let inside = plain && back.starts_with('/') && !back.starts_with("//");
    if inside { back } else { "/queue" }
}

fn broken() -> DeskError {
    DeskError::new(
        ErrorKind::Damaged,
        "програма перервала роботу над цим: спробуйте ще раз, а якщо повториться, збережіть журнал програми",
        "the program broke off: try again, and if it happens again, keep the program's log",
    )
}
