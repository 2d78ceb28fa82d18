//! The command line of the suitcase. Each command asks `app` and prints what it says.

mod consultations;
mod contact;
mod exit;
mod officers;
mod output;
mod passphrase;
mod people;
mod recovery;
mod releases;
mod request_lines;
mod requests;
mod room;
mod run;
mod setup;
mod shift;
mod sticks;
mod upkeep;

use crate::app::{Agent, AppError, Surroundings, open};
use crate::config::Config;
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Валіза: звернення на виїзді без мережі / Valiza: requests in the field without a network
///
/// Коди завершення / exit codes:
///   0  виконано / done
///   1  відмовлено, хибні дані / refused, invalid input
///   2  хибний виклик / usage
///   3  немає зв’язку / no connection
///   4  дані пошкоджено / damaged data
///   5  папка зайнята / the folder is in use
///   6  замкнено, хибний пароль / locked, wrong passphrase
///   7  не вдалося замкнути / it could not be locked
#[derive(Parser)]
#[command(name = "field-agent", version, verbatim_doc_comment)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Args)]
struct Common {
    /// Папка валізи; інакше $VALIZA_DIR або папка користувача / the suitcase's folder; else $VALIZA_DIR or the user's data folder
    #[arg(long, global = true)]
    dir: Option<PathBuf>,
    /// Ім’я входу; не треба, якщо працівник один / login; not needed if there is one officer
    #[arg(long, global = true)]
    login: Option<String>,
    /// Файл, у першому рядку якого пароль; інакше його запитано / file with the passphrase in its first line; else it is asked for
    #[arg(long, global = true, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Вивід для програм / output for programs
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Під’єднати ноутбук до центру / make this laptop a suitcase of the centre
    Enrol(setup::Enrol),
    /// Відкрити сторінки валізи / serve the officer's pages
    #[command(visible_alias = "serve")]
    Run(run::Run),
    /// Замкнути валізу, яку показує програма / lock the suitcase that the running program serves
    Lock(run::Lock),
    /// Перевірити пароль і стан / check the passphrase, tell how things stand
    Unlock,
    /// Працівники валізи / the suitcase's officers
    #[command(subcommand)]
    Officer(officers::Officer),
    /// Пароль / the passphrase
    #[command(subcommand)]
    Passphrase(officers::PassphraseCommand),
    /// Забутий пароль: дванадцять слів із центру / a forgotten passphrase: twelve words from the centre
    PassphraseRecover(recovery::Recover),
    /// Реквізити центру для друку й згоди / the centre's details for papers and consent
    Settings(setup::SettingsCommand),
    /// Знайти послугу / look a service up
    Services(requests::Services),
    /// Знайти мешканця / look a resident up
    Residents(people::Residents),
    /// Два записи — одна людина, або ні / two records are one person, or are not
    SamePerson(people::SamePerson),
    /// Чому обслуговують удома: категорії і підтвердження / why somebody is served at home
    Categories(people::Categories),
    /// Підсумок відвідування / how a visit ended
    EndVisit(people::EndVisit),
    /// Випуски каталогу послуг / releases of the catalogue of services
    #[command(subcommand)]
    Catalogue(releases::CatalogueCommand),
    /// Внести звернення з JSON / record requests from JSON
    Record(requests::Record),
    /// Перелік звернень / list requests
    List(requests::List),
    /// Показати звернення / show a request
    Show(requests::Show),
    /// Виправити поля / correct fields
    Correct(requests::Correct),
    /// Заявник відкликає звернення / the applicant withdraws
    Withdraw(requests::Withdraw),
    /// Додати нотатку / add a note
    Note(requests::Note),
    /// Донесено те, чого бракувало / what the centre asked for has come
    Supplement(requests::Supplement),
    /// Результат видано заявникові / the result was handed over
    Deliver(requests::Deliver),
    /// Скасувати свою останню дію, до десяти хвилин / take your last step back, within ten minutes
    Undo(requests::Undo),
    /// Консультації / consultations
    #[command(subcommand)]
    Consultation(consultations::Consultation),
    /// Обрати з різних значень / choose among differing values
    Resolve(requests::Resolve),
    /// Записати опис чи інші папери у файл HTML або PDF / write the опис or other papers as HTML or PDF
    Receipt(requests::Receipt),
    /// Файл доказів звернення: таємний, як саме звернення / the evidence file of a request: as confidential as the request
    Evidence(shift::Evidence),
    /// Перевірити код з опису / check the code on an опис
    CheckCode(requests::CheckCode),
    /// Обмінятися з центром / exchange with the centre
    Sync(contact::Sync),
    /// Обмін через флешку / exchange on a stick
    #[command(subcommand)]
    Carry(sticks::Carry),
    /// Де що і чого чекає / what is where, what waits
    Status,
    /// Кінець зміни: підписаний акт, що на валізі нічого не залишилося / the signed word that nothing is left here
    EndShift(shift::EndShift),
    /// Анулювати номер опису, за яким нічого не записано; без номера — перелік / a number that was not used; without one, the list
    VoidNumber(shift::VoidNumber),
    /// Звільнити валізу від завершеного, що вже є в центрі / let go of what is closed and at the centre
    Forget(room::Forget),
    /// Записати звернення у файли / write requests to files
    Export(upkeep::Export),
    /// Перевірити все збережене / check everything stored
    Verify,
    /// Створити переліки наново з ланцюгів / make the lists again from the chains
    Rebuild,
    /// Полагодити пошкоджену базу даних / mend a damaged database
    Repair(upkeep::Repair),
    /// Процес без ключів, що розбирає чужі зміни / the keyless process that decodes foreign changes
    #[command(hide = true)]
    Decoder,
    /// Процес без ключів, що верстає PDF / the keyless process that sets PDF
    #[command(hide = true)]
    RenderPdf,
}

/// Parses the arguments, does what they say, and gives back the exit code.
pub fn run(config: &Config, arguments: &[OsString]) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing is to be done if even that cannot be printed.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { exit::USAGE } else { exit::DONE });
        }
    };
    match execute(config, &cli) {
        Ok(code) => ExitCode::from(code),
        Err(error) => exit::tell(&error, cli.common.json),
    }
}

/// What a command needs beside its own arguments.
struct Context<'a> {
    config: &'a Config,
    common: &'a Common,
}

impl Context<'_> {
    fn dir(&self) -> PathBuf {
        self.common.dir.clone().unwrap_or_else(|| self.config.dir.clone())
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings::of_this_computer(self.config.program.clone(), self.config.marks.clone())
    }

    fn passphrase(&self) -> Result<String, AppError> {
        passphrase::obtain(self.common.passphrase_file.as_deref(), "Пароль / passphrase: ")
    }

    /// Opens the suitcase.
    fn open(&self) -> Result<Agent, AppError> {
        let dir = self.dir();
        // An empty folder is said before a passphrase is asked for.
        crate::app::logins(&dir)?;
        open(&dir, self.common.login.as_deref(), &self.passphrase()?, &self.surroundings())
    }
}

fn execute(config: &Config, cli: &Cli) -> Result<u8, AppError> {
    let context = Context { config, common: &cli.common };
    match &cli.command {
        Command::Enrol(command) => setup::enrol(&context, command),
        Command::Run(command) => run::run(&context, command),
        Command::Lock(command) => run::lock(&context, command),
        Command::Unlock => setup::unlock(&context),
        Command::PassphraseRecover(command) => recovery::recover(&context, command),
        Command::Settings(command) => setup::settings(&context, command),
        Command::Officer(command) => officers::officer(&context, command),
        Command::Passphrase(command) => officers::passphrase(&context, command),
        Command::Services(command) => requests::services(&context, command),
        Command::Residents(command) => people::residents(&context, command),
        Command::SamePerson(command) => people::same_person(&context, command),
        Command::Categories(command) => people::categories(&context, command),
        Command::EndVisit(command) => people::end_visit(&context, command),
        Command::Catalogue(command) => releases::catalogue(&context, command),
        Command::Record(command) => requests::record(&context, command),
        Command::List(command) => requests::list(&context, command),
        Command::Show(command) => requests::show(&context, command),
        Command::Correct(command) => requests::correct(&context, command),
        Command::Withdraw(command) => requests::withdraw(&context, command),
        Command::Note(command) => requests::note(&context, command),
        Command::Supplement(command) => requests::supplement(&context, command),
        Command::Deliver(command) => requests::deliver(&context, command),
        Command::Undo(command) => requests::undo(&context, command),
        Command::Consultation(command) => consultations::consultation(&context, command),
        Command::Resolve(command) => requests::resolve(&context, command),
        Command::Receipt(command) => requests::receipt(&context, command),
        Command::Evidence(command) => shift::evidence(&context, command),
        Command::CheckCode(command) => requests::check_code(&context, command),
        Command::Sync(command) => contact::sync(&context, command),
        Command::Carry(command) => sticks::carry(&context, command),
        Command::Status => upkeep::status(&context),
        Command::EndShift(command) => shift::end_shift(&context, command),
        Command::VoidNumber(command) => shift::void_number(&context, command),
        Command::Forget(command) => room::forget(&context, command),
        Command::Export(command) => upkeep::export(&context, command),
        Command::Verify => upkeep::verify(&context),
        Command::Rebuild => upkeep::rebuild(&context),
        Command::Repair(command) => upkeep::repair(&context, command),
        Command::Decoder => upkeep::decoder(),
        Command::RenderPdf => {
            crate::app::render_pdf(std::io::stdin().lock(), std::io::stdout().lock())?;
            Ok(exit::DONE)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definitions_fit_together_and_speak_both_languages() {
        Cli::command().debug_assert();
        for command in Cli::command().get_subcommands() {
            let about = command.get_about().unwrap().to_string();
            assert!(about.contains(" / "), "{}: {about}", command.get_name());
            for argument in command.get_arguments().filter(|argument| !argument.is_global_set()) {
                let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
                let own = ["help", "version"].contains(&argument.get_id().as_str());
                assert!(own || help.contains(" / "), "{} {}: {help}", command.get_name(), argument.get_id());
            }
        }
    }
}
