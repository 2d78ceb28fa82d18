//! Folding of text for search: what people type finds what was written.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::fields::mend_mixed;

/// All that people type for an apostrophe.
const APOSTROPHES: [char; 7] = ['\'', '’', 'ʼ', '‘', '`', '´', '′'];

/// Fold a text: composed form, look-alikes inside Cyrillic words as Cyrillic, small letters, no apostrophes,
/// ґ → г, ї → і, є → е, й → и, everything that is no letter or digit as one space.
///
/// Folding a folded text changes nothing.
pub fn fold(text: &str) -> String {
    let spoken = |c: &char| !is_combining_mark(*c) && !APOSTROPHES.contains(c);
    let composed: String = text.nfc().filter(spoken).collect();
    let small: String = mend_mixed(&composed).to_lowercase().chars().filter(spoken).collect();
    // Small Latin letters have look-alikes that capitals have not.
    let small = mend_mixed(&small);
    let mut out = String::with_capacity(small.len());
    for c in small.chars() {
        match c {
            'ґ' => out.push('г'),
            'ї' => out.push('і'),
            'є' => out.push('е'),
            'й' => out.push('и'),
            other if other.is_alphanumeric() => out.push(other),
            _ if out.ends_with(' ') || out.is_empty() => {}
            _ => out.push(' '),
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// The folded words of a query; all of them must be found.
pub fn words(query: &str) -> Vec<String> {
    fold(query).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_name_fold_to_one_text() {
        for text in ["Дем'яненко", "Дем’яненко", "ДЕМʼЯНЕНКО", "демяненко", "Дeм`янeнкo", "Дем′яненко"]
        {
            assert_eq!(fold(text), "демяненко", "{text}");
        }
        assert_eq!(fold("Ґудзь-Їжакевич Єва, Гайсин"), "гудзь іжакевич ева гаисин");
        // і + combining diaeresis, и + combining breve: composed first.
        assert_eq!(fold("Киі\u{0308}в"), "киів");
        assert_eq!(fold("Маи\u{0306}дан"), "маидан");
    }

    #[test]
    fn numbers_stay_findable() {
        assert_eq!(fold("+380 67 123-45-67"), "380 67 123 45 67");
        assert_eq!(fold("7-211126-014-К4Е"), "7 211126 014 к4е");
        assert_eq!(words("  коваль,  ганна "), ["коваль", "ганна"]);
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn ukrainian_text_folds_the_same_in_any_case(text in "[А-ЯҐЇІЄа-яґїіє' -]{0,30}") {
            prop_assert_eq!(fold(&text.to_uppercase()), fold(&text.to_lowercase()));
        }
    }
}
