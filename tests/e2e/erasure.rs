//! A person's data are erased with the real programs: two administrators, a centre, two suitcases, one of which is away;
//! then the hub's store and the desk come back from before it.

use serde_json::Value;
use std::path::{Path, PathBuf};
use valiza_tests::programs::{Centre, form, wait_for};

const SECOND: &str = "лелека над ставом кружляє вранці";

fn second(centre: &Centre) -> PathBuf {
    let file = centre.root().join("second");
    std::fs::write(&file, SECOND).unwrap();
    let path = file.to_str().unwrap();
    let add = ["account", "add", "v.druha", "--name", "Друга Віра", "--role", "administrator"];
    centre.call(&[&add[..], &["--new-passphrase-file", path]].concat()).ok();
    file
}

fn erasures(centre: &Centre) -> Vec<Value> {
    centre.call(&["erasures", "--json"]).json()["erasures"].as_array().unwrap().clone()
}

/// Proposed, confirmed by the other one, and carried out.
fn erase(centre: &Centre, number: &str, other: &Path) {
    let own = centre.passphrase();
    let (own, other) = (own.to_str().unwrap(), other.to_str().unwrap());
    let propose = ["erasures", "propose", number, "--reason", "заява особи", "--own-passphrase-file", own];
    let open = centre.call(&propose);
    assert!(open.code != Some(0) && open.err.contains("ще не закрито") && open.err.contains(number), "{open:?}");
    // Whose records go is seen before: people of one name are told apart.
    let plan = centre.call(&["erasures", "plan", number]).ok();
    assert!(plan.out.contains("22.07.1938") && plan.out.contains("Населений пункт"), "{plan:?}");
    let plan = centre.call(&["erasures", "plan", number, "--json"]).json();
    let first = &plan["going"][0];
    assert!(first["born"] == "1938-07-22" && !first["settlement"].as_str().unwrap().is_empty(), "{plan:#}");
    let why = ["--open-too", "рішення суду", "--json"];
    let id = centre.call(&[&propose[..], &why].concat()).json()["proposed"].as_str().unwrap().to_owned();
    let confirm =
        |login: &str, file: &str| centre.call_as(login, &["erasures", "confirm", &id, "--own-passphrase-file", file]);
    assert!(confirm("admin", own).err.contains("інший адміністратор"));
    assert_ne!(confirm("v.druha", own).code, Some(0), "another one's login is not another person");
    // Whoever gave a wrong passphrase waits a little.
    wait_for(|| (confirm("v.druha", other).code == Some(0)).then_some(()));
    wait_for(|| {
        erasures(centre).iter().any(|row| row["erasure"] == id.as_str() && row["state"] == "carried-out").then_some(())
    });
}

fn numbers(rows: &[Value]) -> Vec<String> {
    let mut numbers: Vec<String> = rows.iter().filter_map(|row| Some(row["number"].as_str()?.to_owned())).collect();
    numbers.sort();
    numbers
}

/// How often bytes stand in the hub's files.
fn found(centre: &Centre, bytes: &[u8]) -> usize {
    let files = std::fs::read_dir(centre.dir.join("hub")).unwrap().flatten();
    let files = files.filter(|file| file.file_name().to_string_lossy().starts_with("hub.db"));
    let files = files.map(|file| std::fs::read(file.path()).unwrap());
    files.map(|file| file.windows(bytes.len()).filter(|window| *window == bytes).count()).sum()
}

/// A piece of the sealed body of a request, as it lies in the hub's file: of the longest part of its evidence file that
/// the hub holds as well, the middle.
fn sealed_piece(centre: &Centre, number: &str) -> Vec<u8> {
    let out = centre.root().join("evidence");
    centre.call(&["evidence", number, "--out", out.to_str().unwrap()]).ok();
    let evidence = std::fs::read(&out).unwrap();
    let mut longest: &[u8] = &[];
    let mut run = 0..0;
    for at in (0..evidence.len().saturating_sub(32)).step_by(32) {
        run = if found(centre, &evidence[at..at + 32]) > 0 { run.start..at + 32 } else { at + 32..at + 32 };
        if run.len() > longest.len() {
            longest = &evidence[run.clone()];
        }
    }
    assert!(longest.len() >= 320, "a sealed request is longer than {}", longest.len());
    let middle = longest.len() / 2;
    longest[middle - 32..middle + 32].to_vec()
}

#[test]
fn two_people_erase_a_person_and_nothing_comes_back() {
    let mut centre = Centre::start();
    let other = second(&centre);
    let (seven, eight) = (centre.suitcase(7), centre.suitcase(8));
    let gone = seven.record(&form("Стиранко"));
    let beside = seven.record(&form("Коваленко"));
    seven.sync().ok();
    centre.queue_of(2);
    centre.call(&["grant", &gone, "--to", "8"]).ok();
    centre.call(&["grant", &beside, "--to", "8"]).ok();
    wait_for(|| {
        eight.sync().ok();
        (eight.list().len() == 2).then_some(())
    });
    let piece = sealed_piece(&centre, &gone);
    let backup = centre.root().join("backup");
    centre.call(&["backup", "--out", backup.to_str().unwrap()]).ok();
    centre.call(&["protection", "--erasure-days", "0"]).ok();
    erase(&centre, &gone, &other);

    // Seven learns of it at its next contact; eight had recorded something meanwhile.
    let own = eight.record(&form("Мельник"));
    wait_for(|| {
        seven.sync().ok();
        eight.sync().ok();
        (numbers(&seven.list()) == [beside.clone()] && eight.list().len() == 2).then_some(())
    });
    assert!(seven.call(&["status"]).out.contains("Стерто за розпорядженням"));
    centre.queue_of(2);
    wait_for(|| (found(&centre, &piece) == 0).then_some(()));
    // The epoch went on; it is dropped when the suitcase has begun another one.
    for program in [centre.call(&["verify"]), seven.call(&["verify"]), eight.call(&["verify"])] {
        program.ok();
    }
    let used = centre.call(&["numbers", "--json"]).json();
    let row = used["numbers"].as_array().unwrap().iter().find(|row| row["number"] == gone.as_str()).unwrap().clone();
    assert_eq!((&row["state"], &row["erased"]), (&"used".into(), &true.into()), "{row}");
    assert!(row["why"].to_string().contains("дані стерто за розпорядженням"), "{row}");
    let shown = centre.call(&["show", &gone]);
    assert!(shown.code != Some(0) && shown.err.contains("номер використано"), "{shown:?}");

    // Hub and desk come back from before it: the suitcases bring the order.
    centre.stop();
    for half in ["hub", "desk"] {
        std::fs::rename(centre.dir.join(half), centre.root().join(format!("{half}.lost"))).unwrap();
    }
    centre.call(&["restore", "--from", backup.to_str().unwrap(), "--half", "hub"]).ok();
    assert!(found(&centre, &piece) > 0, "the copy is from before");
    std::fs::rename(centre.root().join("desk.lost"), centre.dir.join("desk")).unwrap();
    centre.run();
    wait_for(|| {
        seven.sync().ok();
        (found(&centre, &piece) == 0).then_some(())
    });
    let mut left = vec![beside, own];
    left.sort();
    assert_eq!(numbers(&centre.queue_of(2)), left);
    centre.call(&["verify"]).ok();
}
