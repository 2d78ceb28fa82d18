//! Publishing, trying, ending a trial, rolling back: everything that writes releases into the register. Whatever goes
//! out is checked before as every suitcase will check it.

use super::accounts::Rank;
use super::catalogue_drafts::{
    before_its_base, changed_meanwhile, faulty, newest, no_release, number_of_frame, overlaid, unpublishable,
};
use super::catalogue_facts::CatalogueFact;
use super::catalogue_uploads::{self, Uploaded};
use super::facts::DeskFact;
use super::suitcases::no_suitcase;
use super::{Desk, DeskError};
use crate::store_drafts;
use catalogue::{Change, Edition, LoadError, Release, ReleaseSource, Releases, Text, difference};
use chain::limits::SENTENCE;
use ids::ChainId;
use jiff::civil::Date;

/// A release that was written into the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedRelease {
    /// Its number.
    pub number: u32,
    /// First day it is used.
    pub effective_from: Date,
    /// Bytes of the register's facts: what travels to each suitcase, before the frame of an entry.
    pub bytes: usize,
    /// What it changes against the newest before it.
    pub changes: Vec<Change>,
    /// Where that one is not in force yet on its first day: what it changes against the release that is.
    pub sooner: Vec<Change>,
    /// What to know of it.
    pub cautions: Vec<Text>,
}

/// Files looked at without being kept.
pub struct CheckedFiles {
    /// What is wrong with them; empty: nothing.
    pub faults: Vec<LoadError>,
    /// What they change against the release they are compared with.
    pub changes: Vec<Change>,
    /// That release.
    pub base: u32,
}

/// A release about to be written.
struct Order {
    source: ReleaseSource,
    from: Date,
    audience: Vec<ChainId>,
    reason: String,
    /// The draft that it is, as it was looked at; published for everybody, it goes.
    draft: Option<Seen>,
    /// Trials of these suitcases end with it.
    ends: Vec<ChainId>,
}

/// A draft in the state in which a person saw it.
#[derive(Clone, Copy)]
struct Seen {
    id: i64,
    revision: i64,
}

/// What became of an order when it was to be written.
enum Written {
    Yes,
    /// Another release was published meanwhile.
    NotNext,
    /// The draft was changed or went meanwhile.
    OtherDraft,
}

impl Desk {
    /// Publishes a draft for everybody, as it was seen in `revision`. `typed` is its number as the person typed it; a first day that is over needs a
    /// reason.
    pub fn publish_draft(
        &self,
        by: &str,
        id: i64,
        revision: i64,
        typed: &str,
        reason: &str,
    ) -> Result<PublishedRelease, DeskError> {
        let opened = self.opened(by, id)?;
        let releases = self.releases()?;
        let number = releases.next_number();
        if typed.trim().parse() != Ok(number) {
            return Err(DeskError::refused(
                format!("це буде випуск {number}: перегляньте різницю ще раз і впишіть його номер цифрами"),
                format!("this will be release {number}: look at the difference again and write its number in digits"),
            ));
        }
        let source = opened.source(&newest(&releases)).map_err(|errors| faulty(&errors))?;
        let order = Order { draft: Some(Seen { id, revision }), ..order(source, opened.day, reason) };
        self.publish(by, &releases, order)
    }

    /// Publishes a draft, as it was seen in `revision`, for some suitcases only, from a day on. The draft stays.
    pub fn try_draft(
        &self,
        by: &str,
        id: i64,
        revision: i64,
        suitcases: &[u16],
        from: Date,
    ) -> Result<PublishedRelease, DeskError> {
        let opened = self.opened(by, id)?;
        let releases = self.releases()?;
        let source = opened.source(&newest(&releases)).map_err(|errors| faulty(&errors))?;
        let audience = self.audience(suitcases)?;
        let draft = Some(Seen { id, revision });
        self.publish(by, &releases, Order { audience, draft, ..order(source, from, &opened.draft.title) })
    }

    /// Publishes files for everybody, or on trial for some suitcases. For everybody it must be known which release they
    /// were made from, `base` or the number in their frame, and nothing newer may have been published since.
    pub fn publish_files(
        &self,
        by: &str,
        uploaded: Vec<Uploaded>,
        from: Date,
        suitcases: &[u16],
        base: Option<u32>,
        reason: &str,
    ) -> Result<PublishedRelease, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let releases = self.releases()?;
        let newest = newest(&releases);
        let files = catalogue_uploads::read(uploaded, &newest.source)?;
        if suitcases.is_empty() {
            made_from(&newest, base.or_else(|| number_of_frame(&files)))?;
        }
        let source = overlaid(&newest, &files).map_err(|errors| faulty(&errors))?;
        let audience = if suitcases.is_empty() { Vec::new() } else { self.audience(suitcases)? };
        self.publish(by, &releases, Order { audience, ..order(source, from, reason) })
    }

    /// Checks files and compares them with a release, the newest if none is named. Nothing is kept.
    pub fn check_files(&self, by: &str, uploaded: Vec<Uploaded>, base: Option<u32>) -> Result<CheckedFiles, DeskError> {
        self.account(by)?;
        let releases = self.releases()?;
        let base = match base {
            Some(number) => releases.get(number).cloned().ok_or_else(|| no_release(number))?,
            None => newest(&releases),
        };
        let checked = self.source_of(&releases, uploaded)?.and_then(|source| source.check());
        let (faults, changes) = match checked {
            Ok(catalogue) => (Vec::new(), difference(base.catalogue, &catalogue)),
            Err(errors) => (errors.all().to_vec(), Vec::new()),
        };
        Ok(CheckedFiles { faults, changes, base: base.number })
    }

    /// The contents of an older release once more, as the next one.
    pub fn roll_back(&self, by: &str, to: u32, from: Date, reason: &str) -> Result<PublishedRelease, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let releases = self.releases()?;
        let older = releases.get(to).ok_or_else(|| no_release(to))?.source.clone();
        self.publish(by, &releases, order(older, from, reason))
    }

    /// Gives a suitcase back what everybody uses: its contents under a number above that of the trial.
    pub fn end_trial(&self, by: &str, suitcase: u16, reason: &str) -> Result<PublishedRelease, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let releases = self.releases()?;
        let mut chains = self.live_chains(suitcase)?;
        let today = self.day();
        chains.retain(|chain| !releases.trials_of(today, *chain).is_empty());
        if chains.is_empty() {
            return Err(DeskError::refused(
                format!("валіза {suitcase} не пробує жодного випуску"),
                format!("suitcase {suitcase} tries no release"),
            ));
        }
        let source = releases.for_everybody(today).source.clone();
        let ends = Order { audience: chains.clone(), ends: chains, ..order(source, today, reason) };
        self.publish(by, &releases, ends)
    }

    fn audience(&self, suitcases: &[u16]) -> Result<Vec<ChainId>, DeskError> {
        let mut audience = Vec::new();
        for number in suitcases {
            let chains = self.live_chains(*number)?;
            if chains.is_empty() {
                return Err(no_suitcase(*number));
            }
            audience.extend(chains);
        }
        if audience.is_empty() {
            return Err(DeskError::refused("виберіть валізу для проби", "choose a suitcase for the trial"));
        }
        Ok(audience)
    }

    /// Files on top of the newest release's.
    fn source_of(
        &self,
        releases: &Releases,
        uploaded: Vec<Uploaded>,
    ) -> Result<Result<ReleaseSource, catalogue::LoadErrors>, DeskError> {
        let newest = newest(releases);
        let files = catalogue_uploads::read(uploaded, &newest.source)?;
        Ok(overlaid(&newest, &files))
    }

    fn publish(&self, by: &str, releases: &Releases, order: Order) -> Result<PublishedRelease, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let (number, newest) = (releases.next_number(), newest(releases));
        let reason = order.reason;
        if order.audience.is_empty() && order.from < self.day() && reason.is_empty() {
            return Err(DeskError::refused(
                format!("день {} уже минув: впишіть, чому випуск діє заднім числом, або виберіть пізніший", order.from),
                format!(
                    "the day {} is over: write why the release takes effect in the past, or choose a later one",
                    order.from
                ),
            ));
        }
        let catalogue = order.source.check().map_err(|errors| faulty(&errors))?;
        let source = order.source.renumbered(number, order.from).map_err(unpublishable)?;
        // A trial is measured by what its suitcase would use that day without it.
        let for_all = order.audience.is_empty();
        let beside = if for_all { &newest } else { releases.for_everybody(order.from) };
        let catalogue = catalogue.under(Edition { number, effective_from: order.from });
        let changes = difference(beside.catalogue, &catalogue);
        let sooner = before_its_base(releases, order.from).filter(|_| for_all);
        if let Some(in_force) = sooner.filter(|_| reason.is_empty()) {
            return Err(brought_forward(&newest, in_force, order.from));
        }
        let sooner = sooner.map_or_else(Vec::new, |in_force| difference(in_force.catalogue, &catalogue));
        // The same from an earlier day is a change: what was planned comes sooner.
        let same = if for_all {
            changes.is_empty() && newest.effective_from <= order.from
        } else {
            source.contents_digest() == beside.contents
        };
        if same && order.ends.is_empty() {
            return Err(DeskError::refused(
                format!("нічого не змінено проти випуску {}: публікувати нема чого", beside.number),
                format!("nothing differs from release {}: there is nothing to publish", beside.number),
            ));
        }
        let cautions =
            if order.audience.is_empty() { releases.cautions(number, order.from, self.day()) } else { Vec::new() };
        let facts = releases.publish(&source, &order.audience).map_err(unpublishable)?;
        let bytes = facts.iter().map(|fact| fact.encode().len()).sum();
        let digest = source.digest();
        let (audience, ends, draft) = (order.audience, order.ends, order.draft);
        let looked_at = releases.publications();
        let written = self.act_as(by, move |act| {
            // Somebody may have published since the register was looked at: no number is given twice.
            if act.register().releases().len() != looked_at {
                return Ok(Written::NotNext);
            }
            // What goes out is what was looked at.
            if let Some(seen) = draft {
                let now = store_drafts::get(act.connection(), seen.id)?;
                if now.is_none_or(|now| now.revision != seen.revision) {
                    return Ok(Written::OtherDraft);
                }
            }
            for fact in &facts {
                act.register_fact(fact)?;
            }
            let (by, at) = (act.officer().to_owned(), act.now().0);
            for chain in ends {
                let ended = CatalogueFact::TrialEnded { chain, number, reason: reason.clone(), by: by.clone(), at };
                act.own(&DeskFact::from(ended).to_own())?;
            }
            let published = CatalogueFact::Published { number, digest, audience, reason, by, at };
            act.own(&DeskFact::from(published).to_own())?;
            if let Some(seen) = draft.filter(|_| for_all) {
                store_drafts::remove(act.connection(), seen.id)?;
            }
            Ok(Written::Yes)
        })?;
        match written {
            Written::Yes => {}
            Written::OtherDraft => return Err(changed_meanwhile()),
            Written::NotNext => {
                return Err(DeskError::refused(
                    "тим часом опубліковано інший випуск: перегляньте різницю ще раз",
                    "another release was published meanwhile: look at the difference again",
                ));
            }
        }
        Ok(PublishedRelease { number, effective_from: order.from, bytes, changes, sooner, cautions })
    }
}

fn order(source: ReleaseSource, from: Date, reason: &str) -> Order {
    let reason: String = reason.chars().filter(|c| !c.is_control()).collect();
    let reason = reason.trim();
    let reason = reason[..reason.floor_char_boundary(SENTENCE)].trim_end().to_owned();
    Order { source, from, audience: Vec::new(), reason, draft: None, ends: Vec::new() }
}

/// The newest release is planned for later than this one: its changes would come sooner.
fn brought_forward(newest: &Release, in_force: &Release, from: Date) -> DeskError {
    let (n, planned, now) = (newest.number, newest.effective_from, in_force.number);
    DeskError::refused(
        format!(
            "випуск {n} заплановано з {planned}, а цей діє з {from}: зміни випуску {n}, що є в ньому, почнуть діяти раніше. Порівняйте його з випуском {now}, який діє того дня, і впишіть, чому"
        ),
        format!(
            "release {n} is planned from {planned}, and this one is in force from {from}: what it has of release {n} takes effect sooner. Compare it with release {now}, in force that day, and write why"
        ),
    )
}

/// Files that were made from an older release would take back what was published since.
fn made_from(newest: &Release, base: Option<u32>) -> Result<(), DeskError> {
    let n = newest.number;
    match base {
        Some(base) if base == n => Ok(()),
        None if newest.place.is_none() => Ok(()),
        Some(base) => Err(DeskError::refused(
            format!(
                "файли зроблено з випуску {base}, а найновіший — {n}: порівняйте їх (catalogue diff {n} ПАПКА) і, якщо різниця та, яку хочете, повторіть з --base {n}"
            ),
            format!(
                "the files were made from release {base}, and the newest is {n}: compare them (catalogue diff {n} FOLDER) and, if the difference is the one you want, repeat with --base {n}"
            ),
        )),
        None => Err(DeskError::refused(
            format!(
                "невідомо, з якого випуску зроблено файли, а найновіший — {n}: порівняйте їх (catalogue diff {n} ПАПКА) і повторіть з --base {n}"
            ),
            format!(
                "it is not known which release the files were made from, and the newest is {n}: compare them (catalogue diff {n} FOLDER) and repeat with --base {n}"
            ),
        )),
    }
}
