//! Whether a contact gets anywhere. An answerer decides how long one lasts by what it says; an honest one comes to an
//! end, and one that lies must not make a laptop send and ask for ever, on a network that somebody pays for.

use crate::PeerError;

/// Answers in a row that bring nothing.
const IN_VAIN: u32 = 32;
/// Times in one contact that an answerer says it lost its memory. It happens once; twice where a hub is put back again.
const REBORN: u32 = 3;
/// Entries handed out again, or sent, beyond twice all that are held: a new life of the hub's store hands out everything
/// once, and wants everything once.
const REPEATS: u64 = 512;

/// What one answer brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Round {
    /// Entries that went out with the message.
    pub sent: usize,
    /// Entries that were not held before.
    pub stored: usize,
    /// Entries that were.
    pub repeated: usize,
    /// A chain is anchored further than before, as far as it is held here.
    pub moved: bool,
    /// The answerer is another life of itself.
    pub reborn: bool,
}

/// One contact, so far.
#[derive(Debug, Default)]
pub(super) struct Progress {
    in_vain: u32,
    reborn: u32,
    repeated: u64,
    sent: u64,
    /// So many are believed, as far as they were counted.
    most: u64,
}

impl Progress {
    /// Counts an answer; `false`: this contact leads nowhere. `held` tells how many entries there are.
    pub fn goes_on(&mut self, round: &Round, held: impl FnOnce() -> Result<u64, PeerError>) -> Result<bool, PeerError> {
        self.reborn += u32::from(round.reborn);
        self.repeated += round.repeated as u64;
        self.sent += round.sent as u64;
        let most = self.repeated.max(self.sent);
        let brings = round.stored > 0 || round.repeated > 0 || round.moved;
        self.in_vain = if brings { 0 } else { self.in_vain + 1 };
        if most > self.most {
            self.most = held()?.saturating_mul(2).saturating_add(REPEATS);
        }
        Ok(self.in_vain < IN_VAIN && self.reborn < REBORN && most <= self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Round = Round { sent: 0, stored: 0, repeated: 0, moved: false, reborn: false };

    fn rounds(round: Round, held: u64) -> usize {
        let mut progress = Progress::default();
        (0..100_000).take_while(|_| progress.goes_on(&round, || Ok(held)).unwrap()).count()
    }

    #[test]
    fn an_answerer_that_brings_nothing_is_left_and_one_that_brings_something_is_not() {
        assert_eq!(rounds(NOTHING, 0), IN_VAIN as usize - 1);
        assert_eq!(rounds(Round { reborn: true, moved: true, ..NOTHING }, 0), REBORN as usize - 1);
        assert_eq!(rounds(Round { repeated: 1_000, ..NOTHING }, 50_000), 100);
        assert_eq!(rounds(Round { repeated: 30, ..NOTHING }, 30), 19);
        assert_eq!(rounds(Round { sent: 1_000, moved: true, ..NOTHING }, 50_000), 100);
        assert_eq!(rounds(Round { stored: 1, ..NOTHING }, 0), 100_000);
        assert_eq!(rounds(Round { moved: true, ..NOTHING }, 0), 100_000);
    }
}
