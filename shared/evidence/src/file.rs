//! The file.
//!
//! | field | bytes |
//! |---|---|
//! | magic | 15, `VALIZA-EVIDENCE` |
//! | version = 1 | 1 |
//! | tenant | 16 |
//! | the root's Ed25519 and X25519 keys | 32, 32 |
//! | record | 16 |
//! | receipt number | text, at most 64 |
//! | maker: the chain whose author signs the file | 16 |
//! | time by the maker's clock, ms since 1970 | 8 |
//! | register: the segments of every register chain from its first entry on; bodies of releases left out | list |
//! | runs: segments of other chains; bodies of what is not about the record left out | list |
//! | anchors | list of bytes |
//! | keys of the record: generation `u32`, key 32 | list |
//! | words of the maker about each change: chain 16, seq (count), word `u8` | list |
//! | signature of the maker over all before it | 64 |

use chain::{Anchor, Segment};
use ids::{ChainId, RecordId, TenantId};
use sealing::RecordKey;
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{AgreementPublicKey, Label, RootPublic, Secret, Signature, VerifyingKey};

const MAGIC: &[u8; 15] = b"VALIZA-EVIDENCE";

/// What a file may hold at most.
pub mod limits {
    /// Bytes of a file.
    pub const FILE: usize = 64 * 1024 * 1024;
    /// Segments of registers, and of runs.
    pub const SEGMENTS: usize = 4_000;
    /// Anchors.
    pub const ANCHORS: usize = 10_000;
    /// Generations of the record's key.
    pub const KEYS: usize = 64;
    /// Words about changes.
    pub const WORDS: usize = 100_000;
}

/// Bytes that are no evidence file, or of a later version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// Other bytes, cut off or damaged.
    #[error("це не файл доказів Валізи, або його пошкоджено / this is no evidence file of Valiza, or it is damaged")]
    Form,
    /// Written by a later program.
    #[error("файл новіший за цю програму: візьміть новішу / the file is newer than this program: take a newer one")]
    Later,
}

impl From<DecodeError> for EvidenceError {
    fn from(_: DecodeError) -> Self {
        Self::Form
    }
}

/// What the maker says became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Whose chain.
    pub chain: ChainId,
    /// Which entry.
    pub seq: u64,
    /// 0: among the centre's records; 1 to 254: set aside with this code of a verdict, of a later version maybe; 255: the
    /// centre has not judged it yet, as far as the maker knows.
    pub word: u8,
}

impl Word {
    /// The centre has not judged it yet.
    pub const NOT_JUDGED: u8 = 255;
}

/// An evidence file.
#[derive(Debug)]
pub struct Evidence {
    /// The community.
    pub tenant: TenantId,
    /// Its root.
    pub root: RootPublic,
    /// The record.
    pub record: RecordId,
    /// Its receipt number; may be empty.
    pub number: String,
    /// Whose author signs the file: a suitcase's chain, or the desk's case chain.
    pub maker: ChainId,
    /// By the maker's clock, ms since 1970.
    pub made: i64,
    /// Every register chain from its first entry on.
    pub register: Vec<Segment>,
    /// Runs of other chains.
    pub runs: Vec<Segment>,
    /// Anchors that bound the runs in time.
    pub anchors: Vec<Anchor>,
    /// The record's keys by generation.
    pub keys: Vec<(u32, RecordKey)>,
    /// What became of each change.
    pub words: Vec<Word>,
}

impl Evidence {
    /// What is signed under [`Label::Evidence`].
    pub fn fields(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(64 * 1024);
        w.fixed(MAGIC).u8(1).fixed(self.tenant.as_bytes());
        w.fixed(&self.root.signing.0).fixed(&self.root.agreement.0);
        w.fixed(self.record.as_bytes()).text(&self.number).fixed(self.maker.as_bytes()).i64(self.made);
        for segments in [&self.register, &self.runs] {
            w.count(segments.len() as u64);
            segments.iter().for_each(|segment| segment.write(&mut w));
        }
        w.count(self.anchors.len() as u64);
        for anchor in &self.anchors {
            w.bytes(&anchor.encode());
        }
        w.count(self.keys.len() as u64);
        for (generation, key) in &self.keys {
            w.u32(*generation).fixed(key.expose());
        }
        w.count(self.words.len() as u64);
        for word in &self.words {
            w.fixed(word.chain.as_bytes()).count(word.seq).u8(word.word);
        }
        w.finish()
    }

    /// The fields with their signature behind them: the file.
    pub fn joined(mut fields: Vec<u8>, signature: &Signature) -> Vec<u8> {
        fields.extend_from_slice(&signature.0);
        fields
    }

    /// Reads a file. Nothing is believed yet.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Signature), EvidenceError> {
        let (fields, signature) = bytes.split_last_chunk::<64>().ok_or(EvidenceError::Form)?;
        if bytes.len() > limits::FILE {
            return Err(EvidenceError::Form);
        }
        let mut r = Reader::new(fields);
        if r.fixed::<15>()? != *MAGIC {
            return Err(EvidenceError::Form);
        }
        if r.u8()? != 1 {
            return Err(EvidenceError::Later);
        }
        let tenant = TenantId::from_bytes(r.fixed()?);
        let root = RootPublic { signing: VerifyingKey(r.fixed()?), agreement: AgreementPublicKey(r.fixed()?) };
        let (record, number) = (RecordId::from_bytes(r.fixed()?), r.text(64)?.to_owned());
        let (maker, made) = (ChainId::from_bytes(r.fixed()?), r.i64()?);
        let register = list(&mut r, limits::SEGMENTS, Segment::read)?;
        let runs = list(&mut r, limits::SEGMENTS, Segment::read)?;
        let anchors = list(&mut r, limits::ANCHORS, |r| Anchor::decode(r.bytes(512)?))?;
        let key = |r: &mut Reader<'_>| Ok((r.u32()?, RecordKey::from_bytes(Secret::new(r.fixed()?))));
        let keys = list(&mut r, limits::KEYS, key)?;
        let word =
            |r: &mut Reader<'_>| Ok(Word { chain: ChainId::from_bytes(r.fixed()?), seq: r.count()?, word: r.u8()? });
        let words = list(&mut r, limits::WORDS, word)?;
        r.end()?;
        let evidence = Self { tenant, root, record, number, maker, made, register, runs, anchors, keys, words };
        Ok((evidence, Signature(*signature)))
    }

    /// Whether the author signed these fields.
    pub fn is_signed(bytes: &[u8], author: &VerifyingKey) -> bool {
        let Some((fields, signature)) = bytes.split_last_chunk::<64>() else { return false };
        author.verifies(Label::Evidence, fields, &Signature(*signature))
    }
}

fn list<'a, T>(
    r: &mut Reader<'a>,
    limit: usize,
    mut read: impl FnMut(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    let count = r.count_to(limit)?;
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(read(r)?);
    }
    Ok(all)
}
