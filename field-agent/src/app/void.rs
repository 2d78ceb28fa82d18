//! A receipt number that stands on a paper and under which nothing was recorded: the officer declares it void, and the
//! centre's register of numbers knows why it is missing.

use super::{Agent, AppError};
use ids::ReceiptNumber;
use peer::OwnFact;
use serde::{Deserialize, Serialize};

/// Under this name the database keeps what was declared void, as JSON: the facts themselves are sealed to the centre.
const VOIDED: &str = "voided numbers";

/// A void number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voided {
    /// As printed.
    pub number: String,
    /// Why it was not used.
    pub reason: String,
    /// Device time, ms since 1970.
    pub at: i64,
}

/// What is refused in the words of the officer.
fn refusal(number: &ReceiptNumber, own: u16, reason: &str, today: jiff::civil::Date) -> Option<AppError> {
    let (year, month, day) = number.date();
    let day = jiff::civil::Date::new(year as i16, month as i8, day as i8).ok();
    if number.suitcase() != own {
        return Some(AppError::input(
            format!("це номер валізи {}: анулювати його може лише вона", number.suitcase()),
            format!("this is a number of suitcase {}: only that suitcase can declare it void", number.suitcase()),
        ));
    }
    if day.is_none_or(|day| day > today) {
        return Some(AppError::input(
            "день цього номера ще не настав: перевірте номер і годинник ноутбука",
            "the day of this number has not come: check the number and the laptop's clock",
        ));
    }
    let missing = reason.is_empty();
    missing.then(|| AppError::input("впишіть, чому номер не використано", "write why the number was not used"))
}

impl Agent {
    /// Declares a number void. Refused for a number of another suitcase, one that is in use, one that is void already.
    pub fn void_number(&self, number: &str, reason: &str) -> Result<Voided, AppError> {
        let number: ReceiptNumber = number.parse().map_err(|error| AppError::Input(format!("{error}")))?;
        let reason = reason.trim();
        let reason = reason[..reason.floor_char_boundary(chain::limits::SENTENCE)].trim_end().to_owned();
        if let Some(refused) = refusal(&number, self.suitcase_number(), &reason, self.today()) {
            return Err(refused);
        }
        let voided = Voided { number: number.to_string(), reason, at: self.now().0 };
        let done = voided.clone();
        let refused = self.peer.act(move |act| {
            if act.is_number_taken(&done.number)? {
                return Ok(Some(AppError::input(
                    "за цим номером є звернення: якщо його подано помилково, відкличте звернення",
                    "there is a request under this number: if it was made by mistake, withdraw the request",
                )));
            }
            let mut all = read(act.value(VOIDED)?);
            if all.iter().any(|one| one.number == done.number) {
                return Ok(Some(AppError::input("цей номер уже анульовано", "this number is void already")));
            }
            // No request of the day gets the same place in the count.
            act.spend_number(&number)?;
            act.own(&OwnFact::VoidedNumber { number: done.number.clone(), reason: done.reason.clone() })?;
            all.push(done);
            act.put_value(VOIDED, &serde_json::to_vec(&all).unwrap_or_default())?;
            Ok(None)
        })?;
        match refused {
            Some(error) => Err(error),
            None => {
                self.recorded();
                Ok(voided)
            }
        }
    }

    /// What this suitcase declared void, the newest first.
    pub fn voided_numbers(&self) -> Result<Vec<Voided>, AppError> {
        let mut all = read(self.peer.read(|view| view.value(VOIDED))?);
        all.reverse();
        Ok(all)
    }
}

fn read(bytes: Option<Vec<u8>>) -> Vec<Voided> {
    serde_json::from_slice(&bytes.unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::app::testing::{agent, sample_form};
    use ids::ReceiptNumber;
    use peer::OwnFact;

    #[test]
    fn a_number_that_was_not_used_is_void_with_its_reason_and_the_centre_is_told() {
        let (bench, agent) = agent();
        let used = agent.save(&sample_form(), None).unwrap().number;
        let number = |suitcase, day, counter| {
            ReceiptNumber::new(suitcase, (2026, 11, day), counter, [3, 4]).unwrap().to_string()
        };
        let refused = |number: &str, reason: &str| agent.void_number(number, reason).unwrap_err().to_string();
        assert!(refused("7-211126-014", "x").contains("номер має вигляд"));
        assert!(refused(&number(8, 21, 2), "x").contains("це номер валізи 8"));
        assert!(refused(&number(7, 22, 2), "x").contains("ще не настав"));
        assert!(refused(&number(7, 21, 2), "  ").contains("впишіть"));
        assert!(refused(&used, "x").contains("є звернення"));
        agent.void_number(&number(7, 21, 2), "принтер зім’яв бланк").unwrap();
        assert!(refused(&number(7, 21, 2), "ще раз").contains("уже анульовано"));
        assert_eq!(agent.voided_numbers().unwrap()[0].reason, "принтер зім’яв бланк");
        // The count goes on behind it.
        assert!(agent.save(&sample_form(), None).unwrap().number.starts_with("7-211126-003-"));
        bench.centre.take_from(&agent.peer);
        let facts = bench.centre.desk.read(|view| view.facts(agent.peer.chain(), 0)).unwrap();
        let told = facts
            .iter()
            .filter(|(_, fact)| matches!(fact, OwnFact::VoidedNumber { reason, .. } if reason.contains("принтер")));
        assert_eq!(told.count(), 1);
    }
}
