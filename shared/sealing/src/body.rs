//! Sealed bodies of entries.
//!
//! | field | bytes | |
//! |---|---|---|
//! | suite | 1 | 1 = AES-256-GCM |
//! | key generation | 1–5 | LEB128, below 2³² |
//! | nonce | 12 | random |
//! | ciphertext | n × 16 | of the padded plain text |
//! | tag | 16 | |
//!
//! Padded plain text: dictionary (1), payload, 0x80, zeros up to a multiple of 16 (ISO/IEC 7816-4).
//! Authenticated with it: suite 1, tenant 16, chain 16, seq 8, kind 1, record (0, or 1 and 16), key generation 4.

use crate::aead::{self, NONCE, TAG};
use crate::codec::{Codec, with_codec};
use crate::{Entropy, OpenError, RecordKey, SealError};
use ids::{ChainId, RecordId, TenantId};
use signing::canonical::{Reader, Writer};
use std::borrow::Borrow;
use zeroize::Zeroizing;

/// The most that one body holds, in bytes before compression.
pub const MAX_PLAIN: usize = 64 * 1024;
/// The longest sealed body: suite, generation, nonce, the padded plain text that did not compress, tag.
pub const MAX_SEALED: usize = 1 + 5 + NONCE + MAX_PLAIN + BLOCK + TAG;

/// AES-256-GCM with a random nonce.
/// The suite that this program seals with, the only one it knows.
pub const SUITE: u8 = 1;
const BLOCK: usize = 16;
const PAD: u8 = 0x80;

/// The place to which a body belongs: it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyContext {
    /// The community.
    pub tenant: TenantId,
    /// The chain of the author.
    pub chain: ChainId,
    /// The entry's number in its chain.
    pub seq: u64,
    /// The entry's kind, as it stands in clear.
    pub kind: u8,
    /// The record, where the entry is about one.
    pub record: Option<RecordId>,
}

impl BodyContext {
    fn authenticated(&self, generation: u32) -> Vec<u8> {
        let mut w = Writer::with_capacity(63);
        w.u8(SUITE).fixed(self.tenant.as_bytes()).fixed(self.chain.as_bytes()).u64(self.seq).u8(self.kind);
        w.option(self.record, |w, record| {
            w.fixed(record.as_bytes());
        });
        w.u32(generation);
        w.finish()
    }
}

/// Compresses, pads and seals `plain` with the record's key of this generation.
pub fn seal_body(
    key: &RecordKey,
    generation: u32,
    context: &BodyContext,
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    with_codec(|codec| seal_with(codec, key, generation, context, plain, entropy))
}

fn seal_with(
    codec: &mut Codec,
    key: &RecordKey,
    generation: u32,
    context: &BodyContext,
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    if plain.len() > MAX_PLAIN {
        return Err(SealError::TooLong(plain.len()));
    }
    let nonce = entropy.array::<NONCE>();
    let mut w = Writer::with_capacity(plain.len() + 1 + 5 + NONCE + BLOCK + TAG);
    w.u8(SUITE).count(u64::from(generation)).fixed(&nonce);
    let mut bytes = w.finish();
    let from = bytes.len();
    codec.deflate(plain, &mut bytes);
    bytes.push(PAD);
    let padded = (bytes.len() - from).next_multiple_of(BLOCK);
    bytes.resize(from + padded, 0);
    aead::seal(key.secret(), nonce, &context.authenticated(generation), &mut bytes, from);
    Ok(bytes)
}

/// Opens a body. `key_of` finds the record's key of a generation, as [`RecordKey`] or a reference to it.
pub fn open_body<K: Borrow<RecordKey>>(
    key_of: impl FnOnce(u32) -> Option<K>,
    context: &BodyContext,
    sealed: &[u8],
) -> Result<Vec<u8>, OpenError> {
    with_codec(|codec| open_with(codec, key_of, context, sealed))
}

fn open_with<K: Borrow<RecordKey>>(
    codec: &mut Codec,
    key_of: impl FnOnce(u32) -> Option<K>,
    context: &BodyContext,
    sealed: &[u8],
) -> Result<Vec<u8>, OpenError> {
    let (generation, nonce, ciphertext) = parts(sealed)?;
    let key = key_of(generation).ok_or(OpenError::NoKey(generation))?;
    let aad = context.authenticated(generation);
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    let padded = aead::open(key.borrow().secret(), nonce, &aad, &mut buffer).ok_or(OpenError::Tampered)?;
    let end = padded.iter().rposition(|byte| *byte != 0).ok_or(OpenError::Malformed)?;
    if padded[end] != PAD || padded.len() - end > BLOCK {
        return Err(OpenError::Malformed);
    }
    codec.inflate(&padded[..end])
}

/// Which key generation a body names, before any key is at hand.
pub fn generation_of(sealed: &[u8]) -> Result<u32, OpenError> {
    parts(sealed).map(|(generation, ..)| generation)
}

/// Which suite sealed the bytes; `None` if there are none.
pub fn suite_of(sealed: &[u8]) -> Option<u8> {
    sealed.first().copied()
}

/// Generation, nonce, ciphertext with tag.
fn parts(sealed: &[u8]) -> Result<(u32, [u8; NONCE], &[u8]), OpenError> {
    let mut r = Reader::new(sealed);
    let suite = r.u8().map_err(|_| OpenError::Malformed)?;
    if suite != SUITE {
        return Err(OpenError::UnknownSuite(suite));
    }
    if sealed.len() > MAX_SEALED {
        return Err(OpenError::TooLarge);
    }
    let generation = r.count().ok().and_then(|count| u32::try_from(count).ok()).ok_or(OpenError::Malformed)?;
    let nonce = r.fixed().map_err(|_| OpenError::Malformed)?;
    let ciphertext = r.slice(r.left()).map_err(|_| OpenError::Malformed)?;
    if ciphertext.len() < BLOCK + TAG || !ciphertext.len().is_multiple_of(BLOCK) {
        return Err(OpenError::Malformed);
    }
    Ok((generation, nonce, ciphertext))
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
