//! Who depends on whom, read from `Cargo.lock` and the manifests of the workspace.
//!
//! The lock file covers every platform and every feature in use and needs no network, but it does not tell a
//! development dependency from a real one; the manifests do. Versions of one crate are taken together, so the graph
//! may say "reaches" once too often, never once too seldom.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand};

/// A dependency graph by crate name. Development dependencies of our own crates are left out.
#[derive(Debug, Default)]
pub struct Graph {
    edges: BTreeMap<String, BTreeSet<String>>,
    /// Crates of this workspace.
    pub members: BTreeSet<String>,
}

impl Graph {
    /// The graph of this workspace.
    pub fn of_workspace(root: &Path) -> Self {
        let lock = std::fs::read_to_string(root.join("Cargo.lock")).expect("Cargo.lock lies at the root");
        let metadata = MetadataCommand::new()
            .manifest_path(root.join("Cargo.toml"))
            .no_deps()
            .exec()
            .expect("cargo metadata reads the workspace");
        let mut graph = Self { edges: lock_edges(&lock), members: BTreeSet::new() };
        for package in &metadata.packages {
            let real: BTreeSet<String> = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind != DependencyKind::Development)
                .map(|dependency| dependency.name.to_string())
                .collect();
            graph.members.insert(package.name.to_string());
            graph.edges.insert(package.name.to_string(), real);
        }
        graph
    }

    /// A graph written down in a test; every crate with a line of its own is a member.
    pub fn of_lines(lines: &[(&str, &[&str])]) -> Self {
        let mut graph = Self::default();
        for (from, to) in lines {
            graph.members.insert((*from).to_owned());
            graph.edges.insert((*from).to_owned(), to.iter().map(|name| (*name).to_owned()).collect());
        }
        graph
    }

    /// All crate names that occur, on either side of a dependency.
    pub fn names(&self) -> BTreeSet<&str> {
        let ends = self.edges.values().flatten();
        self.edges.keys().chain(ends).map(String::as_str).collect()
    }

    /// The crates that depend directly on `name`.
    pub fn dependents(&self, name: &str) -> Vec<&str> {
        self.edges.iter().filter(|(_, to)| to.contains(name)).map(|(from, _)| from.as_str()).collect()
    }

    /// The shortest chain of dependencies from one crate to another, both ends included.
    pub fn way(&self, from: &str, to: &str) -> Option<Vec<String>> {
        let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
        let mut front = vec![from];
        while !front.is_empty() && !came_from.contains_key(to) {
            let mut next = Vec::new();
            for name in front {
                for target in self.edges.get(name).into_iter().flatten() {
                    if target != from && !came_from.contains_key(target.as_str()) {
                        came_from.insert(target, name);
                        next.push(target.as_str());
                    }
                }
            }
            front = next;
        }
        let mut way = vec![to.to_owned()];
        let mut at = to;
        while at != from {
            at = came_from.get(at)?;
            way.push(at.to_owned());
        }
        way.reverse();
        Some(way)
    }
}

/// Edges of a lock file: `name = "x"` and the names in the `dependencies` list that follows it.
fn lock_edges(lock: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut package = String::new();
    for line in lock.lines() {
        if let Some(name) = line.strip_prefix("name = \"") {
            package = name.trim_end_matches('"').to_owned();
            edges.entry(package.clone()).or_default();
        } else if let Some(dependency) = line.strip_prefix(" \"") {
            let name = dependency.split([' ', '"']).next().unwrap_or_default();
            edges.entry(package.clone()).or_default().insert(name.to_owned());
        }
    }
    edges
}

#[test]
fn the_graph_knows_transitive_dependencies_and_no_development_ones() {
    let graph = Graph::of_workspace(&crate::sources::root());
    assert!(graph.way("field-agent", "libsqlite3-sys").is_some(), "through peer and rusqlite");
    assert!(graph.way("ids", "field-agent").is_none());
    assert!(graph.way("ids", "proptest").is_none(), "only its tests use proptest");
    assert!(graph.members.contains("sync-server"));
}

#[test]
fn a_way_is_shown_crate_by_crate() {
    let graph = Graph::of_lines(&[("a", &["b"]), ("b", &["c", "a"]), ("c", &[])]);
    assert_eq!(graph.way("a", "c").as_deref(), Some(["a", "b", "c"].map(String::from).as_slice()));
    assert_eq!(graph.way("c", "a"), None);
}
