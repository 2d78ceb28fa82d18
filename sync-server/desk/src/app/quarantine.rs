//! Entries that are kept and not among the records, until a person lets them in.

use super::accounts::Rank;
use super::clerk_facts::ClerkFact;
use super::facts::DeskFact;
use super::{Desk, DeskError};
use chain::{Exception, ExceptionCode, Register, limits};
use ids::{ChainId, RecordId};
use peer::SaidAside;
use std::collections::BTreeMap;

/// An entry set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Whose chain.
    pub chain: ChainId,
    /// Which entry.
    pub seq: u64,
    /// Which suitcase.
    pub suitcase: Option<u16>,
    /// Why, as a name: `continued` (the number went over to another laptop), `unopened`, `gate`, `later_version`, `quarantined`, `proposal`, `signature`, `fork`,
    /// `other` for one of a later version.
    pub code: &'static str,
    /// Why, in words; may be empty.
    pub sentence: String,
    /// Number of the request it is about, if that is known here: of the records, or of what was set aside.
    pub number: Option<String>,
    /// True if that request is among the records.
    pub is_here: bool,
    /// The person it is about, if that is known here; may be empty.
    pub name: String,
    /// True if a person may let it in.
    pub acceptable: bool,
}

impl Desk {
    /// Everything set aside that nobody has decided on, by suitcase and number.
    pub fn set_aside(&self, by: &str) -> Result<Vec<SetAside>, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let register = self.peer.register()?;
        let declined = self.book()?.declined.clone();
        Ok(self.peer.read(|view| {
            let mut all = Vec::new();
            // An entry says least of a request by itself: the one that makes it names number and person.
            let mut told: BTreeMap<RecordId, SaidAside> = BTreeMap::new();
            let mut records = Vec::new();
            for (chain, exception) in view.exceptions(None)? {
                // Of what was erased by order there is nothing left to decide.
                if declined.contains(&(chain, exception.seq)) || exception.code == ExceptionCode::Erased {
                    continue;
                }
                let record = view.record_of(chain, exception.seq)?;
                let row = record.map(|record| view.row(record)).transpose()?.flatten();
                if let Some(record) = record {
                    let said = view.said_aside(chain, exception.seq)?;
                    let known = told.entry(record).or_default();
                    known.number = known.number.take().or(said.number);
                    if known.name.is_empty() {
                        known.name = said.name;
                    }
                }
                let (is_here, row) = (row.is_some(), row.unwrap_or_default());
                records.push(record);
                all.push(SetAside {
                    chain,
                    seq: exception.seq,
                    suitcase: Self::number_of(&register, chain),
                    code: reason_of(&register, chain, &exception),
                    sentence: exception.sentence,
                    number: row.number,
                    is_here,
                    name: row.title,
                    acceptable: matches!(exception.code, ExceptionCode::Quarantined | ExceptionCode::Proposal),
                });
            }
            for (entry, record) in all.iter_mut().zip(records) {
                let Some(said) = record.and_then(|record| told.get(&record)).filter(|_| !entry.is_here) else {
                    continue;
                };
                (entry.number, entry.name) = (said.number.clone(), said.name.clone());
            }
            Ok(all)
        })?)
    }

    /// True if entries wait for a person's decision that make a request with this number.
    pub(crate) fn waits_aside(&self, number: &str) -> Result<bool, DeskError> {
        let declined = self.book()?.declined.clone();
        Ok(self.peer.read(|view| {
            for (chain, exception) in view.exceptions(None)? {
                let is_open = !declined.contains(&(chain, exception.seq));
                if is_open && view.number_set_aside(chain, exception.seq)?.as_deref() == Some(number) {
                    return Ok(true);
                }
            }
            Ok(false)
        })?)
    }

    /// A person lets an entry in: late work of a revoked suitcase, or a change by a suitcase that was not granted the
    /// record. The reason is kept.
    pub fn accept_set_aside(&self, by: &str, chain: ChainId, seq: u64, reason: &str) -> Result<(), DeskError> {
        let reason = kept_reason(reason)?;
        if reason.is_empty() {
            return Err(DeskError::refused("впишіть, чому запис внесено", "write why the entry is let in"));
        }
        let found = self.found_set_aside(by, chain, seq)?;
        if !found.acceptable {
            return Err(DeskError::refused(
                format!("цей запис не можна прийняти: {}", found.sentence),
                format!("this entry cannot be accepted: {}", found.sentence),
            ));
        }
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            act.own(&DeskFact::Accepted { chain, seq, by: by.clone(), at }.to_own())?;
            act.own(&ClerkFact::LetIn { chain, seq, by, at, reason }.to_own()).map(|_| ())
        })?;
        self.peer.accept_exception(chain, seq)?;
        self.look_for_known_keys();
        self.tell();
        Ok(())
    }

    /// A person looked at an entry and leaves it where it is: kept, out of every list and record.
    pub fn decline_set_aside(&self, by: &str, chain: ChainId, seq: u64, reason: &str) -> Result<(), DeskError> {
        let reason = kept_reason(reason)?;
        if reason.is_empty() {
            return Err(DeskError::refused("впишіть, чому запис відхилено", "write why the entry is declined"));
        }
        self.found_set_aside(by, chain, seq)?;
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            act.own(&DeskFact::Declined { chain, seq, by, at, reason }.to_own()).map(|_| ())
        })
    }

    fn found_set_aside(&self, by: &str, chain: ChainId, seq: u64) -> Result<SetAside, DeskError> {
        let found = self.set_aside(by)?.into_iter().find(|entry| (entry.chain, entry.seq) == (chain, seq));
        found.ok_or_else(|| {
            DeskError::not_found(
                "такого відкладеного запису немає: оновіть список",
                "there is no such entry set aside: reload the list",
            )
        })
    }
}

/// A reason as it is kept: whole, or refused.
fn kept_reason(reason: &str) -> Result<String, DeskError> {
    let reason = reason.trim();
    if reason.len() > limits::SENTENCE {
        let most = limits::SENTENCE / 2;
        return Err(DeskError::refused(
            format!("причина задовга: скоротіть її до {most} знаків"),
            format!("the reason is too long: shorten it to {most} characters"),
        ));
    }
    Ok(reason.to_owned())
}

/// A suitcase that was revoked, and one whose number another laptop has, are told apart: nobody did anything about the
/// second.
fn reason_of(register: &Register, chain: ChainId, exception: &Exception) -> &'static str {
    let behind = register.end_of_continued(chain).is_some_and(|end| exception.seq > end.seq);
    match exception.code {
        ExceptionCode::Quarantined if behind && register.revocation(chain).is_none() => "continued",
        code => name_of(code),
    }
}

const fn name_of(code: ExceptionCode) -> &'static str {
    match code {
        ExceptionCode::Unopened => "unopened",
        ExceptionCode::Gate => "gate",
        ExceptionCode::LaterVersion => "later_version",
        ExceptionCode::Quarantined => "quarantined",
        ExceptionCode::Proposal => "proposal",
        ExceptionCode::Signature => "signature",
        ExceptionCode::Fork => "fork",
        ExceptionCode::TakenLater => "taken_later",
        ExceptionCode::Erased => "erased",
        ExceptionCode::Other(_) => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[test]
    fn what_comes_after_the_number_went_over_is_not_said_to_be_of_a_revoked_suitcase() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        let old = suitcase.peer.chain();
        suitcase.peer.begin_anew().unwrap();
        town.carry_up(&suitcase);
        town.desk.confirm_rebirth("admin", suitcase.peer.chain()).unwrap();
        let register = town.desk.peer.register().unwrap();
        let end = register.end_of_continued(old).unwrap().seq;
        let of = |chain, seq, code| reason_of(&register, chain, &Exception { seq, code, sentence: String::new() });
        assert_eq!(of(old, end + 1, ExceptionCode::Quarantined), "continued");
        assert_eq!(of(old, end, ExceptionCode::Quarantined), "quarantined");
        assert_eq!(of(old, end + 1, ExceptionCode::Fork), "fork");
        assert_eq!(of(suitcase.peer.chain(), end + 1, ExceptionCode::Quarantined), "quarantined");
    }

    #[test]
    fn work_on_a_record_that_was_not_granted_is_a_proposal() {
        let mut town = testing::town();
        let (seven, eight) = (town.suitcase(7), town.suitcase(8));
        let number = seven.record("Коваль", "Ганна");
        town.carry_up(&seven);
        town.carry_up(&eight);
        town.desk.grant("admin", &number, 8, "").unwrap();
        town.carry_down(&eight);
        town.carry_across(&seven, &eight);
        let record = town.desk.request_of(&number).unwrap();
        let chain = eight.peer.chain();
        town.desk.act_as("admin", move |act| act.withdraw_grant(record, chain)).unwrap();
        eight.note(&number, "після відкликання доступу");
        town.carry_up(&eight);
        let aside = town.desk.set_aside("admin").unwrap();
        assert_eq!((aside.len(), aside[0].code, aside[0].suitcase), (1, "proposal", Some(8)));
        assert_eq!(aside[0].number.as_deref(), Some(number.as_str()));
        assert!(town.desk.accept_set_aside("admin", chain, 999, "так").is_err());
        assert!(town.desk.accept_set_aside("admin", chain, aside[0].seq, " ").is_err(), "a reason is asked for");
        let long = town.desk.accept_set_aside("admin", chain, aside[0].seq, &"ї".repeat(301)).unwrap_err();
        assert!(long.sentence.uk.contains("задовга"), "{long}");
        town.desk.accept_set_aside("admin", chain, aside[0].seq, "зміну підтверджено телефоном").unwrap();
        assert_eq!(town.desk.view_of(record).unwrap().notes.len(), 1);
    }
}
