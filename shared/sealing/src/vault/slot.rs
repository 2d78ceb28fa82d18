//! The slots of a vault: one for each officer, and at most one for recovery.

use super::wrapped::{UnwrapError, Wrapped};
use super::{Login, UnlockError, VaultError};
use crate::{Cost, Entropy, Passphrase, RecoveryCode, SealError, VaultKey};
use signing::AgreementPublicKey;
use signing::canonical::Writer;

const OFFICER: u8 = 1;
const RECOVERY: u8 = 2;

/// The vault key under an officer's passphrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerSlot {
    pub login: Login,
    pub cost: Cost,
    pub salt: [u8; 16],
    pub wrapped: Wrapped,
}

impl OfficerSlot {
    pub fn seal(
        vault: &[u8; 16],
        login: &Login,
        passphrase: &Passphrase,
        cost: Cost,
        key: &VaultKey,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, UnlockError> {
        let salt = entropy.array();
        let stretched = cost.stretch(passphrase, &salt)?;
        let header = officer_header(vault, login, cost, &salt);
        let wrapped = Wrapped::seal(&stretched, &header, key, entropy);
        Ok(Self { login: login.clone(), cost, salt, wrapped })
    }

    pub fn open(&self, vault: &[u8; 16], passphrase: &Passphrase) -> Result<VaultKey, UnlockError> {
        let stretched = self.cost.stretch(passphrase, &self.salt)?;
        let header = officer_header(vault, &self.login, self.cost, &self.salt);
        self.wrapped.open(&stretched, &header).map_err(|error| match error {
            UnwrapError::WrongKey => UnlockError::WrongPassphrase,
            UnwrapError::Damaged => UnlockError::Damaged,
        })
    }
}

/// The vault key under a code of 16 random bytes, which is sealed to the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoverySlot {
    pub desk: AgreementPublicKey,
    pub sealed_code: Vec<u8>,
    pub wrapped: Wrapped,
}

impl RecoverySlot {
    pub fn seal(
        vault: &[u8; 16],
        desk: &AgreementPublicKey,
        key: &VaultKey,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, SealError> {
        let code = RecoveryCode::generate(entropy);
        let sealed_code = code.seal(desk, vault, entropy)?;
        let wrapped = Wrapped::seal(&code.wrapping_secret(), &recovery_header(vault, desk), key, entropy);
        Ok(Self { desk: *desk, sealed_code, wrapped })
    }

    pub fn open(&self, vault: &[u8; 16], code: &RecoveryCode) -> Result<VaultKey, UnlockError> {
        let header = recovery_header(vault, &self.desk);
        self.wrapped.open(&code.wrapping_secret(), &header).map_err(|error| match error {
            UnwrapError::WrongKey => UnlockError::WrongCode,
            UnwrapError::Damaged => UnlockError::Damaged,
        })
    }
}

impl From<UnlockError> for VaultError {
    /// Sealing a slot fails for want of memory only.
    fn from(error: UnlockError) -> Self {
        match error {
            UnlockError::Memory { mib } => Self::Memory { mib },
            _ => Self::NoSuchOfficer,
        }
    }
}

/// What an officer's slot is bound to: no field of it can be changed, and no slot moved to another vault.
fn officer_header(vault: &[u8; 16], login: &Login, cost: Cost, salt: &[u8; 16]) -> Vec<u8> {
    let mut w = Writer::new();
    w.fixed(vault).u8(OFFICER).text(login.as_str());
    w.u32(cost.memory_kib()).u32(cost.passes()).u32(cost.lanes()).fixed(salt);
    w.finish()
}

fn recovery_header(vault: &[u8; 16], desk: &AgreementPublicKey) -> Vec<u8> {
    let mut w = Writer::new();
    w.fixed(vault).u8(RECOVERY).fixed(&desk.0);
    w.finish()
}
