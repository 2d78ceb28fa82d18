//! Mending a desk whose database is damaged, while no program has it open.

use super::office::Tools;
use super::{DeskError, ErrorKind, HUB};
use peer::{Folder, Mended};
use sealing::{Passphrase, UnlockError};
use std::path::Path;

/// Mends the desk in a folder with the passphrase of an administrator; with `list` only says what would be done.
pub fn repair(
    path: &Path,
    login: Option<&str>,
    passphrase: &str,
    tools: &Tools,
    list: bool,
) -> Result<Mended, DeskError> {
    let folder = Folder::hold_existing(path)?;
    let vault = folder.vault()?;
    let logins = login.map_or_else(|| super::office::logins(&vault), |login| vec![login.to_owned()]);
    for login in &logins {
        match vault.unlock(login, &Passphrase::typed(passphrase)) {
            Ok(key) => return Ok(peer::repair(&folder, &key, login, tools.means(), HUB, list)?),
            Err(UnlockError::NoSuchOfficer | UnlockError::WrongPassphrase) => {}
            Err(other) => return Err(DeskError::from_text(ErrorKind::Damaged, &other.to_string())),
        }
    }
    Err(if logins.len() > 1 { super::office::nobodys_passphrase() } else { super::accounts::wrong_passphrase() })
}
