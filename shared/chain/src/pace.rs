//! How much to send at once and when to try again. Batches adapt to the link: a link that is cut more often than a
//! batch takes gets smaller batches, down to a single entry, so that every contact brings something home.

use crate::limits;

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
}

const FIRST_BATCH: usize = 32 * 1024;
const SMALLEST_BATCH: usize = 1;
const FIRST_DELAY: u64 = 2_000;
const LONGEST_DELAY: u64 = 300_000;

impl Default for Courier {
    fn default() -> Self {
        Self { batch: FIRST_BATCH, failures: 0, next: 0 }
    }
}

impl Courier {
    /// Bytes of entries to send at once; always at least one entry, whatever its size.
    pub const fn batch(&self) -> usize {
        self.batch
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

    /// No answer came. `jitter` is a random number: of many suitcases that lost the same network not all come back in
    /// the same second.
    pub fn failed(&mut self, now: u64, trouble: Trouble, jitter: u16) {
        self.failures = self.failures.saturating_add(1);
        if trouble == Trouble::Cut {
            self.batch = (self.batch / 2).max(SMALLEST_BATCH);
        }
        let doubled = FIRST_DELAY.saturating_mul(1 << (self.failures - 1).min(20));
        let delay = doubled.min(LONGEST_DELAY);
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
    fn retries_slow_down_to_five_minutes_and_hurry_when_told() {
        let mut courier = Courier::default();
        courier.failed(0, Trouble::NoAnswer, u16::MAX);
        assert_eq!(courier.wait(0), FIRST_DELAY);
        for _ in 0..100 {
            courier.failed(0, Trouble::NoAnswer, u16::MAX);
        }
        assert_eq!(courier.wait(0), LONGEST_DELAY);
        assert_eq!(courier.batch(), FIRST_BATCH, "a dead network says nothing about batches");
        courier.hurry();
        assert_eq!(courier.wait(0), 0);
    }
}
