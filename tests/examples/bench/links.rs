//! Row 8: bad links, bytes and time over their floors.

use crate::cases::cases;
use crate::exchange::Shared;
use chain::{Courier, Trouble};
use peer::sync::{LinkError, Patience, SyncError, sync};
use records::Kind;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::Instant;
use valiza_tests::chaos::{Chaos, Cut, End, Fate, Passed, Way, Weather};
use valiza_tests::invented::UNSEEN;
use valiza_tests::served;
use valiza_tests::world::World;

/// Everything is so many times as fast as it is said to be, bandwidths, delays, tunnels and waits alike, and the times
/// are multiplied again: the ratios stay, and minutes are seconds. Processor time counts so many times as much as it should.
const SCALE: u32 = 2;

/// 64 kbit/s, 600 ms.
const SECOND_GENERATION: Weather =
    Weather { up: Some(8_000), down: Some(8_000), round_trip: Duration::from_millis(600), tunnel: None };
const SATELLITE: Weather =
    Weather { up: Some(32_000), down: Some(250_000), round_trip: Duration::from_millis(700), tunnel: None };
/// 32 kbit/s, 600 ms: a minute of it, then four of nothing.
const TUNNEL: Weather = Weather {
    up: Some(4_000),
    down: Some(4_000),
    round_trip: Duration::from_millis(600),
    tunnel: Some((Duration::from_secs(60), Duration::from_secs(240))),
};
const EVERY_20_KB: Fate =
    Fate { cut: Some(Cut { way: Way::Both, after: 20_000, end: End::Reset }), flip: None, answer: None };
const PORTAL: Fate = Fate { answer: Some(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"), cut: None, flip: None };

fn scaled(weather: Weather) -> Weather {
    let faster = |rate: Option<u64>| rate.map(|rate| rate * u64::from(SCALE));
    Weather {
        up: faster(weather.up),
        down: faster(weather.down),
        round_trip: weather.round_trip / SCALE,
        tunnel: weather.tunnel.map(|(on, off)| (on / SCALE, off / SCALE)),
    }
}

/// What it takes at least: the bytes of the same exchange where nothing disturbs it, over the bandwidth, and two round
/// trips; and the tunnels that lie on the way.
fn floor(weather: Weather, whole: Passed) -> Duration {
    let takes =
        |bytes: u64, rate: Option<u64>| Duration::from_secs_f64(rate.map_or(0.0, |rate| bytes as f64 / rate as f64));
    let open = takes(whole.up, weather.up) + takes(whole.down, weather.down) + 2 * weather.round_trip;
    let tunnels = weather.tunnel.map(|(on, off)| off * u32::try_from(open.as_nanos() / on.as_nanos()).unwrap());
    open + tunnels.unwrap_or_default()
}

struct Bad<'a> {
    runtime: &'a tokio::runtime::Runtime,
    world: &'a mut World,
    hub: SocketAddr,
    number: u16,
    undisturbed: BTreeMap<usize, Passed>,
}

/// Row 8.
pub fn links(runtime: &tokio::runtime::Runtime, world: &mut World, address: &str) {
    let hub = address.trim_start_matches("https://").parse().unwrap();
    println!("\n8. Bad links, {SCALE} times as fast as said and told in their own time; through a proxy on loopback");
    println!("   floor: bytes with TLS of the same exchange undisturbed ÷ bandwidth + 2 round trips, tunnels beside");
    let mut bad = Bad { runtime, world, hub, number: 100, undisturbed: BTreeMap::new() };
    for requests in [40, 400] {
        bad.row("64 kbit/s, 600 ms", "1.15", requests, SECOND_GENERATION, Fate::default(), false);
    }
    bad.row("the same, cut every 20 kB", "1.3", 400, SECOND_GENERATION, EVERY_20_KB, false);
    bad.row("the same, the cuts known from the last contact", "1.3", 400, SECOND_GENERATION, EVERY_20_KB, true);
    bad.row("satellite, 256 kbit/s up, 2 Mbit/s down, 700 ms", "—", 400, SATELLITE, Fate::default(), false);
    bad.row("tunnel, 60 s of 32 kbit/s and 240 s of nothing", "1.3", 400, TUNNEL, Fate::default(), false);
    bad.portal();
}

impl Bad<'_> {
    /// A suitcase that was at home an hour ago, with so many requests.
    fn suitcase(&mut self, requests: usize) -> Shared {
        self.number += 1;
        let shared = Shared(self.world.suitcase(self.number));
        let record = |count: usize, seed: u64| {
            let all: Vec<_> = cases(&UNSEEN, count, seed).into_iter().map(|case| case.request).collect();
            let make = move |act: &mut peer::Act<'_>| {
                all.iter().try_for_each(|fields| act.create(Kind::Request, fields).map(|_| ()))
            };
            shared.peer().act(make).unwrap();
        };
        record(1, 5);
        let mut link = served::link(self.world, self.hub);
        shared.sync(self.runtime, &mut link);
        record(requests, 41);
        self.world.clock.advance(Duration::from_secs(3_600));
        shared
    }

    /// The same exchange where nothing disturbs it.
    fn undisturbed(&mut self, requests: usize) -> Passed {
        if let Some(known) = self.undisturbed.get(&requests) {
            return *known;
        }
        let shared = self.suitcase(requests);
        let chaos = self.runtime.block_on(Chaos::start(self.hub, Weather::default(), |_| Fate::default()));
        let mut link = served::link(self.world, chaos.address);
        self.runtime.block_on(sync(shared.peer(), &mut link, "hub", &mut Courier::default())).unwrap();
        self.undisturbed.insert(requests, chaos.passed());
        chaos.passed()
    }

    fn row(&mut self, name: &str, goal: &str, requests: usize, weather: Weather, fate: Fate, known: bool) {
        let whole = self.undisturbed(requests);
        let shared = self.suitcase(requests);
        if known {
            let chaos = self.runtime.block_on(Chaos::start(self.hub, Weather::default(), move |_| fate));
            self.contacts(&shared, &chaos);
            let more: Vec<_> = cases(&UNSEEN, requests, 43).into_iter().map(|case| case.request).collect();
            let make = move |act: &mut peer::Act<'_>| {
                more.iter().try_for_each(|fields| act.create(Kind::Request, fields).map(|_| ()))
            };
            shared.peer().act(make).unwrap();
        }
        let chaos = self.runtime.block_on(Chaos::start(self.hub, scaled(weather), move |_| fate));
        let begun = Instant::now();
        let attempts = self.contacts(&shared, &chaos);
        let took = begun.elapsed() * SCALE;
        let (floor, passed) = (floor(weather, whole), chaos.passed());
        let (bytes, least) = (passed.up + passed.down, whole.up + whole.down);
        println!(
            "   {name:<52} {requests:>5} requests   {:>7.1} s of {:>7.1} s: {:.2}   {:>6.1} kB of {:>6.1} kB: {:.2}   {} connection(s), {attempts} contact(s)   (goal ≤ {goal})",
            took.as_secs_f64(),
            floor.as_secs_f64(),
            took.as_secs_f64() / floor.as_secs_f64(),
            bytes as f64 / 1_000.0,
            least as f64 / 1_000.0,
            bytes as f64 / least as f64,
            passed.connections,
        );
    }

    /// As a suitcase's schedule has them, until all is home. Gives back how many there were.
    fn contacts(&self, shared: &Shared, chaos: &Chaos) -> usize {
        let (mut courier, begun) = (Courier::default(), Instant::now());
        for attempt in 1..200 {
            let short = Patience::default();
            let patience = Patience {
                connect: short.connect / SCALE,
                silence: short.silence / SCALE,
                message: short.message / SCALE,
            };
            let mut link = served::link(self.world, chaos.address).with_patience(patience);
            let ended = self.runtime.block_on(sync(shared.peer(), &mut link, "hub", &mut courier));
            let now = u64::try_from((begun.elapsed() * SCALE).as_millis()).unwrap();
            let trouble = match ended {
                Ok(_) => return attempt,
                Err(SyncError::Link(LinkError::Cut | LinkError::Silent)) => Trouble::Cut,
                Err(SyncError::Link(_)) => Trouble::NoAnswer,
                Err(other) => panic!("{other}"),
            };
            courier.failed(now, trouble, 1 << 15);
            let wait = Duration::from_millis(courier.wait(now)) / SCALE;
            self.runtime.block_on(async { tokio::time::sleep(wait).await });
        }
        panic!("it never came home");
    }

    /// A portal for two minutes, then a free network: how long after that everything is home.
    fn portal(&mut self) {
        let whole = self.undisturbed(40);
        let shared = self.suitcase(40);
        let shut = Arc::new(AtomicBool::new(true));
        let plan = Arc::clone(&shut);
        let fate = move |_| if plan.load(Ordering::Relaxed) { PORTAL } else { Fate::default() };
        let chaos = self.runtime.block_on(Chaos::start(self.hub, scaled(SECOND_GENERATION), fate));
        let closed = Duration::from_secs(120);
        let door = Arc::clone(&shut);
        self.runtime.spawn(async move {
            tokio::time::sleep(closed / SCALE).await;
            door.store(false, Ordering::Relaxed);
        });
        let begun = Instant::now();
        let attempts = self.contacts(&shared, &chaos);
        let took = begun.elapsed() * SCALE - closed;
        let floor = floor(SECOND_GENERATION, whole);
        println!(
            "   captive portal for 2 min, then 64 kbit/s, 600 ms         40 requests   {:>7.1} s after it opened, floor {:.1} s: {:.2}   {attempts} contact(s), {} connection(s); nothing sent to it",
            took.as_secs_f64(),
            floor.as_secs_f64(),
            took.as_secs_f64() / floor.as_secs_f64(),
            chaos.passed().connections,
        );
    }
}
