//! What stays when the service changes, a question vanishes, or the same person asks for one thing more.
//!
//! Nothing typed is lost: an answer whose question is not asked is laid aside in the draft and comes back with it. An
//! answer with the same meaning, that is the same key and the same type, is filled in and said to come from before.

use super::drafts::DraftBody;
use super::pages_form::Words;
use super::{Agent, AppError, Form, PaperTaken};
use catalogue::{PartType, Service};
use ids::RecordId;
use std::collections::{BTreeMap, BTreeSet};

/// Questions may depend on answers that come back with other questions: so many turns are always enough.
const TURNS: usize = 12;

/// An answer whose question the release in force does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vanished {
    /// What was asked.
    pub label: Words,
    /// What was answered.
    pub text: String,
}

impl Agent {
    /// Brings answers and papers into line with the service: `before` is the service they were typed for.
    pub(super) fn settle(&self, body: &mut DraftBody, before: &str) {
        let catalogue = self.catalogue();
        let slug = body.form.service.trim().to_owned();
        if !before.is_empty() && before != slug {
            lay_aside_for(body, catalogue.service(before), before, catalogue.service(&slug));
        }
        let Some(service) = catalogue.service(&slug) else { return };
        for _ in 0..TURNS {
            let asked: BTreeSet<String> = service.inputs(&body.form.answers).into_iter().map(|one| one.key).collect();
            let mut moved = lay_aside(body, &slug, |key| asked.contains(key));
            moved |= bring_back(body, &slug, &asked);
            if before != slug {
                moved |= carry(body, service, &asked);
            }
            if !moved {
                break;
            }
        }
        settle_papers(body, service, before);
    }

    /// Answers of the draft whose questions its service does not have any more.
    pub fn vanished(&self, body: &DraftBody) -> Vec<Vanished> {
        let slug = body.form.service.trim();
        let catalogue = self.catalogue();
        let Some(service) = catalogue.service(slug) else { return Vec::new() };
        let prefix = format!("{slug}/");
        let own = body.aside.iter().filter_map(|(key, text)| Some((key.strip_prefix(&prefix)?, text)));
        let gone = own.filter(|(key, _)| !key.starts_with("w.") && kind_of(service, key).is_none());
        gone.map(|(key, text)| Vanished { label: self.old_label(slug, key), text: text.clone() }).collect()
    }

    /// What an earlier release asked under a key.
    fn old_label(&self, slug: &str, key: &str) -> Words {
        let id = key.split('.').next().unwrap_or_default();
        let label = |number: u32| {
            let (catalogue, _) = self.catalogue_of(number);
            catalogue.service(slug).and_then(|service| service.field(id)).map(|field| Words::from(&field.label))
        };
        let known = self.releases().into_iter().find_map(|row| label(row.number));
        known.unwrap_or_else(|| Words::new(key, key))
    }

    /// A draft for one more service of the applicant of a request: what was said today is not asked again.
    pub fn begin_another(&self, number: &str) -> Result<String, AppError> {
        let (_, _, view) = self.find_view(number)?;
        let resident = view.applicant.resident.text().to_owned();
        let today = self.day_of(view.submitted_at) == self.day_of(self.now().0);
        let held = self.form_of_request(number)?;
        let mut body = DraftBody::default();
        if !resident.is_empty() {
            body.form = self.form_of_resident(&resident)?;
        }
        if today || resident.is_empty() {
            self.carry_over(&mut body, &held, &view);
        }
        self.begin(body)
    }

    /// A draft for a known resident; one who was served today begins with what was said today.
    pub fn begin_for(&self, record: &str) -> Result<String, AppError> {
        let form = self.form_of_resident(record)?;
        let newest = self.requests_of_resident(record)?.into_iter().next();
        if let Some(row) = newest.filter(|row| self.day_of(row.created) == self.day_of(self.now().0)) {
            return self.begin_another(&row.number);
        }
        self.begin(DraftBody { form, ..DraftBody::default() })
    }

    /// A draft that begins with a service.
    pub fn begin_service(&self, slug: &str) -> Result<String, AppError> {
        let catalogue = self.catalogue();
        if catalogue.service(slug).is_none() {
            return Err(AppError::input("каталог не має такої послуги", "the catalogue has no such service"));
        }
        let form = Form { service: slug.to_owned(), ..Form::default() };
        self.begin(DraftBody { form, ..DraftBody::default() })
    }

    fn begin(&self, mut body: DraftBody) -> Result<String, AppError> {
        let id = self.fresh_draft();
        body.release = self.catalogue().release().number;
        self.put_body(self.draft_id(&id).unwrap_or_default(), body)?;
        Ok(id)
    }

    fn carry_over(&self, body: &mut DraftBody, held: &Form, view: &records::view::RequestView) {
        let kept = |key: &str| !["summary", "fee_receipt", "fee_date"].contains(&key);
        let fields = held.fields.iter().filter(|(key, _)| kept(key));
        body.form.fields.extend(fields.map(|(key, text)| (key.clone(), text.clone())));
        let about_person = |key: &str| !["f.", "d."].iter().any(|prefix| key.starts_with(prefix)) && key != "service";
        let reasons = held.accepted.iter().filter(|(key, _)| about_person(key) && kept(key));
        body.form.accepted = reasons.map(|(key, text)| (key.clone(), text.clone())).collect();
        // What must be consented to names the service applied for: it is asked again. The rest holds for the visit.
        let consent = self.consent();
        let required = |id: &str| consent.part(id).is_some_and(|part| part.required);
        let mark = self.consent_text().unwrap_or_default();
        if view.consent.text.text().starts_with(&format!("{mark}:")) {
            let parts = held.consent.parts.iter().filter(|id| !required(id));
            body.form.consent.parts = parts.cloned().collect();
            body.form.consent.by = held.consent.by.clone();
            body.form.consent.text = mark;
        }
        body.form.visit = self.proof_of_request(view);
        let catalogue = self.catalogue();
        if let Some(service) = catalogue.service(&held.service) {
            for (key, text) in &held.answers {
                if let Some(kind) = kind_of(service, key) {
                    body.carried.insert(key.clone(), (name_of(kind), text.clone()));
                }
            }
            for (id, paper) in held.papers.iter().filter(|(_, paper)| paper.seen || !paper.details.is_empty()) {
                let seen = PaperTaken { form: String::new(), sheets: 0, ..paper.clone() };
                body.papers_carried.insert(id.clone(), seen);
            }
        }
    }

    /// The day in Kyiv of a time in ms since 1970.
    pub(super) fn day_of(&self, at: i64) -> Option<jiff::civil::Date> {
        clock::Time(at).kyiv().map(|zoned| zoned.date())
    }

    /// Fills an address of the service's form with where the applicant lives, or a person with the applicant.
    pub fn fill_in(&self, form: &mut Form, question: &str) {
        let catalogue = self.catalogue();
        let Some(field) = catalogue.service(form.service.trim()).and_then(|service| service.field(question)) else {
            return;
        };
        let home = form.home();
        let row = if field.kind.is_list() { "1." } else { "" };
        let from: &[(&str, String)] = match field.kind {
            catalogue::FieldType::Address => &[
                ("katottg", format!("{home}.kat")),
                ("house", format!("{home}.house")),
                ("block", format!("{home}.part")),
                ("flat", format!("{home}.flat")),
                ("post_code", format!("{home}.index")),
            ],
            catalogue::FieldType::Person | catalogue::FieldType::PersonList => &[
                ("surname", "a.last".into()),
                ("given_name", "a.first".into()),
                ("patronymic", "a.patr".into()),
                ("birth_date", "a.dob".into()),
                ("tax_number", "a.rnokpp".into()),
            ],
            _ => &[],
        };
        let mut found: Vec<(String, String)> =
            from.iter().map(|(part, key)| ((*part).to_owned(), form.field(key).to_owned())).collect();
        if matches!(field.kind, catalogue::FieldType::Address) {
            let street = format!("{} {}", form.field(&format!("{home}.stype")), form.field(&format!("{home}.street")));
            found.push(("street".into(), street.trim().to_owned()));
        }
        for (part, text) in found.into_iter().filter(|(_, text)| !text.is_empty()) {
            let key = format!("{question}.{row}{part}");
            let empty = form.answers.get(&key).is_none_or(|held| held.trim().is_empty());
            if empty {
                form.answers.insert(key, text);
            }
        }
    }

    /// The resident's record as an id.
    pub(super) fn resident_id(&self, text: &str) -> Option<RecordId> {
        text.trim().parse().ok()
    }
}

/// What an input takes, if the service has a question for the key at all.
fn kind_of(service: &Service, key: &str) -> Option<PartType> {
    let field = service.field(key.split('.').next().unwrap_or_default())?;
    let answers: BTreeMap<String, String> = [(key.to_owned(), "x".to_owned())].into();
    field.inputs(&answers).into_iter().find(|input| input.key == key).map(|input| input.kind)
}

/// A type's name in drafts.
fn name_of(kind: PartType) -> String {
    format!("{kind:?}")
}

/// Whether a service asks the same under a key, and takes this answer.
fn means_the_same(service: &Service, key: &str, kind: &str, text: &str) -> bool {
    let takes = kind_of(service, key).is_some_and(|own| name_of(own) == kind);
    let field = service.field(key.split('.').next().unwrap_or_default());
    let options = field.map(|field| field.kind.options()).unwrap_or_default();
    takes && (kind != "Choice" || options.iter().any(|option| option.value == text))
}

/// The service changed: answers that mean something else there are laid aside under the old one.
fn lay_aside_for(body: &mut DraftBody, old: Option<&Service>, before: &str, new: Option<&Service>) {
    let same = |key: &str, text: &str| match (old.and_then(|old| kind_of(old, key)), new) {
        (Some(kind), Some(new)) => means_the_same(new, key, &name_of(kind), text),
        _ => false,
    };
    let texts = std::mem::take(&mut body.form.answers);
    let (stay, go): (BTreeMap<_, _>, BTreeMap<_, _>) = texts.into_iter().partition(|(key, text)| same(key, text));
    body.form.answers = stay;
    body.aside.extend(go.into_iter().map(|(key, text)| (format!("{before}/{key}"), text)));
    let about = |key: &str| ["f.", "d."].iter().any(|prefix| key.starts_with(prefix)) || key == "service";
    let reasons = std::mem::take(&mut body.form.accepted);
    let (go, stay): (BTreeMap<_, _>, BTreeMap<_, _>) = reasons.into_iter().partition(|(key, _)| about(key));
    body.form.accepted = stay;
    body.aside.extend(go.into_iter().map(|(key, text)| (format!("{before}/w.{key}"), text)));
}

fn lay_aside(body: &mut DraftBody, slug: &str, asked: impl Fn(&str) -> bool) -> bool {
    let gone: Vec<String> = body.form.answers.keys().filter(|key| !asked(key)).cloned().collect();
    for key in &gone {
        if let Some(text) = body.form.answers.remove(key).filter(|text| !text.trim().is_empty()) {
            body.aside.insert(format!("{slug}/{key}"), text);
        }
    }
    !gone.is_empty()
}

fn bring_back(body: &mut DraftBody, slug: &str, asked: &BTreeSet<String>) -> bool {
    let mut moved = false;
    for key in asked {
        let empty = body.form.answers.get(key).is_none_or(|text| text.trim().is_empty());
        if let Some(text) = body.aside.remove(&format!("{slug}/{key}")).filter(|_| empty) {
            body.form.answers.insert(key.clone(), text);
            moved = true;
        }
    }
    let prefix = format!("{slug}/w.");
    let reasons: Vec<String> = body.aside.keys().filter(|key| key.starts_with(&prefix)).cloned().collect();
    for key in reasons {
        let about = key[prefix.len()..].to_owned();
        let back = about.strip_prefix("f.").is_none_or(|question| asked.contains(question));
        if back && let Some(text) = body.aside.remove(&key) {
            body.form.accepted.entry(about).or_insert(text);
        }
    }
    moved
}

/// Fills what the earlier requests of this visit said.
fn carry(body: &mut DraftBody, service: &Service, asked: &BTreeSet<String>) -> bool {
    let mut moved = false;
    for (key, (kind, text)) in &body.carried {
        let free = !body.form.answers.contains_key(key);
        if free && asked.contains(key) && means_the_same(service, key, kind, text) {
            body.form.answers.insert(key.clone(), text.clone());
            body.filled.push(format!("f.{key}"));
            moved = true;
        }
    }
    moved
}

fn settle_papers(body: &mut DraftBody, service: &Service, before: &str) {
    let has = |id: &str| service.papers.iter().any(|paper| paper.id == *id);
    let papers = std::mem::take(&mut body.form.papers);
    for (id, paper) in papers {
        if has(&id) {
            body.form.papers.insert(id, paper);
        } else if paper.is_taken() {
            body.papers_aside.insert(format!("{}/{id}", if before.is_empty() { &service.slug } else { before }), paper);
        }
    }
    for paper in &service.papers {
        let aside = body.papers_aside.remove(&format!("{}/{}", service.slug, paper.id));
        let carried = body.papers_carried.get(&paper.id).filter(|_| before != service.slug).cloned();
        let held = body.form.papers.entry(paper.id.clone()).or_default();
        if !held.is_taken()
            && let Some(taken) = aside.or(carried)
        {
            *held = taken;
        }
    }
    body.form.papers.retain(|_, paper| *paper != PaperTaken::default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Typed;
    use crate::app::testing::{agent, sample_form};

    fn post(agent: &Agent, id: [u8; 16], form: &Form) -> DraftBody {
        agent.type_into_draft(id, &Typed { form: form.clone(), ..Typed::default() }, |_| Ok(())).unwrap();
        agent.draft_body(id).unwrap().unwrap()
    }

    #[test]
    fn another_service_and_back_loses_no_answer() {
        let (_bench, agent) = agent();
        let id = agent.random();
        let first = post(&agent, id, &sample_form());
        assert_eq!(first.form, sample_form());
        let mut form = first.form;
        form.service = "birth-registration".into();
        let second = post(&agent, id, &form);
        assert!(!second.form.answers.contains_key("area"), "the other service does not ask for it");
        assert!(second.aside.contains_key("housing-subsidy/area"));
        let mut form = second.form;
        form.service = "housing-subsidy".into();
        let third = post(&agent, id, &form);
        assert_eq!((&third.form.answers, &third.form.papers), (&sample_form().answers, &sample_form().papers));
    }

    #[test]
    fn an_answer_that_is_hidden_comes_back_with_its_question() {
        let (_bench, agent) = agent();
        let catalogue = agent.catalogue();
        // Any service with a question that depends on a yes-or-no answer.
        let found = catalogue.services().iter().find_map(|service| {
            service.fields.iter().find_map(|field| {
                let condition = field.show_if.as_ref()?;
                let (on, value) = condition.answers_named().first().map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))?;
                let plain = service.field(&on)?.show_if.is_none() && field.kind.single().is_some();
                plain.then(|| (service.slug.clone(), on, value, field.id.clone()))
            })
        });
        let (slug, on, value, hidden) = found.unwrap();
        let mut form = Form { service: slug, ..Form::default() };
        form.answers.insert(on.clone(), value.clone());
        form.answers.insert(hidden.clone(), "не загубити".into());
        let id = agent.random();
        assert!(post(&agent, id, &form).form.answers.contains_key(&hidden));
        form.answers.remove(&on);
        let body = post(&agent, id, &form);
        assert!(!body.form.answers.contains_key(&hidden));
        form = body.form;
        form.answers.insert(on, value);
        assert_eq!(post(&agent, id, &form).form.answers[&hidden], "не загубити");
    }

    #[test]
    fn a_second_service_of_the_visit_asks_nothing_twice() {
        let (_bench, agent) = agent();
        let mut first = sample_form();
        first.fields.insert("r.last".into(), "Коваленко".into());
        first.fields.insert("r.power".into(), "довіреність".into());
        first.fields.insert("r.power_no".into(), "17".into());
        let number = agent.save(&first, None).unwrap().number;
        let id = agent.begin_another(&number).unwrap();
        let key = agent.draft_id(&id).unwrap();
        let body = agent.draft_body(key).unwrap().unwrap();
        for key in first.fields.keys().filter(|key| *key != "summary") {
            assert_eq!(body.form.fields.get(key), first.fields.get(key), "{key}");
        }
        assert_eq!(
            (body.form.consent.by.as_str(), body.form.consent.parts.as_slice()),
            ("applicant", &["contact".to_owned()][..])
        );
        // The same service again would be a mistake, but its answers mean the same: all of them are there.
        let mut form = body.form;
        form.service = "housing-subsidy".into();
        let body = post(&agent, key, &form);
        assert_eq!(body.form.answers, first.answers);
        assert!(body.filled.contains(&"f.area".to_owned()));
        assert!(body.form.papers["identity-document"].seen && !body.form.papers.contains_key("application"));
        // An emptied answer stays empty.
        let mut form = body.form;
        form.answers.remove("area");
        assert!(!post(&agent, key, &form).form.answers.contains_key("area"));
    }

    #[test]
    fn an_address_and_a_person_are_filled_from_the_applicant() {
        let (_bench, agent) = agent();
        let mut form = sample_form();
        form.answers.clear();
        agent.fill_in(&mut form, "dwelling_address");
        agent.fill_in(&mut form, "household");
        agent.fill_in(&mut form, "area");
        assert_eq!(form.answers["dwelling_address.katottg"], "UA53060190130055218");
        assert_eq!(form.answers["dwelling_address.street"], "вул. Садова");
        assert_eq!(form.answers["household.1.surname"], "Коваленко");
        assert!(!form.answers.contains_key("area"));
    }
}
