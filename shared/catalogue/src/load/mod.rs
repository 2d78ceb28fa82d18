//! From data files to domain types. Every problem is told, not only the first: a reader that meets one notes it at its
//! [`Place`], goes on with something harmless, and the whole is refused at the end.

mod calendar;
mod condition;
mod error;
mod fee;
mod field;
mod frame;
mod json;
mod service;

use std::cell::RefCell;
use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::source;
use crate::text::Text;

pub use error::{LoadError, LoadErrors};
pub(crate) use frame::catalogue;
use json::json;

/// The schema of the data files that this program reads.
const SCHEMA: u32 = 1;

/// Characters of one text.
const MAX_TEXT: usize = 6_000;

/// Where in the data the loader is, and where it notes what is wrong there.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    notes: &'a RefCell<Vec<LoadError>>,
    file: &'a str,
    service: Option<&'a str>,
    field: Option<&'a str>,
}

impl<'a> Place<'a> {
    pub(crate) fn file(notes: &'a RefCell<Vec<LoadError>>, file: &'a str) -> Self {
        Self { notes, file, service: None, field: None }
    }

    fn service(self, slug: &'a str) -> Self {
        Self { service: Some(slug), field: None, ..self }
    }

    fn field(self, field: &'a str) -> Self {
        Self { field: Some(field), ..self }
    }

    /// Notes a problem here: what is wrong, what to do, each in both languages.
    pub(crate) fn wrong(self, problem: [impl Into<String>; 2], advice: [impl Into<String>; 2]) {
        self.wrong_at(None, problem, advice);
    }

    /// The same, at a line and column of the file.
    pub(crate) fn wrong_at(
        self,
        line: Option<(usize, usize)>,
        problem: [impl Into<String>; 2],
        advice: [impl Into<String>; 2],
    ) {
        let ([problem_uk, problem_en], [advice_uk, advice_en]) = (problem, advice);
        self.notes.borrow_mut().push(LoadError {
            file: self.file.to_owned(),
            line,
            service: self.service.map(str::to_owned),
            field: self.field.map(str::to_owned),
            problem: Text::new(problem_uk, problem_en),
            advice: Text::new(advice_uk, advice_en),
        });
    }

    fn one_of(self, value: &str, allowed: &str) {
        self.wrong(
            [format!("невідоме значення «{value}»"), format!("unknown value “{value}”")],
            [format!("Візьміть одне з: {allowed}"), format!("Use one of: {allowed}")],
        );
    }

    /// The value under a word of a fixed list; another word is noted and `usual` taken.
    fn choose<T: Copy>(self, word: &str, allowed: &[(&str, T)], usual: T) -> T {
        let found = allowed.iter().find(|(one, _)| *one == word).map(|(_, value)| *value);
        found.unwrap_or_else(|| {
            self.one_of(word, &allowed.iter().map(|(one, _)| *one).collect::<Vec<_>>().join(", "));
            usual
        })
    }
}

fn schema(at: Place<'_>, schema: u32) {
    if schema != SCHEMA {
        at.wrong(
            [
                format!("схема {schema}, а програма читає {SCHEMA}"),
                format!("schema {schema}, and the program reads {SCHEMA}"),
            ],
            ["Оновіть програму або візьміть випуск для неї", "Update the program, or take a release made for it"],
        );
    }
}

fn text(at: Place<'_>, uk: String, en: String) -> Text {
    for (language, text) in [("uk", &uk), ("en", &en)] {
        if text.trim().is_empty() {
            at.wrong(
                [format!("порожній текст ({language})"), format!("an empty text ({language})")],
                ["Напишіть його обома мовами", "Write it in both languages"],
            );
        } else if text.chars().count() > MAX_TEXT {
            at.wrong(
                [
                    format!("текст ({language}) довший за {MAX_TEXT} знаків"),
                    format!("a text ({language}) of over {MAX_TEXT} characters"),
                ],
                ["Скоротіть його", "Shorten it"],
            );
        } else if let Some(odd) = text.chars().find(|c| is_odd(*c)) {
            let code = u32::from(odd);
            at.wrong(
                [
                    format!("невидимий знак U+{code:04X} у тексті ({language})"),
                    format!("an invisible sign U+{code:04X} in a text ({language})"),
                ],
                ["Приберіть його: наберіть слово заново", "Remove it: type the word again"],
            );
        }
    }
    Text { uk, en }
}

/// Signs that change how text is shown without being seen: control characters and those that turn its direction.
fn is_odd(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn words(at: Place<'_>, words: source::Words) -> Text {
    text(at, words.uk, words.en)
}

fn all_words(at: Place<'_>, all: Vec<source::Words>) -> Vec<Text> {
    all.into_iter().map(|one| words(at, one)).collect()
}

pub(crate) fn date(at: Place<'_>, text: &str) -> Date {
    let found = if text.len() == 10 { text.parse().ok() } else { None };
    found.unwrap_or_else(|| {
        at.wrong(
            [format!("«{text}» не є днем календаря"), format!("“{text}” is not a day")],
            ["Напишіть як 2026-01-31", "Write it as 2026-01-31"],
        );
        Date::MIN
    })
}

/// Notes a period that ends before it begins.
fn in_order(at: Place<'_>, from: Date, to: Option<Date>) {
    // A day that could not be read has been noted already.
    if let Some(to) = to.filter(|to| *to < from && *to != Date::MIN) {
        at.wrong(
            [format!("кінець {to} раніше за початок {from}"), format!("the end {to} is before the beginning {from}")],
            ["Виправте один із днів", "Correct one of the days"],
        );
    }
}

/// A decimal with at most `places` decimals, in units of its last place.
fn decimal(at: Place<'_>, text: &str, places: u32) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let fits = !whole.is_empty() && whole.len() <= 9 && part.len() <= places as usize && !text.ends_with('.');
    let padded = format!("{whole}{part:0<width$}", width = places as usize);
    let found = if fits && digits(whole) && digits(part) { padded.parse().ok() } else { None };
    found.unwrap_or_else(|| {
        at.wrong(
            [format!("«{text}» не є сумою"), format!("“{text}” is not an amount")],
            [
                format!("Напишіть цифри, крапку і не більше ніж {places} знаки після неї"),
                format!("Write digits, a point and {places} decimals at most"),
            ],
        );
        0
    })
}

fn key(at: Place<'_>, id: &str, sign: char) {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == sign;
    if id.is_empty() || id.len() > 64 || !id.chars().all(good) {
        at.wrong(
            [format!("«{id}» не годиться за ключ"), format!("“{id}” is not a key")],
            [
                format!("Лише малі латинські літери, цифри і «{sign}», до 64 знаків"),
                format!("Small Latin letters, digits and “{sign}” only, up to 64"),
            ],
        );
    }
}

fn unique<'a>(at: Place<'_>, ids: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            at.wrong(
                [format!("«{id}» є двічі"), format!("“{id}” is there twice")],
                ["Приберіть одне або дайте йому інший ключ", "Remove one, or give it another key"],
            );
        }
    }
}

/// Notes a key that nothing in the frame has. `what` in the genitive: «органу».
fn known(at: Place<'_>, id: &str, exists: bool, what: [&str; 2]) {
    if !exists {
        at.wrong(
            [format!("немає {} «{id}»", what[0]), format!("there is no {} “{id}”", what[1])],
            ["Додайте його до catalogue.json або виправте ключ", "Add it to catalogue.json, or correct the key"],
        );
    }
}
