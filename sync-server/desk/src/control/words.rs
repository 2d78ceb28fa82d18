//! What commands tell people: words of the pages, local time, and what a request says as its page says it.

use crate::app::{CasePage, FactRow, FactValue, SetAside};
use crate::web::{PHRASES, aside_reason};
use ::pages::format::{civil, date_time, money, phone, tax_number};
use ::pages::{Lang, Texts};
use clock::Time;
use serde_json::{Value, json};

/// A phrase of the pages in Ukrainian, without variables; `None` if no page has one under this key.
pub fn word(key: &str) -> Option<String> {
    let text = Texts::with_own(Lang::Uk, &PHRASES).text(key);
    (!text.starts_with('⟦')).then_some(text)
}

/// `2026-11-22T03:40:03.983Z` as `22.11.2026 05:40` in Kyiv, `2026-11-23` as `23.11.2026`; `None` for what is neither.
pub fn when(text: &str) -> Option<String> {
    let looks = |at: usize, with: u8| text.as_bytes().get(at) == Some(&with);
    if !(looks(4, b'-') && looks(7, b'-')) {
        return None;
    }
    if text.len() == 10 {
        return text.parse().ok().map(civil);
    }
    let moment: jiff::Timestamp = text.parse().ok()?;
    Some(date_time(Time(moment.as_millisecond())))
}

/// Why an entry was set aside, as its page says it.
pub(super) fn aside(entry: &SetAside) -> String {
    aside_reason(Texts::with_own(Lang::Uk, &PHRASES), entry)
}

/// The lines of a request as its page has them: `title`, `label`, `value`, and `differing` where people wrote several.
pub(super) fn shown(case: &CasePage) -> Value {
    let row = |title: &str, row: &FactRow| {
        let differing: Vec<String> = row.differing.iter().map(|shown| value(&shown.value)).collect();
        json!({ "title": title, "label": row.label.0, "value": value(&row.value), "differing": differing })
    };
    let groups = case.groups.iter().flat_map(|group| group.rows.iter().map(move |one| row(group.title.0, one)));
    let papers = case.papers.iter().map(|paper| {
        let sheets = if paper.sheets == 0 { String::new() } else { format!("{} арк.", paper.sheets) };
        let parts = [paper.form.0, sheets.as_str(), paper.details.as_str()];
        let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        json!({ "title": "Документи", "label": paper.name, "value": said.join(", "), "differing": [] })
    });
    Value::Array(groups.chain(papers).collect())
}

fn value(value: &FactValue) -> String {
    match value {
        FactValue::Text(text) => text.clone(),
        FactValue::Words(uk, _) => uk.clone(),
        FactValue::Day(day) => when(day).unwrap_or_else(|| day.clone()),
        FactValue::At(at) => date_time(Time(*at)),
        FactValue::Phone(number) => phone(number),
        FactValue::TaxNumber(number) => tax_number(number),
        FactValue::Money(kopiykas) => money(*kopiykas),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_kyiv_and_nothing_else_is_taken_for_one() {
        assert_eq!(when("2026-11-22T03:40:03.983Z").as_deref(), Some("22.11.2026 05:40"));
        assert_eq!(when("2026-07-22T21:40:03Z").as_deref(), Some("23.07.2026 00:40"));
        assert_eq!(when("2026-11-23").as_deref(), Some("23.11.2026"));
        for other in ["", "7-221126-001-6Н2", "2026-13-40", "6c58a566-eab4-46b3-b400-000000000000", "1234-67-"] {
            assert_eq!(when(other), None, "{other}");
        }
    }

    #[test]
    fn a_command_says_why_an_entry_is_set_aside_as_the_page_does() {
        let entry = |code, acceptable| SetAside {
            chain: ids::ChainId::from_random([7; 16]),
            seq: 3,
            suitcase: Some(7),
            code,
            sentence: "підпис хибний / a wrong signature".into(),
            number: None,
            is_here: false,
            name: String::new(),
            acceptable,
        };
        let continued = aside(&entry("continued", true));
        assert!(continued.starts_with("Номер валізи перейшов до іншого ноутбука"), "{continued}");
        assert!(aside(&entry("quarantined", true)).contains("відкликаної"));
        assert!(
            aside(&entry("signature", false)).ends_with("Підпис хибний."),
            "what to do is said where nobody decides"
        );
    }

    #[test]
    fn words_of_the_pages_are_found_and_others_are_not() {
        assert_eq!(word("trace-claimed").as_deref(), Some("взято"));
        assert_eq!(word("trace-devoured"), None);
    }
}
