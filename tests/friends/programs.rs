//! The real programs over the folders that version 1 left.

use crate::recorded::{PORT, centre, suitcase, v1};
use std::process::Command;
use valiza_tests::apart::Apart;
use valiza_tests::programs::{Said, program, wait_for};

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
    // Its own request, and the one that it carries for a suitcase without a network.
    first.call(&["sync"]).ok();
    let queue = centre.queue_of(5);
    assert!(queue.iter().any(|row| row.to_string().contains("Ткаченко")), "{queue:?}");
    wait_for(|| {
        first.call(&["sync"]).ok();
        (first.places() == [0, 0, 3]).then_some(())
    });
    let sender = suitcase(&centre, 10);
    assert_eq!(sender.places(), [1, 0, 0]);
    sender.call(&["sync"]).ok();
    assert_eq!(sender.places()[0], 0);
    sender.call(&["verify"]).ok();
}

#[test]
fn a_laptop_that_began_anew_is_confirmed_and_ends_its_shift() {
    let mut centre = centre();
    centre.start();
    let third = suitcase(&centre, 9);
    third.call(&["verify"]).ok();
    let told = centre.desk_call(&["rebirths", "--json"]).json();
    let waiting = told["continuing"].as_array().unwrap();
    assert_eq!((waiting.len(), &waiting[0]["number"]), (1, &9.into()), "{told}");
    centre.desk_call(&["rebirths", "confirm", waiting[0]["chain"].as_str().unwrap()]).ok();
    wait_for(|| {
        third.call(&["sync"]).ok();
        let status = third.call(&["status", "--json"]).json();
        (status["certificate"]["standing"] == "live" && status["here"] == 0 && status["on_the_way"] == 0).then_some(())
    });
    let queue = centre.queue_of(4);
    assert!(
        ["Мельник", "Мороз"].iter().all(|last| queue.iter().any(|row| row.to_string().contains(last))),
        "{queue:?}"
    );
    let out = centre.root().join("shift-9.txt");
    third.call(&["end-shift", "--wait", "60", "--out", out.to_str().unwrap()]).ok();
    let checked = centre.desk_call(&["check-statement", out.to_str().unwrap(), "--json"]).json();
    assert_eq!(checked["holds"], true, "{checked}");
}

#[test]
fn who_was_erased_stays_erased_and_an_invitation_of_then_is_good() {
    let mut centre = centre();
    centre.start();
    let numbers = std::fs::read_to_string(v1("programs/numbers.txt")).unwrap();
    let gone = numbers.lines().nth(2).unwrap();
    let shown = centre.desk_call(&["show", gone]);
    assert!(shown.code != Some(0) && shown.err.contains("номер використано"), "{shown:?}");
    let new = suitcase(&centre, 11);
    let invitation = centre.root().join("invitation-11");
    let name = ["--name", "Новий ноутбук", "--officer-name", "Мельник Олена Іванівна", "--fast-kdf"];
    new.call(&[&["enrol", "--invitation-file", invitation.to_str().unwrap()], &name[..]].concat()).ok();
    new.call(&["sync"]).ok();
    let queue = centre.queue_of(3).iter().map(ToString::to_string).collect::<String>();
    assert!(!queue.contains("Стиранко"), "{queue}");
    assert!(new.call(&["verify"]).ok().code == Some(0));
}

#[test]
fn new_keys_that_were_begun_are_finished_and_the_kit_brings_the_centre_back() {
    let mut centre = centre();
    centre.start();
    let status = |centre: &Apart| centre.desk_call(&["rotate-keys", "status", "--json"]).json();
    assert_eq!(status(&centre)["rotating"], true, "{}", status(&centre));
    let first = suitcase(&centre, 7);
    wait_for(|| {
        first.call(&["sync"]).ok();
        let waits = status(&centre)["waits_for"].to_string();
        (!waits.contains('7')).then_some(())
    });
    let waits: Vec<String> = serde_json::from_value::<Vec<u16>>(status(&centre)["waits_for"].clone())
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    wait_for(|| {
        (centre.desk_call(&["rotate-keys", "finish", "--without", &waits.join(",")]).code == Some(0)).then_some(())
    });
    wait_for(|| (centre.desk_call(&["status", "--json"]).json()["waiting_entries"] == 0).then_some(()));
    let before = centre.queue_of(5);
    centre.stop_desk();
    std::fs::remove_dir_all(&centre.desk_dir).unwrap();
    let (hub, words) = (format!("https://127.0.0.1:{PORT}"), centre.root().join("words"));
    centre.desk_call(&["restore", "--hub", &hub, "--words-file", words.to_str().unwrap()]).ok();
    centre.start_desk();
    let numbers = |rows: &[serde_json::Value]| {
        let mut all: Vec<String> = rows.iter().map(|row| format!("{} {}", row["number"], row["state"])).collect();
        all.sort();
        all
    };
    assert_eq!(numbers(&centre.queue_of(5)), numbers(&before));
    centre.desk_call(&["verify"]).ok();
}

#[test]
fn hub_and_desk_open_and_find_everything_whole() {
    let mut centre = centre();
    centre.hub_call(&["hub-verify"]).ok();
    centre.desk_call(&["verify"]).ok();
    centre.desk_call(&["rebuild"]).ok();
    centre.start();
    let states: Vec<_> = centre.queue_of(3).iter().map(|row| row["state"].clone()).collect();
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
    centre.queue_of(4);
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
