//! Bytes that last, kept as files: what the program writes today must be what the files say, and what they say must
//! be read for ever.
//!
//! Version 1 is frozen. What it lets grow, such as a new kind of fact, gets a new file:
//! `cargo test -p valiza-tests --test golden -- --ignored` writes those that are not there.

mod by_hand;
mod cast;
mod document;
mod frozen;
mod messages;
mod restore;

use std::collections::BTreeSet;
use std::path::PathBuf;

/// One kind of bytes.
struct Sample {
    /// File name without ending.
    name: &'static str,
    /// What the program writes today.
    bytes: Vec<u8>,
    /// Reads and writes again; the two are the same.
    again: fn(&[u8]) -> Option<Vec<u8>>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden/v1")
}

/// The bytes of a file: hexadecimal, 32 bytes a line.
fn kept(name: &str) -> Vec<u8> {
    let path = folder().join(format!("{name}.hex"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    from_hex(&text).unwrap_or_else(|| panic!("{}: not hexadecimal", path.display()))
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).ok();
    if digits.len().is_multiple_of(2) { digits.chunks(2).map(byte).collect() } else { None }
}

fn to_hex(bytes: &[u8]) -> String {
    let line = |part: &[u8]| part.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + "\n";
    bytes.chunks(32).map(line).collect()
}

#[test]
fn what_is_written_today_is_what_is_kept() {
    let samples = messages::all();
    let differing: Vec<&str> = samples.iter().filter(|s| kept(s.name) != s.bytes).map(|s| s.name).collect();
    assert_eq!(differing, [""; 0], "these formats changed");
}

#[test]
fn what_is_kept_is_read_and_written_again() {
    for sample in messages::all() {
        let bytes = kept(sample.name);
        assert_eq!((sample.again)(&bytes), Some(bytes.clone()), "{}", sample.name);
        let mut cut = bytes.clone();
        cut.pop();
        assert_ne!((sample.again)(&cut), Some(cut), "{}: one byte less is something else", sample.name);
    }
}

#[test]
fn every_file_is_one_of_ours_and_described() {
    let ours: BTreeSet<String> = messages::all().iter().map(|sample| format!("{}.hex", sample.name)).collect();
    let files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    assert_eq!(files.collect::<BTreeSet<_>>(), ours);
    let described = std::fs::read_to_string(folder().join("../README.md")).unwrap();
    let missing = |name: &&String| !described.contains(&format!("`{name}`"));
    assert_eq!(
        ours.iter().filter(missing).collect::<Vec<_>>(),
        [""; 0],
        "tests/golden/README.md says nothing of these"
    );
}

#[test]
#[ignore = "writes files that are not there yet"]
fn write_new_ones() {
    for sample in messages::all() {
        let path = folder().join(format!("{}.hex", sample.name));
        if !path.exists() {
            std::fs::write(path, to_hex(&sample.bytes)).unwrap();
        }
    }
}
