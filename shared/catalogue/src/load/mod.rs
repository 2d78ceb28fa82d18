//! From data files to domain types, with errors that say where and what to do.

mod calendar;
mod condition;
mod fee;
mod field;
mod frame;
mod service;

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::source;
use crate::text::Text;

pub(crate) use calendar::{calendar, consent};
pub(crate) use frame::catalogue;

/// The schema of the data files that this program reads.
const SCHEMA: u32 = 1;

/// A data file cannot be used. Says in which file, service and field, what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("каталог / catalogue, {file}{}{}: {problem}. {advice}", at(" · ", .service), at(" · ", .field))]
pub struct LoadError {
    /// The file's name.
    pub file: String,
    /// Slug of the service, if it is about one.
    pub service: Option<String>,
    /// The field, paper or other entry it is about.
    pub field: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub advice: String,
}

fn at(separator: &str, place: &Option<String>) -> String {
    place.as_ref().map(|place| format!("{separator}{place}")).unwrap_or_default()
}

/// Where in the data the loader is.
#[derive(Clone, Copy)]
struct Place<'a> {
    file: &'a str,
    service: Option<&'a str>,
    field: Option<&'a str>,
}

impl<'a> Place<'a> {
    fn file(file: &'a str) -> Self {
        Self { file, service: None, field: None }
    }

    fn field(self, field: &'a str) -> Self {
        Self { field: Some(field), ..self }
    }

    fn wrong(self, problem: impl Into<String>, advice: impl Into<String>) -> LoadError {
        LoadError {
            file: self.file.to_owned(),
            service: self.service.map(str::to_owned),
            field: self.field.map(str::to_owned),
            problem: problem.into(),
            advice: advice.into(),
        }
    }

    fn one_of(self, value: &str, allowed: &str) -> LoadError {
        self.wrong(format!("unknown value «{value}»"), format!("Use one of: {allowed}"))
    }
}

fn json<'a, T: serde::Deserialize<'a>>(file: &str, text: &'a str) -> Result<T, LoadError> {
    serde_json::from_str(text)
        .map_err(|error| Place::file(file).wrong(error.to_string(), "Correct the file at this line and column"))
}

fn schema(at: Place<'_>, schema: u32) -> Result<(), LoadError> {
    if schema == SCHEMA {
        return Ok(());
    }
    Err(at.wrong(format!("schema {schema} is not {SCHEMA}"), "Update the program, or take a release made for it"))
}

fn text(at: Place<'_>, uk: String, en: String) -> Result<Text, LoadError> {
    if uk.trim().is_empty() || en.trim().is_empty() {
        return Err(at.wrong("a text is empty", "Write it in both languages"));
    }
    Ok(Text { uk, en })
}

fn words(at: Place<'_>, words: source::Words) -> Result<Text, LoadError> {
    text(at, words.uk, words.en)
}

fn all_words(at: Place<'_>, all: Vec<source::Words>) -> Result<Vec<Text>, LoadError> {
    all.into_iter().map(|one| words(at, one)).collect()
}

fn date(at: Place<'_>, text: &str) -> Result<Date, LoadError> {
    let wrong = || at.wrong(format!("«{text}» is not a day"), "Write it as 2026-01-31");
    if text.len() == 10 { text.parse().map_err(|_| wrong()) } else { Err(wrong()) }
}

/// A decimal with at most `places` decimals, in units of its last place.
fn decimal(at: Place<'_>, text: &str, places: u32) -> Result<i64, LoadError> {
    let wrong =
        || at.wrong(format!("«{text}» is not an amount"), format!("Write digits, a point, {places} decimals at most"));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let fits = !whole.is_empty() && whole.len() <= 9 && part.len() <= places as usize;
    if !fits || !digits(whole) || !digits(part) {
        return Err(wrong());
    }
    let padded = format!("{whole}{part:0<width$}", width = places as usize);
    padded.parse().map_err(|_| wrong())
}

fn key(at: Place<'_>, id: &str, sign: char) -> Result<(), LoadError> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == sign;
    if !id.is_empty() && id.len() <= 64 && id.chars().all(good) {
        return Ok(());
    }
    Err(at.wrong(format!("«{id}» is not a key"), format!("Use small Latin letters, digits and «{sign}»")))
}

fn unique<'a>(at: Place<'_>, ids: impl Iterator<Item = &'a str>) -> Result<(), LoadError> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(at.wrong(format!("«{id}» is there twice"), "Remove one, or give it another key"));
        }
    }
    Ok(())
}

fn known(at: Place<'_>, id: &str, exists: bool, what: &str) -> Result<(), LoadError> {
    if exists {
        Ok(())
    } else {
        Err(at.wrong(format!("there is no {what} «{id}»"), "Add it to the frame, or correct the key"))
    }
}
