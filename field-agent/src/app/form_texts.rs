//! Two texts of one form beside each other: where they differ, and how a person puts them together.

use super::pages_form::Words;
use super::{Agent, Form, PaperTaken};
use std::collections::BTreeMap;

/// One place where two texts of a form differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextDifference {
    /// The key, as findings name it: `a.last`, `f.area`, `d.application`, `visit.proof`, `service`, `consent`.
    pub key: String,
    /// What is asked there.
    pub label: Words,
    /// What stands in the draft.
    pub here: String,
    /// What the other tab sent.
    pub there: String,
}

/// Which two texts a page showed beside each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SeenTexts {
    /// The draft's edition.
    pub edition: u64,
    /// The other tab.
    pub tab: String,
    /// When its text came, ms since 1970.
    pub at: i64,
}

/// Every text of a form by the key that findings name it by; blank ones are left out.
pub(super) fn texts(form: &Form) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut put = |key: String, text: &str| {
        if !text.trim().is_empty() {
            all.insert(key, text.trim().to_owned());
        }
    };
    put("service".into(), &form.service);
    put("resident".into(), &form.resident);
    form.fields.iter().for_each(|(key, text)| put(key.clone(), text));
    form.answers.iter().for_each(|(key, text)| put(format!("f.{key}"), text));
    form.visit.iter().for_each(|(key, text)| put(format!("visit.{key}"), text));
    form.accepted.iter().for_each(|(key, text)| put(format!("w.{key}"), text));
    form.papers.iter().for_each(|(id, paper)| put(format!("d.{id}"), &paper_text(paper)));
    let mut parts = form.consent.parts.clone();
    parts.sort_unstable();
    put("consent".into(), &format!("{} {}", form.consent.by, parts.join(",")));
    all
}

/// A paper's state as a text that is the same only for the same state.
fn paper_text(paper: &PaperTaken) -> String {
    if !paper.is_taken() {
        return String::new();
    }
    let mut parts = vec![paper.form.clone()];
    if paper.seen {
        parts.push("seen".into());
    }
    if paper.sheets > 0 {
        parts.push(paper.sheets.to_string());
    }
    parts.push(paper.sheets_typed.trim().to_owned());
    if paper.returned {
        parts.push("returned".into());
    }
    parts.push(paper.details.trim().to_owned());
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// Keys at which two forms say something else.
pub(super) fn differences(one: &Form, other: &Form) -> Vec<(String, String, String)> {
    let (one, other) = (texts(one), texts(other));
    let mut keys: Vec<&String> = one.keys().chain(other.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let text = |all: &BTreeMap<String, String>, key: &str| all.get(key).cloned().unwrap_or_default();
    let both = keys.into_iter().map(|key| (key.clone(), text(&one, key), text(&other, key)));
    both.filter(|(_, here, there)| here != there).collect()
}

/// Puts what `other` says at a key into `form`.
pub(super) fn take(form: &mut Form, other: &Form, key: &str) {
    let put = |to: &mut BTreeMap<String, String>, from: &BTreeMap<String, String>, key: &str| match from.get(key) {
        Some(text) => {
            to.insert(key.to_owned(), text.clone());
        }
        None => {
            to.remove(key);
        }
    };
    match key.split_once('.') {
        _ if key == "service" => form.service.clone_from(&other.service),
        _ if key == "resident" => form.resident.clone_from(&other.resident),
        _ if key == "consent" => form.consent = other.consent.clone(),
        Some(("f", question)) => put(&mut form.answers, &other.answers, question),
        Some(("visit", part)) => put(&mut form.visit, &other.visit, part),
        Some(("w", about)) => put(&mut form.accepted, &other.accepted, about),
        Some(("d", id)) => match other.papers.get(id) {
            Some(paper) => {
                form.papers.insert(id.to_owned(), paper.clone());
            }
            None => {
                form.papers.remove(id);
            }
        },
        _ => put(&mut form.fields, &other.fields, key),
    }
}

impl Agent {
    /// Where the text of another tab differs from the draft's, in words.
    pub fn text_differences(&self, here: &Form, there: &Form) -> Vec<TextDifference> {
        let service = if here.service.is_empty() { &there.service } else { &here.service };
        let one = |(key, here, there): (String, String, String)| TextDifference {
            label: self.key_in_words(service, &key),
            here: self.key_as_read(service, &key, here),
            there: self.key_as_read(service, &key, there),
            key,
        };
        differences(here, there).into_iter().map(one).collect()
    }

    /// What is asked at a key of a form.
    pub fn key_in_words(&self, service: &str, key: &str) -> Words {
        let (uk, en) = match key {
            "service" => ("послуга", "service"),
            "resident" => ("відомий мешканець", "known resident"),
            "consent" => ("згода", "consent"),
            "visit.proof" => ("підтвердження: вид", "proof: kind"),
            "visit.proof_no" => ("підтвердження: номер", "proof: number"),
            "visit.proof_date" => ("підтвердження: дата", "proof: date"),
            "visit.proof_until" => ("підтвердження: дійсне до", "proof: valid until"),
            _ => {
                let (uk, en) = self.label(self.catalogue(), service, key);
                return Words::new(uk, en);
            }
        };
        Words::new(uk, en)
    }

    fn key_as_read(&self, service: &str, key: &str, text: String) -> String {
        match key {
            "service" => self.service_name(&text).map_or(text, |name| name.uk),
            _ if key.ends_with("kat") || key.ends_with("katottg") => self.place_named(&text).unwrap_or(text),
            _ => match key.strip_prefix("f.") {
                Some(question) => self.option_label(service, question, &text).unwrap_or(text),
                None => text,
            },
        }
    }

    /// The words of a chosen option.
    fn option_label(&self, service: &str, question: &str, text: &str) -> Option<String> {
        let catalogue = self.catalogue();
        let field = catalogue.service(service)?.field(question)?;
        field.kind.options().iter().find(|option| option.value == text).map(|option| option.label.uk.clone())
    }

    /// Puts the texts of two tabs together: at the keys in `theirs` the other tab's stands. The other text is
    /// looked through then and goes. `false`, and nothing goes, where either text is newer than the page showed.
    pub fn put_together(&self, id: [u8; 16], seen: &SeenTexts, theirs: &[String]) -> Result<bool, super::AppError> {
        self.change_body(id, |body| {
            let shown = |other: &super::OtherText| other.tab == seen.tab && other.at == seen.at;
            let Some(at) = body.others.iter().position(shown).filter(|_| body.edition == seen.edition) else {
                return Ok(false);
            };
            let other = body.others.remove(at);
            let before = body.form.service.clone();
            for key in theirs {
                take(&mut body.form, &other.form, key);
            }
            self.settle(body, &before);
            Ok(true)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};

    #[test]
    fn what_came_after_the_page_was_drawn_is_not_dropped() {
        let (bench, agent) = agent();
        let id = agent.keep_draft(None, &sample_form()).unwrap();
        let edition = agent.draft_body(id).unwrap().unwrap().edition;
        agent.keep_draft(Some(id), &sample_form()).unwrap();
        let send = |last: &str| {
            let mut form = sample_form();
            form.fields.insert("a.last".into(), last.into());
            let typed = super::super::Typed { form, edition: Some(edition), tab: "b".into(), ..Default::default() };
            agent.type_into_draft(id, &typed, |_| Ok(())).unwrap()
        };
        send("Інша");
        let body = agent.draft_body(id).unwrap().unwrap();
        let seen = SeenTexts { edition: body.edition, tab: "b".into(), at: body.others[0].at };
        // The other tab goes on typing while the person compares.
        bench.clock.advance(std::time::Duration::from_secs(2));
        send("Іншенко");
        assert!(!agent.put_together(id, &seen, &[]).unwrap());
        let body = agent.draft_body(id).unwrap().unwrap();
        assert_eq!(body.others[0].form.field("a.last"), "Іншенко");
        let seen = SeenTexts { at: body.others[0].at, ..seen };
        assert!(agent.put_together(id, &seen, &["a.last".into()]).unwrap());
        assert_eq!(agent.draft(id).unwrap().unwrap().field("a.last"), "Іншенко");
    }

    #[test]
    fn every_part_of_a_form_is_compared_and_taken() {
        let here = sample_form();
        let mut there = here.clone();
        there.fields.insert("a.last".into(), "Інша".into());
        there.fields.remove("phone");
        there.answers.insert("area".into(), "60".into());
        there.visit.insert("proof".into(), "certificate".into());
        there.accepted.insert("a.rnokpp".into(), "так у картці".into());
        there.papers.remove("application");
        there.papers.insert("other".into(), PaperTaken { seen: true, ..PaperTaken::default() });
        there.consent.parts.pop();
        there.service = "pension-assignment".into();
        there.resident = "x".into();
        let found = differences(&here, &there);
        assert_eq!(found.len(), 10, "{found:?}");
        let mut joined = here.clone();
        for (key, ..) in &found {
            take(&mut joined, &there, key);
        }
        assert_eq!(differences(&joined, &there), []);
        let (_bench, agent) = agent();
        let words = agent.text_differences(&here, &there);
        let area = words.iter().find(|one| one.key == "f.area").unwrap();
        assert_eq!((area.here.as_str(), area.there.as_str()), ("54.3", "60"));
        assert!(words.iter().all(|one| !one.label.uk.is_empty()));
    }
}
