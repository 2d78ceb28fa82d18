//! One stateless message each way: the same bytes over HTTPS, in a file on a stick, or between two agents.
//!
//! | request | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | tenant, sender's chain | 16, 16 |
//! | token | option of: time 8, seq count, MAC 16 |
//! | cursor | option of: lineage 16, position count, index count |
//! | budget: bytes of entries wanted back | count |
//! | heads that the sender could offer | count, then chain 16, seq count, hash 32 each |
//! | segments | count, then each |
//! | signature of the sender | 64 |
//!
//! | answer | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | lineage | 16 |
//! | time, ms since 1970 | 8 |
//! | token | 8, count, 16 |
//! | cursor: position, index | count, count |
//! | flags: 1 more is waiting, 2 the token was stale and nothing was handed out; others are passed over | 1 |
//! | anchors | count, then chain 16, seq count, hash 32, signature 64 each |
//! | segments | count, then each |
//! | refusals | count, then each |
//! | needed | count, then chain 16, from count each |
//! | enrolment requests, for a desk | count, then bytes each |
//! | signature of the answerer, over the hash of the request and all before it | 64 |

use crate::anchor::Anchor;
use crate::entry::Link;
use crate::limits;
use crate::rebirth::Reason;
use crate::refusal::{Refusal, RefusalCode};
use crate::segment::Segment;
use crate::verdict::{read_link, read_seq, write_link};
use ids::{ChainId, LineageId, TenantId};
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{Hash, Label, Secret, Signature, SigningKey, VerifyingKey};

/// The answerer's own MAC, shown again: it says how fresh the sender is and how much of the sender's chain the answerer
/// once held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// When it was given, ms since 1970 by the answerer's clock.
    pub time: i64,
    /// Up to where the sender's own chain was anchored then.
    pub seq: u64,
    mac: [u8; 16],
}

impl Token {
    fn fields(tenant: TenantId, sender: ChainId, lineage: LineageId, time: i64, seq: u64) -> Vec<u8> {
        let mut w = Writer::new();
        w.fixed(tenant.as_bytes()).fixed(sender.as_bytes()).fixed(lineage.as_bytes()).i64(time).u64(seq);
        w.finish()
    }

    /// Gives one out.
    pub fn give(
        secret: &Secret<32>,
        tenant: TenantId,
        sender: ChainId,
        lineage: LineageId,
        time: i64,
        seq: u64,
    ) -> Self {
        let mut mac = [0; 16];
        mac.copy_from_slice(&secret.mac(Label::Token, &Self::fields(tenant, sender, lineage, time, seq))[..16]);
        Self { time, seq, mac }
    }

    /// True if this answerer gave it to this sender in this lineage.
    pub fn is_ours(&self, secret: &Secret<32>, tenant: TenantId, sender: ChainId, lineage: LineageId) -> bool {
        secret.mac_matches(Label::Token, &Self::fields(tenant, sender, lineage, self.time, self.seq), &self.mac)
    }

    /// Eight, count, sixteen bytes.
    pub fn write(&self, w: &mut Writer) {
        w.i64(self.time).count(self.seq).fixed(&self.mac);
    }

    /// Reads what [`Token::write`] wrote.
    pub fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { time: r.i64()?, seq: r.count()?, mac: r.fixed()? })
    }
}

/// How far a reader has read what one answerer has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Positions of another lineage mean nothing.
    pub lineage: LineageId,
    /// Of the last cause that was handed out.
    pub position: u64,
    /// Place among what that cause let in.
    pub index: u64,
}

/// Where one chain ends at the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainHead {
    /// Which chain.
    pub chain: ChainId,
    /// Its end.
    pub end: Link,
}

/// What the answerer lacks of a chain that was offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needed {
    /// Which chain.
    pub chain: ChainId,
    /// From which number on.
    pub from: u64,
}

/// What a sender says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Whose community.
    pub tenant: TenantId,
    /// Who sends; may carry any chain of the community.
    pub sender: ChainId,
    /// From the last answer.
    pub token: Option<Token>,
    /// From the last answer.
    pub cursor: Option<Cursor>,
    /// Bytes of entries wanted back, at most [`limits::BUDGET`].
    pub budget: u32,
    /// Stated when the answerer may have lost something.
    pub heads: Vec<ChainHead>,
    /// What is brought.
    pub segments: Vec<Segment>,
}

fn expect_version(r: &mut Reader<'_>) -> Result<(), DecodeError> {
    match r.u8()? {
        1 => Ok(()),
        other => Err(DecodeError::Unknown(other)),
    }
}

fn list<T>(
    r: &mut Reader<'_>,
    limit: usize,
    read: impl Fn(&mut Reader<'_>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    let count = r.count_to(limit)?;
    (0..count).map(|_| read(r)).collect()
}

impl Request {
    /// All bytes, signed by the sender.
    pub fn encode(&self, key: &SigningKey) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1).fixed(self.tenant.as_bytes()).fixed(self.sender.as_bytes());
        w.option(self.token, |w, token| token.write(w));
        w.option(self.cursor, |w, cursor| {
            w.fixed(cursor.lineage.as_bytes()).count(cursor.position).count(cursor.index);
        });
        w.count(u64::from(self.budget)).count(self.heads.len() as u64);
        for head in &self.heads {
            w.fixed(head.chain.as_bytes());
            write_link(&mut w, &head.end);
        }
        w.count(self.segments.len() as u64);
        self.segments.iter().for_each(|segment| segment.write(&mut w));
        let mut bytes = w.finish();
        let signature = key.sign(Label::ExchangeRequest, &bytes);
        bytes.extend_from_slice(&signature.0);
        bytes
    }

    /// Reads; who signed is asked next, by [`Request::is_signed`], when the sender's key is known.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > limits::MESSAGE {
            return Err(DecodeError::TooLong);
        }
        let (fields, _) = bytes.split_last_chunk::<64>().ok_or(DecodeError::Truncated)?;
        let mut r = Reader::new(fields);
        expect_version(&mut r)?;
        let request = Self {
            tenant: TenantId::from_bytes(r.fixed()?),
            sender: ChainId::from_bytes(r.fixed()?),
            token: r.option(Token::read)?,
            cursor: r.option(|r| {
                Ok(Cursor { lineage: LineageId::from_bytes(r.fixed()?), position: r.count()?, index: r.count()? })
            })?,
            budget: r.count_to(limits::BUDGET as usize)? as u32,
            heads: list(&mut r, limits::MESSAGE_HEADS, |r| {
                Ok(ChainHead { chain: ChainId::from_bytes(r.fixed()?), end: read_link(r)? })
            })?,
            segments: list(&mut r, limits::MESSAGE_SEGMENTS, Segment::read)?,
        };
        r.end()?;
        Ok(request)
    }

    /// True if `key` signed these bytes.
    pub fn is_signed(bytes: &[u8], key: &VerifyingKey) -> bool {
        bytes
            .split_last_chunk::<64>()
            .is_some_and(|(fields, signature)| key.verifies(Label::ExchangeRequest, fields, &Signature(*signature)))
    }

    /// What the answer's signature covers beside the answer.
    pub fn hash(bytes: &[u8]) -> Hash {
        Hash::of(Label::ExchangeRequest, bytes)
    }
}

/// What an answerer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Which life of its store.
    pub lineage: LineageId,
    /// Its clock, ms since 1970.
    pub time: i64,
    /// To be shown next time.
    pub token: Token,
    /// Where the reader is now.
    pub position: u64,
    /// Place among what that cause let in.
    pub index: u64,
    /// Ask again at once: more is waiting.
    pub more: bool,
    /// The token was stale, so nothing was handed out: ask again with the new one.
    pub stale: bool,
    /// Flags of later versions, in their places: passed over.
    pub further: u8,
    /// Ends of the chains that were brought, and always of the sender's own if any of it is held.
    pub anchors: Vec<Anchor>,
    /// News.
    pub segments: Vec<Segment>,
    /// What was not taken.
    pub refusals: Vec<Refusal>,
    /// What is missing of what was offered or brought.
    pub needed: Vec<Needed>,
    /// Laptops that ask to become suitcases, as [`crate::EnrolmentRequest`] bytes; for a desk only.
    pub enrolments: Vec<Vec<u8>>,
}

impl Answer {
    /// Takes out what contradicts the chains that only this peer writes, and says how: the answerer holds more than was
    /// written here, or another entry under the same number. One laptop's disk was put back from a copy, or is there
    /// twice.
    pub fn contradicts(
        &mut self,
        own: &[ChainId],
        mut hash_at: impl FnMut(ChainId, u64) -> Option<Hash>,
    ) -> Option<Reason> {
        let forked =
            |refusal: &Refusal| own.contains(&refusal.chain) && matches!(refusal.code, RefusalCode::Fork { .. });
        let mut reason = self.refusals.iter().any(forked).then_some(Reason::Fork);
        self.anchors.retain(|anchor| {
            // An anchor that nobody signed says nothing; the answer as a whole is refused over it.
            if !own.contains(&anchor.chain) || anchor.end.seq == 0 || !anchor.is_signed() {
                return true;
            }
            match hash_at(anchor.chain, anchor.end.seq) {
                Some(held) if held == anchor.end.hash => return true,
                Some(_) => reason = Some(Reason::Fork),
                None => {
                    reason.get_or_insert(Reason::Ahead);
                }
            }
            false
        });
        reason
    }

    /// All bytes, signed by the answerer as the answer to `request`.
    pub fn encode(&self, request: &Hash, key: &SigningKey) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1).fixed(self.lineage.as_bytes()).i64(self.time);
        self.token.write(&mut w);
        w.count(self.position)
            .count(self.index)
            .u8(u8::from(self.more) | u8::from(self.stale) << 1 | self.further & !3);
        w.count(self.anchors.len() as u64);
        self.anchors.iter().for_each(|anchor| anchor.write_in_answer(&mut w));
        w.count(self.segments.len() as u64);
        self.segments.iter().for_each(|segment| segment.write(&mut w));
        w.count(self.refusals.len() as u64);
        self.refusals.iter().for_each(|refusal| refusal.write(&mut w));
        w.count(self.needed.len() as u64);
        for needed in &self.needed {
            w.fixed(needed.chain.as_bytes()).count(needed.from);
        }
        w.count(self.enrolments.len() as u64);
        self.enrolments.iter().for_each(|bytes| {
            w.bytes(bytes);
        });
        let mut bytes = w.finish();
        let signature = key.sign(Label::ExchangeAnswer, &signed(request, &bytes));
        bytes.extend_from_slice(&signature.0);
        bytes
    }

    /// Reads an answer to `request` that one of `keys` signed, and says which. Anything else, such as the page of a
    /// hotel's network, is `None`: no answer.
    pub fn decode(
        bytes: &[u8],
        request: &Hash,
        tenant: TenantId,
        keys: &[VerifyingKey],
    ) -> Option<Result<(Self, VerifyingKey), DecodeError>> {
        let (fields, signature) = bytes.split_last_chunk::<64>()?;
        let covered = signed(request, fields);
        let key = keys.iter().find(|k| k.verifies(Label::ExchangeAnswer, &covered, &Signature(*signature)))?;
        Some(Self::read(fields, tenant, *key).map(|answer| (answer, *key)))
    }

    fn read(fields: &[u8], tenant: TenantId, key: VerifyingKey) -> Result<Self, DecodeError> {
        let mut r = Reader::new(fields);
        expect_version(&mut r)?;
        let (lineage, time) = (LineageId::from_bytes(r.fixed()?), r.i64()?);
        let token = Token::read(&mut r)?;
        let (position, index) = (r.count()?, r.count()?);
        let flags = r.u8()?;
        let anchor = |r: &mut Reader<'_>| Anchor::read_in_answer(r, tenant, lineage, time, key);
        let answer = Self {
            lineage,
            time,
            token,
            position,
            index,
            more: flags & 1 != 0,
            stale: flags & 2 != 0,
            further: flags & !3,
            anchors: list(&mut r, limits::MESSAGE_HEADS, anchor)?,
            segments: list(&mut r, limits::MESSAGE_SEGMENTS, Segment::read)?,
            refusals: list(&mut r, limits::MESSAGE_SEGMENTS, Refusal::read)?,
            needed: list(&mut r, limits::MESSAGE_HEADS, |r| {
                Ok(Needed { chain: ChainId::from_bytes(r.fixed()?), from: read_seq(r)? })
            })?,
            enrolments: list(&mut r, 256, |r| Ok(r.bytes(limits::ENROLMENT)?.to_vec()))?,
        };
        r.end()?;
        Ok(answer)
    }
}

fn signed(request: &Hash, fields: &[u8]) -> Vec<u8> {
    let mut bytes = request.0.to_vec();
    bytes.extend_from_slice(fields);
    bytes
}
