//! Reading a suitcase's recovery code out by telephone.

use super::super::ask::{Answer, Ask, Section, sentence, status_of};
use super::suitcases::{no_such, number};
use super::typed::Typed;
use super::{Form, Part, parts};
use crate::app::DeskError;
use ::pages::format::date_time;
use ::pages::{ErrorSummary, Field, Notice, Tone};
use axum::http::StatusCode;
use clock::Time;

/// Who asks and how the person was identified, before the code is shown.
pub(crate) async fn form(ask: Ask) -> Answer {
    asked(&ask, &Typed::default(), None).await
}

async fn asked(ask: &Ask, typed: &Typed, error: Option<DeskError>) -> Answer {
    let given = number(ask);
    let (number, slot, officers) = ask
        .get(move |desk, by| {
            let number = given?;
            let rows = desk.suitcases()?;
            let row = rows.iter().rfind(|row| row.number == number).ok_or_else(no_such)?;
            let officers = row.stated.as_ref().map(|state| state.officers.clone()).unwrap_or_default();
            Ok((number, desk.recovery_slot(by, row.chain)?, officers))
        })
        .await?;
    let t = ask.t;
    let mut page = ask.page(t.with("recovery-of", "number", number), Some(Section::Suitcases)).await;
    page.path = format!("/suitcases/{number}/recovery");
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let mut all = vec![Part::Words(t.text("recovery-words"))];
    let names: Vec<String> = officers.into_iter().map(|(login, name)| format!("{name} ({login})")).collect();
    if !names.is_empty() {
        all.push(Part::Words(t.with("recovery-officers", "names", names.join(", "))));
    }
    if let Some((to, by, at)) = slot.read_out {
        let said = [("to", to.into()), ("by", by.into()), ("time", date_time(Time(at)).into())];
        all.push(Part::Notice(Notice::new(Tone::Wait, t.say("recovery-read-out", &said))));
    }
    if let Some((login, at)) = slot.used {
        let said = [("login", login.into()), ("time", date_time(Time(at)).into())];
        all.push(Part::Notice(Notice::new(Tone::Wait, t.say("recovery-used", &said))));
    }
    if slot.ready {
        all.push(Part::Steps(["check", "call-back", "aloud"].map(|step| t.text(&format!("recovery-{step}"))).into()));
        all.push(Part::Form(Form {
            to: format!("/suitcases/{number}/recovery"),
            fields: vec![
                Field::lines(t, "to", t.text("recovery-to")).hint(t.text("recovery-to-hint")).value(typed.get("to")),
            ],
            button: t.text("recovery-show"),
            tone: "button-primary",
        }));
    } else {
        all.push(Part::Notice(Notice::new(Tone::Wait, t.text("recovery-none"))));
    }
    all.push(Part::Link(format!("/suitcases/{number}"), t.text("to-suitcase")));
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

/// Shows the twelve words; each time is noted.
pub(crate) async fn show(ask: Ask, typed: Typed) -> Answer {
    let (given, to) = (number(&ask), typed.get("to"));
    let done = ask
        .work(move |desk, by| {
            let number = given?;
            Ok((number, desk.read_out(by, number, &to)?))
        })
        .await;
    let (number, words) = match done {
        Ok(done) => done,
        Err(error) => return asked(&ask, &typed, Some(error)).await,
    };
    let t = ask.t;
    let mut page = ask.page(t.with("recovery-of", "number", number), Some(Section::Suitcases)).await;
    page.path = format!("/suitcases/{number}/recovery");
    page.notices.push(Notice::new(Tone::Wait, t.text("recovery-once")));
    let all = vec![
        Part::Aloud(words.iter().map(ToString::to_string).collect(), t.text("recovery-label")),
        Part::Steps(["slowly", "check-word", "new"].map(|step| t.text(&format!("recovery-{step}"))).into()),
        Part::Link(format!("/suitcases/{number}"), t.text("to-suitcase")),
    ];
    Ok(parts(StatusCode::OK, page, all))
}
