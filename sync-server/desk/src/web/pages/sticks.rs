//! «Флешки»: letters of suitcases are read from a stick, answers are written onto it. Work goes on beside the page.

use super::super::ask::{Answer, Ask, Section, as_sentence, said, sentence, status_of};
use super::super::guard::go_to;
use super::typed::Typed;
use super::{Form, Part, parts};
use crate::app::{Carried, DeskError, Plugged, StickWork};
use ::pages::format::{bytes, date_time};
use ::pages::{ErrorSummary, Field, Notice, Options, SummaryGroup, SummaryList, Texts, Tone};
use axum::http::StatusCode;
use std::path::PathBuf;
use std::sync::Arc;

/// The page.
pub(crate) async fn show(ask: Ask) -> Answer {
    shown(&ask, "", None).await
}

/// «Прочитати листи і записати відповіді».
pub(crate) async fn read(ask: Ask, typed: Typed) -> Answer {
    begin(ask, typed, false).await
}

/// «Лише записати відповіді».
pub(crate) async fn write(ask: Ask, typed: Typed) -> Answer {
    begin(ask, typed, true).await
}

async fn begin(ask: Ask, typed: Typed, writes_only: bool) -> Answer {
    let named = typed.get("folder");
    let folder = if named.trim().is_empty() { typed.get("plugged") } else { named.trim().to_owned() };
    let desk = Arc::clone(&ask.worker.desk);
    let path = PathBuf::from(&folder);
    let begun = if folder.is_empty() {
        Err(DeskError::refused("вставте флешку і вкажіть її папку", "put the stick in and name its folder"))
    } else {
        ask.work(move |_, by| desk.start_stick(by, &path, writes_only)).await
    };
    match begun {
        Ok(()) => Ok(go_to("/sticks")),
        Err(error) => shown(&ask, &folder, Some(error)).await,
    }
}

async fn shown(ask: &Ask, folder: &str, error: Option<DeskError>) -> Answer {
    let t = ask.t;
    let (work, plugged) = ask.get(|desk, _| Ok((desk.stick_work(), desk.plugged_sticks()))).await?;
    let mut page = ask.page(t.text("sticks"), Some(Section::Sticks)).await;
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let StickWork { since, done } = work;
    let mut all = Vec::new();
    match (since, done) {
        (Some(since), _) => {
            page.notices.push(Notice::new(Tone::Wait, t.with("stick-goes-on", "time", date_time(since))));
            all.push(Part::Link("/sticks".into(), t.text("stick-look-again")));
        }
        (None, Some(Ok(carried))) => {
            let notice = Notice::new(Tone::Ok, t.text("stick-written-read"));
            page.notices.push(notice.title(t.text("stick-take-out")));
            let remarks = carried.remarks.iter().map(|one| as_sentence(&said(t, &one.uk, &one.en)));
            page.notices.extend(remarks.map(|words| Notice::new(Tone::Wait, words)));
            all.push(Part::Facts(SummaryList { t, groups: vec![facts(t, &carried)] }));
        }
        (None, Some(Err(error))) => page.notices.push(Notice::new(Tone::Stop, sentence(t, &error))),
        (None, None) => {}
    }
    if since.is_none() {
        all.push(Part::Words(t.text("stick-words")));
        all.push(Part::Form(form(t, "/sticks/in", "stick-read", "button-primary", &plugged, folder)));
        all.push(Part::Heading(t.text("stick-out-title")));
        all.push(Part::Words(t.text("stick-out-words")));
        all.push(Part::Form(form(t, "/sticks/out", "stick-write", "button", &plugged, folder)));
    }
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

fn form(t: Texts, to: &str, button: &str, tone: &'static str, plugged: &[Plugged], folder: &str) -> Form {
    let options: Vec<(String, String)> = plugged.iter().map(|stick| stick_words(t, stick)).collect();
    let known = options.iter().any(|(place, _)| place == folder);
    let mut fields = Vec::new();
    if let Some((first, _)) = options.first().cloned() {
        let chosen = if known { folder.to_owned() } else { first };
        fields.push(Field::choice(t, "plugged", t.text("stick-plugged"), Options::new(options, &[&chosen])));
    }
    let typed = if known { "" } else { folder };
    fields.push(Field::text(t, "folder", t.text("stick-folder")).hint(t.text("stick-folder-hint")).value(typed));
    Form { to: to.into(), fields, button: t.text(button), tone }
}

fn stick_words(t: Texts, stick: &Plugged) -> (String, String) {
    let place = stick.folder.display().to_string();
    let words = match stick.free {
        Some(free) => t.say("stick-free", &[("folder", place.as_str().into()), ("size", bytes(free, t.lang).into())]),
        None => place.clone(),
    };
    (place, words)
}

fn facts(t: Texts, carried: &Carried) -> SummaryGroup {
    let numbers = |all: &std::collections::BTreeSet<u16>| all.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
    let group = SummaryGroup::new(t.text("stick-last"), "")
        .row(t.text("stick-folder"), carried.folder.display().to_string())
        .row(t.text("stick-letters"), carried.letters.to_string())
        .row(t.text("stick-answers"), carried.answers.to_string())
        .row(t.text("stick-suitcases"), numbers(&carried.suitcases));
    if carried.more.is_empty() { group } else { group.row(t.text("stick-more"), numbers(&carried.more)) }
}
