//! `docs/wire-format.md` says what the program does: its worked examples are the golden files, its limits the limits.

use crate::{from_hex, kept};
use chain::limits;

fn document() -> String {
    [read("../docs/evidence-format.md"), read("../docs/wire-format.md")].concat()
}

fn read(path: &str) -> String {
    let path = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Cells of each row of the table that begins after `rest`.
fn rows(rest: &str) -> Vec<Vec<&str>> {
    let table = rest.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    table.skip(2).map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// Each worked example: the golden file it names, and the bytes in the first column of its table.
fn examples(document: &str) -> Vec<(String, Vec<u8>)> {
    let marked = document.split("\nWorked example: `tests/golden/v1/").skip(1);
    let example = |rest: &str| {
        let (name, rest) = rest.split_once(".hex`").expect("a file name");
        let hex: String = rows(rest).iter().map(|cells| cells[0].trim_matches('`')).collect();
        (name.to_owned(), from_hex(&hex).unwrap_or_else(|| panic!("{name}: not hexadecimal")))
    };
    marked.map(example).collect()
}

#[test]
fn the_worked_examples_are_the_golden_files() {
    let document = document();
    let examples = examples(&document);
    for (name, bytes) in &examples {
        assert_eq!(*bytes, kept(name), "the example of {name}");
    }
    let named: Vec<&str> = examples.iter().map(|(name, _)| name.as_str()).collect();
    let every_message = [
        "entry-change",
        "segment",
        "anchor",
        "request-full",
        "answer-full",
        "carriage",
        "carriage-answer",
        "handover",
        "handover-answer",
        "stick-piece",
        "verdict",
        "end-of-shift",
        "evidence",
        "certificate-desk",
        "certificate-suitcase",
        "certificate-hub",
        "fact-desk",
        "fact-suitcase",
        "fact-hub",
        "fact-revocation",
        "fact-minimum",
        "fact-release",
        "fact-release-piece",
        "fact-centre",
        "release",
        "enrolment-request",
        "enrolment-answer-waiting",
        "restore-question-shown",
        "restore-answer",
    ];
    let missing: Vec<_> = every_message.iter().filter(|name| !named.contains(name)).collect();
    assert_eq!(missing, [&""; 0], "without a worked example");
}

#[test]
fn a_changed_example_is_noticed() {
    let text = "\nWorked example: `tests/golden/v1/anchor.hex`\n\n| bytes | field |\n|---|---|\n| `01 02` | a |\n| `ff` | b |\n";
    assert_eq!(examples(text), [("anchor".to_owned(), vec![1, 2, 0xff])]);
    assert_ne!(examples(text)[0].1, kept("anchor"));
}

#[test]
fn the_limits_are_the_limits() {
    let today: [(&str, u64); 36] = [
        ("BODY", limits::BODY as u64),
        ("SEQ", limits::SEQ),
        ("SEGMENT_ENTRIES", limits::SEGMENT_ENTRIES as u64),
        ("MESSAGE_SEGMENTS", limits::MESSAGE_SEGMENTS as u64),
        ("MESSAGE", limits::MESSAGE as u64),
        ("MESSAGE_HEADS", limits::MESSAGE_HEADS as u64),
        ("BATCH", limits::BATCH as u64),
        ("BUDGET", u64::from(limits::BUDGET)),
        ("QUOTA_ENTRIES_PER_HOUR", limits::QUOTA_ENTRIES_PER_HOUR),
        ("QUOTA_BYTES_PER_HOUR", limits::QUOTA_BYTES_PER_HOUR),
        ("BEYOND_A_HOLE", limits::BEYOND_A_HOLE),
        ("SENDER_AT_ONCE", u64::from(limits::SENDER_AT_ONCE)),
        ("SENDER_A_MINUTE", u64::from(limits::SENDER_A_MINUTE)),
        ("UNKNOWN_AT_ONCE", u64::from(limits::UNKNOWN_AT_ONCE)),
        ("VERDICT_EXCEPTIONS", limits::VERDICT_EXCEPTIONS as u64),
        ("SENTENCE", limits::SENTENCE as u64),
        ("ENROLMENT", limits::ENROLMENT as u64),
        ("TOKEN_LIFE", limits::TOKEN_LIFE as u64),
        ("SUITCASE_TOKEN_LIFE", limits::SUITCASE_TOKEN_LIFE as u64),
        ("CARRIED_TOKEN_LIFE", limits::CARRIED_TOKEN_LIFE as u64),
        ("CARRIAGE_LETTERS", limits::CARRIAGE_LETTERS as u64),
        ("CARRIAGE", limits::CARRIAGE as u64),
        ("CARRIAGE_ANSWER", limits::CARRIAGE_ANSWER as u64),
        ("KEPT_LETTERS", limits::KEPT_LETTERS as u64),
        ("KEPT_BYTES", limits::KEPT_BYTES as u64),
        ("KEPT_BYTES_ALL", limits::KEPT_BYTES_ALL as u64),
        ("RELEASE_PIECE", limits::RELEASE_PIECE as u64),
        ("RELEASE_PIECES", u64::from(limits::RELEASE_PIECES)),
        ("RELEASE_AUDIENCE", limits::RELEASE_AUDIENCE as u64),
        ("REBIRTHS", limits::REBIRTHS as u64),
        ("ANCESTORS", limits::ANCESTORS as u64),
        ("SHIFT_CHAINS", limits::SHIFT_CHAINS as u64),
        ("SHIFT_DRAFTS", limits::SHIFT_DRAFTS as u64),
        ("ERASURE_RECORDS", limits::ERASURE_RECORDS as u64),
        ("ERASURE_ENTRIES", limits::ERASURE_ENTRIES as u64),
        ("COVERED_CHAINS", limits::COVERED_CHAINS as u64),
    ];
    let document = document();
    let (_, rest) = document.split_once("\n## Limits").expect("a table of limits");
    let row = |cells: Vec<&str>| {
        let value = cells[1].replace(' ', "").parse::<u64>();
        (cells[0].trim_matches('`').to_owned(), value.unwrap_or_else(|_| panic!("{cells:?}")))
    };
    let written: Vec<_> = rows(rest).into_iter().map(row).collect();
    let expected: Vec<_> = today.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    assert_eq!(written, expected);
    let source = read("../shared/chain/src/limits.rs");
    let names: Vec<&str> = source.split("pub const ").skip(1).filter_map(|rest| rest.split(':').next()).collect();
    assert_eq!(names, today.map(|(name, _)| name), "limits.rs has others");
}
