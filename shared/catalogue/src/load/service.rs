//! One service.

use super::condition::{condition, conditions_fit};
use super::fee::fee;
use super::field::field;
use super::{Place, all_words, date, key, text, unique, words};
use crate::service::{
    Basis, Days, FormBasis, LegalAct, Mode, Outreach, Paper, PaperForm, Service, Term, TermLength, TermVariant, Unit,
    Verified,
};
use crate::source;

/// The longest term there is: ten years.
const LONGEST: u16 = 3_660;

pub(super) fn service(at: Place<'_>, group: &str, entry: source::Service) -> Service {
    key(at, &entry.slug, '-');
    if entry.official_id.as_ref().is_some_and(|id| id.len() != 5 || !id.bytes().all(|b| b.is_ascii_digit())) {
        at.field("official_id").wrong(
            ["в ідентифікаторі не п’ять цифр", "it has not five digits"],
            ["Дайте ідентифікатор Гіда або приберіть його", "Give the Guide's identifier, or none"],
        );
    }
    if entry.authorities.is_empty() {
        at.field("authorities").wrong(
            ["не сказано, хто надає послугу", "nobody provides the service"],
            ["Назвіть хоча б один орган", "Name at least one authority"],
        );
    }
    let fields: Vec<_> = entry.fields.into_iter().map(|one| field(at, one)).collect();
    unique(at, fields.iter().map(|field| field.id.as_str()));
    let papers: Vec<_> = entry.papers.into_iter().map(|one| paper(at, one)).collect();
    unique(at, papers.iter().map(|paper| paper.id.as_str()));
    let verified = [("full", Verified::Full), ("partial", Verified::Partial), ("name_only", Verified::NameOnly)];
    let form_basis = [
        ("source_partial", FormBasis::SourcePartial),
        ("derived", FormBasis::Derived),
        ("coined", FormBasis::Coined),
        ("none", FormBasis::None),
    ];
    let service = Service {
        name: words(at.field("name"), entry.name),
        group: group.to_owned(),
        authorities: entry.authorities,
        legal_basis: entry.legal_basis.into_iter().map(|act| legal_act(at, act)).collect(),
        applicants: all_words(at.field("applicants"), entry.applicants),
        papers,
        fee: fee(at.field("fee"), entry.fee),
        term: term(at.field("term"), entry.term),
        results: all_words(at.field("results"), entry.results),
        refusal_grounds: all_words(at.field("refusal_grounds"), entry.refusal_grounds),
        refusal_grounds_confirmed: entry.refusal_grounds_confirmed,
        outreach: outreach(at.field("outreach"), entry.outreach),
        form_basis: at.field("form_basis").choose(&entry.form_basis, &form_basis, FormBasis::None),
        fields,
        keywords: entry.keywords,
        sources: entry.sources,
        verified: at.field("verified").choose(&entry.verified, &verified, Verified::NameOnly),
        confirmed: entry.confirmed,
        note: entry.note.map(|note| words(at.field("note"), note)),
        official_id: entry.official_id,
        slug: entry.slug,
    };
    conditions_fit(at, &service);
    service
}

fn legal_act(at: Place<'_>, act: source::LegalAct) -> LegalAct {
    let date = act.date.as_deref().map(|day| date(at.field("legal_basis"), day));
    LegalAct { act: act.act, number: act.number, date, confirmed: act.confirmed }
}

fn paper(at: Place<'_>, paper: source::Paper) -> Paper {
    let at = at.field(&paper.id);
    key(at, &paper.id, '-');
    let forms = [
        ("original", PaperForm::Original),
        ("original_shown", PaperForm::OriginalShown),
        ("copy_with_original", PaperForm::CopyWithOriginal),
        ("copy", PaperForm::Copy),
        ("generated_or_original", PaperForm::GeneratedOrOriginal),
        ("generated", PaperForm::Generated),
        ("original_or_details", PaperForm::OriginalOrDetails),
        ("original_or_scan", PaperForm::OriginalOrScan),
        ("digital", PaperForm::Digital),
        ("digital_only", PaperForm::DigitalOnly),
    ];
    if paper.when.is_some() && paper.condition.is_none() {
        at.wrong(
            ["є «when» без «condition»", "“when” without “condition”"],
            ["Скажіть умову й словами", "Say the condition in words, too"],
        );
    }
    Paper {
        name: text(at, paper.uk, paper.en),
        condition: paper.condition.map(|one| words(at, one)),
        when: paper.when.and_then(|one| condition(at, one)),
        form: at.choose(&paper.form, &forms, PaperForm::Original),
        any_of: all_words(at, paper.any_of),
        confirmed: paper.confirmed,
        id: paper.id.clone(),
    }
}

fn term(at: Place<'_>, term: source::Term) -> Term {
    let variants = term.variants.into_iter().map(|variant| {
        let condition = variant.when.and_then(|when| condition(at, when));
        TermVariant { when: text(at, variant.uk, variant.en), condition, length: length(at, variant.length) }
    });
    Term {
        variants: variants.collect(),
        usual: term.usual.map(|usual| length(at, usual)),
        note: term.note.map(|note| words(at, note)),
        may_be_suspended: term.may_be_suspended,
    }
}

fn length(at: Place<'_>, length: source::TermLength) -> TermLength {
    let unit = at.choose(&length.unit, &[("hour", Unit::Hour), ("day", Unit::Day), ("month", Unit::Month)], Unit::Day);
    let days = match length.days.as_deref() {
        None => Days::Unknown,
        Some(days) => at.choose(days, &[("working", Days::Working), ("calendar", Days::Calendar)], Days::Unknown),
    };
    if length.value > LONGEST {
        at.wrong(
            [format!("строк {} надто довгий", length.value), format!("a term of {} is too long", length.value)],
            [format!("Дайте число до {LONGEST}"), format!("Give a number up to {LONGEST}")],
        );
    }
    TermLength { value: length.value, unit, days }
}

fn outreach(at: Place<'_>, outreach: source::Outreach) -> Outreach {
    let modes = [
        ("complete_on_site", Mode::CompleteOnSite),
        ("intake_only", Mode::IntakeOnly),
        ("online_assist", Mode::OnlineAssist),
        ("not_available", Mode::NotAvailable),
    ];
    let bases = [("source", Basis::Source), ("inference", Basis::Inference)];
    Outreach {
        mode: at.choose(&outreach.mode, &modes, Mode::NotAvailable),
        basis: at.choose(&outreach.basis, &bases, Basis::Inference),
        note: outreach.note.map(|note| words(at, note)),
        needs: outreach.needs,
    }
}
