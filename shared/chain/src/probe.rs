//! Finding the place where the own chain parts from what an answerer holds: a search by heads, a few messages long.

use crate::exchange::Needed;
use crate::refusal::{Refusal, RefusalCode};
use ids::ChainId;

/// Numbers that one message asks about.
const ASKED: u64 = 64;

/// What is known so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    chain: ChainId,
    /// Up to here nothing differs.
    same: u64,
    /// Below here the place is looked for: from here on all that is held differs, or nothing is held, or it is one behind
    /// the end.
    open_until: u64,
    /// The lowest number known to differ.
    differs: Option<u64>,
    /// The first number that the answerer lacks.
    lacks: Option<u64>,
    end: u64,
}

impl Probe {
    /// Of a chain that ends here at `end`.
    pub fn new(chain: ChainId, end: u64) -> Self {
        Self { chain, same: 0, open_until: end + 1, differs: None, lacks: None, end }
    }

    /// Whose chain.
    pub const fn chain(&self) -> ChainId {
        self.chain
    }

    /// Where it ends here.
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// Nothing is left to be asked.
    pub fn is_done(&self) -> bool {
        self.open_until - self.same <= 1
    }

    /// The first number that is this laptop's alone. A difference behind a hole at the answerer may have begun in it, but
    /// not before the end of what the centre has opened as it is here (`opened`): that the answerer only lost.
    pub fn parted(&self, must_differ: bool, opened: u64) -> Option<u64> {
        let hole = self.lacks.map(|from| from.max(opened.saturating_add(1)));
        let hole = hole.filter(|from| *from <= self.end && (self.differs.is_some() || must_differ));
        self.differs.into_iter().chain(hole).min()
    }

    /// The numbers to state as heads next.
    pub fn numbers(&self) -> Vec<u64> {
        let open = self.open_until - self.same - 1;
        let count = open.min(ASKED);
        // Evenly between the two, and where few are left, each of them.
        (1..=count).map(|nth| self.same + (nth * (open + 1)) / (count + 1)).collect()
    }

    /// Learns from the answer to what was asked.
    pub fn learn(&mut self, refusals: &[Refusal], needed: &[Needed]) {
        let differing = refusals.iter().filter(|refusal| refusal.chain == self.chain);
        let first = differing
            .filter_map(|refusal| match refusal.code {
                RefusalCode::Fork { seq, .. } => Some(seq),
                _ => None,
            })
            .min();
        let lacks = needed.iter().filter(|needed| needed.chain == self.chain).map(|needed| needed.from).min();
        self.differs = self.differs.into_iter().chain(first).min();
        self.lacks = self.lacks.into_iter().chain(lacks).min();
        let asked = self.numbers();
        // An answerer that names a number twice, or one that was not asked for, does not make this go on for ever.
        let until = [self.differs, self.lacks].into_iter().flatten().min().unwrap_or(u64::MAX).max(self.same + 1);
        self.same = asked.into_iter().filter(|seq| *seq < until).max().unwrap_or(self.same);
        self.open_until = self.open_until.min(until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signing::Hash;

    const CHAIN: ChainId = ChainId::from_bytes([7; 16]);

    /// How many messages it takes to find `parted` in a chain of `end`, and what is found.
    fn search(end: u64, parted: u64, holds: u64) -> (usize, Option<u64>) {
        let mut probe = Probe::new(CHAIN, end);
        let mut rounds = 0;
        while !probe.is_done() {
            rounds += 1;
            let fork = |seq: u64| RefusalCode::Fork { seq, held: Hash::ZERO };
            let refused = probe.numbers().into_iter().filter(|seq| *seq >= parted && *seq <= holds);
            let refusals: Vec<Refusal> =
                refused.map(|seq| Refusal { chain: CHAIN, from: seq, code: fork(seq) }).collect();
            let lacks = holds < end && probe.numbers().iter().any(|seq| *seq > holds);
            let needed: Vec<Needed> = lacks.then_some(Needed { chain: CHAIN, from: holds + 1 }).into_iter().collect();
            probe.learn(&refusals, &needed);
        }
        (rounds, probe.parted(false, 0))
    }

    #[test]
    fn the_place_is_found_wherever_it_is() {
        for end in [0, 1, 2, 63, 64, 65, 66, 300, 5_000] {
            for parted in (1..=end.min(70)).chain([end / 2 + 1, end.max(1), end + 1]) {
                for holds in [end, end + 10, parted.max(end / 2)] {
                    let (rounds, found) = search(end, parted, holds);
                    let expected = (parted <= end && parted <= holds).then_some(parted);
                    assert_eq!(found, expected, "end {end}, parted {parted}, holds {holds}");
                    assert!(rounds <= 3, "{rounds} rounds for {end}");
                }
            }
        }
        assert!(search(200_000, 77_777, 200_000).0 <= 3);
    }

    #[test]
    fn a_difference_that_no_number_shows_begins_in_the_hole() {
        let mut probe = Probe::new(CHAIN, 5);
        probe.learn(&[], &[Needed { chain: CHAIN, from: 4 }]);
        while !probe.is_done() {
            probe.learn(&[], &[]);
        }
        assert_eq!((probe.parted(false, 0), probe.parted(true, 0)), (None, Some(4)));
    }

    #[test]
    fn what_the_centre_has_opened_is_no_laptops_alone_though_the_hub_lost_it() {
        let mut probe = Probe::new(CHAIN, 5);
        while !probe.is_done() {
            probe.learn(&[], &[Needed { chain: CHAIN, from: 1 }]);
        }
        let parted = |opened| probe.parted(true, opened);
        assert_eq!([0, 3, 4, 5, u64::MAX].map(parted), [Some(1), Some(4), Some(5), None, None]);
    }
}
