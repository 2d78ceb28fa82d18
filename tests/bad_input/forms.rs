//! Requests as an officer's other program or hand may write them wrongly.

use crate::{code, helps};
use serde_json::{Value, json};
use valiza_tests::programs::{Centre, Said, Suitcase, form};

struct Bench {
    centre: Centre,
    suitcase: Suitcase,
}

impl Bench {
    fn new() -> Self {
        let centre = Centre::start();
        let suitcase = centre.suitcase(7);
        Self { centre, suitcase }
    }

    fn record(&self, bytes: impl AsRef<[u8]>) -> Said {
        let path = self.centre.root().join("input.json");
        std::fs::write(&path, bytes).unwrap();
        self.suitcase.call(&["record", path.to_str().unwrap()])
    }

    fn record_with(&self, change: impl FnOnce(&mut Value)) -> Said {
        let mut form = form("Коваленко");
        change(&mut form);
        self.record(form.to_string())
    }
}

#[test]
fn wrong_requests_are_refused_with_a_sentence_and_nothing_is_saved() {
    let bench = Bench::new();
    let said = bench.record_with(|form| form["applicant"]["rnokpp"] = json!("1408212321"));
    helps(&said, code::REFUSED, &["a.rnokpp", "РНОКПП"]);
    let said = bench.record_with(|form| form["applicant"]["rnokpp"] = json!("140821232"));
    helps(&said, code::REFUSED, &["a.rnokpp", "10 цифр"]);
    let said = bench.record_with(|form| form["service"] = json!("housing-subsidies"));
    helps(&said, code::REFUSED, &["послуг"]);
    let said = bench.record_with(|form| form["contact"]["phone"] = json!("12345"));
    helps(&said, code::REFUSED, &["phone"]);
    let said = bench.record_with(|form| form["applicant"]["dob"] = json!("1938-02-30"));
    helps(&said, code::REFUSED, &["a.dob"]);
    let said = bench.record_with(|form| form["applicant"]["last"] = json!(""));
    helps(&said, code::REFUSED, &["a.last"]);
    let said = bench.record_with(|form| form["summary"] = json!("слово ".repeat(20_000)));
    helps(&said, code::REFUSED, &["summary"]);
    assert!(bench.suitcase.list().is_empty(), "nothing was saved");
    // The same form without the mistake is taken: the refusals were about the mistakes.
    bench.suitcase.record(&form("Коваленко"));
    assert_eq!(bench.suitcase.list().len(), 1);
}

#[test]
fn files_that_are_no_requests_are_refused_with_a_sentence() {
    let bench = Bench::new();
    let whole = form("Коваленко").to_string();
    let cut = &whole.as_bytes()[..whole.len() / 2];
    let unknown_field = json!({ "service": "housing-subsidy", "nothing": 1 }).to_string();
    let deep = "[".repeat(100_000);
    let wrong: [&[u8]; 9] = [
        cut,
        b"",
        b"{",
        b"null",
        b"42",
        b"\xff\xfe\x00\x01",
        b"{\"service\": \"housing-subsidy\", \"service\": 5}",
        unknown_field.as_bytes(),
        deep.as_bytes(),
    ];
    for bytes in wrong {
        let said = bench.record(bytes);
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        assert_eq!(said.code, code::REFUSED, "{shown}: {said:#?}");
        helps(&said, code::REFUSED, &[]);
    }
    let said = bench.suitcase.call(&["record", "/no/such/file.json"]);
    helps(&said, code::REFUSED, &["/no/such/file.json"]);
    assert!(bench.suitcase.list().is_empty());
}

#[test]
fn numbers_and_fields_that_are_not_there_are_named() {
    let bench = Bench::new();
    let number = bench.suitcase.record(&form("Коваленко"));
    let call = |arguments: &[&str]| bench.suitcase.call(arguments);
    helps(&call(&["show", "7-999999-999-XXX"]), code::REFUSED, &["7-999999-999-XXX"]);
    helps(&call(&["correct", &number, "--set", "a.nothing=1"]), code::REFUSED, &["a.nothing"]);
    helps(&call(&["correct", &number, "--set", "phone"]), code::REFUSED, &["phone"]);
    helps(&call(&["correct", &number, "--set", "a.rnokpp=12"]), code::REFUSED, &["РНОКПП", "10 цифр"]);
    helps(&call(&["withdraw", &number, "--reason", ""]), code::REFUSED, &[]);
    helps(&call(&["check-code", "VALIZA-S-ABC"]), code::REFUSED, &[]);
    helps(&bench.centre.call(&["show", "7-999999-999-XXX"]), code::REFUSED, &["7-999999-999-XXX"]);
    helps(&bench.centre.call(&["queue", "--group", "nothing"]), code::REFUSED, &["nothing"]);
    helps(&bench.centre.call(&["invite", "--number", "0"]), code::REFUSED, &[]);
    assert_eq!(call(&["nonsense"]).code, Some(2), "usage");
}
