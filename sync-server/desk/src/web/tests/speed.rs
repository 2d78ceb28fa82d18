//! How long pages take over a hundred thousand requests. Not part of the suite: filling the store takes minutes.
//!
//! `cargo nextest run -p desk --run-ignored only --no-capture pages_over_a_hundred_thousand_requests`

#![allow(clippy::disallowed_methods, reason = "it measures")]

use super::*;
use crate::app::Answer;
use ids::{ReceiptNumber, RecordId};
use records::commands::{NewRequest, create_request};
use records::{Edit, Value};
use std::time::{Duration, Instant};

const REQUESTS: usize = 100_000;
const IN_ONE_ACT: usize = 500;
const TRIES: usize = 100;

const LAST: [&str; 20] = [
    "Коваленко",
    "Бойко",
    "Ткаченко",
    "Кравченко",
    "Шевченко",
    "Олійник",
    "Лисенко",
    "Мельник",
    "Гук",
    "Їжак",
    "Поліщук",
    "Савченко",
    "Марченко",
    "Руденко",
    "Петренко",
    "Мороз",
    "Литвин",
    "Павленко",
    "Щур",
    "Яременко",
];
const FIRST: [&str; 10] = ["Ганна", "Петро", "Олена", "Іван", "Марія", "Семен", "Софія", "Андрій", "Наталія", "Юрій"];

fn fill(bench: &Bench) {
    let desk = &bench.town.desk;
    let services: Vec<String> = desk.service_names().into_iter().map(|(slug, _)| slug).collect();
    let begun = Instant::now();
    for batch in 0..REQUESTS / IN_ONE_ACT {
        let services = services.clone();
        // A second, so that nobody is signed out meanwhile.
        bench.town.clock.advance(Duration::from_secs(1));
        desk.write_for_test(move |act| {
            for place in 0..IN_ONE_ACT {
                let n = batch * IN_ONE_ACT + place;
                let text = |key: &str, value: String| Edit::new(key, Value::Text(value));
                let fields = [
                    text("a.last", format!("{}{}", LAST[n % 20], ["", "-Рудий", "-Білий"][n % 3])),
                    text("a.first", FIRST[(n / 20) % 10].to_owned()),
                    text("a.patr", format!("{}івна", LAST[(n / 200) % 20])),
                    text("phone", format!("+38050{:07}", n)),
                    text("c.text", "0123456789abcdef".to_owned()),
                ];
                let (day, counter) = (1 + (n / 900) % 28, (n % 900) as u16 + 1);
                let number = ReceiptNumber::new(1 + (n / 25_200) as u16, (2026, 11, day as u8), counter, act.random());
                let service = &services[n % services.len()];
                let new = NewRequest {
                    number: number.unwrap(),
                    submitted_at: act.now().0 + n as i64 * 10,
                    service,
                    service_name: service,
                    release: "1",
                    channel: "visit",
                    officer_name: "Олена",
                    suitcase: Some(7),
                    offline: false,
                    fields: &fields,
                };
                let record = RecordId::from_random(act.random());
                act.create_by(record, |who| create_request(record, who, &new))?;
            }
            Ok(())
        });
        if batch % 20 == 19 {
            println!("{} requests after {:.0?}", (batch + 1) * IN_ONE_ACT, begun.elapsed());
        }
    }
}

async fn measured(browser: &Browser, name: &str, address: impl Fn(usize) -> String) -> (Duration, Duration) {
    let mut times = Vec::with_capacity(TRIES);
    for n in 0..TRIES {
        let address = address(n);
        let begun = Instant::now();
        let got = browser.get(&address).await;
        times.push(begun.elapsed());
        assert_eq!(got.status, StatusCode::OK, "{address}: {}", got.body);
    }
    times.sort();
    let (p50, p99) = (times[TRIES / 2], times[TRIES * 99 / 100]);
    println!("{name:<34} p50 {p50:>9.1?}   p99 {p99:>9.1?}");
    (p50, p99)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "fills a store with 100,000 requests"]
async fn pages_over_a_hundred_thousand_requests() {
    let bench = bench().await;
    fill(&bench);
    let numbers: Vec<String> = {
        let page = bench.town.desk.queue("admin", &crate::app::QueueQuery { size: 500, ..Default::default() }).unwrap();
        page.rows.into_iter().map(|row| row.number).collect()
    };
    for number in &numbers[..200] {
        bench.town.desk.answer("admin", number, Answer::Number(None)).unwrap();
    }
    let clerk = &bench.clerk;
    for group in crate::app::Group::ALL {
        measured(clerk, &format!("queue {}", group.text()), |_| format!("/queue?group={}", group.text())).await;
    }
    measured(clerk, "queue all, last page", |_| format!("/queue?group=all&page={}", REQUESTS / 50)).await;
    for order in ["applicant", "number", "service", "state", "changed", "-taken"] {
        measured(clerk, &format!("queue all by {order}"), |_| format!("/queue?group=all&sort={order}")).await;
    }
    let found = |words: &'static [&'static str]| {
        move |n: usize| format!("/queue?group=all&q={}", encode(words[n % words.len()]))
    };
    measured(clerk, "search surname", found(&LAST)).await;
    measured(clerk, "search surname and name", found(&["коваленко ганна", "гук сем", "їжак олійник"])).await;
    measured(clerk, "search two letters", found(&["ко", "ма", "пе"])).await;
    measured(clerk, "news, nothing changed", |_| "/queue/news?group=new&seen=5&version=0&rows=".to_owned()).await;
    measured(clerk, "journal", |_| "/journal".to_owned()).await;
    measured(clerk, "request, first look", |n| request_path(&numbers[n])).await;
    measured(clerk, "request, again", |n| request_path(&numbers[n])).await;
    measured(clerk, "look-alikes", |n| format!("{}/twins", request_path(&numbers[n]))).await;
    bench.town.desk.traces("admin", &crate::app::TraceQuery::default()).unwrap();
    measured(&bench.admin, "audit", |_| "/audit".to_owned()).await;
}
