//! What the pages hold while the program runs: the open suitcase, the browsers, and the word to lock.

use crate::app::{self, Agent, AppError, Entry, SessionToken, Sessions, Surroundings};
use clock::JumpWatch;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Without a sign of life for so long, the suitcase locks itself.
pub const IDLE: Duration = Duration::from_secs(30 * 60);

/// The state behind the pages.
pub struct Console {
    dir: PathBuf,
    surroundings: Surroundings,
    hosts: BTreeSet<String>,
    cookie: String,
    sessions: Mutex<Sessions>,
    open: Mutex<Option<Opened>>,
    locked: watch::Sender<Option<Vec<String>>>,
}

struct Opened {
    agent: Arc<Agent>,
    stop: watch::Sender<bool>,
    exchange: Option<JoinHandle<()>>,
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
        let sessions = Sessions::new(IDLE, launch, known, &surroundings);
        Self {
            dir,
            hosts: ["127.0.0.1", "localhost"].map(|host| format!("{host}:{port}")).into(),
            // Cookies do not tell ports apart: two suitcases on one laptop must not take each other's.
            cookie: format!("valiza-{port}"),
            sessions: Mutex::new(sessions),
            open: Mutex::new(None),
            locked: watch::Sender::new(None),
            surroundings,
        }
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
            None => self.opened(app::open(&self.dir, Some(login), passphrase, &self.surroundings)?),
        }
        Ok(self.sessions().unlocked(old, self.surroundings.steady()))
    }

    /// From now on the pages show this suitcase.
    pub(super) fn opened(&self, agent: Agent) {
        let agent = Arc::new(agent);
        let (stop, stopped) = watch::channel(false);
        let exchange = tokio::runtime::Handle::try_current()
            .ok()
            .map(|runtime| runtime.spawn(Arc::clone(&agent).sync_loop(stopped)));
        *self.open() = Some(Opened { agent, stop, exchange });
    }

    /// The open suitcase.
    pub(super) fn agent(&self) -> Option<Arc<Agent>> {
        self.open().as_ref().map(|opened| Arc::clone(&opened.agent))
    }

    /// Nobody sees anything any more, the exchange is told to end, and whoever serves the pages is told to wipe the
    /// memory by starting the program again.
    pub fn lock(&self) {
        let known = self.sessions().lock();
        if let Some(opened) = self.open().take() {
            // The loop may have ended by itself.
            let _ = opened.stop.send(true);
            if let Some(exchange) = opened.exchange {
                exchange.abort();
            }
        }
        self.locked.send_replace(Some(known));
    }

    /// Tells when the suitcase was locked, with the hashes of the browsers that may ask for the passphrase again.
    pub(super) fn locked(&self) -> watch::Receiver<Option<Vec<String>>> {
        self.locked.subscribe()
    }

    /// Locks when nobody has been there for long, or when the laptop slept: whoever wakes it may be anybody.
    pub(super) async fn lock_when_left(&self) {
        const SLEPT: Duration = Duration::from_secs(120);
        let mut jumps = JumpWatch::new(self.surroundings.clock());
        loop {
            tokio::time::sleep(Duration::from_secs(15)).await;
            let slept = match jumps.look(self.surroundings.clock()) {
                Some(clock::Jump::Forward(by)) => by > SLEPT,
                _ => false,
            };
            let left = self.sessions().all_idle(self.surroundings.steady());
            if self.agent().is_some() && (slept || left) {
                self.lock();
            }
        }
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> MutexGuard<'_, Option<Opened>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
