//! What people read: lines and tables from the answers' JSON.

use serde_json::Value;
use std::io::Write;

/// To standard output; a reader that went away is no error.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// To standard error.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Columns of each list: key in the JSON, heading.
const LISTS: [(&str, &[(&str, &str)]); 10] = [
    (
        "requests",
        &[
            ("number", "Номер"),
            ("official", "Журнал"),
            ("state_uk", "Стан"),
            ("applicant", "Заявник"),
            ("service_uk", "Послуга"),
            ("suitcase", "Валіза"),
            ("handover_due", "Передати до"),
            ("conflicts", "Розб."),
            ("holder", "Взяв"),
        ],
    ),
    (
        "journal",
        &[
            ("official", "№"),
            ("registered_at", "Зареєстровано"),
            ("number", "Звернення"),
            ("applicant", "Суб'єкт"),
            ("service_uk", "Послуга"),
            ("provider", "Надавач"),
            ("due", "Контроль"),
            ("state_uk", "Стан"),
        ],
    ),
    (
        "open_data",
        &[
            ("uid", "uid"),
            ("registrationDateTime", "registrationDateTime"),
            ("code", "code"),
            ("applicantType", "applicantType"),
            ("status", "status"),
            ("providDate", "providDate"),
        ],
    ),
    ("audit", &[("at", "Коли"), ("by", "Хто"), ("what", "Що"), ("number", "Звернення"), ("about", "Подробиці")]),
    (
        "suitcases",
        &[
            ("number", "Валіза"),
            ("name", "Ноутбук"),
            ("place", "Місце"),
            ("officer", "Працівник"),
            ("state", "Стан"),
            ("heard_at", "Новини"),
            ("not_arrived", "Не надійшло"),
            ("program", "Програма"),
            ("release", "Каталог"),
            ("certified_until", "Посвідчено до"),
            ("set_aside", "Відкладено"),
        ],
    ),
    (
        "accounts",
        &[("login", "Вхід"), ("name", "Ім'я"), ("role", "Роль"), ("active", "Діє"), ("unseals", "Відкриває центр")],
    ),
    (
        "invitations",
        &[("number", "Валіза"), ("state", "Стан"), ("by", "Запросив"), ("expires", "Діє до"), ("id", "Ідентифікатор")],
    ),
    ("laptops", &[("number", "Валіза"), ("name", "Ноутбук"), ("words", "Шість слів"), ("chain", "Ланцюг")]),
    (
        "people",
        &[("name", "Ім'я"), ("born", "Народження"), ("phone", "Телефон"), ("requests", "Звернення"), ("data", "Дані")],
    ),
    (
        "set_aside",
        &[
            ("suitcase", "Валіза"),
            ("chain", "Ланцюг"),
            ("seq", "№"),
            ("code", "Чому"),
            ("number", "Звернення"),
            ("sentence", "Пояснення"),
        ],
    ),
];

/// Never cut: what must be compared or copied whole.
const WHOLE: [&str; 6] = ["words", "chain", "id", "number", "uid", "official"];

/// An answer as text.
pub fn answer(value: &Value) {
    let Value::Object(fields) = value else { return line(&cell(value)) };
    for (key, value) in fields {
        let columns = LISTS.iter().find(|(name, _)| name == key).map(|(_, columns)| *columns);
        match (columns, value) {
            (Some(columns), Value::Array(rows)) => table(columns, rows),
            (None, Value::Array(rows)) if key == "timeline" => rows.iter().for_each(moment),
            (_, Value::Array(rows)) => rows.iter().for_each(|row| line(&format!("{key}: {}", cell(row)))),
            (_, Value::Object(inner)) => {
                inner.iter().for_each(|(name, value)| line(&format!("{key}.{name}: {}", cell(value))));
            }
            _ => line(&format!("{key}: {}", cell(value))),
        }
    }
}

fn moment(moment: &Value) {
    let get = |name: &str| cell(moment.get(name).unwrap_or(&Value::Null));
    let from = match get("suitcase").as_str() {
        "" => "центр".to_owned(),
        number => format!("валіза {number}"),
    };
    let ignored = if moment["counts"] == Value::Bool(false) { " (не діє)" } else { "" };
    line(&format!("  {} {} {from}, {}: {} {}{ignored}", get("at"), get("code"), get("by"), get("about"), get("text")));
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "так".to_owned(),
        Value::Bool(false) => "ні".to_owned(),
        other => other.to_string(),
    }
}

fn table(columns: &[(&str, &str)], rows: &[Value]) {
    let texts: Vec<Vec<String>> = rows
        .iter()
        .map(|row| columns.iter().map(|(key, _)| cell(row.get(*key).unwrap_or(&Value::Null))).collect())
        .collect();
    let heads: Vec<String> = columns.iter().map(|(_, head)| (*head).to_owned()).collect();
    let width = |at: usize| {
        let all = texts.iter().map(|row| row[at].chars().count());
        let most = if WHOLE.contains(&columns[at].0) { usize::MAX } else { 40 };
        all.chain([heads[at].chars().count()]).max().unwrap_or(0).min(most)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let show = |row: &[String]| {
        let cells = row.iter().zip(&widths).map(|(text, width)| {
            let text: String = text.chars().take(*width).collect();
            format!("{text:<width$}")
        });
        line(cells.collect::<Vec<_>>().join("  ").trim_end());
    };
    show(&heads);
    texts.iter().for_each(|row| show(row));
}
