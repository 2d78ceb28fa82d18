//! What can be asked for.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{bench, demo, fuzz, pdf, test};

/// The developers' and newcomers' commands of Valiza.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a centre and a suitcase, record a morning of invented residents, and leave both running to be looked at.
    Demo(demo::Options),
    /// Measure acts, throughput, bytes, many records and pages beside their floors, in a release build.
    Bench(bench::Options),
    /// Run every reader of others' bytes under a fuzzer; needs cargo-fuzz.
    Fuzz(fuzz::Options),
    /// Build the programs with papers as PDF/A, which they do not have otherwise, and test that. Compiles typst.
    Pdf,
    /// Install what the tests need where it is missing, then check the form of the code and run all tests.
    Test(test::Options),
}

impl Arguments {
    /// Does it.
    pub fn run(&self) -> ExitCode {
        match &self.command {
            Command::Demo(options) => demo::run(options),
            Command::Bench(options) => bench::run(options),
            Command::Fuzz(options) => fuzz::run(options),
            Command::Pdf => pdf::run(),
            Command::Test(options) => test::run(options),
        }
    }
}

#[test]
fn the_command_line_is_well_formed_and_knows_what_the_readme_names() {
    let command = <Arguments as clap::CommandFactory>::command();
    command.clone().debug_assert();
    for named in test::commands_of(include_str!("../../README.md")) {
        assert!(command.find_subcommand(&named).is_some(), "the README names `cargo xtask {named}`");
    }
}
