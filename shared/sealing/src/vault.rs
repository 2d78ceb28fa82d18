//! The vault: the file that keeps an installation's one key behind its officers' passphrases.
//!
//! Each officer has a slot of their own for the same [`VaultKey`]: a new passphrase rewrites one slot and no data.
//! Where the file lies, and how it is written so that a power cut leaves the old or the new one, is the caller's.

mod error;
mod format;
mod login;
mod slot;
mod wrapped;

pub use error::{UnlockError, VaultError, VaultFileError};
pub use login::{Login, LoginError};

use crate::{Cost, Entropy, Passphrase, RecoveryCode, VaultKey};
use ring::hmac;
use signing::AgreementPublicKey;
use slot::{OfficerSlot, RecoverySlot};

/// More officers do not share a suitcase; the bound keeps a forged file small.
const MOST_OFFICERS: usize = 32;

/// The vault file's content. Holds no secret in clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vault {
    id: [u8; 16],
    /// HMAC of the id under a key of the vault key: tells this vault's key from any other.
    check: [u8; 32],
    officers: Vec<OfficerSlot>,
    recovery: Option<RecoverySlot>,
}

impl Vault {
    /// A new vault with a fresh key and its first officer.
    pub fn create(
        login: &Login,
        passphrase: &Passphrase,
        cost: Cost,
        entropy: &mut dyn Entropy,
    ) -> Result<(Self, VaultKey), VaultError> {
        let key = VaultKey::generate(entropy);
        let id = entropy.array();
        let mut check = [0; 32];
        check.copy_from_slice(hmac::sign(&check_key(&key), &id).as_ref());
        let mut vault = Self { id, check, officers: Vec::new(), recovery: None };
        vault.add_officer(&key, login, passphrase, cost, entropy)?;
        Ok((vault, key))
    }

    /// The key, for an officer of this vault. Takes as long and as much memory as the slot's [`Cost`] says: not to
    /// be called where others wait.
    pub fn unlock(&self, login: &str, passphrase: &Passphrase) -> Result<VaultKey, UnlockError> {
        let slot = self.slot(login).ok_or(UnlockError::NoSuchOfficer)?;
        let key = slot.open(&self.id, passphrase)?;
        if self.is_of(&key) { Ok(key) } else { Err(UnlockError::Damaged) }
    }

    /// A slot for one more officer. The vault must be unlocked: `key` is its own.
    pub fn add_officer(
        &mut self,
        key: &VaultKey,
        login: &Login,
        passphrase: &Passphrase,
        cost: Cost,
        entropy: &mut dyn Entropy,
    ) -> Result<(), VaultError> {
        self.must_be_of(key)?;
        if self.slot(login.as_str()).is_some() {
            return Err(VaultError::LoginTaken);
        }
        if self.officers.len() >= MOST_OFFICERS {
            return Err(VaultError::TooMany);
        }
        self.officers.push(OfficerSlot::seal(&self.id, login, passphrase, cost, key, entropy)?);
        Ok(())
    }

    /// Another passphrase, or another cost, for an officer who can say the old one. A copy of the old file still
    /// opens with the old passphrase.
    pub fn change_passphrase(
        &mut self,
        login: &str,
        old: &Passphrase,
        new: &Passphrase,
        cost: Cost,
        entropy: &mut dyn Entropy,
    ) -> Result<(), UnlockError> {
        let key = self.unlock(login, old)?;
        let slot = self.officers.iter_mut().find(|slot| slot.login.as_str() == login);
        let slot = slot.ok_or(UnlockError::NoSuchOfficer)?;
        *slot = OfficerSlot::seal(&self.id, &slot.login, new, cost, &key, entropy)?;
        Ok(())
    }

    /// Another passphrase for an officer who forgot the old one, by who has the vault's key; a slot for one who has
    /// none yet.
    pub fn reset_officer(
        &mut self,
        key: &VaultKey,
        login: &Login,
        new: &Passphrase,
        cost: Cost,
        entropy: &mut dyn Entropy,
    ) -> Result<(), VaultError> {
        self.must_be_of(key)?;
        let Some(place) = self.officers.iter().position(|slot| slot.login == *login) else {
            return self.add_officer(key, login, new, cost, entropy);
        };
        let slot = OfficerSlot::seal(&self.id, login, new, cost, key, entropy)?;
        self.officers[place] = slot;
        Ok(())
    }

    /// Takes an officer's slot away. The last one stays: without it nobody would open the vault again.
    pub fn remove_officer(&mut self, key: &VaultKey, login: &str) -> Result<(), VaultError> {
        self.must_be_of(key)?;
        let place = self.officers.iter().position(|slot| slot.login.as_str() == login);
        let place = place.ok_or(VaultError::NoSuchOfficer)?;
        if self.officers.len() == 1 {
            return Err(VaultError::LastOfficer);
        }
        self.officers.remove(place);
        Ok(())
    }

    /// The officers, in the order in which they were added.
    pub fn logins(&self) -> impl Iterator<Item = &Login> {
        self.officers.iter().map(|slot| &slot.login)
    }

    /// What a try at this officer's passphrase costs.
    pub fn cost_of(&self, login: &str) -> Option<Cost> {
        self.slot(login).map(|slot| slot.cost)
    }

    /// Names the vault; a recovery code is bound to it.
    pub const fn id(&self) -> &[u8; 16] {
        &self.id
    }

    /// Makes the one recovery slot (anew): a fresh code opens it once, and the code itself is sealed to the desk,
    /// which can read it out by telephone.
    pub fn set_recovery(
        &mut self,
        key: &VaultKey,
        desk: &AgreementPublicKey,
        entropy: &mut dyn Entropy,
    ) -> Result<(), VaultError> {
        self.must_be_of(key)?;
        self.recovery = Some(RecoverySlot::seal(&self.id, desk, key, entropy)?);
        Ok(())
    }

    /// To whom the recovery code is sealed, and the sealed code, as the desk needs it for [`RecoveryCode::open`].
    pub fn recovery(&self) -> Option<(&AgreementPublicKey, &[u8])> {
        self.recovery.as_ref().map(|slot| (&slot.desk, slot.sealed_code.as_slice()))
    }

    /// Opens the recovery slot and takes it away: the caller keeps the changed vault before it uses the key.
    pub fn recover(&mut self, code: &RecoveryCode) -> Result<VaultKey, UnlockError> {
        let slot = self.recovery.as_ref().ok_or(UnlockError::NoRecovery)?;
        let key = slot.open(&self.id, code)?;
        if !self.is_of(&key) {
            return Err(UnlockError::Damaged);
        }
        self.recovery = None;
        Ok(key)
    }

    fn slot(&self, login: &str) -> Option<&OfficerSlot> {
        self.officers.iter().find(|slot| slot.login.as_str() == login)
    }

    fn is_of(&self, key: &VaultKey) -> bool {
        hmac::verify(&check_key(key), &self.id, &self.check).is_ok()
    }

    fn must_be_of(&self, key: &VaultKey) -> Result<(), VaultError> {
        if self.is_of(key) { Ok(()) } else { Err(VaultError::OtherVault) }
    }
}

fn check_key(key: &VaultKey) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, key.0.derive("vault-check", &[]).expose())
}

#[cfg(test)]
mod tests;
