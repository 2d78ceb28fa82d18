//! What is wrong with the files of a release: many problems in one go, each with its place and what to do.

use std::fmt;

use crate::text::Text;

/// Problems that one check tells at most; the rest follow when these are mended.
const TOLD: usize = 300;

/// A data file cannot be used: where, what is wrong, what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoadError {
    /// The file's name.
    pub file: String,
    /// Line and column, from 1, where the file's text itself is broken.
    pub line: Option<(usize, usize)>,
    /// Slug of the service, if it is about one.
    pub service: Option<String>,
    /// The field, paper or other entry it is about.
    pub field: Option<String>,
    /// What is wrong.
    pub problem: Text,
    /// What to do.
    pub advice: Text,
}

impl LoadError {
    /// Where it is: `services/idp.json:12:5 · idp-certificate · phone`.
    pub fn place(&self) -> String {
        let line = self.line.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default();
        let inner = self.service.iter().chain(&self.field).map(|part| format!(" · {part}")).collect::<String>();
        format!("{}{line}{inner}", self.file)
    }

    /// What is wrong and what to do.
    pub fn sentence(&self) -> Text {
        let (problem, advice) = (&self.problem, &self.advice);
        Text::new(format!("{}. {}", problem.uk, advice.uk), format!("{}. {}", problem.en, advice.en))
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Text { uk, en } = self.sentence();
        write!(f, "{}: {uk} / {en}", self.place())
    }
}

impl std::error::Error for LoadError {}

/// Everything that was found wrong, by place; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadErrors(Vec<LoadError>);

impl LoadErrors {
    /// The first problems of a list, in order, each once; `None` if there is none.
    pub(crate) fn of(mut all: Vec<LoadError>) -> Option<Self> {
        all.sort();
        all.dedup();
        all.truncate(TOLD);
        (!all.is_empty()).then_some(Self(all))
    }

    /// One problem alone.
    pub(crate) fn one(file: &str, problem: Text, advice: Text) -> Self {
        let (line, service, field) = (None, None, None);
        Self(vec![LoadError { file: file.to_owned(), line, service, field, problem, advice }])
    }

    /// The problems, by file and place.
    pub fn all(&self) -> &[LoadError] {
        &self.0
    }

    /// The first one, which stands for all where there is room for one.
    pub fn first(&self) -> &LoadError {
        &self.0[0]
    }
}

impl fmt::Display for LoadErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, error) in self.0.iter().enumerate() {
            let end = if place + 1 < self.0.len() { "\n" } else { "" };
            write!(f, "{error}{end}")?;
        }
        Ok(())
    }
}

impl std::error::Error for LoadErrors {}
