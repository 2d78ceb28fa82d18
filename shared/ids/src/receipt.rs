//! The number printed on the опис: suitcase – date – counter, two random characters, one check character.
//!
//! The two random characters make sure that a suitcase restored from a backup, whose counter runs again, does not
//! print a number that is already on somebody's paper (one chance in 484 for each number that is counted again).

use std::fmt;
use std::str::FromStr;

/// Ten digits and twelve capital letters, told apart by ear and by eye. All letters but Л look the same in
/// Cyrillic and Latin, so a number may be typed with either keyboard. The size makes the check below work:
/// 22 + 1 is a prime.
const ALPHABET: [char; 22] =
    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'А', 'В', 'Е', 'К', 'М', 'Н', 'Р', 'С', 'Т', 'У', 'Х', 'Л'];

/// `7-211126-014-К4Х`: suitcase 7, 21.11.2026, the day's 14th number, two random characters, a check character.
///
/// The check is ISO/IEC 7064's hybrid system MOD 23,22 over all characters before it: it finds every single wrong
/// character and all but a few exchanges of neighbours.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptNumber {
    suitcase: u16,
    year: u8,
    month: u8,
    day: u8,
    counter: u16,
    random: [u8; 2],
}

/// Why a text is no receipt number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptNumberError {
    /// Not four groups, a group of a wrong length, or a value out of its range.
    #[error(
        "номер має вигляд «7-211126-014-К4Х»: валіза, дата ДДММРР, лічильник і три знаки / a number looks like 7-211126-014-К4Х"
    )]
    Form,
    /// The check character is another one: something was mistyped or misheard.
    #[error(
        "контрольний знак не збігається: перевірте номер за паперовим описом / the check character differs: compare with the paper"
    )]
    Check,
}

impl ReceiptNumber {
    /// `suitcase` 1 to 9999, a date of this century, `counter` 1 to 999 (the suitcase starts each day at 1),
    /// `random` two bytes of which each chooses one of 22 characters.
    pub fn new(suitcase: u16, date: (u16, u8, u8), counter: u16, random: [u8; 2]) -> Result<Self, ReceiptNumberError> {
        let (year, month, day) = date;
        let in_range = (1..=9999).contains(&suitcase)
            && (2000..=2099).contains(&year)
            && (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && (1..=999).contains(&counter);
        if !in_range {
            return Err(ReceiptNumberError::Form);
        }
        Ok(Self {
            suitcase,
            year: (year - 2000) as u8,
            month,
            day,
            counter,
            random: random.map(|r| r % ALPHABET.len() as u8),
        })
    }

    /// The suitcase's short number.
    pub fn suitcase(&self) -> u16 {
        self.suitcase
    }

    /// Year, month, day.
    pub fn date(&self) -> (u16, u8, u8) {
        (2000 + u16::from(self.year), self.month, self.day)
    }

    /// The place in the suitcase's day.
    pub fn counter(&self) -> u16 {
        self.counter
    }

    fn without_check(&self) -> String {
        let [a, b] = self.random.map(|r| ALPHABET[usize::from(r)]);
        format!("{}-{:02}{:02}{:02}-{:03}-{a}{b}", self.suitcase, self.day, self.month, self.year, self.counter)
    }
}

/// ISO/IEC 7064 hybrid system: the product starts at M, each character is added and doubled modulo M + 1.
fn check_character(text: &str) -> Option<char> {
    let m = ALPHABET.len();
    let mut product = m;
    for symbol in text.chars().filter(|c| *c != '-') {
        let value = ALPHABET.iter().position(|a| *a == symbol)?;
        let sum = (product + value) % m;
        product = (if sum == 0 { m } else { sum }) * 2 % (m + 1);
    }
    Some(ALPHABET[(m + 1 - product) % m])
}

/// Latin look-alikes and small letters to the alphabet's own; spaces and long dashes as people type them.
fn fold(text: &str) -> String {
    let look_alike = |c: char| match c {
        'A' => 'А',
        'B' => 'В',
        'E' => 'Е',
        'K' => 'К',
        'M' => 'М',
        'H' => 'Н',
        'P' => 'Р',
        'C' => 'С',
        'T' => 'Т',
        'Y' => 'У',
        'X' => 'Х',
        '–' | '—' | '‑' | '−' => '-',
        other => other,
    };
    text.trim().chars().flat_map(char::to_uppercase).map(look_alike).collect()
}

impl fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.without_check();
        let check = check_character(&text).unwrap_or('?');
        write!(f, "{text}{check}")
    }
}

impl fmt::Debug for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "receipt({self})")
    }
}

impl FromStr for ReceiptNumber {
    type Err = ReceiptNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        use ReceiptNumberError::{Check, Form};
        let text = fold(text);
        let groups: Vec<&str> = text.split('-').collect();
        let [suitcase, date, counter, tail] = groups[..] else {
            return Err(Form);
        };
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if !digits(suitcase)
            || suitcase.starts_with('0')
            || !digits(date)
            || date.len() != 6
            || !digits(counter)
            || counter.len() != 3
        {
            return Err(Form);
        }
        let number = |s: &str| s.parse::<u16>().map_err(|_| Form);
        let tail: Vec<char> = tail.chars().collect();
        let [a, b, check] = tail[..] else {
            return Err(Form);
        };
        let index = |c: char| ALPHABET.iter().position(|x| *x == c).map(|i| i as u8).ok_or(Form);
        let parsed = Self::new(
            number(suitcase)?,
            (2000 + number(&date[4..6])?, number(&date[2..4])? as u8, number(&date[0..2])? as u8),
            number(counter)?,
            [index(a)?, index(b)?],
        )?;
        if check_character(&parsed.without_check()) == Some(check) { Ok(parsed) } else { Err(Check) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample() -> ReceiptNumber {
        ReceiptNumber::new(7, (2026, 11, 21), 14, [13, 4]).unwrap()
    }

    #[test]
    fn the_form_is_the_one_on_paper() {
        assert_eq!(sample().to_string(), "7-211126-014-К4Х");
    }

    #[test]
    fn a_latin_keyboard_and_small_letters_are_understood() {
        assert_eq!("7-211126-014-k4x".parse(), Ok(sample()));
        assert_eq!(" 7–211126–014–K4X ".parse(), Ok(sample()));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "7",
            "7-211126-014",
            "07-211126-014-К4Х",
            "7-311326-014-К4Х",
            "7-211126-000-К4Х",
            "7-211126-014-К4ХЕ",
            "7-2111٢6-014-К4Х",
        ] {
            assert_eq!(text.parse::<ReceiptNumber>(), Err(ReceiptNumberError::Form), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(suitcase in 1u16..9999, day in 1u8..=28, month in 1u8..=12, counter in 1u16..999, random: [u8; 2]) {
            let number = ReceiptNumber::new(suitcase, (2026, month, day), counter, random).unwrap();
            prop_assert_eq!(number.to_string().parse(), Ok(number));
        }

        #[test]
        fn any_single_wrong_character_is_noticed(place in 0usize..16, other in 0usize..22) {
            let mut text: Vec<char> = sample().to_string().chars().collect();
            let before = text[place];
            prop_assume!(before != '-' && before != ALPHABET[other]);
            text[place] = ALPHABET[other];
            let wrong: String = text.into_iter().collect();
            prop_assert!(wrong.parse::<ReceiptNumber>().is_err());
        }
    }
}
