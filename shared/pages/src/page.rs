//! What every page has around its content.

use crate::{ErrorSummary, Lang, Notice, Texts, address, assets};
use askama::Template;
use askama::filters::HtmlSafe;

/// The frame of a page. A console's page struct has it as the field `page`, and its template extends
/// `pages/layout.html`, which has these blocks: `head` (more in `<head>`), `heading` (the `h1`), `content`.
#[derive(Clone)]
pub struct Page {
    /// Words; their language is the page's.
    pub t: Texts,
    /// How closely the page is set.
    pub density: Density,
    /// The page's name: its `h1` and the first words of the window's title.
    pub title: String,
    /// Whose console: «Валіза 7 · Глобинська громада».
    pub place: String,
    /// The path and query of this page, for the language switch; of the form, where a form was answered.
    pub path: String,
    /// Sections of the console, in the order of Alt+1 … Alt+9.
    pub nav: Vec<NavItem>,
    /// The three numbers and the sentence; `None` before unlocking.
    pub status: Option<Status>,
    /// Where the button «Замкнути» (Alt+L) posts to.
    pub lock_to: Option<String>,
    /// Where Ctrl+Alt+L posts to: the lock after which no key is in memory.
    pub lock_vault_to: Option<String>,
    /// What the page is for and what can be done on it, a paragraph each; shown by `?`.
    pub help: Vec<String>,
    /// Who works here, shown beside the lock button.
    pub person: String,
    /// What must be mended on this page; it gets the focus and changes the title.
    pub errors: Option<ErrorSummary>,
    /// What the page has to say before its content.
    pub notices: Vec<Notice>,
}

impl Page {
    /// A page with no sections, no status and nothing to lock.
    pub fn new(t: Texts, density: Density, title: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            t,
            density,
            title: title.into(),
            place: String::new(),
            path: path.into(),
            nav: Vec::new(),
            status: None,
            lock_to: None,
            lock_vault_to: None,
            help: Vec::new(),
            person: String::new(),
            errors: None,
            notices: Vec::new(),
        }
    }

    /// The window's title: «Помилка: Нове звернення – Валіза 7».
    pub fn window_title(&self) -> String {
        let brand = if self.place.is_empty() { self.t.text("brand") } else { self.place.clone() };
        let title = format!("{} – {brand}", self.title);
        if self.errors.is_some() { self.t.with("title-error", "title", title) } else { title }
    }

    /// This page in the other language.
    pub fn other_language(&self) -> String {
        address::with(&self.path, Lang::NAME, self.t.lang.other().code())
    }

    /// The address of an embedded file.
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }
}

/// A whole page that only says something: not found, not allowed, finished. Its title is the page's.
#[derive(Clone, Template)]
#[template(path = "pages/message.html")]
pub struct Message {
    /// The frame.
    pub page: Page,
    /// What happened and what to do, a paragraph each.
    pub words: Vec<String>,
    /// The way on: address and words.
    pub link: Option<(String, String)>,
}

/// How closely a page is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Density {
    /// The officer beside a resident: 18 px, targets of 44 px, one column.
    Field,
    /// The clerk: 15 px, rows of 34 px, the whole width.
    Desk,
}

impl Density {
    /// The value of `data-density`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Desk => "desk",
        }
    }
}

/// One section in the navigation.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Where it leads.
    pub href: String,
    /// Its name.
    pub label: String,
    /// How many things wait there; zero is shown, `None` is not.
    pub count: Option<u64>,
    /// Is this page in it?
    pub current: bool,
}

impl NavItem {
    /// A section without a number, not the current one.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into(), count: None, current: false }
    }

    /// With the number of things that wait.
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// Marked as the one this page is in.
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

/// How many requests stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Only on this laptop.
    pub here: u64,
    /// Anchored by a carrier, not yet opened by the centre.
    pub on_the_way: u64,
    /// The centre gave its verdict.
    pub at_the_centre: u64,
}

/// The three numbers and the one sentence of the header. It prints itself as the fragment that stands inside the
/// header's live region, so the route at `refresh` answers with the same value.
#[derive(Clone, Template)]
#[template(path = "pages/status.html")]
pub struct Status {
    /// Words.
    pub t: Texts,
    /// «Тут 12 · У дорозі 3 · У центрі 41»; the desk has none.
    pub counts: Option<Counts>,
    /// «3 звернення чекають на зв’язок (41 КБ)».
    pub sentence: String,
    /// The address of this fragment and how often it is asked for, in seconds.
    pub refresh: Option<(String, u32)>,
}

impl Status {
    /// The value of `data-refresh`: `/status|10`, empty for none.
    pub fn refreshing(&self) -> String {
        self.refresh.as_ref().map(|(url, seconds)| format!("{url}|{seconds}")).unwrap_or_default()
    }
}

impl HtmlSafe for Status {}
