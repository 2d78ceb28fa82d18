//! Dates as records keep them: `YYYY-MM-DD`.

use jiff::civil::Date;

use super::Finding;

/// A date of the calendar.
pub fn date(text: &str) -> Vec<Finding> {
    match parse(text) {
        Some(_) => Vec::new(),
        None => vec![
            Finding::error(
                "date_form",
                "такої дати немає: впишіть день, місяць і рік, як 15.03.1950",
                "there is no such date: write day, month and year, as 15.03.1950",
            )
            .suggest_if(dotted(text)),
        ],
    }
}

/// A date of birth on a day `today`: not in the future; more than 120 years ago is a warning.
pub fn birth_date(text: &str, today: &str) -> Vec<Finding> {
    let (Some(born), Some(today)) = (parse(text), parse(today)) else { return date(text) };
    if born > today {
        return vec![Finding::error(
            "born_later",
            "дата народження ще не настала: перевірте рік",
            "the date of birth is in the future: check the year",
        )];
    }
    if i32::from(today.year()) - i32::from(born.year()) > 120 {
        return vec![Finding::warning(
            "born_early",
            "понад 120 років: перевірте рік народження",
            "more than 120 years old: check the year of birth",
        )];
    }
    Vec::new()
}

/// Is it a day of the calendar as records keep it, `YYYY-MM-DD`?
pub fn is_date(text: &str) -> bool {
    parse(text).is_some()
}

pub(super) fn parse(text: &str) -> Option<Date> {
    let well_formed = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(place, b)| if place == 4 || place == 7 { b == b'-' } else { b.is_ascii_digit() });
    if well_formed { text.parse().ok() } else { None }
}

/// `15.03.1950` as it is kept.
fn dotted(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.trim().split(['.', '/', ' ']).collect();
    let [day, month, year] = parts[..] else { return None };
    let kept = format!("{year:0>4}-{month:0>2}-{day:0>2}");
    (year.len() == 4 && parse(&kept).is_some()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Severity;

    #[test]
    fn only_dates_of_the_calendar_pass() {
        assert_eq!(date("2024-02-29"), []);
        for text in ["", "2023-02-29", "2024-2-9", "24-02-29", "2024-13-01", "2024-02-29T00"] {
            assert_eq!(date(text)[0].severity, Severity::Error, "{text}");
        }
        assert_eq!(date("15.3.1950")[0].suggestion.as_deref(), Some("1950-03-15"));
        assert_eq!(date("31.02.1950")[0].suggestion, None);
    }

    #[test]
    fn nobody_is_born_tomorrow() {
        assert_eq!(birth_date("1950-03-15", "2026-11-21"), []);
        assert_eq!(birth_date("2026-11-22", "2026-11-21")[0].severity, Severity::Error);
        assert_eq!(birth_date("1850-01-01", "2026-11-21")[0].severity, Severity::Warning);
    }
}
