//! What a page offers to choose from: services, settlements, residents already known, kinds of documents.

use super::form::Form;
use super::pages_form::{Choice, ServiceCard, Words};
use super::{Agent, AppError};
use catalogue::{Catalogue, Facts, PaperState, Search};
use ids::RecordId;
use records::Value;
use records::fields::DocumentKind;
use records::schema::Kind;
use records::view::ResidentView;
use std::collections::BTreeSet;

/// Of one search so many are shown.
const SHOWN: usize = 10;

/// A service to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceChoice {
    /// Its key.
    pub slug: String,
    /// Its name.
    pub name: Words,
    /// Its group.
    pub group: Words,
    /// Where it can be done.
    pub allowed: Words,
    /// How long it takes.
    pub term: Words,
    /// What it costs.
    pub fee: Words,
    /// Papers that are surely needed.
    pub papers: Vec<Words>,
}

/// A settlement to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceChoice {
    /// Its code.
    pub code: String,
    /// Its whole name with what it lies in.
    pub name: String,
}

/// A resident known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResidentChoice {
    /// The record.
    pub record: String,
    /// Surname, given name, patronymic.
    pub name: String,
    /// Date of birth, `YYYY-MM-DD`; may be empty.
    pub born: String,
    /// РНОКПП; may be empty.
    pub tax_number: String,
    /// Where they live; may be empty.
    pub address: String,
    /// Telephone; may be empty.
    pub phone: String,
}

impl Agent {
    /// Services that fit the words, best first; the wrong layout finds what was meant.
    pub fn service_choices(&self, words: &str) -> Result<Vec<ServiceChoice>, AppError> {
        let mut found = self.services_by(words, "", "")?;
        found.truncate(SHOWN);
        Ok(found)
    }

    /// All services that fit the words, of one group and one life situation; an empty text is any.
    pub fn services_by(&self, words: &str, group: &str, situation: &str) -> Result<Vec<ServiceChoice>, AppError> {
        let at_hand = self.settings()?.equipment();
        let facts = Facts { at_hand, network: self.has_network(), ..Facts::on(self.sure_day()) };
        let catalogue = self.catalogue();
        let mut found = catalogue.search(words);
        if found.is_empty()
            && let Some(meant) = records::fields::in_ukrainian_layout(words)
        {
            found = catalogue.search(&meant);
        }
        found.retain(|service| group.is_empty() || service.group == group);
        found.retain(|service| situation.is_empty() || service.keywords.iter().any(|one| one == situation));
        Ok(found.into_iter().map(|service| self.service_choice(catalogue, service, &facts)).collect())
    }

    fn service_choice(&self, catalogue: &Catalogue, service: &catalogue::Service, facts: &Facts) -> ServiceChoice {
        let given = catalogue.evaluate(service, facts, catalogue.calendar());
        let group = catalogue.group(&service.group).map(|group| (&group.name).into()).unwrap_or_default();
        let term = service.term.usual.map(|length| Words::from(&length.words()));
        let needed = given.papers.iter().filter(|need| need.state == PaperState::Needed);
        ServiceChoice {
            slug: service.slug.clone(),
            name: (&service.name).into(),
            group,
            allowed: (&given.allowed.words()).into(),
            term: term.unwrap_or_else(|| Words::new("уточнюється", "to be confirmed")),
            fee: (&given.fee.outcome.words()).into(),
            papers: needed.map(|need| (&need.paper.name).into()).collect(),
        }
    }

    /// The groups of services with how many services each has.
    pub fn service_groups(&self) -> Vec<(String, Words, usize)> {
        let catalogue = self.catalogue();
        let group = |group: &catalogue::Group| {
            (group.id.clone(), Words::from(&group.name), catalogue.services_of(&group.id).count())
        };
        catalogue.groups().iter().map(group).collect()
    }

    /// What people say instead of a service's name: life situations, in alphabetical order.
    pub fn life_situations(&self) -> Vec<String> {
        let catalogue = self.catalogue();
        let all: BTreeSet<(String, String)> = catalogue
            .services()
            .iter()
            .flat_map(|service| &service.keywords)
            .map(|words| (records::fold::fold(words), words.clone()))
            .collect();
        all.into_iter().map(|(_, words)| words).collect()
    }

    /// Everything that is to be known about a service before it is chosen.
    pub fn service_details(&self, slug: &str) -> Result<Option<ServiceCard>, AppError> {
        self.service_card(&Form { service: slug.to_owned(), ..Form::default() })
    }

    /// Settlements that fit the words; those of the own hromada first.
    pub fn place_choices(&self, words: &str) -> Result<Vec<PlaceChoice>, AppError> {
        let near = self.settings()?.hromada.parse().ok();
        let found = self.settlements.search(Search { text: words, places_only: true, near, limit: SHOWN });
        Ok(found.iter().map(|place| PlaceChoice { code: place.code().to_string(), name: place.display() }).collect())
    }

    /// The whole name of the settlement with this code.
    pub fn place_named(&self, code: &str) -> Option<String> {
        self.settlements.by_code(code.trim().parse().ok()?).map(|place| place.display())
    }

    /// How many residents [`Agent::resident_choices`] gives at once.
    pub const RESIDENTS_ON_A_PAGE: usize = 30;

    /// A form that begins with what is known about a resident.
    pub fn form_of_resident(&self, record: &str) -> Result<Form, AppError> {
        let missing =
            || AppError::input("такого мешканця тут немає: знайдіть його знову", "no such resident here: look again");
        let id: RecordId = record.trim().parse().map_err(|_| missing())?;
        let resident = self.peer.read(|view| match view.row(id)?.filter(|row| row.kind == Kind::Resident) {
            Some(_) => Ok(Some(ResidentView::read(&view.document(id)?, &|_| false))),
            None => Ok(None),
        })?;
        let resident = resident.ok_or_else(missing)?;
        let mut form = Form { resident: id.to_string(), ..Form::default() };
        for (key, register) in resident.registers.iter() {
            let typed = ["a.", "pr.", "pa."].iter().any(|prefix| key.starts_with(prefix))
                || ["phone", "phone2", "email"].contains(&key);
            let held = records::schema::field(Kind::Request, key).is_some();
            if let Some(value) = register.value().filter(|value| typed && held && !value.is_empty()) {
                form.fields.insert(key.to_owned(), as_typed(value));
            }
        }
        let known: Vec<(String, String)> =
            resident.categories().map(|(code, register)| (code.to_owned(), register.text().to_owned())).collect();
        if !known.is_empty() {
            let codes: Vec<&str> = known.iter().map(|(code, _)| code.as_str()).collect();
            form.fields.insert("a.cat".into(), codes.join(", "));
        }
        if let Some((_, proof)) = known.iter().find(|(_, text)| text.contains(';')) {
            let parts = super::visits::PROOF.iter().zip(proof.split(';')).filter(|(_, text)| !text.is_empty());
            form.visit = parts.map(|(key, text)| ((*key).to_owned(), text.to_owned())).collect();
        }
        Ok(form)
    }

    /// Writes the names of settlements of which only the codes are known, for a page to show.
    pub fn name_places(&self, form: &mut Form) {
        for prefix in ["pr", "pa"] {
            let (key, place) = (format!("{prefix}.kat"), format!("{prefix}.place"));
            if let Some(name) = self.place_named(form.field(&key)).filter(|_| form.field(&place).is_empty()) {
                form.fields.insert(place, name);
            }
        }
    }

    /// The id of a draft that is still to be written.
    pub fn fresh_draft(&self) -> String {
        RecordId::from_bytes(self.random()).to_string()
    }

    pub(super) fn resident_choice(&self, record: RecordId, resident: &ResidentView) -> ResidentChoice {
        let address = [&resident.actual, &resident.registered].into_iter().map(|address| {
            let place = if address.place.text().is_empty() { self.place_named(address.katottg.text()) } else { None };
            let line = address.line();
            [place.unwrap_or_default(), line].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        });
        ResidentChoice {
            record: record.to_string(),
            name: resident.person.full_name(),
            born: resident.person.born.text().to_owned(),
            tax_number: resident.person.rnokpp.text().to_owned(),
            address: address.into_iter().find(|line| !line.is_empty()).unwrap_or_default(),
            phone: resident.phone.text().to_owned(),
        }
    }
}

/// Truth values as forms hold them.
pub(super) fn as_typed(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => String::new(),
        other => other.to_string(),
    }
}

/// The kinds of identity documents in the order of the list.
pub fn document_kinds() -> Vec<Choice> {
    let choice = |kind: &DocumentKind| {
        let (uk, en) = kind.label();
        Choice { value: kind.text().to_owned(), label: Words::new(uk, en) }
    };
    DocumentKind::ALL.iter().map(choice).collect()
}

#[cfg(test)]
mod tests {
    use crate::app::testing::{agent, sample_form};

    #[test]
    fn a_known_resident_is_found_and_fills_the_form() {
        let (_bench, agent) = agent();
        agent.save(&sample_form(), None).unwrap();
        for words in ["коваленко", "1408212320", ""] {
            let (found, count) = agent.resident_choices(words, 0).unwrap();
            assert_eq!((found.len(), count), (1, 1), "{words}");
            assert_eq!((found[0].name.as_str(), found[0].born.as_str()), ("Коваленко Ганна Петрівна", "1938-07-22"));
            assert!(found[0].address.contains("Садова"), "{}", found[0].address);
        }
        let (found, _) = agent.resident_choices("коваленко", 0).unwrap();
        let form = agent.form_of_resident(&found[0].record).unwrap();
        let sample = sample_form();
        for key in ["a.last", "a.rnokpp", "pr.kat", "pr.street", "phone"] {
            assert_eq!(form.fields.get(key), sample.fields.get(key), "{key}");
        }
        assert!(agent.form_of_resident("нема").is_err());
    }

    #[test]
    fn services_and_settlements_are_found_by_words() {
        let (_bench, agent) = agent();
        let found = agent.service_choices("субсидія").unwrap();
        assert_eq!(found[0].slug, "housing-subsidy");
        let mut settings = agent.settings().unwrap();
        settings.hromada = "UA53020110000044819".into();
        agent.set_settings(&settings).unwrap();
        let places = agent.place_choices("гиряві іск").unwrap();
        assert!(places[0].name.starts_with("с. Гиряві Ісківці, "), "{places:?}");
        assert_eq!(agent.place_named(&places[0].code), Some(places[0].name.clone()));
        assert_eq!(agent.place_named("UA1"), None);
    }
}
