//! A suitcase's and a desk's database with a page that rotted, mended with the real programs.

use super::{hub, look};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use valiza_tests::apart::Apart;
use valiza_tests::console::Console;
use valiza_tests::programs::{PASSPHRASE, form, wait_for};
use valiza_tests::store_pages;

/// One bit of the last page that holds entries flips.
pub fn rot(folder: &Path, login: &str) {
    let (database, key) = (folder.join("valiza.db"), look::vault_key(folder, login).database_key());
    let pages = store_pages::pages(&database, &key);
    let leaf = pages.iter().rfind(|page| page.name == "entry" && page.kind == "leaf").unwrap();
    store_pages::damage(&database, leaf.number);
}

#[test]
fn suitcase_and_desk_are_mended_and_go_on() {
    let (mut apart, [suitcase, _]) = hub::scene();
    apart.start();
    let sent = suitcase.record(&form("Коваленко"));
    suitcase.sync().ok();
    apart.queue_of(1);
    apart.stop_desk();
    let desk = apart.desk_dir.join("desk");
    rot(&desk, "admin");
    assert_eq!(apart.desk_call(&["repair", "--list"]).code, Some(4));
    assert!(!desk.join("valiza.db.damaged-1").exists());
    let told = apart.desk_call(&["repair"]).ok();
    assert!(told.out.contains("valiza.db.damaged-1") && desk.join("valiza.db.damaged-1").exists(), "{}", told.out);
    apart.start_desk();
    assert_eq!(apart.queue_of(1)[0]["number"], sent.as_str());
    wait_for(|| (apart.desk_call(&["verify"]).code == Some(0)).then_some(()));
    // What was not sent yet may be lost, and is said; what was sent is not.
    let here = suitcase.record(&form("Гук"));
    rot(&suitcase.dir, &suitcase.login);
    let listed = suitcase.call(&["repair", "--list"]);
    assert_eq!(listed.code, Some(4), "{} {}", listed.out, listed.err);
    let told = suitcase.call(&["repair"]).ok();
    assert!(told.out.contains(&here) && told.out.contains("«Валізи»"), "{}", told.out);
    suitcase.call(&["verify"]).ok();
    assert_eq!(suitcase.call(&["repair"]).ok().out.lines().count(), 1, "nothing is left to mend");
    let again = suitcase.record(&form("Гук"));
    assert_ne!(again, here);
    suitcase.sync().ok();
}

/// A page that the search alone reads.
fn searched(folder: &Path, login: &str) -> u32 {
    let (database, key) = (folder.join("valiza.db"), look::vault_key(folder, login).database_key());
    let pages = store_pages::pages(&database, &key);
    pages.iter().rfind(|page| page.name == "search_data").unwrap().number
}

/// One bit flips where it is, whoever has the file open.
fn flip(folder: &Path, page: u32) {
    let mut file = std::fs::OpenOptions::new().read(true).write(true).open(folder.join("valiza.db")).unwrap();
    let at = SeekFrom::Start((u64::from(page) - 1) * store_pages::PAGE as u64 + 2000);
    let mut byte = [0];
    file.seek(at).unwrap();
    file.read_exact(&mut byte).unwrap();
    file.seek(at).unwrap();
    file.write_all(&[byte[0] ^ 1]).unwrap();
}

/// Neither opened nor written by a program of ours: a bit flips on the disk under one that runs.
#[test]
fn what_a_suitcase_and_a_desk_find_in_themselves_is_told_where_people_look_until_it_is_mended() {
    let (mut apart, [suitcase, _]) = hub::scene();
    let scrubbing = |apart: &mut Apart| {
        let mut command = apart.desk_command();
        command.args(["--desk-scrub-hours", "0"]);
        apart.start_desk_with(command);
    };
    apart.start_hub();
    scrubbing(&mut apart);
    let sent = suitcase.record(&form("Коваленко"));
    suitcase.sync().ok();
    apart.queue_of(1);
    let desk = apart.desk_dir.join("desk");
    let ended = |folder: &Path| {
        let text = std::fs::read_to_string(folder.join("scrub")).ok();
        text.filter(|text| text.contains("\nended "))
    };
    assert!(!wait_for(|| ended(&desk)).contains("fault"), "nothing is wrong yet");
    assert!(!apart.page("/queue").contains("пошкоджено збережене"));
    apart.stop_desk();
    let page = searched(&desk, "admin");
    scrubbing(&mut apart);
    flip(&desk, page);
    let damaged = |apart: &Apart| {
        let told = apart.desk_call(&["status", "--json"]).json();
        told["damaged"].as_array().filter(|all| !all.is_empty()).map(|all| all[0].to_string())
    };
    assert!(wait_for(|| damaged(&apart)).contains("бази даних пошкоджено на диску"));
    let request = format!("/requests/{}", sent.replace(" ", "%20"));
    for path in ["/queue", &request, "/suitcases", "/audit"] {
        let page = apart.page(path);
        assert!(page.contains("notice-stop") && page.contains("виконати «sync-server repair»"), "{page}");
    }
    let said = apart.desk_call(&["status"]).ok().out;
    assert!(said.contains("Пошкоджено на диску (repair)"), "{said}");
    let doctor = apart.desk_call(&["doctor"]);
    assert!(doctor.code == Some(1) && doctor.out.contains("на диску робочого місця пошкоджено"), "{doctor:?}");
    let log = std::fs::read_to_string(apart.log()).unwrap();
    assert!(log.contains("бази даних пошкоджено на диску"), "{log}");
    apart.stop_desk();
    apart.desk_call(&["repair"]).ok();
    scrubbing(&mut apart);
    assert!(!wait_for(|| ended(&desk)).contains("fault"));
    assert_eq!(apart.queue_of(1)[0]["number"], sent.as_str());
    assert!(!apart.page("/queue").contains("пошкоджено збережене"));
    // The suitcase, whose pages an officer has open.
    let page = searched(&suitcase.dir, &suitcase.login);
    let mut console = Console::start_scrubbing(&suitcase);
    let opened = console.post("/unlock", &[("officer", &suitcase.login), ("passphrase", PASSPHRASE)]);
    assert_eq!(opened.0, 303, "{}", opened.1);
    flip(&suitcase.dir, page);
    let alarm = wait_for(|| Some(console.get("/day").1).filter(|page| page.contains("пошкоджено збережене")));
    assert!(alarm.contains("notice-stop") && alarm.contains("виконайте «field-agent repair»"), "{alarm}");
    let english = console.get("/exchange?lang=en").1;
    assert!(english.contains("run “field-agent repair”"), "{english}");
    assert!(console.get("/status").1.contains("На диску пошкоджено збережене"));
    drop(console);
    let told = suitcase.call(&["status"]).ok().out;
    assert!(told.contains("виконайте repair") && told.contains("бази даних пошкоджено на диску"), "{told}");
    suitcase.call(&["repair"]).ok();
    assert!(!suitcase.call(&["status"]).ok().out.contains("repair"));
    let mut console = Console::start_scrubbing(&suitcase);
    console.post("/unlock", &[("officer", &suitcase.login), ("passphrase", PASSPHRASE)]);
    assert!(!wait_for(|| ended(&suitcase.dir)).contains("fault"));
    assert!(!console.get("/day").1.contains("пошкоджено збережене"));
}
