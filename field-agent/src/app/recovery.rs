//! Opening a suitcase whose passphrase is forgotten, once, with twelve words that the centre reads out by telephone.

use super::{Agent, AppError, Surroundings};
use peer::{Folder, OwnFact, Peer};
use sealing::{Login, Passphrase, RecoveryCode, VaultKey};
use std::path::Path;
use std::sync::PoisonError;

/// Under this name the database keeps the sealed code that the centre was told last.
const TOLD: &str = "recovery told";

/// Opens the suitcase in a folder with the centre's twelve words and gives `login` a new passphrase. The words are spent
/// by this: the vault is kept without their slot before anything else happens, and the centre is told of new ones.
pub fn recover(
    dir: &Path,
    words: &str,
    login: &str,
    new: &str,
    surroundings: &Surroundings,
) -> Result<Agent, AppError> {
    let folder = Folder::hold_existing(dir)?;
    let mut vault = folder.vault()?;
    let code = RecoveryCode::from_words(words).map_err(|error| AppError::Input(error.to_string()))?;
    let login = Login::new(login)?;
    let Some(cost) = vault.cost_of(login.as_str()) else {
        let logins: Vec<&str> = vault.logins().map(|login| login.as_str()).collect();
        return Err(AppError::WhichOfficer { logins: logins.join(", ") });
    };
    let new = Passphrase::new(new)?;
    let key = vault.recover(&code)?;
    let mut entropy = (surroundings.entropy)();
    vault.reset_officer(&key, &login, &new, cost, entropy.as_mut())?;
    folder.keep_vault(&vault)?;
    let peer = Peer::open(folder, &key, login.as_str(), surroundings.means())?;
    let agent = Agent::new(peer, surroundings);
    let officer = login.as_str().to_owned();
    // The words open every officer's slot: the centre learns whose passphrase they changed.
    agent.peer.act(move |act| act.own(&OwnFact::Recovered { officer, at: act.now().0 }).map(|_| ()))?;
    agent.offer_recovery(&key, true)?;
    Ok(agent)
}

impl Agent {
    /// Makes sure that the vault has a slot for the centre's twelve words, and that the centre was sent them, sealed.
    /// Nothing is done before the centre is known. `spent`: the words before these were used.
    pub(super) fn offer_recovery(&self, key: &VaultKey, spent: bool) -> Result<(), AppError> {
        let Some(centre) = self.peer.register()?.centre_agreement() else { return Ok(()) };
        let folder = self.peer.folder();
        let mut vault = folder.vault()?;
        if vault.recovery().is_none_or(|(desk, _)| *desk != centre) {
            {
                let mut entropy = self.entropy.lock().unwrap_or_else(PoisonError::into_inner);
                vault.set_recovery(key, &centre, entropy.as_mut())?;
            }
            folder.keep_vault(&vault)?;
        }
        let Some((_, sealed)) = vault.recovery() else { return Ok(()) };
        if self.peer.read(|view| view.value(TOLD))?.as_deref() == Some(sealed) {
            return Ok(());
        }
        let (id, sealed) = (*vault.id(), sealed.to_vec());
        self.peer.act(move |act| {
            act.own(&OwnFact::Recovery { vault: id, sealed: sealed.clone(), spent })?;
            act.put_value(TOLD, &sealed)
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::Bench;
    use crate::app::testing::surroundings_at;
    use sealing::UnlockError;

    const PASSPHRASE: &str = "їжак вулик ґанок човен ліхтар";
    const NEW: &str = "калина мольфар сопілка ватра джміль";

    fn open(bench: &Bench, passphrase: &str) -> Result<Agent, AppError> {
        super::super::open(bench.dir.path(), None, passphrase, &surroundings_at(bench.clock.clone(), 77))
    }

    /// What the centre reads out: the newest code that arrived there.
    fn read_out(bench: &Bench, agent: &Agent) -> String {
        bench.centre.take_from(&agent.peer);
        let facts = bench.centre.desk.read(|view| view.facts(agent.peer.chain(), 0)).unwrap();
        let newest = facts.into_iter().rev().find_map(|(_, fact)| match fact {
            OwnFact::Recovery { vault, sealed, .. } => Some((vault, sealed)),
            _ => None,
        });
        let (vault, sealed) = newest.unwrap();
        let code = bench.centre.desk.read(|view| view.recovery_code(&vault, &sealed)).unwrap().unwrap();
        code.words().join(" ")
    }

    #[test]
    fn twelve_words_open_the_suitcase_once_and_new_ones_follow() {
        let bench = Bench::closed(PASSPHRASE);
        let agent = open(&bench, PASSPHRASE).unwrap();
        let words = read_out(&bench, &agent);
        let before = agent.peer.read(|view| view.end(agent.peer.chain())).unwrap().seq;
        drop(agent);
        let agent = open(&bench, PASSPHRASE).unwrap();
        assert_eq!(agent.peer.read(|view| view.end(agent.peer.chain())).unwrap().seq, before, "told once");
        drop(agent);

        let recovered = |words: &str, login: &str| {
            let surroundings = surroundings_at(bench.clock.clone(), 78);
            recover(bench.dir.path(), words, login, NEW, &surroundings)
        };
        assert!(matches!(recovered("одне два", "olena").err().unwrap(), AppError::Input(_)));
        assert!(matches!(recovered(&words, "ivan").err().unwrap(), AppError::WhichOfficer { .. }));
        let agent = recovered(&words.to_uppercase(), "olena").unwrap();
        let next = read_out(&bench, &agent);
        assert_ne!(next, words);
        let facts = bench.centre.desk.read(|view| view.facts(agent.peer.chain(), 0)).unwrap();
        let told = |fact: &OwnFact| matches!(fact, OwnFact::Recovered { officer, .. } if officer == "olena");
        assert_eq!(facts.iter().filter(|(_, fact)| told(fact)).count(), 1, "whose passphrase it was");
        drop(agent);
        let again = recovered(&words, "olena").err().unwrap();
        assert!(matches!(again, AppError::Unlock(UnlockError::WrongCode)), "{again}");
        assert!(open(&bench, PASSPHRASE).is_err(), "the old passphrase is nobody's");
        bench.clock.advance(std::time::Duration::from_secs(60));
        open(&bench, NEW).unwrap();
    }
}
