//! How much of the hub one sender may have: whoever floods it waits, and nobody else does.

use crate::Rejected;
use chain::limits;
use clock::Time;
use ids::{ChainId, TenantId};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

type Sender = (TenantId, ChainId);

/// A minute of the hub's clock, ms.
const MINUTE: i64 = 60_000;

/// Who is being answered, and who was in this minute. Only senders that proved who they are stand here by name, so there
/// are no more of them than the registers name; all others share one place.
#[derive(Default)]
pub(crate) struct Senders {
    of: Mutex<BTreeMap<Option<Sender>, Share>>,
}

#[derive(Default)]
struct Share {
    at_once: u32,
    minute: i64,
    asked: u32,
}

/// One request under way; it is over when this is dropped.
pub(crate) struct Turn<'a> {
    senders: &'a Senders,
    sender: Option<Sender>,
}

impl Senders {
    /// Begins a request of a sender that is known. One that is not known yet can only bring a register: nobody may be
    /// locked out of that, so these have no share of a minute, but they are answered one after the other, and however
    /// many send registers to be looked through, the rest of the hub is everybody else's.
    pub fn turn(&self, sender: Option<Sender>, now: Time) -> Result<Turn<'_>, Rejected> {
        let mut shares = self.shares();
        let share = shares.entry(sender).or_default();
        let minute = now.0.div_euclid(MINUTE);
        if share.minute != minute {
            (share.minute, share.asked) = (minute, 0);
        }
        let at_once = if sender.is_some() { limits::SENDER_AT_ONCE } else { limits::UNKNOWN_AT_ONCE };
        if share.at_once >= at_once {
            return Err(Rejected::TooMany { retry_after_s: 1 });
        }
        if sender.is_some() && share.asked >= limits::SENDER_A_MINUTE {
            let left = (MINUTE - now.0.rem_euclid(MINUTE)) as u32;
            return Err(Rejected::TooMany { retry_after_s: left.div_ceil(1_000) });
        }
        share.at_once += 1;
        share.asked = share.asked.saturating_add(1);
        Ok(Turn { senders: self, sender })
    }

    fn shares(&self) -> MutexGuard<'_, BTreeMap<Option<Sender>, Share>> {
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(share) = self.senders.shares().get_mut(&self.sender) {
            share.at_once = share.at_once.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Option<Sender> = Some((TenantId::from_bytes([1; 16]), ChainId::from_bytes([1; 16])));
    const OTHER: Option<Sender> = Some((TenantId::from_bytes([1; 16]), ChainId::from_bytes([2; 16])));

    #[test]
    fn one_sender_has_its_share_at_once_and_others_theirs() {
        let senders = Senders::default();
        let mut turns: Vec<_> = (0..limits::SENDER_AT_ONCE).map(|_| senders.turn(ONE, Time(0)).unwrap()).collect();
        assert!(matches!(senders.turn(ONE, Time(0)), Err(Rejected::TooMany { retry_after_s: 1 })));
        assert!(senders.turn(OTHER, Time(0)).is_ok() && senders.turn(None, Time(0)).is_ok());
        turns.pop();
        assert!(senders.turn(ONE, Time(0)).is_ok());
    }

    #[test]
    fn unknown_senders_are_answered_one_after_the_other_and_never_locked_out() {
        let senders = Senders::default();
        for _ in 0..2 * limits::SENDER_A_MINUTE {
            let _turn = senders.turn(None, Time(0)).unwrap();
            assert!(matches!(senders.turn(None, Time(0)), Err(Rejected::TooMany { retry_after_s: 1 })));
        }
        let _unknown = senders.turn(None, Time(0)).unwrap();
        assert!(senders.turn(ONE, Time(0)).is_ok(), "whoever is known waits for none of them");
    }

    #[test]
    fn a_minute_s_share_is_spent_and_the_next_minute_begins_anew() {
        let senders = Senders::default();
        for _ in 0..limits::SENDER_A_MINUTE {
            assert!(senders.turn(ONE, Time(58_500)).is_ok());
        }
        assert!(matches!(senders.turn(ONE, Time(58_500)), Err(Rejected::TooMany { retry_after_s: 2 })));
        assert!(senders.turn(OTHER, Time(58_500)).is_ok());
        assert!(senders.turn(ONE, Time(60_000)).is_ok());
    }
}
