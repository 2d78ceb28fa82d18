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
    for bit in 0..packed.len() * 8 {
        let mut turned = packed.clone();
        turned[bit / 8] ^= 1 << (bit % 8);
        // A bit of the frame's header that says nothing may come to the same bytes; anything else is refused.
        assert!(!same(&turned) || ReleaseSource::unpacked(&turned, Some(&base)) == Ok(source.clone()), "bit {bit}");
    }
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
