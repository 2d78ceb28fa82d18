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
    /// Got nowhere in this contact: it is not handed over again in it, and holds up nothing else.
    stuck: Vec<Sent>,
    /// Why the first of these got nowhere.
    trouble: Option<SyncError>,
    more: bool,
    done: HandedOver,
}

/// Hands everything that is not anchored to the suitcase at `address` (`host:port`), and collects what it has for us.
/// Beside what came of it, why it was not everything: a link that broke, or letters that got nowhere. What was taken
/// before is taken, and the other letters have gone their way.
pub async fn sync_through(peer: &Arc<Peer>, answerer: &str, address: &str) -> (HandedOver, Result<(), SyncError>) {
    let link = match link_to(peer, address) {
        Ok(link) => link,
        Err(error) => return (HandedOver::default(), Err(error)),
    };
    let (collected, covered, stuck) = (Vec::new(), Vec::new(), Vec::new());
    let (trouble, more, done) = (None, true, HandedOver::default());
    let mut talk = Talk { peer, answerer, link, collected, covered, stuck, trouble, more, done };
    let mut ended = talk.go_on().await;
    let mut done = talk.done;
    if done.contact.received > 0 {
        match tokio::task::block_in_place(|| peer.absorb()) {
            Ok(absorbed) => done.contact.absorbed = absorbed,
            Err(error) => ended = ended.and(Err(error.into())),
        }
    }
    (done, ended)
}

/// A link to a carrier, for a program that may still speak.
fn link_to(peer: &Arc<Peer>, address: &str) -> Result<Link, SyncError> {
    let config = tokio::task::block_in_place(|| client_config(peer))?;
    let link = Link::new(&format!("https://{address}"), config)?;
    if tokio::task::block_in_place(|| peer.with_ledger(|ledger| Ok(ledger.is_too_old())))? {
        return Err(PeerError::Refused(RefusalCode::Protocol.to_string()).into());
    }
    Ok(link)
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
            let (made, before) = (sent.len(), self.stuck.len());
            self.hand_over(sent, bytes).await?;
            if self.stuck.len() - before == made {
                // It takes none of them: a thousand more would fare no better.
                break;
            }
        }
        self.done.kept = self.covered.len();
        if !self.collected.is_empty() {
            self.hand_over(Vec::new(), Vec::new()).await?;
        }
        self.trouble.take().map_or(Ok(()), Err)
    }

    /// The next letters for what is neither anchored, nor kept here already, nor stuck.
    fn compose(&self) -> Result<(Vec<Sent>, Vec<Vec<u8>>), PeerError> {
        // Of those, what they bring is left out; what they ask is asked anew.
        let stuck = self.stuck.iter().map(|one| Sent { asks: false, ..one.clone() });
        let covered: Vec<Sent> = self.covered.iter().cloned().chain(stuck).collect();
        let (name, more) = (self.answerer.to_owned(), self.more);
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
            self.heed(one, fate, is_new);
        }
        Ok(())
    }

    /// Takes what is told of one letter. What goes wrong with it is remembered and said at the end, so that it keeps
    /// nothing of the others.
    fn heed(&mut self, one: Sent, fate: Fate, is_new: bool) {
        let trouble = match fate {
            Fate::Answered(answer) => {
                let (peer, sent) = (self.peer, one.clone());
                match tokio::task::block_in_place(|| peer.take_letter(self.answerer, sent, answer)) {
                    Ok(taken) => {
                        add(&mut self.done.contact, taken.contact);
                        self.more |= taken.more;
                        self.collected.push(one.hash);
                        return;
                    }
                    // The carrier keeps it: a program that reads it may come.
                    Err(error) => error,
                }
            }
            Fate::Kept => return self.covered.push(one),
            Fate::Full => {
                self.done.full = true;
                return;
            }
            // There was no room for its answer: once the others are collected there is.
            Fate::Unknown if !self.collected.is_empty() => return,
            Fate::Unknown | Fate::Other(_) => {
                // What is newer than this program says of a letter keeps nobody from bringing it another way; but what is
                // not kept although it was given just now would be given without end.
                return if is_new {
                    self.stuck.push(one)
                };
            }
            Fate::Refused => SyncError::Damaged,
            Fate::Later => LinkError::Older.into(),
        };
        self.stuck.push(one);
        self.trouble.get_or_insert(trouble);
    }
}
