//! One answer to many requests: each is tried by itself, and each outcome is told.

use super::accounts::Rank;
use super::{Answer, Desk, DeskError};
use records::{Sentence, Stamp, StampKind};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// So many requests at once.
const MOST: usize = 500;
/// So many outcomes are kept for the pages that show them.
const KEPT: usize = 50;

/// What is done with each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkAnswer {
    /// Taken.
    Claim,
    /// Given back.
    Release,
    /// Taken into work.
    Accept,
    /// Given the next number in the journal.
    Number,
    /// Handed over to the provider: the named one, or each request's own if the name is empty.
    HandOver {
        /// To whom; empty for each request's own provider.
        provider: String,
        /// The mark: day, person, term.
        stamp: Stamp,
    },
    /// Noted.
    Note {
        /// The text.
        text: String,
    },
}

impl BulkAnswer {
    /// Does it move a request on? What another clerk has is not moved on by the way.
    const fn is_a_step(&self) -> bool {
        matches!(self, Self::Accept | Self::Number | Self::HandOver { .. })
    }

    /// Its name in forms and commands.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Release => "release",
            Self::Accept => "accept",
            Self::Number => "number",
            Self::HandOver { .. } => "hand_over",
            Self::Note { .. } => "note",
        }
    }
}

/// What became of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its number, as it was given.
    pub number: String,
    /// Who asks; empty if there is no such request.
    pub applicant: String,
    /// `Ok(true)` it was done, `Ok(false)` there was nothing to do, else why not.
    pub done: Result<bool, Sentence>,
}

/// What became of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcomes {
    /// The answer's name.
    pub answer: &'static str,
    /// Each, the first submitted first.
    pub rows: Vec<Outcome>,
}

/// Number, whose, what.
type Told = (u64, String, Outcomes);

/// Outcomes that a page has still to show, behind the last number given.
#[derive(Default)]
pub(crate) struct Kept(Mutex<(u64, VecDeque<Told>)>);

impl Desk {
    /// Answers each of the requests; gives back the number under which [`Desk::outcomes`] tells what became of them.
    pub fn answer_many(&self, by: &str, numbers: &[String], answer: &BulkAnswer) -> Result<u64, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        if numbers.is_empty() {
            return Err(DeskError::refused(
                "нічого не вибрано: позначте звернення в першому стовпчику",
                "nothing is chosen: mark requests in the first column",
            ));
        }
        if numbers.len() > MOST {
            return Err(DeskError::refused(
                format!("забагато за один раз: не більше {MOST}"),
                format!("too many at once: {MOST} at most"),
            ));
        }
        let mut rows: Vec<Outcome> = Vec::with_capacity(numbers.len());
        for number in &self.by_submission(numbers)? {
            // A row that was sent twice is one request.
            if rows.iter().all(|row| row.number != *number) {
                rows.push(self.answer_one(by, number, answer));
            }
        }
        Ok(self.outcomes.keep(by, Outcomes { answer: answer.name(), rows }))
    }

    /// The first submitted first: journal numbers follow the order in which people came. What is not known here stands
    /// last, to be told of.
    fn by_submission(&self, numbers: &[String]) -> Result<Vec<String>, DeskError> {
        let mut ordered = Vec::with_capacity(numbers.len());
        for number in numbers {
            let submitted_at = match self.request_of(number) {
                // One that does not read is told of when its turn comes.
                Ok(record) => self.view_of(record).map_or(i64::MAX, |view| view.submitted_at),
                Err(_) => i64::MAX,
            };
            ordered.push((submitted_at, number.clone()));
        }
        ordered.sort();
        Ok(ordered.into_iter().map(|(_, number)| number).collect())
    }

    fn answer_one(&self, by: &str, number: &str, answer: &BulkAnswer) -> Outcome {
        let mut applicant = String::new();
        let done = self.request_of(number).and_then(|record| {
            let view = self.view_of(record)?;
            applicant = view.applicant.full_name();
            if let Some(claim) = view.holder().filter(|claim| claim.by != by && answer.is_a_step()) {
                let name = self.names()?.remove(&claim.by).filter(|name| !name.is_empty()).unwrap_or(claim.by);
                return Err(DeskError::refused(
                    format!("звернення має «{name}»: домовтеся або відкрийте його саме"),
                    format!("«{name}» has the request: agree with them or open it by itself"),
                ));
            }
            let one = match answer {
                BulkAnswer::Claim => Answer::Claim,
                BulkAnswer::Release => Answer::Release { reason: String::new() },
                BulkAnswer::Accept => Answer::Accept,
                BulkAnswer::Number => Answer::Number(None),
                BulkAnswer::Note { text } => Answer::Note { text: text.clone() },
                BulkAnswer::HandOver { provider, stamp } => {
                    let provider = if provider.is_empty() { self.provider_of(&view) } else { provider.clone() };
                    let stamp = Stamp { kind: StampKind::HandOver, text: provider.clone(), ..stamp.clone() };
                    Answer::Stamped { answer: Box::new(Answer::HandOver { provider }), stamp }
                }
            };
            self.answer(by, number, one)
        });
        Outcome { number: number.to_owned(), applicant, done: done.map_err(|error| error.sentence) }
    }

    /// What became of many requests, for who asked for it.
    pub fn outcomes(&self, by: &str, id: u64) -> Option<Outcomes> {
        let held = self.outcomes.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.1.iter().find(|(held, whose, _)| *held == id && whose == by).map(|(_, _, outcomes)| outcomes.clone())
    }
}

impl Kept {
    fn keep(&self, by: &str, outcomes: Outcomes) -> u64 {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.0 += 1;
        let id = held.0;
        held.1.push_back((id, by.to_owned(), outcomes));
        while held.1.len() > KEPT {
            held.1.pop_front();
        }
        id
    }
}
