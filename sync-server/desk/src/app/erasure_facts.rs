//! What people decided about erasing somebody's data, as facts of the desk's case chain: a desk that is made again from
//! the kit goes on with them.
//!
//! Each is an `own` fact as [`super::facts`] describes: code, version = 1, fields. They name nobody: a record by its id,
//! a request by its receipt number, which the register of numbers must account for.
//!
//! | code | fact | fields |
//! |---|---|---|
//! | 110 | erasure proposed | id 16, records: count, then of each: record 16, kind `u8`, number (text, may be empty); reason (text), why open requests go too (text, may be empty), by (text), at `i64` ms |
//! | 111 | erasure confirmed | id 16, days until it takes effect `u16`, by (text), at `i64` ms |
//! | 112 | erasure declined | id 16, reason (text), by (text), at `i64` ms |
//! | 113 | erasure carried out: the order is in the register | id 16, at `i64` ms |
//! | 114 | days between confirming and effect | days `u16`, by (text), at `i64` ms |

use ids::{ErasureId, RecordId};
use peer::OwnFact;
use records::Kind;
use signing::canonical::{DecodeError, Reader, Writer};
use std::collections::{BTreeMap, BTreeSet};

const LINE: usize = 600;
/// Records that one proposal may name.
pub(crate) const RECORDS: usize = 500;
const DAY: i64 = 24 * 60 * 60 * 1000;
/// Days between confirming and effect, unless another number is set.
pub(crate) const DAYS: u16 = 7;

/// A record that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedRecord {
    /// Which.
    pub record: RecordId,
    /// What it is.
    pub kind: Kind,
    /// Its number on paper; empty if it has none.
    pub number: String,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErasureFact {
    /// Somebody wants it.
    Proposed { id: ErasureId, records: Vec<ErasedRecord>, reason: String, open: String, by: String, at: i64 },
    /// A second person wants it, too.
    Confirmed { id: ErasureId, days: u16, by: String, at: i64 },
    /// Somebody does not.
    Declined { id: ErasureId, reason: String, by: String, at: i64 },
    /// The order is in the register.
    CarriedOut { id: ErasureId, at: i64 },
    /// How long it can be declined after it was confirmed.
    Days { days: u16, by: String, at: i64 },
}

impl ErasureFact {
    /// As it is kept.
    pub fn to_own(&self) -> OwnFact {
        let mut w = Writer::new();
        w.u8(1);
        let code = match self {
            Self::Proposed { id, records, reason, open, by, at } => {
                w.fixed(id.as_bytes()).count(records.len() as u64);
                for one in records {
                    w.fixed(one.record.as_bytes()).u8(one.kind.code()).text(&one.number);
                }
                w.text(reason).text(open).text(by).i64(*at);
                110
            }
            Self::Confirmed { id, days, by, at } => {
                w.fixed(id.as_bytes()).u16(*days).text(by).i64(*at);
                111
            }
            Self::Declined { id, reason, by, at } => {
                w.fixed(id.as_bytes()).text(reason).text(by).i64(*at);
                112
            }
            Self::CarriedOut { id, at } => {
                w.fixed(id.as_bytes()).i64(*at);
                113
            }
            Self::Days { days, by, at } => {
                w.u16(*days).text(by).i64(*at);
                114
            }
        };
        OwnFact::Other(code, w.finish())
    }

    /// Reads one after its version; `None` for codes of others.
    pub fn decode(code: u8, r: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {
        let id = |r: &mut Reader<'_>| Ok::<_, DecodeError>(ErasureId::from_bytes(r.fixed()?));
        Ok(Some(match code {
            110 => {
                let (id, count) = (id(r)?, r.count_to(RECORDS)?);
                let records = (0..count).map(|_| erased(r)).collect::<Result<_, _>>()?;
                Self::Proposed { id, records, reason: line(r)?, open: line(r)?, by: line(r)?, at: r.i64()? }
            }
            111 => Self::Confirmed { id: id(r)?, days: r.u16()?, by: line(r)?, at: r.i64()? },
            112 => Self::Declined { id: id(r)?, reason: line(r)?, by: line(r)?, at: r.i64()? },
            113 => Self::CarriedOut { id: id(r)?, at: r.i64()? },
            114 => Self::Days { days: r.u16()?, by: line(r)?, at: r.i64()? },
            _ => return Ok(None),
        }))
    }
}

fn line(r: &mut Reader<'_>) -> Result<String, DecodeError> {
    Ok(r.text(LINE)?.to_owned())
}

fn erased(r: &mut Reader<'_>) -> Result<ErasedRecord, DecodeError> {
    let (record, code) = (RecordId::from_bytes(r.fixed()?), r.u8()?);
    let kind = Kind::from_code(code).ok_or(DecodeError::Unknown(code))?;
    Ok(ErasedRecord { record, kind, number: line(r)? })
}

/// A proposal and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What goes.
    pub records: Vec<ErasedRecord>,
    /// Why.
    pub reason: String,
    /// Why open requests go, too; empty if there were none.
    pub open: String,
    /// By whom and when, ms since 1970.
    pub proposed: (String, i64),
    /// By whom, when, and when it takes effect.
    pub confirmed: Option<(String, i64, i64)>,
    /// Why, by whom, when.
    pub declined: Option<(String, String, i64)>,
    /// When the order was written.
    pub carried_out: Option<i64>,
}

impl Proposal {
    /// The records alone.
    pub fn ids(&self) -> BTreeSet<RecordId> {
        self.records.iter().map(|one| one.record).collect()
    }

    /// When it takes effect, if it does.
    pub fn due(&self) -> Option<i64> {
        self.confirmed.as_ref().filter(|_| self.declined.is_none()).map(|(_, _, due)| *due)
    }
}

/// What the decisions add up to.
#[derive(Debug, Default)]
pub struct ErasureBook {
    /// By id.
    pub proposals: BTreeMap<ErasureId, Proposal>,
    /// As set.
    pub days: Option<u16>,
}

impl ErasureBook {
    /// One more decision. The facts are written only where they are allowed; read again, whatever order two desks' chains
    /// come in, nobody confirms an own proposal, and what was declined before it was confirmed stays declined.
    pub fn take(&mut self, fact: ErasureFact) {
        match fact {
            ErasureFact::Proposed { id, records, reason, open, by, at } => {
                let proposal = Proposal {
                    records,
                    reason,
                    open,
                    proposed: (by, at),
                    confirmed: None,
                    declined: None,
                    carried_out: None,
                };
                self.proposals.entry(id).or_insert(proposal);
            }
            ErasureFact::Confirmed { id, days, by, at } => {
                if let Some(one) = self.proposals.get_mut(&id).filter(|one| one.proposed.0 != by) {
                    let due = at.saturating_add(i64::from(days).saturating_mul(DAY));
                    one.confirmed.get_or_insert((by, at, due));
                }
            }
            ErasureFact::Declined { id, reason, by, at } => {
                if let Some(one) = self.proposals.get_mut(&id) {
                    one.declined.get_or_insert((reason, by, at));
                }
            }
            ErasureFact::CarriedOut { id, at } => {
                if let Some(one) = self.proposals.get_mut(&id) {
                    one.carried_out.get_or_insert(at);
                }
            }
            ErasureFact::Days { days, .. } => self.days = Some(days),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::facts::DeskFact;
    use super::*;

    fn id() -> ErasureId {
        ErasureId::from_bytes([1; 16])
    }

    fn facts() -> [ErasureFact; 5] {
        let by = || "admin".to_owned();
        let record = ErasedRecord { record: RecordId::from_bytes([2; 16]), kind: Kind::Request, number: "7-1".into() };
        [
            ErasureFact::Proposed {
                id: id(),
                records: vec![record],
                reason: "заява".into(),
                open: String::new(),
                by: by(),
                at: 1,
            },
            ErasureFact::Confirmed { id: id(), days: 7, by: "second".into(), at: 258 },
            ErasureFact::Declined { id: id(), reason: "помилка".into(), by: by(), at: 3 },
            ErasureFact::CarriedOut { id: id(), at: 4 },
            ErasureFact::Days { days: 0, by: by(), at: 5 },
        ]
    }

    #[test]
    fn every_decision_is_read_back_and_no_cut_one_is() {
        for fact in facts() {
            let OwnFact::Other(code, bytes) = fact.to_own() else { panic!("another fact") };
            let again = DeskFact::from_own(&OwnFact::Other(code, bytes.clone()));
            assert!(matches!(again, Some(DeskFact::Erasure(read)) if read == fact));
            assert!(
                (1..bytes.len())
                    .all(|end| { DeskFact::from_own(&OwnFact::Other(code, bytes[..end].to_vec())).is_none() })
            );
        }
        let OwnFact::Other(code, bytes) = facts()[1].to_own() else { panic!("another fact") };
        let parts: [&[u8]; 3] = [&[1], &[1; 16], b"\x00\x07\x06second\0\0\0\0\0\0\x01\x02"];
        assert_eq!((code, bytes), (111, parts.concat()));
    }

    #[test]
    fn nobody_confirms_an_own_proposal_whatever_stands_in_the_chain() {
        let mut book = ErasureBook::default();
        let [proposed, confirmed, declined, ..] = facts();
        book.take(proposed);
        book.take(ErasureFact::Confirmed { id: id(), days: 0, by: "admin".into(), at: 2 });
        assert_eq!(book.proposals[&id()].due(), None);
        book.take(confirmed);
        assert_eq!(book.proposals[&id()].due(), Some(258 + 7 * DAY));
        book.take(declined);
        assert_eq!(book.proposals[&id()].due(), None);
        assert_eq!(book.proposals[&id()].ids().len(), 1);
    }
}
