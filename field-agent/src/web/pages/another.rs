//! A new request for a person who is known already.

use crate::app::{Agent, AppError};
use crate::web::guard::{Answer, Officer, redirect};
use axum::extract::Path;

/// «Ще одна послуга для цієї людини».
pub async fn request(officer: Officer, Path(number): Path<String>) -> Answer {
    let to = officer.ask(move |agent| begin(agent, &agent.request(&number)?.resident)).await?;
    Ok(redirect(&to, None))
}

/// «Нове звернення» beside a resident.
pub async fn of_resident(officer: Officer, Path(record): Path<String>) -> Answer {
    let to = officer.ask(move |agent| begin(agent, &record)).await?;
    Ok(redirect(&to, None))
}

fn begin(agent: &Agent, resident: &str) -> Result<String, AppError> {
    let form = agent.form_of_resident(resident)?;
    let id = agent.fresh_draft();
    agent.keep_draft(agent.draft_id(&id), &form)?;
    Ok(format!("/drafts/{id}"))
}
