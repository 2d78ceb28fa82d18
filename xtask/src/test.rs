//! `cargo xtask test`: everything that must hold, in one command.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Args;

use crate::step::{Outcome, Step, say, tell};
use crate::summary::Summary;
use crate::tools;

/// What `cargo xtask test` can be told.
#[derive(Debug, Args)]
pub struct Options {
    /// Arguments after `--` go to the test runner, for example `-- -E 'package(chain)'` or `-- --no-capture`.
    #[arg(last = true)]
    runner: Vec<String>,
}

/// Runs all steps, also after a failure, so that one run tells everything; the exit code is 0 if all passed, else 1.
pub fn run(options: &Options) -> ExitCode {
    let mut summary = Summary::default();
    let mut outcomes = Vec::new();
    tools::install_missing();
    for step in [format_check(), lints()] {
        outcomes.push((step.name(), step.run()));
    }
    let programs = programs();
    outcomes.push((programs.name(), programs.run()));
    let tests = tests(options, tools::cargo_has("nextest"));
    outcomes.push((tests.name(), tests.run_reading(|line| summary.read(line))));
    for step in [doc_tests(), documentation(), main_job()] {
        outcomes.push((step.name(), step.run()));
    }

    say("");
    summary.lines().iter().chain(&closing(&outcomes)).for_each(|line| tell(line));
    exit_code(&outcomes)
}

/// The subcommands that a document tells people to run, in the order of their first mention.
#[cfg(test)]
pub fn commands_of(document: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    for rest in document.split("cargo xtask ").skip(1) {
        let command: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
        if !command.is_empty() && !commands.contains(&command) {
            commands.push(command);
        }
    }
    commands
}

/// rustfmt colours its differences even in a file unless told not to.
fn format_check() -> Step {
    let colour = if std::io::stdout().is_terminal() { "auto" } else { "never" };
    Step::new("format", "cargo").arguments(["fmt", "--all", "--check", "--", "--color", colour])
}

fn lints() -> Step {
    let arguments = ["clippy", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"];
    Step::new("lints", "cargo").arguments(arguments)
}

/// The programs themselves, with the same features as the tests: the tests that go the whole way run them.
fn programs() -> Step {
    Step::new("programs", "cargo").arguments(["build", "--locked", "--workspace", "--bins", "--example", "invent"])
}

/// All tests but doc tests. nextest runs every test in a process of its own and is preferred; cargo's own runner does
/// where it is not installed.
fn tests(options: &Options, with_nextest: bool) -> Step {
    let step = Step::new("tests", "cargo");
    if !with_nextest {
        let step = step.arguments(["test", "--locked", "--workspace", "--all-targets", "--no-fail-fast"]);
        return step.arguments(&options.runner);
    }
    let step = step.arguments(["nextest", "run", "--locked", "--workspace"]);
    if options.runner.is_empty() { step.arguments(["--no-fail-fast"]) } else { step.arguments(&options.runner) }
}

fn doc_tests() -> Step {
    Step::new("doc tests", "cargo").arguments(["test", "--locked", "--workspace", "--doc", "--quiet"])
}

/// What is said about the code is linked right.
fn documentation() -> Step {
    let step = Step::new("documentation", "cargo").variable("RUSTDOCFLAGS", "--deny warnings");
    step.arguments(["doc", "--locked", "--no-deps", "--workspace", "--quiet"])
}

/// The README's other command. Its input ends at once, so it shows everything and ends.
fn main_job() -> Step {
    let arguments = ["xtask", "demo", "--dir", "target/demo", "--port", "18443"];
    Step::new("main job", "cargo").arguments(arguments).without_input()
}

fn closing(outcomes: &[(&str, Outcome)]) -> Vec<String> {
    let words = |outcome: &Outcome| {
        if *outcome == Outcome::Passed { "passed" } else { "FAILED" }
    };
    outcomes.iter().map(|(name, outcome)| format!("{:>12} {}", words(outcome), name)).collect()
}

fn exit_code(outcomes: &[(&str, Outcome)]) -> ExitCode {
    let all_passed = outcomes.iter().all(|(_, outcome)| *outcome == Outcome::Passed);
    if all_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_step_fails_the_whole() {
        let passed = ("format", Outcome::Passed);
        assert_eq!(exit_code(&[passed, ("tests", Outcome::Passed)]), ExitCode::SUCCESS);
        assert_eq!(exit_code(&[passed, ("lints", Outcome::Failed), ("tests", Outcome::Passed)]), ExitCode::FAILURE);
        assert_eq!(closing(&[("lints", Outcome::Failed)]), ["      FAILED lints"]);
    }

    #[test]
    fn arguments_after_two_dashes_go_to_the_runner() {
        let options = Options { runner: vec!["-E".to_owned(), "package(chain)".to_owned()] };
        let words = format!("{:?}", tests(&options, true));
        assert!(words.contains(r#""--locked" "--workspace" "-E" "package(chain)""#), "{words}");
        let plain = format!("{:?}", tests(&options, false));
        assert!(plain.contains(r#""--no-fail-fast" "-E" "package(chain)""#), "{plain}");
    }

    #[test]
    fn the_commands_of_a_document_are_found_once_each() {
        let document =
            "Run `cargo xtask demo`, then\ncargo xtask test -- x\nand cargo xtask demo again; cargo xtask <x>";
        assert_eq!(commands_of(document), ["demo", "test"]);
    }
}
