//! What goes wrong in one run, and how often. Most runs are small and have some of the faults only; each fault is in
//! many runs, and some runs have all of them.

use crate::dice::Dice;

/// Chances are of a thousand steps.
pub struct Weather {
    pub suitcases: usize,
    /// On one hub; the second has one suitcase.
    pub communities: usize,
    /// Hub processes over one store.
    pub processes: usize,
    pub steps: usize,
    pub hub_restores: u64,
    pub images: u64,
    pub clones: u64,
    pub destroyed: u64,
    pub crashes: u64,
    /// A disk fails at one of its next writes.
    pub disks: u64,
    /// A clock is set, or time passes: days, weeks.
    pub clocks: u64,
    /// The hub's clock may be wrong, too. Then no copy is put back that nobody notices: positions count from the clock.
    pub hub_clock: bool,
    /// Sticks and carriers.
    pub by_hand: u64,
    pub revocations: u64,
    /// Orders to erase.
    pub erasures: u64,
    /// A desk is copied, put back from such a copy, or lost and made again from the kit.
    pub desks: u64,
    /// The centre takes new keys, tells again, destroys the old ones.
    pub rotations: u64,
    /// Forged, foreign and presumptuous entries.
    pub hostile: u64,
    /// Entries and facts of later versions.
    pub later: u64,
    /// At the end the register asks for a protocol that the hub does not speak.
    pub outdated: bool,
}

impl Weather {
    pub fn draw(dice: &mut Dice) -> Self {
        let suitcases = match dice.below(100) {
            0..45 => 3,
            45..70 => 4,
            70..86 => 5 + dice.below(2),
            86..96 => 7 + dice.below(4),
            _ => 11 + dice.below(10),
        };
        let mut of = |chances: &[u64]| chances[dice.below(chances.len())];
        Self {
            suitcases,
            communities: of(&[1, 1, 1, 2]) as usize,
            processes: of(&[1, 1, 2]) as usize,
            hub_restores: of(&[0, 10, 40]),
            images: of(&[0, 30, 80]),
            clones: of(&[0, 0, 10]),
            destroyed: of(&[0, 0, 15]),
            crashes: of(&[0, 30, 100]),
            disks: of(&[0, 60, 250]),
            clocks: of(&[0, 0, 60]),
            hub_clock: of(&[0, 0, 1]) == 1,
            by_hand: of(&[0, 0, 100, 300]),
            revocations: of(&[0, 0, 15]),
            erasures: of(&[0, 0, 20]),
            desks: of(&[0, 0, 60]),
            rotations: of(&[0, 0, 80]),
            hostile: of(&[0, 40]),
            later: of(&[0, 0, 50]),
            outdated: dice.below(30) == 0,
            steps: 20 + dice.below(90) + suitcases * 5,
        }
    }
}
