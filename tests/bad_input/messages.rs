//! Exchange bodies that are cut, bit-flipped, oversized, bombs or noise, posted to a real hub over TLS.

use crate::wire::{Wire, status};
use chain::Courier;
use peer::sync::Session;
use std::process::Command;
use valiza_tests::invented::Dice;
use valiza_tests::programs::{Centre, form};
use valiza_tests::world::{World, request_fields};

/// A message that a suitcase of another community would send: well-formed and signed.
fn foreign_message() -> Vec<u8> {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let make = |act: &mut peer::Act<'_>| act.create(records::Kind::Request, &request_fields("7-1", "Коваленко"));
    suitcase.peer().act(make).unwrap();
    Session::new("hub").next(suitcase.peer(), Courier::default().batch()).unwrap()
}

/// Resident memory of the hub, in KiB.
fn resident(centre: &Centre) -> u64 {
    let is_hub = |pid: &str| {
        let line = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        line.split('\0').any(|word| word == "hub")
    };
    let threads = std::fs::read_dir(format!("/proc/{}/task", centre.pid())).unwrap().flatten();
    let children = threads.map(|thread| std::fs::read_to_string(thread.path().join("children")).unwrap_or_default());
    let children = children.collect::<Vec<_>>().join(" ");
    let pid = children.split_whitespace().find(|pid| is_hub(pid)).expect("a hub");
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = text.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn bodies_of_every_kind_get_a_status_and_a_sentence_and_the_hub_lives() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    suitcase.record(&form("Коваленко"));
    let wire = Wire::to(&centre);
    let before = resident(&centre);
    let message = foreign_message();
    let mut dice = Dice::new(9);
    let mut tried = 0;
    let mut refused = |path: &str, body: &[u8], statuses: &[u16]| {
        let (status, text) = wire.post(path, body);
        assert!(statuses.contains(&status), "{path}: {status} {text:?} to {} bytes", body.len());
        assert!(text.contains(" / "), "two languages: {text:?}");
        tried += 1;
    };
    const BAD: &[u16] = &[400, 401, 403, 404, 421, 422, 501];
    refused("/v1/exchange", &message, BAD);
    for cut in (0..message.len()).step_by(message.len() / 23 + 1) {
        refused("/v1/exchange", &message[..cut], BAD);
    }
    for _ in 0..60 {
        let mut flipped = message.clone();
        let place = dice.below(flipped.len());
        flipped[place] ^= 1 << dice.below(8);
        refused("/v1/exchange", &flipped, BAD);
    }
    for length in [0, 1, 17, 300, 4_000] {
        let noise: Vec<u8> = (0..length).map(|_| dice.below(256) as u8).collect();
        for path in ["/v1/exchange", "/v1/enrol", "/v1/restore"] {
            refused(path, &noise, BAD);
        }
    }
    // Counts that promise what never comes, and bytes that would inflate if anybody inflated them.
    refused("/v1/exchange", &[&message[..20], &[0xff; 64][..]].concat(), BAD);
    refused("/v1/exchange", &gzip_bomb(), BAD);
    for (path, length) in [("/v1/exchange", 9 * 1024 * 1024), ("/v1/enrol", 70_000), ("/v1/restore", 70_000)] {
        let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\nabc");
        let answer = wire.send(head.as_bytes());
        assert!(status(&answer) == 413 && answer.contains("завелике"), "{path}: {answer}");
    }
    // Sent to the end, the answer may be lost under what nobody reads any more; taken it is not.
    let (whole, _) = wire.post("/v1/exchange", &vec![0; 9 * 1024 * 1024]);
    assert!([0, 413].contains(&whole), "{whole}");
    wire.is_alive();
    println!("{tried} bodies refused; the hub's memory {before} KiB before, {} KiB after", resident(&centre));
    assert!(resident(&centre) < 256 * 1024, "the hub grew from {before} to {} KiB", resident(&centre));
    suitcase.sync().ok();
    centre.queue_of(1);
}

/// 64 MiB of nothing as gzip makes them: 64 KiB.
fn gzip_bomb() -> Vec<u8> {
    let output = Command::new("sh").args(["-c", "head -c 67108864 /dev/zero | gzip -9"]).output().unwrap();
    assert!(output.stdout.len() < 100_000);
    output.stdout
}

#[test]
fn http_and_tls_gone_wrong_end_that_connection_and_nothing_else() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    suitcase.record(&form("Коваленко"));
    let wire = Wire::to(&centre);
    let request = |text: &str| status(&wire.send(text.as_bytes()));
    assert_eq!(request("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 404);
    assert_eq!(request("GET /v1/exchange HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 405);
    assert_eq!(request("nonsense\r\n\r\n"), 400);
    assert_eq!(request("POST /v1/exchange HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n"), 400);
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(200_000));
    assert!([0, 400, 414, 431].contains(&request(&long)));
    let many: String = (0..5_000).map(|n| format!("X-{n}: y\r\n")).collect();
    assert!([0, 400, 431].contains(&request(&format!("GET /v1/health HTTP/1.1\r\nHost: x\r\n{many}\r\n"))));
    // It promises eight gigabytes, and then sixteen exabytes.
    for length in ["8589934592", "18446744073709551615"] {
        let head = format!("POST /v1/exchange HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\nabc");
        let status = request(&head);
        assert!([0, 400, 413, 431].contains(&status), "{length}: {status}");
    }
    let endless = "POST /v1/exchange HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc";
    assert!([0, 400, 408, 413].contains(&request(endless)));
    // No TLS at all: HTTP in clear, noise, nothing.
    for bytes in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0x16, 3, 1, 0xff, 0xff, 1], &[0; 5_000]] {
        let answer = wire.plain(bytes);
        assert!(answer.len() < 100, "only an alert of TLS: {answer:?}");
    }
    // A hundred connections that say nothing keep nobody else out.
    let silent: Vec<_> = (0..100).map(|_| std::net::TcpStream::connect(("127.0.0.1", centre.port))).collect();
    wire.is_alive();
    suitcase.sync().ok();
    drop(silent);
    centre.queue_of(1);
}

#[test]
fn a_hub_killed_in_the_middle_gets_everything_exactly_once() {
    let mut centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let forms: Vec<_> = (0..40).map(|n| form(if n % 2 == 0 { "Коваленко" } else { "Гук" })).collect();
    let path = centre.root().join("many.json");
    std::fs::write(&path, serde_json::Value::from(forms).to_string()).unwrap();
    let numbers = suitcase.call(&["record", path.to_str().unwrap()]).ok().out;
    assert_eq!(numbers.lines().count(), 40);
    let mut failures = 0;
    for moment in [0, 20, 60, 120, 200, 300, 450, 700] {
        let mut sync = suitcase.command();
        sync.arg("sync").stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let mut sync = sync.spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(moment));
        centre.cut();
        let code = sync.wait().unwrap().code();
        assert!([Some(0), Some(3)].contains(&code), "after {moment} ms: {code:?}");
        failures += usize::from(code == Some(3));
        if code == Some(3) {
            let mut told = String::new();
            std::io::Read::read_to_string(&mut sync.stderr.take().unwrap(), &mut told).unwrap();
            assert!(told.contains("зв’язк") || told.contains("зв’язок"), "{told}");
        }
        suitcase.call(&["verify"]).ok();
        centre.run();
    }
    assert!(failures >= 2, "the hub was never killed in the middle");
    suitcase.sync().ok();
    let queued = centre.queue_of(40);
    let different: std::collections::BTreeSet<String> = queued.iter().map(|row| row["number"].to_string()).collect();
    assert_eq!(different.len(), 40, "exactly once each");
    centre.call(&["verify"]).ok();
}
