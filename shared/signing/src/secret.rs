//! Secrets that neither print nor serialise and are wiped when they are dropped.

use crate::{Hash, Label};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// `N` secret bytes. No `Clone`, no `PartialEq`, no way into a log: whoever needs the bytes says [`Secret::expose`].
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Secret<const N: usize>([u8; N]);

impl<const N: usize> Secret<N> {
    /// Takes the bytes over. The caller's own copy is the caller's to wipe.
    pub const fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// From a slice of exactly `N` bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        <[u8; N]>::try_from(bytes).ok().map(Self)
    }

    /// The bytes, for as long as they are looked at.
    pub const fn expose(&self) -> &[u8; N] {
        &self.0
    }

    /// A second copy, said aloud.
    pub const fn duplicate(&self) -> Self {
        Self(self.0)
    }

    /// HKDF-SHA-256 (RFC 5869) with an empty salt: a secret of 32 bytes for one purpose and one `context`.
    pub fn derive(&self, purpose: &str, context: &[u8]) -> Secret<32> {
        let mut derived = Secret([0; 32]);
        let salt = ring::hkdf::Salt::new(ring::hkdf::HKDF_SHA256, &[]);
        let key = salt.extract(&self.0);
        let info = [&[purpose.len() as u8], purpose.as_bytes(), context];
        let filled = key.expand(&info, ring::hkdf::HKDF_SHA256).and_then(|okm| okm.fill(&mut derived.0));
        // The only failure is an output longer than 255 hashes; ours is one.
        debug_assert!(filled.is_ok());
        derived
    }

    /// HMAC-SHA-256 (RFC 2104) of `bytes` under this secret, with the label in front.
    pub fn mac(&self, label: Label, bytes: &[u8]) -> [u8; 32] {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &self.0);
        let mut mac = [0; 32];
        mac.copy_from_slice(ring::hmac::sign(&key, &Hash::of(label, bytes).0).as_ref());
        mac
    }

    /// True if `mac` begins the MAC of `bytes`; takes the same time whatever differs. At least 16 bytes are asked for.
    pub fn mac_matches(&self, label: Label, bytes: &[u8], mac: &[u8]) -> bool {
        let own = self.mac(label, bytes);
        let differs = own.iter().zip(mac).fold(0, |seen, (a, b)| seen | (a ^ b));
        (16..=32).contains(&mac.len()) && differs == 0
    }
}

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret<{N}>(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(format!("{:?}", Secret::new([0x41; 4])), "Secret<4>(***)");
    }

    #[test]
    fn a_secret_is_wiped() {
        let mut secret = Secret::new([0x41; 4]);
        secret.zeroize();
        assert_eq!(secret.expose(), &[0; 4]);
    }

    #[test]
    fn purposes_and_contexts_give_different_keys() {
        let secret = Secret::new([7; 32]);
        let a = secret.derive("a", b"x");
        assert_ne!(a.expose(), secret.derive("b", b"x").expose());
        assert_ne!(a.expose(), secret.derive("a", b"y").expose());
        assert_ne!(secret.derive("ab", b"c").expose(), secret.derive("a", b"bc").expose());
        assert_eq!(a.expose(), secret.derive("a", b"x").expose());
    }
}
