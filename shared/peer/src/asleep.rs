//! Changes that wait for others of their record, and facts about entries that have not come: changes are looked at again only
//! when something came to the record, and of one author's both in vain only so often in one absorbing. Otherwise whoever writes many changes that wait for ever, or for
//! one another in the wrong order, would have every absorbing look at all of them, again and again.

use ids::ChainId;
use std::collections::BTreeMap;

/// Second looks in vain at one chain's changes in one absorbing.
const IN_VAIN: u32 = 64;
/// So many are remembered; further ones are looked at whenever somebody absorbs.
const MOST: usize = 1_000_000;

/// Entries by their place in the store, with how many changes of their record were taken when they were looked at.
#[derive(Default)]
pub(crate) struct Asleep {
    entries: BTreeMap<i64, usize>,
    in_vain: BTreeMap<ChainId, u32>,
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

    /// Its number: what facts are put to sleep with.
    pub const fn round(&self) -> usize {
        self.rounds
    }

    /// Whether this entry was looked at before and waits.
    pub fn holds(&self, entry: i64) -> bool {
        self.entries.contains_key(&entry)
    }

    /// Whether it is worth looking at it again, now that so many changes of its record are taken.
    pub fn stirs(&self, entry: i64, author: ChainId, taken: usize) -> bool {
        let share_left = self.in_vain.get(&author).is_none_or(|count| *count < IN_VAIN);
        self.entries.get(&entry).is_none_or(|before| *before != taken && share_left)
    }

    /// It was looked at and waits.
    pub fn put(&mut self, entry: i64, author: ChainId, taken: usize) {
        if self.entries.len() >= MOST {
            return;
        }
        if self.entries.insert(entry, taken).is_some() {
            *self.in_vain.entry(author).or_default() += 1;
        }
    }

    /// It waits no more.
    pub fn wake(&mut self, entry: i64) {
        self.entries.remove(&entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_looked_at_when_its_record_grew_and_in_vain_only_so_often() {
        let author = ChainId::from_bytes([7; 16]);
        let mut asleep = Asleep::default();
        assert!(asleep.stirs(1, author, 0) && !asleep.holds(1));
        (1..200).for_each(|entry| asleep.put(entry, author, 3));
        assert!(asleep.holds(1) && !asleep.stirs(1, author, 3) && asleep.stirs(1, author, 4));
        let looked = (1..200).filter(|entry| {
            let stirs = asleep.stirs(*entry, author, 4);
            if stirs {
                asleep.put(*entry, author, 4);
            }
            stirs
        });
        assert_eq!(looked.count(), IN_VAIN as usize);
        assert!(asleep.stirs(500, author, 4), "what is new is looked at");
        asleep.begin();
        assert!(asleep.stirs(199, author, 4));
        asleep.wake(199);
        assert!(!asleep.holds(199));
    }
}
