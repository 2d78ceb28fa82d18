//! Rule 7: domain types are not serde types.

use crate::facts;
use crate::graph::Graph;
use crate::sources::Source;

/// Crates whose types never go through serde: their bytes have codecs of their own, documented field by field.
const WITHOUT_SERDE: [&str; 6] = ["ids", "clock", "signing", "sealing", "chain", "records"];

/// The one crate that reads a serde format, and the module in which it may.
const LOADER: (&str, &str) = ("catalogue", "source");

/// Rule 7. A derive on a domain type would make its field names a format that lasts, without anyone deciding so.
pub fn domain_types_are_not_serde_types(graph: &Graph, sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for name in WITHOUT_SERDE {
        for library in ["serde", "serde_json"] {
            if graph.dependents(library).contains(&name) {
                violations.push(format!("{name} -> {library}"));
            }
        }
        let folder = format!("shared/{name}/src");
        violations.extend(sources.iter().filter(|source| source.is_in(&folder)).flat_map(serde_uses));
    }
    let (reader, module) = LOADER;
    let folder = format!("shared/{reader}/src");
    let domain = sources.iter().filter(|source| source.is_in(&folder) && !source.parts().any(|part| part == module));
    violations.extend(domain.flat_map(serde_uses));
    violations
}

/// Derives and implementations of serde's traits in the product code of a file.
fn serde_uses(source: &Source) -> Vec<String> {
    let facts = facts::product(source);
    let named = |text: &str| text.contains("Serialize") || text.contains("Deserialize");
    let derives = facts.attributes.iter().filter(|text| text.contains("derive") && named(text));
    let derives = derives.map(|text| format!("{}: {text}", source.path));
    let impls = facts.impls.iter().filter(|text| named(text));
    derives.chain(impls.map(|text| format!("{}: impl {text}", source.path))).collect()
}

#[test]
fn rule_7_domain_types_are_not_serde_types() {
    let graph = Graph::of_workspace(&crate::sources::root());
    crate::kept(&domain_types_are_not_serde_types(&graph, &crate::sources::rust()));
}

#[test]
fn rule_7_fails_when_a_domain_type_derives_serde() {
    let graph = Graph::of_lines(&[("records", &["serde"]), ("catalogue", &["serde"])]);
    let sources = [
        Source::example("shared/chain/src/entry.rs", "#[derive(Debug, serde::Serialize)] struct Entry;"),
        Source::example("shared/ids/src/lib.rs", "impl<'de> serde::Deserialize<'de> for ChainId {}"),
        Source::example("shared/records/src/view.rs", "#[cfg_attr(feature = \"x\", derive(Deserialize))] struct View;"),
        Source::example("shared/catalogue/src/fee.rs", "#[derive(Deserialize)] enum Fee {}"),
        Source::example("shared/catalogue/src/source/service.rs", "#[derive(Deserialize)] struct Service;"),
        Source::example("field-agent/src/app/export.rs", "#[derive(Serialize)] struct Row;"),
    ];
    crate::caught(
        &domain_types_are_not_serde_types(&graph, &sources),
        &[
            "ids/src/lib.rs: impl Deserialize",
            "entry.rs: derive",
            "records -> serde",
            "view.rs: cfg_attr",
            "fee.rs: derive",
        ],
    );
}
