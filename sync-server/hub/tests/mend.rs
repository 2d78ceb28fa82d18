//! A damaged database: what proves itself comes into a new one, what is missing is told and brought again.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod town;

use chain::{Erasure, Fact};
use hub::store::{Mended, SqliteStore, Store, Tenant, check, check_in_use, log_of, mend};
use ids::LineageId;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use town::*;

const PAGE: usize = 4096;

/// A community with two suitcases, a grant, a verdict, an order to erase, a laptop that asks to be enrolled; the hub has
/// ended, its log is in the file.
struct Scene {
    folder: TempDir,
    town: Town,
    pens: Vec<Pen>,
}

fn open(path: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(path).unwrap())
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut town = Town::new(1, open(&folder.path().join("hub.db")));
        let (mut seven, mut eight) = (town.suitcase(7), town.suitcase(8));
        for n in 0..30 {
            seven.change(record(n % 5), &[n; 300]);
            eight.own(&[n; 90]);
        }
        // Longer than a page.
        seven.change(record(1), &[9; 15_000]);
        town.ask(&seven, None, None, seven.since(1));
        town.ask(&eight, None, None, eight.since(1));
        for n in 0..5 {
            town.case.grant(record(n), eight.chain, b"key");
            town.case.to(seven.chain, b"verdict");
        }
        town.push_case(1);
        let entries = vec![(eight.chain, 4)];
        let order = Erasure { records: vec![record(3)], entries, kept: None };
        town.publish(Fact::Erasure(order));
        let pens = vec![seven, eight];
        let store: Arc<dyn Store> = Arc::new(hub::store::MemoryStore::new());
        town.store = store.clone();
        town.hub = hub_over(store, None);
        let connection = rusqlite::Connection::open(folder.path().join("hub.db")).unwrap();
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        drop(connection);
        Self { folder, town, pens }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn tenant(&self) -> Tenant {
        Tenant { id: self.town.tenant, root: Town::root_public(&self.town.root) }
    }

    fn mend(&self, from: &[PathBuf]) -> (Mended, PathBuf) {
        let to = self.path("new.db");
        let _ = std::fs::remove_file(&to);
        let mended = mend(from, &to, &self.tenant(), LineageId::from_random([77; 16])).unwrap();
        assert!(!log_of(&to).exists());
        (mended, to)
    }

    /// A file with these bytes.
    fn damaged(&self, bytes: &[u8]) -> PathBuf {
        let path = self.path("damaged.db");
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn whole(&self) -> Vec<u8> {
        std::fs::read(self.path("hub.db")).unwrap()
    }

    /// What is lost and what is held make what there was, nothing is wrong, and no erased body is in it.
    fn assert_whole(&self, mended: &Mended, new: &Path, what: &str) {
        let checked = check(new).unwrap();
        assert_eq!(checked.faults, Vec::<String>::new(), "{what}");
        assert_eq!(checked.entries, mended.entries, "{what}");
        let bytes = std::fs::read(new).unwrap();
        let order_is_known = checked.heads.iter().any(|head| head == &self.town.register.head());
        if order_is_known {
            let erased = [3; 200];
            assert!(!bytes.windows(200).any(|window| window == erased), "{what}: an erased body is in it");
        }
    }

    /// Everybody brings what the hub does not hold; then it holds everything again.
    fn heal(&mut self, new: &Path, what: &str) {
        let store = open(new);
        let hub = hub_over(store.clone(), None);
        (self.town.store, self.town.hub) = (store, hub);
        self.town.ask(&self.town.register, None, None, self.town.register.since(1));
        self.town.ask(&self.town.case, None, None, self.town.case.since(1));
        for pen in &self.pens {
            let answer = self.town.ask(pen, None, None, pen.since(1));
            assert_eq!(answer.refusals, [], "{what}");
            assert_eq!(anchor_of(&answer, pen.chain), Some(pen.end()), "{what}");
        }
        let memory: Arc<dyn Store> = Arc::new(hub::store::MemoryStore::new());
        (self.town.store, self.town.hub) = (memory.clone(), hub_over(memory, None));
        let checked = check_in_use(new).unwrap();
        assert_eq!(checked.faults, Vec::<String>::new(), "{what}, healed");
        assert_eq!(checked.heads.len(), 4, "{what}");
        let _ = std::fs::remove_file(log_of(new));
    }
}

#[test]
fn a_whole_database_comes_through_whole() {
    let mut scene = Scene::new();
    let before = check(&scene.path("hub.db")).unwrap();
    assert_eq!(before.faults, Vec::<String>::new());
    let (mended, new) = scene.mend(&[scene.path("hub.db")]);
    assert_eq!((mended.entries, mended.lost.len(), mended.chains), (before.entries, 0, 4));
    let after = check(&new).unwrap();
    assert_eq!(
        (after.faults, after.heads, after.lineage),
        (vec![], before.heads, Some(LineageId::from_random([77; 16])))
    );
    scene.heal(&new, "whole");
}

#[test]
fn every_page_may_be_gone_and_the_rest_is_kept() {
    let mut scene = Scene::new();
    let (whole, entries) = (scene.whole(), check(&scene.path("hub.db")).unwrap().entries);
    let pages = whole.len() / PAGE;
    assert!(pages > 20, "{pages}");
    let mut kept = 0;
    for page in 0..pages {
        let what = format!("page {page} of {pages}");
        let mut bytes = whole.clone();
        bytes[page * PAGE..(page + 1) * PAGE].fill(if page % 2 == 0 { 0 } else { 0xa5 });
        let (mended, new) = scene.mend(&[scene.damaged(&bytes)]);
        scene.assert_whole(&mended, &new, &what);
        kept += mended.entries;
        scene.heal(&new, &what);
    }
    let share = kept * 100 / (entries * pages as u64);
    println!("of {entries} entries {share} in a hundred are kept if one of {pages} pages is gone");
    assert!(share >= 90, "{share}");
}

#[test]
fn bits_that_flip_and_files_cut_short_cost_what_they_hit() {
    let scene = Scene::new();
    let whole = scene.whole();
    let mut state = 11_u64;
    let mut roll = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for turn in 0..60 {
        let mut bytes = whole.clone();
        for _ in 0..=turn % 8 {
            let at = roll(bytes.len());
            bytes[at] ^= 1 << roll(8);
        }
        if turn % 7 == 0 {
            bytes.truncate(roll(whole.len()));
        }
        let (mended, new) = scene.mend(&[scene.damaged(&bytes)]);
        scene.assert_whole(&mended, &new, &format!("turn {turn}"));
    }
}

#[test]
fn what_is_missing_is_told() {
    let scene = Scene::new();
    let damaged = scene.path("damaged.db");
    std::fs::copy(scene.path("hub.db"), &damaged).unwrap();
    let connection = rusqlite::Connection::open(&damaged).unwrap();
    connection.execute("UPDATE entries SET hash = randomblob(32) WHERE seq IN (5, 6, 30) AND chain = (SELECT number FROM chains WHERE end_seq = 30)", []).unwrap();
    connection.close().unwrap();
    let (mended, _) = scene.mend(std::slice::from_ref(&damaged));
    let eight = scene.pens[1].chain;
    let told: Vec<_> = mended.lost.iter().map(|lost| (lost.chain, lost.from, lost.to)).collect();
    assert_eq!(told, [(eight, 5, 6), (eight, 30, 30)]);
    // A second file gives what the first lacks.
    let (both, _) = scene.mend(&[damaged, scene.path("hub.db")]);
    assert_eq!(both.lost, []);
}

#[test]
fn what_stands_in_the_log_alone_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.db");
    let mut town = Town::new(1, open(&path));
    let mut seven = town.suitcase(7);
    seven.own(b"one");
    town.ask(&seven, None, None, seven.since(1));
    assert!(log_of(&path).metadata().unwrap().len() > 0);
    // As a hub leaves it that was killed.
    let (left, to) = (folder.path().join("left.db"), folder.path().join("new.db"));
    std::fs::copy(&path, &left).unwrap();
    std::fs::copy(log_of(&path), log_of(&left)).unwrap();
    let tenant = Tenant { id: town.tenant, root: Town::root_public(&town.root) };
    let mended = mend(std::slice::from_ref(&left), &to, &tenant, LineageId::from_random([1; 16])).unwrap();
    assert_eq!((mended.entries, mended.lost), (4, vec![]));
    assert_eq!(check(&to).unwrap().faults, Vec::<String>::new());
}

#[test]
fn nothing_of_a_stranger_is_believed() {
    let scene = Scene::new();
    let other = Scene::new();
    let tenant = Tenant {
        id: scene.town.tenant,
        root: Town::root_public(&signing::Root::from_seed(signing::Secret::new([99; 32]))),
    };
    let to = scene.path("new.db");
    let mended = mend(&[other.path("hub.db")], &to, &tenant, LineageId::from_random([1; 16])).unwrap();
    assert_eq!(mended, Mended::default());
    assert_eq!(check(&to).unwrap().entries, 0);
}
