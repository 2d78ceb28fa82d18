//! The rules of the code base, each as a test.
//!
//! A rule is a pure function from what the repository holds ([`graph::Graph`], [`sources::Source`]) to the list of
//! places that break it, so every rule has two tests: the workspace keeps it, and a small broken example is caught.
//! The rules and their reasons are in `ARCHITECTURE.md`, section "Invariants".

mod ambient;
mod crypto_libraries;
mod documents;
mod facts;
mod graph;
mod layers;
mod lengths;
mod names;
mod reach;
mod serde_free;
mod sources;
mod texts;

/// Fails with one line for each place that breaks the rule.
#[track_caller]
fn kept(violations: &[String]) {
    assert!(violations.is_empty(), "{} violation(s):\n{}", violations.len(), violations.join("\n"));
}

/// Fails unless exactly the given words are named, one violation each, in this order.
#[track_caller]
fn caught(violations: &[String], named: &[&str]) {
    let ok = violations.len() == named.len()
        && violations.iter().zip(named).all(|(violation, word)| violation.contains(word));
    assert!(ok, "expected one violation for each of {named:?}, got:\n{}", violations.join("\n"));
}
