//! The sign-in form of the desk and the unlock form of the suitcase.

use crate::Field;
use askama::Template;
use askama::filters::HtmlSafe;

/// A short form: name, secret, a button, and what to do when it does not work.
#[derive(Clone, Template)]
#[template(path = "pages/sign_in.html")]
pub struct SignIn {
    /// Where it posts to.
    pub to: String,
    /// The fields, the first one gets the focus.
    pub fields: Vec<Field>,
    /// What stands on the button: «Відімкнути», «Увійти».
    pub button: String,
    /// What to do when the secret is lost; empty for nothing.
    pub help: String,
}

impl HtmlSafe for SignIn {}
