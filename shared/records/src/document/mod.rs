//! One record as an automerge document.

mod error;
mod history;

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, Change, ChangeHash, ObjId, ROOT, ReadDoc, hydrate};
use ids::{ChainId, RecordId};

pub use error::DocumentError;
pub(crate) use history::{History, Node, chain_of};

use crate::Value;
use crate::gate::{Admitted, MAX_CHANGE_BYTES, MAX_DEPS, MAX_OPS, MAX_TIME};
use crate::schema::{self, Kind, Rule};

/// A document takes no more changes than this; the gate and [`Document::edit`] refuse.
pub const MAX_CHANGES: usize = 5_000;

/// A document's changes are together at most so many bytes.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;

/// One raw automerge change (an uncompressed chunk of type 1): what an entry's body carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeBytes(Vec<u8>);

impl ChangeBytes {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, owned.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Write one value under one key. Made by [`crate::commands`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// A key the schema knows.
    pub key: String,
    /// The new value.
    pub value: Value,
}

impl Edit {
    /// One edit.
    pub fn new(key: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { key: key.into(), value: value.into() }
    }
}

/// A value and who wrote it when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What was written.
    pub value: Value,
    /// The chain that wrote it.
    pub by: ChainId,
    /// The author's device time, milliseconds since 1970.
    pub at: i64,
    /// Number of the operation; with `by` it names the writing for good.
    pub op: u64,
}

/// One record: a resident, a visit or a request.
#[derive(Debug, Clone)]
pub struct Document {
    kind: Kind,
    id: RecordId,
    pub(crate) doc: Automerge,
    pub(crate) history: History,
}

impl Document {
    /// A record of which nothing has arrived yet.
    pub fn empty(kind: Kind, id: RecordId) -> Self {
        Self { kind, id, doc: Automerge::new(), history: History::default() }
    }

    /// Make a record in one change. `v` and `id` are added here; `fields` holds all else, `created` too.
    /// `at` is the device time in milliseconds since 1970.
    pub fn create(
        kind: Kind,
        id: RecordId,
        actor: ChainId,
        at: i64,
        fields: &[Edit],
    ) -> Result<(Self, ChangeBytes), DocumentError> {
        let mut new = Self::empty(kind, id);
        let birth = [Edit::new("v", schema::SCHEMA_VERSION), Edit::new("id", id.to_string()), Edit::new("created", at)];
        fits_one_change(fields)?;
        let mut map = HashMap::new();
        for edit in birth.iter().chain(fields) {
            new.may_hold(edit)?;
            map.insert(edit.key.clone(), hydrate::Value::from(edit.value.to_scalar()));
        }
        new.doc.set_actor(actor_of(actor));
        let mut transaction = new.doc.transaction();
        transaction.init_root_from_hydrate(&map.into()).map_err(|_| DocumentError::Failed)?;
        transaction.commit_with(CommitOptions::default().with_time(believable(at)));
        let change = new.take_own_change()?;
        Ok((new, change))
    }

    /// From changes that this store wrote or admitted before and read back authenticated, in any order: a restored
    /// centre reads its own changes before the suitcases' that they follow. Never for bytes that have not passed the
    /// gate.
    pub fn from_own<'a>(
        kind: Kind,
        id: RecordId,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, DocumentError> {
        let mut new = Self::empty(kind, id);
        let parse = |bytes| Change::try_from(bytes).map_err(|_| DocumentError::Damaged);
        let mut waiting = changes.into_iter().map(parse).collect::<Result<Vec<Change>, _>>()?;
        let mut in_order = Vec::with_capacity(waiting.len());
        // One pass where the order is right already.
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut early = Vec::new();
            for change in waiting {
                if new.history.get(&change.hash()).is_some() {
                    continue;
                }
                if new.history.add(&change) { in_order.push(change) } else { early.push(change) }
            }
            if early.len() == before {
                return Err(DocumentError::Damaged);
            }
            waiting = early;
        }
        new.apply_parsed(in_order)?;
        Ok(new)
    }

    /// Take in one change the gate has admitted for this document in its present state.
    pub fn apply(&mut self, admitted: Admitted) -> Result<(), DocumentError> {
        let change = admitted.into_change();
        if !self.history.add(&change) {
            return Err(DocumentError::Damaged);
        }
        self.apply_parsed(vec![change])
    }

    fn apply_parsed(&mut self, changes: Vec<Change>) -> Result<(), DocumentError> {
        let last: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
        let doc = &mut self.doc;
        // The gate leaves nothing known that panics; this is the second line of defence, and a document that
        // panicked half-way must not be used again.
        let done = catch_unwind(AssertUnwindSafe(|| doc.apply_changes(changes)));
        let all_here =
            matches!(done, Ok(Ok(()))) && last.iter().all(|hash| self.doc.get_change_meta_by_hash(hash).is_some());
        if all_here {
            return Ok(());
        }
        *self = Self::empty(self.kind, self.id);
        Err(DocumentError::Failed)
    }

    /// Write edits as one change. `None` if they change nothing. Of two edits of one key the later counts.
    pub fn edit(&mut self, actor: ChainId, at: i64, edits: &[Edit]) -> Result<Option<ChangeBytes>, DocumentError> {
        if self.history.len() == 0 {
            return Err(DocumentError::NoBirth);
        }
        if self.is_full() || self.doc.get_heads().len() >= MAX_DEPS {
            return Err(DocumentError::Full);
        }
        fits_one_change(edits)?;
        let mut last: BTreeMap<&str, &Edit> = BTreeMap::new();
        for edit in edits {
            self.may_hold(edit)?;
            self.may_write(&edit.key)?;
            last.insert(&edit.key, edit);
        }
        self.doc.set_actor(actor_of(actor));
        let mut transaction = self.doc.transaction();
        for edit in last.values() {
            // An emptied field that was never written stays unwritten.
            if edit.value.is_empty() && transaction.get(&ROOT, edit.key.as_str()).ok().flatten().is_none() {
                continue;
            }
            transaction.put(&ROOT, edit.key.as_str(), edit.value.to_scalar()).map_err(|_| DocumentError::Failed)?;
        }
        if transaction.pending_ops() == 0 {
            transaction.rollback();
            return Ok(None);
        }
        transaction.commit_with(CommitOptions::default().with_time(believable(at)));
        self.take_own_change().map(Some)
    }

    fn take_own_change(&mut self) -> Result<ChangeBytes, DocumentError> {
        let change = self.doc.get_last_local_change().ok_or(DocumentError::Failed)?;
        if !self.history.add(&change) {
            return Err(DocumentError::Damaged);
        }
        // Never `bytes()`: that one is deflated, and sealed bodies have their own dictionary.
        Ok(ChangeBytes(change.raw_bytes().to_vec()))
    }

    fn may_hold(&self, edit: &Edit) -> Result<(), DocumentError> {
        let field = schema::field(self.kind, &edit.key).ok_or_else(|| DocumentError::UnknownKey(edit.key.clone()))?;
        if field.holds(&edit.value) { Ok(()) } else { Err(DocumentError::WrongValue(edit.key.clone())) }
    }

    fn may_write(&self, key: &str) -> Result<(), DocumentError> {
        let field = schema::field(self.kind, key).ok_or_else(|| DocumentError::UnknownKey(key.to_owned()))?;
        let held = || self.doc.get_all(&ROOT, key).map_or(0, |all| all.len());
        let allowed = match field.rule {
            Rule::FixedAtBirth => false,
            Rule::AppendOnly | Rule::Counter => held() == 0,
            // Two clerks gave a number at once: choosing one of the two is the only second writing.
            Rule::FirstProvenWins => held() != 1,
            Rule::KeepBothAndAsk | Rule::DecisionBeatsEdit => true,
        };
        if allowed { Ok(()) } else { Err(DocumentError::Forbidden(key.to_owned())) }
    }

    /// The record's kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The record's id.
    pub fn id(&self) -> RecordId {
        self.id
    }

    /// Whether nothing has arrived yet.
    pub fn is_empty(&self) -> bool {
        self.history.len() == 0
    }

    /// Whether it takes no more changes.
    pub fn is_full(&self) -> bool {
        self.history.len() >= MAX_CHANGES || self.history.bytes() >= MAX_BYTES
    }

    /// How many changes it holds.
    pub fn change_count(&self) -> usize {
        self.history.len()
    }

    /// Hashes of the changes nothing has followed, sorted. Equal heads are equal documents. They are hashes of
    /// content: not to be shown outside sealed bodies.
    pub fn heads(&self) -> Vec<[u8; 32]> {
        self.doc.get_heads().iter().map(|hash| hash.0).collect()
    }

    /// The heads once a change that the gate has admitted for this document is taken in.
    pub fn heads_with(&self, admitted: &Admitted) -> Vec<[u8; 32]> {
        let (hash, deps) = admitted.hash_and_deps();
        let unfollowed = self.doc.get_heads().into_iter().filter(|head| !deps.contains(head));
        let mut heads: Vec<[u8; 32]> = unfollowed.chain([hash]).map(|hash| hash.0).collect();
        heads.sort_unstable();
        heads
    }

    /// Who wrote the first change, and when.
    pub fn author(&self) -> Option<(ChainId, i64)> {
        self.history.nodes().first().map(|node| (node.actor, node.at))
    }

    /// The device time of the last change, milliseconds since 1970.
    pub fn last_change_at(&self) -> Option<i64> {
        self.history.nodes().last().map(|node| node.at)
    }

    /// A standard `.automerge` file of the whole document with its history.
    pub fn save(&self) -> Vec<u8> {
        self.doc.save()
    }

    /// All keys with all their surviving values, the winner first; equal values are folded into one.
    pub fn values(&self) -> BTreeMap<String, Vec<Written>> {
        let mut out = BTreeMap::new();
        for item in self.doc.map_range(&ROOT, ..) {
            let id = item.id();
            let mut values: Vec<Written> = match item.conflict {
                false => {
                    let value = automerge::Value::from(item.value);
                    self.written(&value, &id).into_iter().collect()
                }
                true => self.all(&item.key),
            };
            fold_equal(&mut values);
            if !values.is_empty() {
                out.insert(item.key.into_owned(), values);
            }
        }
        out
    }

    /// All surviving values of one key, the winner first, equal ones not folded.
    pub(crate) fn all(&self, key: &str) -> Vec<Written> {
        let Ok(all) = self.doc.get_all(&ROOT, key) else { return Vec::new() };
        let mut values: Vec<Written> = all.iter().filter_map(|(value, id)| self.written(value, id)).collect();
        values.sort_by_key(|written| std::cmp::Reverse((written.op, written.by)));
        values
    }

    fn written(&self, value: &automerge::Value<'_>, id: &ObjId) -> Option<Written> {
        let ObjId::Id(op, actor, _) = id else { return None };
        let by = chain_of(actor)?;
        let value = Value::from_scalar(value.as_scalar()?)?;
        let at = self.history.writer(by, *op).map_or(0, |node| node.at);
        Some(Written { value, by, at, op: *op })
    }
}

/// A change the gates of other replicas would refuse must not be written.
fn fits_one_change(edits: &[Edit]) -> Result<(), DocumentError> {
    const OF_ONE: usize = 32; // run lengths, metadata, replaced operations
    const OF_ALL: usize = 6 * 1024; // header, dependencies, actors, the birth's own fields
    let bytes: usize =
        edits.iter().map(|edit| edit.key.len() + edit.value.as_text().map_or(10, str::len) + OF_ONE).sum();
    if edits.len() + 3 > MAX_OPS || bytes + OF_ALL > MAX_CHANGE_BYTES { Err(DocumentError::TooLarge) } else { Ok(()) }
}

/// A clock before 1970 or far beyond 2200 must not make a change that other replicas refuse.
fn believable(at: i64) -> i64 {
    at.clamp(0, MAX_TIME)
}

/// Keep one of several equal values: the first.
fn fold_equal(values: &mut Vec<Written>) {
    let mut seen = std::collections::BTreeSet::new();
    values.retain(|written| seen.insert(written.value.clone()));
}

fn actor_of(chain: ChainId) -> ActorId {
    ActorId::from(chain.as_bytes().as_slice())
}
