//! Making a suitcase and setting it up.

use super::passphrase::obtain;
use super::{Context, exit, output};
use crate::app::{Agent, AppError, CertificateStanding, Enrolled, Enrolment, Kdf, Settings};
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Args)]
pub struct Enrol {
    /// Рядок запрошення VALIZA-… / the invitation line
    #[arg(long, conflicts_with = "invitation_file")]
    invitation: Option<String>,
    /// Файл із запрошенням / file with the invitation
    #[arg(long, value_name = "FILE")]
    invitation_file: Option<PathBuf>,
    /// Назва ноутбука для центру / what the centre shall call the laptop
    #[arg(long, default_value = "")]
    name: String,
    /// Ваше прізвище, ім'я, по батькові для друку / your full name for papers
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
        return Err(AppError::input("укажіть ім'я входу: --login olena", "name the login: --login olena"));
    };
    let question = "Пароль (15 знаків або 5 слів) / passphrase (15 characters or 5 words): ";
    let passphrase = obtain(context.common.passphrase_file.as_deref(), question)?;
    let wait = Duration::from_secs(command.wait);
    let enrolment = Enrolment {
        invitation: invitation.as_deref(),
        login,
        passphrase: &passphrase,
        officer_name: &command.officer_name,
        name: &command.name,
        kdf: if command.fast_kdf { Kdf::Floor } else { Kdf::Production },
        wait,
    };
    let agent = Agent::prepare(&context.dir(), &enrolment, &context.surroundings())?;
    let outcome = super::upkeep::runtime()?.block_on(agent.await_certificate(wait))?;
    let certified = outcome == Enrolled::Certified;
    if context.common.json {
        output::json(&serde_json::json!({ "certified": certified, "suitcase": agent.suitcase_number() }));
    } else if certified {
        let number = agent.suitcase_number();
        output::say(&format!("Валіза {number} готова до роботи / suitcase {number} is ready"));
    } else {
        output::say(
            "Центр ще не підтвердив валізу: виконайте enrol ще раз пізніше / the centre has not confirmed yet: run enrol again later",
        );
    }
    Ok(if certified { exit::DONE } else { exit::NO_CONNECTION })
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
            "Строк сертифіката минув {days} дн. тому: працюйте далі й зв'яжіться з центром / the certificate expired {days} days ago: go on working and call the centre"
        ),
        CertificateStanding::Revoked { from, reason } => format!(
            "Валізу відкликано {} ({reason}): зв'яжіться з центром / the suitcase is revoked: call the centre",
            output::moment(*from)
        ),
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
    /// Обладнання валізи через кому / equipment in the suitcase, by comma
    #[arg(long, value_delimiter = ',')]
    at_hand: Option<Vec<String>>,
}

pub fn settings(context: &Context<'_>, command: &SettingsCommand) -> Result<u8, AppError> {
    let agent = context.open()?;
    let before = agent.settings()?;
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
    output::json(&settings);
    Ok(exit::DONE)
}
