//! A stick that somebody found: it shows that there was one, and nothing else.

use crate::canaries;
use crate::search::Search;
use std::path::{Path, PathBuf};
use valiza_tests::programs::{Centre, PASSPHRASE, Suitcase};

/// The bytes of every file on a stick, by name.
fn files(stick: &Path) -> Vec<(String, Vec<u8>)> {
    let listed = std::fs::read_dir(stick.join("valiza")).expect("our folder");
    let mut files: Vec<(String, Vec<u8>)> = listed
        .map(|file| {
            let file = file.expect("a file");
            (
                file.file_name().into_string().expect("letters and digits"),
                std::fs::read(file.path()).expect("its bytes"),
            )
        })
        .collect();
    files.sort();
    files
}

fn written(centre: &Centre, suitcase: &Suitcase, name: &str) -> PathBuf {
    let stick = centre.root().join(name);
    std::fs::create_dir(&stick).expect("a stick");
    suitcase.call(&["carry", "out", "--to", stick.to_str().expect("UTF-8")]).ok();
    stick
}

fn hold(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// 16 bytes of an id, from its text.
fn id_bytes(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_hexdigit).collect();
    let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).expect("digits");
    digits.chunks(2).map(byte).collect()
}

#[test]
fn a_lost_stick_shows_only_that_it_exists() {
    let centre = Centre::start();
    let (seven, eight) = (centre.suitcase(7), centre.suitcase(8));
    for (form, note) in canaries::requests() {
        let number = seven.record(&form);
        seven.call(&["note", &number, "--text", &note]).ok();
    }
    seven.sync().ok();
    for (form, _) in canaries::requests() {
        seven.record(&form);
    }
    let sticks = [written(&centre, &seven, "one"), written(&centre, &eight, "two")];
    let path = sticks[0].to_str().expect("UTF-8");
    let up: Vec<_> = sticks.iter().flat_map(|stick| files(stick)).collect();
    centre.call(&["carry", "in", "--from", path]).ok();
    let search = Search::new(&canaries::of_residents().into_iter().chain([PASSPHRASE.to_owned()]).collect::<Vec<_>>());
    search.folder(&sticks[0]).none_in("the stick with letters and answers");
    search.folder(&sticks[1]).none_in("the other stick");

    // Whose it is: chains, community, numbers, in text and in bytes.
    let suitcases = centre.call(&["suitcases", "--json"]).json();
    let chains: Vec<String> = suitcases["suitcases"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| row["chain"].as_str().expect("a chain").to_owned())
        .collect();
    assert_eq!(chains.len(), 2);
    let settings = std::fs::read_to_string(centre.dir.join("hub/hub.toml")).expect("the hub's settings");
    let tenant = settings.lines().find(|line| line.starts_with("tenant")).expect("its community").to_owned();
    let tenant = tenant.split('"').nth(1).expect("a value").to_owned();
    let all: Vec<(String, Vec<u8>)> = sticks.iter().flat_map(|stick| files(stick)).collect();
    assert!(all.len() >= 3, "letters and an answer");
    for id in chains.iter().chain([&tenant]) {
        let bytes = id_bytes(id);
        assert_eq!(bytes.len(), 16, "{id}");
        for (name, file) in &all {
            assert!(!hold(file, &bytes) && !hold(file, id.as_bytes()), "{name} names {id}");
        }
    }
    // All alike: length and first bytes; nothing else is the same in any two.
    for (name, file) in &all {
        assert_eq!((file.len(), &file[..9]), (262_144, &b"VALIZA\0\x01\x01"[..]), "{name}");
        assert!(name.len() == 20 && name.ends_with(".vlz"), "{name}");
    }
    for (at, (_, one)) in all.iter().enumerate() {
        for (_, other) in &all[at + 1..] {
            let same = one[9..].iter().zip(&other[9..]).filter(|(a, b)| a == b).count();
            // Of 262 135 random bytes about one in 256 is the same by chance.
            assert!((700..1_400).contains(&same), "{same} bytes are the same");
        }
        let zeros = one[9..].iter().filter(|byte| **byte == 0).count();
        assert!((700..1_400).contains(&zeros), "padding shows: {zeros} zeros");
    }
    assert!(up.len() >= 2);
    // The control: the centre finds everything in them.
    let queue = centre.call(&["queue", "--group", "all", "--json"]).ok();
    assert!(search.bytes(queue.out.as_bytes()).words().len() >= 4, "the control: the queue shows the surnames");
}
