//! Disks that are full or read-only, folders and databases that somebody else holds.
//!
//! Full and read-only file systems are mounted for the test, which needs root, as in a container.

use crate::{code, helps};
use std::path::{Path, PathBuf};
use std::process::Command;
use valiza_tests::programs::{Centre, Suitcase, form};

/// A small file system of its own, gone at the end.
struct Mount(PathBuf);

impl Mount {
    fn small(path: &Path, kib: usize) -> Self {
        std::fs::create_dir_all(path).unwrap();
        let options = format!("size={kib}k,mode=0700");
        run("mount", &["-t", "tmpfs", "-o", &options, "tmpfs", path.to_str().unwrap()]);
        Self(path.to_owned())
    }

    fn remount(&self, options: &str) {
        run("mount", &["-o", &format!("remount,{options}"), self.0.to_str().unwrap()]);
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[track_caller]
fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?} (are you root?): {output:?}");
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// Fills what is left of the file system but so many bytes.
fn fill(folder: &Path) -> PathBuf {
    let path = folder.join("ballast");
    let mut file = std::fs::File::create(&path).unwrap();
    while std::io::Write::write_all(&mut file, &[1; 4096]).is_ok() {}
    path
}

#[test]
fn a_full_disk_is_said_and_what_was_saved_is_whole() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let folder = centre.root().join("small");
    let mount = Mount::small(&folder, 8 * 1024);
    copy(&suitcase.dir, &folder);
    let suitcase = Suitcase { dir: folder.clone(), ..suitcase };
    let path = centre.root().join("one.json");
    std::fs::write(&path, form("Коваленко").to_string()).unwrap();
    let record = || suitcase.call(&["record", path.to_str().unwrap()]);
    let first = record().ok().out.trim().to_owned();
    let ballast = fill(&folder);
    let mut saved = vec![first];
    let full = (0..30).find_map(|_| {
        let said = record();
        if said.code == Some(0) {
            saved.push(said.out.trim().to_owned());
            None
        } else {
            Some(said)
        }
    });
    helps(&full.expect("the disk was never full"), code::REFUSED, &["на диску немає місця"]);
    std::fs::remove_file(ballast).unwrap();
    let listed: Vec<String> = suitcase.list().iter().map(|row| row["number"].as_str().unwrap().to_owned()).collect();
    assert_eq!(listed.len(), saved.len(), "what was promised is there, and nothing half: {listed:?} {saved:?}");
    assert!(saved.iter().all(|number| listed.contains(number)));
    suitcase.call(&["verify"]).ok();
    saved.push(record().ok().out.trim().to_owned());
    suitcase.sync().ok();
    centre.queue_of(saved.len());
    drop(mount);
}

#[test]
fn a_full_disk_at_the_hub_takes_nothing_and_loses_nothing() {
    let mut centre = Centre::found();
    let hub = centre.dir.join("hub");
    let kept = centre.root().join("hub-before");
    std::fs::rename(&hub, &kept).unwrap();
    let mount = Mount::small(&hub, 8 * 1024);
    copy(&kept, &hub);
    centre.run();
    let suitcase = centre.suitcase(7);
    suitcase.record(&form("Коваленко"));
    suitcase.sync().ok();
    centre.queue_of(1);
    let ballast = fill(&hub);
    let path = centre.root().join("many.json");
    let forms: Vec<_> = (0..150).map(|_| form("Гук")).collect();
    std::fs::write(&path, serde_json::Value::from(forms).to_string()).unwrap();
    suitcase.call(&["record", path.to_str().unwrap()]).ok();
    let said = (0..20).map(|_| suitcase.sync()).find(|said| said.code != Some(0));
    let said = said.expect("the hub's disk was never full");
    helps(&said, code::NO_CONNECTION, &["центр"]);
    std::fs::remove_file(ballast).unwrap();
    valiza_tests::programs::wait_for(|| (suitcase.sync().code == Some(0)).then_some(()));
    centre.queue_of(151);
    centre.stop();
    drop(mount);
}

#[test]
fn a_full_and_a_protected_stick_are_said_and_nothing_is_lost() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    suitcase.sync().ok();
    suitcase.record(&form("Коваленко"));
    let folder = centre.root().join("stick");
    let path = folder.to_str().unwrap().to_owned();
    let mount = Mount::small(&folder, 1024);
    let ballast = fill(&folder);
    let full = suitcase.call(&["carry", "out", "--to", &path]);
    helps(&full, code::REFUSED, &["на флешці бракує місця", "МіБ"]);
    let left = |folder: &Path| std::fs::read_dir(folder.join("valiza")).map_or(0, Iterator::count);
    assert_eq!(left(&folder), 0, "half a letter is none");
    std::fs::remove_file(&ballast).unwrap();
    suitcase.call(&["carry", "out", "--to", &path]).ok();
    // Room for the letter, none for the answer.
    let ballast = fill(&folder);
    let full = centre.call(&["carry", "in", "--from", &path]);
    helps(&full, code::REFUSED, &["на флешці бракує місця"]);
    assert_eq!(left(&folder), 1, "the letter stays");
    std::fs::remove_file(&ballast).unwrap();
    mount.remount("ro");
    let protected = centre.call(&["carry", "in", "--from", &path]);
    helps(&protected, code::REFUSED, &["на флешку не можна писати"]);
    suitcase.record(&form("Гук"));
    let protected = suitcase.call(&["carry", "out", "--to", &path]);
    helps(&protected, code::REFUSED, &["на флешку не можна писати"]);
    mount.remount("rw");
    suitcase.call(&["carry", "out", "--to", &path]).ok();
    centre.call(&["carry", "in", "--from", &path]).ok();
    mount.remount("ro");
    let read = suitcase.call(&["carry", "in", "--from", &path]).ok();
    assert!(read.out.contains("лише для читання"), "reading needs no writing: {read:?}");
    mount.remount("rw");
    let places: Vec<_> = suitcase.list().iter().map(|row| row["place"].clone()).collect();
    assert_eq!(places, ["at_centre", "at_centre"]);
    drop(mount);
}

#[test]
fn a_read_only_folder_is_said() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    suitcase.record(&form("Коваленко"));
    let folder = centre.root().join("protected");
    let mount = Mount::small(&folder, 16 * 1024);
    copy(&suitcase.dir, &folder);
    mount.remount("ro");
    let protected = Suitcase { dir: folder, ..suitcase };
    let path = centre.root().join("one.json");
    std::fs::write(&path, form("Гук").to_string()).unwrap();
    for command in [&["record", path.to_str().unwrap()][..], &["sync"], &["list"]] {
        helps(&protected.call(command), code::REFUSED, &["не можна писати"]);
    }
    mount.remount("rw");
    assert_eq!(protected.list().len(), 1, "nothing was written, nothing is lost");
    protected.record(&form("Гук"));
    drop(mount);
}

#[test]
fn a_second_program_on_one_folder_is_refused() {
    let mut centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let mut watching = suitcase.command();
    watching.args(["sync", "--watch"]).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
    let mut watching = watching.spawn().unwrap();
    // It has the folder as soon as it tells of its first exchange.
    let mut told = String::new();
    let mut lines = std::io::BufReader::new(watching.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut lines, &mut told).unwrap();
    assert!(told.contains("Надіслано"), "{told}");
    let said = suitcase.call(&["list"]);
    helps(&said, code::BUSY, &["вже відкрито іншою програмою"]);
    watching.kill().unwrap();
    watching.wait().unwrap();
    suitcase.call(&["list"]).ok();
    // The centre's folder, too.
    let said = centre.call(&["run", "--desk-listen", "127.0.0.1:0"]);
    helps(&said, code::BUSY, &[]);
    centre.stop();
}

/// Opens a suitcase's database as a backup program that somebody gave the key, and holds it.
fn hold(suitcase: &Suitcase) -> rusqlite::Connection {
    let vault = sealing::Vault::decode(&std::fs::read(suitcase.dir.join("vault")).unwrap()).unwrap();
    let passphrase = sealing::Passphrase::typed(valiza_tests::programs::PASSPHRASE);
    let key = vault.unlock("olena", &passphrase).unwrap().database_key();
    let hex: String = key.expose().iter().map(|byte| format!("{byte:02x}")).collect();
    let connection = rusqlite::Connection::open(suitcase.dir.join("valiza.db")).unwrap();
    connection.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"; BEGIN IMMEDIATE;")).unwrap();
    connection
}

#[test]
fn a_database_that_another_program_holds_is_said() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let path = centre.root().join("one.json");
    std::fs::write(&path, form("Коваленко").to_string()).unwrap();
    let held = hold(&suitcase);
    let said = suitcase.call(&["record", path.to_str().unwrap()]);
    helps(&said, code::BUSY, &["зайнята"]);
    drop(held);
    assert!(suitcase.list().is_empty(), "nothing half was saved");
    suitcase.record(&form("Коваленко"));
}
