//! What an administrator may set for the whole centre.

use super::accounts::Rank;
use super::administration::{AdministrationFact, Settings};
use super::{Desk, DeskError};

/// Days between two drills that may be set: a month to two years.
const DRILL_DAYS: std::ops::RangeInclusive<u16> = 30..=730;

impl Desk {
    /// What is set.
    pub fn settings(&self) -> Result<Settings, DeskError> {
        Ok(self.book()?.administration.settings)
    }

    /// Sets it, from now on.
    pub fn set_settings(&self, by: &str, settings: Settings) -> Result<(), DeskError> {
        self.must_be(by, Rank::Administrator)?;
        if !DRILL_DAYS.contains(&settings.drill_days) {
            return Err(DeskError::refused(
                "між вправами з комплектом — від 30 до 730 днів",
                "between drills with the kit there are 30 to 730 days",
            ));
        }
        self.decide(by, move |by, at| AdministrationFact::Settings { settings, by, at })
    }

    /// Writes one decision of an administrator: `fact` gets who and when.
    pub(crate) fn decide(
        &self,
        by: &str,
        fact: impl FnOnce(String, i64) -> AdministrationFact + Send + 'static,
    ) -> Result<(), DeskError> {
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            act.own(&fact(by, at).to_own()).map(|_| ())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[test]
    fn what_is_set_holds_and_odd_numbers_are_refused() {
        let town = testing::town();
        assert_eq!(town.desk.settings().unwrap(), Settings::default());
        let settings = Settings { always_compare: true, code_required: true, drill_days: 90 };
        town.desk.set_settings("admin", settings).unwrap();
        assert_eq!(town.desk.settings().unwrap(), settings);
        for drill_days in [0, 29, 731] {
            assert!(town.desk.set_settings("admin", Settings { drill_days, ..settings }).is_err());
        }
    }
}
