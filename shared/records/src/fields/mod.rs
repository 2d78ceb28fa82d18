//! Formats and check digits of what is written into records: warning or error, in words, with a fix where one is plain.
//!
//! An *error* is a structure no such value can have; a *warning* may be kept with a reason, because papers of old people
//! have old samples, faded digits and old mistakes. Nothing is ever changed in silence: a fix is offered.

mod address;
mod check;
mod codes;
mod contacts;
mod dates;
mod documents;
mod look_alikes;
mod names;
mod rnokpp;
mod unzr;

use crate::Sentence;

pub use address::{KatottgLevel, house, index, katottg, katottg_level, katottg_parent};
pub use check::{FieldFinding, check};
pub use codes::{cadastral, edrpou, iban};
pub use contacts::{MOBILE_CODES, email, phone};
pub use dates::{birth_date, date, is_date};
pub use documents::{DocumentKind, document};
pub use look_alikes::{all_to_cyrillic, in_latin_layout, in_ukrainian_layout, mend_mixed, to_cyrillic, to_latin};
pub use names::{capitalised, name};
pub use rnokpp::{Rnokpp, rnokpp, rnokpp_against, rnokpp_check_digit};
pub use unzr::{unzr, unzr_against, unzr_check_digit};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// May be kept with a reason.
    Warning,
    /// Cannot be saved.
    Error,
}

/// What is odd about a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Error or warning.
    pub severity: Severity,
    /// A stable name for programs.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub sentence: Sentence,
    /// The value that was probably meant, to be offered.
    pub suggestion: Option<String>,
}

impl Finding {
    fn error(code: &'static str, uk: &'static str, en: &'static str) -> Self {
        Self { severity: Severity::Error, code, sentence: Sentence::new(uk, en), suggestion: None }
    }

    fn warning(code: &'static str, uk: &'static str, en: &'static str) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, uk, en) }
    }

    fn suggest(self, suggestion: impl Into<String>) -> Self {
        Self { suggestion: Some(suggestion.into()), ..self }
    }

    fn suggest_if(self, suggestion: Option<String>) -> Self {
        Self { suggestion, ..self }
    }
}

/// The decimal digits of a text that is nothing but ASCII digits.
fn digits(text: &str) -> Option<Vec<u8>> {
    text.bytes().map(|byte| byte.is_ascii_digit().then(|| byte - b'0')).collect()
}

/// A text without the spaces, dashes and dots people put between digits; `None` if that changes nothing.
fn without_separators(text: &str) -> Option<String> {
    let bare: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '.' | '№')).collect();
    (bare != text).then_some(bare)
}
