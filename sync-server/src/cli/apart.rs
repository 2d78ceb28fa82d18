//! A hub on a machine of its own: the two commands of that machine.

use super::{Common, print};
use crate::app::{self, HubAnswer, Prepare};
use clap::Args;
use desk::app::DeskError;
use serde_json::json;
use std::path::PathBuf;

/// What `hub-prepare` takes.
#[derive(Args)]
pub struct HubPrepare {
    /// Адреса вузла для валіз і робочого місця / the hub's address for suitcases and desk
    #[arg(long)]
    hub: String,
    /// Де вузол слухає / where the hub listens
    #[arg(long, default_value = "0.0.0.0:8443")]
    listen: String,
    /// Ще одна назва вузла / one more name of the hub
    #[arg(long = "hub-name")]
    hub_names: Vec<String>,
    /// Куди записати запит для центру / where to write the request for the centre
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub fn prepare(common: &Common, new: &HubPrepare) -> Result<(), DeskError> {
    app::must_be_free(&new.out)?;
    let request = app::prepare(&Prepare {
        dir: common.dir(),
        address: &new.hub,
        listen: &new.listen,
        more_names: &new.hub_names,
    })?;
    app::keep_secret_file(&new.out, &request.to_text())?;
    if common.json {
        print::line(&json!({ "digits": request.digits() }).to_string());
    } else {
        print::line(&format!("Запит для центру / request for the centre: {}", new.out.display()));
        print::line(&digits(&request));
    }
    Ok(())
}

/// What both machines show, to be compared.
pub fn digits(request: &app::HubRequest) -> String {
    format!("Звірте на обох машинах / compare on both machines: {}", request.digits())
}

/// What `hub-accept` takes.
#[derive(Args)]
pub struct HubAccept {
    /// Файл, що його дав init --hub-request / the file that init --hub-request wrote
    answer: PathBuf,
}

pub fn accept(common: &Common, answer: &HubAccept) -> Result<(), DeskError> {
    let answer = HubAnswer::from_text(&app::read_file(&answer.answer)?)?;
    let tenant = app::accept(common.dir(), &answer)?;
    if common.json {
        print::line(&json!({ "tenant": tenant.to_string() }).to_string());
    } else {
        print::line("Вузол готовий: запустіть його (hub) / the hub is ready: run it (hub)");
    }
    Ok(())
}
