//! People on papers: names, numbers, documents, how to reach them.

use crate::case::{Case, day};
use pages::{ApplicationPerson, Texts, format};
use records::fields::DocumentKind;
use records::view::{Party, RequestView};

/// РНОКПП in groups, or why there is none, or the code of an organisation.
pub fn tax_number(t: Texts, view: &RequestView, prefix: &str) -> String {
    let party = if prefix == "a" { &view.applicant } else { &view.representative };
    let code = if prefix == "a" { view.registers.text("a.edrpou") } else { "" };
    match (party.rnokpp.text(), code) {
        ("", _) if party.rnokpp_refused.yes() => t.text("paper-tax-number-refused"),
        ("", "") => String::new(),
        ("", code) => t.with("paper-organisation-code", "code", code),
        (number, _) => format::tax_number(number),
    }
}

/// Those that are filled, as they are written.
pub fn phones(numbers: &[&str]) -> Vec<String> {
    numbers.iter().filter(|number| !number.is_empty()).map(|number| format::phone(number)).collect()
}

/// «довіреність № 17 від 02.03.2026».
pub fn power(view: &RequestView) -> String {
    let [power, number, date] = ["r.power", "r.power_no", "r.power_date"].map(|key| view.registers.text(key));
    let number = if number.is_empty() { String::new() } else { format!("№ {number}") };
    let date = match date.parse::<jiff::civil::Date>() {
        Ok(date) => format!("від {}", format::civil(date)),
        Err(_) => String::new(),
    };
    let parts = [power.to_owned(), number, date];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// «паспорт-книжечка КО 123456, виданий 05.06.1999 Глобинським РВ УМВС».
pub fn document(party: &Party) -> String {
    let kind = party.document.text();
    let kind = DocumentKind::from_text(kind).map_or(kind, |kind| kind.label().0);
    let number = [party.series.text(), party.number.text()].join(" ").trim().to_owned();
    let mut line = [kind, &number].join(" ").trim().to_owned();
    let day = |text: &str| text.parse().map_or_else(|_| text.to_owned(), format::civil);
    for (words, value) in [
        ("видано", day(party.issued.text())),
        ("орган", party.issuer.text().to_owned()),
        ("дійсний до", day(party.until.text())),
    ] {
        if !value.is_empty() {
            line = if line.is_empty() { format!("{words} {value}") } else { format!("{line}, {words} {value}") };
        }
    }
    line
}

/// The applicant on an application.
pub fn applicant(case: &Case<'_>) -> ApplicationPerson {
    let (t, view) = (case.t(), case.view);
    let text = |key: &str| view.registers.text(key).to_owned();
    let organisation = match (text("a.orgname"), text("a.edrpou")) {
        (name, code) if code.is_empty() => name,
        (name, code) => format!("{name} ({})", t.with("paper-organisation-code", "code", code)),
    };
    ApplicationPerson {
        name: view.applicant.full_name(),
        organisation,
        born: day(view.applicant.born.text()),
        tax_number: tax_number(t, view, "a"),
        document: document(&view.applicant),
        address: case.residence(),
        phones: phones(&[view.phone.text(), view.phone2.text()]),
        contacts: [view.email.text().to_owned(), text("contact_other")].into_iter().filter(|c| !c.is_empty()).collect(),
        power: String::new(),
    }
}

/// Who acts for the applicant; the law asks for the same data.
pub fn representative(case: &Case<'_>) -> Option<ApplicationPerson> {
    let view = case.view;
    if view.representative.is_empty() {
        return None;
    }
    Some(ApplicationPerson {
        name: view.representative.full_name(),
        organisation: String::new(),
        born: day(view.representative.born.text()),
        tax_number: tax_number(case.t(), view, "r"),
        document: document(&view.representative),
        // A representative has no address in a request: the law asks for a document and a telephone.
        address: String::new(),
        phones: phones(&[view.registers.text("r.phone")]),
        contacts: Vec::new(),
        power: power(view),
    })
}
