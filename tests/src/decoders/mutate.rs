//! Changes of bytes as an attacker makes them, by seed.

use crate::invented::Dice;

/// Spellings of lengths and counts that lie.
const COUNTS: [&[u8]; 8] = [
    &[0],
    &[1],
    &[0x7f],
    &[0x80, 0x01],
    &[0xff, 0xff, 0x03],
    &[0xff, 0xff, 0xff, 0xff, 0x0f],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    &[0x80, 0x00],
];

/// Up to four changes: bits turned, bytes put over others, runs cut, doubled, moved, put in from another message,
/// counts that lie, the end cut off.
pub fn mutated(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    for _ in 0..=dice.below(4) {
        change(&mut changed, other, dice);
    }
    changed
}

fn change(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    let to = (at + 1 + dice.below(40)).min(bytes.len());
    match dice.below(9) {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = *dice.pick(&[0, 1, 0x7f, 0x80, 0xff]);
            }
        }
        2 => bytes.truncate(at),
        3 => {
            let run = bytes[at..to].to_vec();
            bytes.splice(at..at, run);
        }
        4 => {
            bytes.drain(at..to);
        }
        5 => {
            let count = COUNTS[dice.below(COUNTS.len())];
            let over = (at + dice.below(count.len() + 1)).min(bytes.len());
            bytes.splice(at..over, count.iter().copied());
        }
        6 => {
            let from = dice.below(other.len() + 1);
            let until = (from + 1 + dice.below(64)).min(other.len());
            bytes.splice(at..to, other[from..until].iter().copied());
        }
        7 => {
            let run: Vec<u8> = bytes.drain(at..to).collect();
            let place = dice.below(bytes.len() + 1);
            bytes.splice(place..place, run);
        }
        _ => {
            let noise: [u8; 8] = dice.bytes();
            bytes.splice(at..to.min(at + 8), noise);
        }
    }
}
