//! Opening a suitcase with an officer's passphrase.
//!
//! Wrong passphrases are counted in the file `attempts` beside the vault (how many in a row, when the last one was, ms
//! since 1970, one line of text), so that starting the program again does not make guessing faster.

use super::{Agent, AppError, Surroundings};
use clock::Time;
use peer::{Folder, Peer, read_vault};
use sealing::{Passphrase, UnlockError, Vault, VaultKey, delay_after};
use std::fs;
use std::path::Path;

const ATTEMPTS: &str = "attempts";

/// The officers who can open the suitcase in a folder, without opening it.
pub fn logins(dir: &Path) -> Result<Vec<String>, AppError> {
    Ok(read_vault(dir)?.logins().map(|login| login.as_str().to_owned()).collect())
}

/// Opens the suitcase in a folder. `login` may be left out where only one officer has a slot. Takes a third of a second
/// and much memory, as the passphrase's cost says: not to be called where others wait.
pub fn open(dir: &Path, login: Option<&str>, passphrase: &str, surroundings: &Surroundings) -> Result<Agent, AppError> {
    let folder = Folder::hold_existing(dir)?;
    let vault = folder.vault()?;
    let login = which(&vault, login)?;
    let key = unlock(&folder, &vault, &login, passphrase, surroundings.clock.now())?;
    let peer = Peer::open(folder, &key, &login, surroundings.means())?;
    let agent = Agent::new(peer, surroundings);
    // Before anything is written: no number may appear twice.
    agent.compare_mark()?;
    // A suitcase that cannot prepare for a forgotten passphrase opens all the same.
    if let Err(error) = agent.offer_recovery(&key, false) {
        tracing::warn!(%error, "no recovery code could be prepared");
    }
    if let Err(error) = agent.forget_discarded() {
        tracing::warn!(%error, "drafts that were thrown away stay for now");
    }
    Ok(agent)
}

/// The login that was meant.
pub(super) fn which(vault: &Vault, login: Option<&str>) -> Result<String, AppError> {
    if let Some(login) = login {
        return Ok(login.to_owned());
    }
    let all: Vec<&str> = vault.logins().map(|login| login.as_str()).collect();
    match all[..] {
        [only] => Ok(only.to_owned()),
        _ => Err(AppError::WhichOfficer { logins: all.join(", ") }),
    }
}

/// The vault's key, unless the last wrong passphrase is too fresh.
pub(super) fn unlock(
    folder: &Folder,
    vault: &Vault,
    login: &str,
    passphrase: &str,
    now: Time,
) -> Result<VaultKey, AppError> {
    let (failures, last) = attempts(folder.path());
    let wait = delay_after(failures);
    // A clock that was set back must not make the wait longer than it is.
    let waited = now.since(last);
    if failures > 0 && waited < wait && now >= last {
        return Err(AppError::TooSoon { seconds: (wait - waited).as_secs().max(1) });
    }
    match vault.unlock(login, &Passphrase::typed(passphrase)) {
        Ok(key) => {
            if failures > 0 {
                keep(folder, 0, now)?;
            }
            Ok(key)
        }
        Err(error) => {
            if matches!(error, UnlockError::WrongPassphrase | UnlockError::NoSuchOfficer) {
                keep(folder, failures.saturating_add(1), now)?;
            }
            Err(error.into())
        }
    }
}

fn attempts(dir: &Path) -> (u32, Time) {
    let text = fs::read_to_string(dir.join(ATTEMPTS)).unwrap_or_default();
    let mut words = text.split_whitespace();
    let failures = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    let last = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    (failures, Time(last))
}

fn keep(folder: &Folder, failures: u32, now: Time) -> Result<(), AppError> {
    Ok(peer::keep_file(folder.path(), ATTEMPTS, format!("{failures} {}\n", now.0).as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{NOON, surroundings_at};
    use clock::ManualClock;
    use sealing::{Cost, Entropy, Login, SeededEntropy};
    use std::sync::Arc;
    use std::time::Duration;

    const PASSPHRASE: &str = "їжак вулик ґанок човен ліхтар";

    fn vault(folder: &Folder) -> Vault {
        let entropy: &mut dyn Entropy = &mut SeededEntropy::new(1);
        let login = Login::new("olena").unwrap();
        let (vault, _) = Vault::create(&login, &Passphrase::new(PASSPHRASE).unwrap(), Cost::FLOOR, entropy).unwrap();
        folder.keep_vault(&vault).unwrap();
        vault
    }

    #[test]
    fn wrong_passphrases_wait_longer_and_a_right_one_forgives() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::hold(dir.path()).unwrap();
        let vault = vault(&folder);
        let clock = ManualClock::at(NOON);
        let now = || clock::Clock::now(&clock);
        let attempt = |text: &str| unlock(&folder, &vault, "olena", text, now());
        assert!(matches!(attempt("хибний"), Err(AppError::Unlock(UnlockError::WrongPassphrase))));
        assert!(matches!(attempt(PASSPHRASE), Err(AppError::TooSoon { seconds: 1 })), "not even the right one");
        clock.advance(Duration::from_secs(1));
        assert!(attempt("хибний").is_err());
        clock.advance(Duration::from_secs(1));
        assert!(matches!(attempt(PASSPHRASE), Err(AppError::TooSoon { seconds: 1 })), "two seconds now");
        clock.advance(Duration::from_secs(1));
        attempt(PASSPHRASE).unwrap();
        assert_eq!(attempts(dir.path()).0, 0);
        attempt(PASSPHRASE).unwrap();
    }

    #[test]
    fn an_empty_folder_and_an_unnamed_officer_are_said() {
        let dir = tempfile::tempdir().unwrap();
        let surroundings = surroundings_at(Arc::new(ManualClock::at(NOON)), 1);
        let missing = open(dir.path(), None, PASSPHRASE, &surroundings).err().unwrap();
        assert!(missing.to_string().contains("enrol"), "{missing}");
        let folder = Folder::hold(dir.path()).unwrap();
        let mut vault = vault(&folder);
        assert_eq!(which(&vault, None).unwrap(), "olena");
        let key = vault.unlock("olena", &Passphrase::typed(PASSPHRASE)).unwrap();
        let entropy: &mut dyn Entropy = &mut SeededEntropy::new(2);
        let second = Login::new("ivan").unwrap();
        vault.add_officer(&key, &second, &Passphrase::typed(PASSPHRASE), Cost::FLOOR, entropy).unwrap();
        assert!(matches!(which(&vault, None), Err(AppError::WhichOfficer { logins }) if logins == "olena, ivan"));
    }
}
