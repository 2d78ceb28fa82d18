//! The frame of a release, and all its services in it.

use std::collections::HashMap;

use super::service::service;
use super::{LoadError, Place, date, decimal, json, known, schema, text, unique};
use crate::catalogue::{Catalogue, Release};
use crate::fees::{BaseValue, FeeBase, FeeRule, Price};
use crate::fold::fold;
use crate::service::{Authority, Group, Need, NeedBlocks, NeedKind, Payee, Service, Source};
use crate::source;
use crate::text::Text;

pub(crate) fn catalogue(files: &[(&str, &str)]) -> Result<Catalogue, LoadError> {
    let Some(((name, text), groups)) = files.split_first() else {
        return Err(Place::file("—").wrong("a catalogue without files", "Give the frame and at least one group"));
    };
    let mut catalogue = frame(name, json(name, text)?)?;
    for (name, text) in groups {
        let file: source::GroupFile = json(name, text)?;
        let at = Place::file(name);
        known(at, &file.group, catalogue.group(&file.group).is_some(), "group")?;
        for entry in file.services {
            let slug = entry.slug.clone();
            let at = Place { service: Some(&slug), ..at };
            let service = service(at, &file.group, entry)?;
            references(at, &service, &catalogue)?;
            catalogue.services.push(service);
        }
        unique(at, catalogue.services.iter().map(|service| service.slug.as_str()))?;
    }
    let order: HashMap<&str, usize> = catalogue.groups.iter().enumerate().map(|(i, g)| (g.id.as_str(), i)).collect();
    catalogue.services.sort_by_key(|service| order.get(service.group.as_str()).copied());
    catalogue.words = catalogue.services.iter().map(|service| search_words(service, &catalogue)).collect();
    Ok(catalogue)
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

fn frame(name: &str, frame: source::Frame) -> Result<Catalogue, LoadError> {
    let at = Place::file(name);
    schema(at, frame.schema)?;
    let named = |all: Vec<source::Named>| -> Result<Vec<(String, Text)>, LoadError> {
        unique(at, all.iter().map(|one| one.id.as_str()))?;
        all.into_iter().map(|one| Ok((one.id.clone(), text(at.field(&one.id), one.uk, one.en)?))).collect()
    };
    let groups = named(frame.groups)?.into_iter().map(|(id, name)| Group { id, name }).collect();
    let authorities = named(frame.authorities)?.into_iter().map(|(id, name)| Authority { id, name }).collect();
    let payees = named(frame.payees)?.into_iter().map(|(id, name)| Payee { id, name }).collect();
    unique(at, frame.needs.iter().map(|need| need.id.as_str()))?;
    unique(at, frame.sources.iter().map(|source| source.id.as_str()))?;
    let sources = frame.sources.into_iter().map(|s| (s.id.clone(), Source { id: s.id, url: s.url, title: s.title }));
    Ok(Catalogue {
        release: Release {
            number: frame.release.number,
            effective_from: date(at.field("release"), &frame.release.effective_from)?,
        },
        groups,
        authorities,
        payees,
        needs: frame.needs.into_iter().map(|one| need(at, one)).collect::<Result<_, _>>()?,
        bases: frame.fee_bases.into_iter().map(|base| fee_base(at, base)).collect::<Result<_, _>>()?,
        sources: sources.collect(),
        services: Vec::new(),
        words: Vec::new(),
    })
}

fn need(at: Place<'_>, need: source::Need) -> Result<Need, LoadError> {
    let at = at.field(&need.id);
    let kind = match need.kind.as_str() {
        "network" => NeedKind::Network,
        "equipment" => NeedKind::Equipment,
        "person" => NeedKind::Person,
        "afterwards" => NeedKind::Afterwards,
        other => return Err(at.one_of(other, "network, equipment, person, afterwards")),
    };
    let blocks = match need.blocks.as_str() {
        "nothing" => NeedBlocks::Nothing,
        "completion" => NeedBlocks::Completion,
        "intake" => NeedBlocks::Intake,
        other => return Err(at.one_of(other, "nothing, completion, intake")),
    };
    let name = text(at, need.uk, need.en)?;
    Ok(Need { id: need.id.clone(), name, kind, blocks })
}

fn fee_base(at: Place<'_>, base: source::FeeBase) -> Result<FeeBase, LoadError> {
    let at = at.field(&base.id);
    let mut values = Vec::new();
    for value in base.values {
        let from = date(at, &value.from)?;
        let to = value.to.as_deref().map(|to| date(at, to)).transpose()?;
        let after_last = values.last().is_none_or(|last: &BaseValue| last.to.is_some_and(|to| to < from));
        if !after_last || to.is_some_and(|to| to < from) {
            return Err(
                at.wrong(format!("the value from {from} overlaps another"), "Order the values, each with its end")
            );
        }
        values.push(BaseValue { from, to, kopiykas: decimal(at, &value.amount, 2)? });
    }
    Ok(FeeBase { id: base.id.clone(), name: text(at, base.uk, base.en)?, values, sources: base.sources })
}

/// Everything a service names in the frame is there.
fn references(at: Place<'_>, service: &Service, frame: &Catalogue) -> Result<(), LoadError> {
    for id in &service.authorities {
        known(at.field("authorities"), id, frame.authority(id).is_some(), "authority")?;
    }
    for id in &service.outreach.needs {
        known(at.field("outreach"), id, frame.need(id).is_some(), "need")?;
    }
    for id in &service.sources {
        known(at.field("sources"), id, frame.source(id).is_some(), "source")?;
    }
    if let Some(id) = &service.fee.payee {
        known(at.field("fee"), id, frame.payee(id).is_some(), "payee")?;
    }
    if let FeeRule::Charged { usual, variants, surcharges } = &service.fee.rule {
        let all = std::iter::once(usual).chain(variants.iter().chain(surcharges).map(|variant| &variant.price));
        for price in all {
            if let Price::Share { base, .. } = price {
                known(at.field("fee"), base, frame.bases.iter().any(|one| one.id == *base), "fee base")?;
            }
        }
    }
    Ok(())
}
