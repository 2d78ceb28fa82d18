//! Identity documents: series and number.

use super::look_alikes::{all_to_cyrillic, to_latin};
use super::{Finding, without_separators};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $uk:literal, $en:literal;)*) => {
        /// Kinds of identity documents.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum DocumentKind { $($(#[$doc])* $name),* }

        impl DocumentKind {
            /// All kinds, in the order of a list on a page.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in records.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The label, Ukrainian and English.
            pub const fn label(self) -> (&'static str, &'static str) {
                match self { $(Self::$name => ($uk, $en)),* }
            }
        }
    };
}

kinds! {
    /// Паспорт-книжечка of 1994: two Cyrillic letters, six digits.
    Passport = "passport", "паспорт-книжечка", "passport booklet";
    /// ID-картка: nine digits.
    IdCard = "id_card", "ID-картка", "ID card";
    /// Закордонний паспорт: two letters, six digits.
    ForeignPassport = "foreign", "закордонний паспорт", "passport for travel abroad";
    /// Посвідка на проживання.
    ResidencePermit = "residence", "посвідка на проживання", "residence permit";
    /// Тимчасове посвідчення громадянина.
    Temporary = "temporary", "тимчасове посвідчення", "temporary certificate";
    /// Посвідчення біженця.
    Refugee = "refugee", "посвідчення біженця", "refugee's certificate";
    /// Посвідчення особи, яка потребує додаткового захисту.
    Protection = "protection", "посвідчення додаткового захисту", "certificate of additional protection";
    /// Свідоцтво про народження.
    BirthCertificate = "birth", "свідоцтво про народження", "birth certificate";
    /// Посвідчення водія.
    DrivingLicence = "driver", "посвідчення водія", "driving licence";
    /// Another document.
    Other = "other", "інший документ", "another document";
}

impl DocumentKind {
    /// From the name in records.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.text() == text)
    }
}

/// Everything odd about a document's series and number.
pub fn document(kind: DocumentKind, series: &str, number: &str) -> Vec<Finding> {
    use DocumentKind as K;
    let found = match kind {
        K::Passport | K::Refugee | K::Protection => booklet(series, number),
        K::IdCard => id_card(series, number),
        K::ForeignPassport => foreign(series, number),
        K::ResidencePermit | K::Temporary => permit(series, number),
        K::BirthCertificate => birth(series, number),
        K::DrivingLicence | K::Other if number.trim().is_empty() => {
            Some(Finding::error("document_number", "впишіть номер документа", "write the document's number"))
        }
        K::DrivingLicence | K::Other => None,
    };
    found.into_iter().collect()
}

fn is_ukrainian_capital(c: char) -> bool {
    (('А'..='Я').contains(&c) || "ҐЇІЄ".contains(c)) && !"ЫЪЭЁ".contains(c)
}

fn letters(text: &str, count: usize, allowed: impl Fn(char) -> bool) -> bool {
    text.chars().count() == count && text.chars().all(allowed)
}

fn numerals(text: &str, from: usize, to: usize) -> bool {
    (from..=to).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn booklet(series: &str, number: &str) -> Option<Finding> {
    if letters(series, 2, is_ukrainian_capital) && numerals(number, 6, 6) {
        return None;
    }
    let upper = series.trim().to_uppercase();
    let mended = all_to_cyrillic(&upper).unwrap_or(upper);
    let number_mended = without_separators(number).unwrap_or_else(|| number.to_owned());
    let plain = letters(&mended, 2, is_ukrainian_capital) && numerals(&number_mended, 6, 6);
    Some(
        Finding::error(
            "document_form",
            "серія — дві українські великі літери, номер — 6 цифр: перевірте розкладку клавіатури",
            "series: two Ukrainian capital letters, number: 6 digits; check the keyboard layout",
        )
        .suggest_if(plain.then(|| format!("{mended} {number_mended}"))),
    )
}

fn id_card(series: &str, number: &str) -> Option<Finding> {
    if !series.is_empty() {
        return Some(Finding::error(
            "document_series",
            "ID-картка не має серії: залиште це поле порожнім",
            "an ID card has no series: leave the field empty",
        ));
    }
    if numerals(number, 9, 9) {
        return None;
    }
    let mended = without_separators(number).filter(|bare| numerals(bare, 9, 9));
    Some(
        Finding::error("document_form", "номер ID-картки — 9 цифр", "an ID card's number has 9 digits")
            .suggest_if(mended),
    )
}

fn foreign(series: &str, number: &str) -> Option<Finding> {
    if letters(series, 2, |c| c.is_ascii_uppercase()) && numerals(number, 6, 6) {
        return None;
    }
    let mended: Option<String> = series
        .trim()
        .to_uppercase()
        .chars()
        .map(|c| if c.is_ascii_uppercase() { Some(c) } else { to_latin(c) })
        .collect();
    let plain = mended.filter(|mended| letters(mended, 2, |c| c.is_ascii_uppercase()) && numerals(number, 6, 6));
    Some(
        Finding::error(
            "document_form",
            "закордонний паспорт: дві латинські літери і 6 цифр, як FA123456",
            "a passport for travel: two Latin letters and 6 digits, as FA123456",
        )
        .suggest_if(plain.map(|series| format!("{series} {number}"))),
    )
}

fn permit(series: &str, number: &str) -> Option<Finding> {
    let two_letters = letters(series, 2, |c| is_ukrainian_capital(c) || c.is_ascii_uppercase());
    let halves = number.split_once('/').is_some_and(|(a, b)| numerals(a, 5, 5) && numerals(b, 5, 5));
    let fits = (two_letters && (numerals(number, 4, 6) || halves)) || (series.is_empty() && numerals(number, 9, 9));
    (!fits).then(|| {
        Finding::error(
            "document_form",
            "посвідка: 9 цифр без серії, або дві літери і 4–6 цифр, або дві літери і 12345/12345",
            "permit: 9 digits without a series, or two letters and 4 to 6 digits, or two letters and 12345/12345",
        )
    })
}

fn birth(series: &str, number: &str) -> Option<Finding> {
    let together = format!("{series}{number}");
    let loose =
        |c: char| is_ukrainian_capital(c) || c.is_ascii_uppercase() || c.is_ascii_digit() || "№\\/()-".contains(c);
    if !(2..=25).contains(&together.chars().count()) || !together.chars().all(loose) {
        return Some(Finding::error(
            "document_form",
            "свідоцтво про народження: серія та номер великими літерами й цифрами, 2–25 знаків",
            "birth certificate: series and number in capitals and digits, 2 to 25 characters",
        ));
    }
    let modern = series.split_once('-').is_some_and(|(roman, region)| {
        (1..=4).contains(&roman.len())
            && roman.chars().all(|c| "IVXLC".contains(c))
            && letters(region, 2, is_ukrainian_capital)
    });
    (!(modern && numerals(number, 6, 6))).then(|| {
        let roman: Option<String> = series.split_once('-').and_then(|(roman, region)| {
            let roman: String = roman.chars().map(|c| to_latin(c).unwrap_or(c)).collect();
            (roman.chars().all(|c| "IVXLC".contains(c)) && numerals(number, 6, 6)).then(|| format!("{roman}-{region} {number}"))
        });
        Finding::warning(
            "birth_form",
            "нове українське свідоцтво має вигляд I-БК 123456: якщо це давній чи іноземний зразок, збережіть із поясненням",
            "a modern Ukrainian certificate looks like I-БК 123456: if this one is old or foreign, save it with a reason",
        )
        .suggest_if(roman)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Severity;

    fn verdict(kind: DocumentKind, series: &str, number: &str) -> Option<(Severity, Option<String>)> {
        document(kind, series, number).pop().map(|f| (f.severity, f.suggestion))
    }

    #[test]
    fn a_booklet_has_two_ukrainian_letters_and_six_digits() {
        use DocumentKind::Passport;
        assert_eq!(verdict(Passport, "СН", "123456"), None);
        assert_eq!(verdict(Passport, "ЇЄ", "000001"), None);
        assert_eq!(verdict(Passport, "CH", "123456"), Some((Severity::Error, Some("СН 123456".into()))));
        assert_eq!(verdict(Passport, "сн", "123 456"), Some((Severity::Error, Some("СН 123456".into()))));
        assert_eq!(verdict(Passport, "ЫЪ", "123456"), Some((Severity::Error, None)));
        assert_eq!(verdict(Passport, "СН", "12345"), Some((Severity::Error, None)));
    }

    #[test]
    fn an_id_card_has_nine_digits_and_no_series() {
        assert_eq!(verdict(DocumentKind::IdCard, "", "001234567"), None);
        assert_eq!(verdict(DocumentKind::IdCard, "", "001 234 567"), Some((Severity::Error, Some("001234567".into()))));
        assert_eq!(verdict(DocumentKind::IdCard, "СН", "001234567").unwrap().0, Severity::Error);
    }

    #[test]
    fn permits_have_three_forms() {
        for (series, number) in [("", "123456789"), ("ІН", "1234"), ("ІН", "123456"), ("CA", "12345/12345")] {
            assert_eq!(verdict(DocumentKind::ResidencePermit, series, number), None, "{series} {number}");
        }
        assert!(verdict(DocumentKind::ResidencePermit, "ІН", "1234567").is_some());
        assert!(verdict(DocumentKind::Temporary, "", "12345678").is_some());
    }

    #[test]
    fn a_foreign_passport_is_latin() {
        assert_eq!(verdict(DocumentKind::ForeignPassport, "FA", "123456"), None);
        assert_eq!(
            verdict(DocumentKind::ForeignPassport, "АВ", "123456"),
            Some((Severity::Error, Some("AB 123456".into())))
        );
    }

    #[test]
    fn an_odd_birth_certificate_is_a_warning_only() {
        use DocumentKind::BirthCertificate;
        assert_eq!(verdict(BirthCertificate, "I-БК", "123456"), None);
        assert_eq!(
            verdict(BirthCertificate, "ХІ-БК", "123456"),
            Some((Severity::Warning, Some("XI-БК 123456".into())))
        );
        assert_eq!(verdict(BirthCertificate, "РС", "5678").unwrap().0, Severity::Warning);
        assert_eq!(verdict(BirthCertificate, "", "?").unwrap().0, Severity::Error);
    }
}
