//! Printing. A reader that closes the pipe early is no error.

use serde::Serialize;
use std::io::Write;

/// A line on standard output.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{}", pages::format::harmless(text));
}

/// A line on standard error.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", pages::format::harmless(text));
}

/// A value as JSON on standard output.
pub fn json(value: &impl Serialize) {
    match serde_json::to_string_pretty(value) {
        Ok(text) => {
            let _ = writeln!(std::io::stdout(), "{text}");
        }
        Err(error) => complain(&error.to_string()),
    }
}

/// A table with columns as wide as they need.
pub fn table(head: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([head[column].chars().count()]).max().unwrap_or(0)
    };
    if rows.is_empty() {
        return say("Порожньо / nothing here");
    }
    // A column that nobody has anything to say in is left out.
    let kept: Vec<usize> = (0..head.len()).filter(|at| rows.iter().any(|row| !row[*at].is_empty())).collect();
    let line = |cells: Vec<&str>| {
        let padded = kept.iter().map(|at| format!("{:<width$}", cells[*at].replace('\n', " "), width = width(*at)));
        say(padded.collect::<Vec<_>>().join("  ").trim_end());
    };
    line(head.to_vec());
    for row in rows {
        line(row.iter().map(|cell| if cell.is_empty() { "—" } else { cell.as_str() }).collect());
    }
}

/// A moment as people read it.
pub fn moment(at: i64) -> String {
    pages::format::date_time(clock::Time(at))
}

/// `2026-11-21` as `21.11.2026`; what is no day stays as it is, nothing is «—».
pub fn day(text: &str) -> String {
    text.parse().map_or_else(|_| pages::format::or_nothing(text).to_owned(), pages::format::civil)
}

/// At most so many characters.
pub fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
