//! Trains the dictionary of sealed bodies on invented residents, writes it, and prints what it saves.
//!
//! `cargo run -p valiza-tests --example train_dictionary -- <file>`: the file is `shared/sealing/dictionaries/1.zdict`
//! for a dictionary that has not shipped yet; one that has is never written again, its successor gets the next number.

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a program: it reads its arguments and prints")]

use std::collections::BTreeMap;

use anyhow::Context;
use ids::{ChainId, RecordId, TenantId};
use sealing::{BodyContext, EpochKey, SeededEntropy, seal_body};
use valiza_tests::invented::{Change, Sample, TRAINING, UNSEEN, corpus, trained};

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("name the file to write")?;
    let dictionary = trained()?;
    let shipped = sealing::dictionary::DICTIONARIES.last();
    if shipped.is_some_and(|newest| newest.bytes == dictionary) {
        println!("the trained dictionary is the one that ships");
    } else {
        std::fs::write(&path, &dictionary).with_context(|| format!("cannot write {path}"))?;
        println!("{path}: {} bytes; build again to measure with it", dictionary.len());
    }
    // Other people of the same names, and people of other names.
    println!("mean bytes           names as trained on           names never seen");
    println!("change         count  body  sealed        count  body  sealed");
    let (like, unlike) = (sizes(&corpus(&TRAINING, 8, 99)), sizes(&corpus(&UNSEEN, 24, 99)));
    for change in Change::ALL {
        let (a, b) = (like[&change], unlike[&change]);
        println!(
            "{:<14} {:>5} {:>5} {:>7}        {:>5} {:>5} {:>7}",
            format!("{change:?}"),
            a.0,
            a.1 / a.0,
            a.2 / a.0,
            b.0,
            b.1 / b.0,
            b.2 / b.0
        );
    }
    Ok(())
}

/// Count, bytes of the bodies, bytes of the sealed bodies.
fn sizes(samples: &[Sample]) -> BTreeMap<Change, (usize, usize, usize)> {
    let mut entropy = SeededEntropy::new(1);
    let record = RecordId::from_random([7; 16]);
    let key = EpochKey::generate(&mut entropy).record_key(record);
    let context = BodyContext {
        tenant: TenantId::from_random([1; 16]),
        chain: ChainId::from_random([2; 16]),
        seq: 1,
        kind: 1,
        record: Some(record),
    };
    let mut sums = BTreeMap::new();
    for sample in samples {
        let sealed = seal_body(&key, 1, &context, &sample.body, &mut entropy).map_or(0, |sealed| sealed.len());
        let sum = sums.entry(sample.change).or_insert((0, 0, 0));
        *sum = (sum.0 + 1, sum.1 + sample.body.len(), sum.2 + sealed);
    }
    sums
}
