//! The control: what automerge does with the same changes when nothing stands before it. Without harm here, refusing
//! them would prove nothing.

use crate::classes::{BOMB, Class, forge};
use crate::scene::{Scene, actor};
use automerge::transaction::Transactable;
use automerge::{Automerge, Change, ROOT};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;
use valiza_tests::invented::Dice;

/// What became of a document to which a change was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Harm {
    /// The parser says no by itself.
    Unreadable,
    /// Parsed and turned down with an error.
    TurnedDown,
    /// The process would have died.
    Panicked,
    /// Applied, and the saved document can never be loaded again.
    Poisoned,
    /// Applied, and the next honest edit dies or is lost.
    Bricked,
    /// Said to be applied, and nothing happened.
    Ignored,
    /// Taken as if it were honest: what it wrote or deleted stands.
    Taken,
}

fn harm(scene: &Scene, bytes: &[u8]) -> Harm {
    let Ok(read) = catch_unwind(|| Change::try_from(bytes)) else { return Harm::Panicked };
    let Ok(change) = read else { return Harm::Unreadable };
    let hash = change.hash();
    let mut document = Automerge::load(&scene.document.save()).expect("an honest document");
    let heads = document.get_heads();
    match catch_unwind(AssertUnwindSafe(|| document.apply_changes([change]))) {
        Err(_) => return Harm::Panicked,
        Ok(Err(_)) => return Harm::TurnedDown,
        Ok(Ok(())) => {}
    }
    let ignored = || document.get_heads() == heads || document.get_change_meta_by_hash(&hash).is_none();
    match catch_unwind(AssertUnwindSafe(ignored)) {
        Err(_) => return Harm::Panicked,
        Ok(true) => return Harm::Ignored,
        Ok(false) => {}
    }
    let loads = catch_unwind(AssertUnwindSafe(|| {
        let saved = document.save();
        Automerge::load(&saved).is_ok_and(|again| again.get_heads() == document.get_heads())
    }));
    match loads {
        Err(_) => return Harm::Panicked,
        Ok(false) => return Harm::Poisoned,
        Ok(true) => {}
    }
    let goes_on = catch_unwind(AssertUnwindSafe(|| {
        document.set_actor(actor(scene.other));
        let mut transaction = document.transaction();
        for key in 0..8 {
            transaction.put(ROOT, format!("f.w{key}"), "1").expect("an honest edit");
        }
        transaction.commit();
        document.save();
    }));
    if goes_on.is_ok() { Harm::Taken } else { Harm::Bricked }
}

/// Panics are looked for here; their words need not be seen.
fn in_silence<T>(work: impl FnOnce() -> T) -> T {
    let spoken = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let value = work();
    std::panic::set_hook(spoken);
    value
}

#[test]
fn automerge_alone_is_harmed_by_what_the_gate_refuses() {
    let expected = [
        (Class::SeqGap, Harm::Panicked),
        (Class::PredUnknownActor, Harm::Panicked),
        (Class::PredOtherKey, Harm::Panicked),
        (Class::PredOwnOp, Harm::Panicked),
        (Class::ObjectMissing, Harm::Panicked),
        (Class::ObjectScalar, Harm::Panicked),
        (Class::PredMissing, Harm::Poisoned),
        (Class::DeleteWithoutPred, Harm::Poisoned),
        (Class::StartReused, Harm::Poisoned),
        (Class::StartHigh, Harm::Bricked),
        (Class::StartBeyond, Harm::Unreadable),
        (Class::NonCanonicalColumn, Harm::Poisoned),
        (Class::DeleteEvent, Harm::Taken),
        (Class::OtherActor, Harm::Taken),
        (Class::HugeKey, Harm::Taken),
        (Class::Compressed, Harm::Taken),
    ];
    let scene = Scene::invented(2);
    let mut wrong = Vec::new();
    for (class, harm_expected) in expected {
        let mut dice = Dice::new(7);
        let mut seen = Vec::new();
        for _ in 0..6 {
            let bytes = forge(class, &scene, &mut dice);
            seen.push(in_silence(|| harm(&scene, &bytes)));
        }
        println!("{:<20} {seen:?}", format!("{class:?}"));
        if !seen.contains(&harm_expected) {
            wrong.push(format!("{class:?}: expected {harm_expected:?}, saw {seen:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A hundred bytes cost automerge's parser more than a thousand times what they cost the gate.
#[test]
fn bombs_cost_automerge_and_not_the_gate() {
    let scene = Scene::invented(0);
    for class in [Class::RunBombMillion, Class::CompressedBomb] {
        let bytes = forge(class, &scene, &mut Dice::new(1));
        assert!(bytes.len() < 64 * 1024, "{class:?} is {} bytes", bytes.len());
        let begun = Instant::now();
        let rows = Change::try_from(bytes.as_slice()).map(|change| (change.len(), change.raw_bytes().len()));
        let alone = begun.elapsed();
        let begun = Instant::now();
        let refused = records::Gate::admit(&scene.document, records::Kind::Request, scene.me, &bytes);
        let gate = begun.elapsed();
        println!("{class:?}: {} bytes, automerge alone {alone:?} ({rows:?}), the gate {gate:?}", bytes.len());
        assert!(refused.is_err());
        assert!(alone > gate * 100, "automerge {alone:?}, the gate {gate:?}");
        if class == Class::CompressedBomb {
            assert!(rows.is_ok_and(|(_, inflated)| inflated > BOMB), "it inflates to what it says");
        }
    }
}
