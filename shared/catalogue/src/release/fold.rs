//! What the register's publications come to: which releases there are, which is in force, which were refused and why.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chain::Publication;
use ids::ChainId;
use jiff::civil::Date;
use signing::Hash;

use super::source::{ReleaseError, ReleaseSource};
use crate::catalogue::Catalogue;
use crate::load::LoadErrors;
use crate::text::Text;

/// One release that was taken.
#[derive(Debug, Clone)]
pub struct Release {
    /// Its number.
    pub number: u32,
    /// First day it is used.
    pub effective_from: Date,
    /// Its digest.
    pub digest: Hash,
    /// Digest of its files without number and first day: releases that say the same have the same.
    pub contents: Hash,
    /// Suitcases that try it; empty: it is for everybody.
    pub audience: Vec<ChainId>,
    /// What it says was everybody's on its first day, when it was published.
    pub(super) was_everybodys: bool,
    /// Register chain and entry that announced it; `None`: it came with the program.
    pub place: Option<(ChainId, u64)>,
    /// Its files.
    pub source: ReleaseSource,
    /// The same, ready for use. Read once and kept as long as the program runs: there are a few a year.
    pub catalogue: &'static Catalogue,
}

/// Every release that was ever read in this process, by its digest: vaults are locked and opened, desks fold anew, and
/// the same bytes are the same catalogue.
static READ: Mutex<BTreeMap<Hash, &'static Catalogue>> = Mutex::new(BTreeMap::new());

/// The catalogue of files with this digest, which the caller has compared.
fn catalogue_of(source: &ReleaseSource, digest: Hash) -> Result<&'static Catalogue, LoadErrors> {
    let known = |read: &BTreeMap<Hash, &'static Catalogue>| read.get(&digest).copied();
    if let Some(catalogue) = known(&READ.lock().unwrap_or_else(PoisonError::into_inner)) {
        return Ok(catalogue);
    }
    let catalogue = source.check()?;
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(read.entry(digest).or_insert_with(|| Box::leak(Box::new(catalogue))))
}

impl Release {
    /// The release that ships with the program.
    ///
    /// # Panics
    /// If the embedded data are broken, which the crate's tests exclude.
    pub fn embedded() -> &'static Arc<Release> {
        static RELEASE: OnceLock<Arc<Release>> = OnceLock::new();
        RELEASE.get_or_init(|| {
            let source = ReleaseSource::embedded();
            let (digest, contents) = (source.digest(), source.contents_digest());
            let read = catalogue_of(&source, digest);
            let catalogue = read.unwrap_or_else(|errors| panic!("embedded catalogue: {errors}"));
            let edition = *catalogue.release();
            Arc::new(Release {
                number: edition.number,
                effective_from: edition.effective_from,
                digest,
                contents,
                audience: Vec::new(),
                was_everybodys: false,
                place: None,
                source,
                catalogue,
            })
        })
    }

    /// Whether it is on trial with some suitcases only.
    pub fn is_trial(&self) -> bool {
        !self.audience.is_empty()
    }

    /// Whether it is meant for a suitcase.
    pub fn is_for(&self, chain: ChainId) -> bool {
        self.audience.is_empty() || self.audience.contains(&chain)
    }

    /// Whether it gives its suitcases back what everybody uses: it names some, and says what was everybody's on its
    /// first day. It is never in force itself; their trials before it do not count any more.
    pub fn ends_trials(&self) -> bool {
        self.is_trial() && self.was_everybodys
    }

    /// What decides between two whose day has come: whatever the centre published stands above what a program brought
    /// along, then the number.
    fn rank(&self) -> (bool, u32) {
        (self.place.is_some(), self.number)
    }
}

/// A publication that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The number it claims.
    pub number: u32,
    /// The day it claims, as written.
    pub effective_from: String,
    /// The digest it claims.
    pub digest: Hash,
    /// Register chain and entry that announced it.
    pub place: (ChainId, u64),
    /// Which release, why, and what to do.
    pub sentence: Text,
}

/// Whose eyes the register is read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// The centre's: every release is seen, those on trial too.
    Centre,
    /// A suitcase's: trials of others are nothing to it.
    Suitcase(ChainId),
}

/// All releases that are there, folded from the register in its order. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Releases {
    pub(super) viewer: Viewer,
    /// How many publications were looked at.
    seen: usize,
    /// In the order in which they were taken; the embedded one first.
    pub(super) taken: Vec<Arc<Release>>,
    /// Trials of others: never in force here, but requests that were taken under them may be read here.
    elsewhere: Vec<Arc<Release>>,
    refused: Vec<Refused>,
    /// Whatever could be unpacked, on trial elsewhere or not: bases of later differences.
    pub(super) sources: BTreeMap<Hash, ReleaseSource>,
    /// Highest number that was ever claimed, refused or not; numbers beyond [`MAX_STEP`] claim nothing.
    pub(super) highest: u32,
}

impl Releases {
    /// Only the release that ships with the program.
    pub fn new(viewer: Viewer) -> Self {
        let embedded = Release::embedded();
        Self {
            viewer,
            seen: 0,
            taken: vec![Arc::clone(embedded)],
            elsewhere: Vec::new(),
            refused: Vec::new(),
            sources: BTreeMap::from([(embedded.digest, embedded.source.clone())]),
            highest: embedded.number,
        }
    }

    /// What all the register's publications come to, in its order.
    pub fn fold<'a>(viewer: Viewer, publications: impl IntoIterator<Item = &'a Publication>) -> Self {
        let mut releases = Self::new(viewer);
        for publication in publications {
            releases.take(publication);
        }
        releases
    }

    /// Looks at the next publication: it is taken whole, refused with a sentence, or is nothing to this viewer.
    pub fn take(&mut self, publication: &Publication) {
        let head = &publication.head;
        self.seen += 1;
        let source = self.within_reach(head.number).and_then(|()| self.unpack(publication));
        if self.within_reach(head.number).is_ok() {
            self.highest = self.highest.max(head.number);
        }
        let for_viewer = match self.viewer {
            Viewer::Centre => true,
            Viewer::Suitcase(chain) => head.audience.is_empty() || head.audience.contains(&chain),
        };
        if !for_viewer {
            // Whoever it is meant for says what is wrong with it.
            let read = source.and_then(|source| self.read(publication, source));
            self.elsewhere.extend(read.ok().map(Arc::new));
            return;
        }
        match source.and_then(|source| self.judge(publication, source)) {
            Ok(Some(release)) => self.taken.push(Arc::new(release)),
            Ok(None) => {}
            Err([uk, en]) => {
                let n = head.number;
                self.refused.push(Refused {
                    number: n,
                    effective_from: head.effective_from.clone(),
                    digest: head.digest,
                    place: (publication.register, publication.seq),
                    sentence: Text::new(
                        format!("випуск {n} каталогу не взято: {uk}"),
                        format!("catalogue release {n} was not taken: {en}"),
                    ),
                });
            }
        }
    }

    /// A number far above all others would leave none for what comes after it.
    pub(super) fn within_reach(&self, number: u32) -> Result<(), Why> {
        let (highest, most) = (self.highest, self.highest.saturating_add(MAX_STEP));
        if number <= most {
            return Ok(());
        }
        Err([
            format!(
                "найбільший номер досі {highest}, а наступний може бути до {most}; нехай центр дасть йому наступний номер"
            ),
            format!(
                "the highest number so far is {highest}, the next may be up to {most}; let the centre give it the next number"
            ),
        ])
    }

    fn unpack(&mut self, publication: &Publication) -> Result<ReleaseSource, Why> {
        let head = &publication.head;
        if let Some(known) = self.sources.get(&head.digest) {
            return Ok(known.clone());
        }
        let Some(bytes) = publication.bytes() else {
            let (here, all) = publication.pieces();
            return Err([
                format!("є {here} з {all} частин; нехай центр опублікує його знову"),
                format!("{here} of {all} pieces are there; let the centre publish it again"),
            ]);
        };
        let base = match head.base {
            Hash::ZERO => None,
            base => Some(self.sources.get(&base).ok_or_else(|| because(ReleaseError::Base))?),
        };
        let source = ReleaseSource::unpacked(&bytes, base).map_err(because)?;
        if source.digest() != head.digest {
            return Err(because(ReleaseError::Damaged));
        }
        self.sources.insert(head.digest, source.clone());
        Ok(source)
    }

    /// The release of a publication whose bytes are whole; `None` if it is there already and only more may use it now.
    fn judge(&mut self, publication: &Publication, source: ReleaseSource) -> Result<Option<Release>, Why> {
        let head = &publication.head;
        if let Some(known) = self.taken.iter_mut().find(|one| one.digest == head.digest) {
            if known.number != head.number {
                return Err(other_frame());
            }
            widen(known, &head.audience);
            return Ok(None);
        }
        let newest = self.taken.iter().filter(|one| self.precedes(one, &head.audience)).map(|one| one.number).max();
        if let Some(newest) = newest.filter(|newest| head.number <= *newest) {
            return Err([
                format!("він не новіший за випуск {newest}; нехай центр дасть йому наступний номер"),
                format!("it is not newer than release {newest}; let the centre give it the next number"),
            ]);
        }
        self.read(publication, source).map(Some)
    }

    /// A release whose bytes are whole, whatever its place among the others.
    fn read(&self, publication: &Publication, source: ReleaseSource) -> Result<Release, Why> {
        let head = &publication.head;
        let catalogue = catalogue_of(&source, head.digest).map_err(|errors| {
            let first = errors.first();
            let Text { uk, en } = first.sentence();
            [
                format!("{}: {uk}; оновіть програму або нехай центр виправить випуск", first.place()),
                format!("{}: {en}; update the program, or let the centre correct the release", first.place()),
            ]
        })?;
        let edition = *catalogue.release();
        if edition.number != head.number || edition.effective_from.to_string() != head.effective_from {
            return Err(other_frame());
        }
        let contents = source.contents_digest();
        let everybodys = self.for_everybody(edition.effective_from).contents;
        Ok(Release {
            number: edition.number,
            effective_from: edition.effective_from,
            digest: head.digest,
            contents,
            audience: head.audience.clone(),
            was_everybodys: contents == everybodys,
            place: Some((publication.register, publication.seq)),
            source,
            catalogue,
        })
    }

    /// Whether a release with this audience must have a higher number than `one`. What came with the program stands
    /// below everything that the centre publishes, whatever its number.
    fn precedes(&self, one: &Release, audience: &[ChainId]) -> bool {
        let shared = match self.viewer {
            Viewer::Suitcase(_) => true,
            Viewer::Centre => !one.is_trial() || one.audience.iter().any(|chain| audience.contains(chain)),
        };
        shared && one.place.is_some()
    }

    /// The release in force on a day: of those whose first day has come the one with the highest number. For the centre,
    /// trials are left out. Before every release's first day, the one that ships with the program.
    pub fn in_force(&self, day: Date) -> &Arc<Release> {
        match self.viewer {
            Viewer::Centre => self.for_everybody(day),
            Viewer::Suitcase(chain) => self.in_force_for(day, chain),
        }
    }

    /// The release that everybody uses on a day: trials are left out.
    pub fn for_everybody(&self, day: Date) -> &Arc<Release> {
        self.newest_on(day, |release| !release.is_trial())
    }

    /// The release in force on a day for one suitcase: its trials count until they are ended, and then as if they had
    /// never been there.
    pub fn in_force_for(&self, day: Date, chain: ChainId) -> &Arc<Release> {
        self.newest_on(day, |release| !release.is_trial() || self.is_tried(release, chain, day))
    }

    /// What a suitcase tries on a day, and will try after it: releases of its own that are or will be in force there
    /// and say otherwise than what everybody uses then. In the order of their first days.
    pub fn trials_of(&self, day: Date, chain: ChainId) -> Vec<&Arc<Release>> {
        let on = |release: &Release| release.effective_from.max(day);
        let mut trials: Vec<_> = self.taken.iter().filter(|one| one.is_trial()).collect();
        trials.retain(|one| {
            self.in_force_for(on(one), chain).digest == one.digest
                && self.for_everybody(on(one)).contents != one.contents
        });
        trials.sort_by_key(|one| (one.effective_from, one.number));
        trials
    }

    /// Whether a trial counts for a suitcase on a day: it is named, and nothing with a higher number ended its trials by
    /// then. So one that was ended before its first day never begins.
    fn is_tried(&self, release: &Release, chain: ChainId, day: Date) -> bool {
        let ends = |one: &Arc<Release>| one.ends_trials() && one.audience.contains(&chain) && one.effective_from <= day;
        let named = release.audience.contains(&chain) && !release.ends_trials();
        named && !self.taken.iter().any(|one| ends(one) && one.number > release.number)
    }

    fn newest_on(&self, day: Date, counts: impl Fn(&Release) -> bool) -> &Arc<Release> {
        let now = self.taken.iter().filter(|release| release.effective_from <= day && counts(release));
        now.max_by_key(|release| release.rank()).unwrap_or(&self.taken[0])
    }

    /// The release with this number; one for everybody before one on trial here, and that before one on trial elsewhere.
    pub fn get(&self, number: u32) -> Option<&Arc<Release>> {
        let with = |trial: bool| self.taken.iter().find(move |one| one.number == number && one.is_trial() == trial);
        with(false).or_else(|| with(true)).or_else(|| self.elsewhere.iter().find(|one| one.number == number))
    }

    /// The release with this number, or, where it is not here, the nearest before it; the second value says whether it
    /// is the one that was asked for.
    pub fn nearest(&self, number: u32) -> (&Arc<Release>, bool) {
        if let Some(exact) = self.get(number) {
            return (exact, true);
        }
        let before = self.taken.iter().filter(|one| one.number < number && !one.is_trial());
        (before.max_by_key(|one| one.number).unwrap_or(&self.taken[0]), false)
    }

    /// Every release that was taken, in the order of their numbers.
    pub fn all(&self) -> Vec<&Arc<Release>> {
        let mut all: Vec<_> = self.taken.iter().collect();
        all.sort_by_key(|one| (one.rank(), one.is_trial()));
        all
    }

    /// Publications that were refused, in the order of the register.
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    /// How many publications these come from, whatever became of them.
    pub fn publications(&self) -> usize {
        self.seen
    }

    /// The number that the next release should have: above all that were ever claimed.
    pub fn next_number(&self) -> u32 {
        self.highest.saturating_add(1)
    }
}

/// How far the number of a release may be above all before it.
pub(super) const MAX_STEP: u32 = 1_000;

/// Why, and what to do, in both languages.
pub(super) type Why = [String; 2];

fn because(error: ReleaseError) -> Why {
    let sentence = error.to_string();
    let (uk, en) = sentence.split_once(" / ").unwrap_or((&sentence, &sentence));
    let (todo_uk, todo_en) = match error {
        ReleaseError::Base => ("синхронізуйтеся", "synchronise"),
        ReleaseError::Later => ("до оновлення діє попередній", "until then the one before it is in force"),
        _ => ("нехай центр опублікує його знову", "let the centre publish it again"),
    };
    [format!("{uk}; {todo_uk}"), format!("{en}; {todo_en}")]
}

fn other_frame() -> Why {
    [
        "номер або день у ньому інші, ніж оголошено; нехай центр опублікує його знову".to_owned(),
        "its own number or day is not the announced one; let the centre publish it again".to_owned(),
    ]
}

/// More suitcases may use a release that is there already; an empty audience is everybody.
fn widen(known: &mut Arc<Release>, audience: &[ChainId]) {
    if !known.is_trial() {
        return;
    }
    let release = Arc::make_mut(known);
    if audience.is_empty() {
        release.audience.clear();
    }
    for chain in audience {
        if !release.audience.contains(chain) {
            release.audience.push(*chain);
        }
    }
}
