//! What `verify` and `repair --list` say of a damaged database: the place, and in one sentence how much does not read
//! because of it, in no words of SQLite.

use peer::Peer;
use records::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use valiza_tests::store_pages;
use valiza_tests::world::{Member, World, request_fields};

fn database(member: &Member) -> PathBuf {
    member.path().join("valiza.db")
}

/// A suitcase with sixty requests, what it sent answered.
fn scene() -> (World, Member) {
    let mut world = World::new();
    let laptop = world.suitcase(7);
    for n in 1..=60 {
        let fields = request_fields(&format!("7-{n}"), "Коваленко");
        laptop.peer().act(move |act| act.create(Kind::Request, &fields)).unwrap();
    }
    world.exchange(laptop.peer()).unwrap();
    world.centre();
    world.exchange(laptop.peer()).unwrap();
    (world, laptop)
}

fn damaged_page(number: u32) -> String {
    format!("сторінку № {number} бази даних пошкоджено на диску / page {number} of the database is damaged on the disk")
}

/// How many records do not read, as a sentence says.
fn unread(fault: &str) -> Option<usize> {
    fault.strip_prefix("через це пошкодження не прочитати записів справ: ")?.split(' ').next()?.parse().ok()
}

/// The page is named, at most one sentence counts what does not read because of it, and these are all. Gives back how many.
fn only_that_page(faults: &[String], page: u32) -> usize {
    let others: Vec<&String> = faults.iter().filter(|fault| unread(fault).is_none()).collect();
    assert_eq!(others, [&damaged_page(page)], "page {page}: {faults:?}");
    assert!(faults.len() <= 2, "page {page}: {faults:?}");
    faults.iter().find_map(|fault| unread(fault)).unwrap_or(0)
}

fn rot(database: &PathBuf, bytes: &[u8]) {
    OpenOptions::new().write(true).open(database).unwrap().write_all(bytes).unwrap();
}

/// What a running program finds; a check that breaks off says at least where.
fn verified(peer: &Peer) -> Vec<String> {
    peer.verify().unwrap().faults
}

#[test]
fn of_each_damaged_page_verify_and_repair_say_one_sentence_and_how_much_does_not_read() {
    let (_world, mut laptop) = scene();
    laptop.close();
    let used = store_pages::pages(&database(&laptop), &laptop.database_key());
    let whole = fs::read(database(&laptop)).unwrap();
    let (mut counts, mut tables, mut seen) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::<_, usize>::new());
    for page in used {
        // The first page of the two that matter most and of every other kind, and a few in the middle of what there is much of.
        let before = seen.entry((page.name.clone(), page.kind.clone())).or_default();
        *before += 1;
        let matters = ["entry", "record"].contains(&page.name.as_str());
        if *before % 8 != 5 && (*before > 1 || (page.number % 2 == 0 && !matters)) {
            continue;
        }
        tables.insert(page.name.clone());
        store_pages::damage(&database(&laptop), page.number);
        let listed = laptop.repair(true).unwrap();
        counts.insert(only_that_page(&listed.faults, page.number));
        rot(&database(&laptop), &whole);
        if page.number > 1 && page.number % 3 == 0 {
            laptop.open();
            store_pages::damage(&database(&laptop), page.number);
            only_that_page(&verified(laptop.peer()), page.number);
            laptop.close();
            rot(&database(&laptop), &whole);
        }
    }
    let records = counts.iter().max().unwrap();
    assert!(tables.contains("entry") && tables.contains("record") && tables.len() > 10, "{tables:?}");
    assert!(counts.len() > 2 && *records > 5, "{counts:?}");
    // One leaf's rows are not all rows: what was read before and after it counts as read.
    assert!(counts.iter().any(|count| (1..30).contains(count)), "{counts:?}");
    assert_eq!(laptop.repair(true).unwrap().faults, Vec::<String>::new());
}

#[test]
fn without_its_first_page_one_sentence_says_that_none_reads() {
    let (_world, mut laptop) = scene();
    laptop.close();
    let whole = fs::read(database(&laptop)).unwrap();
    let mut salt = whole.clone();
    salt[3] ^= 1;
    rot(&database(&laptop), &salt);
    let listed = laptop.repair(true).unwrap().faults;
    assert!(listed.len() == 1 && listed[0].starts_with("першу сторінку бази даних пошкоджено"), "{listed:?}");
    assert_eq!(listed[0].split(" / ").count(), 2, "{listed:?}");
    rot(&database(&laptop), &whole);
    laptop.open();
    rot(&database(&laptop), &salt);
    // Who saw it whole tells the other pages all the same.
    assert_eq!(verified(laptop.peer()), [damaged_page(1)]);
}

#[test]
fn what_is_wrong_with_a_record_itself_is_told_beside_a_damaged_page() {
    let (_world, mut laptop) = scene();
    laptop.peer().act(|act| Ok(act.connection().execute_batch("UPDATE record SET title = 'Хтось'")?)).unwrap();
    laptop.close();
    let used = store_pages::pages(&database(&laptop), &laptop.database_key());
    let whole = fs::read(database(&laptop)).unwrap();
    let leaves: Vec<_> = used.iter().filter(|page| page.name == "entry" && page.kind == "leaf").collect();
    assert!(leaves.len() > 5);
    let mut counts = Vec::new();
    for leaf in leaves {
        laptop.open();
        store_pages::damage(&database(&laptop), leaf.number);
        let found = verified(laptop.peer());
        assert_eq!(found[0], damaged_page(leaf.number), "{found:?}");
        let stale = found.iter().filter(|fault| fault.contains("рядок списку")).count();
        let count = found.iter().find_map(|fault| unread(fault)).unwrap_or(0);
        assert!(stale > 0 && stale + count == 60, "{found:?}");
        assert_eq!(found.len(), 1 + stale + usize::from(count > 0), "{found:?}");
        counts.push(count);
        laptop.close();
        rot(&database(&laptop), &whole);
    }
    // What stands on one page is not everything.
    assert!(counts.iter().any(|count| (1..30).contains(count)), "{counts:?}");
}
