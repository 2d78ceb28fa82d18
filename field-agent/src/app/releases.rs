//! The releases of the catalogue that this suitcase has: the one in force today, the one a request was taken under,
//! those that came and were refused. The centre is told what became of each, once.

use super::pages_form::Words;
use super::{Agent, AppError};
use catalogue::{Catalogue, Change, Consent, Release, Releases, Viewer};
use jiff::civil::Date;
use peer::OwnFact;
use records::view::RequestView;
use serde::Serialize;
use signing::Hash;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

/// Digests of which the centre was told, each with 1 (taken) or 0 (refused) after it.
const TOLD: &str = "agent releases told";

/// One release of the catalogue, for a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReleaseRow {
    /// Its number.
    pub number: u32,
    /// First day it is used, `2026-12-01`.
    pub effective_from: String,
    /// Its digest, 64 hexadecimal digits.
    pub digest: String,
    /// It is the one in force today.
    pub in_force: bool,
    /// Its first day is still to come.
    pub planned: bool,
    /// This suitcase tries it, or will, before others: it says otherwise than what everybody uses.
    pub trial: bool,
    /// It came with the program.
    pub embedded: bool,
    /// How many services it has.
    pub services: usize,
}

/// A release that came and was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedRow {
    /// The number it claims.
    pub number: u32,
    /// The day it claims.
    pub effective_from: String,
    /// Which, why, what to do: Ukrainian.
    pub uk: String,
    /// The same in English.
    pub en: String,
}

impl Agent {
    /// The services, forms, papers and fees in force today.
    pub fn catalogue(&self) -> &'static Catalogue {
        self.catalogue_on(self.sure_day())
    }

    /// The text of the consent in force today.
    pub fn consent(&self) -> &'static Consent {
        self.catalogue().consent()
    }

    /// The catalogue under which a request was taken, by the number it keeps. Where this suitcase has no such release,
    /// the nearest before it, and a notice that says so.
    pub fn catalogue_of(&self, number: u32) -> (&'static Catalogue, Option<Words>) {
        let releases = self.known_releases();
        let (nearest, exact) = releases.nearest(number);
        let notice = (!exact).then(|| {
            let shown = nearest.number;
            Words::new(
                format!("випуску {number} каталогу тут немає: назви показано за випуском {shown}; синхронізуйтеся"),
                format!("catalogue release {number} is not here: names are shown by release {shown}; synchronise"),
            )
        });
        (nearest.catalogue, notice)
    }

    /// The catalogue under which a request was taken, or the nearest that is here.
    pub(super) fn catalogue_kept(&self, view: &RequestView) -> &'static Catalogue {
        match view.release.text().parse() {
            Ok(release) => self.catalogue_of(release).0,
            Err(_) => self.catalogue(),
        }
    }

    /// Every release that is here, the newest first; but not what only ended a trial: it says what another one says.
    pub fn releases(&self) -> Vec<ReleaseRow> {
        let releases = self.known_releases();
        let today = self.sure_day();
        let now = releases.in_force(today).digest;
        let tried: Vec<u32> = releases.trials_of(today, self.peer.chain()).iter().map(|one| one.number).collect();
        let row = |release: &Arc<Release>| ReleaseRow {
            number: release.number,
            effective_from: release.effective_from.to_string(),
            digest: release.digest.to_string(),
            in_force: release.digest == now,
            planned: release.effective_from > today,
            trial: tried.contains(&release.number),
            embedded: release.place.is_none(),
            services: release.catalogue.services().len(),
        };
        releases.all().into_iter().rev().filter(|one| !one.ends_trials()).map(row).collect()
    }

    /// Releases that came and were not taken.
    pub fn refused_releases(&self) -> Vec<RefusedRow> {
        let releases = self.known_releases();
        let row = |one: &catalogue::Refused| RefusedRow {
            number: one.number,
            effective_from: one.effective_from.clone(),
            uk: one.sentence.uk.clone(),
            en: one.sentence.en.clone(),
        };
        releases.refused().iter().map(row).collect()
    }

    /// What changed between two releases, in words.
    pub fn release_changes(&self, from: u32, to: u32) -> Result<Vec<Change>, AppError> {
        let releases = self.known_releases();
        let find = |number: u32| {
            releases.get(number).map(|release| release.catalogue).ok_or_else(|| {
                AppError::input(
                    format!("випуску {number} каталогу тут немає: подивіться перелік"),
                    format!("catalogue release {number} is not here: see the list"),
                )
            })
        };
        Ok(catalogue::difference(find(from)?, find(to)?))
    }

    /// What changed in a draft's service since the release it was begun under; `None` if nothing did. The first value
    /// says that the service is gone.
    pub fn draft_changes(&self, release: u32, slug: &str) -> Option<(bool, Change)> {
        let (before, after) = (self.catalogue_of(release).0, self.catalogue());
        let change = catalogue::service_difference(before, after, slug)?;
        Some((change.kind == catalogue::ChangeKind::Removed, change))
    }

    fn known_releases(&self) -> Arc<Releases> {
        Arc::clone(&self.releases.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Today; with a clock that is obviously wrong or was set back, the day of the newest anchor, so that no old fee
    /// comes back.
    pub(super) fn sure_day(&self) -> Date {
        let anchored = clock::Time(self.anchored.load(Ordering::Relaxed));
        match anchored.kyiv().map(|zoned| zoned.date()).filter(|_| anchored.is_plausible()) {
            Some(day) if self.now().is_plausible() => day.max(self.today()),
            Some(day) => day,
            None => self.today(),
        }
    }

    /// Notes the newest anchor's time: every page asks for the day, and none asks the store for it. To be called
    /// whenever the hub may have anchored.
    pub(super) fn remember_anchor(&self) {
        match self.peer.read(|view| view.newest_anchor(self.peer.chain())) {
            Ok(anchor) => {
                let time = anchor.map_or(0, |anchor| anchor.time);
                self.anchored.store(self.believable(time), Ordering::Relaxed);
            }
            Err(error) => tracing::warn!(%error, "the newest anchor was not read"),
        }
    }

    /// The hub only passes things on, and nobody but itself vouches for its clock: a time after the end of the
    /// certificate that the desk gave this suitcase is not believed.
    fn believable(&self, time: i64) -> i64 {
        let certified = self.peer.register().ok();
        let certified = certified.and_then(|register| Some(register.suitcase(self.peer.chain())?.validity.not_after));
        if certified.is_some_and(|until| time > until) {
            tracing::warn!(time, "the hub's clock is after the end of this suitcase's certificate; it is not believed");
            return 0;
        }
        time
    }

    /// The services, forms, papers and fees in force on a day.
    pub(super) fn catalogue_on(&self, day: Date) -> &'static Catalogue {
        self.known_releases().in_force(day).catalogue
    }

    /// Folds the register's releases, and tells the centre what became of those it was not told of yet. To be called
    /// whenever the register may have grown.
    pub(super) fn take_releases(&self) -> Result<(), AppError> {
        let publications = self.peer.register()?.releases();
        let viewer = Viewer::Suitcase(self.peer.chain());
        let folded = Releases::fold(viewer, publications.iter().map(AsRef::as_ref));
        *self.releases.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(folded);
        self.tell_releases()
    }

    fn tell_releases(&self) -> Result<(), AppError> {
        let releases = self.known_releases();
        let told = self.peer.read(|view| view.value(TOLD))?.unwrap_or_default();
        let known = |digest: &Hash, taken: u8| told.chunks(33).any(|one| one[..] == [&digest.0[..], &[taken]].concat());
        let mut facts = Vec::new();
        let mut now_told = told.clone();
        for release in releases.all().into_iter().filter(|one| one.place.is_some() && !known(&one.digest, 1)) {
            facts.push(OwnFact::ReleaseTaken { number: release.number, digest: release.digest });
            now_told.extend(release.digest.0.iter().chain(&[1]));
        }
        for one in releases.refused().iter().filter(|one| !known(&one.digest, 0)) {
            let reason = one.sentence.uk.clone();
            facts.push(OwnFact::ReleaseRefused { number: one.number, digest: one.digest, reason });
            now_told.extend(one.digest.0.iter().chain(&[0]));
        }
        if facts.is_empty() {
            return Ok(());
        }
        self.peer.act(move |act| {
            for fact in &facts {
                act.own(fact)?;
            }
            act.put_value(TOLD, &now_told)
        })?;
        self.recorded();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{Bench, sample_form};
    use catalogue::{FRAME, ReleaseSource};
    use chain::{Fact, ReleaseHead};
    use std::time::Duration;

    /// The embedded release with the base of fees for 2027 in it.
    fn with_2027(number: u32, from: &str) -> ReleaseSource {
        let source = ReleaseSource::embedded().renumbered(number, from.parse().unwrap()).unwrap();
        let good = "\"to\": \"2026-12-31\", \"amount\": \"3328.00\"}";
        let more = "{\"from\": \"2027-01-01\", \"to\": \"2027-12-31\", \"amount\": \"3500.00\"}";
        let frame = source.file(FRAME).unwrap().replacen(good, &format!("{good}, {more}"), 1);
        source.with_file(FRAME, &frame).unwrap()
    }

    fn write(bench: &Bench, agent: &Agent, facts: Vec<Fact>) {
        bench.centre.desk.act(move |act| facts.iter().try_for_each(|fact| act.register_fact(fact))).unwrap();
        bench.centre.give_to(&agent.peer);
        agent.take_releases().unwrap();
    }

    fn facts(bench: &Bench, source: &ReleaseSource) -> Vec<Fact> {
        let publications = bench.centre.desk.register().unwrap().releases();
        Releases::fold(Viewer::Centre, publications.iter().map(AsRef::as_ref)).publish(source, &[]).unwrap()
    }

    /// What the centre was told: numbers taken, and numbers refused.
    fn told(bench: &Bench, agent: &Agent) -> (Vec<u32>, Vec<u32>) {
        bench.centre.take_from(&agent.peer);
        let (mut taken, mut refused) = (Vec::new(), Vec::new());
        for (_, fact) in bench.centre.desk.read(|view| view.facts(agent.peer.chain(), 0)).unwrap() {
            match fact {
                OwnFact::ReleaseTaken { number, .. } => taken.push(number),
                OwnFact::ReleaseRefused { number, .. } => refused.push(number),
                _ => {}
            }
        }
        (taken, refused)
    }

    #[test]
    fn a_hub_whose_clock_is_years_ahead_is_not_believed() {
        let (_bench, agent) = Bench::new();
        let until = agent.peer.register().unwrap().suitcase(agent.peer.chain()).unwrap().validity.not_after;
        assert_eq!((agent.believable(until), agent.believable(until + 1)), (until, 0));
    }

    #[test]
    fn a_planned_release_comes_into_force_on_its_day_and_old_requests_keep_theirs() {
        let (bench, agent) = Bench::new();
        let saved = agent.save(&sample_form(), None).unwrap();
        write(&bench, &agent, facts(&bench, &with_2027(2, "2027-01-01")));
        let rows = agent.releases();
        assert_eq!(
            rows.iter().map(|row| (row.number, row.in_force, row.planned)).collect::<Vec<_>>(),
            [(2, false, true), (1, true, false)]
        );
        assert_eq!(agent.catalogue().release().number, 1);
        bench.clock.advance(Duration::from_secs(41 * 86_400));
        assert_eq!((agent.today().to_string().as_str(), agent.catalogue().release().number), ("2027-01-01", 2));
        let page = agent.release_changes(1, 2).unwrap();
        assert!(page.iter().any(|change| change.words().uk.contains("3\u{a0}500,00 грн з 01.01.2027")), "{page:?}");
        let record = saved.record.parse().unwrap();
        let document = agent.peer.read(|view| view.document(record)).unwrap();
        let view = records::view::RequestView::read(&document, &|_| false);
        let (own, notice) = agent.catalogue_of(view.release.text().parse().unwrap());
        assert_eq!((own.release().number, notice), (1, None));
        let (nearest, notice) = agent.catalogue_of(9);
        assert!(nearest.release().number == 2 && notice.unwrap().uk.contains("випуску 9 каталогу тут немає"));
        assert!(agent.release_changes(1, 9).is_err());
    }

    #[test]
    fn a_clock_set_back_brings_no_old_release_back() {
        let (bench, agent) = Bench::new();
        write(&bench, &agent, facts(&bench, &with_2027(2, "2027-01-01")));
        // The hub was in touch on 5 January; then somebody set the clock back to December.
        agent.anchored.store(clock::Time::from_seconds(1_799_143_200).0, Ordering::Relaxed);
        assert_eq!(agent.today().to_string(), "2026-11-21");
        assert_eq!((agent.sure_day().to_string().as_str(), agent.catalogue().release().number), ("2027-01-05", 2));
        let checked = agent.check(&sample_form()).unwrap();
        let clock = checked.findings.iter().find(|one| one.key == "clock").unwrap();
        assert!(clock.uk.contains("05.01.2027") && checked.is_clear(), "{}", clock.uk);
        assert!(checked.evaluation.unwrap().control_date.date > jiff::civil::date(2027, 1, 5));
        // A hub that is wrong by a life is not believed.
        agent.anchored.store(4_070_908_800_000, Ordering::Relaxed);
        assert_eq!(agent.catalogue().release().number, 1);
    }

    #[test]
    fn the_centre_is_told_once_what_became_of_each_release() {
        let (bench, agent) = Bench::new();
        write(&bench, &agent, facts(&bench, &with_2027(2, "2026-11-21")));
        let head = ReleaseHead {
            number: 3,
            effective_from: "2026-11-22".into(),
            base: Hash::ZERO,
            digest: Hash([9; 32]),
            audience: vec![],
            pieces: 1,
            piece: vec![1, 2, 3],
        };
        write(&bench, &agent, vec![Fact::Release(head)]);
        let refused = agent.refused_releases();
        assert!(refused[0].uk.contains("випуск 3 каталогу не взято"), "{refused:?}");
        assert_eq!(agent.catalogue().release().number, 2, "the good one goes on");
        agent.take_releases().unwrap();
        assert_eq!(told(&bench, &agent), (vec![2], vec![3]));
        drop(agent);
        let agent = bench.reopen();
        assert_eq!(agent.catalogue().release().number, 2, "kept in the register");
        assert_eq!(told(&bench, &agent), (vec![2], vec![3]), "told once");
    }
}
