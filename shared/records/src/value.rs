//! The scalars a record is made of.

use signing::{Hash, Label};
use std::fmt;

use automerge::ScalarValue;

/// One value under one key. Dates are texts `YYYY-MM-DD`, moments are milliseconds since 1970 as integers, money is
/// kopiykas as an integer; a text field is emptied by writing `""`, never by deleting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// UTF-8 text, at most as long as the schema says (never above 16 KiB).
    Text(String),
    /// A signed integer.
    Int(i64),
    /// Yes or no.
    Bool(bool),
}

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// A short name of the value in forms, not kept anywhere: the hash of its kind and text, the first 8 bytes in hexadecimal. A list may
    /// change between the look and the choice; the value so named does not.
    #[must_use]
    pub fn mark(&self) -> String {
        let text = match self {
            Self::Text(text) => format!("t{text}"),
            Self::Int(number) => format!("i{number}"),
            Self::Bool(yes) => format!("b{yes}"),
        };
        let digest = Hash::of(Label::Text, text.as_bytes());
        digest.0.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// An emptied field.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }

    pub(crate) fn to_scalar(&self) -> ScalarValue {
        match self {
            Self::Text(text) => ScalarValue::Str(text.as_str().into()),
            Self::Int(n) => ScalarValue::Int(*n),
            Self::Bool(b) => ScalarValue::Boolean(*b),
        }
    }

    pub(crate) fn from_scalar(scalar: &ScalarValue) -> Option<Self> {
        match scalar {
            ScalarValue::Str(text) => Some(Self::Text(text.to_string())),
            ScalarValue::Int(n) => Some(Self::Int(*n)),
            ScalarValue::Boolean(b) => Some(Self::Bool(*b)),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Int(n) => write!(f, "{n}"),
            Self::Bool(true) => f.write_str("так"),
            Self::Bool(false) => f.write_str("ні"),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}
