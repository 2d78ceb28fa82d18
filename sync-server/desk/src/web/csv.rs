//! A table as a file for spreadsheets.

/// Rows as CSV (RFC 4180): UTF-8 with its mark, so that spreadsheets see Ukrainian; semicolons, which spreadsheets set
/// to Ukrainian expect. A cell that a spreadsheet would take for a formula gets an apostrophe in front.
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
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([';', ',', '"', '\n', '\r', '\t', '\'']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
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
}
