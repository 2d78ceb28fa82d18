//! The officer's pages.

use super::{Context, exit, output};
use crate::app::{AppError, Lock as Which, SCRUB_EVERY, lock_console};
use crate::web::{Ended, Listen, Served, serve};
use clap::Args;
use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::time::Duration;

const WEEK_HOURS: u64 = SCRUB_EVERY.as_secs() / 3600;

#[derive(Args)]
pub struct Run {
    /// Адреса сторінок на цьому ноутбуці; порт 0 бере вільний / the pages' loopback address; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Відкрити сторінки у браузері / open the pages in a browser
    #[arg(long)]
    open: bool,
    /// Переносити листи інших валіз: на якій адресі їх приймати, поки валіза відкрита / carry other suitcases' letters: where to take them while this one is open
    #[arg(long, value_name = "ADDRESS")]
    carrier: Option<SocketAddr>,
    /// Переглядати все збережене щонайчастіше раз на стільки годин / look through everything that is kept at most every so many hours
    #[arg(long, default_value_t = WEEK_HOURS, value_name = "HOURS")]
    scrub_hours: u64,
    /// Слухати на сокеті, який передав попередній запуск / listen on the socket handed over by the last start
    #[arg(long, hide = true)]
    inherited: bool,
    /// Геш позначки відомого браузера / hash of a known browser's token
    #[arg(long, hide = true, value_name = "HASH")]
    known_browser: Vec<String>,
}

pub fn run(context: &Context<'_>, command: &Run) -> Result<u8, AppError> {
    let (json, opens) = (context.common.json, command.open);
    if context.common.passphrase_file.is_some() {
        output::complain(
            "Файл пароля тут не діє: валізу відчиняють на сторінці; доти вона не обмінюється й не бере листів інших валіз / the passphrase file is not read here: the suitcase is opened on its page; until then it exchanges nothing and takes no letters of other suitcases",
        );
    }
    let served = Served {
        dir: context.dir(),
        surroundings: context.surroundings(),
        listen: if command.inherited { Listen::Inherited } else { Listen::At(command.listen) },
        known: command.known_browser.clone(),
        carrier: command.carrier,
        scrub_every: Duration::from_secs(command.scrub_hours.saturating_mul(3600)),
        announce: Box::new(move |address| announce(address, json, opens)),
    };
    match serve(served)? {
        Ended::Stopped => Ok(exit::DONE),
        Ended::Locked { listener, known } => start_again(context, listener, &known, command),
    }
}

#[derive(Args)]
pub struct Lock {
    /// Лише екран: обмін триває / the screen only: the exchange goes on
    #[arg(long)]
    screen: bool,
}

/// Locks what the running program serves: for a key of the desktop, or before the laptop sleeps.
pub fn lock(context: &Context<'_>, command: &Lock) -> Result<u8, AppError> {
    lock_console(&context.dir(), if command.screen { Which::Screen } else { Which::Vault })?;
    let words = if command.screen {
        "Екран замкнено / the screen is locked"
    } else {
        "Валізу замкнено, ключів у пам’яті немає / the suitcase is locked, no key is in memory"
    };
    output::say(words);
    Ok(exit::DONE)
}

/// The address holds a token that works once: it is shown to whoever started the program, and nowhere else.
fn announce(address: &str, json: bool, opens: bool) {
    if json {
        output::json(&serde_json::json!({ "address": address }));
    } else {
        output::say(&format!("Відкрийте у браузері / open in a browser: {address}"));
    }
    if opens {
        let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
        if Command::new(opener).arg(address).spawn().is_err() {
            output::say("Браузер не відкрився: скопіюйте адресу / no browser opened: copy the address");
        }
    }
}

/// A new memory without keys in this same process. Returns only if that failed.
#[cfg(unix)]
fn start_again(context: &Context<'_>, listener: TcpListener, known: &[String], run: &Run) -> Result<u8, AppError> {
    use std::os::fd::OwnedFd;
    use std::os::unix::process::CommandExt;
    let mut command = again(context, known, run);
    let error = command.arg("--inherited").stdin(OwnedFd::from(listener)).exec();
    Err(AppError::File { path: context.config.program.display().to_string(), error })
}

/// A new process at the same address; this one ends.
#[cfg(not(unix))]
fn start_again(context: &Context<'_>, listener: TcpListener, known: &[String], run: &Run) -> Result<u8, AppError> {
    let failed = |error| AppError::File { path: context.config.program.display().to_string(), error };
    let address = listener.local_addr().map_err(failed)?;
    drop(listener);
    again(context, known, run).arg(format!("--listen={address}")).spawn().map_err(failed)?;
    Ok(exit::DONE)
}

fn again(context: &Context<'_>, known: &[String], run: &Run) -> Command {
    let mut command = Command::new(&context.config.program);
    command.arg("--dir").arg(context.dir()).arg("run");
    if context.common.json {
        command.arg("--json");
    }
    command.arg(format!("--scrub-hours={}", run.scrub_hours));
    command.args(run.carrier.map(|address| format!("--carrier={address}")));
    command.args(known.iter().map(|hash| format!("--known-browser={hash}")));
    command
}
