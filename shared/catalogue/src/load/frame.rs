//! The frame of a release, and all its files in it.

use std::cell::RefCell;
use std::collections::HashMap;

use super::service::service;
use super::{LoadError, LoadErrors, Place, calendar, date, decimal, in_order, json, key, known, schema, text, unique};
use crate::catalogue::{Catalogue, Edition};
use crate::fees::{BaseValue, FeeBase, FeeRule, Price};
use crate::fold::fold;
use crate::release::{CONSENT, FRAME, HOLIDAYS, TERRITORIES, group_file};
use crate::service::{Authority, Group, Need, NeedBlocks, NeedKind, Payee, Service, Source};
use crate::source;
use crate::territories::Territories;
use crate::text::Text;

/// A release from its files, as (name, text). Everything wrong with them is told.
pub(crate) fn catalogue(files: &[(&str, &str)]) -> Result<Catalogue, LoadErrors> {
    let notes = RefCell::new(Vec::new());
    let read = read(files, &notes);
    match (LoadErrors::of(notes.into_inner()), read) {
        (None, Some(catalogue)) => Ok(catalogue),
        (Some(errors), _) => Err(errors),
        (None, None) => Err(LoadErrors::one(
            FRAME,
            Text::new("каталог не читається", "the catalogue cannot be read"),
            Text::new("Візьміть інші файли", "Take other files"),
        )),
    }
}

fn read(files: &[(&str, &str)], notes: &RefCell<Vec<LoadError>>) -> Option<Catalogue> {
    let find = |name: &str| {
        let found = files.iter().find(|(one, _)| *one == name).map(|(_, text)| *text);
        if found.is_none() {
            Place::file(notes, name).wrong(
                ["файла немає", "the file is missing"],
                ["Випуск має всі файли: додайте його", "A release has all its files: add it"],
            );
        }
        found
    };
    let at = |name| Place::file(notes, name);
    let holidays = find(HOLIDAYS).and_then(|text| calendar::calendar(at(HOLIDAYS), text));
    let consent = find(CONSENT).and_then(|text| calendar::consent(at(CONSENT), text));
    let territories = find(TERRITORIES).and_then(|text| Territories::read(at(TERRITORIES), text));
    let frame_file: source::Frame = json(at(FRAME), find(FRAME)?)?;
    let names: Vec<String> = frame_file.groups.iter().map(|group| group_file(&group.id)).collect();
    let groups = names.iter().filter_map(|name| Some((name.as_str(), find(name)?))).collect::<Vec<_>>();
    let known =
        |name: &str| [FRAME, HOLIDAYS, CONSENT, TERRITORIES].contains(&name) || names.iter().any(|one| one == name);
    for (name, _) in files.iter().filter(|(name, _)| !known(name)) {
        at(name).wrong(
            ["такого файла у випуску немає", "a release has no such file"],
            ["Приберіть його або додайте групу до catalogue.json", "Remove it, or add the group to catalogue.json"],
        );
    }
    let mut catalogue = frame(at(FRAME), frame_file, (holidays?, consent?, territories?));
    for (name, text) in groups {
        services(at(name), text, &mut catalogue);
    }
    let order: HashMap<&str, usize> = catalogue.groups.iter().enumerate().map(|(i, g)| (g.id.as_str(), i)).collect();
    catalogue.services.sort_by_key(|service| order.get(service.group.as_str()).copied());
    catalogue.words = catalogue.services.iter().map(|service| search_words(service, &catalogue)).collect();
    Some(catalogue)
}

/// The services of one group's file.
fn services(at: Place<'_>, text: &str, catalogue: &mut Catalogue) {
    let Some(file) = super::json::group(at, text) else { return };
    if group_file(&file.group) != at.file {
        at.field("group").wrong(
            [format!("у файлі група «{}»", file.group), format!("the file has the group “{}”", file.group)],
            ["Назвіть у ньому групу за назвою файла", "Name the group in it as the file is named"],
        );
    }
    for entry in file.services {
        let slug = entry.slug.clone();
        let at = at.service(&slug);
        let service = service(at, &file.group, entry);
        references(at, &service, catalogue);
        if catalogue.service(&slug).is_some() {
            unique(at, [slug.as_str(), slug.as_str()].into_iter());
        }
        catalogue.services.push(service);
    }
}

fn search_words(service: &Service, catalogue: &Catalogue) -> String {
    let group = catalogue.group(&service.group).map(|group| &group.name);
    let texts = std::iter::once(&service.name).chain(group).chain(&service.results);
    let mut all: Vec<String> = texts.flat_map(|text| [fold(&text.uk), fold(&text.en)]).collect();
    all.extend(service.keywords.iter().map(|keyword| fold(keyword)));
    all.extend(service.official_id.clone());
    all.push(fold(&service.slug));
    all.join(" ")
}

type Beside = (crate::calendar::WorkCalendar, crate::consent::Consent, Territories);

/// The highest number of a release: more than a centre could ever publish.
const MAX_NUMBER: u32 = 1_000_000;

fn frame(at: Place<'_>, frame: source::Frame, (calendar, consent, territories): Beside) -> Catalogue {
    schema(at, frame.schema);
    let number = frame.release.number;
    if number == 0 {
        at.field("release")
            .wrong(["номер випуску 0", "release number 0"], ["Номери рахують від 1", "Numbers count from 1"]);
    }
    if number > MAX_NUMBER {
        at.field("release").wrong(
            [format!("номер випуску {number}"), format!("release number {number}")],
            [
                format!("Номери йдуть підряд, найбільший — {MAX_NUMBER}"),
                format!("Numbers follow each other, up to {MAX_NUMBER}"),
            ],
        );
    }
    let named = |all: Vec<source::Named>| -> Vec<(String, Text)> {
        unique(at, all.iter().map(|one| one.id.as_str()));
        all.into_iter().map(|one| (one.id.clone(), text(at.field(&one.id), one.uk, one.en))).collect()
    };
    for group in &frame.groups {
        key(at.field("groups"), &group.id, '_');
    }
    unique(at, frame.needs.iter().map(|need| need.id.as_str()));
    unique(at, frame.sources.iter().map(|source| source.id.as_str()));
    unique(at, frame.fee_bases.iter().map(|base| base.id.as_str()));
    let sources = frame.sources.into_iter().map(|s| (s.id.clone(), Source { id: s.id, url: s.url, title: s.title }));
    let catalogue = Catalogue {
        release: Edition { number, effective_from: date(at.field("release"), &frame.release.effective_from) },
        groups: named(frame.groups).into_iter().map(|(id, name)| Group { id, name }).collect(),
        authorities: named(frame.authorities).into_iter().map(|(id, name)| Authority { id, name }).collect(),
        payees: named(frame.payees).into_iter().map(|(id, name)| Payee { id, name }).collect(),
        needs: frame.needs.into_iter().map(|one| need(at, one)).collect(),
        bases: frame.fee_bases.into_iter().map(|base| fee_base(at, base)).collect(),
        sources: sources.collect(),
        services: Vec::new(),
        words: Vec::new(),
        calendar,
        consent,
        territories,
    };
    for base in &catalogue.bases {
        for id in &base.sources {
            known(at.field(&base.id), id, catalogue.source(id).is_some(), ["джерела", "source"]);
        }
    }
    catalogue
}

fn need(at: Place<'_>, need: source::Need) -> Need {
    let at = at.field(&need.id);
    let kinds = [
        ("network", NeedKind::Network),
        ("equipment", NeedKind::Equipment),
        ("person", NeedKind::Person),
        ("afterwards", NeedKind::Afterwards),
    ];
    let blocks =
        [("nothing", NeedBlocks::Nothing), ("completion", NeedBlocks::Completion), ("intake", NeedBlocks::Intake)];
    Need {
        kind: at.choose(&need.kind, &kinds, NeedKind::Afterwards),
        blocks: at.choose(&need.blocks, &blocks, NeedBlocks::Intake),
        name: text(at, need.uk, need.en),
        id: need.id.clone(),
    }
}

fn fee_base(at: Place<'_>, base: source::FeeBase) -> FeeBase {
    let at = at.field(&base.id);
    let mut values: Vec<BaseValue> = Vec::new();
    for value in base.values {
        let from = date(at, &value.from);
        let to = value.to.as_deref().map(|to| date(at, to));
        in_order(at, from, to);
        if values.last().is_some_and(|last| last.to.is_none_or(|to| to >= from)) {
            at.wrong(
                [
                    format!("значення від {from} перекриває попереднє"),
                    format!("the value from {from} overlaps another"),
                ],
                ["Розставте значення за днями, кожне з кінцем", "Order the values, each with its end"],
            );
        }
        values.push(BaseValue { from, to, kopiykas: decimal(at, &value.amount, 2) });
    }
    FeeBase { id: base.id.clone(), name: text(at, base.uk, base.en), values, sources: base.sources }
}

/// Everything a service names in the frame is there.
fn references(at: Place<'_>, service: &Service, frame: &Catalogue) {
    for id in &service.authorities {
        known(at.field("authorities"), id, frame.authority(id).is_some(), ["органу", "authority"]);
    }
    for id in &service.outreach.needs {
        known(at.field("outreach"), id, frame.need(id).is_some(), ["потреби", "need"]);
    }
    for id in &service.sources {
        known(at.field("sources"), id, frame.source(id).is_some(), ["джерела", "source"]);
    }
    if let Some(id) = &service.fee.payee {
        known(at.field("fee"), id, frame.payee(id).is_some(), ["отримувача", "payee"]);
    }
    if let FeeRule::Charged { usual, variants, surcharges } = &service.fee.rule {
        let all = std::iter::once(usual).chain(variants.iter().chain(surcharges).map(|variant| &variant.price));
        for price in all {
            if let Price::Share { base, .. } = price {
                let there = frame.bases.iter().any(|one| one.id == *base);
                known(at.field("fee"), base, there, ["базової величини", "fee base"]);
            }
        }
    }
}
