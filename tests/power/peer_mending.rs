//! A suitcase's and a desk's database with a page that rotted, mended with the real programs.

use super::{hub, look};
use std::path::Path;
use valiza_tests::programs::{form, wait_for};
use valiza_tests::store_pages;

/// One bit of the last page that holds entries flips.
fn rot(folder: &Path, login: &str) {
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
