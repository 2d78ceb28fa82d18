//! Rule 5: time, randomness and environment are arguments.

use crate::facts;
use crate::sources::Source;

/// Ends of paths that ask the machine instead of the caller.
const ASKS: [&str; 16] = [
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "Utc::now",
    "Local::now",
    "getrandom::fill",
    "getrandom::u32",
    "getrandom::u64",
    "SystemRandom::new",
    "OsRng",
    "thread_rng",
    "rand::rng",
    "Uuid::new_v4",
    "Uuid::now_v7",
    "UnixTime::now",
];

/// Functions of the environment, under `std::env` or `env`.
const ENVIRONMENT: [&str; 9] =
    ["var", "var_os", "vars", "vars_os", "args", "args_os", "current_dir", "home_dir", "temp_dir"];

/// What `clippy.toml` must list, since clippy sees through aliases and a scan of paths does not.
const LISTED: [&str; 8] = [
    "std::time::SystemTime::now",
    "std::time::Instant::now",
    "std::env::var",
    "std::env::var_os",
    "std::env::args",
    "getrandom::fill",
    "ring::rand::SystemRandom::new",
    "uuid::Uuid::new_v4",
];

/// Rule 5. An exception to clippy's list counts like the call it lets through.
pub fn time_chance_and_environment_are_arguments(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust() && !may_ask(source)) {
        let facts = facts::product(source);
        let asked = facts.paths.iter().filter(|path| asks_the_machine(path));
        violations.extend(asked.map(|path| format!("{}: {path}", source.path)));
        let excused = facts
            .attributes
            .iter()
            .filter(|attribute| attribute.contains("disallowed_methods") && !attribute.starts_with("cfg_attr (test"));
        violations.extend(excused.map(|attribute| format!("{}: {attribute}", source.path)));
    }
    violations
}

/// Rule 5 for clippy: what is missing from its list.
pub fn clippy_lists_them(clippy: &str) -> Vec<String> {
    let missing = LISTED.iter().filter(|path| !clippy.contains(&format!("path = \"{path}\"")));
    missing.map(|path| format!("clippy.toml does not list {path}")).collect()
}

/// The one caller of the system's random generator, as `clock` is of its clock. `main` makes it and hands it down.
const GENERATOR: &str = "shared/sealing/src/entropy.rs";

/// `main`, `config`, the crate `clock` and the [`GENERATOR`].
fn may_ask(source: &Source) -> bool {
    source.is_in("shared/clock/src")
        || source.path == GENERATOR
        || source.path.ends_with("src/main.rs")
        || source.path.ends_with("build.rs")
        || source.parts().any(|part| part == "config")
}

fn asks_the_machine(path: &str) -> bool {
    let ends_with = |end: &str| path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with("::"));
    let environment = path.strip_prefix("std::").unwrap_or(path).strip_prefix("env::");
    ASKS.iter().any(|end| ends_with(end)) || environment.is_some_and(|function| ENVIRONMENT.contains(&function))
}

#[test]
fn rule_5_time_chance_and_environment_are_arguments() {
    crate::kept(&time_chance_and_environment_are_arguments(&crate::sources::rust()));
}

#[test]
fn rule_5_fails_when_the_machine_is_asked() {
    let sources = [
        Source::example("shared/peer/src/driver.rs", "fn f() { let t = std::time::Instant::now(); }"),
        Source::example("sync-server/hub/src/api.rs", "use std::env; fn f() { assert!(env::var(\"X\").is_ok()) }"),
        Source::example("shared/sealing/src/nonce.rs", "fn f(b: &mut [u8]) { getrandom::fill(b).ok(); }"),
        Source::example("shared/ids/src/lib.rs", "#[expect(clippy::disallowed_methods)] fn f() {}"),
        Source::example("field-agent/src/app/new.rs", "fn f() -> Vec<Uuid> { std::iter::repeat_with(Uuid::new_v4) }"),
        Source::example("field-agent/src/main.rs", "fn main() { let _ = std::env::args(); }"),
        Source::example("field-agent/src/config.rs", "fn f() { let _ = std::env::var(\"X\"); }"),
        Source::example("shared/clock/src/lib.rs", "fn f() { let _ = std::time::SystemTime::now(); }"),
        Source::example("shared/peer/src/wait.rs", "#[test] fn f() { let _ = std::env::temp_dir(); }"),
    ];
    crate::caught(
        &time_chance_and_environment_are_arguments(&sources),
        &["Instant::now", "env::var", "getrandom::fill", "disallowed_methods", "Uuid::new_v4"],
    );
}

#[test]
fn rule_5_clippy_lists_them() {
    let clippy = std::fs::read_to_string(crate::sources::root().join("clippy.toml")).expect("clippy.toml is there");
    crate::kept(&clippy_lists_them(&clippy));
    crate::caught(&clippy_lists_them(&clippy.replace("std::env::var_os", "x")), &["std::env::var_os"]);
}
