//! What a look through everything that a suitcase keeps costs: processor time, how long it takes with its pauses, and how
//! long the longest piece of work is. Pauses are added up and not waited for.

use crate::cases::{many, many_cases};
use crate::measure::cpu;
use clock::{Clock, SystemClock};
use peer::{Peer, SCRUB_EVERY, Scrub};
use records::{Edit, Kind};
use std::sync::Arc;
use std::time::{Duration, Instant};
use valiza_tests::invented::UNSEEN;
use valiza_tests::world::World;

const SOME: usize = 10_000;

/// The row `scrub`.
pub fn scrub(world: &mut World) {
    let most = many();
    let shared = world.suitcase(14);
    println!("\nA look through everything that a suitcase keeps (goal: 2 % of one processor, within 7 days)");
    let mut held = 0;
    for count in [SOME.min(most), most] {
        fill(shared.peer(), count - held);
        held = count;
        cycle(shared.peer(), count);
    }
}

/// Every request has been changed once; people come back, so every tenth has a resident.
fn fill(peer: &Peer, count: usize) {
    let all: Vec<(Vec<Edit>, Vec<Edit>)> =
        many_cases(&UNSEEN, count, 37).map(|case| (case.resident, case.request)).collect();
    for page in all.chunks(250) {
        let page = page.to_vec();
        let make = move |act: &mut peer::Act<'_>| {
            for (index, (resident, request)) in page.iter().enumerate() {
                if index % 10 == 0 {
                    act.create(Kind::Resident, resident)?;
                }
                let record = act.create(Kind::Request, request)?;
                act.edit(record, |_, _| Ok((vec![Edit::new("summary", "Просить призначити субсидію")], ())))?;
            }
            Ok(())
        };
        peer.act(make).unwrap();
    }
}

fn cycle(peer: &Arc<Peer>, count: usize) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let before = peer.scrubbed().ended;
    let mut scrub = Scrub::new(Arc::clone(peer), clock, Duration::ZERO);
    let (mut took, mut longest, mut pieces) = (Duration::ZERO, Duration::ZERO, 0_u32);
    let spent = cpu();
    while peer.scrubbed().ended == before {
        let begun = Instant::now();
        let pause = scrub.work();
        let worked = begun.elapsed();
        (took, longest, pieces) = (took + worked + pause, longest.max(worked), pieces + 1);
    }
    let (spent, scrubbed) = (cpu() - spent, peer.scrubbed());
    assert!(scrubbed.faults.is_empty(), "{:?}", scrubbed.faults);
    assert!(took < SCRUB_EVERY, "{took:?}");
    let seen = scrubbed.seen;
    println!(
        "   {count:>7} requests: {} pages, {} entries, {} records: {spent:.1?} CPU, with pauses {:.1} h: {:.2} % of one processor; {pieces} pieces, the longest {longest:.0?}",
        seen.pages,
        seen.entries,
        seen.records,
        took.as_secs_f64() / 3600.0,
        100.0 * spent.as_secs_f64() / took.as_secs_f64()
    );
}
