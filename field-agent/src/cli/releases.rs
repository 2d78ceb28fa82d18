//! The catalogue's releases on the command line.

use super::output::say;
use super::{Context, exit, output};
use crate::app::{AppError, ReleaseRow};
use clap::Subcommand;
use serde::Serialize;

#[derive(Subcommand)]
pub enum CatalogueCommand {
    /// Випуски каталогу, що є тут / the catalogue's releases that are here
    List,
    /// Один випуск і що в ньому змінено / one release and what changed in it
    Show {
        /// Номер випуску / number of the release
        number: u32,
    },
    /// Різниця двох випусків словами / the difference of two releases in words
    Diff {
        /// Номер старішого / number of the older one
        from: u32,
        /// Номер новішого / number of the newer one
        to: u32,
    },
}

/// One change, for programs.
#[derive(Serialize)]
struct ChangeRow {
    slug: Option<String>,
    uk: String,
    en: String,
}

pub fn catalogue(context: &Context<'_>, command: &CatalogueCommand) -> Result<u8, AppError> {
    let agent = context.open()?;
    let json = context.common.json;
    match command {
        CatalogueCommand::List => {
            let (rows, refused) = (agent.releases(), agent.refused_releases());
            if json {
                output::json(&serde_json::json!({ "releases": rows, "refused": refused }));
                return Ok(exit::DONE);
            }
            rows.iter().for_each(line);
            for one in refused {
                say(&format!("{} / {}", one.uk, one.en));
            }
        }
        CatalogueCommand::Show { number } => {
            let rows = agent.releases();
            let Some(row) = rows.iter().find(|row| row.number == *number) else {
                return Err(AppError::input(
                    format!("випуску {number} каталогу тут немає: подивіться catalogue list"),
                    format!("catalogue release {number} is not here: see catalogue list"),
                ));
            };
            if !json {
                line(row);
                say(&format!("{} послуг / services; {}", row.services, row.digest));
            }
            let before = rows.iter().filter(|one| one.number < *number).map(|one| one.number).max();
            if let Some(before) = before {
                return differ(&agent, before, *number, json);
            }
            if json {
                output::json(row);
            }
        }
        CatalogueCommand::Diff { from, to } => return differ(&agent, *from, *to, json),
    }
    Ok(exit::DONE)
}

fn line(row: &ReleaseRow) {
    let state = match (row.in_force, row.planned) {
        (true, _) => "діє / in force",
        (_, true) => "заплановано / planned",
        _ => "попередній / earlier",
    };
    let trial = if row.trial { " · на пробу / on trial" } else { "" };
    say(&format!("{} · з / from {} · {state}{trial}", row.number, output::day(&row.effective_from)));
}

fn differ(agent: &crate::app::Agent, from: u32, to: u32, json: bool) -> Result<u8, AppError> {
    let changes = agent.release_changes(from, to)?;
    if json {
        let rows = changes.iter().map(|change| {
            let words = change.words();
            ChangeRow { slug: change.slug.clone(), uk: words.uk, en: words.en }
        });
        output::json(&rows.collect::<Vec<_>>());
        return Ok(exit::DONE);
    }
    if changes.is_empty() {
        say("Змін немає / no changes");
    }
    for change in changes {
        let words = change.words();
        say(&format!("{}\n  {}", words.uk, words.en));
    }
    Ok(exit::DONE)
}
