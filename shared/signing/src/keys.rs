//! Ed25519 (RFC 8032) by `ring`, each signature with the label of what is signed.

use crate::{Hash, Label, Secret};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::fmt;

/// Signs. The key is wiped by its owner: build it from a [`Secret`] where it is needed.
pub struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// From a seed of 32 random bytes (RFC 8032, 5.1.5).
    pub fn from_seed(seed: &Secret<32>) -> Self {
        match Ed25519KeyPair::from_seed_unchecked(seed.expose()) {
            Ok(pair) => Self(pair),
            // `ring` refuses nothing but a seed of another length than 32.
            Err(_) => unreachable!("a seed has 32 bytes"),
        }
    }

    /// The key that verifies.
    pub fn public(&self) -> VerifyingKey {
        let mut key = [0; 32];
        key.copy_from_slice(self.0.public_key().as_ref());
        VerifyingKey(key)
    }

    /// Signs the labelled hash of `bytes`.
    pub fn sign(&self, label: Label, bytes: &[u8]) -> Signature {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.0.sign(&Hash::of(label, bytes).0).as_ref());
        Signature(signature)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(of {:?})", self.public())
    }
}

/// Verifies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifyingKey(pub [u8; 32]);

impl VerifyingKey {
    /// True if `signature` was made over the labelled hash of `bytes` by this key's owner.
    pub fn verifies(&self, label: Label, bytes: &[u8], signature: &Signature) -> bool {
        let hash = Hash::of(label, bytes);
        UnparsedPublicKey::new(&ED25519, &self.0).verify(&hash.0, &signature.0).is_ok()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ed25519:{:?}", Hash(self.0))
    }
}

/// 64 bytes of Ed25519.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

/// An X25519 public key (RFC 7748) as bytes. Sealing to it is `sealing`'s work.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgreementPublicKey(pub [u8; 32]);

impl fmt::Debug for AgreementPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "x25519:{:?}", Hash(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_key_of_rfc_8032_test_1() {
        let seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        let key = SigningKey::from_seed(&Secret::new(seed));
        assert_eq!(key.public().0, hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    }

    #[test]
    fn a_signature_holds_for_its_label_and_bytes_only() {
        let key = SigningKey::from_seed(&Secret::new([1; 32]));
        let signature = key.sign(Label::Anchor, b"held");
        assert!(key.public().verifies(Label::Anchor, b"held", &signature));
        assert!(!key.public().verifies(Label::Entry, b"held", &signature));
        assert!(!key.public().verifies(Label::Anchor, b"helt", &signature));
        assert!(!SigningKey::from_seed(&Secret::new([2; 32])).public().verifies(Label::Anchor, b"held", &signature));
    }

    fn hex(text: &str) -> [u8; 32] {
        std::array::from_fn(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
    }
}
