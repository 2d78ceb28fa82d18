//! Copies for backups: made beside a hub that writes, checked entry by entry; certificates for hubs elsewhere.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod town;

use hub::store::{Scrub, SqliteStore, Store, StoreError, check, check_in_use, copy};
use std::path::Path;
use std::sync::Arc;
use town::*;

fn open(path: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(path).unwrap())
}

#[test]
fn a_copy_holds_what_the_hub_held_and_the_hub_writes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (path, to) = (folder.path().join("hub.db"), folder.path().join("копія 1 %.db"));
    let mut town = Town::new(1, open(&path));
    let mut seven = town.suitcase(7);
    seven.change(record(1), b"a");
    seven.own(b"b");
    town.ask(&seven, None, None, seven.since(1));
    copy(&path, &to).unwrap();
    let checked = check(&to).unwrap();
    assert_eq!(checked.faults, Vec::<String>::new());
    assert_eq!(checked.tenants.iter().map(|(tenant, _)| tenant.id).collect::<Vec<_>>(), [town.tenant]);
    assert!(checked.heads.iter().any(|head| head.chain == seven.chain && head.end == seven.end()));
    assert_eq!((checked.entries, checked.tenants[0].1 >> 8), (5, (NOON.0 - 1_767_225_600_000) as u64));
    assert!(!folder.path().join("копія 1 %.db-wal").exists(), "nothing is left beside it");
    assert!(matches!(copy(&path, &to), Err(StoreError::Engine(_))), "nothing is overwritten");
    seven.own(b"c");
    let answer = town.ask(&seven, None, None, seven.since(3));
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.end()));
    assert_eq!(check(&to).unwrap().heads, checked.heads);
}

#[test]
fn what_was_changed_in_a_copy_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (path, to) = (folder.path().join("hub.db"), folder.path().join("copy.db"));
    let mut town = Town::new(1, open(&path));
    let mut seven = town.suitcase(7);
    (0..5).for_each(|n| {
        seven.own(&[n]);
    });
    town.ask(&seven, None, None, seven.since(1));
    copy(&path, &to).unwrap();
    let number = "(SELECT number FROM chains WHERE register = 0 AND end_seq = 5)";
    let faults = |sql: &str| {
        let changed = folder.path().join("changed.db");
        std::fs::copy(&to, &changed).unwrap();
        let connection = rusqlite::Connection::open(&changed).unwrap();
        assert_eq!(connection.execute(&sql.replace("CHAIN", number), []).unwrap(), 1, "{sql}");
        drop(connection);
        check(&changed).unwrap().faults
    };
    let hash = faults("UPDATE entries SET hash = randomblob(32) WHERE chain = CHAIN AND seq = 3");
    assert!(hash.iter().any(|fault| fault.contains("№ 3: хеш")), "{hash:?}");
    let gone = faults("DELETE FROM entries WHERE chain = CHAIN AND seq = 5");
    assert!(gone.iter().any(|fault| fault.contains("кінець не збігається")), "{gone:?}");
    let prev = faults("UPDATE entries SET prev = randomblob(32) WHERE chain = CHAIN AND seq = 2");
    assert!(prev.iter().any(|fault| fault.contains("№ 2: не продовжує")), "{prev:?}");
    let torn = faults("UPDATE entries SET entry = substr(entry, 1, 20) WHERE chain = CHAIN AND seq = 4");
    assert!(torn.iter().any(|fault| fault.contains("№ 4: не читається")), "{torn:?}");
    let signature = faults(
        "UPDATE entries SET entry = CAST(substr(entry, 1, length(entry) - 1) || x'00' AS BLOB) WHERE chain = CHAIN AND seq = 2",
    );
    assert!(signature.iter().any(|fault| fault.contains("№ 2: не підписано")), "{signature:?}");
    let register = faults(
        "UPDATE entries SET hash = randomblob(32) WHERE seq = 1 AND chain = (SELECT min(number) FROM chains WHERE register = 1)",
    );
    assert!(!register.is_empty());
    let later = folder.path().join("later.db");
    std::fs::copy(&to, &later).unwrap();
    rusqlite::Connection::open(&later).unwrap().execute("UPDATE meta SET version = 7", []).unwrap();
    assert!(matches!(check(&later), Err(StoreError::LaterVersion { found: 7 })));
}

#[test]
fn what_follows_from_the_entries_is_made_again_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    let mut town = Town::new(1, open(&path));
    let (mut seven, eight) = (town.suitcase(7), town.suitcase(8));
    seven.change(record(1), b"a");
    seven.change(record(1), b"b");
    town.ask(&seven, None, None, seven.since(1));
    town.case.grant(record(1), eight.chain, b"key");
    town.push_case(1);
    assert_eq!(check_in_use(&path).unwrap().faults, Vec::<String>::new(), "while the hub runs");
    let faults = |sql: &str| {
        let changed = folder.path().join("changed.db");
        let _ = std::fs::remove_file(&changed);
        copy(&path, &changed).unwrap();
        let connection = rusqlite::Connection::open(&changed).unwrap();
        assert_eq!(connection.execute(sql, []).unwrap(), 1, "{sql}");
        drop(connection);
        check(&changed).unwrap().faults
    };
    for (sql, table) in [
        ("DELETE FROM inbox WHERE nth = 2", "таблиця inbox"),
        ("UPDATE inbox SET place = place + 1 WHERE nth = 1", "таблиця inbox"),
        ("UPDATE grants SET open = 0", "таблиця grants"),
        ("UPDATE records SET creator = NULL", "таблиця records"),
        ("UPDATE records SET shared = 0", "таблиця records"),
        ("UPDATE entries SET record = NULL WHERE place = (SELECT max(place) FROM entries WHERE record = 1)", "entries"),
        ("UPDATE chains SET last = 1 WHERE last = 2 AND register = 0", "таблиця chains"),
        ("UPDATE chains SET end_seq = 0, end_hash = zeroblob(32) WHERE end_seq = 2 AND register = 0", "кінець"),
        ("UPDATE tenants SET position = position - 1", "хибна кількість"),
    ] {
        let found = faults(sql);
        assert!(found.iter().any(|fault| fault.contains(table)), "{sql}: {found:?}");
    }
}

/// Everything a scrub finds, slice by slice, and how many slices it took.
fn scrub(path: &Path, most: usize) -> (Vec<String>, u64, usize) {
    let mut scrub = Scrub::open(path).unwrap();
    let (mut after, mut entries, mut slices, mut faults) = (Some(0), 0, 0, Vec::new());
    while let Some(from) = after {
        let slice = scrub.slice(from, most).unwrap();
        (after, entries, slices) = (slice.next, entries + slice.entries, slices + 1);
        faults.extend(slice.faults);
    }
    let breaths = std::cell::Cell::new(0);
    let breathe = || {
        breaths.set(breaths.get() + 1);
        Ok(())
    };
    faults.extend(scrub.rows(&breathe).unwrap());
    assert!(!faults.is_empty() || breaths.get() == entries, "{breaths:?}");
    (faults, entries, slices)
}

#[test]
fn a_scrub_looks_at_everything_in_slices_while_the_hub_works() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    let mut town = Town::new(1, open(&path));
    let (mut seven, eight) = (town.suitcase(7), town.suitcase(8));
    (0..20).for_each(|n| {
        seven.change(record(n % 3), &[n]);
    });
    town.ask(&seven, None, None, seven.since(1));
    town.case.grant(record(1), eight.chain, b"key");
    town.push_case(1);
    let whole = check_in_use(&path).unwrap().entries;
    assert_eq!(scrub(&path, 4), (vec![], whole, whole as usize / 4 + 1));
    let left = Scrub::open(&path).unwrap().rows(&|| Err(StoreError::Busy));
    assert_eq!(left, Err(StoreError::Busy), "whoever must end does not wait");
    // Somebody new begins to write in the middle of a cycle.
    let mut cycle = Scrub::open(&path).unwrap();
    let slice = cycle.slice(0, 10).unwrap();
    let mut nine = town.suitcase(9);
    nine.own(b"new");
    town.ask(&nine, None, None, nine.since(1));
    let rest = cycle.slice(slice.next.unwrap(), 100).unwrap();
    assert_eq!((rest.faults, rest.next, slice.entries + rest.entries), (vec![], None, whole + 2));
    let connection = rusqlite::Connection::open(&path).unwrap();
    for (sql, back, what) in [
        ("UPDATE entries SET hash = randomblob(32) WHERE seq = 7", "hash", "хеш не збігається"),
        ("UPDATE entries SET prev = randomblob(32) WHERE seq = 8", "prev", "хеш не збігається"),
        ("UPDATE entries SET entry = substr(entry, 1, 20) WHERE seq = 9", "entry", "не читається"),
        (
            "UPDATE entries SET entry = CAST(substr(entry, 1, length(entry) - 2) || x'0000' AS BLOB) WHERE seq = 10",
            "entry",
            "не підписано",
        ),
        ("UPDATE entries SET chain = 4711 WHERE seq = 11", "chain", "автора в реєстрі немає"),
        ("UPDATE inbox SET place = place + 1 WHERE nth = 1", "", "таблиця inbox"),
    ] {
        connection.execute_batch("PRAGMA foreign_keys = OFF; CREATE TEMP TABLE IF NOT EXISTS kept AS SELECT * FROM entries; CREATE TEMP TABLE IF NOT EXISTS inboxes AS SELECT * FROM inbox").unwrap();
        assert!(connection.execute(sql, []).unwrap() >= 1, "{sql}");
        let found = scrub(&path, 4).0;
        assert!(found.iter().any(|fault| fault.contains(what)), "{sql}: {found:?}");
        if back.is_empty() {
            connection.execute_batch("DELETE FROM inbox; INSERT INTO inbox SELECT * FROM inboxes").unwrap();
        } else {
            let undo =
                format!("UPDATE entries SET {back} = (SELECT {back} FROM kept WHERE kept.place = entries.place)");
            connection.execute(&undo, []).unwrap();
        }
        assert_eq!(scrub(&path, 7).0, Vec::<String>::new(), "{sql}");
    }
}

#[test]
fn a_certificate_tells_until_when_it_holds() {
    let root = signing::Root::from_seed(signing::Secret::new([1; 32]));
    let seed = signing::Secret::new([2; 32]);
    // In Kyiv 2027-03-01, 2050-01-01, 2199-12-30, 2028-02-28; a day more is given.
    for (at, year, month, day) in [
        (1_803_895_200_000_i64, 2027, 3, 2),
        (2_524_644_000_000, 2050, 1, 2),
        (7_258_010_400_000, 2199, 12, 31),
        (1_835_344_800_000, 2028, 2, 29),
    ] {
        let validity = signing::Validity { not_before: 0, not_after: at };
        let names = ["hub.example".to_owned()];
        let certificate = hub::tls::issue(&root.signing_seed(), &seed, &names, validity).unwrap();
        let until = clock::Time(hub::tls::not_after(&certificate).unwrap());
        assert!(until.to_string().starts_with(&format!("{year}-{month:02}-{day:02}T00:00")), "{until}");
        let there = hub::tls::issue_for(&root.signing_seed(), &hub::tls::public(&seed), &names, validity).unwrap();
        hub::tls::server_config(there, &seed).unwrap();
    }
    assert_eq!(hub::tls::not_after(&[0x17; 40]), None);
    assert_eq!(hub::tls::not_after(&[]), None);
}

/// One after the other, every page of the file is zeros: what is found is said in sentences of two halves, and nothing is
/// passed over because the check itself broke off.
#[test]
fn of_a_damaged_page_the_place_is_told_in_no_words_of_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let (path, to) = (folder.path().join("hub.db"), folder.path().join("copy.db"));
    let mut town = Town::new(1, open(&path));
    let mut seven = town.suitcase(7);
    (0..60).for_each(|n| {
        seven.own(&[n; 900]);
    });
    town.ask(&seven, None, None, seven.since(1));
    copy(&path, &to).unwrap();
    let whole = std::fs::read(&to).unwrap();
    let damaged = folder.path().join("damaged.db");
    let (mut named, mut found) = (0, 0);
    for number in 2..=whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[(number - 1) * 4096..number * 4096].fill(0);
        std::fs::write(&damaged, bytes).unwrap();
        let faults = match check(&damaged) {
            Ok(checked) => checked.faults,
            Err(error) => vec![error.to_string()],
        };
        let page = format!("сторінку № {number} бази даних пошкоджено");
        assert!(faults.iter().filter(|fault| fault.contains(&page)).count() <= 1, "{number}: {faults:?}");
        named += usize::from(faults.iter().any(|fault| fault.contains(&page)));
        found += usize::from(!faults.is_empty());
        for word in ["Tree", "btree", "cell", "Rowid", "missing from", "wrong #", "malformed", "disk image", "Freelist"]
        {
            assert!(!faults.concat().contains(word), "{word}: {faults:?}");
        }
    }
    assert!(found > 10 && named > 5, "{named} named of {found}");
}
