//! The dictionary's training: which bodies, how many, of which size.

use sealing::dictionary::{TrainError, train};

use super::{Change, TRAINING, corpus};

/// Bytes of the dictionary. A request of 2,300 bytes seals to 9 in 10 of what it takes with 32 KiB: the catalogue's
/// names of services and papers, which requests repeat, find room.
pub const DICTIONARY_BYTES: usize = 112 * 1024;
/// Visits in each hromada of the pool.
const HOUSEHOLDS: usize = 60;
/// Of the small changes, which are alike and many, one in so many is trained on: first changes are what is large.
const SMALL_ONE_IN: usize = 4;
const SEED: u64 = 1;

/// The dictionary as it is trained: the same bytes every time, for one version of the program and of zstd.
pub fn trained() -> Result<Vec<u8>, TrainError> {
    train(&bodies(HOUSEHOLDS), DICTIONARY_BYTES)
}

fn bodies(households: usize) -> Vec<Vec<u8>> {
    let is_first = |change: Change| matches!(change, Change::Resident | Change::Visit | Change::Request);
    let samples = corpus(&TRAINING, households, SEED).into_iter().enumerate();
    let chosen = samples.filter(|(number, sample)| is_first(sample.change) || number % SMALL_ONE_IN == 0);
    chosen.map(|(_, sample)| sample.body).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invented::UNSEEN;

    fn shipped() -> &'static [u8] {
        sealing::dictionary::DICTIONARIES.last().expect("a dictionary ships").bytes
    }

    fn holds(bytes: &[u8], text: &str) -> bool {
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    }

    #[test]
    fn the_shipped_dictionary_holds_common_names_and_none_it_was_not_trained_on() {
        let common = TRAINING.surnames[..20].iter().filter(|(man, _)| holds(shipped(), man)).count();
        assert!(common >= 10, "only {common} of the 20 commonest surnames: is it the trained dictionary?");
        for text in UNSEEN.texts() {
            assert!(!holds(shipped(), text), "{text}");
        }
    }

    #[test]
    fn the_same_bodies_train_the_same_dictionary() {
        let trained = || train(&bodies(4), 8 * 1024).unwrap();
        let first = trained();
        assert!(first.len() > 4 * 1024 && first.len() <= 8 * 1024, "{}", first.len());
        assert!(first == trained(), "two trainings differ");
        assert!(shipped().len() <= DICTIONARY_BYTES);
    }
}
