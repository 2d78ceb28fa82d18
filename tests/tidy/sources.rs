//! The files of the repository, and which of them are test code.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::facts;

/// One file of the repository.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path from the root of the repository, with `/` between its parts.
    pub path: String,
    /// The text; empty for a file that is not UTF-8, such as a font.
    pub text: String,
    /// Whether it is compiled for tests only: the tests package, `tests/`, `benches/` and `examples/` of a crate, and
    /// modules declared under `#[cfg(test)]`.
    pub test_only: bool,
}

impl Source {
    /// A file written down in a test.
    pub fn example(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), test_only: in_test_folder(path) }
    }

    /// Whether it is Rust.
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether it lies under this folder.
    pub fn is_in(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The parts of its path, the extension of the file taken off: `a/b.rs` is `a`, `b`.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        let stem = self.path.rsplit_once('.').map_or(self.path.as_str(), |(stem, _)| stem);
        stem.split('/')
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests package lies under the root").to_owned()
}

/// All files of the repository, sorted by path, without what `.gitignore` names at the root.
pub fn all() -> Vec<Source> {
    let root = root();
    let ignore = std::fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
    let mut skipped: BTreeSet<PathBuf> =
        ignore.lines().filter_map(|line| line.strip_prefix('/')).map(|line| root.join(line)).collect();
    skipped.insert(root.join(".git"));
    let mut sources = Vec::new();
    collect(&root, &root, &skipped, &mut sources);
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    mark_test_modules(&mut sources);
    sources
}

/// All Rust files.
pub fn rust() -> Vec<Source> {
    all().into_iter().filter(Source::is_rust).collect()
}

fn collect(root: &Path, folder: &Path, skipped: &BTreeSet<PathBuf>, into: &mut Vec<Source>) {
    let entries = std::fs::read_dir(folder).expect("the repository is readable");
    for entry in entries {
        let path = entry.expect("the folder is readable").path();
        if skipped.contains(&path) {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, skipped, into);
        } else if let Ok(bytes) = std::fs::read(&path) {
            let text = String::from_utf8(bytes).unwrap_or_default();
            let relative = path.strip_prefix(root).expect("it was found below the root");
            let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
            into.push(Source::example(&parts.join("/"), &text));
        }
    }
}

fn in_test_folder(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "tests" | "benches" | "examples"))
}

/// Marks the files that a `#[cfg(test)] mod name;` brings in.
fn mark_test_modules(sources: &mut [Source]) {
    let mut stems = BTreeSet::new();
    // Parsing is slow without optimisation, and few files declare modules.
    for source in sources.iter().filter(|source| source.is_rust() && has_module_files(&source.text)) {
        let folder = module_folder(&source.path);
        for module in facts::test_modules(&source.text) {
            stems.insert(format!("{folder}/{module}"));
        }
    }
    for source in sources {
        source.test_only |= stems.iter().any(|stem| source.path == format!("{stem}.rs") || source.is_in(stem));
    }
}

/// Whether a file may declare a test module that lies in a file of its own.
fn has_module_files(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    text.contains("cfg(") && lines.any(|line| line.contains("mod ") && line.ends_with(';'))
}

/// Where the modules lie that a file declares: beside `lib.rs`, `main.rs` and `mod.rs`, else in a folder of its name.
fn module_folder(path: &str) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    match file {
        "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
        _ => format!("{folder}/{}", file.trim_end_matches(".rs")),
    }
}

#[test]
fn test_code_is_told_from_the_product() {
    assert!(Source::example("tests/e2e/one.rs", "").test_only);
    assert!(Source::example("shared/chain/examples/show.rs", "").test_only);
    let mut sources = vec![
        Source::example("shared/ids/src/lib.rs", "#[cfg(test)] mod vectors; mod words;"),
        Source::example("shared/ids/src/vectors.rs", ""),
        Source::example("shared/ids/src/vectors/more.rs", ""),
        Source::example("shared/ids/src/words.rs", "#[cfg(test)] mod tables;"),
        Source::example("shared/ids/src/words/tables.rs", ""),
    ];
    mark_test_modules(&mut sources);
    let marked: Vec<bool> = sources.iter().map(|source| source.test_only).collect();
    assert_eq!(marked, [false, true, true, false, true]);
}

#[test]
fn every_rust_file_parses() {
    let broken: Vec<String> = rust()
        .iter()
        .filter_map(|source| facts::read(source).err().map(|error| format!("{}: {error}", source.path)))
        .collect();
    crate::kept(&broken);
}
