//! How dates, times, numbers and money are written. Empty or missing is «—», never an empty place.

use clock::Time;
use jiff::civil::Date;

use crate::Lang;

/// What stands where nothing is.
pub const NOTHING: &str = "—";

/// The text, or «—» if it is blank.
pub fn or_nothing(text: &str) -> &str {
    if text.trim().is_empty() { NOTHING } else { text }
}

/// `21.11.2026`.
pub fn civil(date: Date) -> String {
    format!("{:02}.{:02}.{}", date.day(), date.month(), date.year())
}

/// `21.11.2026`, the day in Kyiv.
pub fn date(time: Time) -> String {
    time.kyiv().map_or_else(|| NOTHING.to_owned(), |zoned| civil(zoned.date()))
}

/// `14:05`, the time of day in Kyiv.
pub fn clock_time(time: Time) -> String {
    time.kyiv().map_or_else(|| NOTHING.to_owned(), |zoned| format!("{:02}:{:02}", zoned.hour(), zoned.minute()))
}

/// `21.11.2026 14:05` in Kyiv.
pub fn date_time(time: Time) -> String {
    match time.kyiv() {
        Some(zoned) => format!("{} {:02}:{:02}", civil(zoned.date()), zoned.hour(), zoned.minute()),
        None => NOTHING.to_owned(),
    }
}

pub(crate) const MONTHS: [&str; 12] = [
    "січня",
    "лютого",
    "березня",
    "квітня",
    "травня",
    "червня",
    "липня",
    "серпня",
    "вересня",
    "жовтня",
    "листопада",
    "грудня",
];

/// `21 листопада 2026 року`, as papers have it.
pub fn paper_date(date: Date) -> String {
    let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    format!("{} {month} {} року", date.day(), date.year())
}

/// `+380 67 123 45 67`; a number that is not Ukrainian or not whole stays as it was typed.
pub fn phone(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let local = match digits.len() {
        12 => digits.strip_prefix("380"),
        10 => digits.strip_prefix('0'),
        _ => None,
    };
    match local {
        Some(d) => format!("+380 {} {} {} {}", &d[..2], &d[2..5], &d[5..7], &d[7..]),
        None => or_nothing(number).to_owned(),
    }
}

/// `0 Б`, `41 КБ`, `3,2 МБ`: thousands, as people count; anything up to 1000 bytes is told in bytes.
pub fn bytes(count: u64, lang: Lang) -> String {
    let [b, kb, mb, gb] = match lang {
        Lang::Uk => ["Б", "КБ", "МБ", "ГБ"],
        Lang::En => ["B", "kB", "MB", "GB"],
    };
    match count {
        0..=999 => format!("{count} {b}"),
        1_000..=999_499 => format!("{} {kb}", (count + 500) / 1_000),
        999_500..=999_949_999 => format!("{} {mb}", tenths(count, 1_000_000, lang)),
        _ => format!("{} {gb}", tenths(count, 1_000_000_000, lang)),
    }
}

fn tenths(count: u64, unit: u64, lang: Lang) -> String {
    let rounded = count.saturating_add(unit / 20) / (unit / 10);
    let mark = if lang == Lang::Uk { ',' } else { '.' };
    format!("{}{mark}{}", rounded / 10, rounded % 10)
}

/// For a terminal: what people typed neither drives it nor turns the order of what is read. Lines stay lines.
pub fn harmless(text: &str) -> String {
    let is_bidi =
        |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c != '\n' && c.is_control() || is_bidi(c) { ' ' } else { c }).collect()
}

/// `49,92 грн`, from kopiyky; thousands are set apart by a no-break space.
pub fn money(kopiyky: u64) -> String {
    let hryvni = (kopiyky / 100).to_string();
    let mut grouped = String::new();
    for (at, digit) in hryvni.chars().enumerate() {
        if at > 0 && (hryvni.len() - at).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    format!("{grouped},{:02} грн", kopiyky % 100)
}

/// `140 821 2320`: a taxpayer number in groups; anything else stays as it is.
pub fn tax_number(number: &str) -> String {
    if number.len() == 10 && number.bytes().all(|b| b.is_ascii_digit()) {
        format!("{} {} {}", &number[..3], &number[3..6], &number[6..])
    } else {
        or_nothing(number).to_owned()
    }
}

/// A receipt number as it is said on the telephone: digits in words, letters by the names that are used for spelling,
/// groups parted by dashes. Only the characters of receipt numbers have words; others stay.
pub fn spoken(number: &str) -> String {
    let groups = number.split('-').map(|group| {
        let words: Vec<String> = group.chars().map(|c| word(c).map_or_else(|| c.to_string(), str::to_owned)).collect();
        words.join(" ")
    });
    groups.collect::<Vec<_>>().join(" – ")
}

fn word(character: char) -> Option<&'static str> {
    Some(match character {
        '0' => "нуль",
        '1' => "один",
        '2' => "два",
        '3' => "три",
        '4' => "чотири",
        '5' => "п’ять",
        '6' => "шість",
        '7' => "сім",
        '8' => "вісім",
        '9' => "дев’ять",
        'А' => "Андрій",
        'В' => "Василь",
        'Е' => "Емма",
        'К' => "Катерина",
        'М' => "Марія",
        'Н' => "Наталія",
        'Р' => "Роман",
        'С' => "Степан",
        'Т' => "Тетяна",
        'У' => "Уляна",
        'Х' => "Христина",
        'Л' => "Леся",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_kyivs_in_winter_and_summer() {
        // 2026-11-21T12:05:00Z and 2026-07-01T21:30:00Z, which is the next day in Kyiv.
        let (winter, summer) = (Time::from_seconds(1_795_262_700), Time::from_seconds(1_782_941_400));
        assert_eq!(date_time(winter), "21.11.2026 14:05");
        assert_eq!((date(summer), clock_time(summer)), ("02.07.2026".into(), "00:30".into()));
        assert_eq!(date(Time(i64::MAX)), NOTHING);
    }

    #[test]
    fn papers_write_the_month_out() {
        assert_eq!(paper_date(Date::constant(2026, 11, 21)), "21 листопада 2026 року");
        assert_eq!(paper_date(Date::constant(2027, 1, 1)), "1 січня 2027 року");
    }

    #[test]
    fn phones() {
        for typed in ["+380671234567", "380671234567", "067 123-45-67", "(067)1234567"] {
            assert_eq!(phone(typed), "+380 67 123 45 67", "{typed}");
        }
        assert_eq!(phone("+48 600 100 200"), "+48 600 100 200");
        assert_eq!(phone(" "), NOTHING);
    }

    #[test]
    fn sizes_and_money() {
        assert_eq!(bytes(999, Lang::Uk), "999 Б");
        assert_eq!(bytes(41_300, Lang::Uk), "41 КБ");
        assert_eq!(bytes(999_499, Lang::Uk), "999 КБ");
        assert_eq!(bytes(999_500, Lang::Uk), "1,0 МБ");
        assert_eq!(bytes(3_249_999, Lang::En), "3.2 MB");
        assert_eq!(bytes(u64::MAX, Lang::Uk).split(' ').nth(1), Some("ГБ"));
        assert_eq!(money(4_992), "49,92 грн");
        assert_eq!(money(5), "0,05 грн");
        assert_eq!(money(123_456_700), "1\u{a0}234\u{a0}567,00 грн");
    }

    #[test]
    fn numbers_aloud_and_in_groups() {
        assert_eq!(spoken("7-К4"), "сім – Катерина чотири");
        assert_eq!(spoken("7-211126-014-ЛЖ").split(' ').next_back(), Some("Ж"));
        assert_eq!(tax_number("1408212320"), "140 821 2320");
        assert_eq!(tax_number("14082"), "14082");
        assert_eq!(tax_number(""), NOTHING);
    }
}
