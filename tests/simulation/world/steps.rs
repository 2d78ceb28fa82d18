//! What may happen in one step.

use super::community::{DAY, a_key};
use super::desk::revocation;
use super::keep::{Keep, segments};
use super::network::{Letter, What};
use super::peer::{Peer, act};
use super::{LATER, START, World};
use crate::invariants::{self, Violation};
use ::hub::store::MemoryStore;
use chain::{Draft, Fact, Header, Kind, Offered, Segment, limits};
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
            88..94 => self.meet(number),
            94..97 => self.grant(number),
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
    fn record(&mut self, number: usize) {
        for _ in 0..1 + self.dice.below(3) {
            self.acts += 1;
            // Some records are everybody's, others the suitcase's own.
            let shared = self.dice.happens(600);
            let record = if shared { self.dice.below(4) } else { 20 + number % 200 };
            let padding = [4, 40, 400][self.dice.below(3)];
            let draft = act(record as u8, self.acts, padding);
            let known = &self.peers[number].disk.live.register;
            // Nobody goes on with what is known to be erased; who does not know it yet does.
            if !draft.header.record.is_some_and(|record| known.is_erased(record)) {
                self.write(number, draft);
            }
        }
        if self.dice.happens(200) {
            // The keys of some records, sealed to the centre.
            let header = Header { kind: Kind::OWN, record: None, peer: None, after: None };
            self.write(number, Draft { header, body: vec![5; 90] });
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
            self.let_it(desk, |peer| peer.publish(&revocation(chain, time)));
            self.counts.revoked += 1;
        }
    }

    /// The centre erases somebody: a record, and one of the keys that were written of it.
    fn erase(&mut self) {
        let number = self.a_suitcase();
        let desk = self.desk_of(number);
        let own = 20 + number % 200;
        let record = if self.dice.happens(500) { self.dice.below(4) } else { own };
        let store = &self.peers[desk].disk.live;
        let own = store.keep.entries().filter(|entry| entry.entry.header.kind == Kind::OWN);
        let keys: Vec<_> = own.map(|entry| (entry.place.chain, entry.place.seq)).collect();
        let key = keys.get(self.dice.below(keys.len() + 1)).copied();
        let record = RecordId::from_bytes([record as u8; 16]);
        self.let_it(desk, |peer| peer.order_to_erase(record, key));
        self.counts.erasures += 1;
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
        let (desk, open) = (self.desk_of(number), self.dice.happens(850));
        let (record, reader) = (self.dice.below(4) as u8, self.peers[number].disk.live.writes);
        let erased = self.peers[desk].disk.live.register.is_erased(RecordId::from_bytes([record; 16]));
        if number != desk && !erased {
            self.let_it(desk, |peer| peer.grant(record, reader, open));
        }
    }

    /// An officer asks whether anything is left.
    pub(super) fn end_shift(&mut self, number: usize) -> Result<(), Violation> {
        let peer = &self.peers[number];
        if !peer.alive || peer.disk.live.is_desk {
            return Ok(());
        }
        let Some(over) = peer.end_of_shift() else { return Ok(()) };
        self.counts.shifts += 1;
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
        let record = Some(RecordId::from_bytes([self.dice.below(4) as u8; 16]));
        let presume =
            |kind, record, peer| Draft { header: Header { kind, record, peer, after: None }, body: vec![7; 80] };
        match self.dice.below(5) {
            // Grants itself a record, speaks as the centre, publishes.
            0 => self.write(number, presume(Kind::GRANT, record, Some(own))),
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
    let forged: Vec<_> = (0..3).map(|number| keep.append(victim, act(3, u64::MAX - 100 - number, 8), key)).collect();
    segments(&forged)
}
