//! Row 10: a whole community comes home at once, to the real hub.

use crate::cases::cases;
use chain::Courier;
use hub::store::SqliteStore;
use peer::sync::sync;
use records::Kind;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Barrier;
use valiza_tests::invented::UNSEEN;
use valiza_tests::ports::free_port;
use valiza_tests::programs::program;
use valiza_tests::served::{self, NAMES};
use valiza_tests::world::{HUB_SEED, Member, World};

/// DESIGN's crowd; CHT blocked at 300.
const SUITCASES: u16 = 300;
const REQUESTS: usize = 50;

/// The program `sync-server hub`, ended when dropped.
struct Hub(Child);

impl Hub {
    /// Over a folder that holds everything it needs, with the settings that `sync-server run` gives it.
    fn start(centre: &Path) -> Self {
        let mut command = Command::new(program("sync-server"));
        command.args(["hub", "--dir"]).arg(centre).env("MALLOC_ARENA_MAX", "2");
        let log = std::fs::File::create(centre.join("log")).unwrap();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        // Its first line: it listens.
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "{}", std::fs::read_to_string(centre.join("log")).unwrap());
        Self(child)
    }

    /// The most memory that it ever had resident, MB.
    fn most_resident(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() * 1024.0 / 1e6
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A hub's folder as `init` makes it, for this world's root; its database is made by the world.
fn write_settings(folder: &Path, world: &World, port: u16) {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (seed, tenant) = (signing::Secret::new(HUB_SEED), world.tenant);
    let validity = signing::Validity { not_before: 0, not_after: 4_102_444_800_000 };
    let names = NAMES.map(str::to_owned);
    let certificate = hub::tls::issue(&world.root.signing_seed(), &seed, &names, validity).unwrap();
    let (signing, agreement) = (hex(&world.public.signing.0), hex(&world.public.agreement.0));
    let settings = format!(
        "version = 1\nlisten = \"127.0.0.1:{port}\"\nnames = {names:?}\ntenant = \"{tenant}\"\nroot_signing = \"{signing}\"\nroot_agreement = \"{agreement}\"\n"
    );
    std::fs::write(folder.join("hub.toml"), settings).unwrap();
    std::fs::write(folder.join("hub.key"), HUB_SEED).unwrap();
    std::fs::write(folder.join("hub.crt"), certificate).unwrap();
}

/// Row 10.
pub fn crowd(runtime: &tokio::runtime::Runtime) {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("hub");
    std::fs::create_dir(&folder).unwrap();
    let mut world = World::over(Arc::new(SqliteStore::open(&folder.join("hub.db")).unwrap()));
    let all: Vec<_> = cases(&UNSEEN, REQUESTS, 47).into_iter().map(|case| case.request).collect();
    let crowd: Vec<Member> = (0..SUITCASES)
        .map(|number| {
            let suitcase = world.suitcase(500 + number);
            let all = all.clone();
            let make = move |act: &mut peer::Act<'_>| {
                all.iter().try_for_each(|fields| act.create(Kind::Request, fields).map(|_| ()))
            };
            suitcase.peer().act(make).unwrap();
            suitcase
        })
        .collect();
    world.centre();
    let port = free_port();
    write_settings(&folder, &world, port);
    // The store is the program's from here on.
    world.put_hub_back(Arc::new(hub::store::MemoryStore::default()));
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    println!(
        "\n10. {SUITCASES} suitcases at once, {REQUESTS} requests each, to sync-server hub on SQLite, from handshake to anchor"
    );
    println!("   on the same two cores: what the suitcases themselves take of them counts, too");
    let hub = Hub::start(dir.path());
    let (mut times, took) = runtime.block_on(come_home(&world, &crowd, address));
    told("over loopback", &mut times, took, &hub);
}

/// All of them in the same moment. How long each took, and all.
async fn come_home(world: &World, crowd: &[Member], address: SocketAddr) -> (Vec<Duration>, Duration) {
    let together = Arc::new(Barrier::new(crowd.len()));
    let begun = Instant::now();
    let all: Vec<_> = crowd
        .iter()
        .map(|suitcase| {
            let (peer, together) = (Arc::clone(suitcase.peer()), Arc::clone(&together));
            let mut link = served::link(world, address);
            tokio::spawn(async move {
                together.wait().await;
                let begun = Instant::now();
                sync(&peer, &mut link, "hub", &mut Courier::default()).await.unwrap();
                let left = peer.read(|view| view.whereabouts(Kind::Request, "hub")).unwrap();
                assert_eq!(left.waiting_entries, 0);
                begun.elapsed()
            })
        })
        .collect();
    let mut times = Vec::new();
    for one in all {
        times.push(one.await.unwrap());
    }
    (times, begun.elapsed())
}

fn told(name: &str, times: &mut [Duration], took: Duration, hub: &Hub) {
    times.sort();
    let at = |hundredth: usize| times[(times.len() * hundredth / 100).min(times.len() - 1)].as_secs_f64();
    println!(
        "   {name:<24} median {:>5.2} s   p95 {:>5.2} s   last {:>5.2} s   (goal: p95 < 10 s)   {:.0} requests/s",
        at(50),
        at(95),
        at(100),
        f64::from(SUITCASES) * REQUESTS as f64 / took.as_secs_f64()
    );
    println!("   memory of the hub        {:>6.0} MB at most   (goal: < 256 MB)", hub.most_resident());
}
