//! The releases of the catalogue as the desk's own register has them: which is in force, which a request was taken under.

use super::{Desk, DeskError};
use catalogue::{Catalogue, Change, Releases, Viewer, WorkCalendar, service_difference};
use chain::{Publication, Register};
use clock::Time;
use ids::ChainId;
use jiff::civil::Date;
use records::view::RequestView;
use std::sync::{Arc, Mutex, PoisonError};

/// The releases folded so far, and from what.
#[derive(Default)]
pub(crate) struct ReleaseShelf(Mutex<Option<(Vec<Mark>, Arc<Releases>)>>);

/// Register chain, entry, pieces that were there: what tells one state of a publication from another.
type Mark = (ChainId, u64, usize);

fn mark(publication: &Publication) -> Mark {
    (publication.register, publication.seq, publication.pieces().0)
}

impl ReleaseShelf {
    /// What the register's publications come to. Only what is new is unpacked.
    pub(crate) fn releases(&self, register: &Register) -> Arc<Releases> {
        let publications = register.releases();
        let marks: Vec<Mark> = publications.iter().map(|one| mark(one)).collect();
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = held.take().filter(|(before, _)| marks.starts_with(before));
        let (before, releases) = known.unwrap_or_else(|| (Vec::new(), Arc::new(Releases::new(Viewer::Centre))));
        let releases = if before.len() == marks.len() {
            releases
        } else {
            let mut more = Releases::clone(&releases);
            publications[before.len()..].iter().for_each(|publication| more.take(publication));
            Arc::new(more)
        };
        *held = Some((marks, Arc::clone(&releases)));
        releases
    }

    /// The releases of the last look, where there was one.
    fn last(&self) -> Option<Arc<Releases>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(_, releases)| Arc::clone(releases))
    }
}

/// A request was taken under another release than was in force on its day, or under one on trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseNote {
    /// The release that it was taken under.
    pub taken: u32,
    /// False: the centre does not have that release, and shows the request by the nearest before it.
    pub known: bool,
    /// It was on trial with this suitcase.
    pub trial: bool,
    /// The release that was in force on its day.
    pub expected: u32,
    /// When that one was published, ms since 1970; `None` where it came with the program or nobody wrote it down.
    pub expected_since: Option<i64>,
    /// What the release in force says otherwise about the service: fee, term, papers.
    pub difference: Option<Change>,
}

impl Desk {
    /// All releases that the desk's register has.
    pub(crate) fn releases(&self) -> Result<Arc<Releases>, DeskError> {
        let register = self.peer.register()?;
        Ok(self.shelf.releases(&register))
    }

    /// The same; where the register cannot be read, as they were when it could.
    fn releases_or_last(&self) -> Arc<Releases> {
        self.releases().unwrap_or_else(|error| {
            tracing::error!(%error, "the register's releases could not be read");
            self.shelf.last().unwrap_or_else(|| Arc::new(Releases::new(Viewer::Centre)))
        })
    }

    /// The catalogue in force today.
    pub fn catalogue(&self) -> &'static Catalogue {
        self.releases_or_last().in_force(self.day()).catalogue
    }

    /// The catalogue of the release with this number, for a request that was taken under it; where the centre does not
    /// have it, the nearest before it.
    pub fn catalogue_of(&self, number: u32) -> &'static Catalogue {
        self.releases_or_last().nearest(number).0.catalogue
    }

    /// The catalogue that a request was taken under.
    pub fn catalogue_for(&self, view: &RequestView) -> &'static Catalogue {
        match view.release.text().parse() {
            Ok(number) => self.catalogue_of(number),
            Err(_) => self.catalogue(),
        }
    }

    /// The days on which the centre works, by the catalogue in force today.
    pub fn calendar(&self) -> &'static WorkCalendar {
        self.catalogue().calendar()
    }

    /// Today in Kyiv.
    pub fn day(&self) -> Date {
        day_of(self.now().0)
    }

    /// What to know of the release that a request was taken under; `None` where it is the one in force on its day.
    pub fn release_note(&self, view: &RequestView) -> Result<Option<ReleaseNote>, DeskError> {
        let Ok(number) = view.release.text().parse::<u32>() else { return Ok(None) };
        let releases = self.releases()?;
        let expected = releases.in_force(day_of(view.submitted_at));
        let (taken, known) = releases.nearest(number);
        let trial = known && taken.is_trial();
        if known && (taken.number == expected.number || taken.contents == expected.contents) {
            return Ok(None);
        }
        let book = self.book()?;
        let expected_since = book.catalogue.published.get(&(expected.number, expected.digest)).map(|one| one.at);
        let slug = view.service.text();
        let difference = service_difference(taken.catalogue, expected.catalogue, slug);
        Ok(Some(ReleaseNote { taken: number, known, trial, expected: expected.number, expected_since, difference }))
    }
}

/// The civil day of a moment; a moment out of reach counts as the first day there is.
pub(super) fn day_of(at: i64) -> Date {
    Time(at).kyiv().map_or(Date::MIN, |now| now.date())
}
