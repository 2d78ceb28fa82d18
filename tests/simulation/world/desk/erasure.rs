//! Orders to erase: the keys that lie beside those of the erased records are written again first.

use crate::plant::Plant;
use crate::world::disk::Done;
use crate::world::peer::Peer;
use crate::world::peer::store::PeerStore;
use crate::world::sealed::{Generation, Key, Own, seal_of};
use chain::{Erased, Erasure, Fact, Kind, Standing};
use ids::{ChainId, RecordId};
use std::collections::{BTreeMap, BTreeSet};

/// Keys that lie beside those of erased records.
type Beside = BTreeSet<(RecordId, Generation)>;

/// An epoch: where its entry stands, its key, and the number of the next one.
pub(super) struct Span {
    pub at: (ChainId, u64),
    pub key: Key,
    pub next: Option<u64>,
}

impl Peer {
    /// Orders a record to be erased.
    pub fn order_to_erase(&mut self, record: RecordId) -> Done<()> {
        let store = &mut self.disk.live;
        if store.may_write() {
            store.order_erasure(&BTreeSet::from([record]));
            store.obey();
        }
        self.disk.commit()
    }
}

impl PeerStore {
    /// What could not be named when the order was given, because the epoch was not over.
    pub(super) fn erase_what_is_due(&mut self) {
        let named = self.register.erased(|_| u64::MAX);
        if !self.entries_to_name(&named.records, &named).0.is_empty() {
            self.order_erasure(&named.records);
            self.obey();
        }
    }

    fn order_erasure(&mut self, records: &BTreeSet<RecordId>) {
        let named = self.register.erased(|_| u64::MAX);
        let (entries, mut beside) = self.entries_to_name(records, &named);
        beside.retain(|(record, _)| !records.contains(record) && !named.records.contains(record));
        if self.plant == Some(Plant::EpochDroppedWhole) {
            beside.clear();
        }
        let mut kept = None;
        if !beside.is_empty() {
            self.tell(Own::Kept(beside.into_iter().collect()).draft(self.centre_key()));
            kept = Some((self.writes, self.keep.end(self.writes).seq));
        }
        let records: Vec<RecordId> = records.difference(&named.records).copied().collect();
        if !records.is_empty() || !entries.is_empty() {
            self.publish(&Fact::Erasure(Erasure { records, entries, kept }));
        }
    }

    /// Entries that hold keys of these records, as far as nothing more comes under them; and the keys beside.
    fn entries_to_name(&self, records: &BTreeSet<RecordId>, named: &Erased) -> (Vec<(ChainId, u64)>, Beside) {
        let (mut entries, mut beside) = (Vec::new(), Beside::new());
        for span in self.spans_of(records).into_values().filter(|span| !named.entries.contains(&span.at)) {
            if self.is_over(&span) && self.plant != Some(Plant::EpochKept) {
                beside.extend(self.made_in(&span).into_iter().map(|(record, key)| (record, (1, key))));
                entries.push(span.at);
                // Its key may stand in a case chain once more.
                let again = self.ring.told.get(&span.at).map(|(by, _)| *by);
                entries.extend(again.filter(|place| !named.entries.contains(place)));
            }
        }
        let holds = |of: &[RecordId]| of.iter().any(|record| records.contains(record));
        let facts = self.ring.kept.iter().filter(|(place, of)| holds(of) && !named.entries.contains(place));
        for (place, of) in facts {
            beside.extend(of.iter().flat_map(|record| self.ring.of(*record).into_iter().map(|key| (*record, key))));
            entries.push(*place);
        }
        (entries, beside)
    }

    pub(super) fn spans_of(&self, records: &BTreeSet<RecordId>) -> BTreeMap<(ChainId, u64), Span> {
        let mut found = BTreeMap::new();
        for (chain, rows) in self.keep.chains().filter(|(chain, _)| !self.register.is_case(*chain)) {
            let mut seen = BTreeSet::new();
            for entry in rows.entries.values().filter(|entry| entry.entry.header.kind == Kind::CHANGE) {
                let Some(record) = entry.entry.header.record.filter(|one| records.contains(one)) else { continue };
                let Some((at, key)) = self.ring.epoch_before((chain, entry.place.seq)) else { continue };
                if !seen.insert(record) {
                    continue;
                }
                let derived = key.of_record(record);
                // Of a record that is gone it cannot be told any more.
                let gone = self.register.is_erased(record) && self.ring.newest(record).is_none();
                let made = self.ring.opens(record, (1, derived)) || seal_of(entry) == Some((record, (1, derived)));
                if gone || made {
                    let next = self.ring.epoch_after((chain, at));
                    found.insert((chain, at), Span { at: (chain, at), key, next });
                }
            }
        }
        found
    }

    /// Nobody waits for more under the epoch: not for a revoked suitcase.
    pub(super) fn is_over(&self, span: &Span) -> bool {
        self.register.revocation(self.register.living(span.at.0)).is_some() || self.is_followed(span)
    }

    /// Nothing more comes under the epoch: the next one is here with everything before it, or all that a continued chain had.
    pub(super) fn is_followed(&self, span: &Span) -> bool {
        let chain = span.at.0;
        let end = self.keep.end(chain).seq;
        let ended = match self.register.standing(chain, 0) {
            Standing::Continued { by } => self.register.rebirth(by).is_none_or(|rebirth| end >= rebirth.end.seq),
            _ => false,
        };
        ended || span.next.is_some_and(|next| end >= next)
    }

    pub(super) fn made_in(&self, span: &Span) -> BTreeMap<RecordId, Key> {
        let (chain, at) = span.at;
        let within = self.keep.from(chain, at).into_iter().filter(|e| span.next.is_none_or(|next| e.place.seq <= next));
        let mut made = BTreeMap::new();
        for entry in within.filter(|entry| entry.entry.header.kind == Kind::CHANGE) {
            let Some(record) = entry.entry.header.record else { continue };
            let key = span.key.of_record(record);
            if self.ring.opens(record, (1, key)) || seal_of(&entry) == Some((record, (1, key))) {
                made.insert(record, key);
            }
        }
        made
    }
}
