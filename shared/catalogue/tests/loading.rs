//! Broken data are refused with an error that says where, what, and what to do.

use catalogue::{Catalogue, LoadError};

const FRAME: &str = r#"{
  "schema": 1, "release": { "number": 7, "effective_from": "2026-01-01" },
  "groups": [{ "id": "g", "uk": "Група", "en": "Group" }],
  "authorities": [{ "id": "a", "uk": "Орган", "en": "Body" }],
  "payees": [], "needs": [],
  "fee_bases": [{ "id": "B", "uk": "база", "en": "base", "sources": [],
    "values": [{ "from": "2026-01-01", "to": "2026-12-31", "amount": "100.00" }] }],
  "sources": [{ "id": "s", "url": "https://example.org/", "title": "page" }]
}"#;

const GROUP: &str = r#"{ "group": "g", "services": [{
  "slug": "one", "name": { "uk": "Послуга", "en": "Service" }, "authorities": ["a"],
  "papers": [{ "id": "p", "uk": "Папір", "en": "Paper", "form": "copy", "confirmed": true }],
  "fee": { "kind": "charged", "usual": { "percent": "1.5", "of": "B" } },
  "term": { "usual": { "value": 3, "unit": "day" }, "may_be_suspended": false },
  "outreach": { "mode": "intake_only", "needs": [], "basis": "source" },
  "form_basis": "derived",
  "fields": [
    { "id": "kind", "uk": "Вид", "en": "Kind", "type": "choice", "options": [{ "value": "x", "uk": "ікс", "en": "x" }] },
    { "id": "more", "uk": "Ще", "en": "More", "type": "text", "show_if": { "field": "kind", "in": ["x"] } }
  ],
  "sources": ["s"], "verified": "full"
}] }"#;

fn load(frame: &str, group: &str) -> Result<Catalogue, LoadError> {
    Catalogue::parse(&[("frame.json", frame), ("g.json", group)])
}

/// The error when a piece of the good group is replaced.
fn broken(good: &str, bad: &str) -> LoadError {
    assert!(GROUP.contains(good), "{good}");
    load(FRAME, &GROUP.replacen(good, bad, 1)).expect_err(bad)
}

#[test]
fn good_data_load() {
    let catalogue = load(FRAME, GROUP).expect("good data");
    assert_eq!(catalogue.release().number, 7);
    assert_eq!(catalogue.service("one").expect("there").fields.len(), 2);
}

#[test]
fn an_error_says_where_and_what_to_do() {
    let error = broken(r#""field": "kind""#, r#""field": "size""#);
    assert_eq!((error.file.as_str(), error.service.as_deref()), ("g.json", Some("one")));
    assert_eq!(error.field.as_deref(), Some("more"));
    assert!(error.problem.contains("size") && !error.advice.is_empty());
    assert!(error.to_string().starts_with("каталог / catalogue, g.json · one · more: "), "{error}");
}

#[test]
fn each_kind_of_fault_is_refused() {
    let faults = [
        (r#""slug": "one""#, r#""slug": "One""#, "not a key"),
        (r#""slug": "one""#, r#""slug": "one", "colour": 1"#, "unknown field"),
        (r#""slug": "one""#, r#""slug": "one", "official_id": "123""#, "five digits"),
        (r#""uk": "Послуга""#, r#""uk": " ""#, "empty"),
        (r#""authorities": ["a"]"#, r#""authorities": ["b"]"#, "no authority"),
        (r#""sources": ["s"]"#, r#""sources": ["t"]"#, "no source"),
        (r#""needs": []"#, r#""needs": ["printer"]"#, "no need"),
        (r#""of": "B""#, r#""of": "C""#, "no fee base"),
        (r#""percent": "1.5""#, r#""percent": "1.555""#, "not an amount"),
        (r#""percent": "1.5""#, r#""percent": "-1""#, "not an amount"),
        (r#""percent": "1.5", "of": "B""#, r#""percent": "1.5", "of": "B", "nothing": true"#, "of no kind"),
        (r#""kind": "charged""#, r#""kind": "free""#, "do not fit"),
        (r#""kind": "charged""#, r#""kind": "cheap""#, "unknown value"),
        (r#""form": "copy""#, r#""form": "xerox""#, "unknown value"),
        (r#""form": "copy""#, r#""form": "copy", "when": { "fee_due": true }"#, "without «condition»"),
        (r#""unit": "day""#, r#""unit": "week""#, "unknown value"),
        (r#""mode": "intake_only""#, r#""mode": "maybe""#, "unknown value"),
        (r#""in": ["x"]"#, r#""in": ["y"]"#, "cannot be"),
        (r#""in": ["x"]"#, r#""in": []"#, "of no kind"),
        (r#""in": ["x"]"#, r#""in": ["x"], "age_from": 3"#, "of no kind"),
        (r#""id": "more""#, r#""id": "kind""#, "twice"),
        (r#""type": "text""#, r#""type": "table""#, "columns"),
        (r#""type": "choice""#, r#""type": "text""#, "options"),
        (r#""group": "g""#, r#""group": "h""#, "no group"),
    ];
    for (good, bad, expected) in faults {
        let error = broken(good, bad);
        assert!(error.problem.contains(expected), "{bad}: {error}");
    }
}

#[test]
fn a_field_cannot_depend_on_a_later_one() {
    let error = broken(r#""type": "choice""#, r#""type": "choice", "show_if": { "field": "more", "in": ["x"] }"#);
    assert_eq!(error.field.as_deref(), Some("kind"));
}

#[test]
fn a_frame_of_another_schema_or_with_gaps_is_refused() {
    let frame = |good: &str, bad: &str| load(&FRAME.replacen(good, bad, 1), GROUP).expect_err(bad);
    assert!(frame(r#""schema": 1"#, r#""schema": 2"#).advice.contains("Update the program"));
    assert!(frame("2026-01-01", "2026-02-30").problem.contains("not a day"));
    assert!(frame(r#""to": "2026-12-31""#, r#""to": "2025-12-31""#).problem.contains("overlaps"));
    assert!(load("{", GROUP).expect_err("half a file").problem.contains("EOF"));
    assert!(Catalogue::parse(&[]).is_err());
    let twice = [("frame.json", FRAME), ("g.json", GROUP), ("h.json", GROUP)];
    assert!(Catalogue::parse(&twice).expect_err("twice").problem.contains("twice"));
}
