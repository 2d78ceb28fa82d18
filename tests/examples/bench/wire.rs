//! Row 3.

use crate::cases::{Case, cases, save};
use crate::exchange::{Shared, link};
use clock::Clock;
use records::{Edit, Kind};
use valiza_tests::invented::{Pool, TRAINING, UNSEEN};
use valiza_tests::world::World;

/// Row 3: bytes on the wire, HTTP headers in, TLS beside.
pub fn wire(runtime: &tokio::runtime::Runtime, world: &mut World, address: &str) {
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
