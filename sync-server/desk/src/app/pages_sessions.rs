//! Who is signed in. Sessions live in memory: after a restart the desk is sealed anyway, and everybody signs in again.

use super::Desk;
use clock::{Clock, Time};
use sealing::Entropy;
use signing::{Hash, Label};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A session ends after so long without a page.
pub const IDLE: Duration = Duration::from_secs(30 * 60);
/// A session ends so long after signing in, whatever happens.
pub const LONGEST: Duration = Duration::from_secs(12 * 3600);
/// Sessions at once: more belong to nobody who works here, and the longest idle one makes room.
const MOST: usize = 1_000;

/// A moment by both clocks: the steady one stands still while a machine sleeps, the wall's may be set back. The longer
/// of both spans counts.
#[derive(Debug, Clone, Copy)]
struct Moment {
    wall: Time,
    steady: Duration,
}

impl Moment {
    fn now(clock: &dyn Clock) -> Self {
        Self { wall: clock.now(), steady: clock.steady() }
    }

    fn since(self, earlier: Self) -> Duration {
        self.wall.since(earlier.wall).max(self.steady.saturating_sub(earlier.steady))
    }
}

struct Session {
    login: String,
    opened: Moment,
    used: Moment,
}

/// All sessions of one desk, by the hash of their token: whoever reads this memory cannot sign in with it.
#[derive(Default)]
pub struct Sessions {
    open: Mutex<HashMap<[u8; 32], Session>>,
}

impl Sessions {
    /// Opens a session for `login` and gives back its token: 64 hexadecimal digits, 256 random bits, for the cookie.
    /// The session that the browser had before ends: a token from before signing in is worth nothing after it.
    pub fn open(&self, desk: &Desk, login: &str, before: Option<&str>) -> String {
        let mut source = (desk.tools.entropy)();
        let entropy: &mut dyn Entropy = source.as_mut();
        let token = hex(&entropy.array::<32>());
        let now = Moment::now(desk.tools.clock.as_ref());
        let mut open = self.locked();
        if let Some(before) = before {
            open.remove(&key(before));
        }
        open.retain(|_, session| session.lives(now));
        if open.len() >= MOST
            && let Some(idlest) = open.iter().max_by_key(|(_, s)| now.since(s.used)).map(|(key, _)| *key)
        {
            open.remove(&idlest);
        }
        open.insert(key(&token), Session { login: login.to_owned(), opened: now, used: now });
        token
    }

    /// Whose session this is, if it lives. `touch` says that a person did something: then the idle time starts anew.
    pub fn login_of(&self, desk: &Desk, token: &str, touch: bool) -> Option<String> {
        let now = Moment::now(desk.tools.clock.as_ref());
        let mut open = self.locked();
        let session = open.get_mut(&key(token))?;
        if !session.lives(now) {
            open.remove(&key(token));
            return None;
        }
        if touch {
            session.used = now;
        }
        Some(session.login.clone())
    }

    /// Ends one session.
    pub fn close(&self, token: &str) {
        self.locked().remove(&key(token));
    }

    /// Ends all sessions of a login but the one with the token `keep`.
    pub fn close_all(&self, login: &str, keep: Option<&str>) {
        let keep = keep.map(key);
        self.locked().retain(|key, session| session.login != login || Some(*key) == keep);
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<[u8; 32], Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    fn lives(&self, now: Moment) -> bool {
        now.since(self.used) < IDLE && now.since(self.opened) < LONGEST
    }
}

fn key(token: &str) -> [u8; 32] {
    Hash::of(Label::Session, token.as_bytes()).0
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[test]
    fn a_session_ends_idle_old_closed_or_replaced() {
        let town = testing::town();
        let sessions = Sessions::default();
        let first = sessions.open(&town.desk, "admin", None);
        assert_eq!(first.len(), 64);
        assert_eq!(sessions.login_of(&town.desk, &first, true).as_deref(), Some("admin"));
        let second = sessions.open(&town.desk, "admin", Some(&first));
        assert_ne!(first, second);
        assert_eq!(sessions.login_of(&town.desk, &first, true), None, "replaced");

        town.clock.advance(Duration::from_secs(29 * 60));
        assert!(sessions.login_of(&town.desk, &second, true).is_some());
        town.clock.advance(Duration::from_secs(29 * 60));
        assert!(sessions.login_of(&town.desk, &second, false).is_some(), "touched 29 minutes ago");
        town.clock.advance(Duration::from_secs(2 * 60));
        assert_eq!(sessions.login_of(&town.desk, &second, true), None, "a look without a touch keeps nothing open");

        let third = sessions.open(&town.desk, "admin", None);
        for _ in 0..25 {
            town.clock.advance(Duration::from_secs(29 * 60));
            sessions.login_of(&town.desk, &third, true);
        }
        assert_eq!(sessions.login_of(&town.desk, &third, true), None, "twelve hours are the most");

        let (mine, other) = (sessions.open(&town.desk, "admin", None), sessions.open(&town.desk, "admin", None));
        sessions.close_all("admin", Some(&mine));
        assert!(sessions.login_of(&town.desk, &mine, true).is_some());
        assert_eq!(sessions.login_of(&town.desk, &other, true), None);
        sessions.close(&mine);
        assert_eq!(sessions.login_of(&town.desk, &mine, true), None);
    }
}
