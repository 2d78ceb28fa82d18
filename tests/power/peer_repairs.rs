//! The power goes while a suitcase's and a desk's database is mended with the real programs; a repair that only looks; and
//! what a repair goes by is damaged itself.

use super::disk::Drive;
use super::film::{Film, journal_of};
use super::interposer::{Mischief, watch};
use super::peer_mending::rot;
use super::{hub, look, nothing_lost};
use clock::SystemClock;
use peer::decoder::InProcess;
use peer::{Folder, Means};
use sealing::{SystemEntropy, VaultKey};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use valiza_tests::programs::{Said, form, program};

/// A repair is hundreds of steps while the new database is made, and each look into one makes it once more.
const STRIDE: u64 = 101;

/// A repair with the product's own code.
fn mended(folder: &Path, key: &VaultKey, login: &str) -> Result<(), String> {
    let (entropy, clock) = (Box::new(SystemEntropy::new()), Arc::new(SystemClock::new()));
    let means = Means { entropy, clock, decoder: Box::new(InProcess) };
    let held = Folder::hold_existing(folder).map_err(|error| format!("the folder: {error}"))?;
    peer::repair(&held, key, login, means, "hub", false).map(|_| ()).map_err(|error| format!("repair: {error}"))
}

/// The real `repair` of a damaged peer is cut at every step, and the damaged database is there. What an uncut one reads,
/// the next one reads as well: looked at in each [`STRIDE`]th cut while the new database is made, and in all that follow.
fn cut_while_it_is_mended(machine: &Path, folder: &Path, login: &str, mut repair: Command) {
    let key = look::vault_key(folder, login);
    let old = std::fs::read(folder.join("valiza.db")).unwrap();
    let inside = folder.strip_prefix(machine).unwrap();
    let mut film = Film::of(machine, Drive::Honest);
    watch(&mut repair, machine, &journal_of(machine), &Mischief::default());
    Said::from(repair.output().unwrap()).ok();
    film.add(&journal_of(machine));
    let expected = look::peer(folder, &key, login).unwrap().requests;
    assert!(!expected.is_empty());
    let (mut olds, mut news) = (0, 0);
    let found = film.look((0..2, 1), |picture, moment| {
        let picture = picture.join(inside);
        let is_old = |name: &str| std::fs::read(picture.join(name)).is_ok_and(|bytes| bytes == old);
        let (unchanged, aside) = (is_old("valiza.db"), is_old("valiza.db.damaged-1"));
        if !unchanged && !aside {
            return Err("the damaged database is gone".to_owned());
        }
        if !moment.said[0].is_empty() && unchanged {
            return Err("the repair was said to be done".to_owned());
        }
        let is_made = !unchanged || picture.join("valiza.db.mended").exists();
        if !is_made && moment.step % STRIDE != 0 {
            return Ok(());
        }
        *(if is_made { &mut news } else { &mut olds }) += 1;
        mended(&picture, &key, login)?;
        let held = look::peer(&picture, &key, login)?.requests;
        match expected.iter().find(|(number, _)| !held.contains_key(*number)) {
            Some((number, _)) => Err(format!("{number} could be read before")),
            None => Ok(()),
        }
    });
    println!("looked into: {olds} that left the old database, {news} the new one");
    assert!(olds >= 5 && news >= 5, "{olds} {news}");
    nothing_lost(found, 1_000);
}

#[test]
fn a_cut_in_a_repair_of_suitcase_or_desk_leaves_the_old_or_the_new() {
    let (mut apart, [suitcase, _]) = hub::scene();
    apart.start();
    for last in ["Коваленко", "Гук", "Ґалаґан", "Їжак"] {
        suitcase.record(&form(last));
    }
    suitcase.sync().ok();
    apart.queue_of(4);
    apart.stop_desk();
    for last in ["Гук", "Їжак"] {
        suitcase.record(&form(last));
    }
    rot(&suitcase.dir, &suitcase.login);
    let mut repair = suitcase.command();
    repair.arg("repair");
    cut_while_it_is_mended(&suitcase.dir, &suitcase.dir, &suitcase.login, repair);
    let desk = apart.desk_dir.join("desk");
    rot(&desk, "admin");
    let mut repair = Command::new(program("sync-server"));
    repair
        .arg("--dir")
        .arg(&apart.desk_dir)
        .arg("--passphrase-file")
        .arg(apart.root().join("passphrase"))
        .arg("repair");
    cut_while_it_is_mended(&apart.desk_dir, &desk, "admin", repair);
}

fn bytes_of(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_file()).map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

#[test]
fn a_list_of_the_real_programs_changes_no_file() {
    let (apart, [suitcase, _]) = hub::scene();
    suitcase.record(&form("Коваленко"));
    let desk = apart.desk_dir.join("desk");
    rot(&suitcase.dir, &suitcase.login);
    rot(&desk, "admin");
    let before = [bytes_of(&suitcase.dir), bytes_of(&desk)];
    assert_eq!(suitcase.call(&["repair", "--list"]).code, Some(4));
    assert_eq!(apart.desk_call(&["repair", "--list"]).code, Some(4));
    assert!(before == [bytes_of(&suitcase.dir), bytes_of(&desk)], "a file is another one");
}

/// A bit, a half, nothing at all.
fn spoil(file: &Path, how: usize) {
    let mut bytes = std::fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    match how {
        0 => bytes[middle] ^= 1,
        1 => bytes.truncate(middle),
        _ => return std::fs::remove_file(file).unwrap(),
    }
    std::fs::write(file, bytes).unwrap();
}

/// Each spare file is damaged, noticed, and made again: afterwards it stands in for what it is the spare of.
#[test]
fn a_damaged_spare_is_noticed_and_made_again() {
    let (mut apart, [suitcase, _]) = hub::scene();
    let number = suitcase.record(&form("Коваленко"));
    for how in 0..3 {
        for name in ["vault.spare", "spare"] {
            spoil(&suitcase.dir.join(name), how);
            let told = suitcase.call(&["verify"]).ok();
            assert_eq!(told.out.contains(&format!("\n{name}: ")), how < 2, "{name}: {told:?}");
            let again = suitcase.call(&["verify"]).ok();
            assert!(!again.out.contains(&format!("\n{name}: ")), "{name}: {again:?}");
        }
        // The vault opens by its spare, and is put back.
        spoil(&suitcase.dir.join("vault"), how);
        assert_eq!(suitcase.list().len(), 1);
        suitcase.call(&["repair"]).ok();
        suitcase.call(&["verify"]).ok();
    }
    // The first page says everything; without it a repair goes by the spare.
    let mut bytes = std::fs::read(suitcase.dir.join("valiza.db")).unwrap();
    bytes[2000] ^= 1;
    std::fs::write(suitcase.dir.join("valiza.db"), bytes).unwrap();
    suitcase.call(&["repair"]).ok();
    let again = suitcase.record(&form("Гук"));
    assert_ne!(again, number);
    let hub = apart.hub_dir.join("hub");
    for how in 0..2 {
        spoil(&hub.join("hub.spare"), how);
        let told = apart.hub_call(&["hub-verify"]);
        assert!(told.code == Some(4) && told.out.contains("hub.spare"), "{told:?}");
        apart.start_hub();
        apart.stop_hub();
        apart.hub_call(&["hub-verify"]).ok();
        spoil(&hub.join("hub.key"), how);
        apart.hub_call(&["hub-repair"]).ok();
        apart.hub_call(&["hub-verify"]).ok();
    }
}

/// What a repair left that was killed would keep what an order erases meanwhile.
#[test]
fn what_a_killed_repair_left_is_gone_at_the_next_start() {
    let (mut apart, [suitcase, _]) = hub::scene();
    let (desk, hub) = (apart.desk_dir.join("desk"), apart.hub_dir.join("hub"));
    let leave = |folder: &Path, database: &str, names: &[&str]| -> Vec<PathBuf> {
        let left: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
        for path in &left {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::copy(folder.join(database), path).unwrap();
        }
        left
    };
    let peer =
        ["valiza.db.new", "valiza.db.new-wal", "valiza.db.new-shm", "looking/valiza.db", "looking/valiza.db.new"];
    let mut left = leave(&suitcase.dir, "valiza.db", &peer);
    left.extend(leave(&desk, "valiza.db", &peer));
    left.extend(leave(&hub, "hub.db", &["hub.db.mending", "hub.db.mending-wal", "hub.db.mending-shm"]));
    assert!(suitcase.list().is_empty());
    apart.start();
    left.extend([suitcase.dir.join("looking"), desk.join("looking")]);
    let kept: Vec<_> = left.iter().filter(|path| path.exists()).collect();
    assert!(kept.is_empty(), "{kept:?}");
}
