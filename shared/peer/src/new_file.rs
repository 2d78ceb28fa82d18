//! Files and folders that a person asked for: made new, never over what is there.

use crate::PeerError;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// [`PeerError::Taken`] if something has this name already. To be asked before work is done that a file is to tell of.
pub fn must_be_free(path: &Path) -> Result<(), PeerError> {
    // What a link points to, or that it points to nothing, changes nothing: its name is taken.
    match fs::symlink_metadata(path) {
        Ok(there) => Err(taken(path, there.is_dir())),
        Err(_) => Ok(()),
    }
}

/// Writes a file that must not be there yet, down to the disk, its name included. `mode`: rights on Unix, as `0o600`.
/// What could be written in part only is taken away again, so that the name is free for the next try. A folder that may
/// be written to and not be read, or a drive that syncs no folders, keeps the whole file all the same.
pub fn write_new(path: &Path, bytes: &[u8], mode: u32) -> Result<(), PeerError> {
    write_new_in(path, bytes, mode, |folder| File::open(folder)?.sync_all())
}

fn write_new_in(
    path: &Path,
    bytes: &[u8],
    mode: u32,
    sync_folder: impl FnOnce(&Path) -> io::Result<()>,
) -> Result<(), PeerError> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = options.open(path).map_err(|error| not_made(path, error))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| {
        let _ = fs::remove_file(path);
        not_made(path, error)
    })?;
    // Its name, too, is on the disk when it is said that it was written, where the folder lets itself be synced.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Err(error) = sync_folder(folder) {
        tracing::warn!(path = %path.display(), %error, "written, but its folder cannot be synced: a power cut may take it");
    }
    Ok(())
}

/// Makes a folder that must not be there yet, which its owner alone opens.
pub fn new_folder(path: &Path) -> Result<(), PeerError> {
    let mut folder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path).map_err(|error| not_made(path, error))
}

fn not_made(path: &Path, error: io::Error) -> PeerError {
    match error.kind() {
        io::ErrorKind::AlreadyExists => taken(path, path.is_dir()),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => PeerError::DiskFull,
        _ => PeerError::NotWritten { path: path.display().to_string() },
    }
}

fn taken(path: &Path, folder: bool) -> PeerError {
    let (uk, en) = if folder { ("папка", "folder") } else { ("файл", "file") };
    PeerError::Taken { path: path.display().to_string(), uk, en }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_named_and_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("act.txt");
        must_be_free(&path).unwrap();
        write_new(&path, b"first", 0o600).unwrap();
        for refused in [must_be_free(&path).unwrap_err(), write_new(&path, b"second", 0o600).unwrap_err()] {
            let said = refused.to_string();
            assert!(matches!(refused, PeerError::Taken { .. }), "{refused:?}");
            assert!(said.contains("act.txt: тут уже є файл") && said.contains("act.txt: there is a file"), "{said}");
        }
        assert_eq!(fs::read(&path).unwrap(), b"first");
        let folder = dir.path().join("all");
        new_folder(&folder).unwrap();
        for refused in [new_folder(&folder), write_new(&folder, b"x", 0o600), must_be_free(&folder)] {
            assert!(refused.unwrap_err().to_string().contains("тут уже є папка"));
        }
        let lost = write_new(&dir.path().join("none/act.txt"), b"x", 0o600).unwrap_err();
        assert!(matches!(lost, PeerError::NotWritten { .. }), "{lost:?}");
    }

    #[test]
    fn a_folder_that_does_not_sync_keeps_what_was_written_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("act.txt");
        let mut asked = None;
        let fails = |folder: &Path| {
            asked = Some(folder.to_owned());
            Err(io::ErrorKind::PermissionDenied.into())
        };
        write_new_in(&path, b"first", 0o600, fails).unwrap();
        assert_eq!((fs::read(&path).unwrap(), asked.as_deref()), (b"first".to_vec(), Some(dir.path())));
        assert!(matches!(write_new(&path, b"second", 0o600), Err(PeerError::Taken { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_points_to_nothing_takes_its_name_and_rights_are_as_asked() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(dir.path().join("nowhere"), &link).unwrap();
        assert!(matches!(must_be_free(&link), Err(PeerError::Taken { .. })));
        assert!(matches!(write_new(&link, b"x", 0o600), Err(PeerError::Taken { .. })));
        let path = dir.path().join("file");
        write_new(&path, b"x", 0o600).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
