//! Wrong passphrases: the more there were, the longer the next try waits.

use super::{DeskError, ErrorKind};
use clock::Clock;
use sealing::delay_after;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Counts wrong passphrases by login and makes the next try wait; lets two tries run at once.
pub struct Attempts {
    clock: Arc<dyn Clock>,
    /// `None`: tries for which nobody said whose passphrase it is. They hold up nobody who says it, nor the other way.
    wrong: Mutex<BTreeMap<Option<String>, (u32, Duration)>>,
    pub(super) at_once: Arc<Semaphore>,
}

/// Logins of which wrong passphrases are remembered: more are an attack, in which the oldest are forgotten.
const REMEMBERED: usize = 1_000;

impl Attempts {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, wrong: Mutex::default(), at_once: Arc::new(Semaphore::new(2)) }
    }

    pub(crate) fn may_try(&self, login: &str) -> Result<(), DeskError> {
        let Some(seconds) = self.seconds_to_wait(&Some(login.to_owned())) else { return Ok(()) };
        Err(DeskError::new(
            ErrorKind::NotAllowed,
            format!("перед цим пароль був хибним: зачекайте {seconds} с і спробуйте знову"),
            format!("the passphrase before was wrong: wait {seconds} s and try again"),
        ))
    }

    /// As [`Attempts::may_try`], where nobody says whose passphrase it is.
    pub(crate) fn may_try_any(&self) -> Result<(), DeskError> {
        let Some(seconds) = self.seconds_to_wait(&None) else { return Ok(()) };
        Err(DeskError::new(
            ErrorKind::NotAllowed,
            format!(
                "перед цим пароль не підійшов жодному з адміністраторів: зачекайте {seconds} с або вкажіть, чий він (--login)"
            ),
            format!("the passphrase before was no administrator's: wait {seconds} s, or say whose it is (--login)"),
        ))
    }

    /// `None`: the next try may be now.
    fn seconds_to_wait(&self, of: &Option<String>) -> Option<u128> {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, at) = wrong.get(of)?;
        let left = (*at + delay_after(*count)).saturating_sub(self.clock.steady());
        (!left.is_zero()).then(|| left.as_millis().div_ceil(1000))
    }

    pub(crate) fn failed(&self, login: &str) {
        self.count_failure(Some(login.chars().take(64).collect()));
    }

    pub(crate) fn failed_any(&self) {
        self.count_failure(None);
    }

    fn count_failure(&self, of: Option<String>) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= REMEMBERED
            && let Some(oldest) = wrong.iter().min_by_key(|(_, (_, at))| *at).map(|(of, _)| of.clone())
        {
            wrong.remove(&oldest);
        }
        let entry = wrong.entry(of).or_default();
        *entry = (entry.0.saturating_add(1), self.clock.steady());
    }

    pub(crate) fn succeeded(&self, login: &str) {
        self.forget(&Some(login.to_owned()));
    }

    pub(crate) fn succeeded_any(&self) {
        self.forget(&None);
    }

    fn forget(&self, of: &Option<String>) {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner).remove(of);
    }
}
