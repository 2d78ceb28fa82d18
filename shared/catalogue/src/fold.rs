//! Folding of Ukrainian text for search. What a person typed or an act says is never changed by it.

/// Folds text so that what people type finds what the registers hold: lower case; apostrophes of every kind,
/// accents and soft differences (ґ/г, ї/і, є/е, й/и) gone; Latin letters that look like Cyrillic ones read as
/// Cyrillic inside a word that has Cyrillic letters; every run of other signs is one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(&mut folded, text);
    folded
}

/// Appends the folded text.
pub(crate) fn fold_into(folded: &mut String, text: &str) {
    let beginning = folded.len();
    for word in text.split(|c: char| !is_part_of_word(c)).filter(|word| !word.is_empty()) {
        let end = folded.len();
        if end > beginning {
            folded.push(' ');
        }
        let start = folded.len();
        let cyrillic = word.chars().any(is_cyrillic);
        for c in word.chars() {
            match lower(c) {
                Some(c) => folded.extend(fold_char(c, cyrillic)),
                None => folded.extend(c.to_lowercase().filter_map(|c| fold_char(c, cyrillic))),
            }
        }
        // A word of apostrophes alone is no word.
        if folded.len() == start {
            folded.truncate(end);
        }
    }
}

fn is_cyrillic(c: char) -> bool {
    ('\u{0400}'..='\u{052f}').contains(&c)
}

/// Lower case of the letters that nearly all names are made of; `None` for all others.
fn lower(c: char) -> Option<char> {
    match c {
        'а'..='я' | 'ґ' | 'є' | 'і' | 'ї' | '\u{2019}' => Some(c),
        'А'..='Я' => char::from_u32(u32::from(c) + 32),
        'Ґ' => Some('ґ'),
        'Є' => Some('є'),
        'І' => Some('і'),
        'Ї' => Some('ї'),
        _ if c.is_ascii() => Some(c.to_ascii_lowercase()),
        _ => None,
    }
}

/// Letters, digits, and the signs that vanish inside a word rather than end it.
fn is_part_of_word(c: char) -> bool {
    matches!(c, 'а'..='я' | 'А'..='Я') || c.is_alphanumeric() || is_apostrophe(c) || is_combining(c)
}

/// Every sign that is typed or printed as the Ukrainian apostrophe.
fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '\u{00b4}'
            | '\u{02b9}'
            | '\u{02bb}'
            | '\u{02bc}'
            | '\u{2018}'
            | '\u{2019}'
            | '\u{201b}'
            | '\u{2032}'
            | '\u{ff07}'
    )
}

/// Combining marks: stress, and the second half of й and ї in decomposed text.
fn is_combining(c: char) -> bool {
    ('\u{0300}'..='\u{036f}').contains(&c)
}

fn fold_char(c: char, cyrillic: bool) -> Option<char> {
    if is_apostrophe(c) || is_combining(c) {
        return None;
    }
    let c = if cyrillic { look_alike(c) } else { c };
    Some(match c {
        'ґ' => 'г',
        'ї' => 'і',
        'є' => 'е',
        'й' => 'и',
        other => other,
    })
}

/// The Cyrillic letter that a Latin one is typed for (after lower-casing, so «H» arrives as «h»).
fn look_alike(c: char) -> char {
    match c {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'i' => 'і',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn apostrophes_of_every_kind_vanish() {
        for apostrophe in ['\'', '’', 'ʼ', '`', '′', '‘'] {
            assert_eq!(fold(&format!("Солом{apostrophe}янський")), "соломянськии");
        }
    }

    #[test]
    fn letters_that_are_confused_are_one() {
        assert_eq!(fold("Ґанок Їжак Єва Йосип"), "ганок іжак ева иосип");
        // A decomposed й, as some systems copy it, and Latin «i», «o» inside a Ukrainian word.
        assert_eq!(fold("Кии\u{306}в"), fold("Кийв"));
        assert_eq!(fold("Пiдгoрне"), fold("Підгорне"));
        assert_eq!(fold("RTG extract"), "rtg extract");
    }

    #[test]
    fn other_signs_are_one_space() {
        assert_eq!(fold("  Івано-Франківськ,  (обл.) "), "івано франківськ обл");
        assert_eq!(fold("'' — ’"), "");
        assert_eq!(fold(""), "");
    }
}
