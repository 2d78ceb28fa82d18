//! Folding of Ukrainian text for search. What a person typed or an act says is never changed by it.

/// Folds text so that what people type finds what the registers hold: lower case; apostrophes of every kind,
/// accents and soft differences (ґ/г, ї/і, є/е, й/и) gone; Latin letters that look like Cyrillic ones read as
/// Cyrillic inside a word that has Cyrillic letters; every run of other signs is one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split(|c: char| !is_part_of_word(c)) {
        let start = folded.len();
        if start > 0 && !folded.ends_with(' ') {
            folded.push(' ');
        }
        let before = folded.len();
        let cyrillic = word.chars().any(|c| ('\u{0400}'..='\u{052f}').contains(&c));
        for c in word.chars().flat_map(char::to_lowercase) {
            if let Some(c) = fold_char(c, cyrillic) {
                folded.push(c);
            }
        }
        if folded.len() == before {
            folded.truncate(start);
        }
    }
    folded
}

/// Letters, digits, and the signs that vanish inside a word rather than end it.
fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_apostrophe(c) || is_combining(c)
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
