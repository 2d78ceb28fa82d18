//! What the desk says of the chains that it reads: opened up to here, except these.

use super::LATER;
use crate::plant::Plant;
use crate::world::peer::store::PeerStore;
use crate::world::sealed::{seal_of, sealed_to};
use chain::{Draft, Exception, ExceptionCode, Header, Kind, Link, Rebirth, Standing, Verdict, limits};
use ids::ChainId;
use std::collections::BTreeMap;

/// Who is told of a chain, each with the last number of it that is the reader's own.
type Readers = BTreeMap<ChainId, Vec<(ChainId, u64)>>;

impl PeerStore {
    /// Tells each suitcase what became of its entries since the last verdict; one that goes on for another chain, what
    /// became of that one's. Whoever is told of a chain for the first time is told all.
    pub(super) fn judge(&mut self) {
        for (chain, readers) in self.readers() {
            let end = self.keep.end(chain).seq;
            let all = self.exceptions(chain);
            for (reader, own) in readers {
                let told = self.judged.get(&(chain, reader)).copied();
                let (up_to, before) = (end.min(own), told.unwrap_or(0));
                let mut due: Vec<Exception> = all.iter().filter(|one| one.seq <= own).cloned().collect();
                due.retain(|one| self.told.insert((chain, reader, one.seq)));
                if up_to > before || !due.is_empty() {
                    let draft = self.verdict((chain, up_to.max(before)), reader, due);
                    self.say(draft);
                    self.judged.insert((chain, reader), up_to.max(before));
                }
            }
        }
    }

    /// A revoked suitcase gets nothing. Of a chain that was continued the suitcase hears under its new one, as far as the
    /// old chain is its own.
    fn readers(&self) -> Readers {
        let mut readers = Readers::new();
        for reader in self.register.suitcases().map(|certificate| certificate.chain) {
            let revoked = matches!(self.register.standing(reader, i64::MAX), Standing::Revoked { .. });
            if revoked || self.register.living(reader) != reader {
                continue;
            }
            readers.entry(reader).or_default().push((reader, limits::SEQ));
            let mut after = reader;
            for before in self.register.ancestors(reader) {
                let Some(mut end) = self.end_of_shared(after) else { break };
                if self.plant == Some(Plant::VerdictPastTheEnd) {
                    end = limits::SEQ;
                }
                readers.entry(before).or_default().push((reader, end));
                after = before;
            }
        }
        readers
    }

    /// Up to where the chain before this one is its author's own, as its first entry says.
    fn end_of_shared(&self, chain: ChainId) -> Option<u64> {
        let first = self.keep.get(chain, 1).filter(|first| first.entry.header.kind == Kind::REBIRTH)?;
        Rebirth::decode(first.entry.body.bytes()?).ok().map(|said| said.end.seq)
    }

    /// What cannot be read yet, or not opened; and what contradicts the branch that is known and was kept aside.
    fn exceptions(&self, chain: ChainId) -> Vec<Exception> {
        let end = self.keep.end(chain).seq;
        let mut all = BTreeMap::new();
        for entry in self.keep.until(chain, end) {
            let (seq, kind) = (entry.place.seq, entry.entry.header.kind);
            let sealed = seal_of(entry).is_some_and(|(record, key)| !self.can_read(entry, record, key));
            if kind.code() >= LATER {
                all.insert(seq, ExceptionCode::LaterVersion);
            } else if sealed || self.ring.unread.contains(&(chain, seq)) {
                all.insert(seq, ExceptionCode::Unopened);
            }
        }
        let aside = self.strays.values().map(|stray| stray.place).filter(|place| place.chain == chain);
        all.extend(aside.map(|place| (place.seq, ExceptionCode::Fork)));
        all.into_iter().map(|(seq, code)| Exception { seq, code, sentence: String::new() }).collect()
    }

    /// The newest fact of a chain says that its author knows the present key.
    pub fn newest_is_sealed_to_us(&self, chain: ChainId) -> bool {
        let facts = self.keep.from(chain, 1).into_iter().rev().filter(|entry| entry.entry.header.kind == Kind::OWN);
        let newest = facts.filter_map(|entry| entry.entry.body.bytes().map(sealed_to)).next();
        newest == Some(self.centre_key())
    }

    fn verdict(&self, (chain, seq): (ChainId, u64), reader: ChainId, exceptions: Vec<Exception>) -> Draft {
        let register = (self.register_chain, self.keep.end(self.register_chain));
        let up_to = self.keep.hash_at(chain, seq).map_or(Link::EMPTY, |hash| Link { seq, hash });
        let verdict = Verdict { chain, up_to, register, exceptions };
        let header = Header { kind: Kind::TO, record: None, peer: Some(reader), after: None };
        Draft { header, body: verdict.encode() }
    }
}
