//! Own entries that parted from the chain are written again in the chain that goes on: the same values by a new author,
//! because two lives of one disk may have written different things under one author's name and number.

use crate::PeerError;
use crate::act::Act;
use crate::facts::{ADOPTED, Adopted, OwnFact};
use crate::records_in_store as shelf;
use crate::store::entries::{self, Stored};
use chain::Kind;
use ids::{ChainId, RecordId, TenantId};
use records::body::Body as ChangeBody;
use records::document::Written;
use records::{Document, Edit};
use rusqlite::Connection;
use signing::Hash;
use std::collections::{BTreeMap, BTreeSet};

/// One own entry behind the place where the chain parted.
pub(super) struct Parted {
    seq: u64,
    hash: Hash,
    what: What,
}

enum What {
    /// A change, as the values that it wrote.
    Change { record: RecordId, kind: records::Kind, officer: String, at: i64, edits: Vec<Edit> },
    /// A fact, sealed to the centre for its place.
    Fact(Vec<u8>),
    /// Nothing that anybody else could miss.
    Other,
}

/// More than this is written in several facts: sealed facts are small, but a body has a limit.
const FACT_BYTES: usize = 32 * 1024;

/// The own entries of `old` from a number on, read before they leave the chain.
pub(super) fn branch(
    connection: &Connection,
    tenant: TenantId,
    old: ChainId,
    from: u64,
) -> Result<Vec<Parted>, PeerError> {
    let mut stored = Vec::new();
    let mut after = from.saturating_sub(1);
    loop {
        let page = entries::of_chain(connection, tenant, old, after, 256)?;
        let Some(last) = page.last() else { break };
        after = last.entry.place.seq;
        stored.extend(page);
    }
    let parted: BTreeSet<i64> = stored.iter().map(|stored| stored.id).collect();
    let mut seen = BTreeMap::new();
    stored.iter().map(|stored| read(connection, tenant, stored, &parted, &mut seen)).collect()
}

/// Changes of a record and the values they make, as far as the branch was followed.
struct Followed {
    changes: Vec<Vec<u8>>,
    values: BTreeMap<String, Vec<Written>>,
}

fn read(
    connection: &Connection,
    tenant: TenantId,
    stored: &Stored,
    parted: &BTreeSet<i64>,
    seen: &mut BTreeMap<RecordId, Followed>,
) -> Result<Parted, PeerError> {
    let header = &stored.entry.entry.header;
    let (seq, hash) = (stored.entry.place.seq, stored.entry.hash);
    let sealed = stored.entry.entry.body.bytes().unwrap_or_default();
    let what = match (header.kind, header.record) {
        (Kind::OWN, _) => What::Fact(sealed.to_vec()),
        (Kind::CHANGE, Some(record)) => {
            let body = shelf::open_change(connection, stored)?;
            let followed = match seen.entry(record) {
                std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::btree_map::Entry::Vacant(new) => {
                    new.insert(shared(connection, tenant, record, body.kind, parted)?)
                }
            };
            let ChangeBody { kind, officer, at, change } = body;
            let edits = followed.follow(kind, record, change)?;
            What::Change { record, kind, officer, at, edits }
        }
        _ => What::Other,
    };
    Ok(Parted { seq, hash, what })
}

/// What is held of a record without the parted entries.
fn shared(
    connection: &Connection,
    tenant: TenantId,
    record: RecordId,
    kind: records::Kind,
    parted: &BTreeSet<i64>,
) -> Result<Followed, PeerError> {
    let all = shelf::changes(connection, tenant, record)?.1;
    let changes: Vec<Vec<u8>> =
        all.into_iter().filter(|(id, _)| !parted.contains(id)).map(|(_, change)| change).collect();
    let values = values(kind, record, &changes)?;
    Ok(Followed { changes, values })
}

fn values(
    kind: records::Kind,
    record: RecordId,
    changes: &[Vec<u8>],
) -> Result<BTreeMap<String, Vec<Written>>, PeerError> {
    Ok(Document::from_own(kind, record, changes.iter().map(Vec::as_slice))?.values())
}

impl Followed {
    /// What one more change writes: of every key whose values it moved the one that wins. A person's choice between two
    /// values is among them, also where it is spelled as taking the other one away.
    fn follow(&mut self, kind: records::Kind, record: RecordId, change: Vec<u8>) -> Result<Vec<Edit>, PeerError> {
        self.changes.push(change);
        let now = values(kind, record, &self.changes)?;
        let moved = |(key, written): &(&String, &Vec<Written>)| self.values.get(*key) != Some(*written);
        let edit =
            |(key, written): (&String, &Vec<Written>)| Some(Edit::new(key.clone(), written.first()?.value.clone()));
        let fixed = |edit: &Edit| edit.key != "v" && edit.key != "id";
        let edits = now.iter().filter(moved).filter_map(edit).filter(fixed).collect();
        self.values = now;
        Ok(edits)
    }
}

/// Writes them again, and tells the centre what became of each.
pub(super) fn write_again(act: &mut Act<'_>, old: ChainId, branch: Vec<Parted>) -> Result<(), PeerError> {
    let mut told = Vec::new();
    let mut bytes = 0;
    for Parted { seq, hash, what } in branch {
        let (became, sealed) = match what {
            What::Change { record, kind, officer, at, edits } => {
                (act.write_again(record, kind, &edits, (&officer, at))?, Vec::new())
            }
            What::Fact(sealed) => (0, sealed),
            What::Other => (0, Vec::new()),
        };
        bytes += sealed.len();
        told.push(Adopted { seq, hash, became, sealed });
        if told.len() == ADOPTED || bytes > FACT_BYTES {
            act.own(&OwnFact::Adopted { chain: old, entries: std::mem::take(&mut told) })?;
            bytes = 0;
        }
    }
    if told.is_empty() {
        return Ok(());
    }
    act.own(&OwnFact::Adopted { chain: old, entries: told }).map(|_| ())
}
