//! Releases that are being prepared: begun from files or from an older release, changed, checked, compared.

use super::accounts::Rank;
use super::catalogue_edits::{self, CatalogueEdit};
use super::catalogue_uploads::{self, Uploaded};
use super::json_spans::{self, Step};
use super::pages_catalogue::{self, ServiceLine};
use super::{Desk, DeskError};
use crate::store_drafts::{self, Draft};
use catalogue::{
    Catalogue, Change, Edition, FRAME, LoadError, LoadErrors, Release, ReleaseSource, Releases, Text, difference,
};
use jiff::civil::Date;
use peer::PeerError;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Characters of a draft's title.
const TITLE: usize = 120;
/// Drafts kept at once.
const DRAFTS: usize = 50;

/// A draft as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// Its key.
    pub id: i64,
    /// What it is for; may be empty.
    pub title: String,
    /// First day it is to be used.
    pub effective_from: Date,
    /// Who changed it last.
    pub by: String,
    /// When, ms since 1970.
    pub at: i64,
}

/// One draft: what it changes and what is wrong with it.
pub struct DraftPage {
    /// The draft.
    pub row: DraftRow,
    /// Counts its changes: whoever changes it says which state he saw.
    pub revision: i64,
    /// The number that it would be published under.
    pub number: u32,
    /// The release that its missing files come from, and that it is compared with.
    pub base: u32,
    /// The release that it was begun from, if that is not the newest any more.
    pub begun_from: Option<u32>,
    /// Files that differ from the base's; true: it is left out.
    pub files: Vec<(String, bool)>,
    /// What is wrong with its files; empty: nothing.
    pub faults: Vec<LoadError>,
    /// What it changes, against the base.
    pub changes: Vec<Change>,
    /// Where the base is not in force yet on the draft's first day: the release that is, and what the draft changes
    /// against that one. What was planned for later is among it.
    pub sooner: Option<(u32, Vec<Change>)>,
    /// What to know before it is published.
    pub cautions: Vec<Text>,
    /// Its first day is over.
    pub late: bool,
    /// Its contents as the program uses them; `None` while there are faults.
    pub catalogue: Option<Catalogue>,
    /// Releases on trial that say the same: number and suitcases.
    pub trials: Vec<(u32, Vec<u16>)>,
}

impl DraftPage {
    /// Its services by group; none while there are faults.
    pub fn groups(&self) -> Vec<(Text, Vec<ServiceLine>)> {
        let catalogue = self.catalogue.as_ref();
        catalogue.map_or_else(Vec::new, |catalogue| pages_catalogue::groups(catalogue, self.row.effective_from))
    }
}

/// What a new draft begins with.
pub enum Contents {
    /// Nothing changed yet.
    Newest,
    /// Files that replace those of the newest release.
    Files(Vec<Uploaded>),
    /// Everything as it was in an older release.
    Release(u32),
}

/// A draft with its files.
pub(super) struct Opened {
    pub draft: Draft,
    pub day: Date,
    files: Vec<(String, String)>,
}

impl Opened {
    /// All its files: its own, and the newest release's where it has none. Texts that are empty leave a file out.
    pub(super) fn source(&self, newest: &Release) -> Result<ReleaseSource, LoadErrors> {
        overlaid(newest, &self.files)
    }
}

pub(super) fn overlaid(newest: &Release, files: &[(String, String)]) -> Result<ReleaseSource, LoadErrors> {
    let mut all: BTreeMap<&str, &str> = newest.source.files().collect();
    all.extend(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let kept = all.into_iter().filter(|(_, text)| !text.is_empty());
    ReleaseSource::from_files(kept.map(|(name, text)| (name.to_owned(), text.to_owned())))
}

/// What becomes of a file of a draft.
enum Kept {
    /// It is the draft's own; an empty text leaves it out.
    Own(String, String),
    /// It is the newest release's.
    Base(String),
}

impl Kept {
    fn keep(&self, connection: &Connection, draft: i64) -> Result<(), PeerError> {
        match self {
            Self::Own(name, text) => store_drafts::put_file(connection, draft, name, text),
            Self::Base(name) => store_drafts::remove_file(connection, draft, name),
        }
    }
}

/// Of these files, those that differ from the newest release's are the draft's own.
fn changed(newest: &Release, files: Vec<(String, String)>) -> Vec<Kept> {
    let kept = |(name, text): (String, String)| {
        if newest.source.file(&name) == Some(text.as_str()) { Kept::Base(name) } else { Kept::Own(name, text) }
    };
    files.into_iter().map(kept).collect()
}

/// What an older release had otherwise than the newest: its number and first day apart.
fn contents_of(releases: &Releases, newest: &Release, number: u32) -> Result<Vec<Kept>, DeskError> {
    let older = releases.get(number).ok_or_else(|| no_release(number))?;
    let source = older.source.renumbered(newest.number, newest.effective_from).map_err(unpublishable)?;
    let mut files: Vec<(String, String)> =
        source.files().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let gone = newest.source.files().filter(|(name, _)| source.file(name).is_none());
    files.extend(gone.map(|(name, _)| (name.to_owned(), String::new())));
    Ok(changed(newest, files))
}

/// The day that a frame among the files names.
fn day_of_frame(files: &[(String, String)]) -> Option<Date> {
    let (_, frame) = files.iter().find(|(name, _)| name == FRAME)?;
    let day = json_spans::get(frame, &[Step::Key("release"), Step::Key("effective_from")])?;
    day.as_str()?.parse().ok()
}

/// The number that a frame among the files names: of the release that it was made from.
pub(super) fn number_of_frame(files: &[(String, String)]) -> Option<u32> {
    let (_, frame) = files.iter().find(|(name, _)| name == FRAME)?;
    let number = json_spans::get(frame, &[Step::Key("release"), Step::Key("number")])?;
    number.as_u64()?.try_into().ok()
}

fn first_of_next_month(today: Date) -> Date {
    today.last_of_month().tomorrow().unwrap_or(today)
}

fn title_of(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_control()).take(TITLE).collect::<String>().trim().to_owned()
}

fn row(draft: &Draft) -> DraftRow {
    let effective_from = draft.effective_from.parse().unwrap_or(Date::MIN);
    DraftRow { id: draft.id, title: draft.title.clone(), effective_from, by: draft.by.clone(), at: draft.at }
}

fn no_draft() -> DeskError {
    DeskError::not_found(
        "такої чернетки немає: її опублікували або викинули; перегляньте список",
        "there is no such draft: it was published or discarded; look at the list",
    )
}

pub(super) fn no_release(number: u32) -> DeskError {
    DeskError::not_found(
        format!("випуску {number} тут немає: перегляньте список випусків"),
        format!("there is no release {number} here: look at the list of releases"),
    )
}

pub(super) fn changed_meanwhile() -> DeskError {
    DeskError::refused(
        "чернетку тим часом змінили на іншій сторінці: перегляньте її, як вона є, і повторіть зміну",
        "the draft was changed on another page meanwhile: look at it as it is now and make the change again",
    )
}

pub(super) fn unpublishable(error: impl std::fmt::Display) -> DeskError {
    DeskError::from_text(super::ErrorKind::Refused, &error.to_string())
}

/// All faults in one sentence: for changes that are refused because of them.
pub(super) fn faulty(errors: &LoadErrors) -> DeskError {
    let told = |get: fn(&Text) -> &str| {
        let each = errors.all().iter().take(8).map(|one| format!("{}: {}", one.place(), get(&one.sentence())));
        let more = errors.all().len().saturating_sub(8);
        let rest = if more > 0 { format!(" (+{more})") } else { String::new() };
        each.collect::<Vec<_>>().join("; ") + &rest
    };
    let (uk, en) = (told(|text| &text.uk), told(|text| &text.en));
    DeskError::refused(format!("у файлах є помилки: {uk}"), format!("the files have faults: {en}"))
}

/// The release for everybody with the highest number: what comes after it builds on it.
pub(super) fn newest(releases: &Releases) -> Arc<Release> {
    let all = releases.all();
    let newest = all.iter().rev().find(|release| !release.is_trial());
    Arc::clone(newest.copied().unwrap_or_else(|| Release::embedded()))
}

/// The release that everybody uses on a day on which the newest is not in force yet: what is built on the newest then
/// brings forward what was planned for later.
pub(super) fn before_its_base(releases: &Releases, day: Date) -> Option<&Arc<Release>> {
    let newest = newest(releases);
    Some(releases.for_everybody(day)).filter(|one| newest.effective_from > day && one.number != newest.number)
}

impl Desk {
    /// Drafts, the newest first.
    pub fn drafts(&self, by: &str) -> Result<Vec<DraftRow>, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let drafts = self.peer.read(|view| store_drafts::all(view.connection()))?;
        Ok(drafts.iter().map(row).collect())
    }

    /// One draft, checked and compared with the newest release.
    pub fn draft(&self, by: &str, id: i64) -> Result<DraftPage, DeskError> {
        let opened = self.opened(by, id)?;
        let releases = self.releases()?;
        let newest = newest(&releases);
        let number = releases.next_number();
        let checked = opened.source(&newest).and_then(|source| Ok((source.check()?, source)));
        let mut sooner = None;
        let (faults, changes, catalogue, trials) = match checked {
            Err(errors) => (errors.all().to_vec(), Vec::new(), None, Vec::new()),
            Ok((catalogue, source)) => {
                let trials = self.trials_of(&releases, &source)?;
                let catalogue = catalogue.under(Edition { number, effective_from: opened.day });
                sooner = before_its_base(&releases, opened.day)
                    .map(|one| (one.number, difference(one.catalogue, &catalogue)));
                (Vec::new(), difference(newest.catalogue, &catalogue), Some(catalogue), trials)
            }
        };
        let today = self.day();
        Ok(DraftPage {
            row: row(&opened.draft),
            revision: opened.draft.revision,
            number,
            base: newest.number,
            begun_from: (opened.draft.base != newest.number).then_some(opened.draft.base),
            files: opened.files.iter().map(|(name, text)| (name.clone(), text.is_empty())).collect(),
            faults,
            changes,
            sooner,
            cautions: releases.cautions(number, opened.day, today),
            late: opened.day < today,
            catalogue,
            trials,
        })
    }

    fn trials_of(&self, releases: &Releases, source: &ReleaseSource) -> Result<Vec<(u32, Vec<u16>)>, DeskError> {
        let register = self.peer.register()?;
        let contents = source.contents_digest();
        let same = |release: &Release| release.contents == contents && !release.ends_trials();
        let all = releases.all().into_iter().filter(|release| release.is_trial() && same(release));
        let numbers =
            |release: &Release| release.audience.iter().filter_map(|c| Self::number_of(&register, *c)).collect();
        Ok(all.map(|release| (release.number, numbers(release))).collect())
    }

    pub(super) fn opened(&self, by: &str, id: i64) -> Result<Opened, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let found = self.peer.read(|view| {
            Ok((store_drafts::get(view.connection(), id)?, store_drafts::files(view.connection(), id)?))
        })?;
        let (Some(draft), files) = found else { return Err(no_draft()) };
        let day = draft.effective_from.parse().unwrap_or_else(|_| self.day());
        Ok(Opened { draft, day, files })
    }

    /// Begins a draft; gives back its key.
    pub fn begin_draft(&self, by: &str, title: &str, from: Option<Date>, contents: Contents) -> Result<i64, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        if self.drafts(by)?.len() >= DRAFTS {
            return Err(DeskError::refused(
                format!("чернеток уже {DRAFTS}: викиньте непотрібні"),
                format!("there are {DRAFTS} drafts already: discard those not needed"),
            ));
        }
        let releases = self.releases()?;
        let newest = newest(&releases);
        let (files, day) = match contents {
            Contents::Newest => (Vec::new(), None),
            Contents::Files(uploaded) => {
                let files = catalogue_uploads::read(uploaded, &newest.source)?;
                let day = day_of_frame(&files).filter(|day| *day != newest.effective_from);
                (changed(&newest, files), day)
            }
            Contents::Release(number) => (contents_of(&releases, &newest, number)?, Some(self.day())),
        };
        let day = from.or(day).unwrap_or_else(|| first_of_next_month(self.day()));
        let title = title_of(title);
        let (base, effective_from) = (newest.number, day.to_string());
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            let new = Draft { id: 0, title, base, effective_from, revision: 1, by, at };
            let id = store_drafts::add(act.connection(), &new)?;
            files.iter().try_for_each(|file| file.keep(act.connection(), id))?;
            Ok(id)
        })
    }

    /// Puts files into a draft in place of those it has. Files with faults are kept, too: the draft's page tells them.
    pub fn upload(&self, by: &str, id: i64, revision: i64, uploaded: Vec<Uploaded>) -> Result<(), DeskError> {
        let opened = self.opened(by, id)?;
        let newest = newest(&*self.releases()?);
        let files = catalogue_uploads::read(uploaded, &newest.source)?;
        self.keep_draft(by, Draft { revision, ..opened.draft }, changed(&newest, files))
    }

    /// Makes one simple change. What would have faults is refused.
    pub fn edit_draft(&self, by: &str, id: i64, revision: i64, edit: &CatalogueEdit) -> Result<(), DeskError> {
        let opened = self.opened(by, id)?;
        let newest = newest(&*self.releases()?);
        let source = opened.source(&newest).map_err(|errors| faulty(&errors))?;
        source.check().map_err(|errors| faulty(&errors))?;
        let (name, text) = catalogue_edits::apply(&source, edit, opened.day)?;
        let edited = source.with_file(&name, &text).and_then(|source| source.check());
        edited.map_err(|errors| faulty(&errors))?;
        self.keep_draft(by, Draft { revision, ..opened.draft }, changed(&newest, vec![(name, text)]))
    }

    /// Another title or first day.
    pub fn set_draft(&self, by: &str, id: i64, revision: i64, title: &str, day: Date) -> Result<(), DeskError> {
        let opened = self.opened(by, id)?;
        let draft = Draft { revision, title: title_of(title), effective_from: day.to_string(), ..opened.draft };
        self.keep_draft(by, draft, Vec::new())
    }

    /// Forgets a file of a draft: the newest release's counts again.
    pub fn drop_draft_file(&self, by: &str, id: i64, revision: i64, name: &str) -> Result<(), DeskError> {
        let draft = Draft { revision, ..self.opened(by, id)?.draft };
        self.keep_draft(by, draft, vec![Kept::Base(name.to_owned())])
    }

    /// Throws a draft away, as it was seen in `revision`.
    pub fn discard_draft(&self, by: &str, id: i64, revision: i64) -> Result<(), DeskError> {
        self.opened(by, id)?;
        let gone = self.act_as(by, move |act| {
            let now = store_drafts::get(act.connection(), id)?;
            if now.is_none_or(|now| now.revision != revision) {
                return Ok(false);
            }
            store_drafts::remove(act.connection(), id)?;
            Ok(true)
        })?;
        if gone { Ok(()) } else { Err(changed_meanwhile()) }
    }

    fn keep_draft(&self, by: &str, draft: Draft, files: Vec<Kept>) -> Result<(), DeskError> {
        let kept = self.act_as(by, move |act| {
            let draft = Draft { by: act.officer().to_owned(), at: act.now().0, ..draft };
            if !store_drafts::put(act.connection(), &draft)? {
                return Ok(false);
            }
            files.iter().try_for_each(|file| file.keep(act.connection(), draft.id))?;
            Ok(true)
        })?;
        if kept { Ok(()) } else { Err(changed_meanwhile()) }
    }
}
