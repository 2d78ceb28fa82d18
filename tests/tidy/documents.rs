//! Documents that no test reads drift; this one reads them.

use std::collections::BTreeSet;

use crate::facts;
use crate::sources::Source;

/// Documents at the root whose paths are checked, beside everything under `docs/`.
const DOCUMENTS: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

/// Paths named in the documents, in backticks or as a link, that do not exist.
pub fn named_paths_exist(sources: &[Source]) -> Vec<String> {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for source in sources {
        known.insert(&source.path);
        known.extend(source.path.match_indices('/').map(|(at, _)| &source.path[..at]));
    }
    let mut violations = Vec::new();
    for document in sources.iter().filter(|source| is_document(source)) {
        for path in named_paths(&document.text) {
            if looks_like_ours(&path, &known) && !known.contains(path.trim_end_matches('/')) {
                violations.push(format!("{}: {path} does not exist", document.path));
            }
        }
        for path in linked_paths(document) {
            if !known.contains(path.as_str()) {
                violations.push(format!("{}: the link to {path} is broken", document.path));
            }
        }
    }
    violations
}

/// Types named in the glossary as `crate::Type` that the crate does not define.
pub fn glossary_types_exist(glossary: &str, sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for code in glossary.split('`').skip(1).step_by(2) {
        let Some((name, item)) = code.split_once("::") else {
            continue;
        };
        let item = item.rsplit("::").next().unwrap_or(item);
        let own = sources.iter().filter(|source| {
            source.is_rust() && source.path.split('/').any(|part| part == name) && source.path.contains("/src/")
        });
        let defined = own.into_iter().any(|source| defines(source, item));
        if !defined {
            violations.push(format!("{code} is in the glossary and not in the code"));
        }
    }
    violations
}

/// Whether a file defines this item, or a macro in it is given the name.
fn defines(source: &Source, item: &str) -> bool {
    let words = ["struct", "enum", "trait", "type", "fn", "mod", "const"];
    let named = |word: &&str| source.text.contains(&format!("{word} {item}"));
    let module = source.parts().last() == Some(item);
    let first_word = |line: &str| line.trim().split([',', ' ', ';']).next() == Some(item);
    let by_macro =
        facts::read(source).is_ok_and(|facts| !facts.macro_calls.is_empty()) && source.text.lines().any(first_word);
    module || by_macro || words.iter().any(named)
}

fn is_document(source: &Source) -> bool {
    DOCUMENTS.contains(&source.path.as_str()) || (source.is_in("docs") && source.path.ends_with(".md"))
}

/// Pieces of code in running text. Blocks between fences are pictures and examples.
fn named_paths(text: &str) -> Vec<String> {
    let mut fenced = false;
    let mut paths = Vec::new();
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if !fenced {
            paths.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    paths
}

/// A path of the repository begins with one of its top folders and has no blank or pattern in it.
fn looks_like_ours(path: &str, known: &BTreeSet<&str>) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    path.contains('/') && known.contains(first) && !path.contains([' ', '*', '<', '{', '…'])
}

/// Targets of `](relative)` links, from the root of the repository.
fn linked_paths(document: &Source) -> Vec<String> {
    let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let targets = document.text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let own = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
    own.map(|target| resolve(folder, target.split('#').next().unwrap_or(target))).collect()
}

fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn documents_name_only_what_exists() {
    crate::kept(&named_paths_exist(&crate::sources::all()));
}

#[test]
fn a_document_that_names_what_is_not_there_is_caught() {
    let sources = [
        Source::example("shared/chain/src/lib.rs", ""),
        Source::example("docs/a.md", "`shared/chain` `shared/gone` `field/record` [b](b.md) [up](../README.md#map)"),
        Source::example("README.md", "```\nshared/planned\n```\n`shared/chain/src/lib.rs` [a](docs/a.md)"),
    ];
    crate::caught(&named_paths_exist(&sources), &["shared/gone does not exist", "docs/b.md is broken"]);
}

#[test]
fn the_glossary_names_types_that_exist() {
    let sources = crate::sources::all();
    let glossary = sources.iter().find(|source| source.path == "docs/glossary.md").expect("the glossary is there");
    assert!(glossary.text.contains("`ids::"), "it names types of the code");
    crate::kept(&glossary_types_exist(&glossary.text, &sources));
}

#[test]
fn a_glossary_type_that_is_not_there_is_caught() {
    let sources = [Source::example("shared/chain/src/entry.rs", "pub struct Entry;")];
    let glossary = "| запис | `chain::Entry` | `chain::entry` |\n| якір | `chain::Anchor` |";
    crate::caught(&glossary_types_exist(glossary, &sources), &["chain::Anchor"]);
}
