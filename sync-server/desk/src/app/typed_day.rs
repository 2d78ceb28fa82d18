//! Days as people type them.

use super::DeskError;
use jiff::civil::Date;

/// A day as typed: `1.1.2027`, `01/01/2027`, `2027-01-01`.
pub fn typed_day(typed: &str) -> Result<Date, DeskError> {
    let parts: Vec<&str> = typed.trim().split(['.', '/', '-', ' ']).filter(|part| !part.is_empty()).collect();
    let number = |text: &str| text.parse::<i16>().ok().filter(|_| text.len() <= 4);
    let small = |text: &str| text.parse::<i8>().ok();
    let day = match parts[..] {
        [year, month, day] if year.len() == 4 => number(year).zip(small(month)).zip(small(day)),
        [day, month, year] if year.len() == 4 => number(year).zip(small(month)).zip(small(day)),
        _ => None,
    };
    day.and_then(|((year, month), day)| Date::new(year, month, day).ok()).filter(|day| day.year() >= 2020).ok_or_else(
        || {
            DeskError::refused(
                "впишіть день як 01.01.2027: число, місяць, рік",
                "write the day as 01.01.2027: day, month, year",
            )
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        let new_year = jiff::civil::date(2027, 1, 1);
        for typed in ["1.1.2027", "01.01.2027", " 01/01/2027", "2027-01-01", "1 1 2027"] {
            assert_eq!(typed_day(typed).unwrap(), new_year, "{typed}");
        }
        for typed in ["", "завтра", "31.02.2027", "1.1.27", "1.1.1999", "1.1", "99999-01-01", "1.1.2027.5", "-"] {
            assert!(typed_day(typed).unwrap_err().sentence.uk.contains("01.01.2027"), "{typed}");
        }
    }
}
