//! What a later version wrote is left alone and told in words: what it is, and that this program must be updated.

use crate::recorded::{centre, suitcase, v1};
use std::path::Path;
use std::process::Command;
use valiza_tests::programs::{Said, program};

/// One byte of a file is another one.
fn set(path: &Path, at: usize, from: u8, to: u8) -> Vec<u8> {
    let before = std::fs::read(path).unwrap();
    let mut bytes = before.clone();
    assert_eq!(bytes[at], from, "{}", path.display());
    bytes[at] = to;
    std::fs::write(path, bytes).unwrap();
    before
}

fn refused(said: &Said, words: &str) {
    let told = format!("{}{}", said.out, said.err);
    assert!(said.code != Some(0) && told.contains(words), "{words}: {said:#?}");
    assert!(!said.err.contains("panicked"), "{said:#?}");
}

#[test]
fn a_vault_of_a_later_version_is_left_alone() {
    let centre = centre();
    let first = suitcase(&centre, 7);
    let vault = first.0.dir.join("vault");
    let before = set(&vault, "VALIZA-VAULT".len(), 1, 2);
    refused(&first.call(&["list"]), "записала новіша програма (версія 2): оновіть програму");
    std::fs::write(&vault, before).unwrap();
    first.call(&["verify"]).ok();
}

#[test]
fn a_hub_s_database_of_a_later_version_is_left_alone() {
    let centre = centre();
    let path = centre.hub_dir.join("hub/hub.db");
    let version = |to: i64| {
        let database = rusqlite::Connection::open(&path).unwrap();
        let before = database.query_row("SELECT version FROM meta", [], |row| row.get(0)).unwrap();
        database.execute("UPDATE meta SET version = ?1", [to]).unwrap();
        before
    };
    let before = version(99);
    refused(&centre.hub_call(&["hub"]), "новішою версією програми (99)");
    version(before);
    centre.hub_call(&["hub-verify"]).ok();
}

#[test]
fn a_hub_s_small_files_of_a_later_version_are_left_alone_and_no_spare_copy_stands_in() {
    let mut centre = centre();
    let hub = centre.hub_dir.join("hub");
    assert!(hub.join("hub.spare").exists());
    let settings = std::fs::read_to_string(hub.join("hub.toml")).unwrap();
    let later = settings.replace("version = 1\n", "version = 2\nshards = [1, 2]\n");
    assert_ne!(later, settings);
    for (name, later) in [("hub.toml", later.as_str()), ("hub.marker", "valiza-hub-marker 2\nof a later version\n")] {
        let before = std::fs::read_to_string(hub.join(name)).unwrap();
        std::fs::write(hub.join(name), later).unwrap();
        let sentence = format!("файл {name} записала новіша програма (версія 2): оновіть sync-server");
        for command in ["hub", "hub-verify", "hub-repair"] {
            refused(&centre.hub_call(&[command]), &sentence);
        }
        assert_eq!(std::fs::read_to_string(hub.join(name)).unwrap(), later);
        std::fs::write(hub.join(name), before).unwrap();
        centre.hub_call(&["hub-verify"]).ok();
    }
    centre.start();
    suitcase(&centre, 7).call(&["sync"]).ok();
}

#[test]
fn a_stick_of_a_later_version_is_named() {
    let mut centre = centre();
    centre.start();
    let stick = centre.root().join("letter");
    for file in std::fs::read_dir(stick.join("valiza")).unwrap() {
        set(&file.unwrap().path(), 7, 1, 2);
    }
    let read = centre.desk_call(&["carry", "in", "--from", stick.to_str().unwrap()]);
    refused(&read, "новішої версії 1");
    let back = centre.root().join("answer");
    for file in std::fs::read_dir(back.join("valiza")).unwrap() {
        set(&file.unwrap().path(), 7, 1, 2);
    }
    let home = suitcase(&centre, 8).call(&["carry", "in", "--from", back.to_str().unwrap()]);
    assert!(format!("{}{}", home.out, home.err).contains("новішої версії"), "{home:#?}");
}

#[test]
fn a_backup_and_an_evidence_file_of_a_later_version_are_left_alone() {
    let centre = centre();
    let manifest = centre.root().join("backup/manifest");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let (first, rest) = text.split_once('\n').unwrap();
    let (name, version) = first.rsplit_once(' ').unwrap();
    let version: u32 = version.parse().unwrap();
    std::fs::write(&manifest, format!("{name} {}\n{rest}", version + 1)).unwrap();
    let drill = centre.desk_call(&["backup", "drill", centre.root().join("backup").to_str().unwrap()]);
    refused(&drill, "копію зробила новіша програма");

    let file = centre.root().join("case.evidence");
    set(&file, "VALIZA-EVIDENCE".len(), 1, 2);
    let root = std::fs::read_to_string(v1("programs/root.txt")).unwrap();
    let said = Command::new(program("check-evidence")).arg(&file).args(["--root", root.trim()]).output().unwrap();
    refused(&Said::from(said), "файл новіший за цю програму");
}

#[test]
fn a_message_of_a_later_version_is_no_message_and_harms_nothing() {
    let (world, mut messages) = (valiza_tests::world::World::new(), std::fs::read_dir(v1("exchange")).unwrap());
    let path = messages.find_map(|file| {
        let path = file.unwrap().path();
        path.extension().is_some_and(|end| end == "request").then_some(path)
    });
    let mut message = std::fs::read(path.unwrap()).unwrap();
    assert_eq!(message[0], 1);
    message[0] = 2;
    assert!(world.hub.answer(&message, valiza_tests::world::NOON).is_err());
}
