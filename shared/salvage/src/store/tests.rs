//! Each page of a file is damaged in turn, once under SQLCipher and once in a plain file: what lies on other pages is kept.

use super::copy::{Copied, copy};
use super::scattered::{Wanted, scattered};
use super::tables::{missing, tables};
use crate::SalvageError;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const SCHEMA: &str = "
    CREATE TABLE entry (id INTEGER PRIMARY KEY, chain INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE (chain, id)) STRICT;
    CREATE INDEX entry_size ON entry (chain, length(bytes));
    CREATE TABLE pair (chain BLOB NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (chain, seq)) STRICT, WITHOUT ROWID;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE named (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT;";
const TABLES: [&str; 4] = ["entry", "pair", "meta", "named"];

fn open(path: &Path, sealed: bool) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    if sealed {
        connection.execute_batch(
            "PRAGMA key = \"x'0101010101010101010101010101010101010101010101010101010101010101'\"; PRAGMA cipher_log_level = NONE;",
        )?;
    }
    Ok(connection)
}

/// Rows of several sizes, some with pages of their own, inserted and deleted so that pages are neither full nor in order.
fn make(path: &Path, sealed: bool) -> Connection {
    let connection = open(path, sealed).unwrap();
    connection.execute_batch(SCHEMA).unwrap();
    connection
        .execute_batch(
            "BEGIN;
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 330)
             INSERT INTO entry SELECT n * 3, n % 7, zeroblob(80 + n * 37 % 500 + CASE WHEN n % 97 = 0 THEN 9000 ELSE 0 END) FROM n;
             DELETE FROM entry WHERE id BETWEEN 300 AND 370;
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 260)
             INSERT INTO pair SELECT CAST('chain ' || (n * 7919 % 3) AS BLOB), n * 7919 % 100003, zeroblob(60 + n % 40) FROM n;
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 90)
             INSERT INTO meta SELECT 'ключ ' || (n * 7919 % 100003), zeroblob(100 + n) FROM n;
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 160)
             INSERT INTO named SELECT 'name ' || (n * 7919 % 100003), n FROM n;
             COMMIT;",
        )
        .unwrap();
    connection
}

fn rows(connection: &Connection, table: &str) -> BTreeSet<String> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        Ok((0..columns).map(|nth| format!("{:?}", row.get_ref(nth).unwrap())).collect::<Vec<_>>().join(" "))
    };
    statement.query_map([], row).unwrap().map(Result::unwrap).collect()
}

/// Of each page whose it is, whether it stands above others, and how many rows lie on it.
fn pages(connection: &Connection) -> BTreeMap<u32, (String, String, u64)> {
    let mut statement = connection.prepare("SELECT pageno, name, pagetype, ncell FROM dbstat").unwrap();
    let page = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get::<_, i64>(3)? as u64)));
    statement.query_map([], page).unwrap().map(Result::unwrap).collect()
}

fn salvage(path: &Path, sealed: bool, into: &Connection) -> Result<Vec<Copied>, SalvageError> {
    let tables = tables(into)?;
    copy(|| open(path, sealed), into, &tables)
}

fn every_page(sealed: bool) {
    let dir = tempfile::tempdir().unwrap();
    let whole = dir.path().join("whole.db");
    let connection = make(&whole, sealed);
    let expected: BTreeMap<&str, BTreeSet<String>> = TABLES.into_iter().map(|t| (t, rows(&connection, t))).collect();
    let pages = pages(&connection);
    drop(connection);
    let bytes = fs::read(&whole).unwrap();
    let count = bytes.len() / 4096;
    assert!(count > 50, "{count}");
    let (mut lost_everything, mut lost_rows) = (0, 0);
    for page in 1..=count {
        let path = dir.path().join("damaged.db");
        let mut damaged = bytes.clone();
        // A plain page is told by its head alone.
        damaged[(page - 1) * 4096..][..4096].fill(0x5a);
        fs::write(&path, &damaged).unwrap();
        let fresh = Connection::open_in_memory().unwrap();
        fresh.execute_batch(SCHEMA).unwrap();
        let salvaged = salvage(&path, sealed, &fresh);
        let (name, kind, cells) = pages.get(&(page as u32)).cloned().unwrap_or_default();
        let Ok(salvaged) = salvaged else {
            assert_eq!(name, "sqlite_schema", "page {page} of {name}");
            lost_everything += 1;
            continue;
        };
        for table in TABLES {
            let (now, before) = (rows(&fresh, table), &expected[table]);
            // Nothing tells the last page of a long value from another, but a key.
            let unseen = !sealed && kind == "overflow" && name == table;
            assert!(unseen || now.is_subset(before), "{table}: nothing is invented");
            let lost = before.len() - now.len();
            let told = salvaged.iter().find(|copied| copied.table == table).unwrap();
            assert_eq!(told.rows as usize, now.len(), "{told:?}");
            assert!(lost == 0 || !told.is_whole(), "page {page} of {name}: {lost} lost and not told");
            let most = match kind.as_str() {
                _ if name != table => 0,
                "leaf" => cells as usize,
                "overflow" => 1,
                _ => before.len(),
            };
            assert!(lost <= most, "page {page} ({kind} of {name}): {lost} rows of {table} lost, {most} on it");
            lost_rows += lost;
        }
    }
    assert!(lost_everything >= 1 && lost_rows > 200, "{lost_everything} {lost_rows}");
}

#[test]
fn under_a_key_a_damaged_page_costs_what_lies_on_it() {
    every_page(true);
}

#[test]
fn in_a_plain_file_a_damaged_page_costs_what_lies_on_it() {
    every_page(false);
}

#[test]
fn many_damaged_pages_leave_what_lies_between_them() {
    let dir = tempfile::tempdir().unwrap();
    let whole = dir.path().join("whole.db");
    let connection = make(&whole, true);
    let leaves: Vec<(u32, u64)> = pages(&connection)
        .into_iter()
        .filter(|(_, (name, kind, _))| name == "entry" && kind == "leaf")
        .map(|(page, (_, _, cells))| (page, cells))
        .collect();
    let all = rows(&connection, "entry").len();
    drop(connection);
    let mut bytes = fs::read(&whole).unwrap();
    let hit: Vec<(u32, u64)> = leaves.iter().copied().step_by(3).collect();
    hit.iter().for_each(|(page, _)| bytes[(*page as usize - 1) * 4096 + 2000] ^= 1);
    fs::write(&whole, bytes).unwrap();
    let fresh = Connection::open_in_memory().unwrap();
    fresh.execute_batch(SCHEMA).unwrap();
    let salvaged = salvage(&whole, true, &fresh).unwrap();
    let lost: u64 = hit.iter().map(|(_, cells)| cells).sum();
    assert!(hit.len() > 6);
    assert_eq!(rows(&fresh, "entry").len() as u64, all as u64 - lost);
    let entry = salvaged.iter().find(|copied| copied.table == "entry").unwrap();
    assert!(entry.unread.len() >= hit.len(), "{:?}", entry.unread);
    assert!(salvaged.iter().filter(|copied| copied.table != "entry").all(Copied::is_whole));
}

#[test]
fn a_whole_file_is_copied_and_tables_that_the_new_one_lacks_are_made() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("whole.db");
    let old = make(&path, false);
    old.execute_batch(
        "CREATE TABLE account (login TEXT PRIMARY KEY, hash TEXT); CREATE INDEX by_hash ON account (hash);
        CREATE TABLE skipped (n); INSERT INTO account VALUES ('olena', 'x'), ('ivan', 'y');
        CREATE VIRTUAL TABLE words USING fts5 (text);",
    )
    .unwrap();
    let fresh = Connection::open_in_memory().unwrap();
    fresh.execute_batch(SCHEMA).unwrap();
    assert_eq!(missing(&old, &fresh, |name| name == "skipped").unwrap(), ["account"]);
    drop(old);
    let salvaged = salvage(&path, false, &fresh).unwrap();
    assert!(salvaged.iter().all(Copied::is_whole), "{salvaged:?}");
    assert_eq!(rows(&fresh, "account").len(), 2);
    let again = salvage(&path, false, &fresh).unwrap();
    assert_eq!(again.iter().map(|copied| copied.rows).sum::<u64>(), 0, "what is there stays");
}

#[test]
fn a_row_that_does_not_fit_is_counted_and_a_table_that_is_not_there_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("old.db");
    let old = Connection::open(&path).unwrap();
    old.execute_batch(
        "CREATE TABLE named (name TEXT PRIMARY KEY, n); INSERT INTO named VALUES ('a', 1), ('b', 'no number');",
    )
    .unwrap();
    drop(old);
    let fresh = Connection::open_in_memory().unwrap();
    fresh.execute_batch(SCHEMA).unwrap();
    let salvaged = salvage(&path, false, &fresh).unwrap();
    let of = |table: &str| salvaged.iter().find(|copied| copied.table == table).unwrap();
    assert!(of("entry").absent && !of("entry").is_whole());
    assert_eq!((of("named").rows, of("named").refused), (1, 1));
}

#[test]
fn what_is_no_database_gives_nothing_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("none.db");
    fs::write(&path, [0x5a; 8192]).unwrap();
    let fresh = Connection::open_in_memory().unwrap();
    fresh.execute_batch(SCHEMA).unwrap();
    let error = salvage(&path, true, &fresh).unwrap_err();
    assert!(matches!(error, SalvageError::Nothing(_)), "{error}");
    assert!(error.to_string().contains("жодної таблиці"));
}

const WANTED: [Wanted<'_>; 3] = [
    Wanted { table: "entry", condition: "chain >= 0" },
    Wanted { table: "pair", condition: "seq >= 0" },
    Wanted { table: "meta", condition: "key LIKE 'ключ%'" },
];

/// Damages each page above others of tables that are looked for, and gives how many there were.
fn every_page_above(sealed: bool, spoil: impl Fn(&mut [u8])) -> usize {
    let dir = tempfile::tempdir().unwrap();
    let (whole, path) = (dir.path().join("whole.db"), dir.path().join("damaged.db"));
    let connection = make(&whole, sealed);
    let expected: BTreeMap<&str, BTreeSet<String>> = TABLES.into_iter().map(|t| (t, rows(&connection, t))).collect();
    let above: Vec<(u32, String, u64)> = pages(&connection)
        .into_iter()
        .filter(|(_, (name, kind, _))| WANTED.iter().any(|one| one.table == name) && kind == "internal")
        .map(|(number, (name, _, cells))| (number, name, cells))
        .collect();
    drop(connection);
    let bytes = fs::read(&whole).unwrap();
    for (page, name, cells) in &above {
        let mut damaged = bytes.clone();
        spoil(&mut damaged[(*page as usize - 1) * 4096..][..4096]);
        fs::write(&path, &damaged).unwrap();
        let fresh = Connection::open_in_memory().unwrap();
        fresh.execute_batch(SCHEMA).unwrap();
        let told = salvage(&path, sealed, &fresh).unwrap();
        assert!(told.iter().any(|copied| copied.table == *name && !copied.is_whole()), "page {page} of {name}");
        let tables = tables(&fresh).unwrap();
        let found = scattered(|| open(&path, sealed), &fresh, &tables, &WANTED).unwrap();
        // Rows of a tree without numbers stand on the pages above others as well.
        let most = if name == "entry" { 0 } else { *cells as usize };
        for table in TABLES {
            let (now, before) = (rows(&fresh, table), &expected[table]);
            assert!(now.is_subset(before), "page {page} of {name}: {table} got rows of another");
            let lost = before.len() - now.len();
            assert!(lost <= if table == name { most } else { 0 }, "page {page} of {name}: {lost} of {table}");
        }
        assert!(found > 0, "page {page} of {name}");
        assert_eq!(fs::read(&path).unwrap(), damaged, "nothing is written to it");
    }
    above.len()
}

#[test]
fn a_page_above_others_costs_nothing_below_it() {
    assert!(every_page_above(true, |page| page[2000] ^= 1) >= 2);
    assert!(every_page_above(false, |page| page.fill(0x5a)) >= 2);
    assert!(every_page_above(false, |page| page.fill(0)) >= 2);
}

/// Overwritten as it is deleted, nothing of a row can be found again on whatever page.
#[test]
fn what_was_deleted_stays_so() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("whole.db");
    let connection = make(&path, true);
    connection
        .execute_batch(
            "PRAGMA secure_delete = ON; DELETE FROM entry WHERE id % 2 = 0; DELETE FROM entry WHERE id < 600",
        )
        .unwrap();
    let expected = rows(&connection, "entry");
    let free: i64 = connection.query_row("SELECT * FROM pragma_freelist_count", [], |row| row.get(0)).unwrap();
    assert!(free > 20, "{free}");
    drop(connection);
    let fresh = Connection::open_in_memory().unwrap();
    fresh.execute_batch(SCHEMA).unwrap();
    let tables = tables(&fresh).unwrap();
    scattered(|| open(&path, true), &fresh, &tables, &WANTED).unwrap();
    assert_eq!(rows(&fresh, "entry"), expected, "all of it is found by itself, and nothing else");
}
