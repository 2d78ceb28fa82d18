//! The one key of an installation, and what follows from it.

use crate::aead::{self, NONCE, TAG};
use crate::{Entropy, OpenError};
use signing::Secret;
use std::fmt;
use zeroize::Zeroizing;

/// AES-256-GCM under a key of HKDF-SHA256.
use crate::body::SUITE;

/// 32 random bytes that never leave the installation but wrapped: whoever has them reads all of it.
pub struct VaultKey(pub(crate) Secret<32>);

impl VaultKey {
    /// A fresh one. [`crate::Vault::create`] makes its own.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(entropy.secret())
    }

    /// The same once more, for who keeps something under it as long as the installation is open.
    pub fn duplicate(&self) -> Self {
        Self(Secret::new(*self.0.expose()))
    }

    /// The raw key of the encrypted database.
    pub fn database_key(&self) -> Secret<32> {
        self.0.derive("database", &[])
    }

    /// Wraps a small secret that is kept in the database: a record key, a reception key. `purpose` is a fixed text
    /// of the program and makes a key of its own; `context` is where the secret belongs, such as the record's id,
    /// so that wrapped secrets cannot change places. Adds 29 bytes: suite, nonce, tag.
    pub fn wrap(&self, purpose: &str, context: &[u8], plain: &[u8], entropy: &mut dyn Entropy) -> Vec<u8> {
        let nonce = entropy.array::<NONCE>();
        let mut bytes = Vec::with_capacity(1 + NONCE + plain.len() + TAG);
        bytes.push(SUITE);
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(plain);
        aead::seal(&self.wrapping_key(purpose), nonce, context, &mut bytes, 1 + NONCE);
        bytes
    }

    /// What [`VaultKey::wrap`] wrapped for the same purpose and context.
    pub fn unwrap(&self, purpose: &str, context: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (&suite, rest) = wrapped.split_first().ok_or(OpenError::Malformed)?;
        if suite != SUITE {
            return Err(OpenError::UnknownSuite(suite));
        }
        let (&nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(OpenError::Malformed)?;
        if ciphertext.len() < TAG {
            return Err(OpenError::Malformed);
        }
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        let plain = aead::open(&self.wrapping_key(purpose), nonce, context, &mut buffer).ok_or(OpenError::Tampered)?;
        let length = plain.len();
        buffer.truncate(length);
        Ok(buffer)
    }

    fn wrapping_key(&self, purpose: &str) -> Secret<32> {
        self.0.derive("wrap", purpose.as_bytes())
    }
}

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VaultKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn a_wrapped_secret_opens_for_its_purpose_and_place_only() {
        let entropy: &mut dyn Entropy = &mut SeededEntropy::new(1);
        let key = VaultKey::generate(entropy);
        let wrapped = key.wrap("record-key", b"record 1", &[7; 32], entropy);
        assert_eq!(wrapped.len(), 32 + 29);
        assert_eq!(key.unwrap("record-key", b"record 1", &wrapped).unwrap().as_slice(), [7; 32]);
        assert_eq!(key.unwrap("record-key", b"record 2", &wrapped), Err(OpenError::Tampered));
        assert_eq!(key.unwrap("reception", b"record 1", &wrapped), Err(OpenError::Tampered));
        assert_eq!(VaultKey::generate(entropy).unwrap("record-key", b"record 1", &wrapped), Err(OpenError::Tampered));
        for length in 0..wrapped.len() {
            assert!(key.unwrap("record-key", b"record 1", &wrapped[..length]).is_err());
        }
        let mut newer = wrapped.clone();
        newer[0] = 2;
        assert_eq!(key.unwrap("record-key", b"record 1", &newer), Err(OpenError::UnknownSuite(2)));
    }

    #[test]
    fn the_database_key_is_not_the_vault_key() {
        let key = VaultKey(Secret::new([9; 32]));
        assert_ne!(key.database_key().expose(), key.0.expose());
        assert_eq!(key.database_key().expose(), VaultKey(Secret::new([9; 32])).database_key().expose());
        assert_eq!(format!("{key:?}"), "VaultKey(***)");
    }
}
