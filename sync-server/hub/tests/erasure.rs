//! Orders of erasure at the hub: carried out at once, on arrival, after a restart and after a restored copy, so that no
//! byte of what was erased is left in its files.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod town;

use chain::{ChainHead, Erasure, Fact, Request};
use hub::store::{SqliteStore, Store, check, check_in_use, copy};
use ids::ChainId;
use std::path::Path;
use std::sync::Arc;
use town::*;

fn order(records: &[u8], entries: &[(ChainId, u64)], kept: Option<(ChainId, u64)>) -> Fact {
    let records = records.iter().map(|n| record(*n)).collect();
    Fact::Erasure(Erasure { records, entries: entries.to_vec(), kept })
}

/// Whose bodies the hub still holds.
fn bodies(town: &Town, chain: ChainId) -> Vec<u64> {
    let mut request = Town::request(&town.case, None, None, Vec::new());
    request.token = Some(town.ask(&town.case, None, None, Vec::new()).token);
    let answer = town.ask_at(&town.case, NOON, &request);
    assert!(!answer.more);
    let segments = answer.segments.iter().filter(|segment| segment.chain == chain);
    let entries = segments.flat_map(|segment| segment.entries.iter().zip(segment.from..));
    entries.filter(|(entry, _)| entry.body.bytes().is_some()).map(|(_, seq)| seq).collect()
}

/// How often the bytes are in the files of a folder.
fn found(folder: &Path, bytes: &[u8]) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
    files.map(|file| file.windows(bytes.len()).filter(|window| *window == bytes).count()).sum()
}

#[test]
fn an_order_is_obeyed_at_once_and_keys_wait_for_those_that_are_kept() {
    let mut town = Town::in_memory();
    let mut seven = town.suitcase(7);
    seven.own(b"epoch");
    seven.change(record(1), b"one");
    seven.change(record(2), b"two");
    town.ask(&seven, None, None, seven.since(1));
    town.case.own(b"kept keys");
    let kept = (town.case.chain, 1);
    town.publish(order(&[1], &[(seven.chain, 1)], Some(kept)));
    assert_eq!(bodies(&town, seven.chain), [1, 3], "the keys beside it have not come yet");
    town.push_case(1);
    assert_eq!(bodies(&town, seven.chain), [3]);
    seven.change(record(1), b"late");
    let answer = town.ask(&seven, None, None, seven.since(4));
    assert_eq!((anchor_of(&answer, seven.chain), answer.refusals), (Some(seven.end()), vec![]), "held and anchored");
    assert_eq!(bodies(&town, seven.chain), [3]);
}

#[test]
fn empty_shells_come_from_anybody_once_they_are_ordered() {
    let mut town = Town::in_memory();
    let (mut seven, eight) = (town.suitcase(7), town.suitcase(8));
    seven.change(record(1), b"one");
    seven.change(record(2), b"two");
    let mut shells = seven.part(1, 2);
    shells.entries[0] = shells.entries[0].without_body();
    let refused = town.ask(&eight, None, None, vec![shells.clone()]);
    assert_eq!(refused.refusals.len(), 1, "nobody erased it");
    town.publish(order(&[1], &[], None));
    let answer = town.ask(&eight, None, None, vec![shells.clone()]);
    assert_eq!((answer.refusals, anchor_of(&answer_of(&town, &seven), seven.chain)), (vec![], Some(seven.end())));
    let mut more = shells;
    more.entries[1] = more.entries[1].without_body();
    assert_eq!(town.ask(&eight, None, None, vec![more]).refusals.len(), 1, "the second is not ordered");
}

fn answer_of(town: &Town, pen: &Pen) -> chain::Answer {
    town.ask(pen, None, None, Vec::new())
}

const SECRET: &[u8] = b"the sealed body of a person who wants to be forgotten";

#[test]
fn the_bytes_leave_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    let mut town = Town::new(1, Arc::new(SqliteStore::open(&path).unwrap()));
    let mut seven = town.suitcase(7);
    // Small ones that share pages, long ones that have pages of their own.
    let long = SECRET.repeat(300);
    for n in 0..200_u8 {
        let body: Vec<u8> = if n % 20 == 3 { long.clone() } else { [SECRET, &[n]].concat() };
        seven.change(record(n % 4), if n % 4 == 3 { &body } else { b"somebody else" });
    }
    seven.own(SECRET);
    town.ask(&seven, None, None, seven.since(1));
    town.case.grant(record(3), seven.chain, SECRET);
    town.push_case(1);
    assert!(found(folder.path(), SECRET) > 50);
    town.publish(order(&[3], &[(seven.chain, 201)], None));
    assert_eq!(found(folder.path(), SECRET), 0);
    seven.change(record(3), SECRET);
    town.ask(&seven, None, None, seven.since(202));
    assert_eq!(found(folder.path(), SECRET), 0, "what comes later is not written at all");
    let checked = check_in_use(&path).unwrap();
    assert_eq!((checked.faults, checked.entries > 200), (vec![], true));
}

#[test]
fn a_restored_copy_obeys_what_it_learns_again() {
    let folder = tempfile::tempdir().unwrap();
    let (path, old) = (folder.path().join("hub.db"), folder.path().join("old.db"));
    let mut town = Town::new(1, Arc::new(SqliteStore::open(&path).unwrap()));
    let mut seven = town.suitcase(7);
    seven.change(record(1), SECRET);
    seven.change(record(2), b"two");
    town.ask(&seven, None, None, seven.since(1));
    copy(&path, &old).unwrap();
    town.publish(order(&[1], &[], None));
    let marker = town.hub.marker().unwrap();
    let Town { tenant, root, register, case, store, hub } = town;
    drop((store, hub));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    std::fs::copy(&old, &path).unwrap();
    assert_eq!(check(&path).unwrap().faults, Vec::<String>::new());
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path).unwrap());
    let town = Town { tenant, root, register, case, hub: hub_over(store.clone(), Some(marker)), store };
    assert_eq!((bodies(&town, seven.chain), found(folder.path(), SECRET) > 0), (vec![1, 2], true));
    // A suitcase that obeyed states what it holds and brings the register back.
    let eight = Pen::new(tenant, seven.chain, key(7));
    let heads = vec![ChainHead { chain: town.register.chain, end: town.register.end() }];
    let request = Request { heads, ..Town::request(&eight, None, None, town.register.since(1)) };
    town.ask_at(&eight, NOON, &request);
    assert_eq!((bodies(&town, seven.chain), found(folder.path(), SECRET)), (vec![2], 0));
    assert_eq!(check_in_use(&path).unwrap().faults, Vec::<String>::new());
}

#[test]
fn what_was_cut_between_the_order_and_the_act_is_done_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    let mut town = Town::new(1, Arc::new(SqliteStore::open(&path).unwrap()));
    let mut seven = town.suitcase(7);
    seven.change(record(1), SECRET);
    town.ask(&seven, None, None, seven.since(1));
    town.publish(order(&[1], &[], None));
    let Town { tenant, root, register, case, store, hub } = town;
    drop((store, hub));
    // As if the program had ended before it obeyed: the order is there, nothing is marked, the body stands.
    let mut bytes = signing::canonical::Writer::new();
    seven.entries[0].write(&mut bytes);
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute("UPDATE records SET erased = 0", []).unwrap();
    connection.execute("UPDATE entries SET entry = ?1 WHERE record IS NOT NULL", [bytes.finish()]).unwrap();
    drop(connection);
    assert!(found(folder.path(), SECRET) > 0);
    let faults = check(&path).unwrap().faults;
    assert!(faults.iter().any(|fault| fault.contains("не виконано")), "{faults:?}");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path).unwrap());
    let town = Town { tenant, root, register, case, hub: hub_over(store.clone(), None), store };
    assert_eq!((bodies(&town, seven.chain), found(folder.path(), SECRET)), (vec![], 0));
    assert_eq!(check_in_use(&path).unwrap().faults, Vec::<String>::new());
}
