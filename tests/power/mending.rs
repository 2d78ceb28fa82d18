//! A hub that is damaged and repaired with `hub-repair`, as its administrator would: what was taken in is there
//! afterwards, or comes back from desk and suitcase, and the power may go at any step of it.

use super::disk::Drive;
use super::film::{Film, journal_of};
use super::interposer::{Mischief, watch};
use super::whole::all_arrives;
use super::{hub, nothing_lost};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use valiza_tests::apart::Apart;
use valiza_tests::programs::{Said, Suitcase, form, program, wait_for};

const PAGE: usize = 4096;

/// A hub that is stopped, with work of two suitcases and a desk in it, all of it in the file.
fn town() -> (Apart, [Suitcase; 2], BTreeSet<String>) {
    let (mut apart, suitcases) = hub::scene();
    apart.start();
    let mut promised = BTreeSet::new();
    for (turn, last) in ["Коваленко", "Гук", "Їжак", "Ґалаґан"].into_iter().enumerate() {
        promised.insert(suitcases[turn % 2].record(&form(last)));
        suitcases[turn % 2].sync().ok();
    }
    apart.queue_of(4);
    for number in promised.iter().take(2) {
        apart.desk_call(&["answer", number, "accept"]).ok();
    }
    settled(&apart);
    apart.stop_hub();
    let connection = rusqlite::Connection::open(database(&apart)).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    connection.close().unwrap();
    (apart, suitcases, promised)
}

fn database(apart: &Apart) -> PathBuf {
    apart.hub_dir.join("hub/hub.db")
}

fn settled(apart: &Apart) {
    wait_for(|| (apart.desk_call(&["status", "--json"]).json()["waiting_entries"] == 0).then_some(()));
}

/// Writes nonsense over a page.
fn spoil(path: &Path, page: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[page * PAGE..(page + 1) * PAGE].fill(if page.is_multiple_of(2) { 0 } else { 0x5a });
    std::fs::write(path, bytes).unwrap();
}

fn on_machine(machine: &Path, arguments: &[&str]) -> Said {
    let mut command = Command::new(program("sync-server"));
    Said::from(command.arg("--dir").arg(machine).args(arguments).output().unwrap())
}

/// Damages every `stride`th page in turn; after each the hub is repaired, started, talked to, and whole. Gives back how
/// many pages, how many entries there were in all repaired databases, and how many were kept.
fn repaired(stride: usize) -> (usize, u64, u64) {
    let (mut apart, suitcases, mut promised) = town();
    let (mut rounds, mut entries, mut kept) = (0, 0, 0);
    let mut page = 0;
    while page * PAGE < std::fs::metadata(database(&apart)).unwrap().len() as usize {
        let before = apart.hub_call(&["hub-verify", "--json"]).json()["entries"].as_u64().unwrap();
        let machine = apart.hub_dir.clone();
        spoil(&database(&apart), page);
        let noticed = apart.hub_call(&["hub-verify"]);
        if noticed.code != Some(0) {
            assert!(noticed.code == Some(4) && noticed.err.contains("hub-repair"), "page {page}: {noticed:?}");
            let told = apart.hub_call(&["hub-repair", "--json"]).json();
            let new = &told["database"];
            assert!(machine.join("hub").join(new["aside"].as_str().unwrap()).exists(), "{told}");
            (entries, kept) = (entries + before, kept + new["entries"].as_u64().unwrap());
            rounds += 1;
        }
        apart.hub_call(&["hub-verify"]).ok();
        apart.start_hub();
        let suitcase = &suitcases[page % 2];
        promised.insert(suitcase.record(&form(["Коваленко", "Гук", "Їжак", "Ґалаґан"][page % 4])));
        all_arrives(&apart, &[&suitcases[0], &suitcases[1]], &promised);
        apart.stop_hub();
        let connection = rusqlite::Connection::open(database(&apart)).unwrap();
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        connection.close().unwrap();
        page += stride;
    }
    println!("{rounds} databases were repaired; of {entries} entries {kept} were kept, the others came back");
    (rounds, entries, kept)
}

#[test]
fn a_hub_damaged_at_any_page_is_repaired_and_holds_everything_again() {
    let (rounds, entries, kept) = repaired(7);
    assert!(rounds >= 4 && kept * 10 >= entries * 7, "{rounds} {entries} {kept}");
}

#[test]
#[ignore = "minutes: every page"]
fn a_hub_damaged_at_every_page_is_repaired() {
    assert!(repaired(1).0 >= 20);
}

#[test]
fn a_cut_in_a_repair_leaves_the_old_or_the_new() {
    let (apart, _, _) = town();
    let machine = apart.hub_dir.clone();
    spoil(&database(&apart), 11);
    spoil(&database(&apart), 12);
    let old = std::fs::read(database(&apart)).unwrap();
    let mut film = Film::of(&machine, Drive::Honest);
    let mut command = Command::new(program("sync-server"));
    command.arg("--dir").arg(&machine).args(["hub-repair", "--json"]);
    watch(&mut command, &machine, &journal_of(&machine), &Mischief::default());
    let expected = Said::from(command.output().unwrap()).json()["database"]["entries"].clone();
    film.add(&journal_of(&machine));
    let (mut olds, mut news) = (0, 0);
    let found = film.look((0..2, 1), |picture, moment| {
        // Nothing of the old is lost before the new is there.
        let aside = std::fs::read_dir(picture.join("hub")).unwrap().map(|entry| entry.unwrap());
        let aside: Vec<_> =
            aside.filter(|entry| entry.file_name().to_string_lossy().starts_with("hub.db.damaged-")).collect();
        let held = std::fs::read(picture.join("hub/hub.db")).unwrap_or_default();
        let set_aside = aside.iter().any(|entry| std::fs::read(entry.path()).is_ok_and(|bytes| bytes == old));
        if held != old && !set_aside {
            return Err("the old database is gone".to_owned());
        }
        if !moment.said[0].is_empty() && held == old {
            return Err("the repair was said to be done".to_owned());
        }
        // The next one ends it, or begins anew; either way the result is the same.
        let again = on_machine(picture, &["hub-repair", "--json"]);
        let verified = on_machine(picture, &["hub-verify", "--json"]);
        match again.code {
            Some(0) if again.out.contains("\"database\":null") => news += 1,
            Some(0) => olds += 1,
            _ => return Err(format!("{again:?}")),
        }
        match verified.code {
            Some(0) if verified.out.contains(&format!("\"entries\":{expected}")) => Ok(()),
            _ => Err(format!("{verified:?}")),
        }
    });
    println!("{olds} began anew, {news} were ended");
    assert!(olds > 0 && news > 0);
    nothing_lost(found, 60);
}

#[test]
fn small_files_are_stood_in_for_and_put_back() {
    let (mut apart, [suitcase, _], _) = town();
    let hub = apart.hub_dir.join("hub");
    for (name, damage) in [("hub.key", &b"short"[..]), ("hub.crt", &[0x30; 40]), ("hub.toml", b"listen = [")] {
        let whole = std::fs::read(hub.join(name)).unwrap();
        std::fs::write(hub.join(name), damage).unwrap();
        let told = apart.hub_call(&["hub-verify"]);
        assert!(told.code == Some(4) && told.out.contains(name), "{told:?}");
        // It runs meanwhile, and its peers believe it.
        apart.start_hub();
        suitcase.sync().ok();
        let busy = apart.hub_call(&["hub-repair"]);
        assert!(busy.code == Some(5) && busy.err.contains("зупиніть"), "{busy:?}");
        apart.stop_hub();
        let log = std::fs::read_to_string(apart.log()).unwrap();
        assert!(log.contains(&format!("{name} пошкоджено: замість нього взято запасну копію")), "{log}");
        let repaired = apart.hub_call(&["hub-repair"]).ok();
        assert!(repaired.out.contains(name), "{repaired:?}");
        assert_eq!(std::fs::read(hub.join(name)).unwrap(), whole);
        apart.hub_call(&["hub-verify"]).ok();
    }
    // Whose hub it is, nothing on the network proves.
    let text = std::fs::read_to_string(hub.join("hub.toml")).unwrap();
    let at = text.find("tenant = \"").unwrap() + 10;
    let other = if text[at..].starts_with('0') { "1" } else { "0" };
    std::fs::write(hub.join("hub.toml"), format!("{}{other}{}", &text[..at], &text[at + 1..])).unwrap();
    assert_eq!(apart.hub_call(&["hub-verify"]).code, Some(4));
    apart.hub_call(&["hub-repair"]).ok();
    assert_eq!(std::fs::read_to_string(hub.join("hub.toml")).unwrap(), text);
    // A line that people change is theirs.
    let listen = text.replace("listen = \"127.0.0.1", "listen = \"127.0.0.2");
    std::fs::write(hub.join("hub.toml"), &listen).unwrap();
    apart.hub_call(&["hub-verify"]).ok();
    let again = apart.hub_call(&["hub-repair"]).ok();
    assert!(again.out.contains("лагодити нічого"), "{again:?}");
    assert_eq!(std::fs::read_to_string(hub.join("hub.toml")).unwrap(), listen);
    // What was set aside may be brought in later.
    let more = hub.join("hub.db").display().to_string();
    let copied = apart.root().join("copied.db");
    std::fs::copy(&more, &copied).unwrap();
    let told = apart.hub_call(&["hub-repair", "--also", copied.to_str().unwrap(), "--json"]).json();
    assert!(told["database"]["entries"].as_u64().unwrap() > 10, "{told}");
    let nowhere = apart.hub_call(&["hub-repair", "--also", "/nowhere/at/all"]);
    assert!(nowhere.code == Some(1) && nowhere.err.contains("немає"), "{nowhere:?}");
}

#[test]
fn what_the_hub_finds_in_itself_is_told_where_people_look() {
    let (mut apart, suitcases, promised) = town();
    let scrubbed = |apart: &mut Apart| {
        let mut command = apart.hub_command();
        command.args(["--scrub-hours", "0"]);
        apart.start_hub_with(command);
    };
    let found = |apart: &Apart| apart.desk_call(&["status", "--json"]).json()["hub_faults"].as_u64();
    scrubbed(&mut apart);
    let state = apart.hub_dir.join("hub/hub.scrub");
    let ended = || std::fs::read_to_string(&state).ok().filter(|text| text.contains("\nended "));
    assert!(!wait_for(ended).contains("fault"), "nothing is wrong yet");
    apart.stop_hub();
    // One byte of one signature, in the middle of a chain: nobody else would see it before it is handed out.
    let connection = rusqlite::Connection::open(database(&apart)).unwrap();
    let spoilt = "UPDATE entries SET entry = CAST(substr(entry, 1, length(entry) - 1) || x'00' AS BLOB)
                  WHERE place = (SELECT e.place FROM entries e JOIN chains c ON c.number = e.chain
                                 WHERE c.register = 0 AND e.seq = 2 AND c.end_seq > 3 LIMIT 1)";
    assert_eq!(connection.execute(spoilt, []).unwrap(), 1);
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    connection.close().unwrap();
    scrubbed(&mut apart);
    wait_for(|| (found(&apart) == Some(1)).then_some(()));
    let page = apart.page("/queue");
    assert!(page.contains("знайшов у себе пошкодження, 1 місце"), "{page}");
    let doctor = apart.hub_call(&["doctor"]);
    assert!(doctor.code == Some(1) && doctor.out.contains("hub-repair"), "{doctor:?}");
    let log = std::fs::read_to_string(apart.log()).unwrap();
    assert!(log.contains("запис № 2: не підписано його автором"), "{log}");
    apart.stop_hub();
    let told = apart.hub_call(&["hub-repair", "--json"]).json();
    assert_eq!(told["database"]["lost"].as_array().map(Vec::len), Some(1), "{told}");
    scrubbed(&mut apart);
    wait_for(|| (found(&apart) == Some(0)).then_some(()));
    all_arrives(&apart, &[&suitcases[0], &suitcases[1]], &promised);
    let clean = wait_for(|| std::fs::read_to_string(&state).ok().filter(|text| text.contains("\nended ")));
    assert!(!clean.contains("fault"), "{clean}");
}
