//! The new database takes the place of the damaged one. Whenever the power goes, there is the old one with its log or the
//! new one: the new file is whole and has its last name but one before the old one is touched, and whoever opens the
//! folder finishes what was begun. The old file keeps its log, which must never be brought into the new one.

use crate::PeerError;
use crate::folder::Folder;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What SQLite keeps beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Where the new database is made.
pub(super) fn making(folder: &Folder) -> PathBuf {
    with(&folder.database(), ".new")
}

/// The same beside a copy.
pub(super) fn beside(copy: &Path) -> PathBuf {
    with(copy, ".new")
}

/// Where a repair works that only looks.
fn looking(folder: &Folder) -> PathBuf {
    folder.path().join("looking")
}

/// A copy of the database that counts, with its log.
pub(super) fn copied(folder: &Folder) -> Result<PathBuf, PeerError> {
    forget_copy(folder)?;
    fs::create_dir(looking(folder))?;
    let (made, database) = (made(folder), folder.database());
    let copy = looking(folder).join(database.file_name().unwrap_or_default());
    if made.exists() {
        fs::copy(made, &copy)?;
        return Ok(copy);
    }
    for end in ["", BESIDE[0]] {
        match fs::copy(with(&database, end), with(&copy, end)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(copy)
}

/// Whatever stopped in the middle of looking left it.
pub(super) fn forget_copy(folder: &Folder) -> Result<(), PeerError> {
    match fs::remove_dir_all(looking(folder)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// A new database that is whole and takes the old one's place.
fn made(folder: &Folder) -> PathBuf {
    with(&folder.database(), ".mended")
}

fn with(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    PathBuf::from(name)
}

fn gone(path: &Path) -> Result<(), PeerError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn renamed(from: &Path, to: &Path) -> Result<(), PeerError> {
    match fs::rename(from, to) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// What was begun and not finished is in nobody's way, and holds nothing that is erased elsewhere. Whoever calls it has
/// finished what was decided ([`finish`]).
pub(crate) fn discard(folder: &Folder) -> Result<(), PeerError> {
    forget_copy(folder)?;
    let path = making(folder);
    BESIDE.iter().try_for_each(|end| gone(&with(&path, end)))?;
    gone(&path)
}

/// The new database is whole: from here on it is the one that counts. Gives the name under which the old one is kept.
pub(super) fn commit(folder: &Folder) -> Result<String, PeerError> {
    let path = making(folder);
    BESIDE.iter().try_for_each(|end| gone(&with(&path, end)))?;
    File::open(&path)?.sync_all()?;
    fs::rename(&path, made(folder))?;
    File::open(folder.path())?.sync_all()?;
    let aside = aside(folder);
    finish(folder)?;
    Ok(aside.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

/// A name that is free.
fn aside(folder: &Folder) -> PathBuf {
    let name = |n: u32| with(&folder.database(), &format!(".damaged-{n}"));
    (1..).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(u32::MAX))
}

/// Finishes a repair that was cut off; nothing is done where none was. Again changes nothing.
pub(crate) fn finish(folder: &Folder) -> Result<(), PeerError> {
    let (made, database) = (made(folder), folder.database());
    if !made.exists() {
        return Ok(());
    }
    let aside = aside(folder);
    // The old file goes last: while it has its name, the next try takes the same one for what is beside it.
    for end in BESIDE {
        renamed(&with(&database, end), &with(&aside, end))?;
    }
    File::open(folder.path())?.sync_all()?;
    renamed(&database, &aside)?;
    fs::rename(&made, &database)?;
    Ok(File::open(folder.path())?.sync_all()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The power goes between any two steps.
    #[test]
    fn what_was_cut_off_is_finished_with_the_right_log() {
        for cut in 0..4 {
            let dir = tempfile::tempdir().unwrap();
            let folder = Folder::hold(dir.path()).unwrap();
            let database = folder.database();
            fs::write(&database, "old").unwrap();
            fs::write(with(&database, "-wal"), "old log").unwrap();
            fs::write(with(&database, ".mended"), "new").unwrap();
            let aside = with(&database, ".damaged-1");
            if cut > 0 {
                fs::rename(with(&database, "-wal"), with(&aside, "-wal")).unwrap();
            }
            if cut > 1 {
                fs::rename(&database, &aside).unwrap();
            }
            if cut > 2 {
                fs::rename(with(&database, ".mended"), &database).unwrap();
            }
            finish(&folder).unwrap();
            finish(&folder).unwrap();
            let read = |path: &Path| fs::read_to_string(path).unwrap();
            assert_eq!((read(&database), read(&aside)), ("new".into(), "old".into()), "{cut}");
            assert_eq!(read(&with(&aside, "-wal")), "old log", "{cut}");
            assert!(!with(&database, "-wal").exists());
        }
    }

    #[test]
    fn a_second_repair_keeps_both_old_files() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::hold(dir.path()).unwrap();
        for (n, text) in ["first", "second"].iter().enumerate() {
            fs::write(folder.database(), text).unwrap();
            fs::write(making(&folder), "new").unwrap();
            fs::write(with(&making(&folder), "-wal"), "left").unwrap();
            assert_eq!(commit(&folder).unwrap(), format!("valiza.db.damaged-{}", n + 1));
            assert!(!with(&making(&folder), "-wal").exists());
            let kept = fs::read_to_string(with(&folder.database(), &format!(".damaged-{}", n + 1)));
            assert_eq!(kept.unwrap(), *text);
        }
    }
}
