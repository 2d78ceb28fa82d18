//! What a run went through.

use super::World;
use chain::RefusalCode;

/// Counted on the way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Writes that a disk refused, or in which a process ended.
    pub failed_writes: usize,
    pub clones: usize,
    pub revoked: usize,
    /// Orders to erase.
    pub erasures: usize,
    /// Records that suitcases gave up.
    pub given_up: usize,
    /// Desks that were put back from a copy, and desks that were made again from the kit.
    pub desk_copies: usize,
    pub kits: usize,
    /// Desks that took new keys, and those that destroyed the old ones.
    pub rotations: usize,
    pub destroyed: usize,
    /// Desks that were made from the kit after that.
    pub kits_after: usize,
    /// Letters that a stick or another suitcase brought to the hub, and answers that came home so.
    pub letters: usize,
    pub letters_home: usize,
    /// Clocks that were set wrong.
    pub clocks: usize,
    /// Shifts that ended with nothing left.
    pub shifts: usize,
    /// And those of suitcases that wrote another chain before.
    pub reborn_shifts: usize,
    pub forgeries: usize,
    /// Entries and facts of later versions.
    pub later: usize,
    /// Runs that ended with a register that asks for a later protocol.
    pub outdated: usize,
}

/// Equal for equal seeds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub counts: Counts,
    pub suitcases: usize,
    /// Suitcases that ended with another chain than they began with.
    pub rebirths: usize,
    /// How often the hub's disk was put back or emptied.
    pub hub_lives: u64,
    /// Refusals for a fork, and for want of a certificate, that are shown in the end.
    pub forks: usize,
    pub unknown: usize,
    /// Entries kept aside as another branch.
    strays: usize,
    acts: u64,
    /// The next number of the dice.
    last: u64,
}

impl World {
    pub(super) fn tally(&mut self) -> Tally {
        let stores = || self.peers.iter().map(|peer| peer.disk.saved());
        let shown =
            |code: fn(&RefusalCode) -> bool| stores().flat_map(|s| s.shown.values()).filter(|r| code(&r.code)).count();
        Tally {
            counts: self.counts,
            suitcases: self.weather.suitcases,
            rebirths: stores().filter(|s| s.writes != s.first).count(),
            hub_lives: self.hub_life,
            forks: shown(|code| matches!(code, RefusalCode::Fork { .. })),
            unknown: shown(|code| *code == RefusalCode::UnknownChain),
            strays: stores().map(|s| s.strays.len()).sum(),
            acts: self.acts,
            last: self.dice.number(),
        }
    }
}

impl Tally {
    /// Several runs together.
    pub fn add(&mut self, run: &Self) {
        let (all, one) = (&mut self.counts, &run.counts);
        all.failed_writes += one.failed_writes;
        all.clones += one.clones;
        all.revoked += one.revoked;
        all.erasures += one.erasures;
        all.given_up += one.given_up;
        all.desk_copies += one.desk_copies;
        all.kits += one.kits;
        all.rotations += one.rotations;
        all.destroyed += one.destroyed;
        all.kits_after += one.kits_after;
        all.letters += one.letters;
        all.letters_home += one.letters_home;
        all.clocks += one.clocks;
        all.shifts += one.shifts;
        all.reborn_shifts += one.reborn_shifts;
        all.forgeries += one.forgeries;
        all.later += one.later;
        all.outdated += one.outdated;
        self.suitcases = self.suitcases.max(run.suitcases);
        self.rebirths += run.rebirths;
        self.hub_lives += run.hub_lives;
        self.forks += run.forks;
        self.unknown += run.unknown;
    }
}
