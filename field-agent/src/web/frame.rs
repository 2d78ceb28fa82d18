//! What every page has around it: sections, numbers, the sentence of state; and pages that only say something.

use super::guard::{Officer, Refused};
use super::readable;
use crate::app::{AppError, CertificateStanding, ErrorKind, SyncState};
use askama::Template;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use clock::Time;
use pages::{Counts, Density, ErrorSummary, Lang, Message, NavItem, Notice, Page, Status, Texts, Tone, format};

/// The sections in the order of Alt+1 … Alt+5: address and phrase.
const SECTIONS: [(&str, &str); 5] = [
    ("/day", "nav-day"),
    ("/requests", "nav-requests"),
    ("/residents", "nav-residents"),
    ("/exchange", "nav-exchange"),
    ("/help", "nav-help"),
];

/// How often the header asks how things stand, in seconds.
const REFRESH: u32 = 10;

impl Officer {
    /// A page in one of the sections.
    pub async fn page(&self, title: impl Into<String>, section: &str) -> Result<Page, Refused> {
        let t = self.t;
        let mut page = Page::new(t, Density::Field, title, self.path.clone());
        page.nav = SECTIONS
            .iter()
            .map(|(href, phrase)| NavItem::new(*href, t.text(phrase)).current(*href == section))
            .collect();
        page.help = help_of(t, &self.path);
        page.lock_to = Some("/lock".into());
        page.lock_vault_to = Some("/lock/vault".into());
        let (place, person) = self
            .ask(move |agent| {
                let hromada = agent.community()?;
                let name = agent.officer_name(agent.officer())?;
                let person = if name.is_empty() { agent.officer().to_owned() } else { readable::short_name(&name) };
                let suitcase = t.count("suitcase", agent.suitcase_number());
                let place = if hromada.is_empty() { suitcase } else { format!("{suitcase} · {hromada}") };
                Ok((place, person))
            })
            .await?;
        (page.place, page.person) = (place, person);
        page.status = Some(self.status().await?);
        let damaged = self.agent.scrubbed().faults.len();
        if damaged > 0 {
            let words = t.count("damaged-words", damaged);
            page.notices.push(Notice::new(Tone::Stop, words).title(t.text("damaged-notice")));
        }
        let held = self.console.held_of(self.agent.officer());
        if !held.is_empty() && !self.path.starts_with("/continue") {
            let notice = Notice::new(Tone::Wait, t.count("held-notice", held.len()));
            page.notices.push(notice.link("/continue".to_owned(), t.text("held-continue")));
        }
        Ok(page)
    }

    /// The numbers and the sentence.
    pub async fn status(&self) -> Result<Status, Refused> {
        let status = self.ask(|agent| agent.status()).await?;
        let exchange = self.agent.sync_state().borrow().clone();
        Ok(Status {
            t: self.t,
            counts: Some(Counts { here: status.here, on_the_way: status.on_the_way, at_the_centre: status.at_centre }),
            sentence: sentence(self.t, &status, &exchange),
            refresh: Some(("/status".into(), REFRESH)),
        })
    }
}

/// Pages with a text of their own about what they are for: how their address begins, and the phrase. The longest counts.
const HELPS: [(&str, &str); 21] = [
    ("/day", "help-of-day"),
    ("/requests", "help-of-requests"),
    ("/requests/new", "help-of-form"),
    ("/requests/{}", "help-of-request"),
    ("/requests/{}/conflicts", "help-of-conflicts"),
    ("/requests/{}/correct", "help-of-correct"),
    ("/requests/{}/evidence", "help-of-evidence"),
    ("/requests/{}/saved", "help-of-saved"),
    ("/drafts/{}", "help-of-form"),
    ("/drafts/{}/review", "help-of-review"),
    ("/residents", "help-of-residents"),
    ("/consultations", "help-of-consultations"),
    ("/exchange", "help-of-exchange"),
    ("/stick", "help-of-stick"),
    ("/carrier", "help-of-carrier"),
    ("/shift", "help-of-shift"),
    ("/numbers", "help-of-void"),
    ("/room", "help-of-room"),
    ("/releases", "help-of-releases"),
    ("/verify", "help-of-verify"),
    ("/help", "help-of-help"),
];

/// The phrase that says what the page at this address is for.
pub fn help_phrase(path: &str) -> Option<&'static str> {
    let path = path.split('?').next().unwrap_or_default();
    let asked: Vec<&str> = path.trim_matches('/').split('/').collect();
    let fits = |pattern: &str| {
        let parts: Vec<&str> = pattern.trim_matches('/').split('/').collect();
        let same = parts.iter().zip(&asked).all(|(part, asked)| *part == "{}" || part == asked);
        (same && parts.len() <= asked.len()).then_some(parts.len())
    };
    // Of two that fit equally far, the one that names the page stands before the one with a gap.
    let gaps = |pattern: &str| pattern.matches("{}").count();
    let found = HELPS.iter().filter_map(|(pattern, phrase)| Some((fits(pattern)?, pattern, phrase)));
    found.max_by_key(|(length, pattern, _)| (*length, std::cmp::Reverse(gaps(pattern)))).map(|(_, _, phrase)| *phrase)
}

fn help_of(t: Texts, path: &str) -> Vec<String> {
    help_phrase(path).map(|phrase| t.text(phrase).lines().map(str::to_owned).collect()).unwrap_or_default()
}

/// The one thing that should be known now.
pub fn sentence(t: Texts, status: &crate::app::Status, exchange: &SyncState) -> String {
    match &status.certificate {
        CertificateStanding::Revoked { from, reason } => {
            let values = [("date", format::date(Time(*from)).into()), ("reason", reason.as_str().into())];
            return t.say("standing-revoked", &values);
        }
        CertificateStanding::Expired { days } => return t.count("standing-expired", *days),
        CertificateStanding::Unconfirmed { at } => {
            return t.with("standing-unconfirmed", "date", format::date_time(Time(*at)));
        }
        CertificateStanding::Continued => return t.text("standing-continued"),
        CertificateStanding::Waiting => return t.text("standing-waiting"),
        CertificateStanding::Live { .. } => {}
    }
    if !status.damaged.is_empty() {
        return t.text("damaged-notice");
    }
    if !status.clock_plausible {
        return t.with("clock-wrong", "shown", Time(status.clock));
    }
    if status.differing > 0 {
        return t.count("status-conflicts", status.differing);
    }
    // What the suitcase tells of itself when it is opened is nothing that an officer has to send.
    if status.here + status.on_the_way + status.at_centre == 0 && exchange.trouble.is_none() {
        return t.text("status-fresh");
    }
    if status.waiting_entries == 0 {
        // Sent is not yet read: the centre's verdict says so.
        let arrived = if status.on_the_way > 0 { "status-all-sent" } else { "status-all-at-centre" };
        return t.text(arrived);
    }
    if exchange.working && exchange.trouble.is_none() {
        return t.text("sending-now");
    }
    let size = format::bytes(status.waiting_bytes, t.lang);
    let waiting = match status.here {
        0 => t.with("small-things-wait", "size", size),
        here => t.say("status-waiting", &[("n", here.into()), ("size", size.into())]),
    };
    if exchange.trouble.is_none() {
        return waiting;
    }
    let link = match exchange.succeeded.or(status.last_contact) {
        Some(last) => t.with("status-no-link", "time", readable::moment(t, last, status.clock)),
        None => t.text("never-linked"),
    };
    // A new attempt hides nothing of why it is one.
    if exchange.working { format!("{} {link}", t.text("sending-now")) } else { format!("{waiting} {link}") }
}

/// A page as an answer.
pub fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page was not rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page with no frame that only says something: title and words by their phrases.
pub fn alone(lang: Lang, status: StatusCode, title: &str, words: &str) -> Response {
    let t = Texts::with_own(lang, &super::PHRASES);
    said(t, status, t.text(title), t.text(words))
}

/// What went wrong, as a page.
pub fn of_error(t: Texts, error: &AppError) -> Response {
    let (status, title) = match (error, error.kind()) {
        (AppError::NoSuchRequest(_), _) => (StatusCode::NOT_FOUND, "not-found-title"),
        (_, ErrorKind::Refused) => (StatusCode::UNPROCESSABLE_ENTITY, "refused-title"),
        (_, ErrorKind::Busy) => (StatusCode::CONFLICT, "busy-title"),
        (_, ErrorKind::Locked | ErrorKind::NotLocked) => (StatusCode::FORBIDDEN, "locked-title"),
        (_, ErrorKind::NoConnection) => (StatusCode::BAD_GATEWAY, "no-link-title"),
        (_, ErrorKind::Damaged) => (StatusCode::INTERNAL_SERVER_ERROR, "damaged-title"),
    };
    tracing::warn!(kind = ?error.kind(), "a page was refused");
    said(t, status, t.text(title), readable::of_error(t.lang, error))
}

fn said(t: Texts, status: StatusCode, title: String, words: String) -> Response {
    let mut page = Page::new(t, Density::Field, title, "/");
    page.place = t.text("brand");
    let words = words.lines().map(str::to_owned).collect();
    html(status, &Message { page, words, link: Some(("/".into(), t.text("to-the-start"))) })
}

/// One error that belongs to no field.
pub fn plain_error(t: Texts, error: &AppError) -> Option<ErrorSummary> {
    Some(ErrorSummary::plain(t, readable::of_error(t.lang, error)))
}
