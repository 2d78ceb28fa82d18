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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_in_cyrillic_words_are_mended_and_latin_words_left() {
        assert_eq!(mend_mixed("Kовaль Petro"), "Коваль Petro");
        assert_eq!(all_to_cyrillic("AB"), Some("АВ".into()));
        assert_eq!(all_to_cyrillic("AZ"), None);
        assert_eq!(all_to_cyrillic("АВ"), None);
        assert_eq!(to_latin('Х'), Some('X'));
    }
}
