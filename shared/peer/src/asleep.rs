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
/// So many of one chain wait for keys: more than a laptop writes in three days. Even asleep each costs every absorbing a look
/// into the tables of keys.
pub(crate) const MOST_OF_ONE: usize = 1_024;

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

/// Entries by their place in the store, each with its author.
#[derive(Default)]
pub(crate) struct Asleep {
    entries: BTreeMap<i64, (ChainId, Awaited)>,
    without_key: BTreeMap<ChainId, usize>,
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
        *before != now && self.in_vain.get(author).is_none_or(|count| *count < IN_VAIN)
    }

    /// Whether as many entries of one chain as may are waiting for keys.
    pub fn is_full_of(&self, author: ChainId) -> bool {
        self.without_key.get(&author).is_some_and(|count| *count >= MOST_OF_ONE)
    }

    /// It was looked at and waits.
    pub fn put(&mut self, entry: i64, author: ChainId, awaited: Awaited) {
        if self.entries.len() >= MOST {
            return;
        }
        let before = self.entries.insert(entry, (author, awaited));
        if before.is_some() {
            *self.in_vain.entry(author).or_default() += 1;
        }
        self.count(before, false);
        self.count(Some((author, awaited)), true);
    }

    /// It waits no more.
    pub fn wake(&mut self, entry: i64) {
        let before = self.entries.remove(&entry);
        self.count(before, false);
    }

    fn count(&mut self, one: Option<(ChainId, Awaited)>, more: bool) {
        let Some((author, Awaited::Keys(..))) = one else { return };
        let count = self.without_key.entry(author).or_default();
        *count = if more { *count + 1 } else { count.saturating_sub(1) };
        if *count == 0 {
            self.without_key.remove(&author);
        }
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
    fn only_so_many_of_one_chain_wait_for_keys() {
        let mut asleep = Asleep::default();
        let most = MOST_OF_ONE as i64;
        (0..most - 1).for_each(|entry| asleep.put(entry, AUTHOR, Awaited::Keys(1, 0)));
        asleep.put(most, AUTHOR, Awaited::Changes(0));
        asleep.put(0, AUTHOR, Awaited::Keys(2, 0));
        assert!(!asleep.is_full_of(AUTHOR));
        asleep.put(most, AUTHOR, Awaited::Keys(1, 0));
        assert!(asleep.is_full_of(AUTHOR) && !asleep.is_full_of(ChainId::from_bytes([8; 16])));
        asleep.put(0, AUTHOR, Awaited::Changes(1));
        assert!(!asleep.is_full_of(AUTHOR));
        asleep.put(0, AUTHOR, Awaited::Keys(2, 0));
        asleep.wake(1);
        assert!(!asleep.is_full_of(AUTHOR));
        (0..=most).for_each(|entry| asleep.wake(entry));
        assert!(asleep.without_key.is_empty());
    }
}
