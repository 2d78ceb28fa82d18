//! Programs outside cargo that the tests start, and their installation.

use std::process::{Command, Stdio};

use crate::step::{Outcome, Step, say};

/// A program that tests start, and the Debian package it comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tool {
    program: &'static str,
    package: &'static str,
    needed_for: &'static str,
}

const TOOLS: [Tool; 5] = [
    Tool { program: "chromium", package: "chromium", needed_for: "the pages in a browser" },
    Tool { program: "chromedriver", package: "chromium-driver", needed_for: "the pages in a browser" },
    Tool { program: "gdb", package: "gdb", needed_for: "the search of a process's memory for secrets" },
    Tool { program: "faketime", package: "faketime", needed_for: "laptops whose clock went wild" },
    Tool { program: "pdftotext", package: "poppler-utils", needed_for: "the printed papers" },
];

/// Installs the tools that are missing, or says how to.
///
/// Needs Debian's `apt-get` and root; without them the missing packages are named and nothing is changed. A tool that
/// stays missing fails the tests that start it, so this is no step that passes or fails.
pub fn install_missing() {
    let missing = missing(is_there);
    if missing.is_empty() {
        return;
    }
    for tool in &missing {
        say(&format!("missing: {} (package {}), needed for {}", tool.program, tool.package, tool.needed_for));
    }
    let packages: Vec<&str> = missing.iter().map(|tool| tool.package).collect();
    if !(is_root() && is_there("apt-get")) {
        say(&format!("Install them and run again: sudo apt-get install {}", packages.join(" ")));
        return;
    }
    let update = Step::new("package lists", "apt-get").arguments(["update", "--quiet"]);
    if update.run() == Outcome::Failed {
        say("The package lists could not be fetched; trying with those that are there.");
    }
    let install = Step::new("packages", "apt-get")
        .arguments(["install", "--yes", "--quiet", "--no-install-recommends"])
        .arguments(&packages)
        .variable("DEBIAN_FRONTEND", "noninteractive");
    if install.run() == Outcome::Failed {
        say(&format!("{} could not be installed; the tests that need it will fail.", packages.join(", ")));
    }
}

/// Whether a program answers at all when it is asked for its version.
pub fn is_there(program: &str) -> bool {
    quiet(program, &["--version"]).is_some()
}

/// Whether cargo has this subcommand.
pub fn cargo_has(subcommand: &str) -> bool {
    quiet("cargo", &[subcommand, "--version"]) == Some(true)
}

fn missing(is_there: impl Fn(&str) -> bool) -> Vec<Tool> {
    TOOLS.into_iter().filter(|tool| !is_there(tool.program)).collect()
}

/// Runs a program without a word: whether it succeeded, or nothing if it could not be started.
fn quiet(program: &str, arguments: &[&str]) -> Option<bool> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().ok().map(|status| status.success())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_installed() {
        let packages: Vec<&str> =
            missing(|program| program != "chromedriver").iter().map(|tool| tool.package).collect();
        assert_eq!(packages, ["chromium-driver"]);
        assert!(missing(|_| true).is_empty());
    }

    #[test]
    fn a_program_that_is_there_is_told_from_one_that_is_not() {
        assert!(is_there("cargo"));
        assert!(!is_there("no-such-program-here"));
        assert!(!cargo_has("no-such-subcommand-here"));
    }
}
