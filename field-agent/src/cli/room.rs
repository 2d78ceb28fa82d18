//! Making room: what is closed and at the centre leaves the laptop.

use super::output::{moment, say};
use super::{Context, exit, output};
use crate::app::AppError;
use clap::Args;

#[derive(Args)]
pub struct Forget {
    /// Завершене понад стільки днів тому; інакше — скільки визначив центр / closed for more than so many days; else as the centre set
    #[arg(long, value_name = "DAYS")]
    older_than: Option<u16>,
    /// Лише показати / only show
    #[arg(long)]
    dry_run: bool,
}

pub fn forget(context: &Context<'_>, command: &Forget) -> Result<u8, AppError> {
    let agent = context.open()?;
    let room = agent.room(command.older_than)?;
    let gone = if command.dry_run { 0 } else { agent.make_room(command.older_than)? };
    if context.common.json {
        output::json(&serde_json::json!({ "gone": gone, "room": room }));
        return Ok(exit::DONE);
    }
    let rows: Vec<Vec<String>> = room
        .due
        .iter()
        .map(|due| {
            let kind = match due.kind {
                "request" => "звернення",
                "resident" => "мешканець",
                "visit" => "виїзд",
                _ => "консультація",
            };
            let why = if due.why == "taken_back" { "забрав центр" } else { "завершено" };
            vec![due.number.clone(), kind.to_owned(), due.title.clone(), moment(due.changed), why.to_owned()]
        })
        .collect();
    if !rows.is_empty() {
        output::table(&["№", "що / what", "хто / who", "змінено / changed", "чому / why"], &rows);
    }
    if command.dry_run {
        say(&format!("Може залишити валізу: {} / may leave the suitcase", rows.len()));
    } else {
        say(&format!("Залишило валізу: {gone}; усе це є в центрі / left the suitcase; the centre has all of it"));
    }
    Ok(exit::DONE)
}
