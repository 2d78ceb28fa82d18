//! The officers who share a suitcase.

use super::{Agent, AppError, unlock};
use peer::PeerError;
use sealing::{Cost, Login, Passphrase, Vault, VaultKey};
use std::sync::PoisonError;

impl Agent {
    /// Logins and full names of the officers, in the order in which they were added.
    pub fn officers(&self) -> Result<Vec<(String, String)>, AppError> {
        let vault = self.peer.folder().vault()?;
        vault.logins().map(|login| Ok((login.as_str().to_owned(), self.officer_name(login.as_str())?))).collect()
    }

    /// The full name of an officer as it is printed; empty if it was never given.
    pub fn officer_name(&self, login: &str) -> Result<String, AppError> {
        let bytes = self.peer.read(|view| view.value(&name_of(login)))?;
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default())
    }

    /// Sets the full name of an officer.
    pub fn set_officer_name(&self, login: &str, name: &str) -> Result<(), AppError> {
        let (key, name) = (name_of(login), name.trim().to_owned());
        Ok(self.peer.act(move |act| act.put_value(&key, name.as_bytes()))?)
    }

    /// A slot for one more officer. `passphrase` is that of the officer who is at the suitcase now.
    pub fn add_officer(&self, passphrase: &str, login: &str, new: &str, name: &str) -> Result<(), AppError> {
        let (login, new) = (Login::new(login)?, Passphrase::new(new)?);
        let (mut vault, key, cost) = self.vault(passphrase)?;
        {
            let mut entropy = self.entropy.lock().unwrap_or_else(PoisonError::into_inner);
            vault.add_officer(&key, &login, &new, cost, entropy.as_mut())?;
        }
        self.peer.folder().keep_vault(&vault)?;
        self.set_officer_name(login.as_str(), name)
    }

    /// Takes an officer's slot away. The last one stays.
    pub fn remove_officer(&self, passphrase: &str, login: &str) -> Result<(), AppError> {
        let (mut vault, key, _) = self.vault(passphrase)?;
        vault.remove_officer(&key, login)?;
        Ok(self.peer.folder().keep_vault(&vault)?)
    }

    /// Another passphrase for the officer who is at the suitcase now.
    pub fn change_passphrase(&self, old: &str, new: &str) -> Result<(), AppError> {
        let new = Passphrase::new(new)?;
        let (mut vault, _, cost) = self.vault(old)?;
        {
            let mut entropy = self.entropy.lock().unwrap_or_else(PoisonError::into_inner);
            vault.change_passphrase(self.officer(), &Passphrase::typed(old), &new, cost, entropy.as_mut())?;
        }
        Ok(self.peer.folder().keep_vault(&vault)?)
    }

    /// Whether the passphrase is that of the officer who is at the suitcase: lifts the screen lock.
    pub fn check_passphrase(&self, passphrase: &str) -> Result<(), AppError> {
        self.vault(passphrase).map(|_| ())
    }

    fn vault(&self, passphrase: &str) -> Result<(Vault, VaultKey, Cost), AppError> {
        let folder = self.peer.folder();
        let vault = folder.vault()?;
        let key = unlock::unlock(folder, &vault, self.officer(), passphrase, self.now())?;
        let cost = vault.cost_of(self.officer()).ok_or(PeerError::NoSuchPeer)?;
        Ok((vault, key, cost))
    }
}

fn name_of(login: &str) -> String {
    format!("officer name {login}")
}
