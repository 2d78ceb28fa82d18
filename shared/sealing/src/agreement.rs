//! Sealing to one reader: HPKE (RFC 9180) in base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305.
//!
//! Sealed bytes: suite `u8` = 1, encapsulated key 32, ciphertext and tag (16). The HPKE key schedule covers the
//! suite's own identifiers, the reader's key and `context`.

use crate::{Entropy, OpenError, SealError};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use signing::{AgreementPublicKey, Secret};
use std::convert::Infallible;
use std::fmt;

/// X25519, HKDF-SHA256, ChaCha20Poly1305.
use crate::body::SUITE;
const PUBLIC: usize = 32;
const TAG: usize = 16;

type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type Encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey;

/// An X25519 secret key: a desk's, or a suitcase's reception key. Wiped when dropped.
pub struct AgreementSecret(Secret<32>);

impl AgreementSecret {
    /// From 32 bytes as they were kept.
    pub const fn from_bytes(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// A fresh one.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(entropy.secret())
    }

    /// The key to which others seal.
    pub fn public(&self) -> AgreementPublicKey {
        let secret = x25519_dalek::StaticSecret::from(*self.0.expose());
        AgreementPublicKey(x25519_dalek::PublicKey::from(&secret).to_bytes())
    }

    /// The 32 bytes, to be kept under another key.
    pub const fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }
}

impl fmt::Debug for AgreementSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgreementSecret(***)")
    }
}

/// Seals `plain` to the owner of `to`. `context` says what it is and must be the same at opening; so must `aad`,
/// which binds it to its place. Adds 49 bytes.
pub fn seal_to(
    to: &AgreementPublicKey,
    context: &[u8],
    aad: &[u8],
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    let to = PublicKey::from_bytes(&to.0).map_err(|_| SealError::BadPublicKey)?;
    let (encapsulated, sealed) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &to,
        context,
        plain,
        aad,
        &mut HpkeEntropy(entropy),
    )
    // What remains of its failures is a public key of low order: the shared secret would be zero.
    .map_err(|_| SealError::BadPublicKey)?;
    let mut bytes = Vec::with_capacity(1 + PUBLIC + sealed.len());
    bytes.push(SUITE);
    bytes.extend_from_slice(&encapsulated.to_bytes());
    bytes.extend_from_slice(&sealed);
    Ok(bytes)
}

/// Opens what was sealed to `secret`'s public key under the same `context` and `aad`.
pub fn open_from(secret: &AgreementSecret, context: &[u8], aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (&suite, rest) = sealed.split_first().ok_or(OpenError::Malformed)?;
    if suite != SUITE {
        return Err(OpenError::UnknownSuite(suite));
    }
    let (encapsulated, ciphertext) = rest.split_at_checked(PUBLIC).ok_or(OpenError::Malformed)?;
    if ciphertext.len() < TAG {
        return Err(OpenError::Malformed);
    }
    let private = PrivateKey::from_bytes(secret.expose()).map_err(|_| OpenError::Malformed)?;
    let encapsulated = Encapsulated::from_bytes(encapsulated).map_err(|_| OpenError::Malformed)?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        context,
        ciphertext,
        aad,
    )
    .map_err(|_| OpenError::Tampered)
}

/// Lends an [`Entropy`] to `hpke`.
struct HpkeEntropy<'a>(&'a mut dyn Entropy);

impl TryRng for HpkeEntropy<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(self.0.array()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_be_bytes(self.0.array()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for HpkeEntropy<'_> {}

#[cfg(test)]
#[path = "agreement_tests.rs"]
mod tests;
