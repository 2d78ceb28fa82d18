//! What SQLite says of a damaged file, in the words of the person in front of it: one sentence for each place.

use rusqlite::Connection;
use std::collections::BTreeSet;

// How the sentences begin of which something else may not read.
const PAGE: &str = "сторінку № ";
const FIRST: &str = "першу сторінку ";
const TABLE: &str = "у базі даних пошкоджено таблицю ";
const INDEX: &str = "у базі даних пошкоджено покажчик ";
const STRUCTURE: &str = "будову бази даних ";

/// A part of a file that is damaged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Page(u32),
    Table(String),
    Index(String),
    /// Which pages are free, and which are whose.
    Account,
    Structure,
}

/// One sentence for each place that `PRAGMA integrity_check` or `quick_check` names, Ukrainian first, in a fixed order;
/// none if it says `ok`. `table`: the one that was asked about, for lines that name no place.
pub fn told<L: AsRef<str>>(lines: &[L], table: Option<&str>) -> Vec<String> {
    let lines = || lines.iter().flat_map(|line| line.as_ref().lines()).map(str::trim);
    let mut places: BTreeSet<Place> = lines().filter_map(|line| place(line, table)).collect();
    // A heading alone says that something is wrong.
    if places.is_empty() && lines().any(|line| !line.is_empty() && line != "ok") {
        places.insert(somewhere(table));
    }
    places.iter().map(in_words).collect()
}

/// What `PRAGMA integrity_check` or `quick_check` says, as it says it; nothing if it is content. It may break off at a
/// damaged page: what it had said until then counts.
pub fn asked(connection: &Connection, pragma: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(pragma)?;
    let mut rows = statement.query([])?;
    let mut lines = Vec::new();
    loop {
        match rows.next() {
            Ok(Some(row)) => lines.push(row.get(0)?),
            Ok(None) => break,
            Err(error) if lines.is_empty() => return Err(error),
            Err(error) => {
                tracing::warn!(%error, "the check of the database breaks off");
                break;
            }
        }
    }
    lines.retain(|line| line != "ok");
    Ok(lines)
}

/// The sentence for a page of the database's file, whoever noticed its damage.
pub fn damaged_page(number: u32) -> String {
    format!("{PAGE}{number} бази даних пошкоджено на диску / page {number} of the database is damaged on the disk")
}

/// The sentence where the first page is damaged in such a way that no other page can be told to be whole or not.
pub fn damaged_first_page() -> String {
    format!(
        "{FIRST}бази даних пошкоджено на диску, а без неї не прочитати жодної іншої / the first page of the database is damaged on the disk, and without it none of the others reads"
    )
}

/// Whether a sentence is one of a damaged place because of which other things may not read.
pub fn explains(sentence: &str) -> bool {
    [PAGE, FIRST, TABLE, INDEX, STRUCTURE].iter().any(|begin| sentence.starts_with(begin))
}

/// Where the damage is that a line tells of; `None` of a heading and of `ok`.
fn place(line: &str, table: Option<&str>) -> Option<Place> {
    if line.is_empty() || line == "ok" || line.starts_with("***") {
        return None;
    }
    // A page that nothing leads to is whole itself.
    if line.contains("reelist") || line.contains("never used") || line.contains("ointer map") {
        return Some(Place::Account);
    }
    if let Some(page) = after(line, "age ").and_then(|number| number.parse().ok()) {
        return Some(Place::Page(page));
    }
    // Before indexes: a table of words has an index inside, and the line names both.
    if let Some(name) = after(line, " table ") {
        return Some(Place::Table(of_table(name)));
    }
    if let Some(name) = after(line, " index ") {
        return Some(Place::Index(name.to_owned()));
    }
    let column = after(line, " in ").filter(|name| name.contains('.'));
    Some(column.map_or_else(|| somewhere(table), |name| Place::Table(of_table(name))))
}

/// «main.search» is a table of a database, «residents.title» a column of a table.
fn of_table(name: &str) -> String {
    match name.split_once('.') {
        Some(("main", table)) | Some((table, _)) => table,
        None => name,
    }
    .to_owned()
}

fn somewhere(table: Option<&str>) -> Place {
    table.map_or(Place::Structure, |table| Place::Table(table.to_owned()))
}

/// The word behind the first `mark` that has one.
fn after<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    let rest = line.split_once(mark)?.1;
    let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.');
    rest.split(ends).next().map(|word| word.trim_end_matches('.')).filter(|word| !word.is_empty())
}

fn in_words(place: &Place) -> String {
    match place {
        Place::Page(number) => damaged_page(*number),
        Place::Table(name) => {
            format!("{TABLE}{name} / the table {name} of the database is damaged")
        }
        Place::Index(name) => {
            format!("{INDEX}{name} / the index {name} of the database is damaged")
        }
        Place::Account => {
            "у базі даних пошкоджено облік її сторінок / the database's account of its own pages is damaged".to_owned()
        }
        Place::Structure => format!("{STRUCTURE}пошкоджено / the structure of the database is damaged"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_is_told_once_and_in_no_words_of_sqlite() {
        let lines = [
            "*** in database main ***\nTree 12 page 34 cell 5: Rowid 99 out of order\nTree 12 page 34: free space corruption",
            "Tree 3 page 7 cell 1: 2nd reference to page 9",
            "Page 8: never used",
            "Freelist: invalid page number 999",
            "row 5 missing from index entries_by_record",
            "wrong # of entries in index entries_by_record",
            "NULL value in rows.title",
            "malformed inverted index for FTS5 table main.search",
        ];
        let said = told(&lines, Some("rows"));
        assert_eq!(said.len(), 6, "{said:#?}");
        assert_eq!(&said[..2], [damaged_page(7), damaged_page(34)]);
        for part in ["таблицю rows ", "таблицю search ", "покажчик entries_by_record ", "облік її сторінок"]
        {
            assert_eq!(said.iter().filter(|line| line.contains(part)).count(), 1, "{part}: {said:#?}");
        }
        assert!(said.iter().all(|line| line.split(" / ").count() == 2), "{said:#?}");
        for word in ["Tree", "cell", "Rowid", "reference", "missing", "malformed", "Freelist"] {
            assert!(!said.concat().contains(word), "{word}: {said:#?}");
        }
        assert_eq!(told(&["ok"], None), Vec::<String>::new());
        assert_eq!(told(&["*** in database main ***"], None).len(), 1, "never silent where SQLite is not content");
        let explaining = said.iter().filter(|line| explains(line)).count();
        assert_eq!(explaining, 5, "which pages are free explains nothing: {said:#?}");
        assert!(explains(&damaged_first_page()) && !explains("запис: немає ключа / no key"));
        assert!(told(&["something of a later SQLite"], None)[0].contains("будову"));
        assert!(told(&["something of a later SQLite"], Some("rows"))[0].contains("таблицю rows"));
        assert_eq!(told(&["page", "in index ", " page 99999999999999"], None).len(), 1, "no words, no place");
    }

    #[test]
    fn what_sqlite_says_of_a_page_of_zeros_is_one_line_of_that_page() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("some.db");
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)").unwrap();
        (0..400).for_each(|id| {
            connection.execute("INSERT INTO rows VALUES (?1, ?2)", (id, "слово ".repeat(20))).unwrap();
        });
        drop(connection);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[3 * 4096..4 * 4096].fill(0);
        std::fs::write(&path, bytes).unwrap();
        let connection = Connection::open(&path).unwrap();
        let lines = asked(&connection, "PRAGMA integrity_check(20)").unwrap();
        let said = told(&lines, None);
        assert_eq!(said.iter().filter(|line| **line == damaged_page(4)).count(), 1, "{lines:?}: {said:?}");
        assert!(said.len() <= 2, "{lines:?}: {said:?}");
    }
}
