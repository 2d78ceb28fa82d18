//! A network that loses, repeats, reorders, cuts and damages what is posted.

use crate::dice::Dice;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum What {
    Request,
    Answer,
}

/// From or to a peer; the other end is the hub.
#[derive(Clone)]
pub struct Letter {
    pub peer: usize,
    pub what: What,
    pub bytes: Vec<u8>,
}

pub struct Network {
    letters: Vec<Letter>,
    lost: u64,
    repeated: u64,
    cut: u64,
    damaged: u64,
}

impl Network {
    pub fn new(dice: &mut Dice) -> Self {
        let mut chance = || [0, 20, 100, 250][dice.below(4)];
        Self { letters: Vec::new(), lost: chance(), repeated: chance(), cut: chance(), damaged: chance() }
    }

    pub fn post(&mut self, letter: Letter) {
        self.letters.push(letter);
    }

    /// Nothing of this peer's is under way any more.
    pub fn drop_of(&mut self, peer: usize) {
        self.letters.retain(|letter| letter.peer != peer);
    }

    /// Any letter that is under way, if one arrives at all.
    pub fn arrival(&mut self, dice: &mut Dice) -> Option<Letter> {
        if self.letters.is_empty() {
            return None;
        }
        let mut letter = self.letters.swap_remove(dice.below(self.letters.len()));
        if dice.happens(self.repeated) {
            self.letters.push(letter.clone());
        }
        if dice.happens(self.lost) {
            return None;
        }
        let place = dice.below(letter.bytes.len());
        if dice.happens(self.cut) {
            letter.bytes.truncate(place);
        } else if dice.happens(self.damaged)
            && let Some(byte) = letter.bytes.get_mut(place)
        {
            *byte ^= 1 << dice.below(8);
        }
        Some(letter)
    }

    /// The first letter that was posted, untouched.
    pub fn next(&mut self) -> Option<Letter> {
        if self.letters.is_empty() { None } else { Some(self.letters.remove(0)) }
    }
}
