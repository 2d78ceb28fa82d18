//! Signatures outside the chain.

use crate::{Peer, PeerError};
use signing::{Label, Signature};

impl Peer {
    /// Signs bytes of a kind of their own with the key of this peer's chain: a statement on paper. The label keeps what
    /// is signed here apart from entries and messages.
    pub fn sign(&self, label: Label, bytes: Vec<u8>) -> Result<Signature, PeerError> {
        self.with_ledger(move |ledger| Ok(ledger.identity.signing_key().sign(label, &bytes)))
    }
}
