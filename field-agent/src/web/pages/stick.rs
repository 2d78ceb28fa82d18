//! «Флешка»: what waits goes onto a stick, the centre's answers come back from it. Without JavaScript.

use crate::app::{AppError, StickPlan, StickRead, StickWritten};
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer};
use crate::web::posted::{Pairs, value};
use crate::web::readable::{self, capital, either};
use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use clock::Time;
use pages::{ErrorSummary, Field, Notice, Options, Page, SummaryGroup, SummaryList, Texts, Tone, format};
use std::path::PathBuf;

#[derive(Template)]
#[template(path = "stick.html")]
struct StickPage {
    page: Page,
    waits: SummaryList,
    /// Sticks that are plugged in; none if none is seen.
    plugged: Option<Field>,
    folder: Field,
}

/// The form.
pub async fn show(officer: Officer) -> Answer {
    page(&officer, "", Vec::new(), None).await
}

/// «Записати на флешку».
pub async fn out(officer: Officer, Form(pairs): Form<Pairs>) -> Answer {
    let (t, folder) = (officer.t, named(&pairs));
    let path = PathBuf::from(&folder);
    match chosen(&folder, officer.try_ask(move |agent| agent.carry_out(&path)).await?) {
        Ok(written) => page(&officer, &folder, told_written(t, &written), None).await,
        Err(error) => page(&officer, &folder, Vec::new(), Some(error)).await,
    }
}

/// «Прочитати з флешки».
pub async fn home(officer: Officer, Form(pairs): Form<Pairs>) -> Answer {
    let (t, folder) = (officer.t, named(&pairs));
    let path = PathBuf::from(&folder);
    match chosen(&folder, officer.try_ask(move |agent| agent.carry_in(&path)).await?) {
        Ok(read) => {
            let mut notices = told_read(t, &read);
            notices.push(Notice::new(Tone::Ok, t.text("stick-read-whole")));
            page(&officer, &folder, notices, None).await
        }
        Err(error) => page(&officer, &folder, Vec::new(), Some(error)).await,
    }
}

/// What was typed counts, else what was chosen.
fn named(pairs: &Pairs) -> String {
    let typed = value(pairs, "folder").trim();
    if typed.is_empty() { value(pairs, "plugged").to_owned() } else { typed.to_owned() }
}

fn chosen<T>(folder: &str, done: Result<T, AppError>) -> Result<T, AppError> {
    if folder.is_empty() {
        return Err(AppError::input("вставте флешку і вкажіть її папку", "put the stick in and name its folder"));
    }
    done
}

fn said(t: Texts, sentence: &str) -> String {
    let (uk, en) = sentence.split_once(" / ").unwrap_or((sentence, sentence));
    capital(either(t.lang, uk, en))
}

fn told_written(t: Texts, written: &StickWritten) -> Vec<Notice> {
    let mut notices = if written.read.answers > 0 { told_read(t, &written.read) } else { Vec::new() };
    let values = [
        ("letters", (written.letters + written.kept).into()),
        ("entries", written.entries.into()),
        ("files", written.files.into()),
        ("size", format::bytes(written.bytes, t.lang).into()),
    ];
    notices.push(Notice::new(Tone::Ok, t.say("stick-written", &values)).title(t.text("stick-take-out")));
    notices
}

fn told_read(t: Texts, read: &StickRead) -> Vec<Notice> {
    let mut notices = Vec::new();
    if read.answers + read.known > 0 {
        let values = [
            ("answers", read.answers.into()),
            ("known", read.known.into()),
            ("received", read.received.into()),
            ("taken", read.taken.into()),
        ];
        notices.push(Notice::new(Tone::Ok, t.say("stick-read", &values)));
    }
    notices.extend(read.remarks.iter().map(|remark| Notice::new(Tone::Wait, said(t, remark))));
    let refused = read.refusals.iter();
    notices.extend(refused.map(|one| Notice::new(Tone::Stop, said(t, one)).title(t.text("hub-refused"))));
    notices
}

async fn page(officer: &Officer, folder: &str, notices: Vec<Notice>, error: Option<AppError>) -> Answer {
    let t = officer.t;
    let plan = officer.ask(|agent| agent.stick_plan()).await?;
    let mut page = officer.page(t.text("stick-title"), "/exchange").await?;
    page.notices.extend(notices);
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let error = error.map(|error| readable::of_error(t.lang, &error)).unwrap_or_default();
    let known = plan.plugged.iter().any(|stick| stick.folder.display().to_string() == folder);
    let field = Field::text(t, "folder", t.text("stick-folder")).hint(t.text("stick-folder-hint"));
    let field = field.value(if known { "" } else { folder }).error(error);
    page.errors = ErrorSummary::of(t, [&field]);
    let plugged = plugged(t, &plan, folder);
    let waits = SummaryList { t, groups: vec![waits(t, &plan)] };
    Ok(html(status, &StickPage { page, waits, plugged, folder: field }))
}

fn plugged(t: Texts, plan: &StickPlan, folder: &str) -> Option<Field> {
    let options: Vec<(String, String)> = plan
        .plugged
        .iter()
        .map(|stick| {
            let place = stick.folder.display().to_string();
            let words = match stick.free {
                Some(free) => t.say(
                    "stick-free",
                    &[("folder", place.as_str().into()), ("size", format::bytes(free, t.lang).into())],
                ),
                None => place.clone(),
            };
            (place, words)
        })
        .collect();
    let first = options.first()?.0.clone();
    let chosen = options.iter().find(|(place, _)| place == folder).map_or(first, |(place, _)| place.clone());
    Some(Field::choice(t, "plugged", t.text("stick-plugged"), Options::new(options, &[&chosen])))
}

fn waits(t: Texts, plan: &StickPlan) -> SummaryGroup {
    let waiting =
        t.say("entries-wait", &[("n", plan.entries.into()), ("size", format::bytes(plan.bytes, t.lang).into())]);
    let group = SummaryGroup::new(t.text("stick-waits"), "").row(t.text("waits"), waiting);
    match plan.since {
        Some(since) => {
            let values = [("n", plan.unanswered.into()), ("time", format::date_time(Time(since)).into())];
            group.row(t.text("stick-unanswered"), t.say("stick-unanswered-since", &values))
        }
        None => group,
    }
}
