//! Writing messages onto a stick, and knowing again what this peer has written there.

use super::piece::{Way, cut, message_hash};
use super::stick::{Stick, StickError, name_of};
use crate::store::letters::{self, OwnFile};
use crate::{Peer, PeerError};
use ids::ChainId;
use signing::{AgreementPublicKey, Hash};
use std::collections::{BTreeMap, BTreeSet};

/// A message on its way onto a stick.
pub(super) struct Outgoing {
    pub way: Way,
    pub party: ChainId,
    pub letter: Hash,
    pub to: AgreementPublicKey,
    pub message: Vec<u8>,
}

/// Files of one message that this peer wrote, as far as they are on the stick.
pub(super) struct OwnCopy {
    pub letter: Hash,
    /// Whose letter that is.
    pub party: ChainId,
    files: Vec<OwnFile>,
    /// All of them are there and hold what was written.
    pub is_whole: bool,
}

impl Peer {
    /// What of this peer's writing is on the stick.
    pub(super) fn own_copies(&self, stick: &Stick) -> Result<Vec<OwnCopy>, StickError> {
        let listing = stick.files()?;
        let here: BTreeSet<&String> = listing.whole.iter().chain(&listing.cut).chain(&listing.beside).collect();
        let known = self.read(|view| letters::files(view.connection()))?;
        let mut copies: BTreeMap<(Hash, ChainId, [u8; 8]), Vec<OwnFile>> = BTreeMap::new();
        for file in known {
            copies.entry((file.letter, file.party, file.copy)).or_default().push(file);
        }
        copies.retain(|_, files| files.iter().any(|file| here.contains(&file.name)));
        let whole: BTreeSet<&String> = listing.whole.iter().collect();
        let mut found = Vec::with_capacity(copies.len());
        for ((letter, party, _), files) in copies {
            let mut is_whole = files.iter().all(|file| whole.contains(&file.name));
            for file in &files {
                is_whole = is_whole && stick.holds(&file.name, file.digest)?;
            }
            found.push(OwnCopy { letter, party, files, is_whole });
        }
        Ok(found)
    }

    /// Names of all files that this peer has ever written.
    pub(super) fn own_names(&self) -> Result<BTreeSet<String>, PeerError> {
        self.read(|view| Ok(letters::files(view.connection())?.into_iter().map(|file| file.name).collect()))
    }

    /// Takes own files from the stick, and then from memory. Gives back how many were there.
    pub(super) fn remove_copy(&self, stick: &Stick, copy: &OwnCopy) -> Result<usize, StickError> {
        let mut removed = 0;
        for file in &copy.files {
            removed += usize::from(stick.remove(&file.name)?);
        }
        stick.settle()?;
        let names: Vec<String> = copy.files.iter().map(|file| file.name.clone()).collect();
        self.with_ledger(move |ledger| {
            names.iter().try_for_each(|name| letters::forget_file(&ledger.connection, name))
        })?;
        Ok(removed)
    }

    /// Seals a message into files and writes them. Their names are remembered first, so that whatever becomes of the
    /// writing, they are known again. Gives back how many files it made; a message that did not fit leaves none.
    pub(super) fn write_message(&self, stick: &Stick, outgoing: Outgoing) -> Result<usize, StickError> {
        let sealed = self.with_ledger(move |ledger| {
            let Outgoing { way, party, letter, to, message } = outgoing;
            let pieces = cut(way, party, letter, &message).ok_or(PeerError::TooLarge)?;
            let copy: [u8; 8] = ledger.entropy.array();
            let made = ledger.clock.now().0;
            let mut files = Vec::with_capacity(pieces.len());
            for piece in pieces {
                let name = name_of(ledger.entropy.array());
                let bytes = piece.seal(&to, ledger.entropy.as_mut())?;
                files.push((OwnFile { name, letter, party, copy, digest: message_hash(&bytes) }, bytes));
            }
            let transaction = ledger.connection.transaction()?;
            files.iter().try_for_each(|(file, _)| letters::put_file(&transaction, file, made))?;
            transaction.commit()?;
            Ok(files)
        })?;
        for (file, bytes) in &sealed {
            if let Err(error) = stick.write(&file.name, bytes) {
                // Pieces without the others are of no use. A stick that is gone is tidied when it is back.
                for (file, _) in &sealed {
                    let _ = stick.remove(&file.name);
                }
                return Err(error);
            }
        }
        Ok(sealed.len())
    }
}
