//! How a suitcase goes on after its disk was put back from a copy, or doubled: under a new chain, whose first entry says
//! which chain it continues. Two laptops, or two lives of one, must never write one number twice.
//!
//! | field | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | tenant, the new chain | 16 each |
//! | the new chain's Ed25519 key, X25519 key | 32 each |
//! | predecessor: the chain it continues | 16 |
//! | the predecessor's last entry that the two share: seq, hash | count, 32 |
//! | reason | 1 |
//! | device time, ms since 1970 | 8 |
//! | signature by the predecessor's key over all before it | 64 |
//!
//! The new key vouches for itself by signing the entry that carries this. Until the centre has certified the new chain
//! it is *unconfirmed*: what it writes is stored and anchored everywhere, and only the register goes down to it.

use crate::entry::Link;
use crate::verdict::{read_link, write_link};
use ids::{ChainId, TenantId};
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{AgreementPublicKey, Label, Signature, SigningKey, VerifyingKey};

/// How it was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A mark outside the database knew of more entries than the database holds.
    Marker,
    /// An answerer holds more of the chain than this laptop wrote.
    Ahead,
    /// An answerer, or the centre, holds another entry under the same number.
    Fork,
    /// The register says that another life of the same disk goes on for the chain.
    Continued,
    /// Entries of the own chain were lost with a part of the disk.
    Damaged,
    /// Of a later version. Why a chain goes on is for people to read: whoever does not know the reason believes the
    /// rebirth all the same.
    Other(u8),
}

impl Reason {
    /// Its code on the wire and in a store.
    pub const fn code(self) -> u8 {
        match self {
            Self::Marker => 1,
            Self::Ahead => 2,
            Self::Fork => 3,
            Self::Continued => 4,
            Self::Damaged => 5,
            Self::Other(code) => code,
        }
    }

    /// Of any code.
    pub const fn from_code(code: u8) -> Self {
        match code {
            1 => Self::Marker,
            2 => Self::Ahead,
            3 => Self::Fork,
            4 => Self::Continued,
            5 => Self::Damaged,
            other => Self::Other(other),
        }
    }
}

/// «I go on as this chain», the last word of the predecessor's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebirth {
    /// Whose community.
    pub tenant: TenantId,
    /// The new chain.
    pub chain: ChainId,
    /// Signs the new chain.
    pub signing: VerifyingKey,
    /// What is for the new chain is sealed to this key, until it tells of another.
    pub agreement: AgreementPublicKey,
    /// The chain that it continues.
    pub predecessor: ChainId,
    /// The predecessor's last entry that counts as this laptop's: behind it the two part.
    pub end: Link,
    /// How it was noticed.
    pub reason: Reason,
    /// Device time, ms since 1970.
    pub at: i64,
}

impl Rebirth {
    /// The body of the new chain's first entry. `predecessor` is the key of the chain before.
    pub fn sign(&self, predecessor: &SigningKey) -> Vec<u8> {
        let mut w = Writer::with_capacity(288);
        w.u8(1).fixed(self.tenant.as_bytes()).fixed(self.chain.as_bytes());
        w.fixed(&self.signing.0).fixed(&self.agreement.0).fixed(self.predecessor.as_bytes());
        write_link(&mut w, &self.end);
        w.u8(self.reason.code()).i64(self.at);
        let mut bytes = w.finish();
        let signature = predecessor.sign(Label::Rebirth, &bytes);
        bytes.extend_from_slice(&signature.0);
        bytes
    }

    /// Reads; whether the predecessor's author signed it is asked by [`Rebirth::is_signed`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (fields, _) = bytes.split_last_chunk::<64>().ok_or(DecodeError::Truncated)?;
        let mut r = Reader::new(fields);
        match r.u8()? {
            1 => {}
            other => return Err(DecodeError::Unknown(other)),
        }
        let rebirth = Self {
            tenant: TenantId::from_bytes(r.fixed()?),
            chain: ChainId::from_bytes(r.fixed()?),
            signing: VerifyingKey(r.fixed()?),
            agreement: AgreementPublicKey(r.fixed()?),
            predecessor: ChainId::from_bytes(r.fixed()?),
            end: read_link(&mut r)?,
            reason: Reason::from_code(r.u8()?),
            at: r.i64()?,
        };
        r.end()?;
        Ok(rebirth)
    }

    /// True if `predecessor` signed these bytes.
    pub fn is_signed(bytes: &[u8], predecessor: &VerifyingKey) -> bool {
        bytes
            .split_last_chunk::<64>()
            .is_some_and(|(fields, signature)| predecessor.verifies(Label::Rebirth, fields, &Signature(*signature)))
    }
}
