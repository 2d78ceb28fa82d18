//! A laptop whose folder was put back from a copy, or is there twice, with the real programs.

use serde_json::Value;
use std::fs;
use std::path::Path;
use valiza_tests::programs::{Centre, Suitcase, form};

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir(to).unwrap();
    for file in fs::read_dir(from).unwrap().flatten().filter(|file| file.file_type().unwrap().is_file()) {
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

fn standing(suitcase: &Suitcase) -> Value {
    suitcase.call(&["status", "--json"]).json()["certificate"]["standing"].clone()
}

/// Whether the officer is told, in words, that the suitcase began anew.
fn is_told(suitcase: &Suitcase) -> bool {
    suitcase.call(&["status"]).out.contains("під новим ім’ям")
}

/// The one chain that waits at the centre, confirmed as somebody would by hand.
fn confirm(centre: &Centre, doubled: bool) {
    let told = centre.call(&["rebirths", "--json"]).json();
    let rows = told["continuing"].as_array().unwrap().clone();
    assert_eq!((rows.len(), &rows[0]["number"], &rows[0]["doubled"]), (1, &Value::from(7), &Value::from(doubled)));
    let chain = rows[0]["chain"].as_str().unwrap();
    centre.call(&["rebirths", "confirm", chain]).ok();
    let again = centre.call(&["rebirths", "confirm", chain]);
    assert!(again.code != Some(0) && again.err.contains("більше не чекає"), "{again:?}");
}

fn numbers(rows: &[Value]) -> Vec<String> {
    let mut numbers: Vec<String> = rows.iter().filter_map(|row| Some(row["number"].as_str()?.to_owned())).collect();
    numbers.sort();
    numbers
}

#[test]
fn a_folder_put_back_from_a_copy_goes_on_and_everything_arrives_once() {
    for with_mark in [true, false] {
        let centre = Centre::start();
        let suitcase = centre.suitcase(7);
        let image = centre.root().join("image");
        let mut recorded = vec![suitcase.record(&form("Коваленко"))];
        suitcase.sync().ok();
        copy(&suitcase.dir, &image);
        recorded.push(suitcase.record(&form("Гук")));
        suitcase.sync().ok();
        centre.queue_of(2);
        copy(&image, &suitcase.dir);
        if !with_mark {
            fs::remove_dir_all(suitcase.state()).unwrap();
        }
        // Recorded in the field before anybody told the laptop that it is an old copy.
        recorded.push(suitcase.record(&form("Їжак")));
        assert_eq!(standing(&suitcase) == "unconfirmed", with_mark, "the mark tells without a network");
        suitcase.sync().ok();
        assert_eq!(standing(&suitcase), "unconfirmed");
        assert!(is_told(&suitcase));
        recorded.push(suitcase.record(&form("Шульга")));
        suitcase.sync().ok();
        assert_eq!(centre.queue().len(), 2, "what it sends waits for a person");
        confirm(&centre, false);
        centre.queue_of(4);
        suitcase.sync().ok();
        recorded.sort();
        assert_eq!(standing(&suitcase), "live");
        assert_eq!(numbers(&centre.queue()), recorded);
        // What the lost disk had comes back once the desk has granted it anew.
        valiza_tests::programs::wait_for(|| {
            suitcase.sync().ok();
            (numbers(&suitcase.list()) == recorded).then_some(())
        });
        for program in [centre.call(&["verify"]), suitcase.call(&["verify"])] {
            program.ok();
        }
    }
}

#[test]
fn a_doubled_laptop_raises_an_alarm_and_loses_nobodys_work() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let mut recorded = vec![suitcase.record(&form("Коваленко"))];
    suitcase.sync().ok();
    let twin = Suitcase { dir: centre.root().join("twin"), ..suitcase.clone() };
    copy(&suitcase.dir, &twin.dir);
    recorded.push(suitcase.record(&form("Гук")));
    recorded.push(twin.record(&form("Їжак")));
    suitcase.sync().ok();
    twin.sync().ok();
    assert_eq!((standing(&suitcase), standing(&twin)), ("live".into(), "unconfirmed".into()));
    recorded.push(suitcase.record(&form("Шульга")));
    suitcase.sync().ok();
    centre.queue_of(3);
    let status = centre.call(&["status", "--json"]).json();
    assert_eq!((&status["rebirths"], &status["alarms"]), (&Value::from(1), &Value::from(1)));
    assert!(centre.call(&["doctor"]).out.contains("тривога: під одним ім’ям працюють два ноутбуки"));
    confirm(&centre, true);
    centre.queue_of(4);
    recorded.sort();
    assert_eq!(numbers(&centre.queue()), recorded);
    twin.sync().ok();
    assert_eq!(standing(&twin), "live");
    // What the first one brings under the old name waits for a person; it learns of that, and begins anew as well.
    let late = suitcase.record(&form("Ярема"));
    suitcase.sync().ok();
    assert_eq!(standing(&suitcase), "unconfirmed", "the first laptop is told, too");
    let aside = valiza_tests::programs::wait_for(|| {
        let told = centre.call(&["quarantine", "--json"]).json();
        let rows = told["set_aside"].as_array()?.clone();
        (!rows.is_empty()).then_some(rows)
    });
    assert!(aside.iter().any(|row| row.to_string().contains("іншого ноутбука")), "{aside:?}");
    assert_eq!(centre.queue().len(), 4);
    let one = aside.iter().find(|row| row["number"] == late.as_str()).unwrap();
    assert_eq!((&one["code"], &one["acceptable"]), (&Value::from("continued"), &Value::from(true)));
    assert!(one["name"].as_str().unwrap().contains("Ярема"), "who decides reads about whom: {one}");
    let shown = centre.call(&["show", &late]);
    assert!(shown.code == Some(1) && shown.err.contains("чекають у карантині"), "{shown:?}");
    let told = centre.call(&["rebirths", "--json"]).json();
    assert_eq!(told["continuing"][0]["number_taken"], true, "the number is the twin's by now: {told}");
    // Confirmed as well, it hears what was set aside of what it wrote under its name of before, and that it was let in.
    confirm(&centre, false);
    let waits = |suitcase: &Suitcase| {
        suitcase.sync().ok();
        let status = suitcase.call(&["status", "--json"]).json();
        let told =
            status["set_aside"].as_array().is_some_and(|all| all.iter().any(|one| one["number"] == late.as_str()));
        told.then_some(())
    };
    valiza_tests::programs::wait_for(|| waits(&suitcase));
    assert!(suitcase.call(&["show", &late]).ok().out.contains("іншого ноутбука"));
    for row in &aside {
        let (chain, seq) = (row["chain"].as_str().unwrap(), row["seq"].to_string());
        centre.call(&["quarantine", "accept", chain, &seq, "--reason", "ноутбук той самий"]).ok();
    }
    centre.queue_of(5);
    valiza_tests::programs::wait_for(|| waits(&suitcase).is_none().then_some(()));
}
