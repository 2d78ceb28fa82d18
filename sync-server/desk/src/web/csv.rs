//! A table as a file for spreadsheets.

/// Rows as CSV (RFC 4180): UTF-8 with its mark, so that spreadsheets see Ukrainian; semicolons, which spreadsheets set
/// to Ukrainian expect. What a spreadsheet would take for a formula gets an apostrophe in front: at the start of a cell, and after
/// whatever begins another cell where commas, tabs or line breaks are taken to part them.
pub(crate) fn table<'a>(rows: impl IntoIterator<Item = &'a [String]>) -> String {
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
