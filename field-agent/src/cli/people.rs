//! Residents, why they are served at home, and how a visit ended.

use super::output::{say, short};
use super::{Context, exit, output};
use crate::app::AppError;
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::PathBuf;

#[derive(Args)]
pub struct Residents {
    /// Прізвище, РНОКПП, телефон, село / surname, taxpayer number, telephone, village
    #[arg(default_value = "")]
    search: String,
    /// Лише пари, що можуть бути однією людиною / only pairs that may be one person
    #[arg(long)]
    duplicates: bool,
}

pub fn residents(context: &Context<'_>, command: &Residents) -> Result<u8, AppError> {
    let agent = context.open()?;
    if command.duplicates {
        let (pairs, _) = agent.duplicates()?;
        if context.common.json {
            let pair = |one: &crate::app::Pair| json!({ "one": one.one.record, "other": one.other.record });
            output::json(&pairs.iter().map(pair).collect::<Vec<_>>());
        } else {
            let row = |one: &crate::app::Pair| {
                vec![
                    one.one.record.clone(),
                    one.other.record.clone(),
                    short(&one.one.name, 40),
                    short(&one.other.name, 40),
                ]
            };
            let rows: Vec<Vec<String>> = pairs.iter().map(row).collect();
            output::table(&["запис / record", "другий / other", "хто / who", "хто / who"], &rows);
        }
        return Ok(exit::DONE);
    }
    let found = agent.resident_choices(&command.search, 0)?.0;
    if context.common.json {
        let one = |one: &crate::app::ResidentChoice| {
            json!({ "record": one.record, "name": one.name, "born": one.born, "tax_number": one.tax_number,
                "address": one.address, "phone": one.phone })
        };
        output::json(&found.iter().map(one).collect::<Vec<_>>());
    } else {
        let row = |one: &crate::app::ResidentChoice| {
            vec![one.record.clone(), short(&one.name, 40), one.born.clone(), short(&one.address, 50)]
        };
        let rows: Vec<Vec<String>> = found.iter().map(row).collect();
        output::table(&["запис / record", "хто / who", "народж. / born", "адреса / address"], &rows);
    }
    Ok(exit::DONE)
}

#[derive(Args)]
pub struct SamePerson {
    /// Запис мешканця / a resident's record
    one: String,
    /// Другий запис / the other record
    other: String,
    /// За чим це встановлено / how this was established
    #[arg(long)]
    reason: String,
    /// Це різні люди / these are two persons
    #[arg(long)]
    not: bool,
}

pub fn same_person(context: &Context<'_>, command: &SamePerson) -> Result<u8, AppError> {
    context.open()?.same_person(&command.one, &command.other, !command.not, &command.reason)?;
    say("Записано на обох / written on both");
    Ok(exit::DONE)
}

#[derive(Args)]
pub struct Categories {
    /// Файл JSON із переліком громади; зразок: field-agent/data/categories.json / the community's list
    #[arg(long, value_name = "FILE")]
    set: Option<PathBuf>,
}

pub fn categories(context: &Context<'_>, command: &Categories) -> Result<u8, AppError> {
    let agent = context.open()?;
    if let Some(path) = &command.set {
        let text = std::fs::read_to_string(path)
            .map_err(|error| AppError::File { path: path.display().to_string(), error })?;
        agent.set_categories(&text)?;
    }
    let all = agent.categories()?;
    if context.common.json {
        let one = |one: &crate::app::Category| {
            let proofs: Vec<_> =
                one.proofs.iter().map(|proof| json!({ "id": proof.id, "uk": proof.words().uk })).collect();
            json!({ "id": one.id, "uk": one.words().uk, "health": one.health, "proofs": proofs })
        };
        output::json(&all.iter().map(one).collect::<Vec<_>>());
    } else {
        let row = |one: &crate::app::Category| {
            let proofs: Vec<String> = one.proofs.iter().map(|proof| proof.words().uk).collect();
            vec![one.id.clone(), short(&one.words().uk, 60), short(&proofs.join("; "), 60)]
        };
        let rows: Vec<Vec<String>> = all.iter().map(row).collect();
        output::table(&["код / code", "категорія / category", "підтвердження / proofs"], &rows);
    }
    Ok(exit::DONE)
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Outcome {
    /// Виконано / done
    Done,
    /// Виконано частково / partly done
    Partly,
}

#[derive(Args)]
pub struct EndVisit {
    /// Номер звернення, внесеного під час відвідування / number of a request recorded at the visit
    number: String,
    /// Підсумок / outcome
    #[arg(long, value_enum)]
    outcome: Outcome,
    /// Чого не вдалося і чому / what was not done, and why
    #[arg(long, default_value = "")]
    why: String,
}

pub fn end_visit(context: &Context<'_>, command: &EndVisit) -> Result<u8, AppError> {
    let agent = context.open()?;
    let visit = agent.visit_of_request(&command.number)?;
    let visit =
        visit.ok_or_else(|| AppError::input("це звернення не має відвідування", "this request names no visit"))?;
    let outcome = match command.outcome {
        Outcome::Done => "done",
        Outcome::Partly => "partly_done",
    };
    agent.end_visit(&visit.record, outcome, &command.why)?;
    say("Відвідування завершено / the visit has ended");
    Ok(exit::DONE)
}
