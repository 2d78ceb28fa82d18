//! The answer to a line with suggestions.

use askama::Template;
use askama::filters::HtmlSafe;

/// What a route behind [`crate::Field::suggest`] answers, best first. Ten are enough to choose from.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "pages/suggestions.html")]
pub struct Suggestions {
    /// The suggestions in the order in which they are shown.
    pub items: Vec<Suggestion>,
}

/// One suggestion.
#[derive(Debug, Clone, Default)]
pub struct Suggestion {
    /// What goes into the line when it is taken.
    pub value: String,
    /// What is posted as `<name>~code` then: the settlement's code in the codifier.
    pub code: String,
    /// What is shown: the name with what tells it from its namesakes.
    pub words: String,
    /// The form's button that taking it presses, as the value of `do`; empty for none. Then the page comes back filled.
    pub press: String,
}

impl HtmlSafe for Suggestions {}
