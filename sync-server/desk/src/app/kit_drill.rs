//! The drill with the recovery kit: whether the 24 words in the safe are still the root of this centre and bring it
//! back. The words are looked at and forgotten: nothing of them is written anywhere.

use super::accounts::Rank;
use super::administration::AdministrationFact;
use super::founding::root_public;
use super::{Desk, DeskError, ErrorKind};
use peer::seals;
use sealing::AgreementSecret;
use signing::Root;

const DAY: i64 = 86_400_000;

/// What a drill showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drill {
    /// Desks, this one and those before it, whose sealed secrets the kit opens.
    pub opened: usize,
    /// Of so many.
    pub desks: usize,
}

/// How it stands with drills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillState {
    /// The last good one: by whom, ms since 1970.
    pub last: Option<(String, i64)>,
    /// The next one is due, ms since 1970; `None` before the first: it is due now.
    pub due: Option<i64>,
    /// It is due.
    pub overdue: bool,
}

impl Desk {
    /// Tries the 24 words. A kit that does not open this desk's own secret is no good, and no drill is noted.
    pub fn kit_drill(&self, by: &str, words: &str) -> Result<Drill, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let root = Root::from_words(words).map_err(|e| DeskError::from_text(ErrorKind::Refused, &e.to_string()))?;
        let register = self.peer.register()?;
        if root_public(&root) != *register.root() {
            return Err(DeskError::refused(
                "це слова іншої громади: вони не є коренем цього центру. Знайдіть комплект, який надруковано, коли центр створювали",
                "these are another community's words, not the root of this centre: find the kit that was printed when the centre was made",
            ));
        }
        let kit = AgreementSecret::from_bytes(root.agreement_secret());
        let (mut opened, mut desks, mut own) = (0, 0, false);
        for (desk, _, sealed) in register.desks() {
            desks += 1;
            let opens = seals::open_desk_secret(&kit, desk.register, sealed);
            if opens.is_ok_and(|secret| secret.public() == desk.agreement) {
                opened += 1;
                own |= desk.case == self.peer.chain();
            }
        }
        if !own {
            return Err(DeskError::new(
                ErrorKind::Damaged,
                "слова правильні, але запечатаний секрет цього центру ними не відкривається: зробіть резервну копію зараз і зверніться до розробника",
                "the words are right, but this desk's sealed secret does not open: make a backup now and ask the makers",
            ));
        }
        self.decide(by, |by, at| AdministrationFact::Drill { by, at })?;
        Ok(Drill { opened, desks })
    }

    /// How it stands with drills.
    pub fn drill_state(&self) -> Result<DrillState, DeskError> {
        let book = self.book()?;
        let decided = &book.administration;
        let due = decided.drill.as_ref().map(|(_, at)| at + i64::from(decided.settings.drill_days) * DAY);
        let overdue = due.is_none_or(|due| due <= self.now().0);
        Ok(DrillState { last: decided.drill.clone(), due, overdue })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;
    use signing::Secret;
    use std::time::Duration;

    #[test]
    fn the_right_words_are_noted_and_due_again_after_half_a_year() {
        let town = testing::town();
        assert!(town.desk.drill_state().unwrap().overdue, "never tried");
        let words = town.root.words().join(" ");
        assert_eq!(town.desk.kit_drill("admin", &words).unwrap(), Drill { opened: 1, desks: 1 });
        let state = town.desk.drill_state().unwrap();
        assert_eq!((state.last, state.overdue), (Some(("admin".into(), town.clock_now())), false));
        town.clock.advance(Duration::from_secs(180 * 86_400));
        assert!(town.desk.drill_state().unwrap().overdue);
    }

    #[test]
    fn other_words_and_misread_ones_are_told_apart_and_leave_no_trace() {
        let town = testing::town();
        let other = Root::from_seed(Secret::new([8; 32])).words().join(" ");
        let refused = town.desk.kit_drill("admin", &other).unwrap_err();
        assert!(refused.sentence.uk.contains("іншої громади"), "{refused}");
        let mut words = town.root.words();
        words[3] = "ффффф";
        let misread = town.desk.kit_drill("admin", &words.join(" ")).unwrap_err();
        assert!(misread.sentence.uk.contains("№ 4"), "{misread}");
        assert!(!misread.to_string().contains(words[5]), "an error repeats no word that was right");
        assert!(town.desk.drill_state().unwrap().overdue);
        assert!(town.desk.kit_drill("nobody", &other).is_err());
    }
}
