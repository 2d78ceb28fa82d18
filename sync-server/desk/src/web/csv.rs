//! A table as a file for spreadsheets.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// Rows read at once for a file.
pub(crate) const AT_ONCE: usize = 500;

/// The rows of all pages, each of [`AT_ONCE`], until one is not full or there are `most`. Pages count from 1.
pub(crate) fn every_page<R, E>(most: usize, mut page: impl FnMut(usize) -> Result<Vec<R>, E>) -> Result<Vec<R>, E> {
    let mut all = Vec::new();
    for number in 1.. {
        let found = page(number)?;
        let last = found.len() < AT_ONCE;
        all.extend(found);
        if last || all.len() >= most {
            break;
        }
    }
    all.truncate(most);
    Ok(all)
}

/// A table as a file to keep, `name` without its ending.
pub(crate) fn file(name: &str, rows: &[Vec<String>]) -> Response {
    let kept_as = format!("attachment; filename=\"{name}.csv\"");
    let head = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, kept_as)];
    (head, table(rows.iter().map(Vec::as_slice))).into_response()
}

/// Rows as CSV (RFC 4180): UTF-8 with its mark, so that spreadsheets see Ukrainian; semicolons, which spreadsheets set
/// to Ukrainian expect. What a spreadsheet would take for a formula gets an apostrophe in front: at the start of a cell, and after
/// whatever begins another cell where commas, tabs or line breaks are taken to part them.
fn table<'a>(rows: impl IntoIterator<Item = &'a [String]>) -> String {
    let mut out = String::from("\u{feff}");
    for row in rows {
        let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
        out.push_str(&cells.join(";"));
        out.push_str("\r\n");
    }
    out
}

fn cell(text: &str) -> String {
    let text = guarded(text);
    if text.contains([';', ',', '"', '\n', '\r', '\t', '\'']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn guarded(text: &str) -> String {
    let mut guarded = String::with_capacity(text.len());
    if text.starts_with(['\t', '\r', '\n']) {
        guarded.push('\'');
    }
    let mut begins = true;
    for sign in text.chars() {
        if begins && matches!(sign, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') {
            guarded.push('\'');
        }
        // Spaces and quotes may stand before a formula that is one all the same.
        begins = matches!(sign, ',' | ';' | '\t' | '\r' | '\n') || begins && matches!(sign, ' ' | '"' | '\u{a0}');
        guarded.push(sign);
    }
    guarded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_are_not_run() {
        let row = ["Коваль", "a;b", "say \"so\"", "=HYPERLINK(\"http://x\")", "+1", "-2", "@SUM", "7-2111"];
        let row: Vec<String> = row.map(str::to_owned).to_vec();
        let expected = "\u{feff}Коваль;\"a;b\";\"say \"\"so\"\"\";\"'=HYPERLINK(\"\"http://x\"\")\";\"'+1\";\"'-2\";\"'@SUM\";7-2111\r\n";
        assert_eq!(table([row.as_slice()]), expected);
    }

    #[test]
    fn no_formula_is_run_where_other_signs_part_cells() {
        for (text, kept) in [
            ("так,=cmd|' /C calc'!A0", "так,'=cmd|' /C calc'!A0"),
            ("так; =1+1", "так; '=1+1"),
            ("так\t@SUM(A1)", "так\t'@SUM(A1)"),
            ("так\n-2", "так\n'-2"),
            ("так, \"=1", "так, \"'=1"),
            ("\t=1", "'\t'=1"),
            ("Іваненко-Петренко, буд. 5-а", "Іваненко-Петренко, буд. 5-а"),
        ] {
            assert_eq!(guarded(text), kept);
        }
    }
}
