//! Commands that are questions to a desk: the one that runs over the folder, or one opened for this.

use super::{Common, administration, passphrase, print};
use crate::app;
use crate::config::Config;
use clap::{Args, Subcommand};
use desk::app::{DeskError, Office};
use desk::control::{self, ANSWERS, Command, MarkText};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What can be asked.
#[derive(Subcommand)]
pub enum Question {
    /// Стан центру / how the centre is
    Status,
    /// Відкрити опечатаний центр / unseal the desk
    Unseal,
    /// Запросити ноутбук стати валізою / invite a laptop to become a suitcase
    Invite {
        /// Номер валізи / the suitcase's number
        #[arg(long)]
        number: u16,
        /// Скільки годин діє / for how many hours
        #[arg(long, default_value_t = 72)]
        hours: u32,
        /// Диктую або надсилаю: спершу порівняти шість слів / read aloud or sent: six words are compared first
        #[arg(long)]
        aloud: bool,
        /// Куди записати; інакше показано / where to write it; else it is shown
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Запрошення / invitations
    Invitations,
    /// Реквізити центру, які друкують усі валізи / the centre's details, printed by every suitcase
    Details(Details),
    /// Валізи / suitcases
    Suitcases,
    /// Відкликати валізу / revoke a suitcase
    Revoke {
        /// Номер валізи / the suitcase's number
        #[arg(long)]
        number: u16,
        /// Причина / why
        #[arg(long)]
        reason: String,
    },
    #[command(flatten)]
    Administration(administration::Administration),
    /// Облікові записи / accounts
    #[command(subcommand)]
    Account(Account),
    /// Черга звернень / the queue of requests
    Queue {
        /// Група: new, mine, hand_over_today, hand_over, in_work, asked, at_provider, decided, differences, duplicates, closed, all / a group
        #[arg(long)]
        group: Option<String>,
        /// Стан, наприклад in_work / a state
        #[arg(long)]
        state: Option<String>,
        /// Послуга / a service
        #[arg(long)]
        service: Option<String>,
        /// Номер валізи / a suitcase
        #[arg(long)]
        suitcase: Option<u16>,
        /// Слова для пошуку / words to find
        #[arg(long)]
        search: Option<String>,
        /// Порядок: due, newest, applicant, number, service, state, changed / an order
        #[arg(long)]
        order: Option<String>,
        /// Сторінка / page
        #[arg(long)]
        page: Option<usize>,
        /// Рядків на сторінці / rows of a page
        #[arg(long)]
        size: Option<usize>,
    },
    /// Одне звернення / one request
    Show {
        /// Номер на описі або в журналі / number on the опис or in the journal
        number: String,
    },
    /// Відповісти на звернення / answer a request
    Answer {
        /// Номер на описі або в журналі / number on the опис or in the journal
        number: String,
        /// Що зробити / what to do
        #[arg(value_parser = ANSWERS)]
        answer: String,
        /// Текст, надавач, номер / text, provider, number
        #[arg(long, visible_aliases = ["ground", "reason", "provider", "result"])]
        text: Option<String>,
        /// Для resolve: поле; settle: подія; notify: phone, sms, email, post, person; not-duplicate: інше звернення / for
        /// resolve the field, settle the event, notify the way, not-duplicate the other request
        #[arg(long)]
        key: Option<String>,
        /// Для resolve: котре зі значень: `mark` зі show --json / for resolve which of the values: its `mark` in show --json
        #[arg(long)]
        choice: Option<String>,
        #[command(flatten)]
        mark: Mark,
        /// Хоч звернення й взяв інший працівник / although another clerk has the request
        #[arg(long)]
        despite_claim: bool,
    },
    /// Взяти наступне вільне звернення / take the next request that nobody has
    Next {
        /// Група; інакше new / a group; else new
        #[arg(long)]
        group: Option<String>,
        /// Послуга / a service
        #[arg(long)]
        service: Option<String>,
        /// Номер валізи / a suitcase
        #[arg(long)]
        suitcase: Option<u16>,
    },
    /// Журнал реєстрації / the journal
    Journal {
        /// Зареєстровано з дня РРРР-ММ-ДД / registered from this day
        #[arg(long)]
        from: Option<String>,
        /// До дня включно / up to this day
        #[arg(long)]
        to: Option<String>,
        /// Послуга / a service
        #[arg(long)]
        service: Option<String>,
        /// Номер валізи / a suitcase
        #[arg(long)]
        suitcase: Option<u16>,
        /// Слова для пошуку / words to find
        #[arg(long)]
        search: Option<String>,
        /// Сторінка / page
        #[arg(long)]
        page: Option<usize>,
        /// Рядків на сторінці / lines of a page
        #[arg(long)]
        size: Option<usize>,
    },
    /// Відкриті дані про надані послуги, без людей / open data on services given, without people
    OpenData {
        /// Зареєстровано з дня РРРР-ММ-ДД / registered from this day
        #[arg(long)]
        from: Option<String>,
        /// До дня включно / up to this day
        #[arg(long)]
        to: Option<String>,
    },
    /// Хто що бачив і робив / who saw and did what
    Audit {
        /// Хто: ім’я входу / whose: a login
        #[arg(long)]
        by: Option<String>,
        /// seen — перегляди, done — дії / seen or done
        #[arg(long, value_parser = ["seen", "done"])]
        what: Option<String>,
        /// Про звернення з цим номером / about this request
        #[arg(long)]
        number: Option<String>,
        /// З дня РРРР-ММ-ДД / from this day
        #[arg(long)]
        from: Option<String>,
        /// До дня включно / up to this day
        #[arg(long)]
        to: Option<String>,
        /// Сторінка / page
        #[arg(long)]
        page: Option<usize>,
        /// Рядків на сторінці / lines of a page
        #[arg(long)]
        size: Option<usize>,
    },
    /// Реєстр номерів описів: використано, анульовано, сумнівні / the register of receipt numbers
    Numbers {
        /// Номер валізи / a suitcase
        #[arg(long)]
        suitcase: Option<u16>,
        /// З дня РРРР-ММ-ДД / from this day
        #[arg(long)]
        from: Option<String>,
        /// До дня включно / up to this day
        #[arg(long)]
        to: Option<String>,
        /// used, void або doubtful / a state
        #[arg(long, value_parser = ["used", "void", "doubtful"])]
        state: Option<String>,
        /// Сторінка / page
        #[arg(long)]
        page: Option<usize>,
        /// Рядків на сторінці / rows of a page
        #[arg(long)]
        size: Option<usize>,
    },
    /// Перевірити акт кінця зміни / check an end-of-shift statement
    CheckStatement {
        /// Файл з актом або з його кодом / file with the statement or its code
        file: PathBuf,
    },
    /// Файл доказів справи: таємний, як сама справа / the evidence file of a case: as confidential as the case
    Evidence {
        /// Номер на описі або в журналі / number on the опис or in the journal
        number: String,
        /// Куди записати / where to write it
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Доручити звернення ще одній валізі / let another suitcase work on a request
    Grant {
        /// Номер звернення / the request's number
        number: String,
        /// Номер валізи / the suitcase's number
        #[arg(long)]
        to: u16,
        /// Хоч звернення й взяв інший працівник / although another clerk has the request
        #[arg(long)]
        despite_claim: bool,
    },
    /// Забрати звернення у валізи / take a request back from a suitcase
    TakeBack {
        /// Номер звернення / the request's number
        number: String,
        /// Номер валізи / the suitcase's number
        #[arg(long)]
        from: u16,
        /// Чому / why
        #[arg(long)]
        reason: String,
        /// Хоч звернення й взяв інший працівник / although another clerk has the request
        #[arg(long)]
        despite_claim: bool,
    },
    /// Відкладені записи / entries set aside
    Quarantine {
        #[command(subcommand)]
        decision: Option<Decision>,
    },
    /// Флешки з виїзду / sticks from the field
    #[command(subcommand)]
    Carry(Carry),
    /// Перевірити все / check everything
    Verify,
    /// Скласти списки наново / make the lists anew
    Rebuild,
    /// Сторінка, що перевіряє QR-коди паперів без мережі / the page that checks papers without a network
    Verifier {
        /// Куди записати / where to write it
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Вивантажити все як JSON і automerge / take everything out as JSON and automerge
    Export {
        /// Папка / a folder
        #[arg(long)]
        out: PathBuf,
    },
}

/// What is done with a stick.
#[derive(Subcommand)]
pub enum Carry {
    /// Прочитати листи валіз і записати на ту саму флешку відповіді / read letters and write the answers onto the same stick
    In {
        /// Папка флешки / the stick's folder
        #[arg(long, value_name = "FOLDER")]
        from: PathBuf,
    },
    /// Записати відповіді станом на зараз / write answers as of now
    Out {
        /// Папка флешки / the stick's folder
        #[arg(long, value_name = "FOLDER")]
        to: PathBuf,
    },
}

/// What is done with accounts.
#[derive(Subcommand)]
pub enum Account {
    /// Додати / add
    Add {
        /// Ім’я входу / login
        account: String,
        /// Прізвище й ім’я / name
        #[arg(long, default_value = "")]
        name: String,
        /// clerk або administrator / clerk or administrator
        #[arg(long, default_value = "clerk")]
        role: String,
        /// Файл із паролем нового запису / file with the new account's passphrase
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// Усі / all
    List,
    /// Вимкнути / disable
    Disable {
        /// Ім’я входу / login
        account: String,
    },
    /// Новий пароль / another passphrase
    Passphrase {
        /// Ім’я входу / login
        account: String,
        /// Файл із новим паролем / file with the new passphrase
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
}

/// What is given is published; without anything they are shown.
#[derive(Args)]
pub struct Details {
    /// Назва громади / name of the community
    #[arg(long)]
    community: Option<String>,
    /// Назва ЦНАП / name of the centre
    #[arg(long)]
    centre: Option<String>,
    /// Адреса, телефон, години / address, telephone, hours
    #[arg(long)]
    contact: Option<String>,
    /// Володілець персональних даних / owner of the personal data
    #[arg(long)]
    owner: Option<String>,
    /// ЄДРПОУ володільця / the owner's EDRPOU
    #[arg(long)]
    owner_code: Option<String>,
    /// Адреса володільця / the owner's address
    #[arg(long)]
    owner_address: Option<String>,
    /// Відповідальна особа / the person responsible
    #[arg(long)]
    owner_contact: Option<String>,
    /// КАТОТТГ громади / KATOTTG code of the hromada
    #[arg(long)]
    hromada: Option<String>,
}

impl Details {
    fn texts(self) -> Option<[Option<String>; 8]> {
        let Self { community, centre, contact, owner, owner_code, owner_address, owner_contact, hromada } = self;
        let texts = [community, centre, contact, owner, owner_code, owner_address, owner_contact, hromada];
        texts.iter().any(Option::is_some).then_some(texts)
    }
}

/// A mark of the routing sheet, put with hand-over, ready, handed-over, consider or by itself with stamp.
#[derive(clap::Args)]
pub struct Mark {
    /// Для stamp: котра позначка, 1–5 / for stamp: which mark
    #[arg(long)]
    mark: Option<u8>,
    /// День позначки або нова контрольна дата, РРРР-ММ-ДД / day of the mark, or the new control date
    #[arg(long)]
    day: Option<String>,
    /// Особа / person
    #[arg(long)]
    person: Option<String>,
    /// Термін розгляду, РРРР-ММ-ДД / the provider's term
    #[arg(long)]
    term: Option<String>,
    /// Номер результату / number of the result
    #[arg(long)]
    result_number: Option<String>,
    /// День результату / day of the result
    #[arg(long)]
    result_day: Option<String>,
    /// Чому виправлено; для resolve-other чому так / why it is corrected; for resolve-other why
    #[arg(long)]
    why: Option<String>,
}

impl From<Mark> for MarkText {
    fn from(mark: Mark) -> Self {
        let Mark { mark, day, person, term, result_number, result_day, why } = mark;
        Self { mark, day, person, term, result_number, result_day, why }
    }
}

/// What a person decides on entries that are set aside.
#[derive(Subcommand)]
pub enum Decision {
    /// Внести записи / let entries in
    Accept(Aside),
    /// Відхилити записи: лишаться в карантині / decline entries: they stay in quarantine
    Decline(Aside),
}

/// Which entries, and why.
#[derive(clap::Args)]
pub struct Aside {
    /// Ланцюг / chain
    chain: String,
    /// Номер запису, або перший і останній: 20-44 / the entry's number, or the first and the last: 20-44
    run: String,
    /// Чому / why
    #[arg(long)]
    reason: String,
}

pub fn ask(config: &Config, common: &Common, question: Question) -> Result<(), DeskError> {
    let out = match &question {
        Question::Invite { out, .. } => out.clone(),
        _ => None,
    };
    // Before an invitation is made that could not be written down.
    out.as_deref().map_or(Ok(()), app::must_be_free)?;
    let command = command_of(common, question)?;
    let aloud = matches!(&command, Command::Administration { ask: control::Administration::InviteAloud { .. } });
    let mut value = answer(config, common, command)?;
    if let Some(line) = value.get("invitation").and_then(Value::as_str).map(str::to_owned) {
        match out {
            // Whoever reads over a shoulder, or in the terminal's history, would have it as well.
            Some(path) => {
                app::keep_secret_file(&path, &format!("{line}\n"))?;
                value = without_invitation(&value, &path);
            }
            None if aloud && !common.json => value["invitation"] = Value::String(in_groups(&line)),
            None => {}
        }
    }
    if common.json {
        print::line(&format!("{value:#}"));
    } else {
        print::answer(&value);
    }
    let faults = value.get("faults").and_then(Value::as_array).is_some_and(|faults| !faults.is_empty());
    if faults {
        return Err(DeskError::new(
            desk::app::ErrorKind::Damaged,
            "перевірка знайшла пошкодження: перелік вище",
            "damage was found: the list is above",
        ));
    }
    Ok(())
}

fn without_invitation(value: &Value, path: &Path) -> Value {
    let mut value = value.clone();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("invitation");
        fields.insert("written".to_owned(), Value::String(path.display().to_string()));
    }
    value
}

/// The line in groups of five, eight to a row, to be read aloud; `enrol` does not mind the spaces.
fn in_groups(line: &str) -> String {
    let (start, rest) = line.split_once('-').unwrap_or(("", line));
    let characters: Vec<char> = rest.chars().collect();
    let rows = characters.chunks(40).map(|row| row.chunks(5).map(String::from_iter).collect::<Vec<_>>().join(" "));
    let rows: Vec<String> = rows.map(|row| format!("\n    {row}")).collect();
    format!("{start}-{}", rows.concat())
}

/// A desk that has its passphrase from a file needs some seconds for it.
const SOON: std::time::Duration = std::time::Duration::from_millis(500);
const STARTING: u32 = 16;

/// The running desk answers, else one that is opened for the question.
pub fn answer(config: &Config, common: &Common, command: Command) -> Result<Value, DeskError> {
    let folder = app::desk_folder(common.dir());
    let mut tries = STARTING;
    let office = loop {
        if let Some(answer) = control::ask(&folder, common.login.as_deref(), &command) {
            return answer;
        }
        match Office::hold(&folder, config.tools(common.fast_kdf)) {
            // A desk that is starting has the folder and does not answer yet.
            Err(busy) if busy.kind == desk::app::ErrorKind::Busy && tries > 0 => tries -= 1,
            office => break office?,
        }
        std::thread::sleep(SOON);
    };
    if matches!(command, Command::Unseal { .. }) {
        return Err(DeskError::refused(
            "центр не запущено: нема чого відкривати (run)",
            "the desk does not run: there is nothing to unseal (run)",
        ));
    }
    let passphrase = passphrase::obtain(common.passphrase_file.as_deref(), "Пароль / passphrase")?;
    office.unseal_by(common.login.as_deref(), &passphrase)?;
    control::execute(&office, None, command)
}

fn command_of(common: &Common, question: Question) -> Result<Command, DeskError> {
    let fresh = |file: &Option<PathBuf>| passphrase::obtain(file.as_deref(), "Новий пароль / new passphrase");
    Ok(match question {
        Question::Status => Command::Status {},
        Question::Unseal => {
            let passphrase = passphrase::obtain(common.passphrase_file.as_deref(), "Пароль / passphrase")?;
            Command::Unseal { login: common.login.clone(), passphrase }
        }
        Question::Invite { number, hours, aloud: true, .. } => {
            Command::Administration { ask: control::Administration::InviteAloud { number, hours } }
        }
        Question::Invite { number, hours, .. } => Command::Invite { number, hours },
        Question::Administration(asked) => administration::command_of(asked)?,
        Question::Invitations => Command::Invitations {},
        Question::Details(details) => Command::Details { texts: details.texts() },
        Question::Suitcases => Command::Suitcases {},
        Question::Revoke { number, reason } => Command::Revoke { number, reason },
        Question::Account(Account::Add { account, name, role, new_passphrase_file }) => {
            Command::AccountAdd { account, name, role, passphrase: fresh(&new_passphrase_file)? }
        }
        Question::Account(Account::List) => Command::AccountList {},
        Question::Account(Account::Disable { account }) => Command::AccountDisable { account },
        Question::Account(Account::Passphrase { account, new_passphrase_file }) => {
            Command::AccountPassphrase { account, passphrase: fresh(&new_passphrase_file)? }
        }
        Question::Queue { group, state, service, suitcase, search, order, page, size } => {
            Command::Queue { group, state, service, suitcase, search, order, page, size }
        }
        Question::Show { number } => Command::Show { number },
        Question::Answer { number, answer, text, key, choice, mark, despite_claim } => {
            Command::Answer { number, answer, text, key, choice, mark: mark.into(), despite_claim }
        }
        Question::Next { group, service, suitcase } => Command::Next { group, service, suitcase },
        Question::Journal { from, to, service, suitcase, search, page, size } => {
            Command::Journal { from, to, service, suitcase, search, page, size }
        }
        Question::OpenData { from, to } => Command::OpenData { from, to },
        Question::Audit { by, what, number, from, to, page, size } => {
            Command::Audit { by, what, number, from, to, page, size }
        }
        Question::Numbers { suitcase, from, to, state, page, size } => {
            Command::Numbers { suitcase, from, to, state, page, size }
        }
        Question::Evidence { number, out } => Command::Evidence { number, out: absolute(&out)? },
        Question::CheckStatement { file } => Command::CheckStatement { text: passphrase::read(&file)? },
        Question::Grant { number, to, despite_claim } => Command::Grant { number, to, despite_claim },
        Question::TakeBack { number, from, reason, despite_claim } => {
            Command::TakeBack { number, from, reason, despite_claim }
        }
        Question::Quarantine { decision: None } => Command::SetAside {},
        Question::Quarantine { decision: Some(Decision::Accept(Aside { chain, run, reason })) } => {
            Command::AcceptSetAside { chain, run, reason }
        }
        Question::Quarantine { decision: Some(Decision::Decline(Aside { chain, run, reason })) } => {
            Command::DeclineSetAside { chain, run, reason }
        }
        Question::Carry(Carry::In { from }) => Command::CarryIn { from: absolute(&from)? },
        Question::Carry(Carry::Out { to }) => Command::CarryOut { to: absolute(&to)? },
        Question::Verify => Command::Verify {},
        Question::Rebuild => Command::Rebuild {},
        Question::Verifier { out } => Command::Verifier { out: absolute(&out)? },
        Question::Export { out } => Command::Export { out: absolute(&out)? },
    })
}

/// The desk may run elsewhere than the shell.
fn absolute(path: &Path) -> Result<String, DeskError> {
    Ok(std::path::absolute(path)?.display().to_string())
}
