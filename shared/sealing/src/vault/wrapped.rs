//! The vault key under one other key, with a commitment to that other key.
//!
//! AES-GCM alone is not committing: one ciphertext can be made that opens under two keys. The commitment, an HMAC
//! under a key that follows from the same secret, cannot be made for two, and is looked at first.

use crate::aead::{self, NONCE, TAG};
use crate::{Entropy, VaultKey};
use ring::hmac;
use signing::Secret;
use signing::canonical::{DecodeError, Reader, Writer};
use zeroize::Zeroizing;

const SEALED: usize = 32 + TAG;

/// Nonce 12, wrapped key 32 and tag 16, commitment 32.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    nonce: [u8; NONCE],
    sealed: [u8; SEALED],
    commitment: [u8; 32],
}

/// Why a wrapped key was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnwrapError {
    /// Another secret, or another header.
    WrongKey,
    /// The right secret, but the wrapped bytes are not what was wrapped.
    Damaged,
}

impl Wrapped {
    /// Wraps `key` under `secret`, bound to the slot's `header`.
    pub fn seal(secret: &Secret<32>, header: &[u8], key: &VaultKey, entropy: &mut dyn Entropy) -> Self {
        let nonce = entropy.array();
        let mut buffer = Zeroizing::new(Vec::with_capacity(SEALED));
        buffer.extend_from_slice(key.0.expose());
        aead::seal(&wrapping_key(secret), nonce, header, &mut buffer, 0);
        let mut wrapped = Self { nonce, sealed: [0; SEALED], commitment: [0; 32] };
        wrapped.sealed.copy_from_slice(&buffer);
        wrapped.commitment.copy_from_slice(hmac::sign(&commitment_key(secret), header).as_ref());
        wrapped
    }

    /// The key again.
    pub fn open(&self, secret: &Secret<32>, header: &[u8]) -> Result<VaultKey, UnwrapError> {
        hmac::verify(&commitment_key(secret), header, &self.commitment).map_err(|_| UnwrapError::WrongKey)?;
        let mut buffer = Zeroizing::new(self.sealed);
        let plain = aead::open(&wrapping_key(secret), self.nonce, header, buffer.as_mut_slice());
        plain.and_then(Secret::from_slice).map(VaultKey).ok_or(UnwrapError::Damaged)
    }

    pub(super) fn write(&self, w: &mut Writer) {
        w.fixed(&self.nonce).fixed(&self.sealed).fixed(&self.commitment);
    }

    pub(super) fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { nonce: r.fixed()?, sealed: r.fixed()?, commitment: r.fixed()? })
    }
}

fn wrapping_key(secret: &Secret<32>) -> Secret<32> {
    secret.derive("vault-wrap", &[])
}

fn commitment_key(secret: &Secret<32>) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.derive("vault-commit", &[]).expose())
}

#[cfg(test)]
#[path = "two_key_tests.rs"]
mod tests;
