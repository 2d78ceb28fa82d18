//! A suitcase's own letters: out onto a stick, their answers back.

use super::mail::{Partial, assemble, sort};
use super::piece::{FILE, Way};
use super::stick::{Stick, StickError};
use super::writing::Outgoing;
use crate::ledger::Ledger;
use crate::store::letters::{self, Sent};
use crate::store::{chains, entries, sync as memory};
use crate::sync::{Contact, SyncError};
use crate::{Peer, PeerError};
use chain::{Answer, Dialogue, Offered, RefusalCode, Request};
use ids::ChainId;
use sealing::AgreementSecret;
use signing::canonical::Writer;
use signing::{Hash, Secret};
use std::collections::BTreeMap;

/// Bytes of entries in one letter: with what is around them it fills one file.
const LETTER: usize = 248 * 1024;
/// Letters whose answer did not come for so long are forgotten; their entries go out again anyway. Milliseconds.
const FORGET: i64 = 400 * 24 * 60 * 60 * 1000;

/// What was written onto a stick.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CarriedOut {
    /// Letters written now.
    pub letters: usize,
    /// Letters that were on the stick and are still good.
    pub kept: usize,
    /// Entries in all of these.
    pub entries: u64,
    /// Files written now.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Own files taken away, because what they brought is answered or they were broken.
    pub removed: usize,
}

/// What was read from a stick.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CarriedIn {
    /// Answers taken now.
    pub answers: usize,
    /// Answers that had been taken before.
    pub known: usize,
    /// What they brought about.
    pub contact: Contact,
    /// Answers some of whose pieces are missing: how many are there, of how many.
    pub partial: Vec<Partial>,
    /// Files that are cut or damaged, and answers that are not the hub's.
    pub damaged: Vec<String>,
    /// Files of a later version.
    pub later: usize,
    /// Files for others.
    pub others: usize,
    /// Own letters on the stick that wait for an answer.
    pub waiting: usize,
    /// Own files taken away, because what they brought is answered.
    pub removed: usize,
    /// The stick could only be read.
    pub read_only: bool,
}

/// An own letter, for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnLetter {
    /// Device time, ms since 1970.
    pub made: i64,
    /// Entries in it.
    pub entries: u64,
    /// It asks for news.
    pub asks: bool,
    /// An answer was taken.
    pub is_answered: bool,
}

impl Sent {
    fn entries(&self) -> u64 {
        if self.first == 0 { 0 } else { self.last + 1 - self.first }
    }
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

impl Ledger {
    /// The next letter with entries of an own chain from a number on, remembered; `None` if there is nothing to say.
    /// Only one that asks shows token and cursor: any other is answered with anchors alone, and moves no cursor.
    pub(crate) fn compose_letter(
        &mut self,
        answerer: &str,
        (chain, from): (ChainId, u64),
        asks: bool,
    ) -> Result<Option<Composed>, PeerError> {
        let dialogue = memory::dialogue(&self.connection, answerer)?;
        let segments: Vec<_> = entries::run(&self.connection, chain, from, LETTER)?.into_iter().collect();
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
    pub(crate) fn take_letter_answer(
        &mut self,
        answerer: &str,
        sent: &Sent,
        bytes: &[u8],
    ) -> Result<Contact, SyncError> {
        let mut keys = self.register.hubs(Some(self.clock.now().0));
        if keys.is_empty() {
            keys = self.register.hubs(None);
        }
        let decoded = Answer::decode(bytes, &sent.hash, self.identity.tenant, &keys).ok_or(SyncError::NotSigned)?;
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
        let news = self.take_answer(answerer, dialogue, answer, false)?;
        letters::set_taken(&self.connection, sent.hash, super::piece::message_hash(bytes))?;
        let refusals = news.refusals.into_iter().filter(|refusal| refusal.code != RefusalCode::UnknownChain);
        Ok(Contact {
            rounds: 1,
            sent: usize::try_from(sent.entries()).unwrap_or(usize::MAX),
            received: news.segments.iter().map(|segment| segment.entries.len()).sum(),
            refusals: refusals.collect(),
            reborn: news.reborn,
            hub_time,
            ..Contact::default()
        })
    }

    /// For each own chain, from where on it is to be sent if these letters are on their way already; and whether one of
    /// them asks as the dialogue stands.
    pub(crate) fn left_to_say(
        &self,
        answerer: &str,
        covered: &[Sent],
    ) -> Result<(BTreeMap<ChainId, u64>, bool), PeerError> {
        let dialogue = memory::dialogue(&self.connection, answerer)?;
        let stands = standing(&dialogue);
        let mut next = BTreeMap::new();
        for chain in self.identity.own_chains() {
            let mut from = dialogue.unsent_from(chain);
            let mut runs: Vec<&Sent> = covered.iter().filter(|sent| sent.chain == chain && sent.first > 0).collect();
            runs.sort_unstable_by_key(|sent| sent.first);
            for run in runs {
                if run.first <= from && run.last >= from {
                    from = run.last + 1;
                }
            }
            next.insert(chain, from);
        }
        Ok((next, covered.iter().any(|sent| sent.asks && sent.stood == stands)))
    }

    /// Nothing of this letter is needed any more: it is answered, or what it brings is anchored and what it asks was
    /// asked since.
    fn is_done(&self, answerer: &str, sent: &Sent) -> Result<bool, PeerError> {
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

impl Peer {
    /// Writes everything that is not anchored onto a stick, and asks for news. What is on it already and still good
    /// stays; what was answered since goes. Everything is read back: then the stick may be taken out.
    pub fn carry_out(&self, stick: &Stick, answerer: &str) -> Result<CarriedOut, StickError> {
        let (to, party) = (self.register()?.centre_agreement().ok_or(PeerError::NotCertified)?, self.chain());
        let mut out = CarriedOut::default();
        let mut covered = Vec::new();
        for copy in self.own_copies(stick)? {
            match self.still_good(answerer, copy.letter)?.filter(|_| copy.is_whole) {
                Some(sent) => covered.push(sent),
                None => out.removed += self.remove_copy(stick, &copy)?,
            }
        }
        out.kept = covered.len();
        out.entries = covered.iter().map(Sent::entries).sum();
        let name = answerer.to_owned();
        let (next, is_asked) = self.with_ledger(move |ledger| {
            letters::forget_before(&ledger.connection, ledger.clock.now().0.saturating_sub(FORGET))?;
            ledger.left_to_say(&name, &covered)
        })?;
        let mut asks = !is_asked;
        for (chain, mut from) in next {
            loop {
                let name = answerer.to_owned();
                let composed = self.with_ledger(move |ledger| ledger.compose_letter(&name, (chain, from), asks))?;
                let Some(Composed { sent, bytes }) = composed else { break };
                let outgoing = Outgoing { way: Way::Up, party, letter: sent.hash, to, message: bytes };
                out.files += self.write_message(stick, outgoing).map_err(|error| self.how_much(error, chain, from))?;
                out.letters += 1;
                out.entries += sent.entries();
                (asks, from) = (false, from.max(sent.last + 1));
            }
        }
        out.bytes = (out.files * FILE) as u64;
        Ok(out)
    }

    /// Reads the answers for this suitcase and takes what they bring.
    pub fn carry_in(&self, stick: &Stick, answerer: &str) -> Result<CarriedIn, StickError> {
        let own = self.own_names()?;
        let secrets = [self.with_ledger(|ledger| {
            Ok(AgreementSecret::from_bytes(Secret::new(*ledger.identity.agreement.expose())))
        })?];
        let mail = sort(stick, Way::Down, &secrets, &own)?;
        let mut home = CarriedIn {
            partial: mail.partial,
            damaged: mail.damaged,
            later: mail.later,
            others: mail.others,
            ..CarriedIn::default()
        };
        let mut answers = Vec::new();
        for found in mail.found {
            let sent = self.read(|view| letters::sent(view.connection(), found.envelope.letter))?;
            match sent {
                Some(sent) if sent.taken == Some(found.envelope.message) => home.known += 1,
                Some(sent) => answers.push((sent, found)),
                // To a letter of a suitcase that this one was before, or long forgotten.
                None => home.others += 1,
            }
        }
        // What asked moves the cursor, which the others leave where it is.
        answers.sort_by_key(|(sent, _)| (!sent.asks, sent.made, sent.first));
        for (sent, found) in answers {
            let Some(bytes) = assemble(stick, &secrets, &found)? else {
                home.damaged.extend(found.files);
                continue;
            };
            match self.take_letter(answerer, sent, bytes) {
                Ok(contact) => {
                    home.answers += 1;
                    add(&mut home.contact, contact);
                }
                Err(SyncError::NotSigned | SyncError::Damaged) => home.damaged.extend(found.files),
                Err(error) => return Err(error.into()),
            }
        }
        if home.contact.received > 0 {
            home.contact.absorbed = self.absorb()?;
        }
        self.tidy_answered(stick, answerer, &mut home)?;
        Ok(home)
    }

    /// Takes the answer to one letter.
    pub(crate) fn take_letter(&self, answerer: &str, sent: Sent, bytes: Vec<u8>) -> Result<Contact, SyncError> {
        let name = answerer.to_owned();
        self.with_ledger(move |ledger| Ok(ledger.take_letter_answer(&name, &sent, &bytes)))?
    }

    /// Own files whose letter is answered are taken away by their writer: this is the moment when it knows.
    fn tidy_answered(&self, stick: &Stick, answerer: &str, home: &mut CarriedIn) -> Result<(), StickError> {
        for copy in self.own_copies(stick)? {
            if self.still_good(answerer, copy.letter)?.is_some() {
                home.waiting += usize::from(copy.is_whole);
                continue;
            }
            match self.remove_copy(stick, &copy) {
                Ok(removed) => home.removed += removed,
                Err(StickError::ReadOnly) => home.read_only = true,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn still_good(&self, answerer: &str, letter: Hash) -> Result<Option<Sent>, PeerError> {
        let name = answerer.to_owned();
        self.with_ledger(move |ledger| match letters::sent(&ledger.connection, letter)? {
            Some(sent) if !ledger.is_done(&name, &sent)? => Ok(Some(sent)),
            _ => Ok(None),
        })
    }

    /// A full stick: how much of the chain is left is known here.
    fn how_much(&self, error: StickError, chain: ChainId, from: u64) -> StickError {
        let left = || {
            self.read(|view| {
                let bytes = entries::after(view.connection(), chain, from.saturating_sub(1))?.1;
                Ok((bytes / LETTER as u64 + 1) * FILE as u64)
            })
        };
        match error {
            StickError::Full { missing } => StickError::Full { missing: left().unwrap_or(missing) },
            other => other,
        }
    }

    /// Own letters, the newest first.
    pub fn own_letters(&self) -> Result<Vec<OwnLetter>, PeerError> {
        let listed = self.read(|view| letters::all_sent(view.connection()))?;
        let told = |sent: Sent| OwnLetter {
            made: sent.made,
            entries: sent.entries(),
            asks: sent.asks,
            is_answered: sent.taken.is_some(),
        };
        Ok(listed.into_iter().rev().map(told).collect())
    }

    /// Numbers of own entries that no answerer has anchored yet, with their bytes: what would go out.
    pub fn left_to_carry(&self, answerer: &str) -> Result<(u64, u64), PeerError> {
        self.read(|view| {
            let dialogue = memory::dialogue(view.connection(), answerer)?;
            let from = dialogue.unsent_from(self.chain()).saturating_sub(1);
            debug_assert!(from <= chains::end(view.connection(), self.chain())?.seq);
            entries::after(view.connection(), self.chain(), from)
        })
    }
}

/// Adds one answer's news to those of the others.
pub(super) fn add(all: &mut Contact, one: Contact) {
    all.rounds += one.rounds;
    all.sent += one.sent;
    all.received += one.received;
    all.refusals.extend(one.refusals);
    all.reborn |= one.reborn;
    all.hub_time = all.hub_time.max(one.hub_time);
}
