//! What is wrong with answers and papers, given the service.

use super::form::{Form, value_of};
use super::{Finding, Settings, Severity};
use catalogue::{Allowed, Evaluation, Facts, PaperForm, PaperState, PartType, Service};
use jiff::civil::Date;
use records::fields;
use records::schema::Kind;
use std::collections::BTreeMap;

pub(super) fn facts(form: &Form, today: Date, settings: &Settings, network: bool) -> Facts {
    Facts {
        date: today,
        representative: Some(form.is_represented()),
        age: age_of(form, today),
        answers: typed_answers(form),
        place: place(form),
        network,
        at_hand: settings.equipment(),
    }
}

/// Age of the person whose matter it is. A grown-up may apply for a child without being told apart: their age says
/// nothing sure. A minor's does, as does that of somebody who is represented.
fn age_of(form: &Form, today: Date) -> Option<u16> {
    let age = form.field("a.dob").parse().ok().and_then(|born| age_on(born, today));
    age.filter(|age| *age < 18 || form.is_represented())
}

/// Where the visit is: where the applicant lives, or is registered.
fn place(form: &Form) -> Option<catalogue::Katottg> {
    ["pa.kat", "pr.kat"].iter().find_map(|key| form.field(key).parse().ok())
}

fn age_on(born: Date, today: Date) -> Option<u16> {
    let had = (today.month(), today.day()) >= (born.month(), born.day());
    let years = today.year() - born.year() - i16::from(!had);
    u16::try_from(years).ok()
}

/// The answers without blank ones, trimmed.
pub(super) fn typed_answers(form: &Form) -> BTreeMap<String, String> {
    let typed = form.answers.iter().map(|(key, text)| (key.clone(), text.trim().to_owned()));
    typed.filter(|(_, text)| !text.is_empty()).collect()
}

pub(super) fn answers(form: &Form, service: &Service, found: &mut Vec<Finding>) {
    let given = typed_answers(form);
    for issue in service.check(&given) {
        let key = format!("f.{}", issue.key);
        if found.iter().any(|one| one.key == key && one.suggestion.is_some()) {
            continue;
        }
        found.push(Finding::new(Severity::Error, key, issue.message.uk, issue.message.en));
    }
    for input in service.inputs(&given) {
        let Some(text) = given.get(&input.key) else { continue };
        let key = format!("f.{}", input.key);
        // Signs that nobody sees are said already.
        if found.iter().any(|one| one.key == key && one.suggestion.is_some()) {
            continue;
        }
        if value_of(Kind::Request, &key, text).is_none() {
            let uk = format!("«{}»: задовга відповідь, скоротіть її до 500 знаків", input.label.uk);
            let en = format!("“{}”: the answer is too long, shorten it to 500 characters", input.label.en);
            found.push(Finding::new(Severity::Error, key, uk, en));
            continue;
        }
        let odd = match input.kind {
            PartType::PersonName => fields::name(text),
            PartType::TaxNumber => fields::rnokpp_against(text, None, None),
            PartType::Phone => fields::phone(text, &fields::MOBILE_CODES, true),
            PartType::Iban => fields::iban(text),
            PartType::CadastralNumber => fields::cadastral(text),
            PartType::PostCode => fields::index(text),
            _ => Vec::new(),
        };
        found.extend(odd.into_iter().map(|one| Finding::of_field(key.clone(), one)));
    }
}

pub(super) fn papers(form: &Form, evaluation: &Evaluation<'_>, found: &mut Vec<Finding>) {
    for (id, taken) in &form.papers {
        if !evaluation.papers.iter().any(|need| need.paper.id == *id) {
            let uk = format!("послуга не має документа «{id}»");
            let en = format!("the service has no paper “{id}”");
            found.push(Finding::new(Severity::Error, format!("d.{id}"), uk, en));
        }
        if !taken.sheets_typed.trim().is_empty() {
            let uk = format!("аркушів: «{}» — не число; впишіть, скільки аркушів лишається", taken.sheets_typed.trim());
            let en = format!("sheets: “{}” is no number; write how many sheets stay", taken.sheets_typed.trim());
            found.push(Finding::new(Severity::Error, format!("d.{id}~sheets"), uk, en));
        }
        if !["", "original", "copy", "scan"].contains(&taken.form.as_str()) {
            let uk = "форма документа: original, copy або scan";
            found.push(Finding::new(Severity::Error, format!("d.{id}"), uk, "a paper's form: original, copy or scan"));
        }
    }
    for need in &evaluation.papers {
        let paper = need.paper;
        let made_here = matches!(
            paper.form,
            PaperForm::Generated | PaperForm::GeneratedOrOriginal | PaperForm::Digital | PaperForm::DigitalOnly
        );
        let taken = form.papers.get(&paper.id).is_some_and(super::PaperTaken::is_taken);
        if need.state == PaperState::Needed && !made_here && !taken {
            let uk = format!("немає документа «{}»: додайте його або впишіть причину", paper.name.uk);
            let en = format!("the paper “{}” is missing: add it or give a reason", paper.name.en);
            found.push(Finding::new(Severity::Warning, format!("d.{}", paper.id), uk, en));
        }
    }
}

pub(super) fn allowed(evaluation: &Evaluation<'_>, found: &mut Vec<Finding>) {
    let severity = match evaluation.allowed {
        Allowed::Complete | Allowed::Intake => Severity::Notice,
        Allowed::OnlineAssist | Allowed::ConsultOnly => Severity::Warning,
    };
    let words = evaluation.allowed.words();
    let reasons = |get: fn(&catalogue::Text) -> &str| evaluation.reasons.iter().map(get).collect::<Vec<_>>().join("; ");
    let (uk, en) = (reasons(|text| &text.uk), reasons(|text| &text.en));
    found.push(Finding::new(severity, "service", format!("{}: {uk}", words.uk), format!("{}: {en}", words.en)));
    let cautions = evaluation.cautions.iter();
    found.extend(cautions.map(|one| Finding::new(Severity::Notice, "pa.kat", one.uk.as_str(), one.en.as_str())));
}
