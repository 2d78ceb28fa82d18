//! Small facts in `own` entries, sealed to the centre, and messages in `to` entries, sealed to one peer.
//!
//! Fact: version = 1, code, fields.
//!
//! | code | fact | fields |
//! |---|---|---|
//! | 1 | epoch | epoch 16, epoch key 32, reception key 32, officer (text), device time 8 |
//! | 2 | lock | officer (text), device time 8 |
//! | 3 | clock jump | wall before 8, wall after 8 |
//! | 4 | voided number | number (text), reason (text) |
//! | 5 | release taken | number `u32`, digest 32 |
//! | 6 | release refused | number `u32`, digest 32, why (text) |
//! | 9 | named anchors | anchors that own entries name: count, then each (bytes) |
//! | 10 | state | device time 8, program (text), release `u32`, clock ahead of the hub's 8 ms with its option byte, waiting entries (count), their bytes (count), drafts (count), requests made so far (count), officers: count, then login and name (texts) each, officer now (text) |
//! | 11 | recovery | vault 16, the code sealed to the centre (bytes), spent `u8`: 1 if it replaces one that was used |
//! | 12 | opened with the centre's words | whose passphrase is another one now (text), device time 8 |
//! | 13 | adopted: own entries that parted from the chain before a rebirth | that chain 16, count, then of each: its number there (count), hash 32, the number of the change that it became here (count, 0 for none), the sealed fact it was (bytes, empty for a change) |
//! | 14 | kept keys: single keys of records that were made in an epoch which is dropped, or whose desk has new keys | count, then of each: record 16, generation `u32`, key 32 |
//! | 15 | given up: keys and rows of these records are no longer here | device time 8, why `u8` (1 old, 2 taken back by the centre, 3 by hand), count, then 16 each |
//! | 16 | told again: facts of other entries, whose key goes | count, then of each: chain 16, its number there (count), the fact (bytes) |
//! | 17 | taken in: entries of others that the centre took in, so that a desk made again judges them no second time | count, then runs of each: chain 16, first number (count), last number (count), the last one's hash 32 |
//! | 64–255 | of the program that writes the chain | bytes |
//!
//! Message: version = 1, code (1 = verdict), bytes.

use crate::store::forgotten::Why;
use chain::{Anchor, Link, Verdict};
use ids::{ChainId, EpochId, RecordId};
use sealing::{EpochKey, RecordKey};
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{AgreementPublicKey, Hash, Secret};
use zeroize::Zeroizing;

const NAME: usize = 64;
/// Anchors that one fact tells.
pub(crate) const ANCHORS: usize = 100;
const SENTENCE: usize = chain::limits::SENTENCE;

/// What an author tells the centre about itself.
#[derive(Debug)]
pub enum OwnFact {
    /// An unlock: the key of the records made from now on, and the newest reception key.
    Epoch {
        /// Names it.
        epoch: EpochId,
        /// Record keys are derived from it.
        key: EpochKey,
        /// Grants and messages are sealed to it.
        reception: AgreementPublicKey,
        /// Whose slot was open.
        officer: String,
        /// Device time, ms since 1970.
        at: i64,
    },
    /// The vault was locked.
    Lock {
        /// Whose slot was open.
        officer: String,
        /// Device time, ms since 1970.
        at: i64,
    },
    /// The wall clock was set, or the laptop slept.
    ClockJump {
        /// What it would have said, ms since 1970.
        before: i64,
        /// What it says.
        after: i64,
    },
    /// A receipt number that was printed and is not valid.
    VoidedNumber {
        /// As printed.
        number: String,
        /// Why.
        reason: String,
    },
    /// A release of the catalogue is here, whole and verified.
    ReleaseTaken {
        /// Its number.
        number: u32,
        /// Its digest.
        digest: Hash,
    },
    /// A release of the catalogue came and was not taken.
    ReleaseRefused {
        /// The number it claims.
        number: u32,
        /// The digest it claims.
        digest: Hash,
        /// Why, in words.
        reason: String,
    },
    /// Anchors that own entries name: what was written after each was written not before its time. Only who wrote the
    /// chain has them, and whoever shows the chain to others needs them.
    NamedAnchors(Vec<Anchor>),
    /// How a suitcase stands, by its own word.
    State(Box<StateOfPeer>),
    /// The code that opens the vault once, for the centre to read out by telephone.
    Recovery {
        /// Which vault.
        vault: [u8; 16],
        /// [`sealing::RecoveryCode`], sealed to the centre.
        sealed: Vec<u8>,
        /// It replaces one that was used.
        spent: bool,
    },
    /// The vault was opened with the centre's words, which gave an officer another passphrase.
    Recovered {
        /// Whose it is.
        officer: String,
        /// Device time, ms since 1970.
        at: i64,
    },
    /// Own entries that another life of the same disk has no part in: they were written again after a rebirth.
    Adopted {
        /// The chain they stood in.
        chain: ChainId,
        /// In their order.
        entries: Vec<Adopted>,
    },
    /// Single keys, with their generations, of records that were made in an epoch which is dropped: see [`crate::Split`].
    KeptKeys(Vec<(RecordId, u32, RecordKey)>),
    /// Facts that other entries told, sealed to a key that goes: see [`crate::Peer::rotate`].
    ToldAgain(Vec<ToldAgain>),
    /// Keys and rows of these records are no longer on the suitcase.
    Forgotten {
        /// Device time, ms since 1970.
        at: i64,
        /// Why.
        why: Why,
        /// Which, at most 1,000.
        records: Vec<RecordId>,
    },
    /// A case chain: entries of others that the centre took in, at most 500 runs.
    TakenIn(Vec<Run>),
    /// A fact of the program above: its code (64 and more) and bytes.
    Other(u8, Vec<u8>),
}

/// One entry that was written again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// Its number in the chain before.
    pub seq: u64,
    /// Its hash there.
    pub hash: Hash,
    /// The number of the change that it became; 0 if it was none, or changed nothing.
    pub became: u64,
    /// The fact that it was, sealed to the centre for its old place; empty for a change.
    pub sealed: Vec<u8>,
}

/// A fact as the entry at a place told it.
pub struct ToldAgain {
    /// In which chain.
    pub chain: ChainId,
    /// Its number there.
    pub seq: u64,
    /// [`OwnFact::encode`]; an epoch's key is zeros where its records' keys are kept one by one.
    pub plain: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for ToldAgain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ToldAgain({} № {})", self.chain, self.seq)
    }
}

/// Entries of a chain without a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Whose.
    pub chain: ChainId,
    /// The first number.
    pub first: u64,
    /// The last one, and the hash there.
    pub last: Link,
}

/// Runs that one fact tells of: some 29 kB.
pub(crate) const RUNS: usize = 500;
/// Facts that one fact tells again.
const TOLD_AGAIN: usize = 1_000;

/// Records that one fact tells of.
pub(crate) const FORGOTTEN: usize = 1_000;

/// Entries that one fact tells of.
pub(crate) const ADOPTED: usize = 200;
/// Keys that one fact keeps: with their records some 26 kB.
pub(crate) const KEPT_KEYS: usize = 500;

/// How a suitcase stands, by its own word: what the desk's list of suitcases shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StateOfPeer {
    /// Device time, ms since 1970.
    pub at: i64,
    /// The program's version: «0.1.0».
    pub program: String,
    /// The catalogue's release in force.
    pub release: u32,
    /// By how much the laptop's clock was ahead of the hub's at the last contact, ms; `None` before the first.
    pub clock_ahead: Option<i64>,
    /// Own entries that waited to be sent, this one not counted.
    pub waiting_entries: u64,
    /// Their bytes.
    pub waiting_bytes: u64,
    /// Drafts, which never leave the laptop.
    pub drafts: u64,
    /// Requests that this suitcase has made so far.
    pub requests: u64,
    /// Who has a slot: login and full name.
    pub officers: Vec<(String, String)>,
    /// Whose slot was open.
    pub officer: String,
}

/// More officers do not share a suitcase.
const OFFICERS: usize = 32;

impl StateOfPeer {
    fn write(&self, w: &mut Writer) {
        w.i64(self.at).text(&self.program).u32(self.release);
        w.option(self.clock_ahead, |w, ahead| {
            w.i64(ahead);
        });
        w.count(self.waiting_entries).count(self.waiting_bytes).count(self.drafts).count(self.requests);
        w.count(self.officers.len().min(OFFICERS) as u64);
        for (login, name) in self.officers.iter().take(OFFICERS) {
            w.text(cut(login, NAME)).text(cut(name, SENTENCE));
        }
        w.text(cut(&self.officer, NAME));
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (at, program, release) = (r.i64()?, r.text(NAME)?.to_owned(), r.u32()?);
        let clock_ahead = r.option(|r| r.i64())?;
        let [waiting_entries, waiting_bytes, drafts, requests] = [r.count()?, r.count()?, r.count()?, r.count()?];
        let count = r.count_to(OFFICERS)?;
        let officer = |r: &mut Reader<'_>| Ok((r.text(NAME)?.to_owned(), r.text(SENTENCE)?.to_owned()));
        let officers = (0..count).map(|_| officer(r)).collect::<Result<_, DecodeError>>()?;
        Ok(Self {
            at,
            program,
            release,
            clock_ahead,
            waiting_entries,
            waiting_bytes,
            drafts,
            requests,
            officers,
            officer: r.text(NAME)?.to_owned(),
        })
    }
}

/// At most so many bytes, whole characters.
fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

impl OwnFact {
    /// What is sealed. Wiped when dropped: an epoch holds a key.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut w = Writer::with_capacity(256);
        w.u8(1);
        match self {
            Self::Epoch { epoch, key, reception, officer, at } => {
                w.u8(1).fixed(epoch.as_bytes()).fixed(key.expose()).fixed(&reception.0).text(officer).i64(*at)
            }
            Self::Lock { officer, at } => w.u8(2).text(officer).i64(*at),
            Self::ClockJump { before, after } => w.u8(3).i64(*before).i64(*after),
            Self::VoidedNumber { number, reason } => w.u8(4).text(number).text(reason),
            Self::ReleaseTaken { number, digest } => w.u8(5).u32(*number).fixed(&digest.0),
            Self::ReleaseRefused { number, digest, reason } => {
                w.u8(6).u32(*number).fixed(&digest.0).text(cut(reason, SENTENCE))
            }
            Self::NamedAnchors(anchors) => {
                w.u8(9).count(anchors.len() as u64);
                for anchor in anchors {
                    w.bytes(&anchor.encode());
                }
                &mut w
            }
            Self::State(state) => {
                state.write(w.u8(10));
                &mut w
            }
            Self::Recovery { vault, sealed, spent } => w.u8(11).fixed(vault).bytes(sealed).u8(u8::from(*spent)),
            Self::Recovered { officer, at } => w.u8(12).text(officer).i64(*at),
            Self::Adopted { chain, entries } => {
                w.u8(13).fixed(chain.as_bytes()).count(entries.len() as u64);
                for one in entries {
                    w.count(one.seq).fixed(&one.hash.0).count(one.became).bytes(&one.sealed);
                }
                &mut w
            }
            Self::KeptKeys(keys) => {
                w.u8(14).count(keys.len() as u64);
                for (record, generation, key) in keys {
                    w.fixed(record.as_bytes()).u32(*generation).fixed(key.expose());
                }
                &mut w
            }
            Self::ToldAgain(told) => {
                w.u8(16).count(told.len() as u64);
                for one in told {
                    w.fixed(one.chain.as_bytes()).count(one.seq).bytes(&one.plain);
                }
                &mut w
            }
            Self::Forgotten { at, why, records } => {
                w.u8(15).i64(*at).u8(*why as u8).count(records.len() as u64);
                for record in records {
                    w.fixed(record.as_bytes());
                }
                &mut w
            }
            Self::TakenIn(runs) => {
                w.u8(17).count(runs.len() as u64);
                for Run { chain, first, last } in runs {
                    w.fixed(chain.as_bytes()).count(*first).count(last.seq).fixed(&last.hash.0);
                }
                &mut w
            }
            Self::Other(code, bytes) => w.u8(*code).bytes(bytes),
        };
        Zeroizing::new(w.finish())
    }

    /// Reads what [`OwnFact::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        expect_version(&mut r)?;
        let fact = match r.u8()? {
            1 => Self::Epoch {
                epoch: EpochId::from_bytes(r.fixed()?),
                key: EpochKey::from_bytes(Secret::new(r.fixed()?)),
                reception: AgreementPublicKey(r.fixed()?),
                officer: r.text(NAME)?.to_owned(),
                at: r.i64()?,
            },
            2 => Self::Lock { officer: r.text(NAME)?.to_owned(), at: r.i64()? },
            3 => Self::ClockJump { before: r.i64()?, after: r.i64()? },
            4 => Self::VoidedNumber { number: r.text(NAME)?.to_owned(), reason: r.text(SENTENCE)?.to_owned() },
            5 => Self::ReleaseTaken { number: r.u32()?, digest: Hash(r.fixed()?) },
            6 => Self::ReleaseRefused {
                number: r.u32()?,
                digest: Hash(r.fixed()?),
                reason: r.text(SENTENCE)?.to_owned(),
            },
            9 => {
                let count = r.count_to(ANCHORS)?;
                let anchor = |r: &mut Reader<'_>| Anchor::decode(r.bytes(512)?);
                Self::NamedAnchors((0..count).map(|_| anchor(&mut r)).collect::<Result<_, _>>()?)
            }
            10 => Self::State(Box::new(StateOfPeer::read(&mut r)?)),
            11 => Self::Recovery { vault: r.fixed()?, sealed: r.bytes(NAME * 4)?.to_vec(), spent: flag(&mut r)? },
            12 => Self::Recovered { officer: r.text(NAME)?.to_owned(), at: r.i64()? },
            13 => {
                let (chain, count) = (ChainId::from_bytes(r.fixed()?), r.count_to(ADOPTED)?);
                let read = |r: &mut Reader<'_>| {
                    let (seq, hash, became) = (r.count()?, Hash(r.fixed()?), r.count()?);
                    Ok(Adopted { seq, hash, became, sealed: r.bytes(chain::limits::BODY)?.to_vec() })
                };
                Self::Adopted { chain, entries: (0..count).map(|_| read(&mut r)).collect::<Result<_, DecodeError>>()? }
            }
            14 => {
                let count = r.count_to(KEPT_KEYS)?;
                let key = |r: &mut Reader<'_>| {
                    let (record, generation) = (RecordId::from_bytes(r.fixed()?), r.u32()?);
                    Ok((record, generation, RecordKey::from_bytes(Secret::new(r.fixed()?))))
                };
                Self::KeptKeys((0..count).map(|_| key(&mut r)).collect::<Result<_, DecodeError>>()?)
            }
            15 => {
                let (at, why) = (r.i64()?, r.u8()?);
                let why = Why::from_code(why).ok_or(DecodeError::Unknown(why))?;
                let count = r.count_to(FORGOTTEN)?;
                let records = (0..count).map(|_| Ok(RecordId::from_bytes(r.fixed()?)));
                Self::Forgotten { at, why, records: records.collect::<Result<_, DecodeError>>()? }
            }
            16 => {
                let count = r.count_to(TOLD_AGAIN)?;
                let told = |r: &mut Reader<'_>| {
                    let (chain, seq) = (ChainId::from_bytes(r.fixed()?), r.count()?);
                    Ok(ToldAgain { chain, seq, plain: Zeroizing::new(r.bytes(chain::limits::BODY)?.to_vec()) })
                };
                Self::ToldAgain((0..count).map(|_| told(&mut r)).collect::<Result<_, DecodeError>>()?)
            }
            17 => {
                let count = r.count_to(RUNS)?;
                let run = |r: &mut Reader<'_>| {
                    let (chain, first) = (ChainId::from_bytes(r.fixed()?), r.count()?);
                    Ok(Run { chain, first, last: Link { seq: r.count()?, hash: Hash(r.fixed()?) } })
                };
                Self::TakenIn((0..count).map(|_| run(&mut r)).collect::<Result<_, DecodeError>>()?)
            }
            code @ 64.. => Self::Other(code, r.bytes(chain::limits::BODY)?.to_vec()),
            code => return Err(DecodeError::Unknown(code)),
        };
        r.end()?;
        Ok(fact)
    }
}

/// What the centre tells one peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// What became of its entries.
    Verdict(Verdict),
}

impl Message {
    /// What is sealed.
    pub fn encode(&self) -> Vec<u8> {
        let Self::Verdict(verdict) = self;
        let mut w = Writer::new();
        w.u8(1).u8(1).bytes(&verdict.encode());
        w.finish()
    }

    /// Reads what [`Message::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        expect_version(&mut r)?;
        let message = match r.u8()? {
            1 => Self::Verdict(Verdict::decode(r.bytes(chain::limits::BODY)?)?),
            code => return Err(DecodeError::Unknown(code)),
        };
        r.end()?;
        Ok(message)
    }
}

/// 0 or 1 and nothing else: one spelling for each value.
fn flag(r: &mut Reader<'_>) -> Result<bool, DecodeError> {
    match r.u8()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(DecodeError::NotCanonical),
    }
}

fn expect_version(r: &mut Reader<'_>) -> Result<(), DecodeError> {
    match r.u8()? {
        1 => Ok(()),
        other => Err(DecodeError::Unknown(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> StateOfPeer {
        StateOfPeer {
            at: 1_795_255_200_000,
            program: "0.1.0".into(),
            release: 3,
            clock_ahead: Some(-90_000),
            waiting_entries: 5,
            waiting_bytes: 4_321,
            drafts: 2,
            requests: 130,
            officers: vec![("olena".into(), "Шевчук Олена Іванівна".into()), ("ivan".into(), String::new())],
            officer: "olena".into(),
        }
    }

    #[test]
    fn a_state_and_a_recovery_code_are_read_back_and_no_cut_makes_a_panic() {
        let recovery = OwnFact::Recovery { vault: [4; 16], sealed: vec![7; 80], spent: true };
        let recovered = OwnFact::Recovered { officer: "olena".into(), at: 258 };
        assert_eq!(recovered.encode()[..], *b"\x01\x0c\x05olena\0\0\0\0\0\0\x01\x02");
        let one =
            |seq, became, sealed: &[u8]| Adopted { seq, hash: Hash([seq as u8; 32]), became, sealed: sealed.to_vec() };
        let entries = vec![one(7, 0, b"sealed"), one(8, 3, b"")];
        let adopted = OwnFact::Adopted { chain: ChainId::from_bytes([2; 16]), entries };
        let link = chain::Link { seq: 7, hash: Hash([5; 32]) };
        let (tenant, lineage) = (ids::TenantId::from_bytes([1; 16]), ids::LineageId::from_bytes([2; 16]));
        let key = signing::SigningKey::from_seed(&Secret::new([3; 32]));
        let anchor = Anchor::sign(tenant, lineage, ids::ChainId::from_bytes([4; 16]), link, 9, &key);
        let anchors = OwnFact::NamedAnchors(vec![anchor; 2]);
        assert_eq!(anchors.encode()[..5], [1, 9, 2, 0xc1, 1]);
        let key = || RecordKey::from_bytes(Secret::new([6; 32]));
        let keys = OwnFact::KeptKeys(vec![(RecordId::from_bytes([9; 16]), 258, key())]);
        let parts: [&[u8]; 4] = [&[1, 14, 1], &[9; 16], &[0, 0, 1, 2], &[6; 32]];
        assert_eq!(keys.encode()[..], parts.concat());
        let records = vec![RecordId::from_bytes([6; 16]); 2];
        let forgotten = OwnFact::Forgotten { at: 258, why: Why::ByHand, records };
        assert_eq!(forgotten.encode()[..12], *b"\x01\x0f\0\0\0\0\0\0\x01\x02\x03\x02");
        let last = chain::Link { seq: 130, hash: Hash([5; 32]) };
        let taken_in = OwnFact::TakenIn(vec![Run { chain: ChainId::from_bytes([2; 16]), first: 3, last }]);
        let parts: [&[u8]; 4] = [&[1, 17, 1], &[2; 16], &[3, 0x82, 1], &[5; 32]];
        assert_eq!(taken_in.encode()[..], parts.concat());
        for fact in
            [OwnFact::State(Box::new(state())), recovery, recovered, adopted, anchors, keys, forgotten, taken_in]
        {
            let bytes = fact.encode();
            assert_eq!(format!("{:?}", OwnFact::decode(&bytes).unwrap()), format!("{fact:?}"));
            assert!((0..bytes.len()).all(|end| OwnFact::decode(&bytes[..end]).is_err()));
        }
    }

    #[test]
    fn a_truth_value_has_one_spelling() {
        let mut bytes = OwnFact::Recovery { vault: [4; 16], sealed: vec![7; 80], spent: true }.encode().to_vec();
        *bytes.last_mut().unwrap() = 0x42;
        assert!(matches!(OwnFact::decode(&bytes), Err(DecodeError::NotCanonical)));
    }

    #[test]
    fn what_became_of_a_release_is_read_back_and_a_long_reason_is_cut() {
        let taken = OwnFact::ReleaseTaken { number: 258, digest: Hash([7; 32]) };
        assert_eq!(taken.encode()[..], [&[1, 5, 0, 0, 1, 2][..], &[7; 32]].concat());
        let reason = "ї".repeat(400);
        let refused = OwnFact::ReleaseRefused { number: 3, digest: Hash([8; 32]), reason };
        let bytes = refused.encode();
        let OwnFact::ReleaseRefused { number, reason, .. } = OwnFact::decode(&bytes).unwrap() else { panic!() };
        assert_eq!((number, reason.len()), (3, SENTENCE));
        assert!((0..bytes.len()).all(|end| OwnFact::decode(&bytes[..end]).is_err()));
    }

    #[test]
    fn the_first_bytes_of_a_state_are_the_documented_ones() {
        let bytes = OwnFact::State(Box::new(StateOfPeer { at: 258, program: "0".into(), ..state() })).encode();
        assert_eq!(bytes[..18], *b"\x01\x0a\0\0\0\0\0\0\x01\x02\x010\0\0\0\x03\x01\xff");
    }

    #[test]
    fn names_longer_than_a_reader_takes_are_cut_where_they_are_written() {
        let long = StateOfPeer { officers: vec![("ї".repeat(60), "я".repeat(600)); 40], ..state() };
        let OwnFact::State(read) = OwnFact::decode(&OwnFact::State(Box::new(long)).encode()).unwrap() else { panic!() };
        assert_eq!((read.officers.len(), read.officers[0].0.len(), read.officers[0].1.len()), (32, 64, 600));
    }
}
