//! The hub's small files and the spare copy of them, `hub.spare`: text that is written anew at every start with whole files.
//!
//! ```text
//! valiza-hub-spare 1
//! file hub.toml <its bytes, hexadecimal>
//! file hub.key <…>
//! file hub.crt <…>
//! sum <hash>                    of all lines before it, SHA-256 with the label valiza/1/backup
//! ```

use super::hub_folder::{HubFolder, MADE_ONCE, bytes_from_hex, damaged, hex};
use super::hub_process;
use desk::app::{DeskError, ErrorKind};
use rustls::ServerConfig;
use signing::{Hash, Label};
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// Its name.
pub const SPARE: &str = "hub.spare";
const HEAD: &str = "valiza-hub-spare 1\n";
/// Which files are taken from the spare copy, one bit each: as few as possible.
const CHOICES: [u8; 8] = [0b000, 0b001, 0b010, 0b100, 0b011, 0b101, 0b110, 0b111];

/// The bytes of `hub.toml`, `hub.key`, `hub.crt`.
pub type Files = [Vec<u8>; 3];

/// A hub's folder as it can be used.
pub struct Usable {
    /// What stands in it.
    pub folder: HubFolder,
    /// The listener's settings, proved against the root.
    pub tls: Arc<ServerConfig>,
    /// Its small files as they are used.
    pub files: Files,
    /// What is damaged, a sentence each in both languages. Empty: all is well.
    pub faults: Vec<String>,
    /// Names of those of the small files that the spare copy stands in for.
    pub replaced: Vec<&'static str>,
}

/// Reads a hub's folder; what is damaged of its small files the spare copy stands in for, if together they prove
/// themselves to the root. Nothing is written.
pub fn usable(path: &Path) -> Result<Usable, DeskError> {
    HubFolder::look_for(path)?;
    let own = MADE_ONCE.map(|name| fs::read(path.join(name)).map_err(|fault| damaged(name, &fault)));
    let (spare, spare_fault) = match read(path) {
        Ok(spare) => (spare, None),
        Err(fault) => (None, Some(fault)),
    };
    // What a later program wrote is not damaged: nothing old stands in for it.
    if let Ok(settings) = &own[0] {
        HubFolder::refuse_later(settings)?;
    }
    let mut first = None;
    let choices = if spare.is_some() { &CHOICES[..] } else { &CHOICES[..1] };
    for choice in choices {
        match proved(path, &own, spare.as_ref(), *choice) {
            Ok((folder, tls, files)) => {
                let replaced: Vec<_> = (0..3).filter(|at| choice & 1 << at != 0).map(|at| MADE_ONCE[at]).collect();
                let mut faults: Vec<String> = replaced.iter().map(|name| replacement(name)).collect();
                faults.extend(spare_fault);
                return Ok(Usable { folder, tls, files, faults, replaced });
            }
            Err(fault) => first = first.or(Some(fault)),
        }
    }
    Err(first.unwrap_or_else(|| damaged(SPARE, &"")))
}

fn replacement(name: &str) -> String {
    format!(
        "{name} пошкоджено: замість нього взято запасну копію ({SPARE}); hub-repair поверне файл / {name} is damaged: the spare copy stands in for it; hub-repair puts it back"
    )
}

fn proved(
    path: &Path,
    own: &[Result<Vec<u8>, DeskError>; 3],
    spare: Option<&Files>,
    choice: u8,
) -> Result<(HubFolder, Arc<ServerConfig>, Files), DeskError> {
    let pick = |at: usize| match spare.filter(|_| choice & 1 << at != 0) {
        Some(spare) => Ok(spare[at].clone()),
        None => own[at].clone(),
    };
    let files = [pick(0)?, pick(1)?, pick(2)?];
    let folder = HubFolder::of_files(path, &files)?;
    // Whose community it is proves nothing to peers; but with its keys a hub never serves another one.
    if let Some(spare) = spare.filter(|spare| spare[1] == files[1]) {
        let before = HubFolder::of_files(path, spare)?;
        if (before.tenant, before.root) != (folder.tenant, folder.root) {
            return Err(damaged(MADE_ONCE[0], &"tenant, root"));
        }
    }
    let tls = hub_process::trusted(&folder)?;
    Ok((folder, tls, files))
}

/// Keeps a spare copy of files that proved themselves, if there is none like it.
pub fn keep(path: &Path, files: &Files) -> Result<(), DeskError> {
    let mut text = HEAD.to_owned();
    for (name, bytes) in MADE_ONCE.iter().zip(files) {
        text += &format!("file {name} {}\n", hex(bytes));
    }
    let sum = Hash::of(Label::Backup, text.as_bytes());
    text += &format!("sum {sum}\n");
    if fs::read(path.join(SPARE)).is_ok_and(|kept| kept == text.as_bytes()) {
        return Ok(());
    }
    Ok(peer::keep_file(path, SPARE, text.as_bytes())?)
}

/// `None` if there is no spare copy; a sentence if it is damaged.
fn read(path: &Path) -> Result<Option<Files>, String> {
    let broken = || {
        format!(
            "{SPARE} пошкоджено: вузол напише його знову, щойно запуститься / the hub writes it again as soon as it starts"
        )
    };
    let text = match fs::read(path.join(SPARE)) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| broken())?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(_) => return Err(broken()),
    };
    files_of(&text).map(Some).ok_or_else(broken)
}

fn files_of(text: &str) -> Option<Files> {
    let (lines, sum) = text.rsplit_once("sum ")?;
    if Hash::of(Label::Backup, lines.as_bytes()).to_string() != sum.strip_suffix('\n')? {
        return None;
    }
    let mut lines = lines.strip_prefix(HEAD)?.lines();
    let mut next =
        |name: &str| bytes_from_hex(lines.next()?.strip_prefix("file ")?.strip_prefix(name)?.strip_prefix(' ')?);
    Some([next(MADE_ONCE[0])?, next(MADE_ONCE[1])?, next(MADE_ONCE[2])?])
}

/// Writes over what is damaged what the spare copy has; the damaged bytes stay beside, under `stamp`. Gives back what is
/// there now and is called how.
pub fn put_back(path: &Path, usable: &Usable, stamp: &str) -> Result<Vec<String>, DeskError> {
    let mut kept = Vec::new();
    for (name, bytes) in MADE_ONCE.iter().zip(&usable.files).filter(|(name, _)| usable.replaced.contains(name)) {
        let aside = format!("{name}.damaged-{stamp}");
        match fs::read(path.join(name)) {
            Ok(damaged) => {
                peer::keep_file(path, &aside, &damaged)?;
                kept.push(format!("{name}: пошкоджений лежить поряд, {aside} / the damaged one lies beside"));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => kept.push(format!("{name}: +")),
            Err(error) => return Err(super::error(ErrorKind::Damaged, &error)),
        }
        peer::keep_file(path, name, bytes)?;
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spare_copy_is_read_back_and_a_damaged_one_is_told() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path()), Ok(None));
        let files: Files = [b"listen = 1\n".to_vec(), vec![7; 32], vec![0x30, 0, 255]];
        keep(dir.path(), &files).unwrap();
        assert_eq!(read(dir.path()), Ok(Some(files.clone())));
        let whole = fs::read(dir.path().join(SPARE)).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 4;
            fs::write(dir.path().join(SPARE), &bytes).unwrap();
            assert!(read(dir.path()).is_err(), "byte {at}");
            fs::write(dir.path().join(SPARE), &whole[..at]).unwrap();
            assert!(read(dir.path()).is_err(), "cut at {at}");
        }
        keep(dir.path(), &files).unwrap();
        assert_eq!(fs::read(dir.path().join(SPARE)).unwrap(), whole);
    }
}
