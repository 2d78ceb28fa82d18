//! The hub looks through everything that it keeps, all the time and unhurried: a slice of entries, a pause forty-nine times
//! as long, and so on; at the end of a cycle everything else, with pauses as well. How far it came is kept in a file, so
//! that a restart goes on there:
//!
//! ```text
//! valiza-hub-scrub 1
//! behind 1125899906842624 4711      place up to which this cycle has come, entries that it has looked at
//! begun 1795255200000               ms since 1970
//! ended 1795255200000 9000          the last whole cycle: when, entries; missing before the first
//! fault ланцюг …                    what this cycle has found and, until it is over, the one before; the newest twenty
//! ```
//!
//! The file's loss costs a cycle.

use super::hub_folder::HubFolder;
use clock::{Clock, SystemClock};
use hub::store::{Scrub, StoreError};
use hub::{Hub, Scrubbed};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const FILE: &str = "hub.scrub";
const HEAD: &str = "valiza-hub-scrub 1";
/// Entries of one slice: some ten milliseconds.
const SLICE: usize = 64;
/// A pause is so many times as long as the work before it: two hundredths of one processor.
const REST: u32 = 49;
/// The shortest pause.
const BREATH: Duration = Duration::from_millis(20);
/// How long the rest is worked on before a pause is due.
const PIECE: Duration = Duration::from_millis(10);
/// Between two looks whether a cycle is due.
const WAITING: Duration = Duration::from_secs(30);
/// How often the state is written while a cycle goes on, slices.
const KEPT_EVERY: u64 = 16;
/// Faults that are kept.
const FAULTS: usize = 20;

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct State {
    /// Place and entries, while a cycle is under way.
    behind: Option<(i64, u64)>,
    begun: i64,
    ended: Option<(i64, u64)>,
    /// Of this cycle.
    faults: BTreeSet<String>,
    /// Of the one before.
    earlier: BTreeSet<String>,
}

impl State {
    fn to_text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        if let Some((place, entries)) = self.behind {
            text += &format!("behind {place} {entries}\n");
        }
        text += &format!("begun {}\n", self.begun);
        if let Some((at, entries)) = self.ended {
            text += &format!("ended {at} {entries}\n");
        }
        self.known().for_each(|fault| text += &format!("fault {}\n", fault.replace('\n', " ")));
        text
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut state = Self::default();
        for line in text.strip_prefix(HEAD)?.strip_prefix('\n')?.lines() {
            let (name, value) = line.split_once(' ')?;
            let pair = || {
                let (one, other) = value.split_once(' ')?;
                Some((one.parse().ok()?, other.parse().ok()?))
            };
            match name {
                "behind" => state.behind = Some(pair()?),
                "begun" => state.begun = value.parse().ok()?,
                "ended" => state.ended = Some(pair()?),
                "fault" => drop(state.earlier.insert(value.to_owned())),
                _ => return None,
            }
        }
        if state.behind.is_none() {
            state.faults = std::mem::take(&mut state.earlier);
        }
        Some(state)
    }

    fn known(&self) -> impl Iterator<Item = &String> {
        self.faults.union(&self.earlier)
    }

    fn scrubbed(&self) -> Scrubbed {
        Scrubbed { ended: self.ended.map(|(at, _)| at), faults: self.known().count() as u64 }
    }

    /// No way leads on. Where a damaged place is known, that is why, and no second one.
    fn unread(&mut self, what: &str) {
        tracing::warn!(%what, "the hub's database does not read");
        if self.faults.is_empty() {
            let (uk, en) = what.split_once(" / ").unwrap_or((what, what));
            self.found(format!("базу даних hub.db не прочитати ({uk}) / the database hub.db does not read ({en})"));
        }
    }

    fn found(&mut self, fault: String) {
        // Named by chain, number and table: no log has a secret, nor a person, in it.
        if self.faults.len() < FAULTS && !self.faults.contains(&fault) {
            tracing::error!(%fault, "the hub's database is damaged: stop the hub and run hub-repair");
            self.faults.insert(fault);
        }
    }
}

/// Everything that a scrub needs.
struct Scrubber {
    path: PathBuf,
    database: PathBuf,
    hub: Arc<Hub>,
    state: State,
    scrub: Option<Scrub>,
    slices: u64,
    leaving: Arc<AtomicBool>,
}

/// Whoever works on a thread of its own is told when nobody waits for it any more.
struct Leaving(Arc<AtomicBool>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Forgets what was found: the database is another one now.
pub fn begin_anew(path: &Path) {
    // Without the file a cycle begins.
    let _ = fs::remove_file(path.join(FILE));
}

/// Looks through everything, a cycle at most so often, until the hub ends: the caller drops this future then.
pub async fn keep_scrubbing(path: &Path, folder: &HubFolder, hub: &Arc<Hub>, every: Duration) {
    let text = fs::read_to_string(path.join(FILE)).unwrap_or_default();
    let state = State::from_text(&text).unwrap_or_default();
    hub.tell_scrubbed(state.scrubbed());
    let leaving = Leaving(Arc::default());
    let mut scrubber = Scrubber {
        path: path.to_owned(),
        database: folder.database(),
        hub: Arc::clone(hub),
        state,
        scrub: None,
        slices: 0,
        leaving: Arc::clone(&leaving.0),
    };
    loop {
        let clock = SystemClock::new();
        let due = scrubber.is_due(clock.now().0, every);
        let pause = if due {
            let worked = tokio::task::spawn_blocking(move || {
                scrubber.work();
                scrubber
            });
            // It ends with the program alone.
            let Ok(back) = worked.await else { return };
            scrubber = back;
            (clock.steady() * REST).max(BREATH)
        } else {
            WAITING.min(every.max(BREATH))
        };
        tokio::time::sleep(pause).await;
    }
}

impl Scrubber {
    /// A cycle that was begun goes on; else the last one must be long enough ago. A clock that was set back waits no
    /// longer than one that was not.
    fn is_due(&self, now: i64, every: Duration) -> bool {
        let every = i64::try_from(every.as_millis()).unwrap_or(i64::MAX);
        let ended = self.state.ended.map(|(at, _)| at);
        self.state.behind.is_some() || ended.is_none_or(|at| now >= at.saturating_add(every) || now < at)
    }

    /// One slice, or the rest of a cycle.
    fn work(&mut self) {
        if self.state.behind.is_none() {
            self.state.earlier = std::mem::take(&mut self.state.faults);
            (self.state.behind, self.state.begun) = (Some((0, 0)), SystemClock::new().now().0);
        }
        match self.slice() {
            Ok(true) => {}
            Ok(false) => self.end(None),
            // No way leads on; the pages say where it breaks off.
            Err(StoreError::Damaged(what)) => self.end(Some(what)),
            Err(fault) => {
                tracing::warn!(%fault, "the scrub of the hub's database waits");
                self.scrub = None;
            }
        }
    }

    /// False if it was the last.
    fn slice(&mut self) -> Result<bool, StoreError> {
        let scrub = match &mut self.scrub {
            Some(scrub) => scrub,
            None => self.scrub.insert(Scrub::open(&self.database)?),
        };
        let (place, entries) = self.state.behind.unwrap_or_default();
        let slice = scrub.slice(place, SLICE)?;
        let entries = entries + slice.entries;
        slice.faults.into_iter().for_each(|fault| self.state.found(fault));
        self.state.behind = Some((slice.next.unwrap_or(place), entries));
        self.slices += 1;
        if self.slices % KEPT_EVERY == 1 {
            self.keep();
        }
        Ok(slice.next.is_some())
    }

    /// Looks at everything but the entries, with pauses, and ends the cycle. `unread`: why the entries did not read.
    fn end(&mut self, unread: Option<String>) {
        let clock = SystemClock::new();
        let since = Cell::new(Duration::ZERO);
        let breathe = || {
            let worked = clock.steady().saturating_sub(since.get());
            if worked >= PIECE {
                std::thread::sleep(worked * REST);
                since.set(clock.steady());
            }
            if self.leaving.load(Ordering::Relaxed) { Err(StoreError::Busy) } else { Ok(()) }
        };
        let rows = self.scrub.take().map_or(Ok(Vec::new()), |mut scrub| scrub.rows(&breathe));
        match rows {
            Ok(faults) => {
                faults.into_iter().for_each(|fault| self.state.found(fault));
                unread.iter().for_each(|what| self.state.unread(what));
            }
            Err(StoreError::Damaged(what)) => self.state.unread(unread.as_ref().unwrap_or(&what)),
            Err(fault) => return tracing::warn!(%fault, "the scrub of the hub's database waits"),
        }
        let entries = self.state.behind.take().map_or(0, |(_, entries)| entries);
        self.state.ended = Some((SystemClock::new().now().0, entries));
        self.state.earlier.clear();
        tracing::info!(entries, faults = self.state.faults.len(), "everything that the hub keeps was looked at");
        self.keep();
    }

    fn keep(&self) {
        self.hub.tell_scrubbed(self.state.scrubbed());
        if let Err(fault) = peer::keep_file(&self.path, FILE, self.state.to_text().as_bytes()) {
            tracing::warn!(%fault, "how far the scrub has come cannot be kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        let faults = BTreeSet::from(["ланцюг а, запис № 3: хеш не збігається / the hash differs".to_owned()]);
        State { behind: None, begun: 5, ended: Some((6, 700)), faults, earlier: BTreeSet::new() }
    }

    #[test]
    fn how_far_it_came_is_read_back_and_nonsense_is_a_new_beginning() {
        let whole = state();
        assert_eq!(State::from_text(&whole.to_text()), Some(whole.clone()));
        // While a cycle is under way what is known is of the one before until this one has found it as well.
        let under_way = State { behind: Some((1 << 50, 64)), ..whole.clone() };
        let read = State::from_text(&under_way.to_text()).unwrap();
        assert_eq!((read.behind, &read.earlier, read.faults.len()), (Some((1 << 50, 64)), &whole.faults, 0));
        assert_eq!(read.scrubbed(), Scrubbed { ended: Some(6), faults: 1 });
        for text in ["", "valiza-hub-scrub 2\n", "valiza-hub-scrub 1\nbehind x\n", "valiza-hub-scrub 1\nother 1\n"] {
            assert_eq!(State::from_text(text), None, "{text}");
        }
    }
}
