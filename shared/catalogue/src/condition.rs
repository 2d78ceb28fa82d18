//! Conditions that the program can judge by itself: over answers, the applicant and the fee.

use std::collections::BTreeMap;

/// Answers of a form: key of the input → value as text.
///
/// Keys are the input names that [`crate::Service::inputs`] gives: `birth_date`, a part of a person or address
/// `mother.surname`, a row of a list `household.1.surname` (rows count from 1), a choice of several
/// `needs.housing`. Values: dates as `2026-11-21`, numbers with a point or comma, yes-or-no as `yes` / `no`, a
/// ticked choice of several as `yes`, a choice as its value. An empty or blank value is no answer.
pub type Answers = BTreeMap<String, String>;

/// A condition on a field, a paper, a fee or a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The answer to a choice or yes-or-no field is one of the values; of a choice of several, any is ticked.
    Answer {
        /// Id of the field.
        field: String,
        /// Values of which one is enough.
        values: Vec<String>,
    },
    /// The application is handed in by a representative.
    Representative,
    /// The person has reached this age, in full years.
    AgeFrom(u16),
    /// The person is younger than this, in full years.
    AgeBelow(u16),
    /// A fee is to be paid.
    FeeDue,
    /// All of these hold.
    All(Vec<Condition>),
}

/// What conditions are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The answers so far.
    pub answers: &'a Answers,
    /// Whether a representative hands the application in; `None` where it is not said yet.
    pub representative: Option<bool>,
    /// Age of the person whose matter it is, in full years.
    pub age: Option<u16>,
    /// Whether a fee is to be paid; `None` while that is unknown.
    pub fee_due: Option<bool>,
}

impl<'a> Circumstances<'a> {
    /// Nothing known but the answers.
    pub fn of_answers(answers: &'a Answers) -> Self {
        Self { answers, representative: None, age: None, fee_due: None }
    }
}

impl Condition {
    /// Whether the condition holds; `None` while what it asks about is unknown.
    pub fn holds(&self, given: &Circumstances<'_>) -> Option<bool> {
        match self {
            Condition::Answer { field, values } => answered(field, values, given.answers),
            Condition::Representative => given.representative,
            Condition::AgeFrom(years) => given.age.map(|age| age >= *years),
            Condition::AgeBelow(years) => given.age.map(|age| age < *years),
            Condition::FeeDue => given.fee_due,
            Condition::All(all) => {
                let parts: Vec<_> = all.iter().map(|one| one.holds(given)).collect();
                if parts.contains(&Some(false)) {
                    Some(false)
                } else if parts.contains(&None) {
                    None
                } else {
                    Some(true)
                }
            }
        }
    }

    /// Every (field, value) the condition names.
    pub fn answers_named(&self) -> Vec<(&str, &str)> {
        match self {
            Condition::Answer { field, values } => values.iter().map(|v| (field.as_str(), v.as_str())).collect(),
            Condition::All(all) => all.iter().flat_map(Condition::answers_named).collect(),
            _ => Vec::new(),
        }
    }
}

fn answered(field: &str, values: &[String], answers: &Answers) -> Option<bool> {
    if let Some(value) = answer(answers, field) {
        return Some(values.iter().any(|v| v == value));
    }
    let prefix = format!("{field}.");
    let mut seen = None;
    for (key, value) in answers.range(prefix.clone()..) {
        let Some(option) = key.strip_prefix(&prefix) else { break };
        if value.trim() == "yes" {
            seen = Some(seen == Some(true) || values.iter().any(|v| v == option));
        }
    }
    seen
}

/// The answer under a key, trimmed; blank is none.
pub(crate) fn answer<'a>(answers: &'a Answers, key: &str) -> Option<&'a str> {
    answers.get(key).map(|value| value.trim()).filter(|value| !value.is_empty())
}
