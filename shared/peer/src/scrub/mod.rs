//! A suitcase and a desk look through everything that they keep, by themselves and unhurried: a slice of some milliseconds,
//! a pause forty-nine times as long, and so on, a cycle a week. First the pages of the database's file, then each entry's
//! hash, signature, links and indexes, then each record made again of its changes, then how the tables hang together, then
//! the small files beside.
//!
//! A page may rot after its slice. So where damage is met behind the pages, all of them are looked at once more before
//! anything else is, once a cycle: the page is named, and what does not read because of it is no second damage.
//!
//! It reads beside the writer and asks it for a moment only where a cycle begins and where a slice found something: then
//! the slice is looked at again while nothing is being written, so that no act in the middle looks like damage.
//!
//! How far it came and what it found is in a file: [`State`].

mod look;
mod state;
mod weigh;

pub use state::{Scrubbed, Seen};

use crate::PeerError;
use crate::folder::keep_file;
use crate::peer::Peer;
use crate::store::pages::{self, Looked, PageFile};
use clock::Clock;
use look::{Eyes, Slice};
use rusqlite::Connection;
pub(crate) use state::State;
use state::{Again, At, FILE};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;
use weigh::{meets_damage, weighed};

/// Between the end of a cycle and the beginning of the next.
pub const SCRUB_EVERY: Duration = Duration::from_secs(7 * 24 * 3600);

/// Pages of one slice.
const PAGES: u32 = 64;
/// How long slices are worked on before a pause is due.
const PIECE: Duration = Duration::from_millis(10);
/// Slices between two pauses, whatever the time.
const MOST: usize = 16;
/// A pause is so many times as long as the work before it: two hundredths of one processor.
const REST: u32 = 49;
/// The shortest pause.
const BREATH: Duration = Duration::from_millis(100);
/// Between two looks whether a cycle is due, and after something that kept it from its work.
const WAITING: Duration = Duration::from_secs(30);
/// How often the state is kept while a cycle goes on, in pieces of work.
const KEPT_EVERY: u64 = 50;
/// Steps of SQLite between two looks whether somebody waits for the end.
const STEPS: i32 = 20_000;

/// Looks through what a peer keeps.
pub struct Scrub {
    // Closed before the peer's file is.
    connection: Option<Connection>,
    peer: Arc<Peer>,
    clock: Arc<dyn Clock>,
    every: Duration,
    pieces: u64,
    leaving: Arc<AtomicBool>,
}

/// Dropped, it ends the slice that is being looked at.
struct Leaving(Arc<AtomicBool>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Forgets what was found in a folder: its database is another one now.
pub(crate) fn begin_anew(folder: &Path) {
    // Without the file a cycle begins.
    let _ = std::fs::remove_file(folder.join(FILE));
}

/// Looks through everything that a peer keeps until the caller drops this future: a cycle at most so often, and nothing
/// while `may` says no. `told` is called when another number of damages is known. For a runtime with threads to block.
pub async fn keep_scrubbing(
    peer: Arc<Peer>,
    clock: Arc<dyn Clock>,
    every: Duration,
    may: impl Fn() -> bool,
    told: impl Fn(),
) {
    let mut scrub = Scrub::new(Arc::clone(&peer), clock, every);
    let _leaving = Leaving(Arc::clone(&scrub.leaving));
    let mut known = peer.scrubbed().faults.len();
    loop {
        let mut pause = BREATH;
        if may() {
            let worked = tokio::task::spawn_blocking(move || {
                let pause = scrub.work();
                (scrub, pause)
            });
            // It ends with the program alone.
            let Ok((back, after)) = worked.await else { return };
            (scrub, pause) = (back, after);
        }
        let now = peer.scrubbed().faults.len();
        if std::mem::replace(&mut known, now) != now {
            told();
        }
        tokio::time::sleep(pause).await;
    }
}

impl Peer {
    /// How whole everything is, as far as the scrub has come.
    pub fn scrubbed(&self) -> Scrubbed {
        self.scrub_state().scrubbed()
    }

    fn scrub_state(&self) -> MutexGuard<'_, State> {
        self.scrub.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything was checked at once, and all is well.
    pub(crate) fn is_clean(&self) {
        let text = {
            let mut state = self.scrub_state();
            if !state.is_clean() {
                return;
            }
            state.to_text()
        };
        keep(self.folder().path(), &text);
    }
}

fn keep(folder: &Path, text: &str) {
    if let Err(error) = keep_file(folder, FILE, text.as_bytes()) {
        tracing::warn!(%error, "how far the scrub has come cannot be kept");
    }
}

impl Scrub {
    /// Of an open peer; `every`: between the end of a cycle and the beginning of the next.
    pub fn new(peer: Arc<Peer>, clock: Arc<dyn Clock>, every: Duration) -> Self {
        Self { connection: None, peer, clock, every, pieces: 0, leaving: Arc::default() }
    }

    /// Looks at the next slices, if a cycle is due; some milliseconds. Gives back how long to leave it alone then.
    pub fn work(&mut self) -> Duration {
        if !self.is_due() {
            self.connection = None;
            return WAITING.min(self.every.max(BREATH));
        }
        let begun = self.clock.steady();
        let worked = |scrub: &Self| scrub.clock.steady().saturating_sub(begun);
        for _ in 0..MOST {
            match self.slice() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::debug!(%error, "the scrub waits");
                    self.connection = None;
                    return WAITING;
                }
            }
            if worked(self) >= PIECE {
                break;
            }
        }
        self.pieces += 1;
        if self.pieces % KEPT_EVERY == 1 {
            self.keep();
        }
        (worked(self) * REST).max(BREATH)
    }

    /// A cycle that was begun goes on; else the last one must be long enough ago. A clock that was set back waits no
    /// longer than one that was not.
    fn is_due(&self) -> bool {
        let now = self.clock.now().0;
        let every = i64::try_from(self.every.as_millis()).unwrap_or(i64::MAX);
        let state = self.peer.scrub_state();
        let ended = state.ended.map(|(at, _)| at);
        state.at.is_some() || ended.is_none_or(|at| now >= at.saturating_add(every) || now < at)
    }

    /// One slice. False: the cycle is over. An error: it cannot go on now.
    fn slice(&mut self) -> Result<bool, PeerError> {
        let at = self.peer.scrub_state().at.clone();
        let at = match at {
            Some(at) => at,
            None => self.begin()?,
        };
        let looked = if let At::Pages(first) = at { self.pages(first) } else { self.twice(&at) };
        if !matches!(at, At::Pages(_)) && meets_damage(&looked) && self.pages_again(&at)? {
            return Ok(true);
        }
        let is_known = self.peer.scrub_state().explains();
        let slice = weighed(&at, looked, is_known)?;
        slice.faults.iter().for_each(|fault| self.found(fault));
        // Pages that are looked at a second time count once.
        let first_time = self.peer.scrub_state().again == Again::No;
        let next = slice.next.or_else(|| self.peer.scrub_state().after(&at));
        if next.is_none() {
            self.files()?;
        }
        let mut state = self.peer.scrub_state();
        match at {
            At::Pages(_) => state.seen.pages += if first_time { slice.seen } else { 0 },
            At::Entries(_) => state.seen.entries += slice.seen,
            At::Records(_) => state.seen.records += slice.seen,
            At::Tables(_) => {}
        }
        state.at = next;
        let over = state.at.is_none();
        drop(state);
        if over {
            self.end();
        }
        Ok(!over)
    }

    /// Goes back to the pages, once a cycle, and comes back here then. False: it did already.
    fn pages_again(&mut self, at: &At) -> Result<bool, PeerError> {
        if self.peer.scrub_state().again != Again::No {
            return Ok(false);
        }
        match self.peer.with_ledger(|ledger| pages::bring_over(&ledger.connection)) {
            Ok(true) => {}
            Ok(false) => return Err(PeerError::Busy),
            // The pages say where.
            Err(error) if error.is_damage() => {}
            Err(error) => return Err(error),
        }
        tracing::info!(?at, "something does not look whole: all pages are looked at again first");
        self.connection = None;
        let mut state = self.peer.scrub_state();
        (state.at, state.again) = (Some(At::BEGINNING), Again::Now(at.clone()));
        Ok(true)
    }

    /// Begins a cycle: what was committed is brought over to the file, whose pages come first.
    fn begin(&mut self) -> Result<At, PeerError> {
        if !self.peer.with_ledger(|ledger| pages::bring_over(&ledger.connection))? {
            return Err(PeerError::Busy);
        }
        let now = self.clock.now().0;
        let mut state = self.peer.scrub_state();
        state.earlier = std::mem::take(&mut state.faults);
        (state.at, state.again) = (Some(At::BEGINNING), Again::No);
        (state.seen, state.begun) = (Seen::default(), now);
        Ok(At::BEGINNING)
    }

    fn end(&mut self) {
        self.connection = None;
        let mut state = self.peer.scrub_state();
        let seen = state.seen;
        state.ended = Some((self.clock.now().0, seen));
        state.earlier.clear();
        let faults = state.faults.len();
        drop(state);
        let Seen { pages, entries, records } = seen;
        tracing::info!(pages, entries, records, faults, "everything that is kept here was looked at");
        self.keep();
    }

    /// Pages of the file. What looks damaged is looked at again while nobody writes to the file.
    fn pages(&mut self, first: u32) -> Result<Slice, PeerError> {
        let file = Arc::clone(&self.peer.pages);
        let looked = file.look(first, PAGES)?;
        let mut slice = Slice { seen: u64::from(looked.pages), ..Slice::default() };
        slice.next = (looked.pages == PAGES).then_some(At::Pages(first.saturating_add(PAGES)));
        if !looked.damaged.is_empty() || !looked.zeros.is_empty() {
            let mut sure = self.surely(&file, first)?;
            if !sure.zeros.is_empty() {
                let used = match self.with_connection(|connection| pages::in_use(connection, &sure.zeros)) {
                    Err(PeerError::Damaged(_)) => sure.zeros.clone(),
                    used => used?,
                };
                // One that came into use meanwhile is no page of zeros any more.
                let zeros = if used.is_empty() { BTreeSet::new() } else { self.surely(&file, first)?.zeros };
                sure.damaged.extend(used.intersection(&zeros));
            }
            slice.faults.extend(sure.sentences());
        }
        Ok(slice)
    }

    /// What a look at a slice finds, all of what was committed being in the file.
    fn surely(&self, file: &Arc<PageFile>, first: u32) -> Result<Looked, PeerError> {
        let file = Arc::clone(file);
        self.peer.with_ledger(move |ledger| {
            if !pages::bring_over(&ledger.connection)? {
                return Err(PeerError::Busy);
            }
            file.look(first, PAGES)
        })
    }

    /// A slice; one that found something once more, while nobody writes and with the register as it is then.
    fn twice(&mut self, at: &At) -> Result<Slice, PeerError> {
        let connection = self.connection()?;
        let (peer, register) = (Arc::clone(&self.peer), self.peer.register()?);
        let eyes = Eyes { connection: &connection, register: &register, tenant: peer.tenant(), own: peer.chain() };
        let first = eyes.look(at);
        let is_clean = |looked: &Result<Slice, PeerError>| !meets_damage(looked) && looked.is_ok();
        // A connection that met a damaged page may go on failing.
        if is_clean(&first) {
            self.connection = Some(connection);
            return first;
        }
        if first.is_err() || matches!(at, At::Tables(_)) {
            return first;
        }
        let at = at.clone();
        peer.with_ledger(move |ledger| {
            let (tenant, own) = (ledger.identity.tenant, ledger.identity.chain);
            let eyes = Eyes { connection: &connection, register: &ledger.register, tenant, own };
            eyes.look(&at)
        })
    }

    fn connection(&mut self) -> Result<Connection, PeerError> {
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        let mut connection = self.peer.reader()?;
        let leaving = Arc::clone(&self.leaving);
        connection.progress_handler(STEPS, Some(move || leaving.load(Ordering::Relaxed)))?;
        Ok(connection)
    }

    fn with_connection<T>(&mut self, work: impl FnOnce(&Connection) -> Result<T, PeerError>) -> Result<T, PeerError> {
        let connection = self.connection()?;
        let done = work(&connection);
        self.connection = done.is_ok().then_some(connection);
        done
    }

    /// The small files beside the database. A spare that is damaged is made again of what it is the spare of.
    fn files(&mut self) -> Result<(), PeerError> {
        let folder = self.peer.folder();
        if let Some(fault) = folder.vault_fault() {
            self.found(fault);
        }
        if folder.renew_damaged_spare_vault()? {
            tracing::warn!("vault.spare was damaged or missing and was written again from the vault");
        }
        if self.peer.with_ledger(|ledger| Ok(ledger.renew_damaged_spare()))? {
            tracing::warn!("the file spare was damaged or missing and was written again");
        }
        Ok(())
    }

    fn found(&self, fault: &str) {
        // Named by chain, number, page and table: no log has a secret, nor a person, in it.
        let mut state = self.peer.scrub_state();
        if state.found(fault) {
            tracing::error!(%fault, "damaged on the disk: close the program and run repair");
            let text = state.to_text();
            drop(state);
            keep(self.peer.folder().path(), &text);
        }
    }

    fn keep(&self) {
        let text = self.peer.scrub_state().to_text();
        keep(self.peer.folder().path(), &text);
    }
}
