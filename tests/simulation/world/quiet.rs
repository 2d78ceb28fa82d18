//! The quiet day: faults stop, and within a few rounds everything must be where it belongs.

use super::World;
use super::network::What;
use super::peer::Peer;
use super::peer::store::CatchingUp;
use crate::invariants::{self, TALK_ENDS, Violation};
use chain::{Fact, RefusalCode};

/// Rounds in which each peer talks until it has nothing left to say.
const ROUNDS: usize = 8;
/// Exchanges in one round; a courier that was cut often sends single entries.
const EXCHANGES: usize = 600;

impl World {
    pub(super) fn quiet_day(&mut self) -> Result<(), Violation> {
        (self.hub.skew, self.weather.disks, self.calm) = (0, 0, true);
        self.peers.iter_mut().for_each(|peer| peer.skew = 0);
        while let Some(letter) = self.network.next() {
            self.arrive(letter)?;
        }
        self.peers.iter_mut().filter(|peer| peer.alive).for_each(Peer::crash);
        self.hub.crash();
        self.touched.extend(0..self.peers.len());
        self.check()?;
        if self.weather.outdated {
            return self.nobody_talks();
        }
        self.owed = invariants::acts_alive(self);
        self.settle_down()?;
        self.end_rotations()?;
        if self.counts.destroyed > 0 && self.dice.happens(700) {
            self.try_the_kit()?;
        }
        self.end_all_shifts()?;
        self.check_all()
    }

    /// Everybody talks, until everything is where it belongs.
    pub(super) fn settle_down(&mut self) -> Result<(), Violation> {
        let mut unsettled = None;
        for _ in 0..ROUNDS {
            for number in 0..self.peers.len() {
                self.talk(number)?;
                self.open_the_drawer(number)?;
            }
            for number in 0..self.peers.len() {
                self.make_room(number, 0)?;
            }
            match invariants::check_quiet_day(self) {
                Ok(()) => return Ok(()),
                Err(violation) => unsettled = Some(violation),
            }
        }
        let Violation { invariant, what } = unsettled.expect("a round at least");
        Err(Violation { invariant, what: format!("after {ROUNDS} quiet rounds: {what}") })
    }

    /// A desk that cannot learn any more what came after its copy is made again from the kit.
    fn open_the_drawer(&mut self, number: usize) -> Result<(), Violation> {
        if self.peers[number].disk.live.may_write() {
            return Ok(());
        }
        self.rebuild_desk(number);
        self.talk(number)
    }

    /// The officers ask, before they go home.
    fn end_all_shifts(&mut self) -> Result<(), Violation> {
        for number in 0..self.peers.len() {
            self.end_shift(number)?;
        }
        Ok(())
    }

    fn check_all(&mut self) -> Result<(), Violation> {
        self.touched.extend(0..self.peers.len());
        self.check()
    }

    /// One peer talks to the hub over a good line until both have nothing new.
    pub(super) fn talk(&mut self, number: usize) -> Result<(), Violation> {
        for _ in 0..EXCHANGES {
            if !self.peers[number].alive {
                return Ok(());
            }
            self.now += 1_000;
            let before = self.peers[number].disk.saved().dialogue.cursor;
            self.peers[number].courier.hurry();
            self.post(number);
            while let Some(letter) = self.network.next() {
                self.arrive(letter)?;
            }
            self.check()?;
            let moved = self.peers[number].disk.saved().dialogue.cursor != before;
            let reads = self.peers[number].disk.saved().catching_up == Some(CatchingUp::Kit);
            if !moved && !reads && self.peers[number].is_quiet() {
                return Ok(());
            }
        }
        let (invariant, _) = TALK_ENDS;
        Err(Violation { invariant, what: format!("peer {number} talks for ever") })
    }

    /// The register asks for a protocol that this hub does not speak: everybody is told so, and nothing is lost.
    fn nobody_talks(&mut self) -> Result<(), Violation> {
        self.counts.outdated += 1;
        for desk in (0..self.peers.len()).filter(|number| self.peers[*number].disk.live.is_desk).collect::<Vec<_>>() {
            self.talk(desk)?;
            self.open_the_drawer(desk)?;
            self.let_it(desk, |peer| peer.publish(&Fact::Minimum { protocol: 2, suite: 1 }));
            for number in 0..self.peers.len() {
                if self.peers[number].alive && self.desk_of(number) == desk {
                    self.is_told(number)?;
                    // Whoever is too old goes on recording, and loses nothing of it.
                    self.record(number);
                    self.is_told(number)?;
                }
            }
        }
        self.check_all()
    }

    fn is_told(&mut self, number: usize) -> Result<(), Violation> {
        for _ in 0..EXCHANGES {
            self.now += 1_000;
            self.peers[number].courier.hurry();
            self.post(number);
            while let Some(letter) = self.network.next() {
                let told = letter.what == What::Answer && self.refuses_protocol(number, &letter.bytes);
                self.arrive(letter)?;
                if told {
                    return self.check();
                }
            }
        }
        let what = format!("peer {number} is not told that the hub waits for an upgrade");
        Err(Violation { invariant: "later_waits_for_upgrade", what })
    }

    fn refuses_protocol(&self, number: usize, answer: &[u8]) -> bool {
        let refusals = self.peers[number].refusals_in(answer);
        refusals.iter().any(|refusal| refusal.code == RefusalCode::Protocol)
    }
}
