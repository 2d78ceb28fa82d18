//! The root of a community's trust and its recovery kit: one seed of 32 bytes, printed as 24 words and kept on paper
//! in a safe, never on the server.

use crate::words::{bits_11, index_of, word};
use crate::{AgreementPublicKey, Hash, Label, Secret, Signature, SigningKey, VerifyingKey, WordError};
use std::fmt;
use zeroize::Zeroize;

/// Why the words of a kit are not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KitError {
    /// Not 24 words.
    #[error("у наборі 24 слова, а введено {0} / a kit has 24 words, {0} were given")]
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

/// The root with its seed: present only while a kit is in somebody's hands.
pub struct Root {
    seed: Secret<32>,
}

impl Root {
    /// From 32 fresh random bytes.
    pub const fn from_seed(seed: Secret<32>) -> Self {
        Self { seed }
    }

    /// From the 24 words, in any case, by their first four letters.
    pub fn from_words(text: &str) -> Result<Self, KitError> {
        let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
        if words.len() != 24 {
            return Err(KitError::Count(words.len()));
        }
        let mut bytes = [0u8; 33];
        for (place, text) in words.into_iter().enumerate() {
            let index = index_of(text).map_err(|source| KitError::Word { place: place + 1, source })?;
            for bit in 0..11 {
                if index >> (10 - bit) & 1 == 1 {
                    let at = place * 11 + bit;
                    bytes[at / 8] |= 1 << (7 - at % 8);
                }
            }
        }
        let (seed, check) = bytes.split_at(32);
        let same = check_byte(seed) == check[0];
        let seed = Secret::from_slice(seed);
        bytes.zeroize();
        match seed {
            Some(seed) if same => Ok(Self { seed }),
            _ => Err(KitError::Check),
        }
    }

    /// The 24 words: 256 bits of the seed and 8 bits of its labelled hash, eleven bits a word.
    pub fn words(&self) -> [&'static str; 24] {
        let mut bytes = [0u8; 33];
        bytes[..32].copy_from_slice(self.seed.expose());
        bytes[32] = check_byte(self.seed.expose());
        let words = std::array::from_fn(|i| word(bits_11(&bytes, i)));
        bytes.zeroize();
        words
    }

    /// The key that signs desk certificates and the hub's TLS certificate.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_seed(&self.signing_seed())
    }

    /// The seed of [`Root::signing_key`], for the one library that needs it as bytes (X.509).
    pub fn signing_seed(&self) -> Secret<32> {
        self.seed.derive("root-signing", &[])
    }

    /// The X25519 secret to which each desk's own secret is sealed, so that kit and hub give the desk back.
    pub fn agreement_secret(&self) -> Secret<32> {
        self.seed.derive("root-agreement", &[])
    }
}

impl fmt::Debug for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Root(***)")
    }
}

/// One byte that notices 255 of 256 wrong kits.
fn check_byte(seed: &[u8]) -> u8 {
    Hash::of(Label::KitCheck, seed).0[0]
}

/// What everybody may know of the root, and what a suitcase pins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RootPublic {
    /// Verifies desk certificates.
    pub signing: VerifyingKey,
    /// Desks seal their own secret to it.
    pub agreement: AgreementPublicKey,
}

impl RootPublic {
    /// What an invitation carries and a person may compare.
    pub fn fingerprint(&self) -> RootFingerprint {
        let mut bytes = [0; 64];
        bytes[..32].copy_from_slice(&self.signing.0);
        bytes[32..].copy_from_slice(&self.agreement.0);
        RootFingerprint(Hash::of(Label::RootFingerprint, &bytes))
    }

    /// True if the root signed `bytes` under `label`.
    pub fn verifies(&self, label: Label, bytes: &[u8], signature: &Signature) -> bool {
        self.signing.verifies(label, bytes, signature)
    }
}

/// 32 bytes that name a root.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RootFingerprint(pub Hash);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_words_give_the_seed_back(seed: [u8; 32]) {
            let root = Root::from_seed(Secret::new(seed));
            let typed = root.words().join(", ").to_uppercase();
            let back = Root::from_words(&typed).unwrap();
            prop_assert_eq!(back.seed.expose(), &seed);
        }
    }

    #[test]
    fn a_lost_or_mistaken_word_is_named() {
        let words = Root::from_seed(Secret::new([9; 32])).words();
        assert_eq!(Root::from_words(&words[1..].join(" ")).unwrap_err(), KitError::Count(23));
        let mut wrong = words;
        wrong[4] = "ффффф";
        let error = Root::from_words(&wrong.join(" ")).unwrap_err();
        assert!(matches!(error, KitError::Word { place: 5, .. }), "{error}");
        let mut swapped = words;
        swapped.swap(0, 20);
        assert!(words[0] != words[20]);
        assert_eq!(Root::from_words(&swapped.join(" ")).unwrap_err(), KitError::Check);
    }

    #[test]
    fn a_root_does_not_print() {
        assert_eq!(format!("{:?}", Root::from_seed(Secret::new([1; 32]))), "Root(***)");
    }
}
