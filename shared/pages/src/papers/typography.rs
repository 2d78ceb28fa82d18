//! Ukrainian typography of papers: what must not be parted at the end of a line, and the right apostrophe.

const NO_BREAK: char = '\u{a0}';
const APOSTROPHE: char = '’';

/// After these the line is not broken. They stand as words of their own.
const BOUND: [&str; 26] = [
    "№",
    "м.",
    "с.",
    "смт",
    "с-ще",
    "вул.",
    "просп.",
    "пров.",
    "бульв.",
    "пл.",
    "буд.",
    "корп.",
    "кв.",
    "обл.",
    "р-н",
    "тел.",
    "ст.",
    "п.",
    "ч.",
    "у",
    "в",
    "з",
    "і",
    "й",
    "до",
    "від",
];
/// Before these it is not broken where a number stands before them.
const UNITS: [&str; 8] = ["грн", "коп.", "року", "р.", "%", "арк.", "стор.", "кв."];

/// A text as a paper has it: «№ 17», «вул. Садової», «І. В. Шевчук», «21 листопада 2026 року» are not parted, the
/// apostrophe between letters is ’ and straight quotation marks are «». Words stay as they are.
pub fn typeset(text: &str) -> String {
    let text = quotes(&apostrophes(text));
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = "";
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            out.push(if binds(before, word) { NO_BREAK } else { ' ' });
        }
        out.push_str(word);
        before = word;
    }
    out
}

fn binds(before: &str, after: &str) -> bool {
    if before.is_empty() || after.is_empty() {
        return false;
    }
    let bare = before.trim_start_matches(['(', '«', '„']).to_lowercase();
    let number = before.chars().last().is_some_and(|c| c.is_ascii_digit() || c == ',');
    let number = number && before.chars().any(|c| c.is_ascii_digit());
    let unit = after.trim_end_matches([',', ';', ')', '.', ':']);
    BOUND.contains(&bare.as_str())
        || is_initial(before)
        || is_digits(before.trim_start_matches(['+', '('])) && is_digits(unit)
        || after == "—"
        || after == "–"
        || number && !before.ends_with(',') && (UNITS.contains(&after) || UNITS.contains(&unit) || is_month(unit))
}

/// «І.», «О.-М.».
fn is_initial(word: &str) -> bool {
    let word = word.trim_start_matches(['(', '«']);
    let initial = |part: &str| {
        let mut letters = part.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.as_str() == "."
    };
    word.split('-').all(initial)
}

/// A group of a telephone's or another long number.
fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_month(word: &str) -> bool {
    crate::format::MONTHS.contains(&word)
}

/// An apostrophe typed as ' or ʼ between two letters.
fn apostrophes(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let letter = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(|c| c.is_alphabetic());
    let mend = |(at, c): (usize, &char)| {
        let typed = matches!(c, '\'' | 'ʼ' | '`');
        if typed && letter(at.checked_sub(1)) && letter(Some(at + 1)) { APOSTROPHE } else { *c }
    };
    letters.iter().enumerate().map(mend).collect()
}

/// Straight marks in pairs. An odd one stays: it may be inches or a slip.
fn quotes(text: &str) -> String {
    if text.matches('"').count() % 2 == 1 {
        return text.to_owned();
    }
    let mut open = false;
    let mark = |c: char| {
        if c != '"' {
            return c;
        }
        open = !open;
        if open { '«' } else { '»' }
    };
    text.chars().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_together_is_not_parted() {
        let shown = |text: &str| typeset(text).replace('\u{a0}', "_");
        assert_eq!(shown("вул. Садова, буд. 4, кв. 17"), "вул._Садова, буд._4, кв._17");
        assert_eq!(shown("О. Г. Шевчук"), "О._Г._Шевчук");
        assert_eq!(shown("21 листопада 2026 року"), "21_листопада 2026_року");
        assert_eq!(shown("до 5 грудня 2026 року (10 днів)"), "до_5_грудня 2026_року (10 днів)");
        assert_eq!(shown("49,92 грн, квитанція № 17"), "49,92_грн, квитанція №_17");
        assert_eq!(shown("тел. +380 53 652 00 00, 140 821 2320"), "тел._+380_53_652_00_00, 140_821_2320");
        assert_eq!(shown("Дім — це"), "Дім_— це");
        assert_eq!(shown("Григорій у полі"), "Григорій у_полі");
    }

    #[test]
    fn apostrophes_and_quotation_marks_are_the_right_ones() {
        assert_eq!(typeset("В'ячеслав Стороженко-О'Ніл"), "В’ячеслав Стороженко-О’Ніл");
        assert_eq!(typeset("ТОВ \"Поле\""), "ТОВ «Поле»");
        for odd in ["'цитата'", "5\" труба", "", " ", "а  б"] {
            assert_eq!(typeset(odd), odd);
        }
    }
}
