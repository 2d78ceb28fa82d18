//! A revoked suitcase: its late work is quarantined, not lost, and a person lets it in.

use crate::{code, helps};
use serde_json::Value;
use valiza_tests::programs::{Centre, form, wait_for};

fn set_aside(centre: &Centre) -> Vec<Value> {
    let told = centre.call(&["quarantine", "--json"]).json();
    told["set_aside"].as_array().cloned().unwrap_or_default()
}

#[test]
fn late_work_of_a_revoked_suitcase_waits_for_a_person() {
    let centre = Centre::start();
    let (lost, other) = (centre.suitcase(7), centre.suitcase(8));
    let before = lost.record(&form("Коваленко"));
    lost.sync().ok();
    centre.queue_of(1);
    centre.call(&["revoke", "--number", "7", "--reason", "викрадено з машини"]).ok();
    let late = lost.record(&form("Гук"));
    let waiting = wait_for(|| {
        let _ = lost.sync();
        let waiting = set_aside(&centre);
        (!waiting.is_empty()).then_some(waiting)
    });
    assert_eq!(centre.queue_of(1)[0]["number"], before.as_str(), "late work is not in the queue");
    assert!(waiting.iter().all(|row| row["suitcase"] == 7 && row["acceptable"] == true), "{waiting:#?}");
    assert!(waiting[0]["sentence"].as_str().unwrap().contains("відкликано"), "{waiting:#?}");

    // Others go on meanwhile.
    other.record(&form("Їжак"));
    other.sync().ok();
    centre.queue_of(2);

    let (first, last) = (waiting.first().unwrap(), waiting.last().unwrap());
    let (chain, run) = (first["chain"].as_str().unwrap(), format!("{}-{}", first["seq"], last["seq"]));
    for wrong in ["", "x", "2-1"] {
        let said = centre.call(&["quarantine", "accept", chain, wrong, "--reason", "ноутбук знайшовся"]);
        helps(&said, code::REFUSED, &["20-44"]);
    }
    centre.call(&["quarantine", "accept", chain, &run, "--reason", "ноутбук знайшовся"]).ok();
    let queued = centre.queue_of(3);
    assert!(queued.iter().any(|row| row["number"] == late.as_str()), "{queued:#?}");
    assert!(set_aside(&centre).is_empty());
    let again = (waiting[0]["chain"].as_str().unwrap(), waiting[0]["seq"].to_string());
    helps(&centre.call(&["quarantine", "accept", again.0, &again.1, "--reason", "ще раз"]), code::REFUSED, &[]);
    // What is not ours is left there, and shown no more.
    lost.record(&form("Мороз"));
    let waiting = wait_for(|| {
        let _ = lost.sync();
        Some(set_aside(&centre)).filter(|waiting| !waiting.is_empty())
    });
    let run = format!("1-{}", waiting.last().unwrap()["seq"]);
    centre.call(&["quarantine", "decline", chain, &run, "--reason", "не наше"]).ok();
    assert!(set_aside(&centre).is_empty());
    centre.queue_of(3);
    helps(&centre.call(&["revoke", "--number", "99", "--reason", "помилка"]), code::REFUSED, &["99"]);
}
