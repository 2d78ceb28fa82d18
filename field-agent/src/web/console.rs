//! What the pages hold while the program runs: the open suitcase, the browsers, and the word to lock.

use super::held::{Held, HeldForms};
use super::posted::Pairs;
use crate::app::{self, Agent, AppError, Entry, ErrorKind, Lock, SessionToken, Sessions, Surroundings, token_hash};
use clock::{Jump, JumpWatch, Time};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Without a sign of life for so long, the screen locks itself.
pub const SCREEN_IDLE: Duration = Duration::from_secs(10 * 60);
/// Without a sign of life for so long, the vault locks itself.
pub const VAULT_IDLE: Duration = Duration::from_secs(60 * 60);
/// The lock waits so long for its fact to be written.
const TELL: Duration = Duration::from_millis(800);
/// What was under way when the suitcase was locked has so long to let go of its folder.
const LET_GO: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(10);
/// Who slept longer may have been carried away: the vault locks.
const SLEPT: Duration = Duration::from_secs(120);

/// The state behind the pages.
pub struct Console {
    dir: PathBuf,
    surroundings: Surroundings,
    hosts: BTreeSet<String>,
    cookie: String,
    sessions: Mutex<Sessions>,
    open: Mutex<Option<Opened>>,
    /// When this program locked a suitcase last.
    left: Mutex<Option<Time>>,
    held: Mutex<HeldForms>,
    locked: watch::Sender<Option<Vec<String>>>,
    /// Hash of the token with which a command may lock.
    command: Mutex<Option<String>>,
    /// Where to carry for other suitcases as soon as this one is open.
    carrier: Option<SocketAddr>,
    /// Between two looks through everything that an open suitcase keeps.
    scrub_every: Duration,
}

struct Opened {
    agent: Arc<Agent>,
    stop: watch::Sender<bool>,
    exchange: Option<JoinHandle<()>>,
    scrub: Option<JoinHandle<()>>,
}

impl Console {
    /// Over the suitcase in a folder, reached at a port of the loopback address. `launch`: the token of the address
    /// that is shown once; `known`: hashes of the tokens of browsers that had it before the program started itself
    /// again.
    pub fn new(
        dir: PathBuf,
        surroundings: Surroundings,
        port: u16,
        launch: Option<&SessionToken>,
        known: &[String],
    ) -> Self {
        let sessions = Sessions::new(SCREEN_IDLE, launch, known, &surroundings);
        Self {
            dir,
            hosts: ["127.0.0.1", "localhost"].map(|host| format!("{host}:{port}")).into(),
            // Cookies do not tell ports apart: two suitcases on one laptop must not take each other's.
            cookie: format!("valiza-{port}"),
            sessions: Mutex::new(sessions),
            open: Mutex::new(None),
            left: Mutex::default(),
            held: Mutex::default(),
            locked: watch::Sender::new(None),
            command: Mutex::new(None),
            carrier: None,
            scrub_every: app::SCRUB_EVERY,
            surroundings,
        }
    }

    /// As soon as the suitcase is open, it carries for others at this address.
    #[must_use]
    pub fn carrying_at(self, carrier: Option<SocketAddr>) -> Self {
        Self { carrier, ..self }
    }

    /// An open suitcase looks through everything that it keeps at most so often.
    #[must_use]
    pub fn scrubbing_every(self, scrub_every: Duration) -> Self {
        Self { scrub_every, ..self }
    }

    /// The logins of the officers, whether open or not.
    pub(super) fn logins(&self) -> Result<Vec<String>, AppError> {
        app::logins(&self.dir)
    }

    /// Whether a request for this host is for us.
    pub(super) fn is_own_host(&self, host: &str) -> bool {
        self.hosts.contains(host)
    }

    pub(super) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Lets the first browser in. `None`: the token is not right, or was used.
    pub(super) fn launched(&self, launch: &str) -> Option<SessionToken> {
        self.sessions().launched(launch, self.surroundings.steady())
    }

    /// How far the browser with this token has come.
    pub(super) fn entry(&self, token: Option<&str>, alive: bool) -> Entry {
        let entry = self.sessions().entry(token, self.surroundings.steady(), alive);
        match entry {
            Entry::Unlocked if self.agent().is_none() => Entry::Known,
            entry => entry,
        }
    }

    /// Opens the suitcase with an officer's passphrase, or lets one more browser in where it is open already. Takes a
    /// third of a second: not to be called where others wait.
    pub(super) fn unlock(&self, old: &str, login: &str, passphrase: &str) -> Result<SessionToken, AppError> {
        match self.agent() {
            Some(agent) if agent.officer() == login => agent.check_passphrase(passphrase)?,
            Some(agent) => {
                let officer = agent.officer().to_owned();
                return Err(AppError::input(
                    format!("на валізі зараз працює «{officer}»: спершу замкніть її"),
                    format!("“{officer}” is working on this suitcase: lock it first"),
                ));
            }
            None => {
                self.opened(self.once_let_go(|| app::open(&self.dir, Some(login), passphrase, &self.surroundings))?)
            }
        }
        Ok(self.sessions().unlocked(old, self.surroundings.steady()))
    }

    /// Opens the suitcase with the centre's twelve words and gives the officer a new passphrase. As slow as
    /// [`Console::unlock`].
    pub(super) fn recover(&self, old: &str, login: &str, words: &str, new: &str) -> Result<SessionToken, AppError> {
        self.opened(self.once_let_go(|| app::recover(&self.dir, words, login, new, &self.surroundings))?);
        Ok(self.sessions().unlocked(old, self.surroundings.steady()))
    }

    /// Opens the suitcase, which this program may have locked a moment ago: what was under way then, an exchange for
    /// one, holds the folder until it ends, and no other program is to blame.
    fn once_let_go(&self, open: impl Fn() -> Result<Agent, AppError>) -> Result<Agent, AppError> {
        let left = *self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let just_left = left.is_some_and(|left| self.surroundings.steady().since(left) < LET_GO);
        for _ in 0..if just_left { LET_GO.as_millis() / PAUSE.as_millis() } else { 0 } {
            match open() {
                Err(error) if error.kind() == ErrorKind::Busy => std::thread::sleep(PAUSE),
                done => return done,
            }
        }
        open()
    }

    /// From now on the pages show this suitcase.
    pub(super) fn opened(&self, agent: Agent) {
        let agent = Arc::new(agent);
        let (stop, stopped) = watch::channel(false);
        let runtime = tokio::runtime::Handle::try_current().ok();
        let exchange = runtime.as_ref().map(|runtime| runtime.spawn(Arc::clone(&agent).sync_loop(stopped)));
        let scrub = runtime.map(|runtime| runtime.spawn(Arc::clone(&agent).keep_scrubbing(self.scrub_every)));
        if let (Some(address), Ok(runtime)) = (self.carrier, tokio::runtime::Handle::try_current()) {
            let carrying = Arc::clone(&agent);
            runtime.spawn(async move {
                if let Err(error) = carrying.start_carrying(address).await {
                    tracing::error!(%error, "this suitcase does not carry for others");
                }
            });
        }
        *self.open() = Some(Opened { agent, stop, exchange, scrub });
    }

    /// The open suitcase.
    pub(super) fn agent(&self) -> Option<Arc<Agent>> {
        self.open().as_ref().map(|opened| Arc::clone(&opened.agent))
    }

    /// Screen lock: nobody sees anything until an officer gives the passphrase. The exchange goes on.
    pub fn lock_screen(&self) {
        self.sessions().lock();
    }

    /// Vault lock: nobody sees anything any more, the exchange is told to end, and whoever serves the pages is told to
    /// wipe the memory by starting the program again. The centre learns of it with the next exchange.
    pub fn lock_vault(&self) {
        let known = self.sessions().lock();
        let mut open = self.open();
        self.held().clear();
        if let Some(opened) = open.take() {
            drop(open);
            *self.left.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.surroundings.steady());
            // The loop may have ended by itself.
            let _ = opened.stop.send(true);
            opened.agent.stop_carrying();
            if let Some(scrub) = opened.scrub {
                scrub.abort();
            }
            tell_locked(&opened.agent);
            if let Some(exchange) = opened.exchange {
                exchange.abort();
            }
        }
        self.locked.send_replace(Some(known));
    }

    /// From now on a command that knows this token may lock.
    pub(super) fn obey(&self, token: &SessionToken) {
        *self.command.lock().unwrap_or_else(PoisonError::into_inner) = Some(token_hash(token.text()));
    }

    /// Whether a command with this token may lock.
    pub(super) fn obeys(&self, token: &str) -> bool {
        let known = self.command.lock().unwrap_or_else(PoisonError::into_inner).clone();
        known.is_some_and(|known| known == token_hash(token))
    }

    /// One of the two locks.
    pub(super) fn lock_as(&self, lock: Lock) {
        match lock {
            Lock::Screen => self.lock_screen(),
            Lock::Vault => self.lock_vault(),
        }
    }

    /// Tells when the suitcase was locked, with the hashes of the browsers that may ask for the passphrase again.
    pub(super) fn locked(&self) -> watch::Receiver<Option<Vec<String>>> {
        self.locked.subscribe()
    }

    /// Locks when nobody has been there for long, or when the laptop slept: whoever wakes it may be anybody.
    pub(super) async fn lock_when_left(&self) {
        let mut jumps = JumpWatch::new(self.surroundings.clock());
        loop {
            tokio::time::sleep(Duration::from_secs(15)).await;
            self.look(&mut jumps);
        }
    }

    /// One look at the clock and at who is there.
    pub(super) fn look(&self, jumps: &mut JumpWatch) {
        let jump = jumps.look(self.surroundings.clock());
        let Some(agent) = self.agent() else { return };
        let slept = matches!(jump, Some(Jump::Forward(by)) if by > SLEPT);
        if let Some(jump) = jump {
            let now = agent.now();
            let by = |by: Duration| i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
            let before = match jump {
                Jump::Forward(forward) => now.0.saturating_sub(by(forward)),
                Jump::Back(back) => now.0.saturating_add(by(back)),
            };
            agent.tell_clock_jump(before);
        }
        drop(agent);
        let now = self.surroundings.steady();
        // One after the other: the second would wait for the first for ever.
        let idle = self.sessions().all_idle(now);
        let quiet = self.sessions().quiet_for(now);
        if slept || quiet > VAULT_IDLE {
            self.lock_vault();
        } else if idle {
            self.lock_screen();
        }
    }

    /// Holds what the locked screen refused. False if the suitcase was locked meanwhile: then nothing may stay.
    pub(super) fn hold(&self, agent: &Arc<Agent>, officer: String, path: String, pairs: Pairs, at: Time) -> bool {
        let open = self.open();
        let same = open.as_ref().is_some_and(|opened| Arc::ptr_eq(&opened.agent, agent));
        if same {
            self.held().hold(officer, path, pairs, at);
        }
        same
    }

    /// What this officer sent while the screen was locked.
    pub(super) fn held_of(&self, officer: &str) -> Vec<Held> {
        self.held().of(officer)
    }

    /// One of them is sent again or thrown away.
    pub(super) fn let_go(&self, officer: &str, id: u64) -> Option<Held> {
        self.held().let_go(officer, id)
    }

    fn held(&self) -> MutexGuard<'_, HeldForms> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> MutexGuard<'_, Option<Opened>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The centre learns of the lock if the store can be written at once. A long absorption must not keep the keys in memory
/// while the laptop goes to sleep: the lock goes on without the fact.
fn tell_locked(agent: &Arc<Agent>) {
    let (done, told) = std::sync::mpsc::channel();
    let agent = Arc::clone(agent);
    std::thread::spawn(move || {
        agent.tell_locked();
        // Nobody listens if it took too long.
        let _ = done.send(());
    });
    if told.recv_timeout(TELL).is_err() {
        tracing::warn!("the vault is locked before the centre could be told");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{Bench, surroundings_at};

    #[test]
    fn the_vault_lock_does_not_wait_for_a_writer() {
        let (bench, agent) = Bench::new();
        let console = Console::new(bench.dir.path().to_owned(), surroundings_at(bench.clock.clone(), 7), 1, None, &[]);
        console.opened(agent);
        let agent = console.agent().unwrap();
        let (begun, ready) = std::sync::mpsc::channel();
        let (free, held) = std::sync::mpsc::channel::<()>();
        let writer = std::thread::spawn(move || {
            let done = agent.peer_for_tests().act(move |_| {
                begun.send(()).unwrap();
                let _ = held.recv();
                Ok(())
            });
            done.unwrap();
        });
        ready.recv().unwrap();
        let console = Arc::new(console);
        let (done, locked) = std::sync::mpsc::channel();
        let same = Arc::clone(&console);
        std::thread::spawn(move || {
            same.lock_vault();
            done.send(()).unwrap();
        });
        locked.recv_timeout(Duration::from_secs(4)).expect("the laptop sleeps after five seconds");
        assert!(console.locked().borrow().is_some() && console.agent().is_none());
        free.send(()).unwrap();
        writer.join().unwrap();
    }
}
