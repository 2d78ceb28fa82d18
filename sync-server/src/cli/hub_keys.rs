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
    },
    /// Ключі вузлів / the keys of hubs
    Status,
    /// Скасувати старі ключі / end the old keys
    Finish {
        /// День, коли ключ уже міг мати хтось інший; інакше від цієї миті / the day on which somebody else may have had the key; else from this moment
        #[arg(long, value_name = "DAY")]
        since: Option<String>,
    },
}

pub fn rotate(config: &Config, common: &Common, step: RotateHub) -> Result<(), DeskError> {
    let ask = match step {
        RotateHub::Begin { hub_request, hub_answer, words_file } => {
            return begin(config, common, &hub_request, &hub_answer, words_file.as_deref());
        }
        RotateHub::Status => Ask::HubKeys {},
        RotateHub::Finish { since } => Ask::HubFinish { since },
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
    request: &Path,
    answer: &Path,
    words: Option<&Path>,
) -> Result<(), DeskError> {
    apart::refuse_present(answer)?;
    let request = HubRequest::from_text(&app::read_file(request)?)?;
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
        print::line(&apart::digits(&request));
        print::line(&format!(
            "Відповідь для нового вузла / answer for the new hub: {}. Далі там: hub-accept, hub; а тоді тут: rotate-hub finish / next: hub-accept and hub there, then rotate-hub finish here",
            answer.display()
        ));
    }
    Ok(())
}
