//! РНОКПП (taxpayer number): ten digits, a birth date, a sex, a check digit.

use jiff::civil::Date;
use jiff::{Span, civil::date};

use super::{Finding, digits, without_separators};

/// What a taxpayer number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rnokpp {
    /// Date of birth as year, month, day.
    pub born: (i16, i8, i8),
    /// `m` or `f`.
    pub sex: char,
    /// Whether the check digit is right.
    pub checks: bool,
}

/// The check digit that belongs to nine digits: weights −1, 5, 7, 9, 4, 6, 10, 5, 7, the sum modulo 11 modulo 10.
pub fn rnokpp_check_digit(nine: [u8; 9]) -> u8 {
    const WEIGHTS: [i32; 9] = [-1, 5, 7, 9, 4, 6, 10, 5, 7];
    let sum: i32 = nine.iter().zip(WEIGHTS).map(|(digit, weight)| i32::from(*digit) * weight).sum();
    (sum.rem_euclid(11) % 10) as u8
}

/// Read a number; only its structure is an error.
pub fn rnokpp(text: &str) -> Result<Rnokpp, Finding> {
    let form = || {
        let fix = without_separators(text).filter(|bare| bare.len() == 10 && digits(bare).is_some());
        Finding::error(
            "rnokpp_form",
            "РНОКПП має рівно 10 цифр: перевірте за карткою платника податків",
            "a taxpayer number has exactly 10 digits: compare with the taxpayer's card",
        )
        .suggest_if(fix)
    };
    let all: [u8; 10] = digits(text).and_then(|all| all.try_into().ok()).ok_or_else(form)?;
    if all == [0; 10] {
        return Err(Finding::error(
            "rnokpp_zeros",
            "РНОКПП не складається з самих нулів: якщо людина відмовилася від номера, позначте це",
            "a taxpayer number is not all zeros: if the person refused one, mark that",
        ));
    }
    let mut nine = [0; 9];
    nine.copy_from_slice(&all[..9]);
    let days = all[..5].iter().fold(0i64, |sum, digit| sum * 10 + i64::from(*digit));
    let born = date(1899, 12, 31).checked_add(Span::new().days(days)).unwrap_or(Date::constant(1899, 12, 31));
    let sex = if all[8] % 2 == 1 { 'm' } else { 'f' };
    Ok(Rnokpp { born: (born.year(), born.month(), born.day()), sex, checks: rnokpp_check_digit(nine) == all[9] })
}

/// Everything odd about a number beside a date of birth (`YYYY-MM-DD`) and a sex, where these are known.
pub fn rnokpp_against(text: &str, born: Option<&str>, sex: Option<char>) -> Vec<Finding> {
    let read = match rnokpp(text) {
        Ok(read) => read,
        Err(finding) => return vec![finding],
    };
    let mut found = Vec::new();
    if !read.checks {
        found.push(Finding::warning(
            "rnokpp_check",
            "контрольна цифра РНОКПП не збігається: звірте всі 10 цифр із карткою; якщо так і написано, збережіть із поясненням",
            "the taxpayer number's check digit differs: compare all 10 digits with the card; if it is written so, save it with a reason",
        ));
    }
    let (year, month, day) = read.born;
    if born.is_some_and(|born| born != format!("{year:04}-{month:02}-{day:02}")) {
        found.push(Finding::warning(
            "rnokpp_born",
            "дата народження не та, що закодована в РНОКПП: звірте обидві з документами",
            "the date of birth is not the one in the taxpayer number: compare both with the papers",
        ));
    }
    if sex.is_some_and(|sex| sex != read.sex) {
        found.push(Finding::warning(
            "rnokpp_sex",
            "стать не та, що закодована в РНОКПП: звірте з документами",
            "the sex is not the one in the taxpayer number: compare with the papers",
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers_check() {
        let valid = [
            "3184710691",
            "1759013776",
            "2530414071",
            "3652504575",
            "3068208400",
            "0000000017",
            "1408212320",
            "1408212350",
            "1833645606",
            "1833645612",
        ];
        for text in valid {
            assert!(rnokpp(text).unwrap().checks, "{text}");
        }
        assert!(!rnokpp("1234567891").unwrap().checks);
    }

    #[test]
    fn birth_date_and_sex_are_read() {
        assert_eq!(rnokpp("3652504575").unwrap(), Rnokpp { born: (2000, 1, 1), sex: 'm', checks: true });
        assert_eq!(rnokpp("3068208400").unwrap().sex, 'f');
        assert_eq!(rnokpp("1408212320").unwrap(), Rnokpp { born: (1938, 7, 22), sex: 'f', checks: true });
        assert_eq!(rnokpp("1408212350").unwrap().sex, 'm');
        assert_eq!(rnokpp("1833645606").unwrap().born, (1950, 3, 15));
    }

    #[test]
    fn a_sum_below_zero_is_taken_modulo_as_a_positive_number() {
        // Only the first weight is negative: 9 gives −9, which is 2 modulo 11.
        assert_eq!(rnokpp_check_digit([9, 0, 0, 0, 0, 0, 0, 0, 0]), 2);
    }

    #[test]
    fn structure_is_an_error_and_a_plain_fix_is_offered() {
        for text in ["", "null", "123456789", "12345678901", "318471069а", "0000000000", "٣184710691"] {
            assert_eq!(rnokpp(text).unwrap_err().severity, crate::fields::Severity::Error, "{text}");
        }
        assert_eq!(rnokpp(" 3184 710-691").unwrap_err().suggestion.as_deref(), Some("3184710691"));
    }

    #[test]
    fn a_wrong_check_digit_or_another_birth_date_is_a_warning() {
        let codes = |text, born, sex| {
            rnokpp_against(text, born, sex).into_iter().map(|f| (f.code, f.severity)).collect::<Vec<_>>()
        };
        let warning = crate::fields::Severity::Warning;
        assert_eq!(codes("1408212320", Some("1938-07-22"), Some('f')), []);
        assert_eq!(codes("1408212321", None, None), [("rnokpp_check", warning)]);
        assert_eq!(
            codes("1408212320", Some("1938-07-23"), Some('m')),
            [("rnokpp_born", warning), ("rnokpp_sex", warning)]
        );
    }
}
