//! How far something has come: sections of a form, events of a request.

use crate::{Tag, Texts, Tone};
use askama::Template;
use askama::filters::HtmlSafe;

/// The sections of a form with their state, as a list of links.
#[derive(Clone, Template)]
#[template(path = "pages/tasks.html")]
pub struct TaskList {
    /// Words.
    pub t: Texts,
    /// What the list is called for those who hear it.
    pub label: String,
    /// The sections in their order.
    pub sections: Vec<TaskSection>,
}

/// One section of a form.
#[derive(Debug, Clone)]
pub struct TaskSection {
    /// Where it stands: `#applicant` or a page.
    pub href: String,
    /// Its name.
    pub label: String,
    /// How far it is.
    pub state: SectionState,
    /// Is it the one being worked on?
    pub current: bool,
}

/// How far a section is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionState {
    /// Nothing typed yet.
    NotStarted,
    /// Something typed.
    Started,
    /// All that is needed is there.
    Done,
    /// Something is wrong.
    Wrong,
}

impl SectionState {
    fn key(self) -> &'static str {
        match self {
            Self::NotStarted => "section-not-started",
            Self::Started => "section-started",
            Self::Done => "section-done",
            Self::Wrong => "section-wrong",
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::NotStarted => Tone::Plain,
            Self::Started => Tone::Wait,
            Self::Done => Tone::Ok,
            Self::Wrong => Tone::Stop,
        }
    }
}

impl TaskList {
    fn tag(&self, state: &SectionState) -> Tag {
        Tag::new(self.t.text(state.key()), state.tone())
    }
}

impl HtmlSafe for TaskList {}

/// Events, newest first.
#[derive(Clone, Template)]
#[template(path = "pages/timeline.html")]
pub struct Timeline {
    /// Words.
    pub t: Texts,
    /// The events in the order in which they are shown.
    pub events: Vec<Event>,
}

/// One event.
#[derive(Debug, Clone, Default)]
pub struct Event {
    /// What happened: «Прийнято на виїзді».
    pub title: String,
    /// Date and time as the device claims: «21.11.2026 10:20».
    pub when: String,
    /// What is proven: «не раніше 09:58, не пізніше 10:41»; empty for nothing.
    pub bounds: String,
    /// Who: «Олійник І. В.»
    pub who: String,
    /// From where: «валіза 7», «центр».
    pub place: String,
    /// More words, one a line.
    pub details: Vec<String>,
    /// Where the event stands: «чекає», «у дорозі», «у центрі».
    pub state: Option<Tag>,
}

impl HtmlSafe for Timeline {}
