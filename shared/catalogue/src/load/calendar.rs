//! The working calendar and the consent.

use super::{LoadError, Place, date, json, schema, text, unique, words};
use crate::calendar::{HolidayDay, HolidayRule, LocalDays, WorkCalendar};
use crate::consent::{Consent, ConsentPart, Signatory, places_are_known};
use crate::source;

pub(crate) fn calendar(name: &str, text: &str) -> Result<WorkCalendar, LoadError> {
    let at = Place::file(name);
    let file: source::Holidays = json(name, text)?;
    schema(at, file.schema)?;
    let mut martial_law = Vec::new();
    for period in &file.martial_law {
        let to = period.to.as_deref().map(|to| date(at, to)).transpose()?;
        martial_law.push((date(at, &period.from)?, to));
    }
    let rules = file.holidays.into_iter().map(|one| holiday(at, one)).collect::<Result<_, _>>()?;
    Ok(WorkCalendar { rules, martial_law, local: LocalDays::default() })
}

fn holiday(at: Place<'_>, one: source::Holiday) -> Result<HolidayRule, LoadError> {
    let wrong = || at.field(&one.en).wrong("no day, or two", "Give day as MM-DD, or after_easter in days");
    let day = match (one.day.as_deref(), one.after_easter) {
        (Some(day), None) => {
            // A leap year, so that 29 February could be a holiday.
            let day = date(at, &format!("2024-{day}"))?;
            HolidayDay::Fixed { month: day.month(), day: day.day() }
        }
        (None, Some(days)) if (-60..=60).contains(&days) => HolidayDay::AfterEaster { days },
        _ => return Err(wrong()),
    };
    let name = text(at, one.uk, one.en)?;
    Ok(HolidayRule { name, day, from_year: one.from_year, to_year: one.to_year })
}

pub(crate) fn consent(name: &str, data: &str) -> Result<Consent, LoadError> {
    let at = Place::file(name);
    let file: source::Consent = json(name, data)?;
    schema(at, file.schema)?;
    unique(at, file.parts.iter().map(|part| part.id.as_str()))?;
    let parts = file.parts.into_iter().map(|part| {
        let at = at.field(&part.id);
        let (title, text) = (words(at, part.title)?, words(at, part.text)?);
        if !places_are_known(&text.uk) || !places_are_known(&text.en) {
            return Err(at.wrong("an unknown place in braces", "Use {owner}, {code}, {address} and {contact} only"));
        }
        Ok(ConsentPart { title, text, required: part.required, id: part.id.clone() })
    });
    let signed_by = file.signed_by.into_iter().map(|one| {
        let label = text(at.field(&one.id), one.uk, one.en)?;
        Ok(Signatory { id: one.id, label })
    });
    Ok(Consent {
        signed_by: signed_by.collect::<Result<_, LoadError>>()?,
        version: file.version,
        effective_from: date(at, &file.effective_from)?,
        parts: parts.collect::<Result<_, LoadError>>()?,
        title: words(at, file.title)?,
    })
}
