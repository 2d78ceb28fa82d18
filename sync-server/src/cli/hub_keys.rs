//! A new key of the hub: prepared on its machine, certified here with the kit, the old one ended.

use super::{Common, administration, apart, print, questions};
use crate::app::{self, HubRequest};
use crate::config::Config;
use clap::Subcommand;
use desk::app::{DeskError, ErrorKind};
use desk::control::{Administration as Ask, Command};
use serde_json::json;
use std::path::{Path, PathBuf};

/// A step.
#[derive(Subcommand)]
pub enum RotateHub {
    /// Посвідчити новий вузол, підготовлений hub-prepare, з комплектом у руках; старий ще відповідає / certify a new hub that hub-prepare made, with the kit at hand; the old one still answers
    Begin {
        /// Запит нового вузла (hub-prepare) / request of the new hub (hub-prepare)
        #[arg(long, value_name = "FILE")]
        hub_request: PathBuf,
        /// Куди записати відповідь для нього (hub-accept) / where to write the answer for it (hub-accept)
        #[arg(long, value_name = "FILE")]
        hub_answer: PathBuf,
        /// Файл із 24 словами; інакше їх запитано / file with the 24 words; else they are asked for
        #[arg(long, value_name = "FILE")]
        words_file: Option<PathBuf>,
        /// Знаки, які показав hub-prepare на новій машині: якщо тут вони інші, нічого не посвідчується / the digits that hub-prepare showed on the new machine: if they are others here, nothing is certified
        #[arg(long, value_name = "DIGITS")]
        digits: Option<String>,
    },
    /// Ключі вузлів / the keys of hubs
    Status,
    /// Скасувати старі ключі / end the old keys
    Finish {
        /// День, коли ключ уже міг мати хтось інший; інакше від цієї миті / the day on which somebody else may have had the key; else from this moment
        #[arg(long, value_name = "DAY")]
        since: Option<String>,
        /// Не чекати, доки новий вузол відповість: старий ключ у чужих руках / without waiting until the new hub has answered: strangers have the old key
        #[arg(long)]
        at_once: bool,
    },
}

pub fn rotate(config: &Config, common: &Common, step: RotateHub) -> Result<(), DeskError> {
    let ask = match step {
        RotateHub::Begin { hub_request, hub_answer, words_file, digits } => {
            return begin(config, common, (&hub_request, &hub_answer), words_file.as_deref(), digits.as_deref());
        }
        RotateHub::Status => Ask::HubKeys {},
        RotateHub::Finish { since, at_once } => Ask::HubFinish { since, at_once },
    };
    let told = questions::answer(config, common, Command::Administration { ask })?;
    if common.json {
        print::line(&told.to_string())
    } else {
        print::answer(&told)
    }
    Ok(())
}

fn begin(
    config: &Config,
    common: &Common,
    (request, answer): (&Path, &Path),
    words: Option<&Path>,
    digits: Option<&str>,
) -> Result<(), DeskError> {
    app::must_be_free(answer)?;
    let request = HubRequest::from_text(&app::read_file(request)?)?;
    if let Some(digits) = digits {
        same(digits, &request)?;
    }
    if !common.json {
        // Before the kit is asked for: whoever finds them different goes no further.
        print::line(&apart::digits(&request));
    }
    let words = administration::words_of(words)?;
    let key = app::hex(&request.signing.0);
    let ask = Ask::HubBegin { words: words.clone(), address: request.address.clone(), key };
    let told = questions::answer(config, common, Command::Administration { ask })?;
    let tenant = told["tenant"].as_str().and_then(|tenant| tenant.parse().ok()).ok_or_else(|| {
        DeskError::new(ErrorKind::Damaged, "відповідь робочого місця не читається", "the desk's answer does not read")
    })?;
    // Given again after a power cut it writes the same file: the key is certified already.
    app::keep_secret_file(answer, &app::answer_for(&request, &words, tenant)?.to_text())?;
    if common.json {
        let told = json!({ "tenant": told["tenant"], "hub_keys": told["hub_keys"], "digits": request.digits() });
        print::line(&told.to_string());
    } else {
        print::line(&format!(
            "Відповідь для нового вузла / answer for the new hub: {}. Далі там: hub-accept, hub; а тоді тут: rotate-hub finish / next: hub-accept and hub there, then rotate-hub finish here",
            answer.display()
        ));
    }
    Ok(())
}

/// A request that was changed on its way would have somebody else's key certified.
fn same(digits: &str, request: &HubRequest) -> Result<(), DeskError> {
    let plain = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
    let here = request.digits();
    if plain(digits) == plain(&here) {
        return Ok(());
    }
    Err(DeskError::refused(
        format!(
            "запит не той, що його показав hub-prepare: тут {here}, там {digits}; нічого не посвідчено, принесіть запит ще раз"
        ),
        format!(
            "the request is not the one that hub-prepare showed: {here} here, {digits} there; nothing was certified, bring the request again"
        ),
    ))
}
