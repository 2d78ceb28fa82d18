//! State, export and checking.

use super::output::{moment, say};
use super::{Context, exit, output, setup};
use crate::app::{AppError, Attempt, Exchange, ExchangeItem, ExportFormat, Status};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::path::PathBuf;

/// The runtime that a command's contact runs in.
pub fn runtime() -> Result<tokio::runtime::Runtime, AppError> {
    let built = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    built.map_err(|error| AppError::File { path: "tokio".into(), error })
}

pub fn status(context: &Context<'_>) -> Result<u8, AppError> {
    let agent = context.open()?;
    let (status, exchange) = (agent.status()?, agent.exchange(0, MOST_ITEMS)?);
    if context.common.json {
        output::json(&Whole { status, exchange });
        return Ok(exit::DONE);
    }
    say(&format!("Валіза {} · {} · {}", status.suitcase, status.officer, status.hub));
    say(&format!(
        "Звернення: тут {} · у дорозі {} · у центрі {} / requests: here, on the way, at the centre",
        status.here, status.on_the_way, status.at_centre
    ));
    say(&format!(
        "Чекають на відправлення / waiting to be sent: {} ({} Б / B)",
        status.waiting_entries, status.waiting_bytes
    ));
    let contact = status.last_contact.map_or_else(|| "ще не було / never".to_owned(), moment);
    say(&format!("Останній зв’язок / last contact: {contact}"));
    let news = status.news_at.map_or_else(|| "ще не було / never".to_owned(), moment);
    say(&format!("Новини центру / the centre's news: {news}"));
    if status.news_held_back {
        say(
            "Центр повідомив більше, ніж сюди дійшло: спробуйте інший зв’язок або зателефонуйте до центру / the centre has said more than came here: try another way to the centre, or call it",
        );
    }
    if let Some(Attempt { at, trouble: Some(why) }) = &exchange.last_attempt {
        say(&format!("Остання спроба / last attempt: {}: {why}", moment(*at)));
    }
    say(&setup::certificate(&status.certificate));
    if !status.clock_plausible {
        say("Годинник ноутбука хибний: виставте дату й час / the laptop's clock is wrong: set date and time");
    }
    if !status.damaged.is_empty() {
        say(
            "На диску пошкоджено збережене: обміняйтеся з центром і виконайте repair / what is kept on the disk is damaged: exchange with the centre and run repair",
        );
        status.damaged.iter().for_each(|fault| say(&format!("  {fault}")));
    }
    if status.differing > 0 {
        say(&format!("Розбіжності у зверненнях / requests with differences: {}", status.differing));
    }
    if status.drafts > 0 {
        say(&format!("Чернетки / drafts: {}", status.drafts));
    }
    for refusal in &status.refusals {
        say(&format!("Центр не взяв / the hub did not take: {refusal}"));
    }
    let rows: Vec<Vec<String>> = exchange.items.iter().map(item).collect();
    if !rows.is_empty() {
        output::table(&["№", "що / what", "де / where", "Б / B", "відколи / since"], &rows);
    }
    if status.erased > 0 {
        say(&format!(
            "Стерто за розпорядженням центру, записів / erased by order of the centre, records: {}",
            status.erased
        ));
    }
    for aside in &status.set_aside {
        say(&format!("Центр відклав / set aside at the centre: {} № {}: {}", aside.number, aside.seq, aside.why));
    }
    Ok(exit::DONE)
}

/// So many items a command tells; the page has the others.
const MOST_ITEMS: usize = 200;

/// The state with the items of the exchange.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    status: Status,
    exchange: Exchange,
}

pub fn item(item: &ExchangeItem) -> Vec<String> {
    let parts = [item.kind_uk, &output::short(&item.service_name, 40), &item.title];
    let what = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    vec![item.number.clone(), what, item.place.words().0.to_owned(), item.bytes.to_string(), moment(item.since)]
}

#[derive(Args)]
pub struct Export {
    /// Номер опису / receipt number
    #[arg(required_unless_present = "all")]
    number: Option<String>,
    /// Усі звернення в папку / all requests into a folder
    #[arg(long, conflicts_with = "number")]
    all: bool,
    /// Вид файла / kind of file
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
    /// Файл або папка; без цього одне звернення виводиться / file or folder; without it one request is printed
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// JSON для людей і програм / JSON for people and programs
    Json,
    /// Стандартний файл automerge / a standard automerge file
    Automerge,
}

pub fn export(context: &Context<'_>, command: &Export) -> Result<u8, AppError> {
    let format = match command.format {
        Format::Json => ExportFormat::Json,
        Format::Automerge => ExportFormat::Automerge,
    };
    let agent = context.open()?;
    match (&command.number, &command.out) {
        (None, None) => {
            return Err(AppError::input("укажіть папку: --out FOLDER", "name a folder: --out FOLDER"));
        }
        (None, Some(folder)) => {
            let written = agent.export_all(format, folder)?;
            say(&format!("Записано файлів / files written: {}", written.len()));
        }
        (Some(number), Some(path)) => agent.export_to(number, format, path)?,
        (Some(number), None) => {
            use std::io::Write;
            let bytes = agent.export(number, format)?;
            let _ = std::io::stdout().write_all(&bytes);
        }
    }
    Ok(exit::DONE)
}

pub fn verify(context: &Context<'_>) -> Result<u8, AppError> {
    let verified = context.open()?.verify()?;
    if context.common.json {
        output::json(&verified);
    } else {
        say(&format!(
            "Ланцюгів {}, записів {}, справ {} / chains, entries, records",
            verified.chains, verified.entries, verified.records
        ));
        verified.faults.iter().chain(&verified.missing).chain(&verified.aside).for_each(|line| say(line));
        if verified.faults.is_empty() {
            say("Усе гаразд / all is well");
        }
    }
    Ok(if verified.faults.is_empty() { exit::DONE } else { exit::DAMAGED })
}

#[derive(Args)]
pub struct Repair {
    /// Лише сказати, що пошкоджено і що буде втрачено / only say what is damaged and what would be lost
    #[arg(long)]
    list: bool,
}

pub fn repair(context: &Context<'_>, command: &Repair) -> Result<u8, AppError> {
    let dir = context.dir();
    crate::app::logins(&dir)?;
    let (login, passphrase) = (context.common.login.as_deref(), context.passphrase()?);
    let repaired = crate::app::repair(&dir, login, &passphrase, &context.surroundings(), command.list)?;
    if context.common.json {
        output::json(&repaired);
    } else {
        repaired.lines.iter().for_each(|line| say(line));
    }
    Ok(if command.list && repaired.damaged { exit::DAMAGED } else { exit::DONE })
}

pub fn rebuild(context: &Context<'_>) -> Result<u8, AppError> {
    let count = context.open()?.rebuild()?;
    if context.common.json {
        output::json(&serde_json::json!({ "records": count }));
    } else {
        say(&format!("Створено наново справ / records made again: {count}"));
    }
    Ok(exit::DONE)
}

pub fn decoder() -> Result<u8, AppError> {
    let served = crate::app::decoder(std::io::stdin().lock(), std::io::stdout().lock());
    served.map(|()| exit::DONE).map_err(|error| AppError::File { path: "pipe".into(), error })
}
