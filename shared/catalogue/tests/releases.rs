//! A release is taken whole or not at all.

use catalogue::{Catalogue, FRAME, Release, ReleaseError, ReleaseSource, Releases, Viewer};
use chain::{Fact, Publication, ReleaseHead};
use ids::ChainId;
use jiff::civil::{Date, date};

const DESK: ChainId = ChainId::from_bytes([1; 16]);
const SEVEN: ChainId = ChainId::from_bytes([7; 16]);
const EIGHT: ChainId = ChainId::from_bytes([8; 16]);

/// The embedded release with another first day, number, and value of the base of most fees.
fn next(number: u32, from: &str, amount: &str) -> ReleaseSource {
    let embedded = ReleaseSource::embedded();
    let day: Date = from.parse().expect("good data");
    let renumbered = embedded.renumbered(number, day).expect("good data");
    let frame = renumbered.file(FRAME).expect("good data").replace("\"3328.00\"", &format!("\"{amount}\""));
    renumbered.with_file(FRAME, &frame).expect("good data")
}

/// What the register would hold after these facts.
fn publication(seq: u64, facts: &[Fact]) -> Publication {
    let Fact::Release(head) = &facts[0] else { panic!("the announcement first") };
    let mut publication = Publication::alone(DESK, seq, head.clone());
    for fact in &facts[1..] {
        let Fact::ReleasePiece { which, piece, .. } = fact else { panic!("then its pieces") };
        publication.add(*which, piece.clone());
    }
    publication
}

fn publish(releases: &Releases, seq: u64, source: &ReleaseSource, audience: &[ChainId]) -> Publication {
    publication(seq, &releases.publish(source, audience).expect("good data"))
}

#[test]
fn the_bytes_of_a_release_come_back_exactly() {
    let source = ReleaseSource::embedded();
    let bytes = source.canonical_bytes();
    assert_eq!(ReleaseSource::parse(&bytes).unwrap(), source);
    let whole = source.packed(None).unwrap();
    assert_eq!(ReleaseSource::unpacked(&whole, None).unwrap(), source);
    let other = next(2, "2026-12-01", "3500.00");
    let small = other.packed(Some(&source)).unwrap();
    assert_eq!(ReleaseSource::unpacked(&small, Some(&source)).unwrap(), other);
    println!("a release: {} bytes, packed whole {}, one fee as a difference {}", bytes.len(), whole.len(), small.len());
    assert!(small.len() < 400, "{}", small.len());
}

#[test]
fn a_planned_release_is_in_force_from_its_day_on() {
    let mut releases = Releases::new(Viewer::Suitcase(SEVEN));
    releases.take(&publish(&releases.clone(), 2, &next(2, "2027-01-01", "3500.00"), &[]));
    assert_eq!(releases.refused(), []);
    assert_eq!(releases.in_force(date(2026, 12, 31)).number, 1);
    assert_eq!(releases.in_force(date(2027, 1, 1)).number, 2);
    assert_eq!(releases.in_force(date(1999, 1, 1)).number, 1, "a clock that is wrong");
    assert_eq!((releases.get(2).unwrap().number, releases.next_number()), (2, 3));
    let (nearest, exact) = releases.nearest(7);
    assert_eq!((nearest.number, exact), (2, false));
}

fn refused(releases: &Releases) -> Vec<&str> {
    releases.refused().iter().map(|one| one.sentence.uk.as_str()).collect()
}

#[test]
fn an_older_number_and_a_used_one_are_refused_with_a_sentence() {
    let mut releases = Releases::new(Viewer::Suitcase(SEVEN));
    releases.take(&publish(&releases.clone(), 2, &next(5, "2026-12-01", "3500.00"), &[]));
    // Published by a desk that did not look: its facts are made against a register without release 5.
    let blind = Releases::new(Viewer::Centre);
    releases.take(&publish(&blind, 3, &next(4, "2026-12-02", "3600.00"), &[]));
    releases.take(&publish(&blind, 4, &next(5, "2026-12-02", "3600.00"), &[]));
    assert_eq!(releases.refused().len(), 2);
    assert_eq!(
        refused(&releases)[0],
        "випуск 4 каталогу не взято: він не новіший за випуск 5; нехай центр дасть йому наступний номер"
    );
    assert_eq!(releases.in_force(date(2026, 12, 31)).number, 5);
    assert_eq!(releases.refused()[1].place, (DESK, 4));
    let again = releases.publish(&next(5, "2026-12-09", "3700.00"), &[]).unwrap_err();
    assert!(again.to_string().contains("дайте випускові номер 6"), "{again}");
}

#[test]
fn a_release_that_says_another_number_than_its_announcement_is_refused() {
    let facts = Releases::new(Viewer::Centre).publish(&next(2, "2026-12-01", "3500.00"), &[]).unwrap();
    let Fact::Release(good) = &facts[0] else { panic!() };
    let turned = [
        ReleaseHead { number: 3, ..good.clone() },
        ReleaseHead { effective_from: "2026-11-01".into(), ..good.clone() },
        ReleaseHead { effective_from: String::new(), ..good.clone() },
    ];
    for head in turned {
        let releases = Releases::fold(Viewer::Suitcase(SEVEN), [&Publication::alone(DESK, 2, head)]);
        assert!(refused(&releases)[0].contains("інші, ніж оголошено"), "{:?}", releases.refused());
        assert_eq!(releases.all().len(), 1);
    }
}

#[test]
fn an_unknown_base_a_missing_piece_and_a_later_format_are_named() {
    let releases = Releases::new(Viewer::Centre);
    let facts = releases.publish(&next(2, "2026-12-01", "3500.00"), &[]).unwrap();
    let Fact::Release(good) = &facts[0] else { panic!() };
    let later = [&[2][..], &good.piece[1..]].concat();
    let cases = [
        (ReleaseHead { base: signing::Hash([9; 32]), ..good.clone() }, "бракує випуску, від якого записано різницю"),
        (ReleaseHead { pieces: 2, ..good.clone() }, "є 1 з 2 частин"),
        (ReleaseHead { pieces: 0, ..good.clone() }, "є 1 з 0 частин"),
        (ReleaseHead { piece: later, ..good.clone() }, "оновіть програму"),
        (ReleaseHead { piece: Vec::new(), ..good.clone() }, "обірвано або змінено"),
        (ReleaseHead { digest: signing::Hash([9; 32]), ..good.clone() }, "обірвано або змінено"),
    ];
    for (head, expected) in cases {
        let releases = Releases::fold(Viewer::Suitcase(SEVEN), [&Publication::alone(DESK, 2, head)]);
        assert!(refused(&releases)[0].contains(expected), "{expected}: {:?}", releases.refused());
        assert!(refused(&releases)[0].starts_with("випуск 2 каталогу не взято: "), "{:?}", releases.refused());
    }
}

#[test]
fn a_release_with_broken_files_is_never_published_and_never_taken() {
    let broken = next(2, "2026-12-01", "3500.00").with_file("holidays.json", "{}").unwrap();
    let releases = Releases::new(Viewer::Centre);
    let error = releases.publish(&broken, &[]).unwrap_err();
    assert!(error.to_string().contains("holidays.json"), "{error}");
    let base = ReleaseSource::embedded();
    let head = ReleaseHead {
        number: 2,
        effective_from: "2026-12-01".into(),
        base: base.digest(),
        digest: broken.digest(),
        audience: vec![],
        pieces: 1,
        piece: broken.packed(Some(&base)).unwrap(),
    };
    let releases = Releases::fold(Viewer::Suitcase(SEVEN), [&Publication::alone(DESK, 2, head)]);
    assert!(refused(&releases)[0].contains("holidays.json:1:2"), "{:?}", releases.refused());
}

#[test]
fn a_bomb_takes_no_memory() {
    let zeros = vec![0; 200 * 1024 * 1024];
    let mut packed = vec![1];
    packed.extend(zstd::bulk::compress(&zeros, 1).unwrap());
    drop(zeros);
    assert!(packed.len() < 60 * 1024, "{}", packed.len());
    assert_eq!(ReleaseSource::unpacked(&packed, None), Err(ReleaseError::TooLarge));
}

#[test]
fn a_trial_counts_for_the_named_suitcase_only_and_then_for_all() {
    let trial = next(2, "2026-12-01", "3500.00");
    let centre = Releases::new(Viewer::Centre);
    let first = publish(&centre, 2, &trial, &[SEVEN]);
    let seen = |viewer: Viewer, all: &[&Publication]| Releases::fold(viewer, all.iter().copied());
    let on = date(2026, 12, 1);
    assert_eq!(seen(Viewer::Suitcase(SEVEN), &[&first]).in_force(on).number, 2);
    assert_eq!(seen(Viewer::Suitcase(EIGHT), &[&first]).in_force(on).number, 1);
    let centre = seen(Viewer::Centre, &[&first]);
    assert_eq!(centre.in_force(on).number, 1);
    assert_eq!((centre.in_force_for(on, SEVEN).number, centre.in_force_for(on, EIGHT).number), (2, 1));
    assert!(centre.get(2).unwrap().is_trial());
    // The same release for everybody: all hold its bytes already.
    let second = publish(&centre, 3, &trial, &[]);
    assert!(second.bytes().unwrap().len() < 200, "{}", second.bytes().unwrap().len());
    for viewer in [Viewer::Suitcase(SEVEN), Viewer::Suitcase(EIGHT), Viewer::Centre] {
        let all = seen(viewer, &[&first, &second]);
        assert_eq!((all.in_force(on).number, all.refused().len(), all.all().len()), (2, 0, 2), "{viewer:?}");
        assert!(!all.get(2).unwrap().is_trial());
    }
    // Another release for everybody while the trial goes on gets the next number, whatever the trial comes to.
    let other = publish(&centre, 3, &next(centre.next_number(), "2026-12-01", "3600.00"), &[]);
    let eight = seen(Viewer::Suitcase(EIGHT), &[&first, &other]);
    assert_eq!((eight.in_force(on).number, eight.all().len()), (3, 2));
}

#[test]
fn a_trial_that_ended_is_none_and_what_was_planned_comes_on_its_day() {
    let mut centre = Releases::new(Viewer::Centre);
    let mut all = Vec::new();
    let mut write = |source: &ReleaseSource, audience: &[ChainId]| {
        let publication = publish(&centre, all.len() as u64 + 1, source, audience);
        centre.take(&publication);
        all.push(publication);
        centre.next_number()
    };
    let planned = write(&next(2, "2026-12-20", "3500.00"), &[]);
    let tried = write(&next(planned, "2026-12-01", "3600.00"), &[SEVEN]);
    let embedded = ReleaseSource::embedded();
    write(&embedded.renumbered(tried, date(2026, 12, 5)).unwrap(), &[SEVEN]);
    let seven = Releases::fold(Viewer::Suitcase(SEVEN), &all);
    let day = |day: i8| seven.in_force(date(2026, 12, day)).number;
    assert_eq!([day(1), day(4), day(5), day(19), day(20)], [3, 3, 1, 1, 2]);
    let ends = |number: u32| seven.get(number).unwrap().ends_trials();
    assert_eq!([ends(1), ends(2), ends(3), ends(4)], [false, false, false, true]);
    assert_eq!(seven.in_force(date(2026, 12, 20)).number, centre.in_force(date(2026, 12, 20)).number);
    // Older contents on trial are a trial, not the end of one.
    let older = centre.get(1).unwrap().source.renumbered(5, date(2026, 12, 21)).unwrap();
    all.push(publish(&centre, 4, &older, &[SEVEN]));
    let seven = Releases::fold(Viewer::Suitcase(SEVEN), &all);
    assert_eq!(seven.in_force(date(2026, 12, 21)).number, 5);
    assert!(!seven.get(5).unwrap().ends_trials());
    // What is ended before its first day never begins, and whoever reads the register later sees the same.
    let tried = |day: i8| seven.trials_of(date(2026, 12, day), SEVEN).iter().map(|one| one.number).collect::<Vec<_>>();
    assert_eq!((tried(1), tried(5), tried(21)), (vec![3, 5], vec![5], vec![5]));
    assert_eq!(centre.trials_of(date(2026, 12, 6), SEVEN).len(), 0);
}

#[test]
fn going_back_is_a_new_release_with_old_contents() {
    let mut centre = Releases::new(Viewer::Centre);
    centre.take(&publish(&centre.clone(), 2, &next(2, "2026-12-01", "3500.00"), &[]));
    let back = centre.get(1).unwrap().source.renumbered(3, date(2026, 12, 10)).unwrap();
    let publication = publish(&centre, 3, &back, &[]);
    println!("a roll back: {} bytes", publication.bytes().unwrap().len());
    centre.take(&publication);
    assert_eq!([1, 9, 10].map(|day| centre.in_force(date(2026, 12, day)).number), [2, 2, 3]);
    let changes = catalogue::difference(centre.get(1).unwrap().catalogue, centre.get(3).unwrap().catalogue);
    assert_eq!(changes, [], "nothing but the number and the day");
    let caution = centre.cautions(4, date(2026, 12, 5), date(2026, 12, 4));
    assert!(caution[0].uk.contains("випуск 3, що мав діяти з 10.12.2026"), "{caution:?}");
    assert!(caution[0].uk.contains("почнуть діяти вже з 05.12.2026"), "what it has of them: {caution:?}");
    let caution = centre.cautions(4, date(2026, 12, 10), date(2026, 12, 4));
    assert!(caution[0].uk.contains("з того самого дня його заступає цей"), "{caution:?}");
}

#[test]
fn a_release_in_many_pieces_is_whole_only_with_all_of_them() {
    // A file of noise, as words of a note, is more than one entry holds.
    let mut seed = 1_u64;
    let mut noise = String::new();
    while noise.len() < 300_000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        noise.push_str(&format!("# {seed:016x}\n"));
    }
    let source = next(2, "2026-12-01", "3500.00");
    let territories = format!("{}{noise}", source.file("territories.txt").unwrap());
    let source = source.with_file("territories.txt", &territories).unwrap();
    let facts = Releases::new(Viewer::Centre).publish(&source, &[]).unwrap();
    assert!(facts.len() >= 2, "{}", facts.len());
    assert!(facts.iter().all(|fact| fact.encode().len() <= chain::limits::BODY));
    let whole = Releases::fold(Viewer::Suitcase(SEVEN), [&publication(2, &facts)]);
    assert_eq!((whole.refused().len(), whole.all().len()), (0, 2));
    let cut = Releases::fold(Viewer::Suitcase(SEVEN), [&publication(2, &facts[..facts.len() - 1])]);
    assert!(refused(&cut)[0].contains("частин"), "{:?}", cut.refused());
    let mut doubled = facts.clone();
    doubled.insert(1, facts[1].clone());
    assert_eq!(
        Releases::fold(Viewer::Suitcase(SEVEN), [&publication(2, &doubled)]).all().len(),
        2,
        "a repeat is passed over"
    );
}

/// Every byte and every bit of a small difference; the whole release at a sample of places.
#[test]
fn a_release_cut_anywhere_or_with_any_bit_turned_is_refused() {
    let base = ReleaseSource::embedded();
    let source = next(2, "2026-12-01", "3500.00");
    let packed = source.packed(Some(&base)).unwrap();
    let same =
        |bytes: &[u8]| ReleaseSource::unpacked(bytes, Some(&base)).is_ok_and(|read| read.digest() == source.digest());
    assert!(same(&packed));
    for end in 0..packed.len() {
        assert!(!same(&packed[..end]), "cut at {end}");
    }
    let turned = |bit: usize| {
        let mut turned = packed.clone();
        turned[bit / 8] ^= 1 << (bit % 8);
        turned
    };
    // A few bits of what is packed say nothing, and come to the same bytes.
    let passed_over: Vec<usize> = (0..packed.len() * 8).filter(|bit| same(&turned(*bit))).collect();
    assert!(packed.len() > 80 && passed_over.len() <= 8, "{passed_over:?} of {} bytes", packed.len());
    let plain = source.canonical_bytes();
    for end in (0..plain.len()).step_by(4_093).chain(plain.len() - 40..plain.len()) {
        assert!(ReleaseSource::parse(&plain[..end]).is_err(), "cut at {end}");
    }
    for byte in (0..plain.len()).step_by(9_973) {
        let mut turned = plain.clone();
        turned[byte] ^= 1;
        assert!(ReleaseSource::parse(&turned).map_or(true, |read| read.digest() != source.digest()), "byte {byte}");
    }
}

#[test]
fn what_came_with_the_program_stands_below_whatever_the_centre_published() {
    assert_eq!(Release::embedded().number, 1, "the centre's releases begin with 2");
    let mut releases = Releases::new(Viewer::Suitcase(SEVEN));
    // As a later program would have it: the same files from a day on which the centre has long had its own.
    let own = next(2, "2020-01-01", "3500.00");
    releases.take(&publish(&releases.clone(), 2, &own, &[]));
    assert!(Release::embedded().effective_from > date(2020, 1, 1));
    assert_eq!(releases.in_force(date(2026, 12, 1)).number, 2);
    // Not even the same number keeps the centre's out.
    let first = next(1, "2026-02-01", "3600.00");
    let base = ReleaseSource::embedded();
    let head = ReleaseHead {
        number: 1,
        effective_from: "2026-02-01".into(),
        base: base.digest(),
        digest: first.digest(),
        audience: vec![],
        pieces: 1,
        piece: first.packed(Some(&base)).unwrap(),
    };
    let releases = Releases::fold(Viewer::Suitcase(SEVEN), [&Publication::alone(DESK, 2, head)]);
    assert_eq!(refused(&releases), [""; 0]);
    assert_eq!(releases.in_force(date(2026, 12, 1)).digest, first.digest());
}

#[test]
fn a_number_out_of_reach_blocks_nothing_after_it() {
    let mut releases = Releases::new(Viewer::Suitcase(SEVEN));
    let Fact::Release(good) = releases.publish(&next(2, "2026-12-01", "3500.00"), &[]).unwrap().remove(0) else {
        panic!()
    };
    for number in [1_002, u32::MAX] {
        releases.take(&Publication::alone(DESK, 2, ReleaseHead { number, ..good.clone() }));
        assert!(releases.refused().last().unwrap().sentence.uk.contains("наступний може бути до 1001"), "{number}");
    }
    assert_eq!((releases.next_number(), releases.publications()), (2, 2));
    let error = releases.publish(&next(1_002, "2026-12-01", "3500.00"), &[]).unwrap_err();
    assert!(error.to_string().contains("до 1001"), "{error}");
    releases.take(&publish(&releases.clone(), 3, &next(1_001, "2026-12-01", "3500.00"), &[]));
    assert_eq!((releases.in_force(date(2026, 12, 1)).number, releases.next_number()), (1_001, 1_002));
    let frame = ReleaseSource::embedded().file(FRAME).unwrap().replace("\"number\": 1,", "\"number\": 4294967295,");
    let huge = ReleaseSource::embedded().with_file(FRAME, &frame).unwrap().check().unwrap_err();
    assert!(huge.first().place().contains("release"), "{huge}");
}

#[test]
fn a_request_taken_under_a_trial_elsewhere_can_be_read_here() {
    let trial = next(2, "2026-12-01", "3500.00");
    let first = publish(&Releases::new(Viewer::Centre), 2, &trial, &[SEVEN]);
    let eight = Releases::fold(Viewer::Suitcase(EIGHT), [&first]);
    let (read, exact) = eight.nearest(2);
    assert!(exact && read.digest == trial.digest());
    assert_eq!((eight.in_force(date(2026, 12, 1)).number, eight.all().len(), eight.refused().len()), (1, 1, 0));
    assert_eq!(eight.trials_of(date(2026, 12, 1), EIGHT).len(), 0);
}

#[test]
fn a_release_that_only_those_who_tried_it_would_take_is_not_published() {
    let mut centre = Releases::new(Viewer::Centre);
    let trial = next(2, "2026-12-01", "3500.00");
    centre.take(&publish(&centre.clone(), 2, &trial, &[SEVEN]));
    centre.take(&publish(&centre.clone(), 3, &next(3, "2026-12-02", "3600.00"), &[]));
    // Suitcase 7 and the centre have number 2 already; to others it would come after number 3.
    let error = centre.publish(&trial, &[]).unwrap_err();
    assert!(error.to_string().contains("він не новіший за випуск 3"), "{error}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, ..Default::default() })]

    #[test]
    fn any_bytes_are_no_release_and_no_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
        let _ = ReleaseSource::parse(&bytes);
        let _ = ReleaseSource::unpacked(&bytes, None);
        let _ = ReleaseSource::unpacked(&[&[1][..], &[0x28, 0xb5, 0x2f, 0xfd], &bytes].concat(), Some(&ReleaseSource::embedded()));
    }
}

#[test]
fn the_difference_of_one_fee_is_said_in_words() {
    let source = next(2, "2026-12-01", "3666.67");
    let old = Catalogue::embedded();
    let new = source.check().unwrap();
    let changes = catalogue::difference(old, &new);
    let words: Vec<String> = changes.iter().map(|change| change.words().uk).collect();
    let residence = catalogue::service_difference(old, &new, "residence-registration").unwrap().words();
    assert!(
        residence.uk.contains("збір: звичайно: 49,92 грн") && residence.uk.contains("→ звичайно: 55,00 грн"),
        "{}",
        residence.uk
    );
    assert!(
        words.iter().any(|words| words.starts_with("прожитковий мінімум") && words.contains("3\u{a0}666,67 грн")),
        "{words:?}"
    );
    assert!(catalogue::service_difference(old, &new, "housing-subsidy").is_none());
    assert!(catalogue::service_difference(old, &new, "no-such-service").is_none());
    assert_eq!(catalogue::difference(old, Release::embedded().catalogue), []);
}

/// The difference of a release whose one file was edited, in Ukrainian.
fn edited(file: &str, good: &str, bad: &str) -> Vec<String> {
    let source = ReleaseSource::embedded();
    let text = source.file(file).expect("good data");
    assert!(text.contains(good), "{file} has {good}");
    let new = source
        .with_file(file, &text.replacen(good, bad, 1))
        .expect("good data")
        .check()
        .unwrap_or_else(|errors| panic!("{errors}"));
    let changes = catalogue::difference(Catalogue::embedded(), &new);
    assert!(changes.iter().all(|change| !change.words().en.is_empty()));
    changes.iter().map(|change| change.words().uk).collect()
}

#[test]
fn every_kind_of_change_is_said() {
    const SUBSIDY: &str = "services/subsidy.json";
    let cases = [
        (
            SUBSIDY,
            "Довідки про доходи\"",
            "Довідка форми 3\"",
            "документ «Довідки про доходи»: Довідки про доходи → Довідка форми 3",
        ),
        (SUBSIDY, "\"id\": \"lease\"", "\"id\": \"lease-2\"", "нове: Договір найму"),
        (SUBSIDY, "\"id\": \"lease\"", "\"id\": \"lease-2\"", "більше не потрібно: Договір найму"),
        (SUBSIDY, "\"value\": 10", "\"value\": 7", "строк: 10 календарних днів → 7 календарних днів"),
        (SUBSIDY, "\"slug\": \"housing-subsidy\"", "\"slug\": \"housing-help\"", ": прибрано"),
        (SUBSIDY, "\"authorities\": [\"pfu\"]", "\"authorities\": [\"uszn\"]", "надавач: "),
        (SUBSIDY, "\"official_id\": \"00155\"", "\"official_id\": null", "ідентифікатор Гіда: 00155 → немає"),
        ("services/passport.json", "\"558.00\"", "\"600.00\"", "558,00 грн"),
        ("holidays.json", "\"Новий рік\"", "\"Новий Рік\"", "Календар: свято, нове: Новий Рік"),
        (
            "holidays.json",
            "\"to\": null }]",
            "\"to\": \"2027-01-31\" }]",
            "воєнний стан, нове: 24.02.2022 – 31.01.2027",
        ),
        ("consent.json", "\"version\": 1", "\"version\": 2", "Згода: версія тексту: 1 → 2"),
        ("territories.txt", "UA12060090000074553\n", "", "записів було 3194, стало 3193: нових 0, прибрано 1"),
        ("catalogue.json", "\"uk\": \"Паспортні послуги\"", "\"uk\": \"Паспорти\"", "група, нове: Паспорти"),
    ];
    for (file, good, bad, expected) in cases {
        let words = edited(file, good, bad);
        assert!(words.iter().any(|words| words.contains(expected)), "{bad}: {words:?}");
    }
}
