//! What the desk keeps of its clerks' work beside the requests themselves, as facts of its case chain.
//!
//! Each is an `own` fact as [`super::facts`] describes: code, version = 1, fields.
//!
//! | code | fact | fields |
//! |---|---|---|
//! | 96 | looks | count, then each: at `i64` ms, by (text), how (text), about (text), records: count, then 16 each |
//! | 97 | saved filter | login (text), name (text), address (text; empty takes it away), at `i64` ms |
//! | 98 | why an entry was let in | chain 16, seq `u64`, by (text), at `i64` ms, reason (text) |
//!
//! The last filter of a login and a name counts.

use ids::{ChainId, RecordId};
use peer::OwnFact;
use signing::canonical::{DecodeError, Reader, Writer};

const LINE: usize = 1_200;
/// Looks in one fact, and records of one look.
pub(crate) const LOOKS: usize = 200;
pub(crate) const RECORDS: usize = 500;

/// Somebody saw personal data, or came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// When, ms since 1970.
    pub at: i64,
    /// Login.
    pub by: String,
    /// How: a name of [`super::traces::How`].
    pub how: String,
    /// What was asked for: filters of a file; may be empty.
    pub about: String,
    /// Whose data.
    pub records: Vec<RecordId>,
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClerkFact {
    /// Who saw what.
    Looks(Vec<Look>),
    /// A filter with a name.
    Filter {
        /// Whose.
        login: String,
        /// Its name in the menu.
        name: String,
        /// Path and query; empty takes it away.
        address: String,
        /// When, ms since 1970.
        at: i64,
    },
    /// Why an entry that had been set aside was let in.
    LetIn {
        /// Whose entry.
        chain: ChainId,
        /// Its number.
        seq: u64,
        /// Who decided.
        by: String,
        /// When, ms since 1970.
        at: i64,
        /// Why.
        reason: String,
    },
}

impl ClerkFact {
    /// As it is kept.
    pub fn to_own(&self) -> OwnFact {
        let mut w = Writer::new();
        w.u8(1);
        let code = match self {
            Self::Looks(looks) => {
                w.count(looks.len().min(LOOKS) as u64);
                for look in looks.iter().take(LOOKS) {
                    w.i64(look.at).text(&look.by).text(&look.how).text(&look.about);
                    w.count(look.records.len().min(RECORDS) as u64);
                    for record in look.records.iter().take(RECORDS) {
                        w.fixed(record.as_bytes());
                    }
                }
                96
            }
            Self::Filter { login, name, address, at } => {
                w.text(login).text(name).text(address).i64(*at);
                97
            }
            Self::LetIn { chain, seq, by, at, reason } => {
                w.fixed(chain.as_bytes()).u64(*seq).text(by).i64(*at).text(reason);
                98
            }
        };
        OwnFact::Other(code, w.finish())
    }

    /// Reads one; `None` for facts of others and of later versions.
    pub fn from_own(fact: &OwnFact) -> Option<Self> {
        let OwnFact::Other(code, bytes) = fact else { return None };
        Self::decode(*code, bytes).ok().flatten()
    }

    /// True for a code of these facts.
    #[cfg(test)]
    pub(super) fn is_known(code: u8) -> bool {
        Self::decode(code, &[1]).is_err()
    }

    fn decode(code: u8, bytes: &[u8]) -> Result<Option<Self>, DecodeError> {
        let mut r = Reader::new(bytes);
        if r.u8()? != 1 {
            return Ok(None);
        }
        let fact = match code {
            96 => {
                let count = r.count_to(LOOKS)?;
                Self::Looks((0..count).map(|_| look(&mut r)).collect::<Result<_, _>>()?)
            }
            97 => Self::Filter { login: line(&mut r)?, name: line(&mut r)?, address: line(&mut r)?, at: r.i64()? },
            98 => Self::LetIn {
                chain: ChainId::from_bytes(r.fixed()?),
                seq: r.u64()?,
                by: line(&mut r)?,
                at: r.i64()?,
                reason: line(&mut r)?,
            },
            _ => return Ok(None),
        };
        r.end()?;
        Ok(Some(fact))
    }
}

fn look(r: &mut Reader<'_>) -> Result<Look, DecodeError> {
    let (at, by, how, about) = (r.i64()?, line(r)?, line(r)?, line(r)?);
    let count = r.count_to(RECORDS)?;
    let record = |r: &mut Reader<'_>| Ok(RecordId::from_bytes(r.fixed()?));
    let records = (0..count).map(|_| record(r)).collect::<Result<_, DecodeError>>()?;
    Ok(Look { at, by, how, about, records })
}

fn line(r: &mut Reader<'_>) -> Result<String, DecodeError> {
    Ok(r.text(LINE)?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look() -> Look {
        let records = vec![RecordId::from_bytes([7; 16])];
        Look { at: 258, by: "o".into(), how: "page".into(), about: String::new(), records }
    }

    #[test]
    fn every_fact_is_read_back() {
        let filter = |address: &str| ClerkFact::Filter {
            login: "o.koval".into(),
            name: "Субсидії".into(),
            address: address.into(),
            at: -1,
        };
        let (chain, reason) = (ChainId::from_bytes([6; 16]), "знайшлася".to_owned());
        let facts = [
            ClerkFact::Looks(vec![look(), Look { records: Vec::new(), ..look() }]),
            filter("/queue?group=new&service=subsidy"),
            filter(""),
            ClerkFact::LetIn { chain, seq: 9, by: "admin".into(), at: 4, reason },
        ];
        for fact in facts {
            let own = OwnFact::decode(&fact.to_own().encode()).unwrap();
            assert_eq!(ClerkFact::from_own(&own), Some(fact));
        }
        assert_eq!(ClerkFact::from_own(&OwnFact::Other(97, vec![2])), None);
        assert_eq!(ClerkFact::from_own(&OwnFact::Other(96, vec![1, 255, 255])), None);
    }

    #[test]
    fn the_bytes_of_a_look_are_the_documented_ones() {
        let OwnFact::Other(code, bytes) = ClerkFact::Looks(vec![look()]).to_own() else { panic!("another fact") };
        assert_eq!(code, 96);
        let mut expected = b"\x01\x01\x00\x00\x00\x00\x00\x00\x01\x02\x01o\x04page\x00\x01".to_vec();
        expected.extend([7; 16]);
        assert_eq!(bytes, expected);
    }
}
