//! The folder of one peer: `vault` (who may open it), `valiza.db` (everything, encrypted), `lock`; `vault.spare` and
//! `spare` ([`crate::spare`]) for when one of them is damaged.

use crate::PeerError;
use sealing::{Vault, VaultFileError};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Who may open the folder.
const VAULT: &str = "vault";
/// The same once more.
const SPARE_VAULT: &str = "vault.spare";

/// A peer's folder, held by this process alone until it is dropped.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder if it is not there (readable by its owner only) and takes its lock.
    pub fn hold(path: &Path) -> Result<Self, PeerError> {
        make_folder(path)?;
        private(path, 0o700)?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {
                close_to_others(path)?;
                Ok(Self { path: path.to_owned(), _lock: lock })
            }
            Err(TryLockError::WouldBlock) => Err(PeerError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Takes the lock of a folder that must hold a peer.
    pub fn hold_existing(path: &Path) -> Result<Self, PeerError> {
        if path.join(VAULT).exists() || path.join(SPARE_VAULT).exists() {
            Self::hold(path)
        } else {
            Err(PeerError::NoSuchPeer)
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The encrypted database.
    pub fn database(&self) -> PathBuf {
        self.path.join("valiza.db")
    }

    /// Who may open it. A folder without a vault holds no peer.
    pub fn vault(&self) -> Result<Vault, PeerError> {
        read_vault(&self.path)
    }

    /// Keeps the vault: after a power cut there is the old one or the new one, never half of one.
    pub fn keep_vault(&self, vault: &Vault) -> Result<(), PeerError> {
        // The database was made since the folder was taken; the files that SQLite puts beside it take its mode.
        close_to_others(&self.path)?;
        // The spare first: where the second cannot be written, the passphrase of before holds, as whoever changed it is
        // told, and not both. The next opening makes the spare the same again.
        keep_file(&self.path, SPARE_VAULT, &vault.encode())?;
        keep_file(&self.path, VAULT, &vault.encode())
    }

    /// The spare vault is what the vault is, also where the power went between the two. `true`: it was damaged.
    pub(crate) fn keep_spare_vault(&self) -> Result<bool, PeerError> {
        let Ok(vault) = decoded(&self.path, VAULT) else { return Ok(false) };
        let bytes = vault.encode();
        if fs::read(self.path.join(SPARE_VAULT)).is_ok_and(|spare| spare == bytes) {
            return Ok(false);
        }
        let damaged = !matches!(decoded(&self.path, SPARE_VAULT), Ok(_) | Err(PeerError::NoSuchPeer));
        keep_file(&self.path, SPARE_VAULT, &bytes)?;
        Ok(damaged)
    }

    /// Names of the damaged databases that repairs set aside here.
    pub(crate) fn set_aside(&self) -> Result<Vec<String>, PeerError> {
        let mut names = Vec::new();
        for file in fs::read_dir(&self.path)? {
            let name = file?.file_name().to_string_lossy().into_owned();
            let number = name.strip_prefix("valiza.db.damaged-");
            if number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())) {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// A spare vault that does not open is written again. True if it had to be. One that is merely another one is being
    /// written just now.
    pub(crate) fn renew_damaged_spare_vault(&self) -> Result<bool, PeerError> {
        if decoded(&self.path, SPARE_VAULT).is_ok() || decoded(&self.path, VAULT).is_err() {
            return Ok(false);
        }
        self.keep_spare_vault().map(|_| true)
    }

    /// What is wrong with the vault while its spare opens; `None`: nothing.
    pub(crate) fn vault_fault(&self) -> Option<&'static str> {
        let damaged = decoded(&self.path, VAULT).is_err_and(|fault| may_stand_in(&fault));
        let damaged = damaged && decoded(&self.path, SPARE_VAULT).is_ok();
        damaged.then_some("файл vault пошкоджено, замість нього читається vault.spare: виконайте repair / the file vault is damaged and vault.spare is read instead: run repair")
    }

    /// The vault again from its spare, if that alone is whole.
    pub(crate) fn mend_vault(&self) -> Result<(), PeerError> {
        if self.vault_fault().is_none() {
            return Ok(());
        }
        keep_file(&self.path, VAULT, &decoded(&self.path, SPARE_VAULT)?.encode())
    }
}

/// Nobody but the owner reads what lies in the folder, also where the folder was opened to others by hand or copied.
fn close_to_others(folder: &Path) -> Result<(), PeerError> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() || kind.is_file() {
            match private(&entry.path(), if kind.is_dir() { 0o700 } else { 0o600 }) {
                // SQLite takes its own files away when the last connection closes.
                Err(PeerError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {}
                // What belongs to another user is none of ours: `lost+found` on a volume of its own.
                Err(PeerError::Io(error)) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                    tracing::warn!(path = %entry.path().display(), "belongs to somebody else; its mode stays as it is");
                }
                done => done?,
            }
        }
    }
    Ok(())
}

/// Who may open the peer in a folder, without taking its lock: the sign-in page asks while another program runs.
pub fn read_vault(path: &Path) -> Result<Vault, PeerError> {
    decoded(path, VAULT).or_else(|error| {
        if !may_stand_in(&error) {
            return Err(error);
        }
        let spare = decoded(path, SPARE_VAULT).map_err(|_| error)?;
        tracing::warn!("the vault is damaged or missing: its spare is read");
        Ok(spare)
    })
}

/// The spare stands in for a vault that is damaged or missing, never for one that a later program wrote: that one knows
/// which passphrases hold.
fn may_stand_in(fault: &PeerError) -> bool {
    !matches!(fault, PeerError::VaultFile(VaultFileError::Newer(_)))
}

fn decoded(path: &Path, name: &str) -> Result<Vault, PeerError> {
    match fs::read(path.join(name)) {
        Ok(bytes) => Ok(Vault::decode(&bytes)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(PeerError::NoSuchPeer),
        Err(error) => Err(error.into()),
    }
}

/// Makes a folder and whatever above it is missing. Each name is on the disk when this returns: a file that is synced in
/// a folder whose own name is not would be gone with it.
pub fn make_folder(path: &Path) -> Result<(), PeerError> {
    if path.is_dir() {
        return Ok(());
    }
    let above = match path.parent() {
        None => return Ok(fs::create_dir_all(path)?),
        Some(above) if above.as_os_str().is_empty() => Path::new("."),
        Some(above) => above,
    };
    make_folder(above)?;
    match fs::create_dir(path) {
        // Somebody else was quicker.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && path.is_dir() => {}
        done => done?,
    }
    Ok(File::open(above)?.sync_all()?)
}

/// Writes beside, syncs, renames, syncs the folder.
pub fn keep_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), PeerError> {
    let beside = folder.join(format!("{name}.new"));
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(&beside)?;
    private(&beside, 0o600)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, folder.join(name))?;
    File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(unix)]
fn private(path: &Path, mode: u32) -> Result<(), PeerError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    Ok(())
}

/// Elsewhere the user's profile folder is private already.
#[cfg(not(unix))]
fn private(_: &Path, _: u32) -> Result<(), PeerError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holder_is_refused_until_the_first_lets_go() {
        let dir = tempfile::tempdir().unwrap();
        let first = Folder::hold(dir.path()).unwrap();
        assert!(matches!(Folder::hold(dir.path()), Err(PeerError::InUse)));
        drop(first);
        Folder::hold(dir.path()).unwrap();
        assert!(matches!(Folder::hold_existing(dir.path()), Err(PeerError::NoSuchPeer)));
    }

    #[test]
    fn a_kept_file_replaces_the_old_one() {
        let dir = tempfile::tempdir().unwrap();
        keep_file(dir.path(), "vault", b"one").unwrap();
        keep_file(dir.path(), "vault", b"two").unwrap();
        assert_eq!(fs::read(dir.path().join("vault")).unwrap(), b"two");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert!(matches!(read_vault(dir.path()), Err(PeerError::VaultFile(_))));
    }

    #[test]
    fn a_folder_is_made_with_what_is_missing_above_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("one/two/three");
        make_folder(&path).unwrap();
        make_folder(&path).unwrap();
        assert!(path.is_dir());
        fs::write(dir.path().join("file"), "x").unwrap();
        make_folder(&dir.path().join("file/below")).unwrap_err();
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_the_folder() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("peer");
        let mode = |name: &str| fs::metadata(path.join(name)).unwrap().permissions().mode() & 0o777;
        fs::create_dir_all(path.join("more")).unwrap();
        for name in ["valiza.db", "valiza.db-wal", "old"] {
            fs::write(path.join(name), "x").unwrap();
            private(&path.join(name), 0o644).unwrap();
        }
        private(&path, 0o755).unwrap();
        let _folder = Folder::hold(&path).unwrap();
        assert_eq!((mode(""), mode("more")), (0o700, 0o700));
        for name in ["valiza.db", "valiza.db-wal", "old", "lock"] {
            assert_eq!(mode(name), 0o600, "{name}");
        }
    }
}
