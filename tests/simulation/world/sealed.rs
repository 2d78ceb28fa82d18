//! Bodies, as those see them who may open them: which key seals a change, which keys lie in a fact or a grant. What
//! stands for a key here is its name: whoever has the name opens what bears it.

use chain::{Draft, Header, Kind, Verified};
use ids::{ChainId, RecordId};
use signing::AgreementPublicKey;

/// A key's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(pub u64);

/// Where an entry stands.
pub type Place = (ChainId, u64);

/// Of a record: its generation, and the key.
pub type Generation = (u32, Key);

/// Records that were everybody's before the run began.
pub const SHARED: u8 = 4;

impl Key {
    /// The key of a record that is made in this epoch.
    pub fn of_record(self, record: RecordId) -> Self {
        let mix = |key: u64, byte: &u8| (key ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        Self(record.as_bytes().iter().fold(self.0 ^ 0xcbf2_9ce4_8422_2325, mix))
    }
}

pub fn shared_records() -> impl Iterator<Item = RecordId> {
    (0..SHARED).map(|record| RecordId::from_bytes([record; 16]))
}

/// What the centre can read of a fact that is sealed to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Own {
    /// From here on this key makes the keys of new records.
    Epoch(Key),
    /// Keys of records, one by one: of an epoch that is dropped, or once more.
    Kept(Vec<(RecordId, Generation)>),
    /// The suitcase gave these records up; whether because they were taken back.
    GaveUp(bool, Vec<RecordId>),
    /// The centre held a chain up to here, beyond any hole, when it revoked it.
    Held(ChainId, u64),
    /// The fact that stands there, once more: the key that it was sealed to goes.
    Again(Place, Vec<u8>),
    /// An epoch that is over, once more: the keys of its records are kept one by one.
    EpochWas,
    /// Anything else.
    Other,
}

impl Own {
    /// Sealed to the centre whose key this is.
    pub fn draft(&self, to: Key) -> Draft {
        let mut body = to.0.to_be_bytes().to_vec();
        body.extend(self.plain());
        Draft { header: Header { kind: Kind::OWN, record: None, peer: None, after: None }, body }
    }

    pub fn plain(&self) -> Vec<u8> {
        let mut body = Vec::new();
        match self {
            Self::Epoch(key) => {
                body.push(1);
                body.extend(key.0.to_be_bytes());
            }
            Self::Kept(keys) => {
                body.push(2);
                keys.iter().for_each(|(record, (generation, key))| {
                    body.extend(record.as_bytes());
                    body.extend(generation.to_be_bytes());
                    body.extend(key.0.to_be_bytes());
                });
            }
            Self::Held(chain, seq) => {
                body.push(4);
                body.extend(chain.as_bytes());
                body.extend(seq.to_be_bytes());
            }
            Self::GaveUp(taken_back, records) => {
                body.extend([3, u8::from(*taken_back)]);
                records.iter().for_each(|record| body.extend(record.as_bytes()));
            }
            Self::Again((chain, seq), plain) => {
                body.push(6);
                body.extend(chain.as_bytes());
                body.extend(seq.to_be_bytes());
                body.extend(plain);
            }
            Self::EpochWas => body.push(7),
            Self::Other => body.resize(90, 5),
        }
        body
    }

    /// Keys and facts that a suitcase told once more, because the centre has another key.
    pub const fn is_told_again(&self) -> bool {
        matches!(self, Self::Kept(_) | Self::Again(..))
    }

    /// As whoever has the key reads a body.
    pub fn read(body: &[u8]) -> Self {
        body.get(8..).map_or(Self::Other, Self::of_plain)
    }

    pub fn of_plain(body: &[u8]) -> Self {
        let number = |bytes: &[u8]| u64::from_be_bytes(bytes.try_into().unwrap_or_default());
        let generation = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().unwrap_or_default());
        let id = |bytes: &[u8]| <[u8; 16]>::try_from(bytes).unwrap_or_default();
        let record = |bytes: &[u8]| RecordId::from_bytes(id(bytes));
        let kept = |one: &[u8]| (record(&one[..16]), (generation(&one[16..20]), Key(number(&one[20..]))));
        match body.split_first() {
            Some((1, rest)) if rest.len() == 8 => Self::Epoch(Key(number(rest))),
            Some((2, rest)) => Self::Kept(rest.chunks_exact(28).map(kept).collect()),
            Some((3, [taken_back, rest @ ..])) => {
                Self::GaveUp(*taken_back == 1, rest.chunks_exact(16).map(record).collect())
            }
            Some((4, rest)) if rest.len() == 24 => {
                Self::Held(ChainId::from_bytes(id(&rest[..16])), number(&rest[16..]))
            }
            Some((6, rest)) if rest.len() >= 24 => {
                Self::Again((ChainId::from_bytes(id(&rest[..16])), number(&rest[16..24])), rest[24..].to_vec())
            }
            Some((7, _)) => Self::EpochWas,
            _ => Self::Other,
        }
    }
}

/// To which key of the centre a fact is sealed.
pub fn sealed_to(body: &[u8]) -> Key {
    Key(body.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes)))
}

/// A key of the centre as certificates name it.
pub fn agreement(key: Key) -> AgreementPublicKey {
    let bytes = key.0.to_be_bytes();
    AgreementPublicKey(std::array::from_fn(|at| bytes[at % 8]))
}

/// Its name.
pub fn named(agreement: &AgreementPublicKey) -> Key {
    sealed_to(&agreement.0)
}

/// A change of one record, told apart by its number.
pub fn act(record: RecordId, number: u64, (generation, key): Generation, padding: usize) -> Draft {
    let mut body = number.to_be_bytes().to_vec();
    body.extend(generation.to_be_bytes());
    body.extend(key.0.to_be_bytes());
    body.resize(20 + padding, 0xa5);
    Draft { header: Header { kind: Kind::CHANGE, record: Some(record), peer: None, after: None }, body }
}

/// The number of the act in an entry, if it is one that has its body.
pub fn act_of(entry: &Verified) -> Option<u64> {
    let is_act = entry.entry.header.kind == Kind::CHANGE;
    let body = entry.entry.body.bytes()?;
    if is_act { Some(u64::from_be_bytes(body.first_chunk::<8>().copied()?)) } else { None }
}

/// What seals the act in an entry, if it is one that has its body.
pub fn seal_of(entry: &Verified) -> Option<(RecordId, Generation)> {
    let record = entry.entry.header.record.filter(|_| entry.entry.header.kind == Kind::CHANGE)?;
    let body = entry.entry.body.bytes()?;
    let generation = u32::from_be_bytes(body.get(8..12)?.try_into().ok()?);
    Some((record, (generation, Key(u64::from_be_bytes(body.get(12..20)?.try_into().ok()?)))))
}

/// The act again under another key.
pub fn sealed_anew(body: &[u8], (generation, key): Generation) -> Vec<u8> {
    let mut body = body.to_vec();
    if let Some(place) = body.get_mut(8..20) {
        place[..4].copy_from_slice(&generation.to_be_bytes());
        place[4..].copy_from_slice(&key.0.to_be_bytes());
    }
    body
}

/// A record's keys for one reader; none takes them back.
pub fn grant(record: RecordId, peer: ChainId, keys: &[Generation]) -> Draft {
    let mut body = Vec::new();
    if !keys.is_empty() {
        body.push(1);
        for (generation, key) in keys {
            body.extend(generation.to_be_bytes());
            body.extend(key.0.to_be_bytes());
        }
    }
    Draft { header: Header { kind: Kind::GRANT, record: Some(record), peer: Some(peer), after: None }, body }
}

/// The keys in a grant's body. What a suitcase makes up has another form.
pub fn granted(body: &[u8]) -> Vec<Generation> {
    let Some((1, rest)) = body.split_first() else { return Vec::new() };
    let one = |bytes: &[u8]| {
        let generation = u32::from_be_bytes(bytes[..4].try_into().unwrap_or_default());
        (generation, Key(u64::from_be_bytes(bytes[4..].try_into().unwrap_or_default())))
    };
    rest.chunks_exact(12).map(one).collect()
}
