//! As many runs as somebody has time for. What is done is written down block by block, so that a night that is broken off
//! goes on where it was: the README beside this file has the command.

use crate::failures;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// Seeds that are written down together.
const BLOCK: u64 = 100;

/// `20000..40000`.
fn range(text: &str) -> Option<std::ops::Range<u64>> {
    let (from, to) = text.split_once("..")?;
    Some(from.trim().parse().ok()?..to.trim().parse().ok()?)
}

/// Blocks that are in the file with their failures: a line `block from to took n s` each, behind a line for each failure.
fn done(kept: &str) -> (Vec<u64>, usize) {
    let whole = kept.lines().filter(|line| line.ends_with(" s"));
    let blocks = whole.filter_map(|line| line.strip_prefix("block ")?.split(' ').next()?.parse().ok());
    (blocks.collect(), kept.lines().filter(|line| line.starts_with("seed ")).count())
}

/// Goes through the blocks that are not in the file yet. Gives back how many runs failed, those of before included.
fn go_on(seeds: std::ops::Range<u64>, path: &Path) -> usize {
    let (blocks, mut failed) = done(&std::fs::read_to_string(path).unwrap_or_default());
    let mut file = OpenOptions::new().create(true).append(true).open(path).expect("the file opens");
    for from in seeds.clone().step_by(BLOCK as usize).filter(|from| !blocks.contains(from)) {
        let (to, begun) = ((from + BLOCK).min(seeds.end), Instant::now());
        let found = failures(from..to);
        failed += found.len();
        let line = |(seed, violation): &(u64, crate::invariants::Violation)| {
            format!("seed {seed}: {}: {}\n", violation.invariant, violation.what)
        };
        let lines: String = found.iter().map(line).collect();
        // One write: a block is there with its failures, or not.
        let text = format!("{lines}block {from} {to} took {} s\n", begun.elapsed().as_secs());
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).expect("the file has room");
    }
    failed
}

#[test]
#[ignore = "as long as you have"]
fn a_night() {
    let seeds = std::env::var("SIMULATION_SEEDS").unwrap_or_else(|_| "2000..22000".into());
    let seeds = range(&seeds).expect("SIMULATION_SEEDS is like 20000..40000");
    let kept =
        std::env::var("SIMULATION_KEPT").expect("SIMULATION_KEPT names the file in which is written what is done");
    let failed = go_on(seeds, Path::new(&kept));
    assert_eq!(failed, 0, "runs failed: {kept} names them");
}

#[test]
fn a_night_that_is_broken_off_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept");
    assert_eq!(range("7..9"), Some(7..9));
    assert_eq!(range("7"), None);
    std::fs::write(&kept, "seed 3: some: thing\nblock 0 100 took 9 s\nblock 2").unwrap();
    let (blocks, failed) = done(&std::fs::read_to_string(&kept).unwrap());
    assert_eq!((blocks, failed), (vec![0], 1), "half a line is no block");
    std::fs::write(&kept, "seed 3: some: thing\nblock 0 100 took 9 s\n").unwrap();
    assert_eq!(go_on(0..101, &kept), 1, "what is done is not done again");
    let (blocks, _) = done(&std::fs::read_to_string(&kept).unwrap());
    assert_eq!(blocks, [0, 100]);
    assert_eq!(go_on(0..101, &kept), 1);
}
