//! Rule 8: aws-lc and native-tls never; OpenSSL only below SQLCipher.

use crate::graph::Graph;

/// Rule 8. Two TLS providers in one program make rustls panic at start, and every further C library of cryptography
/// is one more to watch. SQLCipher brings its own OpenSSL, which nothing else may use.
pub fn one_provider(graph: &Graph) -> Vec<String> {
    let mut violations = Vec::new();
    for name in graph.names() {
        let banned = name.starts_with("aws-lc") || matches!(name, "native-tls" | "openssl" | "boring" | "boring-sys");
        if banned {
            violations.push(format!("{name} is in the graph, through {}", graph.dependents(name).join(", ")));
        }
    }
    for (library, only) in [("openssl-sys", "libsqlite3-sys"), ("openssl-src", "openssl-sys")] {
        let others = graph.dependents(library).into_iter().filter(|dependent| *dependent != only);
        violations.extend(others.map(|dependent| format!("{dependent} uses {library}, {only} alone may")));
    }
    violations
}

#[test]
fn rule_8_one_provider_of_cryptography() {
    let graph = Graph::of_workspace(&crate::sources::root());
    assert!(graph.way("peer", "ring").is_some(), "ring is the provider");
    crate::kept(&one_provider(&graph));
}

#[test]
fn rule_8_fails_when_a_second_provider_slips_in() {
    let graph = Graph::of_lines(&[
        ("rustls", &["aws-lc-rs"]),
        ("reqwest", &["native-tls"]),
        ("native-tls", &["openssl-sys"]),
        ("libsqlite3-sys", &["openssl-sys"]),
        ("openssl-sys", &["openssl-src"]),
    ]);
    crate::caught(
        &one_provider(&graph),
        &["aws-lc-rs is in the graph, through rustls", "native-tls is in the graph", "native-tls uses openssl-sys"],
    );
}
