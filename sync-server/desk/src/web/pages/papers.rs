//! The papers of a request as pages for the printer, and as PDF/A: papers in Ukrainian, whatever the pages' language is.

use super::super::ask::{Answer, Ask};
use super::{facts, show};
use crate::app::DeskError;
use ::pages::{PaperKind, PaperPage, Sheet, Texts};
use ::papers::{ALL, pdf};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;

/// The опис alone.
pub(crate) async fn opys(ask: Ask) -> Answer {
    page(&ask, PaperKind::Opys.name()).await
}

/// One paper or all of them; as PDF/A if the name ends so.
pub(crate) async fn paper(ask: Ask) -> Answer {
    let name = ask.param("name");
    let Some(stem) = name.strip_suffix(".pdf") else { return page(&ask, &name).await };
    let Some(kinds) = ::papers::named(stem) else { return Err(ask.refusal(&missing()).await) };
    let (number, large) = (ask.param("number"), ask.query("large") == "1");
    let bytes = ask.get(move |desk, by| desk.papers_as_pdf(by, &number, &kinds, large)).await?;
    let file = format!("attachment; filename=\"{stem}.pdf\"");
    Ok(([(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, file)], bytes).into_response())
}

async fn page(ask: &Ask, name: &str) -> Answer {
    let Some(kinds) = ::papers::named(name) else { return Err(ask.refusal(&missing()).await) };
    let (number, large) = (ask.param("number"), ask.query("large") == "1");
    let (number, sheets) = ask.get(move |desk, by| desk.papers(by, &number, &kinds, large)).await?;
    Ok(show(StatusCode::OK, &around(ask.t, &number, name, large, sheets)))
}

fn around(t: Texts, number: &str, name: &str, large: bool, sheets: Vec<Sheet>) -> PaperPage {
    let back = facts::request_address(number);
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

fn missing() -> DeskError {
    DeskError::not_found(
        "такого паперу немає: є заява, згода, опис, лист проходження та всі разом",
        "no such paper: there are application, consent, opys, routing sheet and all together",
    )
}
