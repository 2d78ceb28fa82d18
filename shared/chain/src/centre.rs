//! Who the centre is, as papers and consents name it: public, so that every suitcase prints the same.

use crate::limits;
use signing::canonical::{DecodeError, Reader, Writer};

/// The centre's details. Empty texts are unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CentreDetails {
    /// The community: «Глобинська територіальна громада».
    pub community: String,
    /// Name of the ЦНАП.
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
    /// КАТОТТГ code of the hromada.
    pub hromada: String,
}

impl CentreDetails {
    /// The texts in the order of the format.
    pub fn texts(&self) -> [&str; 8] {
        [
            &self.community,
            &self.centre,
            &self.contact,
            &self.owner,
            &self.owner_code,
            &self.owner_address,
            &self.owner_contact,
            &self.hromada,
        ]
    }

    /// Whether every text fits the format.
    pub fn fits(&self) -> bool {
        self.texts().iter().all(|text| text.len() <= limits::SENTENCE)
    }

    /// The fields, after one another.
    pub(crate) fn write<'a>(&self, w: &'a mut Writer) -> &'a mut Writer {
        self.texts().into_iter().fold(w, |w, text| w.text(text))
    }

    pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut next = || r.text(limits::SENTENCE).map(str::to_owned);
        Ok(Self {
            community: next()?,
            centre: next()?,
            contact: next()?,
            owner: next()?,
            owner_code: next()?,
            owner_address: next()?,
            owner_contact: next()?,
            hromada: next()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;

    fn details() -> CentreDetails {
        CentreDetails {
            community: "Глобинська громада".into(), hromada: "UA53".into(), ..CentreDetails::default()
        }
    }

    #[test]
    fn the_bytes_are_the_documented_ones_and_read_back() {
        let fact = Fact::Centre(details());
        let bytes = fact.encode();
        assert_eq!(bytes[..3], [1, 8, 35]);
        assert_eq!(bytes[38..], [0, 0, 0, 0, 0, 0, 4, b'U', b'A', b'5', b'3']);
        assert_eq!(Fact::decode(&bytes).unwrap(), fact);
        for cut in 2..bytes.len() {
            assert!(Fact::decode(&bytes[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn a_text_that_is_too_long_does_not_fit() {
        let long = CentreDetails { contact: "ї".repeat(301), ..details() };
        assert!(details().fits() && !long.fits());
        assert!(Fact::decode(&Fact::Centre(long).encode()).is_err());
    }
}
