//! Letters that look the same in Latin and Cyrillic.

/// Latin → Cyrillic pairs, as in the state's own web form (Diia).
const PAIRS: [(char, char); 25] = [
    ('i', 'і'),
    ('e', 'е'),
    ('y', 'у'),
    ('o', 'о'),
    ('p', 'р'),
    ('a', 'а'),
    ('k', 'к'),
    ('x', 'х'),
    ('c', 'с'),
    ('I', 'І'),
    ('E', 'Е'),
    ('T', 'Т'),
    ('O', 'О'),
    ('P', 'Р'),
    ('A', 'А'),
    ('H', 'Н'),
    ('K', 'К'),
    ('X', 'Х'),
    ('C', 'С'),
    ('B', 'В'),
    ('M', 'М'),
    ('Y', 'У'),
    ('u', 'и'),
    ('ï', 'ї'),
    ('Ï', 'Ї'),
];

/// The Cyrillic letter that a Latin one looks like.
pub fn to_cyrillic(c: char) -> Option<char> {
    PAIRS.iter().find(|(latin, _)| *latin == c).map(|(_, cyrillic)| *cyrillic)
}

/// The Latin letter that a Cyrillic one looks like.
pub fn to_latin(c: char) -> Option<char> {
    PAIRS.iter().find(|(_, cyrillic)| *cyrillic == c).map(|(latin, _)| *latin)
}

/// Every letter as Cyrillic, if all Latin ones have a look-alike; `None` if one has none or nothing changes.
pub fn all_to_cyrillic(text: &str) -> Option<String> {
    let mended: Option<String> = text
        .chars()
        .map(|c| if c.is_ascii_alphabetic() || c == 'ï' || c == 'Ï' { to_cyrillic(c) } else { Some(c) })
        .collect();
    mended.filter(|mended| mended != text)
}

/// Latin look-alikes inside words that have Cyrillic letters, as Cyrillic; other words stay as they are.
pub fn mend_mixed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| !c.is_alphabetic()) {
        let is_cyrillic = word.chars().any(|c| ('\u{400}'..='\u{52f}').contains(&c));
        out.extend(word.chars().map(|c| if is_cyrillic { to_cyrillic(c).unwrap_or(c) } else { c }));
    }
    out
}

/// Keys of the Latin layout and what the same keys write in the Ukrainian one.
const KEYS: [(char, char); 34] = [
    ('q', 'й'),
    ('w', 'ц'),
    ('e', 'у'),
    ('r', 'к'),
    ('t', 'е'),
    ('y', 'н'),
    ('u', 'г'),
    ('i', 'ш'),
    ('o', 'щ'),
    ('p', 'з'),
    ('[', 'х'),
    (']', 'ї'),
    ('a', 'ф'),
    ('s', 'і'),
    ('d', 'в'),
    ('f', 'а'),
    ('g', 'п'),
    ('h', 'р'),
    ('j', 'о'),
    ('k', 'л'),
    ('l', 'д'),
    (';', 'ж'),
    ('\'', 'є'),
    ('z', 'я'),
    ('x', 'ч'),
    ('c', 'с'),
    ('v', 'м'),
    ('b', 'и'),
    ('n', 'т'),
    ('m', 'ь'),
    (',', 'б'),
    ('.', 'ю'),
    ('`', '\''),
    ('\\', 'ґ'),
];

/// What shifted keys write that have no capital letter in the Latin layout.
const SHIFTED: [(char, char); 7] = [('{', 'Х'), ('}', 'Ї'), (':', 'Ж'), ('"', 'Є'), ('<', 'Б'), ('>', 'Ю'), ('|', 'Ґ')];

/// A text of Latin letters as the same keys write it in the Ukrainian layout: «ghbdsn» → «привіт». `None` if it has
/// Cyrillic letters, no Latin one, or a Latin one no key is known for.
pub fn in_ukrainian_layout(text: &str) -> Option<String> {
    let is_cyrillic = |c: char| ('\u{400}'..='\u{52f}').contains(&c);
    if text.chars().any(is_cyrillic) || !text.chars().any(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let typed = |c: char| {
        let key = |small: char| KEYS.iter().find(|(latin, _)| *latin == small).map(|(_, cyrillic)| *cyrillic);
        if c.is_ascii_uppercase() {
            return key(c.to_ascii_lowercase()).and_then(|c| c.to_uppercase().next());
        }
        let shifted = SHIFTED.iter().find(|(latin, _)| *latin == c).map(|(_, cyrillic)| *cyrillic);
        shifted.or_else(|| key(c)).or((!c.is_alphabetic()).then_some(c))
    };
    text.chars().map(typed).collect()
}

/// A text of Cyrillic letters as the same keys write it in the Latin layout: «шмфт» → «ivan». `None` if it has Latin
/// letters, no Cyrillic one, or a Cyrillic one no key is known for.
pub fn in_latin_layout(text: &str) -> Option<String> {
    let is_cyrillic = |c: char| ('\u{400}'..='\u{52f}').contains(&c);
    if text.chars().any(|c| c.is_ascii_alphabetic()) || !text.chars().any(is_cyrillic) {
        return None;
    }
    let typed = |c: char| {
        if !is_cyrillic(c) {
            return Some(c);
        }
        let small = c.to_lowercase().next()?;
        let latin = KEYS.iter().find(|(_, cyrillic)| *cyrillic == small).map(|(latin, _)| *latin)?;
        Some(if c == small { latin } else { latin.to_ascii_uppercase() })
    };
    text.chars().map(typed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_typed_in_the_other_layout_is_recognised() {
        assert_eq!(in_ukrainian_layout("ghbdsn").as_deref(), Some("привіт"));
        assert_eq!(in_ukrainian_layout("Rjdfktyrj").as_deref(), Some("Коваленко"));
        assert_eq!(in_ukrainian_layout("Lt`vzytyrj").as_deref(), Some("Де'мяненко"));
        assert_eq!(in_ukrainian_layout("{hbcnbyf").as_deref(), Some("Христина"));
        for text in ["", "привіт", "12-34", "Kовaль", "é"] {
            assert_eq!(in_ukrainian_layout(text), None, "{text}");
        }
        assert_eq!(in_latin_layout("шмфт@уьфшдюсщь").as_deref(), Some("ivan@email.com"));
        for text in ["", "ivan", "12", "ы"] {
            assert_eq!(in_latin_layout(text), None, "{text}");
        }
    }

    #[test]
    fn look_alikes_in_cyrillic_words_are_mended_and_latin_words_left() {
        assert_eq!(mend_mixed("Kовaль Petro"), "Коваль Petro");
        assert_eq!(all_to_cyrillic("AB"), Some("АВ".into()));
        assert_eq!(all_to_cyrillic("AZ"), None);
        assert_eq!(all_to_cyrillic("АВ"), None);
        assert_eq!(to_latin('Х'), Some('X'));
    }
}
