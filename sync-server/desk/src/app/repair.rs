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
    let login = match login {
        Some(login) => login.to_owned(),
        None => super::office::only_login(&vault)?,
    };
    let key = vault.unlock(&login, &Passphrase::typed(passphrase)).map_err(|error| match error {
        UnlockError::NoSuchOfficer | UnlockError::WrongPassphrase => super::accounts::wrong_passphrase(),
        other => DeskError::from_text(ErrorKind::Damaged, &other.to_string()),
    })?;
    Ok(peer::repair(&folder, &key, &login, tools.means(), HUB, list)?)
}
