//! Parts of an address.

use super::look_alikes::to_latin;
use super::{Finding, without_separators};

/// What a КАТОТТГ code names, by its length without trailing zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KatottgLevel {
    /// Область, АРК, Київ, Севастополь.
    Oblast,
    /// Район.
    Raion,
    /// Громада.
    Hromada,
    /// Місто, селище, село.
    Settlement,
    /// Район у місті.
    District,
}

/// Postal index: five digits.
pub fn index(text: &str) -> Vec<Finding> {
    if text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    let fix = without_separators(text).filter(|bare| bare.len() == 5 && bare.bytes().all(|b| b.is_ascii_digit()));
    vec![Finding::error("index_form", "поштовий індекс — 5 цифр", "a postal index has 5 digits").suggest_if(fix)]
}

/// House, building or flat: at most ten letters, digits, `- — /` and spaces.
pub fn house(text: &str) -> Vec<Finding> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ('А'..='я').contains(&c) || "ҐЇІЄґїіє-—–/ ".contains(c);
    if (1..=10).contains(&text.chars().count()) && text.chars().all(allowed) {
        return Vec::new();
    }
    vec![Finding::error(
        "house_form",
        "номер будинку чи квартири — до 10 знаків: літери, цифри, дефіс, скісна риска",
        "a house or flat number has at most 10 characters: letters, digits, hyphen, slash",
    )]
}

/// A КАТОТТГ code: `UA` and 17 digits. Whether it exists is for the codifier to say.
pub fn katottg(text: &str) -> Vec<Finding> {
    if is_katottg(text) {
        return Vec::new();
    }
    let mended: String =
        text.trim().to_uppercase().chars().map(|c| if c == 'А' { 'A' } else { to_latin(c).unwrap_or(c) }).collect();
    vec![
        Finding::error(
            "katottg_form",
            "код КАТОТТГ має вигляд UA68040210010085732: літери UA і 17 цифр",
            "a KATOTTG code looks like UA68040210010085732: UA and 17 digits",
        )
        .suggest_if(is_katottg(&mended).then_some(mended)),
    ]
}

fn is_katottg(text: &str) -> bool {
    text.len() == 19 && text.strip_prefix("UA").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

/// Which level a code names: `UA`, oblast 2, raion 2, hromada 3, settlement 3, district 2, unique 5 digits.
pub fn katottg_level(code: &str) -> Option<KatottgLevel> {
    if !is_katottg(code) {
        return None;
    }
    let zero = |range: std::ops::Range<usize>| code[range].bytes().all(|b| b == b'0');
    Some(match (zero(4..6), zero(6..9), zero(9..12), zero(12..14)) {
        (_, _, _, false) => KatottgLevel::District,
        (_, _, false, _) => KatottgLevel::Settlement,
        (_, false, _, _) => KatottgLevel::Hromada,
        (false, _, _, _) => KatottgLevel::Raion,
        _ => KatottgLevel::Oblast,
    })
}

/// The digits all codes inside the parent begin with: 4, 6, 9 or 12 characters. `None` for an oblast or a wrong code.
pub fn katottg_parent(code: &str) -> Option<&str> {
    let length = match katottg_level(code)? {
        KatottgLevel::Oblast => return None,
        KatottgLevel::Raion => 4,
        KatottgLevel::Hromada => 6,
        KatottgLevel::Settlement => 9,
        KatottgLevel::District => 12,
    };
    code.get(..length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_codifier() {
        assert_eq!(katottg("UA68040210010085732"), []);
        assert_eq!(katottg_level("UA68040210010085732"), Some(KatottgLevel::Settlement));
        assert_eq!(katottg_parent("UA68040210010085732"), Some("UA6804021"));
        assert_eq!(katottg_level("UA68000000000032838"), Some(KatottgLevel::Oblast));
        assert_eq!(katottg_level("UA68040000000051294"), Some(KatottgLevel::Raion));
        assert_eq!(katottg_level("UA68040210000092634"), Some(KatottgLevel::Hromada));
        assert_eq!(katottg("ua68040210010085732")[0].suggestion.as_deref(), Some("UA68040210010085732"));
        assert_eq!(katottg("UА68040210010085732")[0].suggestion.as_deref(), Some("UA68040210010085732"));
        for text in ["", "UA", "UA6804021001008573", "UA6804021001008573x", "їїїїїїїїї1"] {
            assert_eq!(katottg(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn houses_and_indexes() {
        for text in ["12", "15-А", "7/2", "3 к 2", "21б", "4—6"] {
            assert_eq!(house(text), [], "{text}");
        }
        for text in ["", "12345678901", "№5", "5_а"] {
            assert_eq!(house(text).len(), 1, "{text}");
        }
        assert_eq!(index("32300"), []);
        assert_eq!(index("32 300")[0].suggestion.as_deref(), Some("32300"));
        assert_eq!(index("3230").len(), 1);
    }
}
