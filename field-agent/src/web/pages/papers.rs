//! The papers of a request as pages for the printer, and as PDF/A.

use crate::web::frame::html;
use crate::web::guard::{Answer, Officer, redirect};
use ::papers::{ALL, pdf};
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use pages::{PaperKind, PaperPage, Texts, address};

/// The опис alone, in normal or large print.
pub async fn opys(officer: Officer, Path(number): Path<String>, RawQuery(query): RawQuery) -> Answer {
    page(officer, number, PaperKind::Opys.name(), is_large(query)).await
}

/// One paper or all of them; as PDF/A if the name ends so.
pub async fn show(officer: Officer, Path((number, name)): Path<(String, String)>, RawQuery(query): RawQuery) -> Answer {
    let large = is_large(query);
    let Some(name) = name.strip_suffix(".pdf") else { return page(officer, number, &name, large).await };
    let Some(kinds) = ::papers::named(name) else { return Ok(super::not_found(officer.t.lang).await) };
    let file = format!("{name}.pdf");
    let bytes = officer.ask(move |agent| agent.papers_as_pdf(&number, &kinds, large)).await?;
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// Records that the paper is given out, and shows it.
pub async fn printed(officer: Officer, Path(number): Path<String>) -> Answer {
    let changed = officer.ask(move |agent| agent.printed(&number)).await?;
    Ok(redirect(&format!("/requests/{}/opys", address::encode(&changed.number)), None))
}

async fn page(officer: Officer, number: String, name: &str, large: bool) -> Answer {
    let Some(kinds) = ::papers::named(name) else { return Ok(super::not_found(officer.t.lang).await) };
    let t = officer.t;
    let (number, sheets) = officer.ask(move |agent| agent.papers(&number, &kinds, large)).await?;
    Ok(html(StatusCode::OK, &around(t, &number, name, large, sheets)))
}

fn around(t: Texts, number: &str, name: &str, large: bool, sheets: Vec<pages::Sheet>) -> PaperPage {
    let back = format!("/requests/{}", address::encode(number));
    let to = |name: &str, large: bool| {
        let size = if large { "?large=1" } else { "" };
        if name == PaperKind::Opys.name() {
            format!("{back}/opys{size}")
        } else {
            format!("{back}/papers/{name}{size}")
        }
    };
    let pdf = if pdf::IS_BUILT_IN { to(&format!("{name}.pdf"), large) } else { String::new() };
    let mut others: Vec<(String, String, bool)> =
        PaperKind::ALL.map(|kind| (kind.label(t), to(kind.name(), large), kind.name() == name)).into();
    others.push((t.text("paper-all"), to(ALL, large), name == ALL));
    PaperPage { other_size: to(name, !large), others, pdf, back, ..PaperPage::new(t, large, sheets) }
}

fn is_large(query: Option<String>) -> bool {
    address::value(&query.unwrap_or_default(), "large").is_some()
}
