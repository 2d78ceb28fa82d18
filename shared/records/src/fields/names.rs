//! Names of people.

use super::Finding;
use super::look_alikes::{all_to_cyrillic, in_ukrainian_layout};

/// Parts of Eastern names that stay in small letters.
const PARTICLES: [&str; 20] = [
    "огли",
    "оглу",
    "заде",
    "кизи",
    "бей",
    "бек",
    "паша",
    "хан",
    "шах",
    "мелік",
    "зуль",
    "ібн",
    "тер",
    "аль",
    "ель",
    "аш",
    "ас",
    "ад",
    "ес",
    "де",
];

/// Everything odd about a surname, given name or patronymic (one of them, not empty).
pub fn name(text: &str) -> Vec<Finding> {
    let trimmed = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let small_or_capital = |c: char| ('А'..='Я').contains(&c) || ('а'..='я').contains(&c) || "ҐЇІЄґїіє".contains(c);
    let allowed = |c: char| (small_or_capital(c) && !"ЫЪЭЁыъэё".contains(c)) || "'’ʼ- ".contains(c);
    if trimmed.is_empty() || !trimmed.chars().all(allowed) || !trimmed.chars().any(small_or_capital) {
        // Letters of one layout inside a name of the other look alike; a name of Latin letters alone was more likely
        // typed in the wrong layout.
        let meant = |text: &String| text.chars().all(allowed) && text.chars().any(small_or_capital);
        let typed = in_ukrainian_layout(&trimmed).map(|typed| capitalised(&typed)).filter(|typed| sounds(typed));
        let mended = typed.filter(meant).or_else(|| all_to_cyrillic(&trimmed).filter(meant));
        return vec![
            Finding::error(
                "name_letters",
                "ім’я пишуть українськими літерами, апострофом і дефісом: перевірте розкладку клавіатури",
                "a name has Ukrainian letters, apostrophes and hyphens only: check the keyboard layout",
            )
            .suggest_if(mended),
        ];
    }
    let proper = capitalised(&trimmed);
    if proper == text {
        return Vec::new();
    }
    vec![
        Finding::warning(
            "name_case",
            "перевірте великі й малі літери та пробіли в імені",
            "check capitals and spaces in the name",
        )
        .suggest(proper),
    ]
}

/// Whether a text has vowels and consonants as words have them.
fn sounds(text: &str) -> bool {
    let vowels = text.to_lowercase().chars().filter(|c| "аеиіоуяюєї".contains(*c)).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2 && vowels * 5 >= letters && vowels * 10 <= letters * 7
}

/// Capitals at the start of each part but the particles; the rest small.
pub fn capitalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive([' ', '-']) {
        let small = word.to_lowercase();
        if PARTICLES.contains(&small.trim_end_matches([' ', '-'])) {
            out.push_str(&small);
            continue;
        }
        let mut chars = small.chars();
        out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        out.extend(chars);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Severity;

    #[test]
    fn ukrainian_names_pass() {
        for text in
            ["Коваль", "Дем'яненко", "Знам’янська", "Нечуй-Левицька", "Ґудзь", "Їжак", "Алієв огли", "Єва Марія"]
        {
            assert_eq!(name(text), [], "{text}");
        }
    }

    #[test]
    fn other_letters_are_errors_with_a_fix_where_it_is_plain() {
        for text in ["", "Иванов1", "Мэр", "@", "'", "Kovalenko"] {
            assert_eq!(name(text)[0].severity, Severity::Error, "{text}");
        }
        assert_eq!(name("Kовaль")[0].suggestion.as_deref(), Some("Коваль"));
        assert_eq!(name("Rjdfktyrj")[0].suggestion.as_deref(), Some("Коваленко"));
        assert_eq!(name("rjdfktyrj")[0].suggestion.as_deref(), Some("Коваленко"));
        assert_eq!(name("Kovalenko")[0].suggestion, None, "{:?}", name("Kovalenko"));
    }

    #[test]
    fn capitals_are_a_warning() {
        assert_eq!(name("КОВАЛЬ")[0].suggestion.as_deref(), Some("Коваль"));
        assert_eq!(name(" нечуй-левицька ")[0].suggestion.as_deref(), Some("Нечуй-Левицька"));
        assert_eq!(name("коваль")[0].severity, Severity::Warning);
    }
}
