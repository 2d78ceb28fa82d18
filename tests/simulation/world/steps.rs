//! What may happen in one step.

use super::community::{DAY, a_key};
use super::keep::{Keep, segments};
use super::network::{Letter, What};
use super::peer::Peer;
use super::sealed::{Key, Own, SHARED, act, act_of};
use super::{LATER, START, World};
use crate::dice::Dice;
use crate::invariants::{self, Violation};
use ::hub::store::MemoryStore;
use chain::{Draft, Fact, Header, Kind, Offered, Segment, Standing, Verified, limits};
use ids::{ChainId, RecordId};

/// One year, ms.
const YEAR: i64 = 365 * DAY;

impl World {
    pub(super) fn step(&mut self) -> Result<(), Violation> {
        self.now += self.dice.below(120_000) as i64;
        self.misfortunes();
        let number = self.dice.below(self.peers.len());
        let full = self.happens(|weather| weather.disks) && self.dice.happens(300);
        self.hub.set_full(full);
        if self.happens(|weather| weather.by_hand) {
            self.by_hand(number)?;
        }
        match self.dice.below(100) {
            0..30 => self.record(number),
            30..55 => self.send(number),
            55..88 => {
                self.deliver()?;
                self.deliver()?;
            }
            88..92 => self.meet(number),
            92..95 => self.grant(number),
            95..97 => self.make_room(number, 300)?,
            97 => self.end_shift(number)?,
            _ => self.hub.back_up(),
        }
        self.hub.set_full(false);
        self.check()
    }

    /// After each step, whatever it was.
    pub(super) fn check(&mut self) -> Result<(), Violation> {
        let touched = std::mem::take(&mut self.touched);
        invariants::check_step(self, &touched)
    }

    fn happens(&mut self, chance: impl Fn(&crate::weather::Weather) -> u64) -> bool {
        let chance = chance(&self.weather);
        chance > 0 && self.dice.happens(chance)
    }

    fn misfortunes(&mut self) {
        if self.happens(|weather| weather.crashes) {
            self.crash();
        }
        if self.happens(|weather| weather.hub_restores) {
            self.hub_goes_back();
        }
        if self.happens(|weather| weather.images) {
            self.image_or_restore();
        }
        if self.happens(|weather| weather.clones) {
            self.double();
        }
        if self.happens(|weather| weather.destroyed) {
            let number = self.a_suitcase();
            self.peers[number].alive = false;
        }
        if self.happens(|weather| weather.clocks) {
            self.set_a_clock();
        }
        if self.happens(|weather| weather.revocations) {
            self.revoke();
        }
        if self.happens(|weather| weather.erasures) {
            self.erase();
        }
        if self.happens(|weather| weather.desks) {
            self.desk_comes_back();
        }
        if self.happens(|weather| weather.rotations) {
            self.rotate();
        }
        if self.happens(|weather| weather.hostile) {
            self.offend();
        }
        if self.happens(|weather| weather.later) {
            self.be_of_a_later_version();
        }
    }

    /// Any suitcase, of whatever community.
    pub(super) fn a_suitcase(&mut self) -> usize {
        let suitcases: Vec<usize> =
            (0..self.peers.len()).filter(|number| !self.peers[*number].disk.live.is_desk).collect();
        suitcases[self.dice.below(suitcases.len())]
    }

    /// An officer, or the desk, does something.
    pub(super) fn record(&mut self, number: usize) {
        for _ in 0..1 + self.dice.below(3) {
            self.acts += 1;
            let Some(record) = self.a_record(number) else { continue };
            let padding = [4, 40, 400][self.dice.below(3)];
            self.act(number, record, padding);
        }
        match self.dice.below(20) {
            0..2 => {
                let centre = self.peers[number].disk.live.centre_key();
                self.write(number, Own::Other.draft(centre));
            }
            2..4 => self.peers[number].lock(),
            4..8 if !self.peers[number].disk.live.is_desk => {
                let records: Vec<_> = self.peers[number].disk.live.ring.records().into_iter().collect();
                if let Some(record) = records.get(self.dice.below(records.len())).copied() {
                    self.let_it(number, |peer| peer.begin_form(record));
                }
            }
            _ => {}
        }
    }

    /// What somebody writes about: what was everybody's, what is here, or somebody new.
    fn a_record(&mut self, number: usize) -> Option<RecordId> {
        let mut new = self.dice.bytes();
        let store = &self.peers[number].disk.live;
        // Nobody goes on with what is known to be erased; who does not know it yet does.
        let known: Vec<RecordId> =
            if store.is_desk { store.ring.read().collect() } else { store.ring.records().into_iter().collect() };
        let here: Vec<RecordId> = known.into_iter().filter(|one| !store.register.is_erased(*one)).collect();
        let shared: Vec<RecordId> = here.iter().filter(|one| one.as_bytes()[0] < SHARED).copied().collect();
        let few = here.len() - shared.len() < 5;
        match self.dice.below(100) {
            0..45 => shared.get(self.dice.below(shared.len())).copied(),
            45..60 if few => {
                new[0] |= 0x40;
                Some(RecordId::from_bytes(new))
            }
            _ => here.get(self.dice.below(here.len())).copied(),
        }
    }

    fn act(&mut self, number: usize, record: RecordId, padding: usize) {
        if !self.peers[number].alive {
            return;
        }
        let act = (self.acts, padding);
        let dice = &mut Dice::new(self.dice.number());
        if let Some(Some(written)) = self.let_it(number, |peer| peer.act(record, act, dice)) {
            self.ledger.called_saved(number, &written);
        }
    }

    fn send(&mut self, number: usize) {
        let peer = &mut self.peers[number];
        let patient = peer.waits() || peer.courier.wait(self.now as u64) > 0;
        if !peer.alive || patient && self.dice.happens(800) {
            return;
        }
        self.post(number);
    }

    fn deliver(&mut self) -> Result<(), Violation> {
        let Some(letter) = self.network.arrival(&mut self.dice) else { return Ok(()) };
        self.arrive(letter)
    }

    /// The hub, or a peer, ends and starts again.
    fn crash(&mut self) {
        let number = self.dice.below(self.peers.len() + 1);
        match self.peers.get_mut(number) {
            Some(peer) => {
                peer.crash();
                self.touched.insert(number);
            }
            None => self.hub.crash(),
        }
    }

    /// The hub is restored from an older copy, or its disk is new.
    fn hub_goes_back(&mut self) {
        // What the hub and the desk lose together is lost, and nobody can say what it was.
        if self.peers.iter().any(|peer| !peer.disk.live.may_write()) {
            return;
        }
        self.note_registers();
        let marked = self.dice.happens(500) || self.weather.hub_clock;
        if self.hub.copies.is_empty() || self.dice.happens(200) {
            self.hub.restore(MemoryStore::new(), false);
        } else {
            let copy = self.hub.copies[self.dice.below(self.hub.copies.len())].copy();
            self.hub.restore(copy, marked);
        }
        self.ledger.hub_restored();
        self.hub_life += 1;
    }

    /// What the hub holds of the registers somebody may have read.
    fn note_registers(&mut self) {
        for desk in self.peers.iter().map(|peer| peer.disk.saved()).filter(|store| store.is_desk) {
            for (one, ..) in desk.register.desks() {
                let held = self.hub.held(&desk.community, one.register, 0).0.seq;
                let had = self.hub_had.entry(one.register).or_default();
                *had = held.max(*had);
            }
        }
    }

    /// A suitcase's disk is copied, or put back to such a copy.
    fn image_or_restore(&mut self) {
        let number = self.a_suitcase();
        let peer = &mut self.peers[number];
        if !peer.alive {
            return;
        }
        if peer.images.is_empty() || self.dice.happens(500) {
            peer.images.push(peer.disk.saved().clone());
            return;
        }
        let image = peer.images[self.dice.below(peer.images.len())].clone();
        self.ledger.peer_restored(number, &image);
        let marked = self.dice.happens(500);
        peer.restore(image, marked, self.now as u64, &mut self.dice);
        self.touched.insert(number);
        self.note(number);
    }

    /// A disk is put into a second laptop, and both go on.
    fn double(&mut self) {
        let number = self.a_suitcase();
        let peer = &mut self.peers[number];
        if !peer.alive || self.counts.clones > 2 {
            return;
        }
        peer.unaware = true;
        let mut store = peer.disk.saved().clone();
        store.number = self.peers.len();
        self.ledger.doubled(number, store.number);
        let mut twin = Peer::new(store);
        twin.unaware = true;
        self.peers.push(twin);
        self.counts.clones += 1;
    }

    /// A clock jumps, or time passes.
    fn set_a_clock(&mut self) {
        let by = [60_000, DAY, YEAR, 10 * YEAR][self.dice.below(4)];
        let by = if self.dice.happens(500) { by } else { -by };
        match self.dice.below(4) {
            0 => self.now += (1 + self.dice.below(40)) as i64 * DAY,
            1 if self.weather.hub_clock => self.hub.skew = by.max(START - self.now),
            _ => {
                let number = self.dice.below(self.peers.len());
                self.peers[number].skew = by;
            }
        }
        self.counts.clocks += 1;
    }

    /// The centre revokes a suitcase that is in somebody's hands, or nobody's.
    fn revoke(&mut self) {
        let number = self.a_suitcase();
        let (desk, chain) = (self.desk_of(number), self.peers[number].disk.live.writes);
        let time = self.peers[desk].clock(self.now as u64);
        if self.peers[desk].disk.live.register.suitcase(chain).is_some() {
            self.let_it(desk, |peer| peer.revoke(chain, time));
            self.counts.revoked += 1;
        }
    }

    /// The centre erases somebody: a record, and one of the keys that were written of it.
    fn erase(&mut self) {
        let number = self.a_suitcase();
        let desk = self.desk_of(number);
        let Some(record) = self.a_record_of(desk) else { return };
        self.let_it(desk, |peer| peer.order_to_erase(record));
        self.counts.erasures += 1;
    }

    /// Something that a desk has read.
    fn a_record_of(&mut self, desk: usize) -> Option<RecordId> {
        let records: Vec<_> = self.peers[desk].disk.live.ring.read().collect();
        records.get(self.dice.below(records.len())).copied()
    }

    /// One suitcase gives another a piece of its chain to bring along.
    fn meet(&mut self, number: usize) {
        let other = self.a_suitcase();
        let (from, to) = (&self.peers[other], &self.peers[number]);
        let strangers = from.disk.live.community.tenant != to.disk.live.community.tenant;
        if other == number || !from.alive || !to.alive || strangers {
            return;
        }
        let store = &from.disk.live;
        let mut entries = store.keep.from(store.writes, store.dialogue.unsent_from(store.writes));
        entries.drain(..self.dice.below(entries.len() + 1));
        entries.truncate(1 + self.dice.below(entries.len() + 1));
        for segment in segments(&entries) {
            self.let_it(number, |peer| peer.carry(segment));
        }
    }

    /// The centre lets a suitcase read a record, or no longer.
    fn grant(&mut self, number: usize) {
        let (desk, open) = (self.desk_of(number), self.dice.happens(600));
        let (Some(record), reader) = (self.a_record_of(desk), self.peers[number].disk.live.writes) else { return };
        let live = self.peers[desk].disk.live.register.standing(reader, self.now) == Standing::Live;
        if number != desk && live {
            let dice = &mut Dice::new(self.dice.number());
            self.let_it(desk, |peer| peer.grant(record, reader, open, dice));
        }
    }

    /// A suitcase gives up what it does not need.
    pub(super) fn make_room(&mut self, number: usize, of_the_rest: u64) -> Result<(), Violation> {
        let peer = &self.peers[number];
        if !peer.alive || peer.disk.live.is_desk {
            return Ok(());
        }
        let before = peer.disk.saved().clone();
        let dice = &mut Dice::new(self.dice.number());
        let Some(gone) = self.let_it(number, |peer| peer.make_room(of_the_rest, dice)) else { return Ok(()) };
        self.counts.given_up += gone.len();
        invariants::check_room(self, &before, &gone)
    }

    /// The desk is put back from an old copy, or lost and made again from the kit and the hub.
    fn desk_comes_back(&mut self) {
        let number = self.a_suitcase();
        let desk = self.desk_of(number);
        let peer = &mut self.peers[desk];
        match self.dice.below(4) {
            0 | 1 => peer.images.push(peer.disk.saved().clone()),
            2 if !peer.images.is_empty() && self.hub_has_the_centre(desk) => {
                self.forget_what_nobody_saw(desk);
                let peer = &mut self.peers[desk];
                let copy = peer.images[self.dice.below(peer.images.len())].clone();
                self.ledger.peer_restored(desk, &copy);
                peer.restore_desk(copy);
                self.counts.desk_copies += 1;
            }
            3 if self.hub_has_the_centre(desk) => self.rebuild_desk(desk),
            _ => {}
        }
        self.touched.insert(desk);
        self.note(desk);
    }

    /// The drawer with the kit is opened when the hub is whole: what both lost is lost.
    pub(super) fn hub_has_the_centre(&self, desk: usize) -> bool {
        let store = self.peers[desk].disk.saved();
        let held = |chain| self.hub.held(&store.community, chain, 0).0.seq >= store.dialogue.unsent_from(chain) - 1;
        let whole = |chain| self.hub.held(&store.community, chain, 0).0.seq >= store.keep.end(chain).seq;
        // Behind the end that the next desk names nothing counts that somebody read before the hub lost it.
        let had = |register| self.hub_had.get(&register).copied().unwrap_or(0);
        let has_again = |register| self.hub.held(&store.community, register, 0).0.seq >= had(register);
        let mut predecessors = store.register.desks().map(|(desk, ..)| desk).filter(|desk| desk.case != store.writes);
        store.may_write()
            && store.own().into_iter().all(held)
            && store.register.desks().all(|(desk, ..)| has_again(desk.register))
            && predecessors.all(|desk| whole(desk.register) && whole(desk.case))
            && store.own().into_iter().all(|chain| store.dialogue.unsent_from(chain) > 1)
    }

    /// What a desk wrote and nobody was told: under way no more when somebody sits down and puts the desk back.
    fn forget_what_nobody_saw(&mut self, desk: usize) {
        self.network.drop_of(desk);
        let store = self.peers[desk].disk.saved();
        for chain in store.own() {
            let held = self.hub.held(&store.community, chain, 0).0.seq;
            self.ledger.nobody_saw(chain, held + 1);
        }
    }

    /// The hub lost it, and another branch of the chain keeps it from taking it again: the desk's pages show that, as long as
    /// there is this desk.
    fn lose_what_the_desk_alone_shows(&mut self, desk: usize) {
        let store = self.peers[desk].disk.saved();
        let shown = store.keep.entries().filter(|entry| store.shown.contains_key(&entry.place.chain));
        let at_hub = |entry: &Verified| {
            self.hub.held(&store.community, entry.place.chain, entry.place.seq).1 == Some(entry.hash)
        };
        let others = || self.peers.iter().filter(|peer| peer.alive).map(|peer| peer.disk.saved());
        let elsewhere = |entry: &Verified| others().any(|other| other.number != store.number && other.holds(entry));
        let alone = shown.filter(|entry| !at_hub(entry) && !elsewhere(entry)).filter_map(|entry| act_of(entry));
        for act in alone.collect::<Vec<_>>() {
            self.owed.remove(&act);
        }
    }

    pub(super) fn rebuild_desk(&mut self, desk: usize) {
        self.forget_what_nobody_saw(desk);
        self.lose_what_the_desk_alone_shows(desk);
        let dice = &mut Dice::new(self.dice.number());
        self.peers[desk].rebuild_desk(&self.hub, dice);
        self.peers[desk].images.clear();
        let store = self.peers[desk].disk.saved().clone();
        self.ledger.peer_restored(desk, &store);
        self.ledger.centres.extend(store.own());
        self.counts.kits += 1;
        self.touched.insert(desk);
        self.note(desk);
    }

    /// An officer asks whether anything is left.
    pub(super) fn end_shift(&mut self, number: usize) -> Result<(), Violation> {
        let peer = &self.peers[number];
        if !peer.alive || peer.disk.live.is_desk {
            return Ok(());
        }
        let Ok(over) = peer.end_of_shift() else { return Ok(()) };
        self.counts.shifts += 1;
        self.counts.reborn_shifts += usize::from(!peer.disk.live.ends.is_empty());
        invariants::check_shift(self, number, &over)
    }

    /// Somebody who takes part, or does not, writes what is not theirs to write.
    fn offend(&mut self) {
        let (number, other) = (self.a_suitcase(), self.a_suitcase());
        let peer = &self.peers[number];
        let (own, victim) = (peer.disk.live.writes, self.peers[other].disk.live.writes);
        if !peer.alive || peer.disk.live.community.tenant != self.peers[other].disk.live.community.tenant {
            return;
        }
        self.counts.forgeries += 1;
        let desk = self.desk_of(number);
        let record = self.a_record_of(desk);
        // What it writes about a record that it was told to erase lies on its own disk alone: that says nothing of the programs.
        let register = &self.peers[number].disk.live.register;
        let erased = |record: &RecordId| register.is_erased(*record);
        let record = record.filter(|record| !erased(record));
        let presume =
            |kind, record, peer| Draft { header: Header { kind, record, peer, after: None }, body: vec![7; 80] };
        match self.dice.below(5) {
            // Grants itself a record, speaks as the centre, publishes.
            0 if record.is_some() => self.write(number, presume(Kind::GRANT, record, Some(own))),
            1 => self.write(number, presume(Kind::TO, None, Some(victim))),
            2 => self.write(number, presume(Kind::REGISTER, None, None)),
            3 => {
                let (pieces, author) = &self.stranger;
                let (piece, author) = (pieces[self.dice.below(pieces.len())].clone(), *author);
                if self.peers[number].disk.live.community.tenant == self.communities[0].tenant {
                    self.let_it(number, |peer| peer.carry_unknown(piece, &author));
                }
            }
            _ => self.forge(number, victim),
        }
    }

    /// Entries of another's chain under a key of one's own: to the hub, and to a suitcase that carries.
    fn forge(&mut self, number: usize, victim: ChainId) {
        let store = &self.peers[number].disk.live;
        let forged = forgery(&store.keep, victim, &a_key(&mut self.dice));
        let offered = Offered { segments: forged.clone(), heads: Vec::new() };
        let request = store.dialogue.compose(store.community.tenant, store.writes, offered, limits::BUDGET);
        let bytes = request.encode(&store.key);
        self.network.post(Letter { peer: number, what: What::Request, bytes });
        let to = self.a_suitcase();
        if self.peers[to].alive && self.peers[to].disk.live.writes != victim {
            for segment in forged {
                self.let_it(to, |peer| peer.carry(segment));
            }
        }
    }

    /// Somebody has a later version of the program, or the centre has.
    fn be_of_a_later_version(&mut self) {
        let number = self.dice.below(self.peers.len());
        let reader = Some(self.peers[self.dice.below(self.peers.len())].disk.live.writes);
        let kind = Kind::from_code(LATER + self.dice.below(9) as u8).unwrap_or(Kind::OWN);
        self.counts.later += 1;
        let is_desk = self.peers[number].disk.live.is_desk;
        if is_desk && self.dice.happens(500) {
            self.let_it(number, |peer| peer.publish(&Fact::Later(77)));
            return;
        }
        let peer = reader.filter(|_| is_desk);
        self.write(number, Draft { header: Header { kind, record: None, peer, after: None }, body: vec![9; 30] });
    }
}

/// Three entries behind what is held of a chain, by somebody who is not its author.
fn forgery(keep: &Keep, victim: ChainId, key: &signing::SigningKey) -> Vec<Segment> {
    let mut keep = keep.clone();
    let forged: Vec<_> = (0..3).map(|number| keep.append(victim, a_forged_act(u64::MAX - 100 - number), key)).collect();
    segments(&forged)
}

fn a_forged_act(number: u64) -> Draft {
    act(RecordId::from_bytes([3; 16]), number, (1, Key(0)), 8)
}
