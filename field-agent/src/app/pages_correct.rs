//! A saved request as a form again, and what a changed form means for it.

use super::form::{Form, PaperTaken};
use super::pages_choices::as_typed;
use super::pages_form::Words;
use super::{Agent, AppError, Changed};
use records::view::RequestView;
use records::{Paper, PaperForm};
use std::collections::BTreeMap;

impl Agent {
    /// The form that a request was made of, with everything that was corrected since.
    pub fn form_of_request(&self, number: &str) -> Result<Form, AppError> {
        let (_, _, view) = self.find_view(number)?;
        let mut form = Form { service: view.service.text().to_owned(), ..Form::default() };
        for (key, register) in view.registers.iter() {
            let Some(value) = register.value().filter(|value| !value.is_empty()) else { continue };
            let text = as_typed(value);
            if let Some(question) = key.strip_prefix("f.") {
                form.answers.insert(question.to_owned(), value.to_string());
            } else if let Some(about) = key.strip_prefix("w.") {
                form.accepted.insert(about.to_owned(), text);
            } else if is_typed(key) {
                form.fields.insert(key.to_owned(), text);
            }
        }
        form.papers = view.papers().map(|(id, paper)| (id.to_owned(), taken(&paper))).collect();
        form.consent.by = view.consent.by.text().to_owned();
        let parts = view.consent.text.text().rsplit(':').next().unwrap_or_default();
        form.consent.parts = parts.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Ok(form)
    }

    /// Corrects a request so that it says what the form says. Refused with all findings, if there are any.
    pub fn correct_by_form(&self, number: &str, form: &Form, reason: &str) -> Result<Changed, AppError> {
        let held = self.form_of_request(number)?;
        let catalogue = self.catalogue_of_request(number)?;
        // What stands beside the questions asked now is kept as it is, and judged by nothing.
        let mut asked = form.clone();
        Self::prune_by(catalogue, &mut asked);
        let checked = self.check_kept(number, &asked)?;
        if !checked.is_clear() {
            let stopping = |finding: &super::Finding| finding.severity != super::Severity::Notice;
            return Err(AppError::Findings(checked.findings.into_iter().filter(stopping).collect()));
        }
        let names: BTreeMap<&str, &str> = checked
            .service
            .iter()
            .flat_map(|service| &service.papers)
            .map(|paper| (paper.id.as_str(), paper.name.uk.as_str()))
            .collect();
        // A settlement's name that the page wrote beside its code is no correction.
        let mut shown = held.clone();
        self.name_places(&mut shown);
        let mut typed = form.fields.clone();
        for key in ["pr.place", "pa.place"] {
            if held.field(key).is_empty() && shown.field(key) == form.field(key) {
                typed.remove(key);
            }
        }
        let mut edits = differences("", &held.fields, &typed);
        edits.extend(differences("f.", &held.answers, &form.answers));
        edits.extend(differences("w.", &held.accepted, &form.accepted));
        let (before, after) = (encoded(&held, &names), encoded(form, &names));
        edits.extend(differences("d.", &before, &after));
        if before != after {
            let sheets: u32 = form.papers.values().map(|paper| u32::from(paper.sheets)).sum();
            edits.push(("sheets".to_owned(), sheets.to_string()));
        }
        self.correct(number, &edits, reason)
    }
}

impl Agent {
    /// What an event is about, in words: keys of fields by their labels in the request's own release, numbers as they
    /// are.
    pub(super) fn about_in_words(&self, view: &RequestView, about: &str) -> Words {
        let (catalogue, service) = (self.catalogue_kept(view), view.service.text());
        let (mut uk, mut en) = (Vec::new(), Vec::new());
        for key in about.split(',').map(str::trim).filter(|key| !key.is_empty()) {
            let (first, second) = self.label(catalogue, service, key);
            uk.push(first);
            en.push(second);
        }
        Words::new(uk.join(", "), en.join(", "))
    }
}

/// Whether the page of a request has an input for it.
fn is_typed(key: &str) -> bool {
    let family = ["a.", "r.", "pr.", "pa."].iter().any(|prefix| key.starts_with(prefix));
    let own = ["phone", "phone2", "email", "contact_other", "delivery", "summary", "fee_receipt", "fee_date"];
    (family && !key.ends_with(".resident")) || own.contains(&key)
}

/// Keys whose text is another now, or gone.
fn differences(prefix: &str, held: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let text = |map: &BTreeMap<String, String>, key: &str| map.get(key).map_or("", |text| text.trim()).to_owned();
    let mut keys: Vec<&String> = held.keys().chain(now.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let changed = keys.into_iter().filter(|key| text(held, key) != text(now, key));
    changed.map(|key| (format!("{prefix}{key}"), text(now, key))).collect()
}

fn taken(paper: &Paper) -> PaperTaken {
    let form = match paper.form {
        PaperForm::Original => "original",
        PaperForm::Copy => "copy",
        PaperForm::Scan => "scan",
        PaperForm::Unknown => "",
    };
    PaperTaken {
        seen: paper.seen,
        form: form.to_owned(),
        sheets: paper.sheets,
        sheets_typed: String::new(),
        returned: paper.returned,
        details: paper.details.clone(),
    }
}

/// The papers as records hold them; those with which nothing was done are left out.
fn encoded(form: &Form, names: &BTreeMap<&str, &str>) -> BTreeMap<String, String> {
    let taken = form.papers.iter().filter(|(_, taken)| taken.is_taken());
    let one = |(id, taken): (&String, &PaperTaken)| {
        let form = match taken.form.as_str() {
            "original" => PaperForm::Original,
            "copy" => PaperForm::Copy,
            "scan" => PaperForm::Scan,
            _ => PaperForm::Unknown,
        };
        let name = names.get(id.as_str()).copied().unwrap_or(id);
        let paper = Paper {
            seen: taken.seen,
            form,
            sheets: taken.sheets,
            returned: taken.returned,
            name: super::new_request::cut(name, 600),
            details: super::new_request::cut(taken.details.trim(), 380),
        };
        (id.clone(), paper.encode())
    };
    taken.map(one).collect()
}

#[cfg(test)]
mod tests {
    use crate::app::testing::{agent, sample_form};
    use crate::app::{AppError, PaperTaken};

    #[test]
    fn a_request_becomes_the_form_it_was_made_of() {
        let (_bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let form = agent.form_of_request(&number).unwrap();
        let sample = sample_form();
        assert_eq!((&form.fields, &form.answers, &form.papers), (&sample.fields, &sample.answers, &sample.papers));
        assert_eq!(form.consent, sample.consent);
        assert!(!agent.correct_by_form(&number, &form, "нічого").unwrap().changed);
        let mut shown = form;
        agent.name_places(&mut shown);
        assert!(shown.field("pr.place").starts_with("с. "), "the page says the settlement's name");
        assert!(!agent.correct_by_form(&number, &shown, "нічого").unwrap().changed);
        let (_, _, view) = agent.find_view(&number).unwrap();
        let words = agent.about_in_words(&view, "phone, f.area, 12-34");
        assert!(words.uk.starts_with("телефон, ") && words.uk.ends_with(", 12-34"), "{words:?}");
    }

    #[test]
    fn only_what_changed_is_corrected() {
        let (_bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let mut form = agent.form_of_request(&number).unwrap();
        form.fields.insert("phone".into(), "+380501112233".into());
        form.fields.remove("pr.index");
        form.answers.insert("area".into(), "60".into());
        let more = PaperTaken { form: "copy".into(), sheets: 3, ..PaperTaken::default() };
        form.papers.insert("application".into(), more);
        assert!(agent.correct_by_form(&number, &form, "переміряли").unwrap().changed);
        let now = agent.form_of_request(&number).unwrap();
        assert_eq!(now.field("phone"), "+380501112233");
        assert_eq!((now.field("pr.index"), now.answers["area"].as_str()), ("", "60"));
        assert_eq!((now.papers["application"].sheets, now.papers["application"].form.as_str()), (3, "copy"));
        form.fields.insert("a.rnokpp".into(), "12".into());
        assert!(matches!(agent.correct_by_form(&number, &form, "бо"), Err(AppError::Findings(_))));
    }
}
