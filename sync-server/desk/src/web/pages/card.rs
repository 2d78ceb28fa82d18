//! On paper: the card of a case.

use super::super::ask::{Answer, Ask, said};
use super::{facts, request, show};
use crate::app::How;
use ::pages::format::{NOTHING, date_time, or_nothing};
use ::pages::{Event, SummaryList, Texts, assets};
use askama::Template;
use axum::http::StatusCode;

#[derive(Template)]
#[template(path = "card.html")]
struct Card {
    t: Texts,
    number: String,
    official: String,
    centre: String,
    state: String,
    back: String,
    facts: SummaryList,
    papers: Vec<[String; 5]>,
    events: Vec<Event>,
    printed: String,
}

impl Card {
    fn asset(&self, name: &str) -> String {
        assets::url(name)
    }
}

/// The card of a case: everything it says and everything that happened, for the file.
pub(crate) async fn card(ask: Ask) -> Answer {
    let number = ask.param("number");
    let (case, centre, now) = ask
        .get(move |desk, by| Ok((desk.case(by, &number, How::Card)?, desk.profile()?.name, desk.clock().now())))
        .await?;
    let t = ask.t;
    let view = &case.page.view;
    let papers = case.papers.iter().map(|paper| {
        [
            or_nothing(&paper.name).to_owned(),
            or_nothing(&paper.details).to_owned(),
            or_nothing(&said(t, paper.form.0, paper.form.1)).to_owned(),
            if paper.sheets == 0 { NOTHING.to_owned() } else { paper.sheets.to_string() },
            t.text(if paper.returned { "yes" } else { "no" }),
        ]
    });
    let (uk, en) = view.state().label();
    let shown = Card {
        t,
        number: case.number.clone(),
        official: view.official.text().to_owned(),
        centre,
        state: said(t, uk, en),
        back: facts::request_address(&case.number),
        facts: facts::list(t, &case, false),
        papers: papers.collect(),
        events: case.page.timeline.iter().map(|moment| request::event(t, &case, moment)).collect(),
        printed: date_time(now),
    };
    Ok(show(StatusCode::OK, &shown))
}
