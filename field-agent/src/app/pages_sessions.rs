//! Who looks at the pages: browsers that were given the program's address, and whether they have unlocked it.
//!
//! A browser holds a token of 256 random bits in a cookie; here only its hash is kept, so that nothing that leaks from
//! this list (or from the command line of a program that starts itself again) lets anybody in.

use super::Surroundings;
use clock::{Clock, Time};
use sealing::Entropy;
use signing::{Hash, Label};
use std::collections::BTreeMap;
use std::time::Duration;

/// So many browsers at once; the one not seen longest makes room.
const MOST: usize = 16;

/// A session's token as the browser holds it: 64 hexadecimal digits.
#[derive(Clone)]
pub struct SessionToken(String);

impl SessionToken {
    /// A fresh token.
    pub fn fresh(surroundings: &Surroundings) -> Self {
        Self::from_entropy((surroundings.entropy)().as_mut())
    }

    fn from_entropy(entropy: &mut dyn Entropy) -> Self {
        let bytes: [u8; 32] = entropy.array();
        Self(hex(&bytes))
    }

    /// The text for the cookie or the address.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl Surroundings {
    /// What the laptop's clock says.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// The clock itself, for whoever watches it.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// The steady count as a time: sessions must not live longer because somebody set the clock back.
    pub fn steady(&self) -> Time {
        Time(i64::try_from(self.clock.steady().as_millis()).unwrap_or(i64::MAX))
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// The hash under which a token is kept, 64 hexadecimal digits.
pub fn token_hash(token: &str) -> String {
    hex(&Hash::of(Label::Session, token.as_bytes()).0)
}

/// How far a browser has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Not from this program's address.
    Stranger,
    /// It was given the address: it may ask for the passphrase.
    Known,
    /// The passphrase was given.
    Unlocked,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    last: Time,
    unlocked: bool,
}

/// The browsers.
pub struct Sessions {
    idle: Duration,
    entropy: Box<dyn Entropy>,
    launch: Option<String>,
    known: BTreeMap<String, Seen>,
    /// The last sign of life of anybody who had unlocked it.
    alive: Time,
}

impl Sessions {
    /// None yet. `launch`: the token with which the first browser comes in; `idle`: how long a session lives unused;
    /// `known`: hashes of tokens that the program gave out before it started itself again.
    pub fn new(idle: Duration, launch: Option<&SessionToken>, known: &[String], surroundings: &Surroundings) -> Self {
        let launch = launch.map(|token| token_hash(token.text()));
        let alive = surroundings.steady();
        let seen = Seen { last: alive, unlocked: false };
        let entropy = (surroundings.entropy)();
        let known = known.iter().take(MOST).map(|hash| (hash.clone(), seen)).collect();
        Self { idle, entropy, launch, known, alive }
    }

    /// Lets a browser in by the launch token, which works once.
    pub fn launched(&mut self, launch: &str, now: Time) -> Option<SessionToken> {
        let hash = token_hash(launch);
        if self.launch.as_ref() != Some(&hash) {
            return None;
        }
        self.launch = None;
        Some(self.put(Seen { last: now, unlocked: false }))
    }

    /// A new token for a browser that gave the passphrase; its old one is worth nothing any more.
    pub fn unlocked(&mut self, old: &str, now: Time) -> SessionToken {
        self.known.remove(&token_hash(old));
        self.alive = now;
        self.put(Seen { last: now, unlocked: true })
    }

    /// How far the browser with this token has come. Being asked by a person counts as life; fragments that refresh
    /// themselves do not (`alive` is false).
    pub fn entry(&mut self, token: Option<&str>, now: Time, alive: bool) -> Entry {
        let idle = self.idle;
        let Some(seen) = token.and_then(|token| self.known.get_mut(&token_hash(token))) else {
            return Entry::Stranger;
        };
        if now.since(seen.last) > idle {
            seen.unlocked = false;
        }
        if alive {
            seen.last = now;
        }
        let (unlocked, last) = (seen.unlocked, seen.last);
        if unlocked {
            self.alive = self.alive.max(last);
        }
        if unlocked { Entry::Unlocked } else { Entry::Known }
    }

    /// Nobody has unlocked it any more. Gives the hashes of the browsers that may ask for the passphrase again.
    pub fn lock(&mut self) -> Vec<String> {
        self.known.values_mut().for_each(|seen| seen.unlocked = false);
        self.known.keys().cloned().collect()
    }

    /// How long nobody who had unlocked it has given a sign of life.
    pub fn quiet_for(&self, now: Time) -> Duration {
        now.since(self.alive)
    }

    /// Whether everybody who unlocked it has been away for longer than a session lives. False if nobody had.
    pub fn all_idle(&self, now: Time) -> bool {
        let mut unlocked = self.known.values().filter(|seen| seen.unlocked).peekable();
        unlocked.peek().is_some() && unlocked.all(|seen| now.since(seen.last) > self.idle)
    }

    fn put(&mut self, seen: Seen) -> SessionToken {
        if self.known.len() >= MOST {
            let oldest = self.known.iter().min_by_key(|(_, seen)| seen.last).map(|(hash, _)| hash.clone());
            oldest.and_then(|hash| self.known.remove(&hash));
        }
        let session = SessionToken::from_entropy(self.entropy.as_mut());
        self.known.insert(token_hash(session.text()), seen);
        session
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{NOON, surroundings_at};
    use clock::ManualClock;
    use std::sync::Arc;

    const IDLE: Duration = Duration::from_secs(1_800);

    fn token(seed: u64) -> SessionToken {
        SessionToken::fresh(&surroundings_at(Arc::new(ManualClock::at(NOON)), seed))
    }

    fn sessions(launch: Option<&SessionToken>, known: &[String]) -> Sessions {
        Sessions::new(IDLE, launch, known, &surroundings_at(Arc::new(ManualClock::at(NOON)), 9))
    }

    /// On the steady count, which begins at zero.
    fn after(seconds: i64) -> Time {
        Time(seconds * 1_000)
    }

    #[test]
    fn the_launch_token_works_once_and_lets_nobody_read() {
        let launch = token(1);
        let mut sessions = sessions(Some(&launch), &[]);
        assert!(sessions.launched(token(2).text(), after(0)).is_none());
        let first = sessions.launched(launch.text(), after(0)).unwrap();
        assert!(sessions.launched(launch.text(), after(0)).is_none(), "once");
        assert_eq!(sessions.entry(Some(first.text()), after(0), true), Entry::Known);
        assert_eq!(sessions.entry(Some(launch.text()), after(0), true), Entry::Stranger);
        assert_eq!(sessions.entry(None, after(0), true), Entry::Stranger);
    }

    #[test]
    fn an_unlocked_session_changes_its_token_and_dies_of_idleness() {
        let known = token(2);
        let mut sessions = sessions(None, &[token_hash(known.text())]);
        let unlocked = sessions.unlocked(known.text(), after(0));
        assert_eq!(sessions.entry(Some(known.text()), after(0), true), Entry::Stranger);
        assert_eq!(sessions.entry(Some(unlocked.text()), after(1_700), true), Entry::Unlocked);
        assert_eq!(sessions.entry(Some(unlocked.text()), after(3_400), false), Entry::Unlocked);
        assert!(!sessions.all_idle(after(3_400)));
        assert!(sessions.all_idle(after(3_600)), "a refreshed fragment is no sign of life");
        assert_eq!(sessions.entry(Some(unlocked.text()), after(3_600), true), Entry::Known);
        assert!(!sessions.all_idle(after(9_999)), "nobody is left to be idle");
    }

    #[test]
    fn locking_leaves_browsers_known_and_the_list_stays_short() {
        let mut sessions = sessions(None, &[]);
        let tokens: Vec<SessionToken> = (0..40).map(|second| sessions.unlocked("", after(second))).collect();
        let left = sessions.lock();
        assert_eq!(left.len(), MOST);
        assert_eq!(sessions.entry(Some(tokens[39].text()), after(50), true), Entry::Known);
        assert_eq!(sessions.entry(Some(tokens[0].text()), after(50), true), Entry::Stranger);
        assert!(!format!("{:?}", tokens[1]).contains(tokens[1].text()));
    }
}
