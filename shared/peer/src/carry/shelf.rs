//! Letters of others that this peer keeps: a suitcase until it reaches the hub, a desk to ask for their senders again.

use crate::identity::Role;
use crate::store::letters::{self, Kept};
use crate::{Peer, PeerError, obey};
use chain::{Register, Request, limits};
use ids::ChainId;
use rusqlite::Connection;
use signing::Hash;

/// What becomes of a letter that somebody gives this peer to carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shelved {
    /// Its answer is here.
    Answered(Vec<u8>),
    /// It is kept until the hub is reached.
    Kept,
    /// Its sender has as much here as it may.
    Full,
    /// It is no letter of this sender, or of another community.
    Refused,
    /// It is of a later version: whose it is cannot be looked at here.
    Later,
}

/// True if these bytes are a letter that `sender` of this community signed.
fn is_letter(register: &Register, sender: ChainId, bytes: &[u8]) -> bool {
    let known = register.suitcase(sender).is_some_and(|suitcase| Request::is_signed(bytes, &suitcase.signing));
    known && Request::decode(bytes).is_ok_and(|read| read.tenant == register.tenant() && read.sender == sender)
}

/// True if so many bytes more may be kept of whoever sent the letter.
fn has_room(connection: &Connection, letter: Hash, bytes: usize) -> Result<bool, PeerError> {
    let (_, of_sender) = letters::weight(connection, letters::sender_of(connection, letter)?)?;
    let (_, of_all) = letters::weight(connection, None)?;
    Ok(of_sender + bytes <= limits::KEPT_BYTES && of_all + bytes <= limits::KEPT_BYTES_ALL)
}

impl Peer {
    /// Keeps a letter that its sender gave, within limits, so that nobody fills this disk.
    pub fn shelve(&self, sender: ChainId, bytes: Vec<u8>) -> Result<Shelved, PeerError> {
        if !is_letter(&*self.register()?, sender, &bytes) {
            let later = chain::later_version(&bytes, 1).is_some();
            return Ok(if later { Shelved::Later } else { Shelved::Refused });
        }
        let hash = Request::hash(&bytes);
        self.with_ledger(move |ledger| {
            match letters::answer_to(&ledger.connection, hash)? {
                Some(Some(answer)) => return Ok(Shelved::Answered(answer)),
                Some(None) => return Ok(Shelved::Kept),
                None => {}
            }
            let transaction = ledger.connection.transaction()?;
            // Whoever did not ask for so long sends anew: its token is no longer good in a letter.
            letters::let_go_before(&transaction, ledger.clock.now().0.saturating_sub(limits::CARRIED_TOKEN_LIFE))?;
            let (count, of_sender) = letters::weight(&transaction, Some(sender))?;
            let (_, of_all) = letters::weight(&transaction, None)?;
            let fits = count < limits::KEPT_LETTERS
                && of_sender + bytes.len() <= limits::KEPT_BYTES
                && of_all + bytes.len() <= limits::KEPT_BYTES_ALL;
            if !fits {
                return Ok(Shelved::Full);
            }
            letters::keep(&transaction, &Kept { hash, sender, bytes }, ledger.clock.now().0)?;
            transaction.commit()?;
            Ok(Shelved::Kept)
        })
    }

    /// What is here of a letter: `None` if it is not kept, or is another's than `sender`'s.
    pub fn shelved(&self, sender: ChainId, letter: Hash) -> Result<Option<Shelved>, PeerError> {
        self.read(|view| {
            if letters::sender_of(view.connection(), letter)? != Some(sender) {
                return Ok(None);
            }
            let answer = letters::answer_to(view.connection(), letter)?;
            Ok(answer.map(|answer| answer.map_or(Shelved::Kept, Shelved::Answered)))
        })
    }

    /// Kept letters without an answer, the oldest first; or all of them.
    pub fn shelf(&self, unanswered_only: bool, most: usize) -> Result<Vec<(Hash, ChainId, Vec<u8>)>, PeerError> {
        let kept = self.read(|view| letters::kept(view.connection(), unanswered_only, most))?;
        Ok(kept.into_iter().map(|kept| (kept.hash, kept.sender, kept.bytes)).collect())
    }

    /// How many kept letters wait for an answer, and how many have one.
    pub fn shelf_counts(&self) -> Result<(usize, usize), PeerError> {
        self.read(|view| letters::kept_counts(view.connection()))
    }

    /// Keeps what the hub answered to a kept letter; without an answer the letter goes, because none will come. It goes as
    /// well if its sender has no more room here: the hub has what it brought, and the sender asks again once it has
    /// collected what is here.
    pub fn answer_shelved(&self, letter: Hash, answer: Option<Vec<u8>>) -> Result<(), PeerError> {
        self.with_ledger(move |ledger| match answer {
            Some(answer) if !has_room(&ledger.connection, letter, answer.len())? => {
                tracing::warn!(?letter, bytes = answer.len(), "no room for the answer to a letter");
                letters::let_go(&ledger.connection, letter)
            }
            Some(answer) => {
                letters::keep_answer(&ledger.connection, letter, &answer)?;
                // On a suitcase it has gone its way; a desk asks with it again.
                if ledger.identity.role == Role::Suitcase {
                    letters::empty(&ledger.connection, letter)?;
                }
                Ok(())
            }
            None => letters::let_go(&ledger.connection, letter),
        })
    }

    /// The sender has the answers to these letters: they are not kept any more.
    pub fn let_go(&self, sender: ChainId, collected: Vec<Hash>) -> Result<(), PeerError> {
        self.with_ledger(move |ledger| {
            for letter in collected {
                if letters::sender_of(&ledger.connection, letter)? == Some(sender) {
                    letters::let_go(&ledger.connection, letter)?;
                }
            }
            Ok(())
        })
    }

    /// For a desk: keeps the newest letter with which a suitcase asks for news, in the place of an earlier one.
    pub fn keep_question(&self, sender: ChainId, bytes: Vec<u8>) -> Result<(), PeerError> {
        self.with_ledger(move |ledger| {
            let (hash, came) = (Request::hash(&bytes), ledger.clock.now().0);
            let transaction = ledger.connection.transaction()?;
            letters::let_go_of(&transaction, sender)?;
            if obey::brings(ledger.identity.tenant, &ledger.erased, &bytes) {
                // The suitcase that wrote it learns of the order by the answer, and writes without it next time.
                transaction.commit()?;
                return Ok(());
            }
            letters::keep(&transaction, &Kept { hash, sender, bytes }, came)?;
            transaction.commit()?;
            Ok(())
        })
    }
}
