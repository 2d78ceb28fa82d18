//! Who the centre is, published in the register so that every suitcase prints the same.

use super::administration::AdministrationFact;
use super::{Desk, DeskError, Profile, Rank};
use chain::{CentreDetails, Fact};

/// Bytes of what changed, in the list of who did what.
const MOST_TOLD: usize = 500;

impl Desk {
    /// The details as they were last published; before that, what was said when the centre was founded.
    pub fn centre_details(&self) -> Result<CentreDetails, DeskError> {
        if let Some(details) = self.peer.register()?.centre_details() {
            return Ok(details.clone());
        }
        Ok(of_profile(&self.profile()?))
    }

    /// Publishes other details. Suitcases have them with their next exchange.
    pub fn publish_details(&self, by: &str, details: &CentreDetails) -> Result<(), DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let details = trimmed(details);
        if !details.fits() {
            return Err(DeskError::refused(
                "один із текстів задовгий: не більше 300 знаків у кожному",
                "one of the texts is too long: at most 300 characters each",
            ));
        }
        if !details.hromada.is_empty() && !is_katottg(&details.hromada) {
            return Err(DeskError::refused(
                "код громади – це UA і 17 цифр за КАТОТТГ",
                "the code of the hromada is UA and 17 digits by KATOTTG",
            ));
        }
        if self.peer.register()?.centre_details() == Some(&details) {
            return Ok(());
        }
        let what = differing(&self.centre_details()?, &details);
        let fact = Fact::Centre(details);
        self.peer.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            act.own(&AdministrationFact::Details { what, by, at }.to_own())?;
            act.register_fact(&fact)
        })?;
        self.hurry.notify_one();
        Ok(())
    }
}

/// What the new details say differently, as short as a line of the list of who did what holds.
fn differing(old: &CentreDetails, new: &CentreDetails) -> String {
    let pairs = old.texts().into_iter().zip(new.texts()).filter(|(old, new)| old != new);
    let mut what = pairs.map(|(_, new)| if new.is_empty() { "−" } else { new }).collect::<Vec<_>>().join(" · ");
    if what.len() > MOST_TOLD {
        what.truncate(what.floor_char_boundary(MOST_TOLD));
        what.push('…');
    }
    what
}

/// What is known of a centre at its founding.
pub(super) fn of_profile(profile: &Profile) -> CentreDetails {
    CentreDetails { community: profile.name.clone(), contact: profile.contact.clone(), ..CentreDetails::default() }
}

fn trimmed(details: &CentreDetails) -> CentreDetails {
    let one = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    CentreDetails {
        community: one(&details.community),
        centre: one(&details.centre),
        contact: one(&details.contact),
        owner: one(&details.owner),
        owner_code: one(&details.owner_code),
        owner_address: one(&details.owner_address),
        owner_contact: one(&details.owner_contact),
        hromada: one(&details.hromada).to_uppercase(),
    }
}

fn is_katottg(code: &str) -> bool {
    code.strip_prefix("UA").is_some_and(|digits| digits.len() == 17 && digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::town;

    #[test]
    fn an_administrator_publishes_what_every_suitcase_prints() {
        let town = town();
        let before = town.desk.centre_details().unwrap();
        assert_eq!(before.community, "Глобинська громада");
        let details = CentreDetails {
            centre: " ЦНАП  Глобинської міської ради ".into(),
            hromada: "ua53020110000044819".into(),
            ..before
        };
        town.desk.publish_details("admin", &details).unwrap();
        let published = town.desk.centre_details().unwrap();
        assert_eq!(published.centre, "ЦНАП Глобинської міської ради");
        assert_eq!(published.hromada, "UA53020110000044819");
        let head = town.desk.peer.register().unwrap().centre_details().cloned();
        assert_eq!(head, Some(published.clone()));
        for bad in [
            CentreDetails { hromada: "UA53".into(), ..published.clone() },
            CentreDetails { contact: "ї".repeat(400), ..published.clone() },
        ] {
            assert!(town.desk.publish_details("admin", &bad).is_err());
        }
        assert!(town.desk.publish_details("nobody", &published).is_err());
    }
}
