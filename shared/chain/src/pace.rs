//! How much to send at once and when to try again. Batches adapt to the link: a link that is cut more often than a
//! batch takes gets smaller batches, down to a single entry, so that every contact brings something home.

use crate::limits;
use crate::reach::{NEW_CONNECTION, NEW_MESSAGE, Reach};

/// What went wrong with an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody answered: no network, no server, or an answer that is not our answerer's.
    NoAnswer,
    /// The link was cut after bytes had gone out: the batch may have been too large for it.
    Cut,
}

/// Paces one peer towards one answerer. Times are milliseconds of a steady count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Courier {
    batch: usize,
    failures: u32,
    next: u64,
    reach: Reach,
    /// A message was lost with the network, and none was answered since.
    in_vain: bool,
}

/// What the next message may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Bytes of own entries; always at least one entry, whatever its size.
    pub batch: usize,
    /// Bytes of entries wanted back.
    pub budget: u32,
    /// What is left of the open connection is too little: a new one is better.
    pub fresh: bool,
}

const FIRST_BATCH: usize = 32 * 1024;
const SMALLEST_BATCH: usize = 1;
/// What is under way when a network goes is sent again: on a slow one a batch is what goes in so many milliseconds.
const BATCH_MS: u64 = 12_000;
/// Even the slowest link is offered this much at once.
const SLOW_BATCH: usize = 8 * 1024;
const FIRST_DELAY: u64 = 2_000;
/// A tunnel, a lift, a hotel's page: whoever is waited for comes back within minutes, and a look costs some dozen bytes.
const WATCHFUL_DELAY: u64 = 30_000;
/// After so many attempts, some twenty minutes, it is no tunnel.
const WATCHFUL: u32 = 30;
const LONGEST_DELAY: u64 = 300_000;

impl Default for Courier {
    fn default() -> Self {
        Self { batch: FIRST_BATCH, failures: 0, next: 0, reach: Reach::default(), in_vain: false }
    }
}

impl Courier {
    /// Bytes of entries to send at once; always at least one entry, whatever its size.
    pub const fn batch(&self) -> usize {
        self.batch
    }

    /// What the next message may be. `carried` went over the open connection, 0 if there is none; `waiting` says whether
    /// own entries wait. On a link that is cut what goes up comes first, then what comes down has all the room.
    pub fn load(&self, carried: usize, waiting: bool) -> Load {
        let Some(target) = self.reach.target(carried) else {
            return Load { batch: self.batch, budget: limits::BUDGET, fresh: false };
        };
        let left = target.saturating_sub(carried + NEW_MESSAGE);
        let whole = self.reach.target(0).unwrap_or(target).saturating_sub(NEW_CONNECTION);
        let fresh = carried > 0 && left < whole / 6;
        let room = if fresh || carried == 0 { whole } else { left };
        let budget = if waiting { 0 } else { u32::try_from(room).unwrap_or(u32::MAX).clamp(1, limits::BUDGET) };
        Load { batch: room.clamp(SMALLEST_BATCH, limits::BATCH), budget, fresh }
    }

    /// So much less on a link that carries `rate` bytes a second: what is lost with a network that goes is seconds' work.
    pub fn within(load: Load, rate: Option<u64>) -> Load {
        let most = rate.map(|rate| usize::try_from(rate.saturating_mul(BATCH_MS) / 1_000).unwrap_or(usize::MAX));
        Load { batch: most.map_or(load.batch, |most| load.batch.min(most.max(SLOW_BATCH))), ..load }
    }

    /// What a message may be that is sent before the last one is answered: it looks for no bound, because what is lost then
    /// keeps what follows waiting as well.
    pub fn load_behind(&self, carried: usize) -> Load {
        let load = self.load(carried, true);
        Load { fresh: load.fresh || (carried > 0 && self.reach.looks(carried)), ..load }
    }

    /// An answer came on a connection that has carried so many bytes by now, both ways.
    pub fn carried(&mut self, bytes: usize) {
        self.in_vain = false;
        self.reach.answered(bytes);
    }

    /// A connection was cut after `carried` bytes that were answered, with `tried` in all under way.
    pub fn cut(&mut self, carried: usize, tried: usize) {
        self.reach.cut(carried, tried);
    }

    /// The network went, and with it a message as in [`Courier::cut`]. A tunnel says nothing about how much a connection
    /// carries; one tunnel after the other with no answer between them does.
    pub fn went(&mut self, carried: usize, tried: usize) {
        if std::mem::replace(&mut self.in_vain, true) {
            self.cut(carried, tried);
        }
        self.batch = (self.batch / 2).max(SMALLEST_BATCH);
    }

    /// What is known of how much a connection carries.
    pub const fn reach(&self) -> &Reach {
        &self.reach
    }

    /// What an earlier contact learnt, unless this courier knows something itself. `whole` is a batch that went through.
    pub fn remember(&mut self, reach: Reach, whole: usize) {
        if self.reach == Reach::default() {
            self.reach = reach;
            self.batch = self.batch.max(whole.min(limits::BATCH));
        }
    }

    /// How many attempts have failed since the last success.
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// Milliseconds until the next attempt; 0 is now.
    pub const fn wait(&self, now: u64) -> u64 {
        self.next.saturating_sub(now)
    }

    /// An answer came; `full` if the batch was filled. The next attempt is after `idle` ms, or at once if there is more.
    pub fn succeeded(&mut self, now: u64, full: bool, more: bool, idle: u64) {
        self.failures = 0;
        if full {
            self.batch = (self.batch * 2).min(limits::BATCH);
        }
        self.next = if more { now } else { now.saturating_add(idle) };
    }

    /// No answer came. Pauses double up to half a minute, and after some twenty minutes up to five. `jitter` is a random
    /// number: of many suitcases that lost the same network not all come back in the same second.
    pub fn failed(&mut self, now: u64, trouble: Trouble, jitter: u16) {
        self.failures = self.failures.saturating_add(1);
        if trouble == Trouble::Cut {
            self.batch = (self.batch / 2).max(SMALLEST_BATCH);
        }
        let doubled = |first: u64, times: u32| first.saturating_mul(1 << times.min(20));
        let delay = match self.failures.checked_sub(WATCHFUL) {
            None => doubled(FIRST_DELAY, self.failures - 1).min(WATCHFUL_DELAY),
            Some(times) => doubled(WATCHFUL_DELAY, times).min(LONGEST_DELAY),
        };
        let spread = delay / 2 + delay / 2 * u64::from(jitter) / u64::from(u16::MAX);
        self.next = now.saturating_add(spread);
    }

    /// The network is back, or a person said «try now».
    pub fn hurry(&mut self) {
        self.next = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_is_always_cut_gets_single_entries_in_the_end() {
        let mut courier = Courier::default();
        for _ in 0..20 {
            courier.failed(0, Trouble::Cut, 0);
        }
        assert_eq!(courier.batch(), 1);
        for _ in 0..30 {
            courier.succeeded(0, true, true, 0);
        }
        assert_eq!(courier.batch(), limits::BATCH);
    }

    #[test]
    fn a_batch_and_its_answer_fit_what_a_connection_carries() {
        let mut courier = Courier::default();
        assert_eq!(courier.load(0, true), Load { batch: FIRST_BATCH, budget: limits::BUDGET, fresh: false });
        courier.cut(0, 40_000);
        let first = courier.load(0, true);
        assert!(first.batch + NEW_CONNECTION <= 20_000 && first.budget == 0 && !first.fresh, "{first:?}");
        courier.carried(20_000);
        // The rest of this connection would bring too little home.
        courier.cut(20_000, 24_000);
        assert!(courier.load(19_500, true).fresh);
        let down = courier.load(0, false);
        assert!((10_000..20_000).contains(&down.budget), "{down:?}");
        assert!(!courier.load_behind(2_000).fresh && courier.load_behind(18_500).fresh, "nothing is tried ahead");
        let mut worst = Courier::default();
        for _ in 0..40 {
            let tried = worst.load(0, true).batch;
            worst.cut(0, tried);
        }
        assert_eq!((worst.load(0, true).batch, worst.load(0, false).budget), (1, 1), "a single entry each way");
    }

    #[test]
    fn what_an_earlier_contact_learnt_counts_until_this_one_knows_better() {
        let mut courier = Courier::default();
        courier.remember(Reach::remembered(18_000, Some(21_000)), 0);
        assert_eq!(courier.load(0, true).batch, 18_000 - NEW_CONNECTION);
        courier.remember(Reach::remembered(1, Some(2)), 0);
        assert_eq!(courier.load(0, true).batch, 18_000 - NEW_CONNECTION);
        let mut good = Courier::default();
        good.remember(Reach::remembered(500_000, None), 200_000);
        assert_eq!(good.load(0, true).batch, 200_000);
    }

    #[test]
    fn a_tunnel_is_no_bound_and_tunnels_without_an_answer_between_them_are() {
        let mut courier = Courier::default();
        for _ in 0..10 {
            courier.went(20_000, 60_000);
            assert_eq!((courier.reach().bounds().1, courier.batch()), (None, FIRST_BATCH / 2));
            courier.carried(16_000);
            courier.succeeded(0, true, true, 0);
        }
        // Always gone before a message is through: smaller ones, down to a single entry, whatever was known.
        let mut courier = Courier::default();
        courier.remember(Reach::remembered(400_000, Some(500_000)), 0);
        for _ in 0..40 {
            let tried = courier.load(0, true).batch;
            courier.went(0, tried);
        }
        assert_eq!(courier.load(0, true).batch, 1);
    }

    #[test]
    fn a_batch_is_seconds_of_a_slow_link_and_anything_of_a_fast_one() {
        let load = Load { batch: limits::BATCH, budget: limits::BUDGET, fresh: false };
        assert_eq!(Courier::within(load, None), load, "nobody knows");
        assert_eq!(Courier::within(load, Some(10_000_000)), load);
        assert_eq!(Courier::within(load, Some(8_000)), Load { batch: 96_000, ..load }, "64 kbit/s");
        assert_eq!(Courier::within(load, Some(1)).batch, SLOW_BATCH);
        let cut = Load { batch: 1_000, ..load };
        assert_eq!(Courier::within(cut, Some(8_000)), cut, "never more than a connection carries");
    }

    #[test]
    fn retries_stay_watchful_for_minutes_slow_down_to_five_and_hurry_when_told() {
        let mut courier = Courier::default();
        courier.failed(0, Trouble::NoAnswer, u16::MAX);
        assert_eq!(courier.wait(0), FIRST_DELAY);
        let mut waited = FIRST_DELAY;
        while waited < 10 * 60_000 {
            courier.failed(0, Trouble::NoAnswer, u16::MAX);
            assert!(courier.wait(0) <= WATCHFUL_DELAY, "{} after {waited}", courier.wait(0));
            waited += courier.wait(0);
        }
        for _ in 0..100 {
            courier.failed(0, Trouble::NoAnswer, u16::MAX);
        }
        assert_eq!(courier.wait(0), LONGEST_DELAY);
        assert_eq!(courier.batch(), FIRST_BATCH, "a dead network says nothing about batches");
        courier.hurry();
        assert_eq!(courier.wait(0), 0);
    }
}
