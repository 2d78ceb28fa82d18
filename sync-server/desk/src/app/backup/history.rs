//! What was done about backups, newest last: the file `backups.log` in the centre's folder, readable while the desk is
//! sealed. Lost, it costs the memory of when somebody last made or tried a backup.
//!
//! ```text
//! valiza-backups 1
//! made 1795255200000 4128 0 /mnt/second-disk/2026-11-21      what, ms since 1970, bytes, faults, where
//! ```

use super::super::DeskError;
use clock::Time;
use std::path::{Path, PathBuf};

/// The file's name.
pub const FILE: &str = "backups.log";
const HEAD: &str = "valiza-backups 1";
/// Lines that are kept.
const MOST: usize = 500;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// A backup was made.
    Made,
    /// One could not be made.
    Failed,
    /// One was compared byte by byte, its hub's half entry by entry.
    Checked,
    /// One was restored for trial, opened with a passphrase and checked as a whole.
    Drilled,
}

impl Done {
    const ALL: [Self; 4] = [Self::Made, Self::Failed, Self::Checked, Self::Drilled];

    /// Its name.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Failed => "failed",
            Self::Checked => "checked",
            Self::Drilled => "drilled",
        }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub done: Done,
    /// When.
    pub at: Time,
    /// Size of the backup; 0 if there is none.
    pub bytes: u64,
    /// What was found wrong.
    pub faults: u64,
    /// Where.
    pub place: PathBuf,
}

/// All lines, oldest first; lines that do not read are left out.
pub fn read(folder: &Path) -> Vec<Event> {
    let text = std::fs::read_to_string(folder.join(FILE)).unwrap_or_default();
    text.lines().skip(1).filter_map(event).collect()
}

fn event(line: &str) -> Option<Event> {
    let mut words = line.splitn(5, ' ');
    let name = words.next()?;
    let done = Done::ALL.into_iter().find(|done| done.text() == name)?;
    let at = Time(words.next()?.parse().ok()?);
    let (bytes, faults) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some(Event { done, at, bytes, faults, place: PathBuf::from(words.next()?) })
}

/// Adds a line.
pub fn add(folder: &Path, event: &Event) -> Result<(), DeskError> {
    let mut events = read(folder);
    events.push(event.clone());
    let skip = events.len().saturating_sub(MOST);
    let mut text = format!("{HEAD}\n");
    for Event { done, at, bytes, faults, place } in &events[skip..] {
        let place = place.display().to_string().replace(['\n', '\r'], " ");
        text.push_str(&format!("{} {} {bytes} {faults} {place}\n", done.text(), at.0));
    }
    Ok(peer::keep_file(folder, FILE, text.as_bytes())?)
}

/// The newest of a kind.
pub fn newest(events: &[Event], done: Done) -> Option<&Event> {
    events.iter().rfind(|event| event.done == done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_remembered_in_order() {
        let dir = tempfile::tempdir().unwrap();
        assert!(read(dir.path()).is_empty());
        let event =
            |done, at| Event { done, at: Time(at), bytes: 4128, faults: 1, place: "/mnt/другий диск".into() };
        for (at, done) in Done::ALL.into_iter().cycle().take(MOST + 8).enumerate() {
            add(dir.path(), &event(done, at as i64)).unwrap();
        }
        let events = read(dir.path());
        assert_eq!((events.len(), events[0].at), (MOST, Time(8)));
        assert_eq!(newest(&events, Done::Drilled), Some(&event(Done::Drilled, 507)));
        std::fs::write(dir.path().join(FILE), "valiza-backups 1\nmade x\n\u{0}\nmade 5 6 0 /a b\n").unwrap();
        let expected = Event { done: Done::Made, at: Time(5), bytes: 6, faults: 0, place: "/a b".into() };
        assert_eq!(read(dir.path()), [expected]);
    }
}
