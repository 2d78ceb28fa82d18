//! What is printed on papers and filled into the consent: the centre's details, as the centre published them in its
//! register; what it did not say, as this suitcase was told.
//!
//! The suitcase's own are kept in the encrypted database as JSON under `agent settings`.

use super::{Agent, AppError};
use catalogue::Owner;
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
    /// Equipment in the suitcase, authority and registers to which the officer has access, by the catalogue's ids;
    /// empty: the usual set.
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
    /// The settings in force: what the centre published goes before what was set here.
    pub fn settings(&self) -> Result<Settings, AppError> {
        let (mut settings, register) = (self.own_settings()?, self.peer.register()?);
        let Some(published) = register.centre_details() else { return Ok(settings) };
        let places = [
            (&mut settings.centre, &published.centre),
            (&mut settings.contact, &published.contact),
            (&mut settings.owner, &published.owner),
            (&mut settings.owner_code, &published.owner_code),
            (&mut settings.owner_address, &published.owner_address),
            (&mut settings.owner_contact, &published.owner_contact),
            (&mut settings.hromada, &published.hromada),
        ];
        for (own, published) in places {
            if !published.is_empty() {
                published.clone_into(own);
            }
        }
        Ok(settings)
    }

    /// The community's name for the header of every page: of the codifier, else as the centre published it.
    pub fn community(&self) -> Result<String, AppError> {
        let named = self.place_named(&self.settings()?.hromada).unwrap_or_default();
        let named = named.split(", ").next().unwrap_or_default().to_owned();
        if !named.is_empty() {
            return Ok(named);
        }
        Ok(self.peer.register()?.centre_details().map(|details| details.community.clone()).unwrap_or_default())
    }

    /// What was set on this suitcase; empty if nothing was.
    pub fn own_settings(&self) -> Result<Settings, AppError> {
        let bytes = self.peer.read(|view| view.value(KEY))?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }

    /// Keeps the settings.
    pub fn set_settings(&self, settings: &Settings) -> Result<(), AppError> {
        let unknown = |id: &&String| self.catalogue().need(id).is_none();
        if let Some(id) = settings.at_hand.iter().find(unknown) {
            return Err(AppError::input(
                format!("каталог не знає обладнання чи доступу «{id}»"),
                format!("the catalogue knows no equipment or access “{id}”"),
            ));
        }
        let bytes = serde_json::to_vec(settings).map_err(|error| AppError::Input(error.to_string()))?;
        Ok(self.peer.act(move |act| act.put_value(KEY, &bytes))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::agent;
    use chain::{CentreDetails, Fact};

    #[test]
    fn what_the_centre_published_goes_before_what_was_set_here() {
        let (bench, agent) = agent();
        let own = Settings {
            centre: "ЦНАП".into(), contact: "телефон із зошита".into(), ..Settings::default()
        };
        agent.set_settings(&own).unwrap();
        assert_eq!(agent.settings().unwrap(), own);
        assert_eq!(agent.community().unwrap(), "");
        let published = CentreDetails {
            community: "Глобинська громада".into(),
            centre: "ЦНАП Глобинської міської ради".into(),
            ..CentreDetails::default()
        };
        let fact = Fact::Centre(published);
        bench.centre.desk.act(move |act| act.register_fact(&fact)).unwrap();
        bench.centre.give_to(&agent.peer);
        let settings = agent.settings().unwrap();
        assert_eq!(
            (settings.centre.as_str(), settings.contact.as_str()),
            ("ЦНАП Глобинської міської ради", "телефон із зошита")
        );
        assert_eq!(agent.community().unwrap(), "Глобинська громада");
        assert_eq!(agent.own_settings().unwrap(), own, "they stay for a day on which the centre says nothing");
    }
}
