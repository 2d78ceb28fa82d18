//! Who published, tried and took back releases of the catalogue, and why: facts of the desk's case chain beside the
//! register's, which everybody reads and which name no person.
//!
//! Each is an `own` fact as [`super::facts`] describes: code, version = 1, fields.
//!
//! | code | fact | fields |
//! |---|---|---|
//! | 104 | release published | number `u32`, digest 32, tried by (count, chains 16; none: everybody), reason (text), by (text), at `i64` ms |
//! | 105 | trial ended | chain 16, number of the release that took its place there `u32`, reason (text), by (text), at `i64` ms |

use chain::limits::RELEASE_AUDIENCE;
use ids::ChainId;
use peer::OwnFact;
use signing::Hash;
use signing::canonical::{DecodeError, Reader, Writer};
use std::collections::BTreeMap;

const LINE: usize = 600;

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueFact {
    /// A release was published, for everybody or on trial.
    Published {
        /// Its number.
        number: u32,
        /// Its digest.
        digest: Hash,
        /// Suitcases that try it; empty: it is for everybody.
        audience: Vec<ChainId>,
        /// Why from a day that was over, or what it is for; may be empty.
        reason: String,
        /// Who did it.
        by: String,
        /// When, ms since 1970.
        at: i64,
    },
    /// A suitcase went back to what everybody uses.
    TrialEnded {
        /// Whose.
        chain: ChainId,
        /// Number under which it has what everybody uses.
        number: u32,
        /// Why; may be empty.
        reason: String,
        /// Who did it.
        by: String,
        /// When, ms since 1970.
        at: i64,
    },
}

impl CatalogueFact {
    /// As it is kept.
    pub fn to_own(&self) -> OwnFact {
        let mut w = Writer::new();
        w.u8(1);
        let code = match self {
            Self::Published { number, digest, audience, reason, by, at } => {
                w.u32(*number).fixed(&digest.0).count(audience.len() as u64);
                audience.iter().for_each(|chain| {
                    w.fixed(chain.as_bytes());
                });
                w.text(reason).text(by).i64(*at);
                104
            }
            Self::TrialEnded { chain, number, reason, by, at } => {
                w.fixed(chain.as_bytes()).u32(*number).text(reason).text(by).i64(*at);
                105
            }
        };
        OwnFact::Other(code, w.finish())
    }

    /// Reads one after its version; `None` for codes of others.
    pub fn decode(code: u8, r: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {
        let line = |r: &mut Reader<'_>| Ok(r.text(LINE)?.to_owned());
        Ok(Some(match code {
            104 => {
                let (number, digest) = (r.u32()?, Hash(r.fixed()?));
                let named = r.count_to(RELEASE_AUDIENCE)?;
                let audience = (0..named).map(|_| Ok(ChainId::from_bytes(r.fixed()?)));
                let audience = audience.collect::<Result<_, DecodeError>>()?;
                Self::Published { number, digest, audience, reason: line(r)?, by: line(r)?, at: r.i64()? }
            }
            105 => {
                let (chain, number) = (ChainId::from_bytes(r.fixed()?), r.u32()?);
                Self::TrialEnded { chain, number, reason: line(r)?, by: line(r)?, at: r.i64()? }
            }
            _ => return Ok(None),
        }))
    }
}

/// Who published a release, when, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedBy {
    /// Login.
    pub by: String,
    /// ms since 1970.
    pub at: i64,
    /// May be empty.
    pub reason: String,
}

/// What the facts add up to.
#[derive(Debug, Default)]
pub struct CatalogueBook {
    /// By number and digest: one number may have been claimed twice.
    pub published: BTreeMap<(u32, Hash), PublishedBy>,
    /// Numbers under which suitcases went back to what everybody uses.
    pub ended: BTreeMap<u32, ChainId>,
}

impl CatalogueBook {
    /// One more fact; of two about one release the first counts for when it was published.
    pub fn take(&mut self, fact: CatalogueFact) {
        match fact {
            CatalogueFact::Published { number, digest, reason, by, at, .. } => {
                self.published.entry((number, digest)).or_insert(PublishedBy { by, at, reason });
            }
            CatalogueFact::TrialEnded { chain, number, .. } => {
                self.ended.insert(number, chain);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fact: &CatalogueFact) -> CatalogueFact {
        let OwnFact::Other(code, bytes) = fact.to_own() else { panic!() };
        let decode = |bytes: &[u8]| {
            let mut r = Reader::new(bytes);
            r.u8()?;
            let fact = CatalogueFact::decode(code, &mut r)?;
            r.end()?;
            Ok::<_, DecodeError>(fact)
        };
        assert!((0..bytes.len()).all(|end| decode(&bytes[..end]).is_err()));
        decode(&bytes).unwrap().unwrap()
    }

    #[test]
    fn facts_are_read_back_and_no_cut_one_is() {
        let chain = ChainId::from_bytes([5; 16]);
        let published = CatalogueFact::Published {
            number: 3,
            digest: Hash([7; 32]),
            audience: vec![chain],
            reason: "нові розміри плати".into(),
            by: "admin".into(),
            at: 258,
        };
        let ended = CatalogueFact::TrialEnded { chain, number: 4, reason: String::new(), by: "admin".into(), at: 259 };
        for fact in [published, ended] {
            assert_eq!(read(&fact), fact);
        }
    }

    #[test]
    fn the_bytes_of_an_ended_trial_are_the_documented_ones() {
        let chain = ChainId::from_bytes([5; 16]);
        let ended = CatalogueFact::TrialEnded { chain, number: 4, reason: "x".into(), by: "a".into(), at: 258 };
        let OwnFact::Other(code, bytes) = ended.to_own() else { panic!() };
        assert_eq!(code, 105);
        let start = b"\x01\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\0\0\0\x04\x01x\x01a";
        assert_eq!(bytes, [&start[..], &258_i64.to_be_bytes()].concat());
    }
}
