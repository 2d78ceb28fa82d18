//! The exchange on a stick.

use super::output::{moment, say};
use super::{Context, exit, output};
use crate::app::{AppError, StickRead, StickWritten};
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum Carry {
    /// Записати на флешку все, чого ще немає в центрі / write what the centre lacks onto a stick
    Out {
        /// Папка флешки / the stick's folder
        #[arg(long, value_name = "FOLDER")]
        to: PathBuf,
    },
    /// Прочитати з флешки відповіді центру / read the centre's answers from a stick
    In {
        /// Папка флешки / the stick's folder
        #[arg(long, value_name = "FOLDER")]
        from: PathBuf,
    },
    /// Що чекає, які флешки вставлено, що на флешці / what waits, which sticks are in, what a stick holds
    List {
        /// Папка флешки / the stick's folder
        #[arg(long, value_name = "FOLDER")]
        at: Option<PathBuf>,
    },
}

pub fn carry(context: &Context<'_>, command: &Carry) -> Result<u8, AppError> {
    let agent = context.open()?;
    match command {
        Carry::Out { to } => {
            let written = agent.carry_out(to)?;
            if context.common.json {
                output::json(&written);
            } else {
                tell_written(&written);
            }
            Ok(exit::DONE)
        }
        Carry::In { from } => {
            let read = agent.carry_in(from)?;
            if context.common.json {
                output::json(&read);
            } else {
                tell_read(&read);
                say("Флешку можна виймати / the stick may be taken out");
            }
            Ok(if read.refusals.is_empty() { exit::DONE } else { exit::REFUSED })
        }
        Carry::List { at: Some(folder) } => {
            let seen = agent.stick_seen(folder)?;
            if context.common.json {
                output::json(&seen);
                return Ok(exit::DONE);
            }
            say(&format!(
                "На флешці файлів {}, недописаних {}; листів цієї валізи без відповіді {}, нових відповідей їй {} / files, unfinished ones, own letters without an answer, new answers",
                seen.files, seen.broken, seen.waiting, seen.answers
            ));
            Ok(exit::DONE)
        }
        Carry::List { at: None } => {
            let plan = agent.stick_plan()?;
            if context.common.json {
                output::json(&plan);
                return Ok(exit::DONE);
            }
            say(&format!("Чекають на відправлення / waiting to be sent: {} ({} Б / B)", plan.entries, plan.bytes));
            if let Some(since) = plan.since {
                let since = moment(since);
                say(&format!(
                    "Листів на флешках без відповіді {}, найдавніший {since} / letters on sticks without an answer",
                    plan.unanswered
                ));
            }
            if plan.plugged.is_empty() {
                say("Вставлених флешок не видно: укажіть папку самі / no stick is seen: name its folder yourself");
            }
            for stick in &plan.plugged {
                let free = stick.free.map(|free| format!(" ({free} Б вільно / B free)")).unwrap_or_default();
                say(&format!("{}{free}", stick.folder.display()));
            }
            Ok(exit::DONE)
        }
    }
}

fn tell_written(written: &StickWritten) {
    let StickWritten { letters, kept, entries, files, bytes, read, .. } = written;
    if read.answers > 0 {
        tell_read(read);
    }
    say(&format!(
        "Листів записано {letters}, уже було {kept}; записів ланцюга в них {entries}; файлів {files}, {bytes} Б / letters written, there before, entries in them, files, bytes"
    ));
    say("Записано, перевірено — флешку можна виймати / written, read back: the stick may be taken out");
}

fn tell_read(read: &StickRead) {
    let StickRead { answers, known, received, taken, .. } = read;
    say(&format!(
        "Відповідей узято {answers}, узятих раніше {known}; записів отримано {received}, прийнято {taken} / answers taken, known before, entries received, taken"
    ));
    read.remarks.iter().for_each(|remark| say(remark));
    for refusal in &read.refusals {
        say(&format!("Центр не взяв / not taken: {refusal}"));
    }
}
