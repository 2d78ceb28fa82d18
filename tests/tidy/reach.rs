//! Rules 1 to 3: who may know whom.

use crate::facts;
use crate::graph::Graph;
use crate::sources::Source;

/// Crates that decide and never act: no IO, no runtime, no clock of their own.
pub const PURE: [&str; 7] = ["ids", "clock", "signing", "sealing", "chain", "catalogue", "records"];

const IO_CRATES: [&str; 5] = ["tokio", "axum", "rusqlite", "reqwest", "anyhow"];
const IO_MODULES: [&str; 3] = ["std::fs", "std::net", "std::env"];

/// What the hub must not reach, so that it is blind by construction.
const UNSEEN_BY_HUB: [&str; 5] = ["records", "sealing", "automerge", "peer", "desk"];

/// Rule 1: pure crates never reach IO, neither through a dependency nor through the standard library.
pub fn pure_crates_do_no_io(graph: &Graph, sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for pure in PURE {
        violations.extend(forbidden_ways(graph, pure, &IO_CRATES));
        for source in sources.iter().filter(|source| source.is_in(&format!("shared/{pure}/src"))) {
            let paths = facts::product(source).paths;
            let found = paths.iter().filter(|path| IO_MODULES.iter().any(|module| is_under(path, module)));
            violations.extend(found.map(|path| format!("{}: {path}", source.path)));
        }
    }
    violations
}

/// Rule 2: `chain` knows `ids` and `signing` only; `catalogue` and `records` do not know each other.
pub fn bodies_are_opaque_to_the_chain(graph: &Graph) -> Vec<String> {
    let strangers: Vec<&str> = graph
        .members
        .iter()
        .map(String::as_str)
        .filter(|member| !matches!(*member, "chain" | "ids" | "signing"))
        .collect();
    let mut violations = forbidden_ways(graph, "chain", &strangers);
    violations.extend(forbidden_ways(graph, "catalogue", &["records"]));
    violations.extend(forbidden_ways(graph, "records", &["catalogue"]));
    violations
}

/// Rule 3: the hub cannot open what it stores.
pub fn the_hub_is_blind(graph: &Graph) -> Vec<String> {
    forbidden_ways(graph, "hub", &UNSEEN_BY_HUB)
}

fn forbidden_ways(graph: &Graph, from: &str, to: &[&str]) -> Vec<String> {
    to.iter().filter_map(|target| graph.way(from, target)).map(|way| way.join(" -> ")).collect()
}

/// Whether a path as written is this module or lies in it, a leading `core`/`std` taken as written.
fn is_under(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

#[test]
fn rule_1_pure_crates_do_no_io() {
    let graph = Graph::of_workspace(&crate::sources::root());
    for pure in PURE {
        assert!(graph.members.contains(pure), "{pure} is a crate of the workspace");
    }
    crate::kept(&pure_crates_do_no_io(&graph, &crate::sources::rust()));
}

#[test]
fn rule_1_fails_when_a_pure_crate_reaches_io() {
    let graph = Graph::of_lines(&[("chain", &["signing"]), ("signing", &["tower"]), ("tower", &["tokio"])]);
    let sources = [
        Source::example("shared/records/src/view.rs", "use std::{fmt, fs::File};"),
        Source::example("shared/ids/src/lib.rs", "fn home() -> Option<String> { ::std::env::var(\"HOME\").ok() }"),
        Source::example("shared/sealing/src/lib.rs", "#[cfg(test)] mod tests { use std::fs; }"),
        Source::example("shared/peer/src/store.rs", "use std::fs;"),
    ];
    crate::caught(
        &pure_crates_do_no_io(&graph, &sources),
        &["shared/ids/src/lib.rs: std::env::var", "signing -> tower -> tokio", "chain -> signing", "std::fs::File"],
    );
}

#[test]
fn rule_2_bodies_are_opaque_to_the_chain() {
    crate::kept(&bodies_are_opaque_to_the_chain(&Graph::of_workspace(&crate::sources::root())));
}

#[test]
fn rule_2_fails_when_the_chain_learns_of_records() {
    let graph = Graph::of_lines(&[
        ("chain", &["ids", "records"]),
        ("records", &["ids"]),
        ("catalogue", &["pages"]),
        ("pages", &["records"]),
        ("ids", &[]),
    ]);
    crate::caught(&bodies_are_opaque_to_the_chain(&graph), &["chain -> records", "catalogue -> pages -> records"]);
}

#[test]
fn rule_3_the_hub_is_blind() {
    let graph = Graph::of_workspace(&crate::sources::root());
    assert!(graph.way("hub", "chain").is_some(), "the hub is there and keeps chains");
    crate::kept(&the_hub_is_blind(&graph));
}

#[test]
fn rule_3_fails_when_the_hub_reaches_keys_or_records() {
    let graph = Graph::of_lines(&[("hub", &["chain", "sealing", "import"]), ("import", &["automerge"])]);
    crate::caught(&the_hub_is_blind(&graph), &["hub -> sealing", "hub -> import -> automerge"]);
}
