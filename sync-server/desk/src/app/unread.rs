//! Records that are here and do not read: the key is gone, the disk is damaged. Such a one ends no list of others; the
//! list names it, because what it says is missing there.

use super::{Desk, DeskError, ErrorKind};
use ids::RecordId;
use peer::{RecordRow, View};
use records::{Document, Kind};

/// A record that does not read, as far as its row says what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Which.
    pub record: RecordId,
    /// What it is.
    pub kind: Kind,
    /// Its number; nothing for what has none.
    pub number: Option<String>,
}

impl Unread {
    pub(super) fn of(row: &RecordRow) -> Self {
        Self { record: row.record, kind: row.kind, number: row.number.clone() }
    }

    /// Refused if there are any: a file that leaves lines out does not say so to whoever gets it.
    pub fn none_of(unread: &[Self]) -> Result<(), DeskError> {
        if unread.is_empty() {
            return Ok(());
        }
        let named: Vec<String> = unread.iter().map(Self::name).collect();
        let named = named.join(", ");
        Err(DeskError::new(
            ErrorKind::Damaged,
            format!("файл без цих записів був би не цілий, а вони не читаються: {named}. Перевірте центр (verify)"),
            format!(
                "without these records the file would not be whole, and they do not read: {named}. Check the centre (verify)"
            ),
        ))
    }

    /// Its number, else its id.
    pub fn name(&self) -> String {
        self.number.clone().unwrap_or_else(|| self.record.to_string())
    }
}

/// A record's document; nothing, and why in the log, if it does not read here.
pub(super) fn document(view: &View<'_>, record: RecordId) -> Option<Document> {
    let read = view.document(record);
    read.inspect_err(|error| tracing::error!(%record, %error, "a record does not read; lists go on without it")).ok()
}

/// What was made of rows, and those of which nothing could be made.
pub(super) type Read<T> = (Vec<T>, Vec<Unread>);

impl Desk {
    /// Makes something of each row; what fails is named if its record does not read, and else ends it.
    pub(super) fn of_each<T>(
        &self,
        rows: &[RecordRow],
        mut make: impl FnMut(&RecordRow) -> Result<T, DeskError>,
    ) -> Result<Read<T>, DeskError> {
        let (mut made, mut unread) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in rows {
            match make(row) {
                Ok(one) => made.push(one),
                Err(error) => match self.peer.read(|view| Ok(document(view, row.record)))? {
                    Some(_) => return Err(error),
                    None => unread.push(Unread::of(row)),
                },
            }
        }
        Ok((made, unread))
    }
}
