//! Letters that go by hand: on sticks, which are read late, twice, torn, in another order, or never; and through other
//! suitcases.

use super::World;
use super::peer::Letter;
use crate::invariants::{self, Shown, Violation};
use chain::{Answer, Carriage, CarriageAnswer, Fate, Handover, Request, Undelivered, limits};
use signing::Hash;

/// A stick of one or of several suitcases.
#[derive(Clone, Default)]
pub struct Stick {
    up: Vec<(usize, Letter)>,
    down: Vec<(usize, Letter)>,
}

impl World {
    pub(super) fn by_hand(&mut self, number: usize) -> Result<(), Violation> {
        let stick = self.dice.below(self.sticks.len());
        if !self.peers[number].alive {
            return Ok(());
        }
        let is_desk = self.peers[number].disk.live.is_desk;
        match self.dice.below(10) {
            0 | 1 if !is_desk => self.write_stick(number, stick),
            2..5 if !is_desk => {
                self.read_stick(number, stick);
                Ok(())
            }
            5 | 6 if !is_desk => self.hand_over(number),
            7 if !is_desk => self.run_errand(number),
            8 => {
                // Lost, or another copy of it.
                self.old_sticks.push(std::mem::take(&mut self.sticks[stick]));
                let old = self.dice.below(self.old_sticks.len());
                if self.dice.happens(700) {
                    self.sticks[stick] = self.old_sticks[old].clone();
                }
                Ok(())
            }
            _ => self.bring_stick(self.desk_of(number), stick),
        }
    }

    /// What is on it and still good stays, what was answered goes, what is new is written; maybe it is pulled out early.
    fn write_stick(&mut self, number: usize, stick: usize) -> Result<(), Violation> {
        let before = self.peers[number].disk.saved().keep.entries().count();
        let needed: Vec<Hash> = self.peers[number].disk.live.letters_needed().collect();
        let up = &mut self.sticks[stick].up;
        up.retain(|(from, (hash, bytes))| *from != number || needed.contains(hash) && Request::hash(bytes) == *hash);
        let covered: Vec<Hash> = up.iter().filter(|(from, _)| *from == number).map(|(_, (hash, _))| *hash).collect();
        let now = self.now as u64;
        let Some(mut letters) = self.let_it(number, |peer| peer.write_letters(&covered, now)) else { return Ok(()) };
        if self.dice.happens(150)
            && let Some((_, bytes)) = letters.last_mut()
        {
            bytes.truncate(self.dice.below(bytes.len()));
        }
        self.sticks[stick].up.extend(letters.into_iter().map(|letter| (number, letter)));
        let after = self.peers[number].disk.saved().keep.entries().count();
        invariants::check_export(self, number, (before, after))
    }

    /// At the centre: letters go to the hub, answers onto the stick in the place of earlier ones.
    fn bring_stick(&mut self, desk: usize, stick: usize) -> Result<(), Violation> {
        let tenant = self.peers[desk].disk.live.community.tenant;
        let is_ours = |from: usize| self.peers[from].disk.live.community.tenant == tenant;
        let whole = |(from, (hash, bytes)): &&(usize, Letter)| is_ours(*from) && Request::hash(bytes) == *hash;
        let mut letters: Vec<_> = self.sticks[stick].up.iter().filter(whole).cloned().collect();
        self.shuffle(&mut letters);
        let answers = self.carry(desk, &letters)?;
        let down = &mut self.sticks[stick].down;
        for ((to, (hash, _)), answer) in letters.into_iter().zip(answers) {
            let Ok(answer) = answer else { continue };
            down.retain(|(_, (other, _))| *other != hash);
            down.push((to, (hash, answer)));
        }
        Ok(())
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.dice.below(at + 1));
        }
    }

    /// Letters in a carriage to the hub, again with a new token if the carrier's was stale.
    fn carry(
        &mut self,
        carrier: usize,
        letters: &[(usize, Letter)],
    ) -> Result<Vec<Result<Vec<u8>, Undelivered>>, Violation> {
        let nothing = || letters.iter().map(|_| Err(Undelivered::Store)).collect();
        if letters.is_empty() || self.dice.happens(100) {
            return Ok(nothing());
        }
        let (tenant, chain) = {
            let store = &self.peers[carrier].disk.live;
            (store.community.tenant, store.writes)
        };
        let mut token = self.peers[carrier].disk.live.dialogue.token;
        let asked: Vec<_> =
            letters.iter().map(|(from, (_, bytes))| (*from, self.about_to_answer(*from, bytes), bytes)).collect();
        for _ in 0..2 {
            let all = letters.iter().map(|(_, (_, bytes))| bytes.clone()).collect();
            let carriage = Carriage { tenant, carrier: chain, token, letters: all };
            let bytes = carriage.encode(&self.peers[carrier].disk.live.key);
            let Some(answer) = self.hub.handle_carriage(&bytes, self.now, &mut self.dice) else { return Ok(nothing()) };
            let keys = self.peers[carrier].disk.live.register.hubs();
            let decoded = CarriageAnswer::decode(&answer, &Carriage::hash(&bytes), &keys);
            let Some(Ok(answer)) = decoded else { return Ok(nothing()) };
            if answer.stale {
                token = Some(answer.token);
                continue;
            }
            for ((from, asked, letter), answer) in asked.into_iter().zip(&answer.answers) {
                if let Ok(answer) = answer {
                    self.counts.letters += 1;
                    self.show_by_hand(from, asked, letter, answer)?;
                }
            }
            return Ok(answer.answers);
        }
        Ok(nothing())
    }

    fn show_by_hand(
        &mut self,
        from: usize,
        asked: Option<(Request, bool)>,
        letter: &[u8],
        answer: &[u8],
    ) -> Result<(), Violation> {
        let Some((request, revoked)) = asked else { return Ok(()) };
        let community = self.peers[from].disk.saved().community.clone();
        let keys = [super::hub::keys(community.hub_seed).public()];
        let decoded = Answer::decode(answer, &Request::hash(letter), request.tenant, &keys);
        let Some(Ok((answer, _))) = decoded else { return Ok(()) };
        answer.anchors.iter().for_each(|anchor| self.ledger.gave(anchor));
        let time = self.hub.clock(self.now);
        let shown = Shown { community, request, revoked, by_hand: true, time, answer };
        invariants::check_shown(self, &shown)
    }

    /// Back with its owner: what came for it, in any order; then what is answered is taken away.
    fn read_stick(&mut self, number: usize, stick: usize) {
        let mut mail: Vec<Letter> =
            self.sticks[stick].down.iter().filter(|(to, _)| *to == number).map(|(_, letter)| letter.clone()).collect();
        self.shuffle(&mut mail);
        for (letter, answer) in mail {
            self.take_home(number, letter, &answer);
        }
        let needed: Vec<Hash> = self.peers[number].disk.live.letters_needed().collect();
        self.sticks[stick].up.retain(|(from, (hash, _))| *from != number || needed.contains(hash));
    }

    fn take_home(&mut self, number: usize, letter: Hash, answer: &[u8]) {
        let now = self.now as u64;
        if let Some(Some(news)) = self.let_it(number, |peer| peer.take_letter(letter, answer, now)) {
            self.counts.letters_home += 1;
            self.took(number, &news);
        }
    }

    /// Two suitcases of one community meet: letters there, answers back.
    fn hand_over(&mut self, number: usize) -> Result<(), Violation> {
        let other = self.a_suitcase();
        let (from, to) = (&self.peers[number].disk.live, &self.peers[other].disk.live);
        let knows = to.register.author(from.writes).is_some() && to.register.revocation(from.writes).is_none();
        if other == number || !self.peers[other].alive || from.community.tenant != to.community.tenant || !knows {
            return Ok(());
        }
        let (sender, now) = (from.writes, self.now as u64);
        let before = self.peers[number].disk.saved().keep.entries().count();
        let Some((handover, meant)) = self.let_it(number, |peer| peer.hand_over(now)) else { return Ok(()) };
        let handover = Handover::decode(&handover.encode()).expect("as it was written");
        let told = self.let_it(other, |peer| peer.keep_letters(sender, &handover));
        let after = self.peers[number].disk.saved().keep.entries().count();
        invariants::check_export(self, number, (before, after))?;
        let fates = told.map(|fates| Fate::encode_all(&fates)).unwrap_or_default();
        for (letter, fate) in meant.into_iter().zip(Fate::decode_all(&fates).unwrap_or_default()) {
            if let Fate::Answered(answer) = fate {
                self.take_home(number, letter, &answer);
            }
        }
        Ok(())
    }

    /// A suitcase that reaches the hub brings what it keeps for others.
    fn run_errand(&mut self, number: usize) -> Result<(), Violation> {
        let kept = self.peers[number].disk.live.kept.clone();
        let writers: Vec<_> = self.peers.iter().map(|peer| peer.disk.live.writes).collect();
        let open = kept.into_iter().filter(|(_, (_, _, answer))| answer.is_none());
        let mut letters: Vec<(usize, Letter)> = open
            .filter_map(|(hash, (sender, bytes, _))| {
                Some((writers.iter().position(|chain| *chain == sender)?, (hash, bytes)))
            })
            .take(limits::CARRIAGE_LETTERS)
            .collect();
        self.shuffle(&mut letters);
        let answers = self.carry(number, &letters)?;
        self.let_it(number, |peer| {
            for ((_, (hash, _)), answer) in letters.iter().zip(&answers) {
                let kept = peer.disk.live.kept.get_mut(hash);
                if let (Some(kept), Ok(answer)) = (kept, answer) {
                    kept.2 = Some(answer.clone());
                }
            }
            peer.disk.commit()
        });
        Ok(())
    }
}
