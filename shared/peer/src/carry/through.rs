//! A suitcase without a network hands its letters to another one, and collects the answers.

use super::beside::PATH;
use super::introduced::client_config;
use super::letters::Composed;
use super::own::add;
use crate::store::letters::{self, Sent};
use crate::sync::{Contact, Link, LinkError, SyncError};
use crate::{Peer, PeerError};
use chain::{Fate, Handover, RefusalCode, limits};
use signing::Hash;
use std::sync::Arc;

/// Letters in one handover.
const AT_ONCE: usize = 8;
/// More handovers in a row get nowhere.
const MOST: usize = 10_000;

/// What a contact with a carrier brought about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HandedOver {
    /// Letters handed over now.
    pub letters: usize,
    /// Letters of this suitcase that wait at the carrier for the hub.
    pub kept: usize,
    /// The carrier keeps no more of this suitcase now.
    pub full: bool,
    /// What the answers brought that were collected.
    pub contact: Contact,
}

/// One contact with one carrier.
struct Talk<'a> {
    peer: &'a Arc<Peer>,
    answerer: &'a str,
    link: Link,
    collected: Vec<Hash>,
    covered: Vec<Sent>,
    more: bool,
    done: HandedOver,
}

/// Hands everything that is not anchored to the suitcase at `address` (`host:port`), and collects what it has for us.
pub async fn sync_through(peer: &Arc<Peer>, answerer: &str, address: &str) -> Result<HandedOver, SyncError> {
    let config = tokio::task::block_in_place(|| client_config(peer))?;
    let link = Link::new(&format!("https://{address}"), config)?;
    let (collected, covered) = (Vec::new(), Vec::new());
    let mut talk = Talk { peer, answerer, link, collected, covered, more: true, done: HandedOver::default() };
    if tokio::task::block_in_place(|| peer.with_ledger(|ledger| Ok(ledger.is_too_old())))? {
        return Err(PeerError::Refused(RefusalCode::Protocol.to_string()).into());
    }
    let ended = talk.go_on().await;
    let mut done = talk.done;
    if done.contact.received > 0 {
        done.contact.absorbed = tokio::task::block_in_place(|| peer.absorb())?;
    }
    ended.map(|()| done)
}

/// Of many, those that were made last.
fn newest<T>(mut all: Vec<T>) -> Vec<T> {
    all.drain(..all.len().saturating_sub(limits::CARRIAGE_LETTERS));
    all
}

impl Talk<'_> {
    async fn go_on(&mut self) -> Result<(), SyncError> {
        let name = self.answerer.to_owned();
        let (done, waiting) = tokio::task::block_in_place(|| {
            self.peer.with_ledger(move |ledger| {
                let (mut done, mut waiting) = (Vec::new(), Vec::new());
                for sent in letters::all_sent(&ledger.connection)? {
                    if ledger.is_done(&name, &sent)? { done.push(sent.hash) } else { waiting.push(sent) }
                }
                Ok((newest(done), newest(waiting)))
            })
        })?;
        // Answered by another way: nobody needs to keep them any more.
        self.collected = done;
        self.hand_over(waiting, Vec::new()).await?;
        for _ in 0..MOST {
            let (sent, bytes) = tokio::task::block_in_place(|| self.compose())?;
            if sent.is_empty() || self.done.full {
                break;
            }
            self.done.letters += sent.len();
            self.more = false;
            self.hand_over(sent, bytes).await?;
        }
        self.done.kept = self.covered.len();
        if self.collected.is_empty() { Ok(()) } else { self.hand_over(Vec::new(), Vec::new()).await }
    }

    /// The next letters for what is neither anchored nor kept here already.
    fn compose(&self) -> Result<(Vec<Sent>, Vec<Vec<u8>>), PeerError> {
        let (name, covered, more) = (self.answerer.to_owned(), self.covered.clone(), self.more);
        self.peer.with_ledger(move |ledger| {
            let (left, is_asked) = ledger.left_to_say(&name, &covered)?;
            let mut asks = more && !is_asked;
            let (mut sent, mut bytes) = (Vec::new(), Vec::new());
            for (chain, (mut from, until)) in
                left.into_iter().flat_map(|(c, gaps)| gaps.into_iter().map(move |g| (c, g)))
            {
                while sent.len() < AT_ONCE {
                    let Some(letter) = ledger.compose_letter(&name, chain, (from, until), asks)? else { break };
                    let Composed { sent: one, bytes: text } = letter;
                    (asks, from) = (false, from.max(one.last + 1));
                    sent.push(one);
                    bytes.push(text);
                }
            }
            Ok((sent, bytes))
        })
    }

    /// Says which letters are meant (`sent`), with their bytes if they are new, and takes what is told of each.
    async fn hand_over(&mut self, sent: Vec<Sent>, bytes: Vec<Vec<u8>>) -> Result<(), SyncError> {
        let is_new = !bytes.is_empty();
        let asked = if is_new { Vec::new() } else { sent.iter().map(|one| one.hash).collect() };
        let handover = Handover { collected: std::mem::take(&mut self.collected), asked, letters: bytes };
        let told = self.link.post(PATH, handover.encode(), limits::CARRIAGE_ANSWER).await?;
        let fates = Fate::decode_all(&told).map_err(|_| SyncError::Damaged)?;
        if fates.len() != sent.len() {
            return Err(SyncError::Damaged);
        }
        for (one, fate) in sent.into_iter().zip(fates) {
            match fate {
                Fate::Answered(answer) => {
                    let hash = one.hash;
                    let taken = tokio::task::block_in_place(|| self.peer.take_letter(self.answerer, one, answer))?;
                    add(&mut self.done.contact, taken.contact);
                    self.more |= taken.more;
                    self.collected.push(hash);
                }
                Fate::Kept => self.covered.push(one),
                // What is newer than this program says of a letter keeps nobody from bringing it another way.
                Fate::Unknown | Fate::Other(_) => {}
                Fate::Full => self.done.full = true,
                Fate::Refused => return Err(SyncError::Damaged),
                Fate::Later => return Err(LinkError::Older.into()),
            }
        }
        Ok(())
    }
}
