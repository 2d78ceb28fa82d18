//! Damages that no program did: bits that flip, sectors that are zero, pages in each other's place, files cut short or
//! grown. Each is noticed when the file is opened or checked, or has hit bytes that nobody uses: then everything that
//! can be read is as it was.

use super::disk::Drive;
use super::film::{Film, copy, journal_of, quick_folder};
use super::interposer::{Mischief, watch};
use super::rot::{Became, Tally};
use super::{hub, look};
use rusqlite::{Connection, OpenFlags};
use sealing::VaultKey;
use std::fs;
use std::path::Path;
use std::process::Command;
use valiza_tests::apart::Apart;
use valiza_tests::programs::{Said, Suitcase, form, program, wait_for};

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

/// Damages to every file of a suitcase.
fn suitcase(mut tally: Tally, count: usize) -> Tally {
    let town = town();
    let key = look::vault_key(&town.suitcase.dir, "olena");
    let mut doors = look::Doors::default();
    tally.damage_files(&town.suitcase.dir, count, |folder| read_peer(folder, &key, &["olena", "ivan"], &mut doors));
    tally
}

/// Damages to the log that a killed suitcase has left, by what became of three requests in it.
fn suitcase_log(mut tally: Tally, count: usize) -> Tally {
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
    let left = dir.path().join("left");
    film.when_said(said.out.lines().last().unwrap(), &left);
    peer_log(&mut tally, &left, count, |work| look::peer(work, &key, "olena").map(|held| held.requests.len()));
    tally
}

/// Damages to the log that a killed desk has left, by what became of three requests that were accepted.
fn desk_log(mut tally: Tally, count: usize) -> Tally {
    let (mut apart, [suitcase, _]) = hub::scene();
    let (machine, journal) = (apart.desk_dir.clone(), journal_of(&apart.desk_dir));
    let key = look::vault_key(&machine.join("desk"), "admin");
    apart.start_hub();
    apart.start_desk();
    let numbers = ["Коваленко", "Гук", "Їжак"].map(|last| suitcase.record(&form(last)));
    suitcase.sync().ok();
    apart.queue_of(3);
    apart.stop_desk();
    let mut film = Film::of(&machine, Drive::Honest);
    let mut command = apart.desk_command();
    watch(&mut command, &machine, &journal, &Mischief::default());
    apart.start_desk_with(command);
    for number in &numbers {
        apart.desk_call(&["answer", number, "accept"]).ok();
    }
    // As the power ends it: the log is what it was.
    drop(apart.desk.take());
    film.add(&journal);
    let dir = quick_folder();
    let whole = dir.path().join("whole");
    film.end(1, &whole);
    let accepted = |held: look::Held| held.requests.values().filter(|state| *state == "in_work").count();
    peer_log(&mut tally, &whole.join("desk"), count, |work| look::peer(work, &key, "admin").map(accepted));
    tally
}

/// Three things were done one after the other. The last commit may go: it looks like one that the power cut short. Where
/// more than a bit is hit, the mark between the last two may be gone, and both look like one. A log that is shorter looks
/// so, too, whatever it lacks: of that the next exchange tells, and here only that what is left is whole.
fn peer_log(tally: &mut Tally, left: &Path, count: usize, look: impl Fn(&Path) -> Result<usize, String>) {
    assert_eq!(
        look(&{
            let dir = left.with_extension("looked");
            copy(left, &dir);
            dir
        }),
        Ok(3)
    );
    for seed in tally.next()..count {
        tally.try_one(&left.with_extension("work"), left, Path::new("valiza.db-wal"), seed, |work, _| {
            let shorter = fs::metadata(work.join("valiza.db-wal")).unwrap().len()
                < fs::metadata(left.join("valiza.db-wal")).unwrap().len();
            let bit = is_bit(&work.join("valiza.db-wal"), &left.join("valiza.db-wal"));
            match look(work) {
                Err(_) => (Became::Noticed, String::new()),
                Ok(2 | 3) => (Became::Harmless, String::new()),
                Ok(1) if !bit => (Became::Harmless, String::new()),
                Ok(_) if shorter => (Became::Harmless, String::new()),
                Ok(held) => (Became::Silent, format!(": {held} of 3 are left")),
            }
        });
    }
}

/// Whether two files differ in one byte alone.
fn is_bit(one: &Path, other: &Path) -> bool {
    let (one, other) = (fs::read(one).unwrap(), fs::read(other).unwrap());
    one.len() == other.len() && one.iter().zip(&other).filter(|(one, other)| one != other).count() <= 1
}

/// Damages to the log that a killed hub has left. Its marker knows how far it had come, so nothing goes unnoticed.
fn hub_log(mut tally: Tally, count: usize) -> Tally {
    let (mut apart, suitcases) = hub::scene();
    apart.start_hub();
    for (turn, last) in ["Коваленко", "Гук", "Їжак"].into_iter().enumerate() {
        suitcases[turn % 2].record(&form(last));
        suitcases[turn % 2].sync().ok();
    }
    let machine = apart.hub_dir.clone();
    // The marker is written every few seconds.
    wait_for(|| {
        let lines = dump(&machine.join("hub/hub.db")).ok()?;
        let position: u64 =
            lines.iter().find_map(|line| line.split("Integer(").nth(2)?.split(')').next()?.parse().ok())?;
        (marker(&machine)? == position).then_some(())
    });
    drop(apart.hub.take());
    assert!(fs::metadata(machine.join("hub/hub.db-wal")).unwrap().len() > 0);
    let dir = quick_folder();
    let whole = dir.path().join("whole");
    copy(&machine, &whole);
    let expected = read_hub(&whole).expect("as it was left it is whole");
    for seed in tally.next()..count {
        let name = Path::new("hub/hub.db-wal");
        tally.try_one(&dir.path().join("work"), &machine, name, seed, |work, _| match read_hub(work) {
            Err(_) => (Became::Noticed, String::new()),
            Ok(found) if found == expected => (Became::Harmless, String::new()),
            Ok(found) => (Became::Silent, format!(": {} of {} rows are left", found.len(), expected.len())),
        });
    }
    tally
}

/// How many entries a hub's marker says.
fn marker(machine: &Path) -> Option<u64> {
    let text = fs::read_to_string(machine.join("hub/hub.marker")).ok()?;
    ::hub::Marker::from_text(&text).ok().map(|marker| marker.positions)
}

fn desk(mut tally: Tally, count: usize) -> Tally {
    let mut town = town();
    town.apart.stop_desk();
    let desk = town.apart.desk_dir.join("desk");
    let key = look::vault_key(&desk, "admin");
    let mut doors = look::Doors::default();
    tally.damage_files(&desk, count, |folder| read_peer(folder, &key, &["admin"], &mut doors));
    tally
}

/// Everything that a hub's machine tells.
fn read_hub(machine: &Path) -> Result<Vec<String>, String> {
    hub_verify(machine)?;
    let mut lines = dump(&machine.join("hub/hub.db")).map_err(|error| error.to_string())?;
    lines.extend(settings(&machine.join("hub/hub.toml")).map_err(|error| error.to_string())?);
    Ok(lines)
}

fn hub_files(mut tally: Tally, count: usize) -> Tally {
    let mut town = town();
    town.apart.stop_hub();
    let machine = town.apart.hub_dir.clone();
    // Into the file itself: the log has damages of its own.
    let connection = Connection::open(machine.join("hub/hub.db")).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    connection.close().unwrap();
    tally.damage_files(&machine, count, read_hub);
    tally
}

/// So many damages of one kind of scene, from where the tally stands.
type Run = fn(Tally, usize) -> Tally;

#[test]
fn damages_to_a_suitcase_are_noticed() {
    suitcase(Tally::new("suitcase"), 100).none_silent(100);
}

#[test]
fn damages_to_the_log_of_a_killed_suitcase_are_noticed() {
    suitcase_log(Tally::new("suitcase's log"), 80).none_silent(80);
}

#[test]
fn damages_to_a_desk_are_noticed() {
    desk(Tally::new("desk"), 100).none_silent(100);
}

#[test]
fn damages_to_the_log_of_a_killed_desk_are_noticed() {
    desk_log(Tally::new("desk's log"), 60).none_silent(60);
}

#[test]
fn damages_to_a_hub_are_noticed() {
    hub_files(Tally::new("hub"), 150).none_silent(150);
}

#[test]
fn damages_to_the_log_of_a_killed_hub_are_noticed() {
    hub_log(Tally::new("hub's log"), 60).none_silent(60);
}

#[test]
#[ignore = "minutes: two thousand damages; goes on where it was stopped"]
fn two_thousand_damages_are_noticed() {
    let runs: [(&str, Run, usize); 6] = [
        ("suitcase", suitcase, 450),
        ("suitcase's log", suitcase_log, 200),
        ("desk", desk, 450),
        ("desk's log", desk_log, 200),
        ("hub", hub_files, 500),
        ("hub's log", hub_log, 200),
    ];
    assert_eq!(runs.iter().map(|(_, _, count)| count).sum::<usize>(), 2_000);
    let done = runs.map(|(of, run, count)| {
        let tally = run(Tally::kept(of), count);
        tally.none_silent(count);
        tally
    });
    done.iter().for_each(Tally::forget);
}
