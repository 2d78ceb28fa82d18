//! What hands, keyboards and clipboards do to any text: signs that nobody sees, the wrong layout, too much of it.

use super::form::Form;
use super::{Finding, Severity};
use catalogue::{PartType, Service};
use records::fields::{in_latin_layout, in_ukrainian_layout, mend_mixed};
use records::schema::{self, Kind, Shape};

/// What a text is for: it decides which letters are odd in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    /// Words of a person: Ukrainian, as a rule.
    Words,
    /// Several lines of them.
    Lines,
    /// Letters and digits that have rules of their own.
    Code,
}

/// Everything odd about the form's texts as texts.
pub(super) fn look(form: &Form, service: Option<&Service>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (key, text) in &form.fields {
        let kind = match key.rsplit('.').next().unwrap_or(key) {
            "summary" => For::Lines,
            "last" | "first" | "patr" | "place" | "street" | "org" | "orgname" | "power" => For::Words,
            _ => For::Code,
        };
        // A settlement's name has its input at the code.
        let at = key.strip_suffix(".place").map_or_else(|| key.clone(), |prefix| format!("{prefix}.kat"));
        let names = ["last", "first", "patr"].contains(&key.rsplit('.').next().unwrap_or_default());
        // Names have a rule of their own that offers the right layout.
        let kind = if names { For::Code } else { kind };
        found.extend(one(&at, text, kind));
        found.extend(too_long(&at, text, schema::field(Kind::Request, key).map(|field| field.shape)));
    }
    for (key, text) in &form.answers {
        let kinds = service.map(|service| service.inputs(&form.answers)).unwrap_or_default();
        let kind = match kinds.iter().find(|input| input.key == *key).map(|input| input.kind) {
            Some(PartType::TextArea) => For::Lines,
            Some(PartType::Text | PartType::File) => For::Words,
            _ => For::Code,
        };
        found.extend(one(&format!("f.{key}"), text, kind));
    }
    for (key, text) in &form.visit {
        found.extend(one(&format!("visit.{key}"), text, For::Code));
        found.extend(too_long(&format!("visit.{key}"), text, schema::field(Kind::Visit, key).map(|f| f.shape)));
    }
    for (id, paper) in &form.papers {
        // A paper has several inputs: what is wrong stands at its own.
        let (sheets, details) = (format!("d.{id}~sheets"), format!("d.{id}~details"));
        found.extend(one(&details, &paper.details, For::Code));
        found.extend(hidden(&sheets, &paper.sheets_typed, false).map(unmended));
        found.extend(too_long(&details, &paper.details, Some(Shape::Text(380))));
    }
    for (key, reason) in &form.accepted {
        // What stands at this key is another text: nothing is offered for it.
        found.extend(hidden(key, reason, true).map(unmended));
        found.extend(too_long(key, reason, Some(Shape::Text(512))));
    }
    found
}

fn one(key: &str, text: &str, kind: For) -> Option<Finding> {
    hidden(key, text, kind == For::Lines).or_else(|| match kind {
        For::Words | For::Lines => other_letters(key, text),
        For::Code => None,
    })
}

/// Signs that are not seen and change what is read: they never belong into a record.
fn hidden(key: &str, text: &str, lines: bool) -> Option<Finding> {
    let odd = |c: char| is_hidden(c) && !(lines && matches!(c, '\n' | '\r' | '\t'));
    if !text.chars().any(odd) {
        return None;
    }
    let shown: String = text
        .chars()
        .take(200)
        .map(|c| if odd(c) { format!("⟨U+{:04X}⟩", u32::from(c)) } else { c.to_string() })
        .collect();
    let mut finding = Finding::new(
        Severity::Error,
        key,
        format!("тут є невидимі знаки: {shown}; приберіть їх"),
        format!("there are invisible characters here: {shown}; take them out"),
    );
    finding.suggestion = Some(text.chars().filter(|c| !odd(*c)).collect());
    Some(finding)
}

fn unmended(finding: Finding) -> Finding {
    Finding { suggestion: None, ..finding }
}

/// Control characters; marks that turn the direction of writing; signs of no width.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}'
                | '\u{061c}'
                | '\u{00ad}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Letters of the other keyboard layout, or Latin ones inside Cyrillic words.
fn other_letters(key: &str, text: &str) -> Option<Finding> {
    let mended = mend_mixed(text);
    if mended != text {
        let mut finding = Finding::new(
            Severity::Warning,
            key,
            "у словах є латинські літери, схожі на українські",
            "there are Latin letters inside Ukrainian words",
        );
        finding.suggestion = Some(mended);
        return Some(finding);
    }
    let words: Vec<String> =
        text.split_whitespace().map(|word| meant(word).unwrap_or_else(|| word.to_owned())).collect();
    let meant = words.join(" ");
    if meant == text.split_whitespace().collect::<Vec<_>>().join(" ") {
        return None;
    }
    let mut finding = Finding::new(
        Severity::Warning,
        key,
        "схоже, увімкнено латинську розкладку клавіатури",
        "the Latin keyboard layout seems to be on",
    );
    finding.suggestion = Some(meant);
    Some(finding)
}

/// What a Latin word says in the other layout, if that is a likelier word than the Latin one.
fn meant(word: &str) -> Option<String> {
    let latin = word.chars().filter(char::is_ascii_alphabetic).count();
    // Short words of capitals are names: PDF, IBAN.
    let is_acronym = word.len() <= 4 && word.chars().all(|c| !c.is_lowercase());
    if latin < 3 || is_acronym || word.contains(['@', '/', '_']) {
        return None;
    }
    let share = |text: &str, vowels: &str| {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count().max(1);
        text.to_lowercase().chars().filter(|c| vowels.contains(*c)).count() * 100 / letters
    };
    let meant = in_ukrainian_layout(word)?;
    let as_latin = share(word, "aeiouy");
    // A word of the other layout has no vowels to speak of, or signs inside it that are letters there.
    let inside = word.trim_matches(|c: char| !c.is_alphanumeric()).contains([';', '[', ']', '\'', '`']);
    let odd = as_latin < 20 || inside;
    (odd && (20..=70).contains(&share(&meant, "аеиіоуяюєї"))).then_some(meant)
}

/// What was probably meant where Latin letters are wanted and Cyrillic ones were typed.
pub(super) fn latin_meant(text: &str) -> Option<String> {
    in_latin_layout(text)
}

fn too_long(key: &str, text: &str, shape: Option<Shape>) -> Option<Finding> {
    let Some(Shape::Text(most)) = shape else { return None };
    let text = text.trim();
    if text.len() <= most {
        return None;
    }
    let over = text.len() - most;
    // Cyrillic letters have two bytes.
    let characters = text.chars().rev().scan(0, |bytes, c| {
        let before = *bytes;
        *bytes += c.len_utf8();
        (before < over).then_some(())
    });
    let over = characters.count();
    Some(Finding::new(
        Severity::Error,
        key,
        format!("задовге: скоротіть щонайменше на {over} знаків"),
        format!("too long: shorten it by at least {over} characters"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(key: &str, text: &str) -> Vec<Finding> {
        let mut form = Form::default();
        form.fields.insert(key.into(), text.into());
        look(&form, None)
    }

    #[test]
    fn invisible_signs_are_shown_and_a_clean_text_is_offered() {
        for (text, seen) in [
            ("Сад\u{202e}ова", "U+202E"),
            ("Сад\u{200b}ова", "U+200B"),
            ("Сад\u{0}ова", "U+0000"),
            ("Сад\u{7}ова", "U+0007"),
            ("Сад\nова", "U+000A"),
            ("Сад\u{feff}ова", "U+FEFF"),
            ("Сад\u{ad}ова", "U+00AD"),
        ] {
            let found = of("pr.street", text);
            assert_eq!(found.len(), 1, "{seen}");
            assert!(found[0].uk.contains(seen) && found[0].severity == Severity::Error, "{}", found[0].uk);
            assert_eq!(found[0].suggestion.as_deref(), Some("Садова"));
        }
        assert_eq!(of("summary", "два\nрядки\tтут"), []);
        assert_eq!(of("summary", "два\u{202e}рядки").len(), 1);
    }

    #[test]
    fn the_other_layout_is_recognised_and_names_of_things_are_left() {
        assert_eq!(of("pr.street", "ghbdsn")[0].suggestion.as_deref(), Some("привіт"));
        assert_eq!(of("pr.street", "Cfljdf")[0].suggestion.as_deref(), Some("Садова"));
        assert_eq!(of("a.orgname", "АТ «Kоваль»")[0].suggestion.as_deref(), Some("АТ «Коваль»"));
        for text in ["Садова", "ТОВ Agro Invest", "Microsoft", "12-А", "PDF", "Street", "ІІ черга"] {
            assert_eq!(of("a.orgname", text), [], "{text}");
        }
        assert_eq!(latin_meant("шмфт@уьфшд.com"), None, "both layouts at once");
    }

    #[test]
    fn a_text_that_does_not_fit_says_by_how_much() {
        let found = of("pr.house", &"я".repeat(20));
        assert!(found.iter().any(|one| one.uk.contains("на 8 знаків")), "{found:?}");
        assert_eq!(of("pr.house", &"1".repeat(24)), []);
    }
}
