//! What changed beside the services: what all of them share.

use super::{Change, ChangeKind, Details, day, nothing};
use crate::calendar::{HolidayDay, WorkCalendar};
use crate::catalogue::Catalogue;
use crate::consent::Consent;
use crate::fees::{FeeBase, hryvnias};
use crate::text::Text;

pub(super) fn changes(old: &Catalogue, new: &Catalogue) -> Vec<Change> {
    let mut changes = bases(old, new);
    let about = |subject: [&str; 2], details: Details| {
        let subject = Text::new(subject[0], subject[1]);
        (!details.0.is_empty()).then_some(Change { kind: ChangeKind::Changed, slug: None, subject, details: details.0 })
    };
    changes.extend(about(["Групи послуг", "Groups of services"], groups(old, new)));
    changes.extend(about(["Надавачі та отримувачі плати", "Providers and payees"], bodies(old, new)));
    changes.extend(about(["Потреби на виїзді", "Needs at home"], needs(old, new)));
    changes.extend(about(["Календар", "Calendar"], calendar(old.calendar(), new.calendar())));
    changes.extend(about(["Згода", "Consent"], consent(old.consent(), new.consent())));
    changes.extend(about(["Перелік територій", "List of territories"], territories(old, new)));
    changes.extend(about(["Послуги", "Services"], order(old, new)));
    let mut sources = Details::default();
    sources.touched(old.sources != new.sources, ["змінено джерела", "the sources changed"]);
    changes.extend(about(["Джерела", "Sources"], sources));
    changes
}

fn bases(old: &Catalogue, new: &Catalogue) -> Vec<Change> {
    let mut changes = Vec::new();
    for base in new.fee_bases() {
        let (kind, details) = match old.fee_bases().iter().find(|one| one.id == base.id) {
            None => (ChangeKind::Added, values(&[], base)),
            Some(was) if was == base => continue,
            Some(was) => {
                let mut details = values(&said(was), base);
                details.turned(["назва", "name"], &was.name, &base.name);
                details.touched(was.sources != base.sources, ["змінено джерела", "the sources changed"]);
                details.rest(was != base);
                (ChangeKind::Changed, details)
            }
        };
        changes.push(Change { kind, slug: None, subject: base.name.clone(), details: details.0 });
    }
    let gone = old.fee_bases().iter().filter(|base| !new.fee_bases().iter().any(|one| one.id == base.id));
    changes.extend(gone.map(|base| Change {
        kind: ChangeKind::Removed,
        slug: None,
        subject: base.name.clone(),
        details: Vec::new(),
    }));
    changes
}

fn values(before: &[Text], base: &FeeBase) -> Details {
    let mut details = Details::default();
    details.listed(["розмір", "amount"], before, &said(base));
    details
}

/// «3 328,00 грн з 01.01.2026 до 31.12.2026».
fn said(base: &FeeBase) -> Vec<Text> {
    let one = |value: &crate::fees::BaseValue| {
        let amount = hryvnias(value.kopiykas);
        let to_uk = value.to.map(|to| format!(" до {}", day(to))).unwrap_or_default();
        let to_en = value.to.map(|to| format!(" to {}", day(to))).unwrap_or_default();
        Text::new(
            format!("{amount} грн з {}{to_uk}", day(value.from)),
            format!("UAH {} from {}{to_en}", amount.replace(',', "."), day(value.from)),
        )
    };
    base.values.iter().map(one).collect()
}

fn groups(old: &Catalogue, new: &Catalogue) -> Details {
    let mut details = Details::default();
    let names = |catalogue: &Catalogue| catalogue.groups().iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    details.listed(["група", "group"], &names(old), &names(new));
    let ids = |catalogue: &Catalogue| catalogue.groups().iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    let order = details.0.is_empty() && ids(old) != ids(new);
    details.touched(order, ["змінено порядок", "their order changed"]);
    details.rest(old.groups() != new.groups());
    details
}

/// The order in which the services stand, where the same ones do.
fn order(old: &Catalogue, new: &Catalogue) -> Details {
    let mut details = Details::default();
    let kept = |one: &Catalogue, other: &Catalogue| -> Vec<String> {
        let both = one.services().iter().filter(|service| other.service(&service.slug).is_some());
        both.map(|service| service.slug.clone()).collect()
    };
    let moved =
        old.services().iter().all(|service| new.service(&service.slug).is_none_or(|now| now.group == service.group));
    details.touched(moved && kept(old, new) != kept(new, old), ["змінено порядок", "their order changed"]);
    details
}

fn bodies(old: &Catalogue, new: &Catalogue) -> Details {
    let mut details = Details::default();
    let names = |catalogue: &Catalogue| catalogue.authorities.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    details.listed(["надавач", "provider"], &names(old), &names(new));
    let names = |catalogue: &Catalogue| catalogue.payees.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    details.listed(["отримувач плати", "payee"], &names(old), &names(new));
    details.rest(old.authorities != new.authorities || old.payees != new.payees);
    details
}

fn needs(old: &Catalogue, new: &Catalogue) -> Details {
    let mut details = Details::default();
    let names = |catalogue: &Catalogue| catalogue.needs().iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    details.listed(["потреба", "need"], &names(old), &names(new));
    for need in new.needs() {
        let Some(was) = old.need(&need.id) else { continue };
        let said = [
            format!("«{}»: змінено, чому вона заважає", need.name.uk),
            format!("“{}”: what it blocks changed", need.name.en),
        ];
        details.touched((was.kind, was.blocks) != (need.kind, need.blocks), [&said[0], &said[1]]);
    }
    for need in new.needs() {
        let namesake = old.needs().iter().find(|one| one.name == need.name).filter(|one| one.id != need.id);
        let Some(was) = namesake else { continue };
        details.say(
            format!("«{}»: ключ {} → {}", need.name.uk, was.id, need.id),
            format!("“{}”: key {} → {}", need.name.en, was.id, need.id),
        );
    }
    details.rest(old.needs() != new.needs());
    details
}

fn calendar(old: &WorkCalendar, new: &WorkCalendar) -> Details {
    let mut details = Details::default();
    let holidays = |calendar: &WorkCalendar| -> Vec<Text> {
        let one = |rule: &crate::calendar::HolidayRule| {
            let day = match rule.day {
                HolidayDay::Fixed { month, day } => format!("{day:02}.{month:02}"),
                HolidayDay::AfterEaster { days } => format!("Великдень / Easter +{days}"),
            };
            let years = format!("{}–{}", rule.from_year, rule.to_year.map(|to| to.to_string()).unwrap_or_default());
            Text::new(format!("{} ({day}, {years})", rule.name.uk), format!("{} ({day}, {years})", rule.name.en))
        };
        calendar.rules.iter().map(one).collect()
    };
    details.listed(["свято", "holiday"], &holidays(old), &holidays(new));
    let periods = |calendar: &WorkCalendar| -> Vec<Text> {
        let one = |(from, to): &(jiff::civil::Date, Option<jiff::civil::Date>)| {
            let said = format!("{} – {}", day(*from), to.map(day).unwrap_or_default());
            Text::new(&said, &said)
        };
        calendar.martial_law.iter().map(one).collect()
    };
    details.listed(["воєнний стан", "martial law"], &periods(old), &periods(new));
    let suspensions = |calendar: &WorkCalendar| -> Vec<Text> {
        let one = |s: &crate::calendar::Suspension| {
            let days = format!("{} – {}", day(s.from), s.to.map(day).unwrap_or_default());
            Text::new(format!("{} ({days})", s.basis.uk), format!("{} ({days})", s.basis.en))
        };
        calendar.suspensions.iter().map(one).collect()
    };
    details.listed(["зупинення строків", "suspension of terms"], &suspensions(old), &suspensions(new));
    details.rest(old != new);
    details
}

fn consent(old: &Consent, new: &Consent) -> Details {
    let mut details = Details::default();
    let version = |consent: &Consent| Text::new(consent.version.to_string(), consent.version.to_string());
    details.turned(["версія тексту", "version of the text"], &version(old), &version(new));
    let titles = |consent: &Consent| consent.parts.iter().map(|part| part.title.clone()).collect::<Vec<_>>();
    details.listed(["частина", "part"], &titles(old), &titles(new));
    for part in &new.parts {
        let Some(was) = old.part(&part.id) else { continue };
        let said = [format!("змінено текст «{}»", part.title.uk), format!("the text of “{}” changed", part.title.en)];
        details.touched((&was.text, was.required) != (&part.text, part.required), [&said[0], &said[1]]);
    }
    let rest = (&old.title, &old.signed_by, old.effective_from) != (&new.title, &new.signed_by, new.effective_from);
    details.touched(rest, ["змінено заголовок, день або підписантів", "its heading, day or signatories changed"]);
    details.rest(old != new);
    details
}

fn territories(old: &Catalogue, new: &Catalogue) -> Details {
    let (old, new) = (old.territories(), new.territories());
    let mut details = Details::default();
    let edition = |edition: &str| if edition.is_empty() { nothing() } else { Text::new(edition, edition) };
    details.turned(["редакція", "edition"], &edition(old.edition()), &edition(new.edition()));
    let (added, gone) = (new.entries_beside(old), old.entries_beside(new));
    if added + gone > 0 {
        details.say(
            format!("записів було {}, стало {}: нових {added}, прибрано {gone}", old.len(), new.len()),
            format!("entries were {}, are {}: {added} new, {gone} removed", old.len(), new.len()),
        );
    }
    details.rest(old != new);
    details
}
