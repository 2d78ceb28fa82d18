//! The desk: it absorbs, answers and writes verdicts, and the power goes at every step of it.

use super::disk::Drive;
use super::film::{Film, Mark, journal_of};
use super::interposer::{Mischief, watch};
use super::{Tally, hub, look, nothing_lost};
use std::ops::Range;
use valiza_tests::programs::{form, wait_for};

/// What a clerk was told, or the hub was given, when the desk had come so far.
struct Promise {
    mark: Mark,
    /// Number and state.
    requests: Vec<(String, &'static str)>,
    /// How far the hub holds the desk's chain.
    end: u64,
}

fn work(drive: Drive, seeds: Range<u64>, stride: u64) -> (Tally, Vec<String>) {
    let (mut apart, [suitcase, _]) = hub::scene();
    let (machine, journal) = (apart.desk_dir.clone(), journal_of(&apart.desk_dir));
    let key = look::vault_key(&machine.join("desk"), "admin");
    let own = look::peer(&machine.join("desk"), &key, "admin").unwrap().chain.unwrap();
    apart.start_hub();
    let mut film = Film::of(&machine, drive);
    let mut command = apart.desk_command();
    watch(&mut command, &machine, &journal, &Mischief::default());
    apart.start_desk_with(command);
    let numbers: Vec<String> = ["Коваленко", "Гук"].map(|last| suitcase.record(&form(last))).into();
    suitcase.sync().ok();
    apart.queue_of(2);
    let mut promises: Vec<Promise> = Vec::new();
    let mut answered = Vec::new();
    for (number, answer, state) in [(&numbers[0], "accept", "in_work"), (&numbers[1], "accept", "in_work")] {
        apart.desk_call(&["answer", number, answer]).ok();
        answered.push((number.clone(), state));
        // At rest: nothing waits to be sent.
        wait_for(|| (apart.desk_call(&["status", "--json"]).json()["waiting_entries"] == 0).then_some(()));
        let held = look::running_hub(&apart.hub_dir.join("hub"));
        promises.push(Promise { mark: Mark::now(&journal), requests: answered.clone(), end: held[&own] });
    }
    apart.stop_desk();
    film.add(&journal);
    film.look((seeds, stride), |picture, moment| {
        let held = look::peer(&picture.join("desk"), &key, "admin")?;
        let Some(due) = promises.iter().rev().find(|promise| moment.is_past(&promise.mark)) else { return Ok(()) };
        let lost = due.requests.iter().find(|(number, state)| held.requests.get(number).is_none_or(|is| is != state));
        match lost {
            Some((number, state)) => Err(format!("{number} was {state}, now {:?}", held.requests.get(number))),
            None if held.end < due.end => Err(format!("the chain ends at {}, the hub holds {}", held.end, due.end)),
            None => Ok(()),
        }
    })
}

#[test]
fn what_the_desk_decided_survives_every_cut() {
    nothing_lost(work(Drive::Honest, 0..2, 2), 150);
}

#[test]
#[ignore = "minutes: cuts by the thousand"]
fn what_the_desk_decided_survives_thousands_of_cuts() {
    nothing_lost(work(Drive::Honest, 2..6, 1), 1_000);
}
