//! «Мешканці»: people known on this suitcase.

use crate::app::{Agent, ResidentChoice};
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer};
use crate::web::readable;
use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use pages::{Cell, Column, Page, Pagination, Row, Table, Texts, address, format};

#[derive(Template)]
#[template(path = "residents.html")]
struct Residents {
    page: Page,
    search: String,
    table: Table,
    pages: Pagination,
}

/// The page.
pub async fn show(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    let t = officer.t;
    let query = query.unwrap_or_default();
    let search: String = address::value(&query, "q").unwrap_or_default().chars().take(200).collect();
    let number =
        address::value(&query, "page").and_then(|page| page.parse::<u64>().ok()).unwrap_or(1).clamp(1, 1_000_000);
    let per_page = Agent::RESIDENTS_ON_A_PAGE;
    let offset = usize::try_from(number - 1).unwrap_or(0).saturating_mul(per_page);
    let words = search.clone();
    let (found, total) = officer.ask(move |agent| agent.resident_choices(&words, offset)).await?;
    let page = officer.page(t.text("nav-residents"), "/residents").await?;
    let path = format!("/residents?{query}").trim_end_matches('?').to_owned();
    let pages = Pagination { t, path, page: number, per_page: per_page as u64, total };
    Ok(html(StatusCode::OK, &Residents { page, search, table: table(t, &found), pages }))
}

/// Who somebody is, in a line that tells them from their namesakes.
pub fn in_a_line(one: &ResidentChoice) -> String {
    let number = if one.tax_number.is_empty() { String::new() } else { format::tax_number(&one.tax_number) };
    let phone = if one.phone.is_empty() { String::new() } else { format::phone(&one.phone) };
    let parts = [one.name.clone(), readable::day(&one.born), number, one.address.clone(), phone];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn table(t: Texts, found: &[ResidentChoice]) -> Table {
    let row = |one: &ResidentChoice| Row {
        cells: vec![
            Cell::Link(format!("/residents/{}", one.record), one.name.clone()),
            Cell::Text(readable::day(&one.born)),
            Cell::Text(format::tax_number(&one.tax_number)),
            Cell::Text(one.address.clone()),
            Cell::Text(format::phone(&one.phone)),
            Cell::Action {
                to: format!("/residents/{}/request", one.record),
                words: t.text("new-request"),
                key: "KeyN",
            },
        ],
        marked: false,
    };
    let columns = ["column-resident", "field-dob", "field-rnokpp", "section-address", "field-phone", "column-action"];
    Table {
        t,
        caption: t.text("residents-caption"),
        quiet_caption: true,
        columns: columns.map(|phrase| Column::new(t.text(phrase))).into(),
        rows: found.iter().map(row).collect(),
        empty: t.text("no-residents"),
    }
}
