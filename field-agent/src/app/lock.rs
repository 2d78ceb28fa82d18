//! What locking leaves behind, and how a command reaches the running program.
//!
//! While it serves pages, the program keeps a file `console` in the suitcase's folder, readable by its owner only: the
//! address and a token, one line each. Whoever can read the folder may lock the suitcase and nothing else by it.

use super::{Agent, AppError, SessionToken};
use peer::{Folder, OwnFact, PeerError};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

const FILE: &str = "console";
/// The program answers at once; a lock waits for nobody.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which of the two locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// Nobody sees anything until an officer gives the passphrase; what runs goes on.
    Screen,
    /// No key stays in memory.
    Vault,
}

impl Lock {
    /// As a form says it.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Vault => "vault",
        }
    }

    /// From a form.
    pub fn from_text(text: &str) -> Option<Self> {
        [Self::Screen, Self::Vault].into_iter().find(|lock| lock.text() == text)
    }
}

impl Agent {
    /// The vault is being locked: the centre learns it with the next exchange. It never hinders the lock.
    pub fn tell_locked(&self) {
        let at = self.now().0;
        self.tell_fact(move |officer| OwnFact::Lock { officer, at });
    }

    /// The wall clock was set, or the laptop slept. `before`: what the clock would have said, ms since 1970.
    pub fn tell_clock_jump(&self, before: i64) {
        let after = self.now().0;
        self.tell_fact(move |_| OwnFact::ClockJump { before, after });
    }

    fn tell_fact(&self, fact: impl FnOnce(String) -> OwnFact + Send + 'static) {
        let done = self.peer.act(move |act| {
            let fact = fact(act.officer().to_owned());
            act.own(&fact).map(|_| ())
        });
        // A suitcase that nobody has certified yet has no centre to tell.
        if let Err(error) = done {
            tracing::warn!(%error, "a fact was not written");
        }
    }
}

/// Keeps how the running program is reached.
pub fn keep_console(dir: &Path, address: SocketAddr, token: &SessionToken) -> Result<(), AppError> {
    Ok(peer::keep_file(dir, FILE, format!("{address}\n{}\n", token.text()).as_bytes())?)
}

/// The program ends: nobody is there to be reached any more.
pub fn forget_console(dir: &Path) {
    // It may never have been written.
    let _ = std::fs::remove_file(dir.join(FILE));
}

/// Locks the suitcase that a running program serves.
pub fn lock_console(dir: &Path, lock: Lock) -> Result<(), AppError> {
    let text = match std::fs::read_to_string(dir.join(FILE)) {
        Ok(text) => text,
        // Without the file and with nobody in the folder no program holds a key.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && is_free(dir) => return Err(not_running()),
        Err(_) => return Err(AppError::NotLocked),
    };
    let mut lines = text.lines();
    let address: SocketAddr = lines.next().and_then(|line| line.parse().ok()).ok_or(AppError::NotLocked)?;
    let token = lines.next().ok_or(AppError::NotLocked)?;
    let body = format!("token={token}&lock={}", lock.text());
    let head = format!(
        "POST /lock/by-command HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let answer = ask(address, &format!("{head}{body}")).map_err(|_| AppError::NotLocked)?;
    match answer.get(9..12) {
        Some("204") => Ok(()),
        _ => Err(AppError::NotLocked),
    }
}

/// Whether no process has the suitcase of this folder open. A folder without a suitcase has nothing to open.
fn is_free(dir: &Path) -> bool {
    matches!(Folder::hold_existing(dir), Ok(_) | Err(PeerError::NoSuchPeer))
}

fn ask(address: SocketAddr, message: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(message.as_bytes())?;
    let mut answer = String::new();
    stream.take(64 * 1024).read_to_string(&mut answer)?;
    Ok(answer)
}

fn not_running() -> AppError {
    AppError::input(
        "програма валізи не працює: замикати нічого, ключів у пам’яті немає",
        "the suitcase's program is not running: there is nothing to lock and no key in memory",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::agent;

    #[test]
    fn the_centre_learns_of_locks_and_of_a_clock_that_was_set() {
        let (bench, agent) = agent();
        agent.tell_clock_jump(5);
        agent.tell_locked();
        bench.centre.take_from(&agent.peer);
        let chain = agent.peer.chain();
        let facts = bench.centre.desk.read(|view| view.facts(chain, 0)).unwrap();
        let facts: Vec<OwnFact> = facts.into_iter().map(|(_, fact)| fact).collect();
        let now = agent.now().0;
        let jumped = |fact: &OwnFact| matches!(fact, OwnFact::ClockJump { before: 5, after } if *after == now);
        let locked = |fact: &OwnFact| matches!(fact, OwnFact::Lock { officer, .. } if officer == "olena");
        assert!(facts.iter().any(jumped) && facts.iter().any(locked), "{facts:?}");
    }

    #[test]
    fn nothing_runs_nothing_is_locked() {
        let dir = tempfile::tempdir().unwrap();
        let refused = lock_console(dir.path(), Lock::Vault).unwrap_err();
        assert!(refused.to_string().contains("не працює"), "{refused}");
    }

    #[test]
    fn a_lock_that_failed_never_says_that_no_key_is_in_memory() {
        let (bench, agent) = agent();
        let failed = || {
            let refused = lock_console(bench.dir.path(), Lock::Vault).unwrap_err();
            assert!(refused.to_string().contains("вимкніть ноутбук"), "{refused}");
            assert_eq!(refused.kind(), crate::app::ErrorKind::NotLocked);
        };
        // Somebody has the suitcase open and cannot be reached.
        std::fs::write(bench.dir.path().join("vault"), "x").unwrap();
        failed();
        for content in ["", "127.0.0.1:1\nabc\n", "nonsense\nabc\n"] {
            std::fs::write(bench.dir.path().join(FILE), content).unwrap();
            failed();
        }
        drop(agent);
        forget_console(bench.dir.path());
        let refused = lock_console(bench.dir.path(), Lock::Vault).unwrap_err();
        assert!(refused.to_string().contains("не працює"), "{refused}");
    }
}
