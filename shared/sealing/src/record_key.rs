//! The keys of records and of epochs.

use crate::Entropy;
use ids::RecordId;
use signing::Secret;
use std::fmt;

/// The key of one record in one key generation; every body of that record is sealed with it.
pub struct RecordKey(Secret<32>);

impl RecordKey {
    /// From 32 bytes as they were kept or granted.
    pub const fn from_bytes(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// A random one: for records that the desk makes, and for a new key generation.
    pub fn random(entropy: &mut dyn Entropy) -> Self {
        Self(entropy.secret())
    }

    /// The 32 bytes, to be kept under another key or granted.
    pub const fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// A second copy, said aloud.
    pub const fn duplicate(&self) -> Self {
        Self(self.0.duplicate())
    }

    pub(crate) const fn secret(&self) -> &Secret<32> {
        &self.0
    }
}

impl fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordKey(***)")
    }
}

/// The key of one unlock of a suitcase: sealed to the desk in the `epoch` entry, otherwise only ever in memory.
pub struct EpochKey(Secret<32>);

impl EpochKey {
    /// From 32 bytes as the desk opened them.
    pub const fn from_bytes(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// A fresh one.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(entropy.secret())
    }

    /// The first key of a record that is made in this epoch: HKDF over the record's id.
    pub fn record_key(&self, record: RecordId) -> RecordKey {
        RecordKey(self.0.derive("record-key", record.as_bytes()))
    }

    /// The 32 bytes, to be sealed to the desk.
    pub const fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }
}

impl fmt::Debug for EpochKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EpochKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_key_follows_from_epoch_and_record_alone() {
        let epoch = EpochKey::from_bytes(Secret::new([1; 32]));
        let key = epoch.record_key(RecordId::from_bytes([2; 16]));
        let again = EpochKey::from_bytes(Secret::new([1; 32])).record_key(RecordId::from_bytes([2; 16]));
        assert_eq!(key.expose(), again.expose());
        assert_ne!(key.expose(), epoch.record_key(RecordId::from_bytes([3; 16])).expose());
        let other = EpochKey::from_bytes(Secret::new([4; 32]));
        assert_ne!(key.expose(), other.record_key(RecordId::from_bytes([2; 16])).expose());
    }

    #[test]
    fn keys_do_not_print() {
        let epoch = EpochKey::from_bytes(Secret::new([0x41; 32]));
        assert_eq!(format!("{epoch:?}"), "EpochKey(***)");
        assert_eq!(format!("{:?}", epoch.record_key(RecordId::from_bytes([2; 16]))), "RecordKey(***)");
    }
}
