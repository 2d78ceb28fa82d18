//! How many bytes one connection carries before the link is cut: some networks end every connection after so many
//! bytes, or after a time that comes to the same. Learnt from what went through and what did not.

/// Handshake and heads that a new connection costs, bytes: TLS with a certificate, HTTP, the message around its entries.
pub(crate) const NEW_CONNECTION: usize = 2_048;
/// What a further message costs beside its entries, its answer included, bytes.
pub(crate) const NEW_MESSAGE: usize = 900;
/// Answers on a link that is cut after which more is dared, at first; doubled each time it was too much.
const DARE_FIRST: u32 = 8;
const DARE_LAST: u32 = 256;
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
    /// More was dared since the last cut.
    dared: bool,
}

impl Default for Reach {
    fn default() -> Self {
        Self { good: 0, bad: None, quiet: 0, dare: DARE_FIRST, dared: false }
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
        if self.quiet >= self.dare {
            self.bad = Some(bad.saturating_mul(2)).filter(|bad| *bad < NO_BOUND);
            (self.quiet, self.dared) = (0, true);
        }
    }

    /// A connection was cut that had answered up to `carried`, with `tried` bytes in all under way.
    pub fn cut(&mut self, carried: usize, tried: usize) {
        if tried <= self.good {
            // Worse than it was: what went through once says nothing any more.
            self.good = carried;
        }
        self.bad = Some(self.bad.map_or(tried, |bad| if bad <= carried { tried } else { bad.min(tried) }));
        if self.dared {
            self.dare = (self.dare * 2).min(DARE_LAST);
        }
        (self.quiet, self.dared) = (0, false);
    }

    /// Up to how many bytes is to be put on a connection that has carried so much; `None`: as much as there is.
    ///
    /// A new connection first carries what went through before. More is tried on what is left of it then: if that is too
    /// much, little is lost.
    pub fn target(&self, carried: usize) -> Option<usize> {
        let bad = self.bad?;
        // Between the two it is halved until little is to be won.
        let near = bad.saturating_sub(self.good) <= self.good / 4;
        let first = self.good > bad / 4 && carried < self.good - self.good / 8;
        Some(if near || first { self.good } else { usize::midpoint(self.good, bad) })
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
