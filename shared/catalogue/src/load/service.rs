//! One service.

use super::condition::{condition, conditions_fit};
use super::fee::fee;
use super::field::field;
use super::{LoadError, Place, all_words, date, key, text, unique, words};
use crate::service::{
    Basis, Days, FormBasis, LegalAct, Mode, Outreach, Paper, PaperForm, Service, Term, TermLength, TermVariant, Unit,
    Verified,
};
use crate::source;

pub(super) fn service(at: Place<'_>, group: &str, entry: source::Service) -> Result<Service, LoadError> {
    key(at, &entry.slug, '-')?;
    if entry.official_id.as_ref().is_some_and(|id| id.len() != 5 || !id.bytes().all(|b| b.is_ascii_digit())) {
        return Err(at.field("official_id").wrong("it has not five digits", "Give the Guide's identifier, or none"));
    }
    let fields = entry.fields.into_iter().map(|one| field(at, one)).collect::<Result<Vec<_>, _>>()?;
    unique(at, fields.iter().map(|field| field.id.as_str()))?;
    let papers = entry.papers.into_iter().map(|one| paper(at, one)).collect::<Result<Vec<_>, _>>()?;
    unique(at, papers.iter().map(|paper| paper.id.as_str()))?;
    let verified = match entry.verified.as_str() {
        "full" => Verified::Full,
        "partial" => Verified::Partial,
        "name_only" => Verified::NameOnly,
        other => return Err(at.field("verified").one_of(other, "full, partial, name_only")),
    };
    let form_basis = match entry.form_basis.as_str() {
        "source_partial" => FormBasis::SourcePartial,
        "derived" => FormBasis::Derived,
        "coined" => FormBasis::Coined,
        "none" => FormBasis::None,
        other => return Err(at.field("form_basis").one_of(other, "source_partial, derived, coined, none")),
    };
    let service = Service {
        name: words(at.field("name"), entry.name)?,
        group: group.to_owned(),
        authorities: entry.authorities,
        legal_basis: entry.legal_basis.into_iter().map(|act| legal_act(at, act)).collect::<Result<_, _>>()?,
        applicants: all_words(at.field("applicants"), entry.applicants)?,
        papers,
        fee: fee(at.field("fee"), entry.fee)?,
        term: term(at.field("term"), entry.term)?,
        results: all_words(at.field("results"), entry.results)?,
        refusal_grounds: all_words(at.field("refusal_grounds"), entry.refusal_grounds)?,
        refusal_grounds_confirmed: entry.refusal_grounds_confirmed,
        outreach: outreach(at.field("outreach"), entry.outreach)?,
        form_basis,
        fields,
        keywords: entry.keywords,
        sources: entry.sources,
        verified,
        confirmed: entry.confirmed,
        note: entry.note.map(|note| words(at.field("note"), note)).transpose()?,
        official_id: entry.official_id,
        slug: entry.slug,
    };
    conditions_fit(at, &service)?;
    Ok(service)
}

fn legal_act(at: Place<'_>, act: source::LegalAct) -> Result<LegalAct, LoadError> {
    let date = act.date.as_deref().map(|day| date(at.field("legal_basis"), day)).transpose()?;
    Ok(LegalAct { act: act.act, number: act.number, date, confirmed: act.confirmed })
}

fn paper(at: Place<'_>, paper: source::Paper) -> Result<Paper, LoadError> {
    let at = at.field(&paper.id);
    key(at, &paper.id, '-')?;
    let form = match paper.form.as_str() {
        "original" => PaperForm::Original,
        "original_shown" => PaperForm::OriginalShown,
        "copy_with_original" => PaperForm::CopyWithOriginal,
        "copy" => PaperForm::Copy,
        "generated_or_original" => PaperForm::GeneratedOrOriginal,
        "generated" => PaperForm::Generated,
        "original_or_details" => PaperForm::OriginalOrDetails,
        "original_or_scan" => PaperForm::OriginalOrScan,
        "digital" => PaperForm::Digital,
        "digital_only" => PaperForm::DigitalOnly,
        other => return Err(at.one_of(other, "original, original_shown, copy_with_original, copy, …")),
    };
    if paper.when.is_some() && paper.condition.is_none() {
        return Err(at.wrong("«when» without «condition»", "Say the condition in words, too"));
    }
    Ok(Paper {
        name: text(at, paper.uk, paper.en)?,
        condition: paper.condition.map(|one| words(at, one)).transpose()?,
        when: paper.when.map(|one| condition(at, one)).transpose()?,
        form,
        any_of: all_words(at, paper.any_of)?,
        confirmed: paper.confirmed,
        id: paper.id.clone(),
    })
}

fn term(at: Place<'_>, term: source::Term) -> Result<Term, LoadError> {
    let variants = term.variants.into_iter().map(|variant| {
        let condition = variant.when.map(|when| condition(at, when)).transpose()?;
        Ok(TermVariant { when: text(at, variant.uk, variant.en)?, condition, length: length(at, variant.length)? })
    });
    Ok(Term {
        usual: term.usual.map(|usual| length(at, usual)).transpose()?,
        variants: variants.collect::<Result<_, LoadError>>()?,
        note: term.note.map(|note| words(at, note)).transpose()?,
        may_be_suspended: term.may_be_suspended,
    })
}

fn length(at: Place<'_>, length: source::TermLength) -> Result<TermLength, LoadError> {
    let unit = match length.unit.as_str() {
        "hour" => Unit::Hour,
        "day" => Unit::Day,
        "month" => Unit::Month,
        other => return Err(at.one_of(other, "hour, day, month")),
    };
    let days = match length.days.as_deref() {
        None => Days::Unknown,
        Some("working") => Days::Working,
        Some("calendar") => Days::Calendar,
        Some(other) => return Err(at.one_of(other, "working, calendar, or nothing")),
    };
    Ok(TermLength { value: length.value, unit, days })
}

fn outreach(at: Place<'_>, outreach: source::Outreach) -> Result<Outreach, LoadError> {
    let mode = match outreach.mode.as_str() {
        "complete_on_site" => Mode::CompleteOnSite,
        "intake_only" => Mode::IntakeOnly,
        "online_assist" => Mode::OnlineAssist,
        "not_available" => Mode::NotAvailable,
        other => return Err(at.one_of(other, "complete_on_site, intake_only, online_assist, not_available")),
    };
    let basis = match outreach.basis.as_str() {
        "source" => Basis::Source,
        "inference" => Basis::Inference,
        other => return Err(at.one_of(other, "source, inference")),
    };
    let note = outreach.note.map(|note| words(at, note)).transpose()?;
    Ok(Outreach { mode, needs: outreach.needs, basis, note })
}
