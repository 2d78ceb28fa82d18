//! Damages that no program did: bits that flip, sectors that are zero, pages in each other's place, files cut short or
//! grown. Each is noticed when the file is opened or checked, or has hit bytes that nobody uses: then everything that
//! can be read is as it was.

use super::disk::Drive;
use super::film::{Film, copy, journal_of, quick_folder};
use super::interposer::{Mischief, watch};
use super::{hub, look};
use rusqlite::{Connection, OpenFlags};
use sealing::VaultKey;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use valiza_tests::apart::Apart;
use valiza_tests::invented::Dice;
use valiza_tests::programs::{Said, Suitcase, form, program, wait_for};

const PAGE: usize = 4096;

/// What became of damages, by the file that was hit.
#[derive(Debug, Default)]
struct Outcomes {
    noticed: u32,
    harmless: u32,
    /// What was wrong and not noticed.
    silent: Vec<String>,
}

/// Everything in files of a folder and below, but what is no data: locks, SQLite's index.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(files(&entry));
        } else if fs::metadata(&entry).unwrap().len() > 0 && !entry.to_str().unwrap().ends_with("-shm") {
            found.push(entry);
        }
    }
    found.sort();
    found
}

/// One damage; gives back what it was.
fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) -> String {
    let (at, pages) = (dice.below(bytes.len()), bytes.len() / PAGE);
    let zero = |bytes: &mut Vec<u8>, from: usize, size: usize| {
        let end = (from + size).min(bytes.len());
        bytes[from..end].fill(0);
    };
    match dice.below(10) {
        0..=4 => {
            let bit = dice.below(8);
            bytes[at] ^= 1 << bit;
            format!("bit {bit} of byte {at}")
        }
        5 => {
            zero(bytes, at / 512 * 512, 512);
            format!("a sector of zeros at {}", at / 512 * 512)
        }
        6 => {
            zero(bytes, at / PAGE * PAGE, PAGE);
            format!("a page of zeros at {}", at / PAGE * PAGE)
        }
        7 if pages > 1 => {
            let (one, other) = (dice.below(pages) * PAGE, dice.below(pages) * PAGE);
            let kept = bytes[one..one + PAGE].to_vec();
            bytes.copy_within(other..other + PAGE, one);
            bytes[other..other + PAGE].copy_from_slice(&kept);
            format!("pages at {one} and {other} in each other's place")
        }
        8 => {
            bytes.truncate(at);
            format!("cut at {at}")
        }
        _ => {
            bytes.extend((0..1 + at % 700).map(|_| dice.below(256) as u8));
            format!("{} bytes longer", 1 + at % 700)
        }
    }
}

/// So many damages to the files of a folder in turn; `read` gives everything that can be read, or says what is wrong.
fn damaged(folder: &Path, count: usize, mut read: impl FnMut(&Path) -> Result<Vec<String>, String>) -> Outcomes {
    let dir = quick_folder();
    let whole = dir.path().join("whole");
    copy(folder, &whole);
    let expected = read(&whole).expect("undamaged it is whole");
    let (all, mut outcomes) = (files(folder), Outcomes::default());
    for seed in 0..count {
        let mut dice = Dice::new(seed as u64);
        let work = dir.path().join("work");
        copy(folder, &work);
        // The largest has most to lose: every second damage hits it.
        let largest = all.iter().max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap();
        let path = if seed % 2 == 0 { largest } else { &all[seed / 2 % all.len()] };
        let name = path.strip_prefix(folder).unwrap();
        let mut bytes = fs::read(path).unwrap();
        let (before, what) = (bytes.clone(), damage(&mut bytes, &mut dice));
        fs::write(work.join(name), &bytes).unwrap();
        match read(&work) {
            Err(_) => outcomes.noticed += 1,
            Ok(found) if found == expected => outcomes.harmless += 1,
            Ok(found) if bytes != before => {
                let other =
                    found.iter().find(|line| !expected.contains(line)).or(expected.iter().find(|l| !found.contains(l)));
                outcomes.silent.push(format!("seed {seed}: {}: {what}: {other:?}", name.display()));
            }
            Ok(_) => outcomes.harmless += 1,
        }
        fs::remove_dir_all(&work).unwrap();
    }
    outcomes
}

#[track_caller]
fn none_silent(outcomes: Outcomes) {
    println!("{} noticed, {} harmless, {} silent", outcomes.noticed, outcomes.harmless, outcomes.silent.len());
    let few = &outcomes.silent[..outcomes.silent.len().min(12)];
    assert!(few.is_empty(), "{} not noticed:\n{}", outcomes.silent.len(), few.join("\n"));
    assert!(outcomes.noticed > outcomes.harmless / 2, "{outcomes:?}");
}

/// A community at rest after an exchange: a request answered, one new, a second officer.
struct Town {
    apart: Apart,
    suitcase: Suitcase,
}

fn town() -> Town {
    let (mut apart, [suitcase, _]) = hub::scene();
    apart.start();
    let numbers: Vec<String> = ["Коваленко", "Гук"].map(|last| suitcase.record(&form(last))).into();
    suitcase.sync().ok();
    apart.queue_of(2);
    apart.desk_call(&["answer", &numbers[0], "accept"]).ok();
    wait_for(|| {
        suitcase.sync().ok();
        (suitcase.row(&numbers[0])["state"] == "in_work").then_some(())
    });
    suitcase.record(&form("Їжак"));
    let file = suitcase.passphrase.display().to_string();
    suitcase.call(&["officer", "add", "ivan", "--name", "Іван", "--new-passphrase-file", &file]).ok();
    Town { apart, suitcase }
}

/// Everything that a peer tells, its vault opened by each of its officers.
fn read_peer(folder: &Path, key: &VaultKey, officers: &[&str], doors: &mut look::Doors) -> Result<Vec<String>, String> {
    for login in officers {
        if !doors.open(folder, login, valiza_tests::programs::PASSPHRASE)? {
            return Err(format!("the vault does not open for {login}"));
        }
    }
    look::everything(folder, key, officers[0])
}

/// Every row of every table of a hub, but what counts towards the hour's quota and when somebody asked to be enrolled:
/// those follow from nothing, and a wrong one costs an hour.
const TABLES: [&str; 8] = [
    "SELECT version, lineage FROM meta",
    "SELECT * FROM tenants",
    "SELECT number, tenant, id, end_seq, end_hash, last, register FROM chains",
    "SELECT * FROM records",
    "SELECT * FROM entries",
    "SELECT * FROM grants",
    "SELECT * FROM inbox",
    "SELECT tenant, chain, request, invitation FROM enrolments",
];

fn dump(path: &Path) -> Result<Vec<String>, rusqlite::Error> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut lines = Vec::new();
    for question in TABLES {
        let mut all = connection.prepare(question)?;
        let columns = all.column_count();
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let values: Vec<String> =
                (0..columns).map(|at| Ok(format!("{:?}", row.get_ref(at)?))).collect::<rusqlite::Result<_>>()?;
            lines.push(format!("{question}: {}", values.join(" ")));
        }
    }
    Ok(lines)
}

/// What a hub's settings say of the community. Where it listens and how it is called, a person may change.
fn settings(path: &Path) -> Result<Vec<String>, std::io::Error> {
    let text = fs::read_to_string(path)?;
    let own = |line: &&str| ["tenant", "root"].iter().any(|name| line.starts_with(name));
    Ok(text.lines().filter(own).map(str::to_lowercase).collect())
}

/// Asks the hub's program, which needs no passphrase.
fn hub_verify(machine: &Path) -> Result<(), String> {
    let mut command = Command::new(program("sync-server"));
    let said = Said::from(command.arg("--dir").arg(machine).arg("hub-verify").output().expect("it starts"));
    match said.code {
        Some(0) => Ok(()),
        Some(1 | 4) if said.err.contains(" / ") => Err(said.err),
        _ => panic!("{said:?}"),
    }
}

fn suitcase_damages(count: usize) -> Outcomes {
    let town = town();
    let key = look::vault_key(&town.suitcase.dir, "olena");
    let mut doors = look::Doors::default();
    damaged(&town.suitcase.dir, count, |folder| read_peer(folder, &key, &["olena", "ivan"], &mut doors))
}

/// Damages to the log that a killed program has left, by what became of three requests in it. The last commit may go: it
/// looks like one that the power cut short. Where more than a bit is hit, the mark between the last two may be gone, and
/// both look like one. A log that is shorter looks so, too, and is left out.
fn log_damages(count: usize) -> Outcomes {
    let (mut apart, [suitcase, _]) = hub::scene();
    apart.start_hub();
    let path = apart.root().join("forms");
    let forms: Vec<_> = ["Коваленко", "Гук", "Їжак"].map(form).into();
    fs::write(&path, serde_json::Value::from(forms).to_string()).unwrap();
    let (key, mut film) = (look::vault_key(&suitcase.dir, "olena"), Film::of(&suitcase.dir, Drive::Honest));
    let journal = journal_of(&suitcase.dir);
    let mut command = suitcase.command();
    watch(command.arg("record").arg(&path), &suitcase.dir, &journal, &Mischief::default());
    let said = Said::from(command.output().unwrap()).ok();
    film.add(&journal);
    let dir = quick_folder();
    let (left, work) = (dir.path().join("left"), dir.path().join("work"));
    film.when_said(said.out.lines().last().unwrap(), &left);
    let whole = fs::read(left.join("valiza.db-wal")).unwrap();
    let mut outcomes = Outcomes::default();
    for seed in 0..count {
        copy(&left, &work);
        let (mut bytes, mut dice) = (whole.clone(), Dice::new(seed as u64));
        let what = damage(&mut bytes, &mut dice);
        if bytes.len() >= whole.len() {
            fs::write(work.join("valiza.db-wal"), &bytes).unwrap();
            match look::peer(&work, &key, "olena").map(|held| held.requests.len()) {
                Err(_) => outcomes.noticed += 1,
                Ok(2 | 3) => outcomes.harmless += 1,
                Ok(1) if !what.starts_with("bit") => outcomes.harmless += 1,
                Ok(held) => outcomes.silent.push(format!("seed {seed}: {what}: {held} of 3 are left")),
            }
        }
        fs::remove_dir_all(&work).unwrap();
    }
    outcomes
}

fn desk_damages(count: usize) -> Outcomes {
    let mut town = town();
    town.apart.stop_desk();
    let desk = town.apart.desk_dir.join("desk");
    let key = look::vault_key(&desk, "admin");
    let mut doors = look::Doors::default();
    damaged(&desk, count, |folder| read_peer(folder, &key, &["admin"], &mut doors))
}

fn hub_damages(count: usize) -> Outcomes {
    let mut town = town();
    town.apart.stop_hub();
    let machine = town.apart.hub_dir.clone();
    damaged(&machine, count, |folder| {
        hub_verify(folder)?;
        let mut lines = dump(&folder.join("hub/hub.db")).map_err(|error| error.to_string())?;
        lines.extend(settings(&folder.join("hub/hub.toml")).map_err(|error| error.to_string())?);
        Ok(lines)
    })
}

#[test]
fn damages_to_a_suitcase_are_noticed() {
    none_silent(suitcase_damages(100));
}

#[test]
fn damages_to_the_log_of_a_killed_suitcase_are_noticed() {
    none_silent(log_damages(100));
}

#[test]
fn damages_to_a_desk_are_noticed() {
    none_silent(desk_damages(100));
}

#[test]
fn damages_to_a_hub_are_noticed() {
    none_silent(hub_damages(150));
}

#[test]
#[ignore = "minutes: damages by the thousand"]
fn many_damages_are_noticed() {
    none_silent(suitcase_damages(700));
    none_silent(log_damages(400));
    none_silent(desk_damages(500));
    none_silent(hub_damages(1_000));
}
