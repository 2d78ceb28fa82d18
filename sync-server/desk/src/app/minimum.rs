//! The lowest protocol and the lowest suite that the community still speaks. Whoever is below them sends nothing that it
//! seals and says that it must be updated, so they are raised when everybody is: the desk's own program first.

use super::accounts::Rank;
use super::administration::AdministrationFact;
use super::{Desk, DeskError, SuitcaseState};
use chain::{Fact, PROTOCOL};
use sealing::SUITE;

/// What everybody must speak at least, and who speaks what as far as that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minimum {
    /// Lowest protocol; 1 until one was published.
    pub protocol: u16,
    /// Lowest suite that is sealed with; 1 until one was published.
    pub suite: u8,
    /// The register says something that this program does not know and has to: its code.
    pub not_understood: Option<u8>,
    /// Suitcases at work, and which program each has by its own last word; empty before that.
    pub programs: Vec<(u16, String)>,
}

impl Desk {
    /// What is required now.
    pub fn minimum(&self, by: &str) -> Result<Minimum, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let register = self.peer.register()?;
        let at_work = |state: &SuitcaseState| matches!(state, SuitcaseState::Live | SuitcaseState::Expired);
        let rows = self.suitcases()?.into_iter().filter(|row| at_work(&row.state));
        let programs = rows.map(|row| (row.number, row.stated.map(|said| said.program).unwrap_or_default())).collect();
        let (protocol, suite) = register.minimum();
        Ok(Minimum { protocol, suite, not_understood: register.not_understood(), programs })
    }

    /// Requires it from now on; everybody learns of it at the next contact. What is not named stays. The same again is
    /// nothing new, and a lower one takes an earlier one back.
    pub fn require(&self, by: &str, protocol: Option<u16>, suite: Option<u8>) -> Result<Minimum, DeskError> {
        let now = self.minimum(by)?;
        if let Some(code) = now.not_understood {
            return Err(DeskError::refused(
                format!("реєстр має запис, якого ця програма не знає (код {code}): спершу оновіть sync-server"),
                format!(
                    "the register says something that this program does not know (code {code}): update sync-server first"
                ),
            ));
        }
        let (protocol, suite) = (protocol.unwrap_or(now.protocol), suite.unwrap_or(now.suite));
        if !(1..=PROTOCOL).contains(&protocol) || !(1..=SUITE).contains(&suite) {
            return Err(DeskError::refused(
                format!(
                    "ця програма знає протоколи від 1 до {PROTOCOL} і набори від 1 до {SUITE}; вище вимагає лише новіша: спершу оновіть вузол обміну, робоче місце і валізи"
                ),
                format!(
                    "this program knows protocols 1 to {PROTOCOL} and suites 1 to {SUITE}; only a later one requires more: update hub, desk and suitcases first"
                ),
            ));
        }
        if (protocol, suite) != (now.protocol, now.suite) {
            self.act_as(by, move |act| {
                let (by, at) = (act.officer().to_owned(), act.now().0);
                act.register_fact(&Fact::Minimum { protocol, suite })?;
                act.own(&AdministrationFact::Minimum { protocol, suite, by, at }.to_own()).map(|_| ())
            })?;
        }
        self.minimum(by)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ErrorKind, Rank, TraceQuery, testing};
    use super::*;

    #[test]
    fn a_minimum_that_this_program_meets_is_published_once_and_by_administrators_alone() {
        let mut town = testing::town();
        let seven = town.suitcase(7);
        town.desk.add_account("admin", "o.koval", "", Rank::Clerk, testing::PASSPHRASE).unwrap();
        assert_eq!(town.desk.require("o.koval", Some(1), None).unwrap_err().kind, ErrorKind::NotAllowed);
        assert_eq!(town.desk.minimum("o.koval").unwrap_err().kind, ErrorKind::NotAllowed);
        // A later program had raised it; this one takes that back, and says so once.
        town.desk.peer.act(|act| act.register_fact(&Fact::Minimum { protocol: PROTOCOL + 1, suite: SUITE })).unwrap();
        let raised = town.desk.minimum("admin").unwrap();
        assert_eq!((raised.protocol, raised.suite), (PROTOCOL + 1, SUITE));
        assert_eq!(raised.programs, [(7, String::new())]);
        let stays = town.desk.require("admin", None, Some(SUITE)).unwrap_err();
        assert!(stays.sentence.uk.contains("вище вимагає лише новіша"), "{stays}");
        for _ in 0..2 {
            let now = town.desk.require("admin", Some(PROTOCOL), Some(SUITE)).unwrap();
            assert_eq!((now.protocol, now.suite), (PROTOCOL, SUITE));
        }
        town.carry_down(&seven);
        assert_eq!(seven.peer.register().unwrap().minimum(), (PROTOCOL, SUITE));
        let query = TraceQuery { size: 100, ..TraceQuery::default() };
        let rows = town.desk.traces("admin", &query).unwrap().rows;
        let noted: Vec<_> = rows.iter().filter(|row| row.trace.what == "required_version").collect();
        assert_eq!(noted.len(), 1, "{rows:?}");
        assert_eq!((noted[0].trace.by.as_str(), noted[0].trace.about.as_str()), ("admin", "1 · 1"));
    }

    #[test]
    fn what_would_shut_out_everybody_is_refused() {
        let town = testing::town();
        for (protocol, suite) in [
            (Some(0), None),
            (None, Some(0)),
            (Some(PROTOCOL + 1), None),
            (Some(PROTOCOL), Some(SUITE + 1)),
            (Some(u16::MAX), Some(u8::MAX)),
        ] {
            let refused = town.desk.require("admin", protocol, suite).unwrap_err();
            assert!(refused.kind == ErrorKind::Refused && refused.sentence.uk.contains("спершу оновіть"), "{refused}");
        }
        assert_eq!(town.desk.peer.register().unwrap().minimum(), (1, 1));
        town.desk.peer.act(|act| act.register_fact(&Fact::Later(200))).unwrap();
        let refused = town.desk.require("admin", Some(1), Some(1)).unwrap_err();
        assert!(refused.sentence.uk.contains("код 200"), "{refused}");
        assert_eq!(town.desk.minimum("admin").unwrap().not_understood, Some(200));
    }
}
