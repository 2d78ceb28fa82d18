//! What fuzzers found and began from, again, on every machine: each reader over its corpus and over the golden files,
//! as they are and changed by seed. `tests/fuzz` runs the same functions for hours.

use peak_alloc::PeakAlloc;
use std::collections::BTreeSet;
use valiza_tests::decoders::{TARGETS, Target, by_name, corpora_folder, inputs, mutated, seeds};
use valiza_tests::invented::Dice;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Changed inputs of each target: more for the cheap ones.
const CHANGED: usize = 3_000;
/// Until so much time has gone into one target, whatever the machine.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(6);

/// Most memory that a call holds at once beyond what was held before, bytes.
fn peak(work: impl FnOnce()) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    work();
    MEMORY.peak_usage().saturating_sub(before)
}

/// Runs one input, saying which it is if the target panics.
fn run(target: &Target, input: &[u8], whence: &str) {
    let ended = std::panic::catch_unwind(|| (target.run)(input));
    if ended.is_err() {
        let hex: String = input.iter().map(|byte| format!("{byte:02x}")).collect();
        panic!("{}, {whence}: {hex}", target.name);
    }
}

/// In a process of its own for each test, so that the meter counts one target alone.
fn replay(name: &str) {
    let target = by_name(name).expect("a target");
    let inputs = inputs(target);
    assert!(!inputs.is_empty(), "{name} has nothing to begin from");
    let begun = std::time::Instant::now();
    // What is made once and kept is not the input's.
    inputs.iter().for_each(|input| run(target, input, "kept"));
    let (times, beside) = target.memory;
    let measure = |input: &[u8], whence: &str| {
        let used = peak(|| run(target, input, whence));
        let allowed = times * input.len() + beside;
        assert!(used <= allowed, "{name}, {whence}: {used} bytes of memory for {} of input", input.len());
    };
    inputs.iter().for_each(|input| measure(input, "kept"));
    let mut dice = Dice::new(name.bytes().map(u64::from).sum());
    let mut tried = 0;
    while tried < CHANGED && (begun.elapsed() < PATIENCE || tried < 50) {
        let (one, other) = (dice.pick(&inputs), dice.pick(&inputs));
        measure(&mutated(one, other, &mut dice), "changed");
        tried += 1;
    }
    println!("{name}: {} kept, {tried} changed, {:?}", inputs.len(), begun.elapsed());
}

macro_rules! replays {
    ($($test:ident $name:literal)*) => {
        $(#[test] fn $test() { replay($name); })*
        const REPLAYED: &[&str] = &[$($name),*];
    };
}

replays! {
    request "request"
    answer "answer"
    segment "segment"
    entry "entry"
    anchor "anchor"
    carriage "carriage"
    carriage_answer "carriage-answer"
    handover "handover"
    fates "fates"
    enrolment "enrolment"
    enrolment_answer "enrolment-answer"
    restore "restore"
    fact "fact"
    register "register"
    rebirth "rebirth"
    certificates "certificates"
    verdict "verdict"
    end_of_shift "end-of-shift"
    evidence "evidence"
    piece "piece"
    own_fact "own-fact"
    message "message"
    desk_fact "desk-fact"
    sealed_body "sealed-body"
    opened_body "opened-body"
    sealed_to "sealed-to"
    vault "vault"
    identity "identity"
    change_body "change-body"
    gate "gate"
    decoder_pipe "decoder-pipe"
    scalars "scalars"
    release "release"
    release_packed "release-packed"
    catalogue_file "catalogue-file"
    typed "typed"
    form "form"
    words "words"
    invitation "invitation"
    statement "statement"
    manifest "manifest"
    marks "marks"
    hub "hub"
}

#[test]
fn every_target_is_replayed_and_has_a_corpus() {
    let targets: BTreeSet<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(REPLAYED.iter().copied().collect::<BTreeSet<_>>(), targets);
    let files = std::fs::read_dir(corpora_folder()).expect("the corpora").map(|file| file.expect("a file").file_name());
    let files: BTreeSet<String> = files.map(|name| name.into_string().expect("a name")).collect();
    assert_eq!(files.iter().map(String::as_str).collect::<BTreeSet<_>>(), targets);
    let bytes: u64 = std::fs::read_dir(corpora_folder())
        .expect("the corpora")
        .map(|file| file.expect("a file").metadata().expect("its length").len())
        .sum();
    assert!(bytes < 2 * 1024 * 1024, "{bytes} bytes of corpora");
}

/// Honest bytes are read: a target that refused all of them would look at nothing.
#[test]
fn seeds_are_read_and_a_reader_that_writes_something_else_is_caught() {
    let target =
        Target { run: |bytes| assert!(bytes.len() != 21, "as planted"), ..*by_name("anchor").expect("it is there") };
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let caught = std::panic::catch_unwind(|| run(&target, &[7; 21], "planted"));
    std::panic::set_hook(quiet);
    assert!(caught.is_err());
    for (name, read) in READ {
        let target = by_name(name).expect("a target");
        assert!(seeds(target).iter().all(|seed| read(seed)), "{name}: a seed is refused");
    }
}

/// A target's name, and whether it takes bytes.
type Reads = (&'static str, fn(&[u8]) -> bool);

/// Whether honest bytes are taken, where the target alone does not tell.
const READ: [Reads; 6] = [
    ("own-fact", |bytes| peer::OwnFact::decode(bytes).is_ok()),
    ("message", |bytes| peer::Message::decode(bytes).is_ok()),
    ("identity", |bytes| peer::Identity::decode(bytes).is_ok()),
    ("change-body", |bytes| records::body::Body::decode(bytes).is_ok()),
    ("release-packed", |bytes| catalogue::ReleaseSource::unpacked(bytes, None).is_ok()),
    ("fact", |bytes| chain::Fact::decode(bytes).is_ok()),
];
