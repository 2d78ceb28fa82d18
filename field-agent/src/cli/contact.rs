//! `sync`: once, within limits, or until stopped; what it says before and while it runs.

use super::output::{self, complain, say};
use super::setup::certificate;
use super::upkeep::runtime;
use super::{Context, exit};
use crate::app::{Agent, AppError, Budget, CertificateStanding as Standing, Forecast, SyncOutcome};
use clap::Args;
use pages::Lang;
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;

/// How often the line of progress is written anew in a terminal.
const LINE: Duration = Duration::from_millis(500);
/// Without a terminal a line each time so long has passed.
const PLAIN_LINE: Duration = Duration::from_secs(5);

#[derive(Args)]
pub struct Sync {
    /// Один обмін (так і без цього) / one exchange (the default)
    #[arg(long, conflicts_with = "watch")]
    once: bool,
    /// Обмінюватися, доки не зупинять / go on until stopped
    #[arg(long)]
    watch: bool,
    /// Стільки хвилин і не довше; решта — наступного разу / so many minutes and no longer; the rest next time
    #[arg(long, value_name = "MINUTES", default_value = "", hide_default_value = true, conflicts_with = "watch")]
    minutes: String,
    /// Стільки мегабайтів і не більше / so many megabytes and no more
    #[arg(long, value_name = "MB", default_value = "", hide_default_value = true, conflicts_with = "watch")]
    megabytes: String,
    /// Лише сказати, що вмістилося б / only say what would fit
    #[arg(long, conflicts_with = "watch")]
    forecast: bool,
    /// Через валізу, що переносить: її адреса / through the suitcase that carries at this address
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["watch", "minutes", "megabytes", "forecast"])]
    through: Option<String>,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    outcome: Option<&'a SyncOutcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forecast: Option<&'a Forecast>,
}

pub fn sync(context: &Context<'_>, command: &Sync) -> Result<u8, AppError> {
    let json = context.common.json;
    // Nonsense is said before a passphrase is asked for.
    let budget = Budget::parse(&command.minutes, &command.megabytes)?;
    let agent = Arc::new(context.open()?);
    if command.watch {
        return watch(&agent, json);
    }
    if let Some(address) = &command.through {
        return through(&agent, address, json);
    }
    let limited = !budget.is_unlimited() || command.forecast;
    let forecast = if limited { Some(agent.forecast(&budget)?) } else { None };
    if let (Some(forecast), false) = (&forecast, json) {
        say(&format!("{} / {}", forecast.uk, forecast.en));
    }
    if command.forecast {
        if json {
            output::json(&Told { outcome: None, forecast: forecast.as_ref() });
        }
        return Ok(exit::DONE);
    }
    let outcome = runtime()?.block_on(with_progress(&agent, &budget, json))?;
    if json {
        output::json(&Told { outcome: Some(&outcome), forecast: forecast.as_ref() });
    } else {
        tell(&outcome);
    }
    let shut_out = is_shut_out(&agent, json)?;
    Ok(if outcome.refusals.is_empty() && !shut_out { exit::DONE } else { exit::REFUSED })
}

/// Says so if what was sent waits for a person, or will be read by nobody.
fn is_shut_out(agent: &Agent, json: bool) -> Result<bool, AppError> {
    let standing = agent.standing()?;
    let waits = matches!(standing, Standing::Unconfirmed { .. });
    let shut_out = matches!(standing, Standing::Revoked { .. } | Standing::Continued);
    if (waits || shut_out) && !json {
        say(&certificate(&standing));
    }
    Ok(shut_out)
}

/// The contact with a line of progress on standard error: one that is written anew where a person watches.
async fn with_progress(agent: &Agent, budget: &Budget, json: bool) -> Result<SyncOutcome, AppError> {
    let is_terminal = std::io::stderr().is_terminal();
    let every = if is_terminal { LINE } else { PLAIN_LINE };
    let mut work = std::pin::pin!(agent.sync_within(budget));
    let mut shown = false;
    let outcome = loop {
        tokio::select! {
            outcome = &mut work => break outcome,
            () = tokio::time::sleep(every), if !json => {}
        }
        let Some(progress) = agent.progress() else { continue };
        let words = format!("{} / {}", progress.words(Lang::Uk), progress.words(Lang::En));
        if is_terminal {
            // To the line's beginning, and nothing left of the longer line before.
            let _ = write!(std::io::stderr(), "\r\x1b[K{words}");
            let _ = std::io::stderr().flush();
            shown = true;
        } else {
            complain(&words);
        }
    };
    if shown {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
    outcome
}

fn through(agent: &Agent, address: &str, json: bool) -> Result<u8, AppError> {
    let done = runtime()?.block_on(agent.sync_through(address))?;
    if json {
        output::json(&done);
    } else {
        say(&format!(
            "Передано листів {}, чекають на тій валізі {}; відповідей {}, записів отримано {} / letters handed over, waiting there, answers, entries received",
            done.letters, done.kept, done.answers, done.received
        ));
        if done.full {
            say(
                "Та валіза більше зараз не бере: решта лишилася тут / that suitcase takes no more now: the rest stays here",
            );
        }
        for refusal in &done.refusals {
            say(&format!("Центр не взяв / not taken: {refusal}"));
        }
    }
    Ok(if done.refusals.is_empty() { exit::DONE } else { exit::REFUSED })
}

fn tell(outcome: &SyncOutcome) {
    let SyncOutcome { sent, received, bytes, .. } = outcome;
    say(&format!("Надіслано {sent}, отримано {received}, {bytes} Б / sent {sent}, received {received}, {bytes} B"));
    for refusal in &outcome.refusals {
        say(&format!("Центр не взяв / not taken: {refusal}"));
    }
    if outcome.spent {
        say(
            "Межу вичерпано; решта — наступного разу, з того самого місця / the limit is reached; the rest goes on next time from here",
        );
    }
}

fn watch(agent: &Arc<Agent>, json: bool) -> Result<u8, AppError> {
    runtime()?.block_on(async {
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let mut state = agent.sync_state();
        let mut running = tokio::spawn(Arc::clone(agent).sync_loop(stopped));
        loop {
            tokio::select! {
                changed = state.changed() => {
                    let state = state.borrow_and_update().clone();
                    match (&state.trouble, changed.is_err() || state.working) {
                        (_, true) => {}
                        (None, _) if json => output::json(&state.last),
                        (None, _) => tell(&state.last),
                        (Some(trouble), _) => complain(trouble),
                    }
                }
                _ = tokio::signal::ctrl_c() => {
                    // A contact under way is let finish.
                    let _ = stop.send(true);
                    let _ = (&mut running).await;
                    return Ok(exit::DONE);
                }
            }
        }
    })
}
