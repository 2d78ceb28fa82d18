//! Own entries that parted from the chain are written again in the chain that goes on: the same values by a new author,
//! because two lives of one disk may have written different things under one author's name and number.

use crate::PeerError;
use crate::act::Act;
use crate::facts::{ADOPTED, Adopted, OwnFact};
use crate::records_in_store as shelf;
use crate::store;
use crate::store::entries::{self, Stored};
use chain::Kind;
use ids::{ChainId, RecordId, TenantId};
use records::body::Body as ChangeBody;
use records::document::{DocumentError, Written};
use records::{ChangeBytes, Document, Edit, Gate};
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
    Change { record: RecordId, kind: records::Kind, officer: String, at: i64, edits: Vec<Edit>, sealed: Vec<u8> },
    /// A fact, sealed to the centre for its place; or a change that does not open here and may open there.
    Sealed(Vec<u8>),
    /// Nothing that anybody else could miss.
    Other,
}

/// More than this is written in several facts: sealed facts are small, but a body has a limit.
const FACT_BYTES: usize = 32 * 1024;
/// A sealed fact fits a body with what stands around it.
const LARGEST: usize = chain::limits::BODY - 512;

/// The own entries of `old` from a number on and up to another, read before they leave the chain. What lies behind a hole
/// another life of this disk wrote, and it came down as others' work does: it is not written again in this one's name,
/// unless the hole is what a damaged disk lost.
pub(super) fn branch(
    connection: &Connection,
    tenant: TenantId,
    old: ChainId,
    (from, end): (u64, u64),
) -> Result<Vec<Parted>, PeerError> {
    let mut stored = Vec::new();
    let mut after = from.saturating_sub(1);
    while after < end {
        let page = entries::of_chain(connection, tenant, old, after, 256)?;
        let Some(last) = page.last() else { break };
        after = last.entry.place.seq;
        stored.extend(page.into_iter().filter(|stored| stored.entry.place.seq <= end));
    }
    let parted: BTreeSet<i64> = stored.iter().map(|stored| stored.id).collect();
    let mut seen = BTreeMap::new();
    stored.iter().map(|stored| read(connection, tenant, stored, &parted, &mut seen)).collect()
}

/// A record's version and id are written by whoever makes it.
fn not_fixed(edit: &Edit) -> bool {
    edit.key != "v" && edit.key != "id"
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
    // What was erased by order is not written again.
    let Some(sealed) = stored.entry.entry.body.bytes() else { return Ok(Parted { seq, hash, what: What::Other }) };
    let what = match (header.kind, header.record) {
        (Kind::OWN, _) => What::Sealed(sealed.to_vec()),
        (Kind::CHANGE, Some(record)) => {
            let body = match shelf::open_change(connection, stored) {
                Ok(body) => body,
                // One unreadable change holds up no other: a suitcase must be able to go on.
                Err(PeerError::NoKey | PeerError::Damaged(_) | PeerError::Refused(_)) => {
                    return Ok(Parted { seq, hash, what: What::Sealed(sealed.to_vec()) });
                }
                Err(error) => return Err(error),
            };
            let followed = match seen.entry(record) {
                std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::btree_map::Entry::Vacant(new) => {
                    new.insert(shared(connection, tenant, record, body.kind, parted)?)
                }
            };
            let ChangeBody { kind, officer, at, change } = body;
            let peeked = Gate::peek(&change).unwrap_or_default();
            let edits = match followed.follow(kind, record, change) {
                // What it follows is lost: what it says is read from itself.
                Err(PeerError::Damaged(_)) => peeked.into_iter().filter(not_fixed).collect(),
                edits => edits?,
            };
            What::Change { record, kind, officer, at, edits, sealed: sealed.to_vec() }
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
    // Of what is broken already nothing is followed.
    let values = values(kind, record, &changes).or_else(|error| match error {
        PeerError::Damaged(_) => Ok(BTreeMap::new()),
        error => Err(error),
    })?;
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
        let edits = now.iter().filter(moved).filter_map(edit).filter(not_fixed).collect();
        self.values = now;
        Ok(edits)
    }
}

/// The records that the parted changes are about.
pub(super) fn records(branch: &[Parted]) -> BTreeSet<RecordId> {
    let record = |parted: &Parted| match parted.what {
        What::Change { record, .. } => Some(record),
        What::Sealed(_) | What::Other => None,
    };
    branch.iter().filter_map(record).collect()
}

/// Edits a record again as far as its rules allow by now: a field that others wrote first meanwhile is left as it is, and
/// a full record stays full. Gives the change, if anything is left to change, and whether all could be written.
pub(crate) fn as_far_as_allowed(
    document: &mut Document,
    author: ChainId,
    at: i64,
    edits: &[Edit],
) -> Result<(Option<ChangeBytes>, bool), PeerError> {
    let mut edits = edits.to_vec();
    let all = edits.len();
    loop {
        match document.edit(author, at, &edits) {
            Ok(change) => return Ok((change, edits.len() == all)),
            Err(DocumentError::Forbidden(key) | DocumentError::UnknownKey(key) | DocumentError::WrongValue(key))
                if edits.iter().any(|edit| edit.key == key) =>
            {
                tracing::warn!(%key, "could not be written again");
                edits.retain(|edit| edit.key != key);
            }
            Err(DocumentError::Full | DocumentError::TooLarge) => return Ok((None, false)),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Writes one again. What does not go, as its record is not here as it was, holds up nothing else.
fn written(
    act: &mut Act<'_>,
    record: RecordId,
    kind: records::Kind,
    edits: &[Edit],
    who: (&str, i64),
) -> Result<(u64, bool), PeerError> {
    store::begin_alone(act.connection())?;
    let done = act.write_again(record, kind, edits, who);
    store::end_alone(act.connection(), done.is_ok())?;
    match done {
        Err(PeerError::NoKey | PeerError::Damaged(_) | PeerError::Refused(_)) => {
            tracing::warn!(%record, "could not be written again");
            Ok((0, false))
        }
        done => done,
    }
}

/// Writes them again, and tells the centre what became of each.
pub(super) fn write_again(act: &mut Act<'_>, old: ChainId, branch: Vec<Parted>) -> Result<(), PeerError> {
    let mut told = Vec::new();
    let mut bytes = 0;
    for Parted { seq, hash, what } in branch {
        let (became, sealed) = match what {
            What::Change { record, kind, officer, at, edits, sealed } => {
                let (became, whole) = written(act, record, kind, &edits, (&officer, at))?;
                (became, if whole { Vec::new() } else { sealed })
            }
            What::Sealed(sealed) => (0, sealed),
            What::Other => (0, Vec::new()),
        };
        let sealed = if sealed.len() > LARGEST {
            tracing::warn!(chain = %old, seq, bytes = sealed.len(), "too large to be told again: it stays where it was");
            Vec::new()
        } else {
            sealed
        };
        if told.len() == ADOPTED || (!told.is_empty() && bytes + sealed.len() > FACT_BYTES) {
            act.own(&OwnFact::Adopted { chain: old, entries: std::mem::take(&mut told) })?;
            bytes = 0;
        }
        bytes += sealed.len();
        told.push(Adopted { seq, hash, became, sealed });
    }
    if told.is_empty() {
        return Ok(());
    }
    act.own(&OwnFact::Adopted { chain: old, entries: told }).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::Kind;

    #[test]
    fn what_others_wrote_meanwhile_holds_up_nothing_else() {
        let (record, [mine, other]) = (RecordId::from_bytes([1; 16]), [2, 3].map(|n| ChainId::from_bytes([n; 16])));
        let birth = [Edit::new("number", "7-260515-001-ММ"), Edit::new("service", "housing-subsidy")];
        let (mut document, _) = Document::create(Kind::Request, record, other, 1_000, &birth).unwrap();
        document.edit(other, 2_000, &[Edit::new("official", "14/2026")]).unwrap().unwrap();
        let again = [Edit::new("official", "15/2026"), Edit::new("phone", "+380501111111")];
        let (change, whole) = as_far_as_allowed(&mut document, mine, 3_000, &again).unwrap();
        assert!(change.is_some() && !whole);
        let one = |document: &Document, key: &str| document.values()[key][0].value.clone();
        assert_eq!(one(&document, "official").as_text(), Some("14/2026"));
        assert_eq!(one(&document, "phone").as_text(), Some("+380501111111"));
        let nothing = as_far_as_allowed(&mut document, mine, 4_000, &again[..1]).unwrap();
        assert!(matches!(nothing, (None, false)));
    }
}
