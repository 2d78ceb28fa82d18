//! One file on a stick: a piece of a message, sealed to who is to read it. All files are of one length, and their names
//! are random, so they tell neither who wrote nor how much.
//!
//! | file, 262 144 bytes | bytes |
//! |---|---|
//! | `VALIZA`, 0, version = 1 | 8 |
//! | sealed to one reader, suite 1 ([`sealing::seal_to`]); context `valiza/1/stick`, bound to the 8 bytes before | 262 136 |
//!
//! | inside the seal, 262 087 bytes | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | way: 1 up to the centre, 2 down from it | 1 |
//! | whose chain: up the sender's, down the recipient's | 16 |
//! | hash of the letter; down: of the one that is answered | 32 |
//! | hash of the whole message | 32 |
//! | number of this piece, from 0; how many there are | 2, 2 |
//! | length of this piece | 4 |
//! | the piece, then zeros | 261 997 |

use ids::ChainId;
use sealing::{AgreementSecret, Entropy, OpenError, SealError, open_from, seal_to};
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{AgreementPublicKey, Hash, Label};
use zeroize::Zeroizing;

/// Bytes of every file.
pub const FILE: usize = 256 * 1024;
/// Pieces of the longest message.
pub const PIECES: u16 = 64;
/// Bytes of a message in one piece.
pub const ROOM: usize = PLAIN - HEAD;

const CLEAR: &[u8; 8] = b"VALIZA\0\x01";
const CONTEXT: &[u8] = b"valiza/1/stick";
/// What sealing adds: suite, encapsulated key, tag.
const SEAL: usize = 1 + 32 + 16;
/// Bytes inside the seal.
pub const PLAIN: usize = FILE - CLEAR.len() - SEAL;
/// Bytes before the piece itself.
pub const HEAD: usize = 1 + 1 + 16 + 32 + 32 + 2 + 2 + 4;

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// A letter to the centre.
    Up,
    /// An answer from it.
    Down,
}

/// What a piece says of the message it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Envelope {
    /// Up or down.
    pub way: Way,
    /// Up the sender's chain, down the recipient's.
    pub party: ChainId,
    /// The letter; down, the one that is answered.
    pub letter: Hash,
    /// Of the whole message's bytes.
    pub message: Hash,
}

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Of which message.
    pub envelope: Envelope,
    /// From 0.
    pub number: u16,
    /// Of so many.
    pub of: u16,
    /// Its part of the message.
    pub bytes: Vec<u8>,
}

/// What a file is to somebody who tries keys on it.
#[derive(Debug, PartialEq, Eq)]
pub enum Tried {
    /// For us.
    Piece(Piece),
    /// A file of ours in form; none of the keys opens it: for somebody else, or damaged inside.
    NotForUs,
    /// No file of a stick, or cut.
    Damaged,
    /// Of a later version of this program.
    Later,
}

/// The hash by which pieces of one message are known.
pub fn message_hash(bytes: &[u8]) -> Hash {
    Hash::of(Label::StickMessage, bytes)
}

/// Cuts a message into pieces. `None` if it is longer than [`PIECES`] hold.
pub fn cut(way: Way, party: ChainId, letter: Hash, message: &[u8]) -> Option<Vec<Piece>> {
    let of = u16::try_from(message.len().div_ceil(ROOM).max(1)).ok().filter(|of| *of <= PIECES)?;
    let envelope = Envelope { way, party, letter, message: message_hash(message) };
    let part = |number: u16| {
        let from = usize::from(number) * ROOM;
        message[from..(from + ROOM).min(message.len())].to_vec()
    };
    Some((0..of).map(|number| Piece { envelope, number, of, bytes: part(number) }).collect())
}

impl Piece {
    /// What is sealed, of one length whatever is in it.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut w = Writer::with_capacity(PLAIN);
        let Envelope { way, party, letter, message } = &self.envelope;
        w.u8(1).u8(match way {
            Way::Up => 1,
            Way::Down => 2,
        });
        w.fixed(party.as_bytes()).fixed(&letter.0).fixed(&message.0).u16(self.number).u16(self.of);
        w.u32(self.bytes.len() as u32).fixed(&self.bytes);
        let mut bytes = Zeroizing::new(w.finish());
        bytes.resize(PLAIN, 0);
        bytes
    }

    /// Reads what [`Piece::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        match r.u8()? {
            1 => {}
            other => return Err(DecodeError::Unknown(other)),
        }
        let way = match r.u8()? {
            1 => Way::Up,
            2 => Way::Down,
            other => return Err(DecodeError::Unknown(other)),
        };
        let envelope = Envelope {
            way,
            party: ChainId::from_bytes(r.fixed()?),
            letter: Hash(r.fixed()?),
            message: Hash(r.fixed()?),
        };
        let (number, of, length) = (r.u16()?, r.u16()?, r.u32()? as usize);
        // Every piece but the last is full: a message has one way to be cut.
        let is_last = number.checked_add(1) == Some(of);
        if number >= of || of > PIECES || length > ROOM || (!is_last && length != ROOM) {
            return Err(DecodeError::NotCanonical);
        }
        let piece = r.slice(length)?.to_vec();
        if bytes.len() != PLAIN || r.slice(r.left())?.iter().any(|byte| *byte != 0) {
            return Err(DecodeError::NotCanonical);
        }
        Ok(Self { envelope, number, of, bytes: piece })
    }

    /// The bytes of the file.
    pub fn seal(&self, to: &AgreementPublicKey, entropy: &mut dyn Entropy) -> Result<Vec<u8>, SealError> {
        let sealed = seal_to(to, CONTEXT, CLEAR, &self.encode(), entropy)?;
        Ok([&CLEAR[..], &sealed].concat())
    }

    /// Tries keys on a file.
    pub fn open(file: &[u8], secrets: &[AgreementSecret]) -> Tried {
        let Some((clear, sealed)) = file.split_first_chunk::<8>().filter(|_| file.len() == FILE) else {
            return Tried::Damaged;
        };
        if clear[..7] != CLEAR[..7] {
            return Tried::Damaged;
        }
        if clear[7] != CLEAR[7] {
            return Tried::Later;
        }
        for secret in secrets {
            match open_from(secret, CONTEXT, clear, sealed) {
                Ok(plain) => {
                    return match Self::decode(&Zeroizing::new(plain)) {
                        Ok(piece) => Tried::Piece(piece),
                        Err(DecodeError::Unknown(_)) => Tried::Later,
                        Err(_) => Tried::Damaged,
                    };
                }
                Err(OpenError::UnknownSuite(_)) => return Tried::Later,
                Err(_) => {}
            }
        }
        Tried::NotForUs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealing::SeededEntropy;

    fn piece(length: usize) -> Piece {
        let message = vec![7; length];
        cut(Way::Up, ChainId::from_bytes([2; 16]), Hash([3; 32]), &message).unwrap().remove(0)
    }

    #[test]
    fn a_message_is_cut_and_its_files_look_alike() {
        let mut entropy = SeededEntropy::new(7);
        let secret = AgreementSecret::generate(&mut entropy);
        let message: Vec<u8> = (0..2 * ROOM + 5).map(|n| n as u8).collect();
        let pieces = cut(Way::Down, ChainId::from_bytes([2; 16]), Hash([3; 32]), &message).unwrap();
        assert_eq!(pieces.iter().map(|piece| piece.bytes.len()).collect::<Vec<_>>(), [ROOM, ROOM, 5]);
        let files: Vec<Vec<u8>> = pieces.iter().map(|p| p.seal(&secret.public(), &mut entropy).unwrap()).collect();
        let nothing = piece(0).seal(&secret.public(), &mut entropy).unwrap();
        assert!(files.iter().chain([&nothing]).all(|file| file.len() == FILE && file[..8] == *CLEAR));
        let whole: Vec<u8> = files
            .iter()
            .zip(&pieces)
            .flat_map(|(file, piece)| match Piece::open(file, std::slice::from_ref(&secret)) {
                Tried::Piece(opened) => {
                    assert_eq!(opened, *piece);
                    opened.bytes
                }
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(whole == message && message_hash(&whole) == pieces[0].envelope.message);
        assert!(cut(Way::Up, ChainId::from_bytes([2; 16]), Hash([3; 32]), &vec![0; ROOM * 64 + 1]).is_none());
    }

    #[test]
    fn whatever_happens_to_a_file_it_is_said_and_never_read() {
        let mut entropy = SeededEntropy::new(8);
        let (secret, other) = (AgreementSecret::generate(&mut entropy), AgreementSecret::generate(&mut entropy));
        let file = piece(100).seal(&secret.public(), &mut entropy).unwrap();
        assert_eq!(Piece::open(&file, &[other]), Tried::NotForUs);
        let keys = [secret];
        // The head and the seal byte by byte, the rest by samples.
        for at in (0..200).chain((200..FILE).step_by(9_973)).chain([FILE - 1]) {
            let mut flipped = file.clone();
            flipped[at] ^= 0x10;
            let tried = Piece::open(&flipped, &keys);
            let expected = match at {
                0..=6 => Tried::Damaged,
                7 | 8 => Tried::Later,
                _ => Tried::NotForUs,
            };
            assert_eq!(tried, expected, "byte {at}");
        }
        for length in [0, 1, 8, 9, 4096, FILE - 1] {
            assert_eq!(Piece::open(&file[..length], &keys), Tried::Damaged, "length {length}");
        }
        assert_eq!(Piece::open(&[&file[..], &[0]].concat(), &keys), Tried::Damaged);
        assert!(matches!(Piece::open(&file, &keys), Tried::Piece(_)));
    }

    #[test]
    fn what_stands_inside_the_seal_has_one_spelling() {
        let good = piece(100).encode();
        assert_eq!(Piece::decode(&good).unwrap(), piece(100));
        let changed = |at: usize, to: u8| {
            let mut bytes = good.to_vec();
            bytes[at] = to;
            Piece::decode(&bytes)
        };
        let (number, of, length) = (82, 84, 86);
        assert!(changed(0, 2).is_err() && changed(1, 3).is_err());
        assert!(changed(number + 1, 1).is_err(), "beyond the last");
        assert!(changed(of + 1, 0).is_err() && changed(of, 1).is_err(), "none, and too many");
        assert!(changed(of + 1, 2).is_err(), "not full and not the last");
        assert!(changed(length, 0xff).is_err(), "longer than the file");
        assert!(changed(PLAIN - 1, 1).is_err(), "something behind the piece");
        for cut in [0, 1, 50, 89, 90, 100, PLAIN - 1] {
            assert!(Piece::decode(&good[..cut]).is_err(), "length {cut}");
        }
    }
}
