//! Row 2.

use crate::cases::cases;
use crate::exchange::{Shared, link};
use crate::measure::{cpu, median, timed};
use records::{Edit, Kind};
use std::time::{Duration, Instant};
use valiza_tests::invented::UNSEEN;
use valiza_tests::world::World;

const REQUESTS: usize = 10_000;

/// Row 2: 10,000 requests, suitcase to hub, until the last anchor is stored.
pub fn throughput(runtime: &tokio::runtime::Runtime, world: &mut World, address: &str) {
    println!("\n2. {REQUESTS} requests, suitcase to hub, anchored, loopback");
    let shared = Shared(world.suitcase(9));
    let mut begun = Instant::now();
    let all = cases(&UNSEEN, REQUESTS, 5);
    let invented = begun.elapsed();
    begun = Instant::now();
    for page in all.chunks(500) {
        let page: Vec<Vec<Edit>> = page.iter().map(|case| case.request.clone()).collect();
        let make = move |act: &mut peer::Act<'_>| {
            page.iter().try_for_each(|fields| act.create(Kind::Request, fields).map(|_| ()))
        };
        shared.peer().act(make).unwrap();
    }
    let recorded = begun.elapsed();
    let chain = shared.peer().chain();
    let mut runs = Vec::new();
    let mut floors = Vec::new();
    let (mut entries, mut bytes) = (0, 0);
    let before = cpu();
    let mut link = link(world, address);
    begun = Instant::now();
    shared.sync(runtime, &mut link);
    runs.push(begun.elapsed());
    let spent = cpu() - before;
    let mut bodies = Vec::new();
    let mut from = 1;
    while let Some(segment) = shared.peer().read(|view| view.segment(chain, from, 256 * 1024)).unwrap() {
        from = segment.last() + 1;
        let mut batch = Vec::new();
        for entry in &segment.entries {
            let mut w = signing::canonical::Writer::new();
            entry.write(&mut w);
            bytes += w.len();
            batch.push(w.finish());
        }
        entries += batch.len();
        bodies.push(batch);
    }
    for _ in 0..3 {
        floors.push(timed(|| raw_insert(&bodies)));
    }
    let (run, floor) = (median(&mut runs), median(&mut floors));
    let rate = |time: Duration| entries as f64 / time.as_secs_f64();
    println!("   raw insert of the same {bytes} B in {} batches   {:>9.0} entries/s", bodies.len(), rate(floor));
    println!("   suitcase to hub, anchored                  {:>9.0} entries/s   (goal ≥ 22,000)", rate(run));
    println!("   processor time of both sides per entry     {:>9.1?}", spent / entries as u32);
    println!(
        "   (inventing them took {invented:.1?}, recording them {recorded:.1?}: {:.0} requests/s)",
        REQUESTS as f64 / recorded.as_secs_f64()
    );
}

/// The floor: the bytes and one index, as many fsyncs as the exchange has messages.
fn raw_insert(batches: &[Vec<Vec<u8>>]) {
    let dir = tempfile::tempdir().unwrap();
    let mut connection = rusqlite::Connection::open(dir.path().join("raw.db")).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE entry (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)").unwrap();
    for batch in batches {
        let transaction = connection.transaction().unwrap();
        for bytes in batch {
            transaction.prepare_cached("INSERT INTO entry (bytes) VALUES (?1)").unwrap().execute([bytes]).unwrap();
        }
        transaction.commit().unwrap();
    }
}
