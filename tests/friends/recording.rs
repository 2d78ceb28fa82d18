//! How the folders of a version are made: a centre and four suitcases, in the middle of everything that can be under way.

use crate::recorded::{PORT, copy, next};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;
use valiza_tests::apart::Apart;
use valiza_tests::console::Console;
use valiza_tests::ports::free_port;
use valiza_tests::programs::{PASSPHRASE, Said, Suitcase, form, program, wait_for};

/// Of the second administrator, without whom nobody is erased.
const SECOND: &str = "лелека над ставом кружляє вранці";

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

fn synced_until(suitcase: &Suitcase, done: impl Fn(&Value) -> bool) {
    wait_for(|| {
        suitcase.sync().ok();
        done(&suitcase.call(&["status", "--json"]).json()).then_some(())
    });
}

fn erase(apart: &Apart, number: &str) {
    let (own, second) = (apart.root().join("passphrase"), apart.root().join("second"));
    let (own, other) = (own.to_str().unwrap(), second.to_str().unwrap());
    std::fs::write(&second, SECOND).unwrap();
    let name = ["--name", "Друга Віра", "--role", "administrator"];
    apart.desk_call(&[&["account", "add", "v.druha"], &name[..], &["--new-passphrase-file", other]].concat()).ok();
    apart.desk_call(&["protection", "--erasure-days", "0"]).ok();
    let propose = ["erasures", "propose", number, "--reason", "заява особи", "--own-passphrase-file", own];
    let why = ["--open-too", "рішення суду", "--json"];
    let id = apart.desk_call(&[&propose[..], &why].concat()).json()["proposed"].as_str().unwrap().to_owned();
    let mut confirm = Command::new(program("sync-server"));
    confirm.args(["--login", "v.druha", "--fast-kdf", "--dir"]).arg(&apart.desk_dir).stdin(Stdio::null());
    Said::from(confirm.args(["erasures", "confirm", &id, "--own-passphrase-file", other]).output().unwrap()).ok();
    apart.queue_of(2);
}

/// A suitcase that was handed somebody else's request, and whose disk was put back from a copy.
fn begin_anew(apart: &Apart, suitcase: &Suitcase, given: &str) {
    apart.desk_call(&["grant", given, "--to", "9"]).ok();
    wait_for(|| {
        suitcase.sync().ok();
        (!suitcase.row(given).is_null()).then_some(())
    });
    let image = apart.root().join("image");
    keep(&suitcase.dir, &image);
    suitcase.record(&form("Мельник"));
    synced_until(suitcase, |status| status["here"] == 0 && status["on_the_way"] == 0);
    apart.queue_of(3);
    std::fs::remove_dir_all(&suitcase.dir).unwrap();
    copy(&image, &suitcase.dir);
    suitcase.record(&form("Мороз"));
    suitcase.sync().ok();
    assert_eq!(suitcase.call(&["status", "--json"]).json()["certificate"]["standing"], "unconfirmed");
}

/// One suitcase holds the letter of another one, which has no network, until it has one itself.
fn carry(apart: &mut Apart, carrier: &Suitcase, sender: &Suitcase) {
    sender.sync().ok();
    apart.stop_hub();
    sender.record(&form("Ткаченко"));
    let address = format!("127.0.0.1:{}", free_port());
    let mut console = Console::start(carrier);
    assert_eq!(console.post("/unlock", &[("officer", "olena"), ("passphrase", PASSPHRASE)]).0, 303);
    assert_eq!(console.post("/carrier/start", &[("listen", &address)]).0, 303);
    let told = sender.call(&["sync", "--through", &address, "--json"]).json();
    assert_eq!(told["kept"], 1, "{told}");
    assert_eq!(console.post("/carrier/stop", &[]).0, 303);
    drop(console);
    apart.start_hub();
}

fn new_keys(apart: &Apart) {
    let words = apart.root().join("words");
    apart.desk_call(&["rotate-keys", "begin", "--words-file", words.to_str().unwrap()]).ok();
    wait_for(|| {
        let told = apart.desk_call(&["rotate-keys", "status", "--json"]).json();
        (told["facts_left"] == 0 && told["keys_left"] == 0 && told["unsent"] == 0).then_some(())
    });
}

/// A suitcase with work at the centre, work of its own and another one's letter; one that knows only a stick, the stick with
/// its letter and the answer; one that began anew and waits for a person; one whose letter is carried; an invitation that
/// nobody has used; a desk in the middle of new keys, its backup, and what the programs wrote for people to keep.
fn record(root: &TempDir) {
    let mut apart = Apart::found_at(PORT);
    apart.accept();
    apart.start();
    let [first, second, third, fourth] = [7, 8, 9, 10].map(|number| apart.suitcase(number));
    let path = |name: &str| root.path().join(name).display().to_string();
    let numbers = ["Коваленко", "Гук", "Стиранко"].map(|last| first.record(&form(last)));
    let all = |count: u64| move |status: &Value| status["at_centre"] == count;
    synced_until(&first, all(3));
    apart.queue_of(3);
    apart.desk_call(&["answer", &numbers[0], "accept"]).ok();
    synced_until(&first, all(3));
    first.call(&["end-shift", "--wait", "60", "--out", &path("shift.txt")]).ok();
    let taken = apart.desk_call(&["evidence", &numbers[0], "--out", &path("case.evidence"), "--json"]).json();
    std::fs::write(path("root.txt"), taken["root"].as_str().unwrap()).unwrap();
    std::fs::write(path("numbers.txt"), numbers.join("\n")).unwrap();
    erase(&apart, &numbers[2]);
    synced_until(&first, all(2));
    begin_anew(&apart, &third, &numbers[0]);
    second.sync().ok();
    second.record(&form("Їжак"));
    first.record(&form("Заєць"));
    carry(&mut apart, &first, &fourth);
    std::fs::create_dir(path("letter")).unwrap();
    second.call(&["carry", "out", "--to", &path("letter")]).ok();
    new_keys(&apart);
    apart.desk_call(&["invite", "--number", "11", "--hours", "336", "--out", &path("invitation-11")]).ok();
    wait_for(|| (apart.desk_call(&["status", "--json"]).json()["waiting_entries"] == 0).then_some(()));
    apart.desk_call(&["backup", "--out", &path("backup")]).ok();
    apart.stop_desk();
    apart.stop_hub();
    // As it was before anybody read the stick.
    for name in ["hub-machine", "desk-machine", "suitcase-7", "suitcase-8", "suitcase-9", "suitcase-10"] {
        keep(&apart.root().join(name), &root.path().join(name));
    }
    for name in ["passphrase", "words"] {
        std::fs::copy(apart.root().join(name), path(name)).unwrap();
    }
    apart.start();
    copy(&root.path().join("letter"), &root.path().join("answer"));
    apart.desk_call(&["carry", "in", "--from", &path("answer")]).ok();
    apart.queue_of(4);
}

#[test]
#[ignore = "records what later versions replay: see the README there"]
fn record_the_next_version() {
    let root = tempfile::tempdir().unwrap();
    record(&root);
    let to = next("programs");
    let _ = std::fs::remove_dir_all(&to);
    copy(root.path(), &to);
}
