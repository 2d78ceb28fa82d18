//! A new request for a person who is known already.

use crate::web::guard::{Answer, Officer, redirect};
use axum::extract::Path;

/// «Ще одна послуга для цієї людини».
pub async fn request(officer: Officer, Path(number): Path<String>) -> Answer {
    let id = officer.ask(move |agent| agent.begin_another(&number)).await?;
    Ok(redirect(&format!("/drafts/{id}#part-service"), None))
}

/// «Нове звернення» beside a resident.
pub async fn of_resident(officer: Officer, Path(record): Path<String>) -> Answer {
    let id = officer.ask(move |agent| agent.begin_for(&record)).await?;
    Ok(redirect(&format!("/drafts/{id}#part-service"), None))
}

/// «Почати звернення» beside a service.
pub async fn of_service(officer: Officer, Path(slug): Path<String>) -> Answer {
    let id = officer.ask(move |agent| agent.begin_service(&slug)).await?;
    Ok(redirect(&format!("/drafts/{id}"), None))
}
