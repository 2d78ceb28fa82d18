//! Folders that come about: a centre is founded, a laptop becomes a suitcase, a backup is made and brought back. Once
//! it is said that they are there, they are there; and what a cut leaves of a beginning is in nobody's way.

use super::disk::Drive;
use super::film::{Film, Moment, journal_of};
use super::interposer::{Mischief, watch};
use super::{Tally, look, loss_noticed, nothing_lost};
use desk::app::backup;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use valiza_tests::programs::{Centre, PASSPHRASE, Said, program};

/// A machine's folder and the file with everybody's passphrase.
struct Machine {
    root: TempDir,
}

impl Machine {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("machine")).unwrap();
        std::fs::write(root.path().join("passphrase"), PASSPHRASE).unwrap();
        Self { root }
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join("machine")
    }

    fn at(&self, name: &str) -> String {
        self.folder().join(name).display().to_string()
    }

    fn film(&self, drive: Drive) -> Film {
        Film::of(&self.folder(), drive)
    }

    /// A command of `sync-server` over the centre on this machine becomes the film's next program.
    fn shoot(&self, film: &mut Film, arguments: &[&str]) {
        let mut command = Command::new(program("sync-server"));
        command.args(["--login", "admin", "--fast-kdf", "--passphrase-file"]).arg(self.root.path().join("passphrase"));
        watch(command.args(arguments), &self.folder(), &journal_of(&self.folder()), &Mischief::default());
        Said::from(command.output().unwrap()).ok();
        film.add(&journal_of(&self.folder()));
    }

    fn init<'a>(&self, centre: &'a str, words: &'a str) -> [&'a str; 7] {
        ["init", "--name", "Громада", "--dir", centre, "--words-out", words]
    }
}

fn said(moment: &Moment<'_>, program: usize) -> bool {
    !moment.said[program].is_empty()
}

fn founded(drive: Drive) -> (Tally, Vec<String>) {
    let machine = Machine::new();
    let mut film = machine.film(drive);
    let (centre, words) = (machine.at("deep/centre"), machine.at("words"));
    machine.shoot(&mut film, &machine.init(&centre, &words));
    let key = look::vault_key(Path::new(&centre).join("desk").as_path(), "admin");
    film.look((0..6, 1), |picture, moment| {
        let (desk, hub) = (picture.join("deep/centre/desk"), picture.join("deep/centre/hub"));
        if desk.join("vault").exists() {
            look::peer(&desk, &key, "admin")?;
        }
        if !said(moment, 0) {
            return Ok(());
        }
        let words = std::fs::read_to_string(picture.join("words")).unwrap_or_default();
        let lines = words.lines().filter(|line| !line.starts_with('#')).count();
        let files = ["hub.toml", "hub.key", "hub.crt"];
        let missing =
            files.into_iter().find(|name| !std::fs::metadata(hub.join(name)).is_ok_and(|file| file.len() > 0));
        match missing {
            _ if lines != 24 => Err(format!("{lines} words of the kit are left")),
            _ if !desk.join("vault").exists() => Err("the desk is gone".to_owned()),
            Some(name) => Err(format!("{name} is gone")),
            None => Ok(()),
        }
    })
}

#[test]
fn a_centre_that_was_founded_is_there_after_every_cut() {
    nothing_lost(founded(Drive::Honest), 100);
}

#[test]
fn a_folder_that_is_not_synced_is_noticed() {
    loss_noticed(founded(Drive::SyncsNoFolder));
}

#[test]
fn a_suitcase_that_was_enrolled_is_there_after_every_cut() {
    let (centre, machine) = (Centre::start(), Machine::new());
    let invitation = machine.root.path().join("invitation");
    let path = invitation.to_str().unwrap();
    centre.call(&["invite", "--number", "7", "--out", path]).ok();
    let mut film = machine.film(Drive::Honest);
    let dir = machine.folder().join("deep/suitcase");
    let mut command = Command::new(program("field-agent"));
    command.args(["--login", "olena", "--dir"]).arg(&dir).arg("--passphrase-file").arg(centre.passphrase());
    command.args(["enrol", "--invitation-file", path, "--name", "Ноутбук", "--officer-name", "Олена", "--fast-kdf"]);
    watch(&mut command, &machine.folder(), &journal_of(&machine.folder()), &Mischief::default());
    Said::from(command.output().unwrap()).ok();
    film.add(&journal_of(&machine.folder()));
    let key = look::vault_key(&dir, "olena");
    let found = film.look((0..4, 1), |picture, moment| {
        let dir = picture.join("deep/suitcase");
        match dir.join("vault").exists() {
            true => look::peer(&dir, &key, "olena").map(|_| ()),
            false if moment.said[0].contains("готова") => Err("the suitcase is gone".to_owned()),
            // The centre would hear of two laptops.
            false if moment.sent > 0 => Err("the centre was asked by a suitcase that is gone".to_owned()),
            false => Ok(()),
        }
    });
    nothing_lost(found, 100);
}

#[test]
fn a_backup_that_was_made_and_a_centre_that_was_restored_are_there_after_every_cut() {
    let machine = Machine::new();
    let (centre, words) = (machine.at("centre"), machine.at("words"));
    machine.shoot(&mut machine.film(Drive::Honest), &machine.init(&centre, &words));
    let mut film = machine.film(Drive::Honest);
    let (backup, new) = (machine.at("deep/backups/one"), machine.at("far/new"));
    machine.shoot(&mut film, &["backup", "--dir", &centre, "--out", &backup]);
    machine.shoot(&mut film, &["restore", "--dir", &new, "--from", &backup]);
    let key = look::vault_key(&Path::new(&centre).join("desk"), "admin");
    let found = film.look((0..4, 1), |picture, moment| {
        let backup = picture.join("deep/backups/one");
        if said(moment, 0) || backup.exists() {
            let checked = backup::check(&backup).map_err(|error| format!("the backup: {error}"))?;
            if !checked.faults.is_empty() {
                return Err(format!("the backup: {:?}", checked.faults));
            }
        }
        let new = picture.join("far/new");
        if said(moment, 1) || new.join("desk").exists() {
            look::peer(&new.join("desk"), &key, "admin")?;
            if !new.join("desk/restored").exists() {
                return Err("the desk does not know that it was restored".to_owned());
            }
        }
        if said(moment, 1) && !new.join("hub/hub.toml").exists() {
            return Err("the hub is gone".to_owned());
        }
        Ok(())
    });
    nothing_lost(found, 100);
}
