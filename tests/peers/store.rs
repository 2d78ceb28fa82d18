//! One suitcase by itself: acts, search, rebuild, verify, closing and opening.

use clock::Time;
use peer::{Filter, Order, PeerError};
use records::{Edit, Kind};
use valiza_tests::world::{World, request_fields};

#[test]
fn an_act_is_whole_or_not_at_all() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let failed: Result<(), PeerError> = suitcase.peer().act(|act| {
        act.create(Kind::Request, &request_fields("7-211126-001-АА0", "Коваленко"))?;
        Err(PeerError::NoKey)
    });
    assert!(failed.is_err());
    assert_eq!(suitcase.peer().read(|view| view.count(&Filter::default())).unwrap(), 0);
    let end = suitcase.peer().read(|view| view.end(suitcase.peer().chain())).unwrap();
    assert_eq!(end.seq, 0, "the epoch that the act began is rolled back with it");
    suitcase.peer().act(|act| act.create(Kind::Request, &request_fields("7-211126-001-АА0", "Коваленко"))).unwrap();
    assert_eq!(suitcase.peer().read(|view| view.count(&Filter::default())).unwrap(), 1);
}

#[test]
fn records_are_found_by_any_spelling() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    for (number, name) in [("1", "Мар’яненко"), ("2", "Ґудзь"), ("3", "Їжак")] {
        suitcase.peer().act(move |act| act.create(Kind::Request, &request_fields(number, name))).unwrap();
    }
    let find = |query: &str| {
        let filter = Filter { words: records::fold::words(query), ..Filter::default() };
        let rows = suitcase.peer().read(|view| view.list(&filter, Order::Title, 0, 10)).unwrap();
        rows.into_iter().map(|row| row.title).collect::<Vec<_>>()
    };
    for spelling in ["Мар’яненко", "мар'яненко", "марʼян", "МАР`ЯНЕНКО ганна"] {
        assert_eq!(find(spelling).len(), 1, "{spelling}");
    }
    assert_eq!(find("гудзь").len(), 1);
    assert_eq!(find("іжак").len(), 1);
    assert_eq!(find("Ганна").len(), 3);
    assert_eq!(find("1408212320").len(), 3);
    assert_eq!(find("\" OR 1=1 --").len(), 0);
    let titles = find("Ганна");
    assert!(titles[0].starts_with("Ґудзь") && titles[1].starts_with("Їжак"), "{titles:?}");
}

#[test]
fn a_rebuild_makes_what_was_there_and_verify_agrees() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let record = suitcase.peer().act(|act| act.create(Kind::Request, &request_fields("1", "Коваленко"))).unwrap();
    suitcase.peer().act(|act| act.create(Kind::Request, &request_fields("2", "Гук"))).unwrap();
    let phone = || vec![Edit::new("phone", "+380501112233")];
    suitcase.peer().act(move |act| act.edit(record, |_, _| Ok((phone(), ())))).unwrap();
    let before = suitcase.peer().rows_as_text().unwrap();
    assert_eq!(before.len(), 2);
    assert_eq!(suitcase.peer().rebuild().unwrap(), 2);
    assert_eq!(suitcase.peer().rows_as_text().unwrap(), before);
    let report = suitcase.peer().verify().unwrap();
    assert_eq!(report.faults, Vec::<String>::new());
    assert_eq!(report.records, 2);
    assert!(report.entries >= 7, "{report:?}");
}

#[test]
fn a_closed_suitcase_opens_with_its_records() {
    let mut world = World::new();
    let mut suitcase = world.suitcase(7);
    let record = suitcase.peer().act(|act| act.create(Kind::Request, &request_fields("1", "Коваленко"))).unwrap();
    suitcase.close();
    suitcase.open();
    let document = suitcase.peer().read(|view| view.document(record)).unwrap();
    assert!(document.values().contains_key("a.last"));
    let unchanged =
        suitcase.peer().act(move |act| act.edit(record, |_, _| Ok((vec![Edit::new("a.last", "Коваленко")], ()))));
    unchanged.unwrap();
    let provenance = suitcase.peer().read(|view| view.provenance(record)).unwrap();
    assert_eq!(provenance.len(), 1, "an edit that changes nothing writes nothing");
    assert_eq!(provenance[0].officer, "olena");
}

#[test]
fn clocks_gone_wild_are_recorded_and_marked() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    for (number, time) in [("1", Time(0)), ("2", Time::from_seconds(4_070_908_800))] {
        world.clock.set_wall(time);
        let mut fields = request_fields(number, "Коваленко");
        fields[1] = Edit::new("submitted", time.0);
        suitcase.peer().act(move |act| act.create(Kind::Request, &fields)).unwrap();
    }
    let rows = suitcase.peer().read(|view| view.list(&Filter::default(), Order::Oldest, 0, 10)).unwrap();
    assert!(rows.iter().all(|row| row.flags & peer::RecordRow::CLOCK != 0), "{rows:?}");
}

#[test]
fn numbers_on_paper_count_up_by_the_day() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let number = || suitcase.peer().act(|act| act.next_receipt_number()).unwrap();
    let (first, second) = (number(), number());
    assert_eq!((first.suitcase(), first.date(), first.counter()), (7, (2026, 11, 21), 1));
    assert_eq!(second.counter(), 2);
    world.clock.advance(std::time::Duration::from_secs(86_400));
    assert_eq!(number().counter(), 1);
}
