//! Forms: what is asked, and what is said about wrong answers.

use catalogue::*;

fn answers(pairs: &[(&str, &str)]) -> Answers {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn service(slug: &str) -> &'static Service {
    Catalogue::embedded().service(slug).expect(slug)
}

fn issues(slug: &str, pairs: &[(&str, &str)]) -> Vec<(String, IssueKind)> {
    service(slug).check(&answers(pairs)).into_iter().map(|issue| (issue.key, issue.kind)).collect()
}

const RESIDENCE: [(&str, &str); 4] = [
    ("new_address.katottg", "UA53020110010080522"),
    ("dereg_same_time", "no"),
    ("housing_right", "owner"),
    ("late", "no"),
];

fn residence_with(pairs: &[(&str, &str)]) -> Vec<(String, IssueKind)> {
    let all: Vec<_> = RESIDENCE.iter().chain(pairs).copied().collect();
    issues("residence-registration", &all)
}

fn one(key: &str, kind: IssueKind) -> Vec<(String, IssueKind)> {
    vec![(key.to_owned(), kind)]
}

#[test]
fn a_complete_form_has_no_issues() {
    assert_eq!(residence_with(&[]), []);
}

#[test]
fn an_empty_form_names_every_required_field_once() {
    let missing = issues("residence-registration", &[]);
    let keys: Vec<_> = missing.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["new_address", "dereg_same_time", "housing_right", "late"]);
    assert!(missing.iter().all(|(_, kind)| *kind == IssueKind::Missing));
    let message = &service("residence-registration").check(&Answers::new())[3].message;
    assert!(message.uk.starts_with("Заповніть «"), "{}", message.uk);
    assert_eq!(issues("residence-registration", &[("late", "  ")]).len(), 4, "blank is no answer");
}

#[test]
fn a_hidden_field_is_neither_wanted_nor_taken() {
    assert_eq!(residence_with(&[("owner.surname", "Коваленко")]), one("owner.surname", IssueKind::NotAsked));
    let consent = [("housing_right", "consent")];
    assert_eq!(residence_with(&consent), one("owner", IssueKind::Missing));
    let half = [("housing_right", "consent"), ("owner.surname", "Коваленко")];
    assert_eq!(residence_with(&half), one("owner.given_name", IssueKind::Missing));
    let whole = [("housing_right", "consent"), ("owner.surname", "Коваленко"), ("owner.given_name", "Ганна")];
    assert_eq!(residence_with(&whole), []);
}

#[test]
fn a_begun_part_wants_the_rest() {
    assert_eq!(
        residence_with(&[("previous_address.street", "вул. Садова")]),
        one("previous_address.katottg", IssueKind::Missing)
    );
}

#[test]
fn malformed_answers_are_told_apart() {
    assert_eq!(residence_with(&[("late", "так")]), one("late", IssueKind::NotAnOption));
    assert_eq!(residence_with(&[("housing_right", "wish")]), one("housing_right", IssueKind::NotAnOption));
    assert_eq!(residence_with(&[("new_address.katottg", "Глобине")]), one("new_address.katottg", IssueKind::Malformed));
    assert_eq!(
        residence_with(&[("new_address.post_code", "3900")]),
        one("new_address.post_code", IssueKind::Malformed)
    );
    assert_eq!(residence_with(&[("housing_doc.number", "АА 1\u{0}")]), one("housing_doc.number", IssueKind::Malformed));
    let long = "я".repeat(MAX_TEXT + 1);
    assert_eq!(residence_with(&[("housing_doc.number", &long)]), one("housing_doc.number", IssueKind::TooLong));
    assert_eq!(residence_with(&[("shoe_size", "44")]), one("shoe_size", IssueKind::NotAsked));
}

#[test]
fn dates_and_numbers_are_checked_for_form() {
    let bad_dates = ["21.11.2026", "2026-02-30", "2026-13-01", "2026-1-1", "вчора", "2026-11-21T10:00"];
    for bad in bad_dates {
        let found = issues("stay-registration", &[("address.katottg", "UA53020110010080522"), ("until", bad)]);
        assert_eq!(found, one("until", IssueKind::NotADate), "{bad}");
    }
    let area =
        |value| issues("housing-subsidy", &[("area", value)]).contains(&("area".to_owned(), IssueKind::NotANumber));
    for good in ["54", "54.3", "54,3", "0"] {
        assert!(!area(good), "{good}");
    }
    for bad in ["-1", "1e9", "54.", ".5", "п’ять", "1.2.3", "NaN", "٣", "1234567890123456"] {
        assert!(area(bad), "{bad}");
    }
}

#[test]
fn lists_grow_by_one_row() {
    let subsidy = service("housing-subsidy");
    let rows = |pairs: &[(&str, &str)], field: &str| {
        let inputs = subsidy.inputs(&answers(pairs));
        inputs.iter().filter(|input| input.field.id == field).filter_map(|input| input.row).max()
    };
    assert_eq!(rows(&[], "household"), Some(1));
    assert_eq!(rows(&[("household.1.surname", "Гук")], "household"), Some(2));
    assert_eq!(rows(&[("household.7.surname", "Гук")], "household"), Some(8));
    assert_eq!(rows(&[("household.50.surname", "Гук")], "household"), Some(MAX_ROWS));
    assert_eq!(rows(&[("household.99999999999999999999.surname", "Гук")], "household"), Some(1));
    let stray = issues("housing-subsidy", &[("household.51.surname", "Гук")]);
    assert!(stray.contains(&("household.51.surname".to_owned(), IssueKind::NotAsked)));
    let half = issues("housing-subsidy", &[("household.1.given_name", "Ганна")]);
    assert!(half.contains(&("household.1.surname".to_owned(), IssueKind::Missing)));
    let money = issues("housing-subsidy", &[("incomes.1.amount", "12,345")]);
    assert!(money.contains(&("incomes.1.amount".to_owned(), IssueKind::NotANumber)));
    assert!(money.contains(&("incomes.1.person".to_owned(), IssueKind::Missing)));
}

#[test]
fn choices_of_several_are_ticked() {
    let want = |pairs: &[(&str, &str)]| {
        let found = issues("utility-benefits", pairs);
        found.into_iter().filter(|(key, _)| key.starts_with("want")).collect::<Vec<_>>()
    };
    assert_eq!(want(&[]), one("want", IssueKind::Missing));
    assert_eq!(want(&[("want.fuel", "yes")]), []);
    assert_eq!(want(&[("want.fuel", "maybe")]), one("want.fuel", IssueKind::NotAnOption));
    assert_eq!(want(&[("want.fuel", "yes"), ("want.other", "yes")]), one("want.other", IssueKind::NotAsked));
    // A condition on a choice of several: the fee of a change of name.
    let catalogue = Catalogue::embedded();
    let facts = |key: &str| Facts { answers: answers(&[(key, "yes")]), ..Facts::on(jiff::civil::date(2026, 11, 20)) };
    let fee = |key: &str| {
        let fop = service("fop-changes");
        catalogue.evaluate(fop, &facts(key), WorkCalendar::embedded()).fee.outcome
    };
    assert!(matches!(fee("change.name"), FeeOutcome::Unknown(_)));
    assert_eq!(fee("change.kved"), FeeOutcome::Free);
}

#[test]
fn every_label_is_in_both_languages() {
    for service in Catalogue::embedded().services() {
        for input in service.inputs(&Answers::new()) {
            assert!(!input.label.uk.is_empty() && !input.label.en.is_empty(), "{} {}", service.slug, input.key);
            assert!(!input.label.en.chars().any(|c| ('а'..='я').contains(&c)), "{}: {}", service.slug, input.label.en);
        }
    }
}
