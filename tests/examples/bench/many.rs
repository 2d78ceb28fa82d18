//! Rows 4 and 5: one change among many, and how fast the centre opens what came.

use crate::cases::{many as count, many_cases};
use crate::exchange::{Shared, link};
use crate::measure::{cpu, median, timed};
use chain::Courier;
use ids::RecordId;
use peer::Peer;
use peer::sync::{Link, Session};
use records::{Edit, Kind};
use std::time::{Duration, Instant};
use valiza_tests::invented::UNSEEN;
use valiza_tests::world::World;

const FEW: usize = 100;
const CHANGES: usize = 101;

/// Rows 4 and 5.
pub fn many(runtime: &tokio::runtime::Runtime, world: &mut World, address: &str) {
    let most = count();
    let shared = Shared(world.suitcase(10));
    let mut link = link(world, address);
    let mut records = record(shared.peer(), FEW);
    shared.sync(runtime, &mut link);
    let few = one_change(runtime, &shared, &mut link, &records);
    let begun = Instant::now();
    records.extend(record(shared.peer(), most - FEW));
    let recorded = begun.elapsed();
    shared.sync(runtime, &mut link);
    let many = one_change(runtime, &shared, &mut link, &records);
    println!("\n4. One change among {most} records and among {FEW}, suitcase to hub, medians of {CHANGES}");
    for (name, (bytes, time)) in [(FEW, few), (most, many)] {
        println!("   among {name:>7}   {bytes:>6} B   {time:>9.1?}");
    }
    println!(
        "   ratio            {:>6.2}     {:>9.2}   (goal: within 1.2)",
        many.0 as f64 / few.0 as f64,
        many.1.as_secs_f64() / few.1.as_secs_f64()
    );
    println!("   (recording {most} took {recorded:.1?}: {:.0} requests/s)", most as f64 / recorded.as_secs_f64());
    opens(world);
}

fn record(peer: &Peer, count: usize) -> Vec<RecordId> {
    let all: Vec<Vec<Edit>> = many_cases(&UNSEEN, count, 31).map(|case| case.request).collect();
    let mut records = Vec::new();
    for page in all.chunks(500) {
        let page = page.to_vec();
        let make = move |act: &mut peer::Act<'_>| {
            page.iter().map(|fields| act.create(Kind::Request, fields)).collect::<Result<Vec<_>, _>>()
        };
        records.extend(peer.act(make).unwrap());
    }
    records
}

/// Bytes with HTTP headers, up and down, and time of an exchange that brings one changed field to the hub.
fn one_change(
    runtime: &tokio::runtime::Runtime,
    shared: &Shared,
    link: &mut Link,
    records: &[RecordId],
) -> (u64, Duration) {
    let mut times = Vec::new();
    let mut bytes = Vec::new();
    for index in 0..CHANGES {
        let record = records[index * records.len() / CHANGES];
        let edit = vec![Edit::new("summary", format!("Просить призначити субсидію, {index}"))];
        shared.peer().act(move |act| act.edit(record, |_, _| Ok((edit, ())))).unwrap();
        let before = link.traffic().inside;
        times.push(timed(|| {
            shared.sync(runtime, link);
        }));
        bytes.push(link.traffic().inside - before);
    }
    bytes.sort_unstable();
    (bytes[bytes.len() / 2], median(&mut times))
}

/// Row 5: the desk takes everything in, opens it, checks each signature and makes its lists.
fn opens(world: &World) {
    let most = count();
    let desk = world.desk.peer();
    let begun = (Instant::now(), cpu());
    let (mut courier, mut session) = (Courier::default(), Session::new("hub"));
    loop {
        let message = session.next(desk, courier.batch()).unwrap();
        let answer = world.hub.answer(&message, clock::Clock::now(world.clock.as_ref())).unwrap();
        if !session.answered(desk, &answer, &mut courier).unwrap() {
            break;
        }
    }
    let stored = (begun.0.elapsed(), cpu() - begun.1);
    let begun = (Instant::now(), cpu());
    let absorbed = desk.absorb().unwrap();
    let (opened, spent) = (begun.0.elapsed(), cpu() - begun.1);
    let entries = most as f64;
    println!("\n5. The desk takes {most} requests from the hub and opens them");
    println!(
        "   received and stored   {:>9.0} entries/s, {:.0?} CPU each",
        entries / stored.0.as_secs_f64(),
        stored.1 / most as u32
    );
    println!(
        "   opened and listed     {:>9.0} entries/s, {:.0?} CPU each: {:.0} entries/s a core   (goal ≥ 5,000)",
        entries / opened.as_secs_f64(),
        spent / most as u32,
        entries / spent.as_secs_f64()
    );
    println!("   ({absorbed:?})");
}
