//! What waits, and for what: changes for others of their record or for a key, facts for entries that have not come. Each is
//! looked at again only when what it waits for grew, and of one author's those in vain only so often in one absorbing.
//! Otherwise whoever writes much that waits for ever, or for one another in the wrong order, would have every absorbing look
//! at all of it, again and again.

use ids::ChainId;
use std::collections::BTreeMap;

/// Second looks in vain at one chain's entries in one absorbing.
const IN_VAIN: u32 = 64;
/// So many are remembered; further ones are looked at whenever somebody absorbs.
const MOST: usize = 1_000_000;
/// What an entry waits for, and how much of it there was when it was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Awaited {
    /// Changes of its record: so many were taken.
    Changes(usize),
    /// A key: the epoch began at this entry, and so many keys of the record were known.
    Keys(u64, usize),
    /// An entry of another chain: everything that waits was gone through so often.
    Entries(usize),
}

impl Awaited {
    /// Facts have a share of their own: they are worth a look in each round, and would leave none to changes.
    const fn is_fact(self) -> bool {
        matches!(self, Self::Entries(_))
    }
}

/// Entries by their place in the store, each with its author.
#[derive(Default)]
pub(crate) struct Asleep {
    entries: BTreeMap<i64, (ChainId, Awaited)>,
    in_vain: BTreeMap<(ChainId, bool), u32>,
    /// How often everything that waits was gone through.
    rounds: usize,
}

impl Asleep {
    /// A new absorbing: every author has its share again.
    pub fn begin(&mut self) {
        self.in_vain.clear();
    }

    /// Everything that waits is gone through once more. Facts wait for entries of another chain as well: they are worth
    /// looking at again in each round, as far as their author's share goes.
    pub fn next_round(&mut self) {
        self.rounds += 1;
    }

    /// Its number.
    pub const fn round(&self) -> usize {
        self.rounds
    }

    /// What this entry waits for, if it was looked at before. Then its signature was checked as well.
    pub fn awaits(&self, entry: i64) -> Option<Awaited> {
        self.entries.get(&entry).map(|(_, awaited)| *awaited)
    }

    /// Whether it is worth looking at it again, now that there is so much of what it waits for.
    pub fn stirs(&self, entry: i64, now: Awaited) -> bool {
        let Some((author, before)) = self.entries.get(&entry) else { return true };
        *before != now && self.in_vain.get(&(*author, now.is_fact())).is_none_or(|count| *count < IN_VAIN)
    }

    /// It was looked at and waits.
    pub fn put(&mut self, entry: i64, author: ChainId, awaited: Awaited) {
        if self.entries.len() >= MOST {
            return;
        }
        if self.entries.insert(entry, (author, awaited)).is_some() {
            *self.in_vain.entry((author, awaited.is_fact())).or_default() += 1;
        }
    }

    /// It waits no more.
    pub fn wake(&mut self, entry: i64) {
        self.entries.remove(&entry);
    }

    /// Places in the store are given to other entries.
    pub fn forget(&mut self) {
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUTHOR: ChainId = ChainId::from_bytes([7; 16]);

    #[test]
    fn what_waits_is_looked_at_when_what_it_waits_for_grew_and_in_vain_only_so_often() {
        let (three, four) = (Awaited::Changes(3), Awaited::Changes(4));
        let mut asleep = Asleep::default();
        assert!(asleep.stirs(1, three) && asleep.awaits(1).is_none());
        (1..200).for_each(|entry| asleep.put(entry, AUTHOR, three));
        assert!(asleep.awaits(1) == Some(three) && !asleep.stirs(1, three) && asleep.stirs(1, four));
        let looked = (1..200).filter(|entry| {
            let stirs = asleep.stirs(*entry, four);
            if stirs {
                asleep.put(*entry, AUTHOR, four);
            }
            stirs
        });
        assert_eq!(looked.count(), IN_VAIN as usize);
        assert!(asleep.stirs(500, four), "what is new is looked at");
        asleep.begin();
        assert!(asleep.stirs(199, four));
        asleep.wake(199);
        assert_eq!(asleep.awaits(199), None);
    }

    #[test]
    fn facts_leave_changes_their_share() {
        let mut asleep = Asleep::default();
        for _ in 0..=IN_VAIN {
            asleep.put(1, AUTHOR, Awaited::Entries(1));
        }
        asleep.put(2, AUTHOR, Awaited::Keys(1, 0));
        assert!(!asleep.stirs(1, Awaited::Entries(2)) && asleep.stirs(2, Awaited::Keys(1, 1)));
    }
}
