//! What a browser posts, read into a form.
//!
//! Names of inputs: the key of the field (`a.last`, `f.area`, `d.application`), then after `~` how it is read or
//! which part it is: `~date`, `~digits`, `~phone` (written as people write them, kept as records keep them), `~place`
//! with `~place~code` and `~place~pick` (a settlement), `~figures`, `~account`, `~parcel` (numbers with groups), `~part`
//! (one of several), and for papers `~seen`, `~form`, `~sheets`, `~returned`, `~details`; `visit.…` is about the visit. Any of them may be followed by `~reason` (why something odd stays) and `~fix`
//! (the offered correction was taken).

use crate::app::{Correction, Form, Typed};
use pages::format;
use std::collections::BTreeMap;

/// Names and values in the order of the form.
pub type Pairs = Vec<(String, String)>;

/// The value under a name; empty if there is none.
pub fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
}

/// Everything typed, with the page it was typed on and what was written without its spaces and dashes.
pub fn typed(pairs: &[(String, String)]) -> Typed {
    let edition = value(pairs, "edition").parse().ok();
    let tab: String = value(pairs, "tab").chars().take(40).collect();
    Typed { form: form(pairs), edition, tab, mended: mended(pairs) }
}

/// What was typed where spaces, dashes and spaces that do not break were left out, by key.
fn mended(pairs: &[(String, String)]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (name, raw) in pairs {
        let (key, tail) = name.split_once('~').unwrap_or((name, ""));
        let kept = kept(tail, raw);
        let as_shown = tail == "phone" && format::phone(&kept) == raw.trim();
        if tail != "date" && kept.trim() != raw.trim() && !as_shown {
            found.insert(key.to_owned(), raw.trim().to_owned());
        }
    }
    found
}

/// Everything typed, as a form. What belongs to no field is left out.
pub fn form(pairs: &[(String, String)]) -> Form {
    let mut form = Form::default();
    let mut fixes: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in pairs {
        let value = value.clone();
        let (key, tail) = name.split_once('~').unwrap_or((name, ""));
        if tail == "reason" || tail.ends_with("~reason") {
            put(&mut form.accepted, key, value);
        } else if tail == "fix" || tail.ends_with("~fix") {
            fixes.insert(key.to_owned(), value);
        } else if let Some(paper) = key.strip_prefix("d.") {
            paper_part(&mut form, paper, tail, &value);
        } else {
            take(&mut form, key, tail, value);
        }
    }
    for (key, value) in fixes {
        form.accepted.remove(&key);
        fix(&mut form, &key, value);
    }
    form
}

/// What a page of a correction sends: the form, which inputs it had and what stood in them when it was opened.
pub fn correction(pairs: &[(String, String)]) -> Correction {
    let mut sent =
        Correction { form: form(pairs), base: Form::from_base(value(pairs, "base")), ..Correction::default() };
    if let Some(base) = &sent.base {
        as_written_before(pairs, base, &mut sent.form);
    }
    // A tick that was taken away sends nothing: the page names its inputs.
    sent.shown.extend(value(pairs, "shown").split(',').filter(|key| !key.is_empty()).map(str::to_owned));
    for (name, _) in pairs {
        let (key, tail) = name.split_once('~').unwrap_or((name, ""));
        let mends = tail.ends_with("fix");
        if tail.ends_with("reason") || mends {
            sent.reasons.insert(key.to_owned());
        }
        if !tail.ends_with("reason") {
            sent.shown.insert(key.to_owned());
        }
        if let Some(prefix) = key.strip_suffix(".num").filter(|_| mends) {
            sent.shown.insert(format!("{prefix}.ser"));
        }
    }
    sent
}

/// A page shows a number in groups and a day as people write it, and what comes back is kept in one spelling. Where that
/// says what stood there before, it stays as it was written.
fn as_written_before(pairs: &[(String, String)], base: &Form, form: &mut Form) {
    for (name, _) in pairs {
        let Some((key, tail @ ("date" | "digits" | "figures" | "account" | "parcel" | "phone"))) = name.split_once('~')
        else {
            continue;
        };
        let (of_base, of_form, key) = match key.strip_prefix("f.") {
            Some(question) => (&base.answers, &mut form.answers, question),
            None => (&base.fields, &mut form.fields, key),
        };
        if let (Some(before), Some(now)) = (of_base.get(key), of_form.get_mut(key))
            && kept(tail, before) == *now
        {
            now.clone_from(before);
        }
    }
}

/// A text as records keep it, by how its input is read.
fn kept(tail: &str, value: &str) -> String {
    // A space that does not break came with the clipboard: it looks the same and is found by nobody.
    let value: String = value.chars().map(|c| if is_odd_space(c) { ' ' } else { c }).collect();
    match tail {
        "date" => kept_day(&value),
        "digits" => bare_digits(&value),
        "figures" => bare_figures(&value),
        "account" => bare_account(&value),
        "parcel" => bare_parcel(&value),
        "phone" => kept_phone(&value),
        _ => value,
    }
}

fn is_odd_space(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

fn take(form: &mut Form, key: &str, tail: &str, value: String) {
    match (key, tail) {
        // The surname's suggestions press a button of their own.
        ("a.last", "code") => {}
        ("resident", "") => form.resident = value.trim().to_owned(),
        ("service", "now") if form.service.is_empty() => form.service = value,
        ("service", "code" | "pick") if !value.is_empty() => form.service = value,
        ("consent", "text") => form.consent.text = value.trim().chars().take(64).collect(),
        ("consent", "by") => form.consent.by = value,
        ("consent", part) if part.starts_with("part") => form.consent.parts.push(value),
        (key, "part") if is_field(key) => {
            let all = form.fields.entry(key.to_owned()).or_default();
            if !all.is_empty() {
                all.push_str(", ");
            }
            all.push_str(value.trim());
        }
        (key, "place" | "place~code" | "place~pick") => place(form, key, tail, value),
        (key, kind) => {
            let value = match year_of_two(kind, &value) {
                Some(_) if is_birth(key) => value,
                Some(bare) if is_end(key) => kept(kind, &bare),
                _ => kept(kind, &value),
            };
            match key.split_once('.') {
                Some(("f", question)) => put(&mut form.answers, question, value),
                Some(("visit", part)) => put(&mut form.visit, part, value),
                _ if is_field(key) => put(&mut form.fields, key, value),
                _ => {}
            }
        }
    }
}

/// Fields of a request that these pages have inputs for.
fn is_field(key: &str) -> bool {
    const SINGLE: [&str; 7] = ["phone", "phone2", "email", "delivery", "summary", "fee_receipt", "fee_date"];
    let family = ["a.", "r.", "pr.", "pa."].iter().any(|prefix| key.starts_with(prefix));
    (family && !key.ends_with(".resident")) || SINGLE.contains(&key)
}

fn put(map: &mut BTreeMap<String, String>, key: &str, value: String) {
    if !value.trim().is_empty() {
        map.insert(key.to_owned(), value);
    }
}

/// A settlement: the text that was typed and, if it was chosen, its code. An answer holds one of the two.
fn place(form: &mut Form, key: &str, tail: &str, value: String) {
    let picked = tail != "place";
    if let Some(question) = key.strip_prefix("f.") {
        if !picked {
            put(&mut form.answers, question, kept("", &value));
        } else if let Some(code) = value.split_whitespace().next() {
            // Chosen without JavaScript, it is code and name in one.
            put(&mut form.answers, question, code.to_owned());
        }
    } else if let Some(prefix) = key.strip_suffix(".kat").filter(|_| is_field(key)) {
        if !picked {
            put(&mut form.fields, &format!("{prefix}.place"), kept("", &value));
        } else if tail == "place~pick" {
            // A choice without JavaScript: code and name in one.
            if let Some((code, name)) = value.split_once(' ') {
                put(&mut form.fields, key, code.to_owned());
                put(&mut form.fields, &format!("{prefix}.place"), name.to_owned());
            }
        } else {
            put(&mut form.fields, key, value);
        }
    }
}

fn paper_part(form: &mut Form, paper: &str, part: &str, value: &str) {
    let taken = form.papers.entry(paper.to_owned()).or_default();
    match part {
        "seen" => taken.seen = value == "yes",
        "returned" => taken.returned = value == "yes",
        "form" => taken.form = value.to_owned(),
        "sheets" => match kept("digits", value).trim() {
            "" => {}
            digits => match digits.parse() {
                Ok(sheets) => taken.sheets = sheets,
                Err(_) => taken.sheets_typed = value.to_owned(),
            },
        },
        "details" => taken.details = kept("", value),
        _ => {}
    }
}

/// A document's number is offered together with its series.
fn fix(form: &mut Form, key: &str, value: String) {
    if let Some(question) = key.strip_prefix("f.") {
        put(&mut form.answers, question, value);
        return;
    }
    if let Some(part) = key.strip_prefix("visit.") {
        put(&mut form.visit, part, value);
        return;
    }
    if let Some(paper) = key.strip_prefix("d.") {
        form.papers.entry(paper.to_owned()).or_default().details = value;
        return;
    }
    // A settlement's name is mended, or its code is.
    if let Some(prefix) = key.strip_suffix(".kat").filter(|_| !value.starts_with("UA")) {
        put(&mut form.fields, &format!("{prefix}.place"), value);
        return;
    }
    let number = key.strip_suffix(".num").zip(value.rsplit_once(' '));
    match number {
        Some((prefix, (series, number))) => {
            put(&mut form.fields, &format!("{prefix}.ser"), series.to_owned());
            put(&mut form.fields, key, number.to_owned());
        }
        None if is_field(key) => put(&mut form.fields, key, value),
        None => {}
    }
}

/// A day whose year has two digits, with the year of this century.
fn year_of_two(kind: &str, typed: &str) -> Option<String> {
    let typed = typed.trim();
    let at = typed.rfind(['.', '/', ' ', ',', '-'])? + 1;
    let year = &typed[at..];
    let two = kind == "date" && year.len() == 2 && year.bytes().all(|b| b.is_ascii_digit());
    two.then(|| format!("{}20{year}", &typed[..at]))
}

/// A year of birth in two digits: «22.03.26» is a child's or a person's of a hundred years. It stays as it was typed,
/// and four digits are asked for.
fn is_birth(key: &str) -> bool {
    key.ends_with(".dob") || key.ends_with("birth_date")
}

/// Until when something holds is a day of this century: «15.05.34» is to come.
fn is_end(key: &str) -> bool {
    key.ends_with("until")
}

/// 21.11.2026, 21/11/26, 21 11 2026, 21112026 as `2026-11-21`; what is no day stays as it was typed.
fn kept_day(typed: &str) -> String {
    let text = typed.trim();
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = match text.len() {
        8 if digits => vec![&text[..2], &text[2..4], &text[4..]],
        _ => text.split(['.', '/', ' ', ',', '-']).filter(|part| !part.is_empty()).collect(),
    };
    let [day, month, year] = parts[..] else { return typed.to_owned() };
    if day.len() > 2 {
        return typed.to_owned();
    }
    let number = |part: &str| part.parse::<u16>().ok().filter(|_| part.len() <= 4);
    let (Some(day), Some(month), Some(year_number)) = (number(day), number(month), number(year)) else {
        return typed.to_owned();
    };
    match year.len() {
        4 => format!("{year_number:04}-{month:02}-{day:02}"),
        // A year of two digits is of this century up to 30, else of the last.
        2 => format!("{}-{month:02}-{day:02}", if year_number <= 30 { 2000 + year_number } else { 1900 + year_number }),
        _ => typed.to_owned(),
    }
}

/// Digits that were written in groups.
fn bare_digits(typed: &str) -> String {
    let bare: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if bare.chars().all(|c| c.is_ascii_digit()) { bare } else { typed.to_owned() }
}

/// A number or an amount that was written in groups: «4 310,50».
fn bare_figures(typed: &str) -> String {
    let bare: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if bare.chars().all(|c| c.is_ascii_digit() || ".,".contains(c)) { bare } else { typed.to_owned() }
}

/// A bank account that was written in groups.
fn bare_account(typed: &str) -> String {
    let bare: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if bare.chars().all(char::is_alphanumeric) { bare } else { typed.to_owned() }
}

/// A cadastral number with spaces around its colons.
fn bare_parcel(typed: &str) -> String {
    let bare: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if bare.contains(':') && bare.chars().all(|c| c.is_ascii_digit() || c == ':') {
        bare
    } else {
        typed.trim().to_owned()
    }
}

/// A Ukrainian number, however grouped, as `+380671234567`.
fn kept_phone(typed: &str) -> String {
    let plain = typed.chars().all(|c| c.is_ascii_digit() || " ()-–+.\u{a0}".contains(c));
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let local = match digits.len() {
        10 => digits.strip_prefix('0'),
        11 => digits.strip_prefix("80"),
        12 => digits.strip_prefix("380"),
        _ => None,
    };
    match local {
        Some(local) if plain => format!("+380{local}"),
        _ => typed.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Form {
        let pairs: Pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        form(&pairs)
    }

    #[test]
    fn days_phones_and_numbers_are_kept_as_records_keep_them() {
        for typed in ["22.07.1938", "22/7/38", "22 07 1938", "22071938", "22-07-1938"] {
            assert_eq!(kept_day(typed), "1938-07-22", "{typed}");
        }
        assert_eq!(kept_day("21.11.26"), "2026-11-21");
        for typed in ["улітку", "", "22.07", "1.2.3.4", "22.07.19388", "1938-07-22"] {
            assert_eq!(kept_day(typed), typed);
        }
        for typed in ["067 123-45-67", "+380 67 123 45 67", "80671234567"] {
            assert_eq!(kept_phone(typed), "+380671234567", "{typed}");
        }
        assert_eq!(kept_phone("067 доньці"), "067 доньці");
        assert_eq!(bare_digits("140 821 2320"), "1408212320");
        assert_eq!(bare_digits("140 82І"), "140 82І");
    }

    #[test]
    fn the_end_of_a_document_lies_in_this_century() {
        let form =
            read(&[("a.until~date", "15.05.34"), ("visit.proof_until~date", "1/2/99"), ("a.issued~date", "15.05.98")]);
        assert_eq!((form.field("a.until"), form.of_visit("proof_until")), ("2034-05-15", "2099-02-01"));
        assert_eq!(form.field("a.issued"), "1998-05-15");
        let form = read(&[("f.household.1.birth_date~date", "22.03.26"), ("a.until~date", "15.05.2034")]);
        assert_eq!(form.answers["household.1.birth_date"], "22.03.26", "a child's, or a hundred years ago");
        assert_eq!(form.field("a.until"), "2034-05-15");
    }

    #[test]
    fn a_year_of_birth_has_four_digits() {
        for key in ["a.dob~date", "r.dob~date"] {
            let form = read(&[(key, "22.03.26"), ("a.issued~date", "22.03.26")]);
            assert_eq!(form.field(key.trim_end_matches("~date")), "22.03.26");
            assert_eq!(form.field("a.issued"), "2026-03-22");
            assert_eq!(read(&[(key, "22.03.1926")]).field(key.trim_end_matches("~date")), "1926-03-22");
        }
    }

    #[test]
    fn what_was_pasted_in_groups_is_kept_bare_and_said() {
        let pairs: Pairs = [
            ("a.rnokpp~digits", "140 821-2320"),
            ("f.account~account", "UA90 3052 9929 9000 4149 1234 5678 9"),
            ("f.parcel~parcel", "5320610100 : 00 : 001 : 0023"),
            ("f.amount~figures", "4\u{a0}310,50"),
            ("a.last", "Нечуй\u{a0}Левицька"),
            ("phone~phone", "067\u{a0}123-45-67"),
            ("phone2~phone", "+380 50 111 22 33"),
            ("a.dob~date", "22.07.1938"),
            ("pr.street", " Садова "),
            ("edition", "3"),
            ("tab", "x"),
            ("visit.proof_no", "АБ\u{a0}7"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let typed = typed(&pairs);
        let form = &typed.form;
        assert_eq!((form.field("a.rnokpp"), form.field("a.last")), ("1408212320", "Нечуй Левицька"));
        assert_eq!(form.answers["account"], "UA903052992990004149123456789");
        assert_eq!(
            (form.answers["parcel"].as_str(), form.answers["amount"].as_str()),
            ("5320610100:00:001:0023", "4310,50")
        );
        assert_eq!((form.field("phone"), form.of_visit("proof_no")), ("+380671234567", "АБ 7"));
        let said: Vec<&str> = typed.mended.keys().map(String::as_str).collect();
        assert_eq!(said, ["a.last", "a.rnokpp", "f.account", "f.amount", "f.parcel", "phone", "visit.proof_no"]);
        assert_eq!((typed.edition, typed.tab.as_str()), (Some(3), "x"));
        // Letters among the digits are no separators: nothing is thrown away.
        for (name, text) in
            [("a.rnokpp~digits", "140 82І 2320"), ("f.x~figures", "сто 5"), ("f.x~account", "UA90_3052")]
        {
            let pairs = vec![(name.to_owned(), text.to_owned())];
            let form = self::form(&pairs);
            assert!(form.fields.values().chain(form.answers.values()).any(|kept| kept == text), "{text}");
        }
    }

    #[test]
    fn everything_typed_comes_back_in_its_place() {
        let form = read(&[
            ("a.last", " Коваленко "),
            ("a.dob~date", "22.07.1938"),
            ("a.cat~part", "age"),
            ("a.cat~part", "carer"),
            ("pa.kat~place", "с. Опришки"),
            ("pa.kat~place~code", ""),
            ("pr.kat~place", "с. Гиряві Ісківці, Глобинська громада"),
            ("pr.kat~place~code", "UA53020110190012894"),
            ("f.dwelling_address.katottg~place", "с. Гиряві Ісківці"),
            ("f.dwelling_address.katottg~place~code", "UA53020110190012894"),
            ("f.area", "54,3"),
            ("f.debt", ""),
            ("d.application~form", "original"),
            ("d.application~sheets", "2"),
            ("d.application~form~reason", "підпише потім"),
            ("a.num", "123456"),
            ("a.num~fix", "СН 654321"),
            ("consent~part~data", "data"),
            ("consent~part~contact", "contact"),
            ("consent~by", "applicant"),
            ("service~now", "housing-subsidy"),
            ("service~code", ""),
            ("official", "7"),
            ("a.resident", "чужий"),
        ]);
        assert_eq!(
            (form.field("a.last"), form.field("a.dob"), form.field("a.cat")),
            ("Коваленко", "1938-07-22", "age, carer")
        );
        assert_eq!((form.field("pa.place"), form.field("pa.kat")), ("с. Опришки", ""));
        assert_eq!(form.field("pr.kat"), "UA53020110190012894");
        assert_eq!(form.answers["dwelling_address.katottg"], "UA53020110190012894");
        assert!(!form.answers.contains_key("debt"));
        assert_eq!((form.papers["application"].sheets, form.accepted["d.application"].as_str()), (2, "підпише потім"));
        assert_eq!((form.field("a.ser"), form.field("a.num")), ("СН", "654321"));
        assert_eq!(form.consent.parts, ["data", "contact"]);
        assert_eq!(form.service, "housing-subsidy");
        assert!(!form.fields.contains_key("official") && !form.fields.contains_key("a.resident"));
    }

    #[test]
    fn a_newly_chosen_service_wins_over_the_one_before() {
        let both = [("service~now", "a"), ("service~pick", "b")];
        assert_eq!(read(&both).service, "b");
        assert_eq!(read(&[both[1], both[0]]).service, "b");
    }
}
