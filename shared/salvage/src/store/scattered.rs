//! Rows on leaves that no way leads to, because a page above them in the tree is damaged.
//!
//! A page is read as if it were the root of a table, which SQLite does for us, decryption and long values included: the
//! schema of the damaged file gets a table for each page in a transaction that is never committed. What a leaf is of, the
//! shape of its rows tells; the caller adds what it knows of them, and proves them afterwards. Freed pages hold nothing
//! where whoever wrote the file overwrites what it deletes (`secure_delete`).

use super::copy::put;
use super::quoted;
use super::tables::{Column, Table, declared};
use crate::SalvageError;
use rusqlite::Connection;
use rusqlite::types::Value;

/// Pages for which the schema is read once.
const BATCH: u32 = 200;
/// A column behind the last one.
const MORE: &str = "behind the last column";

/// Which rows are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The table that they belong to.
    pub table: &'a str,
    /// What else is true of them, in SQL over the table's columns.
    pub condition: &'a str,
}

/// The rows of one table, as they are asked for and put in.
struct Sought {
    /// Behind the number of a page, the name of the table that the page is taken for.
    name: String,
    /// Its columns, and what makes it a table like the other.
    definition: String,
    question: String,
    insertion: String,
    /// Its rows have numbers.
    numbered: bool,
}

/// Looks at every page by itself, and puts rows of the wanted tables that are not in the new file yet into it. Gives how
/// many there were. `open` opens the damaged file to write; nothing is committed there.
pub fn scattered(
    mut open: impl FnMut() -> rusqlite::Result<Connection>,
    into: &Connection,
    tables: &[Table],
    wanted: &[Wanted<'_>],
) -> Result<u64, SalvageError> {
    let count: u32 = open()
        .and_then(|old| old.query_row("SELECT * FROM pragma_page_count", [], |row| row.get(0)))
        .map_err(SalvageError::Nothing)?;
    let sought = wanted.iter().filter_map(|one| {
        let table = tables.iter().find(|table| table.name == one.table)?;
        Some(sought(into, table, one.condition))
    });
    let sought: Vec<Sought> = sought.collect::<rusqlite::Result<_>>().map_err(SalvageError::New)?;
    let (mut next, mut found) = (2, 0);
    while next <= count {
        let last = (next + BATCH - 1).min(count);
        let old = match open().and_then(|old| laid_out(&old, (next, last), &sought).map(|()| old)) {
            Ok(old) => old,
            Err(error) => {
                tracing::warn!(%error, next, last, "pages cannot be looked at one by one");
                next = last + 1;
                continue;
            }
        };
        while next <= last {
            let readable = page(&old, next, &sought, into, &mut found).map_err(SalvageError::New)?;
            next += 1;
            // An unreadable page spoils the connection.
            if !readable {
                break;
            }
        }
    }
    Ok(found)
}

/// Makes tables of every page, for this connection alone.
fn laid_out(old: &Connection, (from, to): (u32, u32), sought: &[Sought]) -> rusqlite::Result<()> {
    old.execute_batch("PRAGMA cache_spill = OFF; PRAGMA writable_schema = ON; BEGIN IMMEDIATE")?;
    let mut make = old
        .prepare("INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('table', ?1, ?1, ?2, ?3)")?;
    for page in from..=to {
        for one in sought {
            let name = format!("{page} {}", one.name);
            make.execute((&name, page, format!("CREATE TABLE {} {}", quoted(&name), one.definition)))?;
        }
    }
    drop(make);
    old.execute_batch("PRAGMA writable_schema = RESET")
}

fn sought(into: &Connection, table: &Table, condition: &str) -> rusqlite::Result<Sought> {
    let columns = declared(into, table)?;
    let numbered = table.numbered || columns.iter().any(|column| column.is_number_of_row);
    let names: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
    let define = |column: &Column| match column.is_number_of_row {
        true => format!("{} INTEGER PRIMARY KEY", quoted(&column.name)),
        false => quoted(&column.name),
    };
    let mut defined: Vec<String> = columns.iter().map(define).collect();
    // A row that goes on behind the last column is of another table.
    defined.push(quoted(MORE));
    let key = table.key_names().join(", ");
    let definition = match numbered {
        true => format!("({})", defined.join(", ")),
        false => format!("({}, PRIMARY KEY ({key})) WITHOUT ROWID", defined.join(", ")),
    };
    let mut conditions = vec![format!("({condition}) AND {} IS NULL", quoted(MORE))];
    for column in columns.iter().filter(|column| !column.is_number_of_row) {
        let name = quoted(&column.name);
        let kind = format!("typeof({name}) = '{}'", column.kind);
        conditions.push(if column.may_be_null { format!("({name} IS NULL OR {kind})") } else { kind });
    }
    let question = format!("SELECT {} FROM ?page WHERE {}", names.join(", "), conditions.join(" AND "));
    let marks = vec!["?"; names.len()].join(", ");
    let insertion = format!("INSERT OR IGNORE INTO {} ({}) VALUES ({marks})", quoted(&table.name), names.join(", "));
    Ok(Sought { name: table.name.clone(), definition, question, insertion, numbered })
}

/// The rows of one page. `false`: it is neither a table's nor an index's, or cannot be read.
fn page(
    old: &Connection,
    number: u32,
    sought: &[Sought],
    into: &Connection,
    found: &mut u64,
) -> rusqlite::Result<bool> {
    let mut readable = false;
    for one in sought {
        let question = one.question.replacen("?page", &quoted(&format!("{number} {}", one.name)), 1);
        // What cannot be read in the middle is passed by from both ends.
        let orders: &[&str] = if one.numbered { &["ORDER BY rowid", "ORDER BY rowid DESC"] } else { &[""] };
        for order in orders {
            let (rows, complete) = read(old, &format!("{question} {order}"));
            for values in rows {
                *found += put(into, &one.insertion, values)?.unwrap_or(0);
            }
            readable |= complete;
            if complete {
                break;
            }
        }
    }
    Ok(readable)
}

fn read(old: &Connection, question: &str) -> (Vec<Vec<Value>>, bool) {
    let mut found = Vec::new();
    let mut all = || -> rusqlite::Result<()> {
        let mut statement = old.prepare(question)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            found.push((0..columns).map(|nth| row.get(nth)).collect::<rusqlite::Result<_>>()?);
        }
        Ok(())
    };
    let complete = all().is_ok();
    (found, complete)
}
