//! Nothing in the repository depends on the machine it was written on.

use crate::sources::Source;

/// Beginnings of absolute paths. Tests may use the folder for temporary files.
const MACHINE_PATHS: [&str; 5] =
    [concat!("/wor", "k/"), concat!("/roo", "t/"), concat!("/hom", "e/"), concat!("/Use", "rs/"), TEMPORARY];
const TEMPORARY: &str = concat!("/tm", "p/");

/// Hosts of package registries and their mirrors; which one is used is the machine's business. The name under which
/// cargo writes the public index into a lock file is no host that anyone calls.
const REGISTRIES: [&str; 7] = [
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("registry.npm", "js.org"),
    concat!("py", "pi.org"),
    concat!("proxy.go", "lang.org"),
    concat!("artifac", "tory"),
    concat!("deb.debian", ".org"),
];

/// The only source of packages that `Cargo.lock` may name.
const LOCKED_SOURCE: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

/// Folders beside the repository that it must not read.
const NEIGHBOURS: [&str; 3] = ["design", "domain", "style"];

/// Machine paths, registry hosts, files outside the repository.
pub fn the_repository_stands_alone(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in sources {
        for line in source.text.lines() {
            if let Some(found) =
                machine_path(source, line).or_else(|| registry(source, line)).or_else(|| neighbour(line))
            {
                violations.push(format!("{}: {found}", source.path));
            }
        }
    }
    violations
}

fn machine_path(source: &Source, line: &str) -> Option<String> {
    let mut beginnings = MACHINE_PATHS.iter().filter(|path| !(source.test_only && **path == TEMPORARY));
    beginnings.find(|path| starts_a_path(line, path)).map(|path| format!("a path of one machine under {path}"))
}

/// Whether the line holds the path from its root on, not as the end of a longer one or of a web address.
fn starts_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|letter| !letter.is_alphanumeric() && !matches!(letter, '/' | '.' | '-' | '_' | '}' | '*'))
    })
}

fn registry(source: &Source, line: &str) -> Option<String> {
    let foreign = source.path == "Cargo.lock" && line.starts_with("source = ") && line != LOCKED_SOURCE;
    let host = REGISTRIES.iter().find(|host| line.contains(**host));
    host.map(|host| format!("the registry {host}")).or_else(|| foreign.then(|| line.to_owned()))
}

fn neighbour(line: &str) -> Option<String> {
    let named = NEIGHBOURS.iter().map(|folder| format!("../shared/{folder}/"));
    named.into_iter().find(|path| line.contains(path)).map(|path| format!("{path} lies outside the repository"))
}

/// Names of invented people and places, which tests spell in every way that people type.
const NAMES: [&str; 8] = ["дем'ян", "де'мян", "о'ніл", "д'арк", "в'ячеслав", "кам'янк", "мар'ян", "лук'ян"];
/// Words that are searched for, and texts that stand in for what people write.
const DATA: [&str; 2] = ["shared/catalogue/tests/", "tests/src/invented/"];

/// Ukrainian words on pages, in commands and documents have one apostrophe, ’ (U+2019). What people type is data: any
/// apostrophe finds any other.
pub fn one_apostrophe(sources: &[Source]) -> Vec<String> {
    let texts = [".rs", ".md", ".ftl", ".html", ".json"];
    let checked = sources.iter().filter(|source| {
        texts.iter().any(|end| source.path.ends_with(end)) && !DATA.iter().any(|folder| source.path.starts_with(folder))
    });
    let mut violations = Vec::new();
    for source in checked {
        for (line, number) in source.text.lines().zip(1..) {
            for word in line.split(|c: char| !is_ukrainian(c) && c != '\'').filter(|word| has_typed(word)) {
                let lower = word.to_lowercase();
                if !NAMES.iter().any(|name| lower.contains(name)) {
                    violations.push(format!("{}:{number}: «{word}»: write ’", source.path));
                }
            }
        }
    }
    violations
}

fn is_ukrainian(c: char) -> bool {
    matches!(c, 'а'..='я' | 'А'..='Я' | 'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ')
}

/// The apostrophe of the keyboard between two letters.
fn has_typed(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    letters.windows(3).any(|three| three[1] == '\'' && is_ukrainian(three[0]) && is_ukrainian(three[2]))
}

#[test]
fn ukrainian_words_have_one_apostrophe() {
    crate::kept(&one_apostrophe(&crate::sources::all()));
}

#[test]
fn another_apostrophe_is_caught() {
    let wrong = |before: &str, after: &str| format!("немає {before}'{after}");
    let sources = [
        Source::example("shared/pages/texts/uk.ftl", &wrong("зв", "язку")),
        Source::example("docs/operations.md", &wrong("Об", "єкт")),
        Source::example("field-agent/src/app/list.rs", "Дем'яненко, 'а', it's, зв’язок"),
        Source::example("tests/src/invented/phrases.rs", &wrong("п", "ять")),
    ];
    crate::caught(&one_apostrophe(&sources), &["uk.ftl:1: «зв", "operations.md:1: «Об"]);
}

#[test]
fn nothing_depends_on_the_machine_it_was_written_on() {
    crate::kept(&the_repository_stands_alone(&crate::sources::all()));
}

#[test]
fn a_machine_path_a_registry_and_a_neighbour_are_caught() {
    let path = |beginning: &str| format!("# see {beginning}x.txt");
    let sources = [
        Source::example("README.md", &path(MACHINE_PATHS[0])),
        Source::example("shared/peer/src/lib.rs", &path(TEMPORARY)),
        Source::example("tests/e2e/one.rs", &path(TEMPORARY)),
        Source::example("docs/operations.md", "see https://example.org/home/page and shared/work/x"),
        Source::example("xtask/src/fetch.rs", &format!("const URL: &str = \"https://{}\";", REGISTRIES[2])),
        Source::example("Cargo.lock", &format!("{LOCKED_SOURCE}\nsource = \"git+https://example.org/x\"")),
        Source::example("shared/ids/build.rs", &format!("include_str!(\"../../../shared/{}/x\")", NEIGHBOURS[1])),
    ];
    crate::caught(
        &the_repository_stands_alone(&sources),
        &["README.md", "peer/src/lib.rs", "fetch.rs: the registry", "git+https", "outside the repository"],
    );
}
