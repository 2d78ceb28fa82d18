//! The real programs over the folders that version 1 left.

use crate::recorded::{centre, suitcase, v1};
use std::process::Command;
use valiza_tests::programs::{Said, program};

/// A day in May 2027, when the recorded certificates have expired; ms since 1970.
const CERTIFIED_UNTIL: i64 = 1_810_000_000_000;

/// Whose requests there are and how far they are.
fn rows(list: &serde_json::Value) -> Vec<(String, String)> {
    let requests = list["requests"].as_array().unwrap();
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap().to_owned();
    let mut rows: Vec<_> = requests.iter().map(|row| (text(row, "applicant"), text(row, "state"))).collect();
    rows.sort();
    rows
}

#[test]
fn a_suitcase_opens_verifies_and_goes_on_where_it_was() {
    let mut centre = centre();
    let first = suitcase(&centre, 7);
    let verified = first.call(&["verify", "--json"]).json();
    assert_eq!(verified["faults"], serde_json::json!([]), "{verified}");
    assert_eq!(first.places(), [1, 0, 2]);
    let clock = first.call(&["status", "--json"]).json()["clock"].as_i64().unwrap();
    assert!(clock < CERTIFIED_UNTIL, "the recorded time is shown by faketime (Debian: faketime): {clock}");
    let before = rows(&first.call(&["list", "--limit", "100", "--json"]).json());
    assert_eq!(before.len(), 3, "{before:?}");
    // Everything derived is made again from the recorded chains, and is the same.
    first.call(&["rebuild"]).ok();
    assert_eq!(rows(&first.call(&["list", "--limit", "100", "--json"]).json()), before);
    centre.start();
    first.call(&["sync"]).ok();
    centre.queue_of(3);
    valiza_tests::programs::wait_for(|| {
        first.call(&["sync"]).ok();
        (first.places() == [0, 0, 3]).then_some(())
    });
}

#[test]
fn hub_and_desk_open_and_find_everything_whole() {
    let mut centre = centre();
    centre.hub_call(&["hub-verify"]).ok();
    centre.desk_call(&["verify"]).ok();
    centre.desk_call(&["rebuild"]).ok();
    centre.start();
    let states: Vec<_> = centre.queue_of(2).iter().map(|row| row["state"].clone()).collect();
    assert!(states.contains(&"in_work".into()), "{states:?}");
    let audit = centre.desk_call(&["audit", "--what", "done", "--size", "100", "--json"]).json().to_string();
    assert!(audit.contains("took_backup"), "who did what is still known: {audit}");
}

#[test]
fn a_stick_is_read_by_the_centre_and_an_answer_by_the_suitcase() {
    let mut centre = centre();
    centre.start();
    let stick = centre.root().join("letter");
    let told = centre.desk_call(&["carry", "in", "--from", stick.to_str().unwrap(), "--json"]).json();
    assert_eq!((&told["letters"], &told["answers"]), (&1.into(), &1.into()), "{told}");
    assert_eq!(told["remarks"], serde_json::json!([]), "{told}");
    centre.queue_of(3);
    // The answer that version 1's centre wrote, on the stick as it came home.
    let second = suitcase(&centre, 8);
    assert_eq!(second.places(), [1, 0, 0]);
    let answer = centre.root().join("answer");
    let read = second.call(&["carry", "in", "--from", answer.to_str().unwrap(), "--json"]).json();
    assert_eq!((&read["answers"], &read["remarks"]), (&1.into(), &serde_json::json!([])), "{read}");
    assert_eq!(second.places(), [0, 0, 1]);
    second.call(&["verify"]).ok();
}

#[test]
fn a_backup_is_tried_and_a_centre_comes_back_from_it_and_from_the_kit() {
    let centre = centre();
    let backup = centre.root().join("backup");
    let drilled = centre.desk_call(&["backup", "drill", backup.to_str().unwrap(), "--json"]).json();
    assert_eq!(drilled["faults"], serde_json::json!([]), "{drilled}");
    let new = centre.root().join("new");
    centre.desk_call(&["restore", "--from", backup.to_str().unwrap(), "--dir", new.to_str().unwrap()]).ok();
}

#[test]
fn what_people_keep_is_still_checked() {
    let centre = centre();
    let shift = v1("programs/shift.txt");
    let checked = centre.desk_call(&["check-statement", shift.to_str().unwrap(), "--json"]).json();
    assert_eq!((checked["holds"].as_bool(), checked["suitcase"].as_u64()), (Some(true), Some(7)), "{checked}");
    let root = std::fs::read_to_string(v1("programs/root.txt")).unwrap();
    let mut check = Command::new(program("check-evidence"));
    Said::from(check.arg(v1("programs/case.evidence")).args(["--root", root.trim()]).output().unwrap()).ok();
}
