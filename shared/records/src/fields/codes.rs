//! Codes of organisations and accounts.

use super::look_alikes::to_latin;
use super::{Finding, digits};

/// Everything odd about an ЄДРПОУ code: eight digits; the check digit is a warning.
pub fn edrpou(text: &str) -> Vec<Finding> {
    let Some(all): Option<[u8; 8]> = digits(text).and_then(|all| all.try_into().ok()) else {
        return vec![Finding::error("edrpou_form", "код ЄДРПОУ — 8 цифр", "an EDRPOU code has 8 digits")];
    };
    if edrpou_check_digit(&all) == all[7] {
        return Vec::new();
    }
    vec![Finding::warning(
        "edrpou_check",
        "контрольна цифра ЄДРПОУ не збігається: звірте з випискою",
        "the EDRPOU code's check digit differs: compare with the extract",
    )]
}

/// Weights 1 to 7, or 7, 1 … 6 for codes from 30 to 60 million; a remainder of 10 is computed again with weights two higher.
fn edrpou_check_digit(all: &[u8; 8]) -> u8 {
    let weights: [u32; 7] = if (3..=5).contains(&all[0]) { [7, 1, 2, 3, 4, 5, 6] } else { [1, 2, 3, 4, 5, 6, 7] };
    let sum =
        |plus: u32| -> u32 { all.iter().zip(weights).map(|(digit, weight)| u32::from(*digit) * (weight + plus)).sum() };
    match sum(0) % 11 {
        10 => (sum(2) % 11 % 10) as u8,
        remainder => remainder as u8,
    }
}

/// Everything odd about a Ukrainian IBAN: `UA` and 27 digits, modulo 97. Money would go astray, so all of it is an error.
pub fn iban(text: &str) -> Vec<Finding> {
    let bare: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_uppercase)
        .map(|c| to_latin(c).unwrap_or(c))
        .collect();
    let fix = (bare != text && is_iban(&bare) && iban_remainder(&bare) == 1).then_some(bare);
    if !is_iban(text) {
        return vec![
            Finding::error(
                "iban_form",
                "IBAN України: UA і 27 цифр без пробілів",
                "a Ukrainian IBAN: UA and 27 digits without spaces",
            )
            .suggest_if(fix),
        ];
    }
    if iban_remainder(text) == 1 {
        return Vec::new();
    }
    vec![Finding::error(
        "iban_check",
        "IBAN не проходить перевірки: звірте всі знаки з довідкою банку",
        "the IBAN does not check: compare every character with the bank's paper",
    )]
}

fn is_iban(text: &str) -> bool {
    text.len() == 29 && text.strip_prefix("UA").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

/// ISO 13616: the first four characters go last, letters count from A = 10, modulo 97. For `UA` + 27 digits only.
fn iban_remainder(text: &str) -> u32 {
    let moved = text.bytes().skip(4).chain(text.bytes().take(4));
    moved.fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        letter => (rest * 100 + u32::from(letter.saturating_sub(b'A')) + 10) % 97,
    })
}

/// Digits in each part of a cadastral number: zone and quarter of the settlement's code, zone, quarter, parcel.
const CADASTRAL: [usize; 4] = [10, 2, 3, 4];

/// Everything odd about a land parcel's cadastral number: ten, two, three and four digits parted by colons.
pub fn cadastral(text: &str) -> Vec<Finding> {
    let parts: Vec<&str> = text.split(':').collect();
    let fits = parts.len() == CADASTRAL.len()
        && parts
            .iter()
            .zip(CADASTRAL)
            .all(|(part, length)| part.len() == length && part.bytes().all(|b| b.is_ascii_digit()));
    if fits {
        return Vec::new();
    }
    let bare: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || ":;.,-–—/".contains(c));
    let mended = (plain && bare.len() == 19)
        .then(|| format!("{}:{}:{}:{}", &bare[..10], &bare[10..12], &bare[12..15], &bare[15..]));
    vec![
        Finding::warning(
            "cadastral_form",
            "кадастровий номер має вигляд 5320610100:00:001:0023: звірте з витягом",
            "a cadastral number looks like 5320610100:00:001:0023: compare with the extract",
        )
        .suggest_if(mended),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Severity;

    #[test]
    fn cadastral_numbers_have_four_parts() {
        assert_eq!(cadastral("5320610100:00:001:0023"), []);
        for typed in ["5320610100 00 001 0023", "5320610100000010023", "5320610100.00.001.0023"] {
            assert_eq!(cadastral(typed)[0].suggestion.as_deref(), Some("5320610100:00:001:0023"), "{typed}");
        }
        for typed in ["", "5320610100:00:001", "5320610100:00:001:002х", "їїїїїїїїї"] {
            assert_eq!((cadastral(typed).len(), cadastral(typed)[0].suggestion.clone()), (1, None), "{typed}");
        }
    }

    #[test]
    fn known_codes_check() {
        for text in ["32855961", "00032112", "14360570", "21560766", "04054346"] {
            assert_eq!(edrpou(text), [], "{text}");
        }
        assert_eq!(edrpou("32855962")[0].severity, Severity::Warning);
        assert_eq!(edrpou("3285596")[0].severity, Severity::Error);
        assert_eq!(edrpou("3285596а")[0].severity, Severity::Error);
    }

    #[test]
    fn ibans_check_modulo_97() {
        assert_eq!(iban("UA903052992990004149123456789"), []);
        assert_eq!(iban("UA903052992990004149123456788")[0].code, "iban_check");
        assert_eq!(
            iban("UA90 3052 9929 9000 4149 1234 5678 9")[0].suggestion.as_deref(),
            Some("UA903052992990004149123456789")
        );
        for text in
            ["", "PL903052992990004149123456789", "UA90305299299000414912345678", "їUA90305299299000414912345678"]
        {
            assert_eq!(iban(text)[0].code, "iban_form", "{text}");
        }
    }
}
