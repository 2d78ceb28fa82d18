//! The catalogue as a whole: one numbered release of all services.

use std::collections::HashMap;
use std::sync::OnceLock;

use jiff::civil::Date;

use crate::fees::FeeBase;
use crate::fold::fold;
use crate::load::{self, LoadError};
use crate::service::{Authority, Group, Need, Payee, Service, Source};

/// Which edition of the catalogue this is. A request keeps the number of the release under which it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Number, growing.
    pub number: u32,
    /// First day it is used.
    pub effective_from: Date,
}

/// One release of the catalogue.
#[derive(Debug, Clone)]
pub struct Catalogue {
    pub(crate) release: Release,
    pub(crate) groups: Vec<Group>,
    pub(crate) authorities: Vec<Authority>,
    pub(crate) payees: Vec<Payee>,
    pub(crate) needs: Vec<Need>,
    pub(crate) bases: Vec<FeeBase>,
    pub(crate) sources: HashMap<String, Source>,
    pub(crate) services: Vec<Service>,
    /// Folded words of each service, for search; in the order of `services`.
    pub(crate) words: Vec<String>,
}

macro_rules! embedded_files {
    ($($name:literal),+ $(,)?) => { [$(($name, include_str!(concat!("../data/", $name)))),+] };
}

/// The files of the embedded release; the first is the frame, the others are groups of services.
const FILES: [(&str, &str); 14] = embedded_files![
    "catalogue.json",
    "services/dracs.json",
    "services/residence.json",
    "services/passport.json",
    "services/social.json",
    "services/subsidy.json",
    "services/pension.json",
    "services/idp.json",
    "services/veteran.json",
    "services/land.json",
    "services/property.json",
    "services/business.json",
    "services/damage.json",
    "services/certificate.json",
];

impl Catalogue {
    /// The release that ships with the program, parsed once.
    ///
    /// # Panics
    /// If the embedded data are broken, which the crate's tests exclude.
    pub fn embedded() -> &'static Catalogue {
        static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
        CATALOGUE.get_or_init(|| Catalogue::parse(&FILES).unwrap_or_else(|error| panic!("embedded catalogue: {error}")))
    }

    /// A release from its files, as (name, JSON): the frame first, then the groups of services. The names are used in
    /// errors only.
    pub fn parse(files: &[(&str, &str)]) -> Result<Catalogue, LoadError> {
        load::catalogue(files)
    }

    /// Which release this is.
    pub fn release(&self) -> &Release {
        &self.release
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
