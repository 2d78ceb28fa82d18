//! `backup` and `restore --from`: what works without a running desk, too.

use super::hub_folder::HubFolder;
use super::{desk_folder, hub_folder, hub_half};
use clock::{Clock, SystemClock, Time};
use desk::app::backup::{
    Backups, CheckedBackup, Done, Event, Half, Manifest, Part, RESTORED, bring_back, make,
    refuse_present as refuse_taken,
};
use desk::app::{DeskError, ErrorKind, Office, Tools};
use std::fs;
use std::path::{Path, PathBuf};

/// Faults that are named in a sentence; all are in the list above it.
const NAMED: usize = 3;

fn now() -> Time {
    SystemClock::new().now()
}

/// Where the backups of the centre in `dir` go, and its hub's half if a hub is there.
pub fn backups_of(dir: &Path, folder: Option<&Path>) -> Result<Backups, DeskError> {
    let dir = std::path::absolute(dir)?;
    let folder = match folder {
        Some(folder) => std::path::absolute(folder)?,
        None => dir.join("backups"),
    };
    let mut backups = Backups::new(&dir, &folder);
    let hub = hub_folder(&dir);
    if HubFolder::is_in(&hub) {
        backups.hub_copy = Some(Box::new(move |to| hub_half::copy(&hub, to)));
    }
    backups.hub_check = Some(Box::new(hub_half::check));
    Ok(backups)
}

/// Makes a backup of what lies in `dir` while no desk runs over it. With a login and a passphrase the desk is opened,
/// so that its copy is checked entry by entry; without, its bytes are copied.
pub fn back_up(
    dir: &Path,
    out: Option<&Path>,
    unseal: Option<(Option<String>, String)>,
    tools: Tools,
) -> Result<(PathBuf, Manifest), DeskError> {
    let backups = backups_of(dir, None)?;
    if desk_folder(dir).join("vault").exists() {
        let office = Office::hold(&desk_folder(dir), tools)?;
        office.keep_backups(backups);
        if let Some((login, passphrase)) = unseal {
            office.unseal_by(login.as_deref(), &passphrase)?;
        }
        return office.back_up(None, out);
    }
    let Some(hub_copy) = &backups.hub_copy else {
        return Err(DeskError::not_found(
            format!("у папці {} немає ні вузла обміну, ні робочого місця: нема чого копіювати", dir.display()),
            format!("neither hub nor desk in {}: there is nothing to back up", dir.display()),
        ));
    };
    let at = now();
    let out = out.map_or_else(|| backups.fresh_name(at), Path::to_owned);
    refuse_taken(&out)?;
    let made = make(&out, at, &[(Half::Hub, hub_copy)]);
    let bytes = made.as_ref().map_or(0, Manifest::bytes);
    let done = if made.is_ok() { Done::Made } else { Done::Failed };
    backups.remember(Event { done, at, bytes, faults: 0, place: out.clone() });
    Ok((out, made?))
}

/// Compares a backup byte by byte, its hub's half entry by entry. Remembered in `dir` if a centre is there.
pub fn check_backup(dir: &Path, backup: &Path) -> Result<CheckedBackup, DeskError> {
    let backup = std::path::absolute(backup)?;
    let mut backups = backups_of(dir, None)?;
    if dir.exists() {
        return backups.check(&backup, now());
    }
    // Nobody to remember it: the history lands nowhere.
    backups.centre = backup.join("nowhere");
    backups.check(&backup, now())
}

/// An error that names what a check found.
pub fn not_whole(checked: &CheckedBackup) -> Option<DeskError> {
    let count = checked.faults.len();
    let named = checked.faults.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    (count > 0).then(|| {
        DeskError::new(
            ErrorKind::Damaged,
            format!("копію пошкоджено, місць: {count} ({named}). Візьміть іншу копію"),
            format!("the backup is damaged in {count} places ({named}). Take another backup"),
        )
    })
}

/// What came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brought {
    /// The hub alone.
    Hub,
    /// The desk alone.
    Desk,
    /// Both: nobody is left who could tell the desk what it wrote after the backup.
    Both,
}

/// What is to be done after that, Ukrainian first.
pub const KIT_NEEDED: (&str, &str) = (
    "Робоче місце відновлено з копії, і вузол обміну теж починає спочатку: записаного після копії ніхто вже не назве, тому робоче місце лише показує, що є, і нічого нового не записує. Щоб працювати далі, потрібен комплект (24 слова): запустіть центр (run) і перегляньте, чи все на місці; тоді зупиніть його, приберіть папку desk, запустіть сам вузол (hub) і виконайте restore --words-file … --hub …",
    "The desk is restored from a backup and the hub begins anew as well: nobody can name what was written after the backup, so the desk shows what there is and writes nothing new. To go on, the kit (24 words) is needed: start the centre (run) and see whether all is there; then stop it, move the folder desk away, start the hub alone (hub) and give restore --words-file … --hub …",
);

/// The last line of a restored desk's mark, if the hub came back with it.
const HUB_TOO: &str = "hub\n";

/// Brings a backup into a folder that holds neither the one half nor the other, or the half that is asked for.
pub fn restore_backup(dir: &Path, from: &Path, only: Option<Half>) -> Result<(Manifest, Brought), DeskError> {
    let mut backups = backups_of(dir, None)?;
    backups.centre = from.join("nowhere");
    let checked = backups.check(from, now())?;
    if let Some(error) = not_whole(&checked) {
        return Err(error);
    }
    let manifest = checked.manifest;
    let parts: Vec<&Part> = manifest.parts.iter().filter(|part| only.is_none_or(|only| only == part.half)).collect();
    if parts.is_empty() {
        return Err(DeskError::not_found(
            "такої половини центру в копії немає: --half hub або --half desk",
            "this half is not in the backup: --half hub or --half desk",
        ));
    }
    for part in &parts {
        refuse_present(dir, part.half)?;
    }
    refuse_foreign(dir, &manifest)?;
    let brought = match parts.as_slice() {
        [part] if part.half == Half::Hub => Brought::Hub,
        [_] => Brought::Desk,
        _ => Brought::Both,
    };
    let beside = if brought == Brought::Both { HUB_TOO } else { "" };
    for part in parts {
        let to = dir.join(part.half.text());
        bring_back(from, part, &to, |folder| match part.half {
            Half::Hub => hub_half::mark_restored(folder, &part.contents),
            Half::Desk => Ok(peer::keep_file(
                folder,
                RESTORED,
                format!("valiza-restored 1\n{}\n{beside}", manifest.made).as_bytes(),
            )?),
        })?;
    }
    Ok((manifest, brought))
}

/// Whether a desk waits to be opened that came back from a backup together with its hub.
pub(super) fn came_back_with_its_hub(desk: &Path) -> bool {
    fs::read_to_string(desk.join(RESTORED)).is_ok_and(|text| text.ends_with(HUB_TOO))
}

fn refuse_present(dir: &Path, half: Half) -> Result<(), DeskError> {
    let to = dir.join(half.text());
    if to.exists() {
        return Err(DeskError::refused(
            format!("{} уже є: відновлюють лише в нову папку", to.display()),
            format!("{} exists: a backup is restored into a new folder only", to.display()),
        ));
    }
    Ok(())
}

/// A desk beside a hub of another community would never meet it.
fn refuse_foreign(dir: &Path, manifest: &Manifest) -> Result<(), DeskError> {
    let hub = hub_folder(dir);
    if !HubFolder::is_in(&hub) {
        return Ok(());
    }
    let (present, own) = (HubFolder::read(&hub)?, manifest.tenant);
    if own.is_none_or(|(tenant, root)| tenant == present.tenant && root == present.root.signing) {
        return Ok(());
    }
    Err(DeskError::refused(
        "копія іншої громади, ніж вузол обміну в цій папці: вкажіть іншу папку",
        "the backup is of another community than the hub in this folder: name another folder",
    ))
}

/// What a drill found.
pub struct Drilled {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Records that opened.
    pub records: usize,
    /// Entries of the desk's half that were checked; `None` if the backup has none.
    pub entries: Option<usize>,
    /// Entries of the hub's half; `None` if the backup has none. The desk holds most of them as well.
    pub hub_entries: Option<usize>,
    /// What is wrong.
    pub faults: Vec<String>,
}

/// Tries whether a backup comes back: restores it into a folder of its own below `dir`, opens the desk with the
/// passphrase, checks everything, removes the folder. The running centre is not touched.
pub fn drill(
    dir: &Path,
    backup: &Path,
    (login, passphrase): (Option<String>, String),
    tools: Tools,
) -> Result<Drilled, DeskError> {
    let (backup, at) = (std::path::absolute(backup)?, now());
    fs::create_dir_all(dir)?;
    let trial = dir.join("drill");
    if trial.exists() {
        return Err(DeskError::refused(
            format!("{} лишилася від перерваної проби: приберіть її і повторіть", trial.display()),
            format!("{} was left by a drill that broke off: remove it and try again", trial.display()),
        ));
    }
    let tried = restore_backup(&trial, &backup, None)
        .and_then(|(manifest, _)| try_out(&trial, manifest, (login, passphrase), tools));
    let removed = fs::remove_dir_all(&trial);
    let drilled = tried?;
    removed?;
    let (bytes, faults) = (drilled.manifest.bytes(), drilled.faults.len() as u64);
    backups_of(dir, None)?.remember(Event { done: Done::Drilled, at, bytes, faults, place: backup });
    Ok(drilled)
}

fn try_out(
    trial: &Path,
    manifest: Manifest,
    (login, passphrase): (Option<String>, String),
    tools: Tools,
) -> Result<Drilled, DeskError> {
    let mut drilled = Drilled { manifest, records: 0, entries: None, hub_entries: None, faults: Vec::new() };
    if let Some(part) = drilled.manifest.part(Half::Hub) {
        drilled.hub_entries = Some(part.contents.heads.iter().map(|head| head.end.seq as usize).sum());
        super::hub_process::open(&HubFolder::read(&hub_folder(trial))?)?;
    }
    if drilled.manifest.part(Half::Desk).is_some() {
        let office = Office::hold(&desk_folder(trial), tools)?;
        let desk = office.unseal_by(login.as_deref(), &passphrase)?;
        let report = desk.verify(desk.unsealed_by())?;
        drilled.records = report.records;
        drilled.entries = Some(report.entries);
        drilled.faults.extend(report.faults);
    }
    Ok(drilled)
}
