//! What the page of a request asks: the questions of the service's form, and what the service needs, costs and takes.

use super::form::Form;
use super::new_request::providers;
use super::{Agent, AppError, Checked};
use catalogue::{
    Allowed, Answers, Catalogue, FeeOutcome, Field, FieldType, Input, Nearness, PaperState, PartType, Service, Text,
};
use std::collections::BTreeSet;

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// Ukrainian.
    pub uk: String,
    /// English.
    pub en: String,
}

impl Words {
    /// From both languages.
    pub fn new(uk: impl Into<String>, en: impl Into<String>) -> Self {
        Self { uk: uk.into(), en: en.into() }
    }
}

impl From<&Text> for Words {
    fn from(text: &Text) -> Self {
        Self::new(text.uk.as_str(), text.en.as_str())
    }
}

/// One question of the service's form: one input, the parts of a person or an address, or rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Key within the service.
    pub id: String,
    /// The question.
    pub label: Words,
    /// Help; may be empty.
    pub hint: Words,
    /// It must be answered.
    pub required: bool,
    /// Rows, of which the last one is spare.
    pub is_list: bool,
    /// Any of several are ticked.
    pub is_several: bool,
    /// What is known already may fill it.
    pub fills: Option<Fills>,
    /// What is filled in.
    pub inputs: Vec<Asked>,
}

/// What is known already and may fill a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fills {
    /// Where the applicant lives.
    Home,
    /// The applicant.
    Applicant,
}

/// One input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Key of the answer.
    pub key: String,
    /// Its own label: the question's, or the part's.
    pub label: Words,
    /// What is typed or chosen in it.
    pub control: Control,
    /// The answer so far.
    pub value: String,
    /// It must be filled, given what is filled around it.
    pub required: bool,
    /// Number of its row, from 1; 0 outside rows.
    pub row: usize,
}

/// What is typed or chosen in an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// A day, kept as `YYYY-MM-DD`.
    Date,
    /// A number, or an amount in hryvnias.
    Figures,
    /// A telephone number.
    Phone,
    /// A number of digits alone: РНОКПП, a post code.
    Digits,
    /// A bank account.
    Account,
    /// A land parcel's cadastral number.
    Parcel,
    /// A paper or file, in words: what it is and where it lies.
    Attachment,
    /// Yes or no.
    YesNo,
    /// Ticked or not.
    Tick,
    /// One of these.
    OneOf(Vec<Choice>),
    /// A settlement: its code in the codifier is kept.
    Settlement,
}

/// One possible answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is kept.
    pub value: String,
    /// What is shown.
    pub label: Words,
}

/// What is to be known about the chosen service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceCard {
    /// Its key.
    pub slug: String,
    /// Its name.
    pub name: Words,
    /// What may be done here.
    pub allowed: Words,
    /// It can at least be taken in here.
    pub can_be_taken: bool,
    /// Why, a sentence each.
    pub reasons: Vec<Words>,
    /// What it costs; «уточнюється» when unknown.
    pub fee: Words,
    /// How the amount comes about, or why it is not known; may be empty.
    pub fee_basis: Words,
    /// To whom it is paid; may be empty.
    pub payee: Words,
    /// Something is, or may be, to be paid.
    pub fee_due: bool,
    /// Who does not pay; may be empty.
    pub exempt: Vec<Words>,
    /// Control date, `YYYY-MM-DD`.
    pub due: String,
    /// How it was counted.
    pub due_basis: Words,
    /// The law states it; otherwise it is an estimate.
    pub due_is_stated: bool,
    /// «Передати до», `YYYY-MM-DD`.
    pub handover_due: String,
    /// Who provides it.
    pub providers: String,
    /// The papers.
    pub papers: Vec<PaperAsked>,
}

/// One paper of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperAsked {
    /// Its key.
    pub id: String,
    /// Its name.
    pub name: Words,
    /// When it is needed; may be empty.
    pub condition: Words,
    /// In what form it is taken.
    pub form: Words,
    /// Papers of which one is enough.
    pub any_of: Vec<Words>,
    /// Surely needed, by what was answered.
    pub needed: bool,
}

/// The consent as it is read aloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentAsked {
    /// Its heading.
    pub title: Words,
    /// Its parts: key, heading, text, required.
    pub parts: Vec<(String, Words, Words, bool)>,
}

impl Agent {
    /// The questions of the form's service that are asked now.
    pub fn questions(&self, form: &Form) -> Vec<Question> {
        questions_by(self.catalogue(), form)
    }

    /// The same for a saved request, by the catalogue it was taken under.
    pub fn questions_of(&self, number: &str, form: &Form) -> Result<Vec<Question>, AppError> {
        Ok(questions_by(self.catalogue_of_request(number)?, form))
    }

    pub(super) fn catalogue_of_request(&self, number: &str) -> Result<&'static Catalogue, AppError> {
        let (_, _, view) = self.find_view(number)?;
        Ok(self.catalogue_kept(&view))
    }

    /// Takes away answers to what a catalogue does not ask any more and papers that its service does not have.
    pub(super) fn prune_by(catalogue: &Catalogue, form: &mut Form) {
        let Some(service) = catalogue.service(form.service.trim()) else { return };
        loop {
            let asked: BTreeSet<String> = service.inputs(&form.answers).into_iter().map(|input| input.key).collect();
            let before = form.answers.len();
            form.answers.retain(|key, _| asked.contains(key));
            if form.answers.len() == before {
                break;
            }
        }
        form.papers.retain(|id, _| service.papers.iter().any(|paper| paper.id == *id));
    }

    /// What follows from the chosen service and the answers so far.
    pub fn service_card(&self, form: &Form) -> Result<Option<ServiceCard>, AppError> {
        Ok(card(form, self.check(form)?))
    }

    /// The same for a saved request, by the catalogue it was taken under.
    pub fn card_of(&self, number: &str, form: &Form) -> Result<Option<ServiceCard>, AppError> {
        Ok(card(form, self.check_kept(number, form)?))
    }

    /// The consent with the centre's details filled in.
    pub fn consent_asked(&self) -> Result<ConsentAsked, AppError> {
        let owner = self.settings()?.data_owner();
        let consent = self.consent();
        let filled = |text: &str| {
            text.replace("{owner}", &owner.name)
                .replace("{code}", &owner.code)
                .replace("{address}", &owner.address)
                .replace("{contact}", &owner.contact)
        };
        let part = |part: &catalogue::ConsentPart| {
            let text = Words::new(filled(&part.text.uk), filled(&part.text.en));
            (part.id.clone(), Words::from(&part.title), text, part.required)
        };
        Ok(ConsentAsked { title: (&consent.title).into(), parts: consent.parts.iter().map(part).collect() })
    }

    /// The key of an answer's question as a page groups it: `household` of `household.1.surname`.
    pub fn service_name(&self, slug: &str) -> Option<Words> {
        self.catalogue().service(slug.trim()).map(|service: &Service| (&service.name).into())
    }
}

fn questions_by(catalogue: &Catalogue, form: &Form) -> Vec<Question> {
    let Some(service) = catalogue.service(form.service.trim()) else { return Vec::new() };
    let answers = &form.answers;
    service.visible_fields(answers).into_iter().map(|field| question(field, answers)).collect()
}

fn card(form: &Form, checked: Checked<'_>) -> Option<ServiceCard> {
    let (Some(service), Some(given)) = (checked.service, checked.evaluation) else { return None };
    // What was written of a paper stays in sight, even if other answers make it needless.
    let written = |id: &str| {
        let taken = form.papers.get(id);
        taken.is_some_and(|paper| paper.is_taken() || !paper.details.is_empty() || !paper.sheets_typed.is_empty())
    };
    let asked = given.papers.iter().filter(|need| need.state != PaperState::NotNeeded || written(&need.paper.id));
    let papers = asked.map(|need| PaperAsked {
        id: need.paper.id.clone(),
        name: (&need.paper.name).into(),
        condition: need.paper.condition.as_ref().map(Words::from).unwrap_or_default(),
        form: (&need.paper.form.words()).into(),
        any_of: need.paper.any_of.iter().map(Words::from).collect(),
        needed: need.state == PaperState::Needed,
    });
    Some(ServiceCard {
        slug: service.slug.clone(),
        name: (&service.name).into(),
        allowed: (&given.allowed.words()).into(),
        can_be_taken: matches!(given.allowed, Allowed::Complete | Allowed::Intake),
        reasons: given.reasons.iter().chain(&given.cautions).map(Words::from).collect(),
        fee: (&given.fee.outcome.words()).into(),
        fee_basis: fee_basis(&given.fee),
        payee: given.fee.payee.map(Words::from).unwrap_or_default(),
        fee_due: !matches!(given.fee.outcome, FeeOutcome::Free),
        exempt: given.fee.exempt.iter().map(|who| Words::from(*who)).collect(),
        due: given.control_date.date.to_string(),
        due_basis: (&given.control_date.basis).into(),
        due_is_stated: given.control_date.nearness == Nearness::Stated,
        handover_due: given.handover_due.to_string(),
        providers: providers(checked.catalogue, service),
        papers: papers.collect(),
    })
}

/// How a fee comes about, with what should be known before money is taken.
fn fee_basis(fee: &catalogue::FeeAnswer<'_>) -> Words {
    let mut parts: Vec<&Text> = Vec::new();
    match &fee.outcome {
        FeeOutcome::Known(amount) => parts.extend(std::iter::once(&amount.basis).chain(&amount.caution)),
        FeeOutcome::Unknown(why) => parts.push(why),
        FeeOutcome::Conditional(branches) => {
            for branch in branches {
                if let FeeOutcome::Known(amount) = &branch.fee {
                    parts.extend(std::iter::once(&amount.basis).chain(&amount.caution));
                }
            }
        }
        FeeOutcome::Free => {}
    }
    parts.extend(fee.note);
    let joined = |get: fn(&Text) -> &str| {
        let mut said: Vec<&str> = parts.iter().map(|text| get(text)).filter(|text| !text.is_empty()).collect();
        said.dedup();
        said.join("; ")
    };
    Words::new(joined(|text| &text.uk), joined(|text| &text.en))
}

fn question(field: &Field, answers: &Answers) -> Question {
    Question {
        id: field.id.clone(),
        label: (&field.label).into(),
        hint: field.hint.as_ref().map(Words::from).unwrap_or_default(),
        required: field.required,
        is_list: field.kind.is_list(),
        is_several: matches!(field.kind, FieldType::MultiChoice(_)),
        fills: match field.kind {
            FieldType::Address => Some(Fills::Home),
            FieldType::Person | FieldType::PersonList => Some(Fills::Applicant),
            _ => None,
        },
        inputs: field.inputs(answers).iter().map(|input| asked(field, input, answers)).collect(),
    }
}

fn asked(field: &Field, input: &Input<'_>, answers: &Answers) -> Asked {
    let control = match input.kind {
        PartType::TextArea => Control::Lines,
        PartType::Date => Control::Date,
        PartType::Number | PartType::Money => Control::Figures,
        PartType::Phone => Control::Phone,
        PartType::YesNo => Control::YesNo,
        PartType::Tick => Control::Tick,
        PartType::Katottg => Control::Settlement,
        PartType::Choice => {
            let option = |one: &catalogue::Choice| Choice { value: one.value.clone(), label: (&one.label).into() };
            Control::OneOf(field.kind.options().iter().map(option).collect())
        }
        PartType::TaxNumber | PartType::PostCode => Control::Digits,
        PartType::Iban => Control::Account,
        PartType::CadastralNumber => Control::Parcel,
        PartType::File => Control::Attachment,
        PartType::Text | PartType::PersonName => Control::Line,
    };
    Asked {
        key: input.key.clone(),
        label: (&input.label).into(),
        control,
        value: answers.get(&input.key).cloned().unwrap_or_default(),
        required: input.required,
        row: input.row.unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};

    #[test]
    fn the_form_is_asked_as_the_catalogue_says() {
        let (_bench, agent) = agent();
        let questions = agent.questions(&sample_form());
        let of = |id: &str| questions.iter().find(|question| question.id == id).unwrap();
        let household = of("household");
        assert!(household.is_list && household.inputs.iter().any(|input| input.row == 2), "one spare row");
        let settlement = &of("dwelling_address").inputs[0];
        assert_eq!((settlement.key.as_str(), &settlement.control), ("dwelling_address.katottg", &Control::Settlement));
        assert!(matches!(of("payout").inputs[0].control, Control::OneOf(ref all) if all.len() > 1));
        assert_eq!(of("area").inputs[0].value, "54.3");
    }

    #[test]
    fn what_is_not_asked_is_pruned_and_nothing_else() {
        let (_bench, agent) = agent();
        let mut form = sample_form();
        let before = form.clone();
        Agent::prune_by(agent.catalogue(), &mut form);
        assert_eq!(form, before);
        form.answers.insert("unasked".into(), "x".into());
        form.papers.insert("unknown".into(), crate::app::PaperTaken::default());
        Agent::prune_by(agent.catalogue(), &mut form);
        assert_eq!(form, before);
    }

    #[test]
    fn the_card_says_term_fee_and_papers() {
        let (_bench, agent) = agent();
        let card = agent.service_card(&sample_form()).unwrap().unwrap();
        assert_eq!((card.fee.uk.as_str(), card.fee_due, card.can_be_taken), ("безоплатно", false, true));
        assert_eq!((card.due.as_str(), card.handover_due.as_str()), ("2026-12-01", "2026-11-23"));
        assert!(card.papers.iter().any(|paper| paper.id == "application" && paper.needed));
        assert_eq!(agent.service_card(&Form::default()).unwrap(), None);
        let consent = agent.consent_asked().unwrap();
        assert!(consent.parts.iter().all(|(_, _, text, _)| !text.uk.contains('{')));
    }
}
