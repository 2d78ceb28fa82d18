//! Backups on the command line: making, checking, trying, bringing back.

use super::{Common, passphrase, print};
use crate::app::{self, Brought, Grade};
use crate::config::{self, Config};
use clap::{Args, Subcommand};
use desk::app::backup::{Half, Manifest};
use desk::app::{DeskError, ErrorKind};
use desk::control::{self, Command};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What `backup` takes.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Backup {
    /// Нова папка для копії; інакше з датою в папці backups / a new folder; else one with the date in `backups`
    #[arg(long)]
    out: Option<PathBuf>,
    #[command(subcommand)]
    what: Option<What>,
}

/// What is done with a backup that is there.
#[derive(Subcommand)]
enum What {
    /// Звірити копію байт за байтом / compare a backup byte by byte
    Check {
        /// Папка копії / the backup's folder
        backup: PathBuf,
    },
    /// Спробувати відновити, відкрити паролем, перевірити все і прибрати / try: restore, open, verify, remove
    Drill {
        /// Папка копії / the backup's folder
        backup: PathBuf,
    },
}

pub fn backup(config: &Config, common: &Common, backup: Backup) -> Result<(), DeskError> {
    config::log();
    match backup.what {
        None => make(config, common, backup.out.as_deref()),
        Some(What::Check { backup }) => check(common, &backup),
        Some(What::Drill { backup }) => drill(config, common, &backup),
    }
}

/// The desk that runs over the folder copies itself; where none runs, this program does it.
fn make(config: &Config, common: &Common, out: Option<&Path>) -> Result<(), DeskError> {
    let dir = common.dir();
    let out = out.map(std::path::absolute).transpose()?;
    let command = Command::Backup { out: out.as_ref().map(|out| out.display().to_string()) };
    if let Some(answer) = control::ask(&app::desk_folder(dir), common.login.as_deref(), &command) {
        tell(common, &answer?);
        return Ok(());
    }
    let unseal = match &common.passphrase_file {
        Some(file) => Some((common.login.clone(), passphrase::obtain(Some(file), "")?)),
        None => None,
    };
    let (place, manifest) = app::back_up(dir, out.as_deref(), unseal, config.tools(common.fast_kdf))?;
    tell(common, &control::backup(&place, &manifest));
    Ok(())
}

fn tell(common: &Common, value: &Value) {
    if common.json {
        print::line(&value.to_string());
    } else {
        print::answer(value);
    }
}

fn about(place: &Path, manifest: &Manifest, faults: &[String]) -> Value {
    let mut value = control::backup(place, manifest);
    value["faults"] = json!(faults);
    value
}

fn check(common: &Common, backup: &Path) -> Result<(), DeskError> {
    let checked = app::check_backup(common.dir(), backup)?;
    tell(common, &about(backup, &checked.manifest, &checked.faults));
    app::not_whole(&checked).map_or(Ok(()), Err)
}

fn drill(config: &Config, common: &Common, backup: &Path) -> Result<(), DeskError> {
    let passphrase = passphrase::obtain(common.passphrase_file.as_deref(), "Пароль / passphrase")?;
    let with = (common.login.clone(), passphrase);
    let drilled = app::drill(common.dir(), backup, with, config.tools(common.fast_kdf))?;
    let mut value = about(backup, &drilled.manifest, &drilled.faults);
    value["records"] = json!(drilled.records);
    for (half, entries) in [("entries", drilled.entries), ("hub_entries", drilled.hub_entries)] {
        if let Some(entries) = entries {
            value[half] = json!(entries);
        }
    }
    tell(common, &value);
    if drilled.faults.is_empty() {
        return Ok(());
    }
    Err(DeskError::new(
        ErrorKind::Damaged,
        "копія відновлюється з пошкодженнями: перелік вище",
        "the backup comes back damaged: the list is above",
    ))
}

/// `restore --from`.
pub fn restore(common: &Common, from: &Path, half: Option<&str>) -> Result<(), DeskError> {
    let half = half.and_then(Half::from_text);
    let (manifest, brought) = app::restore_backup(common.dir(), from, half)?;
    let kit_needed = brought == Brought::Both;
    let mut value = control::backup(from, &manifest);
    value["kit_needed"] = json!(kit_needed);
    if common.json {
        tell(common, &value);
        return Ok(());
    }
    tell(common, &control::backup(from, &manifest));
    let (uk, en) = match brought {
        Brought::Both => app::KIT_NEEDED,
        Brought::Hub => (
            "Відновлено вузол обміну: запустіть його, і записане після копії передадуть йому робоче місце й валізи",
            "The hub is restored: start it, and desk and suitcases give it what came after the backup",
        ),
        Brought::Desk => (
            "Відновлено робоче місце: воно нічого нового не запише, доки вузол обміну не поверне записане після копії",
            "The desk is restored: it writes nothing new before the hub gave back what came after the backup",
        ),
    };
    print::line(uk);
    print::line(en);
    Ok(())
}

/// `doctor`.
pub fn doctor(common: &Common) -> Result<(), DeskError> {
    let findings = super::centre::block_on(app::examine(common.dir()))?;
    if common.json {
        let row = |finding: &app::Finding| json!({ "about": finding.about, "grade": finding.grade.text(), "uk": finding.uk, "en": finding.en });
        print::line(&json!({ "findings": findings.iter().map(row).collect::<Vec<_>>() }).to_string());
    } else {
        for finding in &findings {
            print::line(&format!("{}: {} / {}", finding.grade.word(), finding.uk, finding.en));
        }
    }
    let faults: Vec<_> = findings.iter().filter(|finding| finding.grade == Grade::Fault).collect();
    if faults.is_empty() {
        return Ok(());
    }
    let only_connection = faults.iter().all(|finding| finding.connection);
    let kind = if only_connection { ErrorKind::NoConnection } else { ErrorKind::Refused };
    let count = faults.len();
    Err(DeskError::new(
        kind,
        format!("несправностей: {count}; перелік вище"),
        format!("faults: {count}; the list is above"),
    ))
}
