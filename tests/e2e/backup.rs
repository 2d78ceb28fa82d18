//! Backups of a centre that works, and what comes of them: drills with the real programs.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use valiza_tests::programs::{Centre, Suitcase, form, wait_for};

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// A centre with two requests, one of them answered, everything at rest.
fn town() -> (Centre, Suitcase, Vec<String>) {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let numbers = ["Коваленко", "Гук"].map(|last| suitcase.record(&form(last)));
    suitcase.sync().ok();
    centre.queue_of(2);
    centre.call(&["answer", &numbers[0], "accept"]).ok();
    settled(&centre);
    (centre, suitcase, numbers.into())
}

fn settled(centre: &Centre) {
    wait_for(|| {
        let told = centre.call(&["status", "--json"]).json();
        (told["waiting_entries"] == 0 && told["hub_answered_at"].is_string()).then_some(())
    });
}

fn back_up(centre: &Centre, name: &str) -> PathBuf {
    let out = centre.root().join(name);
    let told = centre.call(&["backup", "--out", text(&out), "--json"]).json();
    assert_eq!(told["halves"], "hub, desk");
    assert_eq!(told["contents_checked"], true);
    out
}

/// States of all requests in the queue.
fn states(centre: &Centre) -> Vec<(Value, Value)> {
    let mut rows: Vec<_> = centre.queue().iter().map(|row| (row["number"].clone(), row["state"].clone())).collect();
    rows.sort_by_key(|(number, _)| number.to_string());
    rows
}

#[test]
fn a_desk_comes_back_from_a_backup_and_gets_from_the_hub_what_came_after_it() {
    let (mut centre, suitcase, numbers) = town();
    let backup = back_up(&centre, "one");
    centre.call(&["backup", "check", text(&backup)]).ok();
    // After the backup: an answer, a grant of a number, another request.
    centre.call(&["answer", &numbers[1], "accept"]).ok();
    centre.call(&["answer", &numbers[0], "ask", "--text", "Потрібна довідка"]).ok();
    let third = suitcase.record(&form("Їжак"));
    suitcase.sync().ok();
    centre.queue_of(3);
    centre.call(&["answer", &third, "accept"]).ok();
    settled(&centre);
    let before = states(&centre);
    centre.stop();
    fs::remove_dir_all(centre.dir.join("desk")).unwrap();
    let restored = centre.call(&["restore", "--from", text(&backup), "--half", "desk", "--json"]).json();
    assert_eq!(restored["kit_needed"], false);
    assert_eq!(restored["contents_checked"], true);
    centre.run();
    wait_for(|| (centre.call(&["status", "--json"]).json()["catching_up"] == false).then_some(()));
    assert_eq!(states(&centre), before);
    centre.call(&["verify"]).ok();
    // It writes on where it was, and its suitcase believes it.
    centre.call(&["answer", &third, "note", "--text", "після відновлення"]).ok();
    centre.call(&["answer", &numbers[1], "ask", "--text", "Ще одна довідка"]).ok();
    wait_for(|| {
        suitcase.sync().ok();
        (suitcase.row(&numbers[1])["state"] == "asked").then_some(())
    });
    settled(&centre);
    suitcase.call(&["verify"]).ok();
    centre.call(&["verify"]).ok();
}

#[test]
fn a_hub_comes_back_from_a_backup_and_is_given_what_came_after_it() {
    let (mut centre, suitcase, numbers) = town();
    let backup = back_up(&centre, "one");
    centre.call(&["answer", &numbers[1], "accept"]).ok();
    let third = suitcase.record(&form("Їжак"));
    suitcase.sync().ok();
    centre.queue_of(3);
    settled(&centre);
    let before = states(&centre);
    centre.stop();
    fs::remove_dir_all(centre.dir.join("hub")).unwrap();
    centre.call(&["restore", "--from", text(&backup), "--half", "hub"]).ok();
    centre.run();
    wait_for(|| {
        suitcase.sync().ok();
        (suitcase.row(&numbers[1])["state"] == "in_work").then_some(())
    });
    settled(&centre);
    assert_eq!(states(&centre), before);
    centre.call(&["answer", &third, "accept"]).ok();
    wait_for(|| {
        suitcase.sync().ok();
        (suitcase.row(&third)["state"] == "in_work").then_some(())
    });
    // All of it is in the hub again: a backup of it checks, and a desk from words finds everything.
    centre.call(&["backup", "check", text(&back_up(&centre, "two"))]).ok();
}

#[test]
fn with_both_lost_the_desk_writes_nothing_and_the_kit_goes_on_from_the_backup() {
    let (mut centre, suitcase, numbers) = town();
    let backup = back_up(&centre, "one");
    centre.call(&["answer", &numbers[1], "accept"]).ok();
    settled(&centre);
    suitcase.sync().ok();
    centre.stop();
    fs::remove_dir_all(&centre.dir).unwrap();
    // Who restores both halves hears at once that the kit is needed, and so does who asks the doctor, before and after.
    let restored = centre.call(&["restore", "--from", text(&backup)]).ok();
    assert!(restored.out.contains("потрібен комплект") && restored.out.contains("the kit (24 words)"), "{restored:?}");
    let told = |centre: &Centre| centre.call_without(&["doctor"]);
    let before = told(&centre);
    assert!(before.code == Some(1) && before.out.contains("потрібен комплект"), "{before:?}");
    let again = centre.call(&["restore", "--from", text(&backup)]);
    assert!(again.code == Some(1) && again.err.contains("лише в нову папку"), "{again:?}");
    centre.run();
    wait_for(|| centre.call(&["status", "--json"]).json()["trouble"].is_string().then_some(()));
    assert_eq!(centre.call(&["status", "--json"]).json()["kit_needed"], true);
    let after = told(&centre);
    assert!(after.code == Some(1) && after.out.contains("потрібен комплект"), "{after:?}");
    assert!(!after.out.contains("не досяжний"), "the hub answers: {after:?}");
    let refused = centre.call(&["answer", &numbers[1], "accept"]);
    assert!(refused.code == Some(1) && refused.err.contains("відновлено з копії"), "{refused:?}");
    assert_eq!(centre.queue().len(), 2, "everything of the backup can be read");
    // The kit makes a desk with new chains; the hub has what the backup had, suitcases bring the rest.
    centre.stop();
    fs::remove_dir_all(centre.dir.join("desk")).unwrap();
    let (words, hub) = (centre.words(), format!("https://127.0.0.1:{}", centre.port));
    let alone = centre.hub_alone();
    wait_for(|| {
        let said = centre.call(&["restore", "--words-file", text(&words), "--hub", &hub]);
        if said.code == Some(3) { None } else { Some(said) }
    })
    .ok();
    drop(alone);
    centre.run();
    assert_eq!(centre.queue_of(2).len(), 2);
    centre.call(&["answer", &numbers[1], "accept"]).ok();
    wait_for(|| {
        suitcase.sync().ok();
        (suitcase.row(&numbers[1])["state"] == "in_work").then_some(())
    });
    let healed = told(&centre);
    assert!(!healed.out.contains("потрібен комплект"), "{healed:?}");
}

#[test]
fn a_hundred_damages_are_all_found() {
    let (mut centre, _, _) = town();
    let backup = back_up(&centre, "one");
    centre.stop();
    let mut files = Vec::new();
    for folder in [backup.clone(), backup.join("hub"), backup.join("desk")] {
        let inside = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files.extend(inside.filter(|path| path.is_file()));
    }
    files.sort();
    assert!(files.len() >= 6, "{files:?}");
    let mut dice: u64 = 0x5eed;
    let mut roll = |below: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % below
    };
    for turn in 0..100 {
        // Every file has its turn, large ones at many places.
        let path = &files[turn % files.len()];
        let whole = fs::read(path).unwrap();
        let at = roll(whole.len() as u64) as usize;
        let (what, damaged) = match roll(4) {
            0 => ("cut", whole[..at].to_vec()),
            1 => ("longer", [&whole[..], b"x"].concat()),
            _ => {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << roll(8);
                ("flipped", damaged)
            }
        };
        fs::write(path, damaged).unwrap();
        let said = centre.call(&["backup", "check", text(&backup)]);
        let code = said.code.unwrap_or_default();
        assert!(matches!(code, 1 | 4), "{what} at {at} of {}: {said:?}", path.display());
        if turn % 10 == 0 {
            let new = centre.root().join(format!("new-{turn}"));
            let refused = centre.call(&["restore", "--from", text(&backup), "--dir", text(&new)]);
            assert!(matches!(refused.code, Some(1 | 4)) && !new.join("desk").exists(), "{refused:?}");
        }
        fs::write(path, whole).unwrap();
    }
    centre.call(&["backup", "check", text(&backup)]).ok();
}

#[test]
fn a_drill_tries_everything_and_the_doctor_remembers() {
    let (mut centre, _, _) = town();
    let before = centre.call(&["doctor"]).ok();
    assert!(before.out.contains("резервних копій ще не було"), "{before:?}");
    let backup = back_up(&centre, "one");
    let drilled = centre.call(&["backup", "drill", text(&backup), "--json"]).json();
    assert!(drilled["records"].as_u64().unwrap() >= 2 && drilled["faults"] == Value::Array(vec![]), "{drilled}");
    // What hub and desk both hold is counted once for each, and not as one sum. Opening the copy adds a note to it.
    let held = centre.call(&["verify", "--json"]).json()["entries"].as_u64().unwrap();
    let (desk, hub) = (drilled["entries"].as_u64().unwrap(), drilled["hub_entries"].as_u64().unwrap());
    assert!((held / 2..=held + 2).contains(&desk) && (1..=held).contains(&hub), "{held}: {drilled}");
    assert!(!centre.dir.join("drill").exists());
    let wrong = centre.root().join("wrong");
    fs::write(&wrong, "не той пароль зовсім").unwrap();
    let refused = centre.call_with(&wrong, &["backup", "drill", text(&backup)]);
    assert!(refused.code == Some(6) && !centre.dir.join("drill").exists(), "{refused:?}");
    let after = centre.call(&["doctor"]).ok();
    assert!(after.out.contains("остання резервна копія") && after.out.contains("остання проба"), "{after:?}");
    // Nothing is overwritten, and what is no backup is said to be none.
    let again = centre.call(&["backup", "--out", text(&backup)]);
    assert!(again.code == Some(1) && again.err.contains("тут уже є папка"), "{again:?}");
    let other = centre.call(&["backup", "check", text(centre.root())]);
    assert!(other.code == Some(1) && other.err.contains("не резервна копія"), "{other:?}");
    let manifest = fs::read_to_string(backup.join("manifest")).unwrap();
    fs::write(backup.join("manifest"), manifest.replacen("valiza-backup 1", "valiza-backup 0", 1)).unwrap();
    let older = centre.call(&["restore", "--from", text(&backup), "--dir", text(&centre.root().join("x"))]);
    assert!(older.code == Some(1) && older.err.contains("старого формату"), "{older:?}");
    fs::write(backup.join("manifest"), &manifest).unwrap();
    // A sealed desk and one that does not run are copied without a passphrase.
    centre.stop();
    let cold = centre.root().join("cold");
    let nobody = centre.call_without(&["backup", "--out", text(&cold), "--json"]).json();
    assert_eq!(nobody["contents_checked"], false);
    centre.call(&["backup", "drill", text(&cold)]).ok();
    // Another community's backup does not come beside this hub.
    let stranger = Centre::found();
    fs::remove_dir_all(stranger.dir.join("desk")).unwrap();
    let foreign = stranger.call(&["restore", "--from", text(&backup), "--half", "desk"]);
    assert!(foreign.code == Some(1) && foreign.err.contains("іншої громади"), "{foreign:?}");
}
