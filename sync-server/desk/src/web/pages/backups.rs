//! «Резервні копії», for administrators: when the last one was made, checked and tried; making and checking one now.

use super::super::ask::{Answer, Ask, Section, sentence, status_of};
use super::super::guard::go_to;
use super::typed::Typed;
use super::{Form, Part, parts};
use crate::app::DeskError;
use crate::app::backup::{DRILL, Done, Event, Manifest, OVERDUE, history, list as backups_in, newest};
use ::pages::format::{bytes, date_time};
use ::pages::{
    Cell, Column, ErrorSummary, Field, Notice, Options, Page, Row, SummaryGroup, SummaryList, Table, Tag, Texts, Tone,
};
use axum::http::StatusCode;
use clock::Time;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

/// Backups that are listed; older ones stay on the disk.
const LISTED: usize = 50;

/// What the page shows.
struct Seen {
    history: Vec<Event>,
    present: Vec<(PathBuf, Manifest)>,
    folder: PathBuf,
    since: Option<Time>,
    trouble: Option<DeskError>,
    has_hub: bool,
    /// When the backup was made that suitcases were told of last.
    told: Option<Time>,
    now: Time,
}

/// The page.
pub(crate) async fn list(ask: Ask) -> Answer {
    shown(&ask, None).await
}

async fn seen(ask: &Ask) -> Result<Seen, super::super::ask::Refusal> {
    let office = Arc::clone(&ask.site.office);
    ask.get(move |desk, _| {
        let backups = office.backups();
        let state = backups.state.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(Seen {
            history: history(&backups.centre),
            present: backups_in(&backups.folder),
            folder: backups.folder.clone(),
            since: state.since,
            trouble: state.trouble,
            has_hub: backups.hub_copy.is_some(),
            told: desk.covered_at()?.map(Time),
            now: desk.clock().now(),
        })
    })
    .await
}

async fn shown(ask: &Ask, error: Option<DeskError>) -> Answer {
    let seen = seen(ask).await?;
    let t = ask.t;
    let mut page = ask.page(t.text("backups"), Some(Section::Backups)).await;
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    notices(&mut page, t, &seen);
    let mut all = vec![Part::Facts(SummaryList { t, groups: vec![facts(t, &seen)] })];
    if seen.since.is_some() {
        all.push(Part::Link("/backups".into(), t.text("backup-look-again")));
    } else {
        let key = if seen.has_hub { "backup-words-both" } else { "backup-words-desk" };
        all.push(Part::Words(t.with(key, "folder", seen.folder.display())));
        all.push(Part::Form(Form {
            to: "/backups".into(),
            fields: Vec::new(),
            button: t.text("backup-now"),
            tone: "button-primary",
        }));
    }
    all.extend([Part::Heading(t.text("backup-list")), Part::Table(table(t, &seen))]);
    if seen.since.is_none() && !seen.present.is_empty() {
        all.extend([Part::Heading(t.text("backup-check-title")), Part::Form(check_form(t, &seen))]);
    }
    all.extend([
        Part::Heading(t.text("backup-drill-title")),
        Part::Words(t.text("backup-drill-words")),
        Part::Words(t.with("backup-drill-command", "folder", seen.folder.display())),
    ]);
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

fn notices(page: &mut Page, t: Texts, seen: &Seen) {
    let mut say = |tone, words| page.notices.push(Notice::new(tone, words));
    if let Some(since) = seen.since {
        say(Tone::Wait, t.with("backup-goes-on", "time", date_time(since)));
    }
    if let Some(trouble) = &seen.trouble {
        say(Tone::Stop, t.with("backup-failed-now", "why", sentence(t, trouble)));
    }
    match newest(&seen.history, Done::Made) {
        _ if seen.since.is_some() => {}
        None => say(Tone::Wait, t.text("backup-never")),
        Some(made) if seen.now.since(made.at) > OVERDUE => {
            say(Tone::Wait, t.with("backup-old", "time", date_time(made.at)));
        }
        Some(_) => {}
    }
    let drilled = newest(&seen.history, Done::Drilled);
    if drilled.is_none_or(|drill| seen.now.since(drill.at) > DRILL) {
        say(Tone::Wait, t.text("backup-drill-due"));
    }
}

fn facts(t: Texts, seen: &Seen) -> SummaryGroup {
    let when = |done: Done| match newest(&seen.history, done) {
        None => t.text("backup-not-yet"),
        Some(Event { at, faults: 0, place, .. }) => {
            let name = place.file_name().map_or_else(|| place.to_string_lossy(), |name| name.to_string_lossy());
            t.say("backup-well", &[("time", date_time(*at).into()), ("name", name.into_owned().into())])
        }
        Some(Event { at, faults, .. }) => {
            t.say("backup-faults", &[("time", date_time(*at).into()), ("n", (*faults).into())])
        }
    };
    SummaryGroup::new(t.text("backup-about"), "")
        .row(t.text("backup-last"), when(Done::Made))
        .row(t.text("backup-checked"), when(Done::Checked))
        .row(t.text("backup-drilled"), when(Done::Drilled))
        .row(t.text("backup-told"), seen.told.map_or_else(|| t.text("backup-not-yet"), date_time))
        .row(t.text("backup-folder"), seen.folder.display().to_string())
}

fn name_of(place: &std::path::Path) -> String {
    place.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn table(t: Texts, seen: &Seen) -> Table {
    let columns = ["backup-name", "backup-made", "backup-halves", "backup-size", "backup-contents"];
    let columns = columns.map(|key| {
        let column = Column::new(t.text(key));
        if key == "backup-size" { column.figures() } else { column }
    });
    let row = |(place, manifest): &(PathBuf, Manifest)| {
        let halves: Vec<String> =
            manifest.parts.iter().map(|part| t.text(&format!("backup-half-{}", part.half.text()))).collect();
        let opened = manifest.parts.iter().all(|part| part.contents.opened);
        let contents = if opened {
            Tag::new(t.text("backup-contents-checked"), Tone::Ok)
        } else {
            Tag::new(t.text("backup-contents-sealed"), Tone::Plain)
        };
        Row {
            cells: vec![
                Cell::Text(name_of(place)),
                Cell::Text(date_time(manifest.made)),
                Cell::Text(halves.join(", ")),
                Cell::Text(bytes(manifest.bytes(), t.lang)),
                Cell::State(contents),
            ],
            marked: false,
        }
    };
    Table {
        t,
        caption: t.text("backup-list"),
        quiet_caption: true,
        columns: columns.into(),
        rows: seen.present.iter().take(LISTED).map(row).collect(),
        empty: t.text("backup-none"),
    }
}

fn check_form(t: Texts, seen: &Seen) -> Form {
    let names: Vec<String> = seen.present.iter().take(LISTED).map(|(place, _)| name_of(place)).collect();
    let first = names.first().map(String::as_str).unwrap_or_default();
    let options = Options::new(names.iter().map(|name| (name.as_str(), name.clone())), &[first]);
    Form {
        to: "/backups/check".into(),
        fields: vec![Field::choice(t, "name", t.text("backup-which"), options)],
        button: t.text("backup-check-now"),
        tone: "",
    }
}

/// Begins a backup; the page says how it goes.
pub(crate) async fn begin(ask: Ask) -> Answer {
    let office = Arc::clone(&ask.site.office);
    match ask.work(move |_, by| office.start_backup(by)).await {
        Ok(()) => Ok(go_to("/backups")),
        Err(error) => shown(&ask, Some(error)).await,
    }
}

/// Begins a check of one backup.
pub(crate) async fn check(ask: Ask, typed: Typed) -> Answer {
    let (office, name) = (Arc::clone(&ask.site.office), typed.get("name"));
    match ask.work(move |_, by| office.start_check(by, &name)).await {
        Ok(()) => Ok(go_to("/backups")),
        Err(error) => shown(&ask, Some(error)).await,
    }
}
