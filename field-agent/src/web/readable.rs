//! How values of records are read by people.

use crate::app::{AppError, Words, document_kinds};
use clock::Time;
use pages::{Lang, Texts, format};

/// The text in the page's language.
pub fn said(lang: Lang, words: &Words) -> &str {
    either(lang, &words.uk, &words.en)
}

/// One of two texts.
pub fn either<'a>(lang: Lang, uk: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Uk => uk,
        Lang::En => en,
    }
}

/// An error's sentence in the page's language: errors say both, parted by a slash.
pub fn of_error(lang: Lang, error: &AppError) -> String {
    let text = error.to_string();
    let halves = |line: &str| match line.split_once(" / ") {
        Some((uk, en)) => capital(either(lang, uk, en)),
        None => capital(line),
    };
    text.lines().map(halves).collect::<Vec<_>>().join("\n")
}

/// With a capital first letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.trim().chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// «Коваленко Ганна Петрівна» → «Коваленко Г. П.»
pub fn short_name(name: &str) -> String {
    let mut words = name.split_whitespace();
    let mut short = words.next().unwrap_or_default().to_owned();
    for initial in words.filter_map(|word| word.chars().next()) {
        short.push(' ');
        short.push(initial);
        short.push('.');
    }
    short
}

/// A day kept as `YYYY-MM-DD`, as people write it; anything else stays.
pub fn day(kept: &str) -> String {
    let parts: Vec<&str> = kept.split('-').collect();
    match parts[..] {
        [year, month, day] if kept.len() == 10 && kept.bytes().all(|b| b.is_ascii_digit() || b == b'-') => {
            format!("{day}.{month}.{year}")
        }
        _ => kept.to_owned(),
    }
}

/// A moment, ms since 1970: its time alone if it is today.
pub fn moment(_: Texts, at: i64, now: i64) -> String {
    let (at, now) = (Time(at), Time(now));
    if format::date(at) == format::date(now) { format::clock_time(at) } else { format::date_time(at) }
}

/// The value of a field as people read it.
pub fn value(t: Texts, key: &str, text: &str) -> String {
    let tail = key.rsplit('.').next().unwrap_or(key);
    let phrase = |family: &str, known: &[&str]| match known.contains(&text) {
        true => t.text(&format!("{family}-{text}")),
        false => text.to_owned(),
    };
    match tail {
        "sex" => phrase("sex", &["m", "f"]),
        "doc" => document_kinds()
            .into_iter()
            .find(|kind| kind.value == text)
            .map_or_else(|| text.to_owned(), |kind| said(t.lang, &kind.label).to_owned()),
        "seen" if key.len() < 8 => phrase("seen", &["original", "chip", "diia", "none"]),
        "norn" => t.text(if matches!(text, "true" | "yes") { "yes" } else { "no" }),
        "rnokpp" => format::tax_number(text),
        "phone" | "phone2" => format::phone(text),
        "delivery" => phrase("delivery", &["person", "post", "phone", "home"]),
        "fee" => text.parse().map_or_else(|_| text.to_owned(), format::money),
        "by" if key == "c.by" => phrase("consent-by", &["applicant", "representative", "witnesses"]),
        _ => day(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_speak_one_language_on_a_page() {
        let error = AppError::input("впишіть причину", "write the reason");
        assert_eq!(of_error(Lang::Uk, &error), "Впишіть причину");
        assert_eq!(of_error(Lang::En, &error), "Write the reason");
    }

    #[test]
    fn values_are_words() {
        let t = Texts::with_own(Lang::Uk, &crate::web::PHRASES);
        assert_eq!(value(t, "a.doc", "passport"), "паспорт-книжечка");
        assert_eq!(value(t, "a.dob", "1938-07-22"), "22.07.1938");
        assert_eq!(value(t, "phone", "+380671234567"), "+380 67 123 45 67");
        assert_eq!(value(t, "fee", "4992"), "49,92 грн");
        assert_eq!(value(t, "pr.street", "Садова"), "Садова");
        assert_eq!(short_name("Коваленко Ганна Петрівна"), "Коваленко Г. П.");
        assert_eq!(short_name(""), "");
    }
}
