//! The end of a shift, numbers that were not used, the evidence file of a request.

use super::output::{self, moment, say};
use super::{Context, exit, upkeep};
use crate::app::{Agent, AppError, ShiftEnd, ShiftLeft, must_be_free};
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Args)]
pub struct EndShift {
    /// Чернетки залишаються на валізі / the drafts stay on the suitcase
    #[arg(long)]
    drafts_stay: bool,
    /// Обмінюватися з центром, доки він усе відкриє, щонайбільше стільки секунд / exchange until the centre has opened everything, at most so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
    /// Куди записати акт: .html — папір, інакше текст / where to write the statement: .html is the paper, else text
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Between two exchanges while the centre's answer is waited for.
const PAUSE: Duration = Duration::from_secs(2);

pub fn end_shift(context: &Context<'_>, command: &EndShift) -> Result<u8, AppError> {
    // Before the passphrase is asked for and the word is signed.
    command.out.as_deref().map_or(Ok(()), must_be_free)?;
    let agent = context.open()?;
    let mut trouble = None;
    let mut end = agent.end_of_shift(command.drafts_stay)?;
    if command.wait > 0 {
        (end, trouble) = upkeep::runtime()?.block_on(waited(&agent, command))?;
    }
    match end {
        ShiftEnd::Left(left) => {
            tell_left(context, &left, trouble.as_ref());
            Ok(exit::REFUSED)
        }
        ShiftEnd::Over(over) => {
            if let Some(path) = &command.out {
                agent.shift_to(&over, path)?;
            }
            if context.common.json {
                output::json(&serde_json::json!({ "over": true, "statement": &*over }));
            } else {
                say(agent.shift_text(&over).trim_end());
            }
            Ok(exit::DONE)
        }
    }
}

/// Exchanges until nothing but drafts is left or the time is over.
async fn waited(agent: &Agent, command: &EndShift) -> Result<(ShiftEnd, Option<AppError>), AppError> {
    let mut trouble = None;
    let asked = tokio::time::timeout(Duration::from_secs(command.wait), async {
        loop {
            trouble = agent.sync().await.err();
            let waits = match agent.end_of_shift(command.drafts_stay)? {
                ShiftEnd::Left(left) => left.not_sent + left.not_opened > 0 || left.drafts.is_empty(),
                ShiftEnd::Over(_) => false,
            };
            if !waits {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
    });
    // Time that runs out is said by what is left.
    if let Ok(Err(error)) = asked.await {
        return Err(error);
    }
    Ok((agent.end_of_shift(command.drafts_stay)?, trouble))
}

fn tell_left(context: &Context<'_>, left: &ShiftLeft, trouble: Option<&AppError>) {
    if context.common.json {
        let trouble = trouble.map(ToString::to_string);
        output::json(&serde_json::json!({ "over": false, "left": left, "trouble": trouble }));
    } else {
        let rows: Vec<Vec<String>> = left.items.iter().map(upkeep::item).collect();
        if !rows.is_empty() {
            output::table(&["№", "що / what", "де / where", "Б / B", "відколи / since"], &rows);
        }
        for draft in &left.drafts {
            say(&format!("Чернетка / draft: {} {} ({})", draft.applicant, draft.service, moment(draft.changed)));
        }
    }
    output::complain("зміну ще не закінчено / the shift is not over yet");
    left.todo.iter().for_each(|(uk, en)| output::complain(&format!("{uk} / {en}")));
    if !left.drafts.is_empty() {
        output::complain("щоб чернетки залишилися: --drafts-stay / to leave the drafts where they are: --drafts-stay");
    }
    if let Some(trouble) = trouble {
        output::complain(&trouble.to_string());
    }
}

#[derive(Args)]
pub struct VoidNumber {
    /// Номер з паперу / number on the paper
    number: Option<String>,
    /// Чому не використано / why it was not used
    #[arg(long, requires = "number")]
    reason: Option<String>,
}

pub fn void_number(context: &Context<'_>, command: &VoidNumber) -> Result<u8, AppError> {
    let agent = context.open()?;
    if let Some(number) = &command.number {
        let voided = agent.void_number(number, command.reason.as_deref().unwrap_or_default())?;
        if !context.common.json {
            say(&format!("Анульовано / void: {}", voided.number));
            return Ok(exit::DONE);
        }
    }
    let all = agent.voided_numbers()?;
    if context.common.json {
        output::json(&all);
    } else {
        let rows: Vec<Vec<String>> = all.into_iter().map(|one| vec![one.number, one.reason, moment(one.at)]).collect();
        output::table(&["номер / number", "чому / why", "коли / when"], &rows);
    }
    Ok(exit::DONE)
}

#[derive(Args)]
pub struct Evidence {
    /// Номер опису / receipt number
    number: String,
    /// Куди записати / where to write it
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub fn evidence(context: &Context<'_>, command: &Evidence) -> Result<u8, AppError> {
    let agent = context.open()?;
    let number = agent.evidence_to(&command.number, &command.out)?;
    let root = agent.root_fingerprint()?;
    if context.common.json {
        output::json(&serde_json::json!({ "number": number, "out": command.out.display().to_string(), "root": root }));
    } else {
        say(&format!("Записано / written: {}", command.out.display()));
        say(&format!("Відбиток кореня / the root's fingerprint: {root}"));
    }
    Ok(exit::DONE)
}
