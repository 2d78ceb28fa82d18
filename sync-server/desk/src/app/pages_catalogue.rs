//! The catalogue as its pages show it: releases, what each changed, a service as the officer sees it, what is unknown.

use super::catalogue_drafts::{newest, no_release};
use super::catalogue_edits::{NewPrice, PricePlace, mode_word, no_service};
use super::catalogue_facts::PublishedBy;
use super::{Desk, DeskError};
use catalogue::{
    Answers, Catalogue, Change, Circumstances, Days, FRAME, FeeOutcome, FeeRule, HOLIDAYS, Paper, Price, Release,
    Releases, Service, Text, Unit, difference, hryvnias,
};
use jiff::civil::Date;

/// How a release stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReleaseState {
    /// Everybody uses it today.
    InForce,
    /// It will be used from its first day on.
    Coming,
    /// Some suitcases try it.
    Trial,
    /// Its trial is over.
    TrialOver,
    /// A later one took its place.
    Replaced,
    /// It could not be taken.
    Refused,
}

impl ReleaseState {
    /// Its name in JSON and in the keys of its words.
    pub fn text(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::Coming => "coming",
            Self::Trial => "trial",
            Self::TrialOver => "trial-over",
            Self::Replaced => "replaced",
            Self::Refused => "refused",
        }
    }
}

/// A release as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRow {
    /// Its number.
    pub number: u32,
    /// First day it is used, `2027-01-01`.
    pub effective_from: String,
    /// The first eight digits of its digest.
    pub digest: String,
    /// Who published it; `None` where it came with the program.
    pub published: Option<PublishedBy>,
    /// How many services and shared parts it changed against the release before.
    pub changes: usize,
    /// How it stands.
    pub state: ReleaseState,
    /// Suitcases that it was published for; empty: everybody.
    pub suitcases: Vec<u16>,
    /// Why it was refused.
    pub refused: Option<Text>,
}

/// One release.
pub struct ReleasePage {
    /// As in the list.
    pub row: ReleaseRow,
    /// The release that it is compared with; `None` for the first.
    pub before: Option<u32>,
    /// What it changed.
    pub changes: Vec<Change>,
    /// Its files: name and bytes.
    pub files: Vec<(String, u64)>,
    /// Its services by group: the group, then slug, name, mode's word, term and fee of each.
    pub groups: Vec<(Text, Vec<ServiceLine>)>,
    /// Services of which something is unknown.
    pub unknown: Vec<UnknownLine>,
    /// How many of them lack the fee and the term.
    pub lacks: (usize, usize),
}

/// A service as lists show it.
pub struct ServiceLine {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: Text,
    /// What may be done of it at a home: [`mode_word`].
    pub mode: &'static str,
    /// Its term; `None`: not known.
    pub term: Option<Text>,
    /// What it costs on the release's first day.
    pub fee: Text,
}

/// What no source says of a service.
pub struct UnknownLine {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: Text,
    /// The fee is not known.
    pub fee: bool,
    /// The term is not known.
    pub term: bool,
}

/// A service as the officer sees it.
pub struct ServiceCard {
    /// Its name, term, fee.
    pub line: ServiceLine,
    /// Its group.
    pub group: Text,
    /// Who provides it.
    pub authorities: Vec<Text>,
    /// What it needs on the spot.
    pub needs: Vec<Text>,
    /// Terms in other cases.
    pub other_terms: Vec<Text>,
    /// How the fee comes about.
    pub fee_basis: Option<Text>,
    /// Who does not pay.
    pub exempt: Vec<Text>,
    /// Whom it is paid to.
    pub payee: Option<Text>,
    /// Papers: name, form, in which case, whether a source names it.
    pub papers: Vec<(Text, Text, Option<Text>, bool)>,
    /// What the applicant gets.
    pub results: Vec<Text>,
    /// The note.
    pub note: Option<Text>,
    /// Where it is known from: title and address.
    pub sources: Vec<(String, String)>,
    /// Acts it rests on.
    pub acts: Vec<String>,
    /// Its prices as they can be changed.
    pub prices: Vec<(PricePlace, Option<Text>, NewPrice)>,
    /// Its usual term as it can be changed: number and unit; empty: not known.
    pub term: (String, &'static str),
}

/// From, to, hryvnias.
pub type BaseAmount = (Date, Option<Date>, String);

/// What services share and can be changed without files.
pub struct SharedCard {
    /// Base amounts: key, name, values as (from, to, hryvnias).
    pub bases: Vec<(String, Text, Vec<BaseAmount>)>,
    /// Holidays in the order of the file: name, day as written, first and last year.
    pub holidays: Vec<(Text, String, i64, Option<i64>)>,
    /// Last day of martial law, by the data: `None` while it goes on.
    pub martial_law_to: Option<String>,
}

impl Desk {
    /// All releases, the newest first, refused ones among them.
    pub fn release_rows(&self, by: &str) -> Result<Vec<ReleaseRow>, DeskError> {
        self.account(by)?;
        let releases = self.releases()?;
        let mut rows =
            releases.all().iter().map(|one| self.release_row(&releases, one)).collect::<Result<Vec<_>, _>>()?;
        rows.extend(releases.refused().iter().map(|refused| ReleaseRow {
            number: refused.number,
            effective_from: refused.effective_from.clone(),
            digest: short(&refused.digest.0),
            published: None,
            changes: 0,
            state: ReleaseState::Refused,
            suitcases: Vec::new(),
            refused: Some(refused.sentence.clone()),
        }));
        rows.sort_by_key(|row| std::cmp::Reverse(row.number));
        Ok(rows)
    }

    fn release_row(&self, releases: &Releases, release: &Release) -> Result<ReleaseRow, DeskError> {
        let register = self.peer.register()?;
        let suitcases = release.audience.iter().filter_map(|chain| Self::number_of(&register, *chain)).collect();
        let before = before(releases, release);
        let changes = before.map_or(0, |before| difference(before.catalogue, release.catalogue).len());
        let state = self.release_state(releases, release);
        let published = self.book()?.catalogue.published.get(&(release.number, release.digest)).cloned();
        Ok(ReleaseRow {
            number: release.number,
            effective_from: release.effective_from.to_string(),
            digest: short(&release.digest.0),
            published,
            changes,
            state,
            suitcases,
            refused: None,
        })
    }

    fn release_state(&self, releases: &Releases, release: &Release) -> ReleaseState {
        if release.is_trial() {
            let today = self.day();
            let tries = |chain| releases.trials_of(today, chain).iter().any(|one| one.digest == release.digest);
            let tried = release.audience.iter().any(|chain| tries(*chain));
            return if tried { ReleaseState::Trial } else { ReleaseState::TrialOver };
        }
        let today = self.day();
        if releases.in_force(today).number == release.number {
            ReleaseState::InForce
        } else if release.effective_from > today && releases.in_force(release.effective_from).number == release.number {
            ReleaseState::Coming
        } else {
            ReleaseState::Replaced
        }
    }

    /// One release: what it changed, its services, what is unknown.
    pub fn release_page(&self, by: &str, number: u32) -> Result<ReleasePage, DeskError> {
        self.account(by)?;
        let releases = self.releases()?;
        let release = releases.get(number).ok_or_else(|| no_release(number))?;
        let before = before(&releases, release);
        let catalogue = release.catalogue;
        let day = release.effective_from;
        let unknown: Vec<UnknownLine> = catalogue.services().iter().filter_map(unknown).collect();
        let lacks = |lack: fn(&UnknownLine) -> bool| unknown.iter().filter(|one| lack(one)).count();
        Ok(ReleasePage {
            row: self.release_row(&releases, release)?,
            before: before.map(|before| before.number),
            changes: before.map_or_else(Vec::new, |before| difference(before.catalogue, catalogue)),
            files: release.source.files().map(|(name, text)| (name.to_owned(), text.len() as u64)).collect(),
            groups: groups(catalogue, day),
            lacks: (lacks(|one| one.fee), lacks(|one| one.term)),
            unknown,
        })
    }

    /// What one release changed against another.
    pub fn release_difference(&self, by: &str, from: u32, to: u32) -> Result<Vec<Change>, DeskError> {
        self.account(by)?;
        let releases = self.releases()?;
        let get = |number| releases.get(number).ok_or_else(|| no_release(number));
        Ok(difference(get(from)?.catalogue, get(to)?.catalogue))
    }

    /// One service of a release.
    pub fn service_card(&self, by: &str, number: u32, slug: &str) -> Result<ServiceCard, DeskError> {
        self.account(by)?;
        let releases = self.releases()?;
        let release = releases.get(number).ok_or_else(|| no_release(number))?;
        card(release.catalogue, slug, release.effective_from.max(self.day()))
    }

    /// One service of a draft.
    pub fn draft_service(&self, by: &str, id: i64, slug: &str) -> Result<ServiceCard, DeskError> {
        let (catalogue, day) = self.draft_catalogue(by, id)?;
        card(&catalogue, slug, day)
    }

    /// Base amounts and calendar of a draft.
    pub fn draft_shared(&self, by: &str, id: i64) -> Result<SharedCard, DeskError> {
        let opened = self.opened(by, id)?;
        let newest = newest(&*self.releases()?);
        let source = opened.source(&newest).map_err(|errors| super::catalogue_drafts::faulty(&errors))?;
        let catalogue = source.check().map_err(|errors| super::catalogue_drafts::faulty(&errors))?;
        let calendar: serde_json::Value =
            serde_json::from_str(source.file(HOLIDAYS).unwrap_or(FRAME)).unwrap_or_default();
        let bases = catalogue.fee_bases().iter().map(|base| {
            let values = base.values.iter().map(|value| (value.from, value.to, hryvnias(value.kopiykas)));
            (base.id.clone(), base.name.clone(), values.collect())
        });
        Ok(SharedCard {
            bases: bases.collect(),
            holidays: calendar["holidays"].as_array().into_iter().flatten().map(holiday).collect(),
            martial_law_to: calendar["martial_law"]
                .as_array()
                .and_then(|all| all.last()?.get("to")?.as_str())
                .map(str::to_owned),
        })
    }

    fn draft_catalogue(&self, by: &str, id: i64) -> Result<(Catalogue, Date), DeskError> {
        let opened = self.opened(by, id)?;
        let newest = newest(&*self.releases()?);
        let source = opened.source(&newest).map_err(|errors| super::catalogue_drafts::faulty(&errors))?;
        let catalogue = source.check().map_err(|errors| super::catalogue_drafts::faulty(&errors))?;
        Ok((catalogue, opened.day))
    }

    /// The files of a release, by name; all of them in one for an empty name.
    pub fn release_file(&self, by: &str, number: u32, name: &str) -> Result<String, DeskError> {
        self.account(by)?;
        let releases = self.releases()?;
        let release = releases.get(number).ok_or_else(|| no_release(number))?;
        if name.is_empty() {
            return Ok(super::archive(&release.source));
        }
        release.source.file(name).map(str::to_owned).ok_or_else(|| {
            DeskError::not_found(
                "такого файла у випуску немає: перегляньте список файлів",
                "the release has no such file: look at the list of files",
            )
        })
    }

    /// All files of a release: name and text.
    pub fn release_files(&self, by: &str, number: u32) -> Result<Vec<(String, String)>, DeskError> {
        self.account(by)?;
        let releases = self.releases()?;
        let release = releases.get(number).ok_or_else(|| no_release(number))?;
        Ok(release.source.files().map(|(name, text)| (name.to_owned(), text.to_owned())).collect())
    }
}

/// The services of a catalogue by group, with what they cost on a day.
pub(super) fn groups(catalogue: &Catalogue, day: Date) -> Vec<(Text, Vec<ServiceLine>)> {
    let lines = |group: &str| catalogue.services_of(group).map(|service| line(catalogue, service, day)).collect();
    catalogue.groups().iter().map(|group| (group.name.clone(), lines(&group.id))).collect()
}

/// The release for everybody before this one.
fn before<'a>(releases: &'a Releases, release: &Release) -> Option<&'a Release> {
    let all = releases.all();
    let earlier = all.into_iter().filter(|one| !one.is_trial() && one.number < release.number);
    earlier.max_by_key(|one| one.number).map(AsRef::as_ref)
}

fn short(digest: &[u8; 32]) -> String {
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

fn holiday(one: &serde_json::Value) -> (Text, String, i64, Option<i64>) {
    let word = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let day = match one["after_easter"].as_i64() {
        Some(days) => format!("Великдень / Easter +{days}"),
        None => word("day").split_once('-').map_or_else(String::new, |(month, day)| format!("{day}.{month}")),
    };
    (Text::new(word("uk"), word("en")), day, one["from_year"].as_i64().unwrap_or_default(), one["to_year"].as_i64())
}

fn fee_on(catalogue: &Catalogue, service: &Service, day: Date) -> FeeOutcome {
    let answers = Answers::new();
    service.fee.on(day, catalogue.fee_bases(), &Circumstances::of_answers(&answers))
}

fn line(catalogue: &Catalogue, service: &Service, day: Date) -> ServiceLine {
    ServiceLine {
        slug: service.slug.clone(),
        name: service.name.clone(),
        mode: mode_word(service.outreach.mode),
        term: service.term.usual.map(|usual| usual.words()),
        fee: fee_on(catalogue, service, day).words(),
    }
}

fn unknown(service: &Service) -> Option<UnknownLine> {
    let fee = match &service.fee.rule {
        FeeRule::Unknown => true,
        FeeRule::Free => false,
        FeeRule::Charged { usual, .. } => *usual == Price::Unknown,
    };
    let term = service.term.usual.is_none() && service.term.variants.is_empty();
    let (slug, name) = (service.slug.clone(), service.name.clone());
    (fee || term).then_some(UnknownLine { slug, name, fee, term })
}

pub(super) fn card(catalogue: &Catalogue, slug: &str, day: Date) -> Result<ServiceCard, DeskError> {
    let service = catalogue.service(slug).ok_or_else(|| no_service(slug))?;
    let group = catalogue.group(&service.group).map_or_else(|| service.name.clone(), |group| group.name.clone());
    let names = |ids: &[String], find: &dyn Fn(&str) -> Option<Text>| ids.iter().filter_map(|id| find(id)).collect();
    let paper = |paper: &Paper| (paper.name.clone(), paper.form.words(), paper.condition.clone(), paper.confirmed);
    let other_terms = service.term.variants.iter().map(|variant| {
        let length = variant.length.words();
        Text::new(format!("{}: {}", variant.when.uk, length.uk), format!("{}: {}", variant.when.en, length.en))
    });
    let sources = service.sources.iter().filter_map(|id| catalogue.source(id));
    Ok(ServiceCard {
        line: line(catalogue, service, day),
        group,
        authorities: names(&service.authorities, &|id| Some(catalogue.authority(id)?.name.clone())),
        needs: names(&service.outreach.needs, &|id| Some(catalogue.need(id)?.name.clone())),
        other_terms: other_terms.collect(),
        fee_basis: match fee_on(catalogue, service, day) {
            FeeOutcome::Known(amount) => Some(amount.basis),
            FeeOutcome::Unknown(why) => Some(why),
            _ => None,
        },
        exempt: service.fee.exempt.iter().map(|one| one.who.clone()).collect(),
        payee: service.fee.payee.as_ref().and_then(|id| Some(catalogue.payee(id)?.name.clone())),
        papers: service.papers.iter().map(paper).collect(),
        results: service.results.clone(),
        note: service.note.clone(),
        sources: sources.map(|source| (source.title.clone(), source.url.clone())).collect(),
        acts: service.legal_basis.iter().map(|act| format!("{} № {}", act.act, act.number)).collect(),
        prices: prices(service),
        term: term(service),
    })
}

fn term(service: &Service) -> (String, &'static str) {
    let Some(usual) = service.term.usual else { return (String::new(), "working") };
    let unit = match (usual.unit, usual.days) {
        (Unit::Hour, _) => "hour",
        (Unit::Month, _) => "month",
        (Unit::Day, Days::Working) => "working",
        (Unit::Day, Days::Calendar) => "calendar",
        (Unit::Day, Days::Unknown) => "day",
    };
    (usual.value.to_string(), unit)
}

fn prices(service: &Service) -> Vec<(PricePlace, Option<Text>, NewPrice)> {
    let (usual, variants, surcharges) = match &service.fee.rule {
        FeeRule::Unknown => return vec![(PricePlace::Usual, None, NewPrice::NotKnown)],
        FeeRule::Free => return vec![(PricePlace::Usual, None, NewPrice::Free)],
        FeeRule::Charged { usual, variants, surcharges } => (usual, variants, surcharges),
    };
    let of_case = |place: fn(usize) -> PricePlace| {
        move |(at, one): (usize, &catalogue::FeeVariant)| (place(at), Some(one.when.clone()), price(&one.price))
    };
    let first = (PricePlace::Usual, None, price(usual));
    let variants = variants.iter().enumerate().map(of_case(PricePlace::Variant));
    let surcharges = surcharges.iter().enumerate().map(of_case(PricePlace::Surcharge));
    std::iter::once(first).chain(variants).chain(surcharges).collect()
}

fn price(price: &Price) -> NewPrice {
    match price {
        Price::Unknown => NewPrice::AmountNotKnown,
        Price::Nothing => NewPrice::Free,
        Price::Fixed { kopiykas, .. } => NewPrice::Amount(hryvnias(*kopiykas)),
        Price::Share { base, permyriad, .. } => {
            let percent = format!("{},{:02}", permyriad / 100, permyriad % 100);
            let percent = percent.trim_end_matches('0').trim_end_matches(',').to_owned();
            NewPrice::Share(percent, base.clone())
        }
    }
}
