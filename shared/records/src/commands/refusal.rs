//! Why a command is not carried out.

use std::fmt;

use crate::Sentence;
use crate::document::DocumentError;
use crate::fields::FieldFinding;

/// A command that was not carried out; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandError {
    /// Fields with errors; never empty.
    Fields(Vec<FieldFinding>),
    /// It does not fit what the record says now.
    NotNow(Sentence),
    /// The record cannot take it.
    Document(DocumentError),
}

impl CommandError {
    pub(super) fn not_now(
        uk: impl Into<std::borrow::Cow<'static, str>>,
        en: impl Into<std::borrow::Cow<'static, str>>,
    ) -> Self {
        Self::NotNow(Sentence::new(uk, en))
    }

    /// The sentence for a person; of several fields the first's.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Fields(findings) => match findings.first() {
                Some(FieldFinding { label: (uk, en), finding, .. }) => {
                    Sentence::new(format!("{uk}: {}", finding.sentence.uk), format!("{en}: {}", finding.sentence.en))
                }
                None => Sentence::new("перевірте поля", "check the fields"),
            },
            Self::NotNow(sentence) => sentence.clone(),
            Self::Document(error) => error.sentence(),
        }
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(f)
    }
}

impl std::error::Error for CommandError {}

impl From<DocumentError> for CommandError {
    fn from(error: DocumentError) -> Self {
        Self::Document(error)
    }
}
