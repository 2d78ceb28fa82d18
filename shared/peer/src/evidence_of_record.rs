//! The evidence file of a record: its entries with what proves their places and bounds in time, and the record's keys.

use crate::PeerError;
use crate::identity::Role;
use crate::ledger::{Ledger, register_segments};
use crate::peer::Peer;
use crate::store::entries::{self, State};
use crate::store::{chains, keys, sync};
use chain::{Anchor, Entry, Fact, Kind, Segment};
use evidence::{Evidence, Word};
use ids::{ChainId, RecordId};
use signing::{Hash, Label};
use std::collections::BTreeMap;

/// An anchor that is named further back, or covers an entry from further on, is left out: the run to it would be
/// longer than what it proves is worth.
const FURTHEST: u64 = 20_000;

impl Peer {
    /// The signed file. `told`: anchors that others named and told of, by their hashes.
    pub fn evidence(&self, record: RecordId, number: &str, told: BTreeMap<Hash, Anchor>) -> Result<Vec<u8>, PeerError> {
        let number = number.to_owned();
        // In the writer's thread, so that all of it is of one moment.
        self.with_ledger(move |ledger| ledger.evidence(record, number, &told))
    }
}

impl Ledger {
    fn evidence(&self, record: RecordId, number: String, told: &BTreeMap<Hash, Anchor>) -> Result<Vec<u8>, PeerError> {
        let mut anchors: BTreeMap<Hash, Anchor> = BTreeMap::new();
        let mut ranges: BTreeMap<ChainId, Vec<(u64, u64)>> = BTreeMap::new();
        let mut words = Vec::new();
        for (chain, seq) in entries::places_of_record(&self.connection, record)? {
            if self.register.author(chain).is_none() {
                continue;
            }
            let range = self.bounded(chain, seq, told, &mut anchors)?;
            ranges.entry(chain).or_default().push(range);
            words.extend(self.word(chain, seq)?);
        }
        if ranges.is_empty() {
            return Err(PeerError::NoSuchRecord);
        }
        let mut runs = Vec::new();
        for (chain, ranges) in ranges {
            for (from, to) in merged(ranges) {
                self.read_run(chain, (from, to), record, &mut runs)?;
            }
        }
        let evidence = Evidence {
            tenant: self.identity.tenant,
            root: self.identity.root,
            record,
            number,
            maker: self.identity.chain,
            made: self.clock.now().0,
            register: register_segments(&self.connection, &self.identity)?.into_iter().map(without_releases).collect(),
            runs,
            anchors: anchors.into_values().collect(),
            keys: keys::record_keys(&self.connection, record)?,
            words,
        };
        let fields = evidence.fields();
        let signature = self.identity.signing_key().sign(Label::Evidence, &fields);
        Ok(Evidence::joined(fields, &signature))
    }

    /// From the entry that names the newest anchor before this one to the entry whose anchor covers it first.
    fn bounded(
        &self,
        chain: ChainId,
        seq: u64,
        told: &BTreeMap<Hash, Anchor>,
        anchors: &mut BTreeMap<Hash, Anchor>,
    ) -> Result<(u64, u64), PeerError> {
        let (mut from, mut to) = (seq, seq);
        let named = match sync::anchor_before(&self.connection, chain, seq)? {
            Some(anchor) => {
                let hash = anchor.hash();
                entries::naming(&self.connection, chain, seq, FURTHEST, |after| *after == hash)?
                    .map(|(at, _)| (at, anchor))
            }
            None => entries::naming(&self.connection, chain, seq, FURTHEST, |after| told.contains_key(after))?
                .and_then(|(at, after)| Some((at, *told.get(&after)?))),
        };
        if let Some((at, anchor)) = named {
            from = at;
            anchors.insert(anchor.hash(), anchor);
        }
        let end = chains::end(&self.connection, chain)?.seq;
        if let Some(anchor) = sync::anchor_over(&self.connection, chain, seq)? {
            let held = entries::hash_at(&self.connection, chain, anchor.end.seq)?;
            if held == Some(anchor.end.hash) && anchor.end.seq <= end && anchor.end.seq - seq <= FURTHEST {
                to = anchor.end.seq;
                anchors.insert(anchor.hash(), anchor);
            }
        }
        Ok((from, to))
    }

    /// What became of a change, as far as it is known here.
    fn word(&self, chain: ChainId, seq: u64) -> Result<Option<Word>, PeerError> {
        let Some(stored) = entries::at(&self.connection, self.identity.tenant, chain, seq)? else { return Ok(None) };
        if stored.entry.entry.header.kind != Kind::CHANGE {
            return Ok(None);
        }
        let exceptions = sync::exceptions(&self.connection, Some(chain), false)?;
        let exception = exceptions.into_iter().find(|(_, exception)| exception.seq == seq);
        let judged = match self.identity.role {
            Role::Desk { .. } => entries::state_at(&self.connection, chain, seq)? == Some(State::Taken as i64),
            // What came here from the centre was taken there; behind the end of a chain of before that is others' work.
            Role::Suitcase => {
                let others = !self.identity.is_ours(chain) || seq > self.written_until(chain)?;
                others || sync::verdict_end(&self.connection, chain)? >= seq
            }
        };
        let word = match exception {
            Some((_, exception)) => exception.code.code(),
            None if judged => 0,
            None => Word::NOT_JUDGED,
        };
        Ok(Some(Word { chain, seq, word }))
    }

    /// A run in segments, with the bodies of what is about the record and no others.
    fn read_run(
        &self,
        chain: ChainId,
        (from, to): (u64, u64),
        record: RecordId,
        runs: &mut Vec<Segment>,
    ) -> Result<(), PeerError> {
        let mut next = from;
        while next <= to {
            let Some(mut segment) = entries::run(&self.connection, chain, next, chain::limits::BATCH)? else { break };
            let most = usize::try_from(to - next + 1).unwrap_or(usize::MAX);
            segment.entries.truncate(most);
            let shown = |entry: &Entry| entry.header.record == Some(record) && entry.header.kind == Kind::CHANGE;
            segment.entries = segment
                .entries
                .into_iter()
                .map(|entry| if shown(&entry) { entry } else { entry.without_body() })
                .collect();
            next = segment.last() + 1;
            runs.push(segment);
        }
        Ok(())
    }
}

/// Ranges that touch become one.
fn merged(mut ranges: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    ranges.sort_unstable();
    let mut all: Vec<(u64, u64)> = Vec::new();
    for (from, to) in ranges {
        match all.last_mut().filter(|last| from <= last.1 + 1) {
            Some(last) => last.1 = last.1.max(to),
            None => all.push((from, to)),
        }
    }
    all
}

/// Releases of the catalogue are large and say nothing of a case.
fn without_releases(segment: Segment) -> Segment {
    let is_release = |entry: &Entry| {
        let fact = entry.body.bytes().and_then(|body| Fact::decode(body).ok());
        matches!(fact, Some(Fact::Release(_) | Fact::ReleasePiece { .. }))
    };
    let entries = segment.entries.into_iter();
    let entries = entries.map(|entry| if is_release(&entry) { entry.without_body() } else { entry }).collect();
    Segment { entries, ..segment }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_touch_become_one() {
        assert_eq!(merged(vec![(5, 9), (1, 2), (3, 4), (8, 12), (20, 20)]), [(1, 12), (20, 20)]);
        assert_eq!(merged(vec![(1, 2), (4, 5)]), [(1, 2), (4, 5)]);
    }
}
