//! Making a suitcase and setting it up.

use super::passphrase::{obtain, obtain_line};
use super::{Context, exit, output};
use crate::app::{Agent, AppError, CertificateStanding, Enrolled, Enrolment, Kdf, Settings};
use clap::Args;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Args)]
pub struct Enrol {
    /// Рядок запрошення VALIZA-… / the invitation line
    #[arg(long, conflicts_with = "invitation_file")]
    invitation: Option<String>,
    /// Рядок диктували або переписували: порівняти шість слів / the line was dictated or copied by hand: compare words
    #[arg(long)]
    dictated: bool,
    /// Шість слів такі самі, як у центрі / the six words are the centre's
    #[arg(long, conflicts_with = "words_differ")]
    words_same: bool,
    /// Шість слів інші: припинити / the six words differ: stop
    #[arg(long)]
    words_differ: bool,
    /// Файл із запрошенням / file with the invitation
    #[arg(long, value_name = "FILE")]
    invitation_file: Option<PathBuf>,
    /// Назва ноутбука для центру / what the centre shall call the laptop
    #[arg(long, default_value = "")]
    name: String,
    /// Ваше прізвище, ім’я, по батькові для друку / your full name for papers
    #[arg(long, default_value = "")]
    officer_name: String,
    /// Скільки секунд чекати на центр / how many seconds to wait for the centre
    #[arg(long, default_value_t = 60)]
    wait: u64,
    /// Найменша дозволена ціна пароля: для малих машин і перевірок / the least passphrase cost, for small machines and tests
    #[arg(long, hide = true)]
    fast_kdf: bool,
}

pub fn enrol(context: &Context<'_>, command: &Enrol) -> Result<u8, AppError> {
    let invitation = match &command.invitation_file {
        Some(path) => Some(
            std::fs::read_to_string(path)
                .map_err(|error| AppError::File { path: path.display().to_string(), error })?,
        ),
        None => command.invitation.clone(),
    };
    let Some(login) = context.common.login.as_deref() else {
        return Err(AppError::input("укажіть ім’я входу: --login olena", "name the login: --login olena"));
    };
    let question = "Пароль (15 знаків або 5 слів) / passphrase (15 characters or 5 words): ";
    let passphrase = obtain(context.common.passphrase_file.as_deref(), question)?;
    let wait = Duration::from_secs(command.wait);
    let enrolment = Enrolment {
        invitation: invitation.as_deref(),
        dictated: command.dictated,
        login,
        passphrase: &passphrase,
        officer_name: &command.officer_name,
        name: &command.name,
        kdf: if command.fast_kdf { Kdf::Floor } else { Kdf::Production },
        wait,
    };
    let agent = Agent::prepare(&context.dir(), &enrolment, &context.surroundings())?;
    let words = agent.comparison()?;
    if command.words_differ {
        return differ(context, &agent);
    }
    if command.words_same {
        agent.words_same()?;
    } else if let Some(words) = words.filter(|_| !context.common.json) {
        output::say(&of_words(agent.must_compare()?, &words.join("  ")));
    }
    let runtime = super::upkeep::runtime()?;
    let mut outcome = runtime.block_on(agent.await_certificate(wait))?;
    if outcome == Enrolled::Compare && !context.common.json && std::io::stdin().is_terminal() {
        let question =
            "Центр показує ті самі слова в тому самому порядку? так/ні / the same words at the centre? yes/no: ";
        match obtain_line(question)?.to_lowercase().as_str() {
            "так" | "т" | "yes" | "y" => {
                agent.words_same()?;
                outcome = runtime.block_on(agent.await_certificate(wait))?;
            }
            "ні" | "н" | "no" | "n" => return differ(context, &agent),
            _ => {}
        }
    }
    let certified = outcome == Enrolled::Certified;
    if context.common.json {
        let compare = outcome == Enrolled::Compare;
        output::json(&serde_json::json!({ "certified": certified, "suitcase": agent.suitcase_number(),
            "words": words.filter(|_| !certified), "compare": compare }));
    } else {
        output::say(&told(outcome, agent.suitcase_number()));
    }
    Ok(if certified { exit::DONE } else { exit::NO_CONNECTION })
}

/// The six words, and what they are for: somebody has to compare them, or only if the centre asks.
fn of_words(must_compare: bool, words: &str) -> String {
    let what = if must_compare {
        "Шість слів цього ноутбука; порівняйте їх із тими, що показує центр / this laptop's six words; compare them with the centre's"
    } else {
        "Чекаємо на центр. Якщо він попросить порівняти шість слів, у нього мають бути ці / waiting for the centre; if it asks to compare six words, it must show these"
    };
    format!("{what}:\n    {words}")
}

fn told(outcome: Enrolled, number: u16) -> String {
    match outcome {
        Enrolled::Certified => format!(
            "Валіза {number} готова до роботи. Далі: field-agent run --open / suitcase {number} is ready. Next: field-agent run --open"
        ),
        Enrolled::Waiting => "Центр ще не підтвердив валізу: виконайте ще раз enrol --login ВХІД; запрошення вже збережено / the centre has not confirmed yet: run enrol --login LOGIN again; the invitation is kept".into(),
        Enrolled::Compare => "Порівняйте слова з центром, тоді enrol --login ВХІД --words-same або --words-differ / compare the words with the centre, then enrol --login LOGIN --words-same or --words-differ".into(),
    }
}

fn differ(context: &Context<'_>, agent: &Agent) -> Result<u8, AppError> {
    agent.words_differ()?;
    if context.common.json {
        output::json(&serde_json::json!({ "certified": false, "suitcase": agent.suitcase_number(), "compare": false }));
    }
    Err(AppError::input(
        "слова різні: запрошення знає хтось чужий. Скажіть про це центру, попросіть нове запрошення іншим шляхом і почніть у порожній папці",
        "the words differ: somebody else knows the invitation. Tell the centre, ask for a new one another way and begin in an empty folder",
    ))
}

pub fn unlock(context: &Context<'_>) -> Result<u8, AppError> {
    let agent = context.open()?;
    let status = agent.status()?;
    if context.common.json {
        let officers: Vec<_> = agent
            .officers()?
            .into_iter()
            .map(|(login, name)| serde_json::json!({ "login": login, "name": name }))
            .collect();
        output::json(&serde_json::json!({ "officers": officers, "status": status }));
        return Ok(exit::DONE);
    }
    output::say(&format!("Пароль правильний / the passphrase is right: {}", agent.officer()));
    for (login, name) in agent.officers()? {
        output::say(&format!("  {login}  {name}"));
    }
    output::say(&certificate(&status.certificate));
    output::say(&format!("Чекають на відправлення / waiting to be sent: {}", status.waiting_entries));
    Ok(exit::DONE)
}

/// The certificate in words.
pub fn certificate(standing: &CertificateStanding) -> String {
    match standing {
        CertificateStanding::Live { days } => {
            format!("Сертифікат чинний ще {days} дн. / the certificate is valid for {days} more days")
        }
        CertificateStanding::Expired { days } => format!(
            "Строк сертифіката минув {days} дн. тому: працюйте далі й зв’яжіться з центром / the certificate expired {days} days ago: go on working and call the centre"
        ),
        CertificateStanding::Revoked { from, reason } => format!(
            "Валізу відкликано {} ({reason}): зв’яжіться з центром / the suitcase is revoked: call the centre",
            output::moment(*from)
        ),
        CertificateStanding::Unconfirmed { at } => format!(
            "З {} валіза пише під новим ім’ям: диск відновлено з копії або їх два. Нічого не втрачено, працюйте далі; зателефонуйте до центру, щоб підтвердили / the suitcase began anew: its disk was put back from a copy, or there are two; nothing is lost, go on working and call the centre to have it confirmed",
            output::moment(*at)
        ),
        CertificateStanding::Continued => "Номер цієї валізи перейшов до іншого ноутбука: те, що вона надсилає, у центрі відкладено; зателефонуйте до центру / this suitcase's number went on with another laptop: what it sends is set aside; call the centre".into(),
        CertificateStanding::Waiting => {
            "Центр ще не підтвердив валізу: виконайте enrol / the centre has not confirmed the suitcase: run enrol"
                .into()
        }
    }
}

#[derive(Args)]
pub struct SettingsCommand {
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
    /// Обладнання валізи й реєстри, до яких є доступ, через кому; усе разом / equipment and registers within reach, by
    /// comma, all of them
    #[arg(long, value_delimiter = ',')]
    at_hand: Option<Vec<String>>,
}

pub fn settings(context: &Context<'_>, command: &SettingsCommand) -> Result<u8, AppError> {
    let agent = context.open()?;
    let before = agent.own_settings()?;
    let mut settings: Settings = before.clone();
    let given = [
        (&mut settings.centre, &command.centre),
        (&mut settings.contact, &command.contact),
        (&mut settings.owner, &command.owner),
        (&mut settings.owner_code, &command.owner_code),
        (&mut settings.owner_address, &command.owner_address),
        (&mut settings.owner_contact, &command.owner_contact),
        (&mut settings.hromada, &command.hromada),
    ];
    for (place, text) in given {
        if let Some(text) = text {
            *place = text.trim().to_owned();
        }
    }
    if let Some(at_hand) = &command.at_hand {
        settings.at_hand = at_hand.iter().filter(|id| !id.is_empty()).cloned().collect();
    }
    if settings != before {
        agent.set_settings(&settings)?;
    }
    // What the centre published goes before what is set here.
    let settings = agent.settings()?;
    if context.common.json {
        output::json(&settings);
    } else {
        lines_of(&settings).iter().for_each(|line| output::say(line));
    }
    Ok(exit::DONE)
}

fn lines_of(settings: &Settings) -> Vec<String> {
    let at_hand: Vec<&str> = settings.at_hand.iter().map(String::as_str).collect();
    let at_hand = at_hand.join(", ");
    [
        ("Назва ЦНАП / name of the centre", &settings.centre),
        ("Адреса, телефон, години / address, telephone, hours", &settings.contact),
        ("Володілець даних / owner of the data", &settings.owner),
        ("ЄДРПОУ володільця / the owner's EDRPOU", &settings.owner_code),
        ("Адреса володільця / the owner's address", &settings.owner_address),
        ("Відповідальна особа / person responsible", &settings.owner_contact),
        ("КАТОТТГ громади / KATOTTG of the hromada", &settings.hromada),
        ("Обладнання валізи / equipment", &at_hand),
    ]
    .map(|(label, text)| format!("{label}: {}", pages::format::or_nothing(text)))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_six_words_come_with_what_to_do_about_them() {
        assert!(of_words(true, "стриж жито").contains("порівняйте"));
        assert!(of_words(false, "стриж жито").contains("Якщо він попросить"));
        assert!(told(Enrolled::Waiting, 7).contains("--login"));
    }

    #[test]
    fn settings_are_told_in_words_and_missing_ones_as_nothing() {
        let settings = Settings { centre: "ЦНАП Глобине".into(), ..Settings::default() };
        let lines = lines_of(&settings);
        assert_eq!(lines[0], "Назва ЦНАП / name of the centre: ЦНАП Глобине");
        assert!(lines[1].ends_with(": —"), "{}", lines[1]);
    }
}
