//! Rule 6: a trait has two implementations or does not exist, and no module is a drawer for the rest.

use std::collections::BTreeMap;

use crate::facts::{self, Facts};
use crate::sources::Source;

/// Names that say nothing about what lies there.
const DRAWERS: [&str; 10] =
    ["common", "utils", "util", "helpers", "helper", "manager", "managers", "types", "misc", "shared_types"];

/// Rule 6, first part: names of crates, folders, files and modules.
pub fn nothing_is_a_drawer(crates: &[String], sources: &[Source]) -> Vec<String> {
    let is_drawer = |name: &str| DRAWERS.contains(&name);
    let named = crates.iter().filter(|name| is_drawer(name));
    let mut violations: Vec<String> = named.map(|name| format!("the crate {name}")).collect();
    for source in sources.iter().filter(|source| source.is_rust()) {
        if let Some(part) = source.parts().find(|part| is_drawer(part)) {
            violations.push(format!("{}: {part}", source.path));
        }
        let modules = facts::read(source).map(|facts| facts.modules).unwrap_or_default();
        let found = modules.iter().filter(|module| is_drawer(module));
        violations.extend(found.map(|module| format!("{}: mod {module}", source.path)));
    }
    violations
}

/// Rule 6, second part. Traits are counted by name; an implementation in a test counts, one in a `macro_rules!` counts
/// once for each call of the macro.
pub fn a_trait_has_two_implementations(sources: &[Source]) -> Vec<String> {
    let rust = sources.iter().filter(|source| source.is_rust());
    let facts: Vec<(&Source, Facts)> = rust.map(|source| (source, facts::read(source).unwrap_or_default())).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in facts.iter().flat_map(|(_, facts)| &facts.impls) {
        *counts.entry(name).or_default() += 1;
    }
    for (called, implemented) in facts.iter().flat_map(|(_, facts)| &facts.macro_impls) {
        let calls = facts.iter().flat_map(|(_, facts)| &facts.macro_calls).filter(|call| *call == called).count();
        *counts.entry(implemented).or_default() += calls;
    }
    let mut definitions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (source, facts) in &facts {
        for name in &facts.traits {
            definitions.entry(name).or_default().push(&source.path);
        }
    }
    let lonely = definitions.into_iter().filter_map(|(name, places)| {
        let count = counts.get(name).copied().unwrap_or_default();
        (count < 2 * places.len()).then(|| format!("{}: trait {name} has {count} implementation(s)", places.join(", ")))
    });
    lonely.collect()
}

#[test]
fn rule_6_nothing_is_a_drawer() {
    let graph = crate::graph::Graph::of_workspace(&crate::sources::root());
    let crates: Vec<String> = graph.members.into_iter().collect();
    crate::kept(&nothing_is_a_drawer(&crates, &crate::sources::rust()));
}

#[test]
fn rule_6_fails_when_something_is_a_drawer() {
    let sources = [
        Source::example("shared/chain/src/types.rs", ""),
        Source::example("tests/src/helpers/net.rs", ""),
        Source::example("shared/chain/src/lib.rs", "mod entry; mod utils { pub fn one() {} }"),
    ];
    crate::caught(
        &nothing_is_a_drawer(&["common".to_owned(), "chain".to_owned()], &sources),
        &["the crate common", "types.rs: types", "net.rs: helpers", "lib.rs: mod utils"],
    );
}

#[test]
fn rule_6_a_trait_has_two_implementations() {
    crate::kept(&a_trait_has_two_implementations(&crate::sources::rust()));
}

#[test]
fn rule_6_fails_when_a_trait_has_one_implementation() {
    let sources = [
        Source::example("shared/clock/src/lib.rs", "pub trait Clock {} pub struct System; impl Clock for System {}"),
        Source::example("tests/src/clock.rs", "pub struct Manual; impl clock::Clock for Manual {}"),
        Source::example("shared/peer/src/carrier.rs", "trait Carrier {} impl Carrier for Stick {}"),
        Source::example(
            "shared/ids/src/lib.rs",
            "trait Id {} macro_rules! id { ($n:ident) => { impl Id for $n {} } } id!(ChainId); id!(RecordId);",
        ),
    ];
    crate::caught(&a_trait_has_two_implementations(&sources), &["carrier.rs: trait Carrier has 1"]);
}
