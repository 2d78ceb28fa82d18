//! Making, running and restoring a centre.

use super::{Common, apart, backups, passphrase, print};
use crate::app::{self, HubRequest, Kit, NewTown, Plan};
use crate::config::{self, Config};
use clap::Args;
use desk::app::{DeskError, ErrorKind, SCRUB_EVERY};
use serde_json::json;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What `init` takes.
#[derive(Args)]
pub struct Init {
    /// Назва громади: «Глобинська громада» / the community's name
    #[arg(long, alias = "name", value_name = "TEXT")]
    community: String,
    /// Ваше прізвище й ім’я: ви перший адміністратор / your name: you are the first administrator
    #[arg(long, value_name = "TEXT")]
    your_name: Option<String>,
    /// Телефон чи адреса для мешканців / telephone or address for residents
    #[arg(long, default_value = "")]
    contact: String,
    /// Адреса вузла обміну для валіз / the hub's address for suitcases
    #[arg(long, default_value = "https://127.0.0.1:8443")]
    hub: String,
    /// Де вузол обміну слухає / where the hub listens
    #[arg(long, default_value = "127.0.0.1:8443")]
    listen: String,
    /// Ще одна назва вузла обміну / one more name of the hub
    #[arg(long = "hub-name")]
    hub_names: Vec<String>,
    /// Запит вузла обміну на іншій машині (hub-prepare) / request of a hub on another machine (hub-prepare)
    #[arg(long, value_name = "FILE", requires = "hub_answer", conflicts_with_all = ["hub", "listen", "hub_names"])]
    hub_request: Option<PathBuf>,
    /// Куди записати відповідь для нього (hub-accept) / where to write the answer for it (hub-accept)
    #[arg(long, value_name = "FILE", requires = "hub_request")]
    hub_answer: Option<PathBuf>,
    /// Куди записати 24 слова; інакше їх показано / where to write the 24 words; else they are shown
    #[arg(long, value_name = "FILE")]
    words_out: Option<PathBuf>,
}

const WARNING: &str = "\
# Комплект відновлення громади: 24 слова. Вони ніде не зберігаються: перепишіть їх на папір і покладіть у сейф.
# Хто має ці слова, той має центр. Без них утрачений центр не відновити.
# The community's recovery kit: 24 words, kept nowhere. Write them on paper and put it into a safe.
# Whoever has these words has the centre. Without them a lost centre cannot be restored.";

pub fn init(config: &Config, common: &Common, init: &Init) -> Result<(), DeskError> {
    let passphrase = passphrase::obtain(common.passphrase_file.as_deref(), "Новий пароль / new passphrase")?;
    let hub_request = match &init.hub_request {
        Some(file) => Some(HubRequest::from_text(&app::read_file(file)?)?),
        None => None,
    };
    let digits = hub_request.as_ref().map(apart::digits);
    let person = match &init.your_name {
        Some(name) => name.clone(),
        None if common.json => String::new(),
        None => passphrase::ask("Ваше прізвище й ім’я / your name")?,
    };
    let new = NewTown {
        hub_request,
        dir: common.dir(),
        name: &init.community,
        person: &person,
        contact: &init.contact,
        hub: &init.hub,
        listen: &init.listen,
        more_names: &init.hub_names,
        login: common.login.as_deref().unwrap_or("admin"),
        passphrase: &passphrase,
    };
    for path in init.words_out.iter().chain(&init.hub_answer) {
        app::must_be_free(path)?;
    }
    let founded = app::init(&new, config.tools(common.fast_kdf))?;
    let numbered = founded.words.iter().enumerate().map(|(at, word)| format!("{:>2}. {word}", at + 1));
    let kit = format!("{WARNING}\n{}\n", numbered.collect::<Vec<_>>().join("\n"));
    match &init.words_out {
        Some(path) => app::keep_secret_file(path, &kit)?,
        None if !common.json => print::line(&kit),
        None => {}
    }
    if let (Some(path), Some(answer)) = (&init.hub_answer, &founded.hub_answer) {
        app::keep_secret_file(path, &answer.to_text())?;
    }
    if common.json {
        let words = if init.words_out.is_some() { json!(null) } else { json!(founded.words) };
        print::line(&json!({ "tenant": founded.tenant, "words": words }).to_string());
    } else {
        digits.iter().for_each(|digits| print::line(digits));
        print::line(&format!("Центр створено / the centre is made: {}", common.dir().display()));
        print::line(&next_steps(common, init.words_out.as_deref()));
    }
    Ok(())
}

/// What is to be done after `init`.
fn next_steps(common: &Common, words: Option<&Path>) -> String {
    let login = common.login.as_deref().unwrap_or("admin");
    let kit = words.map(|file| {
        let file = file.display();
        format!(
            "Перепишіть 24 слова з {file} на папір, покладіть у сейф і видаліть файл / write the 24 words on paper, then delete the file\n"
        )
    });
    format!(
        "{}Ім’я входу / login: {login}. Далі: sync-server run, а тоді details (реквізити для друку) і invite / next: run, then details and invite",
        kit.unwrap_or_default()
    )
}

const WEEK_HOURS: u64 = SCRUB_EVERY.as_secs() / 3600;

/// What `run` and `desk` take.
#[derive(Args)]
pub struct Run {
    /// Де відкрити сторінки / where the pages are
    #[arg(long, default_value = "127.0.0.1:8444")]
    desk_listen: String,
    /// Назва, під якою відкривають сторінки / a name under which the pages are opened
    #[arg(long = "desk-name")]
    desk_names: Vec<String>,
    /// Перед сторінками стоїть проксі з TLS / a proxy in front of the pages speaks TLS
    #[arg(long)]
    behind_tls: bool,
    /// Куди складати резервні копії, розпочаті на сторінці / where backups go that are started on the page
    #[arg(long)]
    backups: Option<PathBuf>,
    /// Переглядати збережене на робочому місці щонайчастіше раз на стільки годин / look through everything that the desk keeps at most every so many hours
    #[arg(long, default_value_t = WEEK_HOURS, value_name = "HOURS")]
    desk_scrub_hours: u64,
}

pub fn run(config: &Config, common: &Common, run: Run, with_hub: bool) -> Result<(), DeskError> {
    config::log();
    let unseal = match common.passphrase_file.as_deref().map(|file| passphrase::obtain(Some(file), "")) {
        Some(Ok(passphrase)) => Some((common.login.clone(), passphrase)),
        // As a wrong one would, it leaves the desk sealed and the hub at work.
        Some(Err(fault)) if with_hub => {
            tracing::error!(%fault, "the desk stays sealed");
            None
        }
        Some(Err(fault)) => return Err(fault),
        None => None,
    };
    let plan = Plan {
        dir: common.dir(),
        with_hub,
        desk_listen: &run.desk_listen,
        desk_names: run.desk_names,
        behind_tls: run.behind_tls,
        backups: run.backups.as_deref(),
        scrub_every: Duration::from_secs(run.desk_scrub_hours.saturating_mul(3600)),
        unseal,
        fast: common.fast_kdf,
    };
    let json = common.json;
    block_on(app::run(config, plan, |address, sealed| {
        if json {
            print::line(&json!({ "desk": format!("http://{address}/"), "sealed": sealed }).to_string());
            return;
        }
        print::line(&format!(
            "Центр працює, відкрийте у браузері / the centre runs, open in a browser: http://{address}/"
        ));
        if sealed {
            print::line(
                "Центр опечатано: введіть пароль на сторінці або командою unseal / sealed: enter the passphrase on the page or with unseal",
            );
        }
    }))?
}

/// What `hub` takes.
#[derive(Args)]
pub struct Hub {
    /// Завершитися, коли закриється стандартний ввід / end when standard input closes
    #[arg(long, hide = true)]
    tied: bool,
    /// Переглядати все збережене щонайчастіше раз на стільки годин / look through everything that is kept at most every so many hours
    #[arg(long, default_value_t = 24)]
    scrub_hours: u64,
}

pub fn hub(common: &Common, hub: &Hub) -> Result<(), DeskError> {
    config::log();
    let (tied, json) = (hub.tied, common.json);
    let scrub = Duration::from_secs(hub.scrub_hours.saturating_mul(3600));
    let ready = |listen: &str| match (tied, json) {
        // Beside a desk the desk speaks.
        (true, _) => {}
        (false, true) => print::line(&json!({ "hub": listen }).to_string()),
        (false, false) => print::line(&format!("Вузол обміну працює / the hub runs: {listen}")),
    };
    block_on(async {
        let ending = app::signal();
        let shutdown = async move {
            tokio::select! {
                () = ending => {}
                () = input_closes(), if tied => {}
            }
        };
        app::run_hub(common.dir(), scrub, ready, shutdown).await
    })?
}

/// What `repair` takes.
#[derive(Args)]
pub struct Repair {
    /// Лише сказати, що пошкоджено і що буде зроблено / only say what is damaged and what would be done
    #[arg(long)]
    list: bool,
}

pub fn repair(config: &Config, common: &Common, repair: &Repair) -> Result<(), DeskError> {
    config::log();
    let passphrase = passphrase::obtain(common.passphrase_file.as_deref(), "Пароль / passphrase")?;
    let tools = config.tools(common.fast_kdf);
    let mended = app::repair(common.dir(), common.login.as_deref(), &passphrase, &tools, repair.list)?;
    if common.json {
        let told = json!({
            "damaged": !mended.faults.is_empty(), "faults": mended.faults, "aside": mended.aside,
            "entries": mended.entries, "wanted": mended.wanted, "lost": mended.lost, "lines": mended.lines(),
        });
        print::line(&told.to_string());
    } else {
        mended.lines().iter().for_each(|line| print::line(line));
    }
    if repair.list && !mended.faults.is_empty() {
        return Err(DeskError::new(
            ErrorKind::Damaged,
            "базу даних пошкоджено: виконайте repair без --list".to_owned(),
            "the database is damaged: run repair without --list".to_owned(),
        ));
    }
    Ok(())
}

/// On a thread of its own: a read that waits for ever must not keep the program from ending.
async fn input_closes() {
    let (closed, wait) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        let _ = closed.send(());
    });
    let _ = wait.await;
}

/// What `restore` takes.
#[derive(Args)]
pub struct Restore {
    /// Файл із 24 словами; інакше їх запитано / file with the 24 words; else they are asked for
    #[arg(long, value_name = "FILE")]
    words_file: Option<PathBuf>,
    /// Ваше прізвище й ім’я; інакше те, що вже було під цим ім’ям входу / your name; else the one that this login had
    #[arg(long, value_name = "TEXT", conflicts_with = "from")]
    your_name: Option<String>,
    /// Адреса вузла обміну / the hub's address
    #[arg(long, required_unless_present = "from")]
    hub: Option<String>,
    /// Резервна копія / a backup
    #[arg(long, value_name = "BACKUP", conflicts_with_all = ["words_file", "hub"])]
    from: Option<PathBuf>,
    /// Лише одна половина копії: hub або desk / one half of the backup only: hub or desk
    #[arg(long, requires = "from", value_parser = ["hub", "desk"])]
    half: Option<String>,
}

pub fn restore(config: &Config, common: &Common, restore: &Restore) -> Result<(), DeskError> {
    config::log();
    if let Some(from) = &restore.from {
        return backups::restore(common, from, restore.half.as_deref());
    }
    let words = match &restore.words_file {
        Some(file) => passphrase::read(file)?,
        None => passphrase::obtain(None, "24 слова / 24 words")?,
    };
    let passphrase = passphrase::obtain(common.passphrase_file.as_deref(), "Новий пароль / new passphrase")?;
    let kit = Kit {
        dir: common.dir(),
        words: &words,
        hub: restore.hub.as_deref().unwrap_or_default(),
        login: common.login.as_deref().unwrap_or("admin"),
        name: restore.your_name.as_deref().unwrap_or_default().trim(),
        passphrase: &passphrase,
    };
    let restored = block_on(app::restore_desk(&kit, config.tools(common.fast_kdf)))??;
    let told = json!({
        "records": restored.records,
        "suitcases": restored.suitcases,
        "accounts": restored.accounts,
        "predecessors": restored.predecessors,
        "set_aside": restored.set_aside,
    });
    if common.json {
        print::line(&told.to_string());
    } else {
        print::line("Центр відновлено / the centre is restored");
        print::answer(&told);
    }
    Ok(())
}

pub fn decoder() -> Result<(), DeskError> {
    app::decode();
    Ok(())
}

pub fn block_on<T>(work: impl Future<Output = T>) -> Result<T, DeskError> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work))
}
