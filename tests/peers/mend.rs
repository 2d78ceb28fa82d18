//! A suitcase and a desk whose database is damaged: what can be read is kept, what others hold comes back, what is lost is
//! said, and nothing is written twice.

use chain::Reason;
use peer::{Filter, Loss, Mended, Order, Peer, PeerError};
use records::{Edit, Kind};
use std::collections::BTreeMap;
use std::path::PathBuf;
use valiza_tests::store_pages::{self, Page};
use valiza_tests::world::{Member, World, request_fields};

fn record(peer: &Peer, number: &str) -> ids::RecordId {
    let fields = request_fields(number, "Коваленко");
    peer.act(move |act| act.create(Kind::Request, &fields)).unwrap()
}

fn set(peer: &Peer, record: ids::RecordId, key: &'static str, value: &'static str) {
    peer.act(move |act| act.edit(record, |_, _| Ok((vec![Edit::new(key, value)], ())))).unwrap();
}

fn numbers(peer: &Peer) -> BTreeMap<String, usize> {
    let rows = peer.read(|view| view.list(&Filter::default(), Order::Number, 0, 999)).unwrap();
    let mut found = BTreeMap::new();
    for row in rows {
        *found.entry(row.number.unwrap_or_default()).or_default() += 1;
    }
    found
}

fn database(member: &Member) -> PathBuf {
    member.path().join("valiza.db")
}

fn is_whole(peer: &Peer) {
    let report = peer.verify().unwrap();
    assert_eq!((report.faults, report.missing), (Vec::new(), Vec::new()));
}

/// Requests that the centre has opened, some changed by it, and some that nobody else has.
fn scene() -> (World, Member) {
    let mut world = World::new();
    let laptop = world.suitcase(7);
    for n in 1..=8 {
        let request = record(laptop.peer(), &format!("7-{n}"));
        if n % 2 == 0 {
            world.exchange(laptop.peer()).unwrap();
            world.centre();
            set(world.desk.peer(), request, "phone", "+380501112233");
            world.centre();
        }
    }
    world.exchange(laptop.peer()).unwrap();
    world.centre();
    world.exchange(laptop.peer()).unwrap();
    for n in 9..=11 {
        record(laptop.peer(), &format!("7-{n}"));
    }
    (world, laptop)
}

/// Everybody talks until nobody has anything new, and a person at the centre confirms who began anew.
fn settle(world: &World, laptop: &Member) {
    for _ in 0..3 {
        world.exchange(laptop.peer()).unwrap();
        world.centre();
        let register = world.desk.peer().register().unwrap();
        let waiting: Vec<_> = register.unconfirmed().map(|rebirth| rebirth.chain).collect();
        for chain in waiting {
            let validity = signing::Validity { not_before: 0, not_after: i64::MAX };
            world.desk.peer().act(move |act| act.confirm_rebirth(chain, validity)).unwrap();
        }
        world.centre();
    }
    world.exchange(laptop.peer()).unwrap();
}

/// Pages in use of a closed member's database.
fn pages(member: &mut Member) -> Vec<Page> {
    member.close();
    store_pages::pages(&database(member), &member.database_key())
}

/// Of each table and index some pages of each kind, and all that hold entries.
fn some_pages(member: &mut Member) -> Vec<Page> {
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    let all = pages(member).into_iter().filter(|page| {
        let count = seen.entry((page.name.clone(), page.kind.clone())).or_default();
        *count += 1;
        *count <= if page.name == "entry" { 4 } else { 1 }
    });
    all.collect()
}

#[test]
fn what_is_whole_is_left_as_it_is() {
    let (_world, mut laptop) = scene();
    laptop.close();
    let before = std::fs::read(database(&laptop)).unwrap();
    for list in [true, false] {
        assert_eq!(laptop.repair(list).unwrap(), Mended::default());
    }
    assert_eq!(std::fs::read(database(&laptop)).unwrap(), before);
}

/// Every page of the suitcase's database in turn.
#[test]
fn whatever_page_of_a_suitcase_is_damaged_nothing_is_lost_but_what_is_said() {
    let (_world, mut laptop) = scene();
    let all = some_pages(&mut laptop);
    drop(laptop);
    assert!(all.len() > 25, "{}", all.len());
    let (mut told, mut reborn, mut unreadable) = (0, 0, 0);
    for page in &all {
        let (world, mut laptop) = scene();
        laptop.close();
        store_pages::damage(&database(&laptop), page.number);
        let mended = match laptop.mend() {
            Ok(mended) => mended,
            Err(error) => {
                assert!(matches!(error, PeerError::Damaged(_)), "{page:?}: {error}");
                assert!(page.name == "sqlite_schema" || page.name == "meta", "{page:?}");
                unreadable += 1;
                continue;
            }
        };
        if mended == Mended::default() {
            continue;
        }
        assert!(!mended.faults.is_empty(), "{page:?}");
        let aside = mended.aside.clone().unwrap();
        assert!(laptop.path().join(&aside).exists(), "{aside}");
        is_whole_here(laptop.peer(), page);
        record(laptop.peer(), "7-12");
        settle(&world, &laptop);
        let (here, there) = (numbers(laptop.peer()), numbers(world.desk.peer()));
        let gone: Vec<String> = mended
            .records
            .iter()
            .filter(|record| record.loss == Loss::Gone)
            .filter_map(|record| record.number.clone())
            .collect();
        let mut unsaid = 0;
        for n in 1..=12 {
            let number = format!("7-{n}");
            let found = (here.get(&number).copied(), there.get(&number).copied());
            if found != (Some(1), Some(1)) {
                assert!(
                    n > 8 && n < 12 && (mended.lost > 0 || mended.unknown),
                    "{page:?}: {number} {found:?} {mended:?}"
                );
                unsaid += usize::from(!gone.contains(&number));
            }
        }
        assert!(mended.unknown || unsaid as u64 <= mended.lost, "{page:?}: {mended:?}");
        is_whole(laptop.peer());
        is_whole(world.desk.peer());
        told += usize::from(mended.lost > 0);
        reborn += usize::from(mended.reborn);
    }
    println!("{} pages: {told} lost something, {reborn} began anew, {unreadable} unreadable", all.len());
    assert!(told > 0 && reborn > told && unreadable == 0, "{told} {reborn} {unreadable}");
}

fn is_whole_here(peer: &Peer, page: &Page) {
    let report = peer.verify().unwrap();
    assert_eq!(report.faults, Vec::<String>::new(), "{page:?}");
}

#[test]
fn a_list_says_the_same_and_changes_nothing() {
    let (_world, mut laptop) = scene();
    let leaf =
        pages(&mut laptop).into_iter().filter(|page| page.name == "entry" && page.kind == "leaf").nth(1).unwrap();
    store_pages::damage(&database(&laptop), leaf.number);
    let before = std::fs::read(database(&laptop)).unwrap();
    let listed = laptop.repair(true).unwrap();
    assert_eq!(std::fs::read(database(&laptop)).unwrap(), before);
    assert_eq!(
        std::fs::read_dir(laptop.path())
            .unwrap()
            .filter(|file| { file.as_ref().unwrap().file_name().to_string_lossy().contains("new") })
            .count(),
        0
    );
    let mended = laptop.mend().unwrap();
    assert!(listed.aside.is_none() && mended.aside.is_some());
    assert_eq!(Mended { aside: None, ..mended }, listed);
}

/// Everything in a folder and below, by name.
fn bytes_of(folder: &std::path::Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes_of(&path));
        }
        found.insert(path.clone(), std::fs::read(&path).ok());
    }
    found
}

/// The log that a killed program left is damaged as well: opening it would keep a copy of it and shorten it.
#[test]
fn a_list_changes_nothing_on_the_disk() {
    let (_world, mut laptop) = scene();
    for n in 20..40 {
        record(laptop.peer(), &format!("7-{n}"));
    }
    let log = laptop.path().join("valiza.db-wal");
    let left: Vec<(PathBuf, Vec<u8>)> =
        [database(&laptop), log.clone()].into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
    for damaged in [false, true] {
        laptop.close();
        left.iter().for_each(|(path, bytes)| std::fs::write(path, bytes).unwrap());
        if damaged {
            let mut bytes = left[1].1.clone();
            let frame = 32 + (24 + 4096) * 3;
            bytes[frame + 1000] ^= 1;
            std::fs::write(&log, &bytes).unwrap();
            let mut bytes = left[0].1.clone();
            bytes[4096 + 2000] ^= 1;
            std::fs::write(database(&laptop), &bytes).unwrap();
        }
        let before = bytes_of(laptop.path());
        assert!(before.contains_key(&log));
        let listed = laptop.repair(true).unwrap();
        assert_eq!(listed == Mended::default(), !damaged, "{listed:?}");
        let after = bytes_of(laptop.path());
        assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
        assert!(after == before, "a file is another one");
    }
}

#[test]
fn what_was_mended_a_moment_ago_is_whole() {
    let (_world, mut laptop) = scene();
    let leaf = pages(&mut laptop).into_iter().find(|page| page.name == "entry" && page.kind == "leaf").unwrap();
    store_pages::damage(&database(&laptop), leaf.number);
    assert!(laptop.repair(false).unwrap().aside.is_some());
    assert_eq!(laptop.repair(false).unwrap(), Mended::default(), "its lists are made when it is opened");
    laptop.open();
    let report = laptop.peer().verify().unwrap();
    assert!(report.faults.is_empty() && report.aside.len() == 1, "{report:?}");
    assert!(report.aside[0].starts_with("valiza.db.damaged-1: "), "{report:?}");
}

/// A shift ends by the centre's word on each chain, and nobody says it twice of one that has no new entries.
#[test]
fn the_centres_word_is_read_again_where_its_table_is_damaged() {
    let (world, mut laptop) = scene();
    settle(&world, &laptop);
    let nothing_is_left = |peer: &Peer| {
        let (present, chains) = peer.own_state("hub").unwrap();
        chain::nothing_left(&present, &chains).is_ok()
    };
    assert!(nothing_is_left(laptop.peer()));
    let judged = pages(&mut laptop).into_iter().find(|page| page.name == "judged").unwrap();
    laptop.close();
    store_pages::damage(&database(&laptop), judged.number);
    let mended = laptop.repair(false).unwrap();
    assert!(mended.tables.contains(&"judged".to_owned()) && !mended.reborn, "{mended:?}");
    laptop.open();
    world.exchange(laptop.peer()).unwrap();
    assert!(nothing_is_left(laptop.peer()), "without a new word of the centre");
}

#[test]
fn a_suitcase_that_lost_own_entries_goes_on_under_a_new_chain_and_says_why() {
    let (world, mut laptop) = scene();
    let old = laptop.peer().chain();
    let leaf = pages(&mut laptop).into_iter().find(|page| page.name == "entry" && page.kind == "leaf").unwrap();
    store_pages::damage(&database(&laptop), leaf.number);
    let mended = laptop.mend().unwrap();
    assert!(mended.reborn && mended.lost == 0 && mended.wanted > 0, "{mended:?}");
    assert!(mended.records.iter().all(|record| record.loss == Loss::Awaited), "{mended:?}");
    assert_ne!(laptop.peer().chain(), old);
    let reborn = laptop.peer().read(|view| view.reborn()).unwrap().unwrap();
    assert_eq!((reborn.before, reborn.reason), (old, Reason::Damaged));
    assert!(!laptop.peer().verify().unwrap().missing.is_empty(), "what is missing is said until it is back");
    settle(&world, &laptop);
    is_whole(laptop.peer());
    assert_eq!(numbers(laptop.peer()).len(), 11);
}

/// Pages of the centre's database in turn: the hub hands everything out again before anything new is written.
#[test]
fn whatever_page_of_a_desk_is_damaged_everything_comes_back_from_the_hub() {
    let (mut world, _) = scene();
    let all = some_pages(&mut world.desk);
    assert!(all.len() > 25, "{}", all.len());
    let mut mended_some = 0;
    for page in &all {
        let (mut world, laptop) = scene();
        world.exchange(world.desk.peer()).unwrap();
        let before = numbers(world.desk.peer());
        world.desk.close();
        store_pages::damage(&database(&world.desk), page.number);
        let mended = world.desk.mend().unwrap_or_else(|error| panic!("{page:?}: {error}"));
        if mended == Mended::default() {
            continue;
        }
        mended_some += 1;
        assert!(!mended.reborn && mended.aside.is_some(), "{page:?}");
        is_whole_here(world.desk.peer(), page);
        world.exchange(world.desk.peer()).unwrap();
        assert!(!world.desk.peer().is_catching_up().unwrap(), "{page:?}: {mended:?}");
        assert_eq!(numbers(world.desk.peer()), before, "{page:?}: {mended:?}");
        is_whole(world.desk.peer());
        let record = record(world.desk.peer(), "0-1");
        settle(&world, &laptop);
        assert_eq!(numbers(world.desk.peer()).len(), 12, "{page:?}");
        assert_eq!(numbers(laptop.peer()).len(), 11, "{page:?}");
        set(world.desk.peer(), record, "phone", "+380509999999");
        is_whole(world.desk.peer());
        is_whole(laptop.peer());
    }
    assert!(mended_some > 20, "{mended_some}");
}

/// What the hub lost as well does not come, and nobody asks for ever.
#[test]
fn what_the_hub_lost_as_well_is_said_and_asked_for_once() {
    let (mut world, mut laptop) = scene();
    let leaf = pages(&mut laptop).into_iter().find(|page| page.name == "entry" && page.kind == "leaf").unwrap();
    store_pages::damage(&database(&laptop), leaf.number);
    world.lose_hub();
    world.lose_desk();
    let mended = laptop.mend().unwrap();
    assert!(mended.reborn && mended.records.iter().any(|record| record.loss == Loss::Awaited), "{mended:?}");
    for _ in 0..2 {
        let contact = world.exchange(laptop.peer());
        assert!(contact.is_err() || contact.unwrap().rounds < 40);
    }
    assert!(!laptop.peer().verify().unwrap().missing.is_empty());
    record(laptop.peer(), "7-12");
}

/// Requests of an officer that nobody else has, over several pages.
fn a_suitcase_with_much_unsent() -> (World, Member) {
    let (world, laptop) = scene();
    for n in 12..=60 {
        record(laptop.peer(), &format!("7-{n}"));
    }
    (world, laptop)
}

fn above(pages: Vec<Page>, tables: &[&str]) -> Vec<Page> {
    let found: Vec<Page> =
        pages.into_iter().filter(|page| page.kind == "internal" && tables.contains(&page.name.as_str())).collect();
    assert!(!found.is_empty());
    found
}

#[test]
fn unsent_work_survives_a_page_above_others() {
    let (_world, mut laptop) = a_suitcase_with_much_unsent();
    let all = above(pages(&mut laptop), &["entry", "record_key", "sqlite_autoindex_entry_1", "entry_size"]);
    for page in all {
        let (world, mut laptop) = a_suitcase_with_much_unsent();
        laptop.close();
        store_pages::damage(&database(&laptop), page.number);
        let mended = laptop.mend().unwrap();
        assert!(!mended.faults.is_empty() && mended.lost == 0 && !mended.unknown, "{page:?}: {mended:?}");
        if page.name != "record_key" {
            assert!(!mended.reborn && mended.records.is_empty(), "{page:?}: {mended:?}");
            assert_eq!(numbers(laptop.peer()).len(), 60, "{page:?}");
        }
        is_whole_here(laptop.peer(), &page);
        settle(&world, &laptop);
        assert_eq!(numbers(world.desk.peer()).len(), 60, "{page:?}");
        assert_eq!(numbers(laptop.peer()).len(), 60, "{page:?}");
        is_whole(laptop.peer());
    }
    let (mut world, _) = a_desk_with_much_unsent();
    for page in above(pages(&mut world.desk), &["entry"]) {
        let (mut world, laptop) = a_desk_with_much_unsent();
        world.desk.close();
        store_pages::damage(&database(&world.desk), page.number);
        assert_eq!(world.desk.mend().unwrap().lost, 0, "{page:?}");
        settle(&world, &laptop);
        let mine = numbers(world.desk.peer()).into_keys().filter(|number| number.starts_with("0-")).count();
        assert_eq!(mine, 40, "{page:?}");
        is_whole(world.desk.peer());
    }
}

/// How many entries about a record still have a body: the first byte says so by its highest bit.
fn bodies(peer: &Peer, record: ids::RecordId) -> i64 {
    let sql = "SELECT count(*) FROM entry WHERE record = ?1
               AND substr(hex(substr(bytes, 1, 1)), 1, 1) IN ('1', '3', '5', '7')";
    peer.read(|view| Ok(view.connection().query_row(sql, [record.as_bytes()], |row| row.get(0))?)).unwrap()
}

/// Neither of an erased record nor of what was given up anything is found on pages that nothing leads to.
#[test]
fn what_was_erased_is_not_found_again_on_any_page() {
    let (world, mut laptop) = a_suitcase_with_much_unsent();
    let gone = record(laptop.peer(), "7-99");
    settle(&world, &laptop);
    assert!(bodies(laptop.peer(), gone) > 0);
    let named = std::collections::BTreeSet::from([gone]);
    world.desk.peer().act(move |act| act.order_erasure(&named)).unwrap();
    world.desk.peer().obey().unwrap();
    settle(&world, &laptop);
    assert_eq!(bodies(laptop.peer(), gone), 0);
    let root = above(pages(&mut laptop), &["entry"]).remove(0);
    store_pages::damage(&database(&laptop), root.number);
    assert_eq!(laptop.mend().unwrap().lost, 0);
    assert_eq!(bodies(laptop.peer(), gone), 0, "it came back");
    settle(&world, &laptop);
    assert_eq!((bodies(laptop.peer(), gone), numbers(laptop.peer()).len()), (0, 60));
    is_whole(laptop.peer());
}

/// Own entries of a desk that the hub has not seen yet, over several pages of its database.
fn a_desk_with_much_unsent() -> (World, Member) {
    let (world, laptop) = scene();
    world.exchange(world.desk.peer()).unwrap();
    for n in 1..=40 {
        record(world.desk.peer(), &format!("0-{n}"));
    }
    (world, laptop)
}

/// Hashes of the desk's own case chain by number.
fn own_hashes(desk: &Peer) -> BTreeMap<u64, signing::Hash> {
    let (chain, mut from, mut found) = (desk.chain(), 1, BTreeMap::new());
    let last = desk.read(|view| view.last_held(chain)).unwrap();
    while from <= last {
        if let Some(segment) = desk.read(|view| view.segment(chain, from, 1)).unwrap() {
            let place = chain::Place { tenant: desk.tenant(), chain, seq: from, prev: segment.prev };
            found.insert(from, segment.entries[0].hash(&place));
        }
        from += 1;
    }
    found
}

/// Of what a desk wrote and nobody has yet, a page in the middle and the last one are lost.
#[test]
fn a_desk_never_gives_a_number_again_that_it_lost() {
    let (mut world, _) = a_desk_with_much_unsent();
    let all = pages(&mut world.desk);
    let leaves: Vec<u32> =
        all.iter().filter(|page| page.name == "entry" && page.kind == "leaf").map(|page| page.number).collect();
    let (mut holes, mut tails) = (0, 0);
    for page in leaves.iter().rev().take(3) {
        let (mut world, laptop) = a_desk_with_much_unsent();
        let before = own_hashes(world.desk.peer());
        let last = before.len() as u64;
        world.desk.close();
        store_pages::damage(&database(&world.desk), *page);
        let mended = world.desk.mend().unwrap();
        assert!(mended.lost > 0, "{mended:?}");
        world.exchange(world.desk.peer()).unwrap();
        assert!(!world.desk.peer().is_catching_up().unwrap());
        let kept = own_hashes(world.desk.peer());
        let lost: Vec<u64> = before.keys().filter(|seq| !kept.contains_key(seq)).copied().collect();
        assert_eq!(lost.len() as u64, mended.lost, "page {page}");
        let is_tail = lost.last() == Some(&last);
        holes += usize::from(!is_tail || lost.first().is_some_and(|first| kept.keys().any(|seq| seq > first)));
        tails += usize::from(is_tail);
        // Work goes on, behind everything that ever had a number.
        let new = record(world.desk.peer(), "0-41");
        let after = own_hashes(world.desk.peer());
        assert!(after.iter().all(|(seq, hash)| before.get(seq).is_none_or(|before| before == hash)), "page {page}");
        assert!(lost.iter().all(|seq| !after.contains_key(seq)), "page {page}");
        assert!(after.keys().any(|seq| *seq > last), "page {page}");
        settle(&world, &laptop);
        let report = world.desk.peer().verify().unwrap();
        assert!(report.faults.is_empty() && report.missing[0].contains("rotate-keys"), "{report:?}");
        // All of it is at the hub, once: nothing waits, and nothing is brought again.
        let again = world.exchange(world.desk.peer()).unwrap();
        assert_eq!((again.sent, again.refusals.len()), (0, 0), "page {page}");
        let waits = world.desk.peer().read(|view| view.whereabouts(Kind::Request, "hub")).unwrap();
        assert_eq!(waits.waiting_entries, 0, "page {page}");
        set(world.desk.peer(), new, "phone", "+380509999999");
        let one = world.exchange(world.desk.peer()).unwrap();
        assert!((1..=2).contains(&one.sent), "page {page}: {}", one.sent);
        // The suitcase hears of what the centre does now.
        let to = laptop.peer().chain();
        world.desk.peer().act(move |act| act.grant(new, to)).unwrap();
        settle(&world, &laptop);
        assert!(numbers(laptop.peer()).contains_key("0-41"), "page {page}");
        is_whole(laptop.peer());
        // Mended once more, it still knows.
        let index = pages(&mut world.desk).into_iter().find(|page| page.name == "meta").unwrap();
        world.desk.close();
        store_pages::damage(&database(&world.desk), index.number);
        let second = world.desk.mend().unwrap();
        assert_eq!(second.lost, 0, "page {page}: {second:?}");
        world.exchange(world.desk.peer()).unwrap();
        record(world.desk.peer(), "0-42");
        let later = own_hashes(world.desk.peer());
        assert!(lost.iter().all(|seq| !later.contains_key(seq)), "page {page}");
        world.centre();
        // New keys end it.
        let validity = signing::Validity { not_before: 0, not_after: i64::MAX };
        world.desk.peer().rotate(world.root.signing_key(), validity, "admin").unwrap();
        while world.desk.peer().tell_again().unwrap() {}
        record(world.desk.peer(), "0-43");
        settle(&world, &laptop);
        is_whole(world.desk.peer());
        let held = numbers(world.desk.peer());
        assert!(["0-41", "0-42", "0-43", "7-1", "7-8"].iter().all(|number| held.contains_key(*number)), "{held:?}");
    }
    assert!(holes > 0 && tails > 0, "{holes} {tails}");
}
