//! The recorded files: where they lie, and copies of them to work on.

use std::fs::File;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::process::Command;
use valiza_tests::apart::Apart;
use valiza_tests::programs::{Said, Suitcase};

/// The recorded hub's port, which its suitcases know. Below those that systems give out.
pub const PORT: u16 = 18_477;
/// A moment soon after the recording: certificates were good then.
const THEN: &str = "2026-12-01 10:00:00";

/// A recorded folder or file.
pub fn v1(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("friends/v1").join(name)
}

/// Where the next version is recorded.
pub fn next(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("friends/v2").join(name)
}

/// A copy of everything that was recorded, at the recorded time. One at a time: all know the same port.
pub fn centre() -> Recorded {
    let alone = File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("friends.lock")).unwrap();
    alone.lock().unwrap();
    let root = tempfile::tempdir().unwrap();
    copy(&v1("programs"), root.path());
    Recorded { centre: Apart::at(root, PORT).through(faked), _alone: alone }
}

/// The recorded centre, while no other test has one.
pub struct Recorded {
    centre: Apart,
    _alone: File,
}

impl Deref for Recorded {
    type Target = Apart;

    fn deref(&self) -> &Apart {
        &self.centre
    }
}

impl DerefMut for Recorded {
    fn deref_mut(&mut self) -> &mut Apart {
        &mut self.centre
    }
}

/// A suitcase of such a copy.
pub fn suitcase(centre: &Apart, number: u16) -> Then {
    let dir = centre.root().join(format!("suitcase-{number}"));
    Then(Suitcase { dir, passphrase: centre.root().join("passphrase"), login: "olena".into() })
}

/// A suitcase whose computer shows the recorded time.
pub struct Then(pub Suitcase);

impl Then {
    /// One command of `field-agent`.
    pub fn call(&self, arguments: &[&str]) -> Said {
        let mut command = faked(&self.0.command());
        Said::from(command.args(arguments).stdin(std::process::Stdio::null()).output().unwrap())
    }

    /// Where its requests are: here, on the way, at the centre.
    pub fn places(&self) -> [u64; 3] {
        let status = self.call(&["status", "--json"]).json();
        ["here", "on_the_way", "at_centre"].map(|name| status[name].as_u64().unwrap())
    }
}

/// The clock of `faketime`, in the program itself: its wrapper would stay between a test and a program that the test ends.
/// The loader puts the machine's folder of libraries for `$LIB`.
const CLOCK: &str = "/usr/$LIB/faketime/libfaketimeMT.so.1";

/// The same command under the recorded time, which goes on.
fn faked(real: &Command) -> Command {
    let mut command = Command::new(real.get_program());
    command.args(real.get_args()).env("LD_PRELOAD", CLOCK).env("FAKETIME", format!("@{THEN}"));
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    for (name, value) in real.get_envs().filter_map(|(name, value)| Some((name, value?))) {
        command.env(name, value);
    }
    command
}

/// Copies a folder with what is below it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).unwrap();
        }
    }
}
