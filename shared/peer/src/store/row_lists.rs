//! Which rows, in which order, how many. A query is led by what leaves the fewest rows; everything else is looked at row
//! by row, so that the planner, which has no statistics, does not choose.

use super::row_pending;
use super::rows::{COLUMNS, Filter, Order, RecordRow, Spans, read};
use crate::PeerError;
use records::Kind;
use rusqlite::Connection;
use rusqlite::types::Value;

/// Up to so many rows are found by state and sorted; of more it is faster to go along in order.
const FEW: u64 = 4_000;

impl Order {
    const fn sql(self) -> &'static str {
        match self {
            Self::Newest => "r.created DESC, r.record DESC",
            Self::Oldest => "r.created, r.record",
            Self::Title => "r.sort, r.created, r.record",
            Self::Number => "r.number, r.record",
            Self::State => "r.state, r.created, r.record",
            Self::Service => "r.service, r.created, r.record",
            Self::Changed => "r.changed DESC, r.record DESC",
            Self::Registered => "r.registered, r.record",
            Self::LastRegistered => "r.registered DESC, r.record DESC",
        }
    }

    const fn index(self) -> Option<&'static str> {
        match self {
            Self::Newest | Self::Oldest => Some("record_created"),
            Self::Title => Some("record_sort"),
            Self::Number => None,
            Self::State => Some("record_state"),
            Self::Service => Some("record_service"),
            Self::Changed => Some("record_changed"),
            Self::Registered | Self::LastRegistered => None,
        }
    }
}

/// A condition and what it is filled with.
#[derive(Default)]
struct Query {
    from: String,
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Query {
    fn add(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.conditions.push(condition.to_owned());
        self.values.extend(values);
    }

    fn sql(&self) -> String {
        let all = if self.conditions.is_empty() { "1".to_owned() } else { self.conditions.join(" AND ") };
        format!("{} WHERE {all}", self.from)
    }
}

/// The FTS5 expression of folded words: each begins a word. Only letters and digits come through, so nothing a person
/// types is syntax.
fn expression(words: &[String]) -> Option<String> {
    let clean = |word: &String| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let terms: Vec<String> =
        words.iter().map(clean).filter(|word| !word.is_empty()).map(|word| format!("\"{word}\"*")).collect();
    (!terms.is_empty()).then(|| terms.join(" "))
}

fn marks(count: usize) -> String {
    vec!["?"; count].join(", ")
}

/// The index that leaves the fewest rows; `None` leaves it to SQLite, where a unique key or the search leads.
fn leading(connection: &Connection, filter: &Filter, order: Option<Order>) -> Result<Option<&'static str>, PeerError> {
    if filter.kind.is_none() || filter.records.is_some() || expression(&filter.words).is_some() {
        return Ok(None);
    }
    let narrow = [
        (filter.holder.is_some(), "record_holder"),
        (filter.alike, "record_alike"),
        (filter.differing, "record_differing"),
        (is_registered(filter, order), "record_registered"),
    ];
    if let Some((_, index)) = narrow.into_iter().find(|(asked, _)| *asked) {
        return Ok(Some(index));
    }
    if !filter.states.is_empty() && stand(connection, filter)? <= FEW {
        return Ok(Some("record_state"));
    }
    if let Some(spans) = &filter.own
        && (order.is_none() && filter.states.is_empty()
            || !filter.own_none && own(connection, filter.kind, spans)? <= FEW)
    {
        return Ok(Some("record_own"));
    }
    let wide = [
        (filter.service.is_some(), "record_service"),
        (!filter.creators.is_empty(), "record_creator"),
        (filter.officer.is_some(), "record_officer"),
    ];
    if let Some((_, index)) = wide.into_iter().find(|(asked, _)| *asked) {
        return Ok(Some(index));
    }
    let counted = order.is_none() && !filter.states.is_empty();
    Ok(if counted { Some("record_state") } else { order.map_or(Some("record_created"), Order::index) })
}

fn is_registered(filter: &Filter, order: Option<Order>) -> bool {
    filter.registered || matches!(order, Some(Order::Registered | Order::LastRegistered))
}

/// How many records of the kind have their newest own entry where the filter wants it.
fn own(connection: &Connection, kind: Option<Kind>, spans: &Spans) -> Result<u64, PeerError> {
    let Some(kind) = kind else { return Ok(u64::MAX) };
    spans.iter().map(|(after, until)| row_pending::count_between(connection, kind, *after, *until)).sum()
}

/// The condition on the number of the newest own entry. One span is led by an index; more, where several chains of one
/// suitcase are under way, are looked at row by row.
fn within(spans: &Spans, none: bool, led: &str) -> (String, Vec<Value>) {
    let number = |number: u64| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
    let mut bounds: Vec<(i64, u64)> = spans.iter().map(|(after, until)| (*after as i64, *until)).collect();
    match bounds.first_mut().filter(|first| none && first.0 == 0) {
        Some(first) => first.0 = -1,
        None if none => bounds.insert(0, (-1, 0)),
        None => {}
    }
    let one = format!("{led}r.own_seq > ? AND {led}r.own_seq <= ?");
    let condition = match bounds.as_slice() {
        [] => "0".to_owned(),
        [_] => one,
        all => format!("({})", vec![one; all.len()].join(" OR ")),
    };
    (condition, bounds.into_iter().flat_map(|(after, until)| [Value::from(after), number(until)]).collect())
}

/// How many records of the kind stand in the filter's states.
fn stand(connection: &Connection, filter: &Filter) -> Result<u64, PeerError> {
    let states = &filter.states;
    let some = if states.is_empty() { String::new() } else { format!(" AND state IN ({})", marks(states.len())) };
    let sql = format!("SELECT coalesce(sum(count), 0) FROM tally WHERE kind = ?{some}");
    let kind = Value::from(filter.kind.map_or(0, Kind::code));
    let values = std::iter::once(kind).chain(states.iter().cloned().map(Value::from));
    Ok(connection.prepare_cached(&sql)?.query_row(rusqlite::params_from_iter(values), |row| row.get(0))?)
}

fn query(connection: &Connection, filter: &Filter, order: Option<Order>) -> Result<Query, PeerError> {
    let index = leading(connection, filter, order)?;
    let from = index.map_or("record r".to_owned(), |index| format!("record r INDEXED BY {index}"));
    let mut q = Query { from, ..Query::default() };
    if let Some(kind) = filter.kind {
        q.add("r.kind = ?", [Value::from(kind.code())]);
    }
    if let Some(holder) = &filter.holder {
        q.add("r.holder = ? AND r.holder <> ''", [Value::from(holder.clone())]);
    }
    if filter.unheld {
        q.add("+r.holder = ''", []);
    }
    if filter.alike {
        q.add("r.alike = 1", []);
    }
    if filter.differing {
        q.add("(r.conflicts > 0 OR r.flags & 3 <> 0)", []);
    }
    if is_registered(filter, order) {
        q.add("r.registered IS NOT NULL", []);
    }
    if !filter.states.is_empty() {
        let led = if index == Some("record_state") { "" } else { "+" };
        let states = filter.states.iter().cloned().map(Value::from);
        q.add(&format!("{led}r.state IN ({})", marks(filter.states.len())), states);
    }
    if let Some(service) = &filter.service {
        q.add("r.service = ?", [Value::from(service.clone())]);
    }
    if !filter.creators.is_empty() {
        let creators = filter.creators.iter().map(|creator| Value::from(creator.as_bytes().to_vec()));
        q.add(&format!("r.creator IN ({})", marks(filter.creators.len())), creators);
    }
    if let Some(officer) = &filter.officer {
        q.add("r.officer = ?", [Value::from(officer.clone())]);
    }
    if let Some(words) = expression(&filter.words) {
        q.add("r.rowid IN (SELECT rowid FROM search WHERE search MATCH ?)", [Value::from(words)]);
    }
    let led = if index == Some("record_own") { "" } else { "+" };
    if let Some(spans) = &filter.own {
        let (condition, values) = within(spans, filter.own_none, led);
        q.add(&condition, values);
    }
    if let Some(records) = &filter.records {
        let ids = records.iter().map(|record| Value::from(record.as_bytes().to_vec()));
        q.add(&format!("r.record IN ({})", marks(records.len())), ids);
    }
    let time = if filter.registered { "r.registered" } else { "r.created" };
    if let Some(from) = filter.from {
        q.add(&format!("{time} >= ?"), [Value::from(from)]);
    }
    if let Some(until) = filter.until {
        q.add(&format!("{time} < ?"), [Value::from(until)]);
    }
    Ok(q)
}

/// A page of rows.
pub fn list(
    connection: &Connection,
    filter: &Filter,
    order: Order,
    offset: usize,
    limit: usize,
) -> Result<Vec<RecordRow>, PeerError> {
    let (q, by) = (query(connection, filter, Some(order))?, order.sql());
    // The page first, from the index where it holds all that is asked; then its rows.
    let sql = format!(
        "SELECT {COLUMNS} FROM (SELECT r.rowid AS id FROM {} ORDER BY {by} LIMIT ? OFFSET ?) p
         JOIN record r ON r.rowid = p.id ORDER BY {by}",
        q.sql()
    );
    let mut values = q.values;
    values.extend([limit, offset].map(|number| Value::from(i64::try_from(number).unwrap_or(i64::MAX))));
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map(rusqlite::params_from_iter(values), read)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// How many rows there are.
pub fn count(connection: &Connection, filter: &Filter) -> Result<u64, PeerError> {
    let only_states = Filter { kind: filter.kind, states: filter.states.clone(), ..Filter::default() };
    if filter.kind.is_some() && *filter == only_states {
        return stand(connection, filter);
    }
    let q = query(connection, filter, None)?;
    let mut statement = connection.prepare_cached(&format!("SELECT count(*) FROM {}", q.sql()))?;
    Ok(statement.query_row(rusqlite::params_from_iter(q.values), |row| row.get(0))?)
}

/// Logins of all who recorded records of a kind, each found by one step in the index.
pub fn officers(connection: &Connection, kind: Kind) -> Result<Vec<String>, PeerError> {
    let mut statement = connection.prepare_cached(
        "WITH RECURSIVE found (officer) AS (
             SELECT min(officer) FROM record WHERE kind = ?1
             UNION ALL
             SELECT (SELECT min(officer) FROM record WHERE kind = ?1 AND officer > found.officer)
             FROM found WHERE found.officer IS NOT NULL)
         SELECT officer FROM found WHERE officer IS NOT NULL",
    )?;
    let found = statement.query_map([kind.code()], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}
