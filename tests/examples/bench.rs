//! Rows 1 to 3 of the numbers to reach, each beside its floor, measured in one run on one machine.
//! `cargo xtask bench` builds it for release and runs it.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures")]

use chain::Courier;
use clock::Clock;
use hub::store::SqliteStore;
use ids::RecordId;
use peer::Peer;
use peer::sync::{Link, sync, tls};
use records::{Edit, Kind};
use signing::{Secret, Validity};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use valiza_tests::invented::{Pool, TRAINING, UNSEEN, corpus};
use valiza_tests::world::{HUB_SEED, World};

const REQUESTS: usize = 10_000;
const ANSWERER: &str = "hub";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("hub.db")).unwrap();
    let mut world = World::over(Arc::new(store));
    let address = serve(&runtime, &world);
    println!(
        "{} {}",
        std::env::consts::ARCH,
        if cfg!(debug_assertions) { "DEV PROFILE: not a measurement" } else { "release" }
    );
    acts(&mut world);
    wire(&runtime, &mut world, &address);
    throughput(&runtime, &mut world, &address);
}

/// The world's hub on a loopback port, TLS 1.3, one fsync a message.
fn serve(runtime: &tokio::runtime::Runtime, world: &World) -> String {
    let seed = Secret::new(HUB_SEED);
    let validity = Validity { not_before: 0, not_after: 4_102_444_800_000 };
    let names = ["127.0.0.1".to_owned()];
    let certificate = hub::tls::issue(&world.root.signing_seed(), &seed, &names, validity).unwrap();
    let config = hub::tls::server_config(certificate, &seed).unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let (hub, clock): (_, Arc<dyn Clock>) = (Arc::clone(&world.hub), world.clock.clone());
    runtime.spawn(hub::http::serve(listener, Some(config), hub, clock, std::future::pending()));
    address
}

fn link(world: &World, address: &str) -> Link {
    Link::new(address, tls::client_config(&world.public.signing).unwrap()).unwrap()
}

/// The fields with which one resident and one request begin.
struct Case {
    resident: Vec<Edit>,
    request: Vec<Edit>,
}

/// `count` invented residents with their requests, as the corpus of bodies has them.
fn cases(pool: &'static Pool, count: usize, seed: u64) -> Vec<Case> {
    let (mut residents, mut requests) = (Vec::new(), Vec::new());
    for round in 0.. {
        for sample in corpus(pool, count.clamp(20, 500), seed * 1000 + round) {
            let body = records::body::Body::decode(&sample.body).unwrap();
            let mut edits = records::Gate::peek(&body.change).unwrap();
            let is_birth = edits.iter().any(|edit| edit.key == "id");
            edits.retain(|edit| !["v", "id", "created"].contains(&edit.key.as_str()));
            match body.kind {
                Kind::Resident if is_birth => residents.push(edits),
                Kind::Request if is_birth => requests.push(edits),
                _ => {}
            }
        }
        if requests.len() >= count {
            break;
        }
    }
    let residents: Vec<_> = residents.into_iter().cycle().take(count).collect();
    requests.into_iter().zip(residents).map(|(request, resident)| Case { resident, request }).collect()
}

/// What an officer's «Зберегти» writes: a new resident and a request.
fn save(peer: &Peer, case: Case) -> RecordId {
    peer.act(move |act| {
        act.create(Kind::Resident, &case.resident)?;
        act.create(Kind::Request, &case.request)
    })
    .unwrap()
}

/// Row 1: an act, durable, beside one fsync.
fn acts(world: &mut World) {
    let suitcase = world.suitcase(7);
    let peer = suitcase.peer();
    let dir = tempfile::tempdir_in(suitcase.path()).unwrap();
    let mut file = OpenOptions::new().create(true).append(true).open(dir.path().join("floor")).unwrap();
    let mut fsyncs = Vec::new();
    let mut saves = Vec::new();
    let mut inside = Duration::ZERO;
    for case in cases(&UNSEEN, 400, 1) {
        fsyncs.push(timed(|| fsync(&mut file)));
        let begun = cpu();
        saves.push(timed(|| {
            save(peer, case);
        }));
        inside += cpu() - begun;
    }
    let (floor, act) = (median(&mut fsyncs), median(&mut saves));
    let ratio = act.as_secs_f64() / floor.as_secs_f64();
    println!("\n1. Save an act (new resident + request) durably on the suitcase, medians of {}", saves.len());
    println!("   one fsync of 4 KiB appended   {floor:>10.1?}");
    println!("   the act                       {act:>10.1?}   {ratio:.2} × one fsync (goal < 1.5)");
    println!("   processor time of the act     {:>10.1?}   (goal < 3 ms)", inside / saves.len() as u32);
    parts();
}

/// Where an act's processor time goes: its parts by themselves, for a resident and a request together.
fn parts() {
    let mut entropy = sealing::SeededEntropy::new(5);
    let entropy: &mut dyn sealing::Entropy = &mut entropy;
    let (actor, tenant) = (ids::ChainId::from_bytes([1; 16]), ids::TenantId::from_bytes([2; 16]));
    let (key, signing) = (sealing::RecordKey::random(entropy), signing::SigningKey::from_seed(&Secret::new([3; 32])));
    let (mut create, mut seal, mut sign, mut view) = (vec![], vec![], vec![], vec![]);
    for case in cases(&UNSEEN, 200, 2) {
        let both = [(Kind::Resident, case.resident), (Kind::Request, case.request)];
        let mut made = Vec::new();
        create.push(timed(|| {
            for (kind, fields) in &both {
                let record = RecordId::from_random(entropy.array());
                made.push(records::Document::create(*kind, record, actor, 1_795_255_200_000, fields).unwrap());
            }
        }));
        let bodies: Vec<_> = made
            .iter()
            .map(|(document, change)| records::body::Body::new(document, "olena", 0, change.clone()).encode())
            .collect();
        let context = sealing::BodyContext { tenant, chain: actor, seq: 1, kind: 1, record: None };
        seal.push(timed(|| {
            bodies.iter().for_each(|body| drop(sealing::seal_body(&key, 1, &context, body, entropy).unwrap()));
        }));
        sign.push(timed(|| {
            for body in &bodies {
                std::hint::black_box(signing.sign(signing::Label::EntrySignature, body));
            }
        }));
        view.push(timed(|| {
            let request = records::view::RequestView::read(&made[1].0, &|_| false);
            drop(records::projection::RequestRow::from(&request));
            let resident = records::view::ResidentView::read(&made[0].0, &|_| false);
            drop(records::projection::ResidentRow::from(&resident));
        }));
    }
    println!(
        "   of which, measured alone: two automerge documents {:.0?}, two bodies compressed and sealed {:.0?},",
        median(&mut create),
        median(&mut seal)
    );
    println!(
        "   two signatures {:.0?}, two rows read from the documents {:.0?}; the rest is SQLCipher and its commit",
        median(&mut sign),
        median(&mut view)
    );
}

fn fsync(file: &mut File) {
    file.write_all(&[7; 4096]).unwrap();
    file.sync_data().unwrap();
}

/// Row 3: bytes on the wire, HTTP headers in, TLS beside.
fn wire(runtime: &tokio::runtime::Runtime, world: &mut World, address: &str) {
    println!("\n3. Bytes on the wire, up and down with HTTP headers; with TLS beside");
    for (pool, name) in [(&TRAINING, "like the training set"), (&UNSEEN, "unlike it")] {
        println!("   floor: 200 requests as gzipped plain JSON, {name}: {} B each", gzipped_json(pool, 200));
    }
    let suitcase = world.suitcase(8);
    let shared = Shared(suitcase);
    let mut link = link(world, address);
    let mut measure = |name: &str, goal: u64, per: u64| {
        let before = link.traffic();
        let contact = shared.sync(runtime, &mut link);
        let after = link.traffic();
        let (inside, tls) = (after.inside - before.inside, after.up + after.down - before.up - before.down);
        let (inside, tls) = (inside / per, tls / per);
        println!("   {name:<52} {inside:>6} B   goal ≤ {goal:<5} with TLS {tls:>6} B   {contact} round(s)");
    };
    measure("(first contact: the register, TLS handshake)", 0, 1);
    measure("nothing to do", 450, 1);
    for (pool, name, goal) in [(&TRAINING, "like the training set", 380), (&UNSEEN, "unlike it", 550)] {
        for case in cases(pool, 200, 77) {
            shared.peer().act(move |act| act.create(Kind::Request, &case.request)).unwrap();
        }
        measure(&format!("a `request` change in a batch of 200, {name}"), goal, 200);
    }
    let case = cases(&TRAINING, 1, 99).pop().unwrap();
    let record = save(shared.peer(), case);
    measure("one whole act with a new resident", 1_000, 1);
    let event = records::event::Event {
        at: world.clock.now().0,
        code: "withdrawn".into(),
        prev: String::new(),
        by: "olena".into(),
        about: String::new(),
        reason: "заявник передумав".into(),
    };
    let edit = vec![Edit::new("e/0000000000002", event.encode())];
    shared.peer().act(move |act| act.edit(record, |_, _| Ok((edit, ())))).unwrap();
    measure("one status event alone", 800, 1);
    measure("nothing to do", 450, 1);
}

/// Bytes a request takes in one gzipped array of plain JSON: no seal, no signature, no merging.
fn gzipped_json(pool: &'static Pool, count: usize) -> usize {
    let value = |edit: &Edit| match (edit.value.as_int(), edit.value.as_bool()) {
        (Some(number), _) => serde_json::json!(number),
        (_, Some(yes)) => serde_json::json!(yes),
        _ => serde_json::json!(edit.value.as_text()),
    };
    let object = |case: &Case| {
        case.request.iter().map(|edit| (edit.key.clone(), value(edit))).collect::<serde_json::Map<_, _>>()
    };
    let all: Vec<_> = cases(pool, count, 77).iter().map(object).collect();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), serde_json::to_vec(&all).unwrap()).unwrap();
    let gzip = std::process::Command::new("gzip").arg("-9c").arg(file.path()).output().unwrap();
    gzip.stdout.len() / count
}

/// Row 2: 10,000 requests, suitcase to hub, until the last anchor is stored.
fn throughput(runtime: &tokio::runtime::Runtime, world: &mut World, address: &str) {
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

/// A suitcase whose peer the sync driver can share.
struct Shared(valiza_tests::world::Member);

impl Shared {
    fn peer(&self) -> &Arc<Peer> {
        self.0.peer()
    }

    fn sync(&self, runtime: &tokio::runtime::Runtime, link: &mut Link) -> usize {
        let mut courier = Courier::default();
        runtime.block_on(sync(self.peer(), link, ANSWERER, &mut courier)).unwrap().rounds
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Processor time of this process so far, all its living threads, in the scheduler's nanoseconds.
fn cpu() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let of = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(path.join("schedstat")).unwrap_or_default();
        text.split(' ').next().and_then(|ns| ns.parse::<u64>().ok()).unwrap_or(0)
    };
    Duration::from_nanos(tasks.map(|task| of(task.path())).sum())
}
