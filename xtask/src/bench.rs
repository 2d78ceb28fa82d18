//! `cargo xtask bench`: the numbers to reach, measured on this machine beside their floors.

use std::process::ExitCode;

use clap::Args;

use crate::step::{Outcome, Step};

/// What `cargo xtask bench` can be told.
#[derive(Debug, Args)]
pub struct Options {
    /// Rows: acts, throughput, wire, many, links, flood, crowd, scrub, pages; all of them where none is named.
    rows: Vec<String>,
}

/// Builds for release and runs the program that measures; it prints one table a row.
pub fn run(options: &Options) -> ExitCode {
    let programs = ["build", "--locked", "--release", "--package", "field-agent", "--package", "sync-server"];
    if Step::new("programs", "cargo").arguments(programs).run() == Outcome::Failed {
        return ExitCode::FAILURE;
    }
    let arguments = ["run", "--locked", "--release", "--package", "valiza-tests", "--example", "bench", "--"];
    match Step::new("bench", "cargo").arguments(arguments).arguments(&options.rows).run() {
        Outcome::Passed => ExitCode::SUCCESS,
        Outcome::Failed => ExitCode::FAILURE,
    }
}
