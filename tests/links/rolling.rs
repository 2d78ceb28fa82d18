//! The hub ends in time whoever holds a connection to it, and a new version of it is rolled in while suitcases work.

use super::programs::record;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use valiza_tests::apart::Apart;
use valiza_tests::programs::{Said, form, wait_for};

/// What the operator was promised.
const ENDS_WITHIN: Duration = Duration::from_secs(10);

/// Contacts that must not notice anything.
const ENOUGH: usize = 18;

/// Connections on which nobody says anything, or only half of it.
fn half_open(port: u16) -> Vec<TcpStream> {
    let connect = || TcpStream::connect(("127.0.0.1", port)).unwrap();
    let silent = connect();
    // The head of a TLS record that never comes.
    let mut begun = connect();
    begun.write_all(&[0x16, 3, 1, 2, 0, 1]).unwrap();
    vec![silent, begun]
}

#[test]
fn the_hub_ends_in_time_with_half_open_clients() {
    let mut apart = Apart::found();
    apart.accept();
    apart.start_hub();
    let mut held = half_open(apart.port);
    let begun = Instant::now();
    let hub = apart.hub.take().unwrap();
    assert_eq!(hub.signal("TERM", ENDS_WITHIN), Some(0));
    println!("ended after {:?}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(3), "nobody was being answered: {:?}", begun.elapsed());
    let mut rest = Vec::new();
    for stream in &mut held {
        // They were told.
        let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
        let _ = stream.read_to_end(&mut rest);
    }
    apart.start_hub();
    apart.stop_hub();
}

/// Everybody syncs all the time; the hub's program is ended and started again under them.
#[test]
fn a_hub_is_rolled_over_while_suitcases_work_and_none_notices() {
    let mut apart = Apart::found();
    apart.accept();
    apart.start();
    let suitcases: Vec<_> = [7, 8, 9].map(|number| apart.suitcase(number)).into();
    let (stop, contacts) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (syncs, recorded) = std::thread::scope(|scope| {
        let working: Vec<_> = suitcases
            .iter()
            .enumerate()
            .map(|(index, suitcase)| {
                let (stop, contacts) = (&stop, &contacts);
                scope.spawn(move || {
                    let (mut said, mut recorded): (Vec<Said>, usize) = (Vec::new(), 0);
                    while !stop.load(Ordering::Relaxed) {
                        if said.len() % 3 == 0 {
                            record(suitcase, 1, index * 20 + recorded);
                            recorded += 1;
                        }
                        said.push(suitcase.sync());
                        contacts.fetch_add(1, Ordering::Relaxed);
                    }
                    (said, recorded)
                })
            })
            .collect();
        // Until enough contacts have met a hub that was going, gone or coming; a busy machine takes its time.
        for turn in (0..25).take_while(|turn| *turn < 5 || contacts.load(Ordering::Relaxed) < ENOUGH) {
            std::thread::sleep(Duration::from_millis(1_500));
            let _held = half_open(apart.port);
            let hub = apart.hub.take().unwrap();
            let begun = Instant::now();
            assert_eq!(hub.signal("TERM", ENDS_WITHIN), Some(0), "turn {turn}");
            apart.start_hub();
            println!("turn {turn}: away for {:?}", begun.elapsed());
        }
        std::thread::sleep(Duration::from_millis(1_500));
        stop.store(true, Ordering::Relaxed);
        let done: Vec<_> = working.into_iter().map(|one| one.join().unwrap()).collect();
        let recorded: usize = done.iter().map(|(_, recorded)| recorded).sum();
        (done.into_iter().flat_map(|(said, _)| said).collect::<Vec<_>>(), recorded)
    });
    let failed: Vec<&Said> = syncs.iter().filter(|said| said.code != Some(0)).collect();
    println!("{} contacts, {recorded} requests", syncs.len());
    assert!(syncs.len() >= ENOUGH, "too few contacts to prove anything: {}", syncs.len());
    assert!(failed.is_empty(), "{} of {} noticed: {:#?}", failed.len(), syncs.len(), failed.first());
    suitcases.iter().for_each(|suitcase| {
        suitcase.sync().ok();
        suitcase.call(&["verify"]).ok();
    });
    let rows = apart.queue_of(recorded);
    let numbers: std::collections::BTreeSet<_> = rows.iter().map(|row| row["number"].to_string()).collect();
    assert_eq!(numbers.len(), recorded, "each once");
}

/// The new program is started while the old one still answers its last client: over the same folder, at the same port.
#[test]
fn the_new_program_may_start_while_the_old_one_is_still_ending() {
    let mut apart = Apart::found();
    apart.accept();
    apart.start();
    let suitcase = apart.suitcase(7);
    suitcase.record(&form("Коваленко"));
    suitcase.sync().ok();
    let old = apart.hub.take().unwrap();
    let pid = old.id();
    let told = std::process::Command::new("kill").args(["-TERM", &pid.to_string()]).status().unwrap();
    assert!(told.success());
    // Its listener is gone at once, whatever it still does.
    wait_for(|| TcpStream::connect(("127.0.0.1", apart.port)).is_err().then_some(()));
    apart.start_hub();
    suitcase.record(&form("Гук"));
    suitcase.sync().ok();
    drop(old);
    apart.queue_of(2);
}
