//! A request as it is typed: all texts, as they stand in the inputs. Drafts keep it as JSON, the command line reads it.

use super::AppError;
use records::schema::{self, Kind, Shape};
use records::{Edit, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything typed so far. Keys of `fields` are those of a request record (`a.last`, `pr.street`, `phone`); of
/// `answers` those of the service's form; of `papers` the service's papers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Form {
    /// Slug of the service.
    pub service: String,
    /// Record of the applicant's resident, if one was chosen.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resident: String,
    /// Applicant, representative, addresses, contacts, summary.
    pub fields: BTreeMap<String, String>,
    /// Answers to the form's questions.
    pub answers: BTreeMap<String, String>,
    /// Papers that were shown or taken.
    pub papers: BTreeMap<String, PaperTaken>,
    /// Consent to the processing of personal data.
    pub consent: ConsentGiven,
    /// What is known of the visit rather than of the service: keys of a visit's record (`proof`, `proof_no`,
    /// `proof_date`, `proof_until`).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub visit: BTreeMap<String, String>,
    /// Why a warning is accepted, by the key it stands at.
    pub accepted: BTreeMap<String, String>,
}

/// What was done with one paper.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PaperTaken {
    /// The original was seen.
    pub seen: bool,
    /// What stays: `original`, `copy`, `scan` or nothing.
    pub form: String,
    /// Sheets that stay.
    pub sheets: u16,
    /// What was typed for the sheets and is no number; empty otherwise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sheets_typed: String,
    /// Given back at once.
    pub returned: bool,
    /// Series, number, date.
    pub details: String,
}

impl PaperTaken {
    /// Whether anything was done with it at all.
    pub fn is_taken(&self) -> bool {
        self.seen
            || !self.form.is_empty()
            || self.sheets > 0
            || !self.sheets_typed.is_empty()
            || !self.details.trim().is_empty()
    }
}

/// The consent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsentGiven {
    /// `applicant`, `representative` or `witnesses`.
    pub by: String,
    /// Ids of the parts consented to: `data` is required.
    pub parts: Vec<String>,
    /// The mark of the text that was on the page: see `Agent::consent_mark`; empty where nobody noted it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// Names that JSON input may give to groups of fields, and the prefix of their keys.
const GROUPS: [(&str, &str); 5] =
    [("applicant", "a."), ("representative", "r."), ("registered", "pr."), ("actual", "pa."), ("contact", "")];

impl Form {
    /// The text under a field's key, trimmed; empty if there is none.
    pub fn field(&self, key: &str) -> &str {
        self.fields.get(key).map_or("", |text| text.trim())
    }

    /// What is known of the visit under a key, trimmed; empty if nothing is.
    pub fn of_visit(&self, key: &str) -> &str {
        self.visit.get(key).map_or("", |text| text.trim())
    }

    /// The applicant's name as far as it is written, or the organisation's.
    pub fn applicant(&self) -> String {
        let name = ["a.last", "a.first", "a.patr"].map(|key| self.field(key)).join(" ");
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() { self.field("a.orgname").to_owned() } else { name }
    }

    /// The prefix of the address where the applicant lives: the actual one if it is written, else the registered one.
    pub fn home(&self) -> &'static str {
        let actual = self.fields.iter().any(|(key, text)| key.starts_with("pa.") && !text.trim().is_empty());
        if actual { "pa" } else { "pr" }
    }

    /// Whether somebody acts for the applicant.
    pub fn is_represented(&self) -> bool {
        self.fields.iter().any(|(key, text)| key.starts_with("r.") && !text.trim().is_empty())
    }

    /// One request or an array of them. Beside [`Form`]'s own names, `applicant`, `representative`, `registered`,
    /// `actual` and `contact` may hold fields without their prefix; numbers and truth values may stand for texts.
    pub fn many_from_json(text: &str) -> Result<Vec<Self>, AppError> {
        let not_json = |error: serde_json::Error| {
            AppError::input(
                format!("це не JSON: рядок {}, знак {}: {error}", error.line(), error.column()),
                "this is not JSON; see record --example",
            )
        };
        match serde_json::from_str(text).map_err(not_json)? {
            serde_json::Value::Array(all) => all.into_iter().map(Self::from_json).collect(),
            one => Ok(vec![Self::from_json(one)?]),
        }
    }

    fn from_json(value: serde_json::Value) -> Result<Self, AppError> {
        let serde_json::Value::Object(mut object) = value else {
            return Err(AppError::input("звернення в JSON — це об’єкт {…}", "a request in JSON is an object {…}"));
        };
        let mut grouped = serde_json::Map::new();
        for (name, prefix) in GROUPS {
            if let Some(serde_json::Value::Object(group)) = object.remove(name) {
                grouped.extend(group.into_iter().map(|(key, value)| (format!("{prefix}{key}"), value)));
            }
        }
        if let Some(summary) = object.remove("summary") {
            grouped.insert("summary".into(), summary);
        }
        if let serde_json::Value::Object(fields) =
            object.entry("fields").or_insert_with(|| serde_json::Value::Object(serde_json::Map::new()))
        {
            fields.extend(grouped);
        }
        for name in ["fields", "answers", "accepted"] {
            if let Some(serde_json::Value::Object(map)) = object.get_mut(name) {
                map.values_mut().for_each(as_text);
            }
        }
        serde_json::from_value(serde_json::Value::Object(object)).map_err(|error| {
            AppError::input(
                format!("звернення в JSON має іншу будову: {error}"),
                "the request's JSON has another shape: see record --example",
            )
        })
    }
}

fn as_text(value: &mut serde_json::Value) {
    let text = match value {
        serde_json::Value::Bool(true) => "yes".to_owned(),
        serde_json::Value::Bool(false) => "no".to_owned(),
        serde_json::Value::Number(number) => number.to_string(),
        serde_json::Value::Null => String::new(),
        _ => return,
    };
    *value = serde_json::Value::String(text);
}

/// A text as the value that a field of this kind of record holds. `None`: it has no such field, or another form.
pub(super) fn value_of(kind: Kind, key: &str, text: &str) -> Option<Value> {
    let field = schema::field(kind, key)?;
    let text = text.trim();
    let value = match field.shape {
        Shape::Text(_) | Shape::Answer => Value::from(text),
        Shape::Int if text.is_empty() => Value::from(text),
        Shape::Int => Value::from(text.parse::<i64>().ok()?),
        Shape::Bool => Value::from(match text.to_lowercase().as_str() {
            "yes" | "true" | "так" | "1" => true,
            "no" | "false" | "ні" | "0" | "" => false,
            _ => return None,
        }),
    };
    field.holds(&value).then_some(value)
}

/// An edit of a field, if the text fits it.
pub(super) fn edit_of(kind: Kind, key: &str, text: &str) -> Option<Edit> {
    Some(Edit::new(key, value_of(kind, key, text)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_plain_keys_mean_the_same() {
        let grouped = r#"{"service": "x", "applicant": {"last": "Коваль", "norn": true},
            "registered": {"house": 4}, "contact": {"phone": "+380671234567"}, "answers": {"area": 54.3}}"#;
        let plain = r#"[{"service": "x", "fields": {"a.last": "Коваль", "a.norn": "yes", "pr.house": "4",
            "phone": "+380671234567"}, "answers": {"area": "54.3"}}]"#;
        assert_eq!(Form::many_from_json(grouped).unwrap(), Form::many_from_json(plain).unwrap());
    }

    #[test]
    fn other_shapes_are_refused_in_words() {
        for text in ["", "{", "7", "[7]", r#"{"servise": "x"}"#, r#"{"papers": {"a": {"form": 7}}}"#, "[[]]"] {
            let refused = Form::many_from_json(text).unwrap_err().to_string();
            assert!(refused.contains(" / "), "{text}: {refused}");
        }
        assert_eq!(Form::many_from_json("[]").unwrap(), []);
    }

    #[test]
    fn texts_become_what_the_field_holds() {
        assert_eq!(value_of(Kind::Request, "a.norn", "так"), Some(Value::Bool(true)));
        assert_eq!(value_of(Kind::Request, "sheets", "3"), Some(Value::Int(3)));
        assert_eq!(value_of(Kind::Request, "sheets", "три"), None);
        assert_eq!(value_of(Kind::Request, "fee", " "), Some(Value::from("")));
        assert_eq!(value_of(Kind::Request, "a.last", " Коваль "), Some(Value::from("Коваль")));
        assert_eq!(value_of(Kind::Request, "nothing", "x"), None);
        assert_eq!(value_of(Kind::Request, "a.sex", "жін"), None, "too long");
    }
}
