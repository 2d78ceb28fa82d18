//! Before something is done to a request that a colleague has: who has it since when, and one more press.

use super::super::ask::{Answer, Ask, Section, status_of};
use super::typed::Typed;
use super::{facts, show};
use crate::app::ErrorKind;
use ::pages::{Notice, Page, Texts, Tone};
use askama::Template;

/// The field by which a form says that its person was told of a claim.
pub(crate) const DESPITE: &str = "despite";

#[derive(Template)]
#[template(path = "held.html")]
struct Held {
    page: Page,
    words: String,
    to: String,
    typed: Vec<(String, String)>,
    despite: String,
    back: String,
}

/// Asks whether to do all the same what was asked for at this address; nothing typed is lost.
pub(crate) async fn asked(ask: &Ask, number: &str, typed: &Typed) -> Answer {
    let wanted = number.to_owned();
    let hold = ask.get(move |desk, by| desk.hold(by, &wanted)).await?;
    let t = ask.t;
    let mut page = ask.page(format!("{}: {number}", t.text("held-title")), Some(Section::Queue)).await;
    let despite = hold.as_ref().map(crate::app::Hold::mark).unwrap_or_default();
    page.notices.push(match hold {
        Some(hold) => notice(t, &hold.name, hold.at),
        None => Notice::new(Tone::Plain, t.text("held-no-more")),
    });
    let held = Held {
        page,
        words: t.text("held-words"),
        to: ask.path.clone(),
        typed: typed.all().filter(|(name, _)| name != DESPITE).collect(),
        despite,
        back: facts::request_address(number),
    };
    Ok(show(status_of(ErrorKind::Held), &held))
}

/// That a colleague has the request.
pub(crate) fn notice(t: Texts, name: &str, at: i64) -> Notice {
    let words = t.say("held-notice", &[("name", name.into()), ("time", facts::moment(t, at).into())]);
    Notice::new(Tone::Wait, words)
}
