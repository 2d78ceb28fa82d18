//! Mending a suitcase whose database is damaged.

use super::agent::HUB;
use super::unlock::{unlock, which};
use super::{AppError, Surroundings};
use peer::Folder;
use serde::Serialize;
use std::path::Path;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repaired {
    /// Something was damaged.
    pub damaged: bool,
    /// The name under which the damaged database is kept.
    pub aside: Option<String>,
    /// Entries that were read and are whole.
    pub entries: u64,
    /// Missing entries that the centre has.
    pub wanted: u64,
    /// Missing entries that nobody else had.
    pub lost: u64,
    /// More may be missing than can be named.
    pub unknown: bool,
    /// Records of which something is missing: the number and who it is about, and what to do.
    pub records: Vec<(String, &'static str)>,
    /// Receipt numbers about which nothing was read.
    pub numbers: Vec<String>,
    /// The suitcase goes on under a new chain.
    pub reborn: bool,
    /// All of it in sentences.
    pub lines: Vec<String>,
}

/// Mends the suitcase in a folder that no program has open; with `list` only says what would be done.
pub fn repair(
    dir: &Path,
    login: Option<&str>,
    passphrase: &str,
    surroundings: &Surroundings,
    list: bool,
) -> Result<Repaired, AppError> {
    let folder = Folder::hold_existing(dir)?;
    let vault = folder.vault()?;
    let login = which(&vault, login)?;
    let key = unlock(&folder, &vault, &login, passphrase, surroundings.clock.now())?;
    let mended = peer::repair(&folder, &key, &login, surroundings.means(), HUB, list)?;
    let records = mended.records.iter().map(|record| (record.name(), record.loss.words())).collect();
    Ok(Repaired {
        damaged: !mended.faults.is_empty(),
        lines: mended.lines(),
        aside: mended.aside,
        entries: mended.entries,
        wanted: mended.wanted,
        lost: mended.lost,
        unknown: mended.unknown,
        records,
        numbers: mended.numbers,
        reborn: mended.reborn,
    })
}
