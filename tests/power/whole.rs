//! One community that lives through cut after cut: the real programs die at their 1st, 2nd, … call until a run has no
//! cut, the folder holds what the cut left, and they go on. At the end everything that was acknowledged is at the
//! centre, each once.

use super::disk::Disk;
use super::disk::Drive;
use super::film::{journal_of, put_back, quick_folder};
use super::hub;
use super::interposer::{self, Mischief, watch};
use super::journal::Step;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use valiza_tests::apart::Apart;
use valiza_tests::programs::{Said, Suitcase, form, wait_for};

/// The seed of all cuts here.
const SEED: u64 = 3;
/// Surnames in turn: one person may ask for many things.
const NAMES: [&str; 4] = ["Коваленко", "Гук", "Їжак", "Ґалаґан"];

/// Ends a run at a call; gives back what was left in the folder instead of what the machine's own disk holds. True if
/// the power went before the program's end.
pub fn after_cut(before: Disk, folder: &Path, step: u64) -> bool {
    let journal = journal_of(folder);
    let steps = interposer::steps(&journal);
    std::fs::remove_file(&journal).unwrap();
    let cut = steps.contains(&Step::Off);
    if cut {
        let (dir, mut disk) = (quick_folder(), before);
        steps.iter().for_each(|step| disk.follow(step));
        disk.cut(SEED + step % 5, step, &dir.path().join("left"));
        put_back(&dir.path().join("left"), folder);
    }
    cut
}

pub fn at(cut: u64) -> Mischief {
    Mischief { cut: Some(cut), fault: None }
}

fn watched(suitcase: &Suitcase, arguments: &[&str], cut: u64) -> (Said, bool) {
    let before = Disk::of(&suitcase.dir, Drive::Honest);
    let mut command = suitcase.command();
    watch(command.args(arguments), &suitcase.dir, &journal_of(&suitcase.dir), &at(cut));
    let said = Said::from(command.output().unwrap());
    let was_cut = after_cut(before, &suitcase.dir, cut);
    assert_eq!(was_cut, said.code == Some(137), "{said:?}");
    (said, was_cut)
}

/// Everything that was promised is in the queue once, and the suitcases know that it is at the centre.
pub fn all_arrives(apart: &Apart, suitcases: &[&Suitcase], promised: &BTreeSet<String>) {
    let rows = wait_for(|| {
        suitcases.iter().for_each(|suitcase| drop(suitcase.sync()));
        let told = apart.desk_call(&["queue", "--group", "all", "--size", "500", "--json"]).json();
        let rows: Vec<String> = told["requests"].as_array()?.iter().filter_map(number).collect();
        let held: usize = suitcases.iter().map(|suitcase| suitcase.list().len()).sum();
        (rows.len() == held).then_some(rows)
    });
    let numbers: BTreeSet<String> = rows.iter().cloned().collect();
    assert_eq!(numbers.len(), rows.len(), "each once");
    let lost: Vec<_> = promised.difference(&numbers).collect();
    assert!(lost.is_empty(), "promised and not at the centre: {lost:?}");
    for suitcase in suitcases {
        let told = wait_for(|| {
            suitcase.sync().ok();
            let told = suitcase.call(&["status", "--json"]).json();
            (told["at_centre"] == suitcase.list().len() && told["waiting_entries"] == 0).then_some(told)
        });
        assert!(told["set_aside"].as_array().is_some_and(Vec::is_empty), "{told}");
        assert!(told["refusals"].as_array().is_some_and(Vec::is_empty), "{told}");
        suitcase.call(&["verify"]).ok();
    }
    apart.desk_call(&["verify"]).ok();
    wait_for(|| {
        let told = apart.desk_call(&["status", "--json"]).json();
        (told["waiting_entries"] == 0 && told["trouble"].is_null()).then_some(())
    });
    apart.hub_call(&["hub-verify"]).ok();
}

fn number(row: &serde_json::Value) -> Option<String> {
    row["number"].as_str().map(str::to_owned)
}

/// How many cuts there were.
fn suitcase_lives_on(stride: u64) -> u64 {
    let (mut apart, [suitcase, _]) = hub::scene();
    apart.start();
    let path = apart.root().join("form");
    std::fs::write(&path, form(NAMES[0]).to_string()).unwrap();
    let (record, mut promised, mut cuts) = (["record", path.to_str().unwrap()], BTreeSet::new(), 0);
    for (arguments, first) in [(&record[..], 1), (&["sync"], 1), (&["passphrase", "change"], 1)] {
        // What is exchanged is there to be lost.
        let file = apart.root().join("passphrase").display().to_string();
        let more = ["--new-passphrase-file", file.as_str()];
        let arguments = if arguments.len() == 2 && arguments[1] == "change" {
            [arguments, &more].concat()
        } else {
            arguments.to_vec()
        };
        let mut cut = first;
        loop {
            if arguments[0] == "sync" {
                promised.insert(suitcase.record(&form(NAMES[1])));
            }
            let (said, was_cut) = watched(&suitcase, &arguments, cut);
            if arguments[0] == "record" {
                promised.extend(said.out.lines().map(str::to_owned));
            }
            suitcase.call(&["list"]).ok();
            if !was_cut {
                said.ok();
                break;
            }
            (cut, cuts) = (cut + stride, cuts + 1);
        }
    }
    all_arrives(&apart, &[&suitcase], &promised);
    cuts
}

/// Starts a program that may die at any moment; `None` if it did before it said that it is ready.
pub fn started(command: &mut Command, log: &Path) -> (Child, bool) {
    let log = std::fs::File::options().create(true).append(true).open(log).unwrap();
    let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let (mut output, mut line) = (BufReader::new(child.stdout.take().unwrap()), String::new());
    output.read_line(&mut line).unwrap();
    // Kept open for the program's life.
    std::mem::forget(output);
    (child, !line.is_empty())
}

/// Waits for its end for a while, or makes one.
pub fn ended(mut child: Child, patience: Duration) {
    let until = Instant::now() + patience;
    while Instant::now() < until && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    child.wait().unwrap();
}

fn hub_lives_on(stride: u64) -> u64 {
    let (mut apart, [suitcase, _]) = hub::scene();
    apart.start_desk();
    let (machine, journal) = (apart.hub_dir.clone(), journal_of(&apart.hub_dir));
    let (mut promised, mut cut, mut cuts) = (BTreeSet::new(), 1, 0);
    loop {
        promised.insert(suitcase.record(&form(NAMES[cuts as usize % 4])));
        let before = Disk::of(&machine, Drive::Honest);
        let mut command = apart.hub_command();
        watch(&mut command, &machine, &journal, &at(cut));
        let (child, ready) = started(&mut command, &apart.log());
        if ready {
            suitcase.sync();
        }
        ended(child, Duration::ZERO);
        if !after_cut(before, &machine, cut) {
            break;
        }
        (cut, cuts) = (cut + stride, cuts + 1);
    }
    apart.start_hub();
    all_arrives(&apart, &[&suitcase], &promised);
    cuts
}

fn desk_lives_on(stride: u64) -> u64 {
    let (mut apart, [suitcase, _]) = hub::scene();
    apart.start_hub();
    let (machine, journal) = (apart.desk_dir.clone(), journal_of(&apart.desk_dir));
    let (mut promised, mut cut, mut cuts) = (BTreeSet::new(), 1, 0);
    loop {
        let number = suitcase.record(&form(NAMES[cuts as usize % 4]));
        suitcase.sync().ok();
        let before = Disk::of(&machine, Drive::Honest);
        let mut command = apart.desk_command();
        watch(&mut command, &machine, &journal, &at(cut));
        let (mut child, ready) = started(&mut command, &apart.log());
        let until = Instant::now() + Duration::from_secs(20);
        while ready && Instant::now() < until && child.try_wait().unwrap().is_none() {
            if apart.desk_call(&["answer", &number, "accept"]).code == Some(0) {
                break;
            }
        }
        ended(child, Duration::from_millis(if ready { 300 } else { 0 }));
        promised.insert(number);
        if !after_cut(before, &machine, cut) {
            break;
        }
        (cut, cuts) = (cut + stride, cuts + 1);
    }
    apart.start_desk();
    all_arrives(&apart, &[&suitcase], &promised);
    cuts
}

#[test]
fn a_suitcase_lives_through_cut_after_cut() {
    assert!(suitcase_lives_on(23) >= 6);
}

#[test]
#[ignore = "minutes: every cut of every program"]
fn all_live_through_every_cut() {
    let cuts = [suitcase_lives_on(1), hub_lives_on(1), desk_lives_on(3)];
    println!("{cuts:?} cuts of suitcase, hub, desk");
    assert!(cuts.iter().sum::<u64>() >= 200);
}

#[test]
fn a_hub_lives_through_cut_after_cut() {
    assert!(hub_lives_on(3) >= 5);
}

#[test]
fn a_desk_lives_through_cut_after_cut() {
    assert!(desk_lives_on(41) >= 4);
}
