//! «Перевірка»: everything that was answered, to be read aloud.

use crate::Texts;
use askama::Template;
use askama::filters::HtmlSafe;

/// All answers in groups.
#[derive(Clone, Template)]
#[template(path = "pages/summary.html")]
pub struct SummaryList {
    /// Words.
    pub t: Texts,
    /// The groups in their order.
    pub groups: Vec<SummaryGroup>,
}

/// One group with its own «Змінити».
#[derive(Debug, Clone)]
pub struct SummaryGroup {
    /// Its name: «Заявник».
    pub title: String,
    /// Where it is changed; the page there comes back here. Empty where nothing may change.
    pub change: String,
    /// The answers.
    pub rows: Vec<SummaryRow>,
}

/// One answer.
#[derive(Debug, Clone)]
pub struct SummaryRow {
    /// The question in short.
    pub label: String,
    /// The answer, one line each; none is shown as «—».
    pub value: Vec<String>,
    /// A quiet remark: «прийнято з поясненням: …»; empty for none.
    pub remark: String,
    /// Where this one answer is changed; empty for none.
    pub change: String,
}

impl SummaryGroup {
    /// A group without answers yet.
    pub fn new(title: impl Into<String>, change: impl Into<String>) -> Self {
        Self { title: title.into(), change: change.into(), rows: Vec::new() }
    }

    /// With one more answer of one line; an empty one is shown as «—».
    pub fn row(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.rows.push(SummaryRow::new(label, value));
        self
    }
}

impl SummaryRow {
    /// An answer of one line; an empty one is shown as «—».
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        let value = value.into();
        let value = if value.is_empty() { Vec::new() } else { vec![value] };
        Self { label: label.into(), value, remark: String::new(), change: String::new() }
    }
}

impl HtmlSafe for SummaryList {}
