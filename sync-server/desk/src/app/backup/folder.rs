//! Backups on the disk: written beside and renamed when whole, checked byte by byte, brought back into a new folder.

use super::super::{DeskError, ErrorKind};
use super::manifest::{Contents, FileLine, Half, LONGEST, Manifest, NAME, Part, not_ours};
use clock::Time;
use ids::TenantId;
use signing::{Hash, Hasher, Label, VerifyingKey};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// What a half says of itself when it has written its files.
pub struct HalfMade {
    /// Whose community, with its root's key; `None` if nobody could look.
    pub tenant: Option<(TenantId, VerifyingKey)>,
    /// Up to what it holds.
    pub contents: Contents,
}

/// Writes the files of one half into an empty folder.
pub type Source<'a> = (Half, &'a dyn Fn(&Path) -> Result<HalfMade, DeskError>);

/// Writes a backup into a folder that must not be there yet, reads it back, and only then gives it its name.
pub fn make(out: &Path, made: Time, sources: &[Source<'_>]) -> Result<Manifest, DeskError> {
    refuse_present(out)?;
    let beside = beside(out, "unfinished")?;
    private_folder(&beside)?;
    let written = write(&beside, made, sources).and_then(|manifest| {
        let checked = check(&beside)?;
        match checked.faults.first() {
            None => Ok(manifest),
            Some(fault) => Err(not_whole(fault)),
        }
    });
    let manifest = match written {
        Ok(manifest) => manifest,
        Err(error) => {
            // Half a backup is no backup; what cannot be removed is named so that nobody takes it for one.
            let _ = fs::remove_dir_all(&beside);
            return Err(error);
        }
    };
    fs::rename(&beside, out)?;
    sync_folder_of(out)?;
    Ok(manifest)
}

/// Refuses a place where something is: nothing was begun then, and nothing failed.
pub fn refuse_present(out: &Path) -> Result<(), DeskError> {
    Ok(peer::must_be_free(out)?)
}

fn write(folder: &Path, made: Time, sources: &[Source<'_>]) -> Result<Manifest, DeskError> {
    let program = env!("CARGO_PKG_VERSION").to_owned();
    let mut manifest = Manifest { made, program, tenant: None, parts: Vec::new() };
    for (half, source) in sources {
        let path = folder.join(half.text());
        private_folder(&path)?;
        let HalfMade { tenant, contents } = source(&path)?;
        if let (Some(one), Some(other)) = (manifest.tenant, tenant)
            && one != other
        {
            return Err(DeskError::refused(
                "вузол обміну і робоче місце в цій папці належать різним громадам: копіюйте їх окремо",
                "hub and desk in this folder belong to different communities: back them up apart",
            ));
        }
        manifest.tenant = manifest.tenant.or(tenant);
        manifest.parts.push(Part { half: *half, contents, files: files_of(&path)? });
        sync_folder(&path)?;
    }
    peer::keep_file(folder, NAME, manifest.to_text().as_bytes())?;
    Ok(manifest)
}

/// Every file of a half with size and hash, synced to the disk.
fn files_of(folder: &Path) -> Result<Vec<FileLine>, DeskError> {
    let mut names = names_in(folder)?;
    names.sort();
    let line = |name: String| {
        let path = folder.join(&name);
        private_file(&path)?;
        File::open(&path)?.sync_all()?;
        let (size, hash) = digest(&path)?;
        Ok(FileLine { name, size, hash })
    };
    names.into_iter().map(line).collect()
}

fn names_in(folder: &Path) -> Result<Vec<String>, DeskError> {
    let entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    Ok(entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}

fn digest(path: &Path) -> std::io::Result<(u64, Hash)> {
    let (mut file, mut hasher, mut size) = (File::open(path)?, Hasher::new(Label::Backup), 0);
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok((size, hasher.finish()));
        }
        size += read as u64;
        hasher.add(&piece[..read]);
    }
}

/// What a check found.
#[derive(Debug, Clone)]
pub struct CheckedBackup {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// What is wrong, a sentence each in both languages. Empty: every byte is as it was written.
    pub faults: Vec<String>,
}

/// Reads the manifest of a backup; nothing else is looked at.
pub fn read_manifest(folder: &Path) -> Result<Manifest, DeskError> {
    let mut text = String::new();
    let file = match File::open(folder.join(NAME)) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(not_ours()),
        Err(error) => return Err(error.into()),
    };
    match file.take(LONGEST).read_to_string(&mut text) {
        Ok(_) => Manifest::from_text(&text),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Err(Manifest::from_text("valiza-backup 1").err().unwrap_or_else(not_ours))
        }
        Err(error) => Err(error.into()),
    }
}

/// Compares every file with the manifest: missing, too many, other sizes, other bytes.
pub fn check(folder: &Path) -> Result<CheckedBackup, DeskError> {
    let manifest = read_manifest(folder)?;
    let mut faults = Vec::new();
    let parts: BTreeSet<String> = manifest.parts.iter().map(|part| part.half.text().to_owned()).collect();
    for name in names_in(folder)?.into_iter().filter(|name| name != NAME && !parts.contains(name)) {
        faults.push(format!("{name}: цього в копії не було / was not in the backup"));
    }
    for part in &manifest.parts {
        let path = folder.join(part.half.text());
        let present: BTreeSet<String> = match path.is_dir() {
            true => names_in(&path)?.into_iter().collect(),
            false => BTreeSet::new(),
        };
        for file in &part.files {
            let place = format!("{}/{}", part.half.text(), file.name);
            match digest(&path.join(&file.name)) {
                Ok((size, hash)) if (size, hash) == (file.size, file.hash) => {}
                Ok((size, _)) if size != file.size => {
                    let was = file.size;
                    faults.push(format!("{place}: {size} Б замість {was} / {size} bytes instead of {was}"));
                }
                Ok(_) => {
                    faults.push(format!("{place}: вміст інший, ніж був / the bytes are not those that were written"))
                }
                Err(error) => faults.push(format!("{place}: не читається ({error}) / does not read")),
            }
        }
        let known: BTreeSet<String> = part.files.iter().map(|file| file.name.clone()).collect();
        for name in present.difference(&known) {
            faults.push(format!("{}/{name}: цього в копії не було / was not in the backup", part.half.text()));
        }
    }
    Ok(CheckedBackup { manifest, faults })
}

/// Brings one half of a checked backup into a folder that must not be there. `finish` adds to the folder what marks it
/// as restored, before it gets its name.
pub fn bring_back(
    backup: &Path,
    part: &Part,
    to: &Path,
    finish: impl FnOnce(&Path) -> Result<(), DeskError>,
) -> Result<(), DeskError> {
    if to.exists() {
        return Err(DeskError::refused(
            format!("{} уже є: відновлюють лише в нову папку", to.display()),
            format!("{} exists: a backup is restored into a new folder only", to.display()),
        ));
    }
    if let Some(parent) = to.parent() {
        peer::make_folder(parent)?;
    }
    let beside = beside(to, "restoring")?;
    private_folder(&beside)?;
    let brought = copy_files(&backup.join(part.half.text()), part, &beside).and_then(|()| finish(&beside));
    if let Err(error) = brought {
        let _ = fs::remove_dir_all(&beside);
        return Err(error);
    }
    sync_folder(&beside)?;
    fs::rename(&beside, to)?;
    sync_folder_of(to)
}

fn copy_files(from: &Path, part: &Part, to: &Path) -> Result<(), DeskError> {
    for file in &part.files {
        copy_file(&from.join(&file.name), &to.join(&file.name))?;
        let (size, hash) = digest(&to.join(&file.name))?;
        if (size, hash) != (file.size, file.hash) {
            return Err(not_whole(&format!("{}/{}", part.half.text(), file.name)));
        }
    }
    Ok(())
}

/// Copies a file that nobody writes, down to the disk.
pub fn copy_file(from: &Path, to: &Path) -> Result<(), DeskError> {
    let mut source = File::open(from)?;
    let mut target = OpenOptions::new().create_new(true).write(true).open(to)?;
    private_file(to)?;
    std::io::copy(&mut source, &mut target)?;
    target.flush()?;
    Ok(target.sync_all()?)
}

/// `…/name.what`, beside the folder that is to come.
fn beside(path: &Path, what: &str) -> Result<PathBuf, DeskError> {
    let name = path.file_name().ok_or_else(not_ours)?.to_string_lossy();
    let beside = path.with_file_name(format!("{name}.{what}"));
    if beside.exists() {
        return Err(DeskError::refused(
            format!("{} лишилася від перерваної роботи: приберіть її і повторіть", beside.display()),
            format!("{} was left by work that broke off: remove it and try again", beside.display()),
        ));
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        peer::make_folder(parent)?;
    }
    Ok(beside)
}

fn not_whole(fault: &str) -> DeskError {
    let (uk, en) = fault.split_once(" / ").unwrap_or((fault, fault));
    DeskError::new(
        ErrorKind::Damaged,
        format!("записане не збігається з прочитаним ({uk}): перевірте диск і зробіть копію на інший"),
        format!("what was written does not read back the same ({en}): check the disk, use another one"),
    )
}

fn private_folder(path: &Path) -> Result<(), DeskError> {
    fs::create_dir(path)?;
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

fn private_file(path: &Path) -> Result<(), DeskError> {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn sync_folder(path: &Path) -> Result<(), DeskError> {
    Ok(File::open(path)?.sync_all()?)
}

fn sync_folder_of(path: &Path) -> Result<(), DeskError> {
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => sync_folder(parent),
        None => sync_folder(Path::new(".")),
    }
}

/// The manifests of all backups directly below a folder, the newest first; what is no backup is left out.
pub fn list(folder: &Path) -> Vec<(PathBuf, Manifest)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<(PathBuf, Manifest)> =
        entries.filter_map(|entry| Some((entry.path(), read_manifest(&entry.path()).ok()?))).collect();
    found.sort_by_key(|(_, manifest)| std::cmp::Reverse(manifest.made));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_files(folder: &Path) -> Result<HalfMade, DeskError> {
        fs::write(folder.join("vault"), b"wrapped")?;
        fs::write(folder.join("valiza.db"), [7; 9000])?;
        Ok(HalfMade { tenant: None, contents: Contents::default() })
    }

    fn made(dir: &Path) -> (PathBuf, Manifest) {
        let out = dir.join("2026-11-21");
        let manifest = make(&out, Time(5), &[(Half::Desk, &two_files)]).unwrap();
        (out, manifest)
    }

    #[test]
    fn a_backup_is_whole_and_overwrites_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let (out, manifest) = made(dir.path());
        assert_eq!(manifest.bytes(), 9007);
        assert_eq!(check(&out).unwrap().faults, Vec::<String>::new());
        assert_eq!(list(dir.path()), [(out.clone(), manifest)]);
        let again = make(&out, Time(6), &[(Half::Desk, &two_files)]).unwrap_err();
        assert!(again.sentence.en.contains("nothing was written"), "{again}");
        let failing = |_: &Path| Err(DeskError::refused("ні", "no"));
        make(&dir.path().join("other"), Time(6), &[(Half::Hub, &failing)]).unwrap_err();
        assert_eq!(names_in(dir.path()).unwrap(), ["2026-11-21"], "half a backup does not stay");
    }

    #[test]
    fn whatever_is_missing_changed_or_too_much_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let (out, _) = made(dir.path());
        let found = |what: &str| {
            let faults = check(&out).unwrap().faults;
            assert!(faults.len() == 1 && faults[0].contains(what), "{faults:?}");
        };
        let database = out.join("desk/valiza.db");
        fs::write(&database, [7; 8999]).unwrap();
        found("8999");
        fs::write(&database, [[7; 4500], [6; 4500]].concat()).unwrap();
        found("bytes are not those");
        fs::remove_file(&database).unwrap();
        found("does not read");
        fs::write(&database, [7; 9000]).unwrap();
        fs::write(out.join("desk/more"), "x").unwrap();
        found("desk/more");
        fs::remove_file(out.join("desk/more")).unwrap();
        fs::write(out.join("more"), "x").unwrap();
        found("was not in the backup");
        fs::remove_file(out.join(NAME)).unwrap();
        assert!(check(&out).unwrap_err().sentence.uk.contains("не резервна копія"));
        fs::write(out.join(NAME), [0xff, 0xfe]).unwrap();
        assert_eq!(check(&out).unwrap_err().kind, ErrorKind::Damaged);
    }

    #[test]
    fn a_half_comes_back_into_a_new_folder_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let (out, manifest) = made(dir.path());
        let (part, to) = (&manifest.parts[0], dir.path().join("new/desk"));
        bring_back(&out, part, &to, |folder| Ok(fs::write(folder.join("restored"), "1")?)).unwrap();
        assert_eq!(fs::read(to.join("vault")).unwrap(), b"wrapped");
        assert!(to.join("restored").exists());
        let again = bring_back(&out, part, &to, |_| Ok(())).unwrap_err();
        assert!(again.sentence.en.contains("new folder only"), "{again}");
        fs::write(out.join("desk/vault"), "wrOpped").unwrap();
        let other = dir.path().join("other/desk");
        assert_eq!(bring_back(&out, part, &other, |_| Ok(())).unwrap_err().kind, ErrorKind::Damaged);
        assert_eq!(names_in(&dir.path().join("other")).unwrap(), Vec::<String>::new());
    }
}
