//! New keys for the desk: begun with the kit, carried on with every exchange, ended when nothing needs the old ones.

use super::accounts::Rank;
use super::administration::AdministrationFact;
use super::backup::{self, Done};
use super::founding::{root_public, validity_of_desk};
use super::{Desk, DeskError, ErrorKind, HUB};
use peer::RotationState;
use signing::Root;

/// How it stands with the desk's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// New keys are there and the old ones, too; `None`: there is one key.
    pub under_way: Option<RotationState>,
    /// The last time that old keys were destroyed: by whom, ms since 1970.
    pub destroyed: Option<(String, i64)>,
    /// Backups on this machine, made before, in which the old keys still are. What was copied elsewhere nobody knows.
    pub backups: Vec<String>,
}

impl Rotation {
    /// Suitcases that the end waits for.
    pub fn waits_for(&self) -> Vec<u16> {
        let all = self.under_way.iter().flat_map(|state| &state.suitcases);
        all.filter(|one| one.at_work && !one.knows).map(|one| one.number).collect()
    }

    /// Suitcases that do not know the new key either and are not waited for: their certificates have run out.
    pub fn expired(&self) -> Vec<u16> {
        let all = self.under_way.iter().flat_map(|state| &state.suitcases);
        all.filter(|one| !one.at_work && !one.knows).map(|one| one.number).collect()
    }
}

impl Desk {
    /// Takes new keys. The words of the kit are looked at and forgotten.
    pub fn begin_rotation(&self, by: &str, words: &str) -> Result<Rotation, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let root = Root::from_words(words).map_err(|e| DeskError::from_text(ErrorKind::Refused, &e.to_string()))?;
        if root_public(&root) != *self.peer.register()?.root() {
            return Err(other_kit());
        }
        self.peer.rotate(root.signing_key(), validity_of_desk(self.now()), by)?;
        self.decide(by, |by, at| AdministrationFact::Rotation { ended: false, without: Vec::new(), by, at })?;
        self.rotation(by)
    }

    /// How it stands with the desk's keys.
    pub fn rotation(&self, by: &str) -> Result<Rotation, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let destroyed = self.book()?.administration.destroyed.clone();
        let under_way = self.peer.rotation_state(HUB)?;
        let until = if under_way.is_some() { Some(i64::MAX) } else { destroyed.as_ref().map(|(_, at)| *at) };
        // The desk's folder lies in the centre's, where the history of backups is.
        let centre = self.peer.folder().path().parent().map(std::path::Path::to_owned).unwrap_or_default();
        let made = backup::history(&centre).into_iter().filter(|event| event.done == Done::Made);
        let holds = |event: &backup::Event| until.is_some_and(|until| event.at.0 <= until) && event.place.exists();
        let mut backups: Vec<String> = made.filter(holds).map(|event| event.place.display().to_string()).collect();
        backups.dedup();
        Ok(Rotation { under_way, destroyed, backups })
    }

    /// Destroys the old keys. What still lacks is said; suitcases `without` which it goes are not waited for.
    pub fn finish_rotation(&self, by: &str, without: &[u16]) -> Result<Rotation, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        while self.peer.tell_again()? {}
        let now = self.rotation(by)?;
        let Some(state) = &now.under_way else {
            return Err(DeskError::refused(
                "заміни ключів центру не розпочато: почніть її (rotate-keys begin)",
                "no rotation is under way: begin one (rotate-keys begin)",
            ));
        };
        if state.unsent > 0 {
            return Err(DeskError::refused(
                format!(
                    "вузол обміну ще не має {} записів центру, без них комплект не відновить усього: дочекайтеся зв’язку з вузлом і повторіть",
                    state.unsent
                ),
                format!(
                    "the hub lacks {} entries of this desk, without which the kit would not bring everything back: wait for the hub and try again",
                    state.unsent
                ),
            ));
        }
        let list = |numbers: &[u16]| numbers.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
        let waits = now.waits_for();
        if let Some(other) = without.iter().find(|number| !waits.contains(number)) {
            return Err(DeskError::refused(
                format!("на валізу {other} ніхто не чекає: заберіть її з --without (rotate-keys status)"),
                format!("nobody waits for suitcase {other}: leave it out of --without (rotate-keys status)"),
            ));
        }
        let left: Vec<u16> = waits.into_iter().filter(|number| !without.contains(number)).collect();
        if !left.is_empty() {
            let left = list(&left);
            return Err(DeskError::refused(
                format!(
                    "ще не знають нового ключа валізи: {left}. Дочекайтеся, доки вони вийдуть на зв’язок, або завершіть без них: --without {left}; незданого вони не втратять, а надішлють ще раз"
                ),
                format!(
                    "suitcases {left} do not know the new key yet: wait until they have been in contact, or finish without them: --without {left}; they lose nothing and send again what was not opened"
                ),
            ));
        }
        self.peer.destroy_old_keys()?;
        let without = without.to_vec();
        self.decide(by, move |by, at| AdministrationFact::Rotation { ended: true, without, by, at })?;
        self.rotation(by)
    }

    /// Carries a rotation on by a portion. Gives back 1 if there was something to do.
    pub(crate) fn carry_rotation_on(&self) -> Result<usize, DeskError> {
        let told = self.peer.tell_again()?;
        if told {
            self.look_for_known_keys();
            self.hurry.notify_one();
        }
        Ok(usize::from(told))
    }
}

/// The words are not this centre's.
pub(super) fn other_kit() -> DeskError {
    DeskError::refused(
        "це слова іншої громади: вони не є коренем цього центру. Знайдіть комплект, який надруковано, коли центр створювали",
        "these are another community's words, not the root of this centre: find the kit that was printed when the centre was made",
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, Town};
    use super::*;
    use signing::Secret;

    fn words(town: &Town) -> String {
        town.root.words().join(" ")
    }

    #[test]
    fn new_keys_are_taken_with_the_kit_and_by_administrators_alone() {
        let town = testing::town();
        town.desk.add_account("admin", "o.koval", "", Rank::Clerk, testing::PASSPHRASE).unwrap();
        let other = Root::from_seed(Secret::new([8; 32])).words().join(" ");
        assert!(town.desk.begin_rotation("admin", &other).unwrap_err().sentence.uk.contains("іншої громади"));
        assert!(town.desk.begin_rotation("o.koval", &words(&town)).is_err());
        assert!(town.desk.finish_rotation("admin", &[]).unwrap_err().sentence.uk.contains("не розпочато"));
        let before = (town.desk.peer.chain(), town.desk.accounts("admin").unwrap().len());
        assert!(town.desk.begin_rotation("admin", &words(&town)).unwrap().under_way.is_some());
        assert!(town.desk.begin_rotation("admin", &words(&town)).unwrap_err().sentence.uk.contains("вже розпочато"));
        assert_ne!(town.desk.peer.chain(), before.0);
        assert_eq!(town.desk.accounts("admin").unwrap().len(), before.1, "accounts stand in the chains of before");
        assert_eq!(town.desk.kit_drill("admin", &words(&town)).unwrap().opened, 2);
    }

    #[test]
    fn what_is_lacking_is_said_and_requests_go_on() {
        let mut town = testing::town();
        let seven = town.suitcase(7);
        let number = seven.record("Коваль", "Ганна");
        town.carry_up(&seven);
        town.desk.begin_rotation("admin", &words(&town)).unwrap();
        while town.desk.carry_rotation_on().unwrap() > 0 {}
        let state = town.desk.rotation("admin").unwrap();
        assert_eq!((state.waits_for(), state.expired()), (vec![7], vec![]));
        town.desk.answer("admin", &number, super::super::Answer::Accept).unwrap();
        // No hub holds what this desk wrote.
        let refused = town.desk.finish_rotation("admin", &[]).unwrap_err();
        assert!(refused.sentence.uk.contains("вузол обміну ще не має"), "{refused}");
        assert_eq!(town.desk.verify("admin").unwrap().faults, Vec::<String>::new());
    }
}
