//! What the hub signs with.

use signing::{Secret, SigningKey, VerifyingKey};

/// The hub's own keys, derived from one seed. They open nothing: they sign anchors and answers and mark tokens.
pub struct HubKeys {
    pub(crate) signing: SigningKey,
    pub(crate) token: Secret<32>,
}

impl HubKeys {
    /// From 32 random bytes that the caller keeps beside the database.
    pub fn from_seed(seed: &Secret<32>) -> Self {
        Self { signing: SigningKey::from_seed(&seed.derive("hub-signing", &[])), token: seed.derive("hub-token", &[]) }
    }

    /// What the desk certifies in the register, so that peers believe this hub's answers.
    pub fn public(&self) -> VerifyingKey {
        self.signing.public()
    }
}
