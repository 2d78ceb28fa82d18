//! One suitcase: recorded offline, the power cut at any moment, synced, answered.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::{Duration, Instant};
use valiza_tests::programs::{Centre, form, wait_for};

/// Times at which the power is cut after the start: pseudo-random, the same shares of a whole run in every run, from its
/// beginning to well after its end.
fn moments(count: u32, whole: Duration) -> impl Iterator<Item = Duration> {
    (0..count).map(move |n| whole * ((n * 7919 + n * n * 31) % 1600) / 1000)
}

#[test]
fn a_hundred_power_cuts_lose_nothing_and_double_nothing() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let path = centre.root().join("one.json");
    std::fs::write(&path, form("Коваленко").to_string()).unwrap();
    // How long it takes undisturbed depends on the machine and what else it does.
    let begun = Instant::now();
    let mut promised = BTreeSet::from(["Їжак", "Гук", "Мороз"].map(|last| suitcase.record(&form(last))));
    let whole = begun.elapsed() / 3;
    println!("one record: {whole:?}");
    for (turn, moment) in moments(100, whole).enumerate() {
        let mut command = suitcase.command();
        if turn % 4 == 3 {
            command.arg("sync")
        } else {
            command.arg("record").arg(&path)
        };
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(moment);
        let _ = child.kill();
        let said = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        // What was shown to the officer as saved must be there for ever; a line is shown when it is whole.
        let numbers = said.lines().filter(|line| line.starts_with("7-") && said.contains(&format!("{line}\n")));
        promised.extend(numbers.map(str::to_owned));
    }
    let listed: BTreeSet<String> =
        suitcase.list().iter().map(|row| row["number"].as_str().unwrap().to_owned()).collect();
    assert!(promised.is_subset(&listed), "promised and lost: {:?}", promised.difference(&listed));
    assert!(promised.len() >= 3 + 5, "the cuts came too early to prove anything: {}", promised.len());
    suitcase.call(&["verify"]).ok();
    suitcase.sync().ok();
    let queued = centre.queue_of(listed.len());
    let queued: BTreeSet<String> = queued.iter().map(|row| row["number"].as_str().unwrap().to_owned()).collect();
    assert_eq!(queued, listed, "exactly once each");
    centre.call(&["verify"]).ok();
}

#[test]
fn an_answer_comes_back_to_the_suitcase() {
    let mut centre = Centre::start();
    let suitcase = centre.suitcase(7);
    centre.stop();
    let number = suitcase.record(&form("Мар’яненко"));
    let status = suitcase.call(&["status", "--json"]).json();
    assert_eq!((status["here"].as_u64(), status["at_centre"].as_u64()), (Some(1), Some(0)));
    let offline = suitcase.sync();
    assert_eq!(offline.code, Some(3), "{offline:?}");
    assert!(offline.err.contains("немає зв’язку"), "{offline:?}");

    centre.run();
    suitcase.sync().ok();
    let row = centre.queue_of(1).remove(0);
    assert_eq!(row["number"], number.as_str());
    assert_eq!(row["applicant"], "Мар’яненко Ганна Петрівна");
    centre.call(&["answer", &number, "accept"]).ok();
    centre.call(&["answer", &number, "number", "--text", "Ж-15"]).ok();
    centre.call(&["answer", &number, "ask", "--text", "Потрібна довідка про доходи"]).ok();
    wait_for(|| {
        suitcase.sync().ok();
        (suitcase.row(&number)["state"] == "asked").then_some(())
    });
    assert_eq!(suitcase.row(&number)["official"], "Ж-15");
    let status = suitcase.call(&["status", "--json"]).json();
    assert_eq!((status["here"].as_u64(), status["at_centre"].as_u64()), (Some(0), Some(1)));
    assert_eq!(status["waiting_entries"], 0);
}

#[test]
fn an_export_opens_in_any_automerge_library() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let number = suitcase.record(&form("Гук"));
    let path = centre.root().join("one.automerge");
    let out = path.to_str().unwrap();
    suitcase.call(&["export", &number, "--format", "automerge", "--out", out]).ok();
    let document = automerge::Automerge::load(&std::fs::read(&path).unwrap()).unwrap();
    let last = automerge::ReadDoc::get(&document, automerge::ROOT, "a.last").unwrap().unwrap();
    assert_eq!(last.0.as_str(), Some("Гук"));
    let all = centre.root().join("all");
    suitcase.call(&["export", "--all", "--format", "json", "--out", all.to_str().unwrap()]).ok();
    let files: Vec<_> = std::fs::read_dir(&all).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    let text = std::fs::read_to_string(&files[0]).unwrap();
    assert!(text.contains("Гук") && text.contains(&number));
}
