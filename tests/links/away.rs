//! The register is longer than any connection carries, and somebody needs it who is told nothing else: a suitcase that was
//! away while the hub's key was replaced, a laptop that has just been certified. It comes in parts.

use super::programs::{Behind, record};
use serde_json::json;
use std::path::Path;
use std::process::Command;
use valiza_tests::chaos::{Cut, End, Fate, Way};
use valiza_tests::programs::{Said, program, wait_for};

/// Bytes after which each connection is cut, both ways together.
const CUT: u64 = 20_000;
/// So often the centre changes its details, four kilobytes in the register each time.
const CHANGES: usize = 20;
/// Requests that a suitcase has which was away.
const BACKLOG: usize = 60;

fn on(dir: &Path, arguments: &[&str]) {
    let mut command = Command::new(program("sync-server"));
    Said::from(command.arg("--dir").arg(dir).args(arguments).output().unwrap()).ok();
}

fn grow_the_register(behind: &Behind) {
    for change in 0..CHANGES {
        let text = format!("{change} {}", "ґ".repeat(290));
        let texts = ["--contact", "--owner-address", "--owner-contact", "--community", "--centre", "--owner"];
        let texts = texts.into_iter().flat_map(|name| [name, &text]);
        let call: Vec<&str> = ["details"].into_iter().chain(texts).collect();
        behind.centre.call(&call).ok();
    }
}

/// Every connection from now on.
fn cut_all(behind: &Behind) {
    let cut = Some(Cut { way: Way::Both, after: CUT, end: End::Reset });
    behind.chaos.turn(move |_| Fate { cut, ..Fate::default() });
}

/// What an operator does: a new hub prepared, certified with the kit, put in the place of the old one.
fn replace_hub(behind: &mut Behind) {
    let root = behind.centre.root().to_owned();
    let centre = &mut behind.centre;
    let path = |name: &str| root.join(name).display().to_string();
    let (new, request, answer, words) = (root.join("new"), path("request"), path("answer"), path("words"));
    let (hub, listen) = (format!("https://127.0.0.1:{}", centre.port), format!("127.0.0.1:{}", behind.port));
    on(&new, &["hub-prepare", "--hub", &hub, "--listen", &listen, "--out", &request]);
    let files = ["--hub-request", &request, "--hub-answer", &answer, "--words-file", &words];
    centre.call(&[&["rotate-hub", "begin"], &files[..]].concat()).ok();
    centre.stop();
    on(&new, &["hub-accept", &answer]);
    std::fs::remove_dir_all(centre.dir.join("hub")).unwrap();
    std::fs::rename(new.join("hub"), centre.dir.join("hub")).unwrap();
    centre.run();
    wait_for(|| (centre.call(&["rotate-hub", "finish"]).code == Some(0)).then_some(()));
}

#[test]
fn a_suitcase_that_was_away_learns_a_new_key_of_the_hub_over_a_link_that_is_cut_again_and_again() {
    let mut behind = Behind::start();
    let seven = behind.centre.suitcase(7);
    record(&seven, 1, 0);
    seven.sync().ok();
    // Away from here on, with work that nobody has.
    record(&seven, 1, 1);
    grow_the_register(&behind);
    replace_hub(&mut behind);
    // Whoever is invited now is certified by a register that is whole on the new hub.
    behind.centre.suitcase(8).sync().ok();

    cut_all(&behind);
    let said = seven.sync();
    let passed = behind.chaos.passed();
    println!("{} connections, {} bytes down", passed.connections, passed.down);
    said.ok();
    assert!(passed.down > 4_000 * CHANGES as u64 && passed.connections > 4, "it was not cut: {passed:?}");
    behind.chaos.turn(|_| Fate::default());
    behind.centre.queue_of(2);
    wait_for(|| {
        seven.sync().ok();
        let status = seven.call(&["status", "--json"]).json();
        (json!([status["here"], status["at_centre"]]) == json!([0, 2])).then_some(())
    });
    seven.call(&["verify"]).ok();
}

/// The first message is as large as the allowance and goes to a hub that is not known; each contact of its own has to
/// come further than the one before.
#[test]
fn a_suitcase_that_may_use_little_finds_the_new_hub_after_a_few_contacts() {
    let mut behind = Behind::start();
    let seven = behind.centre.suitcase(7);
    record(&seven, 1, 0);
    seven.sync().ok();
    // More than any of the contacts below may carry.
    record(&seven, BACKLOG, 1);
    grow_the_register(&behind);
    replace_hub(&mut behind);
    behind.centre.suitcase(8).sync().ok();

    let limited = || seven.call(&["sync", "--megabytes", "0.02"]);
    let before = behind.chaos.passed().up;
    let first = limited();
    println!("first {first:?}, {} bytes up", behind.chaos.passed().up - before);
    assert!(first.code != Some(0) && first.err.contains("не підписана"), "it looks as if it went on: {first:?}");
    // The next ones ask first. The register is several times what one may carry; then there is room for the work.
    let here = || seven.call(&["status", "--json"]).json()["here"].as_u64().unwrap();
    let all = here();
    let contacts = (1..=12).find(|contact| {
        let said = limited().ok();
        println!("{contact}: {}", said.out);
        here() < all
    });
    assert!(contacts.is_some(), "limited contacts never find the new hub: {} here", here());
    wait_for(|| (seven.sync().code == Some(0) && here() == 0).then_some(()));
    seven.call(&["verify"]).ok();
}

#[test]
fn an_answer_on_a_stick_from_a_new_hub_waits_for_one_contact_and_says_so() {
    let mut behind = Behind::start();
    let seven = behind.centre.suitcase(7);
    seven.sync().ok();
    record(&seven, 1, 0);
    let stick = behind.centre.root().join("ФЛЕШКА");
    std::fs::create_dir(&stick).unwrap();
    let path = stick.to_str().unwrap();
    replace_hub(&mut behind);
    seven.call(&["carry", "out", "--to", path]).ok();
    let answered = || {
        let told = behind.centre.call(&["carry", "in", "--from", path, "--json"]);
        (told.code == Some(0)).then(|| told.json()).filter(|told| told["answers"] == 1)
    };
    wait_for(answered);
    let read = seven.call(&["carry", "in", "--from", path, "--json"]).json();
    let remarks = read["remarks"].to_string();
    assert_eq!(json!([read["answers"], read["unknown"]]), json!([0, 1]), "{read}");
    assert!(remarks.contains("один раз обміняйтеся через мережу"), "{read}");
    assert!(!remarks.contains("Пошкоджені") && !remarks.contains("ще не читали"), "wrong advice: {read}");
    let again = seven.call(&["carry", "in", "--from", path]).ok();
    assert!(again.out.contains("центр замінив ключ вузла"), "{again:?}");
    let status = seven.call(&["status", "--json"]).json();
    assert_eq!(json!([status["here"], status["at_centre"]]), json!([1, 0]), "nothing counts as taken");
    // The advice holds: after one contact the same kind of answer is taken.
    seven.sync().ok();
    record(&seven, 1, 1);
    seven.call(&["carry", "out", "--to", path]).ok();
    wait_for(answered);
    let read = seven.call(&["carry", "in", "--from", path, "--json"]).json();
    assert_eq!(read["unknown"], 0, "{read}");
    let status = seven.call(&["status", "--json"]).json();
    assert_eq!(status["here"], 0, "{read} {status}");
    seven.call(&["verify"]).ok();
}

#[test]
fn a_laptop_becomes_a_suitcase_over_a_link_that_carries_no_register() {
    let behind = Behind::start();
    grow_the_register(&behind);
    // The hub has it all once somebody was enrolled by its end.
    behind.centre.suitcase(7).sync().ok();
    cut_all(&behind);
    let eight = behind.centre.suitcase(8);
    let passed = behind.chaos.passed();
    println!("{} connections, {} bytes down", passed.connections, passed.down);
    assert!(passed.down > 4_000 * CHANGES as u64 && passed.connections > 4, "it was not cut: {passed:?}");
    record(&eight, 1, 0);
    eight.sync().ok();
    behind.chaos.turn(|_| Fate::default());
    behind.centre.queue_of(1);
    eight.call(&["verify"]).ok();
}
