//! The suitcase: a day of work, and the power goes at every step of it.

use super::disk::Drive;
use super::film::{Film, Moment, journal_of};
use super::interposer::{Mischief, watch};
use super::{look, loss_noticed, nothing_lost};
use sealing::VaultKey;
use std::path::{Path, PathBuf};
use valiza_tests::programs::{Centre, PASSPHRASE, Said, Suitcase, form};

/// The new passphrase.
const LATER: &str = "ґанок ліхтар вулик їжак череда осінь";

/// A suitcase of a running centre.
struct Scene {
    centre: Centre,
    suitcase: Suitcase,
}

impl Scene {
    fn new() -> Self {
        let centre = Centre::start();
        let suitcase = centre.suitcase(7);
        std::fs::write(centre.root().join("later"), LATER).unwrap();
        Self { centre, suitcase }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.centre.root().join(name)
    }

    fn form(&self, last: &str) -> String {
        let path = self.file(last);
        std::fs::write(&path, form(last).to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The day as a film.
    fn day(&self, drive: Drive, commands: &[&[&str]]) -> Film {
        let mut film = Film::of(&self.suitcase.dir, drive);
        commands.iter().for_each(|arguments| add(&mut film, &self.suitcase, arguments));
        film
    }
}

/// One command with the interposer under it.
fn watched(suitcase: &Suitcase, arguments: &[&str], mischief: &Mischief) -> Said {
    let mut command = suitcase.command();
    watch(command.args(arguments), &suitcase.dir, &journal_of(&suitcase.dir), mischief);
    Said::from(command.output().unwrap())
}

/// A command that succeeds becomes the film's next program.
fn add(film: &mut Film, suitcase: &Suitcase, arguments: &[&str]) {
    watched(suitcase, arguments, &Mischief::default()).ok();
    film.add(&journal_of(&suitcase.dir));
}

/// The numbers that `record` has promised by a moment.
fn promised(moment: &Moment<'_>, is_record: impl Fn(usize) -> bool) -> Vec<String> {
    let said = moment.said.iter().enumerate().filter(|(program, _)| is_record(*program));
    said.flat_map(|(_, words)| words.lines().map(str::to_owned)).collect()
}

fn all_there(folder: &Path, key: &VaultKey, promised: &[String]) -> Result<look::Held, String> {
    let held = look::peer(folder, key, "olena")?;
    match promised.iter().find(|number| !held.requests.contains_key(*number)) {
        Some(number) => Err(format!("{number} was promised and is gone")),
        None => Ok(held),
    }
}

/// Records, a correction, an exchange, another record.
fn work(drive: Drive, seeds: std::ops::Range<u64>, stride: u64) -> (super::Tally, Vec<String>) {
    let scene = Scene::new();
    let (one, two, three) = (scene.form("Коваленко"), scene.form("Гук"), scene.form("Їжак"));
    let commands: [&[&str]; 5] = [&["record", &one], &["record", &two], &["sync"], &["record", &three], &["sync"]];
    let film = scene.day(drive, &commands);
    let key = look::vault_key(&scene.suitcase.dir, "olena");
    // What had been sent must not be forgotten: the number would be given out again.
    let mut sent = [0; 5];
    film.look((seeds, stride), |picture, moment| {
        let numbers = promised(moment, |program| commands[program][0] == "record");
        let held = all_there(picture, &key, &numbers)?;
        if commands[moment.program][0] == "sync" && moment.sent > 0 {
            sent[moment.program] = sent[moment.program].max(held.end);
        }
        let floor = sent[..moment.program].iter().max().copied().unwrap_or(0);
        if held.end < floor { Err(format!("the chain ends at {}, sent was {floor}", held.end)) } else { Ok(()) }
    })
}

#[test]
fn what_was_recorded_survives_every_cut() {
    nothing_lost(work(Drive::Honest, 0..2, 1), 500);
}

#[test]
#[ignore = "minutes: cuts by the thousand"]
fn what_was_recorded_survives_thousands_of_cuts() {
    nothing_lost(work(Drive::Honest, 3..9, 1), 2_400);
}

#[test]
fn a_drive_that_lies_is_noticed() {
    loss_noticed(work(Drive::SyncsNothing, 0..1, 9));
    loss_noticed(work(Drive::SyncsNoLog, 0..1, 9));
}

#[test]
fn a_changed_vault_opens_after_every_cut() {
    let scene = Scene::new();
    let later = Suitcase { passphrase: scene.file("later"), ..scene.suitcase.clone() };
    let file = later.passphrase.to_str().unwrap();
    let commands: [&[&str]; 2] = [
        &["officer", "add", "ivan", "--name", "Іван", "--new-passphrase-file", file],
        &["passphrase", "change", "--new-passphrase-file", file],
    ];
    let key = look::vault_key(&scene.suitcase.dir, "olena");
    let mut film = scene.day(Drive::Honest, &commands);
    add(&mut film, &later, &["officer", "remove", "ivan"]);
    let mut doors = look::Doors::default();
    let found = film.look((0..4, 1), |picture, moment| {
        all_there(picture, &key, &[])?;
        let said = |program: usize| moment.said[program].contains("/");
        let (old, new) = (doors.open(picture, "olena", PASSPHRASE)?, doors.open(picture, "olena", LATER)?);
        let ivan = doors.open(picture, "ivan", LATER)?;
        match () {
            () if !old && !new => Err("neither passphrase opens".to_owned()),
            () if said(1) && old => Err("the old passphrase opens after the change was said".to_owned()),
            () if said(0) && moment.program < 2 && !ivan => Err("the officer was added and is gone".to_owned()),
            () if said(2) && ivan => Err("the officer was removed and is back".to_owned()),
            () => Ok(()),
        }
    });
    nothing_lost(found, 50);
}
