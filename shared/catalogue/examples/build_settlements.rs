//! Makes `data/settlements.txt` from the official codifier of administrative units.
//!
//! Input (standard input), CSV in UTF-8 without quotes, a heading and one line a unit:
//! `code,level,category,name,parent_code` and any further columns, where `code` is `UA` and 17 digits, `category` one
//! of the codifier's letters O K P H M X C B (T is abolished), `parent_code` the code of the unit it lies in or
//! nothing. The ministry publishes the codifier as a workbook (order 290 of 26.11.2020 and its editions); save its
//! sheet so. Output (standard output): the format that `src/settlements.rs` describes.
//!
//! `cargo run -p catalogue --example build_settlements < codifier.csv > shared/catalogue/data/settlements.txt`

use std::collections::HashMap;
use std::io::{self, Read, Write};

/// Source and edition, the first line of the output. Change it together with the input.
const EDITION: &str = "КАТОТТГ: наказ Мінрегіону від 26.11.2020 № 290, редакція від 07.07.2026 (наказ № 1321)";

/// Digits of the code before the unit's own ones, and how many are its own, by category.
fn own_digits(category: &str) -> Option<(usize, usize)> {
    Some(match category {
        "O" | "K" => (0, 2),
        "P" => (2, 2),
        "H" => (4, 3),
        "M" | "X" | "C" => (7, 3),
        "B" => (10, 2),
        _ => return None,
    })
}

fn main() -> io::Result<()> {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let mut units: Vec<[&str; 4]> = Vec::new();
    for (number, line) in input.lines().enumerate().skip(1) {
        let columns: Vec<&str> = line.split(',').collect();
        let [code, _, category, name, parent, ..] = columns[..] else {
            return Err(refused(number, "fewer than five columns"));
        };
        let digits = code.strip_prefix("UA").filter(|d| d.len() == 17 && d.bytes().all(|b| b.is_ascii_digit()));
        let digits = digits.ok_or_else(|| refused(number, "the code is not UA and 17 digits"))?;
        if own_digits(category).is_none() {
            return Err(refused(number, "unknown category"));
        }
        units.push([digits, category, name, parent]);
    }
    units.sort_by_key(|unit| unit[0]);
    let parents = parents_by_order(&units);
    let mut output = io::BufWriter::new(io::stdout().lock());
    writeln!(output, "# {EDITION}")?;
    for [digits, category, name, parent] in &units {
        // The reader finds parents by the order of lines alone: refuse data where that would be wrong.
        if parents.get(digits).copied().unwrap_or("") != parent.trim_start_matches("UA") {
            return Err(refused(0, &format!("UA{digits} does not lie where its code says")));
        }
        let (before, own) = own_digits(category).unwrap_or((0, 0));
        writeln!(output, "{category}{}{}{name}", &digits[before..before + own], &digits[12..])?;
    }
    output.flush()
}

/// The nearest line above of a higher level, for each unit.
fn parents_by_order<'a>(units: &[[&'a str; 4]]) -> HashMap<&'a str, &'a str> {
    let mut parents = HashMap::new();
    let mut open: Vec<(usize, &str)> = Vec::new();
    for [digits, category, ..] in units {
        let level = own_digits(category).map_or(0, |(before, _)| before);
        open.retain(|(above, _)| *above < level);
        if let Some((_, parent)) = open.last() {
            parents.insert(*digits, *parent);
        }
        open.push((level, digits));
    }
    parents
}

fn refused(line: usize, why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("line {}: {why}", line + 1))
}
