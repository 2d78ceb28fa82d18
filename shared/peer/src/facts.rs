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
//! | 64–255 | of the program that writes the chain | bytes |
//!
//! Message: version = 1, code (1 = verdict), bytes.

use chain::Verdict;
use ids::EpochId;
use sealing::EpochKey;
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{AgreementPublicKey, Secret};
use zeroize::Zeroizing;

const NAME: usize = 64;
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
    /// A fact of the program above: its code (64 and more) and bytes.
    Other(u8, Vec<u8>),
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

fn expect_version(r: &mut Reader<'_>) -> Result<(), DecodeError> {
    match r.u8()? {
        1 => Ok(()),
        other => Err(DecodeError::Unknown(other)),
    }
}
