//! A laptop whose battery died wakes up in 1970, or somebody set 2099.

use std::process::Command;
use valiza_tests::programs::{Centre, Said, Suitcase, form, wait_for};

/// `field-agent` under another clock.
fn at(moment: &str, suitcase: &Suitcase, arguments: &[&str]) -> Said {
    let real = suitcase.command();
    let mut command = Command::new("faketime");
    command.arg("-f").arg(format!("@{moment}")).arg(real.get_program()).args(real.get_args()).args(arguments);
    let output = command
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("faketime is missing: `cargo xtask test` installs it (Debian: faketime)");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn wild(moment: &str) {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let path = centre.root().join("one.json");
    std::fs::write(&path, form("Коваленко").to_string()).unwrap();
    let said = at(moment, &suitcase, &["record", path.to_str().unwrap()]).ok();
    let number = said.out.trim().to_owned();
    assert!(number.starts_with("7-"), "{said:#?}");
    assert!(said.err.contains("годинник") || said.err.contains("Годинник"), "the officer is told: {said:#?}");
    let status = at(moment, &suitcase, &["status"]).ok();
    assert!(status.out.contains("Годинник ноутбука хибний"), "{status:#?}");
    at(moment, &suitcase, &["verify"]).ok();

    // The exchange works under that clock, or says that the clock is in the way.
    let synced = at(moment, &suitcase, &["sync"]);
    match synced.code {
        Some(0) => println!("{moment}: the exchange works"),
        Some(3) => assert!(synced.err.contains("годинник"), "{synced:#?}"),
        _ => panic!("{synced:#?}"),
    }
    // With the right time everything is there, once.
    suitcase.sync().ok();
    let row = centre.queue_of(1).remove(0);
    assert_eq!(row["number"], number.as_str());
    wait_for(|| {
        suitcase.sync().ok();
        let status = suitcase.call(&["status", "--json"]).json();
        (status["at_centre"] == 1 && status["waiting_entries"] == 0).then_some(())
    });
    suitcase.call(&["verify"]).ok();
    suitcase.record(&form("Гук"));
    suitcase.sync().ok();
    centre.queue_of(2);
}

#[test]
fn a_clock_at_1970_is_said_and_loses_nothing() {
    wild("1970-01-02 03:04:05");
}

#[test]
fn a_clock_at_2099_is_said_and_loses_nothing() {
    wild("2099-06-07 08:09:10");
}
