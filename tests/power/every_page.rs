//! Whichever page of a desk's or a suitcase's database rots: `repair` as people call it, the next start, and everything that
//! was at the centre is there again and work goes on.

use super::whole::all_arrives;
use super::{hub, look};
use std::collections::BTreeSet;
use std::path::Path;
use valiza_tests::apart::Apart;
use valiza_tests::programs::{Suitcase, form, wait_for};
use valiza_tests::store_pages;

const SURNAMES: [&str; 4] = ["Коваленко", "Гук", "Їжак", "Ґалаґан"];

/// A centre with two suitcases, work of both in it.
fn town() -> (Apart, [Suitcase; 2], BTreeSet<String>) {
    let (mut apart, suitcases) = hub::scene();
    apart.start();
    let mut promised = BTreeSet::new();
    for turn in 0..4 {
        promised.insert(suitcases[turn % 2].record(&form(SURNAMES[turn])));
    }
    all_arrives(&apart, &[&suitcases[0], &suitcases[1]], &promised);
    for number in &promised {
        apart.desk_call(&["answer", number, "accept"]).ok();
    }
    (apart, suitcases, promised)
}

/// Pages of a database that nobody has open.
fn pages(folder: &Path) -> u32 {
    let bytes = std::fs::metadata(folder.join("valiza.db")).unwrap().len();
    u32::try_from(bytes / store_pages::PAGE as u64).unwrap()
}

/// Gives back how many times a desk was mended.
fn desks(stride: usize) -> usize {
    let (mut apart, suitcases, mut promised) = town();
    let desk = apart.desk_dir.join("desk");
    let (mut page, mut mended) = (1, 0);
    loop {
        apart.stop_desk();
        if page > pages(&desk) {
            return mended;
        }
        mended += usize::from(desk_goes_on(&mut apart, &suitcases, &mut promised, page));
        page += u32::try_from(stride).unwrap();
    }
}

/// A page of the desk that does not run rots; it is mended, opened and worked with. False: the page held nothing any more,
/// and its damage does no harm.
fn desk_goes_on(apart: &mut Apart, suitcases: &[Suitcase; 2], promised: &mut BTreeSet<String>, page: u32) -> bool {
    store_pages::damage(&apart.desk_dir.join("desk/valiza.db"), page);
    let is_noticed = apart.desk_call(&["repair", "--list"]).code == Some(4);
    apart.desk_call(&["repair"]).ok();
    apart.start_desk();
    let mut said = apart.desk_call(&["queue"]);
    for _ in 0..100 {
        if said.code == Some(0) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(300));
        said = apart.desk_call(&["queue"]);
    }
    said.ok();
    let turn = promised.len() % 4;
    promised.insert(suitcases[turn % 2].record(&form(SURNAMES[turn])));
    all_arrives(apart, &[&suitcases[0], &suitcases[1]], promised);
    println!("page {page} of a desk: whole again");
    is_noticed
}

/// An administrator confirms every laptop that began anew.
fn confirm(apart: &Apart) {
    for waiting in apart.desk_call(&["rebirths", "--json"]).json()["continuing"].as_array().unwrap() {
        apart.desk_call(&["rebirths", "confirm", waiting["chain"].as_str().unwrap()]).ok();
    }
}

/// Gives back how many times a suitcase was mended.
fn a_suitcase(stride: usize) -> usize {
    let (mut page, mut mended) = (1, 0);
    loop {
        // One laptop begins anew only so many times.
        let (apart, suitcases, mut promised) = town();
        let seven = &suitcases[0];
        for _ in 0..12 {
            if page > pages(&seven.dir) {
                return mended;
            }
            store_pages::damage(&seven.dir.join("valiza.db"), page);
            mended += usize::from(seven.call(&["repair", "--list"]).code == Some(4));
            seven.call(&["repair"]).ok();
            promised.insert(seven.record(&form(SURNAMES[mended % 4])));
            // The number that is new was recorded behind what was lost.
            let own = |number: &String| number.starts_with("7-");
            let expected: BTreeSet<String> = promised.iter().filter(|number| own(number)).cloned().collect();
            wait_for(|| {
                seven.sync().ok();
                confirm(&apart);
                let held = seven.list();
                let held: BTreeSet<String> =
                    held.iter().filter_map(|row| row["number"].as_str().map(str::to_owned)).collect();
                let standing = seven.call(&["status", "--json"]).json()["certificate"]["standing"].clone();
                (expected.is_subset(&held) && standing != "unconfirmed").then_some(())
            });
            all_arrives(&apart, &[seven, &suitcases[1]], &promised);
            println!("page {page} of a suitcase: whole again");
            page += u32::try_from(stride).unwrap();
        }
    }
}

#[test]
fn a_desk_damaged_at_any_page_is_repaired_opens_and_holds_everything_again() {
    let mended = desks(29);
    assert!(mended >= 3, "{mended}");
}

#[test]
fn a_suitcase_damaged_at_any_page_is_repaired_and_holds_everything_again() {
    let mended = a_suitcase(29);
    assert!(mended >= 3, "{mended}");
}

/// What little of it there is stands on one page each, which a sweep with strides steps over.
#[test]
fn a_desk_whose_keys_and_notes_are_damaged_is_repaired_and_opens() {
    let (mut apart, suitcases, mut promised) = town();
    let desk = apart.desk_dir.join("desk");
    for table in ["reception", "meta", "record_key", "epoch"] {
        apart.stop_desk();
        let key = look::vault_key(&desk, "admin").database_key();
        let pages = store_pages::pages(&desk.join("valiza.db"), &key);
        let page = pages.iter().find(|page| page.name == table && page.kind == "leaf").unwrap();
        assert!(desk_goes_on(&mut apart, &suitcases, &mut promised, page.number), "{table}");
    }
}

#[test]
#[ignore = "minutes: every page"]
fn a_desk_damaged_at_every_page_is_repaired() {
    assert!(desks(1) >= 100);
}

#[test]
#[ignore = "minutes: every page"]
fn a_suitcase_damaged_at_every_page_is_repaired() {
    assert!(a_suitcase(1) >= 100);
}
