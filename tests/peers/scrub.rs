//! Looking through everything that a suitcase and a desk keep, in slices: what is whole is whole, whatever page rots is
//! found and named, and a restart costs nothing.

use clock::Clock;
use peer::{Peer, SCRUB_EVERY, Scrub, Seen};
use records::Kind;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use valiza_tests::invented::Dice;
use valiza_tests::store_pages::{self, PAGE};
use valiza_tests::world::{Member, World, request_fields};

fn database(member: &Member) -> PathBuf {
    member.path().join("valiza.db")
}

/// Two suitcases and a desk that have talked; the first has something that nobody else has.
fn scene() -> (World, Member) {
    let mut world = World::new();
    let (laptop, other) = (world.suitcase(7), world.suitcase(8));
    for (member, count) in [(&laptop, 9), (&other, 5)] {
        for n in 1..=count {
            let fields = request_fields(&format!("{}-{n}", member.peer().number()), "Коваленко");
            member.peer().act(move |act| act.create(Kind::Request, &fields)).unwrap();
        }
        world.exchange(member.peer()).unwrap();
        world.centre();
        world.exchange(member.peer()).unwrap();
    }
    let fields = request_fields("7-99", "Гук");
    laptop.peer().act(move |act| act.create(Kind::Request, &fields)).unwrap();
    (world, laptop)
}

/// Always due, by the world's clock.
fn scrub(world: &World, peer: &Arc<Peer>, every: Duration) -> Scrub {
    let clock: Arc<dyn Clock> = world.clock.clone();
    Scrub::new(Arc::clone(peer), clock, every)
}

/// Until a cycle ends, which it must within so many pieces of work.
fn cycle(world: &World, scrub: &mut Scrub, peer: &Peer) -> usize {
    world.clock.advance(Duration::from_millis(1));
    let before = peer.scrubbed().ended;
    for piece in 1..1_000 {
        scrub.work();
        if peer.scrubbed().ended != before {
            return piece;
        }
    }
    panic!("no cycle ends")
}

#[test]
fn everything_is_looked_at_and_a_week_later_once_more() {
    let (world, laptop) = scene();
    for peer in [laptop.peer(), world.desk.peer()] {
        assert_eq!(peer.scrubbed().ended, None);
        let mut scrub = scrub(&world, peer, SCRUB_EVERY);
        cycle(&world, &mut scrub, peer);
        let (first, all) = (peer.scrubbed(), peer.verify().unwrap());
        assert_eq!((&first.faults, &all.faults), (&Vec::new(), &Vec::new()));
        let pages = fs::metadata(peer.folder().database()).unwrap().len() / PAGE as u64;
        assert_eq!(first.seen, Seen { pages, entries: all.entries as u64, records: all.records as u64 });
        assert!(pages > 20 && all.entries > 15 && all.records > 5, "{first:?}");
        // Nothing is done until a week is over; a clock that was set back waits no longer.
        for step in [Duration::from_secs(3600), SCRUB_EVERY - Duration::from_secs(3601)] {
            world.clock.advance(step);
            (0..50).for_each(|_| assert!(scrub.work() >= Duration::from_secs(30)));
            assert_eq!(peer.scrubbed(), first);
        }
        world.clock.advance(Duration::from_secs(2));
        cycle(&world, &mut scrub, peer);
        assert!(peer.scrubbed().ended > first.ended);
    }
}

#[test]
fn a_pause_is_forty_nine_times_as_long_as_the_work() {
    let (_world, laptop) = scene();
    let clock: Arc<dyn Clock> = Arc::new(clock::SystemClock::new());
    let mut scrub = Scrub::new(Arc::clone(laptop.peer()), Arc::clone(&clock), SCRUB_EVERY);
    while laptop.peer().scrubbed().ended.is_none() {
        let begun = clock.steady();
        let pause = scrub.work();
        let worked = clock.steady() - begun;
        assert!(pause >= Duration::from_millis(100));
        // What is kept in a file comes after the work that counts.
        assert!(pause >= Duration::from_secs(30) || pause <= (worked * 49).max(Duration::from_millis(100)));
    }
}

#[test]
fn a_restart_goes_on_where_it_was() {
    let (world, mut laptop) = scene();
    let mut pieces = 0;
    while laptop.peer().scrubbed().ended.is_none() {
        // Every piece in a program of its own.
        let mut scrub = scrub(&world, laptop.peer(), SCRUB_EVERY);
        scrub.work();
        drop(scrub);
        laptop.close();
        laptop.open();
        pieces += 1;
        assert!(pieces < 100, "it begins again and again");
    }
    assert!(pieces > 1, "one piece is no restart");
    let (seen, all) = (laptop.peer().scrubbed().seen, laptop.peer().verify().unwrap());
    assert_eq!(
        (seen.entries, seen.records),
        (all.entries as u64, all.records as u64),
        "nothing twice, nothing left out"
    );
}

/// Writes to the file under a program that has it open, as a disk does that rots.
fn rot(database: &PathBuf, bytes: &[u8]) {
    use std::io::Write;
    // Neither cut nor renamed: the program's own file.
    fs::OpenOptions::new().write(true).open(database).unwrap().write_all(bytes).unwrap();
}

/// Each page of a suitcase's database in turn, in use or free, in several ways.
#[test]
fn whatever_page_rots_one_cycle_finds_and_names_it_and_the_next_forgets_it_when_it_is_whole() {
    let (world, mut laptop) = scene();
    laptop.close();
    let used: Vec<u32> =
        store_pages::pages(&database(&laptop), &laptop.database_key()).iter().map(|page| page.number).collect();
    laptop.open();
    let peer = Arc::clone(laptop.peer());
    let mut scrub = scrub(&world, &peer, Duration::ZERO);
    cycle(&world, &mut scrub, &peer);
    let whole = fs::read(database(&laptop)).unwrap();
    let (pages, mut dice, mut damages) = (whole.len() / PAGE, Dice::new(7), 0);
    assert!(pages > 30 && used.len() > 25, "{pages} {}", used.len());
    for number in 1..=pages {
        let page = (number - 1) * PAGE..number * PAGE;
        for kind in ["bit", "sector", "zeros", "other"] {
            let mut damaged = whole.clone();
            match kind {
                "bit" => damaged[page.start + dice.below(PAGE)] ^= 1 << dice.below(8),
                "sector" => damaged[page.start + 512..page.start + 1024].fill(0xff),
                "zeros" => damaged[page.clone()].fill(0),
                _ => damaged.copy_within((number % pages) * PAGE..(number % pages + 1) * PAGE, page.start),
            }
            let is_free = !used.contains(&(number as u32));
            if damaged == whole || (is_free && kind == "zeros") {
                continue;
            }
            rot(&database(&laptop), &damaged);
            cycle(&world, &mut scrub, &peer);
            let found = peer.scrubbed().faults;
            let named = found.iter().any(|fault| fault.contains(&format!("сторінку № {number} ")));
            assert!(named, "page {number}, {kind}: {found:?}");
            // One line for one page, whoever noticed it and whatever does not read because of it.
            assert_eq!(found.len(), 1, "page {number}, {kind}: {found:?}");
            damages += 1;
            rot(&database(&laptop), &whole);
            cycle(&world, &mut scrub, &peer);
            assert_eq!(peer.scrubbed().faults, Vec::<String>::new(), "page {number}, {kind}");
        }
    }
    println!("{damages} damages to {pages} pages, each found by one cycle");
    // A file that lost its end.
    fs::OpenOptions::new().write(true).open(database(&laptop)).unwrap().set_len((whole.len() - PAGE) as u64).unwrap();
    cycle(&world, &mut scrub, &peer);
    assert!(!peer.scrubbed().faults.is_empty());
    rot(&database(&laptop), &whole);
    assert_eq!(peer.verify().unwrap().faults, Vec::<String>::new());
    assert_eq!(peer.scrubbed().faults, Vec::<String>::new(), "a check of everything at once knows better");
}

/// A scrub of which each piece of work is one slice: much time is over whenever it looks.
fn slow(world: &World, peer: &Arc<Peer>) -> Scrub {
    struct Slow(Arc<clock::ManualClock>);
    impl Clock for Slow {
        fn now(&self) -> clock::Time {
            self.0.now()
        }
        fn steady(&self) -> Duration {
            self.0.advance(Duration::from_millis(100));
            self.0.steady()
        }
    }
    let clock: Arc<dyn Clock> = Arc::new(Slow(Arc::clone(&world.clock)));
    Scrub::new(Arc::clone(peer), clock, SCRUB_EVERY)
}

/// Begins a cycle and goes on until all pages are looked at, and nothing else is.
fn past_the_pages(world: &World, peer: &Arc<Peer>) -> Scrub {
    let mut scrub = slow(world, peer);
    world.clock.advance(SCRUB_EVERY);
    let slices = fs::metadata(peer.folder().database()).unwrap().len().div_ceil(64 * PAGE as u64);
    for _ in 0..slices {
        scrub.work();
    }
    scrub
}

fn damaged_page(number: u32) -> String {
    format!("сторінку № {number} бази даних пошкоджено на диску / page {number} of the database is damaged on the disk")
}

/// Each page that something uses, so that something meets its damage.
#[test]
fn a_page_that_rots_after_its_slice_is_named_in_the_same_cycle_and_nothing_else_is() {
    let (world, mut laptop) = scene();
    laptop.close();
    let used = store_pages::pages(&database(&laptop), &laptop.database_key());
    laptop.open();
    let peer = Arc::clone(laptop.peer());
    cycle(&world, &mut slow(&world, &peer), &peer);
    let whole = fs::read(database(&laptop)).unwrap();
    let (clean, mut kinds) = (peer.scrubbed().seen, BTreeSet::new());
    for page in used {
        let mut scrub = past_the_pages(&world, &peer);
        assert_eq!(peer.scrubbed().faults, Vec::<String>::new());
        store_pages::damage(&database(&laptop), page.number);
        let ended = peer.scrubbed().ended;
        while peer.scrubbed().ended == ended {
            scrub.work();
            let found = peer.scrubbed().faults;
            assert!(found.is_empty() || found == [damaged_page(page.number)], "{page:?}: {found:?}");
        }
        // The first page is read again only where somebody wrote: whoever has it goes on with it.
        if page.number > 1 {
            assert_eq!(peer.scrubbed().faults, [damaged_page(page.number)], "{page:?}");
            assert_eq!(peer.scrubbed().seen.pages, clean.pages, "{page:?}: none counts twice");
            kinds.insert(page.kind);
        }
        rot(&database(&laptop), &whole);
        world.clock.advance(SCRUB_EVERY);
        cycle(&world, &mut slow(&world, &peer), &peer);
        assert_eq!(peer.scrubbed().faults, Vec::<String>::new(), "{}", page.number);
        assert_eq!(peer.scrubbed().seen, clean);
    }
    assert!(kinds.len() >= 2, "{kinds:?}");
}

#[test]
fn what_a_cycle_found_is_known_when_it_ends_though_the_program_began_again_meanwhile() {
    let (world, mut laptop) = scene();
    let free = "INSERT INTO meta (key, value) VALUES ('x', zeroblob(30000)); DELETE FROM meta WHERE key = 'x'";
    laptop.peer().act(move |act| Ok(act.connection().execute_batch(free)?)).unwrap();
    cycle(&world, &mut slow(&world, laptop.peer()), laptop.peer());
    // Nothing but the pages themselves says that a free one is damaged.
    laptop.close();
    let used = store_pages::pages(&database(&laptop), &laptop.database_key());
    let pages = fs::metadata(database(&laptop)).unwrap().len() / PAGE as u64;
    let free = (1..=pages as u32).find(|number| used.iter().all(|page| page.number != *number)).unwrap();
    store_pages::damage(&database(&laptop), free);
    laptop.open();
    drop(past_the_pages(&world, laptop.peer()));
    // How far it has come is kept after the first piece of each scrub.
    slow(&world, laptop.peer()).work();
    assert!(fs::read_to_string(laptop.path().join("scrub")).unwrap().contains("\nat records "));
    laptop.close();
    laptop.open();
    let known = laptop.peer().scrubbed();
    assert_eq!(known.faults, [damaged_page(free)]);
    // Goes on where it was, behind the pages.
    cycle(&world, &mut slow(&world, laptop.peer()), laptop.peer());
    assert_eq!(laptop.peer().scrubbed().faults, known.faults);
}

/// The program ends while the pages are looked at again, and a damage that is in no page is told all the same.
#[test]
fn a_damage_that_no_page_explains_is_told_after_a_second_look_that_goes_on_over_restarts() {
    let (world, mut laptop) = scene();
    cycle(&world, &mut slow(&world, laptop.peer()), laptop.peer());
    laptop.peer().act(|act| Ok(act.connection().execute_batch("UPDATE record SET title = 'Хтось'")?)).unwrap();
    let (mut again, mut pieces) = (0, 0);
    let ended = laptop.peer().scrubbed().ended;
    world.clock.advance(SCRUB_EVERY);
    while laptop.peer().scrubbed().ended == ended {
        slow(&world, laptop.peer()).work();
        let text = fs::read_to_string(laptop.path().join("scrub")).unwrap();
        again += usize::from(text.contains("\nat pages ") && text.contains(" again records "));
        laptop.close();
        laptop.open();
        pieces += 1;
        assert!(pieces < 200, "it begins again and again");
    }
    assert!(again >= 1, "it did not look again");
    let found = laptop.peer().scrubbed().faults;
    assert!(!found.is_empty() && found.iter().all(|fault| fault.contains("рядок списку")), "{found:?}");
}

/// Pages are whole, but not what stands in them.
#[test]
fn an_entry_that_its_author_did_not_write_is_named_and_other_harm_as_well() {
    let spoil = [
        ("UPDATE entry SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || x'00' AS BLOB) WHERE seq = 3", "підпис"),
        ("UPDATE entry SET hash = zeroblob(32) WHERE seq = 3", "хеш"),
        ("UPDATE entry SET record = zeroblob(16) WHERE kind = 1 AND seq = 3", "покажчик"),
        ("DELETE FROM entry WHERE seq = 3", "попереднього немає"),
        ("UPDATE chain SET hash = zeroblob(32)", "кінець"),
        ("DELETE FROM record_key", "немає ключа"),
        ("UPDATE record SET title = 'Хтось'", "рядок списку"),
    ];
    for (sql, told) in spoil {
        let (world, laptop) = scene();
        let peer = laptop.peer();
        peer.act(move |act| Ok(act.connection().execute_batch(sql)?)).unwrap();
        let mut scrub = scrub(&world, peer, Duration::ZERO);
        cycle(&world, &mut scrub, peer);
        let found = peer.scrubbed().faults;
        assert!(found.iter().any(|fault| fault.contains(told)), "{sql}: {found:?}");
    }
}

#[test]
fn after_a_repair_nothing_is_known_to_be_damaged_and_nothing_is() {
    let (world, mut laptop) = scene();
    let mut first = scrub(&world, laptop.peer(), Duration::ZERO);
    cycle(&world, &mut first, laptop.peer());
    let leaf = fs::metadata(database(&laptop)).unwrap().len() / PAGE as u64 / 2;
    store_pages::damage(&database(&laptop), leaf as u32);
    cycle(&world, &mut first, laptop.peer());
    let known = laptop.peer().scrubbed();
    assert!(!known.faults.is_empty());
    drop(first);
    laptop.close();
    // It is known at the next start, before anything is looked at.
    laptop.open();
    assert_eq!(laptop.peer().scrubbed(), known);
    laptop.close();
    let mended = laptop.mend().unwrap();
    assert!(mended.faults.iter().any(|fault| fault.contains(&format!("сторінку № {leaf} "))), "{mended:?}");
    assert_eq!(laptop.peer().scrubbed(), peer::Scrubbed::default());
    let mut scrub = scrub(&world, laptop.peer(), Duration::ZERO);
    cycle(&world, &mut scrub, laptop.peer());
    assert_eq!(laptop.peer().scrubbed().faults, Vec::<String>::new());
}

/// What is recorded and exchanged while it looks is no damage.
#[test]
fn work_in_between_is_no_damage() {
    let (world, laptop) = scene();
    let peer = laptop.peer();
    let mut scrub = scrub(&world, peer, Duration::ZERO);
    for n in 0..60 {
        scrub.work();
        let fields = request_fields(&format!("7-{}", 200 + n), "Коваль");
        peer.act(move |act| act.create(Kind::Request, &fields)).unwrap();
        if n % 7 == 0 {
            world.exchange(peer).unwrap();
            world.centre();
            world.exchange(peer).unwrap();
        }
        assert_eq!(peer.scrubbed().faults, Vec::<String>::new(), "{n}");
    }
    assert!(peer.scrubbed().ended.is_some());
}
