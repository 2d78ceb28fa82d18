//! Version 1 is frozen: `tests/frozen-v1.sha256` names every file that says what its bytes are, and none of them changes.

use ring::digest::{SHA256, digest};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Below the repository's root.
const FOLDERS: [&str; 4] =
    ["tests/golden/v1", "tests/friends/v1", "shared/sealing/tests/golden", "shared/records/tests/golden"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file below a folder, by its name below the root, with its SHA-256.
fn found(folder: &Path, name: &str, all: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{name}/{}", entry.file_name().into_string().unwrap());
        if entry.file_type().unwrap().is_dir() {
            found(&entry.path(), &name, all);
        } else {
            let bytes = std::fs::read(entry.path()).unwrap();
            let hash = digest(&SHA256, &bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
            all.insert(name, hash);
        }
    }
}

fn today() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    FOLDERS.iter().for_each(|folder| found(&root().join(folder), folder, &mut all));
    all
}

/// As `sha256sum` writes and checks it.
fn frozen() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join("tests/frozen-v1.sha256")).unwrap();
    let line = |line: &str| line.split_once("  ").map(|(hash, name)| (name.to_owned(), hash.to_owned()));
    text.lines().map(|one| line(one).unwrap_or_else(|| panic!("not a line of sha256sum: {one}"))).collect()
}

#[test]
fn no_file_of_version_1_has_changed() {
    let (today, frozen) = (today(), frozen());
    assert!(frozen.len() > 100, "{}", frozen.len());
    let changed: Vec<_> = frozen.iter().filter(|(name, hash)| today.get(*name) != Some(hash)).collect();
    assert!(changed.is_empty(), "frozen, and changed or gone: {changed:#?}");
    let more: Vec<_> = today.keys().filter(|name| !frozen.contains_key(*name)).collect();
    assert!(more.is_empty(), "new files get a line in tests/frozen-v1.sha256: {more:#?}");
}
