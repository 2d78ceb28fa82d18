//! The SQLite engine under a hub: restarts, restored copies, damaged and later files.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod town;

use hub::Marker;
use hub::store::{SqliteStore, Store, StoreError};
use std::path::Path;
use std::sync::Arc;
use town::*;

fn open(path: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(path).unwrap())
}

#[test]
fn a_restart_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    let mut town = Town::new(1, open(&path));
    let mut seven = town.suitcase(7);
    seven.change(record(1), b"a");
    town.case.to(seven.chain, b"verdict");
    town.ask(&seven, None, None, seven.since(1));
    let cursor = town.read_from(&town.case, None, 1 << 20).1;
    town.push_case(1);
    let (before, marker) = (town.read_all(&seven), town.hub.marker().unwrap());
    let Town { tenant, root, register, case, .. } = town;
    let store = open(&path);
    let hub = hub_over(store.clone(), Some(marker));
    let town = Town { tenant, root, register, case, store, hub };
    assert_eq!(town.hub.marker().unwrap(), marker);
    assert_eq!(town.read_all(&seven), before);
    assert_eq!(town.read_from(&town.case, cursor, 1 << 20).0, [], "cursors stay good; its own entries are not news");
    let answer = town.ask(&seven, None, None, seven.since(1));
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.end()));
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_database_nor_what_lies_beside_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    std::fs::write(&path, "").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let town = Town::new(1, open(&path));
    town.push_case(1);
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap()).collect();
    assert!(files.len() > 1, "the journal lies beside it");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[test]
fn a_restored_copy_is_noticed_and_healed() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("hub.db"), folder.path().join("copy.db"));
    let mut town = Town::new(1, open(&path));
    let mut seven = town.suitcase(7);
    seven.own(b"one");
    town.ask(&seven, None, None, seven.since(1));
    rusqlite::Connection::open(&path).unwrap().backup("main", &copy, None::<fn(rusqlite::backup::Progress)>).unwrap();
    seven.own(b"two");
    let last = town.ask(&seven, None, None, seven.since(2));
    let marker = town.hub.marker().unwrap();
    let store = open(&copy);
    let restored = Town { hub: hub_over(store.clone(), Some(marker)), store: store.clone(), ..town };
    assert_ne!(restored.hub.marker().unwrap().lineage, marker.lineage, "the marker tells");
    let answer = restored.ask(&seven, Some(last.token), Some(cursor_of(&last)), Vec::new());
    assert!(answer.stale);
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.links[1]));
    let healed = restored.ask(&seven, None, None, seven.since(2));
    assert_eq!(anchor_of(&healed, seven.chain), Some(seven.end()));
    let stays: Marker = restored.hub.marker().unwrap();
    assert_eq!(hub_over(store, Some(stays)).marker().unwrap(), stays);
}

#[test]
fn a_file_that_is_no_database_or_of_a_later_version_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let garbage = folder.path().join("garbage.db");
    std::fs::write(&garbage, [b"this is no database".as_slice(), &[7; 8000]].concat()).unwrap();
    assert!(matches!(SqliteStore::open(&garbage), Err(StoreError::Damaged(_))));
    let later = folder.path().join("later.db");
    drop(SqliteStore::open(&later).unwrap());
    rusqlite::Connection::open(&later).unwrap().execute("UPDATE meta SET version = 7", []).unwrap();
    assert_eq!(SqliteStore::open(&later).err(), Some(StoreError::LaterVersion { found: 7 }));
    assert!(SqliteStore::open(&folder.path().join("no/folder/hub.db")).is_err());
}

#[test]
fn a_file_of_the_first_version_is_brought_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    let mut town = Town::new(1, open(&path));
    let mut seven = town.suitcase(7);
    town.store.put_enrolment(town.tenant, id(9), [1; 16], b"waits", NOON.0).unwrap();
    let Town { tenant, root, register, case, store, hub } = town;
    drop((store, hub));
    let connection = rusqlite::Connection::open(&path).unwrap();
    let back = "ALTER TABLE chains DROP COLUMN bytes; ALTER TABLE enrolments DROP COLUMN invitation;
                ALTER TABLE records DROP COLUMN erased; DROP TABLE erased_entries; DROP INDEX entries_about;
                CREATE TEMP TABLE old AS SELECT place, row_number() OVER (ORDER BY place) AS position FROM entries;
                UPDATE inbox SET position = (SELECT o.position FROM old o WHERE o.place & 0x3ffffffffffff = inbox.position),
                    place = (1 << 40) + (SELECT o.position FROM old o WHERE o.place = inbox.place);
                UPDATE entries SET place = (1 << 40) + (SELECT o.position FROM old o WHERE o.place = entries.place);
                UPDATE tenants SET position = (SELECT count(*) FROM entries);
                UPDATE meta SET version = 1";
    connection.execute_batch(back).unwrap();
    let store = open(&path);
    assert_eq!(store.enrolments(tenant, NOON.0).unwrap(), [(id(9), b"waits".to_vec())]);
    let town = Town { tenant, root, register, case, hub: hub_over(store.clone(), None), store };
    let before = town.read_all(&town.case);
    assert!(before.len() > 2, "{before:?}");
    seven.own(b"fact");
    let answer = town.ask(&seven, None, None, seven.since(1));
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.end()));
    assert_eq!(town.read_all(&town.case).len(), before.len() + 1);
    drop(open(&path));
}

#[test]
fn what_a_suitcase_names_makes_no_rows_and_its_bytes_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    let mut town = Town::new(1, open(&path));
    let mut seven = town.suitcase(7);
    seven.own(b"fact");
    town.ask(&seven, None, None, seven.since(1));
    let connection = rusqlite::Connection::open(&path).unwrap();
    let one = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, u64>(0)).unwrap();
    let rows = one("SELECT count(*) FROM chains");
    (20..40).for_each(|n| {
        seven.to(id(n), b"to nobody that is known");
        seven.grant(record(1), id(n), b"key");
    });
    let answer = town.ask(&seven, None, None, seven.since(2));
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.end()));
    assert_eq!(one("SELECT count(*) FROM chains"), rows);
    let bytes: u64 = seven.entries.iter().map(|entry| entry.size() as u64).sum();
    assert_eq!(one("SELECT max(bytes) FROM chains WHERE register = 0"), bytes, "of both pushes");
    let full = chain::limits::QUOTA_BYTES_PER_HOUR;
    connection.execute("UPDATE chains SET bytes = ?1 WHERE register = 0", [full]).unwrap();
    seven.own(b"more");
    let answer = town.ask(&seven, None, None, seven.since(42));
    assert_eq!(answer.refusals.iter().map(|r| r.code).collect::<Vec<_>>(), [chain::RefusalCode::Quota]);
}

#[test]
fn a_flipped_bit_in_a_stored_register_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    let town = Town::new(1, open(&path));
    drop(town);
    let connection = rusqlite::Connection::open(&path).unwrap();
    let entry: Vec<u8> = connection.query_row("SELECT entry FROM entries WHERE seq = 1", [], |row| row.get(0)).unwrap();
    let mut flipped = entry.clone();
    flipped[entry.len() / 2] ^= 1;
    connection.execute("UPDATE entries SET entry = ?1 WHERE seq = 1", [flipped]).unwrap();
    drop(connection);
    let error = hub::Hub::open(open(&path), hub::HubKeys::from_seed(&signing::Secret::new([42; 32])), None, draw);
    assert!(matches!(error.err(), Some(StoreError::Damaged(_))));
}

#[test]
fn a_locked_database_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    let mut town = Town::new(1, open(&path));
    let mut seven = town.suitcase(7);
    seven.own(b"fact");
    let request = Town::request(&seven, None, None, seven.since(1)).encode(&seven.key);
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let asked = scope.spawn(|| town.hub.answer(&request, NOON));
        std::thread::sleep(std::time::Duration::from_millis(200));
        assert!(!asked.is_finished());
        other.execute_batch("ROLLBACK").unwrap();
        assert!(asked.join().unwrap().is_ok());
    });
    assert_eq!(town.read_all(&town.case).len() as u64, town.register.end().seq + 1);
}
