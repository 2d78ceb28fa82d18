//! Passphrases: one spelling for what a person typed, and what is too weak to be set.

use std::collections::HashSet;
use std::fmt;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

const LEAST_CHARS: usize = 15;
const LEAST_WORDS: usize = 5;
const LEAST_DIFFERENT: usize = 6;
const MOST_BYTES: usize = 1024;

/// What an officer types. NFKC, spaces folded to one and trimmed, so that another keyboard or a stray space does
/// not lock anybody out; capitals count. Does not print, is wiped.
pub struct Passphrase(Zeroizing<String>);

/// Why a passphrase cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassphrase {
    /// Neither 15 characters nor five words.
    #[error(
        "пароль закороткий: потрібно щонайменше 15 знаків або п’ять слів / the passphrase is too short: at least 15 characters or five words are needed"
    )]
    TooShort,
    /// A few characters again and again.
    #[error(
        "у паролі повторюються ті самі знаки: візьміть кілька різних слів / the passphrase repeats the same characters: take several different words"
    )]
    TooPlain,
    /// Over a kilobyte: something else was pasted.
    #[error(
        "пароль задовгий (понад 1024 байти): перевірте, що вставлено / the passphrase is over 1024 bytes long: check what was pasted"
    )]
    TooLong,
    /// A control character: it cannot be typed again.
    #[error(
        "у паролі є знак, якого не набрати з клавіатури: введіть пароль вручну / the passphrase has a character that cannot be typed: type it by hand"
    )]
    ControlCharacter,
}

impl Passphrase {
    /// To be set: refused if weak.
    pub fn new(text: &str) -> Result<Self, WeakPassphrase> {
        if text.len() > MOST_BYTES {
            return Err(WeakPassphrase::TooLong);
        }
        let passphrase = Self::typed(text);
        let folded = passphrase.0.as_str();
        if folded.chars().any(char::is_control) {
            return Err(WeakPassphrase::ControlCharacter);
        }
        let words = folded.split(' ').filter(|word| word.chars().count() >= 2).count();
        if folded.chars().count() < LEAST_CHARS && words < LEAST_WORDS {
            return Err(WeakPassphrase::TooShort);
        }
        if folded.chars().filter(|c| *c != ' ').collect::<HashSet<_>>().len() < LEAST_DIFFERENT {
            return Err(WeakPassphrase::TooPlain);
        }
        Ok(passphrase)
    }

    /// To be tried: taken as it is, since strength was asked for when it was set.
    pub fn typed(text: &str) -> Self {
        // Room for the longest usual form, so that growing leaves no copies behind.
        let mut normal = Zeroizing::new(String::with_capacity(text.len() * 4));
        normal.extend(text.nfkc());
        let mut folded = Zeroizing::new(String::with_capacity(normal.len()));
        for word in normal.split_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.push_str(word);
        }
        Self(folded)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The one spelling, for a stretching other than a vault's.
    pub fn expose(&self) -> &[u8] {
        self.bytes()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_passphrase_has_one_spelling() {
        let set = Passphrase::new("їжак вулик ґанок човен ліхтар").unwrap();
        // The same letters with combining marks, no-break spaces, and a stray line end.
        let typed = Passphrase::typed("  і\u{308}жак\u{a0}вулик  ґанок човен ліхтар\n");
        assert_eq!(set.bytes(), typed.bytes());
        assert_ne!(set.bytes(), Passphrase::typed("Їжак вулик ґанок човен ліхтар").bytes());
    }

    #[test]
    fn weak_ones_are_not_set() {
        let weak = |text: &str| Passphrase::new(text).unwrap_err();
        assert_eq!(weak("Валіза2024"), WeakPassphrase::TooShort);
        assert_eq!(weak(""), WeakPassphrase::TooShort);
        assert_eq!(weak("а а а а а а"), WeakPassphrase::TooShort);
        assert_eq!(weak("               "), WeakPassphrase::TooShort);
        assert_eq!(weak("1111111111111111"), WeakPassphrase::TooPlain);
        assert_eq!(weak("баба баба баба баба баба"), WeakPassphrase::TooPlain);
        assert_eq!(weak("дуже довгий пароль\u{7}"), WeakPassphrase::ControlCharacter);
        assert_eq!(weak(&"слово ".repeat(200)), WeakPassphrase::TooLong);
        assert!(Passphrase::new("ой на горі да жн").is_ok());
        assert!(Passphrase::new("вечір-на-хуторі").is_ok());
    }

    #[test]
    fn a_passphrase_does_not_print() {
        assert_eq!(format!("{:?}", Passphrase::typed("їжак")), "Passphrase(***)");
    }
}
