//! New keys of the desk: the power goes at every step from `begin` to the destruction of the old ones. Either key set
//! that a cut leaves is whole, what was said to be begun or destroyed is, and nothing that a clerk was told is lost.

use super::disk::{Disk, Drive};
use super::film::{Film, Mark, journal_of};
use super::interposer::{Mischief, watch};
use super::whole::{after_cut, all_arrives, at, ended, started};
use super::{Tally, hub, look, nothing_lost};
use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;
use valiza_tests::apart::Apart;
use valiza_tests::programs::{Said, form, wait_for};

/// How far the keys are, as an administrator was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    Old,
    Begun,
    Destroyed,
}

struct Promise {
    mark: Mark,
    told: Told,
    /// Numbers with states.
    requests: Vec<(String, &'static str)>,
}

fn begin(apart: &Apart) -> Said {
    let words = apart.root().join("words");
    apart.desk_call(&["rotate-keys", "begin", "--words-file", words.to_str().unwrap()])
}

fn at_rest(apart: &Apart) {
    wait_for(|| (apart.desk_call(&["status", "--json"]).json()["waiting_entries"] == 0).then_some(()));
}

/// Everything is told again and the hub has it; suitcases know the new key.
fn is_ready(apart: &Apart) -> bool {
    let told = apart.desk_call(&["rotate-keys", "status", "--json"]).json();
    told["facts_left"] == 0 && told["keys_left"] == 0 && told["waits_for"] == serde_json::json!([])
}

fn film(seeds: Range<u64>, stride: u64) -> (Tally, Vec<String>) {
    let (mut apart, [seven, eight]) = hub::scene();
    let (machine, journal) = (apart.desk_dir.clone(), journal_of(&apart.desk_dir));
    let key = look::vault_key(&machine.join("desk"), "admin");
    let first = look::peer(&machine.join("desk"), &key, "admin").unwrap().chain;
    apart.start_hub();
    let mut film = Film::of(&machine, Drive::Honest);
    let mut command = apart.desk_command();
    watch(&mut command, &machine, &journal, &Mischief::default());
    apart.start_desk_with(command);
    let numbers: Vec<String> = ["Коваленко", "Гук"].map(|last| seven.record(&form(last))).into();
    seven.sync().ok();
    apart.queue_of(2);
    let (mut promises, mut answered) = (Vec::new(), Vec::new());
    let mut promise = |apart: &Apart, told: Told, answer: Option<&String>| {
        if let Some(number) = answer {
            apart.desk_call(&["answer", number, "accept"]).ok();
            answered.push((number.clone(), "in_work"));
        }
        at_rest(apart);
        promises.push(Promise { mark: Mark::now(&journal), told, requests: answered.clone() });
    };
    promise(&apart, Told::Old, Some(&numbers[0]));
    begin(&apart).ok();
    promise(&apart, Told::Begun, Some(&numbers[1]));
    wait_for(|| {
        [&seven, &eight].into_iter().for_each(|suitcase| drop(suitcase.sync().ok()));
        is_ready(&apart).then_some(())
    });
    wait_for(|| (apart.desk_call(&["rotate-keys", "finish"]).code == Some(0)).then_some(()));
    promise(&apart, Told::Destroyed, None);
    apart.stop_desk();
    film.add(&journal);
    film.look((seeds, stride), |picture, moment| {
        let held = look::peer(&picture.join("desk"), &key, "admin")?;
        // Old keys go when new ones are there, and no state lies between.
        let is = match (held.chain == first, held.rotates, held.old_secrets) {
            (true, false, 0) => Told::Old,
            (false, true, 1) => Told::Begun,
            (false, false, 0) => Told::Destroyed,
            state => return Err(format!("keys of before, rotating, old secrets: {state:?}")),
        };
        let Some(due) = promises.iter().rev().find(|promise| moment.is_past(&promise.mark)) else { return Ok(()) };
        if is < due.told {
            return Err(format!("{:?} was said, and it is {is:?}", due.told));
        }
        let lost = due.requests.iter().find(|(number, state)| held.requests.get(number).is_none_or(|is| is != state));
        lost.map_or(Ok(()), |(number, state)| Err(format!("{number} was {state}: {:?}", held.requests.get(number))))
    })
}

#[test]
fn new_keys_survive_every_cut() {
    nothing_lost(film(0..2, 3), 150);
}

#[test]
#[ignore = "minutes: cuts by the thousand"]
fn new_keys_survive_thousands_of_cuts() {
    nothing_lost(film(2..8, 1), 1_500);
}

/// One step of a rotation, until a run of the desk has no cut. Gives back how many cuts there were.
fn step(apart: &mut Apart, stride: u64, mut act: impl FnMut(&Apart) -> bool) -> u64 {
    let (machine, journal) = (apart.desk_dir.clone(), journal_of(&apart.desk_dir));
    let (mut cut, mut cuts) = (1, 0);
    loop {
        let before = Disk::of(&machine, Drive::Honest);
        let mut command = apart.desk_command();
        watch(&mut command, &machine, &journal, &at(cut));
        let (mut child, ready) = started(&mut command, &apart.log());
        let mut done = false;
        let until = std::time::Instant::now() + Duration::from_secs(30);
        while ready && !done && std::time::Instant::now() < until && child.try_wait().unwrap().is_none() {
            done = act(apart);
        }
        ended(child, Duration::from_millis(if ready { 300 } else { 0 }));
        if !after_cut(before, &machine, cut) {
            assert!(done, "the step came to no end without a cut, either");
            return cuts;
        }
        (cut, cuts) = (cut + stride, cuts + 1);
    }
}

fn rotation_lives_on(stride: u64) -> u64 {
    let (mut apart, [seven, eight]) = hub::scene();
    apart.start_hub();
    let promised: BTreeSet<String> = ["Коваленко", "Гук"].map(|last| seven.record(&form(last))).into();
    seven.sync().ok();
    // A second `begin` after a cut says that it is begun, and changes nothing.
    let begun = step(&mut apart, stride, |apart| {
        let said = begin(apart);
        said.code == Some(0) || said.err.contains("вже розпочато")
    });
    let finished = step(&mut apart, stride, |apart| {
        [&seven, &eight].into_iter().for_each(|suitcase| drop(suitcase.sync()));
        let said = apart.desk_call(&["rotate-keys", "finish"]);
        said.code == Some(0) || said.err.contains("не розпочато")
    });
    apart.start_desk();
    let told = apart.desk_call(&["rotate-keys", "status", "--json"]).json();
    assert_eq!(told["rotating"], false, "{told}");
    all_arrives(&apart, &[&seven, &eight], &promised);
    begun + finished
}

#[test]
fn a_rotation_lives_through_cut_after_cut() {
    assert!(rotation_lives_on(61) >= 4);
}

#[test]
#[ignore = "minutes: many cuts of a rotation"]
fn a_rotation_lives_through_many_cuts() {
    let cuts = rotation_lives_on(5);
    println!("{cuts} cuts");
    assert!(cuts >= 25);
}
