//! The recorded files: where they lie, how they were made, and copies of them to work on.

use std::fs::File;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use valiza_tests::apart::Apart;
use valiza_tests::programs::{Said, Suitcase, form};

/// The recorded hub's port, which its suitcases know. Below those that systems give out.
const PORT: u16 = 18_477;
/// A moment soon after the recording: certificates were good then.
const THEN: &str = "2026-12-01 10:00:00";

/// A recorded folder or file.
pub fn v1(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("friends/v1").join(name)
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

/// Only what lasts: no logs, sockets, locks, nor what a database keeps beside itself while it is open.
fn keep(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (name, kind) = (entry.file_name().into_string().unwrap(), entry.file_type().unwrap());
        if kind.is_dir() {
            keep(&entry.path(), &to.join(&name));
        } else if kind.is_file() && !["-shm", ".log", "lock"].iter().any(|end| name.ends_with(end)) {
            std::fs::create_dir_all(to).unwrap();
            std::fs::copy(entry.path(), to.join(&name)).unwrap();
        }
    }
}

fn synced_until(suitcase: &Suitcase, at_centre: u64) {
    valiza_tests::programs::wait_for(|| {
        suitcase.sync().ok();
        (suitcase.call(&["status", "--json"]).json()["at_centre"] == at_centre).then_some(())
    });
}

/// A community: a suitcase with work at the centre and work of its own, one that knows only a stick, a stick with its
/// letter and the answer, a backup, and what the programs wrote for people to keep.
fn record(root: &TempDir) {
    let mut apart = Apart::found_at(PORT);
    apart.accept();
    apart.start();
    let (first, second) = (apart.suitcase(7), apart.suitcase(8));
    let numbers = ["Коваленко", "Гук"].map(|last| first.record(&form(last)));
    synced_until(&first, 2);
    apart.queue_of(2);
    apart.desk_call(&["answer", &numbers[0], "accept"]).ok();
    synced_until(&first, 2);
    let path = |name: &str| root.path().join(name).display().to_string();
    first.call(&["end-shift", "--wait", "60", "--out", &path("shift.txt")]).ok();
    let taken = apart.desk_call(&["evidence", &numbers[0], "--out", &path("case.evidence"), "--json"]).json();
    std::fs::write(path("root.txt"), taken["root"].as_str().unwrap()).unwrap();
    second.sync().ok();
    second.record(&form("Їжак"));
    first.record(&form("Заєць"));
    std::fs::create_dir(path("letter")).unwrap();
    second.call(&["carry", "out", "--to", &path("letter")]).ok();
    apart.desk_call(&["backup", "--out", &path("backup")]).ok();
    apart.stop_desk();
    apart.stop_hub();
    // As it was before anybody read the stick.
    for name in ["hub-machine", "desk-machine", "suitcase-7", "suitcase-8"] {
        keep(&apart.root().join(name), &root.path().join(name));
    }
    for name in ["passphrase", "words"] {
        std::fs::copy(apart.root().join(name), path(name)).unwrap();
    }
    apart.start();
    copy(&root.path().join("letter"), &root.path().join("answer"));
    apart.desk_call(&["carry", "in", "--from", &path("answer")]).ok();
    apart.queue_of(3);
}

#[test]
#[ignore = "records what later versions replay, once for each version of the formats: see the README there"]
fn record_version_1() {
    let root = tempfile::tempdir().unwrap();
    record(&root);
    let to = v1("programs");
    let _ = std::fs::remove_dir_all(&to);
    copy(root.path(), &to);
}
