//! The working calendar and the consent.

use super::{Place, date, in_order, json, key, schema, text, unique, words};
use crate::calendar::{HolidayDay, HolidayRule, LocalDays, Suspension, WorkCalendar};
use crate::consent::{Consent, ConsentPart, Signatory, places_are_known};
use crate::source;

pub(super) fn calendar(at: Place<'_>, text: &str) -> Option<WorkCalendar> {
    let file: source::Holidays = json(at, text)?;
    schema(at, file.schema);
    let period = |given: &source::Period| {
        let at = at.field("martial_law");
        let (from, to) = (date(at, &given.from), given.to.as_deref().map(|to| date(at, to)));
        in_order(at, from, to);
        (from, to)
    };
    Some(WorkCalendar {
        martial_law: file.martial_law.iter().map(period).collect(),
        rules: file.holidays.into_iter().map(|one| holiday(at, one)).collect(),
        suspensions: file.suspensions.into_iter().map(|one| suspension(at, one)).collect(),
        local: LocalDays::default(),
    })
}

fn holiday(at: Place<'_>, one: source::Holiday) -> HolidayRule {
    let at = at.field(&one.en);
    let day = match (one.day.as_deref(), one.after_easter) {
        (Some(day), None) => {
            // A leap year, so that 29 February could be a holiday.
            let day = date(at, &format!("2024-{day}"));
            HolidayDay::Fixed { month: day.month(), day: day.day() }
        }
        (None, Some(days)) if (-60..=60).contains(&days) => HolidayDay::AfterEaster { days },
        _ => {
            at.wrong(
                ["дня немає або їх два", "no day, or two"],
                [
                    "Дайте day як MM-DD або after_easter у днях, до 60",
                    "Give day as MM-DD, or after_easter in days, up to 60",
                ],
            );
            HolidayDay::AfterEaster { days: 0 }
        }
    };
    if one.to_year.is_some_and(|to| to < one.from_year) {
        at.wrong(
            ["останній рік раніше за перший", "the last year is before the first"],
            ["Виправте from_year або to_year", "Correct from_year or to_year"],
        );
    }
    let name = text(at, one.uk.clone(), one.en.clone());
    HolidayRule { name, day, from_year: one.from_year, to_year: one.to_year }
}

fn suspension(at: Place<'_>, one: source::Suspension) -> Suspension {
    let at = at.field("suspensions");
    let (from, to) = (date(at, &one.from), one.to.as_deref().map(|to| date(at, to)));
    in_order(at, from, to);
    Suspension { from, to, basis: text(at, one.uk, one.en) }
}

pub(super) fn consent(at: Place<'_>, data: &str) -> Option<Consent> {
    let file: source::Consent = json(at, data)?;
    schema(at, file.schema);
    unique(at, file.parts.iter().map(|part| part.id.as_str()));
    unique(at, file.signed_by.iter().map(|one| one.id.as_str()));
    if file.version == 0 {
        at.wrong(["версія згоди 0", "version 0 of the consent"], ["Версії рахують від 1", "Versions count from 1"]);
    }
    if !file.parts.iter().any(|part| part.required) || file.signed_by.is_empty() {
        at.wrong(
            ["немає обов’язкової частини або того, хто підписує", "no required part, or nobody who signs"],
            ["Додайте parts із required і signed_by", "Add parts with required, and signed_by"],
        );
    }
    let parts = file.parts.into_iter().map(|part| {
        let at = at.field(&part.id);
        key(at, &part.id, '_');
        let (title, text) = (words(at, part.title), words(at, part.text));
        if !places_are_known(&text.uk) || !places_are_known(&text.en) {
            at.wrong(
                ["невідоме місце у фігурних дужках", "an unknown place in braces"],
                ["Лише {owner}, {code}, {address} і {contact}", "Use {owner}, {code}, {address} and {contact} only"],
            );
        }
        ConsentPart { title, text, required: part.required, id: part.id.clone() }
    });
    let parts = parts.collect();
    let signed_by = file
        .signed_by
        .into_iter()
        .map(|one| Signatory { label: text(at.field(&one.id), one.uk, one.en), id: one.id.clone() });
    Some(Consent {
        signed_by: signed_by.collect(),
        version: file.version,
        effective_from: date(at, &file.effective_from),
        parts,
        title: words(at, file.title),
    })
}
