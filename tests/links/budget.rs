//! «Three minutes» and «five megabytes», as an officer gives them on the command line and on the page.

use super::programs::{Behind, record};
use std::time::{Duration, Instant};
use valiza_tests::chaos::{Fate, Weather};
use valiza_tests::console::Console;
use valiza_tests::programs::{PASSPHRASE, Suitcase, wait_for};

/// Slow enough that seconds matter.
const SLOW: Weather =
    Weather { up: Some(2_500), down: Some(2_500), round_trip: Duration::from_millis(60), tunnel: None };

fn here(suitcase: &Suitcase) -> u64 {
    suitcase.call(&["status", "--json"]).json()["here"].as_u64().unwrap()
}

fn number(told: &serde_json::Value, name: &str) -> u64 {
    told[name].as_u64().unwrap_or_else(|| panic!("no {name} in {told}"))
}

#[test]
fn a_budget_says_what_fits_keeps_to_it_and_goes_on_next_time() {
    let behind = Behind::start();
    let suitcase = behind.centre.suitcase(7);
    let unknown = suitcase.call(&["sync", "--forecast", "--minutes", "3"]).ok();
    assert!(unknown.out.contains("Надсилати нічого") || unknown.out.contains("не виміряна"), "{unknown:?}");
    record(&suitcase, 3, 0);
    behind.chaos.weather(SLOW);
    let slow = suitcase.sync().ok();
    assert!(slow.err.contains("лишилося ≈") || slow.err.is_empty(), "{slow:?}");
    record(&suitcase, 8, 3);

    // What is said before it starts.
    let told = suitcase.call(&["sync", "--forecast", "--minutes", "0,15", "--json"]).json();
    let forecast = &told["forecast"];
    assert_eq!(number(forecast, "requests_waiting"), 8);
    let fits = number(forecast, "requests");
    assert!((1..8).contains(&fits), "{forecast}");
    assert_eq!(here(&suitcase), 8, "a forecast sends nothing");
    let shown = suitcase.call(&["sync", "--forecast", "--minutes", "0,15"]).ok();
    assert!(shown.out.contains(&format!("{fits} із 8 звернень; решта — наступного разу")), "{shown:?}");

    // Megabytes: kept to.
    let told = suitcase.call(&["sync", "--megabytes", "0,011", "--json"]).json();
    let (bytes, sent) = (number(&told, "bytes"), number(&told, "sent"));
    assert!(told["spent"] == true && bytes <= 11_000 && sent > 0, "{told}");
    let left = here(&suitcase);
    let promised = number(&told["forecast"], "requests");
    assert!((1..8).contains(&left) && 8 - left >= promised, "{left} are left, {promised} were promised: {told}");

    // Minutes: six seconds and what a last message takes.
    let begun = Instant::now();
    let told = suitcase.call(&["sync", "--minutes", "0,25", "--json"]).json();
    assert!(begun.elapsed() < Duration::from_secs(22), "{:?}", begun.elapsed());
    let sent_then = number(&told, "sent");

    // The rest goes on from there, and nothing goes twice.
    behind.chaos.weather(Weather::default());
    let waiting = suitcase.call(&["status", "--json"]).json()["waiting_entries"].as_u64().unwrap();
    let rest = suitcase.call(&["sync", "--json"]).json();
    let own_state = 2;
    assert!(number(&rest, "sent") <= waiting + own_state, "{rest}, {waiting} waited, {sent} and {sent_then} had gone");
    behind.centre.queue_of(11);
    wait_for(|| {
        suitcase.sync().ok();
        (suitcase.call(&["status", "--json"]).json()["at_centre"] == 11).then_some(())
    });

    for wrong in [["--minutes", "три"], ["--megabytes", "-1"], ["--minutes", "0"]] {
        let refused = suitcase.call(&[&["sync"][..], &wrong].concat());
        assert!(matches!(refused.code, Some(1 | 2)), "{refused:?}");
        assert!(refused.err.contains("напишіть число") || refused.code == Some(2), "{refused:?}");
    }
}

#[test]
fn the_page_says_what_fits_shows_how_far_it_is_and_stops_at_the_limit() {
    let behind = Behind::start();
    let suitcase = behind.centre.suitcase(7);
    record(&suitcase, 6, 0);
    // Whoever unlocks begins an exchange: a hotel's page is in its way.
    behind.chaos.turn(|_| Fate { answer: Some(b"HTTP/1.1 302 Found\r\n\r\n"), ..Fate::default() });
    let mut browser = Console::start(&suitcase);
    assert_eq!(browser.post("/unlock", &[("officer", "olena"), ("passphrase", PASSPHRASE)]).0, 303);
    wait_for(|| browser.get("/exchange").1.contains("відкрийте браузер").then_some(()));
    let asked = browser.get("/exchange?megabytes=0,012").1;
    assert!(asked.contains("із 6 звернень; решта — наступного разу"), "{asked}");
    assert_eq!(browser.post("/exchange/now", &[("megabytes", "0,012")]).0, 303);
    // The officer has agreed to whatever the hotel wanted; what was allowed still holds.
    behind.chaos.weather(SLOW);
    behind.chaos.turn(|_| Fate::default());
    assert_eq!(browser.post("/exchange/now", &[("megabytes", "0,012")]).0, 303);
    let moving = wait_for(|| Some(browser.get("/exchange").1).filter(|page| page.contains(" із ≈ ")));
    assert!(moving.to_lowercase().contains("\nrefresh: 3"), "it comes again without JavaScript: {moving}");
    let stopped = wait_for(|| Some(browser.get("/exchange").1).filter(|page| page.contains("межу вичерпано")));
    assert!(stopped.contains("Ще не в центрі"));
    let there = behind.centre.queue().len();
    assert!(there < 6, "all of it went: {there}");
    // The desk speaks through the same wire, a little.
    assert!(behind.chaos.passed().up < 30_000, "{:?}", behind.chaos.passed());
    behind.chaos.weather(Weather::default());
    assert_eq!(browser.post("/exchange/now", &[]).0, 303);
    behind.centre.queue_of(6);
}
