//! `--out` of a name that is taken: every command says the same, writes nothing, and does nothing that it cannot tell.

use std::path::Path;
use valiza_tests::programs::{Centre, Said, form};

/// Refused in both languages, and what was there is as it was.
#[track_caller]
fn refused(said: &Said, path: &Path, what: (&str, &str)) {
    let (uk, en) = (format!("тут уже є {}", what.0), format!("there is a {} already", what.1));
    assert!(said.code == Some(1) && said.err.contains(path.to_str().unwrap()), "{said:#?}");
    assert!(said.err.contains(&uk) && said.err.contains(&en) && said.err.contains("вкажіть інше ім’я"), "{said:#?}");
    assert!(!said.err.contains("File exists") && !said.err.contains("os error"), "{said:#?}");
    if path.is_file() {
        assert_eq!(std::fs::read_to_string(path).unwrap(), "те, що було");
    }
}

const FILE: (&str, &str) = ("файл", "file");
const FOLDER: (&str, &str) = ("папка", "folder");

#[test]
fn a_name_that_is_taken_is_said_alike_by_every_command() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let number = suitcase.record(&form("Коваленко"));
    suitcase.call(&["end-shift", "--wait", "60"]).ok();
    let taken = centre.root().join("taken.html");
    std::fs::write(&taken, "те, що було").unwrap();
    let name = taken.to_str().unwrap();
    for asked in [
        &["end-shift", "--out", name][..],
        &["evidence", &number, "--out", name],
        &["receipt", &number, "--out", name],
        &["export", &number, "--out", name],
    ] {
        refused(&suitcase.call(asked), &taken, FILE);
    }
    for asked in [
        &["invite", "--number", "8", "--out", name][..],
        &["evidence", &number, "--out", name],
        &["verifier", "--out", name],
        &["export", "--out", name],
        &["backup", "--out", name],
        &["hub-prepare", "--hub", "https://127.0.0.1:1", "--out", name],
        &["init", "--community", "Нова", "--your-name", "Шевчук Ірина", "--words-out", name],
    ] {
        refused(&centre.call(asked), &taken, FILE);
    }
    // Nobody was invited with a line that went nowhere, and nobody has taken what was not written.
    let invitations = centre.call(&["invitations", "--json"]).json();
    let numbers: Vec<_> =
        invitations["invitations"].as_array().unwrap().iter().map(|row| row["number"].as_u64()).collect();
    assert_eq!(numbers, [Some(7)], "{invitations:#}");
    let audit = centre.call(&["audit", "--size", "50", "--json"]).json().to_string();
    assert!(audit.contains("\"what\"") && !audit.contains("took_"), "{audit}");

    let folder = centre.root().join("all");
    let all = folder.to_str().unwrap();
    suitcase.call(&["export", "--all", "--out", all]).ok();
    let again = suitcase.call(&["export", "--all", "--out", all]);
    refused(&again, &folder, FILE);
    refused(&centre.call(&["export", "--out", all]), &folder, FOLDER);
    refused(&centre.call(&["backup", "--out", all]), &folder, FOLDER);
    refused(&suitcase.call(&["evidence", &number, "--out", all]), &folder, FOLDER);
    let nowhere = centre.root().join("none/act.txt");
    let lost = suitcase.call(&["end-shift", "--out", nowhere.to_str().unwrap()]);
    assert!(lost.code == Some(1) && lost.err.contains("чи є така папка"), "{lost:?}");
}
