//! Row 6 and the pages: the real programs with many records, asked by a browser without a window.

use crate::cases::{many, many_cases};
use peer::decoder::InProcess;
use peer::{Folder, Means, Peer};
use records::{Edit, Kind};
use sealing::{Passphrase, SystemEntropy};
use std::sync::Arc;
use std::time::{Duration, Instant};
use valiza_tests::console::Console;
use valiza_tests::invented::UNSEEN;
use valiza_tests::programs::{Centre, PASSPHRASE, Suitcase};

const SOME: usize = 10_000;
const ROUNDS: usize = 200;

/// Row 6, and the server's time for each page.
pub fn pages() {
    let most = many();
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    fill(&suitcase, SOME);
    let some = [
        "/day",
        "/requests",
        "/requests?q=%D0%BA%D0%BE%D0%B2%D0%B0%D0%BB",
        "/requests?place=here",
        "/requests?place=centre",
        "/residents",
        "/residents/duplicates",
        "/residents?q=%D0%BA%D0%BE%D0%B2%D0%B0%D0%BB",
        "/exchange",
        "/help",
    ];
    println!("\nPages of the suitcase with {SOME} records, {ROUNDS} times each (goal: p99 < 50 ms, search < 30 ms)");
    let mut console = Console::start(&suitcase);
    unlock(&mut console);
    some.iter().for_each(|path| asked(&mut console, path));
    drop(console);

    fill(&suitcase, most - SOME);
    println!("\n6. The suitcase with {most} records");
    let mut console = Console::start(&suitcase);
    let (passphrase, first) = unlock(&mut console);
    println!("   passphrase check and opening {passphrase:.1?}, first page after it {first:.1?}   (goal < 1 s)");
    some.iter().for_each(|path| asked(&mut console, path));
    println!("   memory of the process {} MB   (goal < 150 MB)", resident(console.pid()));
    drop(console);

    let begun = Instant::now();
    suitcase.sync().ok();
    let synced = begun.elapsed();
    let total = || centre.call(&["queue", "--group", "all", "--size", "1", "--json"]).json()["total"].as_u64().unwrap();
    while total() < most as u64 && begun.elapsed() < Duration::from_secs(900) {
        std::thread::sleep(Duration::from_secs(1));
    }
    println!(
        "\nThe real programs bring {most} requests to the hub in {synced:.0?}; the queue has them all after {:.0?}",
        begun.elapsed()
    );
    println!("Pages of the desk with {} requests, {ROUNDS} times each (goal: p99 < 100 ms)", total());
    let mut desk = Console::at(&centre.desk);
    let (status, page) = desk.post("/sign-in", &[("login", "admin"), ("passphrase", PASSPHRASE)]);
    assert_eq!(status, 303, "{page}");
    let groups = ["new", "hand_over_today", "at_provider", "differences", "all"];
    groups.iter().for_each(|group| asked(&mut desk, &format!("/queue?group={group}")));
    ["/queue?group=all&q=%D0%BA%D0%BE%D0%B2%D0%B0%D0%BB", "/queue?group=all&page=1000", "/suitcases", "/accounts"]
        .iter()
        .for_each(|path| asked(&mut desk, path));
}

/// Records without a person's typing: the officer's program does not run.
fn fill(suitcase: &Suitcase, count: usize) {
    let folder = Folder::hold_existing(&suitcase.dir).unwrap();
    let key = folder.vault().unwrap().unlock(&suitcase.login, &Passphrase::typed(PASSPHRASE)).unwrap();
    let means = Means {
        entropy: Box::new(SystemEntropy::new()),
        clock: Arc::new(clock::SystemClock::new()),
        decoder: Box::new(InProcess),
    };
    let peer = Peer::open(folder, &key, &suitcase.login, means).unwrap();
    let all: Vec<(Vec<Edit>, Vec<Edit>)> =
        many_cases(&UNSEEN, count, 13).map(|case| (case.resident, case.request)).collect();
    for page in all.chunks(250) {
        let page = page.to_vec();
        let make = move |act: &mut peer::Act<'_>| {
            for (index, (resident, request)) in page.iter().enumerate() {
                // People come back: a resident for every tenth request.
                if index % 10 == 0 {
                    act.create(Kind::Resident, resident)?;
                }
                act.create(Kind::Request, request)?;
            }
            Ok(())
        };
        peer.act(make).unwrap();
    }
}

/// Time of the answer to the passphrase, and of the first page after it.
fn unlock(console: &mut Console) -> (Duration, Duration) {
    let begun = Instant::now();
    let (status, page) = console.post("/unlock", &[("officer", "olena"), ("passphrase", PASSPHRASE)]);
    assert_eq!(status, 303, "{page}");
    let passphrase = begun.elapsed();
    let begun = Instant::now();
    let (status, page) = console.get("/day");
    assert_eq!(status, 200, "{page}");
    (passphrase, begun.elapsed())
}

fn asked(console: &mut Console, path: &str) {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            let (status, page) = console.get(path);
            assert_eq!(status, 200, "{path}: {page}");
            begun.elapsed()
        })
        .collect();
    times.sort();
    println!("   {path:<40} median {:>8.1?}   p99 {:>8.1?}", times[ROUNDS / 2], times[(ROUNDS * 99).div_ceil(100) - 1]);
}

/// Resident memory, MB.
fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}
