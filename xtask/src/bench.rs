//! `cargo xtask bench`: the numbers to reach, measured on this machine beside their floors.

use std::process::ExitCode;

use crate::step::{Outcome, Step};

/// Builds for release and runs the program that measures; it prints one table a row.
pub fn run() -> ExitCode {
    let arguments = ["run", "--locked", "--release", "--package", "valiza-tests", "--example", "bench"];
    match Step::new("bench", "cargo").arguments(arguments).run() {
        Outcome::Passed => ExitCode::SUCCESS,
        Outcome::Failed => ExitCode::FAILURE,
    }
}
