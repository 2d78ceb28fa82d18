//! The desk's folder: sealed after a start, open once somebody gave a passphrase.

use super::accounts::wrong_passphrase;
use super::attempts::Attempts;
use super::backup::{Backups, RESTORED};
use super::traces::How;
use super::{Desk, DeskError, ErrorKind, HUB};
use clock::Clock;
use peer::decoder::Decode;
use peer::{Folder, Means, Peer};
use sealing::{Cost, Entropy, Passphrase, UnlockError, Vault};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::watch;

/// What the desk needs from the program around it.
#[derive(Clone)]
pub struct Tools {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Gives a source of random bytes; never the same bytes from two of them.
    pub entropy: Arc<dyn Fn() -> Box<dyn Entropy> + Send + Sync>,
    /// Gives the place where foreign changes are decoded.
    pub decoder: Arc<dyn Fn() -> Box<dyn Decode> + Send + Sync>,
    /// This program's own file: it starts itself as `render-pdf`.
    pub program: PathBuf,
    /// What a try at a new passphrase costs.
    pub cost: Cost,
}

impl Tools {
    pub(crate) fn means(&self) -> Means {
        Means { entropy: (self.entropy)(), clock: Arc::clone(&self.clock), decoder: (self.decoder)() }
    }
}

/// A desk's folder, held by this process, and the desk in it once it is unsealed.
pub struct Office {
    path: PathBuf,
    tools: Tools,
    attempts: Arc<Attempts>,
    held: Mutex<Option<Folder>>,
    desk: watch::Sender<Option<Arc<Desk>>>,
    backups: OnceLock<Backups>,
}

impl Office {
    /// Takes the folder's lock. The desk in it stays sealed.
    pub fn hold(path: &Path, tools: Tools) -> Result<Arc<Self>, DeskError> {
        let folder = Folder::hold_existing(path)?;
        folder.vault()?;
        let attempts = Arc::new(Attempts::new(Arc::clone(&tools.clock)));
        let held = Mutex::new(Some(folder));
        let (path, desk) = (path.to_owned(), watch::Sender::new(None));
        Ok(Arc::new(Self { path, tools, attempts, held, desk, backups: OnceLock::new() }))
    }

    /// An office with an open desk, for tests of what stands on it.
    #[cfg(test)]
    pub(crate) fn around(desk: Arc<Desk>) -> Arc<Self> {
        let (tools, attempts) = (desk.tools.clone(), Arc::clone(&desk.attempts));
        let path = desk.peer.folder().path().to_owned();
        let desk = watch::Sender::new(Some(desk));
        Arc::new(Self { path, tools, attempts, held: Mutex::new(None), desk, backups: OnceLock::new() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Says where backups go and who makes the hub's half. Once; later calls change nothing.
    pub fn keep_backups(&self, backups: Backups) {
        let _ = self.backups.set(backups);
    }

    /// Where backups go.
    pub fn backups(&self) -> &Backups {
        self.backups.get_or_init(|| Backups::beside(&self.path))
    }

    pub(crate) fn tools(&self) -> &Tools {
        &self.tools
    }

    /// While the desk is sealed: what keeps anybody from unsealing it. `None` if it is open.
    pub(crate) fn sealed(&self) -> Option<MutexGuard<'_, Option<Folder>>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        self.desk.borrow().is_none().then_some(held)
    }

    /// Pages look again.
    pub(crate) fn changed(&self) {
        if let Ok(desk) = self.desk() {
            desk.tell();
        }
    }

    /// As [`Office::unseal`], where nobody may have said whose passphrase it is: then it is that of any administrator
    /// whom it fits.
    pub fn unseal_by(&self, login: Option<&str>, passphrase: &str) -> Result<Arc<Desk>, DeskError> {
        if let Some(login) = login {
            return self.unseal(login, passphrase);
        }
        let logins = logins(&peer::read_vault(&self.path)?);
        if let [login] = &logins[..] {
            return self.unseal(login, passphrase);
        }
        self.unseal_any(&logins, passphrase)
    }

    /// A wrong one counts once and against no administrator: a timer with an old passphrase must not keep them all out,
    /// nor who guesses at one of them on the page keep out the timer.
    fn unseal_any(&self, logins: &[String], passphrase: &str) -> Result<Arc<Desk>, DeskError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        // Behind the lock: of tries that came at once the second is told of the first.
        self.attempts.may_try_any()?;
        if let Ok(desk) = self.desk() {
            return Ok(desk);
        }
        for login in logins {
            match self.open(&mut held, login, passphrase) {
                Ok(Some(desk)) => {
                    self.attempts.succeeded_any();
                    return Ok(desk);
                }
                Ok(None) => {}
                // The slot of an account that was disabled since: another's may fit as well.
                Err(error) if error.kind == ErrorKind::NotAllowed => {}
                Err(error) => return Err(error),
            }
        }
        self.attempts.failed_any();
        Err(nobodys_passphrase())
    }

    /// The desk, if it is unsealed.
    pub fn desk(&self) -> Result<Arc<Desk>, DeskError> {
        self.desk.borrow().clone().ok_or_else(DeskError::sealed)
    }

    /// Waits until the desk is unsealed. `None` if the office is gone first.
    pub async fn unsealed(&self) -> Option<Arc<Desk>> {
        let mut desk = self.desk.subscribe();
        desk.wait_for(Option::is_some).await.ok().and_then(|desk| desk.clone())
    }

    /// Opens the desk with the passphrase of somebody who has a slot in its vault. Blocks for as long as Argon2 takes.
    /// Wrong ones are answered more and more slowly. A vault from before an account was disabled still has its slot:
    /// the chain decides, and the desk closes again.
    pub fn unseal(&self, login: &str, passphrase: &str) -> Result<Arc<Desk>, DeskError> {
        self.attempts.may_try(login)?;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(desk) = self.desk() {
            return Ok(desk);
        }
        match self.open(&mut held, login, passphrase)? {
            Some(desk) => {
                self.attempts.succeeded(login);
                Ok(desk)
            }
            None => {
                self.attempts.failed(login);
                Err(wrong_passphrase())
            }
        }
    }

    /// Opens the desk with this login's slot. `None`: the passphrase does not fit it. Counts nothing.
    fn open(&self, held: &mut Option<Folder>, login: &str, passphrase: &str) -> Result<Option<Arc<Desk>>, DeskError> {
        let folder = match held.take() {
            Some(folder) => folder,
            None => Folder::hold_existing(&self.path)?,
        };
        let unlocked = folder.vault().map_err(DeskError::from).and_then(|vault| {
            match vault.unlock(login, &Passphrase::typed(passphrase)) {
                Ok(key) => Ok(Some(key)),
                Err(UnlockError::NoSuchOfficer | UnlockError::WrongPassphrase) => Ok(None),
                Err(other) => Err(DeskError::from_text(ErrorKind::Damaged, &other.to_string())),
            }
        });
        let key = match unlocked {
            Ok(Some(key)) => key,
            Ok(None) => {
                *held = Some(folder);
                return Ok(None);
            }
            Err(error) => {
                *held = Some(folder);
                return Err(error);
            }
        };
        let peer = Peer::open(folder, &key, login, self.tools.means())?;
        let restored = self.path.join(RESTORED);
        if restored.exists() {
            peer.begin_from_a_copy(HUB)?;
            std::fs::remove_file(restored)?;
        }
        let desk = Desk::new(peer, key, self.tools.clone(), Arc::clone(&self.attempts))?;
        if !desk.may_open_unknown(login)? {
            desk.account(login)?;
        }
        // By command as on the page: who opens what is not noted does not open it.
        desk.note(login, How::Unsealed, "")?;
        self.desk.send_replace(Some(Arc::clone(&desk)));
        Ok(Some(desk))
    }
}

/// Everybody whose passphrase opens the vault.
pub(super) fn logins(vault: &Vault) -> Vec<String> {
    vault.logins().map(ToString::to_string).collect()
}

/// Of none of several administrators.
pub(super) fn nobodys_passphrase() -> DeskError {
    DeskError::new(
        ErrorKind::NotAllowed,
        "це пароль жодного з адміністраторів: перевірте розкладку клавіатури або вкажіть, чий він (--login)",
        "this is no administrator's passphrase: check the keyboard layout, or say whose it is (--login)",
    )
}
