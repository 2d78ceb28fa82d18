//! The centre's side of a stick: letters are taken off it, answers put onto it.

use super::mail::{Found, Mail, assemble, sort};
use super::own::FORGET;
use super::piece::Way;
use super::stick::{Stick, StickError};
use super::writing::Outgoing;
use crate::store::{keys, letters};
use crate::{Peer, PeerError};
use chain::Request;
use ids::ChainId;
use sealing::AgreementSecret;
use signing::Hash;
use std::collections::BTreeSet;

/// A letter as it came off a stick.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Of its bytes.
    pub hash: Hash,
    /// What it says.
    pub request: Request,
    /// As its sender signed them.
    pub bytes: Vec<u8>,
}

/// What the pieces of a letter on a stick make.
#[derive(Debug, Clone)]
pub enum OnStick {
    /// A letter of who they say.
    Letter(Box<Letter>),
    /// One of a later version than this program reads.
    Later,
    /// None.
    Damaged,
}

impl OnStick {
    /// The letter, if it is one.
    pub fn letter(self) -> Option<Letter> {
        match self {
            Self::Letter(letter) => Some(*letter),
            Self::Later | Self::Damaged => None,
        }
    }
}

impl Peer {
    /// Every secret to which something for this peer may have been sealed: a desk's own, its predecessors'.
    fn secrets(&self) -> Result<Vec<AgreementSecret>, PeerError> {
        self.with_ledger(|ledger| keys::receptions(&ledger.connection))
    }

    /// For a desk: the letters on a stick.
    pub fn letters_on(&self, stick: &Stick) -> Result<Mail, StickError> {
        self.with_ledger(|ledger| {
            letters::forget_before(&ledger.connection, ledger.clock.now().0.saturating_sub(FORGET))
        })?;
        sort(stick, Way::Up, &self.secrets()?, &self.own_names()?)
    }

    /// For a desk: one of them.
    pub fn letter_on(&self, stick: &Stick, found: &Found) -> Result<OnStick, StickError> {
        let Some(bytes) = assemble(stick, &self.secrets()?, found)? else { return Ok(OnStick::Damaged) };
        let hash = Request::hash(&bytes);
        let request = Request::decode(&bytes).ok();
        let fits = |request: &Request| hash == found.envelope.letter && request.sender == found.envelope.party;
        Ok(match request.filter(fits) {
            Some(request) => OnStick::Letter(Box::new(Letter { hash, request, bytes })),
            None if chain::later_version(&bytes, 1).is_some() => OnStick::Later,
            None => OnStick::Damaged,
        })
    }

    /// For a desk: puts the answer to a letter onto a stick, sealed to the suitcase, in the place of an earlier one.
    /// Gives back how many files it made; `None` if the register knows no key of the sender.
    pub fn put_answer(
        &self,
        stick: &Stick,
        sender: ChainId,
        letter: Hash,
        answer: Vec<u8>,
    ) -> Result<Option<usize>, StickError> {
        let register = self.register()?;
        let certified = register.suitcase(sender).map(|suitcase| suitcase.agreement);
        let waiting = || register.rebirth(sender).map(|rebirth| rebirth.agreement);
        let Some(to) = certified.or_else(waiting) else { return Ok(None) };
        let earlier = self.own_copies(stick)?;
        let outgoing = Outgoing { way: Way::Down, party: sender, letter, to, message: answer };
        let files = self.write_message(stick, outgoing)?;
        for copy in earlier.iter().filter(|copy| copy.letter == letter) {
            self.remove_copy(stick, copy)?;
        }
        Ok(Some(files))
    }

    /// For a desk: takes own answers away whose suitcase has been at the stick since: its other letters are there, and
    /// the one that was answered is not. Gives back how many files went.
    pub fn tidy_answers(&self, stick: &Stick, mail: &Mail) -> Result<usize, StickError> {
        let envelopes = || mail.found.iter().map(|f| f.envelope).chain(mail.partial.iter().map(|p| p.envelope));
        let on_it: BTreeSet<Hash> = envelopes().map(|envelope| envelope.letter).collect();
        let senders: BTreeSet<ChainId> = envelopes().map(|envelope| envelope.party).collect();
        let mut removed = 0;
        for copy in self.own_copies(stick)? {
            if !on_it.contains(&copy.letter) && senders.contains(&copy.party) {
                removed += self.remove_copy(stick, &copy)?;
            }
        }
        Ok(removed)
    }
}
