//! An administrator requires a version of everybody, with the real programs; who is below it keeps the work and is told.

use chain::{Fact, PROTOCOL};
use clock::SystemClock;
use peer::decoder::InProcess;
use peer::{Folder, Means, Peer};
use sealing::{Passphrase, SUITE, SystemEntropy};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use valiza_tests::programs::{Centre, PASSPHRASE, form, wait_for};

/// What a later version of the desk had published before this program was put back.
fn publish(desk: &Path, fact: Fact) {
    let vault = peer::read_vault(desk).unwrap();
    let key = vault.unlock("admin", &Passphrase::typed(PASSPHRASE)).unwrap();
    let means = Means {
        entropy: Box::new(SystemEntropy::new()),
        clock: Arc::new(SystemClock::new()),
        decoder: Box::new(InProcess),
    };
    let peer = Peer::open(Folder::hold_existing(desk).unwrap(), &key, "admin", means).unwrap();
    peer.act(move |act| act.register_fact(&fact)).unwrap();
}

fn required(centre: &Centre) -> Value {
    let mut told = centre.call(&["require-version", "--json"]).json();
    told.as_object_mut().unwrap().remove("programs");
    told
}

#[test]
fn a_version_is_required_by_an_administrator_and_who_is_below_it_is_told() {
    let mut centre = Centre::start();
    let seven = centre.suitcase(7);
    seven.sync().ok();
    wait_for(|| {
        let told = centre.call(&["require-version", "--json"]).json();
        (told["programs"][0]["program"].as_str()?.contains(env!("CARGO_PKG_VERSION"))).then_some(())
    });
    let shown = centre.call(&["require-version"]).ok();
    assert!(shown.out.contains("Найнижчий протокол / lowest protocol: 1"), "{shown:?}");
    let none = json!({ "lowest_protocol": 1, "lowest_suite": 1, "not_understood": null });
    assert_eq!(required(&centre), none);

    // What this program itself does not speak would shut out everybody.
    let above = [(PROTOCOL + 1).to_string(), (SUITE + 1).to_string()];
    for arguments in [["--protocol", &above[0]], ["--suite", &above[1]], ["--protocol", "0"]] {
        let refused = centre.call(&[&["require-version"][..], &arguments].concat());
        assert!(refused.code == Some(1) && refused.err.contains("спершу оновіть"), "{refused:?}");
    }
    assert_eq!(centre.call(&["require-version", "--protocol", "багато"]).code, Some(2));
    let file = centre.root().join("clerk");
    std::fs::write(&file, PASSPHRASE).unwrap();
    let clerk = ["--name", "Коваль Олена", "--role", "clerk", "--new-passphrase-file", file.to_str().unwrap()];
    centre.call(&[&["account", "add", "o.koval"], &clerk[..]].concat()).ok();
    let refused = centre.call_as("o.koval", &["require-version", "--protocol", "1"]);
    assert_eq!(refused.code, Some(6), "{refused:?}");
    assert_eq!(required(&centre), none);

    // What everybody speaks changes nothing.
    centre.call(&["require-version", "--protocol", "1", "--suite", "1"]).ok();
    seven.record(&form("Коваленко"));
    seven.sync().ok();
    centre.queue_of(1);

    // A later version had required more: all of these programs are too old, and say so.
    centre.stop();
    publish(&centre.dir.join("desk"), Fact::Minimum { protocol: PROTOCOL, suite: SUITE + 1 });
    centre.run();
    wait_for(|| {
        let said = seven.sync();
        let told = format!("{}{}", said.out, said.err);
        told.contains("програма застаріла для цієї громади: оновіть її").then_some(())
    });
    assert_eq!(required(&centre)["lowest_suite"], SUITE + 1);
    seven.record(&form("Гук"));
    for _ in 0..2 {
        let said = seven.sync();
        assert!(format!("{}{}", said.out, said.err).contains("записане збережено тут"), "{said:?}");
    }
    let status = seven.call(&["status", "--json"]).json();
    assert!(status["here"].as_u64().unwrap() > 0, "{status}");
    assert_eq!(centre.queue().len(), 1, "nothing of it went out");

    // It was raised too early: the minimum that was published last counts.
    let lowered = centre.call(&["require-version", "--suite", "1", "--json"]).json();
    assert_eq!(lowered["lowest_suite"], 1);
    wait_for(|| {
        seven.sync().ok();
        (centre.queue().len() == 2).then_some(())
    });
    let audit = centre.call(&["audit", "--what", "done", "--json"]).json().to_string();
    assert_eq!(audit.matches("required_version").count(), 1, "{audit}");
    seven.call(&["verify"]).ok();
    centre.call(&["verify"]).ok();
}

#[test]
fn a_fact_that_must_be_understood_stops_the_programs_that_do_not_know_it_and_says_so() {
    let mut centre = Centre::start();
    let seven = centre.suitcase(7);
    seven.record(&form("Коваленко"));
    seven.sync().ok();
    centre.queue_of(1);
    centre.stop();
    publish(&centre.dir.join("desk"), Fact::Later(200));
    centre.run();
    seven.record(&form("Гук"));
    wait_for(|| {
        let said = seven.sync();
        format!("{}{}", said.out, said.err).contains("програма вузла обміну застаріла").then_some(())
    });
    let shown = centre.call(&["require-version"]).ok();
    assert!(shown.out.contains("не знає запису реєстру з кодом") && shown.out.contains("200"), "{shown:?}");
    let refused = centre.call(&["require-version", "--protocol", "1"]);
    assert!(refused.code == Some(1) && refused.err.contains("код 200"), "{refused:?}");
    assert_eq!(seven.call(&["list", "--json"]).json()["requests"].as_array().unwrap().len(), 2);
    assert_eq!(centre.queue().len(), 1);
    seven.call(&["verify"]).ok();
}
