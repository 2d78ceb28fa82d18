//! The command line of the centre. Commands ask the desk that runs over the folder; where none runs, they open it
//! themselves.

mod administration;
mod apart;
mod backups;
mod centre;
mod exit;
mod hub_keys;
mod labels;
mod passphrase;
mod print;
mod questions;
mod releases;
mod repair;

use crate::config::Config;
use clap::{Args, Parser, Subcommand};
use desk::app::DeskError;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Валіза, центр: приймає звернення з валіз, вирішує, посвідчує / Valiza, the centre: takes in, decides, certifies
#[derive(Parser)]
#[command(name = "sync-server", version, after_help = exit::HELP, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Args)]
struct Common {
    /// Папка центру; інакше $VALIZA_DIR або ./valiza / the centre's folder; else $VALIZA_DIR or ./valiza
    #[arg(long, global = true)]
    dir: Option<PathBuf>,
    /// Хто діє: ім’я входу; інакше той, хто відкрив центр / who acts: a login; else who unsealed the desk
    #[arg(long, global = true)]
    login: Option<String>,
    /// Файл, у першому рядку якого пароль; інакше його запитано / file with the passphrase in its first line; else it is asked for
    #[arg(long, global = true, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Вивід для програм / output for programs
    #[arg(long, global = true)]
    json: bool,
    /// Найдешевша перевірка пароля: для тестів і показу / the cheapest stretching: for tests and demonstrations
    #[arg(long, global = true, hide = true)]
    fast_kdf: bool,
}

impl Common {
    fn dir(&self) -> &Path {
        self.dir.as_deref().unwrap_or(Path::new("valiza"))
    }
}

#[derive(Subcommand)]
enum Command {
    /// Створити центр: корінь, вузол обміну, перше робоче місце / make a centre: root, hub, first desk
    Init(centre::Init),
    /// Запустити вузол обміну і робоче місце / run hub and desk
    Run(centre::Run),
    /// Запустити лише вузол обміну / run the hub alone
    Hub(centre::Hub),
    /// Запустити лише робоче місце / run the desk alone
    Desk(centre::Run),
    /// Перевірити все, що зберігає вузол обміну / check everything that the hub keeps
    HubVerify,
    /// Полагодити пошкоджений вузол обміну, поки він зупинений / repair a damaged hub while it is stopped
    HubRepair(repair::HubRepair),
    /// Полагодити пошкоджену базу даних робочого місця, коли воно не працює / mend the desk's damaged database, while it does not run
    Repair(centre::Repair),
    /// Підготувати вузол обміну на окремій машині / prepare a hub on a machine of its own
    HubPrepare(apart::HubPrepare),
    /// Прийняти відповідь центру на запит вузла обміну / take the centre's answer to the hub's request
    HubAccept(apart::HubAccept),
    /// Новий ключ вузла обміну: викрадено машину, ключ міг потрапити до чужих, вузол переїхав / a new key of the hub: its machine was stolen, its key may have leaked, it moved
    RotateHub {
        #[command(subcommand)]
        step: hub_keys::RotateHub,
    },
    /// Відновити: з 24 слів і вузла обміну, або з копії (--from) / restore: from words and hub, or from a backup (--from)
    Restore(centre::Restore),
    /// Резервна копія, поки все працює / a backup while everything runs
    Backup(backups::Backup),
    /// Чи все гаразд: диск, годинник, копії, зв’язок, сертифікати / is all well: disk, clock, backups, link, certificates
    Doctor,
    /// Розбирає чужі зміни окремо від ключів / decodes foreign changes away from the keys
    #[command(hide = true)]
    Decoder,
    /// Верстає PDF окремо від ключів / sets PDF away from the keys
    #[command(hide = true)]
    RenderPdf,
    /// Каталог послуг: випуски / the catalogue of services: releases
    #[command(subcommand)]
    Catalogue(releases::Catalogue),
    #[command(flatten)]
    Question(questions::Question),
}

/// Does what the command line says.
pub fn run(config: &Config, arguments: &[OsString]) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(usage) => {
            let _ = usage.print();
            return ExitCode::from(if usage.use_stderr() { 2 } else { 0 });
        }
    };
    let mut cli = cli;
    let json = cli.common.json;
    cli.common.dir = cli.common.dir.or_else(|| config.dir.clone());
    match dispatch(config, cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::tell(&error, json),
    }
}

fn dispatch(config: &Config, cli: Cli) -> Result<(), DeskError> {
    let common = cli.common;
    match cli.command {
        Command::Init(init) => centre::init(config, &common, &init),
        Command::Run(run) => centre::run(config, &common, run, true),
        Command::Desk(run) => centre::run(config, &common, run, false),
        Command::Hub(hub) => centre::hub(&common, &hub),
        Command::Restore(restore) => centre::restore(config, &common, &restore),
        Command::HubVerify => repair::hub_verify(&common),
        Command::HubRepair(what) => repair::hub_repair(&common, &what),
        Command::Repair(repair) => centre::repair(config, &common, &repair),
        Command::HubPrepare(new) => apart::prepare(&common, &new),
        Command::HubAccept(answer) => apart::accept(&common, &answer),
        Command::RotateHub { step } => hub_keys::rotate(config, &common, step),
        Command::Backup(backup) => backups::backup(config, &common, backup),
        Command::Doctor => backups::doctor(&common),
        Command::Decoder => centre::decoder(),
        Command::RenderPdf => crate::app::render_pdf(std::io::stdin().lock(), std::io::stdout().lock()),
        Command::Catalogue(what) => releases::catalogue(config, &common, what),
        Command::Question(question) => questions::ask(config, &common, question),
    }
}
