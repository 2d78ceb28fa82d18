//! Which tables there are, and by which keys their rows are found.

use super::quoted;
use crate::SalvageError;
use crate::bounds::Kind;
use rusqlite::Connection;

/// A table as a new file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    pub(crate) columns: Vec<String>,
    /// Columns of the key, in order, each with what it holds.
    pub(crate) key: Vec<(String, Kind)>,
    /// The key is the number of the row, which is no column of its own.
    pub(crate) numbered: bool,
}

/// A column as the new file declares it.
pub(crate) struct Column {
    pub name: String,
    /// As `typeof` says it: strict tables hold nothing else.
    pub kind: String,
    pub may_be_null: bool,
    /// It stands for the row's number, and not in the row.
    pub is_number_of_row: bool,
}

/// The columns of a table in the new file.
pub(crate) fn declared(fresh: &Connection, table: &Table) -> rusqlite::Result<Vec<Column>> {
    let mut statement =
        fresh.prepare("SELECT name, lower(type), \"notnull\", pk FROM pragma_table_info(?1) ORDER BY cid")?;
    let found = statement.query_map([&table.name], |row| {
        let (name, kind) = (row.get::<_, String>(0)?, row.get::<_, String>(1)?);
        let (not_null, in_key): (bool, bool) = (row.get(2)?, row.get::<_, u32>(3)? > 0);
        let is_number_of_row = in_key && table.key.len() == 1 && table.key[0] == (name.clone(), Kind::Int);
        Ok(Column { may_be_null: !not_null && !in_key, is_number_of_row, name, kind })
    })?;
    found.collect()
}

/// All tables of a file that is whole. Virtual ones and what lies behind them, being indexes, are not among them.
pub fn tables(fresh: &Connection) -> Result<Vec<Table>, SalvageError> {
    let list = || -> rusqlite::Result<Vec<Table>> {
        let mut statement = fresh.prepare(
            "SELECT name, wr FROM pragma_table_list
             WHERE schema = 'main' AND type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name",
        )?;
        let found = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?)))?;
        let found: Vec<_> = found.collect::<Result<_, _>>()?;
        found.into_iter().map(|(name, without_numbers)| table(fresh, name, without_numbers)).collect()
    };
    list().map_err(SalvageError::New)
}

fn table(connection: &Connection, name: String, without_numbers: bool) -> rusqlite::Result<Table> {
    let mut statement = connection.prepare("SELECT name, type, pk FROM pragma_table_info(?1) ORDER BY cid")?;
    let found = statement.query_map([&name], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?.to_uppercase(), row.get::<_, u32>(2)?))
    })?;
    let found: Vec<(String, String, u32)> = found.collect::<Result<_, _>>()?;
    let mut primary: Vec<_> = found.iter().filter(|(_, _, place)| *place > 0).collect();
    primary.sort_by_key(|(_, _, place)| *place);
    let is_number = primary.len() == 1 && primary[0].1 == "INTEGER";
    let key = match (without_numbers, is_number) {
        (true, _) => primary.iter().map(|(name, kind, _)| (name.clone(), kind_of(kind))).collect(),
        (false, true) => vec![(primary[0].0.clone(), Kind::Int)],
        (false, false) => vec![("rowid".to_owned(), Kind::Int)],
    };
    let numbered = !without_numbers && !is_number;
    Ok(Table { columns: found.into_iter().map(|(name, _, _)| name).collect(), name, key, numbered })
}

fn kind_of(declared: &str) -> Kind {
    match declared {
        kind if kind.contains("INT") => Kind::Int,
        kind if kind.contains("CHAR") || kind.contains("TEXT") || kind.contains("CLOB") => Kind::Text,
        _ => Kind::Blob,
    }
}

/// Makes in the new file the tables and indexes of the damaged one that it lacks, but those for which `skip` says so:
/// programs above this one keep tables of their own. Gives their names.
pub fn missing(old: &Connection, fresh: &Connection, skip: impl Fn(&str) -> bool) -> Result<Vec<String>, SalvageError> {
    let listed = |connection: &Connection| {
        let mut statement = connection.prepare(
            "SELECT s.name, s.sql, s.tbl_name, s.type = 'table' FROM sqlite_schema s
             WHERE s.sql IS NOT NULL AND substr(s.name, 1, 7) <> 'sqlite_' AND s.type IN ('table', 'index')
             AND s.tbl_name IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table')
             ORDER BY s.type = 'index', s.name",
        )?;
        let found = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, bool>(3)?))
        })?;
        found.collect::<rusqlite::Result<Vec<_>>>()
    };
    let there: Vec<String> = listed(fresh).map_err(SalvageError::New)?.into_iter().map(|one| one.0).collect();
    let mut made = Vec::new();
    for (name, sql, table, is_table) in listed(old).map_err(SalvageError::Nothing)? {
        if there.contains(&name) || skip(&table) {
            continue;
        }
        fresh.execute_batch(&sql).map_err(SalvageError::New)?;
        if is_table {
            made.push(name);
        }
    }
    Ok(made)
}

/// The columns that the damaged file has of a table; empty if it has no such table.
pub(crate) fn columns(old: &Connection, table: &Table) -> rusqlite::Result<Vec<String>> {
    let mut statement = old.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let found = statement.query_map([&table.name], |row| row.get::<_, String>(0))?;
    let found: Vec<String> = found.collect::<Result<_, _>>()?;
    Ok(table.columns.iter().filter(|column| found.contains(column)).cloned().collect())
}

impl Table {
    /// Names of the key's columns.
    pub(crate) fn key_names(&self) -> Vec<String> {
        self.key.iter().map(|(name, _)| if self.numbered { name.clone() } else { quoted(name) }).collect()
    }

    pub(crate) fn kinds(&self) -> Vec<Kind> {
        self.key.iter().map(|(_, kind)| *kind).collect()
    }
}
