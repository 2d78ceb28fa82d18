//! The hub: it takes suitcases' work in, and the power goes at every step of it. What it anchored it must hold.

use super::disk::Drive;
use super::film::{Film, Mark, journal_of};
use super::interposer::{Mischief, watch};
use super::look::{self, Heads};
use super::{Tally, loss_noticed, nothing_lost};
use std::ops::Range;
use valiza_tests::apart::Apart;
use valiza_tests::programs::{Suitcase, form};

/// Two suitcases that a centre has certified; nothing runs.
pub fn scene() -> (Apart, [Suitcase; 2]) {
    let mut apart = Apart::found();
    apart.accept();
    apart.start();
    let suitcases = [apart.suitcase(7), apart.suitcase(8)];
    apart.stop_desk();
    apart.stop_hub();
    (apart, suitcases)
}

/// Exchanges of two suitcases with a hub that then ends, and what it had promised when.
fn exchanges(drive: Drive, seeds: Range<u64>, stride: u64) -> (Tally, Vec<String>) {
    let (mut apart, suitcases) = scene();
    let mut film = Film::of(&apart.hub_dir, drive);
    let (machine, journal) = (apart.hub_dir.clone(), journal_of(&apart.hub_dir));
    let mut command = apart.hub_command();
    watch(&mut command, &machine, &journal, &Mischief::default());
    apart.start_hub_with(command);
    let mut promises: Vec<(Mark, Heads)> = Vec::new();
    for (turn, last) in ["Коваленко", "Гук", "Їжак", "Ґалаґан"].into_iter().enumerate() {
        let suitcase = &suitcases[turn % 2];
        suitcase.record(&form(last));
        suitcase.sync().ok();
        promises.push((Mark::now(&journal), look::running_hub(&machine.join("hub"))));
    }
    apart.stop_hub();
    film.add(&journal);
    film.look((seeds, stride), |picture, moment| {
        let held = look::hub(&picture.join("hub"))?;
        let due = promises.iter().rev().find(|(mark, _)| moment.has_sent(mark));
        due.and_then(|(_, promised)| look::shorter(&held, promised)).map_or(Ok(()), Err)
    })
}

#[test]
fn what_was_anchored_survives_every_cut() {
    nothing_lost(exchanges(Drive::Honest, 0..3, 1), 300);
}

#[test]
#[ignore = "minutes: cuts by the thousand"]
fn what_was_anchored_survives_thousands_of_cuts() {
    nothing_lost(exchanges(Drive::Honest, 3..20, 1), 1_800);
}

#[test]
fn a_drive_that_lies_is_noticed() {
    loss_noticed(exchanges(Drive::SyncsNothing, 0..2, 5));
    loss_noticed(exchanges(Drive::SyncsNoLog, 0..2, 5));
}
