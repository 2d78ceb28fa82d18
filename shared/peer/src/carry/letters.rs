//! A peer's own letters: what they say, and what becomes of their answers.

use crate::PeerError;
use crate::ledger::Ledger;
use crate::store::letters::{self, Sent};
use crate::store::{chains, sync as memory};
use crate::sync::{Contact, SyncError, Told};
use chain::{Answer, Dialogue, Offered, Reason, RefusalCode, Request};
use ids::ChainId;
use signing::canonical::Writer;
use std::collections::BTreeMap;

/// Bytes of entries in one letter: with what is around them it fills one file.
pub(super) const LETTER: usize = 248 * 1024;
impl Sent {
    pub(super) fn entries(&self) -> u64 {
        if self.first == 0 { 0 } else { self.last + 1 - self.first }
    }
}

/// From one number to another, both included.
pub(crate) type Gap = (u64, u64);

/// What lies between runs of numbers from `from` on; the last gap is open.
fn gaps(mut from: u64, mut runs: Vec<Gap>) -> Vec<Gap> {
    runs.sort_unstable();
    let mut gaps = Vec::new();
    for (first, last) in runs {
        if last >= from && first > from {
            gaps.push((from, first - 1));
        }
        from = from.max(last + 1);
    }
    gaps.push((from, u64::MAX));
    gaps
}

/// Where a dialogue stands: an answer moves it.
fn standing(dialogue: &Dialogue) -> Vec<u8> {
    let mut w = Writer::new();
    w.option(dialogue.token, |w, token| token.write(w)).option(dialogue.cursor, |w, cursor| {
        w.fixed(cursor.lineage.as_bytes()).count(cursor.position).count(cursor.index);
    });
    w.finish()
}

/// A letter and what is remembered of it.
pub(crate) struct Composed {
    pub sent: Sent,
    pub bytes: Vec<u8>,
}

/// What an answer brought, and whether more is waiting.
pub(crate) struct Taken {
    pub contact: Contact,
    pub more: bool,
}

impl Ledger {
    /// The next letter with entries of an own chain from one number to another, remembered; `None` if there is nothing to
    /// say.
    /// Only one that asks shows token and cursor: any other is answered with anchors alone, and moves no cursor.
    pub(crate) fn compose_letter(
        &mut self,
        answerer: &str,
        chain: ChainId,
        (from, until): Gap,
        asks: bool,
    ) -> Result<Option<Composed>, PeerError> {
        let dialogue = memory::dialogue(&self.connection, answerer)?;
        let until = until.min(self.written_until(chain)?);
        let segments: Vec<_> = self.run_with_bodies(chain, from, until, LETTER)?.into_iter().collect();
        let (first, last) = segments.first().map_or((0, 0), |segment| (segment.from, segment.last()));
        if first == 0 && !asks {
            return Ok(None);
        }
        let offered = Offered { segments, ..Offered::default() };
        let (tenant, sender) = (self.identity.tenant, self.identity.chain);
        let spoken = if asks { dialogue.clone() } else { Dialogue::default() };
        let budget = if asks { chain::limits::BUDGET } else { 0 };
        let bytes = spoken.compose(tenant, sender, offered, budget).encode(&self.identity.signing_key());
        let (hash, made, stood) = (Request::hash(&bytes), self.clock.now().0, standing(&dialogue));
        let sent = Sent { hash, made, chain, first, last, asks, stood, taken: None };
        letters::put_sent(&self.connection, &sent)?;
        Ok(Some(Composed { sent, bytes }))
    }

    /// Takes the answer to an own letter. Where the network has moved the dialogue on meanwhile, or the letter did not
    /// ask, cursor and token stay as they are, and anchors and news are taken all the same.
    pub(crate) fn take_letter_answer(&mut self, answerer: &str, sent: &Sent, bytes: &[u8]) -> Result<Taken, SyncError> {
        let decoded =
            Answer::decode(bytes, &sent.hash, self.identity.tenant, &self.hub_keys()).ok_or(SyncError::NotSigned)?;
        let (mut answer, _) = decoded.map_err(|_| SyncError::Damaged)?;
        let dialogue = memory::dialogue(&self.connection, answerer)?;
        if !sent.asks || standing(&dialogue) != sent.stood {
            stay(&dialogue, &mut answer);
        }
        let is_old = |anchor: &chain::Anchor| anchor.end.seq <= dialogue.unsent_from(anchor.chain).saturating_sub(1);
        if dialogue.lineage == Some(answer.lineage) {
            answer.anchors.retain(|anchor| !is_old(anchor));
        }
        let hub_time = answer.time;
        let parted = self.parted_in_letter(sent, &answer);
        let Told { news, in_doubt, .. } =
            self.take_answer(answerer, dialogue, answer, &BTreeMap::from([(sent.chain, sent.last)]))?;
        // What a letter does not show exactly is asked at the next contact over a network.
        let began_anew = match parted.filter(|_| in_doubt) {
            Some((reason, parted)) => self.rebirth(reason, parted).map(|()| true)?,
            None => false,
        };
        letters::set_taken(&self.connection, sent.hash, super::piece::message_hash(bytes))?;
        let refusals = news.refusals.into_iter().filter(|refusal| refusal.code != RefusalCode::UnknownChain);
        let more = news.more;
        let contact = Contact {
            rounds: 1,
            sent: usize::try_from(sent.entries()).unwrap_or(usize::MAX),
            received: news.segments.iter().map(|segment| segment.entries.len()).sum(),
            refusals: refusals.collect(),
            reborn: news.reborn,
            hub_time,
            began_anew,
            ..Contact::default()
        };
        Ok(Taken { contact, more })
    }

    /// Where the own chain parts from another life's, if the answer to this letter shows it: the first entry of the letter
    /// that the answerer holds otherwise, or that it holds more than a letter which reached to the end.
    fn parted_in_letter(&self, sent: &Sent, answer: &Answer) -> Option<(Reason, Option<u64>)> {
        let own = self.identity.chain;
        if sent.chain != own || sent.first == 0 {
            return None;
        }
        let forks = answer.refusals.iter().filter(|refusal| refusal.chain == own);
        let first = forks.filter_map(|refusal| match refusal.code {
            RefusalCode::Fork { seq, .. } => Some(seq),
            _ => None,
        });
        match first.min() {
            Some(seq) => (seq >= sent.first && seq <= sent.last).then_some((Reason::Fork, Some(seq))),
            None => {
                let end = chains::end(&self.connection, own).ok()?.seq;
                let ahead = answer.anchors.iter().any(|anchor| anchor.chain == own && anchor.end.seq > end);
                (ahead && sent.last == end).then_some((Reason::Ahead, None))
            }
        }
    }

    /// What of each own chain is neither anchored nor on its way in these letters; and whether one of them asks as the
    /// dialogue stands.
    pub(crate) fn left_to_say(
        &self,
        answerer: &str,
        covered: &[Sent],
    ) -> Result<(BTreeMap<ChainId, Vec<Gap>>, bool), PeerError> {
        let dialogue = memory::dialogue(&self.connection, answerer)?;
        let stands = standing(&dialogue);
        let mut left = BTreeMap::new();
        for chain in self.written_chains() {
            let runs = covered.iter().filter(|sent| sent.chain == chain && sent.first > 0);
            let runs = runs.map(|sent| (sent.first, sent.last)).collect();
            left.insert(chain, gaps(dialogue.unsent_from(chain), runs));
        }
        Ok((left, covered.iter().any(|sent| sent.asks && sent.stood == stands)))
    }

    /// Nothing of this letter is needed any more: it is answered, or what it brings is anchored and what it asks was
    /// asked since.
    pub(crate) fn is_done(&self, answerer: &str, sent: &Sent) -> Result<bool, PeerError> {
        let dialogue = memory::dialogue(&self.connection, answerer)?;
        let asks_still = sent.asks && sent.stood == standing(&dialogue);
        Ok(sent.taken.is_some() || (sent.last < dialogue.unsent_from(sent.chain) && !asks_still))
    }
}

/// The answer says nothing about where the dialogue stands: of another life of the hub, not even what it holds.
fn stay(dialogue: &Dialogue, answer: &mut Answer) {
    if let Some(lineage) = dialogue.lineage.filter(|lineage| *lineage != answer.lineage) {
        answer.lineage = lineage;
        answer.anchors.clear();
    }
    if let Some(token) = dialogue.token {
        answer.token = token;
    }
    let cursor = dialogue.cursor.map_or((0, 0), |cursor| (cursor.position, cursor.index));
    (answer.position, answer.index) = cursor;
}

#[cfg(test)]
mod tests {
    use super::gaps;

    #[test]
    fn what_is_on_its_way_is_not_said_twice_and_what_is_missing_between_is_said() {
        assert_eq!(gaps(5, vec![]), [(5, u64::MAX)]);
        assert_eq!(gaps(5, vec![(1, 4), (5, 9)]), [(10, u64::MAX)]);
        assert_eq!(gaps(5, vec![(12, 20), (1, 7)]), [(8, 11), (21, u64::MAX)]);
        assert_eq!(gaps(5, vec![(5, 9), (7, 8), (10, 10)]), [(11, u64::MAX)]);
    }
}
