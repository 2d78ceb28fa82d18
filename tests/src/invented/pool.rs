//! Where names and sentences are taken from.
//!
//! The two pools have nothing in common: the dictionary is trained on the first, and what it does for strangers is
//! measured with the second.

use super::{phrases, training_names, unseen_names};

/// Names and sentences. Lists have the common ones first.
#[derive(Debug)]
pub struct Pool {
    /// Surname of a man, of a woman.
    pub surnames: &'static [(&'static str, &'static str)],
    /// Given name of a man, patronymics of his sons and his daughters.
    pub men: &'static [(&'static str, &'static str, &'static str)],
    /// Given names of women.
    pub women: &'static [&'static str],
    /// Kind and name of a street.
    pub streets: &'static [(&'static str, &'static str)],
    /// Hromadas of the codifier, as it names them.
    pub hromadas: &'static [&'static str],
    /// Notes officers write.
    pub notes: &'static [&'static str],
    /// Grounds, circumstances, explanations: whatever is asked for in several lines.
    pub reasons: &'static [&'static str],
    /// What a paper is wanted for, and other answers of one line.
    pub purposes: &'static [&'static str],
    /// What clerks write: what is missing, why it is refused.
    pub grounds: &'static [&'static str],
}

/// What the dictionary is trained on.
pub const TRAINING: Pool = Pool {
    surnames: training_names::SURNAMES,
    men: training_names::MEN,
    women: training_names::WOMEN,
    streets: training_names::STREETS,
    hromadas: &[
        "Глобинська",
        "Славутська",
        "Решетилівська",
        "Зіньківська",
        "Шацька",
        "Баришівська",
        "Тростянецька",
        "Вознесенська",
        "Бучацька",
        "Косівська",
        "Ямпільська",
        "Помічнянська",
    ],
    notes: phrases::TRAINING_NOTES,
    reasons: phrases::TRAINING_REASONS,
    purposes: phrases::TRAINING_PURPOSES,
    grounds: phrases::TRAINING_GROUNDS,
};

/// Nothing of this is in [`TRAINING`].
pub const UNSEEN: Pool = Pool {
    surnames: unseen_names::SURNAMES,
    men: unseen_names::MEN,
    women: unseen_names::WOMEN,
    streets: unseen_names::STREETS,
    hromadas: &["Чортківська", "Бородянська", "Хорольська", "Рахівська"],
    notes: phrases::UNSEEN_NOTES,
    reasons: phrases::UNSEEN_REASONS,
    purposes: phrases::UNSEEN_PURPOSES,
    grounds: phrases::UNSEEN_GROUNDS,
};

impl Pool {
    /// Everything in the pool that a dictionary may not hold if the pool was not trained on: names, streets,
    /// sentences, hromadas.
    pub fn texts(&self) -> Vec<&'static str> {
        let mut texts: Vec<&'static str> = self.surnames.iter().flat_map(|(man, woman)| [*man, *woman]).collect();
        texts.extend(self.men.iter().flat_map(|(name, son, daughter)| [*name, *son, *daughter]));
        texts.extend(self.streets.iter().map(|(_, name)| *name));
        for list in [self.women, self.hromadas, self.notes, self.reasons, self.purposes, self.grounds] {
            texts.extend(list);
        }
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pools_have_nothing_in_common() {
        let training = TRAINING.texts();
        for unseen in UNSEEN.texts() {
            let inside = training.iter().find(|text| text.contains(unseen));
            assert_eq!(inside, None, "{unseen}");
        }
    }

    #[test]
    fn a_pool_says_nothing_twice() {
        for pool in [&TRAINING, &UNSEEN] {
            for list in [pool.women, pool.hromadas, pool.notes, pool.reasons, pool.purposes, pool.grounds] {
                let mut sorted = list.to_vec();
                sorted.sort_unstable();
                sorted.dedup();
                assert_eq!(sorted.len(), list.len());
            }
        }
    }
}
