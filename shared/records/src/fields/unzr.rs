//! УНЗР (number in the demographic register): `YYYYMMDD-NNNNC`.

use super::{Finding, digits};

/// The check digit that belongs to twelve digits: the method of passports' machine-readable zone (ICAO 9303), weights
/// 7, 3, 1, sum modulo 10. Not confirmed on real cards, so another digit is a warning only.
pub fn unzr_check_digit(twelve: [u8; 12]) -> u8 {
    let sum: u32 =
        twelve.iter().zip([7u32, 3, 1].into_iter().cycle()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    (sum % 10) as u8
}

/// Read a number: the 13 digits.
pub fn unzr(text: &str) -> Result<[u8; 13], Finding> {
    let bare: String = text.chars().filter(|c| c.is_ascii_digit()).collect();
    let form = || {
        let dashed = (bare.len() == 13).then(|| format!("{}-{}", &bare[..8], &bare[8..]));
        Finding::error(
            "unzr_form",
            "УНЗР має вигляд 19800315-01234: вісім цифр, дефіс, п’ять цифр",
            "an UNZR looks like 19800315-01234: eight digits, a hyphen, five digits",
        )
        .suggest_if(dashed.filter(|dashed| dashed != text))
    };
    let (date, rest) = text.split_once('-').ok_or_else(form)?;
    if date.len() != 8 || rest.len() != 5 {
        return Err(form());
    }
    let all: [u8; 13] = digits(&format!("{date}{rest}")).and_then(|all| all.try_into().ok()).ok_or_else(form)?;
    if all[8..12] == [0; 4] { Err(form()) } else { Ok(all) }
}

/// Everything odd about a number beside a date of birth (`YYYY-MM-DD`), where it is known.
pub fn unzr_against(text: &str, born: Option<&str>) -> Vec<Finding> {
    let all = match unzr(text) {
        Ok(all) => all,
        Err(finding) => return vec![finding],
    };
    let mut found = Vec::new();
    if born.is_some_and(|born| born.replace('-', "") != text[..8]) {
        found.push(Finding::error(
            "unzr_born",
            "перші вісім цифр УНЗР мають бути датою народження: звірте обидві з документом",
            "an UNZR's first eight digits are the date of birth: compare both with the document",
        ));
    }
    let mut twelve = [0; 12];
    twelve.copy_from_slice(&all[..12]);
    if unzr_check_digit(twelve) != all[12] {
        found.push(Finding::warning(
            "unzr_check",
            "остання цифра УНЗР не збігається: звірте з карткою; якщо так і написано, збережіть із поясненням",
            "the UNZR's last digit differs: compare with the card; if it is written so, save it with a reason",
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Severity;

    #[test]
    fn known_numbers_check() {
        for text in ["19910824-00026", "19500315-00015", "19380722-01236", "20010909-99995"] {
            assert_eq!(unzr_against(text, None), [], "{text}");
        }
        assert_eq!(unzr_against("19500315-00015", Some("1950-03-15")), []);
    }

    #[test]
    fn another_check_digit_is_a_warning_another_birth_date_an_error() {
        let found = unzr_against("19500315-00016", Some("1950-03-16"));
        assert_eq!(
            found.iter().map(|f| (f.code, f.severity)).collect::<Vec<_>>(),
            [("unzr_born", Severity::Error), ("unzr_check", Severity::Warning)]
        );
    }

    #[test]
    fn structure_is_an_error() {
        for text in
            ["", "1950031500015", "19500315-0001", "19500315-000155", "19500315-00001", "1950031a-00015", "їїїї-00015"]
        {
            assert_eq!(unzr(text).unwrap_err().severity, Severity::Error, "{text}");
        }
        assert_eq!(unzr("19500315 00015").unwrap_err().suggestion.as_deref(), Some("19500315-00015"));
    }
}
