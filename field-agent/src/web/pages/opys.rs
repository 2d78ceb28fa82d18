//! The опис as a page for the printer.

use crate::web::frame::html;
use crate::web::guard::{Answer, Officer, redirect};
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use pages::address;

/// The paper, in normal or large print.
pub async fn show(officer: Officer, Path(number): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let large = address::value(&query.unwrap_or_default(), "large").is_some();
    let mut opys = officer.ask(move |agent| agent.receipt(&number, large)).await?;
    let here = format!("/requests/{}", address::encode(&opys.number));
    opys.other_size = if large { format!("{here}/opys") } else { format!("{here}/opys?large=1") };
    opys.back = here;
    Ok(html(StatusCode::OK, &opys))
}

/// Records that the paper is given out, and shows it.
pub async fn printed(officer: Officer, Path(number): Path<String>) -> Answer {
    let changed = officer.ask(move |agent| agent.printed(&number)).await?;
    Ok(redirect(&format!("/requests/{}/opys", address::encode(&changed.number)), None))
}
