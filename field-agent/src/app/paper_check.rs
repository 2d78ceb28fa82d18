//! Checking a paper that somebody shows: the text of its QR code (a scanner types it like a keyboard), or its number.
//!
//! The code is checked without a network against the register, which is held whole and goes back to the pinned root: so
//! a suitcase checks what any suitcase of its community has printed.

use super::{Agent, AppError, Statement, StatementError};
use chain::Register;
use ids::ReceiptNumber;
use serde::Serialize;

/// The longest text that is looked at.
const LONGEST: usize = 4_000;

/// What was found about a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum PaperCheck {
    /// The code is signed by a suitcase of this community.
    Genuine {
        /// What the paper states.
        statement: Statement,
        /// The service's name, if the catalogue here knows it.
        service_name: String,
        /// Who printed it.
        suitcase: Option<u16>,
        /// How the suitcase that signed stood when the paper says that it was signed.
        signer: Signer,
        /// The request, if it is on this suitcase.
        held: Option<Held>,
    },
    /// A number alone proves nothing about a paper; it says what is known of it.
    Number {
        /// As it is written.
        number: String,
        /// The suitcase that the number names.
        suitcase: u16,
        /// Whether the register knows a suitcase of this number.
        suitcase_known: bool,
        /// The day that the number names, `YYYY-MM-DD`.
        day: String,
        /// The request, if it is on this suitcase.
        held: Option<Held>,
    },
}

/// How the suitcase that signed a paper stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "signer", rename_all = "snake_case")]
pub enum Signer {
    /// Certified at the time that the paper states.
    Certified,
    /// Its certificate had run out by then: the paper counts once the centre has the request.
    Expired,
    /// It was revoked, and the paper states a time after that.
    Revoked {
        /// Since when, ms since 1970.
        from: i64,
    },
    /// It was revoked, and the paper states a time before that: who has the suitcase sets its clock.
    RevokedSince {
        /// Since when, ms since 1970.
        from: i64,
    },
}

/// The request of a paper, as this suitcase holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Number on the опис.
    pub number: String,
    /// Applicant.
    pub applicant: String,
    /// The service's name.
    pub service_name: String,
    /// Submitted, device time, ms since 1970.
    pub submitted: i64,
    /// Papers taken or seen.
    pub papers: usize,
    /// The state in words, Ukrainian and English.
    pub state: (String, String),
    /// The paper states something else than the request says: it was corrected after it was printed, or changed.
    pub differs: bool,
}

impl Agent {
    /// Checks what somebody typed or scanned: a code, or a number. Words that are neither are refused.
    pub fn check_paper(&self, text: &str) -> Result<Result<PaperCheck, StatementError>, AppError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AppError::input(
                "зчитайте код з опису або впишіть номер",
                "scan the code on the paper, or write its number",
            ));
        }
        if text.len() > LONGEST {
            return Ok(Err(StatementError::Form));
        }
        if let Ok(number) = text.parse::<ReceiptNumber>() {
            return Ok(Ok(self.check_number(&number)?));
        }
        let register = self.peer.register()?;
        let statement = match Statement::from_text(text, &register) {
            Ok(statement) => statement,
            // A number with a wrong check character is a number that was mistyped, not a code.
            Err(StatementError::Form) if looks_like_a_number(text) => {
                return Err(AppError::Input(ids::ReceiptNumberError::Check.to_string()));
            }
            Err(error) => return Ok(Err(error)),
        };
        let held = match self.held(&statement.number)? {
            Some(held) => Some(Held { differs: self.states_otherwise(&statement, &held)?, ..held }),
            None => None,
        };
        Ok(Ok(PaperCheck::Genuine {
            service_name: self.service_name(&statement.service).map(|words| words.uk).unwrap_or_default(),
            suitcase: register.suitcase(statement.chain).map(|certificate| certificate.number),
            signer: signer(&register, &statement),
            held,
            statement,
        }))
    }

    /// Whether a paper says something else than the request that it names.
    fn states_otherwise(&self, statement: &Statement, held: &Held) -> Result<bool, AppError> {
        let (row, _, view) = self.find_view(&held.number)?;
        let entry = self.first_entry(row.record)?;
        Ok(held.submitted != statement.at
            || held.papers != usize::from(statement.papers)
            || view.service.text() != statement.service
            || entry.is_some_and(|entry| entry != statement.entry))
    }

    fn check_number(&self, number: &ReceiptNumber) -> Result<PaperCheck, AppError> {
        let register = self.peer.register()?;
        let (year, month, day) = number.date();
        Ok(PaperCheck::Number {
            suitcase: number.suitcase(),
            suitcase_known: register.suitcases().any(|certificate| certificate.number == number.suitcase()),
            day: format!("{year:04}-{month:02}-{day:02}"),
            held: self.held(&number.to_string())?,
            number: number.to_string(),
        })
    }

    fn held(&self, number: &str) -> Result<Option<Held>, AppError> {
        let request = match self.request(number) {
            Ok(request) => request,
            Err(AppError::NoSuchRequest(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(Held {
            number: request.number,
            applicant: request.applicant,
            service_name: request.service_name,
            submitted: request.submitted,
            papers: request.papers.len(),
            state: (request.state_name.uk.to_owned(), request.state_name.en.to_owned()),
            differs: false,
        }))
    }
}

/// Groups of few letters and digits with dashes between them.
fn looks_like_a_number(text: &str) -> bool {
    text.chars().count() < 24 && text.split(['-', '–', '—', ' ']).filter(|group| !group.is_empty()).count() == 4
}

fn signer(register: &Register, statement: &Statement) -> Signer {
    if let Some((from, _)) = register.revocation(statement.chain) {
        return if statement.at >= from { Signer::Revoked { from } } else { Signer::RevokedSince { from } };
    }
    let until = register.suitcase(statement.chain).map(|certificate| certificate.validity.not_after);
    match until {
        Some(until) if statement.at > until => Signer::Expired,
        _ => Signer::Certified,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{NOON, agent, sample_form};
    use chain::Fact;

    const DAY: i64 = 86_400_000;

    fn genuine(agent: &Agent, text: &str) -> (Signer, Option<Held>) {
        match agent.check_paper(text).unwrap().unwrap() {
            PaperCheck::Genuine { signer, held, .. } => (signer, held),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn own_papers_are_genuine_and_say_when_they_were_printed_before_a_correction() {
        let (_bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let code = agent.statement(&number).unwrap();
        let (signer, held) = genuine(&agent, &format!(" {}\n", code.to_lowercase()));
        let held = held.unwrap();
        assert_eq!((signer, held.number.as_str(), held.differs), (Signer::Certified, number.as_str(), false));
        let mut form = agent.form_of_request(&number).unwrap();
        form.papers.remove("income-expense-declaration").unwrap();
        form.accepted.insert("d.income-expense-declaration".into(), "забрала".into());
        assert!(agent.correct_by_form(&number, &form, "забрала").unwrap().changed);
        assert!(genuine(&agent, &code).1.unwrap().differs, "the paper lists one more");
        for (typed, found) in [(number.as_str(), true), ("3-211126-002-ПП9", false)] {
            match agent.check_paper(typed) {
                Ok(Ok(PaperCheck::Number { held, .. })) => assert_eq!(held.is_some(), found, "{typed}"),
                other => assert!(!found, "{typed}: {other:?}"),
            }
        }
    }

    #[test]
    fn expired_and_revoked_signers_are_told_apart() {
        let (bench, agent) = agent();
        let early = agent.save(&sample_form(), None).unwrap().number;
        let early = agent.statement(&early).unwrap();
        bench.clock.set_wall(clock::Time(NOON.0 + 190 * DAY));
        let late = agent.save(&sample_form(), None).unwrap().number;
        assert_eq!(genuine(&agent, &agent.statement(&late).unwrap()).0, Signer::Expired);
        let chain = agent.peer.chain();
        let from = NOON.0 + 189 * DAY;
        let revocation = Fact::Revocation { chain, from, reason: "вкрадено".into() };
        bench.centre.desk.act(move |act| act.register_fact(&revocation)).unwrap();
        bench.centre.give_to(&agent.peer);
        assert_eq!(genuine(&agent, &agent.statement(&late).unwrap()).0, Signer::Revoked { from });
        // The time is the thief's own: an earlier one proves nothing.
        assert_eq!(genuine(&agent, &early).0, Signer::RevokedSince { from });
    }

    #[test]
    fn a_paper_of_another_entry_or_service_differs() {
        let (_bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let real = agent.check_statement(&agent.statement(&number).unwrap()).unwrap().unwrap();
        let signed = |service: &str, entry: [u8; 8]| {
            let statement = ::papers::Statement {
                number: number.clone(),
                service: service.into(),
                at: real.at,
                papers: real.papers,
                entry,
                chain: real.chain,
            };
            let signature = agent.peer.sign(signing::Label::Statement, statement.fields()).unwrap();
            genuine(&agent, &statement.to_text(&signature)).1.unwrap().differs
        };
        assert!(!signed(&real.service, real.entry));
        assert!(signed("pension-assignment", real.entry) && signed(&real.service, [7; 8]));
    }

    #[test]
    fn what_is_no_paper_of_ours_is_said() {
        let (_bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let code = agent.statement(&number).unwrap();
        let at = code.len() - 70 * 2;
        let other = if code.as_bytes()[at] == b'0' { "1" } else { "0" };
        let forged = format!("{}{other}{}", &code[..at], &code[at + 1..]);
        let foreign = {
            // Of a suitcase that this register does not know: the chain's bytes come after the version.
            let head = "VALIZA-S-".len() + 2;
            format!("{}{}{}", &code[..head], "AB".repeat(16), &code[head + 32..])
        };
        let long = "A".repeat(5_000);
        for (text, expected) in [
            (forged.as_str(), StatementError::Forged),
            (&foreign, StatementError::UnknownSuitcase),
            ("https://example.org", StatementError::Form),
            (&code[..40], StatementError::Form),
            (&long, StatementError::Form),
        ] {
            let found = agent.check_paper(text).unwrap().unwrap_err();
            assert!(found == expected || (text == forged && found == StatementError::Form), "{text}: {found}");
        }
        assert!(agent.check_paper("  ").is_err());
        let mistyped = number.replace('0', "1");
        if mistyped != number {
            assert!(!matches!(agent.check_paper(&mistyped), Ok(Ok(PaperCheck::Genuine { .. }))));
        }
    }
}
