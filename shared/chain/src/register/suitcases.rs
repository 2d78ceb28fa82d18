//! Certificates of suitcases, and how a chain stands.

use super::{Register, Standing, Stated};
use ids::ChainId;
use signing::SuitcaseCertificate;

impl Register {
    /// Every suitcase's newest certificate.
    pub fn suitcases(&self) -> impl Iterator<Item = &SuitcaseCertificate> {
        self.suitcases.keys().filter_map(|chain| self.suitcase(*chain))
    }

    /// One suitcase's newest certificate: of two desks' the one that holds longer, so that the order in which their
    /// registers arrived does not matter. What a desk certified behind its end does not count.
    pub fn suitcase(&self, chain: ChainId) -> Option<&SuitcaseCertificate> {
        let stated = self.suitcases.get(&chain)?;
        let newest = |one: &&Stated<SuitcaseCertificate>| {
            let later = |other: &Stated<SuitcaseCertificate>| other.register == one.register && other.seq > one.seq;
            !self.counting(stated).any(later)
        };
        let of_each_desk = self.counting(stated).filter(newest);
        of_each_desk.max_by_key(|one| (one.what.validity.not_after, one.register)).map(|one| &one.what)
    }

    /// Certified only behind the end of a desk that was replaced: by who stole its key, or before anybody noticed that the
    /// hub had lost the last entries. A person says which.
    pub fn certified_late(&self, chain: ChainId) -> Option<&SuitcaseCertificate> {
        if self.suitcase(chain).is_some() {
            return None;
        }
        let stated = self.suitcases.get(&chain)?;
        stated.iter().max_by_key(|one| (one.register, one.seq)).map(|one| &one.what)
    }

    /// All that were certified so and wait for a person; those that go on for another chain stand in [`Register::unconfirmed`].
    pub fn late_suitcases(&self) -> impl Iterator<Item = &SuitcaseCertificate> {
        let alone = self.suitcases.keys().filter(|chain| !self.reborn.contains_key(chain));
        let late = alone.filter_map(|chain| self.certified_late(*chain));
        late.filter(|certificate| self.standing(certificate.chain, 0) == Standing::Unconfirmed)
    }

    /// How a chain stands at `time`. A certificate that is not valid *yet* counts as live: the clock is behind.
    pub fn standing(&self, chain: ChainId, time: i64) -> Standing {
        if self.desk_of(chain).is_some() {
            return Standing::Centre;
        }
        let revoked = self.revocations.get(&chain).map(|(from, _)| Standing::Revoked { from: *from });
        let Some(certificate) = self.suitcase(chain) else {
            return match self.reborn.contains_key(&chain) || self.certified_late(chain).is_some() {
                true => revoked.unwrap_or(Standing::Unconfirmed),
                false => Standing::Unknown,
            };
        };
        match (revoked, self.continuation(chain)) {
            (Some(revoked), _) => revoked,
            (None, Some((_, by))) => Standing::Continued { by },
            (None, None) if time > certificate.validity.not_after => Standing::Expired,
            (None, None) => Standing::Live,
        }
    }
}
