//! One file a page or a group of pages that belong together.

pub(crate) mod accounts;
pub(crate) mod actions;
pub(crate) mod audit;
pub(crate) mod backups;
pub(crate) mod bulk;
pub(crate) mod card;
pub(crate) mod catalogue_draft;
pub(crate) mod catalogue_edit;
pub(crate) mod catalogue_pages;
pub(crate) mod catalogue_parts;
pub(crate) mod check_shift;
pub(crate) mod choices;
pub(crate) mod code;
pub(crate) mod consultations;
pub(crate) mod entry;
pub(crate) mod erasures;
pub(crate) mod evidence;
pub(crate) mod facts;
pub(crate) mod filters;
pub(crate) mod held;
pub(crate) mod inviting;
pub(crate) mod journal;
pub(crate) mod lost;
pub(crate) mod marks;
pub(crate) mod message;
pub(crate) mod numbers;
pub(crate) mod papers;
pub(crate) mod protection;
pub(crate) mod queue;
pub(crate) mod rebirths;
pub(crate) mod recovery;
pub(crate) mod request;
pub(crate) mod rotation;
pub(crate) mod second_factor;
pub(crate) mod sessions;
pub(crate) mod set_aside;
pub(crate) mod sticks;
pub(crate) mod suitcases;
pub(crate) mod twins;
pub(crate) mod typed;
pub(crate) mod unread;

use ::pages::Page;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

/// A page as an answer.
pub(crate) fn show(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page made of ready parts, one below the other.
#[derive(Template)]
#[template(path = "parts.html")]
pub(crate) struct Parts {
    pub page: Page,
    pub parts: Vec<Part>,
}

/// One part of a page.
pub(crate) enum Part {
    /// A paragraph.
    Words(String),
    /// A second heading.
    Heading(String),
    /// A table.
    Table(::pages::Table),
    /// Lines of what is known.
    Facts(::pages::SummaryList),
    /// Something to fill in.
    Form(Form),
    /// Values of several people.
    Conflict(Box<::pages::Conflict>),
    /// The way on: address and words.
    Link(String, String),
    /// A code to be read by a camera, its content in words, and what it is.
    Code(Option<::pages::qr::Svg>, String, String),
    /// Words to be read aloud or compared, large and numbered, and what they are.
    Aloud(Vec<String>, String),
    /// Codes to be copied by hand or printed, each in groups parted by spaces, with room beside it to note when it was
    /// used; and what they are, and what the room is for.
    Codes(Vec<String>, String, String),
    /// What to do, one after another.
    Steps(Vec<String>),
    /// Buttons side by side.
    Buttons(Vec<Form>),
    /// Something to be said before what follows.
    Notice(::pages::Notice),
    /// The button that prints the page.
    Print(String),
    /// A button that gives the text back as a file: where it posts to, the text, what stands on it.
    Download(String, String, String),
}

/// Something to fill in.
pub(crate) struct Form {
    /// Where it posts to.
    pub to: String,
    /// The fields; none is a button alone.
    pub fields: Vec<::pages::Field>,
    /// What stands on the button.
    pub button: String,
    /// The class of the button: `button-primary`, `button-stop`, `button`.
    pub tone: &'static str,
}

pub(crate) fn parts(status: StatusCode, page: Page, parts: Vec<Part>) -> Response {
    show(status, &Parts { page, parts })
}
