//! «Через іншу валізу»: handing over to a suitcase that has a network, and carrying for others.

use crate::app::{AppError, CarrierState, ThroughOutcome};
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer, Refused, redirect};
use crate::web::posted::{Pairs, value};
use crate::web::readable::{self, capital, either};
use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use pages::{ErrorSummary, Field, Notice, Page, SummaryGroup, SummaryList, Texts, Tone};
use std::net::SocketAddr;

/// Where a suitcase listens if the officer says nothing else.
const USUAL: &str = "0.0.0.0:7710";

#[derive(Template)]
#[template(path = "carrier.html")]
struct CarrierPage {
    page: Page,
    through: Field,
    state: SummaryList,
    listen: Field,
    carries: bool,
}

/// The page.
pub async fn show(officer: Officer) -> Answer {
    page(&officer, ("", ""), Vec::new(), None).await
}

/// «Передати і забрати».
pub async fn through(officer: Officer, Form(pairs): Form<Pairs>) -> Answer {
    let address = value(&pairs, "through").trim().to_owned();
    match officer.agent.sync_through(&address).await {
        Ok(done) => page(&officer, (&address, ""), told(officer.t, &done), None).await,
        Err(error) => page(&officer, (&address, ""), Vec::new(), Some(("through", error))).await,
    }
}

/// «Переносити».
pub async fn start(officer: Officer, Form(pairs): Form<Pairs>) -> Answer {
    let typed = value(&pairs, "listen").trim().to_owned();
    let done = match typed.parse::<SocketAddr>() {
        Ok(address) => officer.agent.start_carrying(address).await.map(|_| ()),
        Err(_) => Err(AppError::input(
            format!("адреса, на якій слухати, має вигляд {USUAL}"),
            format!("the address to listen on looks like {USUAL}"),
        )),
    };
    match done {
        Ok(()) => Ok(redirect("/carrier", None)),
        Err(error) => page(&officer, ("", &typed), Vec::new(), Some(("listen", error))).await,
    }
}

/// «Більше не переносити».
pub async fn stop(officer: Officer) -> Answer {
    officer.agent.stop_carrying();
    Ok(redirect("/carrier", None))
}

fn told(t: Texts, done: &ThroughOutcome) -> Vec<Notice> {
    let values = [
        ("letters", done.letters.into()),
        ("kept", done.kept.into()),
        ("answers", done.answers.into()),
        ("received", done.received.into()),
    ];
    let tone = if done.kept > 0 { Tone::Wait } else { Tone::Ok };
    let mut notices = vec![Notice::new(tone, t.say("carrier-done", &values))];
    if done.full {
        notices.push(Notice::new(Tone::Wait, t.text("carrier-full")));
    }
    notices.extend(done.refusals.iter().map(|one| {
        let (uk, en) = one.split_once(" / ").unwrap_or((one, one));
        Notice::new(Tone::Stop, capital(either(t.lang, uk, en))).title(t.text("hub-refused"))
    }));
    notices
}

async fn page(
    officer: &Officer,
    (through, listen): (&str, &str),
    notices: Vec<Notice>,
    error: Option<(&str, AppError)>,
) -> Result<axum::response::Response, Refused> {
    let t = officer.t;
    let state = officer.ask(|agent| agent.carrier_state()).await?;
    let mut page = officer.page(t.text("carrier-title"), "/exchange").await?;
    page.notices.extend(notices);
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let said = |name: &str| match &error {
        Some((field, error)) if *field == name => readable::of_error(t.lang, error),
        _ => String::new(),
    };
    let field = Field::text(t, "through", t.text("carrier-address")).hint(t.text("carrier-address-hint"));
    let through = field.value(through).error(said("through"));
    let field = Field::text(t, "listen", t.text("carrier-listen")).hint(t.text("carrier-listen-hint"));
    let listen = field.value(if listen.is_empty() { USUAL } else { listen }).error(said("listen"));
    page.errors = ErrorSummary::of(t, [&through, &listen]);
    let carries = state.address.is_some();
    let state = SummaryList { t, groups: vec![standing(t, &state)] };
    Ok(html(status, &CarrierPage { page, through, state, listen, carries }))
}

fn standing(t: Texts, state: &CarrierState) -> SummaryGroup {
    let address =
        state.address.map_or_else(|| t.text("carrier-off"), |address| t.with("carrier-on", "address", address));
    SummaryGroup::new(t.text("carrier-state"), "")
        .row(t.text("carrier-now"), address)
        .row(t.text("carrier-waiting"), state.waiting.to_string())
        .row(t.text("carrier-answered"), state.answered.to_string())
}
