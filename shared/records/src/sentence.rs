//! A sentence for a person, in both languages.

use std::borrow::Cow;
use std::fmt;

/// What a person reads when something is wrong: what it is and what to do. Ukrainian first, English second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Ukrainian.
    pub uk: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

impl Sentence {
    /// Both languages at once.
    pub fn new(uk: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { uk: uk.into(), en: en.into() }
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.uk, self.en)
    }
}
