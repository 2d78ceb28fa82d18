//! The codifier: whole, its tree right, its search forgiving.

use catalogue::*;

fn codifier() -> &'static Settlements {
    Settlements::embedded()
}

fn search(text: &str) -> Vec<Place<'static>> {
    codifier().search(Search { text, places_only: true, near: None, limit: 10 })
}

fn code(text: &str) -> Katottg {
    text.parse().expect("a code of the codifier")
}

#[test]
fn the_codifier_is_whole() {
    let count = |category| codifier().all().filter(|place| place.category() == category).count();
    assert_eq!(codifier().all().count(), 31_744);
    assert_eq!(count(Category::Oblast), 25);
    assert_eq!(count(Category::SpecialCity), 2);
    assert_eq!(count(Category::Raion), 136);
    assert_eq!(count(Category::Hromada), 1_772);
    assert_eq!(count(Category::City), 461);
    assert_eq!(count(Category::Settlement), 1_979);
    assert_eq!(count(Category::Village), 27_261);
    assert_eq!(count(Category::CityDistrict), 108);
    assert!(codifier().edition().contains("1321"));
}

#[test]
fn parents_lie_where_the_codes_say() {
    for place in codifier().all() {
        let text = place.code().to_string();
        assert_eq!(codifier().by_code(code(&text)), Some(place));
        let Some(parent) = place.parent() else {
            assert!(matches!(place.category(), Category::Oblast | Category::SpecialCity));
            continue;
        };
        // The parent's own digits (all but the unique five, without trailing zeros) begin the child's code.
        let parent_code = parent.code().to_string();
        let own = parent_code[..14].trim_end_matches('0');
        assert!(text.starts_with(own), "{text} in {parent_code}");
        let in_hromada = parent.category() == Category::Hromada;
        let place_to_live = matches!(place.category(), Category::City | Category::Settlement | Category::Village);
        // The cities of the exclusion zone belong to no hromada.
        let in_zone = matches!(place.name(), "Прип’ять" | "Чорнобиль");
        assert!(!place_to_live || in_hromada || in_zone, "{text}");
    }
}

#[test]
fn a_known_village_has_its_whole_address() {
    let found = search("гиряві ісківці");
    assert_eq!(found.len(), 1);
    let village = found[0];
    let chain: Vec<_> = village.above().map(|place| place.category()).collect();
    assert_eq!(chain, [Category::Hromada, Category::Raion, Category::Oblast]);
    assert!(village.display().starts_with("с. Гиряві Ісківці, "), "{}", village.display());
    assert!(village.display().ends_with(" район, Полтавська область"), "{}", village.display());
    let hromada = village.hromada().unwrap();
    assert!(hromada.children().contains(&village));
    assert!(hromada.parent().unwrap().children().contains(&hromada));
    assert!(hromada.parent().unwrap().descendants().any(|place| place == village));
}

#[test]
fn a_town_is_shown_with_its_hromada() {
    let town = search("Глобине")[0];
    assert_eq!(town.display(), "м. Глобине, Глобинська громада, Кременчуцький район, Полтавська область");
    let kyiv = search("київ")[0];
    assert_eq!((kyiv.display().as_str(), kyiv.children().len()), ("м. Київ", 10));
    assert_eq!(kyiv.hromada(), None);
    assert_eq!(kyiv.children()[0].full_name(), "Голосіївський район міста");
}

#[test]
fn apostrophes_of_every_kind_find_the_same() {
    let typographic = search("Кам’янка");
    assert!(typographic.len() > 5);
    for other in ["Кам'янка", "Камʼянка", "Кам`янка", "Камянка", "камянка", "КАМ’ЯНКА", "Кaм’янкa"]
    {
        assert_eq!(search(other), typographic, "{other}");
    }
}

#[test]
fn exact_and_bigger_places_come_first() {
    let found = search("Полтава");
    assert_eq!(found[0].full_name(), "м. Полтава");
    assert!(found.iter().skip(1).all(|place| place.category() != Category::City));
    assert_eq!(search("с. Полтава")[0].name(), "Полтава");
    let all = codifier().search(Search { text: "глобинська", places_only: false, near: None, limit: 5 });
    assert_eq!(all[0].category(), Category::Hromada);
    assert_eq!(search("івано-франківськ")[0].name(), "Івано-Франківськ");
    assert_eq!(search("франківськ")[0].name(), "Івано-Франківськ", "a later word is found, too");
}

#[test]
fn the_own_hromada_comes_first_among_namesakes() {
    let near = search("Глобине")[0].code();
    let found = codifier().search(Search { text: "Іванівка", places_only: true, near: Some(near), limit: 50 });
    assert!(found.len() > 20, "many villages bear the name");
    assert!(found[0].display().contains("Полтавська область"), "{}", found[0].display());
    let narrowed = search("іванівка полтавська");
    assert!(!narrowed.is_empty() && narrowed.iter().all(|place| place.display().contains("Полтавська область")));
}

#[test]
fn odd_searches_find_nothing_and_break_nothing() {
    for odd in ["", "   ", "’", "ъъъ", "\u{0}", "с.", "qwerty", &"а".repeat(100_000)] {
        assert!(search(odd).len() <= 10, "{odd}");
    }
    assert!(search("").is_empty());
    assert!(codifier().search(Search { text: "а", places_only: false, near: None, limit: 0 }).is_empty());
}

#[test]
fn a_code_parses_only_from_the_text_it_prints() {
    let kyiv = code("UA80000000000093317");
    assert_eq!(kyiv.to_string(), "UA80000000000093317");
    assert_eq!(codifier().by_code(kyiv).unwrap().name(), "Київ");
    // The second has Cyrillic letters in front.
    for bad in [
        "",
        "UA8000000000009331",
        "UA800000000000933170",
        "УА80000000000093317",
        "ua80000000000093317",
        "UA8000000000009331x",
        "UA+0000000000093317",
    ] {
        assert!(bad.parse::<Katottg>().is_err(), "{bad}");
    }
    assert!(codifier().by_code(code("UA99999999999999999")).is_none());
}
