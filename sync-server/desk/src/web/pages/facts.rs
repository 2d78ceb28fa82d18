//! What a request says, written in the page's language.

use super::super::ask::said;
use crate::app::{CasePage, FactRow, FactValue, PaperLine, Shown};
use ::pages::format::{NOTHING, civil, date_time, money, phone, tax_number};
use ::pages::{Cell, Column, Row, SummaryGroup, SummaryList, SummaryRow, Table, Texts};
use clock::Time;

/// A value as it is written.
pub(crate) fn value(t: Texts, value: &FactValue) -> String {
    match value {
        FactValue::Text(text) => text.clone(),
        FactValue::Words(uk, en) => said(t, uk, en),
        FactValue::Day(day) => self::day(day),
        FactValue::At(at) => date_time(Time(*at)),
        FactValue::Phone(number) => phone(number),
        FactValue::TaxNumber(number) => tax_number(number),
        FactValue::Money(kopiykas) => money(*kopiykas),
    }
}

/// `2026-11-21` as `21.11.2026`; what is no day stays as it is, nothing is «—».
pub(crate) fn day(day: &str) -> String {
    match day.parse() {
        Ok(date) => civil(date),
        Err(_) if day.is_empty() => NOTHING.to_owned(),
        Err(_) => day.to_owned(),
    }
}

/// «валіза 7» or «центр».
pub(crate) fn place(t: Texts, suitcase: Option<u16>) -> String {
    suitcase.map_or_else(|| t.text("the-centre"), |number| t.with("suitcase-n", "number", number))
}

/// The person's name where the centre knows it, else the login as the device states it. A suitcase's logins are its
/// own: one that sounds like an account of the centre is somebody else's.
pub(crate) fn person(case: &CasePage, login: &str, suitcase: Option<u16>) -> String {
    let view = &case.page.view;
    let name = match suitcase {
        None => case.names.get(login),
        Some(_) if suitcase == case.page.suitcase && login == view.officer => Some(&view.officer_name),
        Some(_) => None,
    };
    name.filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| login.to_owned())
}

/// A device's time; an impossible one is said to be so.
pub(crate) fn moment(t: Texts, at: i64) -> String {
    let time = Time(at);
    if time.is_plausible() { date_time(time) } else { t.with("impossible-time", "time", date_time(time)) }
}

fn differing(t: Texts, case: &CasePage, shown: &Shown) -> String {
    let who = person(case, &shown.by, shown.suitcase);
    let who = [value(t, &shown.value), who, place(t, shown.suitcase), moment(t, shown.at)];
    who.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn row(t: Texts, case: &CasePage, fact: &FactRow, number: &str, link: bool) -> SummaryRow {
    let mut row = SummaryRow::new(said(t, &fact.label.0, &fact.label.1), value(t, &fact.value));
    if !fact.differing.is_empty() {
        row.value = fact.differing.iter().map(|shown| differing(t, case, shown)).collect();
        row.remark = t.text(if fact.is_proposal { "is-proposal" } else { "differs" });
        if link {
            row.change = choice_address(number, &fact.key);
        }
    }
    row
}

/// Where a person chooses among the values of a field.
pub(crate) fn choice_address(number: &str, key: &str) -> String {
    format!("{}/differences/{}", request_address(number), ::pages::address::encode(key))
}

/// A request's page.
pub(crate) fn request_address(number: &str) -> String {
    format!("/requests/{}", ::pages::address::encode(number))
}

/// Everything a request says. `link` leads to the choice where people differ: not on paper.
pub(crate) fn list(t: Texts, case: &CasePage, link: bool) -> SummaryList {
    let number = &case.number;
    let groups = case.groups.iter().map(|group| SummaryGroup {
        title: said(t, group.title.0, group.title.1),
        change: String::new(),
        rows: group.rows.iter().map(|fact| row(t, case, fact, number, link)).collect(),
    });
    SummaryList { t, groups: groups.collect() }
}

/// The papers as a table.
pub(crate) fn papers(t: Texts, papers: &[PaperLine]) -> Table {
    let columns = ["paper-name", "paper-details", "paper-form", "paper-sheets", "paper-seen", "paper-returned"];
    let columns = columns
        .map(|key| if key == "paper-sheets" { Column::new(t.text(key)).figures() } else { Column::new(t.text(key)) });
    let yes = |yes: bool| t.text(if yes { "yes" } else { "no" });
    let rows = papers.iter().map(|paper| Row {
        cells: vec![
            Cell::Text(paper.name.clone()),
            Cell::Text(paper.details.clone()),
            Cell::Text(said(t, paper.form.0, paper.form.1)),
            Cell::Text(if paper.sheets == 0 { String::new() } else { paper.sheets.to_string() }),
            Cell::Text(yes(paper.seen)),
            Cell::Text(yes(paper.returned)),
        ],
        marked: false,
    });
    Table {
        t,
        caption: t.text("papers"),
        quiet_caption: true,
        columns: columns.into(),
        rows: rows.collect(),
        empty: t.text("no-papers"),
    }
}
