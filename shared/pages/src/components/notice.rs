//! Words that stand out: error summary, notice, state.

use crate::{Field, Texts};
use askama::Template;
use askama::filters::HtmlSafe;

/// What must be mended, on top of the page; it gets the focus.
#[derive(Clone, Template)]
#[template(path = "pages/errors.html")]
pub struct ErrorSummary {
    /// Words.
    pub t: Texts,
    /// Its heading.
    pub title: String,
    /// Id of the field (empty for none) and the same words as stand at it.
    pub items: Vec<(String, String)>,
}

impl ErrorSummary {
    /// The errors of a form's fields, in their order; `None` if there are none.
    pub fn of<'a>(t: Texts, fields: impl IntoIterator<Item = &'a Field>) -> Option<Self> {
        let wrong = fields.into_iter().filter(|field| !field.error.is_empty());
        let items: Vec<_> = wrong.map(|field| (field.target(), field.error.clone())).collect();
        (!items.is_empty()).then(|| Self { t, title: t.count("errors-title", items.len()), items })
    }

    /// One error that belongs to no field.
    pub fn plain(t: Texts, words: impl Into<String>) -> Self {
        Self { t, title: t.text("errors-plain"), items: vec![(String::new(), words.into())] }
    }
}

impl HtmlSafe for ErrorSummary {}

/// What a colour says beside the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// Done, at the centre.
    Ok,
    /// Waits, on the way.
    Wait,
    /// Stopped, overdue, refused.
    Stop,
}

impl Tone {
    /// The part of the class name: `plain`, `ok`, `wait`, `stop`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Ok => "ok",
            Self::Wait => "wait",
            Self::Stop => "stop",
        }
    }
}

/// A state in a word: «чекає», «у дорозі», «у центрі», «прострочено».
#[derive(Debug, Clone, Template)]
#[template(source = "<span class=\"tag tag-{{ tone.name() }}\">{{ word }}</span>", ext = "html")]
pub struct Tag {
    /// The word.
    pub word: String,
    /// The colour beside it.
    pub tone: Tone,
}

impl Tag {
    /// A word with a tone.
    pub fn new(word: impl Into<String>, tone: Tone) -> Self {
        Self { word: word.into(), tone }
    }
}

impl HtmlSafe for Tag {}

/// A sentence before the content, with at most one way on.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/notice.html")]
pub struct Notice {
    /// The colour beside it.
    pub tone: Tone,
    /// Its first words, in bold; empty for none.
    pub title: String,
    /// What it says.
    pub words: String,
    /// A link: address and words.
    pub link: Option<(String, String)>,
    /// A button: address it posts to and words. Undo is one («Повернути»).
    pub action: Option<(String, String)>,
}

impl Notice {
    /// A notice of words alone.
    pub fn new(tone: Tone, words: impl Into<String>) -> Self {
        Self { tone, title: String::new(), words: words.into(), link: None, action: None }
    }

    /// With first words in bold.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// With a link.
    pub fn link(mut self, href: impl Into<String>, words: impl Into<String>) -> Self {
        self.link = Some((href.into(), words.into()));
        self
    }

    /// With a button that posts.
    pub fn action(mut self, to: impl Into<String>, words: impl Into<String>) -> Self {
        self.action = Some((to.into(), words.into()));
        self
    }
}

impl HtmlSafe for Notice {}
