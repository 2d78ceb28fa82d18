//! Backups of a centre while it runs: the desk copies itself, encrypted as it is; the hub's half is copied by whoever
//! started the desk beside a hub. A backup is checked before it has a name, and nothing is ever overwritten.

mod desk_half;
mod folder;
mod history;
mod manifest;
mod told;

pub use folder::{
    CheckedBackup, HalfMade, Source, bring_back, check, copy_file, list, make, read_manifest, refuse_present,
};
pub use history::{Done, Event, FILE as HISTORY, add as remember, newest, read as history};
pub use manifest::{Contents, FileLine, Half, Manifest, Part};

use super::traces::How;
use super::{DeskError, ErrorKind, Office, accounts::Rank};
use clock::Time;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A restored desk's folder has this file until it was unsealed.
pub const RESTORED: &str = "restored";
/// So long without a backup is too long: a working day and a night.
pub const OVERDUE: Duration = Duration::from_secs(36 * 3600);
/// So often somebody should try whether a backup opens.
pub const DRILL: Duration = Duration::from_secs(92 * 24 * 3600);

/// Writes the hub's half into an empty folder.
pub type HubCopy = Box<dyn Fn(&Path) -> Result<HalfMade, DeskError> + Send + Sync>;
/// What is wrong with the hub's half of a backup beyond its bytes.
pub type HubCheck = Box<dyn Fn(&Path, &Part) -> Result<Vec<String>, DeskError> + Send + Sync>;

/// Where backups go and who makes the half that is not the desk's.
pub struct Backups {
    /// The folder of a centre: what was done is remembered there.
    pub centre: PathBuf,
    /// Where backups go if nobody says otherwise.
    pub folder: PathBuf,
    /// `None` where no hub lies beside the desk.
    pub hub_copy: Option<HubCopy>,
    /// `None` where nobody can look into a hub's half.
    pub hub_check: Option<HubCheck>,
    /// Work that goes on, and how the last one ended.
    pub(crate) state: Mutex<State>,
}

/// What goes on.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    /// Since when a backup is being made or checked.
    pub since: Option<Time>,
    /// Why the last one was not made.
    pub trouble: Option<DeskError>,
}

impl Backups {
    /// For a centre in `centre`, with backups below `folder`.
    pub fn new(centre: &Path, folder: &Path) -> Self {
        let (centre, folder) = (centre.to_owned(), folder.to_owned());
        Self { centre, folder, hub_copy: None, hub_check: None, state: Mutex::default() }
    }

    /// Beside the desk's folder, which is all that is known where nobody said more.
    pub(crate) fn beside(desk: &Path) -> Self {
        let centre = desk.parent().unwrap_or(desk);
        Self::new(centre, &centre.join("backups"))
    }

    /// Compares a backup byte by byte and looks into its hub's half; remembered.
    pub fn check(&self, backup: &Path, now: Time) -> Result<CheckedBackup, DeskError> {
        let mut checked = check(backup)?;
        if let (Some(part), Some(hub_check), true) =
            (checked.manifest.part(Half::Hub), &self.hub_check, checked.faults.is_empty())
        {
            checked.faults = hub_check(&backup.join(Half::Hub.text()), part)?;
        }
        let (bytes, faults) = (checked.manifest.bytes(), checked.faults.len() as u64);
        self.remember(Event { done: Done::Checked, at: now, bytes, faults, place: backup.to_owned() });
        Ok(checked)
    }

    /// What was done about backups, oldest first.
    pub fn history(&self) -> Vec<Event> {
        history::read(&self.centre)
    }

    /// A full disk must not turn a good backup into an error.
    pub fn remember(&self, event: Event) {
        if !self.centre.is_dir() {
            return;
        }
        if let Err(error) = history::add(&self.centre, &event) {
            tracing::warn!(%error, "what was done about backups cannot be remembered");
        }
    }

    /// A new folder's name for now: `2026-11-21-101500`, by the clock in Kyiv.
    pub fn fresh_name(&self, now: Time) -> PathBuf {
        let name = now.kyiv().map_or_else(|| now.0.to_string(), |at| at.strftime("%Y-%m-%d-%H%M%S").to_string());
        self.folder.join(name)
    }

    fn begin(&self, now: Time) -> Result<Turn<'_>, DeskError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.since.is_some() {
            return Err(busy());
        }
        *state = State { since: Some(now), trouble: None };
        Ok(Turn(self))
    }
}

fn busy() -> DeskError {
    DeskError::new(
        ErrorKind::Busy,
        "копія вже створюється або звіряється: зачекайте, доки закінчиться",
        "a backup is being made or checked already: wait until that is done",
    )
}

/// Nobody else makes a backup until this is dropped.
struct Turn<'a>(&'a Backups);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner).since = None;
    }
}

impl Office {
    /// Makes a backup of the desk, and of the hub if one lies beside it, into a new folder. A sealed desk is copied byte
    /// by byte and stays sealed meanwhile. `by` is the login of who asks, where the desk is open. Blocks.
    pub fn back_up(&self, by: Option<&str>, out: Option<&Path>) -> Result<(PathBuf, Manifest), DeskError> {
        if let (Ok(desk), Some(by)) = (self.desk(), by) {
            desk.must_be(by, Rank::Administrator)?;
        }
        out.map_or(Ok(()), refuse_present)?;
        let turn = self.backups().begin(self.tools().clock.now())?;
        self.back_up_now(turn, by, out)
    }

    fn back_up_now(
        &self,
        turn: Turn<'_>,
        by: Option<&str>,
        out: Option<&Path>,
    ) -> Result<(PathBuf, Manifest), DeskError> {
        let (backups, now) = (self.backups(), self.tools().clock.now());
        let out = out.map_or_else(|| backups.fresh_name(now), Path::to_owned);
        // Of a sealed desk nobody in particular makes one; when, stands in the log beside it.
        let noted = match (self.desk(), by) {
            (Ok(desk), Some(by)) => desk.note(by, How::TookBackup, &out.display().to_string()),
            _ => Ok(()),
        };
        let desk_half = |folder: &Path| self.copy_half(folder);
        let mut sources: Vec<Source<'_>> = Vec::new();
        if let Some(hub_copy) = &backups.hub_copy {
            sources.push((Half::Hub, hub_copy));
        }
        sources.push((Half::Desk, &desk_half));
        let made = noted.and_then(|()| make(&out, now, &sources));
        let event = |done, bytes| Event { done, at: now, bytes, faults: 0, place: out.clone() };
        match made {
            Ok(manifest) => {
                tracing::info!(place = %out.display(), bytes = manifest.bytes(), "a backup was made");
                backups.remember(event(Done::Made, manifest.bytes()));
                self.tell_of(now, &manifest);
                drop(turn);
                self.changed();
                Ok((out, manifest))
            }
            Err(error) => {
                tracing::error!(place = %out.display(), %error, "no backup was made");
                backups.remember(event(Done::Failed, 0));
                let mut state = backups.state.lock().unwrap_or_else(PoisonError::into_inner);
                state.trouble = Some(error.clone());
                drop(state);
                drop(turn);
                self.changed();
                Err(error)
            }
        }
    }

    /// Tells suitcases of a backup whose desk was checked. A desk that cannot write just now tells of the next one.
    fn tell_of(&self, at: Time, manifest: &Manifest) {
        let (Ok(desk), Some(part)) = (self.desk(), manifest.part(Half::Desk)) else { return };
        if part.contents.opened
            && let Err(error) = desk.tell_covered(at, &part.contents.heads)
        {
            tracing::warn!(%error, "suitcases were not told of this backup");
        }
    }

    /// As [`Office::back_up`], on a thread of its own; how it ended stands on the page.
    pub(crate) fn start_backup(self: &Arc<Self>, by: &str) -> Result<(), DeskError> {
        self.desk()?.must_be(by, Rank::Administrator)?;
        let by = by.to_owned();
        self.in_turn(move |office, turn| {
            // Told on the page and in the log.
            let _ = office.back_up_now(turn, Some(&by), None);
        })
    }

    /// Checks a backup that lies where backups go, on a thread of its own; what was found stands on the page.
    pub(crate) fn start_check(self: &Arc<Self>, by: &str, name: &str) -> Result<(), DeskError> {
        self.desk()?.must_be(by, Rank::Administrator)?;
        let backups = self.backups();
        let known = list(&backups.folder).into_iter().find(|(place, _)| place.file_name().is_some_and(|n| n == name));
        let (place, _) = known.ok_or_else(|| {
            DeskError::not_found("такої копії немає: перегляньте список", "there is no such backup: look at the list")
        })?;
        self.desk()?.note(by, How::CheckedBackup, name)?;
        self.in_turn(move |office, turn| {
            let backups = office.backups();
            if let Err(error) = backups.check(&place, office.tools().clock.now()) {
                backups.state.lock().unwrap_or_else(PoisonError::into_inner).trouble = Some(error);
            }
            drop(turn);
            office.changed();
        })
    }

    /// On a thread of its own; from when this returns until the turn is dropped, nobody else begins.
    fn in_turn(self: &Arc<Self>, work: impl FnOnce(&Office, Turn<'_>) + Send + 'static) -> Result<(), DeskError> {
        let turn = self.backups().begin(self.tools().clock.now())?;
        let office = Arc::clone(self);
        std::thread::Builder::new().name("backup".into()).spawn(move || work(&office, Turn(office.backups())))?;
        // The thread has it now.
        std::mem::forget(turn);
        Ok(())
    }
}

#[cfg(test)]
impl super::Desk {
    pub(crate) fn folder_for_test(&self) -> &Path {
        self.peer.folder().path()
    }
}

#[cfg(test)]
mod tests;
