//! What the program does: makes a centre, runs it, restores it.

mod apart;
mod backups;
mod doctor;
mod founding;
mod hub_folder;
mod hub_half;
mod hub_process;
mod hub_repair;
mod hub_scrub;
mod hub_spare;
mod hub_trust;
mod restoring;
mod running;

pub use apart::{HubAnswer, HubRequest, Prepare, accept, prepare, read_file};
pub use backups::{Brought, KIT_NEEDED, back_up, backups_of, check_backup, drill, not_whole, restore_backup};
pub use doctor::{Finding, Grade, examine};
pub use founding::{NewTown, answer_for, init};
pub use hub_folder::hex;
pub use hub_half::{Verified as VerifiedHub, verify as verify_hub};
pub use hub_process::run_hub;
pub use hub_repair::{NewDatabase, RepairPlan, Repaired, repair as repair_hub};
pub use restoring::{Kit, restore_desk};
pub use running::{Plan, run, signal};

use desk::app::{DeskError, ErrorKind};
use std::path::{Path, PathBuf};

/// The process that sets PDF: one job in, one PDF out.
pub fn render_pdf(input: impl std::io::Read, output: impl std::io::Write) -> Result<(), DeskError> {
    papers::pdf::serve(input, output).map_err(|error| DeskError::from_text(ErrorKind::Refused, &error.to_string()))
}

/// The hub's part of a centre's folder.
pub fn hub_folder(dir: &Path) -> PathBuf {
    dir.join("hub")
}

/// The desk's part of a centre's folder.
pub fn desk_folder(dir: &Path) -> PathBuf {
    dir.join("desk")
}

/// Mends the desk's database; with `list` only says what would be done.
pub fn repair(
    dir: &Path,
    login: Option<&str>,
    passphrase: &str,
    tools: &desk::app::Tools,
    list: bool,
) -> Result<desk::app::Mended, DeskError> {
    desk::app::repair(&desk_folder(dir), login, passphrase, tools, list)
}

/// An error whose text has both languages, parted by « / ».
fn error(kind: ErrorKind, error: &dyn std::fmt::Display) -> DeskError {
    DeskError::from_text(kind, &error.to_string())
}

/// Refuses a name that is taken, before anything is done that a file is to tell of.
pub fn must_be_free(path: &Path) -> Result<(), DeskError> {
    Ok(peer::must_be_free(path)?)
}

/// Writes a new file that only its owner reads.
pub fn keep_secret_file(path: &Path, text: &str) -> Result<(), DeskError> {
    must_be_free(path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(peer::keep_file(folder, &name, text.as_bytes())?)
}

/// The decoder's side of its pipe; ends with its input.
pub fn decode() {
    // A broken pipe is how this process is told to end.
    let _ = peer::decoder::serve(std::io::stdin().lock(), std::io::stdout().lock());
}
