//! `cargo xtask pdf`: the optional part that sets papers as PDF/A, built and tested. It compiles typst: minutes, once.

use std::process::ExitCode;

use crate::step::{Outcome, Step, say};

/// Builds both programs with the feature `pdf` and runs the tests that need it.
pub fn run() -> ExitCode {
    let features = ["--features", "papers/pdf,field-agent/pdf,sync-server/pdf"];
    let packages = ["-p", "papers", "-p", "field-agent", "-p", "sync-server"];
    let build =
        Step::new("build with pdf", "cargo").arguments(["build", "--locked"]).arguments(packages).arguments(features);
    let papers = Step::new("papers as PDF/A", "cargo").arguments([
        "test",
        "--locked",
        "-p",
        "papers",
        "--features",
        "papers/pdf",
    ]);
    let program = Step::new("the program's own process", "cargo").arguments([
        "test",
        "--locked",
        "-p",
        "field-agent",
        "--features",
        "field-agent/pdf",
        "--test",
        "pdf",
    ]);
    for step in [build, papers, program] {
        if step.run() != Outcome::Passed {
            return ExitCode::FAILURE;
        }
    }
    say("PDF is built in: target/debug/field-agent and target/debug/sync-server");
    ExitCode::SUCCESS
}
