//! Who has a request: a clerk takes it, gives it back, takes the next one.

use super::accounts::Rank;
use super::routing::name_of;
use super::{Answer, Desk, DeskError, ErrorKind, QueueQuery};
use clock::Time;
use ids::RecordId;
use peer::{Act, PeerError};
use records::view::{Claim, RequestView};

/// Who has a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Login.
    pub login: String,
    /// Name, or the login.
    pub name: String,
    /// Since when, ms since 1970.
    pub at: i64,
}

impl Hold {
    /// What [`Desk::answer_despite`] knows this claim by: another claim has another mark.
    pub fn mark(&self) -> String {
        mark_of(&self.login, self.at)
    }
}

fn mark_of(login: &str, at: i64) -> String {
    format!("{login} {at}")
}

/// The claim that who changes a request knows of.
pub(super) struct Known {
    by: String,
    despite: String,
    asks: bool,
}

impl Known {
    pub fn new(by: &str, despite: &str, asks: bool) -> Self {
        Self { by: by.to_owned(), despite: despite.to_owned(), asks }
    }

    /// The claim of a colleague that nobody was told of yet. It is asked for within the act: nobody takes the request
    /// between the question and the change.
    pub fn unknown_hold(&self, act: &Act<'_>, record: RecordId) -> Result<Option<Claim>, PeerError> {
        if !self.asks {
            return Ok(None);
        }
        let view = RequestView::read(&act.document(record)?, &|chain| act.register().is_case(chain));
        let claim = colleague(&view, &self.by);
        Ok(claim.filter(|claim| mark_of(&claim.by, claim.at) != self.despite))
    }
}

/// The claim of somebody else on what is not closed.
fn colleague(view: &RequestView, by: &str) -> Option<Claim> {
    view.holder().filter(|claim| claim.by != by && !view.state().is_closed())
}

/// What taking the next request gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// This one, by its number.
    Request(String),
    /// Nothing in the list is free.
    Nothing,
}

impl Desk {
    /// The colleague of `by` who has the request; `None` if it is free, closed or one's own.
    pub fn hold(&self, by: &str, number: &str) -> Result<Option<Hold>, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let view = self.view_of(self.request_of(number)?)?;
        colleague(&view, by).map(|claim| self.hold_of(&claim)).transpose()
    }

    /// Refuses where a colleague has the request and `by` was not told.
    pub(super) fn must_know_hold(&self, view: &RequestView, by: &str, despite: &str) -> Result<(), DeskError> {
        match colleague(view, by).filter(|claim| mark_of(&claim.by, claim.at) != despite) {
            Some(claim) => Err(self.held(&claim)),
            None => Ok(()),
        }
    }

    fn hold_of(&self, claim: &Claim) -> Result<Hold, DeskError> {
        Ok(Hold { login: claim.by.clone(), name: name_of(&self.names()?, &claim.by), at: claim.at })
    }

    /// Why a request that a colleague has is not changed by the way.
    pub(super) fn held(&self, claim: &Claim) -> DeskError {
        let name = self.hold_of(claim).map_or_else(|_| claim.by.clone(), |hold| hold.name);
        let at = Time(claim.at).kyiv().map(|at| at.strftime("%d.%m.%Y %H:%M").to_string()).unwrap_or_default();
        DeskError::new(
            ErrorKind::Held,
            format!("звернення взято: {name}, {at}; домовтеся або підтвердьте, що зробите це самі"),
            format!("the request is held by {name}, {at}; agree with them or confirm that you do it yourself"),
        )
    }

    /// Takes the first request of a list that nobody has. Where two clerks ask at once, each gets another one.
    pub fn take_next(&self, by: &str, query: &QueueQuery) -> Result<Taken, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let free = QueueQuery { unheld: true, page: 1, size: 20, ..query.clone() };
        for _ in 0..10 {
            let page = self.queue(by, &free)?;
            let open = page.rows.iter().filter(|row| !row.closed);
            let mut missed = false;
            for row in open {
                match self.answer(by, &row.number, Answer::Claim) {
                    Ok(_) => return Ok(Taken::Request(row.number.clone())),
                    // Somebody was faster: the one after it.
                    Err(error) if error.kind == super::ErrorKind::Refused => missed = true,
                    Err(error) => return Err(error),
                }
            }
            if !missed {
                break;
            }
        }
        Ok(Taken::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[test]
    fn closed_requests_that_nobody_has_do_not_hide_the_open_one() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let closed: Vec<String> = (0..21).map(|_| suitcase.record("Коваль", "Ганна")).collect();
        town.clock.advance(std::time::Duration::from_secs(60));
        let open = suitcase.record("Шевчук", "Петро");
        town.carry_up(&suitcase);
        for number in &closed {
            town.desk.answer("admin", number, Answer::Withdraw { reason: "передумала".into() }).unwrap();
        }
        let next = || town.desk.take_next("admin", &QueueQuery::default()).unwrap();
        assert_eq!(next(), Taken::Request(open));
        assert_eq!(next(), Taken::Nothing);
    }
}
