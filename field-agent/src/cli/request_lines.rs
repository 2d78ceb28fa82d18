//! What a request says, as lines for people. Keys, ids and codes are for programs.

use super::output::day;
use crate::app::{FieldRow, Finding, PaperRow, RequestPage, Severity};
use pages::format::or_nothing;

/// Fields that say something to programs only.
const UNSAID: [&str; 5] = ["visit", "a.resident", "r.resident", "c.text", "id"];

/// Head, fields and papers; with the fields' keys if they are asked for.
pub fn told(page: &RequestPage, keys: bool) -> Vec<String> {
    let mut lines = vec![
        format!("{} · {} · {}", page.number, page.state_name.uk, page.place.words().0),
        format!("{} · {}", page.applicant, page.service_name),
        format!(
            "передати до {} · строк {} · журнал {}",
            day(&page.handover_due),
            day(&page.due),
            or_nothing(&page.official)
        ),
    ];
    let said = page.fields.iter().filter(|row| keys || !UNSAID.contains(&row.key.as_str()));
    lines.extend(said.map(|row| field(row, keys)));
    lines.extend(page.papers.iter().map(paper));
    lines
}

/// What was found in a request that is only checked; the key says what to mend in the file.
pub fn checked(findings: &[Finding], clear: bool) -> Vec<String> {
    let line = |finding: &Finding| {
        let grade = match finding.severity {
            Severity::Notice => "до відома / notice",
            Severity::Warning => "попередження / warning",
            Severity::Error => "помилка / error",
        };
        let offer = finding.suggestion.as_ref().map(|offer| format!(" («{offer}»?)")).unwrap_or_default();
        format!("{grade} [{}]: {} / {}{offer}", finding.key, finding.uk, finding.en)
    };
    let verdict = if clear {
        "Можна вносити / can be recorded"
    } else {
        "Ще не можна вносити / cannot be recorded yet"
    };
    findings.iter().map(line).chain([verdict.to_owned()]).collect()
}

fn field(row: &FieldRow, keys: bool) -> String {
    let value = if row.key == "fee" { format!("{} грн", row.value) } else { day(&row.value).replace('\n', " ") };
    let key = if keys { format!(" [{}]", row.key) } else { String::new() };
    format!("  {}{key}: {value}", label(&row.uk))
}

/// The schema's labels end with what a program writes, «стать (m, f)»; people are told the value in words.
fn label(label: &str) -> &str {
    match label.rsplit_once(" (") {
        Some((plain, inside)) if is_code(inside.trim_end_matches(')')) => plain,
        _ => label,
    }
}

fn is_code(inside: &str) -> bool {
    inside == "мс" || inside == "коп." || inside.bytes().all(|b| b.is_ascii_alphanumeric() || b", _-".contains(&b))
}

fn paper(paper: &PaperRow) -> String {
    let form = match paper.form.as_str() {
        "original" => "оригінал",
        "copy" => "копія",
        "scan" => "скан",
        other => other,
    };
    let sheets = if paper.sheets == 0 { String::new() } else { format!("{} арк.", paper.sheets) };
    let (seen, returned) =
        (if paper.seen { "оригінал бачили" } else { "" }, if paper.returned { "повернуто" } else { "" });
    let parts = [form, &sheets, seen, returned, &paper.details];
    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let said = if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) };
    format!("  + {}{said}", paper.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};

    #[test]
    fn people_read_words_and_dates_and_keys_only_on_request() {
        let (_bench, agent) = agent();
        let saved = agent.save(&sample_form(), None).unwrap();
        let page = agent.request(&saved.number).unwrap();
        let plain = told(&page, false).join("\n");
        for part in ["журнал —", "стать: жіноча", "дата народження: 22.07.1938", "оригінал, 2 арк.", "0,00 грн"]
        {
            assert!(plain.contains(part), "{part}: {plain}");
        }
        for raw in ["(мс)", "(коп.)", "(m, f)", "[a.last]", "original", "1938-07-22", ", 0 арк."] {
            assert!(!plain.contains(raw), "{raw}: {plain}");
        }
        assert!(!plain.contains(&page.resident), "{plain}");
        assert!(told(&page, true).join("\n").contains("[a.last]"));
    }

    #[test]
    fn a_check_says_what_it_found_and_whether_it_will_do() {
        let (_bench, agent) = agent();
        let found = agent.check(&sample_form()).unwrap();
        let lines = checked(&found.findings, found.is_clear());
        assert_eq!(lines.last().unwrap(), "Можна вносити / can be recorded");
        assert!(lines.iter().all(|line| line.contains(" / ")), "{lines:?}");
        let wrong = crate::app::Form { service: "nothing".into(), ..sample_form() };
        let found = agent.check(&wrong).unwrap();
        let lines = checked(&found.findings, found.is_clear());
        assert!(lines[0].starts_with("помилка / error [service]:"), "{lines:?}");
        assert_eq!(lines.last().unwrap(), "Ще не можна вносити / cannot be recorded yet");
    }

    #[test]
    fn only_codes_are_left_out_of_labels() {
        assert_eq!(label("стать (m, f)"), "стать");
        assert_eq!(label("збір (коп.)"), "збір");
        assert_eq!(label("хто створив (ПІБ)"), "хто створив (ПІБ)");
        assert_eq!(label("площа"), "площа");
    }
}
