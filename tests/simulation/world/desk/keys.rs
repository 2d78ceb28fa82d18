//! Who reads what: grants, what is taken back, the next keys of records that somebody shut out could read.

use crate::dice::Dice;
use crate::plant::Plant;
use crate::world::disk::Done;
use crate::world::peer::Peer;
use crate::world::peer::keyring::Word;
use crate::world::peer::store::PeerStore;
use crate::world::sealed::{Key, grant};
use chain::{Draft, Kind};
use ids::{ChainId, RecordId};
use std::collections::BTreeSet;

impl Peer {
    /// Lets a suitcase read a record, all that was written of it; or takes it back, and the record goes on under a new key.
    pub fn grant(&mut self, record: RecordId, peer: ChainId, open: bool, dice: &mut Dice) -> Done<()> {
        let store = &mut self.disk.live;
        let holds = store.ring.writers.contains(&(record, peer));
        if store.may_write() && open && !holds {
            store.grant(record, peer);
        } else if store.may_write() && !open && holds {
            store.close_grant(record, peer, false);
            if store.plant != Some(Plant::RevokedReadsOn) {
                store.renew_key(record, dice);
            }
        }
        self.disk.commit()
    }
}

impl PeerStore {
    pub(super) fn tell(&mut self, draft: Draft) {
        let entry = self.say(draft);
        self.look_at(std::slice::from_ref(&entry));
    }

    /// Every key of the record; nothing if there is none.
    pub(super) fn grant(&mut self, record: RecordId, peer: ChainId) {
        let keys = self.ring.of(record);
        if !keys.is_empty() {
            self.tell(grant(record, peer, &keys));
        }
    }

    fn close_grant(&mut self, record: RecordId, peer: ChainId, given_up: bool) {
        if self.register.is_erased(record) {
            return;
        }
        self.tell(grant(record, peer, &[]));
        self.ring_mut().closings.insert((record, peer), given_up);
    }

    /// Draws the record's next key: for the centre itself first, then for all who hold the record.
    pub(super) fn renew_key(&mut self, record: RecordId, dice: &mut Dice) {
        let Some((generation, _)) = self.ring.newest(record) else { return };
        self.ring_mut().put(record, (generation + 1, Key(dice.number())));
        self.grant(record, self.writes);
        if self.plant == Some(Plant::NewKeyForNobody) {
            return;
        }
        for reader in self.holders(record) {
            self.grant(record, reader);
        }
    }

    /// Before the centre writes in a record that somebody shut out could read on, or in a suitcase's for the first time.
    pub fn about_to_write(&mut self, record: RecordId, dice: &mut Dice) {
        if let Some(maker) = self.ring.born.get(&record).map(|chain| self.register.living(*chain)) {
            let granted = self.ring.words.contains_key(&(record, maker));
            let certified = self.register.suitcase(maker).is_some() && self.register.revocation(maker).is_none();
            if certified && !granted {
                self.grant(record, maker);
            }
        }
        let renews = self.plant != Some(Plant::RevokedReadsOn);
        let read_on = || self.shut_out().into_iter().any(|chain| self.still_readable(chain).contains(&record));
        if renews && (read_on() || !self.closed_and_readable(record).is_empty()) {
            self.renew_key(record, dice);
        }
    }

    /// A new record of the centre's own.
    pub fn make(&mut self, record: RecordId, dice: &mut Dice) {
        let own = self.writes;
        let ring = self.ring_mut();
        ring.put(record, (1, Key(dice.number())));
        ring.born.insert(record, own);
        ring.writers.insert((record, own));
        self.grant(record, own);
    }

    /// Living suitcases that may write the record.
    pub(super) fn holders(&self, record: RecordId) -> BTreeSet<ChainId> {
        let holds =
            |chain: &ChainId| self.register.suitcase(*chain).is_some() && self.register.revocation(*chain).is_none();
        let writers =
            self.ring.writers.range((record, ChainId::from_bytes([0; 16]))..).take_while(|one| one.0 == record);
        writers.map(|(_, chain)| self.register.living(*chain)).filter(holds).collect()
    }

    /// Chains whose owners read no further: revoked ones, declined ones.
    pub fn shut_out(&self) -> BTreeSet<ChainId> {
        let declined =
            self.keep.chains().map(|(chain, _)| chain).filter(|chain| self.register.rebirth(*chain).is_some());
        let all = self.register.suitcases().map(|one| one.chain).chain(declined);
        all.filter(|chain| self.register.revocation(*chain).is_some()).collect()
    }

    /// The records whose newest key the owner of a chain that is shut out knows.
    pub fn still_readable(&self, chain: ChainId) -> BTreeSet<RecordId> {
        let ended = |before: &ChainId| self.register.revocation(self.register.living(*before)).is_some();
        let line = std::iter::once(chain).chain(self.register.ancestors(chain).filter(ended));
        let somebodys = |record: &RecordId| {
            self.ring
                .writers
                .range((*record, ChainId::from_bytes([0; 16]))..)
                .next()
                .is_some_and(|one| one.0 == *record)
        };
        let readable = |one| self.readable(one).into_iter().chain(self.wrote_about(one, u64::MAX).filter(somebodys));
        line.flat_map(|one| readable(one).filter(move |record| self.knows_newest(one, *record))).collect()
    }

    fn readable(&self, chain: ChainId) -> BTreeSet<RecordId> {
        let made = self.ring.writers.iter().filter(|one| one.1 == chain).map(|one| one.0);
        made.chain(self.ring.words.keys().filter(|one| one.1 == chain).map(|one| one.0)).collect()
    }

    /// Opened or not: what waits for a person the key of its epoch opens.
    fn wrote_about(&self, chain: ChainId, last: u64) -> impl Iterator<Item = RecordId> {
        let changes = self.keep.until(chain, last).filter(|entry| entry.entry.header.kind == Kind::CHANGE);
        changes.filter_map(|entry| entry.entry.header.record)
    }

    /// Whoever was granted nothing since the centre granted the newest key to itself does not know it.
    pub(super) fn knows_newest(&self, chain: ChainId, record: RecordId) -> bool {
        let said = |one: ChainId| self.ring.words.get(&(record, one));
        let own = || self.register.desks().filter_map(|(desk, ..)| said(desk.case));
        let since = |word: &Word| !own().any(|own| own.is_after(word, &self.register));
        self.ring.newest(record).is_some() && (own().next().is_none() || said(chain).is_some_and(since))
    }

    /// A laptop that is declined has the disk of the suitcase that it says it is. What that one could read by now is taken
    /// back from the declined one: so the entries say what it knows.
    pub(super) fn take_back_from_declined(&mut self, chain: ChainId) {
        let before: Vec<ChainId> = self.register.ancestors(chain).collect();
        let known: BTreeSet<RecordId> = before.into_iter().flat_map(|one| self.readable(one)).collect();
        self.note_known(chain, known);
    }

    /// What the suitcase wrote before they parted and what came here after the laptop was declined.
    fn note_late_records_of_declined(&mut self, chain: ChainId) {
        let Some(rebirth) = self.register.declined().find(|rebirth| rebirth.chain == chain) else { return };
        let late = self.wrote_about(rebirth.predecessor, rebirth.end.seq).collect();
        self.note_known(chain, late);
    }

    fn note_known(&mut self, chain: ChainId, records: BTreeSet<RecordId>) {
        for record in records {
            if !self.readable(chain).contains(&record) && self.ring.newest(record).is_some() {
                self.close_grant(record, chain, false);
            }
        }
    }

    /// The records that somebody shut out could read get their next keys.
    pub(super) fn renew_keys(&mut self, dice: &mut Dice) {
        if self.plant == Some(Plant::RevokedReadsOn) {
            return;
        }
        for chain in self.shut_out() {
            self.note_late_records_of_declined(chain);
            for record in self.still_readable(chain) {
                self.renew_key(record, dice);
            }
        }
    }

    /// Whoever goes on for another chain reads what that one read, also what arrives of it later.
    pub(super) fn hand_over(&mut self) {
        let alive =
            |chain: &ChainId| self.register.revocation(*chain).is_none() && self.register.living(*chain) == *chain;
        let living: Vec<ChainId> = self.register.suitcases().map(|one| one.chain).filter(alive).collect();
        for chain in living {
            for before in self.register.ancestors(chain).collect::<Vec<_>>() {
                let of_before = self.ring.writers.iter().filter(|one| one.1 == before).map(|one| one.0);
                let new = of_before.filter(|record| !self.ring.words.contains_key(&(*record, chain)));
                for record in new.collect::<Vec<_>>() {
                    self.grant(record, chain);
                }
            }
        }
    }

    /// Closes what suitcases said they gave up, unless it was granted or taken back since.
    pub(super) fn close_given_up(&mut self) {
        for (chain, heard, records) in std::mem::take(&mut self.ring_mut().gave_up) {
            for record in records {
                if self.ring.writers.contains(&(record, chain))
                    && self.ring.words.get(&(record, chain)).map_or(0, |word| word.arrival) < heard
                {
                    self.close_grant(record, chain, true);
                }
            }
        }
    }
}
