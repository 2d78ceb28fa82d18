//! `cargo xtask fuzz`: every reader of others' bytes under libFuzzer, one after the other.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use clap::Args;

use crate::step::{Outcome, Step, root, say};
use crate::tools;

/// What `cargo xtask fuzz` can be told.
#[derive(Debug, Args)]
pub struct Options {
    /// Seconds for each target.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// These targets only; all without any.
    targets: Vec<String>,
}

/// Builds once, then runs each target from its corpus, makes what it found small, and keeps it in `tests/fuzz/corpora`.
pub fn run(options: &Options) -> ExitCode {
    if !tools::cargo_has("fuzz") {
        say("missing: cargo-fuzz. Install it and run again: cargo install cargo-fuzz --locked");
        return ExitCode::FAILURE;
    }
    let corpora =
        Step::new("corpora", "cargo").arguments(["build", "--locked", "-p", "valiza-tests", "--example", "corpora"]);
    if corpora.run() == Outcome::Failed || fuzz(&["build"], &[]).run() == Outcome::Failed {
        return ExitCode::FAILURE;
    }
    let names = if options.targets.is_empty() { names() } else { options.targets.clone() };
    let failed: Vec<String> = names.into_iter().filter(|name| one(name, options.seconds) == Outcome::Failed).collect();
    match failed.is_empty() {
        true => ExitCode::SUCCESS,
        false => {
            say(&format!("found something: {}", failed.join(", ")));
            ExitCode::FAILURE
        }
    }
}

/// One target: its corpus laid out, the run, what is needed of it kept.
fn one(name: &str, seconds: u32) -> Outcome {
    let folder = |kind: &str| root().join("target/fuzz").join(kind).join(name);
    let (corpus, small) = (folder("corpus"), folder("small"));
    // What is left of an earlier run would be kept beside what this one needs.
    let _ = std::fs::remove_dir_all(&small);
    if std::fs::create_dir_all(&small).is_err() || call("lay", name, &corpus) == Outcome::Failed {
        return Outcome::Failed;
    }
    let time = format!("-max_total_time={seconds}");
    let limits = ["-rss_limit_mb=1024", "-timeout=20", "-max_len=65536", "-print_final_stats=1", &time];
    let ran = fuzz(&["run", &corpus.to_string_lossy()], &limits).variable("VALIZA_TARGET", name).run();
    let merge =
        ["-merge=1", "-rss_limit_mb=1024", &small.to_string_lossy(), &corpus.to_string_lossy()].map(str::to_owned);
    let merge: Vec<&str> = merge.iter().map(String::as_str).collect();
    let merged = fuzz(&["run"], &merge).variable("VALIZA_TARGET", name).run();
    if merged == Outcome::Passed { worse(call("keep", name, &small), ran) } else { Outcome::Failed }
}

/// `cargo fuzz`, on the stable compiler, into a folder of its own.
fn fuzz(command: &[&str], runner: &[&str]) -> Step {
    let (verb, rest) = command.split_first().map_or(("build", &[][..]), |(verb, rest)| (*verb, rest));
    let common = ["--fuzz-dir", "tests/fuzz", "--sanitizer", "none", "decoders"];
    let step = Step::new("fuzz", "cargo").arguments(["fuzz", verb]).arguments(common).arguments(rest);
    let step = if runner.is_empty() { step } else { step.arguments(["--"]).arguments(runner) };
    step.variable("RUSTC_BOOTSTRAP", "1")
        .variable("CARGO_TARGET_DIR", &root().join("target/fuzz/build").to_string_lossy())
}

fn worse(one: Outcome, other: Outcome) -> Outcome {
    if one == Outcome::Passed { other } else { one }
}

fn corpora() -> PathBuf {
    root().join("target/debug/examples/corpora")
}

fn call(what: &str, name: &str, folder: &std::path::Path) -> Outcome {
    let folder = folder.to_string_lossy();
    Step::new("corpora", &corpora().to_string_lossy()).arguments([what, name, &folder]).run()
}

fn names() -> Vec<String> {
    let output = Command::new(corpora()).arg("names").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}
