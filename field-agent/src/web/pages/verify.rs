//! «Перевірити опис»: a scanner types the code of a paper, or a person its number; checked without a network.

use crate::app::{Held, PaperCheck, Signer, StatementError};
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer};
use crate::web::posted::{Pairs, value};
use crate::web::readable::{self, capital, either};
use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use clock::Time;
use pages::{ErrorSummary, Field, Notice, Page, SummaryGroup, SummaryList, Texts, Tone, address, format};

#[derive(Template)]
#[template(path = "verify.html")]
struct Verify {
    page: Page,
    code: Field,
    found: Option<SummaryList>,
}

/// The form.
pub async fn show(officer: Officer) -> Answer {
    page(&officer, "", None, None).await
}

/// What was scanned or typed.
pub async fn check(officer: Officer, Form(pairs): Form<Pairs>) -> Answer {
    let typed = value(&pairs, "code").to_owned();
    let text = typed.clone();
    match officer.try_ask(move |agent| agent.check_paper(&text)).await? {
        Ok(Ok(found)) => page(&officer, "", Some(found), None).await,
        Ok(Err(error)) => page(&officer, &typed, None, Some(refused(officer.t, error))).await,
        Err(error) => page(&officer, &typed, None, Some(readable::of_error(officer.t.lang, &error))).await,
    }
}

fn refused(t: Texts, error: StatementError) -> String {
    let sentence = error.to_string();
    let (uk, en) = sentence.split_once(" / ").unwrap_or((&sentence, &sentence));
    capital(either(t.lang, uk, en))
}

async fn page(officer: &Officer, typed: &str, found: Option<PaperCheck>, error: Option<String>) -> Answer {
    let t = officer.t;
    let mut page = officer.page(t.text("verify-title"), "/day").await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let code = Field::text(t, "code", t.text("field-code")).hint(t.text("hint-code"));
    let code = code.value(typed).error(error.unwrap_or_default());
    page.errors = ErrorSummary::of(t, [&code]);
    let found = found.map(|found| {
        page.notices.push(verdict(t, &found));
        SummaryList { t, groups: groups(t, &found) }
    });
    Ok(html(status, &Verify { page, code, found }))
}

/// The one thing that a person wants to know.
fn verdict(t: Texts, found: &PaperCheck) -> Notice {
    let differs = |held: &Option<Held>| held.as_ref().is_some_and(|held| held.differs);
    match found {
        PaperCheck::Genuine { signer: Signer::Revoked { from }, .. } => {
            Notice::new(Tone::Stop, t.with("paper-revoked", "date", format::date(Time(*from))))
        }
        PaperCheck::Genuine { signer: Signer::RevokedSince { from }, .. } => {
            Notice::new(Tone::Wait, t.with("paper-revoked-since", "date", format::date(Time(*from))))
        }
        PaperCheck::Genuine { signer: Signer::Expired, .. } => Notice::new(Tone::Wait, t.text("paper-expired")),
        PaperCheck::Genuine { held, .. } if differs(held) => Notice::new(Tone::Wait, t.text("paper-differs")),
        PaperCheck::Genuine { .. } => Notice::new(Tone::Ok, t.text("paper-genuine")),
        PaperCheck::Number { held: Some(_), .. } => Notice::new(Tone::Ok, t.text("number-held")),
        PaperCheck::Number { suitcase_known: true, suitcase, .. } => {
            Notice::new(Tone::Plain, t.with("number-elsewhere", "suitcase", suitcase))
        }
        PaperCheck::Number { suitcase, .. } => Notice::new(Tone::Stop, t.with("number-unknown", "suitcase", suitcase)),
    }
}

fn groups(t: Texts, found: &PaperCheck) -> Vec<SummaryGroup> {
    let (paper, held) = match found {
        PaperCheck::Genuine { statement, service_name, suitcase, held, .. } => {
            let service = if service_name.is_empty() { &statement.service } else { service_name };
            let suitcase = suitcase.map(|number| t.count("suitcase", number)).unwrap_or_default();
            let group = SummaryGroup::new(t.text("paper-states"), "")
                .row(t.text("column-number"), statement.number.as_str())
                .row(t.text("column-service"), service.as_str())
                .row(t.text("submitted"), format::date_time(Time(statement.at)))
                .row(t.text("paper-papers"), statement.papers.to_string())
                .row(t.text("paper-printed-by"), suitcase);
            (group, held)
        }
        PaperCheck::Number { number, suitcase, day, held, .. } => {
            let group = SummaryGroup::new(t.text("number-says"), "")
                .row(t.text("column-number"), number.as_str())
                .row(t.text("paper-printed-by"), t.count("suitcase", *suitcase))
                .row(t.text("number-day"), readable::day(day));
            (group, held)
        }
    };
    let mut groups = vec![paper];
    if let Some(held) = held {
        let link = format!("/requests/{}", address::encode(&held.number));
        let state = either(t.lang, &held.state.0, &held.state.1);
        let mut group = SummaryGroup::new(t.text("paper-held"), link)
            .row(t.text("column-applicant"), held.applicant.as_str())
            .row(t.text("column-service"), held.service_name.as_str())
            .row(t.text("submitted"), format::date_time(Time(held.submitted)))
            .row(t.text("paper-papers"), held.papers.to_string());
        group = group.row(t.text("column-state"), state);
        groups.push(group);
    }
    groups
}
