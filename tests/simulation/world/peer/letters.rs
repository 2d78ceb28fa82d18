//! Letters that go by hand, on a stick or through another suitcase, and what becomes of their answers.

use crate::plant::Plant;
use crate::world::disk::Done;
use crate::world::keep::segments;
use crate::world::peer::Peer;
use crate::world::peer::store::PeerStore;
use chain::{Answer, Cursor, Dialogue, Fate, Handover, Offered, Request, Token, limits};
use ids::ChainId;
use signing::Hash;

/// Entries of one letter: few, so that a chain takes several.
const ENTRIES: u64 = 5;
/// Letters whose answer did not come for so long are forgotten, ms.
const FORGET: i64 = 400 * 24 * 3_600_000;
/// Handovers carry so many letters at once.
const AT_ONCE: usize = 8;

/// What is remembered of a letter.
#[derive(Clone)]
pub struct Sent {
    made: i64,
    chain: ChainId,
    /// The first and last entry in it; 0 if it brings none.
    first: u64,
    last: u64,
    /// It asks for news, too.
    asks: bool,
    /// Where the dialogue stood when it was made.
    stood: (Option<Token>, Option<Cursor>),
    taken: bool,
}

impl PeerStore {
    const fn standing(&self) -> (Option<Token>, Option<Cursor>) {
        (self.dialogue.token, self.dialogue.cursor)
    }

    /// Nothing of this letter is needed any more.
    fn is_done(&self, sent: &Sent) -> bool {
        let asks_still = sent.asks && sent.stood == self.standing();
        sent.taken || (sent.last < self.dialogue.unsent_from(sent.chain) && !asks_still)
    }

    /// Own letters that are still needed.
    pub fn letters_needed(&self) -> impl Iterator<Item = Hash> {
        self.sent.iter().filter(|(_, sent)| !self.is_done(sent)).map(|(hash, _)| *hash)
    }
}

impl Peer {
    /// Letters with everything that is neither anchored nor in the letters `covered`, remembered before they go out.
    pub fn write_letters(&mut self, covered: &[Hash], now: u64) -> Done<Vec<(Hash, Vec<u8>)>> {
        let made = self.clock(now);
        let store = &mut self.disk.live;
        store.sent.retain(|_, sent| sent.made >= made.saturating_sub(FORGET));
        let covered: Vec<Sent> = covered.iter().filter_map(|hash| store.sent.get(hash)).cloned().collect();
        let mut asks = !covered.iter().any(|sent| sent.asks && sent.stood == store.standing());
        let mut letters = Vec::new();
        for chain in store.written_chains() {
            let mut from = store.dialogue.unsent_from(chain);
            let until = store.written_until(chain);
            while from <= until || asks {
                let on_its_way = |sent: &&Sent| sent.chain == chain && sent.first <= from && from <= sent.last;
                if let Some(sent) = covered.iter().find(on_its_way) {
                    from = sent.last + 1;
                    continue;
                }
                let mut entries = store.keep.from(chain, from);
                entries.retain(|entry| entry.place.seq < from.saturating_add(ENTRIES) && entry.place.seq <= until);
                let (first, last) = match (entries.first(), entries.last()) {
                    (Some(first), Some(last)) => (first.place.seq, last.place.seq),
                    _ => (0, 0),
                };
                let spoken = if asks { store.dialogue.clone() } else { Dialogue::default() };
                let budget = if asks { limits::BUDGET } else { 0 };
                let offered = Offered { segments: segments(&entries), heads: Vec::new() };
                let request = spoken.compose(store.community.tenant, store.writes, offered, budget);
                let bytes = request.encode(&store.key);
                let sent = Sent { made, chain, first, last, asks, stood: store.standing(), taken: false };
                store.sent.insert(Request::hash(&bytes), sent);
                letters.push((Request::hash(&bytes), bytes));
                asks = false;
                from = from.max(last) + 1;
                if first > 0 && store.plant == Some(Plant::DeleteOnSend) {
                    store.keep.part(chain, first);
                }
            }
        }
        self.disk.commit()?;
        Ok(letters)
    }

    /// Takes the answer to an own letter: anchors and news; the cursor only where nothing else has moved it meanwhile.
    pub fn take_letter(&mut self, letter: Hash, bytes: &[u8], now: u64) -> Done<Option<chain::News>> {
        let keys = self.hub_keys();
        let store = &self.disk.live;
        let Some(sent) = store.sent.get(&letter).cloned() else { return Ok(None) };
        let decoded = Answer::decode(bytes, &letter, store.community.tenant, &keys);
        let Some(Ok((mut answer, _))) = decoded else { return Ok(None) };
        let dialogue = &store.dialogue;
        if !sent.asks || store.standing() != sent.stood {
            stay(dialogue, &mut answer);
        }
        if dialogue.lineage == Some(answer.lineage) {
            answer.anchors.retain(|anchor| anchor.end.seq >= dialogue.unsent_from(anchor.chain));
        }
        let news = self.take_answer(answer, false, now)?;
        if let Some(sent) = self.disk.live.sent.get_mut(&letter) {
            sent.taken = true;
        }
        self.disk.commit()?;
        Ok(news)
    }

    /// What this suitcase says to one that carries for it.
    pub fn hand_over(&mut self, now: u64) -> Done<(Handover, Vec<Hash>)> {
        let store = &self.disk.live;
        let (done, asked): (Vec<_>, Vec<_>) = store.sent.keys().partition(|hash| store.is_done(&store.sent[*hash]));
        let (collected, asked): (Vec<Hash>, Vec<Hash>) = (done, asked);
        let mut letters = self.write_letters(&asked, now)?;
        letters.truncate(AT_ONCE);
        let meant = asked.iter().copied().chain(letters.iter().map(|(hash, _)| *hash)).collect();
        Ok((Handover { collected, asked, letters: letters.into_iter().map(|(_, bytes)| bytes).collect() }, meant))
    }

    /// The carrier's side: keeps letters of `sender`, says what became of them.
    pub fn keep_letters(&mut self, sender: ChainId, handover: &Handover) -> Done<Vec<Fate>> {
        let store = &mut self.disk.live;
        for hash in &handover.collected {
            store.kept.remove(hash);
        }
        let fate = |hash: &Hash| match store.kept.get(hash) {
            Some((_, _, Some(answer))) => Fate::Answered(answer.clone()),
            Some(_) => Fate::Kept,
            None => Fate::Unknown,
        };
        let mut fates: Vec<Fate> = handover.asked.iter().map(fate).collect();
        for letter in &handover.letters {
            store.kept.insert(Request::hash(letter), (sender, letter.clone(), None));
            fates.push(Fate::Kept);
        }
        self.disk.commit()?;
        Ok(fates)
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
