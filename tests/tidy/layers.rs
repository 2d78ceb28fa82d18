//! Rule 4: web and command line call `app` only; SQL stands in stores only; HTML in pages only.

use crate::facts;
use crate::sources::Source;

/// Crates and modules that a page or a command must ask `app` for.
const BEHIND_APP: [&str; 12] = [
    "peer",
    "chain",
    "sealing",
    "signing",
    "records",
    "catalogue",
    "rusqlite",
    "automerge",
    "hub",
    "crate::store",
    "desk::store",
    "desk::web",
];

/// Tags whose closing form or attributes give a piece of HTML away.
const TAGS: [&str; 44] = [
    "a", "article", "b", "body", "button", "dd", "details", "div", "dl", "dt", "em", "fieldset", "footer", "form",
    "h1", "h2", "h3", "head", "header", "html", "i", "input", "label", "legend", "li", "link", "main", "meta", "nav",
    "ol", "option", "p", "script", "section", "select", "span", "strong", "style", "table", "tbody", "td", "th", "tr",
    "ul",
];

/// Rule 4, first part.
pub fn web_and_cli_call_app_only(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in sources.iter().filter(|source| is_surface(source)) {
        // `sync-server` starts the hub and the desk; that is what its command line is for.
        let starts_programs = source.is_in("sync-server/src");
        for path in facts::product(source).paths {
            let behind = BEHIND_APP.iter().find(|name| path.starts_with(&format!("{name}::")));
            if behind.is_some_and(|name| !(starts_programs && *name == "hub")) {
                violations.push(format!("{}: {path}", source.path));
            }
        }
    }
    violations
}

/// Rule 4, second part.
pub fn sql_stands_in_stores(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in sources.iter().filter(|source| !is_store(source)) {
        if source.path.ends_with(".sql") {
            violations.push(format!("{}: a file of SQL", source.path));
        }
        if source.is_rust() {
            let strings = facts::product(source).strings;
            let found = strings.iter().flat_map(|string| string.lines()).filter(|line| is_sql(line));
            violations.extend(found.map(|line| format!("{}: {}", source.path, line.trim())));
        }
    }
    violations
}

/// Rule 4, third part.
pub fn html_stands_in_pages(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in sources.iter().filter(|source| !is_page(source) && !source.test_only) {
        if source.path.ends_with(".html") {
            violations.push(format!("{}: a page outside templates", source.path));
        }
        if source.is_rust() {
            let strings = facts::product(source).strings;
            let found = strings.iter().filter(|string| is_html(string));
            violations.extend(found.map(|string| format!("{}: {}", source.path, string.trim())));
        }
    }
    violations
}

/// Modules named `web` or `cli` and what lies in them.
fn is_surface(source: &Source) -> bool {
    source.is_rust() && source.parts().any(|part| matches!(part, "web" | "cli"))
}

/// Files named `store…` and what lies in a folder `store`.
fn is_store(source: &Source) -> bool {
    let stem = source.parts().last().unwrap_or_default();
    stem.starts_with("store") || source.parts().any(|part| part == "store")
}

/// The pages crate, templates, and the folder of pages of a console.
fn is_page(source: &Source) -> bool {
    source.is_in("shared/pages") || source.parts().any(|part| matches!(part, "pages" | "templates"))
}

/// Whether a line of a string starts an SQL statement: in capitals, or in small letters with the second keyword too,
/// so that an English sentence such as "Select a service" is none.
fn is_sql(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some((first, rest)) = words.split_first() else {
        return false;
    };
    if *first != first.to_uppercase() && *first != first.to_lowercase() {
        return false;
    }
    let second = rest.first().map(|word| word.to_lowercase()).unwrap_or_default();
    let has = |word: &str| rest.iter().any(|found| found.eq_ignore_ascii_case(word));
    match first.to_lowercase().as_str() {
        "select" => *first == "SELECT" && !rest.is_empty() || has("from"),
        "insert" => matches!(second.as_str(), "into" | "or"),
        "replace" => second == "into",
        "delete" => second == "from",
        "update" => has("set"),
        "create" | "drop" | "alter" => {
            matches!(second.as_str(), "table" | "index" | "unique" | "virtual" | "trigger" | "view" | "temp")
        }
        "begin" => matches!(second.as_str(), "immediate" | "exclusive" | "transaction"),
        "pragma" | "savepoint" | "vacuum" | "attach" => *first == first.to_uppercase(),
        _ => false,
    }
}

fn is_html(string: &str) -> bool {
    let lower = string.to_lowercase();
    if lower.contains("<!doctype") || lower.contains("<br>") || lower.contains("<hr>") || lower.contains("<svg ") {
        return true;
    }
    TAGS.iter().any(|tag| {
        let with_attributes = lower
            .split(&format!("<{tag} "))
            .skip(1)
            .any(|rest| rest.split('>').next().is_some_and(|attributes| attributes.contains('=')));
        with_attributes || lower.contains(&format!("</{tag}>"))
    })
}

#[test]
fn rule_4_web_and_cli_call_app_only() {
    crate::kept(&web_and_cli_call_app_only(&crate::sources::rust()));
}

#[test]
fn rule_4_fails_when_a_page_reaches_past_app() {
    let sources = [
        Source::example("field-agent/src/web/pages/day.rs", "use crate::app; use peer::store::Reader;"),
        Source::example(
            "field-agent/src/cli/sync.rs",
            "use signing as s; fn run(chain: u8) { chain; chain::limits::MAX_ENTRY; }",
        ),
        Source::example("sync-server/src/cli/run.rs", "use hub::serve; use desk::app;"),
        Source::example("sync-server/desk/src/web.rs", "use crate::{app, store::Rows};"),
        Source::example("field-agent/src/app/list.rs", "use peer::store::Reader;"),
    ];
    crate::caught(
        &web_and_cli_call_app_only(&sources),
        &[
            "day.rs: peer::store::Reader",
            "sync.rs: signing::self",
            "sync.rs: chain::limits::MAX_ENTRY",
            "web.rs: crate::store::Rows",
        ],
    );
}

#[test]
fn rule_4_sql_stands_in_stores_only() {
    crate::kept(&sql_stands_in_stores(&crate::sources::all()));
}

#[test]
fn rule_4_fails_when_sql_stands_elsewhere() {
    let sources = [
        Source::example("sync-server/desk/src/app/queue.rs", "const Q: &str = \"\n  SELECT id FROM request\";"),
        Source::example("field-agent/src/app/list.rs", "fn f() { run(\"delete from draft\"); }"),
        Source::example("shared/peer/src/driver.rs", "fn f() { exec!(\"PRAGMA synchronous=FULL\") }"),
        Source::example("field-agent/migrations/one.sql", "CREATE TABLE draft (id INTEGER)"),
        Source::example("shared/peer/src/store/entries.rs", "const Q: &str = \"SELECT 1 FROM entry\";"),
        Source::example("shared/peer/src/store_schema.rs", "const Q: &str = \"CREATE TABLE entry (seq)\";"),
        Source::example("shared/pages/src/words.rs", "const W: &str = \"Select a service from the list\";"),
    ];
    crate::caught(
        &sql_stands_in_stores(&sources),
        &["queue.rs: SELECT id", "list.rs: delete from", "driver.rs: PRAGMA", "one.sql: a file of SQL"],
    );
}

#[test]
fn rule_4_html_stands_in_pages_only() {
    crate::kept(&html_stands_in_pages(&crate::sources::all()));
}

#[test]
fn rule_4_fails_when_html_stands_elsewhere() {
    let sources = [
        Source::example("field-agent/src/app/opys.rs", "fn f() -> String { format!(\"<td class=\\\"n\\\">{}\", 1) }"),
        Source::example("sync-server/hub/src/api.rs", "const E: &str = \"<h1>refused</h1>\";"),
        Source::example("field-agent/help/index.html", "<p>"),
        Source::example("field-agent/src/cli/sync.rs", "const U: &str = \"sync <path> to <form>; Vec<u8>\";"),
        Source::example("field-agent/src/web/pages/day.rs", "const B: &str = \"<b>1</b>\";"),
        Source::example("field-agent/templates/day.html", "<p>"),
    ];
    let expected = ["api.rs: <h1>", "index.html: a page"];
    crate::caught(&html_stands_in_pages(&sources[1..]), &expected);
    crate::caught(&html_stands_in_pages(&sources[..1]), &["opys.rs: <td class"]);
}
