//! «Opened up to n, except these, because»: the centre's answer about content, the body of a `to` entry.
//!
//! | field | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | chain | 16 |
//! | up to: seq, hash | count, 32 |
//! | register: chain, seq, hash of its head as the centre writes this | 16, count, 32 |
//! | exceptions | count, then seq (count), code `u8`, sentence (text) each |

use crate::entry::Link;
use crate::limits;
use ids::ChainId;
use signing::Hash;
use signing::canonical::{DecodeError, Reader, Writer};

/// What the centre decided about one chain since its last verdict about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whose chain.
    pub chain: ChainId,
    /// Up to which entry.
    pub up_to: Link,
    /// The register's head: a suitcase that knows less knows that news were held back.
    pub register: (ChainId, Link),
    /// Entries that are not among the centre's records, each with its reason. All others up to `up_to` are.
    pub exceptions: Vec<Exception>,
}

/// One entry that was not taken among the records. It is kept all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Which entry.
    pub seq: u64,
    /// Why.
    pub code: ExceptionCode,
    /// Why, in the officer's words; may be empty.
    pub sentence: String,
}

/// Why an entry is kept but not among the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExceptionCode {
    /// The seal does not open: damaged before it was signed, or sealed with a key the centre does not have.
    Unopened,
    /// The change is not of the form that Valiza writes.
    Gate,
    /// Of a later version: waits for an upgrade of the centre.
    LaterVersion,
    /// Came from a revoked suitcase: a person accepts or declines it.
    Quarantined,
    /// The author may not change this record, or it was decided before: kept as a proposal.
    Proposal,
    /// The entry's own signature does not verify.
    Signature,
    /// The centre knows another entry with this number, or one that follows another entry: two branches of one chain.
    /// Both are kept; whoever writes the chain opens a new one.
    Fork,
    /// No exception any more: what was named before is among the records now.
    TakenLater,
    /// The record was erased by an order of the register: the body is dropped wherever it comes.
    Erased,
    /// A reason of a later version: the entry is not among the records. Kept as it came.
    Other(u8),
}

impl ExceptionCode {
    /// Its code on the wire and in a store.
    pub const fn code(self) -> u8 {
        match self {
            Self::Unopened => 1,
            Self::Gate => 2,
            Self::LaterVersion => 3,
            Self::Quarantined => 4,
            Self::Proposal => 5,
            Self::Signature => 6,
            Self::Fork => 7,
            Self::TakenLater => 8,
            Self::Erased => 9,
            Self::Other(code) => code,
        }
    }

    /// From its code. One of a later version is [`ExceptionCode::Other`]; 0 is none, and 255 stands for «not judged» in
    /// an evidence file and is no exception's either.
    pub const fn from_code(code: u8) -> Result<Self, DecodeError> {
        Ok(match code {
            1 => Self::Unopened,
            2 => Self::Gate,
            3 => Self::LaterVersion,
            4 => Self::Quarantined,
            5 => Self::Proposal,
            6 => Self::Signature,
            7 => Self::Fork,
            8 => Self::TakenLater,
            9 => Self::Erased,
            0 | 255 => return Err(DecodeError::Unknown(code)),
            other => Self::Other(other),
        })
    }
}

pub(crate) fn write_link(w: &mut Writer, link: &Link) {
    w.count(link.seq).fixed(&link.hash.0);
}

/// A number of an entry, at most [`limits::SEQ`]: whoever counts on from it does not come to an end.
pub(crate) fn read_seq(r: &mut Reader<'_>) -> Result<u64, DecodeError> {
    below_limit(r.count()?)
}

/// The same of a number that was read otherwise.
pub(crate) fn below_limit(seq: u64) -> Result<u64, DecodeError> {
    if seq <= limits::SEQ { Ok(seq) } else { Err(DecodeError::TooLong) }
}

pub(crate) fn read_link(r: &mut Reader<'_>) -> Result<Link, DecodeError> {
    Ok(Link { seq: read_seq(r)?, hash: Hash(r.fixed()?) })
}

impl Verdict {
    /// The body before it is sealed. At most [`limits::VERDICT_EXCEPTIONS`] exceptions; give several verdicts for more.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1).fixed(self.chain.as_bytes());
        write_link(&mut w, &self.up_to);
        w.fixed(self.register.0.as_bytes());
        write_link(&mut w, &self.register.1);
        w.count(self.exceptions.len() as u64);
        for exception in &self.exceptions {
            w.count(exception.seq).u8(exception.code.code()).text(&exception.sentence);
        }
        w.finish()
    }

    /// Reads what [`Verdict::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        match r.u8()? {
            1 => {}
            other => return Err(DecodeError::Unknown(other)),
        }
        let chain = ChainId::from_bytes(r.fixed()?);
        let up_to = read_link(&mut r)?;
        let register = (ChainId::from_bytes(r.fixed()?), read_link(&mut r)?);
        let count = r.count_to(limits::VERDICT_EXCEPTIONS)?;
        let read = |r: &mut Reader<'_>| {
            Ok(Exception {
                seq: r.count()?,
                code: ExceptionCode::from_code(r.u8()?)?,
                sentence: r.text(limits::SENTENCE)?.to_owned(),
            })
        };
        let exceptions = (0..count).map(|_| read(&mut r)).collect::<Result<_, _>>()?;
        r.end()?;
        Ok(Self { chain, up_to, register, exceptions })
    }
}
