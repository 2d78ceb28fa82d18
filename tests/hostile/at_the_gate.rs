//! Every class against the gate itself, many draws each, over several histories.

use crate::classes::{Class, forge, spelled_honestly};
use crate::scene::{Scene, take};
use records::Gate;
use records::gate::RefusalCode;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use valiza_tests::invented::Dice;

/// Draws of each class and history.
const DRAWS: usize = 40;

fn draws_of(class: Class) -> usize {
    match class {
        // One is like the other, and making it costs more than refusing it.
        Class::CompressedBomb => 1,
        _ => DRAWS,
    }
}

#[test]
fn no_hostile_change_of_any_class_reaches_automerge() {
    let mut tried: BTreeMap<Class, (usize, BTreeMap<RefusalCode, usize>)> = BTreeMap::new();
    for seed in 0..4u8 {
        let scene = Scene::invented(seed);
        let mut dice = Dice::new(u64::from(seed) + 1);
        for class in Class::ALL {
            for _ in 0..draws_of(*class) {
                let bytes = forge(*class, &scene, &mut dice);
                let begun = Instant::now();
                let refusal = Gate::admit(&scene.document, scene.document.kind(), scene.me, &bytes)
                    .expect_err(&format!("{class:?} of history {seed} passed: {bytes:02x?}"));
                assert!(begun.elapsed() < Duration::from_secs(2), "{class:?} took {:?}", begun.elapsed());
                assert_eq!(refusal.is_waiting(), *class == Class::MissingDeps, "{class:?}: {refusal}");
                assert!(refusal.to_string().contains(" / "), "two languages: {refusal}");
                let (count, codes) = tried.entry(*class).or_default();
                *count += 1;
                *codes.entry(refusal.code).or_default() += 1;
            }
        }
    }
    let all: usize = tried.values().map(|(count, _)| count).sum();
    for (class, (count, codes)) in &tried {
        println!("{:<20} {count:>4} refused: {codes:?}", format!("{class:?}"));
    }
    println!("{} classes, {all} changes, 0 reached automerge", tried.len());
    assert_eq!(tried.len(), Class::ALL.len());
}

/// Forgeries are refused for what is wrong with them, not for something else: the honest change they are made of, and
/// the raw one that spellings and bombs are made of, pass.
#[test]
fn the_honest_changes_that_forgeries_are_made_of_pass() {
    for seed in 0..4 {
        let scene = Scene::invented(seed);
        for honest in [scene.honest.clone(), spelled_honestly(&scene)] {
            take(&mut scene.document.clone(), scene.me, &honest);
        }
    }
}

/// Each rule of the gate has a class that it stops.
#[test]
fn classes_are_refused_by_the_rule_they_break() {
    let scene = Scene::invented(2);
    let mut dice = Dice::new(5);
    let expected = [
        (Class::SeqGap, RefusalCode::Seq),
        (Class::SeqRepeat, RefusalCode::Seq),
        (Class::PredUnknownActor, RefusalCode::Pred),
        (Class::PredOtherKey, RefusalCode::Pred),
        (Class::PredOwnOp, RefusalCode::Pred),
        (Class::PredMissing, RefusalCode::Pred),
        (Class::PredNone, RefusalCode::Pred),
        (Class::PredBeyondTable, RefusalCode::OtherActors),
        (Class::ObjectMissing, RefusalCode::Column),
        (Class::ObjectScalar, RefusalCode::Column),
        (Class::StartReused, RefusalCode::StartOp),
        (Class::StartHigh, RefusalCode::StartOp),
        (Class::StartBeyond, RefusalCode::StartOp),
        (Class::NonCanonicalColumn, RefusalCode::NotCanonical),
        (Class::NonCanonicalNumber, RefusalCode::NotCanonical),
        (Class::OtherActor, RefusalCode::Actor),
        (Class::MissingDeps, RefusalCode::Waiting),
        (Class::HugeKey, RefusalCode::Key),
        (Class::ListOnRoot, RefusalCode::Column),
        (Class::Increment, RefusalCode::Action),
        (Class::Compressed, RefusalCode::Type),
        (Class::CompressedBomb, RefusalCode::Type),
        (Class::RunBombMillion, RefusalCode::Rows),
        (Class::RunBombTenMillion, RefusalCode::Rows),
        (Class::DocumentChunk, RefusalCode::Type),
        (Class::BundleChunk, RefusalCode::Type),
        (Class::Checksum, RefusalCode::Checksum),
    ];
    for (class, code) in expected {
        let bytes = forge(class, &scene, &mut dice);
        let refusal = Gate::admit(&scene.document, scene.document.kind(), scene.me, &bytes).expect_err("refused");
        assert_eq!(refusal.code, code, "{class:?}");
    }
}
