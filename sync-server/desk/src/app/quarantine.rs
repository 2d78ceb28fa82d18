//! Entries that are kept and not among the records, until a person lets them in.

use super::accounts::Rank;
use super::clerk_facts::ClerkFact;
use super::facts::DeskFact;
use super::{Desk, DeskError};
use chain::{Exception, ExceptionCode, Register, limits};
use ids::{ChainId, ReceiptNumber, RecordId};
use peer::{Act, PeerError, SaidAside};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::str::FromStr;

/// So many entries of one chain are opened for a list, the register of numbers, or a number that is asked for: who stole a suitcase can write
/// any number of them, and each costs.
pub(super) const OPENED: usize = 200;

/// So many entries of one chain are looked at, unopened, for a number that is asked for.
const LOOKED_AT: usize = 2_000;

/// So many decisions are written in one act.
const AT_ONCE: usize = 100;

/// Entries of one chain that a person decides on together: `20`, or `20-44`, of which those count that are set aside. What
/// comes after the list was read has a higher number and waits for a decision of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run(RangeInclusive<u64>);

impl From<u64> for Run {
    fn from(seq: u64) -> Self {
        Self(seq..=seq)
    }
}

impl FromStr for Run {
    type Err = DeskError;

    fn from_str(text: &str) -> Result<Self, DeskError> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        match (first.parse(), last.parse()) {
            (Ok(first), Ok(last)) if first <= last => Ok(Self(first..=last)),
            _ => Err(DeskError::refused(
                "впишіть номер запису або перший і останній через дефіс: 20 або 20-44",
                "write an entry's number, or the first and the last with a hyphen: 20 or 20-44",
            )),
        }
    }
}

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
    /// The person it is about, if that is known here; may be empty. Of a request that is not among the records it is
    /// looked up in the first entries of a chain only.
    pub name: String,
    /// True if a person may let it in.
    pub acceptable: bool,
}

impl Desk {
    /// Everything set aside that nobody has decided on, by suitcase and number.
    pub fn set_aside(&self, by: &str) -> Result<Vec<SetAside>, DeskError> {
        self.list_aside(by, OPENED)
    }

    /// Of each chain `opened` entries at most are opened to find number and person.
    fn list_aside(&self, by: &str, opened: usize) -> Result<Vec<SetAside>, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let register = self.peer.register()?;
        let declined = self.book()?.declined.clone();
        Ok(self.peer.read(|view| {
            let mut all = Vec::new();
            let mut opened_of: BTreeMap<ChainId, usize> = BTreeMap::new();
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
                let opened_here = opened_of.entry(chain).or_default();
                if let Some(record) = record.filter(|_| row.is_none() && *opened_here < opened) {
                    *opened_here += 1;
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
                    acceptable: may_let_in(exception.code),
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

    /// True if an entry that a person may let in makes a request with this number. Asked of the first entries of the
    /// chains of the suitcase that the number names.
    pub(crate) fn waits_aside(&self, number: &str) -> Result<bool, DeskError> {
        let Ok(number) = number.parse::<ReceiptNumber>() else { return Ok(false) };
        let register = self.peer.register()?;
        let (text, chains) = (number.to_string(), Self::chains_known_of(&register, number.suitcase()));
        let declined = self.book()?.declined.clone();
        Ok(self.peer.read(|view| {
            for chain in chains {
                let mut met = BTreeSet::new();
                let open = view.exceptions(Some(chain))?.into_iter().map(|(_, exception)| exception);
                let open = open.filter(|one| may_let_in(one.code) && !declined.contains(&(chain, one.seq)));
                for exception in open.take(LOOKED_AT) {
                    let Some(record) = view.record_of(chain, exception.seq)? else { continue };
                    // The entry that makes a request names it, and is the first one of it; what is among the records
                    // was found there.
                    if !met.insert(record) || view.row(record)?.is_some() {
                        continue;
                    }
                    if view.number_set_aside(chain, exception.seq)?.as_deref() == Some(&text) {
                        return Ok(true);
                    }
                    if met.len() >= OPENED {
                        break;
                    }
                }
            }
            Ok(false)
        })?)
    }

    /// A person lets entries in: late work of a revoked suitcase, or changes by a suitcase that was not granted the
    /// record. The reason is kept. Gives back how many.
    pub fn accept_set_aside(
        &self,
        by: &str,
        chain: ChainId,
        run: impl Into<Run>,
        reason: &str,
    ) -> Result<usize, DeskError> {
        let reason = kept_reason(reason)?;
        if reason.is_empty() {
            return Err(DeskError::refused("впишіть, чому запис внесено", "write why the entry is let in"));
        }
        let found = self.found_set_aside(by, chain, run.into())?;
        let seqs: Vec<u64> = found.iter().filter(|entry| entry.acceptable).map(|entry| entry.seq).collect();
        if seqs.is_empty() {
            let sentence = found.first().map_or("", |entry| &entry.sentence);
            return Err(DeskError::refused(
                format!("цей запис не можна прийняти: {sentence}"),
                format!("this entry cannot be accepted: {sentence}"),
            ));
        }
        for seqs in seqs.chunks(AT_ONCE) {
            let reason = reason.clone();
            self.note_each(by, seqs, move |act, seq, by, at| {
                act.own(&DeskFact::Accepted { chain, seq, by: by.clone(), at }.to_own())?;
                act.own(&ClerkFact::LetIn { chain, seq, by, at, reason: reason.clone() }.to_own()).map(|_| ())
            })?;
            self.peer.accept_exceptions(chain, seqs)?;
        }
        self.look_for_known_keys();
        self.tell();
        Ok(seqs.len())
    }

    /// A person looked at entries and leaves them where they are: kept, out of every list and record. Gives back how many.
    pub fn decline_set_aside(
        &self,
        by: &str,
        chain: ChainId,
        run: impl Into<Run>,
        reason: &str,
    ) -> Result<usize, DeskError> {
        let reason = kept_reason(reason)?;
        if reason.is_empty() {
            return Err(DeskError::refused("впишіть, чому запис відхилено", "write why the entry is declined"));
        }
        let seqs: Vec<u64> = self.found_set_aside(by, chain, run.into())?.iter().map(|entry| entry.seq).collect();
        for seqs in seqs.chunks(AT_ONCE) {
            let reason = reason.clone();
            self.note_each(by, seqs, move |act, seq, by, at| {
                act.own(&DeskFact::Declined { chain, seq, by, at, reason: reason.clone() }.to_own()).map(|_| ())
            })?;
        }
        Ok(seqs.len())
    }

    /// What was decided on each of these entries, by whom and when, in one act.
    fn note_each(
        &self,
        by: &str,
        seqs: &[u64],
        note: impl Fn(&mut Act<'_>, u64, String, i64) -> Result<(), PeerError> + Send + 'static,
    ) -> Result<(), DeskError> {
        let seqs = seqs.to_vec();
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            seqs.into_iter().try_for_each(|seq| note(act, seq, by.clone(), at))
        })
    }

    /// At least one.
    fn found_set_aside(&self, by: &str, chain: ChainId, run: Run) -> Result<Vec<SetAside>, DeskError> {
        let mut found = self.list_aside(by, 0)?;
        found.retain(|entry| entry.chain == chain && run.0.contains(&entry.seq));
        if found.is_empty() {
            return Err(DeskError::not_found(
                "такого відкладеного запису немає: оновіть список",
                "there is no such entry set aside: reload the list",
            ));
        }
        Ok(found)
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

const fn may_let_in(code: ExceptionCode) -> bool {
    matches!(code, ExceptionCode::Quarantined | ExceptionCode::Proposal)
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
    fn a_number_waits_aside_only_where_a_person_can_let_its_entry_in() {
        let mut town = testing::town();
        let (seven, eight) = (town.suitcase(7), town.suitcase(8));
        let here = seven.record("Коваль", "Ганна");
        town.carry_up(&seven);
        town.carry_up(&eight);
        town.desk.grant("admin", &here, 8, "").unwrap();
        // Another beginning of a record that is here: nobody can let it in.
        let begun = town.desk.request_of(&here).unwrap();
        let second = eight.record_as(("Мороз", "Іван"), Some(begun), |number| number);
        town.carry_up(&eight);
        town.desk.revoke("admin", 7, "викрадено").unwrap();
        let late = seven.record("Гук", "Степан");
        town.carry_up(&seven);
        let listed = town.desk.set_aside("admin").unwrap();
        let aside: Vec<_> = listed.iter().map(|one| (one.code, one.acceptable)).collect();
        assert!(aside.contains(&("gate", false)) && aside.contains(&("quarantined", true)), "{aside:?}");
        let told = |number: &str| town.desk.request_of(number).unwrap_err().sentence.uk;
        assert!(told(&late).contains("Карантин"));
        assert!(told(&late.to_lowercase().replace('-', "–")).contains("Карантин"), "as it is typed");
        for other in [second.as_str(), &number(7, 900), &number(8, 1), &number(9, 1), "7-211126", "ні"] {
            assert!(told(other).contains("тут немає"), "{other}: {}", told(other));
        }
        for one in listed.iter().filter(|one| one.acceptable) {
            town.desk.decline_set_aside("admin", one.chain, one.seq, "чуже").unwrap();
        }
        assert!(told(&late).contains("тут немає"), "decided");
    }

    fn number(suitcase: u16, counter: u16) -> String {
        ReceiptNumber::new(suitcase, (2026, 11, 21), counter, [3, 4]).unwrap().to_string()
    }

    #[test]
    fn of_what_a_thief_writes_only_the_first_entries_are_opened() {
        let mut town = testing::town();
        let seven = town.suitcase(7);
        let eight = town.suitcase(8);
        for suitcase in [7, 8] {
            town.desk.revoke("admin", suitcase, "викрадено").unwrap();
        }
        let numbers: Vec<String> = (0..OPENED + 2).map(|_| seven.record("Коваль", "Ганна")).collect();
        let other = eight.record("Мороз", "Іван");
        town.carry_up(&seven);
        town.carry_up(&eight);
        let aside = town.desk.set_aside("admin").unwrap();
        let named = |suitcase| {
            aside
                .iter()
                .filter(|one| one.suitcase == Some(suitcase) && !one.name.is_empty() && one.number.is_some())
                .count()
        };
        assert_eq!((aside.len(), named(7), named(8)), (OPENED + 3, OPENED, 1), "all are listed");
        let waits = |number: &str| town.desk.waits_aside(number).unwrap();
        assert!(waits(&numbers[0]) && waits(&numbers[OPENED - 1]) && waits(&other));
        assert!(!waits(&numbers[OPENED]));
        // What was not opened for the list is decided on like any other.
        let last = aside.iter().filter(|one| one.suitcase == Some(7)).max_by_key(|one| one.seq).unwrap();
        assert!(last.number.is_none());
        town.desk.accept_set_aside("admin", last.chain, last.seq, "ноутбук знайшовся").unwrap();
        assert!(town.desk.request_of(&numbers[OPENED + 1]).is_ok());
    }

    #[test]
    fn entries_of_one_suitcase_are_decided_on_together_and_later_ones_are_not() {
        let mut town = testing::town();
        let seven = town.suitcase(7);
        town.desk.revoke("admin", 7, "викрадено").unwrap();
        let numbers = ["Коваль", "Гук", "Мороз"].map(|last| {
            let number = seven.record(last, "Ганна");
            town.carry_up(&seven);
            let newest = town.desk.set_aside("admin").unwrap().last().unwrap().seq;
            (number, newest)
        });
        let chain = seven.peer.chain();
        let run = |text: &str| text.parse::<Run>().unwrap();
        let aside = || town.desk.set_aside("admin").unwrap().len();
        let (all, first) = (aside(), town.desk.set_aside("admin").unwrap()[0].seq);
        let second = run(&format!("{first}-{}", numbers[1].1));
        assert!(town.desk.accept_set_aside("admin", chain, second.clone(), " ").is_err(), "a reason is asked for");
        let let_in = town.desk.accept_set_aside("admin", chain, second.clone(), "ноутбук знайшовся").unwrap();
        assert!(let_in >= 2 && aside() == all - let_in);
        let known = numbers.each_ref().map(|(number, _)| town.desk.request_of(number).is_ok());
        assert_eq!(known, [true, true, false]);
        assert!(town.desk.accept_set_aside("admin", chain, second, "ще раз").is_err(), "decided");
        let rest = run(&format!("1-{}", u64::MAX));
        assert_eq!(town.desk.decline_set_aside("admin", chain, rest, "чуже").unwrap(), all - let_in);
        assert_eq!(aside(), 0);
        for wrong in ["", "x", "3-2", "-4", "4-", "1-2-3"] {
            assert!(wrong.parse::<Run>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn entries_are_let_in_together_or_not_at_all() {
        let mut town = testing::town();
        let seven = town.suitcase(7);
        town.desk.revoke("admin", 7, "викрадено").unwrap();
        let numbers = ["Коваль", "Гук"].map(|last| seven.record(last, "Ганна"));
        town.carry_up(&seven);
        let chain = seven.peer.chain();
        let aside = || town.desk.set_aside("admin").unwrap().iter().map(|one| one.seq).collect::<Vec<_>>();
        let known = || numbers.each_ref().map(|number| town.desk.request_of(number).is_ok());
        let all = aside();
        let with_one_that_is_not_here = [all.as_slice(), &[999]].concat();
        let refused = town.desk.peer.accept_exceptions(chain, &with_one_that_is_not_here);
        assert!(matches!(refused, Err(PeerError::NoSuchRecord)), "{refused:?}");
        town.desk.peer.absorb().unwrap();
        assert_eq!((aside(), known()), (all.clone(), [false, false]));
        town.desk.peer.accept_exceptions(chain, &all).unwrap();
        assert_eq!((aside(), known()), (vec![], [true, true]));
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
