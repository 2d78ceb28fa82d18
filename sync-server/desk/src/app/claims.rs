//! Who has a request: a clerk takes it, gives it back, takes the next one.

use super::accounts::Rank;
use super::{Answer, Desk, DeskError, QueueQuery};

/// What taking the next request gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// This one, by its number.
    Request(String),
    /// Nothing in the list is free.
    Nothing,
}

impl Desk {
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
