//! One question of a form: label, hint, error, warning and the control.

use crate::Texts;
use askama::Template;
use askama::filters::HtmlSafe;

/// One question of a form. Made by [`Field::text`] and its neighbours, completed by the methods that follow them:
///
/// ```
/// # use pages::{Field, Lang, Texts};
/// # let t = Texts::new(Lang::Uk);
/// let field = Field::digits(t, "applicant.tax_number", "РНОКПП").value("1408212320").hint("10 цифр");
/// assert!(field.to_string().contains("inputmode=\"numeric\""));
/// ```
#[derive(Clone, Template)]
#[template(path = "pages/field.html")]
pub struct Field {
    /// Words.
    pub t: Texts,
    /// The control's `name` and `id`.
    pub name: String,
    /// The question.
    pub label: String,
    /// What helps to answer; empty for none.
    pub hint: String,
    /// What a record says, behind the label of a box: Ukrainian, whatever the page's language.
    pub own: String,
    /// What is wrong and what to do; empty for none.
    pub error: String,
    /// The value that was probably meant where something is wrong; offered, never put in by itself. Posted as
    /// `<name>~fix`.
    pub fix: Option<String>,
    /// What looks odd and may stay with a reason.
    pub warning: Option<Warning>,
    /// A quiet word that the value was checked: «перевірено; дата народження збігається»; empty for none.
    pub checked: String,
    /// May it stay empty? The label says so.
    pub optional: bool,
    /// The control and what is in it.
    pub input: Input,
}

/// The control of a field.
#[derive(Debug, Clone)]
pub enum Input {
    /// One line.
    Text {
        /// What was typed.
        value: String,
        /// `inputmode`: `text`, `numeric`, `tel`, `email`.
        mode: &'static str,
        /// `autocomplete`; `off` keeps one resident's data from being offered for the next.
        autocomplete: &'static str,
        /// How many characters wide; 0 for the whole column.
        width: u8,
    },
    /// A secret; what was typed never comes back.
    Secret {
        /// `current-password`, `new-password` or `off`.
        autocomplete: &'static str,
    },
    /// Several lines.
    Lines {
        /// What was typed.
        value: String,
        /// Lines shown.
        rows: u8,
    },
    /// One tolerant field for a date: 21.11.2026, 21/11/26, 21112026.
    Date {
        /// What was typed.
        value: String,
    },
    /// Yes when ticked. Posts `yes`.
    Check {
        /// Ticked?
        on: bool,
    },
    /// One of a few, all in sight.
    Choice(Options),
    /// Any of a few, all in sight.
    Several(Options),
    /// One of many.
    Select(Options),
    /// A line with suggestions fetched while typing. A route answers `GET url?q=…` with
    /// [`crate::Suggestions`].
    Suggest {
        /// What was typed or chosen.
        value: String,
        /// The code of the chosen suggestion, posted as `<name>~code`; empty if the text was only typed.
        code: String,
        /// Where suggestions come from.
        url: String,
    },
}

/// Possible answers and the chosen ones.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Value posted, words shown.
    pub all: Vec<(String, String)>,
    /// Values chosen.
    pub chosen: Vec<String>,
    /// What a list says while nothing is chosen: «усі»; empty for «— оберіть —».
    pub none: String,
}

impl Options {
    /// From pairs of value and words; `chosen` holds the values that are chosen now.
    pub fn new<V: Into<String>, W: Into<String>>(all: impl IntoIterator<Item = (V, W)>, chosen: &[&str]) -> Self {
        Self {
            all: all.into_iter().map(|(value, words)| (value.into(), words.into())).collect(),
            chosen: chosen.iter().map(|&value| value.to_owned()).collect(),
            none: String::new(),
        }
    }

    /// With what a list says while nothing is chosen.
    pub fn none(mut self, words: impl Into<String>) -> Self {
        self.none = words.into();
        self
    }

    /// Is this value chosen?
    pub fn has(&self, value: &str) -> bool {
        self.chosen.iter().any(|chosen| chosen == value)
    }
}

/// Something odd that a person may keep with a reason.
#[derive(Debug, Clone)]
pub struct Warning {
    /// What looks odd: «серія не схожа на українську».
    pub words: String,
    /// The value that was probably meant; offered, never put in by itself. Posted as `<name>~fix`.
    pub fix: Option<String>,
    /// The reason for keeping what was typed. Posted as `<name>~reason`.
    pub reason: String,
}

/// The name under which the offered correction of the field `name` is posted when it was ticked.
pub fn fix_name(name: &str) -> String {
    format!("{name}~fix")
}

/// The name under which the reason for keeping the odd value of the field `name` is posted.
pub fn reason_name(name: &str) -> String {
    format!("{name}~reason")
}

impl Field {
    /// A field with any control.
    pub fn new(t: Texts, name: impl Into<String>, label: impl Into<String>, input: Input) -> Self {
        Self {
            t,
            name: name.into(),
            label: label.into(),
            hint: String::new(),
            own: String::new(),
            error: String::new(),
            fix: None,
            warning: None,
            checked: String::new(),
            optional: false,
            input,
        }
    }

    /// One line of text.
    pub fn text(t: Texts, name: impl Into<String>, label: impl Into<String>) -> Self {
        let input = Input::Text { value: String::new(), mode: "text", autocomplete: "off", width: 0 };
        Self::new(t, name, label, input)
    }

    /// One line of digits (a number of a document, a code): 12 characters wide.
    pub fn digits(t: Texts, name: impl Into<String>, label: impl Into<String>) -> Self {
        let input = Input::Text { value: String::new(), mode: "numeric", autocomplete: "off", width: 12 };
        Self::new(t, name, label, input)
    }

    /// A telephone number.
    pub fn phone(t: Texts, name: impl Into<String>, label: impl Into<String>) -> Self {
        let input = Input::Text { value: String::new(), mode: "tel", autocomplete: "off", width: 18 };
        Self::new(t, name, label, input)
    }

    /// A date in one tolerant field.
    pub fn date(t: Texts, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(t, name, label, Input::Date { value: String::new() })
    }

    /// Several lines of text.
    pub fn lines(t: Texts, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(t, name, label, Input::Lines { value: String::new(), rows: 4 })
    }

    /// A box to tick.
    pub fn check(t: Texts, name: impl Into<String>, label: impl Into<String>, on: bool) -> Self {
        Self::new(t, name, label, Input::Check { on })
    }

    /// One of a few, all in sight.
    pub fn choice(t: Texts, name: impl Into<String>, label: impl Into<String>, options: Options) -> Self {
        Self::new(t, name, label, Input::Choice(options))
    }

    /// Any of a few, all in sight.
    pub fn several(t: Texts, name: impl Into<String>, label: impl Into<String>, options: Options) -> Self {
        Self::new(t, name, label, Input::Several(options))
    }

    /// One of many.
    pub fn select(t: Texts, name: impl Into<String>, label: impl Into<String>, options: Options) -> Self {
        Self::new(t, name, label, Input::Select(options))
    }

    /// A line with suggestions from `url`.
    pub fn suggest(t: Texts, name: impl Into<String>, label: impl Into<String>, url: impl Into<String>) -> Self {
        let input = Input::Suggest { value: String::new(), code: String::new(), url: url.into() };
        Self::new(t, name, label, input)
    }

    /// With what was typed; for ticked and chosen things see [`Options`]. A secret stays empty.
    pub fn value(mut self, typed: impl Into<String>) -> Self {
        match &mut self.input {
            Input::Text { value, .. } | Input::Lines { value, .. } => *value = typed.into(),
            Input::Date { value } | Input::Suggest { value, .. } => *value = typed.into(),
            Input::Choice(options) | Input::Select(options) => options.chosen = vec![typed.into()],
            Input::Several(options) => options.chosen.push(typed.into()),
            Input::Check { on } => *on = typed.into() == "yes",
            Input::Secret { .. } => {}
        }
        self
    }

    /// With the code of a chosen suggestion.
    pub fn code(mut self, chosen: impl Into<String>) -> Self {
        if let Input::Suggest { code, .. } = &mut self.input {
            *code = chosen.into();
        }
        self
    }

    /// As wide as so many characters.
    pub fn wide(mut self, characters: u8) -> Self {
        if let Input::Text { width, .. } = &mut self.input {
            *width = characters;
        }
        self
    }

    /// Behind the label of a box, what a record says.
    pub fn own(mut self, words: impl Into<String>) -> Self {
        self.own = words.into();
        self
    }

    /// With a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// With an error; an empty one is none.
    pub fn error(mut self, error: impl Into<String>) -> Self {
        self.error = error.into();
        self
    }

    /// With the value that was probably meant, beside an error.
    pub fn fix(mut self, meant: Option<String>) -> Self {
        self.fix = meant;
        self
    }

    /// With a warning that may be accepted.
    pub fn warning(mut self, words: impl Into<String>, fix: Option<String>, reason: impl Into<String>) -> Self {
        self.warning = Some(Warning { words: words.into(), fix, reason: reason.into() });
        self
    }

    /// With a quiet word that the value was checked.
    pub fn checked(mut self, words: impl Into<String>) -> Self {
        self.checked = words.into();
        self
    }

    /// May stay empty.
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The id that an error summary's link leads to: the control, or the first of several.
    pub fn target(&self) -> String {
        match &self.input {
            Input::Choice(_) | Input::Several(_) => format!("{}-1", self.name),
            _ => self.name.clone(),
        }
    }

    fn is_group(&self) -> bool {
        matches!(self.input, Input::Choice(_) | Input::Several(_))
    }

    fn is_check(&self) -> bool {
        matches!(self.input, Input::Check { .. })
    }

    fn is_invalid(&self) -> bool {
        !self.error.is_empty()
    }

    /// The ids that describe the control, for `aria-describedby`.
    fn described_by(&self) -> String {
        let parts = [
            (!self.hint.is_empty(), "hint"),
            (!self.error.is_empty(), "error"),
            (self.warning.is_some(), "warning"),
            (!self.checked.is_empty(), "checked"),
        ];
        let ids = parts.iter().filter(|(there, _)| *there).map(|(_, part)| format!("{}-{part}", self.name));
        ids.collect::<Vec<_>>().join(" ")
    }
}

impl HtmlSafe for Field {}
