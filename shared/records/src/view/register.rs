//! Registers: a field's value, what else was written, and what is only proposed.

use std::collections::BTreeMap;

use crate::Value;
use crate::document::{Document, Written};
use crate::schema::{self, Field, Kind, Rule};
use crate::view::IsDesk;

/// One field of a record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Register {
    /// Surviving values, different from each other, the one that stands first. Empty if never written.
    pub values: Vec<Written>,
    /// Values written in the field on a decided record: shown, not in force.
    pub proposals: Vec<Written>,
}

impl Register {
    /// The value that stands.
    pub fn value(&self) -> Option<&Value> {
        self.values.first().map(|written| &written.value)
    }

    /// The text that stands; empty if there is none.
    pub fn text(&self) -> &str {
        self.value().and_then(Value::as_text).unwrap_or_default()
    }

    /// The integer that stands.
    pub fn int(&self) -> Option<i64> {
        self.value().and_then(Value::as_int)
    }

    /// Yes or no; never written is no.
    pub fn yes(&self) -> bool {
        self.value().and_then(Value::as_bool).unwrap_or(false)
    }

    /// Whether people wrote different values and nobody has chosen yet.
    pub fn differs(&self) -> bool {
        self.values.len() > 1
    }
}

/// A field where a person has to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The key, as a resolution names it.
    pub key: String,
    /// The field's label in Ukrainian.
    pub uk: &'static str,
    /// The field's label in English.
    pub en: &'static str,
    /// All values, the one that stands first. For a proposal: the standing one, then what is proposed.
    pub values: Vec<Written>,
    /// Whether the others are proposals made after, or without knowing of, a decision.
    pub is_proposal: bool,
}

/// All registers of a record, by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registers {
    kind: Kind,
    map: BTreeMap<String, Register>,
}

impl Registers {
    /// Read a document: one pass over its keys.
    pub(crate) fn read(document: &Document, is_desk: IsDesk<'_>) -> Self {
        let kind = document.kind();
        let mut map = BTreeMap::new();
        for (key, mut values) in document.values() {
            if schema::field(kind, &key).is_some_and(|field| field.rule == Rule::FirstProvenWins) {
                values.sort_by_key(|written| (!is_desk(written.by), written.at, written.op, written.by));
            }
            map.insert(key, Register { values, proposals: Vec::new() });
        }
        Self { kind, map }
    }

    /// Put late work in its place: see [`super::late`].
    pub(crate) fn set_aside(&mut self, late: BTreeMap<String, Register>) {
        for (key, register) in late {
            if register.values.is_empty() && register.proposals.is_empty() {
                self.map.remove(&key);
            } else {
                self.map.insert(key, register);
            }
        }
    }

    /// One field.
    pub fn get(&self, key: &str) -> Option<&Register> {
        self.map.get(key)
    }

    /// One field, empty if never written.
    pub fn register(&self, key: &str) -> Register {
        self.map.get(key).cloned().unwrap_or_default()
    }

    /// The text that stands under a key; empty if there is none.
    pub fn text(&self, key: &str) -> &str {
        self.map.get(key).map_or("", Register::text)
    }

    /// The integer that stands under a key.
    pub fn int(&self, key: &str) -> Option<i64> {
        self.map.get(key).and_then(Register::int)
    }

    /// All keys with a prefix, without it: answers (`f.`), papers (`d.`), events (`e/`).
    pub fn family<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a Register)> {
        self.map
            .range(prefix.to_owned()..)
            .map_while(move |(key, register)| Some((key.strip_prefix(prefix)?, register)))
    }

    /// All keys, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Register)> {
        self.map.iter().map(|(key, register)| (key.as_str(), register))
    }

    /// Where a person has to choose, in the order of the keys.
    pub fn differences(&self) -> Vec<Difference> {
        let mut out = Vec::new();
        for (key, register) in &self.map {
            let Some(field) = schema::field(self.kind, key) else { continue };
            if register.differs() && !matches!(field.rule, Rule::AppendOnly | Rule::Counter) {
                out.push(difference(key, field, register.values.clone(), false));
            }
            if !register.proposals.is_empty() {
                let values = register.values.iter().take(1).chain(&register.proposals).cloned().collect();
                out.push(difference(key, field, values, true));
            }
        }
        out
    }
}

fn difference(key: &str, field: &Field, values: Vec<Written>, is_proposal: bool) -> Difference {
    Difference { key: key.to_owned(), uk: field.uk, en: field.en, values, is_proposal }
}
