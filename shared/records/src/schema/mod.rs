//! The static table of every key a record may have: what it holds and by which rule it merges.
//!
//! The gate's whitelist, the commands, the views' merge rules, `docs/merge-rules.md` and the test that goes through
//! all fields in pairs of concurrent actions read this one table.

mod blocks;
mod consultation;
mod request;
mod resident;
mod visit;

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::{EntryId, Value};

/// Version of the table, written as `v` at a record's birth.
pub const SCHEMA_VERSION: i64 = 1;
/// No key is longer, in bytes.
pub const MAX_KEY: usize = 42;
/// No text is longer, in bytes.
pub const MAX_TEXT: usize = 16 * 1024;

/// The kinds of records. The codes are fixed for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Мешканець: a person known to the community.
    Resident,
    /// Виїзд до людини: from the call to its outcome.
    Visit,
    /// Звернення: one service for one applicant.
    Request,
    /// Консультація: somebody asked and was told; nothing was taken.
    Consultation,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Resident, Self::Visit, Self::Request, Self::Consultation];

    /// The byte in an entry's body.
    pub const fn code(self) -> u8 {
        match self {
            Self::Resident => 1,
            Self::Visit => 2,
            Self::Request => 3,
            Self::Consultation => 4,
        }
    }

    /// From the byte; `None` is a kind of a newer version.
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Resident),
            2 => Some(Self::Visit),
            3 => Some(Self::Request),
            4 => Some(Self::Consultation),
            _ => None,
        }
    }

    /// The name in files and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Visit => "visit",
            Self::Request => "request",
            Self::Consultation => "consultation",
        }
    }
}

/// How a field merges when two people wrote it without seeing each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// All values are kept and shown; a person chooses; the choice is kept with who, when, why.
    KeepBothAndAsk,
    /// Only ever added, never changed or taken away.
    AppendOnly,
    /// Once the centre has decided, values written in the field without having seen the decision, or after it, are
    /// proposals: shown beside the value that stands, never lost, never in its place.
    DecisionBeatsEdit,
    /// The first value written by the centre stands; a later one never takes its place by itself.
    FirstProvenWins,
    /// The number of entries counts; each is added and never taken away, so that who counted stays known.
    Counter,
    /// Written in the record's first change, never again.
    FixedAtBirth,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text of at most so many bytes.
    Text(usize),
    /// Integer.
    Int,
    /// Yes or no.
    Bool,
    /// An answer to a form's question: text of at most 1,024 bytes, integer, or yes/no.
    Answer,
}

/// Where a field lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// One key.
    One(&'static str),
    /// All keys `<prefix><name>`: 1 to 40 of `a-z 0-9 _ . -`.
    Named(&'static str),
    /// All keys `<prefix><id>`: an [`EntryId`].
    Entries(&'static str),
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Where it lies.
    pub key: Key,
    /// What it holds.
    pub shape: Shape,
    /// How it merges.
    pub rule: Rule,
    /// Its label in Ukrainian.
    pub uk: &'static str,
    /// Its label in English.
    pub en: &'static str,
}

impl Field {
    const fn new(key: Key, shape: Shape, rule: Rule, uk: &'static str, en: &'static str) -> Self {
        Self { key, shape, rule, uk, en }
    }

    /// Whether the field may hold this value.
    pub fn holds(&self, value: &Value) -> bool {
        match (self.shape, value) {
            (Shape::Text(max), Value::Text(text)) => text.len() <= max,
            (Shape::Answer, Value::Text(text)) => text.len() <= 1024,
            // A number that is not known any more is empty.
            (Shape::Int, Value::Text(text)) => text.is_empty(),
            (Shape::Int | Shape::Answer, Value::Int(_)) | (Shape::Bool | Shape::Answer, Value::Bool(_)) => true,
            _ => false,
        }
    }

    /// The key as the table prints it: `f.…` for a family.
    pub fn key_pattern(&self) -> String {
        match self.key {
            Key::One(key) => key.to_owned(),
            Key::Named(prefix) => format!("{prefix}<name>"),
            Key::Entries(prefix) => format!("{prefix}<id>"),
        }
    }
}

/// The table of one kind, in the order of the documentation.
pub fn table(kind: Kind) -> impl Iterator<Item = &'static Field> {
    let sections: &[&[Field]] = match kind {
        Kind::Resident => resident::SECTIONS,
        Kind::Visit => visit::SECTIONS,
        Kind::Request => request::SECTIONS,
        Kind::Consultation => consultation::SECTIONS,
    };
    sections.iter().flat_map(|section| section.iter())
}

/// The field a key belongs to; `None` if a record of this kind may not have the key.
pub fn field(kind: Kind, key: &str) -> Option<&'static Field> {
    if key.len() > MAX_KEY {
        return None;
    }
    let index = index(kind);
    if let Some(found) = index.get(key).filter(|found| matches!(found.key, Key::One(_))) {
        return Some(found);
    }
    let prefix_len = key.find(['.', '/'])? + 1;
    let (prefix, rest) = key.split_at_checked(prefix_len)?;
    let found = index.get(prefix)?;
    let fits = match found.key {
        Key::One(_) => false,
        Key::Named(_) => is_name(rest),
        Key::Entries(_) => EntryId::is_well_formed(rest),
    };
    fits.then_some(*found)
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 40
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.-".contains(&b))
}

fn index(kind: Kind) -> &'static HashMap<&'static str, &'static Field> {
    static INDEXES: [OnceLock<HashMap<&'static str, &'static Field>>; 4] = [const { OnceLock::new() }; 4];
    INDEXES[usize::from(kind.code()) - 1].get_or_init(|| {
        let by_key = |field: &'static Field| match field.key {
            Key::One(key) | Key::Named(key) | Key::Entries(key) => (key, field),
        };
        table(kind).map(by_key).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_stands_twice_and_none_is_too_long() {
        for kind in Kind::ALL {
            assert_eq!(index(kind).len(), table(kind).count(), "{kind:?}");
            for field in table(kind) {
                let (Key::One(key) | Key::Named(key) | Key::Entries(key)) = field.key;
                assert!(key.len() <= MAX_KEY && key.is_ascii(), "{key}");
                assert!(!field.uk.is_empty() && !field.en.is_empty(), "{key}");
                if let Shape::Text(max) = field.shape {
                    assert!(max <= MAX_TEXT);
                }
            }
        }
    }

    #[test]
    fn a_family_takes_only_well_formed_names() {
        assert!(field(Kind::Request, "f.marital_status").is_some());
        assert!(field(Kind::Request, "f.").is_none());
        assert!(field(Kind::Request, "f.Ї").is_none());
        assert!(field(Kind::Request, "e/0123456789abc").is_some());
        assert!(field(Kind::Request, "e/0123456789ab").is_none());
        assert!(field(Kind::Request, "e/").is_none());
        assert!(field(Kind::Request, "a.unknown").is_none());
        assert!(field(Kind::Request, &"f.".repeat(30)).is_none());
        assert!(field(Kind::Resident, "f.marital_status").is_none());
    }

    #[test]
    fn codes_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(Kind::from_code(0), None);
    }
}
