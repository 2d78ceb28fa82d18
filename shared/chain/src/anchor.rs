//! «I hold your chain up to n, hash h, at time t»: a receipt of bytes, the sync cursor, the bound in time.
//!
//! | field | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | tenant, lineage, chain | 16 each |
//! | seq | 8 |
//! | hash of the entry seq | 32 |
//! | time, ms since 1970 | 8 |
//! | answerer's Ed25519 key | 32 |
//! | signature | 64 |

use crate::entry::Link;
use crate::verdict::{below_limit, read_link};
use ids::{ChainId, LineageId, TenantId};
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{Hash, Label, Signature, SigningKey, VerifyingKey};

/// Given only by whoever keeps the chain for good, only after the bytes are on its disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Whose community.
    pub tenant: TenantId,
    /// Which life of the answerer's store.
    pub lineage: LineageId,
    /// Which chain.
    pub chain: ChainId,
    /// Up to which entry, without a hole.
    pub end: Link,
    /// When, by the answerer's clock, ms since 1970.
    pub time: i64,
    /// Who says so.
    pub answerer: VerifyingKey,
    /// The answerer's.
    pub signature: Signature,
}

impl Anchor {
    /// Signs.
    pub fn sign(tenant: TenantId, lineage: LineageId, chain: ChainId, end: Link, time: i64, key: &SigningKey) -> Self {
        let signature = Signature([0; 64]);
        let mut anchor = Self { tenant, lineage, chain, end, time, answerer: key.public(), signature };
        anchor.signature = key.sign(Label::Anchor, &anchor.body());
        anchor
    }

    fn body(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(192);
        w.u8(1).fixed(self.tenant.as_bytes()).fixed(self.lineage.as_bytes()).fixed(self.chain.as_bytes());
        w.u64(self.end.seq).fixed(&self.end.hash.0).i64(self.time).fixed(&self.answerer.0);
        w.finish()
    }

    /// True if the answerer it names signed it. Whether that answerer is ours is the register's to say.
    pub fn is_signed(&self) -> bool {
        self.answerer.verifies(Label::Anchor, &self.body(), &self.signature)
    }

    /// What an entry's `after` names.
    pub fn hash(&self) -> Hash {
        Hash::of(Label::Anchor, &self.encode())
    }

    /// All bytes, as kept.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = self.body();
        bytes.extend_from_slice(&self.signature.0);
        bytes
    }

    /// Reads what [`Anchor::encode`] wrote. The signature is not checked here.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        match r.u8()? {
            1 => {}
            other => return Err(DecodeError::Unknown(other)),
        }
        let anchor = Self {
            tenant: TenantId::from_bytes(r.fixed()?),
            lineage: LineageId::from_bytes(r.fixed()?),
            chain: ChainId::from_bytes(r.fixed()?),
            end: Link { seq: below_limit(r.u64()?)?, hash: Hash(r.fixed()?) },
            time: r.i64()?,
            answerer: VerifyingKey(r.fixed()?),
            signature: Signature(r.fixed()?),
        };
        r.end()?;
        Ok(anchor)
    }

    /// Inside an answer, where tenant, lineage, time and answerer are the answer's own: chain, seq, hash, signature.
    pub(crate) fn write_in_answer(&self, w: &mut Writer) {
        w.fixed(self.chain.as_bytes()).count(self.end.seq).fixed(&self.end.hash.0).fixed(&self.signature.0);
    }

    pub(crate) fn read_in_answer(
        r: &mut Reader<'_>,
        tenant: TenantId,
        lineage: LineageId,
        time: i64,
        answerer: VerifyingKey,
    ) -> Result<Self, DecodeError> {
        Ok(Self {
            tenant,
            lineage,
            chain: ChainId::from_bytes(r.fixed()?),
            end: read_link(r)?,
            time,
            answerer,
            signature: Signature(r.fixed()?),
        })
    }
}
