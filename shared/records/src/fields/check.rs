//! All fields of a record together: each by itself, and those that must fit each other.

use super::{
    DocumentKind, Finding, MOBILE_CODES, birth_date, date, document, edrpou, email, house, index, katottg, name, phone,
    rnokpp_against, unzr_against,
};
use crate::schema::{self, Kind};

/// A finding and the key it stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFinding {
    /// The key.
    pub key: String,
    /// The field's label, Ukrainian and English.
    pub label: (&'static str, &'static str),
    /// What is odd.
    pub finding: Finding,
}

type FieldRule = fn(&str) -> Vec<Finding>;

/// Check the texts of a record. `text` gives the text that stands (or is to be written) under a key, `yes` a truth
/// value; `today` is `YYYY-MM-DD`. A warning whose reason is written under `w.<key>` is left out.
pub fn check(kind: Kind, text: &dyn Fn(&str) -> String, yes: &dyn Fn(&str) -> bool, today: &str) -> Vec<FieldFinding> {
    let mut found = Vec::new();
    let mut add = |key: &str, findings: Vec<Finding>| {
        let label = schema::field(kind, key).map_or(("", ""), |field| (field.uk, field.en));
        let accepted = !text(&format!("w.{key}")).is_empty();
        let keep = |finding: &Finding| finding.severity == super::Severity::Error || !accepted;
        found.extend(findings.into_iter().filter(keep).map(|finding| FieldFinding {
            key: key.to_owned(),
            label,
            finding,
        }));
    };
    let simple: [(&str, FieldRule); 18] = [
        ("email", email),
        ("a.edrpou", edrpou),
        ("pr.kat", katottg),
        ("pa.kat", katottg),
        ("pr.index", index),
        ("pa.index", index),
        ("pr.house", house),
        ("pa.house", house),
        ("pr.flat", house),
        ("pa.flat", house),
        ("pr.since", date),
        ("pa.since", date),
        ("due", date),
        ("fee_date", date),
        ("r.power_date", date),
        ("died", date),
        ("proof_date", date),
        ("date", date),
    ];
    let phone1: FieldRule = |text| phone(text, &MOBILE_CODES, false);
    let phone2: FieldRule = |text| phone(text, &MOBILE_CODES, true);
    let phones = [("phone", phone1), ("phone2", phone2), ("caller_phone", phone2), ("r.phone", phone2)];
    for (key, rule) in simple.into_iter().chain(phones) {
        let value = text(key);
        if !value.is_empty() && schema::field(kind, key).is_some() {
            add(key, rule(&value));
        }
    }
    for prefix in ["a", "r"] {
        if schema::field(kind, &format!("{prefix}.last")).is_some() {
            person(prefix, text, yes, today, &mut add);
        }
    }
    found
}

fn person(
    prefix: &str,
    text: &dyn Fn(&str) -> String,
    yes: &dyn Fn(&str) -> bool,
    today: &str,
    add: &mut dyn FnMut(&str, Vec<Finding>),
) {
    let key = |part: &str| format!("{prefix}.{part}");
    for part in ["last", "first", "patr"] {
        let value = text(&key(part));
        if !value.is_empty() {
            add(&key(part), name(&value));
        }
    }
    let born = text(&key("dob"));
    if !born.is_empty() {
        add(&key("dob"), birth_date(&born, today));
    }
    let known_born = Some(born.as_str()).filter(|born| date(born).is_empty());
    for part in ["issued", "until"] {
        let value = text(&key(part));
        if !value.is_empty() {
            add(&key(part), date(&value));
        }
    }
    let (number, refused) = (text(&key("rnokpp")), yes(&key("norn")));
    if !number.is_empty() {
        add(&key("rnokpp"), rnokpp_against(&number, known_born, text(&key("sex")).chars().next()));
    }
    let unzr = text(&key("unzr"));
    if !unzr.is_empty() {
        add(&key("unzr"), unzr_against(&unzr, known_born));
    }
    let paper = text(&key("doc"));
    let (series, document_number) = (text(&key("ser")), text(&key("num")));
    if refused && number.is_empty() && document_number.is_empty() {
        add(
            &key("num"),
            vec![Finding::error(
                "document_required",
                "людина без РНОКПП встановлюється за паспортом: впишіть його серію та номер",
                "a person without a taxpayer number is identified by passport: write its series and number",
            )],
        );
    }
    if paper.is_empty() {
        return;
    }
    let Some(kind) = DocumentKind::from_text(&paper) else {
        add(
            &key("doc"),
            vec![Finding::error(
                "document_kind",
                "такого виду документа немає: виберіть зі списку",
                "there is no such kind of document: choose from the list",
            )],
        );
        return;
    };
    if !document_number.is_empty() || !series.is_empty() {
        add(&key("num"), document(kind, &series, &document_number));
    }
    if kind == DocumentKind::IdCard && unzr.is_empty() && !document_number.is_empty() {
        add(
            &key("unzr"),
            vec![Finding::warning(
                "unzr_missing",
                "на ID-картці є УНЗР: впишіть його",
                "an ID card bears an UNZR: write it",
            )],
        );
    }
    if text(&key("until")).as_str() < today && !text(&key("until")).is_empty() {
        add(
            &key("until"),
            vec![Finding::warning(
                "document_expired",
                "строк дії документа минув: з’ясуйте, чи подовжено його",
                "the document has expired: find out whether it was prolonged",
            )],
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn codes(fields: &[(&str, &str)]) -> Vec<(String, &'static str)> {
        let map: HashMap<&str, &str> = fields.iter().copied().collect();
        let text = |key: &str| map.get(key).copied().unwrap_or_default().to_owned();
        let yes = |key: &str| map.get(key) == Some(&"yes");
        check(Kind::Request, &text, &yes, "2026-11-21").into_iter().map(|f| (f.key, f.finding.code)).collect()
    }

    #[test]
    fn a_good_record_has_no_findings() {
        let good = [
            ("a.last", "Дем'яненко"),
            ("a.first", "Ганна"),
            ("a.dob", "1938-07-22"),
            ("a.sex", "f"),
            ("a.rnokpp", "1408212320"),
            ("a.unzr", "19380722-01236"),
            ("a.doc", "id_card"),
            ("a.num", "001234567"),
            ("phone", "+380671234567"),
            ("pr.index", "32300"),
        ];
        assert_eq!(codes(&good), []);
    }

    #[test]
    fn fields_that_must_fit_each_other_are_compared() {
        assert_eq!(codes(&[("a.dob", "1938-07-23"), ("a.rnokpp", "1408212320")]), [("a.rnokpp".into(), "rnokpp_born")]);
        assert_eq!(codes(&[("a.norn", "yes")]), [("a.num".into(), "document_required")]);
        assert_eq!(codes(&[("a.doc", "id_card"), ("a.num", "001234567")]), [("a.unzr".into(), "unzr_missing")]);
        assert_eq!(
            codes(&[("a.doc", "passport"), ("a.ser", "СН"), ("a.num", "123456"), ("a.until", "2020-01-01")]),
            [("a.until".into(), "document_expired")]
        );
    }

    #[test]
    fn a_reason_silences_a_warning_but_no_error() {
        assert_eq!(codes(&[("a.rnokpp", "1408212321"), ("w.a.rnokpp", "так у картці")]), []);
        assert_eq!(
            codes(&[("a.rnokpp", "140821232"), ("w.a.rnokpp", "так у картці")]),
            [("a.rnokpp".into(), "rnokpp_form")]
        );
    }
}
