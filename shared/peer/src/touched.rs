//! The records that a run of entries touches: each is opened once and listed once, however many entries it got.
//!
//! Lists are written after the entries, outside what can be taken back entry by entry: the full-text index writes
//! itself out whenever such a bracket begins.

use crate::identity::{Identity, Role};
use crate::places::newest_own;
use crate::records_in_store::{self as shelf, Changes};
use crate::store::rows;
use crate::{PeerError, store::entries::Stored};
use chain::{Place, Register};
use ids::{RecordId, TenantId};
use records::{Document, Kind};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Opened changes are held up to so many bytes; a record's own are at most two million.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A record's changes that are taken, and the entries that brought the last of them. An entry that a person let in
/// later stands where it arrived, as in every later reading.
#[derive(Default)]
struct Touched {
    kind: Option<Kind>,
    changes: Changes,
    arrived: Vec<(i64, Place)>,
}

/// Records by their ids, as far as entries have come to them since the lists were written.
pub(crate) struct TouchedRecords {
    tenant: TenantId,
    records: BTreeMap<RecordId, Touched>,
    bytes: usize,
}

/// Entries whose record could not be listed, and why.
pub(crate) struct Unlisted {
    pub entries: Vec<(i64, Place)>,
    pub sentence: String,
}

impl TouchedRecords {
    pub fn new(tenant: TenantId) -> Self {
        Self { tenant, records: BTreeMap::new(), bytes: 0 }
    }

    /// The record's kind and changes, those taken in this run included.
    pub fn changes(
        &mut self,
        connection: &Connection,
        record: RecordId,
    ) -> Result<(Option<Kind>, Vec<Vec<u8>>), PeerError> {
        if let Some(held) = self.records.get(&record) {
            return Ok((held.kind, held.changes.values().cloned().collect()));
        }
        let (kind, changes) = shelf::changes(connection, self.tenant, record)?;
        let bodies: Vec<Vec<u8>> = changes.values().cloned().collect();
        self.bytes += bodies.iter().map(Vec::len).sum::<usize>();
        self.records.insert(record, Touched { kind, changes, arrived: Vec::new() });
        Ok((kind, bodies))
    }

    /// An entry brought the record a change, which is taken.
    pub fn took(&mut self, stored: &Stored, record: RecordId, kind: Kind, change: Vec<u8>) {
        self.bytes += change.len();
        let held = self.records.entry(record).or_default();
        held.kind.get_or_insert(kind);
        held.changes.insert(stored.id, change);
        held.arrived.push((stored.id, stored.entry.place));
    }

    /// Whether it holds so much that the lists should be written now.
    pub fn is_full(&self) -> bool {
        self.bytes > MOST_BYTES
    }

    /// Lists every record that got something, and forgets them all. Gives back what no document can be made of.
    pub fn list(
        &mut self,
        connection: &Connection,
        register: &Register,
        identity: &Identity,
    ) -> Result<Vec<Unlisted>, PeerError> {
        let (mut unlisted, mut words) = (Vec::new(), Vec::new());
        self.bytes = 0;
        for (record, held) in std::mem::take(&mut self.records) {
            let Some(kind) = held.kind.filter(|_| !held.arrived.is_empty()) else { continue };
            match Document::from_own(kind, record, held.changes.values().map(Vec::as_slice)) {
                Ok(document) => {
                    let (row, search, sort) = shelf::row(register, identity.chain, &document);
                    words.push((rows::put(connection, &row, &sort)?, search));
                    if let Role::Suitcase = identity.role {
                        // What was given up and came back has own entries of before.
                        rows::set_own_seq(connection, record, newest_own(connection, identity, record)?)?;
                    }
                }
                Err(error) => {
                    tracing::error!(%record, %error, "a record cannot be read with what came to it: that is set aside");
                    unlisted.push(Unlisted { entries: held.arrived, sentence: error.to_string() });
                }
            }
        }
        for (id, search) in words {
            rows::index(connection, id, &search)?;
        }
        Ok(unlisted)
    }
}
