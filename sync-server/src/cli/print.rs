//! What people read: lines and tables from the answers' JSON. Ids and exact times are for programs (`--json`).

use super::labels::{COLUMNS, Column, LABELS, STATES, UNSAID};
use desk::control::{harmless, when, word};
use serde_json::{Map, Value};
use std::io::Write;

/// To standard output; a reader that went away is no error.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// To standard error.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", harmless(text));
}

/// An answer, for people. What others typed drives no terminal.
pub fn answer(value: &Value) {
    told(value).iter().for_each(|text| line(&harmless(text)));
}

/// An answer as lines.
pub fn told(value: &Value) -> Vec<String> {
    let Value::Object(fields) = value else { return vec![cell(value)] };
    let is_list = fields.values().any(Value::is_array) && fields.contains_key("total");
    let says_more = !is_list && fields.len() > 1;
    let mut lines = Vec::new();
    for (key, value) in fields {
        let said_better = ["uk", "en"].iter().any(|lang| fields.contains_key(&format!("{key}_{lang}")));
        let left_out = UNSAID.contains(&key.as_str()) || (key == "fields" && fields.contains_key("shown"));
        let nothing =
            says_more && (value.is_null() && !ABSENT.contains(&key.as_str()) || *value == Value::Array(Vec::new()));
        if said_better || left_out || nothing || (is_list && ["total", "page", "size"].contains(&key.as_str())) {
            continue;
        }
        lines.extend(field(key, value));
    }
    if is_list {
        lines.push(extent(fields));
    }
    lines
}

/// Said even when there is nothing: that is what was asked for.
const ABSENT: [&str; 4] = ["holder", "taken", "hub_answered_at", "drill_at"];

/// How much of a list this is.
fn extent(fields: &Map<String, Value>) -> String {
    let number = |key: &str| fields.get(key).and_then(Value::as_u64).unwrap_or(0);
    let (total, size) = (number("total"), number("size").max(1));
    let pages = total.div_ceil(size).max(1);
    match pages {
        1 => format!("Усього / in all: {total}"),
        _ => format!("Усього / in all: {total}; сторінка / page {} / {pages} (--page)", number("page")),
    }
}

fn field(key: &str, value: &Value) -> Vec<String> {
    let columns = COLUMNS.iter().find(|(name, _)| *name == key).map(|(_, columns)| *columns);
    if let (Some(columns), Value::Array(rows)) = (columns, value)
        && rows.iter().all(Value::is_object)
    {
        return table(columns, rows);
    }
    let label = label(key);
    match value {
        Value::Array(rows) if key == "timeline" => rows.iter().map(moment).collect(),
        Value::Array(rows) if key == "shown" => shown(rows),
        Value::Array(rows) if rows.iter().any(Value::is_object) => {
            rows.iter().map(|row| format!("{label}: {}", object(row))).collect()
        }
        Value::Array(rows) if rows.is_empty() => Vec::new(),
        // As `answer` takes them.
        Value::Array(_) if key == "actions" => vec![format!("{label}: {}", cell(value))],
        Value::Array(rows) => vec![format!("{label}: {}", rows.iter().map(state).collect::<Vec<_>>().join(", "))],
        Value::Object(inner) if key == "groups" => {
            let full = inner.iter().filter(|(_, count)| count.as_u64() != Some(0));
            full.map(|(name, count)| format!("  {}: {count}", word_of(name))).collect()
        }
        Value::Object(_) => vec![format!("{label}: {}", object(value))],
        Value::Number(kopiykas) if key == "fee" => {
            let kopiykas = kopiykas.as_u64().unwrap_or(0);
            vec![format!("{label}: {},{:02} грн", kopiykas / 100, kopiykas % 100)]
        }
        Value::String(own) if OWN_LINES.contains(&key) => vec![format!("{label}: {own}")],
        _ => vec![format!("{label}: {}", or_nothing(state(value)))],
    }
}

/// Texts of several lines that the program made itself.
const OWN_LINES: [&str; 2] = ["invitation", "words"];

fn label(key: &str) -> String {
    LABELS.iter().find(|(name, _)| *name == key).map_or_else(|| key.to_owned(), |(_, label)| (*label).to_owned())
}

fn object(value: &Value) -> String {
    let Value::Object(inner) = value else { return cell(value) };
    let parts = inner.iter().filter(|(key, value)| !UNSAID.contains(&key.as_str()) && !cell(value).is_empty());
    let part = |(key, value): (&String, &Value)| match value {
        Value::Array(rows) if rows.iter().any(Value::is_object) => {
            let rows: Vec<String> = rows.iter().map(|row| format!("[{}]", object(row))).collect();
            format!("{}: {}", label(key), rows.join(" "))
        }
        _ => format!("{}: {}", label(key), state(value)),
    };
    parts.map(part).collect::<Vec<_>>().join("; ")
}

/// What a request says, under the titles of its page.
fn shown(rows: &[Value]) -> Vec<String> {
    let (mut lines, mut title) = (Vec::new(), "");
    for row in rows {
        let get = |key: &str| row[key].as_str().unwrap_or_default();
        if title != get("title") {
            title = get("title");
            lines.push(title.to_owned());
        }
        lines.push(format!("  {}: {}", get("label"), or_nothing(cell(&row["value"]))));
        for other in row["differing"].as_array().into_iter().flatten() {
            lines.push(format!("    ≠ {}", cell(other)));
        }
    }
    lines
}

fn moment(moment: &Value) -> String {
    let get = |name: &str| cell(moment.get(name).unwrap_or(&Value::Null));
    let from = match get("suitcase").as_str() {
        "" => "центр".to_owned(),
        number => format!("валіза {number}"),
    };
    let code = get("code");
    let named = |before: &str| word(&format!("{before}-{}", code.replace('_', "-")));
    let what = named("event").or_else(|| named("trace")).unwrap_or_else(|| code.clone());
    let ignored =
        if moment["counts"] == Value::Bool(false) { "не діє / does not count".to_owned() } else { String::new() };
    // Ids, keys of fields and a mark's parts are told by --json; marks have a table of their own.
    let coded = CODED.contains(&code.as_str());
    let about = if coded { String::new() } else { without_ids(&get("about")) };
    let text = if code == "stamped" { String::new() } else { get("text") };
    let parts = [what, get("by"), from, about, text, ignored];
    let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("  {}  {}", get("at"), said.join(" · "))
}

/// Events whose `about` is for programs.
const CODED: [&str; 8] =
    ["resolved", "corrected", "duplicate", "settled", "not_duplicate", "undone", "released", "stamped"];

/// «Ноутбук Олени · 6c58a566-…» without what only programs want.
fn without_ids(about: &str) -> String {
    let is_id = |part: &str| part.len() == 36 && part.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    about.split(" · ").filter(|part| !is_id(part)).collect::<Vec<_>>().join(" · ")
}

/// A kind of data in the report on a lost suitcase.
fn data_word(kind: &str) -> String {
    word(&format!("data-{kind}")).unwrap_or_else(|| kind.to_owned())
}

fn or_nothing(text: String) -> String {
    if text.trim().is_empty() { "—".to_owned() } else { text }
}

/// The word for a state, a role, a group; else the text itself.
fn word_of(text: &str) -> String {
    STATES.iter().find(|(name, _)| *name == text).map_or_else(|| text.to_owned(), |(_, word)| (*word).to_owned())
}

fn state(value: &Value) -> String {
    word_of(&cell(value))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        // What people typed begins no line of its own.
        Value::String(text) => when(text).unwrap_or_else(|| text.replace(['\n', '\r'], " ")),
        Value::Bool(true) => "так".to_owned(),
        Value::Bool(false) => "ні".to_owned(),
        Value::Array(all) => all.iter().map(cell).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// The widest that a cell is shown, unless its column must be read whole.
const WIDEST: usize = 40;

fn table(columns: &[Column], rows: &[Value]) -> Vec<String> {
    let text = |row: &Value, column: &Column| {
        let value = row.get(column.key).unwrap_or(&Value::Null);
        let text = match column.words {
            "" if column.key == "about" => without_ids(&cell(value)),
            "" if column.key == "number" => without_ids(&cell(value)),
            "" if column.key == "data" => cell(value).split(", ").map(data_word).collect::<Vec<_>>().join(", "),
            "" => state(value),
            before => {
                let plain = cell(value);
                word(&format!("{before}{}", plain.replace('_', "-"))).unwrap_or(plain)
            }
        };
        let long = !column.whole && text.chars().count() > WIDEST;
        if long { text.chars().take(WIDEST - 1).chain(['…']).collect() } else { text }
    };
    let texts: Vec<Vec<String>> =
        rows.iter().map(|row| columns.iter().map(|column| text(row, column)).collect()).collect();
    // A column that nobody has anything to say in is left out.
    let kept: Vec<usize> = (0..columns.len()).filter(|at| texts.iter().any(|row| !row[*at].is_empty())).collect();
    if kept.is_empty() {
        return vec!["Порожньо / nothing here".to_owned()];
    }
    let heads: Vec<String> = columns.iter().map(|column| column.head.to_owned()).collect();
    let width = |at: usize| texts.iter().chain([&heads]).map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let show = |row: &Vec<String>| {
        let cells = kept.iter().map(|at| {
            let cell = if row[*at].is_empty() { "—" } else { row[*at].as_str() };
            format!("{cell:<width$}", width = widths[*at])
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    [&heads].into_iter().chain(&texts).map(show).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn people_read_words_and_local_time_and_no_ids() {
        let told = told(&json!({
            "name": "Глобинська громада", "certified_until_ms": 2_111_542_798_032_i64, "trouble": null,
            "hub_answered_at": "2026-11-22T03:40:03.983Z", "record": "dcb9adef-1246-4913-bc4d-ef63241cf2e0",
            "state": "in_work", "state_uk": "у роботі", "groups": { "new": 2, "mine": 0 }, "fee": 4992,
            "actions": ["number", "accept", "ready"], "marks": [],
        }))
        .join("\n");
        assert!(told.contains("Назва / name: Глобинська громада"), "{told}");
        assert!(
            told.contains(": 22.11.2026 05:40") && told.contains("49,92 грн") && told.contains("у роботі"),
            "{told}"
        );
        assert!(told.contains("нові: 2") && told.contains("number, accept, ready") && !told.contains("mine"), "{told}");
        for raw in ["Порожньо", "_ms", "2111542798032", "dcb9adef", "in_work", "T03:40", "null", "groups"] {
            assert!(!told.contains(raw), "{raw} in {told}");
        }
    }

    #[test]
    fn what_an_answer_asks_for_is_told_and_what_was_typed_drives_no_terminal() {
        let lines = told(
            &json!({ "number": "7-221126-001-6Н2", "undo": { "event": "e/aa.1", "until": "2026-11-22T03:40:03.983Z" },
            "differences": [{ "key": "phone", "label_uk": "телефон", "is_proposal": false, "values": [
                { "mark": "+380501112233", "text": "+380501112233", "suitcase": 7, "at": "2026-11-22T03:40:03.983Z" }] }],
            "shown": [{ "title": "Заявник", "label": "прізвище", "value": "Коваль\nСтан: видано" }] }),
        );
        let told = lines.join("\n");
        for part in ["e/aa.1", "(--key) / field: phone", "(--choice) / choice: +380501112233", "22.11.2026 05:40"] {
            assert!(told.contains(part), "{part} in {told}");
        }
        assert!(lines.iter().all(|line| !line.starts_with("Стан")) && !told.contains('{'), "{told}");
        assert_eq!(without_ids("Коваленкопетренкош · 6c58a566-eab4-46b3-b400-0123456789ab"), "Коваленкопетренкош");
        assert_eq!(harmless("Коваль\u{1b}[2Jа\u{202e}б\nв"), "Коваль [2Jа б\nв");
    }

    #[test]
    fn tables_leave_blank_columns_out_and_say_when_there_is_nothing() {
        let rows = json!({ "suitcases": [
            { "number": 7, "name": "Ноутбук", "state": "live", "certified_until": "2027-05-21T03:40:25.476Z" },
            { "number": 8, "name": "", "state": "revoked", "certified_until": "2027-05-21T03:40:25.476Z" },
        ] });
        let told = told(&rows);
        assert_eq!(told[0], "Валіза  Ноутбук  Стан        Посвідчено до");
        assert_eq!(told[1], "7       Ноутбук  працює      21.05.2027 06:40");
        assert_eq!(told[2], "8       —        відкликано  21.05.2027 06:40");
        assert_eq!(super::told(&json!({ "laptops": [] })), ["Порожньо / nothing here"]);
        let empty = super::told(&json!({ "total": 0, "page": 1, "size": 50, "requests": [] }));
        assert_eq!(empty, ["Порожньо / nothing here", "Усього / in all: 0"]);
    }

    #[test]
    fn the_audit_and_a_timeline_speak_in_words() {
        let audit = json!({ "audit": [{ "at": "2026-11-22T03:42:41.895Z", "by": "admin", "what": "saw_command",
            "about": "ihor · d6b2976f-19fe-4549-adc8-bb15f4254b37" }] });
        let line = &told(&audit)[1];
        assert!(line.contains("прочитано командою") && line.ends_with("ihor"), "{line}");
        let moment = json!({ "code": "in_work", "at": "2026-11-22T03:42:41.895Z", "by": "admin", "suitcase": null,
            "about": "6c58a566-eab4-46b3-b400-0123456789ab", "text": "", "counts": true });
        assert_eq!(told(&json!({ "timeline": [moment] })), ["  22.11.2026 05:42  Взято в роботу · admin · центр"]);
    }

    #[test]
    fn ids_stay_out_of_lists_and_timelines() {
        let id = "b5526ad4-06e6-4bd0-bde8-ab2bd17e5196";
        let audit = json!({ "audit": [{ "at": "2026-11-22T03:42:41.895Z", "by": "admin", "what": "saw_lost_report",
            "number": id, "about": "7" }, { "at": "2026-11-22T03:42:41.895Z", "number": "7-221126-001-6Н2" }] });
        let lines = told(&audit).join("\n");
        assert!(!lines.contains(id) && lines.contains("7-221126-001-6Н2"), "{lines}");
        let stamped = json!({ "timeline": [{ "code": "stamped", "at": "2026-11-22T03:42:41.895Z", "by": "admin",
            "about": "2|2026-11-23", "text": "2026-11-23|Гук С. І.|2026-12-21|||ПФУ|", "counts": true }] });
        assert_eq!(told(&stamped), ["  22.11.2026 05:42  позначка листа про проходження · admin · центр"]);
    }

    #[test]
    fn what_is_decided_about_laptops_and_how_many_numbers_there_are_is_said_in_words() {
        let told = |value: Value| super::told(&value).join("\n");
        let counts = json!({ "total": 1, "page": 1, "size": 50, "numbers": [], "counts": { "used": 2 } });
        assert!(told(counts).contains("Підсумок / counts: Номери, що надійшли / numbers that arrived: 2"));
        assert_eq!(
            told(json!({ "confirmed": 7 })),
            "Підтверджено ноутбук валізи / the laptop is acknowledged, suitcase: 7"
        );
        assert!(told(json!({ "declined": 7 })).starts_with("Не визнано"));
        let rows = json!({ "suitcases": [{ "number": 7, "state": "continued" }] });
        assert!(told(rows).contains("номер перейшов до іншого ноутбука"));
        let answered = json!({ "changed": true, "state": "refused", "state_uk": "відмовлено" });
        assert!(told(answered).contains("Стан / state: відмовлено"));
    }

    #[test]
    fn every_label_says_both_languages() {
        for (key, label) in LABELS {
            assert!(label.contains(" / "), "{key}: {label}");
        }
    }
}
