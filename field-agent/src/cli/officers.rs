//! Officers and passphrases.

use super::passphrase::obtain;
use super::{Context, exit, output};
use crate::app::AppError;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum Officer {
    /// Додати працівника / add an officer
    Add(Add),
    /// Прибрати працівника / remove an officer
    Remove {
        /// Ім’я входу / login
        who: String,
    },
    /// Перелік працівників / list the officers
    List,
    /// Змінити ім’я для друку / change the name on papers
    Name {
        /// Ім’я входу / login
        who: String,
        /// Прізвище, ім’я, по батькові / full name
        name: String,
    },
}

#[derive(Args)]
pub struct Add {
    /// Ім’я входу / login
    who: String,
    /// Прізвище, ім’я, по батькові / full name
    #[arg(long, default_value = "")]
    name: String,
    /// Файл із паролем нового працівника / file with the new officer's passphrase
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum PassphraseCommand {
    /// Змінити свій пароль / change your passphrase
    Change {
        /// Файл із новим паролем / file with the new passphrase
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
}

const NEW: &str = "Новий пароль (15 знаків або 5 слів) / new passphrase (15 characters or 5 words): ";

pub fn officer(context: &Context<'_>, command: &Officer) -> Result<u8, AppError> {
    let passphrase = context.passphrase()?;
    let agent =
        crate::app::open(&context.dir(), context.common.login.as_deref(), &passphrase, &context.surroundings())?;
    match command {
        Officer::Add(add) => {
            let new = obtain(add.new_passphrase_file.as_deref(), NEW)?;
            agent.add_officer(&passphrase, &add.who, &new, &add.name)?;
        }
        Officer::Remove { who } => agent.remove_officer(&passphrase, who)?,
        Officer::Name { who, name } => agent.set_officer_name(who, name)?,
        Officer::List => {}
    }
    let officers = agent.officers()?;
    if context.common.json {
        let all: Vec<_> =
            officers.iter().map(|(login, name)| serde_json::json!({ "login": login, "name": name })).collect();
        output::json(&all);
    } else {
        let rows: Vec<Vec<String>> = officers.into_iter().map(|(login, name)| vec![login, name]).collect();
        output::table(&["вхід / login", "ПІБ / name"], &rows);
    }
    Ok(exit::DONE)
}

pub fn passphrase(context: &Context<'_>, command: &PassphraseCommand) -> Result<u8, AppError> {
    let PassphraseCommand::Change { new_passphrase_file } = command;
    let old = context.passphrase()?;
    let agent = crate::app::open(&context.dir(), context.common.login.as_deref(), &old, &context.surroundings())?;
    let new = obtain(new_passphrase_file.as_deref(), NEW)?;
    agent.change_passphrase(&old, &new)?;
    output::say(
        "Пароль змінено; копії сховища відкриває і старий / changed; copies of the vault still open with the old one",
    );
    Ok(exit::DONE)
}
