//! Releases from an administrator's draft to a suitcase's own facts.

use super::catalogue_edits::apply;
use super::testing::{self, Town};
use super::*;
use ::catalogue::{FRAME, HOLIDAYS, Mode, ReleaseSource, Viewer};
use jiff::civil::{Date, date};
use std::time::Duration;

const NEW_YEAR: Date = date(2027, 1, 1);

fn service(slug: &str, prices: Vec<(PricePlace, NewPrice)>, term: (&str, &str)) -> CatalogueEdit {
    CatalogueEdit::Service {
        slug: slug.into(),
        prices,
        term: NewTerm { value: term.0.into(), unit: term.1.into() },
        mode: Mode::IntakeOnly,
        note: (String::new(), String::new()),
    }
}

/// A draft in which the subsidy takes seven working days.
fn shorter_subsidy(town: &Town) -> i64 {
    let id = town.desk.begin_draft("admin", "коротший строк", Some(NEW_YEAR), Contents::Newest).unwrap();
    let card = town.desk.draft_service("admin", id, "housing-subsidy").unwrap();
    let prices = card.prices.into_iter().map(|(place, _, price)| (place, price)).collect();
    let note = card.note.map_or_else(Default::default, |note| (note.uk, note.en));
    let CatalogueEdit::Service { slug, prices, term, .. } = service("housing-subsidy", prices, ("7", "working")) else {
        panic!()
    };
    let mode = ::catalogue::Catalogue::embedded().service("housing-subsidy").unwrap().outreach.mode;
    let edit = CatalogueEdit::Service { slug, prices, term, mode, note };
    town.desk.edit_draft("admin", id, 1, &edit).unwrap();
    id
}

fn words(changes: &[::catalogue::Change]) -> Vec<String> {
    changes.iter().map(|change| change.words().uk).collect()
}

#[test]
fn a_draft_is_compared_tried_on_one_suitcase_and_published_once() {
    let mut town = testing::town();
    let (seven, three) = (town.suitcase(7), town.suitcase(3));
    let id = shorter_subsidy(&town);
    let draft = town.desk.draft("admin", id).unwrap();
    assert_eq!((draft.number, draft.base, draft.faults.len()), (2, 1, 0));
    let told = words(&draft.changes);
    assert!(told.len() == 1 && told[0].contains("7 робочих днів"), "{told:?}");
    assert_eq!(draft.files, [("services/subsidy.json".to_owned(), false)]);

    let tried = town.desk.try_draft("admin", id, 2, &[7], date(2026, 11, 21)).unwrap();
    assert_eq!(tried.number, 2);
    assert!(tried.bytes < 600, "a term is a few hundred bytes: {}", tried.bytes);
    println!("a trial of one term: {} bytes of facts", tried.bytes);
    let seen_by = |suitcase: &testing::Suitcase| {
        town.carry_down(suitcase);
        let publications = suitcase.peer.register().unwrap().releases();
        let viewer = Viewer::Suitcase(suitcase.peer.chain());
        let releases = ::catalogue::Releases::fold(viewer, publications.iter().map(AsRef::as_ref));
        releases.in_force(date(2026, 11, 22)).number
    };
    assert_eq!((seen_by(&seven), seen_by(&three)), (2, 1));
    assert_eq!(town.desk.catalogue().release().number, 1, "the centre itself does not try");
    let holders = town.desk.release_holders().unwrap();
    assert_eq!(holders.iter().map(|one| (one.suitcase, one.trial)).collect::<Vec<_>>(), [(3, None), (7, Some(2))]);

    assert!(town.desk.publish_draft("admin", id, 2, "2", "").unwrap_err().sentence.uk.contains("випуск 3"));
    let published = town.desk.publish_draft("admin", id, 2, "3", "").unwrap();
    assert_eq!((published.number, published.effective_from), (3, NEW_YEAR));
    assert!(published.bytes < 600, "{}", published.bytes);
    assert!(town.desk.draft("admin", id).is_err(), "a published draft is gone");
    assert_eq!((seen_by(&seven), seen_by(&three)), (2, 1), "not before its day");
    let states: Vec<_> = town.desk.release_rows("admin").unwrap().iter().map(|row| (row.number, row.state)).collect();
    assert_eq!(
        states,
        [(3, ReleaseState::Coming), (2, ReleaseState::Trial), (1, ReleaseState::InForce)],
        "a release for everybody ends a trial of an earlier number, on its day"
    );
    assert_eq!(town.desk.release_holders().unwrap()[1].trial, Some(2), "suitcase 7 uses it today");
    town.clock.advance(Duration::from_secs(41 * 24 * 3600));
    assert_eq!(town.desk.catalogue().release().number, 3);
    let rows = town.desk.release_rows("admin").unwrap();
    assert_eq!((rows[0].state, rows[2].state), (ReleaseState::InForce, ReleaseState::Replaced));
    assert_eq!((rows[1].state, town.desk.release_holders().unwrap()[1].trial), (ReleaseState::TrialOver, None));
    assert_eq!(rows[0].published.as_ref().map(|one| one.by.as_str()), Some("admin"));
}

#[test]
fn a_trial_is_withdrawn_and_a_release_rolled_back() {
    let mut town = testing::town();
    let _seven = town.suitcase(7);
    let id = shorter_subsidy(&town);
    assert!(town.desk.end_trial("admin", 7, "").unwrap_err().sentence.uk.contains("не пробує"));
    assert!(town.desk.try_draft("admin", id, 2, &[8], NEW_YEAR).is_err(), "no such suitcase");
    town.desk.try_draft("admin", id, 2, &[7], date(2026, 11, 21)).unwrap();
    let ended = town.desk.end_trial("admin", 7, "незручно").unwrap();
    assert_eq!((ended.number, ended.changes.len()), (3, 0));
    assert_eq!(town.desk.release_holders().unwrap()[0].trial, None);
    let states: Vec<_> = town.desk.release_rows("admin").unwrap().iter().map(|row| row.state).collect();
    assert_eq!(states, [ReleaseState::TrialOver, ReleaseState::TrialOver, ReleaseState::InForce]);

    town.desk.publish_draft("admin", id, 2, "4", "").unwrap();
    let nothing = town.desk.roll_back("admin", 4, NEW_YEAR, "").unwrap_err();
    assert!(nothing.sentence.uk.contains("нічого не змінено"), "{nothing}");
    let back = town.desk.roll_back("admin", 1, date(2027, 1, 2), "помилковий строк").unwrap();
    assert_eq!(back.number, 5);
    assert!(words(&back.changes)[0].contains("7 робочих днів →"), "{:?}", words(&back.changes));
    let late = town.desk.roll_back("admin", 4, date(2026, 11, 20), "").unwrap_err();
    assert!(late.sentence.uk.contains("уже минув"), "{late}");
    assert!(town.desk.roll_back("admin", 99, NEW_YEAR, "").is_err());
    town.desk.roll_back("admin", 4, date(2026, 11, 20), "заднім числом за розпорядженням").unwrap();
    assert_eq!(town.desk.catalogue().release().number, 6, "in force at once");
}

#[test]
fn what_is_planned_for_everybody_comes_to_a_suitcase_whose_trial_was_ended() {
    let mut town = testing::town();
    let seven = town.suitcase(7);
    let planned = shorter_subsidy(&town);
    town.desk.publish_draft("admin", planned, 2, "2", "").unwrap();
    let base = CatalogueEdit::BaseValue { base: "PM_WORKING".into(), from: NEW_YEAR, amount: "3 500".into() };
    let id = town.desk.begin_draft("admin", "нова база", Some(NEW_YEAR), Contents::Newest).unwrap();
    town.desk.edit_draft("admin", id, 1, &base).unwrap();
    assert_eq!(town.desk.try_draft("admin", id, 2, &[7], date(2026, 11, 21)).unwrap().number, 3);
    town.desk.end_trial("admin", 7, "").unwrap();
    let seen = |town: &Town, day: Date| {
        town.carry_down(&seven);
        let publications = seven.peer.register().unwrap().releases();
        let chain = seven.peer.chain();
        let releases = ::catalogue::Releases::fold(Viewer::Suitcase(chain), publications.iter().map(AsRef::as_ref));
        (releases.in_force(day).number, releases.trials_of(day, chain).len())
    };
    assert_eq!(seen(&town, town.desk.day()), (1, 0));
    assert_eq!(town.desk.release_holders().unwrap()[0].trial, None);
    town.clock.advance(Duration::from_secs(41 * 24 * 3600));
    assert_eq!(town.desk.catalogue().release().number, 2);
    assert_eq!(seen(&town, town.desk.day()), (2, 0), "what everybody uses since New Year");
    // What everybody uses that day is nothing to try: it would be read as the end of a trial.
    let same = town.desk.release_files("admin", 2).unwrap().into_iter();
    let same = same.map(|(name, text)| Uploaded { name, bytes: text.into_bytes() }).collect();
    let refused = town.desk.publish_files("admin", same, town.desk.day(), &[7], None, "").unwrap_err();
    assert!(refused.sentence.uk.contains("нічого не змінено проти випуску 2"), "{refused}");
}

#[test]
fn a_release_that_brings_forward_what_was_planned_says_so_and_needs_a_reason() {
    let town = testing::town();
    let planned = shorter_subsidy(&town);
    town.desk.publish_draft("admin", planned, 2, "2", "").unwrap();
    let urgent = town.desk.begin_draft("admin", "терміново", Some(town.desk.day()), Contents::Newest).unwrap();
    let holiday =
        CatalogueEdit::Holiday { name: ("День громади".into(), "Community day".into()), first: NEW_YEAR };
    town.desk.edit_draft("admin", urgent, 1, &holiday).unwrap();
    let draft = town.desk.draft("admin", urgent).unwrap();
    let told = words(&draft.changes);
    assert!(told.iter().all(|one| !one.contains("7 робочих днів")), "built on the planned one: {told:?}");
    let (in_force, sooner) = draft.sooner.unwrap();
    assert!(in_force == 1 && words(&sooner).iter().any(|one| one.contains("7 робочих днів")), "{sooner:?}");
    assert!(draft.cautions.iter().any(|one| one.uk.contains("почнуть діяти вже з 21.11.2026")), "{:?}", draft.cautions);
    let refused = town.desk.publish_draft("admin", urgent, 2, "3", "").unwrap_err();
    assert!(refused.sentence.uk.contains("впишіть, чому"), "{refused}");
    let done = town.desk.publish_draft("admin", urgent, 2, "3", "рішення ради від сьогодні").unwrap();
    assert!(words(&done.sooner).iter().any(|one| one.contains("7 робочих днів")), "{:?}", done.sooner);

    // What is planned for the same day or later needs none, and compares with its base alone.
    let later = town.desk.begin_draft("admin", "", Some(NEW_YEAR), Contents::Newest).unwrap();
    assert_eq!(town.desk.draft("admin", later).unwrap().sooner, None);
}

#[test]
fn files_made_from_an_older_release_are_not_published_unseen() {
    let town = testing::town();
    let id = shorter_subsidy(&town);
    town.desk.publish_draft("admin", id, 2, "2", "").unwrap();
    let old = ReleaseSource::embedded();
    let frame = old.file(FRAME).unwrap().replace("\"3328.00\"", "\"3400.00\"");
    let file = |name: &str, text: &str| Uploaded { name: name.into(), bytes: text.as_bytes().to_vec() };
    let publish = |files: Vec<Uploaded>, base| town.desk.publish_files("admin", files, NEW_YEAR, &[], base, "");
    let whole = || vec![file(FRAME, &frame), file("services/subsidy.json", old.file("services/subsidy.json").unwrap())];
    let refused = publish(whole(), None).unwrap_err();
    assert!(refused.sentence.uk.contains("з випуску 1, а найновіший — 2"), "{refused}");
    let part = || vec![file(HOLIDAYS, &old.file(HOLIDAYS).unwrap().replace("\"03-08\"", "\"03-09\""))];
    let refused = publish(part(), None).unwrap_err();
    assert!(refused.sentence.uk.contains("--base 2"), "{refused}");
    assert!(publish(part(), Some(1)).is_err());
    assert_eq!(publish(part(), Some(2)).unwrap().number, 3);
}

#[test]
fn of_two_who_publish_at_once_each_gets_a_number_of_his_own() {
    let town = testing::town();
    let first = shorter_subsidy(&town);
    let second = town.desk.begin_draft("admin", "нова база", Some(NEW_YEAR), Contents::Newest).unwrap();
    town.desk
        .edit_draft(
            "admin",
            second,
            1,
            &CatalogueEdit::BaseValue { base: "PM_WORKING".into(), from: NEW_YEAR, amount: "3 500".into() },
        )
        .unwrap();
    let done: Vec<_> = std::thread::scope(|scope| {
        let publish = |id| {
            scope.spawn({
                let desk = &town.desk;
                move || desk.publish_draft("admin", id, 2, "2", "")
            })
        };
        [publish(first), publish(second)].map(|thread| thread.join().unwrap()).into_iter().collect()
    });
    let numbers: Vec<u32> = done.iter().flatten().map(|one| one.number).collect();
    assert_eq!(numbers, [2], "one of them: {:?}", done.iter().map(|one| one.is_ok()).collect::<Vec<_>>());
    let left = if done[0].is_ok() { second } else { first };
    let again = town.desk.publish_draft("admin", left, 2, "3", "");
    let again = again.unwrap();
    assert_eq!((again.number, again.changes.is_empty()), (3, false));
    let both = words(&town.desk.release_difference("admin", 1, 3).unwrap());
    assert!(both.iter().any(|one| one.contains("7 робочих днів")), "nothing of the first was lost: {both:?}");
    assert!(both.iter().any(|one| one.contains("500,00 грн")), "nor of the second: {both:?}");
    assert!(town.desk.releases().unwrap().refused().is_empty());
}

#[test]
fn who_changes_a_draft_that_was_changed_meanwhile_is_told() {
    let mut town = testing::town();
    let id = shorter_subsidy(&town);
    let stale_one = id;
    let stale = town.desk.set_draft("admin", id, 1, "інша назва", NEW_YEAR).unwrap_err();
    assert!(stale.sentence.uk.contains("тим часом змінили"), "{stale}");
    town.desk.set_draft("admin", id, 2, "інша назва", NEW_YEAR).unwrap();
    assert_eq!(town.desk.draft("admin", id).unwrap().row.title, "інша назва");
    town.desk.drop_draft_file("admin", id, 3, "services/subsidy.json").unwrap();
    assert!(town.desk.draft("admin", id).unwrap().changes.is_empty());
    let late = |error: DeskError| assert!(error.sentence.uk.contains("тим часом змінили"), "{error}");
    let id = shorter_subsidy(&town);
    late(town.desk.publish_draft("admin", id, 1, "2", "").unwrap_err());
    let _seven = town.suitcase(7);
    late(town.desk.try_draft("admin", id, 1, &[7], NEW_YEAR).unwrap_err());
    late(town.desk.discard_draft("admin", id, 1).unwrap_err());
    assert_eq!(town.desk.releases().unwrap().all().len(), 1, "nothing went out");
    town.desk.discard_draft("admin", id, 2).unwrap();
    town.desk.discard_draft("admin", stale_one, 4).unwrap();
    assert!(town.desk.drafts("admin").unwrap().is_empty());
}

#[test]
fn faults_of_uploaded_files_are_told_and_keep_the_draft_from_being_published() {
    let town = testing::town();
    let broken = Uploaded { name: "holidays.json".into(), bytes: b"{\"schema\": 1,".to_vec() };
    let id = town.desk.begin_draft("admin", "", None, Contents::Files(vec![broken])).unwrap();
    let draft = town.desk.draft("admin", id).unwrap();
    assert_eq!(draft.row.effective_from, date(2026, 12, 1), "proposed: the first of the next month");
    assert_eq!((draft.faults[0].file.as_str(), draft.faults[0].line), ("holidays.json", Some((1, 13))));
    assert!(town.desk.publish_draft("admin", id, 2, "2", "").unwrap_err().sentence.uk.contains("holidays.json"));
    assert!(town.desk.try_draft("admin", id, 2, &[], NEW_YEAR).is_err());
    let mended = Uploaded {
        name: "holidays.json".into(),
        bytes: ReleaseSource::embedded().file(HOLIDAYS).unwrap().replace("2014", "2015").into_bytes(),
    };
    town.desk.upload("admin", id, draft.revision, vec![mended]).unwrap();
    assert!(town.desk.draft("admin", id).unwrap().faults.is_empty());
    let checked = town.desk.check_files("admin", vec![Uploaded { name: FRAME.into(), bytes: b"{}".to_vec() }], None);
    assert!(!checked.unwrap().faults.is_empty());
}

#[test]
fn simple_changes_touch_their_own_place_alone() {
    let source = ReleaseSource::embedded();
    let changed = |edit: &CatalogueEdit| {
        let (name, text) = apply(&source, edit, NEW_YEAR).unwrap();
        let with = source.with_file(&name, &text).unwrap();
        let catalogue = with.check().unwrap_or_else(|errors| panic!("{errors}"));
        let before = source.file(&name).unwrap();
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (old, new) = (lines(before), lines(&text));
        let other = new.iter().filter(|line| !old.contains(line)).count();
        assert!(other <= 6, "{other} lines of {name} differ");
        words(&::catalogue::difference(::catalogue::Catalogue::embedded(), &catalogue))
    };
    let base = CatalogueEdit::BaseValue { base: "PM_WORKING".into(), from: NEW_YEAR, amount: "3 500,5".into() };
    assert!(changed(&base).iter().any(|one| one.contains("500,50")), "{:?}", changed(&base));
    let middle = CatalogueEdit::BaseValue { base: "PM_WORKING".into(), from: date(2026, 7, 1), amount: "3400".into() };
    assert!(changed(&middle).iter().any(|one| one.contains("до 30.06.2026")), "{:?}", changed(&middle));
    let holiday = CatalogueEdit::Holiday {
        name: ("День громади".into(), "Community day".into()),
        first: date(2027, 6, 3),
    };
    assert!(changed(&holiday).iter().any(|one| one.contains("День громади")));
    assert_eq!(changed(&CatalogueEdit::MartialLawEnds(date(2026, 12, 31))).len(), 1);
    assert_eq!(changed(&CatalogueEdit::HolidayEnds(0, 2030)).len(), 1);
}

#[test]
fn every_service_can_be_saved_unchanged_and_each_kind_of_price_set() {
    let source = ReleaseSource::embedded();
    for service in ::catalogue::Catalogue::embedded().services() {
        let card = super::pages_catalogue::card(::catalogue::Catalogue::embedded(), &service.slug, NEW_YEAR).unwrap();
        let prices: Vec<_> = card.prices.into_iter().map(|(place, _, price)| (place, price)).collect();
        let note = card.note.map_or_else(Default::default, |note| (note.uk, note.en));
        let term = NewTerm { value: card.term.0, unit: card.term.1.into() };
        let mode = service.outreach.mode;
        let same = CatalogueEdit::Service { slug: service.slug.clone(), prices, term, mode, note };
        let (name, text) = apply(&source, &same, NEW_YEAR).unwrap();
        assert!(source.file(&name) == Some(text.as_str()), "{} was touched", service.slug);
    }
    for price in [
        NewPrice::AmountNotKnown,
        NewPrice::Amount("1 055,5".into()),
        NewPrice::Share("2,5".into(), "PM_WORKING".into()),
        NewPrice::Free,
        NewPrice::NotKnown,
    ] {
        let edit = service("id-and-travel-passport", vec![(PricePlace::Usual, price.clone())], ("", ""));
        let (name, text) = apply(&source, &edit, NEW_YEAR).unwrap();
        let catalogue = source.with_file(&name, &text).unwrap().check().unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(catalogue.service("id-and-travel-passport").unwrap().term.usual, None, "{price:?}");
    }
    for odd in ["", "сто", "1,234", "-5", "1e3", "99999999999"] {
        let edit = service("id-and-travel-passport", vec![(PricePlace::Usual, NewPrice::Amount(odd.into()))], ("", ""));
        assert!(apply(&source, &edit, NEW_YEAR).unwrap_err().sentence.uk.contains("не є числом"), "{odd}");
    }
    assert!(apply(&source, &service("nothing", vec![], ("", "")), NEW_YEAR).is_err());
}

#[test]
fn a_request_under_another_release_than_its_days_says_so() {
    let mut town = testing::town();
    let suitcase = town.suitcase(7);
    let number = suitcase.record("Коваль", "Ганна");
    let view = suitcase.view(&number);
    assert_eq!(town.desk.release_note(&view).unwrap(), None);
    let id = shorter_subsidy(&town);
    town.desk.set_draft("admin", id, 2, "", date(2026, 11, 21)).unwrap();
    town.desk.publish_draft("admin", id, 3, "2", "").unwrap();
    let note = town.desk.release_note(&view).unwrap().unwrap();
    assert_eq!((note.taken, note.known, note.trial, note.expected), (1, true, false, 2));
    assert!(note.expected_since.is_some() && note.difference.is_none(), "another service changed: {note:?}");
    assert_eq!(town.desk.catalogue_for(&view).release().number, 1, "a request keeps its own");
    assert_eq!(town.desk.catalogue_of(99).release().number, 2, "the nearest that is there");
}
