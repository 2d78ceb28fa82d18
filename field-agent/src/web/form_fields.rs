//! One input of the form with what was typed, what is wrong with it, and what looks odd.

use super::readable::{said, value as readable_value};
use crate::app::{Asked, Choice, Control, DraftBody, Finding, Form, Severity};
use pages::{ErrorSummary, Field, Lang, Options, Texts};
use std::collections::BTreeSet;

/// Usual grounds to act for somebody; each has the phrase `power-<code>`.
const POWERS: [&str; 7] = ["attorney", "parent", "adopter", "guardian", "trustee", "court", "head"];

/// Which findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Those about what is already typed: the rest of the form is still to come.
    Typed,
    /// All: the person said that the form is complete.
    All,
}

/// Makes fields, and remembers which findings have found their place.
pub struct Fields<'a> {
    pub t: Texts,
    pub form: &'a Form,
    findings: &'a [Finding],
    show: Show,
    placed: BTreeSet<String>,
    wrong: Vec<(String, String)>,
    beside: Option<&'a DraftBody>,
}

impl<'a> Fields<'a> {
    pub fn new(t: Texts, form: &'a Form, findings: &'a [Finding], show: Show) -> Self {
        Self { t, form, findings, show, placed: BTreeSet::new(), wrong: Vec::new(), beside: None }
    }

    /// The keys that have an input on the page so far.
    pub fn placed(&self) -> impl Iterator<Item = &str> {
        self.placed.iter().map(String::as_str)
    }

    /// Whether known residents are suggested while the surname is typed.
    pub fn suggests_known(&self) -> bool {
        self.beside.is_some() && self.form.resident.is_empty()
    }

    /// With what the draft knows of how its texts came about.
    pub fn of_draft(mut self, draft: &'a DraftBody) -> Self {
        self.beside = Some(draft);
        self
    }

    /// The findings that stop the form, at the keys that belong to a section.
    pub fn stops(&self, belongs: impl Fn(&str) -> bool) -> bool {
        self.findings.iter().any(|one| one.severity != Severity::Notice && belongs(&one.key))
    }

    /// Whether all findings are shown.
    pub fn shows_all(&self) -> bool {
        self.show == Show::All
    }

    /// A field of the record: its label is the phrase `field-<part>`.
    pub fn record(&mut self, key: &str) -> Field {
        let part = key.rsplit('.').next().unwrap_or(key);
        let label = self.t.text(&format!("field-{part}"));
        let typed = self.form.field(key).to_owned();
        let t = self.t;
        let field = match part {
            "dob" | "issued" | "until" | "power_date" | "fee_date" => {
                Field::date(t, format!("{key}~date"), label).value(readable_value(t, key, &typed))
            }
            "rnokpp" | "edrpou" | "index" => Field::digits(t, format!("{key}~digits"), label).value(typed.as_str()),
            "unzr" => Field::text(t, key, label).wide(16).value(typed.as_str()),
            "phone" | "phone2" => {
                let shown = if typed.is_empty() { String::new() } else { readable_value(t, "phone", &typed) };
                Field::phone(t, format!("{key}~phone"), label).value(shown)
            }
            "ser" | "house" | "part" | "flat" => Field::text(t, key, label).wide(6).value(typed.as_str()),
            "num" | "stype" => Field::text(t, key, label).wide(12).value(typed.as_str()),
            "norn" => Field::check(t, key, label, typed == "yes"),
            "kat" => return self.settlement(key, label),
            // Known people are suggested while the surname of a new request's applicant is typed.
            "last" if key == "a.last" && self.suggests_known() => {
                Field::suggest(t, key, label, "/suggest/residents").value(typed.as_str()).hint(t.text("hint-known"))
            }
            "power" => return self.power(key, label),
            "summary" => Field::lines(t, key, label).value(typed.as_str()),
            _ => Field::text(t, key, label).value(typed.as_str()),
        };
        self.dressed(key, field, !typed.is_empty())
    }

    /// One of a few, whose words are the phrases `<family>-<code>`.
    pub fn choice(&mut self, key: &str, family: &str, codes: &[&str]) -> Field {
        let typed = self.form.field(key);
        let words = codes.iter().map(|code| ((*code).to_owned(), self.t.text(&format!("{family}-{code}"))));
        let label = self.t.text(&format!("field-{family}"));
        let field = Field::choice(self.t, key, label, Options::new(with_own(words, typed), &[typed]));
        self.dressed(key, field, !typed.is_empty())
    }

    /// One of many.
    pub fn select(&mut self, key: &str, choices: &[Choice]) -> Field {
        let typed = self.form.field(key);
        let words = choices.iter().map(|choice| (choice.value.clone(), said(self.t.lang, &choice.label).to_owned()));
        let part = key.rsplit('.').next().unwrap_or(key);
        let options = Options::new(with_own(words, typed), &[typed]);
        let field = Field::select(self.t, key, self.t.text(&format!("field-{part}")), options);
        self.dressed(key, field, !typed.is_empty())
    }

    /// By what right somebody acts for the applicant: one of the usual grounds, or what was written before.
    fn power(&mut self, key: &str, label: String) -> Field {
        let typed = self.form.field(key).to_owned();
        // The record keeps the Ukrainian words, whatever language the page is in.
        let kept = Texts::with_own(Lang::Uk, &super::PHRASES);
        let words =
            POWERS.iter().map(|code| format!("power-{code}")).map(|phrase| (kept.text(&phrase), self.t.text(&phrase)));
        let field = Field::select(self.t, key, label, Options::new(with_own(words, &typed), &[typed.as_str()]));
        self.dressed(key, field, !typed.is_empty())
    }

    /// A field about the visit: its label is the phrase `field-<part>`.
    pub fn of_visit(&mut self, part: &str) -> Field {
        let (t, key) = (self.t, format!("visit.{part}"));
        let typed = self.form.of_visit(part).to_owned();
        let label = t.text(&format!("field-{part}"));
        let field = match part {
            "proof_date" | "proof_until" => {
                Field::date(t, format!("{key}~date"), label).value(super::readable::day(&typed))
            }
            _ => Field::text(t, key.as_str(), label).wide(16).value(typed.as_str()),
        };
        self.dressed(&key, field.optional(), !typed.is_empty())
    }

    /// What proves a category.
    pub fn proof(&mut self, choices: &[Choice]) -> Field {
        let typed = self.form.of_visit("proof").to_owned();
        let words = choices.iter().map(|one| (one.value.clone(), said(self.t.lang, &one.label).to_owned()));
        let options = Options::new(with_own(words, &typed), &[typed.as_str()]);
        let field = Field::select(self.t, "visit.proof", self.t.text("field-proof"), options).optional();
        self.dressed("visit.proof", field, !typed.is_empty())
    }

    /// A settlement of an address, typed or chosen.
    fn settlement(&mut self, key: &str, label: String) -> Field {
        let prefix = key.strip_suffix(".kat").unwrap_or(key);
        let (typed, code) = (self.form.field(&format!("{prefix}.place")), self.form.field(key));
        let field = Field::suggest(self.t, format!("{key}~place"), label, "/suggest/places")
            .value(typed)
            .code(code)
            .hint(self.t.text("hint-settlement"));
        let filled = !typed.is_empty() || !code.is_empty();
        self.dressed(key, field, filled)
    }

    /// An input of the service's form. `place` is the name of a settlement whose code is the answer.
    pub fn asked(&mut self, asked: &Asked, place: Option<String>) -> Field {
        let t = self.t;
        let key = format!("f.{}", asked.key);
        let label = said(t.lang, &asked.label).to_owned();
        let typed = asked.value.as_str();
        let mut field = match &asked.control {
            Control::Line => Field::text(t, key.as_str(), label).value(typed),
            Control::Lines => Field::lines(t, key.as_str(), label).value(typed),
            Control::Date => Field::date(t, format!("{key}~date"), label).value(super::readable::day(typed)),
            Control::Figures => Field::digits(t, format!("{key}~figures"), label).value(typed),
            Control::Digits => Field::digits(t, format!("{key}~digits"), label).value(typed),
            Control::Account => {
                Field::text(t, format!("{key}~account"), label).wide(36).value(typed).hint(t.text("hint-account"))
            }
            Control::Parcel => {
                Field::text(t, format!("{key}~parcel"), label).wide(26).value(typed).hint(t.text("hint-parcel"))
            }
            Control::Attachment => Field::text(t, key.as_str(), label).value(typed).hint(t.text("hint-attachment")),
            Control::Phone => Field::phone(t, format!("{key}~phone"), label).value(typed),
            Control::YesNo => {
                let words = ["yes", "no"].map(|code| (code, t.text(code)));
                Field::choice(t, key.as_str(), label, Options::new(words, &[typed]))
            }
            Control::Tick => Field::check(t, key.as_str(), label, typed == "yes"),
            Control::OneOf(choices) => {
                let words = choices.iter().map(|one| (one.value.clone(), said(t.lang, &one.label).to_owned()));
                let options = Options::new(with_own(words, typed), &[typed]);
                if choices.len() > 6 {
                    Field::select(t, key.as_str(), label, options)
                } else {
                    Field::choice(t, key.as_str(), label, options)
                }
            }
            Control::Settlement => {
                let code = if place.is_some() { typed } else { "" };
                Field::suggest(t, format!("{key}~place"), label, "/suggest/places")
                    .value(place.clone().unwrap_or_else(|| typed.to_owned()))
                    .code(code)
                    .hint(t.text("hint-settlement"))
            }
        };
        field.optional = !asked.required && asked.control != Control::Tick;
        self.dressed(&key, field, !typed.trim().is_empty())
    }

    /// Why a chosen resident's record is right though the form says otherwise who this is; `None` where it does not.
    pub fn chosen(&mut self) -> Option<Field> {
        let key = "resident";
        let reason = self.form.accepted.get(key).cloned().unwrap_or_default();
        let odd = self.findings.iter().find(|one| one.key == key).map(|one| capital_words(self.t, one));
        if self.form.resident.is_empty() || (odd.is_none() && reason.is_empty()) {
            return None;
        }
        self.placed.insert(key.to_owned());
        let field = Field::text(self.t, "resident~reason", self.t.text("why-same-record")).value(reason);
        let field = field.error(odd.unwrap_or_default());
        if !field.error.is_empty() {
            self.wrong.push((field.target(), field.error.clone()));
        }
        Some(field)
    }

    /// With what is wrong and what looks odd about this key. A finding is shown where something was typed, or where
    /// everything is shown.
    pub fn dressed(&mut self, key: &str, mut field: Field, filled: bool) -> Field {
        self.placed.insert(key.to_owned());
        if let Some(draft) = self.beside {
            if let Some(typed) = draft.mended.get(key) {
                field = field.checked(self.t.with("written-without", "typed", typed.as_str()));
            } else if draft.filled.iter().any(|filled| filled == key) {
                field = field.checked(self.t.text("from-before"));
            }
        }
        let reason = self.form.accepted.get(key).cloned().unwrap_or_default();
        if !reason.is_empty() {
            field = field.warning(self.t.text("kept-with-reason"), None, reason.clone());
        }
        if !filled && self.show == Show::Typed {
            return field;
        }
        let mut errors: Vec<String> = Vec::new();
        for one in self.findings.iter().filter(|one| one.key == key) {
            let words = capital_words(self.t, one);
            match one.severity {
                Severity::Error => {
                    errors.push(match &one.suggestion {
                        Some(meant) => {
                            self.t.say("error-perhaps", &[("words", words.into()), ("meant", meant.as_str().into())])
                        }
                        None => words,
                    });
                    field = field.fix(one.suggestion.clone());
                }
                Severity::Warning => {
                    field = field.warning(words.clone(), one.suggestion.clone(), reason.clone());
                    self.wrong.push((format!("{}~reason", field.name), words));
                }
                Severity::Notice => {}
            }
        }
        if !errors.is_empty() {
            field = field.error(errors.join(" "));
            self.wrong.push((field.target(), field.error.clone()));
        }
        field
    }

    /// What must be mended, in the order of the form; findings without an input of their own come last. `None` while
    /// not everything is shown.
    pub fn summary(&self) -> Option<ErrorSummary> {
        if self.show != Show::All {
            return None;
        }
        let mut items = self.wrong.clone();
        let stray = self.findings.iter().filter(|one| one.severity != Severity::Notice);
        let stray = stray.filter(|one| !self.placed.contains(&one.key));
        items.extend(stray.map(|one| (String::new(), capital_words(self.t, one))));
        let title = self.t.count("errors-title", items.len());
        (!items.is_empty()).then_some(ErrorSummary { t: self.t, title, items })
    }
}

/// The words to choose from; what was written by other means and is none of them can be seen and kept, too.
fn with_own(words: impl Iterator<Item = (String, String)>, typed: &str) -> Vec<(String, String)> {
    let mut words: Vec<_> = words.collect();
    if !typed.is_empty() && words.iter().all(|(value, _)| value != typed) {
        words.push((typed.to_owned(), typed.to_owned()));
    }
    words
}

fn capital_words(t: Texts, finding: &Finding) -> String {
    let words = super::readable::capital(super::readable::either(t.lang, &finding.uk, &finding.en));
    if words.ends_with(['.', '!', '?']) { words } else { format!("{words}.") }
}
