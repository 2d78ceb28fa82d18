//! Backups, as they are asked for and told.

use super::command::Command;
use super::execute::execute;
use crate::app::backup::Manifest;
use crate::app::{DeskError, Office};
use clock::Time;
use serde_json::{Value, json};
use std::path::Path;

/// As [`execute`]; what a sealed desk can do, too, is done.
pub(super) fn answer_or_copy(office: &Office, login: Option<&str>, command: Command) -> Result<Value, DeskError> {
    match (&command, office.desk()) {
        (Command::Backup { out }, Err(_)) => back_up(office, None, out.as_deref()),
        _ => execute(office, login, command),
    }
}

/// Makes a backup; of a sealed desk, too, in nobody's name.
pub(super) fn back_up(office: &Office, by: Option<&str>, out: Option<&str>) -> Result<Value, DeskError> {
    let (place, manifest) = office.back_up(by, out.map(Path::new))?;
    Ok(backup(&place, &manifest))
}

/// A backup, for people and programs.
pub fn backup(place: &Path, manifest: &Manifest) -> Value {
    let halves: Vec<&str> = manifest.parts.iter().map(|part| part.half.text()).collect();
    let opened = manifest.parts.iter().all(|part| part.contents.opened);
    json!({ "backup": place.display().to_string(), "made": Time(manifest.made.0).to_string(),
            "bytes": manifest.bytes(), "halves": halves.join(", "), "contents_checked": opened })
}
