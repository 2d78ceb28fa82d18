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

#[cfg(test)]
mod tests {
    use super::super::accounts::wrong_passphrase;
    use super::super::testing::{self, PASSPHRASE};
    use super::super::{Desk, Office};
    use super::*;
    use std::fs;

    const PAGE: usize = 4096;

    /// What this login is told that has the right passphrase or a wrong one.
    fn told(desk: &Desk, login: &str, passphrase: &str) -> Option<DeskError> {
        desk.check(login, &Passphrase::typed(passphrase)).err()
    }

    /// Page after page, until both were met twice: an administrator opens the mended desk; whose account was on the
    /// page is told so, and nobody is told who is known here.
    #[test]
    fn whose_account_was_on_a_damaged_page_is_told_to_wait_for_it() {
        let town = testing::town();
        let (tools, path) = (town.desk.tools.clone(), town.desk.peer.folder().path().to_owned());
        let (_dir, _) = town.close();
        let whole = fs::read(path.join("valiza.db")).unwrap();
        let (mut lost, mut known) = (0, 0);
        for page in 0..whole.len() / PAGE {
            if lost > 1 && known > 1 {
                break;
            }
            let scratch = tempfile::tempdir().unwrap();
            for file in fs::read_dir(&path).unwrap().map(Result::unwrap) {
                if file.file_type().unwrap().is_file() {
                    fs::copy(file.path(), scratch.path().join(file.file_name())).unwrap();
                }
            }
            let mut bytes = whole.clone();
            bytes[page * PAGE + 2000] ^= 1;
            fs::write(scratch.path().join("valiza.db"), bytes).unwrap();
            repair(scratch.path(), None, PASSPHRASE, &tools, false).unwrap();
            let office = Office::hold(scratch.path(), tools.clone()).unwrap();
            let desk = office.unseal("admin", PASSPHRASE).unwrap();
            let (unknown, admin) = (told(&desk, "nobody", "хибний").unwrap(), told(&desk, "admin", PASSPHRASE));
            match &admin {
                Some(error) => {
                    lost += 1;
                    assert!(error.sentence.uk.contains("ще не прийшов від вузла"), "page {page}: {error}");
                    assert_eq!(&unknown, error, "page {page}");
                    assert!(desk.account("admin").unwrap_err().sentence.uk.contains("ще не прийшов"), "page {page}");
                    assert!(told(&desk, "admin", PASSPHRASE).unwrap().sentence.uk.contains("зачекайте 1 с"));
                }
                None => {
                    known += 1;
                    assert_eq!(told(&desk, "admin", "хибний").unwrap(), unknown, "page {page}");
                }
            }
            if !desk.peer.is_catching_up().unwrap() {
                assert_eq!((admin, unknown), (None, wrong_passphrase()), "page {page}");
            }
        }
        assert!(lost > 0 && known > 0, "{lost} and {known}");
    }
}
