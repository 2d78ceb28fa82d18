//! What a suitcase makes of the centre's word on its chains, and whether anything is left on it.

use super::Peer;
use crate::plant::Plant;
use crate::world::peer::store::PeerStore;
use chain::{Anchor, ExceptionCode, Judged, Left, Link, OwnChain, Present, Reason, Verdict, Verified, nothing_left};
use ids::ChainId;

impl Peer {
    /// «Nothing is left on this suitcase»: each own chain with its end, or what is left.
    pub fn end_of_shift(&self) -> Result<Vec<(ChainId, u64)>, Vec<Left>> {
        let store = &self.disk.live;
        let present = Present {
            tenant: store.community.tenant,
            lineage: store.dialogue.lineage,
            hubs: store.register.hubs(),
            case: store.register.current_desk().map(|desk| desk.case),
        };
        let mut chains: Vec<OwnChain> =
            store.written_chains().into_iter().map(|chain| store.own_chain(chain, &present)).collect();
        if store.plant == Some(Plant::EndOfShiftTooEarly) {
            chains.retain(|own| own.anchor.is_some_and(|anchor| anchor.end == own.end));
            return Ok(chains.into_iter().map(|own| (own.chain, own.end.seq)).collect());
        }
        let closed = nothing_left(&present, &chains)?;
        Ok(closed.into_iter().map(|closed| (closed.chain, closed.end.seq)).collect())
    }
}

impl PeerStore {
    fn own_chain(&self, chain: ChainId, present: &Present) -> OwnChain {
        let until = self.written_until(chain);
        let end = self.keep.hash_at(chain, until).map_or(Link::EMPTY, |hash| Link { seq: until, hash });
        let verdict = present.case.and_then(|case| self.heard_of(chain, case, end));
        OwnChain { chain, end, anchor: self.anchor_of(chain, present), verdict, exceptions: Vec::new() }
    }

    fn heard_of(&self, chain: ChainId, case: ChainId, end: Link) -> Option<Judged> {
        let about = |chain: ChainId| self.heard.get(&(chain, case)).copied();
        let before = self.ends.keys().find_map(|before| about(*before));
        match before.filter(|_| self.takes_word_of_before(chain)) {
            Some(before) => Some(Judged { up_to: end, ..before }),
            None => about(chain),
        }
    }

    /// The planted mistake: what was said of a chain of before is taken for the present one.
    fn takes_word_of_before(&self, chain: ChainId) -> bool {
        chain == self.writes && self.plant == Some(Plant::VerdictOfBefore)
    }

    /// The anchor that reaches furthest in the hub's present life, of a chain of before not beyond its end; without one the
    /// newest.
    fn anchor_of(&self, chain: ChainId, present: &Present) -> Option<Anchor> {
        let until = self.ends.get(&chain).copied().unwrap_or(u64::MAX);
        let last = self.last_anchors.get(&chain).copied().filter(|anchor| anchor.end.seq <= until);
        let of_now = |anchor: &Anchor| Some(anchor.lineage) == present.lineage;
        let mut kept = self.anchors.range((chain, 0)..=(chain, until)).map(|(_, anchor)| *anchor);
        let furthest = kept.rfind(of_now).into_iter().chain(last.filter(of_now)).max_by_key(|anchor| anchor.end.seq);
        furthest.or(last)
    }

    /// Looks at what the centre said since the last time. A verdict about the own chain that names an entry which is not
    /// ours, or a fork: the centre knows another life.
    pub fn hear(&mut self) {
        for entry in std::mem::take(&mut self.unheard) {
            let for_me = entry.entry.header.peer.is_some_and(|peer| self.is_ours(peer));
            let body = entry.entry.body.bytes().filter(|_| for_me && self.register.is_case(entry.place.chain));
            let verdict = body.and_then(|body| Verdict::decode(body).ok()).filter(|said| self.is_ours(said.chain));
            if let Some(verdict) = verdict.filter(|_| !self.is_behind_case_end(&entry)) {
                self.hear_verdict(&verdict, &entry);
            }
        }
    }

    /// What a desk says behind the end that its successor stated counts for nobody.
    fn is_behind_case_end(&self, entry: &Verified) -> bool {
        self.register.is_behind_case_end(entry.place.chain, entry.place.seq)
    }

    fn hear_verdict(&mut self, verdict: &Verdict, by: &Verified) {
        let (chain, up_to) = (verdict.chain, verdict.up_to);
        let held = self.keep.hash_at(chain, up_to.seq);
        if chain == self.writes {
            let forks = verdict.exceptions.iter().filter(|one| one.code == ExceptionCode::Fork);
            let first = forks.map(|one| one.seq).min();
            if first.is_some() || held.is_some_and(|held| held != up_to.hash) {
                self.doubt = Some(Reason::Fork);
                self.known = self.known.into_iter().chain(first).min();
            }
        }
        let unopened = verdict.exceptions.iter().filter(|one| one.code == ExceptionCode::Unopened);
        self.unopened.extend(unopened.map(|one| (chain, one.seq)));
        let ours = self.own_part(chain, up_to);
        let entry = Link { seq: by.place.seq, hash: by.hash };
        let judged = Judged { case: by.place.chain, entry, up_to: ours.unwrap_or(up_to) };
        self.put_heard(chain, judged);
        let opened = self.opened.entry(chain).or_default();
        *opened = (*opened).max(ours.map_or(0, |ours| ours.seq));
    }

    /// What the same case chain said later stays.
    fn put_heard(&mut self, chain: ChainId, judged: Judged) {
        let known = self.heard.entry((chain, judged.case)).or_insert(judged);
        if known.entry.seq < judged.entry.seq {
            *known = judged;
        }
    }

    /// As much of what stands before such an entry as was written here, if that is the one held here. Behind its end a chain
    /// of before is another life's: then all between must be held.
    fn own_part(&self, chain: ChainId, up_to: Link) -> Option<Link> {
        if self.keep.hash_at(chain, up_to.seq) != Some(up_to.hash) {
            return None;
        }
        let keeps_to_it = self.plant != Some(Plant::VerdictPastTheEnd);
        match self.ends.get(&chain).copied().filter(|end| *end < up_to.seq && keeps_to_it) {
            Some(seq) => {
                let unbroken = self.keep.end(chain).seq >= up_to.seq;
                self.keep.hash_at(chain, seq).filter(|_| unbroken).map(|hash| Link { seq, hash })
            }
            None => Some(up_to),
        }
    }

    /// Up to where the centre says that it opened what was written here of a chain.
    pub fn opened_until(&self, chain: ChainId) -> u64 {
        if self.takes_word_of_before(chain) && self.ends.keys().any(|before| self.opened.contains_key(before)) {
            return self.keep.end(chain).seq;
        }
        self.opened.get(&chain).copied().unwrap_or(0)
    }
}
