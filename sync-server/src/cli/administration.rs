//! What administrators ask on the command line.

use super::passphrase;
use clap::Subcommand;
use desk::app::DeskError;
use desk::control::{Administration as Ask, Command};
use std::path::{Path, PathBuf};

/// What can be asked.
#[derive(Subcommand)]
pub enum Administration {
    /// Ноутбуки, що чекають на порівняння шести слів / laptops whose six words wait to be compared
    Words {
        /// Що показало порівняння / what the comparison showed
        #[command(subcommand)]
        outcome: Option<Outcome>,
    },
    /// Ноутбуки, відновлені з копії або подвоєні, що чекають на рішення / laptops that were put back from a copy, or doubled, and wait for a decision
    Rebirths {
        /// Рішення / the decision
        #[command(subcommand)]
        outcome: Option<Decision>,
    },
    /// Стирання даних осіб: перелік або дія / erasing people's data: the list, or what is to be done
    Erasures {
        /// Дія / what is to be done
        #[command(subcommand)]
        step: Option<Erasing>,
    },
    /// Скасувати запрошення / take an invitation back
    InvitationWithdraw {
        /// Ідентифікатор із переліку запрошень / id from the list of invitations
        id: String,
    },
    /// Де валіза / where a suitcase is
    Place {
        /// Номер валізи / the suitcase's number
        #[arg(long)]
        number: u16,
        /// Місце / the place
        place: String,
    },
    /// Звіт про втрату валізи / the report on a lost suitcase
    Lost {
        /// Номер валізи / the suitcase's number
        #[arg(long)]
        number: u16,
        /// Записати, що сталося / note what happened
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Дванадцять слів, що один раз відкриють валізу / the twelve words that open a suitcase once
    ReadOut {
        /// Номер валізи / the suitcase's number
        #[arg(long)]
        number: u16,
        /// Кому диктуєте і як переконалися / to whom you read them and how you made sure
        #[arg(long)]
        to: String,
    },
    /// Увімкнути вимкнений обліковий запис / enable a disabled account
    AccountEnable {
        /// Ім’я входу / login
        account: String,
        /// Файл із новим паролем / file with the new passphrase
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// Зробити адміністратором або працівником / make somebody an administrator or a clerk
    AccountRank {
        /// Ім’я входу / login
        account: String,
        /// clerk або administrator / clerk or administrator
        #[arg(long)]
        role: String,
        /// Файл із новим паролем адміністратора / file with the administrator's new passphrase
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// Скинути код із застосунку / reset a code from an application
    AccountCode {
        /// Ім’я входу / login
        account: String,
    },
    /// Вправа з комплектом: чи 24 слова відновлять центр / the drill: whether the 24 words bring the centre back
    KitCheck {
        /// Файл із 24 словами; інакше їх запитано / file with the 24 words; else they are asked for
        #[arg(long, value_name = "FILE")]
        words_file: Option<PathBuf>,
    },
    /// Нові ключі центру: після загрози або за планом / new keys of the centre: after a scare, or on schedule
    RotateKeys {
        #[command(subcommand)]
        step: Rotating,
    },
    /// Найнижчі протокол і набір шифрів, з якими громада ще працює: переглянути або вимагати / the lowest protocol and suite that the community still speaks: look, or require
    RequireVersion {
        /// Найнижчий протокол / lowest protocol
        #[arg(long, value_name = "N")]
        protocol: Option<u16>,
        /// Найнижчий набір шифрів / lowest suite that is sealed with
        #[arg(long, value_name = "N")]
        suite: Option<u8>,
    },
    /// Захист: що вимагається, коли була вправа / protection: what is required, when the last drill was
    Protection {
        /// Порівнювати шість слів завжди / always compare six words
        #[arg(long)]
        compare: Option<bool>,
        /// Адміністратори входять з кодом / administrators sign in with a code
        #[arg(long)]
        code: Option<bool>,
        /// Днів між вправами / days between drills
        #[arg(long)]
        drill_days: Option<u16>,
        /// Днів між підтвердженням стирання і його дією; 0 — лише за рішенням суду / days between confirming an erasure and its effect; 0 only by order of a court
        #[arg(long)]
        erasure_days: Option<u16>,
        /// Скільки днів валізи тримають завершене / days for which suitcases hold what is closed
        #[arg(long)]
        keep_days: Option<u16>,
    },
}

/// A step of a rotation.
#[derive(Subcommand)]
pub enum Rotating {
    /// Узяти нові ключі, з комплектом у руках / take new keys, with the kit at hand
    Begin {
        /// Файл із 24 словами; інакше їх запитано / file with the 24 words; else they are asked for
        #[arg(long, value_name = "FILE")]
        words_file: Option<PathBuf>,
    },
    /// На чому стоїть і на кого чекає / where it stands and for whom it waits
    Status,
    /// Знищити старі ключі / destroy the old keys
    Finish {
        /// Не чекати на ці валізи / do not wait for these suitcases
        #[arg(long, value_delimiter = ',', value_name = "NUMBER")]
        without: Vec<u16>,
    },
}

/// A step of erasing a person's data.
#[derive(Subcommand)]
pub enum Erasing {
    /// Що буде стерто разом з особою і що заважає / what would go with the person, and what is in the way
    Plan {
        /// Номер звернення або ідентифікатор запису / number of a request, or id of a record
        about: String,
    },
    /// Запропонувати стерти / propose to erase
    Propose {
        /// Номер звернення або ідентифікатор запису / number of a request, or id of a record
        about: String,
        /// Підстава, без імен / the grounds; name nobody
        #[arg(long)]
        reason: String,
        /// Стерти й незакриті звернення: чому / open requests go, too: why
        #[arg(long, value_name = "TEXT", default_value = "")]
        open_too: String,
        /// Лише ці записи з переліку plan / only these records of the plan
        #[arg(long = "record", value_name = "ID")]
        records: Vec<String>,
        /// Файл із паролем того, хто пропонує / file with the passphrase of who proposes
        #[arg(long, value_name = "FILE")]
        own_passphrase_file: Option<PathBuf>,
    },
    /// Підтвердити: другий адміністратор (--login) зі своїм паролем / confirm: a second administrator (--login) with an own passphrase
    Confirm {
        /// Пропозиція з переліку / proposal from the list
        id: String,
        /// Файл із паролем того, хто підтверджує / file with the passphrase of who confirms
        #[arg(long, value_name = "FILE")]
        own_passphrase_file: Option<PathBuf>,
    },
    /// Відхилити, поки не набуло чинності / decline, until it takes effect
    Decline {
        /// Пропозиція з переліку / proposal from the list
        id: String,
        /// Чому / why
        #[arg(long)]
        reason: String,
    },
    /// Перелік / the list
    List,
}

/// What a comparison showed.
#[derive(Subcommand)]
pub enum Outcome {
    /// Слова однакові / the words are the same
    Same {
        /// Ланцюг із переліку / chain from the list
        chain: String,
        /// Шість слів із переліку, які ви порівняли / the six words of the list that you compared
        #[arg(num_args = 1.., required = true)]
        words: Vec<String>,
    },
    /// Слова різні: відмовити / the words differ: refuse
    Differ {
        /// Ланцюг із переліку / chain from the list
        chain: String,
        /// Шість слів із переліку, які ви порівняли / the six words of the list that you compared
        #[arg(num_args = 1.., required = true)]
        words: Vec<String>,
    },
}

/// Whether a laptop goes on for its suitcase.
#[derive(Subcommand)]
pub enum Decision {
    /// Це той самий ноутбук: робота йде далі під його номером / the same laptop: it goes on under its number
    Confirm {
        /// Ланцюг із переліку / chain from the list
        chain: String,
    },
    /// Не визнати: надіслане відкладено / not acknowledged: what it sent is set aside
    Decline {
        /// Ланцюг із переліку / chain from the list
        chain: String,
        /// Чому / why
        #[arg(long)]
        reason: String,
    },
}

/// The question to the desk.
pub fn command_of(asked: Administration) -> Result<Command, DeskError> {
    let ask = match asked {
        Administration::Words { outcome: None } => Ask::Words {},
        Administration::Words { outcome: Some(Outcome::Same { chain, words }) } => {
            Ask::WordsSame { chain, words: words.join(" ") }
        }
        Administration::Words { outcome: Some(Outcome::Differ { chain, words }) } => {
            Ask::WordsDiffer { chain, words: words.join(" ") }
        }
        Administration::Rebirths { outcome: None } => Ask::Rebirths {},
        Administration::Rebirths { outcome: Some(Decision::Confirm { chain }) } => Ask::RebirthConfirm { chain },
        Administration::Rebirths { outcome: Some(Decision::Decline { chain, reason }) } => {
            Ask::RebirthDecline { chain, reason }
        }
        Administration::Erasures { step } => erasing(step.unwrap_or(Erasing::List))?,
        Administration::InvitationWithdraw { id } => Ask::InvitationWithdraw { id },
        Administration::Place { number, place } => Ask::Place { number, place },
        Administration::Lost { number, note: None } => Ask::Lost { number },
        Administration::Lost { number, note: Some(text) } => Ask::LostNote { number, text },
        Administration::ReadOut { number, to } => Ask::ReadOut { number, to },
        Administration::AccountEnable { account, new_passphrase_file } => {
            let passphrase = passphrase::obtain(new_passphrase_file.as_deref(), "Новий пароль / new passphrase")?;
            Ask::AccountEnable { account, passphrase }
        }
        Administration::AccountRank { account, role, new_passphrase_file } => {
            // Who becomes a clerk keeps the passphrase.
            let asks = role == "administrator";
            let obtain = || passphrase::obtain(new_passphrase_file.as_deref(), "Новий пароль / new passphrase");
            Ask::AccountRank { account, role, passphrase: asks.then(obtain).transpose()? }
        }
        Administration::AccountCode { account } => Ask::AccountCode { account },
        Administration::KitCheck { words_file } => Ask::Kit { words: words_of(words_file.as_deref())? },
        Administration::RotateKeys { step: Rotating::Begin { words_file } } => {
            Ask::RotateBegin { words: words_of(words_file.as_deref())? }
        }
        Administration::RotateKeys { step: Rotating::Status } => Ask::Rotation {},
        Administration::RotateKeys { step: Rotating::Finish { without } } => Ask::RotateFinish { without },
        Administration::RequireVersion { protocol: None, suite: None } => Ask::Minimum {},
        Administration::RequireVersion { protocol, suite } => Ask::Require { protocol, suite },
        Administration::Protection {
            compare: None,
            code: None,
            drill_days: None,
            erasure_days: None,
            keep_days: None,
        } => Ask::Protection {},
        Administration::Protection { compare, code, drill_days, erasure_days, keep_days } => {
            Ask::Set { compare, code, drill_days, erasure_days, keep_days }
        }
    };
    Ok(Command::Administration { ask })
}

/// A login alone proves nothing about who types: whoever proposes or confirms gives a passphrase.
fn erasing(step: Erasing) -> Result<Ask, DeskError> {
    let own = |file: Option<PathBuf>| passphrase::obtain(file.as_deref(), "Ваш пароль / your passphrase");
    Ok(match step {
        Erasing::List => Ask::Erasures {},
        Erasing::Plan { about } => Ask::ErasurePlan { about },
        Erasing::Propose { about, reason, open_too, records, own_passphrase_file } => {
            let passphrase = own(own_passphrase_file)?;
            Ask::ErasurePropose { about, records, reason, open: open_too, passphrase }
        }
        Erasing::Confirm { id, own_passphrase_file } => {
            Ask::ErasureConfirm { id, passphrase: own(own_passphrase_file)? }
        }
        Erasing::Decline { id, reason } => Ask::ErasureDecline { id, reason },
    })
}

/// The kit's words, from a file or asked for.
pub fn words_of(file: Option<&Path>) -> Result<String, DeskError> {
    match file {
        Some(file) => Ok(kit_words(&passphrase::read(file)?)),
        None => passphrase::obtain(None, "24 слова / 24 words"),
    }
}

/// The words of a file as `init --words-out` writes it: lines that begin with «#» are explanations.
fn kit_words(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join(" ")
}
