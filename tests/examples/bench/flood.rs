//! What a device that floods the hub costs an honest suitcase: one change to the hub and back, alone and meanwhile.

use crate::exchange::{Shared, link};
use crate::measure::{median, timed};
use chain::{Draft, Header, Kind, Link as End, Request, Segment, limits};
use ids::ChainId;
use peer::{Identity, Role};
use records::Edit;
use sealing::{AgreementSecret, SeededEntropy};
use signing::{Hash, Secret};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use valiza_tests::world::{World, request_fields};

/// Connections that the device keeps busy.
const AT_ONCE: usize = 8;
const CHANGES: usize = 31;

/// Ratio of an honest exchange during a flood to one alone. Device and hub share this machine's cores.
pub fn flood(runtime: &tokio::runtime::Runtime, world: &mut World, address: &str) {
    let honest = Shared(world.suitcase(40));
    let mut honest_link = link(world, address);
    let fields = request_fields("40-1", "Коваль");
    let record = honest.peer().act(move |act| act.create(records::Kind::Request, &fields)).unwrap();
    let mut measure = |name: &str| {
        let mut times: Vec<Duration> = (0..CHANGES)
            .map(|index| {
                let edit = vec![Edit::new("summary", format!("{name} {index}"))];
                honest.peer().act(move |act| act.edit(record, |_, _| Ok((edit, ())))).unwrap();
                timed(|| {
                    honest.sync(runtime, &mut honest_link);
                })
            })
            .collect();
        median(&mut times)
    };
    let alone = measure("alone");
    let messages = Arc::new(messages(world));
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let floods: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (mut link, messages) = (link(world, address), Arc::clone(&messages));
            let (stop, answered) = (Arc::clone(&stop), Arc::clone(&answered));
            runtime.spawn(async move {
                for message in messages.iter().cycle() {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let _ = link.post("/v1/exchange", message.clone(), limits::MESSAGE).await;
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let meanwhile = measure("flood");
    stop.store(true, Ordering::Relaxed);
    floods.into_iter().for_each(|flood| runtime.block_on(flood).unwrap());
    println!(
        "\n9. One change to the hub while a certified device floods it over {AT_ONCE} connections, medians of {CHANGES}"
    );
    println!("   alone        {alone:>9.1?}");
    println!(
        "   meanwhile    {meanwhile:>9.1?}   ({} messages of the flood were answered)",
        answered.load(Ordering::Relaxed)
    );
    println!("   ratio        {:>9.2}", meanwhile.as_secs_f64() / alone.as_secs_f64());
}

/// Large bodies, many small segments of chains that nobody knows, and nothing at all; all well signed.
fn messages(world: &World) -> Vec<Vec<u8>> {
    let mut entropy = SeededEntropy::new(41);
    let identity = Identity {
        tenant: world.tenant,
        root: world.public,
        hub: "https://hub.test".into(),
        role: Role::Suitcase,
        chain: ChainId::from_random([0x41; 16]),
        number: 41,
        seed: Secret::new([0x41; 32]),
        agreement: AgreementSecret::generate(&mut entropy),
        former: Vec::new(),
    };
    world.certify(&identity);
    world.centre();
    let key = identity.signing_key();
    let segment = |chain: ChainId, entries: usize, body: usize| {
        let mut end = End::EMPTY;
        let header = Header { kind: Kind::OWN, record: None, peer: None, after: None };
        let write = |_| {
            let (entry, link) = Draft { header, body: vec![7; body] }.sign(&end.next(world.tenant, chain), &key);
            end = link;
            entry
        };
        Segment { chain, from: 1, prev: Hash::ZERO, entries: (0..entries).map(write).collect() }
    };
    let strange = (0..1_900u32)
        .map(|n| segment(ChainId::from_random(std::array::from_fn(|i| n.to_be_bytes()[i % 4] ^ i as u8)), 1, 16));
    let message = |segments| {
        let (tenant, sender, budget) = (world.tenant, identity.chain, limits::BUDGET);
        Request { tenant, sender, token: None, cursor: None, budget, heads: Vec::new(), segments }.encode(&key)
    };
    vec![
        message(vec![segment(identity.chain, 100, limits::BODY - 64)]),
        message(strange.collect()),
        message(Vec::new()),
    ]
}
