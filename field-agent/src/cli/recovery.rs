//! A forgotten passphrase.

use super::passphrase::{obtain, obtain_line};
use super::{Context, exit, output};
use crate::app::AppError;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub struct Recover {
    /// Файл із дванадцятьма словами; інакше їх запитано / file with the twelve words; else they are asked for
    #[arg(long, value_name = "FILE")]
    words_file: Option<PathBuf>,
    /// Файл із новим паролем / file with the new passphrase
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
}

const WORDS: &str = "Дванадцять слів центру / the centre's twelve words: ";
const NEW: &str = "Новий пароль (15 знаків або 5 слів) / new passphrase (15 characters or 5 words): ";

pub fn recover(context: &Context<'_>, command: &Recover) -> Result<u8, AppError> {
    let dir = context.dir();
    let logins = crate::app::logins(&dir)?;
    let login = match (context.common.login.as_deref(), logins.as_slice()) {
        (Some(login), _) => login.to_owned(),
        (None, [only]) => only.clone(),
        (None, _) => return Err(AppError::WhichOfficer { logins: logins.join(", ") }),
    };
    let words = match &command.words_file {
        Some(path) => {
            std::fs::read_to_string(path).map_err(|error| AppError::File { path: path.display().to_string(), error })?
        }
        None => obtain_line(WORDS)?,
    };
    let new = obtain(command.new_passphrase_file.as_deref(), NEW)?;
    let agent = crate::app::recover(&dir, &words, &login, &new, &context.surroundings())?;
    if context.common.json {
        output::json(&serde_json::json!({ "login": agent.officer(), "recovered": true }));
    } else {
        output::say(
            "Пароль задано, слова використано: нові з’являться в центрі після обміну / the passphrase is set, the words are spent: the centre has new ones after an exchange",
        );
    }
    Ok(exit::DONE)
}
