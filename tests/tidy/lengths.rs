//! Files that a person can read at one sitting.

use crate::sources::Source;

/// Lines of a file of code, tests in it included. 100 to 300 is the aim; at 600 a noun is missing.
const LINES_MAX: usize = 600;

/// Lines of `main.rs` of a program: it reads the command line and hands over.
const MAIN_LINES_MAX: usize = 40;

/// Programs whose `main.rs` is held to [`MAIN_LINES_MAX`].
const PROGRAMS: [&str; 3] = ["field-agent", "sync-server", "xtask"];

/// Code of others, kept as it came, with its licence beside it.
const OTHERS: [&str; 1] = ["shared/papers/assets/noble/"];

/// Files of code that are too long.
pub fn files_are_short(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in sources.iter().filter(|source| !OTHERS.iter().any(|folder| source.path.starts_with(folder))) {
        let code = [".rs", ".js", ".html"].iter().any(|extension| source.path.ends_with(extension));
        let is_main = PROGRAMS.iter().any(|program| source.path == format!("{program}/src/main.rs"));
        let lines_max = if is_main { MAIN_LINES_MAX } else { LINES_MAX };
        let lines = source.text.lines().count();
        if code && lines > lines_max {
            violations.push(format!("{}: {lines} lines, at most {lines_max}", source.path));
        }
    }
    violations
}

#[test]
fn files_are_short_enough_to_read() {
    crate::kept(&files_are_short(&crate::sources::all()));
}

#[test]
fn a_long_file_is_caught() {
    let sources = [
        Source::example("shared/peer/src/driver.rs", &"\n".repeat(LINES_MAX + 1)),
        Source::example("shared/peer/src/store.rs", &"\n".repeat(LINES_MAX)),
        Source::example("field-agent/src/main.rs", &"\n".repeat(MAIN_LINES_MAX + 1)),
        Source::example("shared/catalogue/data/places.txt", &"\n".repeat(31_744)),
    ];
    crate::caught(&files_are_short(&sources), &["driver.rs: 601", "field-agent/src/main.rs: 41"]);
}
