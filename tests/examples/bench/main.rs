//! The numbers to reach, each beside its floor, measured in one run on one machine. `cargo xtask bench` builds it for
//! release and runs it; arguments choose rows: `acts`, `throughput`, `wire`, `many`, `pages`, `links`,
//! `flood`, `crowd`, `scrub`.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures")]
#![allow(missing_docs, reason = "nobody calls it")]

mod acts;
mod cases;
mod crowd;
mod exchange;
mod flood;
mod links;
mod many;
mod measure;
mod pages;
mod scrub;
mod throughput;
mod wire;

use hub::store::SqliteStore;
use std::sync::Arc;
use valiza_tests::world::World;

fn main() {
    let rows: Vec<String> = std::env::args().skip(1).collect();
    let asked = |row: &str| rows.is_empty() || rows.iter().any(|one| one == row);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    println!(
        "{} {}",
        std::env::consts::ARCH,
        if cfg!(debug_assertions) { "DEV PROFILE: not a measurement" } else { "release" }
    );
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("hub.db")).unwrap();
    let mut world = World::over(Arc::new(store));
    let address = exchange::serve(&runtime, &world);
    if asked("acts") {
        acts::acts(&mut world);
    }
    if asked("wire") {
        wire::wire(&runtime, &mut world, &address);
    }
    if asked("throughput") {
        throughput::throughput(&runtime, &mut world, &address);
    }
    if asked("many") {
        many::many(&runtime, &mut world, &address);
    }
    if asked("scrub") {
        scrub::scrub(&mut world);
    }
    if asked("links") {
        links::links(&runtime, &mut world, &address);
    }
    if asked("flood") {
        flood::flood(&runtime, &mut world, &address);
    }
    if asked("crowd") {
        crowd::crowd(&runtime);
    }
    if asked("pages") {
        pages::pages();
    }
}
