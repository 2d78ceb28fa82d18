//! A correction as a page sends it: which inputs the page had, and what stood in them when it was opened. What the page
//! did not show stays as it is, and what somebody else changed meanwhile is not taken back in silence.

use super::categories::codes;
use super::form::Form;
use super::{Agent, AppError, Changed, Finding, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// What a page of a correction sends.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// What stands in its inputs.
    pub form: Form,
    /// The keys that have an input: `a.last`, `f.area`, `d.application`.
    pub shown: BTreeSet<String>,
    /// The keys that have an input for a reason.
    pub reasons: BTreeSet<String>,
    /// What stood there when the page was opened; `None` where it does not say.
    pub base: Option<Form>,
}

/// A correction laid over what stands now.
#[derive(Debug, Clone)]
pub struct Laid {
    /// The whole request as it would be.
    pub form: Form,
    /// What was changed on the page and elsewhere: nothing is saved before a person has looked.
    pub clashes: Vec<Finding>,
    /// What stands now, with the names of settlements: the base of the page that is shown next.
    pub base: Form,
}

impl Form {
    /// The whole form in one line, for a page to carry as the base of a correction.
    pub fn as_base(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What [`Form::as_base`] wrote; `None` for anything else.
    pub fn from_base(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl Agent {
    /// The form of a request as the page of its correction shows it: settlements by their names.
    pub fn form_to_correct(&self, number: &str) -> Result<Form, AppError> {
        let mut form = self.form_of_request(number)?;
        self.name_places(&mut form);
        Ok(form)
    }

    /// What a form says about a saved request, by the catalogue it was taken under.
    pub fn check_correction(&self, number: &str, form: &Form) -> Result<Vec<Finding>, AppError> {
        Ok(self.check_kept(number, form)?.findings)
    }

    /// Lays what a page sent over what stands now.
    pub fn lay_correction(&self, number: &str, mut sent: Correction) -> Result<Laid, AppError> {
        let held = self.form_to_correct(number)?;
        // Service and consent stand as they were given.
        sent.form.service.clone_from(&held.service);
        Self::prune_by(self.catalogue_of_request(number)?, &mut sent.form);
        let base = sent.base.unwrap_or_else(|| held.clone());
        as_it_stood(&mut sent.form.fields, &base.fields);
        as_it_stood(&mut sent.form.answers, &base.answers);
        reasons_as_they_stood(&mut sent.form.accepted, &base.accepted);
        for prefix in ["pr", "pa"] {
            if sent.shown.contains(&format!("{prefix}.kat")) {
                sent.shown.insert(format!("{prefix}.place"));
            }
        }
        let mut clashes = BTreeMap::new();
        let mut form = held.clone();
        let shown =
            |prefix: &'static str| move |shown: &BTreeSet<String>, key: &str| shown.contains(&format!("{prefix}{key}"));
        let (of_field, of_answer, of_paper) = (shown(""), shown("f."), shown("d."));
        form.fields = laid(
            &sent.form.fields,
            &base.fields,
            &held.fields,
            |key| of_field(&sent.shown, key),
            |key, now| {
                clashes.insert(key.to_owned(), now.cloned().unwrap_or_default());
            },
        );
        form.answers = laid(
            &sent.form.answers,
            &base.answers,
            &held.answers,
            |key| of_answer(&sent.shown, key),
            |key, now| {
                clashes.insert(format!("f.{key}"), now.cloned().unwrap_or_default());
            },
        );
        form.papers = laid(
            &sent.form.papers,
            &base.papers,
            &held.papers,
            |key| of_paper(&sent.shown, key),
            |key, now| {
                clashes.insert(format!("d.{key}"), now.map(|paper| paper.details.clone()).unwrap_or_default());
            },
        );
        form.accepted = laid(
            &sent.form.accepted,
            &base.accepted,
            &held.accepted,
            |key| sent.reasons.contains(key),
            |key, now| {
                clashes.entry(key.to_owned()).or_insert_with(|| now.cloned().unwrap_or_default());
            },
        );
        let clashes = clashes.iter().map(|(key, now)| clash(key, now)).collect();
        Ok(Laid { form, clashes, base: held })
    }

    /// Saves a correction that was laid over what stands. Refused with what was changed meanwhile.
    pub fn correct_laid(&self, number: &str, laid: &Laid, reason: &str) -> Result<Changed, AppError> {
        if !laid.clashes.is_empty() {
            return Err(AppError::Findings(laid.clashes.clone()));
        }
        self.correct_by_form(number, &laid.form, reason)
    }
}

/// A browser sends other line ends, and odd spaces come back as plain ones: that is no correction.
fn as_it_stood(sent: &mut BTreeMap<String, String>, base: &BTreeMap<String, String>) {
    let plain = |text: &str| -> String {
        let unix = text.replace("\r\n", "\n").replace('\r', "\n");
        unix.trim().chars().map(|c| if c.is_whitespace() && c != '\n' { ' ' } else { c }).collect()
    };
    for (key, text) in &mut *sent {
        if let Some(before) = base.get(key).filter(|before| plain(before) == plain(text)) {
            text.clone_from(before);
        }
    }
    // The page lists categories in its own order, with a space after each comma.
    if let (Some(before), Some(text)) = (base.get("a.cat"), sent.get_mut("a.cat")) {
        let all = |text: &str| codes(text).map(str::to_owned).collect::<BTreeSet<_>>();
        if all(before) == all(text) {
            text.clone_from(before);
        }
    }
}

/// A reason is shown in one line: its line ends do not come back.
fn reasons_as_they_stood(sent: &mut BTreeMap<String, String>, base: &BTreeMap<String, String>) {
    let one_line = |text: &str| text.replace(['\r', '\n'], "");
    for (key, text) in sent {
        if let Some(before) = base.get(key).filter(|before| one_line(before).trim() == one_line(text).trim()) {
            text.clone_from(before);
        }
    }
}

/// One part of a form: what has no input stays, what was not touched here is as it is now, and what was changed both
/// here and elsewhere is told.
fn laid<T: Clone + PartialEq + Default>(
    sent: &BTreeMap<String, T>,
    base: &BTreeMap<String, T>,
    held: &BTreeMap<String, T>,
    is_shown: impl Fn(&str) -> bool,
    mut told: impl FnMut(&str, Option<&T>),
) -> BTreeMap<String, T> {
    let nothing = T::default();
    let mut whole = held.clone();
    let keys: BTreeSet<&String> = sent.keys().chain(base.keys()).chain(held.keys()).collect();
    for key in keys.into_iter().filter(|key| is_shown(key)) {
        let of = |map: &BTreeMap<String, T>| map.get(key).unwrap_or(&nothing).clone();
        let (typed, before, now) = (of(sent), of(base), of(held));
        if typed == before || typed == now {
            continue;
        }
        if before != now {
            told(key, held.get(key));
        }
        match sent.get(key) {
            Some(typed) => whole.insert(key.clone(), typed.clone()),
            None => whole.remove(key),
        };
    }
    whole
}

fn clash(key: &str, now: &str) -> Finding {
    let (uk, en) = match now {
        "" => ("тепер тут порожньо".to_owned(), "it is empty now".to_owned()),
        text => (format!("тепер тут «{text}»"), format!("it is “{text}” now")),
    };
    Finding::new(
        Severity::Error,
        key,
        format!("це поле змінили, відколи відкрито сторінку: {uk}; звірте, виправте за потреби і збережіть ще раз"),
        format!("this field was changed since the page was opened: {en}; compare, mend if needed and save once more"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};

    fn untouched(form: &Form) -> Correction {
        let shown = ["a.last", "a.first", "phone", "pr.kat", "pr.house", "f.area", "d.application"];
        Correction {
            form: form.clone(),
            shown: shown.map(str::to_owned).into(),
            base: Some(form.clone()),
            ..Correction::default()
        }
    }

    #[test]
    fn what_the_page_does_not_show_stays() {
        let (_bench, agent) = agent();
        let mut form = sample_form();
        form.fields.insert("contact_other".into(), "через доньку".into());
        let number = agent.save(&form, None).unwrap().number;
        let mut sent = untouched(&agent.form_to_correct(&number).unwrap());
        sent.form.fields.retain(|key, _| ["phone", "a.last", "pr.kat", "pr.place"].contains(&key.as_str()));
        sent.shown.remove("a.first");
        sent.shown.remove("pr.house");
        sent.form.fields.insert("phone".into(), "+380501112233".into());
        let laid = agent.lay_correction(&number, sent).unwrap();
        assert!(agent.correct_laid(&number, &laid, "новий номер").unwrap().changed);
        let now = agent.form_of_request(&number).unwrap();
        form.fields.insert("phone".into(), "+380501112233".into());
        assert_eq!((now.fields, now.answers, now.papers), (form.fields, form.answers, form.papers));
    }

    #[test]
    fn newer_work_is_never_taken_back_in_silence() {
        let (_bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let opened = untouched(&agent.form_to_correct(&number).unwrap());
        let set = |key: &str, text: &str| agent.correct(&number, &[(key.into(), text.into())], "інший").unwrap();
        set("phone", "+380501112233");
        // The page changes something else: the newer number stays.
        let mut sent = opened.clone();
        sent.form.answers.insert("area".into(), "60".into());
        let laid = agent.lay_correction(&number, sent).unwrap();
        assert!(agent.correct_laid(&number, &laid, "переміряли").unwrap().changed);
        let now = agent.form_of_request(&number).unwrap();
        assert_eq!((now.field("phone"), now.answers["area"].as_str()), ("+380501112233", "60"));
        // The page changes the same: a person looks first, and may insist.
        let mut sent = opened;
        sent.form.fields.insert("phone".into(), "+380509998877".into());
        let laid = agent.lay_correction(&number, sent.clone()).unwrap();
        let Err(AppError::Findings(found)) = agent.correct_laid(&number, &laid, "ще інший") else {
            panic!("a clash")
        };
        assert!(found.len() == 1 && found[0].key == "phone" && found[0].uk.contains("+380501112233"), "{found:?}");
        sent.base = Some(laid.base);
        sent.form = laid.form;
        let laid = agent.lay_correction(&number, sent).unwrap();
        agent.correct_laid(&number, &laid, "ще інший").unwrap();
        let now = agent.form_of_request(&number).unwrap();
        assert_eq!((now.field("phone"), now.answers["area"].as_str()), ("+380509998877", "60"));
    }
}
