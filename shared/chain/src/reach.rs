//! How many bytes one connection carries before the link is cut: some networks end every connection after so many
//! bytes, or after a time that comes to the same. Learnt from what went through and what did not.

/// Handshake and heads that a new connection costs, bytes: TLS with a certificate, HTTP, the message around its entries.
pub(crate) const NEW_CONNECTION: usize = 2_048;
/// What a further message costs beside its entries, its answer included, bytes.
pub(crate) const NEW_MESSAGE: usize = 900;
/// Answers on a link that is cut after which more is dared, at first; doubled each time it was too much.
const DARE_FIRST: u32 = 16;
const DARE_LAST: u32 = 256;
/// So much less for new connections, in hundredths of all bytes, is not worth what looking for it costs.
const WON: usize = 8;
/// A bound beyond this is none: whole batches and their answers go through.
const NO_BOUND: usize = 2 * 1024 * 1024;

/// Bounds of what one connection carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// So much went through one connection and was answered.
    good: usize,
    /// With so much under way a connection was cut. `None`: none ever was.
    bad: Option<usize>,
    /// Answers since the bounds last moved.
    quiet: u32,
    /// Answers until more is dared.
    dare: u32,
    /// The bound from before more was dared, until that is carried or cut.
    settled: Option<usize>,
}

impl Default for Reach {
    fn default() -> Self {
        Self { good: 0, bad: None, quiet: 0, dare: DARE_FIRST, settled: None }
    }
}

impl Reach {
    /// As remembered from an earlier contact.
    pub fn remembered(good: usize, bad: Option<usize>) -> Self {
        Self { good, bad, ..Self::default() }
    }

    /// What is to be remembered: what went through, and what did not.
    pub const fn bounds(&self) -> (usize, Option<usize>) {
        (self.good, self.bad)
    }

    /// An answer came on a connection that has carried so much by now.
    pub fn answered(&mut self, carried: usize) {
        self.good = self.good.max(carried);
        let Some(bad) = self.bad else { return };
        if carried >= bad {
            // The link is better than it was.
            *self = Self { good: carried, ..Self::default() };
            return;
        }
        self.quiet += 1;
        if self.settled.is_some_and(|settled| carried >= settled) {
            // It is better than it was: more is dared at once.
            (self.settled, self.quiet, self.dare) = (None, DARE_FIRST, DARE_FIRST);
        }
        if self.quiet >= self.dare {
            self.settled = self.settled.or(self.bad);
            self.bad = Some(bad.saturating_mul(2)).filter(|bad| *bad < NO_BOUND);
            self.quiet = 0;
        }
    }

    /// A connection was cut that had answered up to `carried`, with `tried` bytes in all under way.
    pub fn cut(&mut self, carried: usize, tried: usize) {
        if tried <= self.good {
            // Worse than it was: what went through once says nothing any more.
            self.good = carried;
        }
        if self.settled.is_some() {
            self.dare = (self.dare * 2).min(DARE_LAST);
        }
        // What was dared was too much: the bound from before holds, and need not be looked for again.
        let known = self.settled.take().or(self.bad);
        self.bad = Some(known.map_or(tried, |bad| if bad <= carried { tried } else { bad.min(tried) }));
        self.quiet = 0;
    }

    /// A message on a connection that has carried so much would look for the bound, and more was not dared on purpose.
    pub(crate) fn looks(&self, carried: usize) -> bool {
        self.settled.is_none() && carried >= self.good - self.good / 8
    }

    /// Up to how many bytes is to be put on a connection that has carried so much; `None`: as much as there is.
    ///
    /// A new connection first carries what went through before. More is tried on what is left of it then: if that is too
    /// much, little is lost.
    pub fn target(&self, carried: usize) -> Option<usize> {
        let bad = self.bad?;
        let near = self.is_near(bad);
        let first = self.good > bad / 4 && carried < self.good - self.good / 8;
        Some(if near || first { self.good } else { usize::midpoint(self.good, bad) })
    }

    /// Between what went through and what did not it is halved until little is to be won: larger pieces, or less of what
    /// new connections cost.
    fn is_near(&self, bad: usize) -> bool {
        let new_connections = |reach: usize| NEW_CONNECTION * 100 / reach.max(1);
        let saved = new_connections(self.good).saturating_sub(new_connections(bad));
        bad.saturating_sub(self.good) <= self.good / 4 || (self.settled.is_none() && self.good > 0 && saved <= WON)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A link that cuts each connection after so many bytes; gives back how many connections it cost to carry `all`.
    fn carry(reach: &mut Reach, cut: usize, mut all: usize) -> usize {
        let (mut connections, mut on_this) = (1, 0);
        while all > 0 {
            let target = reach.target(on_this).unwrap_or(usize::MAX);
            let message = target.saturating_sub(on_this).min(all).clamp(1, 32 * 1024);
            if on_this + message > cut || target <= on_this {
                if target > on_this {
                    reach.cut(on_this, on_this + message);
                }
                (connections, on_this) = (connections + 1, 0);
                continue;
            }
            on_this += message;
            all -= message;
            reach.answered(on_this);
        }
        connections
    }

    #[test]
    fn a_cut_every_so_many_bytes_is_found_and_kept_to() {
        for cut in [1_500, 7_000, 20_000, 33_000, 90_000] {
            let mut reach = Reach::default();
            carry(&mut reach, cut, 20 * cut);
            let least = 100_usize;
            let connections = carry(&mut reach, cut, least * cut);
            assert!(connections <= least * 3 / 2, "{cut}: {connections} connections for {least}, {reach:?}");
        }
    }

    #[test]
    fn a_bound_that_holds_is_tried_rarely_and_each_time_once() {
        for cut in [7_000, 20_000, 90_000] {
            let mut reach = Reach::default();
            carry(&mut reach, cut, 20 * cut);
            let settled = reach.bounds();
            let (mut cuts, mut on_this) = (0, 0);
            for _ in 0..300 {
                let target = reach.target(on_this).unwrap();
                if target <= on_this {
                    on_this = 0;
                } else if target > cut {
                    reach.cut(on_this, target);
                    (cuts, on_this) = (cuts + 1, 0);
                    assert_eq!(reach.bounds(), settled, "what was known is known again");
                } else {
                    on_this = target;
                    reach.answered(on_this);
                }
            }
            assert!((1..=6).contains(&cuts), "{cut}: {cuts} of 300");
        }
    }

    #[test]
    fn a_link_that_gets_better_is_noticed() {
        let mut reach = Reach::default();
        carry(&mut reach, 5_000, 100_000);
        assert!(reach.target(0).unwrap() <= 5_000);
        carry(&mut reach, usize::MAX, 4_000_000);
        assert_eq!(reach.target(0), None, "{reach:?}");
    }

    #[test]
    fn a_link_that_gets_worse_is_noticed_at_once() {
        let mut reach = Reach::default();
        carry(&mut reach, 90_000, 500_000);
        reach.cut(0, 30_000);
        assert!(reach.target(0).unwrap() <= 15_000, "{reach:?}");
        for _ in 0..40 {
            let tried = reach.target(0).unwrap();
            reach.cut(0, tried);
        }
        assert!(reach.target(0).unwrap() <= 1, "down to nothing but a single entry: {reach:?}");
    }
}
