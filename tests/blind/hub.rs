//! The hub with the real programs: folder, log, memory, traffic.

use crate::canaries::{self, GROUND, JOURNAL};
use crate::memory;
use crate::proxy::Proxy;
use crate::search::Search;
use std::collections::BTreeSet;
use valiza_tests::ports::free_port;
use valiza_tests::programs::{Centre, PASSPHRASE, Suitcase, wait_for};

/// A centre whose hub listens behind a recording wire.
fn behind_a_wire() -> (Centre, Proxy) {
    let mut centre = Centre::found();
    let behind = free_port();
    let settings = centre.dir.join("hub").join("hub.toml");
    let text = std::fs::read_to_string(&settings).expect("hub.toml");
    let (before, after) =
        (format!("listen = \"127.0.0.1:{}\"", centre.port), format!("listen = \"127.0.0.1:{behind}\""));
    assert!(text.contains(&before), "{text}");
    std::fs::write(&settings, text.replace(&before, &after)).expect("written");
    let proxy = Proxy::start(centre.port, behind);
    centre.run();
    (centre, proxy)
}

/// The four requests with their notes, synced, answered, and the answers brought back.
fn go_the_whole_way(centre: &Centre, suitcase: &Suitcase) -> Vec<String> {
    let numbers: Vec<String> = canaries::requests()
        .iter()
        .map(|(form, note)| {
            let number = suitcase.record(form);
            suitcase.call(&["note", &number, "--text", note]).ok();
            number
        })
        .collect();
    suitcase.sync().ok();
    centre.queue_of(numbers.len());
    let first = &numbers[0];
    centre.call(&["answer", first, "accept"]).ok();
    centre.call(&["answer", first, "number", "--text", JOURNAL]).ok();
    centre.call(&["answer", first, "ask", "--text", &format!("Потрібна довідка {GROUND}")]).ok();
    wait_for(|| {
        suitcase.sync().ok();
        (suitcase.row(first)["state"] == "asked").then_some(())
    });
    numbers
}

#[test]
fn the_hub_holds_no_word_of_what_it_carries() {
    let (mut centre, proxy) = behind_a_wire();
    let suitcase = centre.suitcase(7);
    go_the_whole_way(&centre, &suitcase);
    let words = canaries::all();
    let search = Search::new(&words);

    // The control: the same words, through the same programs, found by the same search where they must be.
    let exported = centre.root().join("exported");
    suitcase.call(&["export", "--all", "--out", exported.to_str().expect("UTF-8")]).ok();
    let found = search.folder(&exported);
    let missing: BTreeSet<&str> = words.iter().map(String::as_str).filter(|w| !found.words().contains(w)).collect();
    assert!(missing.is_empty(), "the control misses {missing:?}");
    let desk = memory::dump(centre.pid(), centre.root());
    let in_desk = search.bytes(&desk);
    assert!(!in_desk.hits.is_empty(), "the open desk's memory holds what it has just shown");
    println!(
        "control: {} of {} exported, {} in the desk's memory",
        found.words().len(),
        words.len(),
        in_desk.words().len()
    );

    let secrets: Vec<String> = words.iter().cloned().chain([PASSPHRASE.to_owned()]).collect();
    let search = Search::new(&secrets);
    let pid = memory::child(centre.pid(), "hub");
    search.bytes(&memory::dump(pid, centre.root())).none_in("the hub's memory");
    let environment = std::fs::read(format!("/proc/{pid}/environ")).expect("it runs");
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).expect("it runs");
    search.bytes(&[environment, line].concat()).none_in("the hub's command line and environment");
    search.folder(&centre.dir.join("hub")).none_in("the hub's folder while it runs");
    let traffic = proxy.recorded();
    assert!(traffic.len() > 10_000, "{} bytes are no exchange", traffic.len());
    search.bytes(&traffic).none_in("the traffic");
    centre.stop();
    search.folder(&centre.dir.join("hub")).none_in("the hub's folder after its end");
    search.folder(&centre.dir.join("desk")).none_in("the sealed desk's folder");
    let log = std::fs::read(centre.root().join("run.log")).expect("a log");
    search.bytes(&log).none_in("the centre's log");
}
