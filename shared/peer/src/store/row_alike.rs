//! Undecided requests that look the same: one service, and one tax number or one name. Kept as a mark on each row, so
//! that a list of them costs what it holds.

use super::rows::{COLUMNS, RecordRow, read};
use crate::PeerError;
use ids::RecordId;
use records::Kind;
use records::state::RequestState;
use rusqlite::{Connection, OptionalExtension};

/// So many that look the same are compared: more are no accident, and each is shown with some others.
const MOST: usize = 40;

/// What a request is compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    service: String,
    sort: Vec<u8>,
    person: String,
    apart: String,
    undecided: bool,
}

/// Is it a request that nobody has decided?
pub(super) fn is_undecided(row: &RecordRow) -> bool {
    row.kind == Kind::Request && RequestState::from_text(&row.state).is_some_and(|state| !state.is_decided())
}

/// By what a stored record is compared now.
pub(super) fn likeness(connection: &Connection, record: RecordId) -> Result<Option<Likeness>, PeerError> {
    let mut statement = connection
        .prepare_cached("SELECT service, sort, person, apart, undecided FROM record WHERE record = ?1 AND kind = ?2")?;
    let found = statement.query_row((record.as_bytes(), Kind::Request.code()), |row| {
        let (service, sort, person) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Likeness { service, sort, person, apart: row.get(3)?, undecided: row.get(4)? })
    });
    Ok(found.optional()?)
}

/// Marks a record, and anew everything that looked like it before or looks like it now.
///
/// Likeness is mutual: what looks like it now is alike without looking further. Only what it no longer looks like may
/// have lost its last companion.
pub(super) fn compare(connection: &Connection, record: RecordId, before: Option<Likeness>) -> Result<(), PeerError> {
    let now = likeness(connection, record)?;
    if now == before {
        return Ok(());
    }
    let alike: Vec<RecordId> = look_alikes(connection, record)?.into_iter().map(|row| row.record).collect();
    mark(connection, record, !alike.is_empty())?;
    alike.iter().try_for_each(|other| mark(connection, *other, true))?;
    let Some(before) = before.filter(|likeness| likeness.undecided) else { return Ok(()) };
    for left in group(connection, &before)?.into_iter().map(|row| row.record) {
        if left != record && !alike.contains(&left) {
            mark(connection, left, !look_alikes(connection, left)?.is_empty())?;
        }
    }
    Ok(())
}

fn mark(connection: &Connection, record: RecordId, alike: bool) -> Result<(), PeerError> {
    let mut statement = connection.prepare_cached("UPDATE record SET alike = ?2 WHERE record = ?1 AND alike <> ?2")?;
    statement.execute((record.as_bytes(), alike))?;
    Ok(())
}

/// Undecided requests for the same service with the same name or the same number, this one among them.
fn group(connection: &Connection, of: &Likeness) -> Result<Vec<RecordRow>, PeerError> {
    let mut rows: Vec<RecordRow> = Vec::new();
    // Somebody without a name is like nobody by name.
    if !of.sort.is_empty() {
        let by_name = format!(
            "SELECT {COLUMNS} FROM record r INDEXED BY record_name
             WHERE r.undecided = 1 AND r.service = ?1 AND r.sort = ?2 LIMIT {MOST}"
        );
        let mut statement = connection.prepare_cached(&by_name)?;
        let found = statement.query_map((&of.service, &of.sort), read)?;
        rows = found.collect::<Result<_, _>>()?;
    }
    if !of.person.is_empty() {
        let by_number = format!(
            "SELECT {COLUMNS} FROM record r INDEXED BY record_person
             WHERE r.undecided = 1 AND r.person <> '' AND r.service = ?1 AND r.person = ?2 LIMIT {MOST}"
        );
        let mut statement = connection.prepare_cached(&by_number)?;
        for row in statement.query_map((&of.service, &of.person), read)? {
            let row = row?;
            if rows.iter().all(|known| known.record != row.record) {
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

/// Undecided requests that look the same as this one and were not told apart from it; empty once it is decided itself.
pub fn look_alikes(connection: &Connection, record: RecordId) -> Result<Vec<RecordRow>, PeerError> {
    let Some(likeness) = likeness(connection, record)?.filter(|likeness| likeness.undecided) else {
        return Ok(Vec::new());
    };
    let named = |apart: &str, record: RecordId| apart.split(' ').any(|id| id == record.to_string());
    let is_alike = |row: &RecordRow| {
        // Two numbers that differ are two people, whatever they are called.
        let two_people = !row.person.is_empty() && !likeness.person.is_empty() && row.person != likeness.person;
        let told_apart = named(&likeness.apart, row.record) || named(&row.apart, record);
        row.record != record && !two_people && !told_apart
    };
    Ok(group(connection, &likeness)?.into_iter().filter(is_alike).collect())
}
