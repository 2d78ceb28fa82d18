//! Between two suitcases on one local network: letters are handed over to be carried, answers are collected. The
//! connection itself shows who is who (TLS with the certified keys), so nothing here is signed again: a letter is signed
//! by its sender, an answer by the hub.
//!
//! | handover | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | letters whose answers are in the sender's hands: they need not be kept | count, then hash 32 each |
//! | letters that were handed over before: what became of them? | count, then hash 32 each |
//! | letters to carry | count, then bytes each |
//!
//! | answer to a handover | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | one for each letter asked about, then for each handed over | count, then each: code; with code 0 the answer's bytes |

use crate::limits;
use signing::Hash;
use signing::canonical::{DecodeError, Reader, Writer};

/// What a suitcase says to the one that carries for it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Handover {
    /// Need not be kept any more.
    pub collected: Vec<Hash>,
    /// What became of these?
    pub asked: Vec<Hash>,
    /// To be carried.
    pub letters: Vec<Vec<u8>>,
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The hub's answer.
    Answered(Vec<u8>),
    /// It is kept until the hub is reached.
    Kept,
    /// It is not here.
    Unknown,
    /// As much of this sender is kept as may be.
    Full,
    /// It is no letter of this sender.
    Refused,
    /// It is of a later version than the carrier reads, which cannot look whose it is.
    Later,
    /// Of a later version; it has no further fields. Nobody carries the letter for all that is known.
    Other(u8),
}

fn expect_version(r: &mut Reader<'_>) -> Result<(), DecodeError> {
    match r.u8()? {
        1 => Ok(()),
        other => Err(DecodeError::Unknown(other)),
    }
}

fn hashes(r: &mut Reader<'_>) -> Result<Vec<Hash>, DecodeError> {
    let count = r.count_to(limits::KEPT_LETTERS)?;
    (0..count).map(|_| Ok(Hash(r.fixed()?))).collect()
}

impl Handover {
    /// All bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1);
        for hashes in [&self.collected, &self.asked] {
            w.count(hashes.len() as u64);
            hashes.iter().for_each(|hash| {
                w.fixed(&hash.0);
            });
        }
        w.count(self.letters.len() as u64);
        self.letters.iter().for_each(|letter| {
            w.bytes(letter);
        });
        w.finish()
    }

    /// Reads what [`Handover::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > limits::CARRIAGE {
            return Err(DecodeError::TooLong);
        }
        let mut r = Reader::new(bytes);
        expect_version(&mut r)?;
        let (collected, asked) = (hashes(&mut r)?, hashes(&mut r)?);
        let count = r.count_to(limits::CARRIAGE_LETTERS)?;
        let letters = (0..count).map(|_| Ok(r.bytes(limits::MESSAGE)?.to_vec())).collect::<Result<_, DecodeError>>()?;
        r.end()?;
        Ok(Self { collected, asked, letters })
    }
}

impl Fate {
    /// A list of them.
    pub fn encode_all(fates: &[Self]) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1).count(fates.len() as u64);
        for fate in fates {
            match fate {
                Self::Answered(bytes) => w.u8(0).bytes(bytes),
                Self::Kept => w.u8(1),
                Self::Unknown => w.u8(2),
                Self::Full => w.u8(3),
                Self::Refused => w.u8(4),
                Self::Later => w.u8(5),
                Self::Other(code) => w.u8(*code),
            };
        }
        w.finish()
    }

    /// Reads what [`Fate::encode_all`] wrote.
    pub fn decode_all(bytes: &[u8]) -> Result<Vec<Self>, DecodeError> {
        if bytes.len() > limits::CARRIAGE_ANSWER {
            return Err(DecodeError::TooLong);
        }
        let mut r = Reader::new(bytes);
        expect_version(&mut r)?;
        let count = r.count_to(limits::KEPT_LETTERS + limits::CARRIAGE_LETTERS)?;
        let fate = |r: &mut Reader<'_>| match r.u8()? {
            0 => Ok(Self::Answered(r.bytes(limits::MESSAGE)?.to_vec())),
            1 => Ok(Self::Kept),
            2 => Ok(Self::Unknown),
            3 => Ok(Self::Full),
            4 => Ok(Self::Refused),
            5 => Ok(Self::Later),
            other => Ok(Self::Other(other)),
        };
        let fates = (0..count).map(|_| fate(&mut r)).collect::<Result<_, _>>()?;
        r.end()?;
        Ok(fates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_over_is_read_back_and_every_cut_is_noticed() {
        let handover =
            Handover { collected: vec![Hash([1; 32])], asked: vec![Hash([2; 32]); 2], letters: vec![vec![3; 100]] };
        let bytes = handover.encode();
        assert_eq!(Handover::decode(&bytes), Ok(handover));
        assert!((0..bytes.len()).all(|cut| Handover::decode(&bytes[..cut]).is_err()));
        assert_eq!(Handover::decode(&[&bytes[..], &[0]].concat()), Err(DecodeError::Trailing));
        let fates = [Fate::Answered(vec![4; 50]), Fate::Kept, Fate::Unknown, Fate::Full, Fate::Refused];
        let bytes = Fate::encode_all(&fates);
        assert_eq!(Fate::decode_all(&bytes).unwrap(), fates);
        assert!((0..bytes.len()).all(|cut| Fate::decode_all(&bytes[..cut]).is_err()));
        let later = [1, 2, 200, 1];
        assert_eq!(Fate::decode_all(&later).unwrap(), [Fate::Other(200), Fate::Kept], "nothing beside it is lost");
        assert_eq!(Fate::encode_all(&[Fate::Other(200), Fate::Kept]), later);
    }

    #[test]
    fn flipped_bytes_are_refused_or_read_as_something_of_the_same_size() {
        let handover = Handover { asked: vec![Hash([2; 32])], letters: vec![vec![3; 40]; 2], ..Handover::default() };
        let bytes = handover.encode();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                if let Ok(read) = Handover::decode(&flipped) {
                    assert_eq!(read.encode(), flipped, "one spelling: byte {at}");
                }
            }
        }
    }

    #[test]
    fn no_more_than_the_limits() {
        let many = Handover { asked: vec![Hash([0; 32]); limits::KEPT_LETTERS + 1], ..Handover::default() };
        assert_eq!(Handover::decode(&many.encode()), Err(DecodeError::TooLong));
        let many = Handover { letters: vec![Vec::new(); limits::CARRIAGE_LETTERS + 1], ..Handover::default() };
        assert_eq!(Handover::decode(&many.encode()), Err(DecodeError::TooLong));
        assert_eq!(Handover::decode(&vec![1; limits::CARRIAGE + 1]), Err(DecodeError::TooLong));
    }
}
