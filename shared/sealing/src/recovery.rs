//! The recovery code: opens a vault once when every passphrase is forgotten.
//!
//! The desk reads it out by telephone, so it is twelve words and not the vault key itself, which would stay good
//! for ever in the ears of whoever listened.

use crate::{AgreementSecret, Entropy, OpenError, SealError, open_from, seal_to};
use signing::{AgreementPublicKey, Secret, WordError};
use std::fmt;
use zeroize::Zeroizing;

const CONTEXT: &[u8] = b"valiza/1/recovery-code";
const WORDS: usize = 12;

/// 16 random bytes for one vault.
pub struct RecoveryCode(Secret<16>);

/// Why the words are no recovery code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryCodeError {
    /// Not twelve words.
    #[error("у коді відновлення 12 слів, а введено {0} / a recovery code has 12 words, {0} were given")]
    Count(usize),
    /// A word that is not in the list; its place is counted from one.
    #[error("слово № {place}: {source}")]
    Word {
        /// From one.
        place: usize,
        /// Which word.
        source: WordError,
    },
    /// All words exist but do not belong together.
    #[error(
        "слова не сходяться між собою: перевірте їх порядок і кожне слово / the words do not belong together: check their order and each word"
    )]
    Check,
}

impl RecoveryCode {
    pub(crate) fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(entropy.secret())
    }

    /// For the desk that can read it out.
    pub fn seal(
        &self,
        desk: &AgreementPublicKey,
        vault: &[u8; 16],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, SealError> {
        seal_to(desk, CONTEXT, vault, self.0.expose(), entropy)
    }

    /// At the desk: the code of the vault of this id, from [`crate::Vault::recovery`].
    pub fn open(desk: &AgreementSecret, vault: &[u8; 16], sealed: &[u8]) -> Result<Self, OpenError> {
        let code = Zeroizing::new(open_from(desk, CONTEXT, vault, sealed)?);
        Secret::from_slice(&code).map(Self).ok_or(OpenError::Malformed)
    }

    /// Twelve words: 128 bits of the code and 4 to check, eleven bits a word.
    pub fn words(&self) -> [&'static str; WORDS] {
        let number = u128::from_be_bytes(*self.0.expose());
        let check = self.check();
        std::array::from_fn(|place| {
            // The last word has the last 7 bits of the code and the check.
            let bits = match place {
                11 => (number as u16 & 0x7f) << 4 | check,
                _ => (number >> (117 - 11 * place)) as u16 & 0x7ff,
            };
            signing::word(bits)
        })
    }

    /// From the words as they were heard: in any case, by their first four letters.
    pub fn from_words(text: &str) -> Result<Self, RecoveryCodeError> {
        let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
        if words.len() != WORDS {
            return Err(RecoveryCodeError::Count(words.len()));
        }
        let mut number = 0u128;
        let mut last = 0;
        for (place, text) in (1..).zip(words) {
            last = signing::index_of(text).map_err(|source| RecoveryCodeError::Word { place, source })?;
            let (bits, width) = if place == WORDS { (last >> 4, 7) } else { (last, 11) };
            number = number << width | u128::from(bits);
        }
        let code = Self(Secret::new(number.to_be_bytes()));
        if code.check() == last & 0xf { Ok(code) } else { Err(RecoveryCodeError::Check) }
    }

    /// Enough randomness of its own: no Argon2id before it.
    pub(crate) fn wrapping_secret(&self) -> Secret<32> {
        self.0.derive("recovery-wrap", &[])
    }

    /// Four bits that notice 15 of 16 misheard codes.
    fn check(&self) -> u16 {
        u16::from(self.0.derive("recovery-check", &[]).expose()[0] >> 4)
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_words_give_the_code_back(bytes: [u8; 16]) {
            let code = RecoveryCode(Secret::new(bytes));
            let heard = code.words().join("  ").to_uppercase();
            let back = RecoveryCode::from_words(&heard).unwrap();
            prop_assert_eq!(back.0.expose(), &bytes);
        }
    }

    #[test]
    fn a_misheard_word_is_noticed() {
        let words = RecoveryCode(Secret::new([3; 16])).words();
        assert_eq!(RecoveryCode::from_words(&words[2..].join(" ")).unwrap_err(), RecoveryCodeError::Count(10));
        let mut wrong = words;
        wrong[6] = "qwerty";
        let error = RecoveryCode::from_words(&wrong.join(" ")).unwrap_err();
        assert!(matches!(error, RecoveryCodeError::Word { place: 7, .. }), "{error}");
        let noticed = (0..64).filter(|index| {
            let mut other = words;
            other[0] = signing::word(*index);
            RecoveryCode::from_words(&other.join(" ")).is_err()
        });
        assert!(noticed.count() > 48);
    }

    #[test]
    fn only_the_desk_reads_the_code_and_only_for_its_vault() {
        let entropy: &mut dyn Entropy = &mut SeededEntropy::new(1);
        let (desk, other) = (AgreementSecret::generate(entropy), AgreementSecret::generate(entropy));
        let code = RecoveryCode::generate(entropy);
        let sealed = code.seal(&desk.public(), &[1; 16], entropy).unwrap();
        assert_eq!(RecoveryCode::open(&desk, &[1; 16], &sealed).unwrap().0.expose(), code.0.expose());
        assert!(RecoveryCode::open(&desk, &[2; 16], &sealed).is_err());
        assert!(RecoveryCode::open(&other, &[1; 16], &sealed).is_err());
    }
}
