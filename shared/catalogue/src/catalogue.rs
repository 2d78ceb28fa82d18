//! The catalogue as a whole: one numbered release of all services.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::calendar::WorkCalendar;
use crate::consent::Consent;
use crate::fees::FeeBase;
use crate::fold::fold;
use crate::load::{self, LoadErrors};
use crate::release::Release;
use crate::service::{Authority, Group, Need, Payee, Service, Source};
use crate::territories::Territories;

/// Which release a catalogue is. A request keeps the number of the release under which it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition {
    /// Number, growing.
    pub number: u32,
    /// First day it is used.
    pub effective_from: Date,
}

/// One release of the catalogue.
#[derive(Debug, Clone)]
pub struct Catalogue {
    pub(crate) release: Edition,
    pub(crate) groups: Vec<Group>,
    pub(crate) authorities: Vec<Authority>,
    pub(crate) payees: Vec<Payee>,
    pub(crate) needs: Vec<Need>,
    pub(crate) bases: Vec<FeeBase>,
    pub(crate) sources: HashMap<String, Source>,
    pub(crate) services: Vec<Service>,
    /// Folded words of each service, for search; in the order of `services`.
    pub(crate) words: Vec<String>,
    pub(crate) calendar: WorkCalendar,
    pub(crate) consent: Consent,
    pub(crate) territories: Territories,
}

impl Catalogue {
    /// The release that ships with the program, parsed once.
    pub fn embedded() -> &'static Catalogue {
        Release::embedded().catalogue
    }

    /// A release from its files, as (name, text), in any order: `catalogue.json`, `holidays.json`, `consent.json`,
    /// `territories.txt`, and `services/<group>.json` for each group. Everything wrong with them is told.
    pub fn parse(files: &[(&str, &str)]) -> Result<Catalogue, LoadErrors> {
        load::catalogue(files)
    }

    /// The same under another number, from another day.
    pub fn under(self, release: Edition) -> Catalogue {
        Catalogue { release, ..self }
    }

    /// Which release this is.
    pub fn release(&self) -> &Edition {
        &self.release
    }

    /// Working days, holidays, suspensions of terms.
    pub fn calendar(&self) -> &WorkCalendar {
        &self.calendar
    }

    /// The consent to the processing of personal data.
    pub fn consent(&self) -> &Consent {
        &self.consent
    }

    /// Territories with hostilities or occupation.
    pub fn territories(&self) -> &Territories {
        &self.territories
    }

    /// The groups in the order of the pages.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Every service, by group and then in the order of the data.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// The services of one group.
    pub fn services_of<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a Service> {
        self.services.iter().filter(move |service| service.group == group)
    }

    /// A service by its slug.
    pub fn service(&self, slug: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.slug == slug)
    }

    /// A group by its id.
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// An authority by its id.
    pub fn authority(&self, id: &str) -> Option<&Authority> {
        self.authorities.iter().find(|authority| authority.id == id)
    }

    /// A payee by its id.
    pub fn payee(&self, id: &str) -> Option<&Payee> {
        self.payees.iter().find(|payee| payee.id == id)
    }

    /// Everything a service may need on the spot.
    pub fn needs(&self) -> &[Need] {
        &self.needs
    }

    /// A need by its id.
    pub fn need(&self, id: &str) -> Option<&Need> {
        self.needs.iter().find(|need| need.id == id)
    }

    /// A source by its id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.get(id)
    }

    /// The official amounts that fees are shares of.
    pub fn fee_bases(&self) -> &[FeeBase] {
        &self.bases
    }

    /// Services of which every word of the query begins a word: of the name, the group, a result, a life situation,
    /// or the official id. A longer word counts without its ending, too («пенсія» finds «пенсії»). Best first: words of
    /// the name before others, whole beginnings before stems; then in the order of the catalogue. An empty query
    /// finds every service.
    pub fn search(&self, query: &str) -> Vec<&Service> {
        let query: String = query.chars().take(MAX_QUERY).collect();
        let query = fold(&query);
        let asked: Vec<&str> = query.split(' ').filter(|word| !word.is_empty()).collect();
        let mut found: Vec<(u32, &Service)> = Vec::new();
        for (service, words) in self.services.iter().zip(&self.words) {
            let name = format!("{} {}", fold(&service.name.uk), fold(&service.name.en));
            let each: Option<Vec<u32>> = asked.iter().map(|word| distance(word, &name, words)).collect();
            found.extend(each.map(|each| (each.iter().sum(), service)));
        }
        found.sort_by_key(|(distance, _)| *distance);
        found.into_iter().map(|(_, service)| service).collect()
    }
}

/// Characters of a query that count.
const MAX_QUERY: usize = 200;

/// How far a word is from a service's name and other words; `None` if it is in neither.
fn distance(word: &str, name: &str, words: &str) -> Option<u32> {
    let begins = |text: &str, start: &str| text.split(' ').any(|word| word.starts_with(start));
    let stem = stem(word);
    if begins(name, word) {
        Some(0)
    } else if begins(name, stem) {
        Some(1)
    } else if begins(words, word) {
        Some(2)
    } else {
        begins(words, stem).then_some(3)
    }
}

/// A word without the letters that Ukrainian endings change: one of five letters, two of six and more.
fn stem(word: &str) -> &str {
    let letters = word.chars().count();
    if word.chars().any(|c| c.is_ascii_digit()) {
        return word;
    }
    let kept = match letters {
        0..=4 => letters,
        5 => 4,
        _ => letters - 2,
    };
    word.char_indices().nth(kept).map_or(word, |(end, _)| &word[..end])
}
