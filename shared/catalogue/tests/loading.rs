//! Broken files are refused, every fault with its place, what is wrong, and what to do, in both languages.

use catalogue::{Catalogue, LoadError, LoadErrors};

const FRAME: &str = r#"{
  "schema": 1, "release": { "number": 7, "effective_from": "2026-01-01" },
  "groups": [{ "id": "g", "uk": "Група", "en": "Group" }],
  "authorities": [{ "id": "a", "uk": "Орган", "en": "Body" }],
  "payees": [{ "id": "pay", "uk": "Отримувач", "en": "Payee" }],
  "needs": [{ "id": "pen", "uk": "Ручка", "en": "Pen", "kind": "equipment", "blocks": "nothing" }],
  "fee_bases": [{ "id": "B", "uk": "база", "en": "base", "sources": ["s"],
    "values": [{ "from": "2026-01-01", "to": "2026-12-31", "amount": "100.00" }] }],
  "sources": [{ "id": "s", "url": "https://example.org/", "title": "page" }]
}"#;

const GROUP: &str = r#"{ "group": "g", "services": [{
  "slug": "one", "name": { "uk": "Послуга", "en": "Service" }, "authorities": ["a"],
  "papers": [{ "id": "p", "uk": "Папір", "en": "Paper", "form": "copy", "confirmed": true }],
  "fee": { "kind": "charged", "usual": { "percent": "1.5", "of": "B" }, "payee": "pay" },
  "term": { "usual": { "value": 3, "unit": "day" }, "may_be_suspended": false },
  "outreach": { "mode": "intake_only", "needs": ["pen"], "basis": "source" },
  "form_basis": "derived",
  "fields": [
    { "id": "kind", "uk": "Вид", "en": "Kind", "type": "choice", "options": [{ "value": "x", "uk": "ікс", "en": "x" }] },
    { "id": "more", "uk": "Ще", "en": "More", "type": "text", "show_if": { "field": "kind", "in": ["x"] } },
    { "id": "rows", "uk": "Рядки", "en": "Rows", "type": "table", "columns": [{ "id": "c", "uk": "с", "en": "c", "type": "text" }] }
  ],
  "sources": ["s"], "verified": "full"
}] }"#;

const HOLIDAYS: &str = r#"{
  "schema": 1, "basis": "x",
  "martial_law": [{ "from": "2022-02-24", "to": null }],
  "suspensions": [{ "from": "2022-02-28", "to": null, "uk": "акт", "en": "act" }],
  "holidays": [
    { "uk": "Новий рік", "en": "New Year", "day": "01-01", "from_year": 1992, "to_year": null },
    { "uk": "Трійця", "en": "Trinity", "after_easter": 49, "from_year": 1992, "to_year": null }
  ]
}"#;

const CONSENT: &str = r#"{
  "schema": 1, "version": 1, "effective_from": "2026-01-01", "title": { "uk": "Згода", "en": "Consent" },
  "parts": [{ "id": "data", "title": { "uk": "Дані", "en": "Data" }, "text": { "uk": "{owner}", "en": "{owner}" }, "required": true }],
  "signed_by": [{ "id": "self", "uk": "особисто", "en": "in person" }]
}"#;

const TERRITORIES: &str = "# Перелік, редакція
active 2022-02-24..2022-07-03
UA12080030000022466 -UA12080030020056789
UA44120050130017029
";

const FILES: [(&str, &str); 5] = [
    ("catalogue.json", FRAME),
    ("services/g.json", GROUP),
    ("holidays.json", HOLIDAYS),
    ("consent.json", CONSENT),
    ("territories.txt", TERRITORIES),
];

/// The good files with a piece of one replaced.
fn with(file: &str, good: &str, bad: &str) -> Result<Catalogue, LoadErrors> {
    let text = FILES.iter().find(|(name, _)| *name == file).expect(file).1;
    assert!(text.contains(good), "{file} has {good}");
    let text = text.replacen(good, bad, 1);
    Catalogue::parse(&FILES.map(|(name, old)| (name, if name == file { text.as_str() } else { old })))
}

/// The one error that a broken piece gives.
fn broken(file: &str, good: &str, bad: &str) -> LoadError {
    let errors = with(file, good, bad).expect_err(bad);
    errors.first().clone()
}

#[test]
fn good_data_load() {
    let catalogue = Catalogue::parse(&FILES).expect("good data");
    assert_eq!(catalogue.release().number, 7);
    assert_eq!(catalogue.service("one").expect("there").fields.len(), 3);
    assert_eq!(catalogue.territories().len(), 2);
    let mut turned = FILES;
    turned.reverse();
    assert!(Catalogue::parse(&turned).is_ok(), "in any order");
}

#[test]
fn an_error_says_where_and_what_to_do_in_both_languages() {
    let error = broken("services/g.json", r#""field": "kind""#, r#""field": "size""#);
    assert_eq!((error.file.as_str(), error.service.as_deref()), ("services/g.json", Some("one")));
    assert_eq!(error.field.as_deref(), Some("more"));
    assert_eq!(
        error.to_string(),
        "services/g.json · one · more: умова на «size», про яке до цього не питають. Назвіть поле цієї форми, що \
         стоїть раніше / a condition on “size”, which is not asked before. Name a field of this form that stands before"
    );
}

/// Every kind of fault: file, what is replaced, by what, and what the sentence must say.
const FAULTS: [(&str, &str, &str, &str); 78] = {
    const C: &str = "catalogue.json";
    const S: &str = "services/g.json";
    const H: &str = "holidays.json";
    const A: &str = "consent.json";
    const T: &str = "territories.txt";
    [
        // the text of the file itself
        (C, r#""schema": 1,"#, r#""schema": 1"#, "не JSON"),
        (
            C,
            "\"sources\": [{ \"id\": \"s\", \"url\": \"https://example.org/\", \"title\": \"page\" }]\n}",
            "",
            "обірваний",
        ),
        (C, "{\n  \"schema\"", "\u{feff}{\n  \"schema\"", "BOM"),
        (C, r#""schema": 1,"#, r#""schema": 1, "colour": 1,"#, "невідомий ключ «colour»"),
        (C, r#""schema": 1,"#, "", "бракує ключа «schema»"),
        (C, r#""schema": 1,"#, r#""schema": "1","#, "не того виду"),
        (C, r#""schema": 1,"#, r#""schema": 1, "schema": 1,"#, "ключ «schema» є двічі"),
        // the frame
        (C, r#""schema": 1"#, r#""schema": 2"#, "схема 2"),
        (C, r#""number": 7"#, r#""number": 0"#, "номер випуску 0"),
        (C, r#""number": 7"#, r#""number": -7"#, "не того виду"),
        (C, r#""effective_from": "2026-01-01""#, r#""effective_from": "2026-02-30""#, "не є днем"),
        (C, r#""effective_from": "2026-01-01""#, r#""effective_from": "1.1.2026""#, "не є днем"),
        (C, r#""id": "g""#, r#""id": "Група""#, "не годиться за ключ"),
        (
            C,
            r#"{ "id": "a", "uk": "Орган", "en": "Body" }"#,
            r#"{ "id": "a", "uk": "Орган", "en": "Body" }, { "id": "a", "uk": "Ще", "en": "More" }"#,
            "«a» є двічі",
        ),
        (C, r#""uk": "Орган""#, r#""uk": """#, "порожній текст (uk)"),
        (C, r#""en": "Body""#, r#""en": " ""#, "порожній текст (en)"),
        (C, r#""kind": "equipment""#, r#""kind": "thing""#, "невідоме значення «thing»"),
        (C, r#""blocks": "nothing""#, r#""blocks": "all""#, "невідоме значення «all»"),
        (C, r#""to": "2026-12-31""#, r#""to": "2025-12-31""#, "раніше за початок"),
        (
            C,
            r#""amount": "100.00" }"#,
            r#""amount": "100.00" }, { "from": "2026-06-01", "to": null, "amount": "1" }"#,
            "перекриває",
        ),
        (C, r#""amount": "100.00""#, r#""amount": "100,00""#, "не є сумою"),
        (C, r#""sources": ["s"]"#, r#""sources": ["t"]"#, "немає джерела «t»"),
        (C, r#""groups": [{"#, r#""groups": [{ "id": "h", "uk": "Інша", "en": "Other" }, {"#, "файла немає"),
        // a service
        (S, r#""slug": "one""#, r#""slug": "One""#, "не годиться за ключ"),
        (S, r#""slug": "one""#, r#""slug": "one", "colour": 1"#, "невідомий ключ «colour»"),
        (S, r#""verified": "full""#, r#""verifed": "full""#, "невідомий ключ «verifed»"),
        (S, r#""slug": "one", "name""#, r#""name""#, "бракує ключа «slug»"),
        (S, r#""slug": "one""#, r#""slug": "one", "official_id": "123""#, "п’ять цифр"),
        (S, r#""uk": "Послуга""#, r#""uk": " ""#, "порожній текст"),
        (S, r#""uk": "Послуга""#, "\"uk\": \"По\u{202e}слуга\"", "U+202E"),
        (S, r#""uk": "Послуга""#, r#""uk": "По\u0007слуга""#, "U+0007"),
        (S, r#""authorities": ["a"]"#, r#""authorities": ["b"]"#, "немає органу «b»"),
        (S, r#""authorities": ["a"]"#, r#""authorities": []"#, "хто надає"),
        (S, r#""sources": ["s"]"#, r#""sources": ["t"]"#, "немає джерела «t»"),
        (S, r#""needs": ["pen"]"#, r#""needs": ["printer"]"#, "немає потреби «printer»"),
        (S, r#""payee": "pay""#, r#""payee": "bank""#, "немає отримувача «bank»"),
        (S, r#""of": "B""#, r#""of": "C""#, "немає базової величини «C»"),
        (S, r#""percent": "1.5""#, r#""percent": "1.555""#, "не є сумою"),
        (S, r#""percent": "1.5""#, r#""percent": "-1""#, "не є сумою"),
        (S, r#""percent": "1.5", "of": "B""#, r#""percent": "1.5", "of": "B", "nothing": true"#, "ціна жодного виду"),
        (S, r#""percent": "1.5", "of": "B""#, r#""percent": "1.5""#, "ціна жодного виду"),
        (S, r#""percent": "1.5", "of": "B""#, r#""percent": "1.5", "of": "B", "round_to": "0""#, "округлення до нуля"),
        (S, r#"{ "percent": "1.5", "of": "B" }"#, r#"{ "amount": "12.345" }"#, "не є сумою"),
        (S, r#"{ "percent": "1.5", "of": "B" }"#, r#"{ "amount": "1", "as_of": "2026-13-01" }"#, "не є днем"),
        (S, r#""kind": "charged""#, r#""kind": "free""#, "не відповідають виду плати"),
        (
            S,
            r#""kind": "charged", "usual": { "percent": "1.5", "of": "B" }"#,
            r#""kind": "charged""#,
            "не відповідають виду плати",
        ),
        (S, r#""kind": "charged""#, r#""kind": "cheap""#, "невідоме значення «cheap»"),
        (S, r#""form": "copy""#, r#""form": "xerox""#, "невідоме значення «xerox»"),
        (S, r#""form": "copy""#, r#""form": "copy", "when": { "fee_due": true }"#, "без «condition»"),
        (S, r#""id": "p""#, r#""id": "P 1""#, "не годиться за ключ"),
        (S, r#""unit": "day""#, r#""unit": "week""#, "невідоме значення «week»"),
        (S, r#""unit": "day""#, r#""unit": "day", "days": "lunar""#, "невідоме значення «lunar»"),
        (S, r#""value": 3"#, r#""value": 9999"#, "надто довгий"),
        (S, r#""mode": "intake_only""#, r#""mode": "maybe""#, "невідоме значення «maybe»"),
        (S, r#""basis": "source""#, r#""basis": "rumour""#, "невідоме значення «rumour»"),
        (S, r#""form_basis": "derived""#, r#""form_basis": "guessed""#, "невідоме значення «guessed»"),
        (S, r#""verified": "full""#, r#""verified": "yes""#, "невідоме значення «yes»"),
        (S, r#""in": ["x"]"#, r#""in": ["y"]"#, "не може бути «y»"),
        (S, r#""in": ["x"]"#, r#""in": []"#, "умова жодного виду"),
        (S, r#""in": ["x"]"#, r#""in": ["x"], "age_from": 3"#, "умова жодного виду"),
        (S, r#""id": "more""#, r#""id": "kind""#, "«kind» є двічі"),
        (S, r#""type": "text", "show_if""#, r#""type": "colour", "show_if""#, "невідоме значення «colour»"),
        (S, r#""type": "text", "show_if""#, r#""type": "table", "show_if""#, "стовпці не відповідають"),
        (S, r#""type": "choice""#, r#""type": "text""#, "варіанти не відповідають"),
        (S, r#""type": "text" }] }"#, r#""type": "colour" }] }"#, "невідоме значення «colour»"),
        (S, r#""group": "g""#, r#""group": "h""#, "у файлі група «h»"),
        // the calendar
        (H, r#""day": "01-01""#, r#""day": "13-01""#, "не є днем"),
        (H, r#""day": "01-01""#, r#""day": "01-01", "after_easter": 1"#, "дня немає або їх два"),
        (H, r#""after_easter": 49"#, r#""after_easter": 300"#, "дня немає або їх два"),
        (H, r#""from_year": 1992, "to_year": null },"#, r#""from_year": 1992, "to_year": 1900 },"#, "останній рік"),
        (
            H,
            r#"{ "from": "2022-02-24", "to": null }"#,
            r#"{ "from": "2022-02-24", "to": "2021-01-01" }"#,
            "раніше за початок",
        ),
        (H, r#""from": "2022-02-28", "to": null"#, r#""from": "2022-02-28", "to": "2022-01-01""#, "раніше за початок"),
        // the consent
        (A, r#"{ "uk": "{owner}", "en""#, r#"{ "uk": "{phone}", "en""#, "невідоме місце"),
        (A, r#""version": 1"#, r#""version": 0"#, "версія згоди 0"),
        (A, r#""required": true"#, r#""required": false"#, "обов’язкової частини"),
        // the territories
        (T, "active 2022", "quiet 2022", "не є ні станом"),
        (T, "..2022-07-03", "..2021-07-03", "раніше за початок"),
        (T, "-UA12080030020056789", "-UA44120050130017029", "не лежить у"),
    ]
};

#[test]
fn each_kind_of_fault_is_refused_with_its_place() {
    for (file, good, bad, expected) in FAULTS {
        let error = broken(file, good, bad);
        assert!(error.to_string().contains(expected), "{bad}: {error}");
        assert!(!error.advice.uk.is_empty() && !error.advice.en.is_empty(), "{error}");
        assert!(!error.problem.en.chars().any(|c| ('а'..='я').contains(&c) && !bad.contains(c)), "{error}");
        let in_service = file.starts_with("services/") && !expected.starts_with("у файлі");
        assert_eq!(error.service.is_some(), in_service, "{error}");
    }
}

#[test]
fn faults_of_territories_name_their_line() {
    let cases = [
        ("UA44120050130017029", "UA441200501300170", 4),
        ("active 2022", "quiet 2022", 2),
        ("# Перелік", "Перелік", 1),
    ];
    for (good, bad, line) in cases {
        let error = broken("territories.txt", good, bad);
        assert_eq!(error.line, Some((line, 1)), "{error}");
    }
}

#[test]
fn broken_json_names_line_and_column() {
    let error = broken("catalogue.json", "\"payees\": [", "\"payees\": (");
    assert_eq!(error.line, Some((5, 13)), "{error}");
    assert!(error.place().starts_with("catalogue.json:5:13"));
    let error = broken("services/g.json", r#""unit": "day""#, r#""unit": 5"#);
    assert_eq!((error.line.map(|(line, _)| line), error.service.as_deref()), (Some(5), Some("one")), "{error}");
}

#[test]
fn many_faults_are_told_at_once() {
    let two = GROUP
        .replace("\"services\": [{", "\"services\": [{\"slug\": \"zero\"}, {")
        .replace(r#""of": "B""#, r#""of": "C""#);
    let files = FILES.map(|(name, text)| match name {
        "services/g.json" => (name, two.clone()),
        "catalogue.json" => (name, text.replace("2026-12-31", "2026-12-32").replace("\"en\": \"Pen\"", "\"en\": \"\"")),
        "consent.json" => (name, text.replace("{owner}", "{phone}")),
        "holidays.json" => (name, text.replace("\"day\": \"01-01\"", "\"day\": \"1-1\"")),
        _ => (name, text.replace("UA44", "UA4")),
    });
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let errors = Catalogue::parse(&files).expect_err("many faults");
    let files: Vec<&str> = errors.all().iter().map(|error| error.file.as_str()).collect();
    for name in ["catalogue.json", "services/g.json", "holidays.json", "consent.json", "territories.txt"] {
        assert!(files.contains(&name), "{errors}");
    }
    assert_eq!(files.iter().filter(|file| **file == "catalogue.json").count(), 2, "{errors}");
    let services: Vec<_> = errors.all().iter().filter_map(|error| error.service.as_deref()).collect();
    assert_eq!(services, ["one", "zero"], "{errors}");
}

#[test]
fn a_field_cannot_depend_on_a_later_one() {
    let bad = r#""type": "choice", "show_if": { "field": "more", "in": ["x"] }"#;
    let error = broken("services/g.json", r#""type": "choice""#, bad);
    assert_eq!(error.field.as_deref(), Some("kind"));
}

#[test]
fn a_missing_a_strange_and_a_double_file_are_told() {
    for (gone, _) in FILES {
        let files: Vec<_> = FILES.into_iter().filter(|(name, _)| *name != gone).collect();
        let errors = Catalogue::parse(&files).expect_err(gone);
        assert!(errors.all().iter().any(|error| error.file == gone), "{errors}");
    }
    assert!(Catalogue::parse(&[]).is_err());
    let mut more = FILES.to_vec();
    more.push(("services/h.json", GROUP));
    let errors = Catalogue::parse(&more).expect_err("a file of no group");
    assert_eq!((errors.first().file.as_str(), errors.all().len()), ("services/h.json", 1));
    let twice = GROUP.replacen(
        "\"services\": [",
        &format!("\"services\": [{},", &GROUP[GROUP.find("[{").unwrap() + 1..GROUP.rfind("]").unwrap()]),
        1,
    );
    let files = FILES.map(|(name, text)| (name, if name == "services/g.json" { twice.as_str() } else { text }));
    assert!(Catalogue::parse(&files).expect_err("a service twice").first().to_string().contains("«one» є двічі"));
}
