//! The walk through one table after another.

use super::quoted;
use super::tables::{Table, columns};
use crate::SalvageError;
use crate::bounds::{Gap, Kind, Part};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Places at which one table is looked into. A damaged page with sixty rows takes about a hundred.
const LOOKS: u32 = 20_000;
/// Where so many found no row at all, the way to all of them is damaged.
const LOOKS_IN_VAIN: u32 = 500;

/// What became of one table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Copied {
    /// Its name.
    pub table: String,
    /// The damaged file names no such table.
    pub absent: bool,
    /// Rows that are in the new file and were not before.
    pub rows: u64,
    /// Rows that were read and do not fit: not unique, or not of the kind that the column holds.
    pub refused: u64,
    /// What could not be read, in the order of keys. Rows may have been there, or none.
    pub unread: Vec<Gap>,
}

impl Copied {
    /// Whether all of it was read.
    pub fn is_whole(&self) -> bool {
        !self.absent && self.refused == 0 && self.unread.is_empty()
    }
}

/// Copies what can be read of `tables` into the new file; a row that stands there already stays. `open` opens the damaged
/// file: an unreadable page spoils a connection, so it is called again after each. The new file gets everything in one
/// transaction of the caller's, or row by row if there is none.
pub fn copy(
    mut open: impl FnMut() -> rusqlite::Result<Connection>,
    into: &Connection,
    tables: &[Table],
) -> Result<Vec<Copied>, SalvageError> {
    let mut old = Old { open: &mut open, connection: None };
    // Whoever cannot read the schema reads nothing.
    old.with(|connection| connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)))
        .map_err(SalvageError::Nothing)?;
    tables.iter().map(|table| one(&mut old, into, table)).collect()
}

/// The damaged file.
struct Old<'a> {
    open: &'a mut dyn FnMut() -> rusqlite::Result<Connection>,
    connection: Option<Connection>,
}

impl Old<'_> {
    /// Asks it; the connection is given up if that fails.
    fn with<T>(&mut self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => (self.open)()?,
        };
        let done = ask(&connection);
        if done.is_ok() {
            self.connection = Some(connection);
        }
        done
    }
}

fn one(old: &mut Old<'_>, into: &Connection, table: &Table) -> Result<Copied, SalvageError> {
    let copied = Copied { table: table.name.clone(), ..Copied::default() };
    let columns = old.with(|connection| columns(connection, table)).map_err(SalvageError::Nothing)?;
    if columns.is_empty() {
        return Ok(Copied { absent: true, ..copied });
    }
    let (kinds, looks) = (table.kinds(), LOOKS);
    let mut walk = Walk { old, into, table, columns, kinds, looks, copied };
    let unread = walk.all()?;
    let mut copied = walk.copied;
    copied.unread = joined(unread);
    if !copied.unread.is_empty() {
        tracing::warn!(table = table.name, rows = copied.rows, gaps = copied.unread.len(), "not all could be read");
    }
    Ok(copied)
}

/// Gaps that touch are one.
fn joined(mut gaps: Vec<Gap>) -> Vec<Gap> {
    gaps.sort_by(|one, other| one.low.cmp(&other.low));
    let mut joined: Vec<Gap> = Vec::new();
    for gap in gaps {
        match joined.last_mut().filter(|last| !last.high.is_empty() && last.high == gap.low && gap.from_low) {
            Some(last) => last.high = gap.high,
            None => joined.push(gap),
        }
    }
    joined
}

struct Walk<'a, 'b> {
    old: &'a mut Old<'b>,
    into: &'a Connection,
    table: &'a Table,
    columns: Vec<String>,
    kinds: Vec<Kind>,
    looks: u32,
    copied: Copied,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// How far one run through rows came.
struct Run {
    /// The key of the last row that was read.
    last: Option<Vec<Part>>,
    /// It ended before the end, at something unreadable.
    broken: bool,
}

impl Walk<'_, '_> {
    /// The whole table; gives what could not be read.
    fn all(&mut self) -> Result<Vec<Gap>, SalvageError> {
        let mut whole = Gap { low: Vec::new(), from_low: false, high: Vec::new() };
        if !self.narrow(&mut whole, Way::Up)? || !self.narrow(&mut whole, Way::Down)? {
            return Ok(Vec::new());
        }
        let mut unread = Vec::new();
        // Nobody numbers rows below zero: that half is not looked through.
        if self.kinds == [Kind::Int] && whole.low.is_empty() {
            let high = vec![Part::Int(0)];
            if whole.high.is_empty() || whole.high > high {
                unread.push(Gap { high: high.clone(), ..whole.clone() });
                (whole.low, whole.from_low) = (high, true);
            }
        }
        let known = [!whole.low.is_empty() && !whole.from_low, !whole.high.is_empty()];
        let ends = if known == [false; 2] { [true; 2] } else { known };
        let mut heap = BinaryHeap::from([Waiting { ends, depth: 0, width: 0, gap: whole }]);
        while let Some(waiting) = heap.pop() {
            let in_vain = self.copied.rows + self.copied.refused == 0 && self.looks < LOOKS - LOOKS_IN_VAIN;
            let worth = self.looks > 0 && !in_vain && waiting.is_worth_a_look();
            let Some(middle) = waiting.gap.middle(&self.kinds).filter(|_| worth) else {
                if can_hold_rows(&waiting.gap) {
                    unread.push(waiting.gap);
                }
                continue;
            };
            for way in [Way::Up, Way::Down] {
                let mut half = waiting.half(middle.clone(), way);
                if self.narrow(&mut half.gap, way)? {
                    half.found(&waiting, &middle, way, &self.kinds);
                    heap.push(half);
                }
            }
        }
        Ok(unread)
    }

    /// Reads the gap from one end as far as that goes. `true`: something unreadable is left, and the gap is what lies behind
    /// the last row that was read.
    fn narrow(&mut self, gap: &mut Gap, way: Way) -> Result<bool, SalvageError> {
        self.looks = self.looks.saturating_sub(1);
        let run = self.run(gap, way)?;
        match (run.last, way) {
            (Some(last), Way::Up) => (gap.low, gap.from_low) = (last, false),
            (Some(last), Way::Down) => gap.high = last,
            (None, _) => {}
        }
        Ok(run.broken)
    }

    fn run(&mut self, gap: &Gap, way: Way) -> Result<Run, SalvageError> {
        let (sql, values) = self.question(gap, way);
        let (keys, insert) = (self.kinds.len(), self.insertion());
        let mut run = Run { last: None, broken: false };
        let (into, copied, columns) = (self.into, &mut self.copied, self.columns.len());
        let numbered = self.table.numbered;
        let read = self.old.with(|old| {
            let mut statement = old.prepare(&sql)?;
            let mut rows = statement.query(params_from_iter(values))?;
            while let Some(row) = rows.next()? {
                let key = (0..keys).map(|nth| part(row, nth)).collect::<rusqlite::Result<Vec<_>>>()?;
                let first = if numbered { 0 } else { keys };
                let values = (first..keys + columns).map(|nth| row.get::<_, Value>(nth)).collect::<Result<Vec<_>, _>>();
                match values {
                    Ok(values) => match put(into, &insert, values) {
                        Ok(Some(new)) => copied.rows += new,
                        Ok(None) => copied.refused += 1,
                        Err(error) => return Ok(Err(error)),
                    },
                    Err(_) => copied.refused += 1,
                }
                run.last = Some(key);
            }
            Ok(Ok(()))
        });
        match read {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(SalvageError::New(error)),
            Err(error) => {
                tracing::debug!(table = self.table.name, %error, "unreadable");
                run.broken = true;
            }
        }
        Ok(run)
    }

    fn question(&self, gap: &Gap, way: Way) -> (String, Vec<Value>) {
        let names = self.table.key_names();
        let (mut bounds, mut values) = (Vec::new(), Vec::new());
        let mut bound = |key: &[Part], sign: &str| {
            if key.is_empty() {
                return;
            }
            let mut marks = Vec::with_capacity(key.len());
            for (part, kind) in key.iter().zip(&self.kinds) {
                let (mark, value) = match (part, kind) {
                    (Part::Int(number), _) => ("?", Value::Integer(*number)),
                    // A bound need be no text that anybody could read.
                    (Part::Bytes(bytes), Kind::Text) => ("CAST(? AS TEXT)", Value::Blob(bytes.clone())),
                    (Part::Bytes(bytes), _) => ("?", Value::Blob(bytes.clone())),
                };
                marks.push(mark);
                values.push(value);
            }
            bounds.push(format!("({}) {sign} ({})", names[..key.len()].join(", "), marks.join(", ")));
        };
        bound(&gap.low, if gap.from_low { ">=" } else { ">" });
        bound(&gap.high, "<");
        let condition = if bounds.is_empty() { String::new() } else { format!("WHERE {}", bounds.join(" AND ")) };
        let direction = if way == Way::Up { "ASC" } else { "DESC" };
        let order: Vec<String> = names.iter().map(|name| format!("{name} {direction}")).collect();
        let all: Vec<String> = names.iter().cloned().chain(self.columns.iter().map(|name| quoted(name))).collect();
        // Through the table itself: an index may be damaged where the table is not.
        let alone = if self.table.key[0].1 == Kind::Int && names.len() == 1 { "NOT INDEXED" } else { "" };
        let table = quoted(&self.table.name);
        let sql = format!("SELECT {} FROM {table} {alone} {condition} ORDER BY {}", all.join(", "), order.join(", "));
        (sql, values)
    }

    fn insertion(&self) -> String {
        let number = self.table.numbered.then(|| "rowid".to_owned());
        let names: Vec<String> = number.into_iter().chain(self.columns.iter().map(|name| quoted(name))).collect();
        let marks = vec!["?"; names.len()].join(", ");
        format!("INSERT OR IGNORE INTO {} ({}) VALUES ({marks})", quoted(&self.table.name), names.join(", "))
    }
}

/// A gap between neighbouring whole numbers holds nothing.
fn can_hold_rows(gap: &Gap) -> bool {
    match (gap.low.as_slice(), gap.high.as_slice()) {
        ([Part::Int(low)], [Part::Int(high)]) => *high - i64::from(!gap.from_low) > *low,
        _ => true,
    }
}

fn part(row: &Row<'_>, nth: usize) -> rusqlite::Result<Part> {
    Ok(match row.get_ref(nth)? {
        ValueRef::Integer(number) => Part::Int(number),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Part::Bytes(bytes.to_vec()),
        ValueRef::Null | ValueRef::Real(_) => Part::Bytes(Vec::new()),
    })
}

/// `None`: the row does not fit.
pub(super) fn put(into: &Connection, insert: &str, values: Vec<Value>) -> rusqlite::Result<Option<u64>> {
    match into.prepare_cached(insert)?.execute(params_from_iter(values)) {
        Ok(new) => Ok(Some(new as u64)),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ffi::ErrorCode::ConstraintViolation) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Splits in a row that found nothing, of a gap that has a row at one of its ends: from there the halves become smaller
/// and smaller until they are the size of a page's rows.
const NEAR: u8 = 70;
/// The same for a gap away from any row. Twice as many looks for each.
const FAR: u8 = 5;

/// A gap that may be split.
#[derive(Clone)]
struct Waiting {
    gap: Gap,
    /// Whether a row that was read stands at the lower and at the upper end.
    ends: [bool; 2],
    /// Splits since a row was found.
    depth: u8,
    width: u128,
}

impl Waiting {
    fn touches(&self) -> bool {
        self.ends.contains(&true)
    }

    fn is_worth_a_look(&self) -> bool {
        self.depth <= if self.touches() { NEAR } else { FAR }
    }

    /// What lies from the middle up, or below it.
    fn half(&self, middle: Vec<Part>, way: Way) -> Self {
        let (mut half, [low, high]) = (self.clone(), self.ends);
        match way {
            Way::Up => (half.gap.low, half.gap.from_low, half.ends) = (middle, true, [false, high]),
            Way::Down => (half.gap.high, half.ends) = (middle, [low, false]),
        }
        half
    }

    /// After a look from the middle of `whole`: a row that was found is an end that is known.
    fn found(&mut self, whole: &Self, middle: &[Part], way: Way, kinds: &[Kind]) {
        let end = if way == Way::Up { &self.gap.low } else { &self.gap.high };
        let found = end != middle;
        self.ends[usize::from(way == Way::Down)] |= found;
        let goes_on = !found && self.touches() == whole.touches();
        self.depth = if goes_on { whole.depth + 1 } else { 0 };
        self.width = self.gap.width(kinds);
    }

    fn rank(&self) -> (bool, Reverse<u8>, u128) {
        (self.touches(), Reverse(self.depth), self.width)
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Waiting {}
