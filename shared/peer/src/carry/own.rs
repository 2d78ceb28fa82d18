//! A suitcase and a stick: letters out, their answers back.

use super::letters::{Composed, LETTER, Taken};
use super::mail::{Partial, assemble, sort};
use super::piece::{FILE, Way};
use super::stick::{Stick, StickError};
use super::writing::Outgoing;
use crate::store::letters::{self, Sent};
use crate::store::{entries, keys};
use crate::sync::{Contact, SyncError};
use crate::{Peer, PeerError};
use chain::RefusalCode;
use ids::ChainId;
use sealing::AgreementSecret;
use signing::Hash;

/// Letters whose answer did not come for so long are forgotten; their entries go out again anyway. Milliseconds.
pub(super) const FORGET: i64 = 400 * 24 * 60 * 60 * 1000;

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
    /// Files that are cut or damaged.
    pub damaged: Vec<String>,
    /// Answers signed with a key that the register here does not name as a hub's. A contact over the network teaches a new
    /// hub's; after it they are taken.
    pub unknown: usize,
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

impl Peer {
    /// Writes everything that is not anchored onto a stick, and asks for news. What is on it already and still good
    /// stays; what was answered since goes. Everything is read back: then the stick may be taken out.
    pub fn carry_out(&self, stick: &Stick, answerer: &str) -> Result<CarriedOut, StickError> {
        if self.with_ledger(|ledger| Ok(ledger.is_too_old()))? {
            return Err(PeerError::Refused(RefusalCode::Protocol.to_string()).into());
        }
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
        let (left, is_asked) = self.with_ledger(move |ledger| {
            letters::forget_before(&ledger.connection, ledger.clock.now().0.saturating_sub(FORGET))?;
            ledger.left_to_say(&name, &covered)
        })?;
        let mut asks = !is_asked;
        for (chain, (mut from, until)) in
            left.into_iter().flat_map(|(chain, gaps)| gaps.into_iter().map(move |gap| (chain, gap)))
        {
            loop {
                let name = answerer.to_owned();
                let composed =
                    self.with_ledger(move |ledger| ledger.compose_letter(&name, chain, (from, until), asks))?;
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
        let secrets = self.own_secret()?;
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
                Ok(taken) => {
                    home.answers += 1;
                    add(&mut home.contact, taken.contact);
                }
                Err(SyncError::NotSigned) => home.unknown += 1,
                Err(SyncError::Damaged) => home.damaged.extend(found.files),
                Err(error) => return Err(error.into()),
            }
        }
        if home.contact.received > 0 {
            home.contact.absorbed = self.absorb()?;
        }
        self.tidy_answered(stick, answerer, &mut home)?;
        Ok(home)
    }

    /// Without taking anything: own letters on a stick that wait, and answers on it that were not taken yet.
    pub fn carry_seen(&self, stick: &Stick, answerer: &str) -> Result<(usize, usize), StickError> {
        let mut waiting = 0;
        for copy in self.own_copies(stick)?.iter().filter(|copy| copy.is_whole) {
            waiting += usize::from(self.still_good(answerer, copy.letter)?.is_some());
        }
        let mail = sort(stick, Way::Down, &self.own_secret()?, &self.own_names()?)?;
        let mut answers = 0;
        for found in &mail.found {
            let sent = self.read(|view| letters::sent(view.connection(), found.envelope.letter))?;
            answers += usize::from(sent.is_some_and(|sent| sent.taken != Some(found.envelope.message)));
        }
        Ok((waiting, answers))
    }

    /// The keys that the centre's certificates name, that of a chain before a rebirth among them: answers are sealed to
    /// the newest that the centre knew.
    fn own_secret(&self) -> Result<Vec<AgreementSecret>, PeerError> {
        self.with_ledger(|ledger| keys::certified_receptions(&ledger.connection))
    }

    /// Takes the answer to one letter.
    pub(crate) fn take_letter(&self, answerer: &str, sent: Sent, bytes: Vec<u8>) -> Result<Taken, SyncError> {
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
                let bytes = entries::between(view.connection(), chain, from.saturating_sub(1), u64::MAX)?.1;
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
            let places = view.whereabouts(records::Kind::Request, answerer)?;
            Ok((places.waiting_entries, places.waiting_bytes))
        })
    }
}

/// Adds one answer's news to those of the others.
pub(super) fn add(all: &mut Contact, one: Contact) {
    all.rounds += one.rounds;
    all.sent += one.sent;
    all.received += one.received;
    crate::refused::note(&mut all.refusals, one.refusals);
    all.reborn |= one.reborn;
    all.hub_time = all.hub_time.max(one.hub_time);
    all.began_anew |= one.began_anew;
}
