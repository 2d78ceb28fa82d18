//! A suitcase that somebody found: its folder, and its process after the lock.

use crate::canaries;
use valiza_tests::console::Console;
use crate::memory;
use crate::search::Search;
use std::collections::BTreeSet;
use valiza_tests::programs::{Centre, PASSPHRASE, wait_for};

/// What is planted, what pages make of it, and the passphrase.
fn secrets() -> Vec<String> {
    let words = canaries::of_residents().into_iter().chain(canaries::phones_on_pages());
    words.chain([PASSPHRASE.to_owned()]).collect()
}

#[test]
fn a_locked_suitcase_s_folder_holds_no_word_and_no_passphrase() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    for (form, note) in canaries::requests() {
        let number = suitcase.record(&form);
        suitcase.call(&["note", &number, "--text", &note]).ok();
    }
    let search = Search::new(&secrets());
    search.folder(&suitcase.dir).none_in("the folder before the exchange");
    suitcase.sync().ok();
    search.folder(&suitcase.dir).none_in("the folder after it");
    let listed = suitcase.call(&["list", "--json"]).ok();
    assert!(search.bytes(listed.out.as_bytes()).words().len() >= 4, "the control: the list shows the surnames");
}

#[test]
fn a_suitcase_s_process_forgets_everything_when_it_is_locked() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let mut numbers = Vec::new();
    for (form, note) in canaries::requests() {
        let number = suitcase.record(&form);
        suitcase.call(&["note", &number, "--text", &note]).ok();
        numbers.push(number);
    }
    let words = canaries::of_residents();
    let search = Search::new(&secrets());
    let mut console = Console::start(&suitcase);
    search.bytes(&memory::dump(console.pid(), centre.root())).none_in("the process before anybody unlocked it");

    let (status, page) = console.post("/unlock", &[("officer", "olena"), ("passphrase", PASSPHRASE)]);
    assert_eq!(status, 303, "{page}");
    let mut shown = BTreeSet::new();
    for number in &numbers {
        let (status, page) = console.get(&format!("/requests/{}", encoded(number)));
        assert_eq!(status, 200, "{page}");
        shown.extend(search.bytes(page.as_bytes()).words().into_iter().map(str::to_owned));
    }
    assert!(shown.len() >= words.len() - 4, "the pages show them: {shown:?}");
    // The control: the same search of the same process finds them while it is open.
    let open = search.bytes(&memory::dump(console.pid(), centre.root()));
    let found = open.words();
    let missing: Vec<&String> = words.iter().filter(|word| !found.contains(word.as_str())).collect();
    // Memory that was given back is used again, so a few may be gone since they were shown.
    assert!(missing.len() <= 4, "the open process holds all but {missing:?}");
    println!("control: {} of {} in the open process", words.len() - missing.len(), words.len());

    let (status, page) = console.post("/lock", &[]);
    assert_eq!(status, 303, "{page}");
    // The program starts itself again in the same process: its memory begins anew.
    wait_for(|| {
        let line = std::fs::read(format!("/proc/{}/cmdline", console.pid())).ok()?;
        line.windows(11).any(|window| window == b"--inherited").then_some(())
    });
    search.bytes(&memory::dump(console.pid(), centre.root())).none_in("the process after the lock");
    let (status, page) = console.get("/day");
    assert_eq!(status, 303, "the pages ask for the passphrase again: {page}");
    search.folder(&suitcase.dir).none_in("the locked suitcase's folder");
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
