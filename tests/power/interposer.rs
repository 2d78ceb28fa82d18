//! Puts the interposer between a program and its disk.

use super::journal::{self, Step};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tempfile::TempDir;

/// The library, compiled once in a test's process.
fn library() -> &'static Path {
    static BUILT: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = BUILT.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("power/interposer.c");
        let library = dir.path().join("interposer.so");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&library).arg(&source);
        let status = compiler.arg("-lpthread").status().expect("a C compiler, as building needs one, too");
        assert!(status.success(), "the interposer does not compile");
        (dir, library)
    });
    path
}

/// What happens to a program besides being watched.
#[derive(Debug, Clone, Default)]
pub struct Mischief {
    /// The power goes at this call that changes something, counted from 1.
    pub cut: Option<u64>,
    /// Calls that fail.
    pub fault: Option<Fault>,
}

/// Calls that fail.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Among `read write fsync create open rename unlink`, with `|` between them.
    pub calls: &'static str,
    /// Such as 28 for a full disk.
    pub error: i32,
    /// From this one on, counted from 1.
    pub at: u64,
    /// All that come after it, too.
    pub ever: bool,
    /// Only while this file exists.
    pub only_while: Option<PathBuf>,
}

/// Watches what `command` does in `folder`; what it did is appended to `journal`.
pub fn watch(command: &mut Command, folder: &Path, journal: &Path, mischief: &Mischief) {
    let folder = std::fs::canonicalize(folder).expect("the folder is there");
    command.env("LD_PRELOAD", library()).env("VALIZA_POWER_FOLDER", folder).env("VALIZA_POWER_JOURNAL", journal);
    if let Some(cut) = mischief.cut {
        command.env("VALIZA_POWER_CUT", cut.to_string());
    }
    if let Some(Fault { calls, error, at, ever, only_while }) = &mischief.fault {
        let often = if *ever { "ever" } else { "once" };
        command.env("VALIZA_POWER_FAULT", format!("{calls} {error} {at} {often}"));
        if let Some(path) = only_while {
            command.env("VALIZA_POWER_WHILE", path);
        }
    }
}

/// What was done since the journal was begun.
pub fn steps(journal: &Path) -> Vec<Step> {
    let steps = journal::read(journal);
    assert!(steps.contains(&Step::Began), "the program was not watched");
    steps
}
