//! 2048 Ukrainian words of which four letters are enough: for the recovery kit, for comparing two screens, for
//! passphrases that a person can keep in the head.

use crate::{Hash, Label};
use std::sync::OnceLock;

const LIST: &str = include_str!("words.txt");

/// A word that is not in the list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "слова «{0}» немає у списку: перевірте перші чотири літери / «{0}» is not in the word list: check its first four letters"
)]
pub struct WordError(pub String);

fn list() -> &'static [&'static str] {
    static WORDS: OnceLock<Vec<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| LIST.lines().collect())
}

/// The word of an 11-bit number; higher bits are not looked at.
pub fn word(index: u16) -> &'static str {
    list()[usize::from(index & 0x7ff)]
}

/// The number of a word, found by its first four letters, capitals and spaces aside.
pub fn index_of(text: &str) -> Result<u16, WordError> {
    let typed: String = text.trim().to_lowercase();
    let stem: Vec<char> = typed.chars().take(4).collect();
    let found = list().iter().position(|word| word.chars().take(4).eq(stem.iter().copied()));
    match found {
        Some(index) if stem.len() == 4 => Ok(index as u16),
        _ => Err(WordError(typed.chars().take(24).collect())),
    }
}

/// Six words (66 bits) of the labelled hash of what two parties saw: the same on both screens, or somebody stands
/// between them.
pub fn comparison_words(transcript: &[u8]) -> [&'static str; 6] {
    let hash = Hash::of(Label::Comparison, transcript);
    std::array::from_fn(|i| word(bits_11(&hash.0, i)))
}

/// Six words of 12 random bytes, 66 bits: a passphrase that Argon2id need not save.
pub fn passphrase_words(random: &[u8; 12]) -> String {
    let words: [&str; 6] = std::array::from_fn(|i| word(bits_11(random, i)));
    words.join(" ")
}

/// The `group`th 11 bits, counted from the most significant.
pub(crate) fn bits_11(bytes: &[u8], group: usize) -> u16 {
    (group * 11..group * 11 + 11).fold(0, |value, bit| {
        let set = bytes.get(bit / 8).is_some_and(|byte| byte >> (7 - bit % 8) & 1 == 1);
        value << 1 | u16::from(set)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_list_has_2048_words_told_apart_by_four_letters() {
        assert_eq!(list().len(), 2048);
        let stems: HashSet<String> = list().iter().map(|w| w.chars().take(4).collect()).collect();
        assert_eq!(stems.len(), 2048);
        assert!(list().iter().all(|w| {
            w.chars().all(|c| "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя".contains(c))
        }));
        assert!(list().iter().all(|w| (4..=8).contains(&w.chars().count())));
    }

    #[test]
    fn a_word_is_found_by_its_beginning_in_any_case() {
        for index in [0u16, 1, 77, 2047] {
            let stem: String = word(index).chars().take(4).collect();
            assert_eq!(index_of(&format!(" {} ", stem.to_uppercase())), Ok(index));
            assert_eq!(index_of(word(index)), Ok(index));
        }
        assert!(index_of("ой").is_err());
        assert!(index_of("qwerty").is_err());
    }

    #[test]
    fn bits_come_from_the_front() {
        assert_eq!(bits_11(&[0xff, 0xe0, 0, 1], 0), 0x7ff);
        assert_eq!(bits_11(&[0, 0x1f, 0xfc, 0], 1), 0x7ff);
        assert_eq!(bits_11(&[0xff], 0), 0x7f8);
    }
}
