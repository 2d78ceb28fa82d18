//! A suitcase that is stolen, one from which a request is taken back, and one that holds no more than it needs, with the
//! real programs.

use serde_json::Value;
use valiza_tests::programs::{Centre, Suitcase, form, wait_for};

fn state(suitcase: &Suitcase, number: &str) -> Value {
    suitcase.row(number)["state"].clone()
}

/// Whether the suitcase hears of an answer of the centre, within half a minute.
fn hears(suitcase: &Suitcase, number: &str, expected: &str) {
    wait_for(|| {
        suitcase.sync().ok();
        (state(suitcase, number).to_string().contains(expected)).then_some(())
    });
}

/// Until the centre has opened everything that was written here.
fn settle(suitcase: &Suitcase) {
    wait_for(|| {
        suitcase.sync().ok();
        let status = suitcase.call(&["status", "--json"]).json();
        (status["here"] == 0 && status["on_the_way"] == 0).then_some(())
    });
}

#[test]
fn after_a_theft_everything_goes_on_under_keys_that_the_thief_never_got() {
    let mut centre = Centre::start();
    let (stolen, other) = (centre.suitcase(7), centre.suitcase(8));
    let number = stolen.record(&form("Коваленко"));
    let kept = stolen.record(&form("Гук"));
    settle(&stolen);
    settle(&other);
    centre.call(&["grant", &number, "--to", "8"]).ok();
    wait_for(|| {
        other.sync().ok();
        (!state(&other, &number).is_null()).then_some(())
    });
    centre.call(&["revoke", "--number", "7", "--reason", "викрадено з автомобіля"]).ok();
    let row = |centre: &Centre| {
        let told = centre.call(&["suitcases", "--json"]).json();
        told["suitcases"].as_array().unwrap().iter().find(|row| row["number"] == 7).unwrap().clone()
    };
    assert_eq!(row(&centre)["keys_to_renew"], 0, "{:#}", row(&centre));
    let renewed = row(&centre)["keys_renewed"].as_u64().unwrap();
    assert!(renewed >= 2, "both requests, and what belongs to them: {renewed}");
    // A restart finds nothing left to do and does nothing again.
    centre.stop();
    centre.run();
    centre.call(&["answer", &number, "accept"]).ok();
    centre.call(&["answer", &kept, "accept"]).ok();
    hears(&other, &number, "in_work");
    assert_eq!(row(&centre)["keys_renewed"].as_u64(), Some(renewed));
    // Whoever sends from there is told, in words and in the exit code, that the centre hears it no more.
    let told = stolen.sync();
    assert!(told.code == Some(1) && told.out.to_lowercase().contains("відкликано"), "{told:?}");
    let audit = centre.call(&["audit", "--what", "done", "--json"]).json().to_string();
    assert!(audit.contains("keys_renewed") && audit.contains("revoked"), "{audit}");
    for said in [centre.call(&["verify"]), other.call(&["verify"])] {
        said.ok();
    }
}

#[test]
fn what_is_closed_leaves_the_suitcase_and_comes_back_when_the_centre_entrusts_it() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let (closed, open) = (suitcase.record(&form("Коваленко")), suitcase.record(&form("Гук")));
    suitcase.call(&["withdraw", &closed, "--reason", "передумала"]).ok();
    let early = suitcase.call(&["forget", "--older-than", "0", "--json"]).json();
    assert_eq!(early["gone"], 0, "the centre has not opened it: {early:#}");
    settle(&suitcase);
    let shown = suitcase.call(&["forget", "--older-than", "0", "--dry-run"]).ok();
    assert!(shown.out.contains(&closed) && !shown.out.contains(&open), "{shown:?}");
    let gone = suitcase.call(&["forget", "--older-than", "0", "--json"]).json();
    assert!(gone["gone"].as_u64() > Some(0), "{gone:#}");
    let refused = suitcase.call(&["show", &closed]);
    assert!(refused.code == Some(1) && refused.err.contains("на валізі його вже немає"), "{refused:?}");
    suitcase.call(&["show", &open]).ok();
    suitcase.call(&["verify"]).ok();
    settle(&suitcase);
    let given_up = || centre.call(&["lost", "--number", "7", "--json"]).json()["given_up"].as_u64().unwrap();
    wait_for(|| (given_up() > 0).then_some(()));
    let lost = centre.call(&["lost", "--number", "7", "--json"]).json();
    assert!(!lost["people"].to_string().contains(&closed), "{lost:#}");
    centre.call(&["show", &closed]).ok();

    centre.call(&["grant", &closed, "--to", "7"]).ok();
    wait_for(|| {
        suitcase.sync().ok();
        (suitcase.call(&["show", &closed]).code == Some(0)).then_some(())
    });
    // Taken back, it leaves without being asked for, and not before the next contact says so.
    centre.call(&["take-back", &closed, "--from", "7", "--reason", "доручено помилково"]).ok();
    wait_for(|| {
        suitcase.sync().ok();
        suitcase.call(&["forget"]).ok();
        (suitcase.call(&["show", &closed]).code == Some(1)).then_some(())
    });
    for said in [centre.call(&["verify"]), suitcase.call(&["verify"])] {
        said.ok();
    }
    let days = centre.call(&["protection", "--keep-days", "14", "--json"]).json();
    assert_eq!(days["keep_days"], 14);
}
