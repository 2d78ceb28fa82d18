//! Suitcases of a later version than the hub, the carrier or the centre: a program of tomorrow is played by turning the
//! version of what one of today says, and a person reads who has to be updated.

use crate::between::{between_at, kit, post};
use crate::stick::put;
use crate::wire::Wire;
use chain::{Request, Restoring};
use desk::app::root_public;
use peer::carry::piece::Way;
use signing::AgreementPublicKey;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use valiza_tests::ports::free_port;
use valiza_tests::programs::{Centre, Suitcase, form, wait_for};

/// The hub listens at another port from now on, and is to be run.
fn move_hub(centre: &Centre) -> u16 {
    let file = centre.dir.join("hub").join("hub.toml");
    let (text, port) = (std::fs::read_to_string(&file).expect("settings"), free_port());
    let (old, new) = (format!("listen = \"127.0.0.1:{}\"", centre.port), format!("listen = \"127.0.0.1:{port}\""));
    assert!(text.contains(&old), "{text}");
    std::fs::write(&file, text.replace(&old, &new)).expect("settings");
    port
}

fn here(suitcase: &Suitcase) -> u64 {
    suitcase.call(&["status", "--json"]).json()["here"].as_u64().unwrap_or(u64::MAX)
}

#[test]
fn a_suitcase_of_a_later_version_is_told_that_the_hub_has_to_be_updated() {
    let mut centre = Centre::start();
    let suitcase = centre.suitcase(7);
    suitcase.sync().ok();
    centre.stop();
    let (address, hub) = (centre.port, move_hub(&centre));
    let tomorrow = Arc::new(AtomicBool::new(false));
    let turned = Arc::clone(&tomorrow);
    between_at(&centre, address, hub, move |path, body, wire| {
        let mut body = body.to_vec();
        if turned.load(Ordering::Relaxed) {
            body[0] = 2;
        }
        post(wire, path, &body)
    });
    centre.run();
    suitcase.record(&form("Коваленко"));
    tomorrow.store(true, Ordering::Relaxed);
    let said = suitcase.sync();
    assert_ne!(said.code, Some(0), "{said:?}");
    assert!(said.err.contains("вузол обміну має старішу версію"), "{said:?}");
    assert!(said.err.contains("треба оновити") && said.err.contains("has to be updated"), "{said:?}");
    assert_eq!(here(&suitcase), 1, "nothing is lost, and nothing is said to have arrived");
    // The hub was updated: the same suitcase goes on.
    tomorrow.store(false, Ordering::Relaxed);
    suitcase.sync().ok();
    centre.queue_of(1);
    // So is an administrator with a later program and the kit.
    tomorrow.store(true, Ordering::Relaxed);
    let folder = centre.root().join("again");
    let (at, words) = (format!("https://127.0.0.1:{address}"), centre.words());
    let text = |path: &std::path::Path| path.to_str().expect("a path").to_owned();
    let said = centre.call(&["restore", "--hub", &at, "--words-file", &text(&words), "--dir", &text(&folder)]);
    assert!(said.code != Some(0) && said.err.contains("вузол обміну має старішу версію"), "{said:?}");
    assert!(!folder.join("desk").join("vault").exists());
    tomorrow.store(false, Ordering::Relaxed);
    centre.stop();
}

#[test]
fn a_letter_of_a_later_version_on_a_stick_says_that_the_centre_has_to_be_updated_and_stays() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    suitcase.sync().ok();
    let (chain, to) = names(&centre);
    let stick = centre.root().join("stick");
    std::fs::create_dir_all(stick.join("valiza")).expect("a folder");
    suitcase.record(&form("Коваленко"));
    suitcase.call(&["carry", "out", "--to", stick.to_str().expect("a path")]).ok();
    let letter = [&[2][..], &[0x55; 400]].concat();
    put(&stick, 700, Way::Up, chain, Request::hash(&letter), &letter, &to);
    let told = centre.call(&["carry", "in", "--from", stick.to_str().expect("a path")]).ok();
    assert!(told.out.contains("новішої версії: 1") && told.out.contains("оновіть програму центру"), "{told:?}");
    assert!(stick.join("valiza").join(format!("{:016x}.vlz", 700)).exists(), "the letter stays for the new program");
    centre.queue_of(1);
}

/// The suitcase's chain and the centre's key, as everybody in the community knows them.
fn names(centre: &Centre) -> (ids::ChainId, AgreementPublicKey) {
    let (root, wire) = (kit(centre), Wire::to(centre));
    let mut restoring = Restoring::new(root_public(&root), [8; 16]);
    let told = wait_for(|| {
        let question = restoring.question(&root.signing_key());
        let (_, answer) = wire.post_bytes("/v1/restore", &question);
        restoring.answered(&answer).expect("the hub's word")
    });
    let suitcase = told.register.suitcases().next().expect("one").chain;
    (suitcase, told.register.centre_agreement().expect("a centre"))
}

#[test]
fn every_road_names_the_versions_that_the_hub_reads() {
    let centre = Centre::start();
    let wire = Wire::to(&centre);
    let asked = |path: &str, body: &[u8]| {
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
        wire.send(&[head.as_bytes(), body].concat())
    };
    for (path, stated, newest) in [
        ("/v1/exchange", 2, 1),
        ("/v1/carry", 2, 1),
        ("/v1/restore", 15, 1),
        ("/v1/enrol", 3, 2),
        ("/v2/exchange", 1, 1),
    ] {
        let told = asked(path, &[&[stated][..], &[0x55; 300]].concat());
        assert!(told.starts_with("HTTP/1.1 501"), "{path}: {told}");
        assert!(told.contains(&format!("valiza-newest: {newest}\r\n")), "{path}: {told}");
        assert!(told.contains(&format!("версій від 1 до {newest}")) && told.contains(" / the hub is of"), "{told}");
    }
    // What begins like no version of ours is damage.
    for noise in [0u8, 16, 0x1f, b'{', 0xff] {
        let told = asked("/v1/exchange", &[noise; 300]);
        assert!(told.starts_with("HTTP/1.1 400"), "{noise}: {told}");
    }
    wire.is_alive();
}
