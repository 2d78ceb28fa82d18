//! Two suitcases and one request.

use serde_json::Value;
use valiza_tests::programs::{Centre, Suitcase, form, wait_for};

fn fields(suitcase: &Suitcase, number: &str) -> Value {
    suitcase.call(&["show", number, "--json"]).json()
}

fn conflicts(suitcase: &Suitcase, number: &str) -> u64 {
    suitcase.row(number)["conflicts"].as_u64().unwrap_or(99)
}

/// Lets everybody hear everything.
fn settle(suitcases: &[&Suitcase], done: impl Fn() -> bool) {
    wait_for(|| {
        suitcases.iter().for_each(|suitcase| {
            suitcase.sync().ok();
        });
        done().then_some(())
    });
}

#[test]
fn different_fields_merge_and_the_same_field_is_asked_about_once() {
    let centre = Centre::start();
    let (first, second) = (centre.suitcase(7), centre.suitcase(8));
    let number = first.record(&form("Коваленко"));
    first.sync().ok();
    centre.queue_of(1);
    centre.call(&["grant", &number, "--to", "8"]).ok();
    settle(&[&second], || second.row(&number) != Value::Null);

    first.call(&["correct", &number, "--set", "phone=+380501112233", "--reason", "змінила номер"]).ok();
    second.call(&["correct", &number, "--set", "email=ganna@example.org", "--reason", "є пошта"]).ok();
    first.call(&["correct", &number, "--set", "a.last=Коваль", "--reason", "так у паспорті"]).ok();
    second.call(&["correct", &number, "--set", "a.last=Ковальчук", "--reason", "так сказала донька"]).ok();
    settle(&[&first, &second], || conflicts(&first, &number) == 1 && conflicts(&second, &number) == 1);
    for suitcase in [&first, &second] {
        let told = fields(suitcase, &number).to_string();
        for value in ["+380501112233", "ganna@example.org", "Коваль", "Ковальчук"] {
            assert!(told.contains(value), "{value} is lost: {told}");
        }
    }
    let shown = centre.call(&["show", &number, "--json"]).json();
    let differing = shown["differences"].as_array().unwrap();
    assert_eq!(differing.len(), 1, "{differing:?}");
    assert_eq!(differing[0]["key"], "a.last");

    let mark = differing[0]["values"][0]["mark"].as_str().unwrap();
    let resolved = ["answer", &number, "resolve", "--key", "a.last", "--choice", mark, "--text", "звірено з паспортом"];
    centre.call(&resolved).ok();
    settle(&[&first, &second], || conflicts(&first, &number) == 0 && conflicts(&second, &number) == 0);
    let left = centre.call(&["show", &number, "--json"]).json();
    assert_eq!(left["differences"].as_array().map(Vec::len), Some(0));
    assert_eq!(first.row(&number)["applicant"], second.row(&number)["applicant"]);
}
