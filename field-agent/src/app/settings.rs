//! What is printed on papers and filled into the consent: the centre's details, as the suitcase was told them.
//!
//! Kept in the encrypted database as JSON under `agent settings`.

use super::{Agent, AppError};
use catalogue::{NeedKind, Owner};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const KEY: &str = "agent settings";

/// The centre's details.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Name of the ЦНАП, as it stands on papers.
    pub centre: String,
    /// Its address, telephone, hours.
    pub contact: String,
    /// Owner of the personal data: the body that runs the centre.
    pub owner: String,
    /// Its ЄДРПОУ.
    pub owner_code: String,
    /// Its address.
    pub owner_address: String,
    /// How to reach the person responsible for personal data.
    pub owner_contact: String,
    /// КАТОТТГ code of the hromada: its settlements are suggested first.
    pub hromada: String,
    /// Equipment and authority in the suitcase, by the catalogue's ids; empty: the usual set.
    pub at_hand: BTreeSet<String>,
}

/// What every suitcase has, unless its settings say otherwise.
const USUAL: [&str; 6] = ["printer", "scanner", "camera", "signature-pad", "blank-forms", "owner-present-for-consent"];

impl Settings {
    pub(super) fn data_owner(&self) -> Owner {
        let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
        Owner {
            name: or(&self.owner, &self.centre),
            code: or(&self.owner_code, "—"),
            address: or(&self.owner_address, &self.contact),
            contact: or(&self.owner_contact, &self.contact),
        }
    }

    pub(super) fn equipment(&self) -> BTreeSet<String> {
        if self.at_hand.is_empty() { USUAL.map(str::to_owned).into() } else { self.at_hand.clone() }
    }
}

impl Agent {
    /// The settings; empty ones if nothing was set.
    pub fn settings(&self) -> Result<Settings, AppError> {
        let bytes = self.peer.read(|view| view.value(KEY))?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }

    /// Keeps the settings.
    pub fn set_settings(&self, settings: &Settings) -> Result<(), AppError> {
        let unknown = |id: &&String| self.catalogue().need(id).is_none_or(|need| need.kind == NeedKind::Network);
        if let Some(id) = settings.at_hand.iter().find(unknown) {
            return Err(AppError::input(
                format!("каталог не знає обладнання «{id}»"),
                format!("the catalogue knows no equipment “{id}”"),
            ));
        }
        let bytes = serde_json::to_vec(settings).map_err(|error| AppError::Input(error.to_string()))?;
        Ok(self.peer.act(move |act| act.put_value(KEY, &bytes))?)
    }
}
