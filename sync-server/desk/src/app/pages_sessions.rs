//! Who is signed in. Sessions live in memory: after a restart the desk is sealed anyway, and everybody signs in again.

use super::accounts::Rank;
use super::traces::How;
use super::{Desk, DeskError};
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
/// How long after a right passphrase a code may be entered.
pub const TO_ENTER_A_CODE: Duration = Duration::from_secs(5 * 60);
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
    /// [`Desk::changes_of`] when it was opened; `None` if that could not be read: it opens nothing.
    changes: Option<u64>,
    /// A right passphrase was given and a code is still owed: it opens nothing yet.
    owes_code: bool,
    opened: Moment,
    used: Moment,
}

/// A session as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Names it in addresses: 16 hexadecimal digits that open nothing.
    pub id: String,
    /// Whose.
    pub login: String,
    /// When it was opened, ms since 1970.
    pub opened: i64,
    /// When it was last used, ms since 1970.
    pub used: i64,
    /// It is the one with the token that was given.
    pub own: bool,
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
        self.begin(desk, login, before, false)
    }

    /// As [`Sessions::open`], after a right passphrase where a code is still owed: the token serves
    /// [`Sessions::owing`] alone, for `TO_ENTER_A_CODE`.
    pub fn open_owing(&self, desk: &Desk, login: &str, before: Option<&str>) -> String {
        self.begin(desk, login, before, true)
    }

    fn begin(&self, desk: &Desk, login: &str, before: Option<&str>, owes_code: bool) -> String {
        let mut source = (desk.tools.entropy)();
        let entropy: &mut dyn Entropy = source.as_mut();
        let token = hex(&entropy.array::<32>());
        let now = Moment::now(desk.tools.clock.as_ref());
        let changes = desk.changes_of(login).ok();
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
        open.insert(key(&token), Session { login: login.to_owned(), changes, owes_code, opened: now, used: now });
        token
    }

    /// Whose session this is, if it lives and nothing was decided on the account since: a new passphrase, a second
    /// factor set up or taken away, the account disabled or enabled. `touch` says that a person did something: then the
    /// idle time starts anew. Blocks.
    pub fn login_of(&self, desk: &Desk, token: &str, touch: bool) -> Option<String> {
        let now = Moment::now(desk.tools.clock.as_ref());
        let mut open = self.locked();
        let session = open.get_mut(&key(token))?;
        if !session.lives(now) {
            open.remove(&key(token));
            return None;
        }
        if session.owes_code {
            return None;
        }
        if touch {
            session.used = now;
        }
        let (login, changes) = (session.login.clone(), session.changes);
        drop(open);
        (changes? == desk.changes_of(&login).ok()?).then_some(login)
    }

    /// Who gave a right passphrase with this token and still owes a code. Blocks.
    pub fn owing(&self, desk: &Desk, token: &str) -> Option<String> {
        let now = Moment::now(desk.tools.clock.as_ref());
        let open = self.locked();
        let session = open.get(&key(token)).filter(|session| session.owes_code && session.lives(now))?;
        let (login, changes) = (session.login.clone(), session.changes);
        drop(open);
        (changes? == desk.changes_of(&login).ok()?).then_some(login)
    }

    /// All that are open, the last used first. `own` is the token of who looks.
    pub fn list(&self, desk: &Desk, own: &str) -> Vec<SessionRow> {
        let (now, own) = (Moment::now(desk.tools.clock.as_ref()), key(own));
        let changes = desk.book().map(|book| book.changes_of.clone()).unwrap_or_default();
        let is_same = |s: &Session| s.changes == Some(changes.get(&s.login).copied().unwrap_or_default());
        let open = self.locked();
        let alive = open.iter().filter(|(_, session)| session.lives(now) && !session.owes_code && is_same(session));
        let mut rows: Vec<SessionRow> = alive
            .map(|(key, session)| SessionRow {
                id: id(key),
                login: session.login.clone(),
                opened: session.opened.wall.0,
                used: session.used.wall.0,
                own: *key == own,
            })
            .collect();
        rows.sort_by(|a, b| (b.used, &b.id).cmp(&(a.used, &a.id)));
        rows
    }

    /// Ends the session of this [`SessionRow::id`]. False if there is none any more. Blocks. That it is ended is noted
    /// first, with whose it is.
    pub fn end(&self, desk: &Desk, by: &str, named: &str) -> Result<bool, DeskError> {
        desk.must_be(by, Rank::Administrator)?;
        let whose = self.locked().iter().find(|(key, _)| id(key) == named).map(|(_, session)| session.login.clone());
        let Some(whose) = whose else { return Ok(false) };
        desk.note(by, How::EndedSession, &whose)?;
        let mut open = self.locked();
        let before = open.len();
        open.retain(|key, _| id(key) != named);
        Ok(open.len() < before)
    }

    /// Ends one session.
    pub fn close(&self, token: &str) {
        self.locked().remove(&key(token));
    }

    /// Ends all sessions of a login but the one with the token `keep`, which goes on after what was just decided on the
    /// account.
    pub fn close_all(&self, desk: &Desk, login: &str, keep: Option<&str>) {
        let (keep, changes) = (keep.map(key), desk.changes_of(login).ok());
        let mut open = self.locked();
        open.retain(|key, session| session.login != login || Some(*key) == keep);
        if let Some(kept) = keep.and_then(|keep| open.get_mut(&keep)).filter(|kept| kept.login == login) {
            kept.changes = changes;
        }
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<[u8; 32], Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    fn lives(&self, now: Moment) -> bool {
        let longest = if self.owes_code { TO_ENTER_A_CODE } else { LONGEST };
        now.since(self.used) < IDLE && now.since(self.opened) < longest
    }
}

fn key(token: &str) -> [u8; 32] {
    Hash::of(Label::Session, token.as_bytes()).0
}

/// A part of the hash: names a session, and nobody comes in with it.
fn id(key: &[u8; 32]) -> String {
    hex(&key[..8])
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
        sessions.close_all(&town.desk, "admin", Some(&mine));
        assert!(sessions.login_of(&town.desk, &mine, true).is_some());
        assert_eq!(sessions.login_of(&town.desk, &other, true), None);
        sessions.close(&mine);
        assert_eq!(sessions.login_of(&town.desk, &mine, true), None);
    }

    #[test]
    fn a_session_that_owes_a_code_opens_nothing_and_ends_soon() {
        let town = testing::town();
        let sessions = Sessions::default();
        let token = sessions.open_owing(&town.desk, "admin", None);
        assert_eq!(sessions.login_of(&town.desk, &token, true), None);
        assert_eq!(sessions.owing(&town.desk, &token).as_deref(), Some("admin"));
        assert!(sessions.list(&town.desk, &token).is_empty());
        town.clock.advance(TO_ENTER_A_CODE);
        assert_eq!(sessions.owing(&town.desk, &token), None);
        let whole = sessions.open(&town.desk, "admin", Some(&token));
        assert_eq!(sessions.owing(&town.desk, &whole), None, "it owes nothing");
    }

    #[test]
    fn what_is_decided_on_an_account_ends_its_sessions_whoever_decided() {
        let town = testing::town();
        let sessions = Sessions::default();
        let add = |login: &str, rank| town.desk.add_account("admin", login, "", rank, testing::PASSPHRASE).unwrap();
        add("o.koval", super::super::Rank::Clerk);
        let open = || sessions.open(&town.desk, "o.koval", None);
        let ended = |token: &str| sessions.login_of(&town.desk, token, true).is_none();
        let token = open();
        add("p.other", super::super::Rank::Clerk);
        assert!(!ended(&token), "somebody else's account");
        town.desk.set_passphrase("admin", "o.koval", testing::PASSPHRASE).unwrap();
        assert!(ended(&token), "a new passphrase");
        assert!(sessions.list(&town.desk, &token).is_empty());
        let token = open();
        town.desk.disable_account("admin", "o.koval").unwrap();
        town.desk.enable_account("admin", "o.koval", testing::PASSPHRASE).unwrap();
        assert!(ended(&token), "disabled and enabled again");
        let (kept, owing) = (open(), sessions.open_owing(&town.desk, "o.koval", None));
        town.desk.reset_passphrase("admin", "o.koval", testing::PASSPHRASE).unwrap();
        assert_eq!(sessions.owing(&town.desk, &owing), None, "the passphrase of this one is no longer good");
        sessions.close_all(&town.desk, "o.koval", Some(&kept));
        assert!(!ended(&kept), "the own session goes on");
    }

    #[test]
    fn sessions_are_listed_and_ended_by_a_name_that_opens_nothing() {
        let town = testing::town();
        let sessions = Sessions::default();
        let (mine, other) = (sessions.open(&town.desk, "admin", None), sessions.open(&town.desk, "o.koval", None));
        let rows = sessions.list(&town.desk, &mine);
        let theirs = rows.iter().find(|row| row.login == "o.koval").unwrap();
        assert!(!theirs.own && rows.iter().any(|row| row.own && row.login == "admin"));
        assert_eq!(sessions.login_of(&town.desk, &theirs.id, true), None);
        let end = |by: &str| sessions.end(&town.desk, by, &theirs.id);
        assert!(end("o.koval").is_err(), "nobody but an administrator");
        assert!(end("admin").unwrap() && !end("admin").unwrap());
        assert_eq!(sessions.login_of(&town.desk, &other, true), None);
        assert!(sessions.login_of(&town.desk, &mine, true).is_some());
    }
}
